// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Commands of the CPU sequencer.
 */
#include "unit.h"
#include "sequencer.h"

#define REGS	0x1000000U	/* BAR0 */
#define HEAD	40

/* An event with @count words of commands; for the caller to free. */
static u8 *event(const u32 *words, u32 count, size_t *size)
{
	u8 *p = zeroed(HEAD + count * 4);

	*size = HEAD + count * 4;
	put32(p, 0, count);
	put32(p, 4, count);
	if (count)
		memcpy(p + HEAD, words, count * 4);
	return p;
}

static void check_op(struct ovg_seq *s, u32 opcode, const u32 *args, u32 n)
{
	struct ovg_seq_op op;
	const char *why;
	u32 i;

	memset(&op, 0xff, sizeof(op));
	assert_int_equal(ovg_seq_next(s, REGS, &op, &why), 1);
	assert_int_equal(op.opcode, opcode);
	for (i = 0; i < GSP_SEQ_MAX_ARGS; i++)
		assert_int_equal(op.arg[i], i < n ? args[i] : 0);
}

static void test_each_opcode(void **state)
{
	static const u32 words[] = {
		0, 0x110040, 0xcafe,
		1, 0x110044, 0xff, 0x12,
		2, 0x110048, 0xf0, 0x10, 5000000, 0x65,
		3, 20,
		4, 0xfffffc, 7,
		5, 6, 7, 8,
	};
	struct ovg_seq_op op;
	struct ovg_seq s;
	const char *why;
	size_t size;
	u8 *p = event(words, OVG_ARRAY_SIZE(words), &size);

	(void)state;
	assert_int_equal(ovg_seq_init(&s, p, size, &why), 0);
	check_op(&s, 0, words + 1, 2);
	check_op(&s, 1, words + 4, 3);
	check_op(&s, 2, words + 8, 5);
	check_op(&s, 3, words + 14, 1);
	check_op(&s, 4, words + 16, 2);
	check_op(&s, 5, NULL, 0);
	check_op(&s, 6, NULL, 0);
	check_op(&s, 7, NULL, 0);
	check_op(&s, 8, NULL, 0);
	assert_int_equal(ovg_seq_next(&s, REGS, &op, &why), 0);
	assert_int_equal(ovg_seq_next(&s, REGS, &op, &why), 0);
	free(p);
}

static void test_head(void **state)
{
	static const u32 words[3] = { 0, 0, 0 };
	struct ovg_seq_op op;
	struct ovg_seq s;
	const char *why;
	size_t size, n;
	u8 *p, *cut;

	(void)state;
	p = event(NULL, 0, &size);
	assert_int_equal(ovg_seq_init(&s, p, size, &why), 0);
	assert_int_equal(ovg_seq_next(&s, REGS, &op, &why), 0);
	free(p);

	p = event(words, 3, &size);
	for (n = 0; n < size; n++) {
		cut = exact(p, n);
		assert_int_equal(ovg_seq_init(&s, cut, n, &why), -EPROTO);
		free(cut);
	}
	/* bytes behind the commands are none of them */
	put32(p, 4, 0);
	assert_int_equal(ovg_seq_init(&s, p, size, &why), 0);
	assert_int_equal(ovg_seq_next(&s, REGS, &op, &why), 0);
	put32(p, 4, 4);
	assert_int_equal(ovg_seq_init(&s, p, size, &why), -EPROTO);
	put32(p, 4, 0xffffffff);
	assert_int_equal(ovg_seq_init(&s, p, size, &why), -EPROTO);
	/* times four it would wrap to 3 words */
	put32(p, 4, 0x40000003);
	assert_int_equal(ovg_seq_init(&s, p, size, &why), -EPROTO);
	free(p);
}

static int one(const u32 *words, u32 count, u32 regs, const char **why)
{
	struct ovg_seq_op op;
	struct ovg_seq s;
	size_t size;
	u8 *p = event(words, count, &size);
	int ret;

	*why = NULL;
	assert_int_equal(ovg_seq_init(&s, p, size, why), 0);
	ret = ovg_seq_next(&s, regs, &op, why);
	assert_int_equal(ret, *why ? -EPROTO : 1);
	free(p);
	return ret;
}

