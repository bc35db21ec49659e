// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Placement of vGPUs: equal slots for equal sizes.
 */
#include "unit.h"
#include "placement.h"

#define MIB(n)	((u64)(n) << 20)
#define GIB(n)	((u64)(n) << 30)
#define SEG	MIB(256)
#define ANY	OVG_PLACEMENT_NONE

static struct ovg_placement l40(void)
{
	return (struct ovg_placement){
		.fb_base = MIB(100),
		.fb_size = GIB(48) - MIB(600),
		.fb_total = GIB(48),
		.segment = SEG,
		.num_chids = 2048,
		.max_vgpus = 32,
		.region = 48,
	};
}

/* @n vGPUs share the board */
static struct ovg_vgpu_type type(u32 id, u32 n)
{
	return (struct ovg_vgpu_type){
		.id = id,
		.max_instance = n,
		.profile_size = GIB(48) / n,
		.fb_length = GIB(48) / n,
		.gsp_heap_size = MIB(40),
		/* so much, that GSP's part of FB fits beside all of them */
		.fb_reservation = MIB(64) + GIB(1) / n,
	};
}

static void test_fb_length(void **state)
{
	struct ovg_placement p = l40();
	struct ovg_vgpu_type t = type(1, 12);

	(void)state;
	/* 4 GiB less 64 MiB, in segments of 256 MiB */
	t.fb_reservation = MIB(24);
	assert_int_equal(ovg_placement_fb_length(&p, &t), MIB(3840));
	/* never more than the type asks for */
	t.fb_length = MIB(3000);
	assert_int_equal(ovg_placement_fb_length(&p, &t), MIB(2816));
	t.fb_length = MIB(255);
	assert_int_equal(ovg_placement_fb_length(&p, &t), 0);
	/* FB counts in units of eight segments */
	t.fb_length = GIB(4);
	p.fb_total = GIB(44) + 1;
	assert_int_equal(ovg_placement_fb_length(&p, &t), MIB(3840));
	p.fb_total = GIB(44);
	assert_int_equal(ovg_placement_fb_length(&p, &t), MIB(3584));
	/* a cost as large as the share leaves nothing, a larger one too */
	p.fb_total = GIB(48);
	t.fb_reservation = GIB(4) - t.gsp_heap_size;
	assert_int_equal(ovg_placement_fb_length(&p, &t), 0);
	t.fb_reservation = GIB(5);
	assert_int_equal(ovg_placement_fb_length(&p, &t), 0);
	assert_int_equal(ovg_placement_capacity(&p, &t), 0);
	assert_int_equal(ovg_placement_check(&p, &t, ANY), -ENOSPC);
}

static void test_capacity(void **state)
{
	struct ovg_placement p = l40();
	struct ovg_vgpu_type t = type(1, 12);

	(void)state;
	assert_int_equal(ovg_placement_capacity(&p, &t), 12);
	/* what lies before the first whole segment is lost */
	p.fb_base = SEG;
	p.fb_size = 3 * (MIB(3840) + MIB(40));
	assert_int_equal(ovg_placement_capacity(&p, &t), 3);
	p.fb_size--;
	assert_int_equal(ovg_placement_capacity(&p, &t), 2);
	p.fb_base++;
	p.fb_size = 3 * (MIB(3840) + MIB(40)) + SEG - 1;
	assert_int_equal(ovg_placement_capacity(&p, &t), 3);
	p.fb_base = SEG + 1;
	p.fb_size = SEG - 1;
	assert_int_equal(ovg_placement_capacity(&p, &t), 0);
	p = l40();
	p.max_vgpus = 5;
	assert_int_equal(ovg_placement_capacity(&p, &t), 5);
	p.max_vgpus = 0;
	assert_int_equal(ovg_placement_capacity(&p, &t), 0);
	/* and there are 32 slots */
	p = l40();
	p.segment = MIB(32);
	p.max_vgpus = 1000;
	p.region = 1000;
	t = type(1, 48);
	t.max_instance = 1000;
	t.fb_length = MIB(32);
	t.fb_reservation = 0;
	t.gsp_heap_size = 4096;
	assert_int_equal(ovg_placement_capacity(&p, &t), OVG_MAX_SLOTS);
}

