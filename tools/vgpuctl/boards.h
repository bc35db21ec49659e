/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Boards that the driver knows, by their PCI device id.
 */
#ifndef VGPUCTL_BOARDS_H
#define VGPUCTL_BOARDS_H

/* "L40" for 0x26b5, NULL for a board that we do not know. */
const char *board_name(int device);
/* "ad102": where the board's firmware lies below nvidia/; NULL. */
const char *board_chip(int device);

#endif /* VGPUCTL_BOARDS_H */
