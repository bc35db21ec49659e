// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * VBIOS; see vbios_parse.h.  The walk is that of NVIDIA's
 * kernel_gsp_vbios_tu102.c and kernel_gsp_fwsec.c.
 */
#include "ovg_pure.h"
#include "vbios_parse.h"

static int bad(const char **why, const char *text)
{
	*why = text;
	return -EINVAL;
}

static bool get(const void *rom, size_t size, u64 off, void *out, size_t len)
{
	if (!ovg_in_range(off, len, size))
		return false;
	memcpy(out, (const u8 *)rom + off, len);
	return true;
}

/* A word of 32 bits that is not aligned, as its two halves */
static u32 words(const u16 half[2])
{
	return (u32)half[1] << 16 | half[0];
}

/* A ROM may start with an init-from-ROM header; the images come behind it. */
static int image_start(const void *rom, size_t size, u64 *start, const char **why)
{
	u32 sig, word, off;
	u64 dir;

	*start = 0;
	if (!get(rom, size, 0, &sig, sizeof(sig)))
		return bad(why, "empty ROM");
	if (sig != VBIOS_IFR_SIG)
		return 0;

	if (!get(rom, size, 4, &word, sizeof(word)))
		return bad(why, "truncated IFR header");
	switch ((word >> 8) & 0xff) {
	case 1:
	case 2:
		if (!get(rom, size, ((word >> 16) & 0x7fff) + 4, &off, sizeof(off)))
			return bad(why, "IFR header points outside the ROM");
		*start = off;
		return 0;
	case 3:
		if (!get(rom, size, 8, &word, sizeof(word)) ||
		    !get(rom, size, word & 0xfffff, &off, sizeof(off)))
			return bad(why, "IFR header points outside the ROM");
		dir = (u64)off + 4096;
		if (!get(rom, size, dir, &word, sizeof(word)) || word != VBIOS_RFRD_SIG ||
		    !get(rom, size, dir + 8, &word, sizeof(word)))
			return bad(why, "IFR header without ROM directory");
		*start = word;
		return 0;
	default:
		return bad(why, "unknown IFR version");
	}
}

/* Walk the images; find the size of the first and the first extension's place. */
static int image_chain(const void *rom, size_t size, u64 start, u64 *base_size,
		       u64 *ext, const char **why)
{
	u64 at = start, len;
	bool first = true;

	*ext = 0;
	for (;;) {
		struct vbios_npde npde;
		struct vbios_pcir pcir;
		u16 sig, ptr;
		bool last;

		if (!get(rom, size, at, &sig, sizeof(sig)) ||
		    !get(rom, size, at + VBIOS_PCIR_PTR, &ptr, sizeof(ptr)))
			return bad(why, "image lies outside the ROM");
		if (sig != VBIOS_ROM_SIG && sig != 0xbb77 && sig != 0x4e56)
			return bad(why, "image without ROM signature");
		if (!get(rom, size, at + ptr, &pcir, sizeof(pcir)) ||
		    pcir.signature != VBIOS_PCIR_SIG)
			return bad(why, "image without PCI data structure");

		len = (u64)pcir.image_length * VBIOS_IMAGE_BLOCK;
		last = pcir.indicator & VBIOS_INDICATOR_LAST;
		if (get(rom, size, ovg_align_up(at + ptr + pcir.length, 16), &npde,
			sizeof(npde)) && npde.signature == VBIOS_NPDE_SIG) {
			len = (u64)npde.sub_image_length * VBIOS_IMAGE_BLOCK;
			last = npde.last & VBIOS_INDICATOR_LAST;
		}
		if (!len || !ovg_in_range(at, len, size))
			return bad(why, "image length is out of range");

		if (first)
			*base_size = len;
		else if (pcir.code_type == VBIOS_CODE_TYPE_EXT && !*ext)
			*ext = at - start;
		first = false;
		if (last)
			break;
		at += len;
	}

	return *ext ? 0 : bad(why, "no extension image");
}

