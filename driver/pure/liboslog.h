/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Logs of LIBOS' tasks, as far as they can be read without the descriptions of
 * the records, which NVIDIA does not publish: time stamp, address of the
 * description, arguments.
 *
 * Only a description says how many arguments its record has.  Without it, where
 * a record ends is inferred: its last word is a time not later than the record
 * behind it, and the word before that an address near the last record's
 * description.  The last record's end is known.
 */
#ifndef OVG_PURE_LIBOSLOG_H
#define OVG_PURE_LIBOSLOG_H

#include "common/ovg_types.h"

/* Descriptions of one task lie within this many bytes. */
#define OVG_LIBOSLOG_SECTION	(16ULL << 20)
/* A line of text with its NUL, at most: one record */
#define OVG_LIBOSLOG_LINE	(64 + 19 * 22)

/**
 * struct ovg_liboslog - where the words of a log are
 * @ring: words that the log has room for
 * @first: the oldest of them, an index in the ring
 * @count: words that are there
 * @lost: words that were overwritten
 */
struct ovg_liboslog {
	u32 ring;
	u32 first;
	u32 count;
	u64 lost;
};

/* Take a log of @size bytes apart, whose first word is @put. */
void ovg_liboslog_open(struct ovg_liboslog *log, u64 put, u32 size);

/* Byte offset of word @i, of the oldest first; @i below @log->count. */
u32 ovg_liboslog_offset(const struct ovg_liboslog *log, u32 i);

/*
 * Mark in @ends, a bit for each of the @n words, the last word of each record.
 * @word: all that is in the log, the oldest first.
 */
void ovg_liboslog_split(const u64 *word, u32 n, u8 *ends);

/*
 * Words of the record that begins at @from, at least one of them.  @whole is
 * false when they are no record, as they do not end in a time stamp.
 */
u32 ovg_liboslog_length(const u8 *ends, u32 n, u32 from, bool *whole);

/*
 * A line for the @n words of a record, with its newline: "[time] description:
 * arguments", or "?" and the words when they are no record.  The number of
 * bytes, cut to what @size has room for.
 */
size_t ovg_liboslog_line(char *buf, size_t size, const u64 *word, u32 n, bool whole);

#endif /* OVG_PURE_LIBOSLOG_H */
