// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * FB ranges: placement, limits, exact undo.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fbmap.h"

#define MIB	(1ULL << 20)
#define GIB	(1ULL << 30)

static struct ovg_fbmap map;

static void check_sorted(void)
{
	u64 used = 0;
	u32 i;

	for (i = 0; i < map.count; i++) {
		assert_true(ovg_fbmap_contains(&map, map.range[i].addr,
					       map.range[i].size));
		if (i)
			assert_true(map.range[i - 1].addr +
				    map.range[i - 1].size <=
				    map.range[i].addr);
		used += map.range[i].size;
	}
	assert_int_equal(used, map.used);
}

static void test_bad_arguments(void **state)
{
	(void)state;
	assert_int_equal(ovg_fbmap_init(&map, UINT64_MAX - 4095, 8192), -EINVAL);
	assert_int_equal(ovg_fbmap_init(&map, 0, GIB), 0);
	assert_int_equal(ovg_fbmap_reserve(&map, 0, 0), -EINVAL);
	assert_int_equal(ovg_fbmap_free(&map, 0, 4096), -EINVAL);
	assert_int_equal(map.count, 0);
}

static void test_reserve(void **state)
{
	(void)state;
	assert_int_equal(ovg_fbmap_init(&map, 256 * MIB, 4 * GIB), 0);
	assert_int_equal(ovg_fbmap_reserve(&map, 0, MIB), -ERANGE);
	assert_int_equal(ovg_fbmap_reserve(&map, 255 * MIB, 2 * MIB), -ERANGE);
	assert_int_equal(ovg_fbmap_reserve(&map, 4 * GIB + 256 * MIB, 4096),
			 -ERANGE);
	assert_int_equal(ovg_fbmap_reserve(&map, GIB, UINT64_MAX - 4095),
			 -ERANGE);
	assert_int_equal(ovg_fbmap_reserve(&map, GIB, GIB), 0);
	assert_int_equal(ovg_fbmap_reserve(&map, GIB, GIB), -EBUSY);
	assert_int_equal(ovg_fbmap_reserve(&map, 2 * GIB - 4096, 4096), -EBUSY);
	assert_int_equal(ovg_fbmap_reserve(&map, GIB - 4096, 8192), -EBUSY);
	assert_int_equal(ovg_fbmap_reserve(&map, 512 * MIB, 3 * GIB), -EBUSY);
	assert_int_equal(ovg_fbmap_reserve(&map, 2 * GIB, GIB), 0);
	assert_int_equal(ovg_fbmap_reserve(&map, 256 * MIB, 768 * MIB), 0);
	check_sorted();
	/* half a range cannot be given back */
	assert_int_equal(ovg_fbmap_free(&map, GIB, 512 * MIB), -EINVAL);
	assert_int_equal(ovg_fbmap_free(&map, GIB, GIB), 0);
	assert_int_equal(ovg_fbmap_free(&map, GIB, GIB), -EINVAL);
	assert_int_equal(ovg_fbmap_reserve(&map, GIB, GIB), 0);
	check_sorted();
}

static void test_table_full(void **state)
{
	u32 i;

	(void)state;
	assert_int_equal(ovg_fbmap_init(&map, 0, 2 * GIB), 0);
	for (i = 0; i < OVG_FBMAP_MAX; i++)
		assert_int_equal(ovg_fbmap_reserve(&map, i * 2 * MIB, MIB), 0);
	assert_int_equal(ovg_fbmap_reserve(&map, MIB, MIB), -ENOSPC);
	assert_int_equal(map.used, OVG_FBMAP_MAX * MIB);
	check_sorted();
}

/* Random traffic against a byte map, in units of 1 MiB. */
static void test_against_a_plain_map(void **state)
{
	static u8 plain[512];
	struct { u64 addr, size; } live[OVG_FBMAP_MAX];
	u32 n = 0, i, step;

	(void)state;
	srand(1);
	assert_int_equal(ovg_fbmap_init(&map, 0, 512 * MIB), 0);
	for (step = 0; step < 20000; step++) {
		u64 size = (1 + rand() % 40) * MIB, addr;
		int ret;

		if (n && !(rand() % 3)) {
			i = rand() % n;
			assert_int_equal(ovg_fbmap_free(&map, live[i].addr,
							live[i].size), 0);
			for (u64 b = 0; b < live[i].size / MIB; b++)
				plain[live[i].addr / MIB + b] = 0;
			live[i] = live[--n];
			continue;
		}
		addr = (rand() % 472) * MIB;
		ret = ovg_fbmap_reserve(&map, addr, size);
		if (ret == -EBUSY) {
			bool taken = false;

			for (u64 b = 0; b < size / MIB; b++)
				taken |= plain[addr / MIB + b];
			assert_true(taken);
		}
		if (ret)
			continue;
		for (u64 b = 0; b < size / MIB; b++) {
			assert_int_equal(plain[addr / MIB + b], 0);
			plain[addr / MIB + b] = 1;
		}
		live[n].addr = addr;
		live[n++].size = size;
		check_sorted();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_arguments),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_table_full),
		cmocka_unit_test(test_against_a_plain_map),
	};

	return cmocka_run_group_tests_name("fbmap", tests, NULL, NULL);
}
