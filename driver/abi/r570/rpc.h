/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPC payloads and events of release 570.144 that differ from those of
 * 535.113.01; r535/rpc.h has the others.  Facts: rpc_global_enums.h,
 * g_rpc-structures.h, gsp_static_config.h, gsp_init_args.h of that release.
 */
#ifndef OVG_R570_RPC_H
#define OVG_R570_RPC_H

#include "../r535/rpc.h"

#define R570_GSP_VERSION			"570.144"

/* Argument block of GSP-RM: the lockless queues are gone */
struct r570_gsp_arguments {
	u64 shared_mem_phys_addr;
	u32 page_table_entry_count;
	u32 pad0;
	u64 cmd_queue_offset;
	u64 stat_queue_offset;
	u32 old_level;
	u32 sr_flags;
	u8 in_pm_transition;
	u8 pad1[3];
	u32 gpu_instance;
	u8 dmem_stack;
	u8 pad2[7];
	u64 profiler_pa;
	u64 profiler_size;
};

OVG_ABI_SIZE(r570_gsp_arguments, 72);
OVG_ABI_FIELD(r570_gsp_arguments, old_level, 32);
OVG_ABI_FIELD(r570_gsp_arguments, dmem_stack, 48);

struct r570_event_rc_triggered {
	u32 nv2080_engine_type;
	u32 chid;
	u32 gfid;
	u32 except_level;
	u32 except_type;
	u32 scope;
	u16 partition_attribution_id;
	u16 pad0;
	u32 mmu_fault_addr_lo;
	u32 mmu_fault_addr_hi;
	u32 mmu_fault_type;
	u8 callback_needed;
	u8 pad1[3];
	u32 rc_journal_buffer_size;
};

OVG_ABI_SIZE(r570_event_rc_triggered, 48);
OVG_ABI_FIELD(r570_event_rc_triggered, mmu_fault_addr_lo, 28);

/* As R535_RC_FAST_PATH: another number */
#define R570_RC_FAST_PATH			141

struct r570_event_os_error_log {
	u32 except_type;
	u32 runlist_id;
	u32 chid;
	char err_string[256];
	u32 preemptive_removal_previous_xid;
};

OVG_ABI_SIZE(r570_event_os_error_log, 272);

/* One more NVA084 notifier */
#define NVA084_NOTIFIER_GUEST_OS_TYPE		7

/* GSP_SET_SYSTEM_INFO */
struct r570_system_info {
	u64 gpu_phys_addr;
	u64 gpu_phys_fb_addr;
	u64 gpu_phys_inst_addr;
	u64 gpu_phys_io_addr;
	u64 nv_domain_bus_device_func;
	u64 sim_access_buf_phys_addr;
	u64 notify_op_shared_surface_phys_addr;
	u64 pcie_atomics_op_mask;
	u64 console_mem_size;
	u64 max_user_va;
	u32 pci_config_mirror_base;
	u32 pci_config_mirror_size;
	u32 pci_device_id;		/* device id in the upper half */
	u32 pci_sub_device_id;
	u32 pci_revision_id;
	u32 pcie_atomics_cpl_device_cap_mask;
	u8 reserved0[125 - 104];
	u8 flr_supported;
	u8 b64b_bar0_supported;
	u8 reserved1[160 - 127];
	u8 acpi_method_data[836 - 160];
	u32 hypervisor_type;
	u8 is_passthru;
	u8 pad0[7];
	u64 sys_timer_offset_ns;
	struct r535_vf_info vf_info;
	u8 is_primary;
	u8 is_grid_build;
	u8 pad1[2];
	u32 pcie_link_cap;
	u32 grid_build_csp;
	u8 reserved2[920 - 908];
	u64 host_page_size;
};

OVG_ABI_SIZE(r570_system_info, 928);
OVG_ABI_FIELD(r570_system_info, nv_domain_bus_device_func, 32);
OVG_ABI_FIELD(r570_system_info, max_user_va, 72);
OVG_ABI_FIELD(r570_system_info, pci_device_id, 88);
OVG_ABI_FIELD(r570_system_info, flr_supported, 125);
OVG_ABI_FIELD(r570_system_info, hypervisor_type, 836);
OVG_ABI_FIELD(r570_system_info, sys_timer_offset_ns, 848);
OVG_ABI_FIELD(r570_system_info, vf_info, 856);
OVG_ABI_FIELD(r570_system_info, is_primary, 896);
OVG_ABI_FIELD(r570_system_info, pcie_link_cap, 900);

/* GET_GSP_STATIC_INFO, and the control of a device that answers the caps alone */
struct r570_sriov_caps {
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
	u8 non_power_of2_channel_count_supported;
	u8 vf_resizable_bar1_supported;
	u8 pad1[7];
};

OVG_ABI_SIZE(r570_sriov_caps, 80);
OVG_ABI_FIELD(r570_sriov_caps, sriov_enabled, 67);

struct r570_static_info {
	u8 reserved0[344];
	struct r535_fb_region_info fb_region_info;
	struct r570_sriov_caps sriov_caps;
	u32 sriov_max_gfid;
	u32 engine_caps[3];
	u8 reserved1[1224 - 1216];
	u64 fb_length;
	u8 reserved2[1520 - 1232];
	u8 is_vgx;
	u8 reserved3[1536 - 1521];
	u64 bar1_pde_base;
	u64 bar2_pde_base;
	u8 reserved4[1600 - 1552];
	u32 h_internal_client;
	u32 h_internal_device;
	u32 h_internal_subdevice;
	u8 reserved5[1656 - 1612];
};

OVG_ABI_SIZE(r570_static_info, 1656);
OVG_ABI_FIELD(r570_static_info, fb_region_info, 344);
OVG_ABI_FIELD(r570_static_info, sriov_caps, 1120);
OVG_ABI_FIELD(r570_static_info, sriov_max_gfid, 1200);
OVG_ABI_FIELD(r570_static_info, fb_length, 1224);
OVG_ABI_FIELD(r570_static_info, is_vgx, 1520);
OVG_ABI_FIELD(r570_static_info, bar1_pde_base, 1536);
OVG_ABI_FIELD(r570_static_info, h_internal_client, 1600);

#endif /* OVG_R570_RPC_H */
