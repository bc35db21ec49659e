// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Placement; see placement.h.  The rules are those of NVIDIA's kernel_vgpu_mgr.c
 * of 570.144, whose comments say that the plugin has the same length and whose
 * placement ids users know from NVIDIA's tools:
 *
 *  length	an equal share of FB less what the vGPU costs beside its FB, in
 *		whole VMMU segments, never more than the type asks for
 *  mixed	a type of which 2n fit has two places in each n-th of the board, at
 *		its ends; one of which another number fits has one in each n-th, n
 *		the next power of two below that number, at the outer end of each
 *		pair.  Channel ids and FB are halved in step with the ids.  A type
 *		of 1 GiB that loses nothing to GSP overhangs its share of FB, so
 *		NVIDIA denies it some ids
 *
 * Heaps lie behind the guests' FB: any FB will do for them.  Where, goes by the
 * place, so that no order of coming and going leaves a hole that fits nobody: in
 * mixed-size mode that room is cut as the board is, into 16 cells, or 32 when there
 * are places of which two share a sixteenth.
 */
#include "ovg_pure.h"
#include "placement.h"

#define GIB			0x40000000ULL
/* The finest partition of the mixed-size mode. */
#define PARTITIONS_MAX		(OVG_MAX_SLOTS / 2)

static u32 floor_pow2(u32 n)
{
	u32 p = 1;

	while (p <= n / 2)
		p *= 2;
	return n ? p : 0;
}

u64 ovg_placement_fb_length(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	u64 total = ovg_align_up(p->fb_total, 8 * p->segment);
	u64 share = total / t->max_instance;
	u64 cost = t->fb_reservation + t->gsp_heap_size;

	if (share <= cost)
		return 0;
	return ovg_align_down(ovg_min(share - cost, t->fb_length), p->segment);
}

u32 ovg_placement_size(const struct ovg_vgpu_type *t)
{
	/* The smallest types have 1 GiB; one below it would take an id as well. */
	return t->profile_size < GIB ? 1 : ovg_min(t->profile_size / GIB, OVG_PLACEMENT_NONE - 1);
}

/* FB that slots may take starts with a whole segment. */
static u64 slot_base(const struct ovg_placement *p)
{
	return ovg_align_up(p->fb_base, p->segment);
}

static u64 fb_end(const struct ovg_placement *p)
{
	return ovg_align_down(p->fb_base + p->fb_size, 4096);
}

static u32 num_chids(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	return floor_pow2(p->num_chids / t->max_instance);
}

static u64 heap_length(const struct ovg_vgpu_type *t)
{
	return ovg_align_up(t->gsp_heap_size, 4096);
}

/* Place @n of a type; false when there are no more. */
static bool homogeneous(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 n,
			struct ovg_slot *out)
{
	u64 len = ovg_placement_fb_length(p, t);
	u32 size = ovg_placement_size(t);
	u64 base = slot_base(p);

	if (!len || base >= fb_end(p) || !num_chids(p, t) || n >= t->max_instance ||
	    n >= p->region / size || n >= OVG_MAX_SLOTS ||
	    n >= (fb_end(p) - base) / (len + heap_length(t)))
		return false;

	*out = (struct ovg_slot){
		.id = n * size,
		.size = size,
		.fb_addr = base + n * len,
		.fb_length = len,
		.heap_addr = fb_end(p) - (n + 1) * heap_length(t),
		.heap_length = heap_length(t),
		.num_chids = num_chids(p, t),
		.chid = n * num_chids(p, t),
	};
	return true;
}

/* A part of the board: FB in segments from slot_base() on. */
struct part {
	u32 id, id_end;
	u32 segment, segment_end;
	u32 chid, chid_end;
};

/* Part @index of @parts equal ones. */
static struct part part_of(struct part whole, u32 parts, u32 index)
{
	struct part s = whole;
	u32 bit;

	for (bit = parts / 2; bit; bit /= 2) {
		u32 id = (s.id + s.id_end) / 2;
		u32 segment = (s.segment + s.segment_end) / 2;
		u32 chid = (s.chid + s.chid_end) / 2;

		if (index & bit) {
			s.id = id;
			s.segment = segment;
			s.chid = chid;
		} else {
			s.id_end = id;
			s.segment_end = segment;
			s.chid_end = chid;
		}
	}
	return s;
}

/* On GPUs with GSP; NVIDIA lists the ids up to 45. */
static bool denied(u64 fb_length, u32 id)
{
	return fb_length == GIB && id < 48 && (id % 6 == 2 || id % 6 == 3);
}