static void check_apart(u64 a, u64 a_len, u64 b, u64 b_len)
{
	assert_true(a + a_len <= b || b + b_len <= a);
}

static void check_slots(const struct ovg_placement *p, const struct ovg_slot *s, u32 n)
{
	u32 i, k;

	for (i = 0; i < n; i++) {
		assert_int_equal(s[i].fb_addr % p->segment, 0);
		assert_int_equal(s[i].fb_length % p->segment, 0);
		assert_true(s[i].fb_length);
		assert_true(s[i].fb_addr >= p->fb_base);
		assert_true(s[i].fb_addr + s[i].fb_length <= p->fb_base + p->fb_size);
		assert_memory_equal(&p->slot[s[i].index], &s[i], sizeof(s[i]));
		assert_true(s[i].chid % s[i].num_chids == 0);
		assert_true(s[i].chid + s[i].num_chids <= p->num_chids);
		assert_true(s[i].heap_addr % 4096 == 0);
		assert_true(s[i].heap_addr + s[i].heap_length <= p->fb_base + p->fb_size);
		for (k = 0; k < n; k++)
			check_apart(s[i].fb_addr, s[i].fb_length,
				    s[k].heap_addr, s[k].heap_length);
		for (k = 0; k < i; k++) {
			assert_true(s[i].index != s[k].index);
			check_apart(s[i].fb_addr, s[i].fb_length, s[k].fb_addr, s[k].fb_length);
			check_apart(s[i].heap_addr, s[i].heap_length,
				    s[k].heap_addr, s[k].heap_length);
			check_apart(s[i].id, s[i].size, s[k].id, s[k].size);
			check_apart(s[i].chid, s[i].num_chids, s[k].chid, s[k].num_chids);
		}
	}
}

static void test_all_counts(void **state)
{
	static const u32 counts[] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32 };
	struct ovg_slot s[OVG_MAX_SLOTS + 1];
	u32 n, i2;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(counts); i++) {
		struct ovg_placement p = l40();
		struct ovg_vgpu_type t = type(1, counts[i]);

		for (n = 0; !ovg_placement_take(&p, &t, ANY, &s[n]); n++) {
			assert_int_equal(s[n].index, n);
			check_slots(&p, s, n + 1);
		}
		assert_int_equal(n, ovg_placement_capacity(&p, &t));
		assert_int_equal(n, counts[i]);
		assert_int_equal(ovg_placement_take(&p, &t, ANY, &s[n]), -ENOSPC);
		assert_int_equal(ovg_placement_check(&p, &t, ANY), -ENOSPC);
		for (i2 = 0; i2 < n; i2++)
			assert_int_equal(s[i2].id, i2 * ovg_placement_size(&t));
	}
}

static void test_channel_ids(void **state)
{
	static const struct {
		u32 chids;
		u32 instances;
		u32 want;
	} c[] = {
		{ 2048, 1, 2048 }, { 2048, 2, 1024 }, { 2048, 3, 512 }, { 2048, 12, 128 },
		{ 2048, 16, 128 }, { 2048, 32, 64 }, { 2046, 1, 1024 }, { 512, 12, 32 },
		{ 24, 24, 1 },
	};
	struct ovg_slot s;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(c); i++) {
		struct ovg_placement p = l40();
		struct ovg_vgpu_type t = type(1, c[i].instances);

		p.num_chids = c[i].chids;
		assert_int_equal(ovg_placement_take(&p, &t, ANY, &s), 0);
		assert_int_equal(s.num_chids, c[i].want);
		assert_int_equal(s.num_chids & (s.num_chids - 1), 0);
		assert_true(s.num_chids * c[i].instances <= c[i].chids);
	}
}

