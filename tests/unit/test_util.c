// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Samples of utilisation and what GSP says of guests: bytes at their offsets,
 * in buffers of exactly that size.
 */
#include "unit.h"

#include "util.h"
#include "vgpu_codec.h"

/* GPUACCT_PERFMON_UTIL_SAMPLES, the same in both releases */
#define SAMPLES_SIZE	4048
#define SAMPLE(i)	(16 + 56 * (i))
#define ENGINE(i, e)	(SAMPLE(i) + 8 + 12 * (e))
#define FB		0
#define GR		1
#define NVENC		2
#define NVDEC		3

static const struct ovg_vgpu_codec *const codecs[] = { &ovg_vgpu_r535, &ovg_vgpu_r570 };

static void put_engine(u8 *p, u32 sample, u32 engine, u32 util, u32 pid)
{
	put32(p, ENGINE(sample, engine), util);
	put32(p, ENGINE(sample, engine) + 4, pid);
	put32(p, ENGINE(sample, engine) + 8, 4711);
}

static u8 *payload(void)
{
	u8 *p = calloc(1, SAMPLES_SIZE);

	p[0] = 2;
	return p;
}

static void test_decode(void **state)
{
	const struct ovg_vgpu_codec *codec = *state;
	struct ovg_util_sample s[OVG_UTIL_SAMPLES];
	u8 *p = payload();

	assert_int_equal(codec->util(p, SAMPLES_SIZE, s, OVG_UTIL_SAMPLES), 0);
	put64(p, SAMPLE(3), 1000);
	put_engine(p, 3, GR, 5000, 77);
	put_engine(p, 3, FB, 20000, 78);
	put_engine(p, 3, NVENC, 1, 0xffffffff);
	put_engine(p, 3, NVDEC, 2, 79);
	put64(p, SAMPLE(71), 900);
	assert_int_equal(codec->util(p, SAMPLES_SIZE, s, OVG_UTIL_SAMPLES), 2);
	assert_int_equal(s[0].time, 1000);
	assert_int_equal(s[0].util[OVG_UTIL_GPU], 5000);
	assert_int_equal(s[0].pid[OVG_UTIL_GPU], 77);
	/* more than all is all */
	assert_int_equal(s[0].util[OVG_UTIL_MEMORY], 10000);
	assert_int_equal(s[0].pid[OVG_UTIL_MEMORY], 78);
	assert_int_equal(s[0].pid[OVG_UTIL_ENCODER], 0);
	assert_int_equal(s[0].util[OVG_UTIL_DECODER], 2);
	assert_int_equal(s[0].pid[OVG_UTIL_DECODER], 79);
	assert_int_equal(s[1].time, 900);
	free(p);
}

static void test_malformed(void **state)
{
	const struct ovg_vgpu_codec *codec = *state;
	struct ovg_util_sample s[2];
	u8 *p;

	for (size_t len = 0; len < SAMPLES_SIZE; len += len < 64 ? 1 : 61) {
		p = malloc(len + 1);
		memset(p, 2, len);
		assert_int_equal(codec->util(p, len, s, 2), -EPROTO);
		free(p);
	}
	p = payload();
	p[0] = 1;
	assert_int_equal(codec->util(p, SAMPLES_SIZE, s, 2), -EPROTO);
	/* count and tracker are GSP's word: neither is trusted */
	p[0] = 2;
	memset(p + 4, 0xff, SAMPLES_SIZE - 4);
	assert_int_equal(codec->util(p, SAMPLES_SIZE, s, 2), 2);
	assert_int_equal(codec->util(p, SAMPLES_SIZE, s, 0), 0);
	free(p);
}

