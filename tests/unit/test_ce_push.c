// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Push buffers of the copy engine: what the engine would read of them.
 */
#include "unit.h"

#include "ce_push.h"

#define AMPERE_DMA_COPY_B	0xc7b5
#define HOPPER_DMA_COPY_A	0xc8b5

#define GUARD			0x5ca1ab1e

static u32 buf[OVG_CE_FILL_WORDS + 1];
static u32 reg[0x800 / 4];
static bool set[0x800 / 4];

static const struct ovg_ce_fill core_fill = {
	.shape = &ovg_ce_shape_words,
	.class_id = AMPERE_DMA_COPY_B,
	.physical = true,
	.dst = 0x1234567000,
	.size = 1ULL << 30,
	.sem = 0xa700102000,
	.payload = 0x76543210,
};

/*
 * Read the words as the engine does: each method once, one word of data, the
 * right subchannel, the launch last.
 */
static void decode(u32 count)
{
	u32 i;

	memset(reg, 0, sizeof(reg));
	memset(set, 0, sizeof(set));
	assert_true(count && count <= OVG_CE_FILL_WORDS && count % 2 == 0);
	assert_int_equal(buf[OVG_CE_FILL_WORDS], GUARD);
	for (i = 0; i < count; i += 2) {
		u32 method = (buf[i] & 0xfff) << 2;

		/* increasing, one word, subchannel 4 */
		assert_int_equal(buf[i] >> 13, 1u << 16 | 1 << 3 | 4);
		assert_true(method < sizeof(reg));
		assert_false(set[method / 4]);
		set[method / 4] = true;
		reg[method / 4] = buf[i + 1];
	}
	assert_int_equal((buf[count - 2] & 0xfff) << 2, 0x300);
}

static void push(const struct ovg_ce_fill *fill)
{
	memset(buf, 0xee, sizeof(buf));
	buf[OVG_CE_FILL_WORDS] = GUARD;
	decode(ovg_ce_push_fill(buf, fill));
}

static u32 get(u32 method)
{
	assert_true(set[method / 4]);
	return reg[method / 4];
}

/* The fill that the core submits, word by word. */
static void test_core(void **state)
{
	static const u32 words[] = {
		0x20018000, 0xc7b5,		/* SET_OBJECT */
		0x20018090, 0xa7,		/* SET_SEMAPHORE_A */
		0x20018091, 0x00102000,		/* SET_SEMAPHORE_B */
		0x20018092, 0x76543210,		/* SET_SEMAPHORE_PAYLOAD */
		0x200181c0, 0,			/* SET_REMAP_CONST_A */
		0x200181c1, 0,			/* SET_REMAP_CONST_B */
		0x200181c2, 0x00030004,		/* SET_REMAP_COMPONENTS: A, 4 bytes, 1 to 1 */
		0x20018099, 0,			/* SET_DST_PHYS_MODE: local FB */
		0x20018102, 0x12,		/* OFFSET_OUT_UPPER */
		0x20018103, 0x34567000,		/* OFFSET_OUT_LOWER */
		0x20018106, 1 << 28,		/* LINE_LENGTH_IN */
		0x20018107, 1,			/* LINE_COUNT */
		0x200180c0, 0x040025ce,		/* LAUNCH_DMA */
	};
	u32 i;

	(void)state;
	assert_ptr_equal(ovg_ce_shape(AMPERE_DMA_COPY_B), core_fill.shape);
	assert_int_equal(ovg_ce_push_fill(buf, &core_fill), OVG_ARRAY_SIZE(words));
	for (i = 0; i < OVG_ARRAY_SIZE(words); i++)
		assert_int_equal(buf[i], words[i]);
}

static void test_virtual(void **state)
{
	struct ovg_ce_fill fill = core_fill;

	(void)state;
	fill.physical = false;
	push(&fill);
	assert_false(set[0x264 / 4]);
	assert_int_equal(get(0x300) & 0x2000, 0);
	assert_int_equal(get(0x408), 0x12);
	assert_int_equal(get(0x40c), 0x34567000);
}

static void test_words(void **state)
{
	static const u32 components[] = { 0, 0x00030004, 0x01030044, 0x02030444, 0x03034444 };
	struct ovg_ce_shape shape = ovg_ce_shape_words;
	struct ovg_ce_fill fill = core_fill;
	u32 i;

	(void)state;
	fill.shape = &shape;
	fill.value = 0xa5a5c3c3;
	for (i = 1; i <= 4; i++) {
		shape.words = i;
		fill.size = 48 * 1000;
		push(&fill);
		assert_int_equal(get(0x700), 0xa5a5c3c3);
		assert_int_equal(get(0x704), 0xa5a5c3c3);
		assert_int_equal(get(0x708), components[i]);
		assert_int_equal(get(0x418), 12000 / i);
	}
	/* no such element */
	shape.words = 5;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	shape.words = 0;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
}

