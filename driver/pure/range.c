// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Ranges of small numbers; see range.h.
 */
#include "ovg_pure.h"
#include "range.h"

static bool taken(const struct ovg_range *r, u32 i)
{
	return r->map[i / 8] & (1u << (i % 8));
}

static void mark(struct ovg_range *r, u32 first, u32 n, bool take)
{
	u32 i;

	for (i = first; i < first + n; i++) {
		if (take)
			r->map[i / 8] |= 1u << (i % 8);
		else
			r->map[i / 8] &= ~(1u << (i % 8));
	}
	r->used += take ? n : -n;
}

static bool all(const struct ovg_range *r, u32 first, u32 n, bool want)
{
	u32 i;

	for (i = first; i < first + n; i++)
		if (taken(r, i) != want)
			return false;
	return true;
}

int ovg_range_init(struct ovg_range *r, u32 count)
{
	if (!count || count > OVG_RANGE_MAX)
		return -EINVAL;
	memset(r, 0, sizeof(*r));
	r->count = count;
	return 0;
}

int ovg_range_take(struct ovg_range *r, u32 first, u32 n)
{
	if (!n || !ovg_in_range(first, n, r->count))
		return -EINVAL;
	if (!all(r, first, n, false))
		return -EBUSY;
	mark(r, first, n, true);
	return 0;
}

int ovg_range_free(struct ovg_range *r, u32 first, u32 n)
{
	if (!n || !ovg_in_range(first, n, r->count) || !all(r, first, n, true))
		return -EINVAL;
	mark(r, first, n, false);
	return 0;
}
