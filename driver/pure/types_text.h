/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The text of the files creatable_vgpu_types and current_vgpu_type, as
 * NVIDIA's framework has it and its clients parse it.
 */
#ifndef OVG_PURE_TYPES_TEXT_H
#define OVG_PURE_TYPES_TEXT_H

#include "ovg_pure.h"

/* Heading line: written once, first.  Both return bytes written, 0 when full. */
size_t ovg_types_text_heading(char *buf, size_t size);
/* One type: id left-aligned in five columns, " : ", name. */
size_t ovg_types_text_line(char *buf, size_t size, u32 id, const char *name);

/* The longest text that is taken for a number, spaces and newline included. */
#define OVG_TYPES_TEXT_MAX	64

/*
 * What was written to current_vgpu_type: a decimal number, spaces around it and
 * one newline are let through.  -EINVAL for all else.
 */
int ovg_types_text_parse(const char *buf, size_t len, u32 *id);

#endif /* OVG_PURE_TYPES_TEXT_H */