static void test_flags(void **state)
{
	struct ovg_ce_shape shape = ovg_ce_shape_words;
	struct ovg_ce_fill fill = core_fill;

	(void)state;
	fill.shape = &shape;
	shape.pipelined = true;
	push(&fill);
	assert_int_equal(get(0x300), 0x040025cd);
	shape.plc = true;
	push(&fill);
	assert_int_equal(get(0x300), 0x000025cd);
}

static void test_size(void **state)
{
	struct ovg_ce_shape shape = ovg_ce_shape_words;
	struct ovg_ce_fill fill = core_fill;

	(void)state;
	fill.shape = &shape;
	fill.size = 0;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	fill.size = 6;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	/* the line length has 32 bits, and counts elements */
	fill.size = 0x3fffffffcULL;
	push(&fill);
	assert_int_equal(get(0x418), 0xffffffff);
	fill.size += 4;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	shape.words = 4;
	push(&fill);
	assert_int_equal(get(0x418), 0x40000000);
	fill.sem++;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
}

static void test_scrubber(void **state)
{
	struct ovg_ce_fill fill = core_fill;

	(void)state;
	fill.shape = ovg_ce_shape(HOPPER_DMA_COPY_A);
	fill.class_id = HOPPER_DMA_COPY_A;
	push(&fill);
	assert_int_equal(get(0x000), HOPPER_DMA_COPY_A);
	assert_int_equal(get(0x6fc), 0);
	assert_int_equal(get(0x418), 1 << 30);
	assert_int_equal(get(0x41c), 1);
	/* the scrubber instead of the remapping, but it writes the constants */
	assert_int_equal(get(0x300), 0x048021ce);
	assert_int_equal(get(0x700), 0);
	assert_int_equal(get(0x704), 0);
	assert_int_equal(get(0x708), 0x00030004);

	/* what it cannot do */
	fill.class_id = AMPERE_DMA_COPY_B;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	fill.class_id = HOPPER_DMA_COPY_A;
	fill.physical = false;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	fill.physical = true;
	fill.value = 1;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	fill.value = 0;
	fill.size += 0x800;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
	fill.size -= 0x800;
	fill.dst += 0x800;
	assert_int_equal(ovg_ce_push_fill(buf, &fill), 0);
}

/* The read that the core submits. */
static void test_read(void **state)
{
	struct ovg_ce_read read = {
		.class_id = AMPERE_DMA_COPY_B,
		.src = 0xb12345678cULL,
		.dst = 0x7fff87654320ULL,
		.size = 0x10000,
		.sem = 0xa700102000ULL,
		.payload = 0x76543210,
	};
	u32 count;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	buf[OVG_CE_FILL_WORDS] = GUARD;
	decode(ovg_ce_push_read(buf, &read));
	assert_int_equal(get(0x000), AMPERE_DMA_COPY_B);
	assert_int_equal(get(0x240), 0xa7);
	assert_int_equal(get(0x244), 0x00102000);
	assert_int_equal(get(0x248), 0x76543210);
	assert_int_equal(get(0x260), 0);		/* from local FB */
	assert_int_equal(get(0x264), 1);		/* to coherent system memory */
	assert_int_equal(get(0x400), 0xb1);
	assert_int_equal(get(0x404), 0x2345678c);
	assert_int_equal(get(0x408), 0x7fff);
	assert_int_equal(get(0x40c), 0x87654320);
	assert_int_equal(get(0x418), 0x10000);
	assert_int_equal(get(0x41c), 1);
	assert_int_equal(get(0x300), 0x000031ce);

	read.size = 0;
	assert_int_equal(ovg_ce_push_read(buf, &read), 0);
	read.size = 0x100000000ULL;
	assert_int_equal(ovg_ce_push_read(buf, &read), 0);
	read.size = 0xffffffffULL;
	count = ovg_ce_push_read(buf, &read);
	decode(count);
	read.sem += 2;
	assert_int_equal(ovg_ce_push_read(buf, &read), 0);
	read.sem -= 2;
	/* 49 bits of address */
	read.dst = 0x2000000000000ULL;
	assert_int_equal(ovg_ce_push_read(buf, &read), 0);
	read.dst = 0;
	read.src = 0x2000000000000ULL;
	assert_int_equal(ovg_ce_push_read(buf, &read), 0);
	read.src--;
	decode(ovg_ce_push_read(buf, &read));
	assert_int_equal(get(0x400), 0x1ffff);
}

static void test_gp_entry(void **state)
{
	u32 entry[2];

	(void)state;
	ovg_ce_gp_entry(entry, 0xa700103100, 24);
	assert_int_equal(entry[0], 0x00103100);
	assert_int_equal(entry[1], 0xa7 | 24 << 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_scrubber),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_gp_entry),
	};

	return cmocka_run_group_tests_name("ce_push", tests, NULL, NULL);
}
