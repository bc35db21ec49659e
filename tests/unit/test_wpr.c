// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The FB layout of GSP: order, alignment, room.
 */
#include "unit.h"
#include "wpr.h"

#define KIB(n)	((u64)(n) << 10)
#define MIB(n)	((u64)(n) << 20)
#define GIB(n)	((u64)(n) << 30)

static void check_layout(const struct ovg_wpr_layout *l, u64 fb, u64 boot, u64 elf, u64 heap)
{
	assert_int_equal(l->fb_size, fb);
	assert_int_equal(l->vga_workspace + l->vga_workspace_size, fb);
	assert_true(l->vga_workspace_size > 0);
	assert_true(l->wpr_end <= l->vga_workspace);
	assert_int_equal(l->wpr_end % KIB(128), 0);
	assert_int_equal(l->frts + GSP_FRTS_SIZE, l->wpr_end);
	assert_true(l->boot + boot <= l->frts);
	assert_int_equal(l->boot % KIB(4), 0);
	assert_true(l->elf + elf <= l->boot);
	assert_int_equal(l->elf % KIB(64), 0);
	assert_true(l->heap + l->heap_size <= l->elf);
	assert_int_equal(l->heap % MIB(1), 0);
	assert_int_equal(l->heap_size % MIB(1), 0);
	assert_true(l->heap_size >= heap);
	assert_true(l->wpr_start + sizeof(struct gsp_fw_wpr_meta) <= l->heap);
	assert_int_equal(l->wpr_start % MIB(1), 0);
	assert_true(l->non_wpr_heap + GSP_NON_WPR_HEAP_SIZE <= l->wpr_start);
	assert_int_equal(l->non_wpr_heap % MIB(1), 0);
	/* none of it wrapped below zero */
	assert_true(l->non_wpr_heap < fb);
}

/* Added up by hand for a board of 48 GiB. */
static void test_known_layout(void **state)
{
	struct ovg_wpr_layout l;

	(void)state;
	assert_int_equal(ovg_wpr_compute(&l, GIB(48), 0, 0x8123, 0x2345678, MIB(129)), 0);
	check_layout(&l, GIB(48), 0x8123, 0x2345678, MIB(129));
	assert_int_equal(l.vga_workspace, 0xbfff00000);
	assert_int_equal(l.wpr_end, 0xbfff00000);
	assert_int_equal(l.frts, 0xbffe00000);
	assert_int_equal(l.boot, 0xbffdf7000);
	assert_int_equal(l.elf, 0xbfdab0000);
	assert_int_equal(l.heap, 0xbf5900000);
	assert_int_equal(l.heap_size, MIB(129));
	assert_int_equal(l.wpr_start, 0xbf5800000);
	assert_int_equal(l.non_wpr_heap, 0xbf5700000);
}

static void test_vga_workspace(void **state)
{
	static const struct {
		u64 asked;
		u64 got;
	} w[] = {
		{ 0, GIB(8) - MIB(1) },
		{ GIB(8) - MIB(1), GIB(8) - MIB(1) },
		{ GIB(8) - KIB(512), GIB(8) - KIB(512) },
		{ GIB(8) - 4096, GIB(8) - 4096 },
		/* lower than where it belongs: the display hardware has no say */
		{ GIB(8) - MIB(1) - 1, GIB(8) - KIB(128) },
		{ 4096, GIB(8) - KIB(128) },
		/* not in FB at all */
		{ GIB(8), GIB(8) - MIB(1) },
		{ UINT64_MAX, GIB(8) - MIB(1) },
	};
	struct ovg_wpr_layout l;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(w); i++) {
		assert_int_equal(ovg_wpr_compute(&l, GIB(8), w[i].asked, 4096, MIB(30),
						 MIB(100)), 0);
		assert_int_equal(l.vga_workspace, w[i].got);
		check_layout(&l, GIB(8), 4096, MIB(30), MIB(100));
	}
}

static void test_heap_is_never_smaller(void **state)
{
	struct ovg_wpr_layout l;
	u64 heap, elf;

	(void)state;
	for (elf = MIB(30); elf < MIB(31); elf += KIB(64)) {
		for (heap = MIB(64); heap < MIB(65); heap += KIB(96)) {
			assert_int_equal(ovg_wpr_compute(&l, GIB(4), 0, KIB(52), elf, heap), 0);
			check_layout(&l, GIB(4), KIB(52), elf, heap);
		}
	}
}

static void test_random_sizes(void **state)
{
	u32 seed = 41, round, fits = 0;
	struct ovg_wpr_layout l;

	(void)state;
	for (round = 0; round < 200000; round++) {
		u64 fb = KIB(64) * (1 + rnd(&seed) % 8192);
		u64 boot = rnd(&seed) % MIB(1), elf = rnd(&seed) % MIB(64);
		u64 heap = rnd(&seed) % MIB(256);
		u64 vga = rnd(&seed) % 2 ? fb - rnd(&seed) % MIB(2) : 0;
		int ret = ovg_wpr_compute(&l, fb, vga, boot, elf, heap);

		if (!ret) {
			check_layout(&l, fb, boot, elf, heap);
			fits++;
			continue;
		}
		assert_int_equal(ret, -ENOSPC);
		/* refused only when it is short by less than the rounding's room */
		assert_true(fb < boot + elf + heap + MIB(12));
	}
	assert_true(fits > 1000 && fits < round - 1000);
}

static void test_too_small(void **state)
{
	struct ovg_wpr_layout l;

	(void)state;
	assert_int_equal(ovg_wpr_compute(&l, 0, 0, 0, 0, 0), -ENOSPC);
	assert_int_equal(ovg_wpr_compute(&l, MIB(10), 0, 4096, MIB(1), MIB(1)), -ENOSPC);
	assert_int_equal(ovg_wpr_compute(&l, GIB(1), 0, 4096, MIB(1), GIB(1)), -ENOSPC);
	/* sums that wrap */
	assert_int_equal(ovg_wpr_compute(&l, GIB(1), 0, UINT64_MAX - MIB(8), 0, 0), -ENOSPC);
	assert_int_equal(ovg_wpr_compute(&l, GIB(1), 0, 0, UINT64_MAX - MIB(8), 0), -ENOSPC);
	assert_int_equal(ovg_wpr_compute(&l, GIB(1), 0, 0, 0, UINT64_MAX - MIB(8)), -ENOSPC);
	assert_int_equal(ovg_wpr_compute(&l, GIB(1), 0, 0, 0, UINT64_MAX), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_layout),
		cmocka_unit_test(test_vga_workspace),
		cmocka_unit_test(test_heap_is_never_smaller),
		cmocka_unit_test(test_random_sizes),
		cmocka_unit_test(test_too_small),
	};

	return cmocka_run_group_tests_name("wpr", tests, NULL, NULL);
}
