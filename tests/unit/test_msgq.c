// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Message queues: ring arithmetic, the layout of a message, what is refused
 * of the other side, requests of several messages.
 */
#include "unit.h"
#include "msgq.h"

#define COUNT	GSP_MSGQ_MSG_COUNT
#define PAGE	4096
#define MAX	65456U		/* payload of one message: 16 pages - 48 - 32 */

static void test_constants(void **state)
{
	(void)state;
	assert_int_equal(COUNT, 63);
	assert_int_equal(GSP_RPC_MAX_PAYLOAD, MAX);
	assert_int_equal(GSP_MSGQ_SHARED_SIZE, GSP_MSGQ_PTE_COUNT * PAGE);
}

static void test_ring_arithmetic(void **state)
{
	u32 rd, wr, n, p;

	(void)state;
	for (rd = 0; rd < COUNT; rd++) {
		for (wr = 0, n = 0; wr < COUNT; wr++, n++) {
			p = (rd + n) % COUNT;
			assert_int_equal(ovg_msgq_used(rd, p, COUNT), n);
			assert_int_equal(ovg_msgq_free(rd, p, COUNT), COUNT - 1 - n);
			assert_int_equal(ovg_msgq_advance(rd, n, COUNT), p);
		}
	}
}

static void test_slots(void **state)
{
	(void)state;
	assert_int_equal(ovg_msgq_slots(32), 1);
	assert_int_equal(ovg_msgq_slots(PAGE - 48), 1);
	assert_int_equal(ovg_msgq_slots(PAGE - 47), 2);
	assert_int_equal(ovg_msgq_slots(2 * PAGE - 48), 2);
	assert_int_equal(ovg_msgq_slots(GSP_RPC_MAX_LENGTH), 16);
}

static void test_fold(void **state)
{
	u8 b[24] = { 0 };

	(void)state;
	assert_int_equal(ovg_msgq_fold(b, sizeof(b)), 0);
	put64(b, 0, 0x1122334455667788);
	assert_int_equal(ovg_msgq_fold(b, sizeof(b)), 0x11223344 ^ 0x55667788);
	put64(b, 8, 0x1122334455667788);
	assert_int_equal(ovg_msgq_fold(b, sizeof(b)), 0);
	put64(b, 16, 0x0000000100000000);
	assert_int_equal(ovg_msgq_fold(b, sizeof(b)), 1);
}

static void test_build_layout(void **state)
{
	static const u8 payload[] = { 0xa1, 0xa2, 0xa3, 0xa4, 0xa5 };
	u8 *msg = malloc(PAGE), want[PAGE] = { 0 };

	(void)state;
	memset(msg, 0xff, PAGE);
	assert_int_equal(ovg_msgq_build(msg, PAGE, 0x01020304, 76, 0x0a0b0c0d,
					payload, sizeof(payload)), 1);
	put32(want, 36, 0x01020304);
	put32(want, 40, 1);
	put32(want, 48, 0x03000000);
	memcpy(want + 52, "VRPC", 4);
	put32(want, 56, 32 + 5);
	put32(want, 60, 76);
	put32(want, 64, 0xffffffff);
	put32(want, 68, 0xffffffff);
	put32(want, 72, 0x0a0b0c0d);
	memcpy(want + 80, payload, sizeof(payload));
	put32(want, 32, get32(msg, 32));
	assert_memory_equal(msg, want, PAGE);
	assert_int_equal(ovg_msgq_fold(msg, PAGE), 0);
	put32(want, 32, 0);
	assert_int_equal(get32(msg, 32), ovg_msgq_fold(want, PAGE));
	free(msg);
}

static void test_build_bounds(void **state)
{
	u8 *payload = calloc(1, MAX + 1), *msg = malloc(16 * PAGE);

	(void)state;
	assert_int_equal(ovg_msgq_build(msg, 16 * PAGE, 0, 1, 0, payload, MAX), 16);
	assert_int_equal(ovg_msgq_build(msg, 16 * PAGE, 0, 1, 0, payload, MAX + 1), -EMSGSIZE);
	assert_int_equal(ovg_msgq_build(msg, 16 * PAGE, 0, 1, 0, payload, UINT32_MAX),
			 -EMSGSIZE);
	assert_int_equal(ovg_msgq_build(msg, 16 * PAGE - 1, 0, 1, 0, payload, MAX), -EMSGSIZE);
	assert_int_equal(ovg_msgq_build(msg, PAGE, 0, 1, 0, payload, PAGE - 79), -EMSGSIZE);
	assert_int_equal(ovg_msgq_build(msg, PAGE, 0, 1, 0, payload, PAGE - 80), 1);
	assert_int_equal(ovg_msgq_build(msg, PAGE - 1, 0, 1, 0, NULL, 0), -EMSGSIZE);
	assert_int_equal(ovg_msgq_build(msg, PAGE, 0, 1, 0, NULL, 0), 1);
	assert_int_equal(ovg_msgq_rpc(msg)->length, 32);
	free(msg);
	free(payload);
}

