// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler: names, what may be set together, ranges, what GSP's
 * registry says.
 */
#include "unit.h"
#include "vgpu_sched.h"

static const struct ovg_sched_caps caps = {
	.policies = 1u << OVG_SCHED_BEST_EFFORT | 1u << OVG_SCHED_EQUAL_SHARE |
		    1u << OVG_SCHED_FIXED_SHARE,
	.arr = true,
	.timeslice_ns = { 1000000, 30000000 },
	.frequency = { 63, 960 },
	.avg_factor = { 1, 60 },
};

static void test_names(void **state)
{
	static const char *const wrong[] = {
		"", "\n", "unknown", "best", "best_effort ", " best_effort", "best_effort\n\n",
		"Best_Effort", "best-effort", "best_effortx", "2", "default",
	};
	size_t i;

	(void)state;
	assert_int_equal(ovg_sched_policy_parse("best_effort", 11), OVG_SCHED_BEST_EFFORT);
	assert_int_equal(ovg_sched_policy_parse("equal_share\n", 12), OVG_SCHED_EQUAL_SHARE);
	assert_int_equal(ovg_sched_policy_parse("fixed_share", 11), OVG_SCHED_FIXED_SHARE);
	for (i = 0; i < OVG_ARRAY_SIZE(wrong); i++)
		assert_int_equal(ovg_sched_policy_parse(wrong[i], strlen(wrong[i])), -EINVAL);
	/* no byte beyond the length is looked at */
	assert_int_equal(ovg_sched_policy_parse("best_effort", 4), -EINVAL);

	assert_int_equal(ovg_sched_arr_parse("default\n", 8), OVG_SCHED_ARR_DEFAULT);
	assert_int_equal(ovg_sched_arr_parse("disable", 7), OVG_SCHED_ARR_DISABLE);
	assert_int_equal(ovg_sched_arr_parse("enable", 6), OVG_SCHED_ARR_ENABLE);
	assert_int_equal(ovg_sched_arr_parse("enabled", 7), -EINVAL);
	assert_int_equal(ovg_sched_arr_parse("", 0), -EINVAL);

	for (i = OVG_SCHED_BEST_EFFORT; i < OVG_SCHED_POLICY_COUNT; i++) {
		const char *name = ovg_sched_policy_name(i);

		assert_int_equal(ovg_sched_policy_parse(name, strlen(name)), i);
	}
	for (i = 0; i < OVG_SCHED_ARR_COUNT; i++) {
		const char *name = ovg_sched_arr_name(i);

		assert_int_equal(ovg_sched_arr_parse(name, strlen(name)), i);
	}
	assert_string_equal(ovg_sched_policy_name(OVG_SCHED_UNKNOWN), "unknown");
	assert_string_equal(ovg_sched_policy_name(77), "unknown");
	assert_string_equal(ovg_sched_arr_name(77), "unknown");
}

static enum ovg_sched_fault check(int policy, int arr, u32 ns, u32 hz, u32 factor)
{
	struct ovg_sched s = { policy, arr, ns, hz, factor };

	return ovg_sched_check(&s, &caps);
}

