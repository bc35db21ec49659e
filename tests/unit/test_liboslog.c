// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Logs of LIBOS' tasks: a writer of our own, whole rings and broken ones.
 */
#include "unit.h"

#include "liboslog.h"

#define RING	64
#define META	0xc0de0000ULL

struct writer {
	u64 put;
	u64 word[1 + RING];
	u32 records;
};

static void put_word(struct writer *w, u64 word)
{
	w->word[1 + w->put++ % RING] = word;
	w->word[0] = w->put;
}

static void put_record(struct writer *w, u64 time, u64 meta, const u64 *arg, u32 n)
{
	for (u32 i = 0; i < n; i++)
		put_word(w, arg[i]);
	put_word(w, meta);
	put_word(w, time);
	w->records++;
}

/* All words, the oldest first, from a buffer of exactly the log's size. */
static u32 take(const struct writer *w, struct ovg_liboslog *log, u64 *word)
{
	u8 *raw = malloc(sizeof(w->word));

	memcpy(raw, w->word, sizeof(w->word));
	ovg_liboslog_open(log, w->word[0], sizeof(w->word));
	for (u32 i = 0; i < log->count; i++)
		memcpy(&word[i], raw + ovg_liboslog_offset(log, i), 8);
	free(raw);
	return log->count;
}

/* The log as text, one line after the other. */
static char *text(const struct writer *w)
{
	static char buf[RING * 64];
	struct ovg_liboslog log;
	u64 word[RING];
	u8 ends[RING / 8];
	u32 n = take(w, &log, word), from = 0, len;
	size_t at = 0;
	bool whole;

	ovg_liboslog_split(word, n, ends);
	buf[0] = 0;
	while (from < n) {
		len = ovg_liboslog_length(ends, n, from, &whole);
		assert_true(len && len <= n - from);
		at += ovg_liboslog_line(buf + at, sizeof(buf) - at, &word[from], len, whole);
		from += len;
	}
	return buf;
}

static void test_empty(void **state)
{
	struct ovg_liboslog log;
	struct writer w = { 0 };
	u8 ends[1] = { 0xff };

	(void)state;
	assert_string_equal(text(&w), "");
	for (u32 size = 0; size < 16; size++) {
		ovg_liboslog_open(&log, 12345, size);
		assert_int_equal(log.count, 0);
	}
	ovg_liboslog_split(NULL, 0, ends);
	ovg_liboslog_split(w.word, 1, ends);
	assert_int_equal(ends[0], 0);
}

static void test_records(void **state)
{
	struct writer w = { 0 };

	(void)state;
	put_record(&w, 1000000001, META, NULL, 0);
	put_record(&w, 1000000002, META + 24, (u64[]){ 1 }, 1);
	put_record(&w, 61000000003, META + 48, (u64[]){ 7, ~0ULL, 0 }, 3);
	assert_string_equal(text(&w),
			    "[    1.000000001] c0de0000\n"
			    "[    1.000000002] c0de0018: 0x1\n"
			    "[   61.000000003] c0de0030: 0x7 0xffffffffffffffff 0x0\n");
}

/* Arguments that look like the end of a record, but for one thing. */
static void test_arguments(void **state)
{
	struct writer w = { 0 };

	(void)state;
	put_record(&w, 100, META, NULL, 0);
	/* later than the record itself */
	put_record(&w, 200, META, (u64[]){ META, 201 }, 2);
	/* no address, an address that is not aligned, one of another section */
	put_record(&w, 300, META, (u64[]){ 5, 250 }, 2);
	put_record(&w, 400, META, (u64[]){ META + 4, 350 }, 2);
	put_record(&w, 500, META, (u64[]){ META + OVG_LIBOSLOG_SECTION, 450 }, 2);
	put_record(&w, 500, META, (u64[]){ META, 0 }, 2);
	assert_string_equal(text(&w),
			    "[    0.000000100] c0de0000\n"
			    "[    0.000000200] c0de0000: 0xc0de0000 0xc9\n"
			    "[    0.000000300] c0de0000: 0x5 0xfa\n"
			    "[    0.000000400] c0de0000: 0xc0de0004 0x15e\n"
			    "[    0.000000500] c0de0000: 0xc1de0000 0x1c2\n"
			    "[    0.000000500] c0de0000: 0xc0de0000 0x0\n");
}

/* The last records stay whole while the ring overwrites the first. */
static void test_wrap(void **state)
{
	(void)state;
	for (u32 records = 1; records < 200; records++) {
		struct ovg_liboslog log;
		struct writer w = { 0 };
		u64 word[RING];
		char *t, last[64];

		for (u32 i = 0; i < records; i++)
			put_record(&w, 1000 + i, META + 24 * (i % 50),
				   (u64[]){ i, i + 1, i + 2 }, i % 4);
		take(&w, &log, word);
		assert_int_equal(log.count, w.put < RING ? w.put : RING);
		assert_int_equal(log.lost, w.put - log.count);
		t = text(&w);
		snprintf(last, sizeof(last), "[    0.%09u] %llx", 999 + records,
			 META + 24 * ((records - 1) % 50));
		assert_non_null(strstr(t, last));
		/* 3.5 words on average: all that fits is told apart */
		if (records > 40)
			assert_non_null(strstr(t, "[    0."));
	}
}

/* A count and words that make no sense end in "?" lines, never beyond the ring. */
static void test_nonsense(void **state)
{
	static const u64 counts[] = { 1, RING - 1, RING, RING + 1, 1ULL << 40, ~0ULL };
	struct ovg_liboslog log;
	struct writer w = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		memset(&w, 0, sizeof(w));
		w.word[0] = counts[i];
		assert_int_equal(text(&w)[0], '?');
		memset(&w, 0x5a, sizeof(w));
		w.word[0] = counts[i];
		assert_int_equal(text(&w)[0], '?');
		ovg_liboslog_open(&log, counts[i], sizeof(w.word));
		for (u32 j = 0; j < log.count; j++) {
			u32 off = ovg_liboslog_offset(&log, j);

			assert_true(off >= 8 && off + 8 <= sizeof(w.word) && !(off % 8));
		}
	}
	/* a record of more words than any has */
	memset(&w, 0, sizeof(w));
	for (u32 i = 0; i < 30; i++)
		put_word(&w, 0xabc);
	put_record(&w, 100, META, NULL, 0);
	assert_int_equal(text(&w)[0], '?');
	assert_non_null(strstr(text(&w), "[    0.000000100] c0de0000"));
}

/* A line is cut where the buffer ends, and what is said to be there is. */
static void test_cut(void **state)
{
	u64 word[22];

	(void)state;
	memset(word, 0xff, sizeof(word));
	for (size_t size = 0; size < 600; size++) {
		char *buf = malloc(size + 1);
		size_t n;

		n = ovg_liboslog_line(buf, size, word, 22, size % 2);
		if (size) {
			assert_true(n < size);
			assert_int_equal(strlen(buf), n);
		} else {
			assert_int_equal(n, 0);
		}
		if (size >= OVG_LIBOSLOG_LINE)
			assert_int_equal(buf[n - 1], '\n');
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("liboslog", tests, NULL, NULL);
}
