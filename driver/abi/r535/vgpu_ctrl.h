/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Controls that manage vGPUs on GSP in release 535.113.01.  Facts:
 * ctrl2080vgpumgrinternal.h and ctrla081.h of that release.
 */
#ifndef OVG_R535_VGPU_CTRL_H
#define OVG_R535_VGPU_CTRL_H

#include "../common/ovg_types.h"

struct r535_vgpu_info {			/* NVA081_CTRL_VGPU_INFO */
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
};

OVG_ABI_SIZE(r535_vgpu_info, 4952);
OVG_ABI_FIELD(r535_vgpu_info, vgpu_signature, 68);
OVG_ABI_FIELD(r535_vgpu_info, max_instance, 324);
OVG_ABI_FIELD(r535_vgpu_info, vdev_id, 368);
OVG_ABI_FIELD(r535_vgpu_info, gsp_heap_size, 400);
OVG_ABI_FIELD(r535_vgpu_info, encoder_capacity, 424);
OVG_ABI_FIELD(r535_vgpu_info, bar1_length, 432);
OVG_ABI_FIELD(r535_vgpu_info, vgpu_extra_params, 828);
OVG_ABI_FIELD(r535_vgpu_info, ftrace_enable, 4924);
OVG_ABI_FIELD(r535_vgpu_info, multi_vgpu_exclusive, 4936);

#define R535_MAX_VGPU_TYPES			64
#define R535_MAX_VGPUS				32
#define R535_GUEST_FB_SEGMENTS			384

#define NV2080_CTRL_CMD_VGPU_MGR_BOOTLOAD	0x20804001
struct r535_bootload {
	u32 dbdf;
	u32 gfid;
	u32 vgpu_type;
	u32 vm_pid;
	u32 swizz_id;
	u32 num_channels;
	u32 num_plugin_channels;
	u32 chid_offset[62];
	u8 disable_default_smc_exec_part_restore;
	u8 pad0[3];
	u32 num_guest_fb_segments;
	u32 pad1;
	u64 guest_fb_phys_addr[R535_GUEST_FB_SEGMENTS];
	u64 guest_fb_length[R535_GUEST_FB_SEGMENTS];
	u64 plugin_heap_phys_addr;
	u64 plugin_heap_length;
	u64 ctrl_buff_offset;		/* from the start of the heap */
	u64 init_task_log_offset;	/* FB address */
	u64 init_task_log_size;
	u64 vgpu_task_log_offset;	/* FB address */
	u64 vgpu_task_log_size;
	u8 device_profiling_enabled;
	u8 pad2[7];
};

OVG_ABI_SIZE(r535_bootload, 6496);
OVG_ABI_FIELD(r535_bootload, chid_offset, 28);
OVG_ABI_FIELD(r535_bootload, disable_default_smc_exec_part_restore, 276);
OVG_ABI_FIELD(r535_bootload, num_guest_fb_segments, 280);
OVG_ABI_FIELD(r535_bootload, guest_fb_phys_addr, 288);
OVG_ABI_FIELD(r535_bootload, guest_fb_length, 3360);
OVG_ABI_FIELD(r535_bootload, plugin_heap_phys_addr, 6432);
OVG_ABI_FIELD(r535_bootload, init_task_log_offset, 6456);
OVG_ABI_FIELD(r535_bootload, device_profiling_enabled, 6488);
#define R535_SWIZZ_ID_NONE			0xffffffff

#define NV2080_CTRL_CMD_VGPU_MGR_SHUTDOWN	0x20804002
#define NV2080_CTRL_CMD_VGPU_MGR_CLEANUP	0x20804008
struct r535_vgpu_gfid {
	u32 gfid;
};

#define NV2080_CTRL_CMD_VGPU_MGR_ADD_VGPU_TYPE	0x20804003
struct r535_add_vgpu_type {
	u8 discard_vgpu_types;
	u8 pad[3];
	u32 vgpu_info_count;
	struct r535_vgpu_info vgpu_info[R535_MAX_VGPU_TYPES];
};

OVG_ABI_SIZE(r535_add_vgpu_type, 316936);
OVG_ABI_FIELD(r535_add_vgpu_type, vgpu_info, 8);

#define NV2080_CTRL_CMD_VGPU_MGR_ENUMERATE	0x20804004

/* guest_vm_state: do the members about the guest say anything yet? */
#define R535_GUEST_VM_INFO_UNINITIALIZED	0
#define R535_GUEST_VM_INFO_INITIALIZED		1

struct r535_guest_vm_info {
	u32 vm_pid;
	u32 guest_os;
	u32 migration_prohibited;
	u32 guest_negotiated_vgpu_version;
	u32 frame_rate_limit;
	u8 licensed;
	u8 pad0[3];
	u32 license_state;
	u32 license_expiry_timestamp;
	u8 license_expiry_status;
	char guest_driver_version[32];
	char guest_driver_branch[32];
	u8 pad1[3];
	u32 guest_vm_state;
};

OVG_ABI_SIZE(r535_guest_vm_info, 104);
struct r535_vgpu_device_info {
	u32 gfid;
	u32 pad0;
	u64 vgpu_pci_id;
	u32 vgpu_device_instance_id;
	u32 pad1;
	u64 fb_used;
	u32 encoder_capacity;
	u32 ecc_state;
	u8 driver_loaded;
	u8 pad2[7];
};

OVG_ABI_SIZE(r535_vgpu_device_info, 48);
struct r535_enumerate_vgpus {
	u32 num_vgpu;
	u32 pad;
	struct {
		struct r535_guest_vm_info vm;
		struct r535_vgpu_device_info device;
	} vgpu[R535_MAX_VGPUS];
};

OVG_ABI_SIZE(r535_enumerate_vgpus, 4872);

#define NV2080_CTRL_CMD_VGPU_MGR_GET_FB_USAGE	0x20804006
struct r535_vgpu_fb_usage {
	u32 count;
	u32 pad;
	struct {
		u32 gfid;
		u32 pad;
		u64 fb_used;
	} vgpu[R535_MAX_VGPUS];
};

OVG_ABI_SIZE(r535_vgpu_fb_usage, 520);

#endif /* OVG_R535_VGPU_CTRL_H */
