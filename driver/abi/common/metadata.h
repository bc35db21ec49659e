/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The NVVGPUMT container that carries vGPU types: the file that NVIDIA's
 * second vGPU RFC (2025) loads with the firmware loader.  A header, then
 * blobs.  A type blob is a head, then the kernel's view of each type, then
 * the parameters of the RM control that uploads the types to GSP.
 */
#ifndef OVG_METADATA_H
#define OVG_METADATA_H

#include "ovg_types.h"

#define VGPU_MT_IDENTIFIER		0x544d55504756564eULL	/* "NVVGPUMT" */
#define VGPU_MT_CRC_SEED		0xffffffff
#define VGPU_MT_CRC_START		16	/* the CRC covers this byte to the end */

struct vgpu_mt_header {
	u64 identifier;
	u32 crc32;		/* crc32_le */
	u32 pad;
	u64 vgpu_major;
	u64 vgpu_minor;
	u8 features[128];
	char gsp_build_version[64];
	u64 num_blobs;
};

OVG_ABI_SIZE(vgpu_mt_header, 232);
OVG_ABI_FIELD(vgpu_mt_header, vgpu_major, 16);
OVG_ABI_FIELD(vgpu_mt_header, gsp_build_version, 160);

#define VGPU_MT_BLOB_TYPES		0
struct vgpu_mt_blob {
	u64 type;
	u64 size;		/* with this head */
};

struct vgpu_mt_type_blob {
	u64 device_id;
	u64 rmctrl_vgpu_info_offset;	/* from the start of the control's parameters */
	u64 rmctrl_vgpu_info_size;
	u64 kernel_struct_size;
	u64 num_kernel_structs;
	u64 gsp_rmctrl_cmd;
	u64 gsp_rmctrl_size;
};

OVG_ABI_SIZE(vgpu_mt_type_blob, 56);

/* The kernel's view of a type */
struct vgpu_mt_type {
	u32 vgpu_type;
	u32 max_instance;
	u32 num_heads;
	u32 max_resolution_x;
	u32 max_resolution_y;
	u32 ecc_supported;
	u64 vdev_id;
	u64 pdev_id;
	u64 profile_size;
	u64 fb_length;
	u64 gsp_heap_size;
	u64 fb_reservation;
	u64 bar1_length;	/* MiB */
	char vgpu_name[32];
	char vgpu_class[32];
};

OVG_ABI_SIZE(vgpu_mt_type, 144);
OVG_ABI_FIELD(vgpu_mt_type, vgpu_name, 80);

/*
 * Signature of our public catalogues, in the 128 bytes where NVIDIA's files have
 * NVIDIA's: this tag, the HMAC-SHA-256 of the type's VGPU_INFO with its signature
 * field zeroed, zeroes.  Key and algorithm are here for everybody to see: it keeps
 * nobody out, it tells what was signed from what was not, or was altered since.  HMAC,
 * because two halves of a key that are both public would say no more, and because
 * whoever signs or checks has it in glib.  NVIDIA's algorithm is not public, and a real
 * GSP has no reason to take this one.
 */
#define VGPU_TEST_SIGNATURE_TAG		"OVGTEST2"
#define VGPU_TEST_SIGNATURE_TAG_LEN	8
#define VGPU_TEST_SIGNATURE_MAC_LEN	32
#define VGPU_TEST_KEY			"openvgpu test key, not a secret!"
#define VGPU_TEST_KEY_LEN		32

#endif /* OVG_METADATA_H */