static void test_one_size_at_a_time(void **state)
{
	struct ovg_vgpu_type q4 = type(1, 12), c4 = type(2, 12), q8 = type(3, 6);
	struct ovg_placement p = l40();
	struct ovg_slot s;

	(void)state;
	assert_int_equal(ovg_placement_check(&p, &q4, ANY), 0);
	assert_int_equal(ovg_placement_check(&p, &q8, ANY), 0);
	assert_int_equal(ovg_placement_take(&p, &q4, ANY, &s), 0);
	assert_int_equal(p.profile_size, GIB(4));
	assert_int_equal(ovg_placement_check(&p, &q8, ANY), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &q8, ANY, &s), -EINVAL);
	/* another type of the same size is welcome */
	assert_int_equal(ovg_placement_take(&p, &c4, ANY, &s), 0);
	assert_int_equal(s.index, 1);
	/* the last of them lifts the rule, not the first */
	assert_int_equal(ovg_placement_give(&p, 0), 0);
	assert_int_equal(ovg_placement_check(&p, &q8, ANY), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 1), 0);
	assert_int_equal(p.profile_size, 0);
	assert_int_equal(ovg_placement_take(&p, &q8, ANY, &s), 0);
	assert_int_equal(s.index, 0);
	/* the same profile size, another number of vGPUs */
	q8.max_instance = 5;
	assert_int_equal(ovg_placement_check(&p, &q8, ANY), -EINVAL);
}

/*
 * Types of one profile size whose slots differ in length would lie on each
 * other: slot n starts at n times the length.
 */
static void test_slots_of_other_length(void **state)
{
	struct ovg_vgpu_type a = type(1, 12), b = type(2, 12), c = type(3, 12);
	struct ovg_placement p = l40();
	struct ovg_slot s[2];

	(void)state;
	a.fb_length = MIB(2048);
	assert_int_equal(ovg_placement_take(&p, &a, ANY, &s[0]), 0);
	assert_int_equal(s[0].fb_length, MIB(2048));
	assert_int_equal(ovg_placement_check(&p, &b, ANY), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &b, ANY, &s[1]), -EINVAL);
	c.fb_length = MIB(2048) + 4096;
	assert_int_equal(ovg_placement_take(&p, &c, ANY, &s[1]), 0);
	check_slots(&p, s, 2);
	assert_int_equal(ovg_placement_give(&p, 0), 0);
	assert_int_equal(ovg_placement_give(&p, 1), 0);
	assert_int_equal(ovg_placement_take(&p, &b, ANY, &s[0]), 0);
	assert_int_equal(s[0].fb_length, MIB(3840));
}

static void check_same(const struct ovg_slot *a, const struct ovg_slot *b)
{
	assert_int_equal(a->index, b->index);
	assert_int_equal(a->fb_addr, b->fb_addr);
	assert_int_equal(a->fb_length, b->fb_length);
	assert_int_equal(a->num_chids, b->num_chids);
}

static void test_give_and_retake(void **state)
{
	struct ovg_vgpu_type t = type(1, 12);
	struct ovg_placement p = l40();
	struct ovg_slot s[12], again;
	u32 i;

	(void)state;
	for (i = 0; i < 12; i++)
		assert_int_equal(ovg_placement_take(&p, &t, ANY, &s[i]), 0);
	assert_int_equal(ovg_placement_give(&p, 7), 0);
	assert_int_equal(ovg_placement_give(&p, 7), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 3), 0);
	assert_int_equal(ovg_placement_give(&p, 12), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 63), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 64), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, UINT32_MAX), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &t, ANY, &again), 0);
	check_same(&again, &s[3]);
	assert_int_equal(ovg_placement_take(&p, &t, ANY, &again), 0);
	check_same(&again, &s[7]);
	assert_int_equal(ovg_placement_take(&p, &t, ANY, &again), -ENOSPC);
	check_slots(&p, s, 12);
	for (i = 0; i < 12; i++)
		assert_int_equal(ovg_placement_give(&p, i), 0);
	assert_int_equal(ovg_placement_give(&p, 0), -EINVAL);
	assert_int_equal(p.max_instance, 0);
}

