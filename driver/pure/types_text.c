// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Text of the type files; see types_text.h.  Clients split each line at its
 * one colon and expect the heading to stay when nothing can be created.
 */
#include "types_text.h"

static size_t put(char *buf, size_t size, int n)
{
	/* A line that does not fit whole is not written at all. */
	if (n < 0 || (size_t)n >= size) {
		if (size)
			buf[0] = 0;
		return 0;
	}
	return n;
}

size_t ovg_types_text_heading(char *buf, size_t size)
{
	return put(buf, size, snprintf(buf, size, "ID    : vGPU Name\n"));
}

size_t ovg_types_text_line(char *buf, size_t size, u32 id, const char *name)
{
	return put(buf, size, snprintf(buf, size, "%-5u : %s\n", id, name));
}

int ovg_types_text_parse(const char *buf, size_t len, u32 *id)
{
	u64 v = 0;
	size_t i = 0, digits = 0;

	/* sysfs hands over a page at most: what fills it may have been cut. */
	if (len > OVG_TYPES_TEXT_MAX)
		return -EINVAL;
	if (len && buf[len - 1] == '\n')
		len--;
	while (i < len && buf[i] == ' ')
		i++;
	for (; i < len && buf[i] >= '0' && buf[i] <= '9'; i++, digits++) {
		v = v * 10 + (buf[i] - '0');
		if (v > 0xffffffffULL)
			return -EINVAL;
	}
	while (i < len && buf[i] == ' ')
		i++;
	if (!digits || i != len)
		return -EINVAL;

	*id = v;
	return 0;
}
