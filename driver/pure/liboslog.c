// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Logs of LIBOS' tasks; see liboslog.h.
 */
#include "liboslog.h"
#include "ovg_pure.h"

#include "common/liboslog.h"

/* A record has a time stamp, an address, and arguments. */
#define RECORD_MIN	2
#define RECORD_MAX	(RECORD_MIN + LIBOS_LOG_MAX_ARGS)

void ovg_liboslog_open(struct ovg_liboslog *log, u64 put, u32 size)
{
	u32 words = size / LIBOS_LOG_WORD;

	memset(log, 0, sizeof(*log));
	if (words < 2)
		return;
	log->ring = words - 1;
	log->count = ovg_min(put, log->ring);
	log->lost = put - log->count;
	log->first = log->lost % log->ring;
}

u32 ovg_liboslog_offset(const struct ovg_liboslog *log, u32 i)
{
	return (1 + (log->first + i) % log->ring) * LIBOS_LOG_WORD;
}

static bool description(u64 word, u64 near)
{
	u64 away = word > near ? word - near : near - word;

	return word && !(word % LIBOS_LOG_METADATA_ALIGN) && away < OVG_LIBOSLOG_SECTION;
}

void ovg_liboslog_split(const u64 *word, u32 n, u8 *ends)
{
	u64 near, time;
	u32 i, last;

	memset(ends, 0, (n + 7) / 8);
	if (n < RECORD_MIN)
		return;
	last = n - 1;
	time = word[last];
	near = word[last - 1];
	if (!time || !near || near % LIBOS_LOG_METADATA_ALIGN)
		return;
	ends[last / 8] |= 1 << last % 8;
	/* Backward, as the writer of a log knows only where it ended. */
	for (i = last - 1; i >= RECORD_MIN; i--) {
		u32 end = i - 1;

		/* One record with more words than any has: all before it is lost. */
		if (last - end > RECORD_MAX)
			return;
		if (last - end < RECORD_MIN || !word[end] || word[end] > time ||
		    !description(word[end - 1], near))
			continue;
		ends[end / 8] |= 1 << end % 8;
		last = end;
		time = word[end];
	}
}

u32 ovg_liboslog_length(const u8 *ends, u32 n, u32 from, bool *whole)
{
	u32 i, len;

	*whole = false;
	for (i = from; i < n; i++) {
		if (ends[i / 8] & 1 << i % 8) {
			*whole = true;
			i++;
			break;
		}
	}
	len = i - from;
	if (len <= RECORD_MAX)
		return len;
	/* Too much for one record: what is before the last that it can be. */
	*whole = false;
	return ovg_min(len - RECORD_MAX, RECORD_MAX);
}

static size_t put(size_t size, size_t at, int n)
{
	/* What does not fit is cut, as snprintf() does it. */
	if (n < 0 || at >= size)
		return at;
	return ovg_min(at + n, size - 1);
}

size_t ovg_liboslog_line(char *buf, size_t size, const u64 *word, u32 n, bool whole)
{
	size_t at = 0;
	u32 i;

	if (!size)
		return 0;
	if (whole && n >= RECORD_MIN) {
		u64 time = word[n - 1];

		at = put(size, at,
			 snprintf(buf, size, "[%5llu.%09llu] %llx",
				  (unsigned long long)(time / 1000000000),
				  (unsigned long long)(time % 1000000000),
				  (unsigned long long)word[n - 2]));
		n -= RECORD_MIN;
		if (n)
			at = put(size, at, snprintf(buf + at, size - at, ":"));
	} else {
		at = put(size, at, snprintf(buf, size, "?"));
	}
	for (i = 0; i < n; i++)
		at = put(size, at,
			 snprintf(buf + at, size - at, " 0x%llx", (unsigned long long)word[i]));
	return put(size, at, snprintf(buf + at, size - at, "\n"));
}