/* Types of all kinds come and go; slots never overlap, refusals have a reason. */
static void test_random_traffic(void **state)
{
	u32 seed = 53, step, n = 0, i, took = 0, other = 0, full = 0;
	struct ovg_placement p = l40();
	struct ovg_slot s[OVG_MAX_SLOTS];
	struct ovg_vgpu_type t;
	int ret;

	(void)state;
	for (step = 0; step < 50000; step++) {
		if (rnd(&seed) % 64 == 0 || (n && rnd(&seed) % 5 < 2)) {
			/* now and then all of them, so that sizes change */
			bool all = rnd(&seed) % 16 == 0;

			while (n) {
				i = rnd(&seed) % n;
				assert_int_equal(ovg_placement_give(&p, s[i].index), 0);
				s[i] = s[--n];
				if (!all)
					break;
			}
			assert_int_equal(!p.profile_size, !n);
			continue;
		}
		t = type(1, 1U << rnd(&seed) % 6);
		if (rnd(&seed) % 4 == 0)
			t.fb_length -= SEG * (rnd(&seed) % 3);
		ret = ovg_placement_take(&p, &t, ANY, &s[n]);
		if (!ret) {
			n++;
			took++;
			check_slots(&p, s, n);
			continue;
		}
		assert_true(ret == -EINVAL || ret == -ENOSPC);
		other += ret == -EINVAL;
		full += ret == -ENOSPC;
		assert_true(n);
	}
	assert_true(took > 1000 && other > 1000 && full > 20);
}

/* ---- mixed sizes ---- */

/*
 * Sizes of the boards as tools/catalogue has them; the types of one size differ in
 * nothing that matters here.  FB as GSP 570.144 leaves it.
 */
struct size {
	u32 gib;
	u32 max_instance;	/* NVIDIA's user guide: vGPUs, equal sizes */
	u32 framebuffer;
	u32 heap;
	u32 reservation;
	u32 places;		/* NVIDIA's user guide: vGPUs in mixed-size mode */
};

#define GSP_570_MIB	684
#define L40_SEG_MIB	128

static const struct size sizes[] = {
	{ 1, 32, 1024, 32, 0, 16 }, { 2, 24, 1920, 32, 96, 16 }, { 3, 16, 2944, 32, 96, 16 },
	{ 4, 12, 3840, 32, 224, 8 }, { 6, 8, 5888, 64, 192, 8 }, { 8, 6, 7808, 64, 320, 4 },
	{ 12, 4, 11776, 128, 384, 4 }, { 16, 3, 15744, 128, 512, 2 },
	{ 24, 2, 23552, 256, 768, 2 }, { 48, 1, 47104, 512, 1536, 1 },
};

static const struct size sizes_24[] = {
	{ 1, 24, 896, 32, 96, 16 }, { 2, 12, 1856, 32, 160, 8 }, { 3, 8, 2816, 64, 192, 8 },
	{ 4, 6, 3776, 64, 256, 4 }, { 6, 4, 5632, 128, 384, 4 }, { 8, 3, 7552, 128, 512, 2 },
	{ 12, 2, 11264, 256, 768, 2 }, { 24, 1, 22528, 512, 1536, 1 },
};

static const struct size sizes_32[] = {
	{ 1, 32, 896, 32, 96, 32 }, { 2, 16, 1920, 32, 96, 16 }, { 4, 8, 3840, 64, 192, 8 },
	{ 8, 4, 7680, 128, 384, 4 }, { 16, 2, 15360, 256, 768, 2 },
	{ 32, 1, 30720, 512, 1536, 1 },
};

#define NUM_SIZES	OVG_ARRAY_SIZE(sizes)

static struct ovg_vgpu_type l40_types[NUM_SIZES];

/* As docs/types.md derives it: all of FB is 384 segments (NVA084_MAX_VMMU_SEGMENTS). */
static u64 small_segment(u32 gib)
{
	u64 segment = MIB(32);

	while (segment * 384 < GIB(gib))
		segment *= 2;
	return segment;
}

static struct ovg_placement board(u32 gib, const struct size *size, u32 count, u64 segment,
				  struct ovg_vgpu_type *types)
{
	struct ovg_placement p = {
		.fb_base = 0,
		.fb_size = GIB(gib) - MIB(GSP_570_MIB),
		.fb_total = GIB(gib),
		.segment = segment,
		.num_chids = 2046,
		.max_vgpus = 32,
	};
	u32 i;

