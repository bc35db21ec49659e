/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the unit tests share: fields of a byte buffer by offset, a random
 * number generator that is the same everywhere, buffers that end where their
 * allocation ends.
 */
#ifndef OVG_UNIT_H
#define OVG_UNIT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ovg_pure.h"

static inline u16 get16(const void *buf, size_t off)
{
	u16 v;

	memcpy(&v, (const u8 *)buf + off, sizeof(v));
	return v;
}

static inline u32 get32(const void *buf, size_t off)
{
	u32 v;

	memcpy(&v, (const u8 *)buf + off, sizeof(v));
	return v;
}

static inline u64 get64(const void *buf, size_t off)
{
	u64 v;

	memcpy(&v, (const u8 *)buf + off, sizeof(v));
	return v;
}

static inline void put8(void *buf, size_t off, u8 v)
{
	((u8 *)buf)[off] = v;
}

static inline void put16(void *buf, size_t off, u16 v)
{
	memcpy((u8 *)buf + off, &v, sizeof(v));
}

static inline void put32(void *buf, size_t off, u32 v)
{
	memcpy((u8 *)buf + off, &v, sizeof(v));
}

static inline void put64(void *buf, size_t off, u64 v)
{
	memcpy((u8 *)buf + off, &v, sizeof(v));
}

/* xorshift32; @state must not be 0 */
static inline u32 rnd(u32 *state)
{
	u32 x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

static inline void rnd_fill(u32 *state, void *buf, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		((u8 *)buf)[i] = rnd(state) >> 11;
}

/*
 * A copy in an allocation of just its size: the address sanitizer then sees
 * each access beyond its end.  For the caller to free.
 */
static inline void *exact(const void *src, size_t size)
{
	u8 *p = malloc(size ? size : 1);

	assert_non_null(p);
	if (size)
		memcpy(p, src, size);
	return p;
}

/* The same, zeroed: what an encoder expects. */
static inline void *zeroed(size_t size)
{
	void *p = calloc(1, size);

	assert_non_null(p);
	return p;
}

/* Does [p, p + len) lie inside of [base, base + size)? */
static inline bool inside(const void *p, u64 len, const void *base, u64 size)
{
	u64 off = (uintptr_t)p - (uintptr_t)base;

	return (uintptr_t)p >= (uintptr_t)base && off <= size && len <= size - off;
}

#endif /* OVG_UNIT_H */
