/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPC functions, events and their payloads in release 535.113.01.  Facts:
 * rpc_global_enums.h, g_rpc-structures.h, gsp_init_args.h of that release and
 * nouveau's copies of them (nvrm/535.113.01).
 */
#ifndef OVG_R535_RPC_H
#define OVG_R535_RPC_H

#include "../common/ovg_types.h"

#define R535_GSP_VERSION			"535.113.01"

/* Functions */
#define R535_RPC_SET_GUEST_SYSTEM_INFO		1
#define R535_RPC_ALLOC_MEMORY			4
#define R535_RPC_FREE				10
#define R535_RPC_UNLOADING_GUEST_DRIVER		47
#define R535_RPC_GET_STATIC_INFO		51
#define R535_RPC_GET_GSP_STATIC_INFO		65
#define R535_RPC_UPDATE_BAR_PDE			70
#define R535_RPC_CONTINUATION_RECORD		71
#define R535_RPC_GSP_SET_SYSTEM_INFO		72
#define R535_RPC_SET_REGISTRY			73
#define R535_RPC_GSP_RM_CONTROL			76
#define R535_RPC_GSP_RM_ALLOC			103
#define R535_RPC_ECC_NOTIFIER_WRITE_ACK		202

/* Events */
#define R535_EVENT_GSP_INIT_DONE		0x1001
#define R535_EVENT_GSP_RUN_CPU_SEQUENCER	0x1002
#define R535_EVENT_RC_TRIGGERED			0x1004
#define R535_EVENT_OS_ERROR_LOG			0x1006
#define R535_EVENT_GPUACCT_PERFMON_UTIL_SAMPLES	0x1008
#define R535_EVENT_UCODE_LIBOS_PRINT		0x100c
#define R535_EVENT_VGPU_GSP_PLUGIN_TRIGGERED	0x100d

/* rpc_result values of the transport (NV_VGPU_MSG_RESULT_*) */
#define R535_RPC_RESULT_UNKNOWN_FUNCTION	0xff100001
#define R535_RPC_RESULT_INVALID_MESSAGE_FORMAT	0xff100002

/* Argument block of GSP-RM, found through libos argument "RMARGS" */
struct r535_gsp_arguments {
	u64 shared_mem_phys_addr;
	u32 page_table_entry_count;
	u32 pad0;
	u64 cmd_queue_offset;
	u64 stat_queue_offset;
	u64 lockless_cmd_queue_offset;
	u64 lockless_stat_queue_offset;
	u32 old_level;
	u32 sr_flags;
	u8 in_pm_transition;
	u8 pad1[3];
	u32 gpu_instance;
	u64 profiler_pa;
	u64 profiler_size;
};

OVG_ABI_SIZE(r535_gsp_arguments, 0x50);
OVG_ABI_FIELD(r535_gsp_arguments, cmd_queue_offset, 0x10);
OVG_ABI_FIELD(r535_gsp_arguments, old_level, 0x30);
OVG_ABI_FIELD(r535_gsp_arguments, gpu_instance, 0x3c);

/* RM calls: head, then parameters */
struct r535_rpc_rm_alloc {
	u32 h_client;
	u32 h_parent;
	u32 h_object;
	u32 h_class;
	u32 status;
	u32 params_size;
	u32 flags;
	u8 reserved[4];
};

OVG_ABI_SIZE(r535_rpc_rm_alloc, 32);

struct r535_rpc_rm_control {
	u32 h_client;
	u32 h_object;
	u32 cmd;
	u32 status;
	u32 params_size;
	u32 flags;
};

OVG_ABI_SIZE(r535_rpc_rm_control, 24);

struct r535_rpc_free {
	u32 h_root;
	u32 h_object_parent;
	u32 h_object_old;
	u32 status;
};

OVG_ABI_SIZE(r535_rpc_free, 16);

/* Head of rpc_alloc_memory_v13_01; page numbers follow, 8 bytes each */
struct r535_rpc_alloc_memory {
	u32 h_client;
	u32 h_device;
	u32 h_memory;
	u32 h_class;
	u32 flags;
	u32 pte_adjust;
	u32 format;
	u32 pad0;
	u64 length;
	u32 page_count;
	u32 pad1;
	u32 pte_desc;
	u32 pad2;
};

