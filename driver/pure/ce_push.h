/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What a copy engine channel is given: the methods of one fill or read and the
 * GPFIFO entry that points to them.
 */
#ifndef OVG_PURE_CE_PUSH_H
#define OVG_PURE_CE_PUSH_H

#include "common/ovg_types.h"

/* The subchannel that nouveau and OpenRM use for copy classes. */
#define OVG_CE_SUBCH		4

/* Words that one fill or read takes at most. */
#define OVG_CE_FILL_WORDS	32

/**
 * struct ovg_ce_shape - how a fill is put to the engine
 * @words: words of 4 bytes that the engine writes at a time: 1, 2, 3 or 4
 * @pipelined: may overlap with the launch before it
 * @plc: may leave memory compressed (post-L2 compression)
 * @scrub: the engine's own memory scrubber, from HOPPER_DMA_COPY_A on; physical
 *	addresses and zeroes only, @words does not matter
 */
struct ovg_ce_shape {
	u32 words;
	bool pipelined;
	bool plc;
	bool scrub;
};

/* Words of 4 bytes, which every class can do. */
extern const struct ovg_ce_shape ovg_ce_shape_words;

/*
 * What a privileged channel clears framebuffer with: the memory scrubber where the
 * class has one, it is four times as fast.
 */
const struct ovg_ce_shape *ovg_ce_shape(u32 class_id);

/**
 * struct ovg_ce_fill - one fill
 * @shape: how
 * @class_id: copy class of the object on OVG_CE_SUBCH
 * @physical: @dst is an FB address, which only a privileged channel may use;
 *	else it is a GPU virtual one
 * @dst: first byte
 * @size: bytes
 * @value: word that memory is filled with
 * @sem: GPU virtual address of the fence's word, a multiple of 4
 * @payload: what the engine writes there when all of the fill is in memory
 */
struct ovg_ce_fill {
	const struct ovg_ce_shape *shape;
	u32 class_id;
	bool physical;
	u64 dst;
	u64 size;
	u32 value;
	u64 sem;
	u32 payload;
};

/*
 * The methods of a fill; @buf has room for OVG_CE_FILL_WORDS.  Returns the number
 * of words, 0 when there is no such fill: the size is 0, no multiple of what is
 * written at a time or too long for a line, or the scrubber is asked for what it
 * cannot do.
 */
u32 ovg_ce_push_fill(u32 *buf, const struct ovg_ce_fill *fill);

/**
 * struct ovg_ce_read - one copy from FB to system memory, physical addresses
 * @class_id: copy class of the object on OVG_CE_SUBCH
 * @src: FB address
 * @dst: DMA address of memory that is coherent
 * @size: bytes
 * @sem: as in a fill
 * @payload: as in a fill
 */
struct ovg_ce_read {
	u32 class_id;
	u64 src;
	u64 dst;
	u64 size;
	u64 sem;
	u32 payload;
};

/*
 * The methods of a read; @buf has room for OVG_CE_FILL_WORDS.  Returns the number
 * of words, 0 when the size is 0 or too long for a line, or an address has more
 * bits than the class.
 */
u32 ovg_ce_push_read(u32 *buf, const struct ovg_ce_read *read);

/*
 * The two words of the GPFIFO entry for @words words at GPU virtual address @va,
 * a multiple of 4 below 1 TiB.
 */
void ovg_ce_gp_entry(u32 *entry, u64 va, u32 words);

#endif /* OVG_PURE_CE_PUSH_H */
