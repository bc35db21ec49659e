/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Which vGPU goes where in FB and channel ids.  A placement id counts GiB of the
 * board; a vGPU takes as many ids as its profile has GiB.  There are two modes:
 *
 *  homogeneous	all vGPUs have the same profile size and take equal slots
 *  mixed size	each type has fixed places, found by halving the board up to
 *		four times; vGPUs of all sizes stand beside each other
 */
#ifndef OVG_PURE_PLACEMENT_H
#define OVG_PURE_PLACEMENT_H

#include "vgpu_type.h"

/* vGPUs that GSP-RM keeps books on for one GPU (MAX_VGPU_DEVICES_PER_PGPU). */
#define OVG_MAX_SLOTS		32

/* No placement id, and "any" where one is asked for (NVA081_PLACEMENT_ID_INVALID). */
#define OVG_PLACEMENT_NONE	0xffffU

/**
 * struct ovg_slot - what a vGPU gets
 * @index: number of the slot
 * @id: placement id
 * @size: placement ids from there
 * @fb_addr: guest FB, a multiple of the segment
 * @fb_length: its bytes, a multiple of the segment; 0 for a slot not in use
 * @heap_addr: plugin heap in FB, a multiple of 4 KiB
 * @heap_length: its bytes
 * @chid: first channel id, a multiple of @num_chids
 * @num_chids: channel ids, a power of two
 */
struct ovg_slot {
	u32 index;
	u32 id;
	u32 size;
	u64 fb_addr;
	u64 fb_length;
	u64 heap_addr;
	u64 heap_length;
	u32 chid;
	u32 num_chids;
};

/**
 * struct ovg_placement - the slots of one GPU
 * @fb_base: first FB byte for vGPUs
 * @fb_size: bytes from there
 * @fb_total: FB of the board, what types are cut from
 * @segment: VMMU segment, bytes
 * @num_chids: channel ids of a runlist for vGPUs, from 0 on
 * @max_vgpus: vGPUs that GSP has room for
 * @region: placement ids of the board
 * @heap_cells: mixed-size mode: parts that the room for plugin heaps has
 * @heap_cell: bytes of such a part
 * @most: mixed-size mode: vGPUs that there can be at once
 * @mixed: mixed-size mode
 * @profile_size: homogeneous mode: size in force, 0 when no slot is taken
 * @max_instance: homogeneous mode: of the types of that size
 * @slot: those that are taken
 */
struct ovg_placement {
	u64 fb_base;
	u64 fb_size;
	u64 fb_total;
	u64 segment;
	u32 num_chids;
	u32 max_vgpus;
	u32 region;
	u32 heap_cells;
	u64 heap_cell;
	u32 most;
	bool mixed;
	u64 profile_size;
	u32 max_instance;
	struct ovg_slot slot[OVG_MAX_SLOTS];
};

/*
 * Learn from its types how the board is divided: @region to @most; the
 * members above them are set, the rest is zero.
 */
void ovg_placement_init(struct ovg_placement *p, const struct ovg_vgpu_type *types, u32 count);
/* Take the other mode.  -EBUSY while a slot is taken. */
int ovg_placement_set_mixed(struct ovg_placement *p, bool mixed);

/* Guest FB of a type, bytes: what GSP's own formula gives; 0 when nothing is left. */
u64 ovg_placement_fb_length(const struct ovg_placement *p, const struct ovg_vgpu_type *t);
/* Placement ids that a type takes. */
u32 ovg_placement_size(const struct ovg_vgpu_type *t);
/*
 * The places of a type on this GPU in this mode, taken or not, by ascending id:
 * @pos is 0 for the first.  False when there are no more.
 */
bool ovg_placement_next(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 *pos,
			struct ovg_slot *place);
/* vGPUs of one type that there can be at once, and nothing else. */
u32 ovg_placement_capacity(const struct ovg_placement *p, const struct ovg_vgpu_type *t);
/*
 * Can a vGPU of this type be added now, at placement id @id or at any when that
 * is OVG_PLACEMENT_NONE?  0; -EINVAL: another size is in force, or the type has
 * no such place; -EBUSY: that place is not free; -ENOSPC: no place is.
 */
int ovg_placement_check(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 id);
/* Take that place, or the lowest that is free.  Return as ovg_placement_check(). */
int ovg_placement_take(struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 id,
		       struct ovg_slot *slot);
/* Give back.  -EINVAL when the slot is not taken. */
int ovg_placement_give(struct ovg_placement *p, u32 index);

#endif /* OVG_PURE_PLACEMENT_H */
