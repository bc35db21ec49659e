/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Parsers of the GSP firmware files.  Nothing is copied: results point into
 * the file.  Each returns 0 or -EINVAL with @why set to what is wrong.
 */
#ifndef OVG_PURE_FWIMAGE_H
#define OVG_PURE_FWIMAGE_H

#include "common/gsp_boot.h"

/* A section of gsp-*.bin (ELF64, RISC-V) */
int ovg_fw_elf_section(const void *file, size_t size, const char *name,
		       const void **data, size_t *len, const char **why);

/**
 * struct ovg_fw_booter - booter_load or booter_unload
 * @image: code and data, to be copied to DMA memory and patched
 * @image_size: bytes of @image
 * @patch_loc: where in @image the signature goes
 * @sigs: signatures, NV_HS_SIGNATURE_SIZE bytes each
 * @num_sigs: how many
 * @fuse_ver: fuse version that the last signature is for
 * @engine_id: engine mask for the boot ROM
 * @ucode_id: ucode id for the boot ROM
 * @imem_off: secure code, offset in @image, multiple of 256
 * @imem_size: bytes, multiple of 256
 * @dmem_off: data, offset in @image, multiple of 256
 * @dmem_size: bytes, multiple of 256
 * @sig_dmem_off: the signature's place in DMEM, for BROM_PARAADDR
 * @boot_vector: entry point
 */
struct ovg_fw_booter {
	const u8 *image;
	u32 image_size;
	u32 patch_loc;
	const u8 *sigs;
	u32 num_sigs;
	u32 fuse_ver;
	u32 engine_id;
	u32 ucode_id;
	u32 imem_off;
	u32 imem_size;
	u32 dmem_off;
	u32 dmem_size;
	u32 sig_dmem_off;
	u32 boot_vector;
};

int ovg_fw_parse_booter(const void *file, size_t size, struct ovg_fw_booter *out,
			const char **why);
/*
 * Which signature a chip wants whose fuse register reads @fuse: nouveau
 * ga100_flcn_fw_signature().  -EINVAL when the file is older than the fuse.
 */
int ovg_fw_booter_signature(const struct ovg_fw_booter *b, u32 fuse);

/**
 * struct ovg_fw_bootloader - the GSP's first code
 * @image: what goes to memory
 * @image_size: bytes
 * @code_offset: monitor code in @image
 * @data_offset: monitor data
 * @manifest_offset: manifest
 * @app_version: for NV_PFALCON_FALCON_OS
 */
struct ovg_fw_bootloader {
	const u8 *image;
	u32 image_size;
	u32 code_offset;
	u32 data_offset;
	u32 manifest_offset;
	u32 app_version;
};

int ovg_fw_parse_bootloader(const void *file, size_t size,
			    struct ovg_fw_bootloader *out, const char **why);

/**
 * struct ovg_radix3 - shape of the page table that describes an image
 * @pages: pages of the image
 * @l1_pages: pages of level 1
 * @l2_pages: pages of level 2
 */
struct ovg_radix3 {
	u32 pages;
	u32 l1_pages;
	u32 l2_pages;
};

/* -EFBIG when the image needs more than one page of level 1. */
int ovg_radix3_shape(u64 image_size, struct ovg_radix3 *r);
/*
 * Fill the tables.  @addr(priv, level, page) gives the DMA address of page
 * @page of level 0..2 tables or (3) of the image; @entry(priv, level, index,
 * value) stores the @index'th entry of a level.
 */
void ovg_radix3_fill(const struct ovg_radix3 *r,
		     u64 (*addr)(void *priv, int level, u32 page),
		     void (*entry)(void *priv, int level, u32 index, u64 value),
		     void *priv);

#endif /* OVG_PURE_FWIMAGE_H */
