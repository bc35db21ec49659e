// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Settings of one vGPU: what is read, what is refused, what is kept.
 */
#include "unit.h"
#include "vgpu_params.h"

static struct ovg_vgpu_params p;
static char text[OVG_PARAMS_SIZE];
static char name[OVG_PARAMS_NAME_SIZE];

static int parse(const char *s)
{
	size_t len = strlen(s);
	/* a buffer that ends where the text ends */
	char *buf = malloc(len + 1);
	int ret;

	memcpy(buf, s, len);
	buf = realloc(buf, len ? len : 1);
	ret = ovg_params_parse(buf, len, &p, text, name);
	free(buf);
	return ret;
}

static void test_default(void **state)
{
	static const char *const none[] = { "", "\n", " ", " \n", "      " };
	struct ovg_vgpu_params d;
	size_t i;

	(void)state;
	ovg_params_default(&d);
	assert_true(d.frame_rate_limiter && d.address64);
	assert_false(d.disable_vnc || d.enable_uvm || d.enable_debugging ||
		     d.enable_profiling || d.override_bar1_size);
	for (i = 0; i < OVG_ARRAY_SIZE(none); i++) {
		assert_int_equal(parse("disable_vnc=1"), 0);
		assert_int_equal(parse(none[i]), 0);
		assert_memory_equal(&p, &d, sizeof(d));
		assert_string_equal(text, "");
		assert_string_equal(name, "");
	}
}

static void test_known_keys(void **state)
{
	(void)state;
	assert_int_equal(parse("frame_rate_limiter=0,disable_vnc=1,enable_uvm=1,"
			       "enable_debugging=1,enable_profiling=1,"
			       "override_bar1_size=1,address64=0\n"), 0);
	assert_false(p.frame_rate_limiter || p.address64);
	assert_true(p.disable_vnc && p.enable_uvm && p.enable_debugging &&
		    p.enable_profiling && p.override_bar1_size);
	assert_string_equal(name, "");
	/* each text stands for itself: what is not in it has its default again */
	assert_int_equal(parse("enable_uvm=0"), 0);
	assert_true(p.frame_rate_limiter && p.address64);
	assert_false(p.disable_vnc || p.enable_uvm);
	/* the last one counts */
	assert_int_equal(parse("enable_uvm=0,enable_uvm=1"), 0);
	assert_true(p.enable_uvm);
}

static void test_blanks(void **state)
{
	(void)state;
	assert_int_equal(parse("  disable_vnc =  1 ,enable_uvm= 1  \n"), 0);
	assert_true(p.disable_vnc && p.enable_uvm);
	assert_string_equal(text, "disable_vnc =  1 ,enable_uvm= 1");
}

static void test_unknown_keys(void **state)
{
	(void)state;
	assert_int_equal(parse("disable_vnc=1,one=a b,two=2"), 0);
	assert_true(p.disable_vnc);
	assert_string_equal(name, "one");
	assert_string_equal(text, "disable_vnc=1,one=a b,two=2");
	/* a key is known as a whole, and a long name is cut */
	assert_int_equal(parse("enable_uvm2=7"), 0);
	assert_string_equal(name, "enable_uvm2");
	assert_int_equal(parse("a_name_that_is_longer_than_thirty_one_characters=1"), 0);
	assert_string_equal(name, "a_name_that_is_longer_than_thir");
	assert_int_equal(parse("a=b=c"), 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} bad[] = {
		{ "disable_vnc", "disable_vnc" }, { "disable_vnc=", "disable_vnc" },
		{ "disable_vnc= ", "disable_vnc" }, { "=1", "" }, { "=", "" }, { " = ", "" },
		{ ",", "" }, { "a=1,", "" }, { ",a=1", "" }, { "a=1,,b=2", "" },
		{ "enable_uvm=2", "enable_uvm" }, { "enable_uvm=01", "enable_uvm" },
		{ "enable_uvm=0 1", "enable_uvm" }, { "a=1,enable_uvm=yes", "enable_uvm" },
		{ "a=1\nb=2", "" }, { "a=\t", "" }, { "a=\x7f", "" }, { "a=\xc3\xa4", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		assert_int_equal(parse("x=1,disable_vnc=1"), 0);
		assert_int_equal(parse(bad[i].text), -EINVAL);
		assert_string_equal(name, bad[i].name);
		/* what there was stays */
		assert_true(p.disable_vnc);
		assert_string_equal(text, "x=1,disable_vnc=1");
	}
}

static void test_length(void **state)
{
	char *s = malloc(OVG_PARAMS_SIZE + 3);

	(void)state;
	memset(s, 'v', OVG_PARAMS_SIZE + 2);
	memcpy(s, "k=", 2);
	s[OVG_PARAMS_SIZE - 1] = 0;
	assert_int_equal(parse(s), 0);
	assert_string_equal(text, s);
	s[OVG_PARAMS_SIZE - 1] = '\n';
	s[OVG_PARAMS_SIZE] = 0;
	assert_int_equal(parse(s), 0);
	s[OVG_PARAMS_SIZE - 1] = 'v';
	assert_int_equal(parse(s), -E2BIG);
	s[OVG_PARAMS_SIZE + 2] = 0;
	s[OVG_PARAMS_SIZE] = 'v';
	assert_int_equal(parse(s), -E2BIG);
	/* blanks count, too */
	memset(s, ' ', OVG_PARAMS_SIZE);
	memcpy(s, "k=v", 3);
	s[OVG_PARAMS_SIZE] = 0;
	assert_int_equal(parse(s), -E2BIG);
	s[OVG_PARAMS_SIZE - 1] = 0;
	assert_int_equal(parse(s), 0);
	assert_string_equal(text, "k=v");
	free(s);
}

/* Bytes at random never lead out of the buffers. */
static void test_garbage(void **state)
{
	static const char set[] = "=, 01adisable_vnc\n";
	u32 seed = 5, round, i, n, good = 0;
	char s[64];

	(void)state;
	for (round = 0; round < 20000; round++) {
		n = rnd(&seed) % (sizeof(s) - 1);
		for (i = 0; i < n; i++)
			s[i] = set[rnd(&seed) % (sizeof(set) - 1)];
		s[n] = 0;
		good += !parse(s);
	}
	assert_true(good > 100 && good < round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_known_keys),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests_name("vgpu_params", tests, NULL, NULL);
}