/* Why a message is refused, NULL when it is not. */
static const char *refused(const void *msg, u32 slots, u32 seq)
{
	const char *why = NULL;
	int ret = ovg_msgq_check(msg, slots, seq, false, &why);

	assert_int_equal(ret, why ? -EPROTO : 0);
	return why;
}

static void seal(u8 *msg, u32 slots)
{
	put32(msg, 32, 0);
	put32(msg, 32, ovg_msgq_fold(msg, slots * PAGE));
}

static void test_checksum_sees_each_byte(void **state)
{
	u8 *msg = malloc(2 * PAGE), payload[5000];
	u32 seed = 7, i;

	(void)state;
	rnd_fill(&seed, payload, sizeof(payload));
	assert_int_equal(ovg_msgq_build(msg, 2 * PAGE, 9, 76, 9, payload, sizeof(payload)), 2);
	assert_null(refused(msg, 2, 9));
	for (i = 0; i < 2 * PAGE; i++) {
		msg[i] ^= 1 << i % 8;
		assert_string_equal(refused(msg, 2, 9), "bad checksum");
		msg[i] ^= 1 << i % 8;
	}
	assert_null(refused(msg, 2, 9));
	free(msg);
}

/*
 * A sender may sum its message up to the end of what it wrote, filled up to 8
 * bytes; what the slot held before is no part of the message then.
 */
static void test_checksum_of_used_bytes(void **state)
{
	static const u32 bad_lengths[] = { 0, 31, 0xfffffff8, 0xffffffff };
	const u32 payload_size = 13, used = 48 + 32 + 13, summed = 96;
	u8 *msg = malloc(PAGE), payload[13];
	const char *why;
	u32 seed = 11, i;

	(void)state;
	rnd_fill(&seed, payload, sizeof(payload));
	assert_int_equal(ovg_msgq_build(msg, PAGE, 9, 76, 9, payload, payload_size), 1);
	assert_int_equal(ovg_msgq_rpc(msg)->length + 48, used);
	assert_int_equal(ovg_msgq_check(msg, 1, 9, true, &why), 0);

	/* one bit anywhere in what is summed, the filling included */
	for (i = 0; i < summed; i++) {
		msg[i] ^= 1 << i % 8;
		assert_int_equal(ovg_msgq_check(msg, 1, 9, true, &why), -EPROTO);
		/* a changed length moves the end of the sum, and need not spoil it */
		if (i < 56 || i >= 60)
			assert_string_equal(why, "bad checksum");
		msg[i] ^= 1 << i % 8;
	}

	/* an old message's rest in the slot */
	rnd_fill(&seed, msg + summed, PAGE - summed);
	assert_int_equal(ovg_msgq_check(msg, 1, 9, true, &why), 0);
	assert_string_equal(refused(msg, 1, 9), "bad checksum");

	/* a length that is none never leads beyond the slots */
	for (i = 0; i < OVG_ARRAY_SIZE(bad_lengths); i++) {
		ovg_msgq_build(msg, PAGE, 9, 76, 9, payload, payload_size);
		put32(msg, 56, bad_lengths[i]);
		put32(msg, 32, 0);
		put32(msg, 32, ovg_msgq_fold(msg, ovg_min(PAGE, ovg_align_up(48 + (u64)bad_lengths[i], 8))));
		assert_int_equal(ovg_msgq_check(msg, 1, 9, true, &why), -EPROTO);
		assert_string_not_equal(why, "bad checksum");
	}
	free(msg);
}