/* The BIT header lies in the first 64 KiB; its bytes add up to 0. */
static int find_bit(const u8 *rom, size_t size, u32 *at, const char **why)
{
	size_t end = ovg_min(size, 0x10000);
	struct vbios_bit_header bit;
	size_t i, k;
	u8 sum;

	for (i = 1; i + sizeof(bit) <= end; i++) {
		memcpy(&bit, rom + i, sizeof(bit));
		if (bit.id != VBIOS_BIT_ID ||
		    words(bit.signature) != VBIOS_BIT_SIGNATURE)
			continue;
		if (bit.header_size < sizeof(bit) || i + bit.header_size > end)
			continue;
		for (sum = 0, k = 0; k < bit.header_size; k++)
			sum += rom[i + k];
		if (sum)
			continue;
		*at = i;
		return 0;
	}

	return bad(why, "no BIT header");
}

static int find_falcon_table(const u8 *rom, size_t size, u32 *ptr, const char **why)
{
	struct vbios_bit_header bit;
	struct vbios_bit_token tok;
	u32 at, i;
	int ret;

	ret = find_bit(rom, size, &at, why);
	if (ret)
		return ret;
	memcpy(&bit, rom + at, sizeof(bit));
	if (bit.token_size < sizeof(tok))
		return bad(why, "BIT tokens are too small");

	for (i = 0; i < bit.token_count; i++) {
		if (!get(rom, size, (u64)at + bit.header_size + i * bit.token_size,
			 &tok, sizeof(tok)))
			return bad(why, "BIT tokens lie outside the ROM");
		if (tok.id != VBIOS_BIT_TOKEN_FALCON || tok.version != 2 || tok.size < 4)
			continue;
		if (!get(rom, size, tok.data, ptr, sizeof(*ptr)))
			return bad(why, "falcon data lies outside the ROM");
		return 0;
	}

	return bad(why, "no falcon data in BIT");
}

int ovg_vbios_find_fwsec(const void *rom_base, size_t rom_size, struct ovg_fwsec *out,
			 const char **why)
{
	struct vbios_falcon_table table;
	struct vbios_falcon_entry entry;
	struct fwsec_desc_v3 desc;
	u64 start, base_size, ext, at, image;
	u32 ptr, i, desc_size;
	const u8 *rom;
	size_t size;
	int ret;

	ret = image_start(rom_base, rom_size, &start, why);
	if (ret)
		return ret;
	if (start >= rom_size)
		return bad(why, "images lie outside the ROM");
	ret = image_chain(rom_base, rom_size, start, &base_size, &ext, why);
	if (ret)
		return ret;

	rom = (const u8 *)rom_base + start;
	size = rom_size - start;
	ret = find_falcon_table(rom, size, &ptr, why);
	if (ret)
		return ret;

	/* Pointers beyond the first image continue in the extension image. */
	at = ptr < base_size ? ptr : ptr - base_size + ext;
	if (!get(rom, size, at, &table, sizeof(table)))
		return bad(why, "falcon table lies outside the ROM");
	if (table.version != 1 || table.header_size < sizeof(table) ||
	    table.entry_size < sizeof(entry))
		return bad(why, "unknown falcon table");

	for (i = 0; i < table.entry_count; i++) {
		if (!get(rom, size, at + table.header_size + (u64)i * table.entry_size,
			 &entry, sizeof(entry)))
			return bad(why, "falcon table entry lies outside the ROM");
		if (entry.application_id == VBIOS_APP_FWSEC_PROD)
			break;
	}
	if (i == table.entry_count)
		return bad(why, "no FWSEC in the falcon table");

	ptr = words(entry.desc_ptr);
	at = ptr < base_size ? ptr : ptr - base_size + ext;
	if (!get(rom, size, at, &desc, sizeof(desc)))
		return bad(why, "FWSEC descriptor lies outside the ROM");
	if (!(desc.hdr & FWSEC_DESC_VALID) || FWSEC_DESC_VERSION(desc.hdr) != 3)
		return bad(why, "FWSEC descriptor is not of version 3");
	desc_size = FWSEC_DESC_SIZE(desc.hdr);
	if (desc_size < sizeof(desc) ||
	    desc_size - sizeof(desc) < (u32)desc.signature_count * FWSEC_SIGNATURE_SIZE)
		return bad(why, "FWSEC descriptor is too small for its signatures");
	if (!desc.imem_load_size || desc.imem_load_size % 256 || !desc.dmem_load_size)
		return bad(why, "FWSEC sizes are malformed");
	if (!(desc.engine_id_mask & FWSEC_ENGINE_GSP) || !desc.ucode_id || desc.ucode_id > 16)
		return bad(why, "FWSEC is not for the GSP falcon");

	image = at + desc_size;
	if (!ovg_in_range(image, (u64)desc.imem_load_size + desc.dmem_load_size, size))
		return bad(why, "FWSEC lies outside the ROM");
	if (!ovg_in_range(desc.pkc_data_offset, FWSEC_SIGNATURE_SIZE, desc.dmem_load_size) ||
	    !ovg_in_range(desc.interface_offset, sizeof(struct fwsec_appif_header),
			  desc.dmem_load_size))
		return bad(why, "FWSEC offsets lie outside its data");

	out->imem = rom + image;
	out->imem_size = desc.imem_load_size;
	out->dmem = rom + image + desc.imem_load_size;
	out->dmem_valid = desc.dmem_load_size;
	out->dmem_size = ovg_align_up(desc.dmem_load_size, 256);
	out->sigs = rom + at + sizeof(desc);
	out->num_sigs = desc.signature_count;
	out->sig_versions = desc.signature_versions;
	out->pkc_offset = desc.pkc_data_offset;
	out->interface_offset = desc.interface_offset;
	out->imem_phys = desc.imem_phys_base;
	out->imem_virt = desc.imem_virt_base;
	out->dmem_phys = desc.dmem_phys_base;
	out->engine_id = desc.engine_id_mask;
	out->ucode_id = desc.ucode_id;
	return 0;
}

