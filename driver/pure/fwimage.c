// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GSP firmware files; see fwimage.h.  The containers are those that nouveau
 * reads in gsp/r535.c, gsp/ga102.c and falcon/ga100.c.
 */
#include "ovg_pure.h"
#include "fwimage.h"

struct elf64_header {
	u8 ident[16];
	u16 type;
	u16 machine;
	u32 version;
	u64 entry;
	u64 phoff;
	u64 shoff;
	u32 flags;
	u16 ehsize;
	u16 phentsize;
	u16 phnum;
	u16 shentsize;
	u16 shnum;
	u16 shstrndx;
};

struct elf64_section {
	u32 name;
	u32 type;
	u64 flags;
	u64 addr;
	u64 offset;
	u64 size;
	u32 link;
	u32 info;
	u64 addralign;
	u64 entsize;
};

static int bad(const char **why, const char *text)
{
	*why = text;
	return -EINVAL;
}

/* The file's bytes at @off, or an error; memcpy keeps us clear of alignment. */
static bool get(const void *file, size_t size, u64 off, void *out, size_t len)
{
	if (!ovg_in_range(off, len, size))
		return false;
	memcpy(out, (const u8 *)file + off, len);
	return true;
}

int ovg_fw_elf_section(const void *file, size_t size, const char *name,
		       const void **data, size_t *len, const char **why)
{
	struct elf64_section str, sec;
	struct elf64_header h;
	size_t want = strlen(name) + 1;
	u32 i;

	if (!get(file, size, 0, &h, sizeof(h)))
		return bad(why, "shorter than an ELF header");
	if (memcmp(h.ident, "\177ELF\2\1", 6))
		return bad(why, "not a 64-bit little-endian ELF file");
	if (h.shentsize != sizeof(sec) || h.shstrndx >= h.shnum)
		return bad(why, "ELF section table is malformed");
	if (!ovg_in_range(h.shoff, (u64)h.shnum * sizeof(sec), size))
		return bad(why, "ELF section table lies outside the file (truncated?)");

	get(file, size, h.shoff + (u64)h.shstrndx * sizeof(str), &str, sizeof(str));
	if (!ovg_in_range(str.offset, str.size, size))
		return bad(why, "ELF section names lie outside the file");

	for (i = 0; i < h.shnum; i++) {
		get(file, size, h.shoff + (u64)i * sizeof(sec), &sec, sizeof(sec));
		if (!ovg_in_range(sec.name, want, str.size) ||
		    memcmp((const u8 *)file + str.offset + sec.name, name, want))
			continue;
		if (!ovg_in_range(sec.offset, sec.size, size))
			return bad(why, "an ELF section lies outside the file (truncated?)");
		*data = (const u8 *)file + sec.offset;
		*len = sec.size;
		return 0;
	}

	return bad(why, "an ELF section is missing");
}

static int bin_header(const void *file, size_t size, struct nvfw_bin_hdr *bin,
		      const char **why)
{
	if (!get(file, size, 0, bin, sizeof(*bin)))
		return bad(why, "shorter than its header");
	if (bin->bin_magic != NVFW_BIN_MAGIC)
		return bad(why, "not an NVIDIA firmware container (bad magic)");
	/* bin_size is rounded up and says more than the file has */
	if (!ovg_in_range(bin->data_offset, bin->data_size, size))
		return bad(why, "truncated: its data lies outside the file");
	return 0;
}

