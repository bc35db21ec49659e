// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Guest FB through BAR1.  After a reset BAR1 is in physical mode and shows the
 * first bytes of FB; with page tables of our own, a window of it can be led
 * anywhere.
 */
#include <stdio.h>
#include <string.h>

#include "common/mmu.h"
#include "common/regs.h"
#include "smoke.h"

/* Pages of the FB that the program keeps for itself, offsets from its base */
#define OWN_INST		0x0000
#define OWN_PD3			0x1000
#define OWN_PD2			0x2000
#define OWN_PD1			0x3000
#define OWN_PD0			0x4000

#define LARGE			(2 * MIB)
#define INVALIDATE_MS		2000

u64 fb_size;
static u64 own_base;
static bool bound;
static u64 window_base = ~0ULL;	/* FB address where the window begins */

/* Entry 0 of PD0 shows our own 2 MiB, all others are the window. */
static u64 window_size(void)
{
	u64 pages = dev.bar1_size / LARGE;

	if (pages > NV_MMU_PD0_ENTRIES)
		pages = NV_MMU_PD0_ENTRIES;

	return (pages - 1) * LARGE;
}

volatile u8 *fb_own(u32 off)
{
	return bound ? dev.bar1 + off : dev.bar1 + own_base + off;
}

static void own_wr64(u32 off, u64 val)
{
	*(volatile u64 *)fb_own(off) = val;
}

void mmu_invalidate(u64 pdb)
{
	u64 end = now_ms() + INVALIDATE_MS;

	/* page tables that were written through BAR1 must have arrived */
	__sync_synchronize();
	(void)*(volatile u32 *)fb_own(0);
	wr32(NV_VF_PRIV_MMU_INVALIDATE_PDB, pdb >> 8);
	wr32(NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB, 0);
	wr32(NV_VF_PRIV_MMU_INVALIDATE,
	     NV_VF_PRIV_MMU_INVALIDATE_TRIGGER | NV_VF_PRIV_MMU_INVALIDATE_ALL_VA);
	while (rd32(NV_VF_PRIV_MMU_INVALIDATE) & NV_VF_PRIV_MMU_INVALIDATE_TRIGGER)
		if (!poll_on(end))
			fail("the TLB invalidate does not end");
}

void fb_bind(u64 base)
{
	u64 pdb = (base + OWN_PD3) | NV_RAMIN_PDB_TARGET_VRAM | NV_RAMIN_PDB_VER2 |
		  NV_RAMIN_PDB_BIG_PAGE_64K;
	u64 end = now_ms() + INVALIDATE_MS;

	if (base % LARGE || base + LARGE > dev.bar1_size || dev.bar1_size < 2 * LARGE)
		fail("BAR1 of 0x%llx bytes is too small", (unsigned long long)dev.bar1_size);
	own_base = base;
	memset((void *)fb_own(0), 0, 5 * PAGE);
	own_wr64(OWN_INST + NV_RAMIN_PAGE_DIR_BASE, pdb);
	own_wr64(OWN_INST + NV_RAMIN_ADR_LIMIT, dev.bar1_size - 1);
	own_wr64(OWN_PD3, NV_MMU_PDE_VRAM(base + OWN_PD2));
	own_wr64(OWN_PD2, NV_MMU_PDE_VRAM(base + OWN_PD1));
	own_wr64(OWN_PD1, NV_MMU_PDE_VRAM(base + OWN_PD0));
	own_wr64(OWN_PD0, NV_MMU_PTE_VRAM(base));
	__sync_synchronize();
	(void)*(volatile u32 *)fb_own(0);
	wr32(NV_VF_PRIV_BAR1_BLOCK,
	     NV_VF_PRIV_BAR_BLOCK_VIRTUAL | (u32)((base + OWN_INST) >> 12));
	while (rd32(NV_VF_PRIV_BAR_BIND_STATUS) & NV_VF_PRIV_BAR_BIND_BAR1_PENDING)
		if (!poll_on(end))
			fail("BAR1 is not bound");
	bound = true;
	mmu_invalidate(base + OWN_PD3);
}

static void window_move(u64 base, bool raw)
{
	u64 size = window_size(), off;

	for (off = 0; off < size; off += LARGE)
		own_wr64(OWN_PD0 + (off / LARGE + 1) * NV_MMU_PD0_ENTRY_SIZE,
			 raw || base + off < fb_size ? NV_MMU_PTE_VRAM(base + off) : 0);
	mmu_invalidate(own_base + OWN_PD3);
	window_base = base;
}

u8 *fb_window(u64 addr, u64 *len)
{
	u64 base = addr / window_size() * window_size();
	u64 left = base + window_size() - addr;

	if (base != window_base)
		window_move(base, false);
	if (left > fb_size - addr)
		left = fb_size - addr;
	if (*len > left)
		*len = left;

	return dev.bar1 + LARGE + (addr - base);
}

u8 *fb_window_raw(u64 addr)
{
	window_move(addr / LARGE * LARGE, true);

	return dev.bar1 + LARGE + addr % LARGE;
}

/* Every address and seed has a word of its own. */
static u64 pattern(u64 addr, u64 seed)
{
	u64 v = (addr + 1) * 0x9e3779b97f4a7c15ULL ^ (seed + 1) * 0xc2b2ae3d27d4eb4fULL;

	return v ^ v >> 29;
}

void pattern_fill(volatile void *page, u64 addr, u64 seed)
{
	volatile u64 *p = page;
	u32 i;

	for (i = 0; i < PAGE / 8; i++)
		p[i] = pattern(addr + i * 8, seed);
}

bool pattern_ok(const volatile void *page, u64 addr, u64 seed)
{
	const volatile u64 *p = page;
	u32 i;

	for (i = 0; i < PAGE / 8; i++)
		if (p[i] != pattern(addr + i * 8, seed))
			return false;

	return true;
}

static u8 *page_at(u64 addr)
{
	u64 len = PAGE;

	return bound ? fb_window(addr, &len) : dev.bar1 + addr;
}

void fb_fill(u64 from, u64 to, u64 stride, u64 seed)
{
	u64 addr;

	for (addr = from; addr < to; addr += stride * PAGE)
		pattern_fill(page_at(addr), addr, seed);
}

void fb_verify(u64 from, u64 to, u64 stride, u64 seed)
{
	u64 addr;

	for (addr = from; addr < to; addr += stride * PAGE)
		if (!pattern_ok(page_at(addr), addr, seed))
			fail("FB at 0x%llx does not hold what was written",
			     (unsigned long long)addr);
}

void fb_read_zero(u64 from, u64 to, u64 stride)
{
	u64 addr, i;

	for (addr = from; addr < to; addr += stride * PAGE) {
		const volatile u64 *p = (void *)page_at(addr);

		for (i = 0; i < PAGE / 8; i++)
			if (p[i])
				fail("FB at 0x%llx holds 0x%llx, not zero",
				     (unsigned long long)(addr + i * 8),
				     (unsigned long long)p[i]);
	}
}
