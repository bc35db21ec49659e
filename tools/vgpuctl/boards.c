// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Boards that the driver knows; see boards.h.
 */
#include <stddef.h>

#include "boards.h"

/*
 * PCI ids and names: g_vgpu_chip_flags.h and nvidia's PCI tables.  The names are
 * those in the types' names.
 */
static const struct board {
	int device;
	const char *name;
	const char *chip;
} boards[] = {
	{ 0x26b1, "RTX6000-Ada", "ad102" },
	{ 0x26b2, "RTX5000-Ada", "ad102" },
	{ 0x26b5, "L40", "ad102" },
	{ 0x26b9, "L40S", "ad102" },
	{ 0x26ba, "L20", "ad102" },
	{ 0x27b6, "L2", "ad104" },
	{ 0x27b8, "L4", "ad104" },
};

static const struct board *find(int device)
{
	size_t i;

	for (i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (boards[i].device == device)
			return &boards[i];
	return NULL;
}

const char *board_name(int device)
{
	const struct board *b = find(device);

	return b ? b->name : NULL;
}

const char *board_chip(int device)
{
	const struct board *b = find(device);

	return b ? b->chip : NULL;
}
