/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * How the host talks to a vGPU's plugin task in GSP, release 570.144, as far as
 * it differs from 535.113.01.  Facts: the plugin header of the second vGPU RFC
 * (2025).
 */
#ifndef OVG_R570_VGPU_PLUGIN_H
#define OVG_R570_VGPU_PLUGIN_H

#include "../r535/vgpu_plugin.h"

/* Offsets in the plugin heap: a third log behind the two of 535 */
#define R570_PLUGIN_KERNEL_LOG_OFFSET		0x264000
#define R570_PLUGIN_KERNEL_LOG_SIZE		0x010000
#define R570_PLUGIN_COMM_SIZE			0x274000

/*
 * Written by the plugin task.  What follows the first surface is not certain: the
 * RFC's header and NVIDIA's later ones disagree about the size of a bool.
 */
struct r570_plugin_response {
	u32 message_seq_num_received;
	u32 message_seq_num_processed;
	u32 result_code;
	u32 guest_rpc_version;
	u32 migration_buf_gsp_access_offset;
	u32 migration_state_save_complete;
	u8 surface[R570_PLUGIN_SURFACE_CERTAIN];
};

OVG_ABI_FIELD(r570_plugin_response, message_seq_num_processed, 4);
OVG_ABI_FIELD(r570_plugin_response, result_code, 8);
OVG_ABI_FIELD(r570_plugin_response, surface, 24);

struct r570_plugin_config {
	u8 vgpu_uuid[16];
	u32 dbdf;
	u32 driver_vm_vf_dbdf;
	u32 vgpu_device_instance_id;
	u32 vgpu_type;
	u32 vm_pid;
	u32 swizz_id;
	u32 num_channels;
	u32 num_plugin_channels;
	u32 vmm_cap;
	u32 migration_feature;
	u32 hypervisor_type;
	u32 host_cpu_arch;
	u64 host_page_size;
	u8 rev1[3];
	u8 enable_uvm;
	u8 linux_interrupt_optimization;
	u8 vmm_migration_supported;
	u8 rev2;
	u8 enable_console_vnc;
	u8 use_non_stall_linux_events;
	u8 rev3[3];
	u16 placement_id;
	u16 pad0;
	u32 rev4;
	u32 channel_usage_threshold_percentage;
	u8 rev5;
	u8 pad1[3];
	u32 rev6;
	u8 rev7;
	u8 pad2[7];
};

OVG_ABI_SIZE(r570_plugin_config, 112);
OVG_ABI_FIELD(r570_plugin_config, enable_uvm, 75);
OVG_ABI_FIELD(r570_plugin_config, use_non_stall_linux_events, 80);
OVG_ABI_FIELD(r570_plugin_config, placement_id, 84);
OVG_ABI_FIELD(r570_plugin_config, channel_usage_threshold_percentage, 92);
OVG_ABI_FIELD(r570_plugin_config, rev7, 104);
#define R570_PLUGIN_PLACEMENT_NONE		0xffff

#endif /* OVG_R570_VGPU_PLUGIN_H */
