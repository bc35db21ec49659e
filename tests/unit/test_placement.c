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

static struct ovg_placement l40(void)
{
	return (struct ovg_placement){
		.fb_base = MIB(100),
		.fb_size = GIB(48) - MIB(600),
		.fb_total = GIB(48),
		.segment = SEG,
		.num_chids = 2048,
		.max_vgpus = 32,
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
	assert_int_equal(ovg_placement_check(&p, &t), -ENOSPC);
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
	/* there is a bit for 64 of them */
	p = l40();
	p.segment = MIB(32);
	p.max_vgpus = 1000;
	t = type(1, 64);
	t.max_instance = 1000;
	t.fb_length = MIB(32);
	t.fb_reservation = 0;
	t.gsp_heap_size = 4096;
	assert_int_equal(ovg_placement_capacity(&p, &t), OVG_MAX_SLOTS);
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
		assert_true(p->used & (1ULL << s[i].index));
		for (k = 0; k < i; k++) {
			assert_true(s[i].index != s[k].index);
			assert_true(s[i].fb_addr + s[i].fb_length <= s[k].fb_addr ||
				    s[k].fb_addr + s[k].fb_length <= s[i].fb_addr);
		}
	}
}

static void test_all_counts(void **state)
{
	static const u32 counts[] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32 };
	struct ovg_slot s[64];
	size_t i;
	u32 n;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(counts); i++) {
		struct ovg_placement p = l40();
		struct ovg_vgpu_type t = type(1, counts[i]);

		for (n = 0; !ovg_placement_take(&p, &t, &s[n]); n++) {
			assert_int_equal(s[n].index, n);
			check_slots(&p, s, n + 1);
		}
		assert_int_equal(n, ovg_placement_capacity(&p, &t));
		assert_int_equal(n, counts[i]);
		assert_int_equal(ovg_placement_take(&p, &t, &s[n]), -ENOSPC);
		assert_int_equal(ovg_placement_check(&p, &t), -ENOSPC);
		/* room for the heaps is left behind the slots */
		assert_true(p.fb_base + p.fb_size - s[n - 1].fb_addr - s[n - 1].fb_length >=
			    n * t.gsp_heap_size);
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
		{ 2048, 16, 128 }, { 2048, 32, 64 }, { 2047, 1, 1024 }, { 512, 12, 32 },
		{ 24, 24, 1 },
	};
	struct ovg_slot s;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(c); i++) {
		struct ovg_placement p = l40();
		struct ovg_vgpu_type t = type(1, c[i].instances);

		p.num_chids = c[i].chids;
		assert_int_equal(ovg_placement_take(&p, &t, &s), 0);
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
	assert_int_equal(ovg_placement_check(&p, &q4), 0);
	assert_int_equal(ovg_placement_check(&p, &q8), 0);
	assert_int_equal(ovg_placement_take(&p, &q4, &s), 0);
	assert_int_equal(p.profile_size, GIB(4));
	assert_int_equal(ovg_placement_check(&p, &q8), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &q8, &s), -EINVAL);
	/* another type of the same size is welcome */
	assert_int_equal(ovg_placement_take(&p, &c4, &s), 0);
	assert_int_equal(s.index, 1);
	/* the last of them lifts the rule, not the first */
	assert_int_equal(ovg_placement_give(&p, 0), 0);
	assert_int_equal(ovg_placement_check(&p, &q8), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 1), 0);
	assert_int_equal(p.profile_size, 0);
	assert_int_equal(p.used, 0);
	assert_int_equal(ovg_placement_take(&p, &q8, &s), 0);
	assert_int_equal(s.index, 0);
	/* the same profile size, another number of vGPUs */
	q8.max_instance = 5;
	assert_int_equal(ovg_placement_check(&p, &q8), -EINVAL);
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
	assert_int_equal(ovg_placement_take(&p, &a, &s[0]), 0);
	assert_int_equal(s[0].fb_length, MIB(2048));
	assert_int_equal(ovg_placement_check(&p, &b), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &b, &s[1]), -EINVAL);
	c.fb_length = MIB(2048) + 4096;
	assert_int_equal(ovg_placement_take(&p, &c, &s[1]), 0);
	check_slots(&p, s, 2);
	assert_int_equal(ovg_placement_give(&p, 0), 0);
	assert_int_equal(ovg_placement_give(&p, 1), 0);
	assert_int_equal(ovg_placement_take(&p, &b, &s[0]), 0);
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
		assert_int_equal(ovg_placement_take(&p, &t, &s[i]), 0);
	assert_int_equal(ovg_placement_give(&p, 7), 0);
	assert_int_equal(ovg_placement_give(&p, 7), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 3), 0);
	assert_int_equal(ovg_placement_give(&p, 12), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 63), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, 64), -EINVAL);
	assert_int_equal(ovg_placement_give(&p, UINT32_MAX), -EINVAL);
	assert_int_equal(ovg_placement_take(&p, &t, &again), 0);
	check_same(&again, &s[3]);
	assert_int_equal(ovg_placement_take(&p, &t, &again), 0);
	check_same(&again, &s[7]);
	assert_int_equal(ovg_placement_take(&p, &t, &again), -ENOSPC);
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
			assert_int_equal(!p.used, !n);
			continue;
		}
		t = type(1, 1U << rnd(&seed) % 6);
		if (rnd(&seed) % 4 == 0)
			t.fb_length -= SEG * (rnd(&seed) % 3);
		ret = ovg_placement_take(&p, &t, &s[n]);
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
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
