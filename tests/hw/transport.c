// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM from user space: NVIDIA's ioctls, thinly.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/rm.h"
#include "hw.h"

static char error[128];

const char *rm_error(void)
{
	return error;
}

static bool esc(int fd, unsigned long request, void *arg, const char *what)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret && (errno == EINTR || errno == EAGAIN));
	if (ret)
		snprintf(error, sizeof(error), "ioctl %s: %s", what, strerror(errno));
	return !ret;
}

static int open_device(const struct rm *rm)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/nvidia%u", rm->minor);
	return open(path, O_RDWR | O_CLOEXEC);
}

static bool find_card(struct rm *rm)
{
	struct nv_cards cards = { };
	unsigned int i;

	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_CARD_INFO, struct nv_cards), &cards, "CARD_INFO"))
		return false;
	for (i = 0; i < NV_MAX_CARDS; i++) {
		if (cards.card[i].valid && cards.card[i].minor == rm->minor) {
			rm->card = cards.card[i];
			return true;
		}
	}
	return false;
}

bool rm_open(struct rm *rm, unsigned int minor, char *why, size_t len)
{
	struct nv_version version = { .cmd = NV_VERSION_CMD_QUERY };

	memset(rm, 0, sizeof(*rm));
	rm->minor = minor;
	rm->dev = -1;
	rm->ctl = open("/dev/nvidiactl", O_RDWR | O_CLOEXEC);
	if (rm->ctl < 0) {
		snprintf(why, len,
			 "/dev/nvidiactl: %s; this needs an NVIDIA GPU with NVIDIA's kernel driver loaded (modprobe nvidia; nvidia-modprobe makes the device files)",
			 strerror(errno));
		return false;
	}
	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_CHECK_VERSION_STR, struct nv_version), &version,
		 "CHECK_VERSION_STR")) {
		snprintf(why, len, "/dev/nvidiactl does not tell its version (%s)", error);
		goto err;
	}
	memcpy(rm->version, version.text, sizeof(rm->version) - 1);
	rm->release = strtoul(rm->version, NULL, 10);
	if (!find_card(rm)) {
		snprintf(why, len, "the driver knows no GPU with minor number %u; choose one with -g, ls /dev/nvidia*",
			 minor);
		goto err;
	}
	rm->dev = open_device(rm);
	if (rm->dev < 0 ||
	    !esc(rm->dev, NV_IOCTL(NV_ESC_REGISTER_FD, int), &rm->ctl, "REGISTER_FD")) {
		snprintf(why, len, "/dev/nvidia%u cannot be used: %s; is its driver up (nvidia-smi)?",
			 minor, rm->dev < 0 ? strerror(errno) : error);
		goto err;
	}
	return true;
err:
	rm_close(rm);
	return false;
}

void rm_close(struct rm *rm)
{
	rm_client_free(rm);
	if (rm->dev >= 0)
		close(rm->dev);
	close(rm->ctl);
}

bool rm_client(struct rm *rm, const struct ovg_objects_codec *codec)
{
	struct nv_gpu_id_info info = { .gpu_id = rm->card.gpu_id };
	u32 params[256] = { };

	rm->codec = codec;
	rm->client = 0;
	rm->device = 0;
	rm->subdevice = 0;
	memset(rm->status, 0xff, sizeof(rm->status));

	/* user space gets its handle from RM */
	codec->client(params, 0);
	rm->status[0] = rm_alloc(rm, 0, &rm->client, NV01_ROOT, params, codec->client_size);
	if (rm->status[0])
		return false;
	if (rm_control(rm, rm->client, NV0000_CTRL_CMD_GPU_GET_ID_INFO_V2, &info, sizeof(info)))
		info.device_instance = 0;
	rm->instance = info.device_instance;

	memset(params, 0, sizeof(params));
	codec->device(params, rm->client);
	/* the core has one GPU only, number 0; the number comes first in all releases */
	params[0] = rm->instance;
	rm->status[1] = rm_alloc(rm, rm->client, &rm->device, NV01_DEVICE_0, params,
				 codec->device_size);
	if (rm->status[1])
		return false;

	memset(params, 0, sizeof(params));
	rm->status[2] = rm_alloc(rm, rm->device, &rm->subdevice, NV20_SUBDEVICE_0, params,
				 codec->subdevice_size);
	return !rm->status[2];
}

