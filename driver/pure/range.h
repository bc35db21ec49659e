/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Ranges of small numbers: channel ids.
 */
#ifndef OVG_PURE_RANGE_H
#define OVG_PURE_RANGE_H

#include "common/ovg_types.h"

#define OVG_RANGE_MAX	2048

/**
 * struct ovg_range - which of the numbers 0..@count-1 are taken
 * @count: numbers there are, at most OVG_RANGE_MAX
 * @used: numbers taken
 * @map: one bit each
 */
struct ovg_range {
	u32 count;
	u32 used;
	u8 map[OVG_RANGE_MAX / 8];
};

int ovg_range_init(struct ovg_range *r, u32 count);
/* Take exactly [first, first + n).  -EBUSY when one of them is taken. */
int ovg_range_take(struct ovg_range *r, u32 first, u32 n);
/* Give back.  -EINVAL, and nothing changes, when one of them is not taken. */
int ovg_range_free(struct ovg_range *r, u32 first, u32 n);

#endif /* OVG_PURE_RANGE_H */
