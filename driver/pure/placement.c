// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Homogeneous placement; see placement.h.  The length is NVIDIA's
 * (kernel_vgpu_mgr.c of 570.144, whose comment says that the plugin has the
 * same): an equal share of FB less what the vGPU costs beside its FB, in whole
 * VMMU segments, and never more than the type asks for.
 */
#include "ovg_pure.h"
#include "placement.h"

u64 ovg_placement_fb_length(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	u64 total = ovg_align_up(p->fb_total, 8 * p->segment);
	u64 share = total / t->max_instance;
	u64 cost = t->fb_reservation + t->gsp_heap_size;

	if (share <= cost)
		return 0;
	return ovg_align_down(ovg_min(share - cost, t->fb_length), p->segment);
}

/* FB that slots may take: whole segments, less a heap for each. */
static u64 slot_base(const struct ovg_placement *p)
{
	return ovg_align_up(p->fb_base, p->segment);
}

u32 ovg_placement_capacity(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	u64 len = ovg_placement_fb_length(p, t);
	u64 end = p->fb_base + p->fb_size;
	u64 base = slot_base(p);
	u64 n;

	if (!len || base >= end)
		return 0;

	/* Heaps come out of the same FB and are placed behind the slots. */
	n = (end - base) / (len + t->gsp_heap_size);
	n = ovg_min(n, t->max_instance);
	n = ovg_min(n, p->max_vgpus);
	return ovg_min(n, OVG_MAX_SLOTS);
}

int ovg_placement_check(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	u32 i, n;

	if (p->used && (p->profile_size != t->profile_size ||
			p->max_instance != t->max_instance ||
			p->slot_length != ovg_placement_fb_length(p, t)))
		return -EINVAL;

	n = ovg_placement_capacity(p, t);
	for (i = 0; i < n; i++)
		if (!(p->used & (1ULL << i)))
			return 0;
	return -ENOSPC;
}

int ovg_placement_take(struct ovg_placement *p, const struct ovg_vgpu_type *t,
		       struct ovg_slot *slot)
{
	u32 i = 0, chids;
	int ret;

	ret = ovg_placement_check(p, t);
	if (ret)
		return ret;

	while (p->used & (1ULL << i))
		i++;

	/* Power of two, so that any number of them packs without holes. */
	for (chids = 1; chids * 2 <= p->num_chids / t->max_instance; chids *= 2)
		;

	p->used |= 1ULL << i;
	p->profile_size = t->profile_size;
	p->max_instance = t->max_instance;
	slot->index = i;
	p->slot_length = ovg_placement_fb_length(p, t);
	slot->fb_length = p->slot_length;
	slot->fb_addr = slot_base(p) + i * slot->fb_length;
	slot->num_chids = chids;
	return 0;
}

int ovg_placement_give(struct ovg_placement *p, u32 index)
{
	if (index >= OVG_MAX_SLOTS || !(p->used & (1ULL << index)))
		return -EINVAL;

	p->used &= ~(1ULL << index);
	if (!p->used) {
		p->profile_size = 0;
		p->max_instance = 0;
		p->slot_length = 0;
	}
	return 0;
}