static void test_sequence_number(void **state)
{
	u8 *msg = malloc(PAGE);

	(void)state;
	ovg_msgq_build(msg, PAGE, UINT32_MAX, 76, 0, NULL, 0);
	assert_null(refused(msg, 1, UINT32_MAX));
	assert_string_equal(refused(msg, 1, 0), "wrong sequence number");
	ovg_msgq_build(msg, PAGE, UINT32_MAX + 1U, 76, 0, NULL, 0);
	assert_null(refused(msg, 1, 0));
	assert_string_equal(refused(msg, 1, 1), "wrong sequence number");
	assert_string_equal(refused(msg, 1, UINT32_MAX), "wrong sequence number");
	free(msg);
}

/* Messages with a right checksum and a header that is not. */
static void test_malformed_headers(void **state)
{
	static const struct {
		u32 off;
		u32 value;
		const char *why;
	} bad[] = {
		{ 40, 1, "element count changed" },
		{ 40, 3, "element count changed" },
		{ 40, 0, "element count changed" },
		{ 48, 0x02000000, "unknown RPC header version" },
		{ 52, 0x56525043, "bad RPC signature" },
		{ 56, 0, "RPC length out of range" },
		{ 56, 31, "RPC length out of range" },
		{ 56, 32, "RPC length and element count disagree" },
		{ 56, PAGE - 48, "RPC length and element count disagree" },
		{ 56, 2 * PAGE - 47, "RPC length and element count disagree" },
		{ 56, 65489, "RPC length out of range" },
		{ 56, 0xffffffff, "RPC length out of range" },
		/* 48 and more are added to it somewhere */
		{ 56, 0xfffff000, "RPC length out of range" },
	};
	static const u32 good[] = { PAGE - 47, 2 * PAGE - 48 };
	u8 *msg = malloc(2 * PAGE);
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		ovg_msgq_build(msg, 2 * PAGE, 3, 76, 3, NULL, 0);
		memset(msg + PAGE, 0, PAGE);
		put32(msg, 40, 2);
		put32(msg, 56, PAGE);
		seal(msg, 2);
		assert_null(refused(msg, 2, 3));
		put32(msg, bad[i].off, bad[i].value);
		seal(msg, 2);
		assert_string_equal(refused(msg, 2, 3), bad[i].why);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(good); i++) {
		put32(msg, 40, 2);
		put32(msg, 56, good[i]);
		seal(msg, 2);
		assert_null(refused(msg, 2, 3));
	}
	free(msg);
}

static void test_peek(void **state)
{
	u8 *page = calloc(1, PAGE);
	const char *why = NULL;
	u32 slots = 77;

	(void)state;
	assert_int_equal(ovg_msgq_peek(page, 62, &slots, &why), -EPROTO);
	assert_string_equal(why, "element count out of range");
	put32(page, 40, 17);
	assert_int_equal(ovg_msgq_peek(page, 62, &slots, &why), -EPROTO);
	put32(page, 40, 0xffffffff);
	assert_int_equal(ovg_msgq_peek(page, 62, &slots, &why), -EPROTO);
	put32(page, 40, 5);
	assert_int_equal(ovg_msgq_peek(page, 4, &slots, &why), -EPROTO);
	assert_string_equal(why, "message reaches beyond the write pointer");
	assert_int_equal(slots, 77);
	assert_int_equal(ovg_msgq_peek(page, 5, &slots, &why), 0);
	assert_int_equal(slots, 5);
	put32(page, 40, 16);
	assert_int_equal(ovg_msgq_peek(page, 16, &slots, &why), 0);
	assert_int_equal(slots, 16);
	free(page);
}

static void test_garbage(void **state)
{
	u32 seed = 99, round, slots, i;
	const char *why;

	(void)state;
	for (round = 0; round < 3000; round++) {
		u32 avail = 1 + rnd(&seed) % 3;
		u8 *msg = malloc(avail * PAGE);

		ovg_msgq_build(msg, PAGE, 1, 76, 1, NULL, 0);
		if (avail > 1)
			memset(msg + PAGE, 0, (avail - 1) * PAGE);
		put32(msg, 40, rnd(&seed) % 5);
		for (i = rnd(&seed) % 6; i; i--)
			msg[32 + rnd(&seed) % 48] = rnd(&seed) >> 9;
		why = NULL;
		if (!ovg_msgq_peek(msg, avail, &slots, &why)) {
			assert_in_range(slots, 1, avail);
			seal(msg, slots);
			if (!ovg_msgq_check(msg, slots, 1, false, &why))
				assert_true(48 + ovg_msgq_rpc(msg)->length <= slots * PAGE);
		}
		free(msg);
	}
}

