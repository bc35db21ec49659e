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

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT32_TYPE__ s32;
typedef __INT64_TYPE__ s64;
#endif

#define ovg_static_assert(expr, msg)	static_assert(expr, msg)

/* Size of a wire structure, and offset of one field. */
#define OVG_ABI_SIZE(type, bytes) \
	ovg_static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define OVG_ABI_FIELD(type, field, off) \
	ovg_static_assert(offsetof(struct type, field) == (off), \
			  "offset of " #type "." #field)

#endif /* OVG_TYPES_H */
