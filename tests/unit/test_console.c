// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Surfaces of a console: the good ones, and each way to be bad.  The offsets are
 * those of the vGPU RFC's header, written down here once more.
 */
#include "unit.h"
#include "console.h"

#define SURFACE		80

/* Offsets in the published surface */
enum {
	RECT_W = 20,
	RECT_H = 24,
	WIDTH = 28,
	HEIGHT = 32,
	SIZE = 36,
	OFFSET = 40,
	FORMAT = 44,
	KIND = 48,
	PITCH = 52,
	TYPE = 56,
	BLANKING = 64,
	BLOCKLINEAR = 76,
};

static const struct ovg_console_limits limits = {
	.fb_size = 1ULL << 30,
	.max_x = 5120,
	.max_y = 2880,
};

static u8 surface[SURFACE];
static struct ovg_console_plane plane;
static const char *why;

/* 1024x768, lines of 4352 bytes, at 16 MiB */
static void good(void)
{
	memset(surface, 0, sizeof(surface));
	put64(surface, 0, 7);
	put64(surface, 8, 7);
	put32(surface, 16, 0x10000);
	put32(surface, RECT_W, 1024);
	put32(surface, RECT_H, 768);
	put32(surface, WIDTH, 1088);
	put32(surface, HEIGHT, 768);
	put32(surface, SIZE, 4352 * 768);
	put32(surface, OFFSET, 16 << 20);
	put32(surface, FORMAT, 0xcf);
	put32(surface, PITCH, 4352);
	put32(surface, TYPE, 1);
}

static int decode_in(const struct ovg_console_limits *l)
{
	u8 *p = exact(surface, sizeof(surface));
	int ret;

	memset(&plane, 0, sizeof(plane));
	ret = ovg_console_decode(p, l, &plane, &why);
	free(p);
	/* a reason goes with a refusal, and only with it */
	assert_int_equal(!!why, ret == -EINVAL);
	return ret;
}

static int decode(void)
{
	return decode_in(&limits);
}

/* A good surface with one word changed */
static int with(size_t off, u32 val)
{
	good();
	put32(surface, off, val);
	return decode();
}

static void test_good(void **state)
{
	(void)state;
	good();
	assert_int_equal(decode(), 0);
	assert_int_equal(plane.width, 1024);
	assert_int_equal(plane.height, 768);
	assert_int_equal(plane.stride, 4352);
	assert_int_equal(plane.offset, 16 << 20);
	assert_int_equal(plane.size, 4352 * 767 + 4096);
	assert_int_equal(plane.fourcc, 0x34325258);
}

static void test_formats(void **state)
{
	static const struct {
		u32 format;
		u32 bytes;
		char name[5];
	} known[] = {
		{ 0xcf, 4, "XR24" }, { 0xd5, 4, "XB24" }, { 0xd1, 4, "XB30" },
		{ 0xe8, 2, "RG16" }, { 0xe9, 2, "XR15" },
	};
	u32 i, format, n = 0;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(known); i++) {
		assert_int_equal(with(FORMAT, known[i].format), 0);
		assert_memory_equal(&plane.fourcc, known[i].name, 4);
		assert_int_equal(plane.size, 4352 * 767 + 1024 * known[i].bytes);
	}
	/* and no others, I8 (0x1e) and those of eight bytes (0xc6, 0xca) among them */
	for (format = 0; format < 0x10000; format++)
		n += !with(FORMAT, format);
	assert_int_equal(n, OVG_ARRAY_SIZE(known));
	assert_int_equal(with(FORMAT, 0x1cf), -EINVAL);
}

