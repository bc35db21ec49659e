/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What booter and the GSP's first code read: containers of the firmware files,
 * the WPR description, libos arguments, radix-3 page table.  Facts:
 * gsp_fw_wpr_meta.h, gsp_fw_sr_meta.h, libos_init_args.h, rmgspseq.h,
 * gsp_fw_heap.h of NVIDIA's open kernel modules; nouveau include/nvfw.
 */
#ifndef OVG_GSP_BOOT_H
#define OVG_GSP_BOOT_H

#include "ovg_types.h"

/* Firmware container: booter_*.bin and bootloader.bin */
#define NVFW_BIN_MAGIC			0x10de
struct nvfw_bin_hdr {
	u32 bin_magic;
	u32 bin_ver;
	u32 bin_size;
	u32 header_offset;
	u32 data_offset;
	u32 data_size;
};

OVG_ABI_SIZE(nvfw_bin_hdr, 24);

/* At header_offset of a booter.  *_offset count from the start of the file. */
struct nvfw_hs_header_v2 {
	u32 sig_prod_offset;
	u32 sig_prod_size;
	u32 patch_loc;		/* file offset of a word: where in the data */
	u32 patch_sig;		/* file offset of a word: first signature used */
	u32 meta_data_offset;
	u32 meta_data_size;
	u32 num_sig;		/* file offset of a word */
	u32 header_offset;
	u32 header_size;
};

OVG_ABI_SIZE(nvfw_hs_header_v2, 36);

/* At meta_data_offset */
struct nvfw_hs_meta {
	u32 fuse_ver;
	u32 engine_id;
	u32 ucode_id;
};

/* At hs_header.header_offset: num_apps entries of {offset, size} follow */
struct nvfw_hs_load_header_v2 {
	u32 os_code_offset;
	u32 os_code_size;
	u32 os_data_offset;
	u32 os_data_size;
	u32 num_apps;
	struct {
		u32 offset;
		u32 size;
	} app;			/* the first of @num_apps, which are adjacent */
};

OVG_ABI_SIZE(nvfw_hs_load_header_v2, 28);

#define NV_HS_SIGNATURE_SIZE		384	/* RSA-3072 */

/* At header_offset of the bootloader container (RM_RISCV_UCODE_DESC v5) */
struct rm_riscv_ucode_desc {
	u32 version;
	u32 bootloader_offset;
	u32 bootloader_size;
	u32 bootloader_param_offset;
	u32 bootloader_param_size;
	u32 riscv_elf_offset;
	u32 riscv_elf_size;
	u32 app_version;
	u32 manifest_offset;
	u32 manifest_size;
	u32 monitor_data_offset;
	u32 monitor_data_size;
	u32 monitor_code_offset;
	u32 monitor_code_size;
	u32 is_monitor_enabled;
	u32 swbrom_code_offset;
	u32 swbrom_code_size;
	u32 swbrom_data_offset;
	u32 swbrom_data_size;
};

OVG_ABI_FIELD(rm_riscv_ucode_desc, app_version, 28);
OVG_ABI_FIELD(rm_riscv_ucode_desc, manifest_offset, 32);
OVG_ABI_FIELD(rm_riscv_ucode_desc, monitor_code_offset, 48);

