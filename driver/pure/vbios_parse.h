/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Finding FWSEC in a VBIOS, and telling it what to do.
 */
#ifndef OVG_PURE_VBIOS_PARSE_H
#define OVG_PURE_VBIOS_PARSE_H

#include "common/vbios.h"

/**
 * struct ovg_fwsec - FWSEC as found in a ROM; pointers go into the ROM
 * @imem: code
 * @imem_size: bytes, multiple of 256
 * @dmem: data
 * @dmem_size: bytes, multiple of 256 (rounded up)
 * @dmem_valid: bytes of @dmem that the ROM has
 * @sigs: signatures
 * @num_sigs: how many
 * @sig_versions: bit mask of the fuse versions they are for
 * @pkc_offset: place of the signature in DMEM
 * @interface_offset: application interface in DMEM
 * @imem_phys: where the code goes in IMEM
 * @imem_virt: boot vector
 * @dmem_phys: where the data goes in DMEM
 * @engine_id: for the boot ROM
 * @ucode_id: for the boot ROM and the fuse register
 */
struct ovg_fwsec {
	const u8 *imem;
	u32 imem_size;
	const u8 *dmem;
	u32 dmem_size;
	u32 dmem_valid;
	const u8 *sigs;
	u32 num_sigs;
	u16 sig_versions;
	u32 pkc_offset;
	u32 interface_offset;
	u32 imem_phys;
	u32 imem_virt;
	u32 dmem_phys;
	u16 engine_id;
	u8 ucode_id;
};

/**
 * ovg_vbios_find_fwsec - find FWSEC
 * @rom: the ROM, from its first byte in flash
 * @size: bytes
 * @out: what was found
 * @why: out: what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int ovg_vbios_find_fwsec(const void *rom, size_t size, struct ovg_fwsec *out,
			 const char **why);

/* Index of the signature for a chip whose fuse register reads @fuse, -EINVAL when none. */
int ovg_fwsec_signature(const struct ovg_fwsec *f, u32 fuse);

/**
 * ovg_fwsec_patch - put the command into a copy of FWSEC's DMEM
 * @dmem: the copy
 * @size: its bytes
 * @interface_offset: from struct ovg_fwsec
 * @cmd: FWSEC_CMD_FRTS or FWSEC_CMD_SB
 * @frts_addr: FB address of the FRTS region, for FRTS
 * @frts_size: its bytes
 * @why: out: what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int ovg_fwsec_patch(void *dmem, u32 size, u32 interface_offset, u32 cmd,
		    u64 frts_addr, u64 frts_size, const char **why);

#endif /* OVG_PURE_VBIOS_PARSE_H */
