/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A vGPU's console: is the surface that a plugin task has published one that can
 * be shown?  Every word of it comes from the guest, by way of GSP.
 */
#ifndef OVG_PURE_CONSOLE_H
#define OVG_PURE_CONSOLE_H

#include "common/ovg_types.h"

/* DRM's names of pixel formats (drm_fourcc.h) */
#define OVG_FOURCC(a, b, c, d) \
	((u32)(a) | ((u32)(b) << 8) | ((u32)(c) << 16) | ((u32)(d) << 24))
#define OVG_FOURCC_XRGB8888	OVG_FOURCC('X', 'R', '2', '4')
#define OVG_FOURCC_XBGR8888	OVG_FOURCC('X', 'B', '2', '4')
#define OVG_FOURCC_XBGR2101010	OVG_FOURCC('X', 'B', '3', '0')
#define OVG_FOURCC_RGB565	OVG_FOURCC('R', 'G', '1', '6')
#define OVG_FOURCC_XRGB1555	OVG_FOURCC('X', 'R', '1', '5')

/* More than any type has */
#define OVG_CONSOLE_MAX_SIDE	16384

/**
 * struct ovg_console_limits - what a surface must keep to
 * @fb_size: the guest's FB, bytes
 * @max_x: largest resolution of the type, pixels
 * @max_y: largest resolution of the type, pixels
 */
struct ovg_console_limits {
	u64 fb_size;
	u32 max_x;
	u32 max_y;
};

/**
 * struct ovg_console_plane - a picture in the guest's FB
 * @width: pixels
 * @height: lines
 * @stride: bytes from line to line, a multiple of 4
 * @fourcc: DRM's name of the format; the alpha of a scan-out means nothing
 * @offset: first byte in the guest's FB
 * @size: bytes from the first pixel to the end of the last
 */
struct ovg_console_plane {
	u32 width;
	u32 height;
	u32 stride;
	u32 fourcc;
	u64 offset;
	u64 size;
};

/**
 * ovg_console_room - bytes that the largest picture of a type takes
 * @max_x: largest resolution of the type, pixels
 * @max_y: largest resolution of the type, pixels
 *
 * With four bytes a pixel and lines of a multiple of 256 bytes.  Return: 0 when
 * the resolution is none.
 */
u64 ovg_console_room(u32 max_x, u32 max_y);

/**
 * ovg_console_decode - judge a stable copy of a surface
 * @surface: struct r535_plugin_surface; what a release does not say for certain
 *	is zero
 * @limits: what to keep to
 * @plane: out: the picture
 * @why: out: what is wrong, in words
 *
 * Return: 0; -ENODATA when the guest shows nothing; -EINVAL when it cannot be
 * shown, see @why.
 */
int ovg_console_decode(const void *surface, const struct ovg_console_limits *limits,
		       struct ovg_console_plane *plane, const char **why);

#endif /* OVG_PURE_CONSOLE_H */