static void test_nothing(void **state)
{
	(void)state;
	memset(surface, 0, sizeof(surface));
	assert_int_equal(decode(), -ENODATA);
	put64(surface, 0, 3);
	put64(surface, 8, 3);
	assert_int_equal(decode(), -ENODATA);
	assert_int_equal(with(BLANKING, 1), -ENODATA);
	/* half of a surface is a bad one */
	assert_int_equal(with(WIDTH, 0), -EINVAL);
	assert_int_equal(with(HEIGHT, 0), -EINVAL);
	assert_int_equal(with(RECT_W, 0), -EINVAL);
	assert_int_equal(with(RECT_H, 0), -EINVAL);
	assert_int_equal(with(SIZE, 0), -EINVAL);
}

static void test_layout(void **state)
{
	(void)state;
	assert_int_equal(with(TYPE, 0), -EINVAL);
	assert_non_null(strstr(why, "block-linear"));
	assert_int_equal(with(TYPE, 2), -EINVAL);
	assert_int_equal(with(TYPE, 3), 0);
	assert_int_equal(with(BLOCKLINEAR, 1), -EINVAL);
}

/* Pitch and generic memory; compressible (8 and up), depth (1 to 5) and no kind (7) not */
static void test_kind(void **state)
{
	u32 kind;

	(void)state;
	assert_int_equal(with(KIND, 0x00), 0);
	assert_int_equal(with(KIND, 0x06), 0);
	for (kind = 0; kind < 0x200; kind++) {
		if (kind == 0x00 || kind == 0x06)
			continue;
		assert_int_equal(with(KIND, kind), -EINVAL);
		assert_non_null(strstr(why, "kind"));
	}
	assert_int_equal(with(KIND, 0x06000000), -EINVAL);
	/* generic memory does not make a block-linear surface a good one */
	good();
	put32(surface, KIND, 0x06);
	put32(surface, TYPE, 0);
	assert_int_equal(decode(), -EINVAL);
	assert_non_null(strstr(why, "block-linear"));
}

static void test_resolution(void **state)
{
	struct ovg_console_limits l = limits;

	(void)state;
	assert_int_equal(with(RECT_W, 1088), 0);
	assert_int_equal(with(RECT_W, 1089), -EINVAL);
	assert_int_equal(with(RECT_H, 769), -EINVAL);
	assert_int_equal(with(RECT_W, 0xffffffff), -EINVAL);
	assert_int_equal(with(RECT_H, 0xffffffff), -EINVAL);

	good();
	l.max_x = 1024;
	l.max_y = 768;
	/* 4096 bytes are the longest line of such a type */
	put32(surface, PITCH, 4096);
	assert_int_equal(decode_in(&l), 0);
	l.max_x = 1023;
	assert_int_equal(decode_in(&l), -EINVAL);
	l.max_x = 1024;
	l.max_y = 767;
	assert_int_equal(decode_in(&l), -EINVAL);
	l.max_y = 768;
	put32(surface, PITCH, 4100);
	assert_int_equal(decode_in(&l), -EINVAL);
	/* a type without a resolution shows nothing */
	memset(&l, 0, sizeof(l));
	l.fb_size = limits.fb_size;
	assert_int_equal(decode_in(&l), -EINVAL);
}

static void test_pitch(void **state)
{
	(void)state;
	assert_int_equal(with(PITCH, 4096), 0);
	assert_int_equal(with(PITCH, 4092), -EINVAL);
	assert_int_equal(with(PITCH, 0), -EINVAL);
	assert_int_equal(with(PITCH, 4353), -EINVAL);
	assert_int_equal(with(PITCH, 4354), -EINVAL);
	/* the product with the height has more than 32 bits */
	assert_int_equal(with(PITCH, 0xfffffffc), -EINVAL);
	assert_int_equal(with(PITCH, 0x00555558), -EINVAL);
	assert_int_equal(with(PITCH, 0x80000000), -EINVAL);
}

