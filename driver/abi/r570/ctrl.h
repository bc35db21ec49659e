/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM controls and allocation parameters of release 570.144 that differ from
 * those of 535.113.01; r535/ctrl.h has the others.  Facts: ctrl2080*.h,
 * alloc_channel.h, cl0000.h, engine_idx.h, gpu_engine_type.h of that release.
 */
#ifndef OVG_R570_CTRL_H
#define OVG_R570_CTRL_H

#include "../r535/ctrl.h"

struct r570_client_params {		/* NV0000_ALLOC_PARAMETERS */
	u32 h_client;
	u32 process_id;
	char process_name[100];
	u8 pad[4];
	u64 os_pid_info;
};

OVG_ABI_SIZE(r570_client_params, 120);
OVG_ABI_FIELD(r570_client_params, os_pid_info, 112);

struct r570_channel_params {	/* NV_CHANNEL_ALLOC_PARAMS */
	u32 h_object_error;
	u32 h_object_buffer;
	u64 gp_fifo_offset;
	u32 gp_fifo_entries;
	u32 flags;
	u32 h_context_share;
	u32 h_va_space;
	u32 h_userd_memory[8];
	u64 userd_offset[8];
	u32 engine_type;
	u32 cid;
	u32 sub_device_id;
	u32 h_object_ecc_error;
	struct r535_memory_desc instance_mem;
	struct r535_memory_desc userd_mem;
	struct r535_memory_desc ramfc_mem;
	struct r535_memory_desc mthdbuf_mem;
	u32 h_phys_channel_group;
	u32 internal_flags;
	struct r535_memory_desc error_notifier_mem;
	struct r535_memory_desc ecc_error_notifier_mem;
	u32 process_id;
	u32 sub_process_id;
	u32 encrypt_iv[3];
	u32 decrypt_iv[3];
	u32 hmac_nonce[8];
	u32 tpc_config_id;
	u32 pad;
};

OVG_ABI_SIZE(r570_channel_params, 368);
OVG_ABI_FIELD(r570_channel_params, instance_mem, 0x90);
OVG_ABI_FIELD(r570_channel_params, internal_flags, 0xf4);
OVG_ABI_FIELD(r570_channel_params, tpc_config_id, 360);

#define R570_ENGINE_TYPE_COUNT			84

struct r570_get_engines_v2 {
	u32 engine_count;
	u32 engine_list[R570_ENGINE_TYPE_COUNT];
};

OVG_ABI_SIZE(r570_get_engines_v2, 340);

struct r570_query_ecc_status {
	struct r535_ecc_unit units[36];
	u8 fatal_poison_error;
	u8 uncorrectable_error;
	u8 pad[2];
	u32 flags;
	u8 reserved[16];
};

OVG_ABI_SIZE(r570_query_ecc_status, 1464);
OVG_ABI_FIELD(r570_query_ecc_status, flags, 1444);

#define R570_KGR_CONTEXT_BUFFERS		26
struct r570_kgr_context_buffers_info {
	struct {
		struct {
			u32 size;
			u32 alignment;
		} buffer[R570_KGR_CONTEXT_BUFFERS];
	} engine[8];
};

OVG_ABI_SIZE(r570_kgr_context_buffers_info, 1664);

/* Took the place of an internal control of 535; the parameters are the same. */
#define NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO 0x208001b0

struct r570_memsys_static_config {
	u8 one_to_one_comptag_line_allocation;
	u8 use_one_to_four_comptag_line_allocation;
	u8 use_raw_mode_comptagline_allocation;
	u8 disable_compbit_backing;
	u8 disable_post_l2_compression;
	u8 enabled_ecc_fbpa;
	u8 l2_pre_fill;
	u8 pad0;
	u64 l2_cache_size;
	u8 fbpa_present;
	u8 pad1[3];
	u32 compr_page_size;
	u32 compr_page_shift;
	u32 ram_type;
	u32 ltc_count;
	u32 lts_per_ltc_count;
};

OVG_ABI_SIZE(r570_memsys_static_config, 40);
OVG_ABI_FIELD(r570_memsys_static_config, ram_type, 28);

struct r570_fbsr_init {
	u32 h_client;
	u32 h_sys_mem;
	u8 entering_gcoff_state;
	u8 pad[7];
	u64 sysmem_addr_of_suspend_resume_data;
};

OVG_ABI_SIZE(r570_fbsr_init, 24);

/* Regions are not named any more; the number went to another control. */
#define R570_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING 0x20800ac3
struct r570_toggle_channel_scheduling {
	u8 disable_active_channels;
};

#define NV0080_CTRL_CMD_FB_GET_COMPBIT_STORE_INFO 0x00801306
struct r570_compbit_store_info {
	u64 size;
	u64 address;
	u8 reserved[80 - 16];
};

OVG_ABI_SIZE(r570_compbit_store_info, 80);

/* MC_ENGINE_IDX_* that moved */
#define R570_MC_ENGINE_IDX_GSP			50
#define R570_MC_ENGINE_IDX_GR0			84

#endif /* OVG_R570_CTRL_H */