static void test_together(void **state)
{
	static const int share[] = { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_FIXED_SHARE };
	enum { DEF = OVG_SCHED_ARR_DEFAULT, OFF = OVG_SCHED_ARR_DISABLE, ON = OVG_SCHED_ARR_ENABLE };
	size_t i;

	(void)state;
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, DEF, 0, 0, 0), OVG_SCHED_OK);
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, ON, 0, 0, 0), OVG_SCHED_BEST_EFFORT_PLAIN);
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, OFF, 0, 0, 0), OVG_SCHED_BEST_EFFORT_PLAIN);
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, DEF, 2000000, 0, 0),
			 OVG_SCHED_BEST_EFFORT_PLAIN);
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, DEF, 0, 100, 0),
			 OVG_SCHED_BEST_EFFORT_PLAIN);
	assert_int_equal(check(OVG_SCHED_BEST_EFFORT, DEF, 0, 0, 1),
			 OVG_SCHED_BEST_EFFORT_PLAIN);
	for (i = 0; i < OVG_ARRAY_SIZE(share); i++) {
		assert_int_equal(check(share[i], DEF, 0, 0, 0), OVG_SCHED_OK);
		assert_int_equal(check(share[i], OFF, 0, 0, 0), OVG_SCHED_OK);
		assert_int_equal(check(share[i], ON, 0, 0, 0), OVG_SCHED_OK);
		assert_int_equal(check(share[i], OFF, 2000000, 0, 0), OVG_SCHED_OK);
		assert_int_equal(check(share[i], DEF, 2000000, 0, 0),
				 OVG_SCHED_TIMESLICE_WANTS_NO_ARR);
		assert_int_equal(check(share[i], ON, 2000000, 0, 0),
				 OVG_SCHED_TIMESLICE_WANTS_NO_ARR);
		assert_int_equal(check(share[i], ON, 0, 480, 33), OVG_SCHED_OK);
		assert_int_equal(check(share[i], DEF, 0, 480, 0), OVG_SCHED_NUMBER_WANTS_ARR);
		assert_int_equal(check(share[i], OFF, 0, 0, 33), OVG_SCHED_NUMBER_WANTS_ARR);
	}
	assert_int_equal(check(OVG_SCHED_UNKNOWN, DEF, 0, 0, 0), OVG_SCHED_BAD_POLICY);
	assert_int_equal(check(OVG_SCHED_POLICY_COUNT, DEF, 0, 0, 0), OVG_SCHED_BAD_POLICY);
	assert_int_equal(check(99, DEF, 0, 0, 0), OVG_SCHED_BAD_POLICY);
}

static void test_ranges(void **state)
{
	int p = OVG_SCHED_EQUAL_SHARE;

	(void)state;
	assert_int_equal(check(p, OVG_SCHED_ARR_DISABLE, 1000000, 0, 0), OVG_SCHED_OK);
	assert_int_equal(check(p, OVG_SCHED_ARR_DISABLE, 30000000, 0, 0), OVG_SCHED_OK);
	assert_int_equal(check(p, OVG_SCHED_ARR_DISABLE, 999999, 0, 0), OVG_SCHED_BAD_TIMESLICE);
	assert_int_equal(check(p, OVG_SCHED_ARR_DISABLE, 30000001, 0, 0), OVG_SCHED_BAD_TIMESLICE);
	assert_int_equal(check(p, OVG_SCHED_ARR_DISABLE, UINT32_MAX, 0, 0),
			 OVG_SCHED_BAD_TIMESLICE);
	assert_int_equal(check(p, OVG_SCHED_ARR_ENABLE, 0, 63, 60), OVG_SCHED_OK);
	assert_int_equal(check(p, OVG_SCHED_ARR_ENABLE, 0, 960, 1), OVG_SCHED_OK);
	assert_int_equal(check(p, OVG_SCHED_ARR_ENABLE, 0, 62, 0), OVG_SCHED_BAD_FREQUENCY);
	assert_int_equal(check(p, OVG_SCHED_ARR_ENABLE, 0, 961, 0), OVG_SCHED_BAD_FREQUENCY);
	assert_int_equal(check(p, OVG_SCHED_ARR_ENABLE, 0, 0, 61), OVG_SCHED_BAD_FACTOR);
}

static void test_less_able(void **state)
{
	struct ovg_sched_caps less = caps;
	struct ovg_sched s = { .policy = OVG_SCHED_EQUAL_SHARE, .arr = OVG_SCHED_ARR_ENABLE };

	(void)state;
	less.arr = false;
	assert_int_equal(ovg_sched_check(&s, &less), OVG_SCHED_BAD_ARR);
	s.arr = OVG_SCHED_ARR_DISABLE;
	assert_int_equal(ovg_sched_check(&s, &less), OVG_SCHED_OK);
	less.policies &= ~(1u << OVG_SCHED_EQUAL_SHARE);
	assert_int_equal(ovg_sched_check(&s, &less), OVG_SCHED_BAD_POLICY);
}