static void test_cut_off_commands(void **state)
{
	static const u32 args[] = { 2, 3, 5, 1, 2, 0, 0, 0, 0 };
	u32 words[6] = { 0 }, op, n;
	const char *why;

	(void)state;
	for (op = 0; op < OVG_ARRAY_SIZE(args); op++) {
		words[0] = op;
		for (n = 0; n < args[op]; n++) {
			assert_int_equal(one(words, 1 + n, REGS, &why), -EPROTO);
			assert_string_equal(why, "sequencer command is cut off");
		}
		assert_int_equal(one(words, 1 + args[op], REGS, &why), 1);
	}
}

static void test_unknown_opcode(void **state)
{
	static const u32 bad[] = { 9, 10, 0x100, 0x7fffffff, 0x80000000, 0xffffffff };
	u32 words[6] = { 0 };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		words[0] = bad[i];
		assert_int_equal(one(words, 6, REGS, &why), -EPROTO);
		assert_string_equal(why, "unknown sequencer opcode");
	}
}

static void test_registers(void **state)
{
	static const u32 bad[] = { 1, 2, 3, 0x110041, REGS, REGS + 4, 0xfffffffc, 0xffffffff };
	static const u32 ops[] = { 0, 1, 2, 4 };
	u32 words[6] = { 0 };
	const char *why;
	size_t i, k;

	(void)state;
	for (k = 0; k < OVG_ARRAY_SIZE(ops); k++) {
		words[0] = ops[k];
		for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
			words[1] = bad[i];
			assert_int_equal(one(words, 6, REGS, &why), -EPROTO);
			assert_string_equal(why, "sequencer's register is out of range");
		}
		words[1] = REGS - 4;
		assert_int_equal(one(words, 6, REGS, &why), 1);
		assert_int_equal(one(words, 6, REGS - 4, &why), -EPROTO);
	}
	/* what is no register may be any number */
	words[0] = 3;
	words[1] = 0xffffffff;
	assert_int_equal(one(words, 2, REGS, &why), 1);
}

static void test_save_index(void **state)
{
	u32 words[3] = { 4, 0x110040, 8 };
	const char *why;

	(void)state;
	assert_int_equal(one(words, 3, REGS, &why), -EPROTO);
	assert_string_equal(why, "sequencer's save index is out of range");
	words[2] = 0xffffffff;
	assert_int_equal(one(words, 3, REGS, &why), -EPROTO);
	words[2] = 7;
	assert_int_equal(one(words, 3, REGS, &why), 1);
}

static void test_garbage(void **state)
{
	u32 seed = 31, round, i, n, ended = 0, ops = 0, words[40];
	struct ovg_seq_op op;
	struct ovg_seq s;
	const char *why;
	size_t size;
	u8 *p;
	int ret;

	(void)state;
	for (round = 0; round < 20000; round++) {
		n = rnd(&seed) % OVG_ARRAY_SIZE(words);
		for (i = 0; i < n; i++)
			words[i] = rnd(&seed) % 32 ? rnd(&seed) % 36 / 4 : rnd(&seed);
		p = event(words, n, &size);
		assert_int_equal(ovg_seq_init(&s, p, size, &why), 0);
		while ((ret = ovg_seq_next(&s, REGS, &op, &why)) == 1) {
			assert_true(op.opcode <= 8);
			if (op.opcode <= 2 || op.opcode == 4)
				assert_true(op.arg[0] % 4 == 0 && op.arg[0] < REGS);
			if (op.opcode == 4)
				assert_true(op.arg[1] < 8);
			ops++;
		}
		assert_true(ret == 0 || ret == -EPROTO);
		ended += !ret;
		free(p);
	}
	assert_true(ended > 500 && ended < round - 500 && ops > round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_opcode),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_cut_off_commands),
		cmocka_unit_test(test_unknown_opcode),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_save_index),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests_name("sequencer", tests, NULL, NULL);
}
