// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * An address space of ours, channels on the copy engine, copies.
 */
#include <string.h>

#include "common/ce.h"
#include "common/fifo.h"
#include "common/mmu.h"
#include "common/regs.h"
#include "common/rm.h"
#include "r535/ctrl.h"
#include "r535/vgpu_guest.h"
#include "smoke.h"

/* In the FB that the program keeps for itself, behind BAR1's page tables */
#define OWN_PD3			0x10000
#define OWN_PD2			0x11000
#define OWN_PD1			0x12000
#define OWN_PD0			0x13000
#define OWN_PT			0x14000
#define OWN_SLOT(n)		(0x20000 + (n) * SLOT_SIZE)

/* A channel's memory, mapped at VA_BASE + slot * SLOT_SIZE */
#define SLOTS			4
#define SLOT_SIZE		0x10000
#define SLOT_INST		0x0000
#define SLOT_USERD		0x1000
#define SLOT_GPFIFO		0x2000
#define SLOT_PUSH		0x3000
#define SLOT_METHODS		0x8000	/* where a fault leaves the engine's methods */
#define SLOT_METHODS_SIZE	0x8000

#define VA_SEM			(VA_BASE + 0x180000)
#define VA_LIMIT		((1ULL << NV_MMU_VA_BITS) - 1)
#define SUBCHANNEL		4
#define GP_ENTRIES		32
#define PUSH_STRIDE		0x180	/* bytes of the methods behind one entry */

static u32 engine, runlist, vector, payload_next;

static void own_wr32(u32 off, u32 val)
{
	*(volatile u32 *)fb_own(off) = val;
}

static void own_wr64(u32 off, u64 val)
{
	*(volatile u64 *)fb_own(off) = val;
}

static void map_page(u64 va, u64 pte)
{
	own_wr64(OWN_PT + (va - VA_BASE) / PAGE * 8, pte);
}

void vm_map_fb(u64 va, u64 addr)
{
	map_page(va, NV_MMU_PTE_VRAM(addr));
}

void vm_map_sys(u64 va, u64 addr)
{
	map_page(va, NV_MMU_PTE_SYS_COH(addr));
}

void vm_map_large(u64 va, u64 addr)
{
	own_wr64(OWN_PD0 + va / (2 * MIB) * NV_MMU_PD0_ENTRY_SIZE, NV_MMU_PTE_VRAM(addr));
}

void vm_update(void)
{
	mmu_invalidate(OWN_PD3);
}

static volatile u32 *semaphore(void)
{
	return (void *)(dev.dma + DMA_SEM * PAGE);
}

static void rm_must(u32 status, const char *what)
{
	if (status)
		fail("RM refuses %s: 0x%x", what, status);
}

void vm_init(const struct r535_guest_static_info *info)
{
	struct r535_client_params client = { .h_client = H_CLIENT, .process_id = ~0U };
	struct r535_device_params device = { .h_client_share = H_CLIENT };
	struct r535_subdevice_params subdevice = { .sub_device_id = 0 };
	struct r535_vaspace_params vaspace = { .index = R535_VASPACE_INDEX_GPU_NEW };
	u64 off;

	engine = info->engine_type;
	runlist = info->runlist;
	vector = info->nonstall_vector;

	/* entry 1 of PD0 covers VA_BASE; its second half is the table of 4 KiB pages */
	for (off = OWN_PD3; off < OWN_SLOT(0); off += 8)
		own_wr64(off, 0);
	own_wr64(OWN_PD3, NV_MMU_PDE_VRAM(OWN_PD2));
	own_wr64(OWN_PD2, NV_MMU_PDE_VRAM(OWN_PD1));
	own_wr64(OWN_PD1, NV_MMU_PDE_VRAM(OWN_PD0));
	own_wr64(OWN_PD0 + NV_MMU_PD0_ENTRY_SIZE + 8, NV_MMU_PDE_VRAM(OWN_PT));
	for (off = 0; off < SLOTS * SLOT_SIZE; off += PAGE)
		vm_map_fb(VA_BASE + off, OWN_SLOT(0) + off);
	for (off = 0; off < COPY_SIZE; off += PAGE) {
		vm_map_sys(VA_SRC + off, dev.dma_addr[DMA_SRC + off / PAGE]);
		vm_map_fb(VA_FB + off, FB_COPY + off);
		vm_map_sys(VA_DST + off, dev.dma_addr[DMA_DST + off / PAGE]);
	}
	vm_map_sys(VA_SEM, dev.dma_addr[DMA_SEM]);
	vm_update();

	rm_must(rm_alloc(0, H_CLIENT, NV01_ROOT, &client, sizeof(client)), "a client");
	rm_must(rm_alloc(H_CLIENT, H_DEVICE, NV01_DEVICE_0, &device, sizeof(device)),
		"a device");
	rm_must(rm_alloc(H_DEVICE, H_SUBDEVICE, NV20_SUBDEVICE_0, &subdevice,
			 sizeof(subdevice)), "a subdevice");
	rm_must(rm_alloc(H_DEVICE, H_VASPACE, FERMI_VASPACE_A, &vaspace, sizeof(vaspace)),
		"an address space");
}

