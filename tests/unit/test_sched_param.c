// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The module parameter vgpu_sched: which number each text becomes, and which
 * texts are refused.
 */
#include "unit.h"
#include "sched_param.h"

#define UNCHANGED	0xdeadbeef

static const char *why;

static int parse(const char *text, u32 *value)
{
	/* a buffer that ends where the text ends */
	char *buf = exact(text, strlen(text) + 1);
	int ret;

	*value = UNCHANGED;
	why = NULL;
	ret = ovg_sched_param_parse(buf, value, &why);
	free(buf);
	return ret;
}

static void test_good(void **state)
{
	static const struct {
		const char *text;
		u32 value;
	} table[] = {
		{ "best_effort", 0 },
		{ "best_effort\n", 0 },
		{ "equal_share", 0x01 },
		{ "fixed_share\n", 0x11 },
		{ "equal_share,arr=default", 0x01 },
		{ "equal_share,arr=enable", 0x01 },
		{ "equal_share,arr=disable", 0x03 },
		{ "fixed_share,arr=disable", 0x13 },
		{ "equal_share,arr=disable,timeslice_us=3000", 0x00030003 },
		{ "fixed_share,timeslice_us=24000,arr=disable\n", 0x00180013 },
		{ "fixed_share,arr=disable,timeslice_us=1000", 0x00010013 },
		{ "fixed_share,arr=disable,timeslice_us=30000", 0x001e0013 },
		{ "fixed_share,arr=disable,timeslice_us=0", 0x13 },
		{ "equal_share,arr=enable,frequency_hz=960,averaging_factor=60", 0x3c3c0001 },
		{ "fixed_share,frequency_hz=63,averaging_factor=1", 0x0103f011 },
		{ "equal_share,averaging_factor=33", 0x21000001 },
		{ "equal_share,frequency_hz=0,averaging_factor=0,timeslice_us=0", 0x01 },
	};
	u32 value;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(table); i++) {
		assert_int_equal(parse(table[i].text, &value), 0);
		assert_int_equal(value, table[i].value);
	}
}

static void test_bad(void **state)
{
	static const char *const malformed[] = {
		"", "\n", ",", "unknown", "best", "Equal_share", "equal_share ", " equal_share",
		"equal_share,", "equal_share,,", "equal_share,\n", "equal_share arr=enable",
		"equal_share,arr", "equal_share,arr=", "equal_share,arr=on", "equal_share,arr=2",
		"equal_share,arr=enable,arr=enable", "equal_share,timeslice_us",
		"equal_share,arr=disable,timeslice_us=", "equal_share,arr=disable,timeslice_us=2ms",
		"equal_share,arr=disable,timeslice_us=-1", "equal_share,arr=disable,timeslice_us=0x10",
		"equal_share,arr=disable,timeslice_us=100000000000", "equal_share,frequency=100",
		"equal_share,frequency_hz=100,frequency_hz=100", "arr=enable,equal_share",
		"equal_share,fixed_share", "0x11",
		/* what does not go together */
		"best_effort,arr=default", "best_effort,arr=enable", "best_effort,timeslice_us=1000",
		"best_effort,frequency_hz=0", "equal_share,timeslice_us=2000",
		"equal_share,arr=enable,timeslice_us=2000",
		"equal_share,arr=disable,frequency_hz=100",
		"equal_share,arr=disable,averaging_factor=1",
	};
	static const char *const range[] = {
		"equal_share,arr=disable,timeslice_us=999",
		"equal_share,arr=disable,timeslice_us=1500",
		"equal_share,arr=disable,timeslice_us=31000",
		"equal_share,arr=disable,timeslice_us=99999000",
		"equal_share,frequency_hz=62", "equal_share,frequency_hz=961",
		"equal_share,averaging_factor=61", "equal_share,averaging_factor=99999999",
	};
	u32 value;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(malformed); i++) {
		assert_int_equal(parse(malformed[i], &value), -EINVAL);
		assert_int_equal(value, UNCHANGED);
		assert_non_null(why);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(range); i++) {
		assert_int_equal(parse(range[i], &value), -ERANGE);
		assert_int_equal(value, UNCHANGED);
		assert_non_null(why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests_name("sched_param", tests, NULL, NULL);
}