static void test_average(void **state)
{
	struct ovg_util_sample s[4] = {
		{ 10, { 10000, 10000, 0, 0 }, { 5, 5, 0, 0 } },
		{ 20, { 4000, 3000, 0, 0 }, { 5, 6, 0, 0 } },
		{ 30, { 2000, 1049, 100, 0 }, { 5, 5, 5, 0 } },
		{ 25, { 9000, 0, 0, 0 }, { 6, 0, 0, 0 } },
	};
	u32 p[OVG_UTIL_ENGINES] = { 1, 2, 3, 4 };

	(void)state;
	assert_int_equal(ovg_util_average(s, 4, 30, 5, p), 0);
	assert_int_equal(p[0], 1);
	/* three are later than 10: 6000, 1049 and 100 of them are of 5 */
	assert_int_equal(ovg_util_average(s, 4, 10, 5, p), 3);
	assert_int_equal(p[OVG_UTIL_GPU], 20);
	assert_int_equal(p[OVG_UTIL_MEMORY], 3);
	assert_int_equal(p[OVG_UTIL_ENCODER], 0);
	assert_int_equal(p[OVG_UTIL_DECODER], 0);
	assert_int_equal(ovg_util_average(s, 4, 10, 6, p), 3);
	assert_int_equal(p[OVG_UTIL_GPU], 30);
	assert_int_equal(ovg_util_latest(s, 4, 0), 30);
	assert_int_equal(ovg_util_latest(s, 4, 31), 31);
	assert_int_equal(ovg_util_latest(s, 0, 7), 7);
}

/* All busy for all of the time: 100 percent, no overflow. */
static void test_busy(void **state)
{
	struct ovg_util_sample s[OVG_UTIL_SAMPLES];
	u32 p[OVG_UTIL_ENGINES];

	(void)state;
	for (u32 i = 0; i < OVG_UTIL_SAMPLES; i++) {
		s[i].time = i + 1;
		for (u32 e = 0; e < OVG_UTIL_ENGINES; e++) {
			s[i].util[e] = OVG_UTIL_MAX;
			s[i].pid[e] = 9;
		}
	}
	assert_int_equal(ovg_util_average(s, OVG_UTIL_SAMPLES, 0, 9, p), OVG_UTIL_SAMPLES);
	for (u32 e = 0; e < OVG_UTIL_ENGINES; e++)
		assert_int_equal(p[e], 100);
}

/* ENUMERATE_VGPU_PER_PGPU: count, 32 entries of 152 bytes from 8 on */
static void test_guest(void **state)
{
	const struct ovg_vgpu_codec *codec = *state;
	u8 *p = calloc(1, codec->guests_size);
	struct ovg_guest g = { 0 };

	assert_int_equal(codec->cmd_guests, 0x20804004);
	assert_int_equal(codec->guests_size, 4872);
	assert_int_equal(codec->guest(p, 1, &g), -ENOENT);
	put32(p, 0, 32);
	put32(p, 8 + 31 * 152 + 104, 7);
	p[8 + 31 * 152 + 20] = 1;
	put32(p, 8 + 31 * 152 + 24, 5);
	p[8 + 31 * 152 + 104 + 40] = 1;
	assert_int_equal(codec->guest(p, 7, &g), 0);
	assert_false(g.known);
	put32(p, 8 + 31 * 152 + 100, 2);
	assert_int_equal(codec->guest(p, 7, &g), 0);
	assert_false(g.known);
	put32(p, 8 + 31 * 152 + 100, 1);
	assert_int_equal(codec->guest(p, 7, &g), 0);
	assert_true(g.known);
	assert_true(g.licensed);
	assert_int_equal(g.license_state, 5);
	assert_true(g.driver_loaded);
	put32(p, 0, 31);
	assert_int_equal(codec->guest(p, 7, &g), -ENOENT);
	put32(p, 0, 33);
	assert_int_equal(codec->guest(p, 7, &g), -EPROTO);
	put32(p, 0, 0xffffffff);
	assert_int_equal(codec->guest(p, 7, &g), -EPROTO);
	free(p);
}

#define EACH(f) \
	{ #f " 535.113.01", f, NULL, NULL, (void *)codecs[0] }, \
	{ #f " 570.144", f, NULL, NULL, (void *)codecs[1] }

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_decode),
		EACH(test_malformed),
		EACH(test_guest),
		cmocka_unit_test(test_average),
		cmocka_unit_test(test_busy),
	};

	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