static void test_size(void **state)
{
	(void)state;
	assert_int_equal(with(SIZE, 4352 * 767 + 4096), 0);
	assert_int_equal(with(SIZE, 4352 * 767 + 4095), -EINVAL);
	assert_int_equal(with(SIZE, 1), -EINVAL);
	/* larger than need be, and inside of FB */
	assert_int_equal(with(SIZE, (1 << 30) - (16 << 20)), 0);
	assert_int_equal(with(SIZE, (1 << 30) - (16 << 20) + 1), -EINVAL);
	assert_int_equal(with(SIZE, 0xffffffff), -EINVAL);
}

static void test_offset(void **state)
{
	struct ovg_console_limits l = limits;
	u32 last = (1 << 30) - 4352 * 768;

	(void)state;
	assert_int_equal(with(OFFSET, 0), 0);
	assert_int_equal(with(OFFSET, last), 0);
	assert_int_equal(plane.offset, last);
	assert_int_equal(with(OFFSET, last + 4), -EINVAL);
	assert_int_equal(with(OFFSET, 1 << 30), -EINVAL);
	assert_int_equal(with(OFFSET, 0xfffffffc), -EINVAL);
	assert_int_equal(with(OFFSET, 2), -EINVAL);

	/* an FB beyond 4 GiB: the sum has more than 32 bits */
	good();
	put32(surface, OFFSET, 0xfffffffc);
	l.fb_size = 48ULL << 30;
	assert_int_equal(decode_in(&l), 0);
	assert_true(plane.offset == 0xfffffffc);
	l.fb_size = 4ULL << 30;
	assert_int_equal(decode_in(&l), -EINVAL);
	l.fb_size = 0;
	assert_int_equal(decode_in(&l), -EINVAL);
}

static void test_room(void **state)
{
	(void)state;
	assert_int_equal(ovg_console_room(1024, 768), 1024 * 768 * 4);
	assert_int_equal(ovg_console_room(1280, 1024), 1280 * 1024 * 4);
	assert_int_equal(ovg_console_room(1, 1), 256);
	assert_int_equal(ovg_console_room(65, 3), 512 * 3);
	assert_int_equal(ovg_console_room(7680, 4320), 7680 * 4320 * 4);
	assert_int_equal(ovg_console_room(16384, 16384), 1 << 30);
	assert_int_equal(ovg_console_room(0, 768), 0);
	assert_int_equal(ovg_console_room(1024, 0), 0);
	assert_int_equal(ovg_console_room(16385, 1), 0);
	assert_int_equal(ovg_console_room(1, 0xffffffff), 0);
	assert_int_equal(ovg_console_room(0xffffffff, 1), 0);
}

/*
 * Whatever the words are: what is accepted lies in FB, and its lines in the room
 * that the type has.
 */
static void test_random(void **state)
{
	static const size_t words[] = {
		RECT_W, RECT_H, WIDTH, HEIGHT, SIZE, OFFSET, FORMAT, KIND, PITCH, TYPE,
	};
	u32 seed = 4711, i, n = 0;

	(void)state;
	for (i = 0; i < 200000; i++) {
		u32 k, changes = rnd(&seed) % 3 + 1;

		good();
		for (k = 0; k < changes; k++) {
			size_t off = words[rnd(&seed) % OVG_ARRAY_SIZE(words)];

			put32(surface, off, rnd(&seed) >> rnd(&seed) % 32);
		}
		if (decode())
			continue;
		n++;
		assert_true(plane.width && plane.height);
		assert_true(plane.width <= limits.max_x && plane.height <= limits.max_y);
		assert_true(plane.stride % 4 == 0 && plane.stride >= plane.width * 2);
		assert_true((u64)plane.stride * plane.height <= ovg_console_room(5120, 2880));
		assert_true(plane.size <= (u64)plane.stride * plane.height);
		assert_true(plane.offset + plane.size <= limits.fb_size);
	}
	/* the test has seen both sides */
	assert_true(n > 1000 && n < 199000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_kind),
		cmocka_unit_test(test_resolution),
		cmocka_unit_test(test_pitch),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
