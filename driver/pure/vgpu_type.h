/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A vGPU type, and the metadata file that brings types.
 */
#ifndef OVG_PURE_VGPU_TYPE_H
#define OVG_PURE_VGPU_TYPE_H

#include "common/metadata.h"

/* Types of one board; also what one upload can carry (NVA081_MAX_VGPU_TYPES_PER_PGPU). */
#define OVG_MAX_TYPES	64
/* Boards that a metadata file is said to be for; it may have more. */
#define OVG_MAX_BOARDS	64

/**
 * struct ovg_vgpu_type - what the host must know about a type
 * @id: type number, "874"
 * @name: "NVIDIA L40-4Q"
 * @class: "Quadro", "NVS", "Compute"
 * @max_instance: vGPUs of this type on one board, homogeneous mode
 * @num_heads: virtual displays
 * @max_x: largest resolution, pixels
 * @max_y: largest resolution, pixels
 * @ecc: may run while FB ECC is on
 * @device_id: PCI device id that the guest sees
 * @subsystem_id: PCI subsystem id that the guest sees
 * @pdev_id: PCI device id of the board it is for
 * @profile_size: FB by which types count as the same size, bytes
 * @fb_length: guest FB, bytes, before alignment to VMMU segments
 * @gsp_heap_size: plugin heap in FB, bytes
 * @fb_reservation: FB per vGPU that the guest does not get, bytes
 * @bar1_length: BAR1 that the guest sees, bytes
 */
struct ovg_vgpu_type {
	u32 id;
	char name[32];
	char class[32];
	u32 max_instance;
	u32 num_heads;
	u32 max_x;
	u32 max_y;
	bool ecc;
	u16 device_id;
	u16 subsystem_id;
	u16 pdev_id;
	u64 profile_size;
	u64 fb_length;
	u64 gsp_heap_size;
	u64 fb_reservation;
	u64 bar1_length;
};

/**
 * struct ovg_metadata - a checked metadata file; pointers go into it
 * @version: GSP release that it is for
 * @num_boards: boards that it has types for, as far as they fit into @board
 * @board: their PCI device ids, in the file's order
 * @num_types: types for the board
 * @type: those types
 * @upload: parameters of the upload control, as they go to GSP
 * @upload_size: their bytes
 */
struct ovg_metadata {
	const char *version;
	u32 num_boards;
	u16 board[OVG_MAX_BOARDS];
	u32 num_types;
	struct ovg_vgpu_type type[OVG_MAX_TYPES];
	const void *upload;
	u32 upload_size;
};

/**
 * enum ovg_metadata_error - why a metadata file is no good
 */
enum ovg_metadata_error {
	OVG_METADATA_OK,
	OVG_METADATA_TRUNCATED,
	OVG_METADATA_BAD_MAGIC,
	OVG_METADATA_BAD_CRC,
	OVG_METADATA_OTHER_VERSION,
	OVG_METADATA_MALFORMED,
	OVG_METADATA_NO_TYPES,
};

/**
 * ovg_metadata_parse - check a metadata file and read the types of one board
 *
 * A file has one list of types for each PCI device id.  NVIDIA's container has no
 * place for a subsystem id, so boards that differ in nothing else share a list.
 *
 * @file: the file
 * @size: bytes
 * @version: GSP release that runs
 * @device_id: PCI device id of the board
 * @upload_cmd: RM control that uploads types in this release
 * @upload_size: size of its parameters
 * @out: result
 * @why: out: what is wrong, in words
 */
enum ovg_metadata_error
ovg_metadata_parse(const void *file, size_t size, const char *version, u16 device_id,
		   u32 upload_cmd, u32 upload_size, struct ovg_metadata *out,
		   const char **why);

/**
 * struct ovg_metadata_board - what goes into a metadata file for one board
 * @device_id: PCI device id
 * @num_types: at most OVG_MAX_TYPES
 * @type: as the kernel sees them
 * @upload: as GSP sees them, parameters of the upload control
 */
struct ovg_metadata_board {
	u16 device_id;
	u32 num_types;
	const struct ovg_vgpu_type *type;
	const void *upload;
};

/* Bytes of a file for these boards; each has an upload of @upload_size bytes. */
size_t ovg_metadata_size(const struct ovg_metadata_board *boards, u32 num_boards,
			 u32 upload_size);
/* Build one, for tools and tests; @buf has ovg_metadata_size() bytes. */
void ovg_metadata_build(void *buf, const char *version, u64 major, u64 minor,
			u32 upload_cmd, u32 upload_size,
			const struct ovg_metadata_board *boards, u32 num_boards);

/* crc32_le of the kernel, without final inversion */
u32 ovg_crc32_le(u32 crc, const void *buf, size_t len);

#endif /* OVG_PURE_VGPU_TYPE_H */
