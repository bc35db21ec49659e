/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Where GSP and what belongs to it lie at the top of framebuffer.
 */
#ifndef OVG_PURE_WPR_H
#define OVG_PURE_WPR_H

#include "common/gsp_boot.h"

/**
 * struct ovg_wpr_layout - FB regions, from the top down; bytes
 * @fb_size: usable FB
 * @vga_workspace: base of the VGA workspace
 * @vga_workspace_size: its size
 * @frts: base of the FRTS region; its size is GSP_FRTS_SIZE
 * @wpr_end: end of WPR2, exclusive
 * @boot: base of the bootloader
 * @elf: base of the GSP image
 * @heap: base of GSP's heap
 * @heap_size: its size
 * @wpr_start: start of WPR2
 * @non_wpr_heap: base of the heap below WPR2, lowest address GSP owns
 */
struct ovg_wpr_layout {
	u64 fb_size;
	u64 vga_workspace;
	u64 vga_workspace_size;
	u64 frts;
	u64 wpr_end;
	u64 boot;
	u64 elf;
	u64 heap;
	u64 heap_size;
	u64 wpr_start;
	u64 non_wpr_heap;
};

/**
 * ovg_wpr_compute - lay out the top of FB
 * @l: out
 * @fb_size: usable FB, bytes
 * @vga_workspace: base that the display hardware reports, 0 when none
 * @boot_size: size of the bootloader image
 * @elf_size: size of the GSP image
 * @heap_size: GSP heap wanted, at least; it is rounded to whole MiB
 *
 * Return: 0, or -ENOSPC when FB is too small.
 */
int ovg_wpr_compute(struct ovg_wpr_layout *l, u64 fb_size, u64 vga_workspace,
		    u64 boot_size, u64 elf_size, u64 heap_size);

#endif /* OVG_PURE_WPR_H */
