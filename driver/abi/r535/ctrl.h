/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM controls and allocation parameters of release 535.113.01, as far as core,
 * manager, a guest and the model use them.  Facts: ctrl2080*.h, ctrla06f*.h,
 * ctrl90f1.h, alloc_channel.h, cl*.h, nvos.h of that release.
 */
#ifndef OVG_R535_CTRL_H
#define OVG_R535_CTRL_H

#include "../common/ovg_types.h"

/* ---- allocation parameters ---- */

struct r535_client_params {		/* NV0000_ALLOC_PARAMETERS */
	u32 h_client;
	u32 process_id;
	char process_name[100];
};

OVG_ABI_SIZE(r535_client_params, 108);

struct r535_device_params {		/* NV0080_ALLOC_PARAMETERS */
	u32 device_id;
	u32 h_client_share;
	u32 h_target_client;
	u32 h_target_device;
	u32 flags;
	u32 pad0;
	u64 va_space_size;
	u64 va_start_internal;
	u64 va_limit_internal;
	u32 va_mode;
	u32 pad1;
};

OVG_ABI_SIZE(r535_device_params, 56);

struct r535_subdevice_params {		/* NV2080_ALLOC_PARAMETERS */
	u32 sub_device_id;
};

struct r535_vaspace_params {		/* NV_VASPACE_ALLOCATION_PARAMETERS */
	u32 index;
	u32 flags;
	u64 va_size;
	u64 va_start_internal;
	u64 va_limit_internal;
	u32 big_page_size;
	u32 pad;
	u64 va_base;
};

OVG_ABI_SIZE(r535_vaspace_params, 48);
#define R535_VASPACE_INDEX_GPU_NEW		0

struct r535_memory_desc {		/* NV_MEMORY_DESC_PARAMS */
	u64 base;
	u64 size;
	u32 address_space;
	u32 cache_attrib;
};

OVG_ABI_SIZE(r535_memory_desc, 24);

struct r535_channel_params {	/* NV_CHANNELGPFIFO_ALLOCATION_PARAMETERS */
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
};

OVG_ABI_SIZE(r535_channel_params, 360);
OVG_ABI_FIELD(r535_channel_params, gp_fifo_offset, 0x08);
OVG_ABI_FIELD(r535_channel_params, h_va_space, 0x1c);
OVG_ABI_FIELD(r535_channel_params, engine_type, 0x80);
OVG_ABI_FIELD(r535_channel_params, instance_mem, 0x90);
OVG_ABI_FIELD(r535_channel_params, userd_mem, 0xa8);
OVG_ABI_FIELD(r535_channel_params, ramfc_mem, 0xc0);
OVG_ABI_FIELD(r535_channel_params, mthdbuf_mem, 0xd8);
OVG_ABI_FIELD(r535_channel_params, internal_flags, 0xf4);
/* flags: NVOS04_FLAGS_* */
#define R535_CHANNEL_PRIVILEGED			0x00000020
#define R535_CHANNEL_USERD_INDEX_SHIFT		8
#define R535_CHANNEL_USERD_INDEX_MASK		0x00000700
#define R535_CHANNEL_USERD_PAGE_SHIFT		12
#define R535_CHANNEL_USERD_PAGE_MASK		0x001ff000
#define R535_CHANNEL_USERD_PAGE_FIXED		0x00200000
static inline u32 r535_channel_chid(u32 flags)
{
	return ((flags & R535_CHANNEL_USERD_PAGE_MASK) >> R535_CHANNEL_USERD_PAGE_SHIFT) * 8 +
	       ((flags & R535_CHANNEL_USERD_INDEX_MASK) >> R535_CHANNEL_USERD_INDEX_SHIFT);
}

/* internal_flags */
#define R535_CHANNEL_INTERNAL_PRIV_USER		0
#define R535_CHANNEL_INTERNAL_PRIV_ADMIN	1
#define R535_CHANNEL_INTERNAL_ERR_NONE		0x04
#define R535_CHANNEL_INTERNAL_ECC_NONE		0x10

struct r535_ce_params {			/* NVB0B5_ALLOCATION_PARAMETERS */
	u32 version;
	u32 engine_type;
};

#define R535_CE_PARAMS_VERSION			1

/* ---- controls of a channel (0xa06f) and an address space (0x90f1) ---- */

