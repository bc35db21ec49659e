/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * How a guest talks to its plugin task, release 570.144: as with 535.113.01
 * (r535/vgpu_guest.h), with a newer version of the protocol.  Facts:
 * vgpu_version.h of that release.
 */
#ifndef OVG_R570_VGPU_GUEST_H
#define OVG_R570_VGPU_GUEST_H

#include "../r535/vgpu_guest.h"

#define R570_VGX_MAJOR				0x29
#define R570_VGX_MINOR				0x0c
/* External version 0x12.0x01, which is that of 535.113.01 */
#define R570_VGX_MAJOR_MIN			0x23

#endif /* OVG_R570_VGPU_GUEST_H */
