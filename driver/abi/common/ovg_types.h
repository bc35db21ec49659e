/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Integer types and the static assertion, the same in the kernel, in user
 * space and in the model.  All structures of the wire ABI are little endian,
 * as is every CPU that this driver runs on.
 */
#ifndef OVG_TYPES_H
#define OVG_TYPES_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#endif

#define ovg_static_assert(expr, msg)	_Static_assert(expr, msg)

/* Size of a wire structure, and offset of one field. */
#define OVG_ABI_SIZE(type, bytes) \
	ovg_static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define OVG_ABI_FIELD(type, field, off) \
	ovg_static_assert(offsetof(struct type, field) == (off), \
			  "offset of " #type "." #field)

#endif /* OVG_TYPES_H */
