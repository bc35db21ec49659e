/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Methods of the copy engine class AMPERE_DMA_COPY_B.  Facts: clc7b5.h.
 */
#ifndef OVG_CE_H
#define OVG_CE_H

#include "ovg_types.h"

#define NVC7B5_NOP				0x100
#define NVC7B5_SET_SEMAPHORE_A			0x240
#define NVC7B5_SET_SEMAPHORE_B			0x244
#define NVC7B5_SET_SEMAPHORE_PAYLOAD		0x248
#define NVC7B5_SET_SEMAPHORE_PAYLOAD_UPPER	0x24c
#define NVC7B5_SET_RENDER_ENABLE_C		0x25c
#define NVC7B5_SET_SRC_PHYS_MODE		0x260
#define NVC7B5_SET_DST_PHYS_MODE		0x264
#define  NVC7B5_PHYS_MODE_TARGET(v)		((v) & 3)
#define  NVC7B5_PHYS_MODE_LOCAL_FB		0
#define  NVC7B5_PHYS_MODE_COHERENT_SYSMEM	1
#define  NVC7B5_PHYS_MODE_NONCOHERENT_SYSMEM	2
#define  NVC7B5_PHYS_MODE_PEERMEM		3
#define NVC7B5_LAUNCH_DMA			0x300
#define  NVC7B5_LAUNCH_TRANSFER(v)		((v) & 3)
#define  NVC7B5_LAUNCH_TRANSFER_NONE		0x00000000
#define  NVC7B5_LAUNCH_TRANSFER_PIPELINED	0x00000001
#define  NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED	0x00000002
#define  NVC7B5_LAUNCH_FLUSH			0x00000004
#define  NVC7B5_LAUNCH_SEMAPHORE(v)		(((v) >> 3) & 3)
#define  NVC7B5_LAUNCH_SEMAPHORE_ONE_WORD	0x00000008
#define  NVC7B5_LAUNCH_SEMAPHORE_FOUR_WORD	0x00000010
#define  NVC7B5_LAUNCH_INTERRUPT(v)		(((v) >> 5) & 3)
#define  NVC7B5_LAUNCH_INTERRUPT_BLOCKING	0x00000020
#define  NVC7B5_LAUNCH_INTERRUPT_NON_BLOCKING	0x00000040
#define  NVC7B5_LAUNCH_SRC_PITCH		0x00000080
#define  NVC7B5_LAUNCH_DST_PITCH		0x00000100
#define  NVC7B5_LAUNCH_MULTI_LINE		0x00000200
#define  NVC7B5_LAUNCH_REMAP			0x00000400
#define  NVC7B5_LAUNCH_SRC_PHYSICAL		0x00001000
#define  NVC7B5_LAUNCH_DST_PHYSICAL		0x00002000
#define  NVC7B5_LAUNCH_SEMAPHORE_REDUCTION	0x00080000
#define  NVC7B5_LAUNCH_DISABLE_PLC		0x04000000
#define  NVC7B5_LAUNCH_SEMAPHORE_TWO_WORD	0x08000000
#define NVC7B5_OFFSET_IN_UPPER			0x400
#define NVC7B5_OFFSET_IN_LOWER			0x404
#define NVC7B5_OFFSET_OUT_UPPER			0x408
#define NVC7B5_OFFSET_OUT_LOWER			0x40c
#define  NVC7B5_OFFSET_UPPER_MASK		0x0001ffff
#define NVC7B5_PITCH_IN				0x410
#define NVC7B5_PITCH_OUT			0x414
#define NVC7B5_LINE_LENGTH_IN			0x418
#define NVC7B5_LINE_COUNT			0x41c
#define NVC7B5_SET_REMAP_CONST_A		0x700
#define NVC7B5_SET_REMAP_CONST_B		0x704
#define NVC7B5_SET_REMAP_COMPONENTS		0x708
/* Selector of one destination component, DST_X at bit 0, Y 4, Z 8, W 12 */
#define  NVC7B5_REMAP_DST(v, i)			(((v) >> (4 * (i))) & 7)
#define  NVC7B5_REMAP_SRC_X			0
#define  NVC7B5_REMAP_SRC_W			3
#define  NVC7B5_REMAP_CONST_A			4
#define  NVC7B5_REMAP_CONST_B			5
#define  NVC7B5_REMAP_NO_WRITE			6
/* Size of a component and their number, all minus one */
#define  NVC7B5_REMAP_COMPONENT_SIZE(v)		((((v) >> 16) & 3) + 1)
#define  NVC7B5_REMAP_NUM_SRC(v)		((((v) >> 20) & 3) + 1)
#define  NVC7B5_REMAP_NUM_DST(v)		((((v) >> 24) & 3) + 1)
#define  NVC7B5_REMAP_COMPONENTS(size, src, dst) \
	((((size) - 1) << 16) | (((src) - 1) << 20) | (((dst) - 1) << 24))

/* Which physical engines do a copy engine's work; the same in all releases. */
#define NV2080_CTRL_CMD_CE_GET_CE_PCE_MASK	0x20802a02
struct ovg_ce_pce_mask {
	u32 engine;		/* NV2080_ENGINE_TYPE_* */
	u32 mask;
};

OVG_ABI_SIZE(ovg_ce_pce_mask, 8);

#endif /* OVG_CE_H */