	for (i = 0; i < count; i++)
		types[i] = (struct ovg_vgpu_type){
			.id = i + 1,
			.max_instance = size[i].max_instance,
			.profile_size = GIB(size[i].gib),
			.fb_length = MIB(size[i].framebuffer),
			.gsp_heap_size = MIB(size[i].heap),
			.fb_reservation = MIB(size[i].reservation),
		};
	ovg_placement_init(&p, types, count);
	assert_false(p.mixed);
	return p;
}

static struct ovg_placement mixed_l40(void)
{
	struct ovg_placement p = board(48, sizes, NUM_SIZES, MIB(L40_SEG_MIB), l40_types);

	assert_int_equal(ovg_placement_set_mixed(&p, true), 0);
	return p;
}

static const struct {
	u32 gib;
	const struct size *size;
	u32 count;
	u32 fits_ecc[NUM_SIZES];	/* vGPUs, equal sizes, ECC on, segments of 256 MiB */
} boards[] = {
	{ 48, sizes, NUM_SIZES, { 32, 24, 15, 12, 7, 6, 3, 3, 1, 0 } },
	{ 24, sizes_24, OVG_ARRAY_SIZE(sizes_24), { 24, 12, 7, 6, 3, 2, 1, 0 } },
	{ 32, sizes_32, OVG_ARRAY_SIZE(sizes_32), { 32, 16, 8, 4, 2, 1 } },
};

/* docs/types.md, rule of memory.  The L40-1Q, whose sizes are public, is apart. */
static void test_memory_rule(void **state)
{
	u32 b, i, n, heap;

	(void)state;
	for (b = 0; b < OVG_ARRAY_SIZE(boards); b++) {
		for (i = boards[b].gib == 48; i < boards[b].count; i++) {
			const struct size *t = &boards[b].size[i];

			n = t->max_instance;
			for (heap = 512; heap > 32 && heap > 512 / n; heap /= 2)
				;
			assert_int_equal(t->heap, heap);
			assert_int_equal(MIB(heap + t->reservation),
					 ovg_align_up(MIB(heap + 1536 / n),
						      small_segment(boards[b].gib)));
			assert_int_equal(t->framebuffer + heap + t->reservation, t->gib * 1024);
		}
	}
}

/* So many of a type fit on a board beside one another. */
static u32 fill_board(u32 b, u32 type, u64 segment, bool ecc, bool mixed)
{
	struct ovg_vgpu_type types[NUM_SIZES];
	struct ovg_placement p = board(boards[b].gib, boards[b].size, boards[b].count, segment,
				       types);
	struct ovg_slot s[OVG_MAX_SLOTS + 1];
	u32 n;

	if (ecc) {
		/* it keeps a sixteenth */
		p.fb_total = GIB(boards[b].gib) / 16 * 15;
		p.fb_size = p.fb_total - MIB(GSP_570_MIB);
		ovg_placement_init(&p, types, boards[b].count);
	}
	assert_int_equal(ovg_placement_set_mixed(&p, mixed), 0);
	for (n = 0; !ovg_placement_take(&p, &types[type], ANY, &s[n]); n++)
		check_slots(&p, s, n + 1);
	assert_int_equal(ovg_placement_capacity(&p, &types[type]), n);
	return n;
}

/*
 * Each board holds as many of each type as NVIDIA's guide has, in both modes, with
 * ECC, too.
 */
static void test_boards(void **state)
{
	const struct size *t;
	u64 segment;
	u32 b, i;

	(void)state;
	for (b = 0; b < OVG_ARRAY_SIZE(boards); b++) {
		segment = small_segment(boards[b].gib);
		for (i = 0; i < boards[b].count; i++) {
			t = &boards[b].size[i];
			assert_int_equal(fill_board(b, i, segment, false, false), t->max_instance);
			assert_int_equal(fill_board(b, i, segment, false, true), t->places);
			assert_int_equal(fill_board(b, i, segment, true, false), t->max_instance);
			assert_int_equal(fill_board(b, i, segment, true, true), t->places);
		}
	}
}

/*
 * With larger segments they do so without ECC only: NVIDIA's length comes from FB
 * rounded up to 8 segments, which is more than there is then.
 */