int ovg_fwsec_signature(const struct ovg_fwsec *f, u32 fuse)
{
	u32 ver = 0, index = 0, bit;

	while (fuse) {
		ver++;
		fuse >>= 1;
	}
	if (ver > 15 || !(f->sig_versions & (1u << ver)))
		return -EINVAL;
	for (bit = 0; bit < ver; bit++)
		index += (f->sig_versions >> bit) & 1;

	return index < f->num_sigs ? (int)index : -EINVAL;
}

int ovg_fwsec_patch(void *dmem, u32 size, u32 interface_offset, u32 cmd,
		    u64 frts_addr, u64 frts_size, const char **why)
{
	struct fwsec_dmem_mapper_v3 map;
	struct fwsec_appif_header hdr;
	struct fwsec_appif_entry ent;
	struct fwsec_cmd_in in;
	u32 i, len;

	if (!get(dmem, size, interface_offset, &hdr, sizeof(hdr)))
		return bad(why, "FWSEC interface lies outside its data");
	if (hdr.version != 1 || hdr.header_size < sizeof(hdr) ||
	    hdr.entry_size < sizeof(ent))
		return bad(why, "unknown FWSEC interface");

	for (i = 0; i < hdr.entry_count; i++) {
		if (!get(dmem, size, (u64)interface_offset + hdr.header_size +
			 (u64)i * hdr.entry_size, &ent, sizeof(ent)))
			return bad(why, "FWSEC interface entry lies outside its data");
		if (ent.id == FWSEC_APPIF_DMEMMAPPER)
			break;
	}
	if (i == hdr.entry_count)
		return bad(why, "FWSEC has no DMEM mapper");
	if (!get(dmem, size, ent.dmem_offset, &map, sizeof(map)))
		return bad(why, "DMEM mapper lies outside FWSEC's data");

	memset(&in, 0, sizeof(in));
	in.read_vbios.version = 1;
	in.read_vbios.header_size = sizeof(in.read_vbios);
	in.read_vbios.flags = FWSEC_READ_VBIOS_FLAGS;
	len = FWSEC_CMD_IN_SB_SIZE;
	if (cmd == FWSEC_CMD_FRTS) {
		in.frts.version = 1;
		in.frts.header_size = sizeof(in.frts);
		in.frts.addr_4k = frts_addr >> 12;
		in.frts.size_4k = frts_size >> 12;
		in.frts.type = FWSEC_FRTS_TYPE_FB;
		len = FWSEC_CMD_IN_FRTS_SIZE;
	}
	if (map.cmd_in_size < len || !ovg_in_range(map.cmd_in_offset, len, size))
		return bad(why, "FWSEC's command buffer is too small");

	map.init_cmd = cmd;
	memcpy((u8 *)dmem + ent.dmem_offset, &map, sizeof(map));
	memcpy((u8 *)dmem + map.cmd_in_offset, &in, len);
	return 0;
}