OVG_ABI_SIZE(r535_rpc_alloc_memory, 0x38);
OVG_ABI_FIELD(r535_rpc_alloc_memory, length, 0x20);

struct r535_rpc_unloading {
	u8 in_pm_transition;
	u8 gc6_entering;
	u8 pad[2];
	u32 new_level;
};

OVG_ABI_SIZE(r535_rpc_unloading, 8);

struct r535_rpc_update_bar_pde {
	u32 bar_type;
	u32 pad;
	u64 entry_value;
	u64 entry_level_shift;
};

OVG_ABI_SIZE(r535_rpc_update_bar_pde, 24);
#define R535_BAR_TYPE_BAR1			0
#define R535_BAR_TYPE_BAR2			1

/* Registry: head, entries, then names and data; offsets from the head */
struct r535_registry_entry {
	u32 name_offset;
	u8 type;
	u8 pad[3];
	u32 data;
	u32 length;
};

OVG_ABI_SIZE(r535_registry_entry, 16);
struct r535_registry_table {
	u32 size;
	u32 num_entries;
};

#define R535_REGISTRY_TYPE_DWORD		1
#define R535_REGISTRY_TYPE_BINARY		2
#define R535_REGISTRY_TYPE_STRING		3
#define R535_REGISTRY_SRIOV_MODE		"RMSetSriovMode"

/* Events */
struct r535_event_rc_triggered {
	u32 nv2080_engine_type;
	u32 chid;
	u32 except_type;
	u32 scope;
	u16 partition_attribution_id;
	u16 pad;
};

OVG_ABI_SIZE(r535_event_rc_triggered, 20);

/* except_type of an RC that kills nothing: GSP waits for ECC_NOTIFIER_WRITE_ACK (nverror.h) */
#define R535_RC_FAST_PATH			139

struct r535_event_os_error_log {
	u32 except_type;
	u32 runlist_id;
	u32 chid;
	char err_string[256];
};

OVG_ABI_SIZE(r535_event_os_error_log, 268);

struct r535_event_plugin_triggered {
	u32 gfid;
	u32 notify_index;
};

OVG_ABI_SIZE(r535_event_plugin_triggered, 8);
/* NVA084 notifiers */
#define NVA084_NOTIFIER_PLUGIN_BOOTLOADED	0
#define NVA084_NOTIFIER_PLUGIN_UNLOADED		1
#define NVA084_NOTIFIER_PLUGIN_CRASHED		2
#define NVA084_NOTIFIER_GUEST_DRIVER_LOADED	3
#define NVA084_NOTIFIER_GUEST_DRIVER_UNLOADED	4
#define NVA084_NOTIFIER_PRINT_ERROR		5
#define NVA084_NOTIFIER_LICENSE_STATE		6

/*
 * GSP_SET_SYSTEM_INFO.  OpenRM says what it runs under; on a host that is
 * nothing that it knows (0 would be Xen).
 */
#define R535_HYPERVISOR_UNKNOWN			4
struct r535_vf_info {
	u32 total_vfs;
	u32 first_vf_offset;
	u64 first_vf_bar0;
	u64 first_vf_bar1;
	u64 first_vf_bar2;
	u8 b64bit_bar0;
	u8 b64bit_bar1;
	u8 b64bit_bar2;
	u8 pad[5];
};

OVG_ABI_SIZE(r535_vf_info, 40);

struct r535_system_info {
	u64 gpu_phys_addr;
	u64 gpu_phys_fb_addr;
	u64 gpu_phys_inst_addr;
	u64 nv_domain_bus_device_func;
	u64 sim_access_buf_phys_addr;
	u64 pcie_atomics_op_mask;
	u64 console_mem_size;
	u64 max_user_va;
	u32 pci_config_mirror_base;
	u32 pci_config_mirror_size;
	u8 reserved0[0x78 - 0x48];
	u8 acpi_method_data[0x25c - 0x78];
	u32 hypervisor_type;
	u8 is_passthru;
	u8 pad0[7];
	u64 sys_timer_offset_ns;
	struct r535_vf_info vf_info;
};