#define NVA06F_CTRL_CMD_GPFIFO_SCHEDULE		0xa06f0103
struct r535_gpfifo_schedule {
	u8 enable;
	u8 skip_submit;
};

OVG_ABI_SIZE(r535_gpfifo_schedule, 2);
#define NVA06F_CTRL_CMD_BIND			0xa06f0104
struct r535_channel_bind {
	u32 engine_type;
};

#define NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES 0x90f10106
#define R535_COPY_RESERVED_PDES_SIZE		184
struct r535_copy_reserved_pdes {
	u32 h_sub_device;
	u32 sub_device_id;
	u64 page_size;
	u64 virt_addr_lo;
	u64 virt_addr_hi;
	u32 num_levels_to_copy;
	u32 pad;
	struct {
		u64 phys_address;
		u64 size;
		u32 aperture;
		u8 page_shift;
		u8 pad[3];
	} levels[6];
};

OVG_ABI_SIZE(r535_copy_reserved_pdes, R535_COPY_RESERVED_PDES_SIZE);
OVG_ABI_FIELD(r535_copy_reserved_pdes, num_levels_to_copy, 32);
OVG_ABI_FIELD(r535_copy_reserved_pdes, levels, 40);

/* ---- control of a device (0x0080), answered with struct r535_sriov_caps ---- */

#define NV0080_CTRL_CMD_GPU_GET_SRIOV_CAPS	0x00800291

/* ---- controls of a subdevice (0x2080) ---- */

#define NV2080_CTRL_CMD_GPU_GET_ENGINES		0x20800123
#define NV2080_CTRL_CMD_GPU_GET_ENGINES_V2	0x20800170
struct r535_get_engines_v2 {
	u32 engine_count;
	u32 engine_list[62];
};

OVG_ABI_SIZE(r535_get_engines_v2, 252);

#define NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO	0x20800137
struct r535_gpc_info {
	u32 gpc_mask;
};

/* Parameters: struct r535_tpc_info (rpc.h) */
#define NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO	0x20800138

#define NV2080_CTRL_CMD_GR_GET_ZCULL_INFO	0x20801206
struct r535_zcull_info {
	u32 width_align_pixels;
	u32 height_align_pixels;
	u32 pixel_squares_by_aliquots;
	u32 aliquot_total;
	u32 zcull_region_byte_multiplier;
	u32 zcull_region_header_size;
	u32 zcull_subregion_header_size;
	u32 subregion_count;
	u32 subregion_width_align_pixels;
	u32 subregion_height_align_pixels;
};

OVG_ABI_SIZE(r535_zcull_info, 40);

#define NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG 0x20800a1c
struct r535_memsys_static_config {
	u8 one_to_one_comptag_line_allocation;
	u8 use_one_to_four_comptag_line_allocation;
	u8 use_raw_mode_comptagline_allocation;
	u8 disable_compbit_backing;
	u8 disable_post_l2_compression;
	u8 enabled_ecc_fbpa;
	u8 l2_pre_fill;
	u8 pad0;
	u64 l2_cache_size;
	u8 reserved_mem_at_bottom;
	u8 fbpa_present;
	u8 pad1[2];
	u32 compr_page_size;
	u32 compr_page_shift;
	u16 maximum_blacklist_pages;
	u16 pad2;
	u32 ram_type;
	u32 ltc_count;
	u32 lts_per_ltc_count;
	u8 disable_plc_for_certain_offsets;
	u8 pad3[3];
	u64 fb_override_start_kb;
};

OVG_ABI_SIZE(r535_memsys_static_config, 56);
OVG_ABI_FIELD(r535_memsys_static_config, ram_type, 32);

#define NV2080_CTRL_CMD_GPU_PROMOTE_CTX		0x2080012b
#define R535_GPU_PROMOTE_CTX_SIZE		560

#define NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS	0x2080012f
struct r535_ecc_unit {
	u8 enabled;
	u8 scrub_complete;
	u8 supported;
	u8 pad[5];
	u64 counts[4];
};

OVG_ABI_SIZE(r535_ecc_unit, 40);
struct r535_query_ecc_status {
	struct r535_ecc_unit units[24];
	u8 fatal_poison_error;
	u8 pad[3];
	u32 flags;
	u8 reserved[16];
};

OVG_ABI_SIZE(r535_query_ecc_status, 984);

#define NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE 0x2080017e
struct r535_vmmu_segment_size {
	u64 segment_size;
};

