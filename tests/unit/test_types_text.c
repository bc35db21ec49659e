// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Text of the type files, as clients of NVIDIA's framework parse it.
 */
#include "types_text.h"
#include "unit.h"
#include "vgpu_type.h"

static void test_format(void **state)
{
	char buf[128];
	size_t n;

	(void)state;
	n = ovg_types_text_heading(buf, sizeof(buf));
	assert_string_equal(buf, "ID    : vGPU Name\n");
	assert_int_equal(n, strlen(buf));
	n = ovg_types_text_line(buf, sizeof(buf), 7, "NVIDIA L40-1Q");
	assert_string_equal(buf, "7     : NVIDIA L40-1Q\n");
	assert_int_equal(n, strlen(buf));
	ovg_types_text_line(buf, sizeof(buf), 871, "NVIDIA L40-1Q");
	assert_string_equal(buf, "871   : NVIDIA L40-1Q\n");
	ovg_types_text_line(buf, sizeof(buf), 4294967295u, "x");
	assert_string_equal(buf, "4294967295 : x\n");
}

/* A line that does not fit whole is not there at all. */
static void test_full(void **state)
{
	const char *line = "871   : NVIDIA L40-1Q\n";
	size_t size;

	(void)state;
	for (size = 0; size <= strlen(line); size++) {
		char *buf = zeroed(size ? size : 1);

		assert_int_equal(ovg_types_text_line(buf, size, 871, "NVIDIA L40-1Q"), 0);
		assert_int_equal(buf[0], 0);
		free(buf);
	}
	char *buf = zeroed(strlen(line) + 1);

	assert_int_equal(ovg_types_text_line(buf, strlen(line) + 1, 871, "NVIDIA L40-1Q"),
			 strlen(line));
	assert_string_equal(buf, line);
	free(buf);
}

/* sysfs gives a page; the longest list there can be fits into it. */
static void test_fits_a_page(void **state)
{
	char page[4096], name[32];
	size_t len;
	u32 i;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	len = ovg_types_text_heading(page, sizeof(page));
	for (i = 0; i < OVG_MAX_TYPES; i++) {
		size_t n = ovg_types_text_line(page + len, sizeof(page) - len, 0xffffffffu - i,
					       name);

		assert_int_equal(n, 10 + 3 + 31 + 1);
		len += n;
	}
}

static int parse(const char *text, u32 *id)
{
	/* what comes from sysfs is not terminated as far as the parser knows */
	char *copy = exact(text, strlen(text));
	int ret = ovg_types_text_parse(copy, strlen(text), id);

	free(copy);
	return ret;
}

static void test_parse(void **state)
{
	static const char *const good[] = { "871", "871\n", " 871 \n", "000871", "871 " };
	static const char *const bad[] = {
		"", "\n", " ", "Q40", "871x", "0x367", "-1", "+1", "871 872", "871\n\n",
		"4294967296", "99999999999999999999999", "8\t71", "\t871",
	};
	char text[OVG_TYPES_TEXT_MAX + 1];
	size_t i;
	u32 id;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(good); i++) {
		id = 0;
		assert_int_equal(parse(good[i], &id), 0);
		assert_int_equal(id, 871);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		id = 5;
		assert_int_equal(parse(bad[i], &id), -EINVAL);
		assert_int_equal(id, 5);
	}
	assert_int_equal(parse("4294967295", &id), 0);
	assert_int_equal(id, 4294967295u);
	assert_int_equal(parse("0\n", &id), 0);
	assert_int_equal(id, 0);
	/* as long as it may be, and one blank longer */
	memset(text, ' ', sizeof(text));
	text[0] = '7';
	assert_int_equal(ovg_types_text_parse(text, OVG_TYPES_TEXT_MAX, &id), 0);
	assert_int_equal(id, 7);
	assert_int_equal(ovg_types_text_parse(text, OVG_TYPES_TEXT_MAX + 1, &id), -EINVAL);
	/* an embedded NUL is no end */
	assert_int_equal(ovg_types_text_parse("87\0001", 4, &id), -EINVAL);
}

static void test_heading_full(void **state)
{
	const char *heading = "ID    : vGPU Name\n";
	size_t size;

	(void)state;
	for (size = 0; size <= strlen(heading) + 1; size++) {
		char *buf = zeroed(size ? size : 1);
		bool fits = size > strlen(heading);

		assert_int_equal(ovg_types_text_heading(buf, size),
				 fits ? strlen(heading) : 0);
		assert_string_equal(buf, fits ? heading : "");
		free(buf);
	}
}

/* What a line starts with is a number that can be written back. */
static void test_parse_reads_back(void **state)
{
	u32 seed = 13, i, id, back;
	char buf[64];

	(void)state;
	for (i = 0; i < 20000; i++) {
		id = rnd(&seed) >> rnd(&seed) % 32;
		ovg_types_text_line(buf, sizeof(buf), id, "n");
		*strchr(buf, ':') = 0;
		assert_int_equal(parse(buf, &back), 0);
		assert_int_equal(back, id);
	}
}

static void test_parse_garbage(void **state)
{
	static const char some[] = "0123456789 \n-+x";
	u32 seed = 29, round, i, n, id, accepted = 0;
	char text[24];

	(void)state;
	/* 2^64 and 2^64 + 1: a sum of 64 bits would come round to 0 and 1 */
	assert_int_equal(parse("18446744073709551616", &id), -EINVAL);
	assert_int_equal(parse("18446744073709551617", &id), -EINVAL);
	for (round = 0; round < 50000; round++) {
		n = rnd(&seed) % sizeof(text);
		for (i = 0; i < n; i++)
			text[i] = some[rnd(&seed) % (sizeof(some) - 1)];
		text[n] = 0;
		accepted += !parse(text, &id);
	}
	assert_true(accepted > 1000 && accepted < round - 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_fits_a_page),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_heading_full),
		cmocka_unit_test(test_parse_reads_back),
		cmocka_unit_test(test_parse_garbage),
	};

	return cmocka_run_group_tests_name("types_text", tests, NULL, NULL);
}