/*
 * Writer and reader on one ring.  Messages of all sizes go around it many
 * times; the writer never gets more than the free slots, the reader always
 * finds what was written.
 */
static void test_traffic_around_the_ring(void **state)
{
	static u8 ring[COUNT][PAGE], msg[16 * PAGE], got[16 * PAGE], want[64][32];
	u32 rd = 0, wr = 0, sent = 0, taken = 0, full = 0, wraps = 0, seed = 5;
	u32 step, i, slots;
	const char *why;

	(void)state;
	for (step = 0; step < 4000; step++) {
		u32 size = 32 + rnd(&seed) % (MAX - 31);
		/* long stretches in which one side is the faster */
		bool write = rnd(&seed) % 8 < (step / 200 % 2 ? 6 : 2);

		if (write) {
			rnd_fill(&seed, want[sent % 64], 32);
			memset(got, sent, size);
			memcpy(got, want[sent % 64], 32);
			slots = ovg_msgq_build(msg, sizeof(msg), sent, 76, sent, got, size);
			if (slots > ovg_msgq_free(rd, wr, COUNT)) {
				full++;
				continue;
			}
			for (i = 0; i < slots; i++)
				memcpy(ring[ovg_msgq_advance(wr, i, COUNT)], msg + i * PAGE,
				       PAGE);
			wraps += wr + slots > COUNT;
			wr = ovg_msgq_advance(wr, slots, COUNT);
			/* a full ring must not look empty */
			assert_int_not_equal(ovg_msgq_used(rd, wr, COUNT), 0);
			sent++;
			continue;
		}
		if (!ovg_msgq_used(rd, wr, COUNT)) {
			assert_int_equal(sent, taken);
			continue;
		}
		assert_int_equal(ovg_msgq_peek(ring[rd], ovg_msgq_used(rd, wr, COUNT), &slots,
					       &why), 0);
		for (i = 0; i < slots; i++)
			memcpy(got + i * PAGE, ring[ovg_msgq_advance(rd, i, COUNT)], PAGE);
		assert_int_equal(ovg_msgq_check(got, slots, taken, false, &why), 0);
		assert_memory_equal(got + 80, want[taken % 64], 32);
		rd = ovg_msgq_advance(rd, slots, COUNT);
		taken++;
	}
	assert_true(full > 50 && wraps > 20 && taken > 500);
}

/* Exactly full: 62 messages of one slot, not one more. */
static void test_full_queue(void **state)
{
	u32 rd = 40, wr = 40, n = 0;

	(void)state;
	while (ovg_msgq_free(rd, wr, COUNT)) {
		wr = ovg_msgq_advance(wr, 1, COUNT);
		n++;
	}
	assert_int_equal(n, COUNT - 1);
	assert_int_equal(ovg_msgq_used(rd, wr, COUNT), COUNT - 1);
	assert_int_equal(wr, 39);
	rd = ovg_msgq_advance(rd, 3, COUNT);
	assert_int_equal(ovg_msgq_free(rd, wr, COUNT), 3);
}

static void transfer(u32 size)
{
	static u8 msg[16 * PAGE], back[4 * MAX];
	u8 *payload = malloc(size + 1);
	u32 seed = size + 1, done = 0, n = 0, function, part_size;
	struct ovg_rpc_split split;
	struct ovg_rpc_join join;
	const char *why = NULL;
	const void *part;
	int ret = 0;

	rnd_fill(&seed, payload, size);
	ovg_rpc_split_init(&split, 76, payload, size);
	ovg_rpc_join_init(&join, 76, back, size);
	while (ovg_rpc_split_next(&split, &function, &part, &part_size)) {
		assert_int_equal(ret, 0);
		assert_int_equal(function, n ? 71 : 76);
		assert_true(part_size <= MAX);
		assert_ptr_equal(part, payload + done);
		assert_true(ovg_msgq_build(msg, sizeof(msg), n, function, n, part, part_size) > 0);
		ret = ovg_rpc_join_add(&join, ovg_msgq_rpc(msg), &why);
		assert_in_range(ret, 0, 1);
		done += part_size;
		n++;
	}
	assert_int_equal(ret, 1);
	assert_int_equal(done, size);
	assert_int_equal(n, size ? (size + MAX - 1) / MAX : 1);
	assert_memory_equal(back, payload, size);
	assert_false(ovg_rpc_split_next(&split, &function, &part, &part_size));
	free(payload);
}

