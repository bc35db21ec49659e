// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Channels on copy engines, as far as user space can make them like the core.
 * What differs: RM brings the instance block and the method buffer, GPFIFO,
 * fences and push buffers are in system memory (the core's are in FB), and
 * USERD is FB that RM is given a handle of.
 */
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common/fifo.h"
#include "common/rm.h"
#include "hw.h"

#define SPACE_LIMIT		((1ULL << 40) - 1)

/* Of chan->shared */
#define CHAN_SEM		0x1000
#define CHAN_PUSH		0x2000
#define CHAN_SLOT		0x100
#define CHAN_SLOTS		256
#define CHAN_SHARED_SIZE	(CHAN_PUSH + CHAN_SLOTS * CHAN_SLOT)
#define CHAN_ENTRIES		512
#define CHAN_USERD_SIZE		0x10000

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static u32 newest(const u32 *list, u32 count, const u32 *wanted)
{
	u32 i;

	for (; *wanted; wanted++)
		for (i = 0; i < count; i++)
			if (list[i] == *wanted)
				return *wanted;
	return 0;
}

/* Blackwell B and A, Hopper, Ada's and Ampere's, Turing, Volta */
u32 classes_get(struct rm *rm, struct classes *classes)
{
	static const u32 channel[] = { 0xca6f, 0xc96f, 0xc86f, 0xc56f, 0xc46f, 0xc36f, 0 };
	static const u32 copy[] = { 0xcab5, 0xc9b5, 0xc8b5, 0xc7b5, 0xc6b5, 0xc5b5, 0xc3b5, 0 };
	static const u32 usermode[] = { 0xc761, 0xc661, 0xc561, 0xc461, 0xc361, 0 };
	static u32 list[1024];
	u32 status;

	memset(list, 0, sizeof(list));
	memset(classes, 0, sizeof(*classes));
	status = rm_control_padded(rm, rm->device, NV0080_CTRL_CMD_GPU_GET_CLASSLIST_V2, list,
				   (1 + 100) * 4, sizeof(list), NULL);
	if (status)
		return status;
	if (list[0] >= HW_ARRAY_SIZE(list))
		return NV_ERR_INVALID_DATA;
	classes->channel = newest(list + 1, list[0], channel);
	classes->copy = newest(list + 1, list[0], copy);
	classes->usermode = newest(list + 1, list[0], usermode);
	return classes->channel && classes->copy && classes->usermode ? 0 : NV_ERR_INVALID_CLASS;
}

u32 copy_engines(struct rm *rm, u32 *engines, u32 max)
{
	static u32 list[256];
	u32 i, n = 0;

	memset(list, 0, sizeof(list));
	if (rm_control_padded(rm, rm->subdevice, NV2080_CTRL_CMD_GPU_GET_ENGINES_V2, list,
			      (1 + 84) * 4, sizeof(list), NULL) || list[0] >= HW_ARRAY_SIZE(list))
		return 0;
	for (i = 1; i <= list[0] && n < max; i++)
		if (list[i] >= NV2080_ENGINE_TYPE_COPY(0) &&
		    list[i] < NV2080_ENGINE_TYPE_COPY(NV2080_ENGINE_TYPE_COPY_COUNT))
			engines[n++] = list[i];
	return n;
}

u32 space_open(struct rm *rm, struct space *space)
{
	struct nv_virtual_params virt = { .limit = SPACE_LIMIT };
	u32 params[64] = { };

	memset(space, 0, sizeof(*space));
	space->rm = rm;
	rm->codec->vaspace(params);
	space->status = rm_alloc(rm, rm->device, &space->h_vaspace, FERMI_VASPACE_A, params,
				 rm->codec->vaspace_size);
	if (space->status)
		return space->status;
	virt.h_va_space = space->h_vaspace;
	return rm_alloc(rm, rm->device, &space->h_virtual, NV01_MEMORY_VIRTUAL, &virt,
			sizeof(virt));
}

static u32 alloc_fb(struct rm *rm, u64 size, u32 attr, u32 attr2, struct mem *mem)
{
	struct nv_memory_params p = {
		.owner = rm->client,
		.flags = NV_OS32_FLAGS_MAP_NOT_REQUIRED,
		.attr = attr,
		.attr2 = attr2 | NV_OS32_ATTR2_CACHEABLE,
		.size = size,
	};
	u32 status;

	if (attr2 & NV_OS32_ATTR2_HUGE_2MB) {
		p.flags |= NV_OS32_FLAGS_ALIGNMENT_FORCE;
		p.alignment = 2 * MIB;
	}
	memset(mem, 0, sizeof(*mem));
	status = rm_alloc(rm, rm->device, &mem->handle, NV01_MEMORY_LOCAL_USER, &p, sizeof(p));
	mem->size = size;
	mem->pa = p.offset;
	return status;
}

u32 mem_fb(struct space *space, u64 size, struct mem *mem)
{
	struct rm *rm = space->rm;
	u32 status;

	status = alloc_fb(rm, size, NV_OS32_ATTR_PAGE_HUGE | NV_OS32_ATTR_CONTIGUOUS,
			  NV_OS32_ATTR2_HUGE_2MB, mem);
	if (!status) {
		mem->contiguous = true;
	} else {
		status = alloc_fb(rm, size,
				  NV_OS32_ATTR_PAGE_HUGE | NV_OS32_ATTR_ALLOW_NONCONTIGUOUS,
				  NV_OS32_ATTR2_HUGE_2MB, mem);
		if (status)
			return status;
	}
	status = rm_map_dma(rm, space->h_virtual, mem->handle, size, 0, &mem->va);
	if (status)
		mem_free(space, mem);
	return status;
}

u32 mem_system(struct space *space, u64 size, struct mem *mem)
{
	struct rm *rm = space->rm;
	u32 status;

	memset(mem, 0, sizeof(*mem));
	mem->size = size;
	mem->cpu = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (mem->cpu == MAP_FAILED) {
		mem->cpu = NULL;
		return NV_ERR_NO_MEMORY;
	}
	status = rm_wrap(rm, mem->cpu, size, &mem->handle);
	if (!status)
		status = rm_map_dma(rm, space->h_virtual, mem->handle, size,
				    NV_OS46_CACHE_SNOOP, &mem->va);
	if (status)
		mem_free(space, mem);
	return status;
}

/* RM undoes the mappings of what it frees. */
void mem_free(struct space *space, struct mem *mem)
{
	if (mem->handle)
		rm_free(space->rm, mem->handle);
	if (mem->cpu)
		munmap(mem->cpu, mem->size);
	memset(mem, 0, sizeof(*mem));
}

static u32 alloc_channel(struct chan *chan, u32 class_id, u32 chid, bool fixed)
{
	struct rm *rm = chan->space->rm;
	struct ovg_channel_params in = {
		.gpfifo_va = chan->shared.va,
		.gpfifo_entries = CHAN_ENTRIES,
		.chid = chid,
		.h_vaspace = chan->space->h_vaspace,
		.engine = chan->engine,
		/* RM gives it to root only */
		.privileged = !geteuid(),
	};
	u32 params[256] = { };

	rm->codec->channel(params, &in);
	params[NV_CHANNEL_H_USERD / 4] = chan->userd.handle;
	if (!fixed)
		params[0x14 / 4] = 0;
	return rm_alloc(rm, rm->device, &chan->handle, class_id, params, rm->codec->channel_size);
}

static bool open_memory(struct space *space, const struct classes *classes, struct chan *chan,
			char *why, size_t len)
{
	struct rm *rm = space->rm;
	u32 h_usermode;
	u32 status;

	status = mem_system(space, CHAN_SHARED_SIZE, &chan->shared);
	if (status) {
		snprintf(why, len, "system memory for the GPU: %s", status_text(status));
		return false;
	}
	status = alloc_fb(rm, CHAN_USERD_SIZE, 0, 0, &chan->userd);
	if (status) {
		snprintf(why, len, "FB for USERD: %s", status_text(status));
		return false;
	}
	chan->userd_cpu = rm_map(rm, chan->userd.handle, CHAN_USERD_SIZE);
	if (!chan->userd_cpu) {
		snprintf(why, len, "mapping USERD: %s", rm_error());
		return false;
	}
	memset((void *)chan->userd_cpu, 0, NVC56F_USERD_SIZE);
	status = rm_alloc(rm, rm->subdevice, &h_usermode, classes->usermode, NULL, 0);
	if (status) {
		snprintf(why, len, "class 0x%04x: %s", classes->usermode, status_text(status));
		return false;
	}
	chan->doorbell = rm_map(rm, h_usermode, NV_USERMODE_SIZE);
	if (!chan->doorbell) {
		snprintf(why, len, "mapping the doorbell: %s", rm_error());
		return false;
	}
	return true;
}

bool chan_open(struct space *space, const struct classes *classes, u32 engine, u32 chid,
	       struct chan *chan, char *why, size_t len)
{
	struct rm *rm = space->rm;
	const struct ovg_objects_codec *codec = rm->codec;
	u32 params[64];
	u32 status;

	memset(chan, 0, sizeof(*chan));
	memset(chan->status, 0xff, sizeof(chan->status));
	memset(chan->unpadded, 0xff, sizeof(chan->unpadded));
	chan->space = space;
	chan->engine = engine;
	if (!open_memory(space, classes, chan, why, len))
		goto err;

	chan->status[CHAN_ALLOC] = alloc_channel(chan, classes->channel, chid, true);
	if (chan->status[CHAN_ALLOC]) {
		/* another process may have this id */
		status = alloc_channel(chan, classes->channel, chid, false);
		if (status) {
			snprintf(why, len, "class 0x%04x: %s", classes->channel,
				 status_text(status));
			goto err;
		}
	}

	memset(params, 0, sizeof(params));
	codec->bind(params, engine);
	chan->status[CHAN_BIND] = rm_control_padded(rm, chan->handle, codec->bind_cmd, params,
						    codec->bind_size, sizeof(params),
						    &chan->unpadded[CHAN_BIND]);
	memset(params, 0, sizeof(params));
	codec->schedule(params, true);
	chan->status[CHAN_SCHEDULE] = rm_control_padded(rm, chan->handle, codec->schedule_cmd,
							params, codec->schedule_size,
							sizeof(params),
							&chan->unpadded[CHAN_SCHEDULE]);
	memset(params, 0, sizeof(params));
	codec->ce(params, engine);
	chan->status[CHAN_OBJECT] = rm_alloc(rm, chan->handle, &chan->h_object, classes->copy,
					     params, codec->ce_size);
	if (chan->status[CHAN_BIND] || chan->status[CHAN_SCHEDULE] || chan->status[CHAN_OBJECT]) {
		snprintf(why, len, "bind %s, schedule %s, class 0x%04x %s",
			 status_text(chan->status[CHAN_BIND]),
			 status_text(chan->status[CHAN_SCHEDULE]), classes->copy,
			 status_text(chan->status[CHAN_OBJECT]));
		goto err;
	}

	status = rm_control(rm, chan->handle, NVC36F_CTRL_CMD_GET_WORK_SUBMIT_TOKEN, &chan->token,
			    sizeof(chan->token));
	if (status) {
		snprintf(why, len, "work submit token: %s", status_text(status));
		goto err;
	}
	return true;
err:
	chan_close(chan);
	return false;
}

void chan_close(struct chan *chan)
{
	if (chan->handle)
		rm_free(chan->space->rm, chan->handle);
	if (chan->doorbell)
		munmap((void *)chan->doorbell, NV_USERMODE_SIZE);
	if (chan->userd_cpu)
		munmap((void *)chan->userd_cpu, CHAN_USERD_SIZE);
	mem_free(chan->space, &chan->userd);
	mem_free(chan->space, &chan->shared);
	chan->handle = 0;
	chan->doorbell = NULL;
	chan->userd_cpu = NULL;
}

u64 chan_fence_va(struct chan *chan)
{
	return chan->shared.va + CHAN_SEM;
}

u32 chan_fence(struct chan *chan)
{
	return *(volatile u32 *)((u8 *)chan->shared.cpu + CHAN_SEM);
}

void chan_submit(struct chan *chan, const u32 *words, u32 count)
{
	u32 slot = CHAN_PUSH + ++chan->seq % CHAN_SLOTS * CHAN_SLOT;
	u8 *base = chan->shared.cpu;

	memcpy(base + slot, words, count * 4);
	ovg_ce_gp_entry((u32 *)(base + chan->put * NVC56F_GP_ENTRY_SIZE), chan->shared.va + slot,
			count);
	chan->put = (chan->put + 1) % CHAN_ENTRIES;

	/* the read back pushes GP_PUT into FB before the doorbell */
	__sync_synchronize();
	chan->userd_cpu[NVC56F_USERD_GP_PUT / 4] = chan->put;
	__sync_synchronize();
	(void)chan->userd_cpu[NVC56F_USERD_GP_PUT / 4];
	chan->doorbell[NV_USERMODE_NOTIFY / 4] = chan->token;
}

bool chan_wait(struct chan *chan, u64 bytes)
{
	double end = now() + 2 + (double)bytes / GIB;

	while (chan_fence(chan) != chan->seq)
		if (now() > end)
			return false;
	__sync_synchronize();
	return true;
}