static void test_normalize(void **state)
{
	struct ovg_sched s = { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 5, 6, 7 };

	(void)state;
	ovg_sched_normalize(&s);
	assert_int_equal(s.timeslice_ns, 0);
	assert_int_equal(s.frequency, 6);
	assert_int_equal(s.avg_factor, 7);

	s = (struct ovg_sched){ OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_DISABLE, 5, 6, 7 };
	ovg_sched_normalize(&s);
	assert_int_equal(s.timeslice_ns, 5);
	assert_int_equal(s.frequency, 0);
	assert_int_equal(s.avg_factor, 0);

	s = (struct ovg_sched){ OVG_SCHED_BEST_EFFORT, OVG_SCHED_ARR_DISABLE, 5, 6, 7 };
	ovg_sched_normalize(&s);
	assert_int_equal(ovg_sched_check(&s, &caps), OVG_SCHED_OK);
	assert_int_equal(s.arr, OVG_SCHED_ARR_DEFAULT);
}

static void test_faults(void **state)
{
	enum ovg_sched_fault f;

	(void)state;
	assert_int_equal(ovg_sched_fault_errno(OVG_SCHED_OK), 0);
	assert_int_equal(ovg_sched_fault_errno(OVG_SCHED_BAD_POLICY), -EOPNOTSUPP);
	assert_int_equal(ovg_sched_fault_errno(OVG_SCHED_BAD_ARR), -EOPNOTSUPP);
	assert_int_equal(ovg_sched_fault_errno(OVG_SCHED_BEST_EFFORT_PLAIN), -EINVAL);
	assert_int_equal(ovg_sched_fault_errno(OVG_SCHED_BAD_FREQUENCY), -ERANGE);
	for (f = OVG_SCHED_BAD_POLICY; f <= OVG_SCHED_BAD_FACTOR; f++) {
		assert_true(ovg_sched_fault_errno(f) < 0);
		assert_true(strlen(ovg_sched_fault_text(f)) > 10);
	}
}

/* The values that NVIDIA's user guide has as examples, and others. */
static void test_registry(void **state)
{
	static const struct {
		u32 value;
		struct ovg_sched want;
	} table[] = {
		{ 0, { OVG_SCHED_BEST_EFFORT, OVG_SCHED_ARR_DEFAULT, 0, 0, 0 } },
		/* not enabled: nothing else counts */
		{ 0xfffffffe, { OVG_SCHED_BEST_EFFORT, OVG_SCHED_ARR_DEFAULT, 0, 0, 0 } },
		{ 0x01, { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 0, 0, 0 } },
		{ 0x11, { OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_ENABLE, 0, 0, 0 } },
		{ 0x00030003, { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_DISABLE, 3000000, 0, 0 } },
		{ 0x00180013, { OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_DISABLE, 24000000, 0, 0 } },
		{ 0x3c3c0001, { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 0, 960, 60 } },
		{ 0x0103f011, { OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_ENABLE, 0, 63, 1 } },
		{ 0x21, { OVG_SCHED_UNKNOWN, OVG_SCHED_ARR_DEFAULT, 0, 0, 0 } },
	};
	struct ovg_sched s;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(table); i++) {
		memset(&s, 0xff, sizeof(s));
		ovg_sched_from_registry(table[i].value, &s);
		assert_int_equal(s.policy, table[i].want.policy);
		assert_int_equal(s.arr, table[i].want.arr);
		assert_int_equal(s.timeslice_ns, table[i].want.timeslice_ns);
		assert_int_equal(s.frequency, table[i].want.frequency);
		assert_int_equal(s.avg_factor, table[i].want.avg_factor);
	}
}

static void is(const struct ovg_sched *s, int policy, int arr, u32 ns, u32 hz, u32 factor)
{
	assert_int_equal(s->policy, policy);
	assert_int_equal(s->arr, arr);
	assert_int_equal(s->timeslice_ns, ns);
	assert_int_equal(s->frequency, hz);
	assert_int_equal(s->avg_factor, factor);
}

#define DEF OVG_SCHED_ARR_DEFAULT
#define OFF OVG_SCHED_ARR_DISABLE
#define ON OVG_SCHED_ARR_ENABLE
#define BEST OVG_SCHED_BEST_EFFORT
#define EQUAL OVG_SCHED_EQUAL_SHARE
#define FIXED OVG_SCHED_FIXED_SHARE

