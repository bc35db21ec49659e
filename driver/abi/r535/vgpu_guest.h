/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * How a guest talks to the plugin task of its vGPU, release 535.113.01.
 * Facts: dev_vgpu.h, vgpu_util.c, vgpu_version.h, g_rpc-message-header.h.
 *
 * The guest writes the address of its control buffer to scratch registers 3
 * (high) and 2 (low), then doorbell bit 0.  A call: the message into the
 * message buffer, request_id + 1, doorbell bit 1; the answer is in the message
 * buffer when response_id equals request_id.
 *
 * Functions: SET_GUEST_SYSTEM_INFO (1) first, then GET_STATIC_INFO (51).  For RM
 * objects a guest of NVIDIA's sends the functions that rpc_global_enums.h marks
 * RM (2 to 9, 19 ...), whose payloads are many and old.  This project's guest,
 * and the model's plugin task, use the three that the host uses as well:
 * GSP_RM_ALLOC (103), GSP_RM_CONTROL (76) and FREE (10), with the structures of
 * rpc.h and ctrl.h.  UNLOADING_GUEST_DRIVER (47) frees all.
 */
#ifndef OVG_R535_VGPU_GUEST_H
#define OVG_R535_VGPU_GUEST_H

#include "../common/ovg_types.h"

/* Address of a buffer: bit 0 valid, aperture 2:1, size 4:3, page from bit 12 */
#define NV_VGPU_PTEDESC_VALID			1ULL
#define NV_VGPU_PTEDESC_APERTURE(v)		(((v) >> 1) & 3)
#define NV_VGPU_PTEDESC_APERTURE_SYS		1
#define NV_VGPU_PTEDESC_APERTURE_FB		2
#define NV_VGPU_PTEDESC_SIZE(v)			(((v) >> 3) & 3)
#define NV_VGPU_PTEDESC_SIZE_4K			0
#define NV_VGPU_PTEDESC_SIZE_128K		1
#define NV_VGPU_PTEDESC_ADDR(v)			((v) & ~0xfffULL)
#define NV_VGPU_PTEDESC(addr, aperture, size) \
	((u64)(addr) | ((u64)(size) << 3) | ((u64)(aperture) << 1) | NV_VGPU_PTEDESC_VALID)

#define R535_GUEST_CTRL_VERSION			2
#define R535_GUEST_MSG_SIZE			0x20000
struct r535_guest_buf {
	u64 addr;
	u64 bar2_offset;
};

struct r535_guest_ctrl {
	u32 version;
	u32 request_id;
	struct r535_guest_buf response;
	struct r535_guest_buf msg;
	struct r535_guest_buf shared;
	struct r535_guest_buf event;
	u32 get_event_buf;
	u32 guest_ecc_status;
	u64 sysmem_bitmap_table_pfn;
	u32 guest_os_type;
	u32 requested_gsp_caps;
	struct r535_guest_buf debug;
};

OVG_ABI_FIELD(r535_guest_ctrl, request_id, 4);
OVG_ABI_FIELD(r535_guest_ctrl, response, 8);
OVG_ABI_FIELD(r535_guest_ctrl, get_event_buf, 0x48);
OVG_ABI_FIELD(r535_guest_ctrl, debug, 0x60);

struct r535_guest_response {
	u32 response_id;
	u32 put_event_buf;
	u32 host_ecc_status;
	u32 usm_type;
	u32 enabled_gsp_caps;
};

struct r535_guest_event {
	u32 h_client;
	u32 h_object;
	u32 notify_index;
	u32 flags;			/* type in 31:16 */
	u32 timestamp_lo;
	u32 timestamp_hi;
	u32 info32;
	u16 info16;
	u16 pad;
	u32 status;
	u32 rc_chid;
};

OVG_ABI_SIZE(r535_guest_event, 40);
#define R535_GUEST_EVENT_TYPE(flags)		((flags) >> 16)
#define R535_GUEST_EVENT_TYPE_RC		0
#define R535_GUEST_EVENTS			(0x1000 / 40)

/*
 * The message header is struct gsp_rpc_header.  The version of the protocol, and
 * of the oldest guest that a host of this release takes.
 */
#define R535_VGX_MAJOR				0x23
#define R535_VGX_MINOR				0x05
#define R535_VGX_MAJOR_MIN			0x18

/* SET_GUEST_SYSTEM_INFO (1) */
struct r535_guest_system_info {
	u32 vgx_version_major;
	u32 vgx_version_minor;
	u32 guest_driver_version_buffer_length;
	u32 guest_version_buffer_length;
	u32 guest_title_buffer_length;
	u32 guest_cl_num;
	char guest_driver_version[0x100];
	char guest_version[0x100];
	char guest_title[0x100];
};

OVG_ABI_SIZE(r535_guest_system_info, 792);
OVG_ABI_FIELD(r535_guest_system_info, guest_driver_version, 24);
OVG_ABI_FIELD(r535_guest_system_info, guest_title, 536);

/*
 * What this project's own guest asks with GET_STATIC_INFO (51).  NVIDIA's
 * reply is a union of many pages of which few fields are public; the reply
 * below is the model's and starts with its own tag, so that nobody takes it
 * for NVIDIA's.
 */
#define R535_GUEST_STATIC_INFO_TAG		0x3047564f	/* "OVG0" */
struct r535_guest_static_info {
	u32 tag;
	u32 vgpu_type;
	u64 fb_length;
	u64 bar1_length;
	u32 num_channels;
	u32 runlist;
	u32 engine_type;
	u32 nonstall_vector;
	/* a copy engine on the runlist of graphics */
	u32 graphics_copy_engine_type;
	u32 graphics_runlist;
	char vgpu_name[32];
};

OVG_ABI_SIZE(r535_guest_static_info, 80);

#endif /* OVG_R535_VGPU_GUEST_H */