#define NV2080_CTRL_CMD_GPU_GET_GFID		0x20800196
struct r535_get_gfid {
	u32 domain;
	u8 bus;
	u8 device;
	u8 func;
	u8 pad;
	u32 gfid;
	u32 gfid_mask;
};

OVG_ABI_SIZE(r535_get_gfid, 16);

#define NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CONTEXT_BUFFERS_INFO 0x20800a32
#define R535_KGR_CONTEXT_BUFFERS		25
struct r535_kgr_context_buffers_info {
	struct {
		struct {
			u32 size;
			u32 alignment;
		} buffer[R535_KGR_CONTEXT_BUFFERS];
	} engine[8];
};

OVG_ABI_SIZE(r535_kgr_context_buffers_info, 1600);

#define NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO 0x20800a42
#define R535_CONSTRUCTED_FALCON_INFO_SIZE	1284

#define NV2080_CTRL_CMD_INTERNAL_MEMSYS_PROGRAM_RAW_COMPRESSION_MODE 0x20800a6f
struct r535_raw_compression_mode {
	u8 raw_mode;
};

#define NV2080_CTRL_CMD_INTERNAL_FBSR_INIT	0x20800ac2
struct r535_fbsr_init {
	u32 fbsr_type;
	u32 num_regions;
	u32 h_client;
	u32 h_sys_mem;
	u64 gsp_fb_allocs_sys_offset;
	u8 entering_gcoff_state;
	u8 pad[7];
};

OVG_ABI_SIZE(r535_fbsr_init, 32);

#define NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO 0x20800ac3
struct r535_fbsr_send_region_info {
	u32 fbsr_type;
	u32 h_client;
	u32 h_vid_mem;
	u32 pad;
	u64 vid_offset;
	u64 sys_offset;
	u64 size;
};

OVG_ABI_SIZE(r535_fbsr_send_region_info, 40);

#define NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE 0x20800a5c
struct r535_intr_entry {
	u16 engine_idx;
	u16 pad;
	u32 pmc_intr_mask;
	u32 vector_stall;
	u32 vector_non_stall;
};

OVG_ABI_SIZE(r535_intr_entry, 16);
/* MC_ENGINE_IDX_*; those of copy engines are the same in all releases (rm.h) */
#define R535_MC_ENGINE_IDX_GSP			49
#define R535_MC_ENGINE_IDX_GR0			82
#define R535_INTR_TABLE_MAX			128
#define R535_INTR_VECTOR_NONE			0xffffffff
struct r535_intr_table {
	u32 table_len;
	struct r535_intr_entry table[R535_INTR_TABLE_MAX];
	u8 reserved[16];
};

OVG_ABI_SIZE(r535_intr_table, 2068);

#define NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE 0x20801112
struct r535_fifo_device_entry {
	u32 engine_data[16];
	u32 pbdma_ids[2];
	u32 pbdma_fault_ids[2];
	u32 num_pbdmas;
	char engine_name[16];
};

OVG_ABI_SIZE(r535_fifo_device_entry, 100);
#define R535_ENGINE_DATA_ENG_DESC		0
#define R535_ENGINE_DATA_RM_ENGINE_TYPE		2
#define R535_ENGINE_DATA_RUNLIST		3
#define R535_ENGINE_DATA_RUNLIST_PRI_BASE	11
#define R535_RM_ENGINE_TYPE_GR0			1
#define R535_RM_ENGINE_TYPE_COPY(i)		(9 + (i))
#define R535_FIFO_DEVICE_ENTRIES		32
struct r535_fifo_device_info {
	u32 base_index;
	u32 num_entries;
	u8 more;
	u8 pad[3];
	struct r535_fifo_device_entry entries[R535_FIFO_DEVICE_ENTRIES];
};

OVG_ABI_SIZE(r535_fifo_device_info, 3212);

#define NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE 0x20802a08
struct r535_ce_fault_method_buffer_size {
	u32 size;
};

#define NV2080_CTRL_CMD_GSP_GET_FEATURES	0x20803601
struct r535_gsp_features {
	u32 gsp_features;
	u8 valid;
	u8 default_gsp_rm_gpu;
	char firmware_version[64];
	u8 pad[2];
};

OVG_ABI_SIZE(r535_gsp_features, 72);
OVG_ABI_FIELD(r535_gsp_features, firmware_version, 6);

#endif /* OVG_R535_CTRL_H */
