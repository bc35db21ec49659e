// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * FB layout; see wpr.h.  The order and the alignments are those of NVIDIA's
 * kgspCalculateFbLayout (kernel_gsp_tu102.c) and of nouveau's
 * r535_gsp_oneinit().
 */
#include "ovg_pure.h"
#include "wpr.h"

#define KIB(n)	((u64)(n) << 10)
#define MIB(n)	((u64)(n) << 20)

int ovg_wpr_compute(struct ovg_wpr_layout *l, u64 fb_size, u64 vga_workspace,
		    u64 boot_size, u64 elf_size, u64 heap_size)
{
	u64 default_workspace, need;

	/* One by one first, so that their sum cannot wrap. */
	if (boot_size > fb_size || elf_size > fb_size || heap_size > fb_size)
		return -ENOSPC;

	/* Everything below, with room for all the rounding, must fit. */
	heap_size = ovg_align_up(heap_size, MIB(1));
	need = GSP_VGA_WORKSPACE_SIZE + GSP_FRTS_SIZE + boot_size + elf_size +
	       heap_size + GSP_NON_WPR_HEAP_SIZE + MIB(8);
	if (fb_size < need)
		return -ENOSPC;

	memset(l, 0, sizeof(*l));
	l->fb_size = fb_size;
	default_workspace = fb_size - GSP_VGA_WORKSPACE_SIZE;
	l->vga_workspace = default_workspace;
	if (vga_workspace && vga_workspace < fb_size)
		l->vga_workspace = vga_workspace < default_workspace ?
				   fb_size - KIB(128) : vga_workspace;
	l->vga_workspace_size = fb_size - l->vga_workspace;

	l->wpr_end = ovg_align_down(l->vga_workspace, KIB(128));
	l->frts = l->wpr_end - GSP_FRTS_SIZE;
	l->boot = ovg_align_down(l->frts - boot_size, KIB(4));
	l->elf = ovg_align_down(l->boot - elf_size, KIB(64));
	l->heap = ovg_align_down(l->elf - heap_size, MIB(1));
	l->heap_size = ovg_align_down(l->elf - l->heap, MIB(1));
	l->wpr_start = ovg_align_down(l->heap - sizeof(struct gsp_fw_wpr_meta), MIB(1));
	l->non_wpr_heap = ovg_align_down(l->wpr_start - GSP_NON_WPR_HEAP_SIZE, MIB(1));
	return 0;
}
