/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the code of this folder may use: fixed-width integers, memory and
 * string functions, errno.  No allocation, no locking, no I/O: the caller
 * brings the buffers.  The same files are compiled into the kernel modules,
 * the unit tests and the tools.
 */
#ifndef OVG_PURE_H
#define OVG_PURE_H

#include "common/ovg_types.h"

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <stdio.h>
#include <string.h>
#endif

#define OVG_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static inline u64 ovg_min(u64 a, u64 b)
{
	return a < b ? a : b;
}

static inline u64 ovg_max(u64 a, u64 b)
{
	return a > b ? a : b;
}

static inline u64 ovg_align_down(u64 v, u64 a)
{
	return v - v % a;
}

static inline u64 ovg_align_up(u64 v, u64 a)
{
	return ovg_align_down(v + a - 1, a);
}

/* True when [off, off + len) lies inside [0, size). */
static inline bool ovg_in_range(u64 off, u64 len, u64 size)
{
	return off <= size && len <= size - off;
}

#endif /* OVG_PURE_H */