#define GSP_FW_WPR_META_MAGIC		0xdc3aae21371a60b3ULL
#define GSP_FW_WPR_META_REVISION	1
#define GSP_FW_WPR_META_VERIFIED	0xa0a0a0a0a0a0a0a0ULL
struct gsp_fw_wpr_meta {
	u64 magic;
	u64 revision;
	u64 sysmem_addr_of_radix3_elf;
	u64 size_of_radix3_elf;
	u64 sysmem_addr_of_bootloader;
	u64 size_of_bootloader;
	u64 bootloader_code_offset;
	u64 bootloader_data_offset;
	u64 bootloader_manifest_offset;
	u64 sysmem_addr_of_signature;
	u64 size_of_signature;
	u64 gsp_fw_rsvd_start;
	u64 non_wpr_heap_offset;
	u64 non_wpr_heap_size;
	u64 gsp_fw_wpr_start;
	u64 gsp_fw_heap_offset;
	u64 gsp_fw_heap_size;
	u64 gsp_fw_offset;
	u64 boot_bin_offset;
	u64 frts_offset;
	u64 frts_size;
	u64 gsp_fw_wpr_end;
	u64 fb_size;
	u64 vga_workspace_offset;
	u64 vga_workspace_size;
	u64 boot_count;
	u64 partition_rpc[4];
	u8 gsp_fw_heap_vf_partition_count;
	u8 flags;		/* r570 */
	u8 padding[2];
	u32 pmu_reserved_size;	/* r570 */
	u64 verified;
};

OVG_ABI_SIZE(gsp_fw_wpr_meta, 256);
OVG_ABI_FIELD(gsp_fw_wpr_meta, sysmem_addr_of_signature, 0x48);
OVG_ABI_FIELD(gsp_fw_wpr_meta, gsp_fw_rsvd_start, 0x58);
OVG_ABI_FIELD(gsp_fw_wpr_meta, gsp_fw_wpr_start, 0x70);
OVG_ABI_FIELD(gsp_fw_wpr_meta, frts_offset, 0x98);
OVG_ABI_FIELD(gsp_fw_wpr_meta, gsp_fw_wpr_end, 0xa8);
OVG_ABI_FIELD(gsp_fw_wpr_meta, boot_count, 0xc8);
OVG_ABI_FIELD(gsp_fw_wpr_meta, gsp_fw_heap_vf_partition_count, 240);
OVG_ABI_FIELD(gsp_fw_wpr_meta, verified, 248);

#define GSP_FW_SR_META_MAGIC		0x8a3bb9e6c6c39d93ULL
#define GSP_FW_SR_META_REVISION		2
struct gsp_fw_sr_meta {
	u64 magic;
	u64 revision;
	u64 sysmem_addr_of_suspend_resume_data;
	u64 size_of_suspend_resume_data;
	u8 reserved[256 - 32];
};

OVG_ABI_SIZE(gsp_fw_sr_meta, 256);
OVG_ABI_FIELD(gsp_fw_sr_meta, size_of_suspend_resume_data, 24);

/* FB layout from the top down, see nouveau gsp r535_gsp_oneinit() */
#define GSP_FRTS_SIZE			0x100000
#define GSP_NON_WPR_HEAP_SIZE		0x100000
#define GSP_VGA_WORKSPACE_SIZE		0x100000
/* Ada clears this much at the top of FB by itself (kernel_gsp_ad102.c). */
#define GSP_PRESCRUBBED_SIZE_AD102	(256ULL << 20)

/* libos arguments: a page of these, ended by a zero entry */
struct libos_memory_region {
	u64 id8;
	u64 pa;
	u64 size;
	u8 kind;
	u8 loc;
	u8 padding[6];
};

OVG_ABI_SIZE(libos_memory_region, 32);
#define LIBOS_KIND_CONTIGUOUS		1
#define LIBOS_LOC_SYSMEM		1
#define LIBOS_ID8_LOGINIT		0x4c4f47494e4954ULL
#define LIBOS_ID8_LOGINTR		0x4c4f47494e5452ULL
#define LIBOS_ID8_LOGRM			0x4c4f47524dULL
#define LIBOS_ID8_RMARGS		0x524d41524753ULL
#define LIBOS_LOG_SIZE			0x10000

/* Radix-3 table: level 0 has one entry, levels 1 and 2 pages of 512 */
#define GSP_RADIX3_PAGE			0x1000
#define GSP_RADIX3_ENTRIES		(GSP_RADIX3_PAGE / 8)

#endif /* OVG_GSP_BOOT_H */
