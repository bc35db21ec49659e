// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Ranges of channel ids.
 */
#include "unit.h"
#include "range.h"

static struct ovg_range r;

static void test_init(void **state)
{
	(void)state;
	assert_int_equal(ovg_range_init(&r, 0), -EINVAL);
	assert_int_equal(ovg_range_init(&r, OVG_RANGE_MAX + 1), -EINVAL);
	assert_int_equal(ovg_range_init(&r, UINT32_MAX), -EINVAL);
	memset(&r, 0xff, sizeof(r));
	assert_int_equal(ovg_range_init(&r, OVG_RANGE_MAX), 0);
	assert_int_equal(r.count, 2048);
	assert_int_equal(r.used, 0);
	/* nothing of before is taken */
	assert_int_equal(ovg_range_take(&r, 0, 2048), 0);
}

static void test_bad_arguments(void **state)
{
	(void)state;
	assert_int_equal(ovg_range_init(&r, 100), 0);
	assert_int_equal(ovg_range_take(&r, 0, 0), -EINVAL);
	assert_int_equal(ovg_range_take(&r, 100, 1), -EINVAL);
	assert_int_equal(ovg_range_take(&r, 99, 2), -EINVAL);
	assert_int_equal(ovg_range_take(&r, 50, UINT32_MAX), -EINVAL);
	assert_int_equal(ovg_range_take(&r, UINT32_MAX, 2), -EINVAL);
	assert_int_equal(ovg_range_free(&r, 0, 0), -EINVAL);
	assert_int_equal(ovg_range_free(&r, 0, 1), -EINVAL);
	assert_int_equal(ovg_range_free(&r, 100, 1), -EINVAL);
	assert_int_equal(ovg_range_free(&r, UINT32_MAX, 2), -EINVAL);
	assert_int_equal(r.used, 0);
}

static void test_take_and_free_are_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_int_equal(ovg_range_init(&r, 2048), 0);
	assert_int_equal(ovg_range_take(&r, 10, 10), 0);
	assert_int_equal(ovg_range_take(&r, 19, 1), -EBUSY);
	assert_int_equal(ovg_range_take(&r, 0, 11), -EBUSY);
	assert_int_equal(ovg_range_take(&r, 0, 2048), -EBUSY);
	assert_int_equal(ovg_range_take(&r, 0, 10), 0);
	assert_int_equal(ovg_range_take(&r, 20, 2028), 0);
	assert_int_equal(r.used, 2048);
	assert_int_equal(ovg_range_free(&r, 5, 10), 0);
	assert_int_equal(ovg_range_free(&r, 5, 10), -EINVAL);
	assert_int_equal(ovg_range_free(&r, 0, 6), -EINVAL);
	assert_int_equal(ovg_range_free(&r, 14, 2), -EINVAL);
	assert_int_equal(r.used, 2038);
	assert_int_equal(ovg_range_free(&r, 0, 5), 0);
	assert_int_equal(ovg_range_free(&r, 15, 2033), 0);
	assert_int_equal(r.used, 0);
}

/* Against one byte for each number, looked through the simple way. */
static void test_against_a_plain_map(void **state)
{
	static u8 plain[300];
	u32 seed = 2, step, first, n, i, k;
	int want;

	(void)state;
	assert_int_equal(ovg_range_init(&r, sizeof(plain)), 0);
	for (step = 0; step < 60000; step++) {
		u32 used = 0;

		n = 1 + rnd(&seed) % 20;
		first = rnd(&seed) % 310;
		switch (rnd(&seed) % 2) {
		case 0:
			want = first + n > sizeof(plain) ? -EINVAL : 0;
			for (k = 0; !want && k < n; k++)
				if (plain[first + k])
					want = -EBUSY;
			assert_int_equal(ovg_range_take(&r, first, n), want);
			if (!want)
				memset(plain + first, 1, n);
			break;
		default:
			want = first + n > sizeof(plain) ? -EINVAL : 0;
			for (k = 0; !want && k < n; k++)
				if (!plain[first + k])
					want = -EINVAL;
			assert_int_equal(ovg_range_free(&r, first, n), want);
			if (!want)
				memset(plain + first, 0, n);
			break;
		}
		for (i = 0; i < sizeof(plain); i++)
			used += plain[i];
		assert_int_equal(r.used, used);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_bad_arguments),
		cmocka_unit_test(test_take_and_free_are_whole_or_not_at_all),
		cmocka_unit_test(test_against_a_plain_map),
	};

	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