void channel_use_graphics(const struct r535_guest_static_info *info)
{
	engine = info->graphics_copy_engine_type;
	runlist = info->graphics_runlist;
}

u32 channel_vector(void)
{
	return vector;
}

/* Subcontext 0 has our tables, the others none (nouveau gv100_vmm_join()). */
static void write_instance(u32 inst)
{
	u64 pdb = OWN_PD3 | NV_RAMIN_PDB_TARGET_VRAM | NV_RAMIN_PDB_VER2 |
		  NV_RAMIN_PDB_BIG_PAGE_64K;
	u32 i;

	own_wr64(inst + NV_RAMIN_PAGE_DIR_BASE, pdb);
	own_wr64(inst + NV_RAMIN_ADR_LIMIT, VA_LIMIT);
	own_wr32(inst + NV_RAMIN_ENGINE_WFI_VEID, 0);
	own_wr64(inst + NV_RAMIN_SC_PDB_VALID, 1);
	for (i = 0; i < NV_RAMIN_SC_COUNT; i++)
		own_wr64(inst + NV_RAMIN_SC_PAGE_DIR_BASE(i), i ? 0x100000001ULL : pdb);
}

static u32 userd(const struct channel *ch)
{
	return OWN_SLOT(ch->slot) + SLOT_USERD + ch->chid % 8 * NVC56F_USERD_SIZE;
}

u32 channel_open(struct channel *ch, bool privileged)
{
	struct r535_memory_desc fb = { .address_space = ADDR_FBMEM, .cache_attrib = 1 };
	u32 base = OWN_SLOT(ch->slot), off, status;
	struct r535_gpfifo_schedule schedule = { .enable = 1 };
	struct r535_channel_bind bind = { .engine_type = engine };
	struct r535_ce_params ce = {
		.version = R535_CE_PARAMS_VERSION,
		.engine_type = engine,
	};
	struct r535_channel_params p = {
		.gp_fifo_offset = VA_BASE + ch->slot * SLOT_SIZE + SLOT_GPFIFO,
		.gp_fifo_entries = GP_ENTRIES,
		/* the channel id follows from USERD's page and the place in it */
		.flags = (ch->chid % 8) << R535_CHANNEL_USERD_INDEX_SHIFT |
			 (ch->chid / 8) << R535_CHANNEL_USERD_PAGE_SHIFT |
			 R535_CHANNEL_USERD_PAGE_FIXED |
			 (privileged ? R535_CHANNEL_PRIVILEGED : 0),
		.internal_flags = R535_CHANNEL_INTERNAL_ERR_NONE |
				  R535_CHANNEL_INTERNAL_ECC_NONE |
				  R535_CHANNEL_INTERNAL_PRIV_USER,
		.h_va_space = H_VASPACE,
		.engine_type = engine,
		.instance_mem = fb,
		.userd_mem = fb,
		.ramfc_mem = fb,
		.mthdbuf_mem = fb,
	};

	for (off = 0; off < SLOT_SIZE; off += 8)
		own_wr64(base + off, 0);
	write_instance(base + SLOT_INST);
	p.instance_mem.base = base + SLOT_INST;
	p.instance_mem.size = NV_RAMIN_SIZE;
	p.ramfc_mem.base = base + SLOT_INST;
	p.ramfc_mem.size = 0x200;
	p.userd_mem.base = userd(ch);
	p.userd_mem.size = NVC56F_USERD_SIZE;
	p.mthdbuf_mem.base = base + SLOT_METHODS;
	p.mthdbuf_mem.size = SLOT_METHODS_SIZE;
	ch->put = 0;

	status = rm_alloc(H_DEVICE, H_CHANNEL(ch->slot), AMPERE_CHANNEL_GPFIFO_A, &p, sizeof(p));
	if (status)
		return status;
	rm_must(rm_control(H_CHANNEL(ch->slot), NVA06F_CTRL_CMD_BIND, &bind, sizeof(bind)),
		"to bind a channel");
	rm_must(rm_control(H_CHANNEL(ch->slot), NVA06F_CTRL_CMD_GPFIFO_SCHEDULE, &schedule,
			   sizeof(schedule)), "to schedule a channel");
	rm_must(rm_alloc(H_CHANNEL(ch->slot), H_COPY(ch->slot), AMPERE_DMA_COPY_B, &ce,
			 sizeof(ce)), "a copy object");

	return 0;
}

