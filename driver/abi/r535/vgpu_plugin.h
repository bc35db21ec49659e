/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * How the host talks to a vGPU's plugin task in GSP, release 535.113.01: the
 * communication area at the start of the plugin's heap in FB, the buffers in
 * it and the messages.  Facts: dev_vgpu_gsp.h as the vGPU RFC (2024) has it.
 */
#ifndef OVG_R535_VGPU_PLUGIN_H
#define OVG_R535_VGPU_PLUGIN_H

#include "../common/ovg_types.h"
#include "vgpu_surface.h"

/* Offsets in the plugin heap */
#define R535_PLUGIN_CTRL_OFFSET			0x000000
#define R535_PLUGIN_CTRL_SIZE			0x001000
#define R535_PLUGIN_RESPONSE_OFFSET		0x001000
#define R535_PLUGIN_RESPONSE_SIZE		0x001000
#define R535_PLUGIN_MESSAGE_OFFSET		0x002000
#define R535_PLUGIN_MESSAGE_SIZE		0x001000
#define R535_PLUGIN_MIGRATION_OFFSET		0x003000
#define R535_PLUGIN_MIGRATION_SIZE		0x200000
#define R535_PLUGIN_ERROR_OFFSET		0x203000
#define R535_PLUGIN_ERROR_SIZE			0x001000
#define R535_PLUGIN_INIT_LOG_OFFSET		0x204000
#define R535_PLUGIN_INIT_LOG_SIZE		0x020000
#define R535_PLUGIN_VGPU_LOG_OFFSET		0x224000
#define R535_PLUGIN_VGPU_LOG_SIZE		0x040000
#define R535_PLUGIN_COMM_SIZE			0x264000

/* The task writes this over message_seq_num when it has come up. */
#define R535_PLUGIN_BOOT_MAGIC			0x4e654a6f
#define R535_PLUGIN_CTRL_VERSION		1

struct r535_plugin_host_info {
	u32 vgpu_type_id;
	u32 host_gpu_pci_id;
	u32 pci_dev_id;
	u8 vgpu_uuid[16];
};

OVG_ABI_SIZE(r535_plugin_host_info, 28);

/* Written by the host */
struct r535_plugin_ctrl {
	u32 version;
	u32 message_type;
	u32 message_seq_num;
	u32 pad0;
	u64 response_buff_offset;
	u64 message_buff_offset;
	u64 migration_buff_offset;
	u64 error_buff_offset;
	u32 migration_buf_cpu_access_offset;
	u8 is_migration_in_progress;
	u8 pad1[3];
	u32 error_buff_cpu_get_idx;
	u32 attached_vgpu_count;
	struct r535_plugin_host_info host_info[16];
};

OVG_ABI_SIZE(r535_plugin_ctrl, 512);
OVG_ABI_FIELD(r535_plugin_ctrl, message_seq_num, 8);
OVG_ABI_FIELD(r535_plugin_ctrl, response_buff_offset, 16);
OVG_ABI_FIELD(r535_plugin_ctrl, migration_buf_cpu_access_offset, 48);
OVG_ABI_FIELD(r535_plugin_ctrl, error_buff_cpu_get_idx, 56);
OVG_ABI_FIELD(r535_plugin_ctrl, host_info, 64);

/* Written by the plugin task */
struct r535_plugin_response {
	u32 message_seq_num_processed;
	u32 result_code;
	u32 guest_rpc_version;
	u32 migration_buf_gsp_access_offset;
	u8 migration_state_save_complete;
	u8 pad0[7];
	struct r535_plugin_surface surface[4];
	u32 error_buff_gsp_put_idx;
	u32 grid_license_state;
};

OVG_ABI_SIZE(r535_plugin_response, 352);
OVG_ABI_FIELD(r535_plugin_response, surface, 24);
OVG_ABI_FIELD(r535_plugin_response, error_buff_gsp_put_idx, 344);

/* Messages */
#define R535_PLUGIN_MSG_VERSION_NEGOTIATION	1
#define R535_PLUGIN_MSG_SETUP_CONFIG_AND_INIT	2
#define R535_PLUGIN_MSG_RESET			3
#define R535_PLUGIN_MSG_MIGRATION_STOP_WORK	4
#define R535_PLUGIN_MSG_MIGRATION_RESUME_WORK	10
#define R535_PLUGIN_MSG_CONSOLE_VNC_STATE	11
#define R535_PLUGIN_MSG_VF_BAR0_REG_ACCESS	12
#define R535_PLUGIN_MSG_UPDATE_BME_STATE	13
#define R535_PLUGIN_MSG_GET_GUEST_INFO		14
#define R535_PLUGIN_MSG_MAX			15

struct r535_plugin_version {
	u32 version_cpu;
	u32 version_negotiated;
};

struct r535_plugin_config {
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
	u8 rev1[2];
	u8 enable_uvm;
	u8 linux_interrupt_optimization;
	u8 vmm_migration_supported;
	u8 rev2;
	u8 enable_console_vnc;
	u8 use_non_stall_linux_events;
	u32 rev3;
	u32 pad;
};

OVG_ABI_SIZE(r535_plugin_config, 88);
OVG_ABI_FIELD(r535_plugin_config, num_channels, 40);
OVG_ABI_FIELD(r535_plugin_config, hypervisor_type, 56);
OVG_ABI_FIELD(r535_plugin_config, host_page_size, 64);
OVG_ABI_FIELD(r535_plugin_config, enable_uvm, 74);
OVG_ABI_FIELD(r535_plugin_config, use_non_stall_linux_events, 79);
#define R535_PLUGIN_MIGRATION_FEATURE_KVM	0x4000
#define R535_PLUGIN_HYPERVISOR_KVM		4
#define R535_PLUGIN_CPU_ARCH_AARCH64		1
#define R535_PLUGIN_CPU_ARCH_X86_64		2
#define R535_PLUGIN_NUM_PLUGIN_CHANNELS		3

struct r535_plugin_bme {
	u8 enable;
	u8 allowed;
};

#endif /* OVG_R535_VGPU_PLUGIN_H */