/* The whole board in mixed-size mode: what is left beside the heaps. */
static bool whole_board(const struct ovg_placement *p, struct part *whole)
{
	u64 heaps = p->heap_cells * p->heap_cell;

	if (fb_end(p) < slot_base(p) || fb_end(p) - slot_base(p) < heaps)
		return false;
	*whole = (struct part){
		.id_end = p->region,
		.segment_end = (fb_end(p) - slot_base(p) - heaps) / p->segment,
		.chid_end = floor_pow2(p->num_chids),
	};
	return true;
}

/* The place at the start of a part, or at its end, when it lies on the board. */
static bool put_place(const struct ovg_placement *p, const struct ovg_vgpu_type *t,
		      const struct part *part, bool at_end, u32 limit, struct ovg_slot *out)
{
	u64 len = ovg_placement_fb_length(p, t);
	u32 segments = len / p->segment;
	u32 size = ovg_placement_size(t);
	u32 chids = num_chids(p, t);
	u32 segment = part->segment;

	if (!segments || !chids || size > part->id_end - part->id ||
	    chids > part->chid_end - part->chid)
		return false;
	if (at_end) {
		if (segments > part->segment_end)
			return false;
		segment = part->segment_end - segments;
	}
	if (segments > limit || segment > limit - segments)
		return false;

	*out = (struct ovg_slot){
		.id = at_end ? part->id_end - size : part->id,
		.size = size,
		.fb_addr = slot_base(p) + segment * p->segment,
		.fb_length = len,
		.chid = at_end ? part->chid_end - chids : part->chid,
		.num_chids = chids,
	};
	return !denied(len, out->id);
}

/* Mixed-size mode: into how many places a type cuts the board, two in each part? */
static u32 num_places(const struct ovg_vgpu_type *t, bool *both)
{
	u32 places = floor_pow2(t->max_instance);

	*both = places == t->max_instance && places > 1;
	return places;
}

static bool mixed_size(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 *pos,
		       struct ovg_slot *out)
{
	struct part whole, part;
	u32 places, parts, cell;
	bool both, at_end;

	places = num_places(t, &both);
	parts = both ? places / 2 : places;
	if (parts > PARTITIONS_MAX || !whole_board(p, &whole))
		return false;

	while (*pos < places) {
		part = part_of(whole, parts, both ? *pos / 2 : *pos);
		at_end = *pos & 1;
		cell = *pos * p->heap_cells / places;
		(*pos)++;
		if (!put_place(p, t, &part, at_end, whole.segment_end, out))
			continue;
		out->heap_addr = fb_end(p) - (p->heap_cells - cell) * p->heap_cell;
		out->heap_length = heap_length(t);
		return true;
	}
	return false;
}

bool ovg_placement_next(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 *pos,
			struct ovg_slot *place)
{
	return p->mixed ? mixed_size(p, t, pos, place) : homogeneous(p, t, (*pos)++, place);
}

static bool overlap(u64 a, u64 a_length, u64 b, u64 b_length)
{
	return a < b + b_length && b < a + a_length;
}

static bool collide(const struct ovg_slot *a, const struct ovg_slot *b)
{
	return overlap(a->id, a->size, b->id, b->size) ||
	       overlap(a->fb_addr, a->fb_length, b->fb_addr, b->fb_length) ||
	       overlap(a->chid, a->num_chids, b->chid, b->num_chids);
}

u32 ovg_placement_capacity(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	struct ovg_slot place, last;
	u32 pos = 0, n = 0;

	/* Where FB is short, the two places of a part have some of it in common. */
	while (ovg_placement_next(p, t, &pos, &place)) {
		if (n && collide(&place, &last))
			continue;
		last = place;
		n++;
	}
	return ovg_min(n, p->max_vgpus);
}

/* Do two places of a type share a sixteenth of the board? */
static bool share_a_sixteenth(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	struct ovg_slot place;
	u32 pos = 0, last = PARTITIONS_MAX;
	bool both;

	if (num_places(t, &both) <= PARTITIONS_MAX)
		return false;
	while (ovg_placement_next(p, t, &pos, &place)) {
		/* @pos is one further already */
		if ((pos - 1) / 2 == last)
			return true;
		last = (pos - 1) / 2;
	}
	return false;
}

