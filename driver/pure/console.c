// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Surfaces that plugin tasks publish; see console.h.  Formats: ctrla080.h; which
 * of DRM's each is: nvidia-drm-format.c.
 */
#include "console.h"
#include "ovg_pure.h"

#include "r535/vgpu_surface.h"

#define LINE_ALIGN	256

static const struct {
	u32 format;
	u32 fourcc;
	u32 bytes;
} formats[] = {
	{ R535_SURFACE_FORMAT_A8R8G8B8, OVG_FOURCC_XRGB8888, 4 },
	{ R535_SURFACE_FORMAT_A8B8G8R8, OVG_FOURCC_XBGR8888, 4 },
	{ R535_SURFACE_FORMAT_A2B10G10R10, OVG_FOURCC_XBGR2101010, 4 },
	{ R535_SURFACE_FORMAT_R5G6B5, OVG_FOURCC_RGB565, 2 },
	{ R535_SURFACE_FORMAT_A1R5G5B5, OVG_FOURCC_XRGB1555, 2 },
};

u64 ovg_console_room(u32 max_x, u32 max_y)
{
	if (!max_x || !max_y || max_x > OVG_CONSOLE_MAX_SIDE || max_y > OVG_CONSOLE_MAX_SIDE)
		return 0;
	return ovg_align_up((u64)max_x * 4, LINE_ALIGN) * max_y;
}

int ovg_console_decode(const void *surface, const struct ovg_console_limits *limits,
		       struct ovg_console_plane *plane, const char **why)
{
	const struct r535_plugin_surface *s = surface;
	u32 i, width = s->rect_width, height = s->rect_height;
	u64 line;

	*why = NULL;
	if (s->is_blanking_enabled || (!s->width && !s->height && !s->size))
		return -ENODATA;

	for (i = 0; i < OVG_ARRAY_SIZE(formats); i++)
		if (formats[i].format == s->format)
			break;

	if (R535_SURFACE_TYPE_LAYOUT(s->type) != R535_SURFACE_TYPE_PITCH ||
	    s->is_memory_blocklinear)
		*why = "it is block-linear, only pitch can be shown";
	else if (s->kind != R535_SURFACE_KIND_PITCH && s->kind != R535_SURFACE_KIND_GENERIC)
		*why = "its pages are of a compressible or depth kind";
	else if (i == OVG_ARRAY_SIZE(formats))
		*why = "its pixel format cannot be shown";
	else if (!width || !height)
		*why = "nothing of it is to be displayed";
	else if (width > s->width || height > s->height)
		*why = "what is to be displayed is larger than it";
	else if (width > limits->max_x || height > limits->max_y)
		*why = "it is larger than the vGPU type allows";
	if (*why)
		return -EINVAL;

	line = (u64)width * formats[i].bytes;
	plane->width = width;
	plane->height = height;
	plane->stride = s->pitch;
	plane->fourcc = formats[i].fourcc;
	plane->offset = s->offset;
	/* Neither product can overflow: both factors have 32 bits. */
	plane->size = (u64)s->pitch * (height - 1) + line;

	if (s->pitch < line || s->pitch % 4)
		*why = "its pitch fits no line";
	else if ((u64)s->pitch * height > ovg_console_room(limits->max_x, limits->max_y))
		*why = "its lines lie too far apart";
	else if (s->size < plane->size)
		*why = "its lines do not fit its size";
	else if (s->offset % 4)
		*why = "its offset is no multiple of 4";
	else if (!ovg_in_range(s->offset, s->size, limits->fb_size))
		*why = "it reaches beyond the guest's FB";
	return *why ? -EINVAL : 0;
}
