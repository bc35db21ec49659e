/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Controls that manage vGPUs on GSP in release 570.144, as far as they differ
 * from those of 535.113.01; r535/vgpu_ctrl.h has the others.  Facts:
 * ctrl2080vgpumgrinternal.h and ctrla081.h of that release.
 */
#ifndef OVG_R570_VGPU_CTRL_H
#define OVG_R570_VGPU_CTRL_H

#include "ctrl.h"
#include "../r535/vgpu_ctrl.h"

#define R570_PLACEMENT_IDS			32

struct r570_vgpu_info {			/* NVA081_CTRL_VGPU_INFO */
	u32 vgpu_type;
	char vgpu_name[32];
	char vgpu_class[32];
	u8 vgpu_signature[128];
	char license[128];
	u32 max_instance;
	u32 num_heads;
	u32 max_resolution_x;
	u32 max_resolution_y;
	u32 max_pixels;
	u32 frl_config;
	u32 cuda_enabled;
	u32 ecc_supported;
	u32 gpu_instance_size;
	u32 multi_vgpu_supported;
	u32 pad0;
	u64 vdev_id;
	u64 pdev_id;
	u64 profile_size;
	u64 fb_length;
	u64 gsp_heap_size;
	u64 fb_reservation;
	u64 mappable_video_size;
	u32 encoder_capacity;
	u32 pad1;
	u64 bar1_length;		/* MiB */
	u32 frl_enable;
	u8 adapter_name[64];
	u16 adapter_name_unicode[64];
	char short_gpu_name_string[64];
	char licensed_product_name[128];
	u32 vgpu_extra_params[1024];
	u32 ftrace_enable;
	u32 gpu_direct_supported;
	u32 nvlink_p2p_supported;
	u32 multi_vgpu_exclusive;
	u32 exclusive_type;
	u32 exclusive_size;
	u32 gpu_instance_profile_id;
	u32 placement_size;
	u32 homogeneous_placement_count;
	u32 homogeneous_placement_ids[R570_PLACEMENT_IDS];
	u32 heterogeneous_placement_count;
	u32 heterogeneous_placement_ids[R570_PLACEMENT_IDS];
	u32 pad2;
};

OVG_ABI_SIZE(r570_vgpu_info, 5224);
OVG_ABI_FIELD(r570_vgpu_info, vgpu_signature, 68);
OVG_ABI_FIELD(r570_vgpu_info, vdev_id, 368);
OVG_ABI_FIELD(r570_vgpu_info, bar1_length, 432);
OVG_ABI_FIELD(r570_vgpu_info, ftrace_enable, 4924);
OVG_ABI_FIELD(r570_vgpu_info, placement_size, 4952);
OVG_ABI_FIELD(r570_vgpu_info, heterogeneous_placement_count, 5088);

struct r570_bootload {
	u32 dbdf;
	u32 gfid;
	u32 vgpu_type;
	u32 vm_pid;
	u32 swizz_id;
	u32 num_channels;
	u32 num_plugin_channels;
	u32 chid_offset[R570_ENGINE_TYPE_COUNT];
	u8 disable_default_smc_exec_part_restore;
	u8 pad0[3];
	u32 num_guest_fb_segments;
	u32 pad1;
	u64 guest_fb_phys_addr[R535_GUEST_FB_SEGMENTS];
	u64 guest_fb_length[R535_GUEST_FB_SEGMENTS];
	u64 plugin_heap_phys_addr;
	u64 plugin_heap_length;
	u64 ctrl_buff_offset;		/* from the start of the heap */
	u64 init_task_log_offset;	/* FB address, as the next two */
	u64 init_task_log_size;
	u64 vgpu_task_log_offset;
	u64 vgpu_task_log_size;
	u64 kernel_log_offset;
	u64 kernel_log_size;
	u64 mig_rm_heap_phys_addr;
	u64 mig_rm_heap_length;
	u8 device_profiling_enabled;
	u8 pad2[7];
};

OVG_ABI_SIZE(r570_bootload, 6616);
OVG_ABI_FIELD(r570_bootload, disable_default_smc_exec_part_restore, 364);
OVG_ABI_FIELD(r570_bootload, num_guest_fb_segments, 368);
OVG_ABI_FIELD(r570_bootload, guest_fb_phys_addr, 376);
OVG_ABI_FIELD(r570_bootload, plugin_heap_phys_addr, 6520);
OVG_ABI_FIELD(r570_bootload, kernel_log_offset, 6576);
OVG_ABI_FIELD(r570_bootload, device_profiling_enabled, 6608);

#define NV2080_CTRL_CMD_VGPU_MGR_SET_HETEROGENEOUS_MODE	0x2080400e

struct r570_vgpu_heterogeneous_mode {
	u8 heterogeneous_mode;
};

OVG_ABI_SIZE(r570_vgpu_heterogeneous_mode, 1);

struct r570_add_vgpu_type {
	u8 discard_vgpu_types;
	u8 pad[3];
	u32 vgpu_info_count;
	struct r570_vgpu_info vgpu_info[R535_MAX_VGPU_TYPES];
};

OVG_ABI_SIZE(r570_add_vgpu_type, 334344);
OVG_ABI_FIELD(r570_add_vgpu_type, vgpu_info, 8);

#endif /* OVG_R570_VGPU_CTRL_H */