static void test_reconcile(void **state)
{
	static const struct {
		struct ovg_sched set, gsp, want;
	} table[] = {
		/* nothing else is said */
		{ { BEST, DEF, 0, 0, 0 }, { BEST, DEF, 0, 0, 0 }, { BEST, DEF, 0, 0, 0 } },
		{ { EQUAL, OFF, 3, 0, 0 }, { EQUAL, OFF, 0, 0, 0 }, { EQUAL, OFF, 3, 0, 0 } },
		{ { FIXED, ON, 0, 100, 7 }, { FIXED, ON, 0, 0, 0 }, { FIXED, ON, 0, 100, 7 } },
		/* the same, said otherwise */
		{ { FIXED, ON, 0, 100, 7 }, { FIXED, DEF, 0, 0, 0 }, { FIXED, ON, 0, 100, 7 } },
		/* another policy: nothing of the old one stays */
		{ { EQUAL, ON, 0, 100, 7 }, { FIXED, ON, 0, 0, 0 }, { FIXED, ON, 0, 0, 0 } },
		{ { EQUAL, ON, 0, 100, 7 }, { BEST, ON, 2, 0, 5 }, { BEST, DEF, 0, 0, 0 } },
		{ { BEST, DEF, 0, 0, 0 }, { EQUAL, OFF, 4, 0, 0 }, { EQUAL, OFF, 4, 0, 0 } },
		/* the same policy with another arr, slice, factor */
		{ { EQUAL, ON, 0, 100, 7 }, { EQUAL, OFF, 0, 0, 0 }, { EQUAL, OFF, 0, 0, 0 } },
		{ { EQUAL, OFF, 3, 0, 0 }, { EQUAL, ON, 0, 0, 9 }, { EQUAL, ON, 0, 0, 9 } },
		{ { EQUAL, OFF, 3, 0, 0 }, { EQUAL, OFF, 10, 0, 0 }, { EQUAL, OFF, 10, 0, 0 } },
		{ { EQUAL, ON, 0, 100, 7 }, { EQUAL, ON, 0, 0, 9 }, { EQUAL, ON, 0, 100, 9 } },
		/* the slice of adaptive round robin is none to be set */
		{ { EQUAL, ON, 0, 0, 0 }, { EQUAL, ON, 2083333, 0, 33 }, { EQUAL, ON, 0, 0, 33 } },
	};
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(table); i++) {
		struct ovg_sched s = table[i].set;

		ovg_sched_reconcile(&s, &table[i].gsp);
		is(&s, table[i].want.policy, table[i].want.arr, table[i].want.timeslice_ns,
		   table[i].want.frequency, table[i].want.avg_factor);
	}
}

#undef DEF
#undef OFF
#undef ON
#undef BEST
#undef EQUAL
#undef FIXED

static void test_in_force(void **state)
{
	struct ovg_sched set = { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_DEFAULT, 0, 480, 0 };
	struct ovg_sched gsp = { OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 2083333, 0, 33 };
	struct ovg_sched out;

	(void)state;
	ovg_sched_in_force(&set, &gsp, true, &out);
	is(&out, OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 2083333, 480, 33);
	/* the numbers are of a vGPU that is gone */
	ovg_sched_in_force(&set, &gsp, false, &out);
	is(&out, OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_ENABLE, 0, 480, 0);
	/* GSP tells none */
	set = (struct ovg_sched){ OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_DISABLE, 3000000, 0, 0 };
	gsp = (struct ovg_sched){ OVG_SCHED_UNKNOWN, OVG_SCHED_ARR_DISABLE, 0, 0, 0 };
	ovg_sched_in_force(&set, &gsp, true, &out);
	is(&out, OVG_SCHED_UNKNOWN, OVG_SCHED_ARR_DISABLE, 3000000, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_less_able),
		cmocka_unit_test(test_normalize),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_reconcile),
		cmocka_unit_test(test_in_force),
	};

	return cmocka_run_group_tests_name("vgpu_sched", tests, NULL, NULL);
}