void rm_client_free(struct rm *rm)
{
	if (rm->client)
		rm_free(rm, rm->client);
	rm->client = 0;
}

static u32 alloc_raw(struct rm *rm, u32 parent, u32 *object, u32 class_id, void *params, u32 size)
{
	struct nv_alloc a = {
		.root = rm->client,
		.parent = parent,
		.object = *object,
		.class_id = class_id,
		.params = (uintptr_t)params,
		.size = size,
	};

	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_RM_ALLOC, struct nv_alloc), &a, "RM_ALLOC"))
		return RM_NO_ANSWER;
	if (!a.status)
		*object = a.object;
	return a.status;
}

/* RM takes as many bytes as its class has, whatever size it is told. */
u32 rm_alloc(struct rm *rm, u32 parent, u32 *object, u32 class_id, void *params, u32 size)
{
	u8 *buf;
	u32 status;

	*object = 0;
	if (!params)
		return alloc_raw(rm, parent, object, class_id, NULL, 0);
	buf = calloc(1, RM_PARAMS_MAX);
	if (!buf)
		return RM_NO_ANSWER;
	memcpy(buf, params, size);
	status = alloc_raw(rm, parent, object, class_id, buf, size);
	memcpy(params, buf, size);
	free(buf);
	return status;
}

u32 rm_free(struct rm *rm, u32 object)
{
	struct nv_free f = {
		.root = rm->client,
		.object = object,
	};

	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_RM_FREE, struct nv_free), &f, "RM_FREE"))
		return RM_NO_ANSWER;
	return f.status;
}

u32 rm_control(struct rm *rm, u32 object, u32 cmd, void *params, u32 size)
{
	struct nv_control c = {
		.client = rm->client,
		.object = object,
		.cmd = cmd,
		.params = (uintptr_t)params,
		.size = size,
	};

	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_RM_CONTROL, struct nv_control), &c, "RM_CONTROL"))
		return RM_NO_ANSWER;
	return c.status;
}

/*
 * RM compares the size with that of the control before it looks for the object
 * (control.c: _rmapiRmControl() of 570 and 580; 535 compares at the object).
 */
u32 rm_control_size(struct rm *rm, u32 cmd)
{
	u8 *buf = calloc(1, RM_PARAMS_MAX);
	u32 size, found = 0;

	if (!buf)
		return 0;
	for (size = 1; size < RM_PARAMS_MAX; size += size < 0x2000 ? 1 : 4) {
		u32 status = rm_control(rm, RM_H_NOTHING, cmd, buf, size);

		if (status == NV_ERR_INVALID_ARGUMENT)
			continue;
		/* any size is right: then none is compared */
		if (size == 1 && rm_control(rm, RM_H_NOTHING, cmd, buf, 2) != NV_ERR_INVALID_ARGUMENT)
			break;
		if (status != RM_NO_ANSWER)
			found = size;
		break;
	}
	free(buf);
	return found;
}

/* Of the controls whose size changed, by release; for an RM that tells no sizes. */
static u32 header_size(u32 cmd, unsigned int release)
{
	static const struct {
		u32 cmd;
		u32 r535;
		u32 r570;
		u32 r580;
	} sizes[] = {
		{ NV0080_CTRL_CMD_GPU_GET_CLASSLIST_V2, 644, 404, 804 },
		{ NV2080_CTRL_CMD_GPU_GET_ENGINES_V2, 252, 340, 340 },
		{ NV2080_CTRL_CMD_FB_GET_INFO_V2, 436, 460, 1028 },
		{ NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO, 776, 776, 904 },
	};
	unsigned int i;

	for (i = 0; i < HW_ARRAY_SIZE(sizes); i++)
		if (sizes[i].cmd == cmd)
			return release < 570 ? sizes[i].r535 :
			       release < 580 ? sizes[i].r570 : sizes[i].r580;
	return 0;
}

u32 rm_control_padded(struct rm *rm, u32 object, u32 cmd, void *params, u32 size, u32 room,
		      u32 *unpadded)
{
	u32 status, want;

	status = rm_control(rm, object, cmd, params, size);
	if (unpadded)
		*unpadded = status;
	if (status != NV_ERR_INVALID_ARGUMENT && status != NV_ERR_INVALID_PARAM_STRUCT)
		return status;
	want = rm_control_size(rm, cmd);
	if (!want)
		want = header_size(cmd, rm->release);
	if (!want || want == size || want > room)
		return status;
	return rm_control(rm, object, cmd, params, want);
}

