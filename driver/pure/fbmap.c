// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Ranges of framebuffer; see fbmap.h.
 */
#include "fbmap.h"
#include "ovg_pure.h"

int ovg_fbmap_init(struct ovg_fbmap *map, u64 base, u64 size)
{
	memset(map, 0, sizeof(*map));
	if (base + size < base)
		return -EINVAL;
	map->base = base;
	map->size = size;

	return 0;
}

bool ovg_fbmap_contains(const struct ovg_fbmap *map, u64 addr, u64 size)
{
	return addr >= map->base && size <= map->size &&
	       addr - map->base <= map->size - size;
}

/* Make [addr, addr + size) member @at. */
static int insert(struct ovg_fbmap *map, u32 at, u64 addr, u64 size)
{
	if (map->count == OVG_FBMAP_MAX)
		return -ENOSPC;

	memmove(&map->range[at + 1], &map->range[at],
		(map->count - at) * sizeof(map->range[0]));
	map->range[at].addr = addr;
	map->range[at].size = size;
	map->count++;
	map->used += size;

	return 0;
}

int ovg_fbmap_reserve(struct ovg_fbmap *map, u64 addr, u64 size)
{
	u32 i = 0;

	if (!size)
		return -EINVAL;
	if (!ovg_fbmap_contains(map, addr, size))
		return -ERANGE;

	while (i < map->count &&
	       map->range[i].addr + map->range[i].size <= addr)
		i++;
	if (i < map->count && map->range[i].addr < addr + size)
		return -EBUSY;

	return insert(map, i, addr, size);
}

int ovg_fbmap_free(struct ovg_fbmap *map, u64 addr, u64 size)
{
	u32 i;

	for (i = 0; i < map->count; i++)
		if (map->range[i].addr == addr && map->range[i].size == size)
			break;
	if (i == map->count)
		return -EINVAL;

	map->count--;
	map->used -= size;
	memmove(&map->range[i], &map->range[i + 1],
		(map->count - i) * sizeof(map->range[0]));

	return 0;
}
