// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Push buffers of a copy engine; see ce_push.h.  Facts: clc7b5.h, clc8b5.h,
 * clc56f.h.
 */
#include "ce_push.h"
#include "ovg_pure.h"

#include "common/ce.h"
#include "common/fifo.h"

/* The memory scrubber came with this class. */
#define HOPPER_DMA_COPY_A		0xc8b5
#define NVC8B5_SET_MEMORY_SCRUB		0x6fc
#define NVC8B5_LAUNCH_MEMORY_SCRUB	0x00800000
#define OVG_CE_SCRUB_ALIGN		0x1000

/*
 * As OpenRM's channelFillCePb() and UVM's memset_4 do it.  Wider words and
 * pipelining change nothing: the physical engines' rate is the limit.
 */
const struct ovg_ce_shape ovg_ce_shape_words = {
	.words = 1,
};

/* As OpenRM's channelFillPbFastScrub() does it. */
static const struct ovg_ce_shape shape_scrub = {
	.scrub = true,
};

const struct ovg_ce_shape *ovg_ce_shape(u32 class_id)
{
	return class_id < HOPPER_DMA_COPY_A ? &ovg_ce_shape_words : &shape_scrub;
}

struct push {
	u32 *buf;
	u32 at;
};

static void mthd(struct push *p, u32 method, u32 data)
{
	p->buf[p->at++] = NVC56F_DMA_INC(OVG_CE_SUBCH, method, 1);
	p->buf[p->at++] = data;
}

/*
 * The constant in each of @words components of 4 bytes, from no source.  The
 * memory scrubber writes the constants, too, whatever they were before: both are
 * set each time.
 */
static void remap(struct push *p, u32 words, u32 value)
{
	u32 components = NVC7B5_REMAP_COMPONENTS(4, 1, words);
	u32 i;

	for (i = 0; i < words; i++)
		components |= NVC7B5_REMAP_CONST_A << (4 * i);
	mthd(p, NVC7B5_SET_REMAP_CONST_A, value);
	mthd(p, NVC7B5_SET_REMAP_CONST_B, value);
	mthd(p, NVC7B5_SET_REMAP_COMPONENTS, components);
}

/* Elements of a line, 0 when there is no such fill. */
static u64 line_length(const struct ovg_ce_fill *fill)
{
	const struct ovg_ce_shape *shape = fill->shape;
	u64 unit;

	if (shape->scrub) {
		if (fill->class_id < HOPPER_DMA_COPY_A || !fill->physical || fill->value ||
		    (fill->dst | fill->size) % OVG_CE_SCRUB_ALIGN)
			return 0;
		return fill->size;
	}
	if (!shape->words || shape->words > 4)
		return 0;
	unit = (u64)shape->words * 4;
	if (fill->size % unit)
		return 0;
	return fill->size / unit;
}

u32 ovg_ce_push_fill(u32 *buf, const struct ovg_ce_fill *fill)
{
	const struct ovg_ce_shape *shape = fill->shape;
	u64 length = line_length(fill);
	struct push p = { .buf = buf };
	u32 launch;

	if (!length || length > 0xffffffffULL || fill->sem % 4)
		return 0;

	launch = NVC7B5_LAUNCH_FLUSH |
		 NVC7B5_LAUNCH_SEMAPHORE_ONE_WORD |
		 NVC7B5_LAUNCH_INTERRUPT_NON_BLOCKING |
		 NVC7B5_LAUNCH_SRC_PITCH |
		 NVC7B5_LAUNCH_DST_PITCH;
	launch |= shape->pipelined ? NVC7B5_LAUNCH_TRANSFER_PIPELINED :
				     NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED;
	if (!shape->plc)
		launch |= NVC7B5_LAUNCH_DISABLE_PLC;

	mthd(&p, NVC56F_SET_OBJECT, fill->class_id);
	mthd(&p, NVC7B5_SET_SEMAPHORE_A, fill->sem >> 32);
	mthd(&p, NVC7B5_SET_SEMAPHORE_B, (u32)fill->sem);
	mthd(&p, NVC7B5_SET_SEMAPHORE_PAYLOAD, fill->payload);
	remap(&p, shape->scrub ? 1 : shape->words, fill->value);
	if (shape->scrub) {
		mthd(&p, NVC8B5_SET_MEMORY_SCRUB, 0);
		launch |= NVC8B5_LAUNCH_MEMORY_SCRUB;
	} else {
		launch |= NVC7B5_LAUNCH_REMAP;
	}
	if (fill->physical) {
		mthd(&p, NVC7B5_SET_DST_PHYS_MODE, NVC7B5_PHYS_MODE_LOCAL_FB);
		launch |= NVC7B5_LAUNCH_DST_PHYSICAL;
	}
	mthd(&p, NVC7B5_OFFSET_OUT_UPPER, fill->dst >> 32);
	mthd(&p, NVC7B5_OFFSET_OUT_LOWER, (u32)fill->dst);
	mthd(&p, NVC7B5_LINE_LENGTH_IN, length);
	mthd(&p, NVC7B5_LINE_COUNT, 1);
	mthd(&p, NVC7B5_LAUNCH_DMA, launch);

	return p.at;
}

/* Apertures as OpenRM's channelPushMemoryProperties() has them. */
u32 ovg_ce_push_read(u32 *buf, const struct ovg_ce_read *read)
{
	struct push p = { .buf = buf };

	if (!read->size || read->size > 0xffffffffULL || read->sem % 4 ||
	    (read->src | read->dst) >> 32 > NVC7B5_OFFSET_UPPER_MASK)
		return 0;

	mthd(&p, NVC56F_SET_OBJECT, read->class_id);
	mthd(&p, NVC7B5_SET_SEMAPHORE_A, read->sem >> 32);
	mthd(&p, NVC7B5_SET_SEMAPHORE_B, (u32)read->sem);
	mthd(&p, NVC7B5_SET_SEMAPHORE_PAYLOAD, read->payload);
	mthd(&p, NVC7B5_SET_SRC_PHYS_MODE, NVC7B5_PHYS_MODE_LOCAL_FB);
	mthd(&p, NVC7B5_SET_DST_PHYS_MODE, NVC7B5_PHYS_MODE_COHERENT_SYSMEM);
	mthd(&p, NVC7B5_OFFSET_IN_UPPER, read->src >> 32);
	mthd(&p, NVC7B5_OFFSET_IN_LOWER, (u32)read->src);
	mthd(&p, NVC7B5_OFFSET_OUT_UPPER, read->dst >> 32);
	mthd(&p, NVC7B5_OFFSET_OUT_LOWER, (u32)read->dst);
	mthd(&p, NVC7B5_LINE_LENGTH_IN, read->size);
	mthd(&p, NVC7B5_LINE_COUNT, 1);
	mthd(&p, NVC7B5_LAUNCH_DMA,
	     NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED | NVC7B5_LAUNCH_FLUSH |
	     NVC7B5_LAUNCH_SEMAPHORE_ONE_WORD | NVC7B5_LAUNCH_INTERRUPT_NON_BLOCKING |
	     NVC7B5_LAUNCH_SRC_PITCH | NVC7B5_LAUNCH_DST_PITCH |
	     NVC7B5_LAUNCH_SRC_PHYSICAL | NVC7B5_LAUNCH_DST_PHYSICAL);

	return p.at;
}

void ovg_ce_gp_entry(u32 *entry, u64 va, u32 words)
{
	entry[0] = NVC56F_GP_ENTRY0_GET(va);
	entry[1] = NVC56F_GP_ENTRY1(va, words);
}