void channel_close(struct channel *ch)
{
	/* the copy object goes with it; copies may still wait */
	rm_free(H_CHANNEL(ch->slot));
}

static void method(u32 *at, u32 mthd, u32 val)
{
	own_wr32(*at, NVC56F_DMA_INC(SUBCHANNEL, mthd, 1));
	own_wr32(*at + 4, val);
	*at += 8;
}

static void copies(struct channel *ch, u64 src, u64 dst, u32 len, u32 launch, u32 times)
{
	u32 slot = OWN_SLOT(ch->slot);
	u32 push = SLOT_PUSH + ch->put * PUSH_STRIDE;
	u64 va = VA_BASE + ch->slot * SLOT_SIZE + push;
	u32 at = slot + push;

	method(&at, NVC56F_SET_OBJECT, AMPERE_DMA_COPY_B);
	method(&at, NVC7B5_SET_SEMAPHORE_A, VA_SEM >> 32);
	method(&at, NVC7B5_SET_SEMAPHORE_B, (u32)VA_SEM);
	method(&at, NVC7B5_OFFSET_IN_UPPER, src >> 32);
	method(&at, NVC7B5_OFFSET_IN_LOWER, src);
	method(&at, NVC7B5_OFFSET_OUT_UPPER, dst >> 32);
	method(&at, NVC7B5_OFFSET_OUT_LOWER, dst);
	method(&at, NVC7B5_LINE_LENGTH_IN, len);
	method(&at, NVC7B5_LINE_COUNT, 1);
	while (times--) {
		ch->payload = ++payload_next;
		method(&at, NVC7B5_SET_SEMAPHORE_PAYLOAD, ch->payload);
		method(&at, NVC7B5_LAUNCH_DMA,
		       NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED | NVC7B5_LAUNCH_FLUSH |
		       NVC7B5_LAUNCH_SEMAPHORE_ONE_WORD | NVC7B5_LAUNCH_SRC_PITCH |
		       NVC7B5_LAUNCH_DST_PITCH | NVC7B5_LAUNCH_DISABLE_PLC | launch);
	}

	own_wr32(slot + SLOT_GPFIFO + ch->put * NVC56F_GP_ENTRY_SIZE, NVC56F_GP_ENTRY0_GET(va));
	own_wr32(slot + SLOT_GPFIFO + ch->put * NVC56F_GP_ENTRY_SIZE + 4,
		 NVC56F_GP_ENTRY1(va, (at - slot - push) / 4));
	ch->put = (ch->put + 1) % GP_ENTRIES;
	/* the read brings all of it home before the doorbell */
	own_wr32(userd(ch) + NVC56F_USERD_GP_PUT, ch->put);
	__sync_synchronize();
	(void)*(volatile u32 *)fb_own(userd(ch) + NVC56F_USERD_GP_PUT);
	wr32(NV_VF_USERMODE + NV_USERMODE_DOORBELL, NV_WORK_SUBMIT_TOKEN(runlist, ch->chid));
}

void channel_copy(struct channel *ch, u64 src, u64 dst, u32 len, u32 launch)
{
	copies(ch, src, dst, len, launch, 1);
}

void channel_copy_burst(struct channel *ch, u64 src, u64 dst, u32 len)
{
	copies(ch, src, dst, len, 0, BURST);
}

static bool channel_done(struct channel *ch)
{
	return *semaphore() == ch->payload;
}

bool channel_wait(struct channel *ch, int ms)
{
	u64 end = now_ms() + ms;

	while (!channel_done(ch))
		if (!poll_on(end))
			return channel_done(ch);
	__sync_synchronize();

	return true;
}

u32 channel_pending(const struct channel *ch)
{
	return ch->payload - *semaphore();
}