/*
 * The parameters end at a page that cannot be read: RM that reads on gets
 * INVALID_ADDRESS.  The parent does not exist, so nothing is allocated.
 */
u32 rm_class_size(struct rm *rm, u32 class_id)
{
	const u32 page = sysconf(_SC_PAGESIZE);
	u8 *buf = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u32 size, found = 0;

	if (buf == MAP_FAILED)
		return 0;
	if (!mprotect(buf + 2 * page, page, PROT_NONE)) {
		for (size = 0; size <= 2 * page; size++) {
			u32 object = 0;
			u32 status = alloc_raw(rm, RM_H_NOTHING, &object, class_id,
					       buf + 2 * page - size, size);

			if (status == NV_ERR_INVALID_ADDRESS)
				continue;
			if (status != RM_NO_ANSWER)
				found = size;
			break;
		}
	}
	munmap(buf, 3 * page);
	return found;
}

void *rm_map(struct rm *rm, u32 memory, u64 length)
{
	struct nv_map_memory m = {
		.client = rm->client,
		.device = rm->device,
		.memory = memory,
		.length = length,
	};
	void *p = MAP_FAILED;

	/* the file carries one mapping */
	m.fd = open_device(rm);
	if (m.fd < 0)
		return NULL;
	if (esc(rm->ctl, NV_IOCTL(NV_ESC_RM_MAP_MEMORY, struct nv_map_memory), &m,
		"RM_MAP_MEMORY")) {
		if (m.status)
			snprintf(error, sizeof(error), "RM_MAP_MEMORY: %s", status_text(m.status));
		else
			p = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, m.fd, 0);
		if (!m.status && p == MAP_FAILED)
			snprintf(error, sizeof(error), "mmap: %s", strerror(errno));
	}
	close(m.fd);
	return p == MAP_FAILED ? NULL : p;
}

u32 rm_wrap(struct rm *rm, void *cpu, u64 length, u32 *object)
{
	/* RM makes its own from 0xcaf00000 on */
	static u32 handle = 0x5ca90000;
	struct nv_alloc_memory a = {
		.root = rm->client,
		.parent = rm->device,
		.object = ++handle,
		.class_id = NV01_MEMORY_SYSTEM_OS_DESCRIPTOR,
		.flags = NV_OS02_NONCONTIGUOUS | NV_OS02_CACHED | NV_OS02_NO_MAP,
		.memory = (uintptr_t)cpu,
		.limit = length - 1,
		.fd = -1,
	};

	if (!esc(rm->dev, NV_IOCTL(NV_ESC_RM_ALLOC_MEMORY, struct nv_alloc_memory), &a,
		 "RM_ALLOC_MEMORY"))
		return RM_NO_ANSWER;
	if (!a.status)
		*object = a.object;
	return a.status;
}

u32 rm_map_dma(struct rm *rm, u32 dma, u32 memory, u64 length, u32 flags, u64 *va)
{
	struct nv_map_dma_r580 m = {
		.client = rm->client,
		.device = rm->device,
		.dma = dma,
		.memory = memory,
		.length = length,
		.flags = flags,
	};
	struct nv_map_dma_r535 old = {
		.client = rm->client,
		.device = rm->device,
		.dma = dma,
		.memory = memory,
		.length = length,
		.flags = flags,
	};

	if (rm->release < 580) {
		if (!esc(rm->ctl, NV_IOCTL(NV_ESC_RM_MAP_MEMORY_DMA, struct nv_map_dma_r535), &old,
			 "RM_MAP_MEMORY_DMA"))
			return RM_NO_ANSWER;
		*va = old.dma_offset;
		return old.status;
	}
	if (!esc(rm->ctl, NV_IOCTL(NV_ESC_RM_MAP_MEMORY_DMA, struct nv_map_dma_r580), &m,
		 "RM_MAP_MEMORY_DMA"))
		return RM_NO_ANSWER;
	*va = m.dma_offset;
	return m.status;
}