static void test_continuation_records(void **state)
{
	static const u32 sizes[] = {
		1, MAX - 1, MAX, MAX + 1, 2 * MAX - 1, 2 * MAX, 2 * MAX + 1, 3 * MAX + 123,
	};
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(sizes); i++)
		transfer(sizes[i]);
}

static void test_request_without_payload(void **state)
{
	struct gsp_rpc_header rpc = { .length = 32, .function = 65 };
	u32 function = 0, size = 1;
	struct ovg_rpc_split split;
	struct ovg_rpc_join join;
	const char *why;
	const void *part;

	(void)state;
	ovg_rpc_split_init(&split, 65, NULL, 0);
	assert_true(ovg_rpc_split_next(&split, &function, &part, &size));
	assert_int_equal(function, 65);
	assert_int_equal(size, 0);
	assert_null(part);
	assert_false(ovg_rpc_split_next(&split, &function, &part, &size));

	ovg_rpc_join_init(&join, 65, NULL, 0);
	assert_int_equal(ovg_rpc_join_add(&join, &rpc, &why), 1);
}

static int add(struct ovg_rpc_join *join, u32 function, u32 size, const char **why)
{
	struct gsp_rpc_header *rpc = calloc(1, sizeof(*rpc) + size);
	int ret;

	rpc->length = sizeof(*rpc) + size;
	rpc->function = function;
	*why = "";
	ret = ovg_rpc_join_add(join, rpc, why);
	free(rpc);
	return ret;
}

static void test_join_refuses(void **state)
{
	u8 *back = malloc(2 * MAX);
	struct ovg_rpc_join join;
	const char *why;

	(void)state;
	ovg_rpc_join_init(&join, 76, back, 100);
	assert_int_equal(add(&join, 103, 100, &why), -EPROTO);
	assert_string_equal(why, "reply to another function");
	assert_int_equal(add(&join, 71, 100, &why), -EPROTO);
	assert_int_equal(join.done, 0);
	/* what is too much is dropped, and stays out of the buffer */
	memset(back, 0x5a, 2 * MAX);
	assert_int_equal(add(&join, 76, 101, &why), 1);
	assert_int_equal(join.done, 100);
	assert_int_equal(back[100], 0x5a);
	/* what is too little says so by its length */
	ovg_rpc_join_init(&join, 76, back, 100);
	assert_int_equal(add(&join, 76, 99, &why), 1);
	assert_int_equal(join.done, 99);
	ovg_rpc_join_init(&join, 76, back, 100);
	assert_int_equal(add(&join, 76, 0, &why), 1);
	assert_int_equal(join.done, 0);

	/* in several records: another function, an empty one, too long, too short */
	ovg_rpc_join_init(&join, 76, back, MAX + 10);
	assert_int_equal(add(&join, 76, MAX, &why), 0);
	assert_int_equal(add(&join, 76, 10, &why), -EPROTO);
	assert_int_equal(add(&join, 71, 0, &why), -EPROTO);
	assert_string_equal(why, "empty continuation record");
	assert_int_equal(add(&join, 71, 11, &why), 1);
	assert_int_equal(join.done, MAX + 10);
	ovg_rpc_join_init(&join, 76, back, MAX + 10);
	assert_int_equal(add(&join, 76, MAX, &why), 0);
	assert_int_equal(add(&join, 71, 9, &why), 1);
	assert_int_equal(join.done, MAX + 9);

	assert_true(ovg_rpc_is_continuation(71));
	assert_false(ovg_rpc_is_continuation(76));
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_ring_arithmetic),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_build_layout),
		cmocka_unit_test(test_build_bounds),
		cmocka_unit_test(test_checksum_sees_each_byte),
		cmocka_unit_test(test_checksum_of_used_bytes),
		cmocka_unit_test(test_sequence_number),
		cmocka_unit_test(test_malformed_headers),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_traffic_around_the_ring),
		cmocka_unit_test(test_full_queue),
		cmocka_unit_test(test_continuation_records),
		cmocka_unit_test(test_request_without_payload),
		cmocka_unit_test(test_join_refuses),
	};

	return cmocka_run_group_tests_name("msgq", tests, NULL, NULL);
}