int ovg_fw_parse_booter(const void *file, size_t size, struct ovg_fw_booter *out,
			const char **why)
{
	struct nvfw_hs_load_header_v2 load;
	struct nvfw_hs_header_v2 hs;
	struct nvfw_bin_hdr bin;
	struct nvfw_hs_meta meta;
	u32 patch_sig;
	int ret;

	ret = bin_header(file, size, &bin, why);
	if (ret)
		return ret;

	if (!get(file, size, bin.header_offset, &hs, sizeof(hs)))
		return bad(why, "its HS header lies outside the file");
	if (!get(file, size, hs.patch_loc, &out->patch_loc, sizeof(u32)) ||
	    !get(file, size, hs.patch_sig, &patch_sig, sizeof(u32)) ||
	    !get(file, size, hs.num_sig, &out->num_sigs, sizeof(u32)))
		return bad(why, "a word of its HS header lies outside the file");
	if (hs.meta_data_size < sizeof(meta) ||
	    !get(file, size, hs.meta_data_offset, &meta, sizeof(meta)))
		return bad(why, "its signature meta data lies outside the file");
	if (!get(file, size, hs.header_offset, &load, sizeof(load)))
		return bad(why, "its load header lies outside the file");

	if (!out->num_sigs ||
	    hs.sig_prod_size / NV_HS_SIGNATURE_SIZE != out->num_sigs ||
	    hs.sig_prod_size % NV_HS_SIGNATURE_SIZE)
		return bad(why, "its number of signatures is wrong");
	if (!ovg_in_range((u64)hs.sig_prod_offset + patch_sig, hs.sig_prod_size, size))
		return bad(why, "its signatures lie outside the file");
	if (!ovg_in_range(out->patch_loc, NV_HS_SIGNATURE_SIZE, bin.data_size))
		return bad(why, "the place of its signature lies outside its data");
	if (load.num_apps != 1)
		return bad(why, "it has not exactly one application");
	if (!load.app.size || load.app.size % 256 || load.app.offset % 256 ||
	    !load.os_data_size || load.os_data_size % 256 || load.os_data_offset % 256)
		return bad(why, "its code or data is not in units of 256 bytes");
	if (!ovg_in_range(load.app.offset, load.app.size, bin.data_size) ||
	    !ovg_in_range(load.os_data_offset, load.os_data_size, bin.data_size))
		return bad(why, "its code or data lies outside its image");
	if (out->patch_loc < load.os_data_offset ||
	    !ovg_in_range(out->patch_loc - load.os_data_offset,
			  NV_HS_SIGNATURE_SIZE, load.os_data_size))
		return bad(why, "the place of its signature is not in its data");
	if (!meta.engine_id || !meta.ucode_id || meta.ucode_id > 16)
		return bad(why, "its engine or ucode id is out of range");

	out->image = (const u8 *)file + bin.data_offset;
	out->image_size = bin.data_size;
	out->sigs = (const u8 *)file + hs.sig_prod_offset + patch_sig;
	out->fuse_ver = meta.fuse_ver;
	out->engine_id = meta.engine_id;
	out->ucode_id = meta.ucode_id;
	out->imem_off = load.app.offset;
	out->imem_size = load.app.size;
	out->dmem_off = load.os_data_offset;
	out->dmem_size = load.os_data_size;
	out->sig_dmem_off = out->patch_loc - load.os_data_offset;
	out->boot_vector = load.app.offset;
	return 0;
}

int ovg_fw_booter_signature(const struct ovg_fw_booter *b, u32 fuse)
{
	u32 ver = 0, index;

	/* fls(): the fuse counts in unary */
	while (fuse) {
		ver++;
		fuse >>= 1;
	}

	if (b->fuse_ver < ver)
		return -EINVAL;
	index = b->fuse_ver - ver;
	if (index >= b->num_sigs)
		return -EINVAL;
	return index;
}

int ovg_fw_parse_bootloader(const void *file, size_t size,
			    struct ovg_fw_bootloader *out, const char **why)
{
	struct rm_riscv_ucode_desc desc;
	struct nvfw_bin_hdr bin;
	int ret;

	ret = bin_header(file, size, &bin, why);
	if (ret)
		return ret;

	if (!get(file, size, bin.header_offset, &desc, sizeof(desc)))
		return bad(why, "its descriptor lies outside the file");
	if (!bin.data_size || bin.data_size % GSP_RADIX3_PAGE)
		return bad(why, "its image is not in units of 4 KiB");
	if (!ovg_in_range(desc.monitor_code_offset, desc.monitor_code_size, bin.data_size) ||
	    !ovg_in_range(desc.monitor_data_offset, desc.monitor_data_size, bin.data_size) ||
	    !ovg_in_range(desc.manifest_offset, desc.manifest_size, bin.data_size))
		return bad(why, "its code, data or manifest lies outside its image");

	out->image = (const u8 *)file + bin.data_offset;
	out->image_size = bin.data_size;
	out->code_offset = desc.monitor_code_offset;
	out->data_offset = desc.monitor_data_offset;
	out->manifest_offset = desc.manifest_offset;
	out->app_version = desc.app_version;
	return 0;
}

int ovg_radix3_shape(u64 image_size, struct ovg_radix3 *r)
{
	u64 pages = (image_size + GSP_RADIX3_PAGE - 1) / GSP_RADIX3_PAGE;

	if (!pages ||
	    pages > (u64)GSP_RADIX3_ENTRIES * GSP_RADIX3_ENTRIES)
		return -EFBIG;

	r->pages = pages;
	r->l2_pages = (r->pages + GSP_RADIX3_ENTRIES - 1) / GSP_RADIX3_ENTRIES;
	r->l1_pages = 1;
	return 0;
}

void ovg_radix3_fill(const struct ovg_radix3 *r,
		     u64 (*addr)(void *priv, int level, u32 page),
		     void (*entry)(void *priv, int level, u32 index, u64 value),
		     void *priv)
{
	u32 i;

	for (i = 0; i < r->l1_pages; i++)
		entry(priv, 0, i, addr(priv, 1, i));
	for (i = 0; i < r->l2_pages; i++)
		entry(priv, 1, i, addr(priv, 2, i));
	for (i = 0; i < r->pages; i++)
		entry(priv, 2, i, addr(priv, 3, i));
}