static void test_boards_large_segments(void **state)
{
	const struct size *t;
	u32 b, i;

	(void)state;
	for (b = 0; b < OVG_ARRAY_SIZE(boards); b++) {
		for (i = 0; i < boards[b].count; i++) {
			t = &boards[b].size[i];
			assert_int_equal(fill_board(b, i, SEG, false, false), t->max_instance);
			assert_int_equal(fill_board(b, i, SEG, false, true), t->places);
			assert_int_equal(fill_board(b, i, SEG, true, false),
					 boards[b].fits_ecc[i]);
			assert_true(fill_board(b, i, SEG, true, true) <= t->places);
		}
	}
}

/* As many places of each type as NVIDIA's guide has, all of them free together. */
static void test_mixed_counts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NUM_SIZES; i++) {
		struct ovg_placement p = mixed_l40();
		struct ovg_slot s[OVG_MAX_SLOTS];
		u32 n = 0;

		while (!ovg_placement_take(&p, &l40_types[i], ANY, &s[n]))
			check_slots(&p, s, ++n);
		assert_int_equal(n, sizes[i].places);
		assert_int_equal(ovg_placement_capacity(&p, &l40_types[i]), n);
	}
}

/* Ids that NVIDIA's documents and its source tell. */
static void test_mixed_ids(void **state)
{
	static const struct {
		u32 size;
		u32 ids[17];
	} want[] = {
		{ 0, { 0, 5, 6, 11, 12, 17, 18, 23, 24, 29, 30, 35, 36, 41, 42, 47, ANY } },
		{ 1, { 0, 4, 6, 10, 12, 16, 18, 22, 24, 28, 30, 34, 36, 40, 42, 46, ANY } },
		{ 2, { 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, ANY } },
		{ 3, { 0, 8, 12, 20, 24, 32, 36, 44, ANY } },
		{ 4, { 0, 6, 12, 18, 24, 30, 36, 42, ANY } },
		{ 5, { 0, 16, 24, 40, ANY } },
		{ 6, { 0, 12, 24, 36, ANY } },
		{ 7, { 0, 32, ANY } },
		{ 8, { 0, 24, ANY } },
		{ 9, { 0, ANY } },
	};
	struct ovg_placement p = mixed_l40();
	struct ovg_slot place;
	u32 pos, n;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(want); i++) {
		const struct ovg_vgpu_type *t = &l40_types[want[i].size];

		for (pos = 0, n = 0; ovg_placement_next(&p, t, &pos, &place); n++)
			assert_int_equal(place.id, want[i].ids[n]);
		assert_int_equal(want[i].ids[n], ANY);
	}
}

static void test_chosen_id(void **state)
{
	struct ovg_placement p = mixed_l40(), q;
	struct ovg_slot s[3];

	(void)state;
	assert_int_equal(ovg_placement_take(&p, &l40_types[3], 12, &s[0]), 0);
	assert_int_equal(s[0].id, 12);
	q = p;
	assert_int_equal(ovg_placement_take(&p, &l40_types[3], 12, &s[1]), -EBUSY);
	assert_int_equal(ovg_placement_take(&p, &l40_types[3], 4, &s[1]), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &l40_types[3], 48, &s[1]), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &l40_types[5], 0, &s[1]), 0);
	assert_int_equal(ovg_placement_take(&p, &l40_types[8], 0, &s[2]), -EBUSY);
	assert_int_equal(ovg_placement_take(&p, &l40_types[8], ANY, &s[2]), 0);
	assert_int_equal(s[2].id, 24);
	check_slots(&p, s, 3);
	/* no change of mode under way */
	assert_int_equal(ovg_placement_set_mixed(&p, false), -EBUSY);
	assert_int_equal(ovg_placement_set_mixed(&p, true), 0);
	assert_int_equal(ovg_placement_give(&p, s[1].index), 0);
	assert_int_equal(ovg_placement_give(&p, s[2].index), 0);
	assert_memory_equal(&p, &q, sizeof(p));
	assert_int_equal(ovg_placement_give(&p, s[0].index), 0);
	assert_int_equal(ovg_placement_set_mixed(&p, false), 0);
	/* homogeneous: a multiple of the size */
	assert_int_equal(ovg_placement_take(&p, &l40_types[3], 8, &s[0]), 0);
	assert_int_equal(s[0].id, 8);
	assert_int_equal(ovg_placement_check(&p, &l40_types[3], 8), -EBUSY);
	assert_int_equal(ovg_placement_check(&p, &l40_types[3], 6), -EINVAL);
	assert_int_equal(ovg_placement_check(&p, &l40_types[3], 48), -EINVAL);
	assert_int_equal(ovg_placement_check(&p, &l40_types[5], 8), -EINVAL);
}