/* Each place has room for its heap in the cells that belong to its part of the board. */
static void cut_heaps(struct ovg_placement *p, const struct ovg_vgpu_type *types, u32 count)
{
	u32 i, cells = PARTITIONS_MAX;
	u64 cell = 0;
	bool both;

	for (i = 0; i < count; i++)
		if (share_a_sixteenth(p, &types[i]))
			cells = 2 * PARTITIONS_MAX;
	for (i = 0; i < count; i++) {
		u32 own = ovg_max(cells / ovg_max(num_places(&types[i], &both), 1U), 1U);

		cell = ovg_max(cell, ovg_align_up((types[i].gsp_heap_size + own - 1) / own, 4096));
	}
	p->heap_cells = cells;
	p->heap_cell = cell;
}

void ovg_placement_init(struct ovg_placement *p, const struct ovg_vgpu_type *types, u32 count)
{
	u32 i;

	p->region = 0;
	p->heap_cells = 0;
	p->heap_cell = 0;
	p->most = 0;
	for (i = 0; i < count; i++) {
		/* NVIDIA's: the type that has the board for itself */
		if (types[i].max_instance == 1)
			p->region = ovg_max(p->region, ovg_placement_size(&types[i]));
	}
	if (!p->region)
		p->region = ovg_min(ovg_align_up(p->fb_total, GIB) / GIB, OVG_PLACEMENT_NONE - 1);

	p->mixed = true;
	cut_heaps(p, types, count);
	/* Each small type finds as many places as vGPUs can be at once. */
	for (i = 0; i < count; i++)
		p->most = ovg_max(p->most, ovg_placement_capacity(p, &types[i]));
	p->mixed = false;
}

static bool used(const struct ovg_slot *s)
{
	return s->fb_length;
}

static u32 num_used(const struct ovg_placement *p)
{
	u32 i, n = 0;

	for (i = 0; i < OVG_MAX_SLOTS; i++)
		n += used(&p->slot[i]);
	return n;
}

static bool is_free(const struct ovg_placement *p, const struct ovg_slot *s)
{
	const struct ovg_slot *o;

	for (o = p->slot; o < p->slot + OVG_MAX_SLOTS; o++)
		if (used(o) && collide(s, o))
			return false;
	return true;
}

/* Homogeneous mode: may a type stand beside those that there are? */
static bool same_size(const struct ovg_placement *p, const struct ovg_vgpu_type *t)
{
	u32 i;

	for (i = 0; i < OVG_MAX_SLOTS; i++)
		if (used(&p->slot[i]) &&
		    (p->profile_size != t->profile_size || p->max_instance != t->max_instance ||
		     p->slot[i].fb_length != ovg_placement_fb_length(p, t) ||
		     p->slot[i].heap_length != heap_length(t)))
			return false;
	return true;
}

static int find(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 id,
		struct ovg_slot *slot)
{
	u32 room = p->mixed ? p->most : p->max_vgpus;
	bool full = num_used(p) >= room;
	u32 pos = 0;

	if (!p->mixed && !same_size(p, t))
		return -EINVAL;

	while (ovg_placement_next(p, t, &pos, slot)) {
		if (id == OVG_PLACEMENT_NONE) {
			if (!full && is_free(p, slot))
				return 0;
		} else if (slot->id == id) {
			return full ? -ENOSPC : is_free(p, slot) ? 0 : -EBUSY;
		}
	}
	return id == OVG_PLACEMENT_NONE ? -ENOSPC : -EINVAL;
}

int ovg_placement_check(const struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 id)
{
	struct ovg_slot slot;

	return find(p, t, id, &slot);
}

int ovg_placement_take(struct ovg_placement *p, const struct ovg_vgpu_type *t, u32 id,
		       struct ovg_slot *slot)
{
	u32 i = 0;
	int ret;

	ret = find(p, t, id, slot);
	if (ret)
		return ret;

	/* find() left room: there are no more vGPUs than slots. */
	while (i < OVG_MAX_SLOTS && used(&p->slot[i]))
		i++;
	if (i == OVG_MAX_SLOTS)
		return -ENOSPC;

	slot->index = i;
	p->slot[i] = *slot;
	if (!p->mixed) {
		p->profile_size = t->profile_size;
		p->max_instance = t->max_instance;
	}
	return 0;
}

int ovg_placement_give(struct ovg_placement *p, u32 index)
{
	if (index >= OVG_MAX_SLOTS || !used(&p->slot[index]))
		return -EINVAL;

	memset(&p->slot[index], 0, sizeof(p->slot[index]));
	if (!num_used(p)) {
		p->profile_size = 0;
		p->max_instance = 0;
	}
	return 0;
}

int ovg_placement_set_mixed(struct ovg_placement *p, bool mixed)
{
	if (mixed == p->mixed)
		return 0;
	if (num_used(p))
		return -EBUSY;
	p->mixed = mixed;
	return 0;
}
