/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Scan-out surfaces of a vGPU, which has no display of its own: what a guest
 * tells its plugin task, and what the task publishes for the host.  Release
 * 535.113.01; 570.144 has the same.  Facts: ctrla080.h, g_rpc-structures.h,
 * g_sdk-structures.h, dev_vgpu.h, and dev_vgpu_gsp.h as the vGPU RFC (2024) has it.
 */
#ifndef OVG_R535_VGPU_SURFACE_H
#define OVG_R535_VGPU_SURFACE_H

#include "../common/ovg_types.h"

/*
 * Words of the guest's shared memory: may the console be shown, is somebody
 * looking?  A guest's RM sends the RPCs below while both are set (OpenRM
 * rpcSetSurfaceProperties_v07_07()).
 */
#define R535_GUEST_SHARED_VNC			0xa0
#define R535_GUEST_SHARED_VNC_SUPPORT		0xa4

/* RPCs of a guest */
#define R535_RPC_SET_SURFACE_PROPERTIES		45
#define R535_RPC_CLEANUP_SURFACE		46

#define R535_SURFACE_TYPE_LAYOUT(v)		((v) & 1)
#define R535_SURFACE_TYPE_BLOCKLINEAR		0
#define R535_SURFACE_TYPE_PITCH			1
#define R535_SURFACE_BLOCK_HEIGHT_MAX		5	/* 32 GOBs */
#define R535_SURFACE_FORMAT_I8			0x1e
#define R535_SURFACE_FORMAT_X2BL10GL10RL10	0x22
#define R535_SURFACE_FORMAT_R16_G16_B16_A16	0xc6
#define R535_SURFACE_FORMAT_RF16_GF16_BF16_AF16	0xca
#define R535_SURFACE_FORMAT_A8R8G8B8		0xcf
#define R535_SURFACE_FORMAT_A2B10G10R10		0xd1
#define R535_SURFACE_FORMAT_A8B8G8R8		0xd5
#define R535_SURFACE_FORMAT_R5G6B5		0xe8
#define R535_SURFACE_FORMAT_A1R5G5B5		0xe9
/*
 * Kind of its pages, as in a page table entry: the guest's RM puts in what it chose
 * for the allocation (vgpuapiCtrlCmdVgpuDisplaySetSurfaceProperties_IMPL()), since
 * Turing generic memory for all that is neither compressed nor depth
 * (memmgrChooseKind_TU102()).
 */
#define R535_SURFACE_KIND_PITCH			0x0
#define R535_SURFACE_KIND_GENERIC		0x6
#define R535_SURFACE_KIND_COMPRESSIBLE		0x8
#define R535_SURFACE_KIND_MAX			0xf

/*
 * Offset and size are bytes.  The offset is the guest's FB address: RM adds the
 * allocation's, and refuses what does not fit 32 bits.
 */
struct r535_surface_properties {
	u32 head_index;
	u32 is_primary;
	u32 offset;
	u32 surface_type;
	u32 surface_block_height;
	u32 surface_pitch;
	u32 surface_format;
	u32 surface_width;
	u32 surface_height;
	u32 rect_x;
	u32 rect_y;
	u32 rect_width;
	u32 rect_height;
	u32 surface_size;
	u32 surface_kind;
	u32 h_hw_res_device;
	u32 h_hw_res_handle;
	u32 effective_fb_page_size;
};

OVG_ABI_SIZE(r535_surface_properties, 72);
OVG_ABI_FIELD(r535_surface_properties, offset, 8);
OVG_ABI_FIELD(r535_surface_properties, surface_width, 28);
OVG_ABI_FIELD(r535_surface_properties, rect_width, 44);
OVG_ABI_FIELD(r535_surface_properties, surface_kind, 56);
OVG_ABI_FIELD(r535_surface_properties, effective_fb_page_size, 68);

struct r535_rpc_set_surface {
	u32 h_client;
	struct r535_surface_properties params;
};

OVG_ABI_SIZE(r535_rpc_set_surface, 76);
OVG_ABI_FIELD(r535_rpc_set_surface, params, 4);

struct r535_rpc_cleanup_surface {
	u32 head_index;
	u32 blanking_enabled;
};

OVG_ABI_SIZE(r535_rpc_cleanup_surface, 8);

/*
 * One of the four surfaces in the response buffer.  The task changes
 * update_start, then the rest, then update_end to the same number; that is how
 * their names are read here, it is said nowhere.
 */
struct r535_plugin_surface {
	u64 update_start;
	u64 update_end;
	u32 effective_fb_page_size;
	u32 rect_width;
	u32 rect_height;
	u32 width;
	u32 height;
	u32 size;
	u32 offset;
	u32 format;
	u32 kind;
	u32 pitch;
	u32 type;
	u8 block_height;
	u8 pad0[3];
	u32 is_blanking_enabled;
	u32 is_flip_pending;
	u32 is_free_pending;
	u32 is_memory_blocklinear;
};

OVG_ABI_SIZE(r535_plugin_surface, 80);
OVG_ABI_FIELD(r535_plugin_surface, effective_fb_page_size, 16);
OVG_ABI_FIELD(r535_plugin_surface, width, 28);
OVG_ABI_FIELD(r535_plugin_surface, offset, 40);
OVG_ABI_FIELD(r535_plugin_surface, type, 56);
OVG_ABI_FIELD(r535_plugin_surface, block_height, 60);
OVG_ABI_FIELD(r535_plugin_surface, is_blanking_enabled, 64);

/*
 * 570.144: the RFC's second header has flags of one byte right behind
 * block_height, NVIDIA's later ones have them as above.  What is the same in both
 * is the first surface up to here.
 */
#define R570_PLUGIN_SURFACE_CERTAIN		61

#endif /* OVG_R535_VGPU_SURFACE_H */