/*
 * The oracle: the rules once more, told another way.  For each type it draws
 * all its places into a map of the board by walking down the halves, as the
 * rule's text has it, and then looks for one whose cells are all empty.
 */
#define CELLS	2048

struct cells {
	u8 id[48];
	u8 segment[48 * 1024 / L40_SEG_MIB];
	u8 chid[CELLS];
};

static bool try_cells(const struct cells *c, u32 id, u32 size, u32 seg, u32 segs, u32 chid,
		      u32 chids)
{
	u32 i, hit = 0;

	for (i = 0; i < size; i++)
		hit |= c->id[id + i];
	for (i = 0; i < segs; i++)
		hit |= c->segment[seg + i];
	for (i = 0; i < chids; i++)
		hit |= c->chid[chid + i];
	return !hit;
}

static bool oracle_mixed(const struct cells *c, u32 size, u32 lo, u32 hi, u32 slo, u32 shi,
			 u32 clo, u32 chi, u32 parts, bool left)
{
	u32 n = sizes[size].max_instance, gib = sizes[size].gib, power = 1, chids = 1, segs;
	bool at_start, at_end;

	if (parts > 16)
		return false;
	while (power * 2 <= n)
		power *= 2;
	while (chids * 2 * n <= 2046)
		chids *= 2;
	/* FB of one: its share without its costs, or its framebuffer when that is less */
	segs = (48 * 1024 / n - sizes[size].heap - sizes[size].reservation) / L40_SEG_MIB;
	if (segs > sizes[size].framebuffer / L40_SEG_MIB)
		segs = sizes[size].framebuffer / L40_SEG_MIB;

	at_start = n == 2 * parts || (power == parts && power < n && left) ||
		   (n == 1 && parts == 1);
	at_end = n == 2 * parts || (power == parts && power < n && !left);
	if (segs * L40_SEG_MIB == 1024 && (lo % 6 == 2 || lo % 6 == 3))
		at_start = false;
	if (segs * L40_SEG_MIB == 1024 && ((hi - 1) % 6 == 2 || (hi - 1) % 6 == 3))
		at_end = false;
	if (at_start && try_cells(c, lo, gib, slo, segs, clo, chids))
		return true;
	if (at_end && try_cells(c, hi - gib, gib, shi - segs, segs, chi - chids, chids))
		return true;
	return oracle_mixed(c, size, lo, (lo + hi) / 2, slo, (slo + shi) / 2, clo,
			    (clo + chi) / 2, parts * 2, true) ||
	       oracle_mixed(c, size, (lo + hi) / 2, hi, (slo + shi) / 2, shi, (clo + chi) / 2,
			    chi, parts * 2, false);
}

static bool oracle_homogeneous(const struct cells *c, const u32 *taken, u32 n, u32 size)
{
	u32 share = 48 * 1024 / sizes[size].max_instance - sizes[size].heap -
		    sizes[size].reservation;
	u32 segs = ovg_min(share, sizes[size].framebuffer) / L40_SEG_MIB, i, chids = 1;

	while (chids * 2 * sizes[size].max_instance <= 2046)
		chids *= 2;
	for (i = 0; i < n; i++)
		if (taken[i] != size)
			return false;
	for (i = 0; i < sizes[size].max_instance; i++)
		if ((segs * L40_SEG_MIB + sizes[size].heap) * (i + 1) <= 48 * 1024 - GSP_570_MIB &&
		    try_cells(c, i * sizes[size].gib, sizes[size].gib, i * segs, segs, i * chids,
			      chids))
			return true;
	return false;
}

