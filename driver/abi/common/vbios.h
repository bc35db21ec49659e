/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The parts of a VBIOS that lead to FWSEC, and FWSEC's own interface.  Facts:
 * kernel_gsp_fwsec.c, kernel_gsp_vbios_tu102.c, kernel_gsp_frts_tu102.c of
 * NVIDIA's open kernel modules, nouveau bios/{pcir,npde,bit,pmu}.c and
 * gsp/fwsec.c.
 */
#ifndef OVG_VBIOS_H
#define OVG_VBIOS_H

#include "ovg_types.h"

#define VBIOS_IFR_SIG			0x4947564e	/* "NVGI" */
#define VBIOS_RFRD_SIG			0x44524652	/* "RFRD" */
#define VBIOS_ROM_SIG			0xaa55
#define VBIOS_PCIR_PTR			0x18
#define VBIOS_PCIR_SIG			0x52494350	/* "PCIR" */
#define VBIOS_NPDE_SIG			0x4544504e	/* "NPDE" */
#define VBIOS_IMAGE_BLOCK		512
#define VBIOS_CODE_TYPE_BASE		0x00
#define VBIOS_CODE_TYPE_EFI		0x03
#define VBIOS_CODE_TYPE_EXT		0xe0
#define VBIOS_INDICATOR_LAST		0x80

struct vbios_pcir {
	u32 signature;
	u16 vendor_id;
	u16 device_id;
	u16 reserved;
	u16 length;
	u8 revision;
	u8 class_code[3];
	u16 image_length;
	u16 vendor_revision;
	u8 code_type;
	u8 indicator;
	u16 max_runtime;
};

OVG_ABI_SIZE(vbios_pcir, 24);
OVG_ABI_FIELD(vbios_pcir, code_type, 0x14);

struct vbios_npde {
	u32 signature;
	u16 revision;
	u16 length;
	u16 sub_image_length;
	u8 last;
	u8 flags;
};

OVG_ABI_SIZE(vbios_npde, 12);

struct vbios_bit_header {
	u16 id;			/* 0xb8ff */
	u16 signature[2];	/* "BIT\0", not aligned to 4 bytes */
	u16 version;
	u8 header_size;
	u8 token_size;
	u8 token_count;
	u8 checksum;
};

OVG_ABI_SIZE(vbios_bit_header, 12);
#define VBIOS_BIT_ID			0xb8ff
#define VBIOS_BIT_SIGNATURE		0x00544942

struct vbios_bit_token {
	u8 id;
	u8 version;
	u16 size;
	u16 data;
};

OVG_ABI_SIZE(vbios_bit_token, 6);
#define VBIOS_BIT_TOKEN_BIOSDATA	0x42
#define VBIOS_BIT_TOKEN_INTERNAL	0x69
#define VBIOS_BIT_TOKEN_FALCON		0x70

struct vbios_falcon_table {
	u8 version;
	u8 header_size;
	u8 entry_size;
	u8 entry_count;
	u8 desc_version;
	u8 desc_size;
};

OVG_ABI_SIZE(vbios_falcon_table, 6);

struct vbios_falcon_entry {
	u8 application_id;
	u8 target_id;
	u16 desc_ptr[2];	/* low half first, not aligned to 4 bytes */
};

OVG_ABI_SIZE(vbios_falcon_entry, 6);
#define VBIOS_APP_FWSEC_PROD		0x85
#define VBIOS_APP_FWSEC_DBG		0x45

struct fwsec_desc_v3 {
	u32 hdr;		/* bit 0, version 15:8, size 31:16 */
	u32 stored_size;
	u32 pkc_data_offset;
	u32 interface_offset;
	u32 imem_phys_base;
	u32 imem_load_size;
	u32 imem_virt_base;
	u32 dmem_phys_base;
	u32 dmem_load_size;
	u16 engine_id_mask;
	u8 ucode_id;
	u8 signature_count;
	u16 signature_versions;
	u16 reserved;
};

OVG_ABI_SIZE(fwsec_desc_v3, 44);
OVG_ABI_FIELD(fwsec_desc_v3, engine_id_mask, 0x24);
#define FWSEC_DESC_VALID		0x00000001
#define FWSEC_DESC_VERSION(h)		(((h) >> 8) & 0xff)
#define FWSEC_DESC_SIZE(h)		((h) >> 16)
#define FWSEC_ENGINE_GSP		0x0400
#define FWSEC_SIGNATURE_SIZE		384

/* In FWSEC's DMEM */
struct fwsec_appif_header {
	u8 version;
	u8 header_size;
	u8 entry_size;
	u8 entry_count;
};

struct fwsec_appif_entry {
	u32 id;
	u32 dmem_offset;
};

#define FWSEC_APPIF_DMEMMAPPER		4

struct fwsec_dmem_mapper_v3 {
	u32 signature;
	u16 version;
	u16 size;
	u32 cmd_in_offset;
	u32 cmd_in_size;
	u32 cmd_out_offset;
	u32 cmd_out_size;
	u32 img_data_offset;
	u32 img_data_size;
	u32 printf_offset;
	u32 timestamp;
	u32 ucode_signature;
	u32 init_cmd;
	u32 ucode_feature;
	u32 ucode_cmd_mask0;
	u32 ucode_cmd_mask1;
	u32 multi_target;
};

OVG_ABI_SIZE(fwsec_dmem_mapper_v3, 0x40);
OVG_ABI_FIELD(fwsec_dmem_mapper_v3, init_cmd, 0x2c);
#define FWSEC_CMD_FRTS			0x15
#define FWSEC_CMD_SB			0x19

struct fwsec_cmd_in {
	struct {
		u32 version;
		u32 header_size;
		u64 addr;
		u32 size;
		u32 flags;
	} read_vbios;
	struct {
		u32 version;
		u32 header_size;
		u32 addr_4k;
		u32 size_4k;
		u32 type;
	} frts;
	u32 pad;
};

OVG_ABI_FIELD(fwsec_cmd_in, frts, 0x18);
OVG_ABI_FIELD(fwsec_cmd_in, frts.addr_4k, 0x20);
#define FWSEC_CMD_IN_SB_SIZE		0x18
#define FWSEC_CMD_IN_FRTS_SIZE		0x2c
#define FWSEC_READ_VBIOS_FLAGS		2
#define FWSEC_FRTS_TYPE_FB		2

#endif /* OVG_VBIOS_H */
