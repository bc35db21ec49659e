/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the expressions of the maps may use, besides names.
 */
#ifndef OVG_ABI_HELPERS_H
#define OVG_ABI_HELPERS_H

/*
 * On NVIDIA's side a field is a macro "high:low", in bits.  One that lies in a
 * block of memory counts its bits from the block's start.
 */
#define LOW_OF(f)		(0 ? f)
#define HIGH_OF(f)		(1 ? f)
#define SHIFT_OF(f)		(LOW_OF(f) % 64)
#define ONES_OF(f)		(~0ULL >> (63 - (HIGH_OF(f) - LOW_OF(f))))
#define MASK_OF(f)		(ONES_OF(f) << SHIFT_OF(f))
#define VALUE_OF(f, v)		((unsigned long long)(v) << SHIFT_OF(f))
#define GET_OF(f, v)		(((v) >> SHIFT_OF(f)) & ONES_OF(f))
/* Offset of the 32-bit word that the field begins in */
#define BYTE_OF(f)		(LOW_OF(f) / 32 * 4)

/*
 * On our side a field is a macro that takes a register's value and gives the
 * field.  Which bits of the register does it look at, and what comes out when
 * all of them are set?
 */
#define READS(f)							\
({									\
	unsigned long long bits_ = 0;					\
									\
	for (int i_ = 0; i_ < 32; i_++)					\
		if (f((1u << i_)) != f(0u))				\
			bits_ |= 1ull << i_;				\
	bits_;								\
})
#define READS64(f)							\
({									\
	unsigned long long bits_ = 0;					\
									\
	for (int i_ = 0; i_ < 64; i_++)					\
		if (f((1ull << i_)) != f(0ull))				\
			bits_ |= 1ull << i_;				\
	bits_;								\
})
#define ALL(f)			(f(0xffffffffu))
#define ALL64(f)		(f(0xffffffffffffffffull))

#endif /* OVG_ABI_HELPERS_H */