#define WALK	6

/* What was seen with so many steps left need not be seen again. */
struct seen {
	u64 hash[1 << 20];
};

static struct seen *seen;
static u64 walked;

static bool be_here_before(const struct ovg_placement *p, u32 left)
{
	const u8 *b = (const u8 *)p->slot;
	u64 h = 0xcbf29ce484222325ULL + left;
	size_t i;

	for (i = 0; i < sizeof(p->slot); i++)
		h = (h ^ b[i]) * 0x100000001b3ULL;
	h |= 1;
	for (i = h >> 44; seen->hash[i]; i = (i + 1) % OVG_ARRAY_SIZE(seen->hash))
		if (seen->hash[i] == h)
			return true;
	seen->hash[i] = h;
	return false;
}

static void walk(struct ovg_placement *p, struct ovg_slot *s, u32 *taken, u32 n, u32 left)
{
	struct cells c = { 0 };
	struct ovg_placement next;
	u32 i, k, last;
	int ret;

	if (be_here_before(p, left))
		return;
	walked++;
	check_slots(p, s, n);
	for (i = 0; i < n; i++) {
		memset(c.id + s[i].id, 1, s[i].size);
		memset(c.segment + s[i].fb_addr / MIB(L40_SEG_MIB), 1,
		       s[i].fb_length / MIB(L40_SEG_MIB));
		memset(c.chid + s[i].chid, 1, s[i].num_chids);
	}
	for (k = 0; k < NUM_SIZES; k++) {
		bool fits = p->mixed ? oracle_mixed(&c, k, 0, 48, 0,
						    (48 * 1024 - GSP_570_MIB - 16 * 32) /
						    L40_SEG_MIB, 0, 1024, 1, true) :
				       oracle_homogeneous(&c, taken, n, k);

		next = *p;
		ret = ovg_placement_take(&next, &l40_types[k], ANY, &s[n]);
		assert_int_equal(!ret, fits);
		assert_int_equal(ovg_placement_check(p, &l40_types[k], ANY), ret);
		if (ret || !left)
			continue;
		taken[n] = k;
		walk(&next, s, taken, n + 1, left - 1);
	}
	for (i = 0; i < n && left; i++) {
		struct ovg_slot gone = s[i];
		u32 type = taken[i];

		last = n - 1;
		next = *p;
		assert_int_equal(ovg_placement_give(&next, gone.index), 0);
		s[i] = s[last];
		taken[i] = taken[last];
		s[last] = gone;
		taken[last] = type;
		walk(&next, s, taken, last, left - 1);
		/* below it, slots from @last on were written */
		s[last] = s[i];
		taken[last] = taken[i];
		s[i] = gone;
		taken[i] = type;
	}
}

static void test_all_sequences(void **state)
{
	struct ovg_placement p = mixed_l40();
	struct ovg_slot s[OVG_MAX_SLOTS];
	u32 taken[OVG_MAX_SLOTS], mode;

	(void)state;
	for (mode = 0; mode < 2; mode++) {
		seen = calloc(1, sizeof(*seen));
		walked = 0;
		assert_int_equal(ovg_placement_set_mixed(&p, mode), 0);
		walk(&p, s, taken, 0, WALK);
		print_message("# %llu states in %s mode\n", (unsigned long long)walked,
			      mode ? "mixed-size" : "homogeneous");
		assert_true(walked > 100);
		free(seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fb_length),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_all_counts),
		cmocka_unit_test(test_channel_ids),
		cmocka_unit_test(test_one_size_at_a_time),
		cmocka_unit_test(test_slots_of_other_length),
		cmocka_unit_test(test_give_and_retake),
		cmocka_unit_test(test_random_traffic),
		cmocka_unit_test(test_memory_rule),
		cmocka_unit_test(test_boards),
		cmocka_unit_test(test_boards_large_segments),
		cmocka_unit_test(test_mixed_counts),
		cmocka_unit_test(test_mixed_ids),
		cmocka_unit_test(test_chosen_id),
		cmocka_unit_test(test_all_sequences),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