OVG_ABI_SIZE(r535_system_info, 664);
OVG_ABI_FIELD(r535_system_info, nv_domain_bus_device_func, 24);
OVG_ABI_FIELD(r535_system_info, max_user_va, 0x38);
OVG_ABI_FIELD(r535_system_info, pci_config_mirror_base, 0x40);
OVG_ABI_FIELD(r535_system_info, hypervisor_type, 604);
OVG_ABI_FIELD(r535_system_info, sys_timer_offset_ns, 616);
OVG_ABI_FIELD(r535_system_info, vf_info, 624);

/* GET_GSP_STATIC_INFO */
struct r535_fb_region {
	u64 base;
	u64 limit;		/* inclusive */
	u64 reserved;
	u32 performance;
	u8 support_compressed;
	u8 support_iso;
	u8 is_protected;
	u8 black_list[17];
};

OVG_ABI_SIZE(r535_fb_region, 48);
OVG_ABI_FIELD(r535_fb_region, is_protected, 0x1e);

struct r535_fb_region_info {
	u32 num_regions;
	u32 pad;
	struct r535_fb_region region[16];
};

OVG_ABI_SIZE(r535_fb_region_info, 776);

struct r535_sriov_caps {
	u32 total_vfs;
	u32 first_vf_offset;
	u32 vf_feature_mask;
	u32 pad0;
	u64 first_vf_bar0;
	u64 first_vf_bar1;
	u64 first_vf_bar2;
	u64 bar0_size;
	u64 bar1_size;
	u64 bar2_size;
	u8 b64bit_bar0;
	u8 b64bit_bar1;
	u8 b64bit_bar2;
	u8 sriov_enabled;
	u8 sriov_heavy;
	u8 emulate_vf_bar0_tlb_invalidation;
	u8 client_rm_allocated_ctx_buffer;
	u8 pad1;
};

OVG_ABI_SIZE(r535_sriov_caps, 72);
OVG_ABI_FIELD(r535_sriov_caps, bar0_size, 40);
OVG_ABI_FIELD(r535_sriov_caps, sriov_enabled, 67);

struct r535_tpc_info {
	u32 gpc_id;
	u32 tpc_mask;
};

struct r535_static_info {
	u8 reserved0[0x124];
	u32 gpc_mask;
	struct r535_tpc_info tpc_info[32];
	u8 reserved1[840 - 0x228];
	struct r535_fb_region_info fb_region_info;
	u8 reserved2[1624 - 1616];
	struct r535_sriov_caps sriov_caps;
	u32 sriov_max_gfid;
	u32 engine_caps[2];
	u8 reserved3[1752 - 1708];
	u64 fb_length;
	u8 reserved4[2080 - 1760];
	u8 is_vgx;
	u8 reserved5[7];
	u64 bar1_pde_base;
	u64 bar2_pde_base;
	u8 reserved6[2152 - 2104];
	u32 h_internal_client;
	u32 h_internal_device;
	u32 h_internal_subdevice;
	u8 reserved7[4];
};

OVG_ABI_SIZE(r535_static_info, 2168);
OVG_ABI_FIELD(r535_static_info, tpc_info, 0x128);
OVG_ABI_FIELD(r535_static_info, fb_region_info, 840);
OVG_ABI_FIELD(r535_static_info, sriov_caps, 1624);
OVG_ABI_FIELD(r535_static_info, sriov_max_gfid, 1696);
OVG_ABI_FIELD(r535_static_info, fb_length, 1752);
OVG_ABI_FIELD(r535_static_info, is_vgx, 2080);
OVG_ABI_FIELD(r535_static_info, bar1_pde_base, 2088);
OVG_ABI_FIELD(r535_static_info, bar2_pde_base, 2096);
OVG_ABI_FIELD(r535_static_info, h_internal_client, 2152);

#endif /* OVG_R535_RPC_H */
