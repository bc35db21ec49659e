/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Ranges of framebuffer: which are handed out.
 */
#ifndef OVG_PURE_FBMAP_H
#define OVG_PURE_FBMAP_H

#include "common/ovg_types.h"

/* Two ranges for each of 64 vGPUs, and room for others. */
#define OVG_FBMAP_MAX	256

/**
 * struct ovg_fbmap - the ranges of one GPU
 * @base: first byte that can be handed out
 * @size: bytes from there
 * @used: bytes handed out
 * @count: members of @range
 * @range: what is handed out, ascending, without overlap
 */
struct ovg_fbmap {
	u64 base;
	u64 size;
	u64 used;
	u32 count;
	struct ovg_fbrange {
		u64 addr;
		u64 size;
	} range[OVG_FBMAP_MAX];
};

int ovg_fbmap_init(struct ovg_fbmap *map, u64 base, u64 size);
/* Is [addr, addr + size) inside of what can be handed out? */
bool ovg_fbmap_contains(const struct ovg_fbmap *map, u64 addr, u64 size);
/*
 * Take exactly [addr, addr + size).  -EINVAL; -ERANGE: outside; -EBUSY: any
 * byte is taken; -ENOSPC: too many ranges.
 */
int ovg_fbmap_reserve(struct ovg_fbmap *map, u64 addr, u64 size);
/* Give back a range as it was taken; -EINVAL when there is no such range. */
int ovg_fbmap_free(struct ovg_fbmap *map, u64 addr, u64 size);

#endif /* OVG_PURE_FBMAP_H */
