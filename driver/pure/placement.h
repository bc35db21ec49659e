/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Which vGPU goes where in FB: homogeneous mode, in which all vGPUs of a GPU
 * have the same profile size and take equal slots.
 */
#ifndef OVG_PURE_PLACEMENT_H
#define OVG_PURE_PLACEMENT_H

#include "vgpu_type.h"

#define OVG_MAX_SLOTS	64

/**
 * struct ovg_placement - the slots of one GPU
 * @fb_base: first FB byte for vGPUs
 * @fb_size: bytes from there
 * @fb_total: FB of the board, what types are cut from
 * @segment: VMMU segment, bytes
 * @num_chids: channel ids of a runlist
 * @max_vgpus: vGPUs that GSP has room for
 * @profile_size: size in force, 0 when no slot is taken
 * @max_instance: of the types of that size
 * @slot_length: FB of each slot that is taken, bytes
 * @used: one bit for each slot
 */
struct ovg_placement {
	u64 fb_base;
	u64 fb_size;
	u64 fb_total;
	u64 segment;
	u32 num_chids;
	u32 max_vgpus;
	u64 profile_size;
	u32 max_instance;
	u64 slot_length;
	u64 used;
};

/**
 * struct ovg_slot - what a vGPU gets
 * @index: number of the slot
 * @fb_addr: guest FB, a multiple of the segment
 * @fb_length: its bytes, a multiple of the segment
 * @num_chids: channel ids, a power of two
 */
struct ovg_slot {
	u32 index;
	u64 fb_addr;
	u64 fb_length;
	u32 num_chids;
};

/* Guest FB of a type, bytes: what GSP's own formula gives; 0 when nothing is left. */
u64 ovg_placement_fb_length(const struct ovg_placement *p, const struct ovg_vgpu_type *t);
/* Slots of a type that there are on this GPU in all. */
u32 ovg_placement_capacity(const struct ovg_placement *p, const struct ovg_vgpu_type *t);
/*
 * Can a vGPU of this type be added now?  0, -EINVAL: another size is in force
 * (or the same, with slots of another length), -ENOSPC: full.
 */
int ovg_placement_check(const struct ovg_placement *p, const struct ovg_vgpu_type *t);
/* Take the lowest free slot. Return as ovg_placement_check(). */
int ovg_placement_take(struct ovg_placement *p, const struct ovg_vgpu_type *t,
		       struct ovg_slot *slot);
/* Give back.  -EINVAL when the slot is not taken. */
int ovg_placement_give(struct ovg_placement *p, u32 index);

#endif /* OVG_PURE_PLACEMENT_H */
