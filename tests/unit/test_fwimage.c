// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Firmware files: the GSP image's ELF sections, booter and bootloader
 * containers, the radix-3 page table.
 */
#include "unit.h"
#include "fwimage.h"

static const char *why;

/* ELF: names and contents first, the section table last. */
#define ELF_SECTIONS	4
#define ELF_NAMES	64
#define ELF_FW		128
#define ELF_FW_SIZE	300
#define ELF_SIG		512
#define ELF_SIG_SIZE	96
#define ELF_TABLE	640
#define ELF_SIZE	(ELF_TABLE + ELF_SECTIONS * 64)

static const char elf_names[] = "\0.fwimage\0.fwsignature_ad10x\0.shstrtab";

static void elf_section(u8 *elf, u32 i, u32 name, u64 offset, u64 size)
{
	put32(elf, ELF_TABLE + i * 64, name);
	put32(elf, ELF_TABLE + i * 64 + 4, 1);
	put64(elf, ELF_TABLE + i * 64 + 24, offset);
	put64(elf, ELF_TABLE + i * 64 + 32, size);
}

static u8 *make_elf(void)
{
	u8 *elf = zeroed(ELF_SIZE);

	memcpy(elf, "\177ELF\2\1\1", 7);
	put16(elf, 16, 1);
	put16(elf, 18, 243);
	put64(elf, 40, ELF_TABLE);
	put16(elf, 52, 64);
	put16(elf, 58, 64);
	put16(elf, 60, ELF_SECTIONS);
	put16(elf, 62, 3);
	memcpy(elf + ELF_NAMES, elf_names, sizeof(elf_names));
	memset(elf + ELF_FW, 0xf1, ELF_FW_SIZE);
	memset(elf + ELF_SIG, 0x51, ELF_SIG_SIZE);
	elf_section(elf, 1, 1, ELF_FW, ELF_FW_SIZE);
	elf_section(elf, 2, 10, ELF_SIG, ELF_SIG_SIZE);
	elf_section(elf, 3, 29, ELF_NAMES, sizeof(elf_names));
	return elf;
}

static int elf_get(const u8 *elf, size_t size, const char *name, const void **data, size_t *len)
{
	int ret;

	why = NULL;
	ret = ovg_fw_elf_section(elf, size, name, data, len, &why);
	assert_int_equal(ret, why ? -EINVAL : 0);
	if (!ret)
		assert_true(inside(*data, *len, elf, size));
	return ret;
}

static void test_elf_good(void **state)
{
	u8 *elf = make_elf();
	const void *data;
	size_t len;

	(void)state;
	assert_int_equal(elf_get(elf, ELF_SIZE, ".fwimage", &data, &len), 0);
	assert_ptr_equal(data, elf + ELF_FW);
	assert_int_equal(len, ELF_FW_SIZE);
	assert_int_equal(elf_get(elf, ELF_SIZE, ".fwsignature_ad10x", &data, &len), 0);
	assert_ptr_equal(data, elf + ELF_SIG);
	assert_int_equal(len, ELF_SIG_SIZE);
	/* neither the start nor the end of a name is the name */
	assert_int_equal(elf_get(elf, ELF_SIZE, ".fwsignature", &data, &len), -EINVAL);
	assert_int_equal(elf_get(elf, ELF_SIZE, ".fwsignature_ad10x1", &data, &len), -EINVAL);
	assert_int_equal(elf_get(elf, ELF_SIZE, "fwimage", &data, &len), -EINVAL);
	assert_string_equal(why, "an ELF section is missing");
	free(elf);
}

static void test_elf_truncated(void **state)
{
	u8 *elf = make_elf(), *cut;
	const void *data;
	size_t len, n;

	(void)state;
	for (n = 0; n < ELF_SIZE; n++) {
		cut = exact(elf, n);
		assert_int_equal(elf_get(cut, n, ".fwimage", &data, &len), -EINVAL);
		free(cut);
	}
	free(elf);
}

static void test_elf_malformed(void **state)
{
	static const struct {
		u32 off;
		u64 value;
		u32 bytes;
	} bad[] = {
		{ 0, 0x7e, 1 }, { 4, 1, 1 }, { 5, 2, 1 },	/* magic, 32 bit, big endian */
		{ 40, ELF_TABLE + 1, 8 }, { 40, UINT64_MAX, 8 }, { 40, UINT64_MAX - 255, 8 },
		{ 58, 40, 2 }, { 58, 0, 2 },
		{ 60, 0, 2 }, { 60, 3, 2 }, { 60, 5, 2 }, { 60, 0xffff, 2 },
		{ 62, 4, 2 }, { 62, 0xffff, 2 }, { 62, 0, 2 },
		/* section names */
		{ ELF_TABLE + 3 * 64 + 24, ELF_SIZE, 8 },
		{ ELF_TABLE + 3 * 64 + 24, UINT64_MAX, 8 },
		{ ELF_TABLE + 3 * 64 + 32, UINT64_MAX, 8 },
		{ ELF_TABLE + 3 * 64 + 32, 9, 8 },
		/* the section itself */
		{ ELF_TABLE + 64, UINT32_MAX, 4 },
		{ ELF_TABLE + 64 + 24, ELF_SIZE, 8 },
		{ ELF_TABLE + 64 + 24, UINT64_MAX, 8 },
		{ ELF_TABLE + 64 + 32, ELF_SIZE - ELF_FW + 1, 8 },
		{ ELF_TABLE + 64 + 32, UINT64_MAX - ELF_FW + 1, 8 },
	};
	const void *data;
	size_t i, len;
	u8 *elf;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		elf = make_elf();
		memcpy(elf + bad[i].off, &bad[i].value, bad[i].bytes);
		assert_int_equal(elf_get(elf, ELF_SIZE, ".fwimage", &data, &len), -EINVAL);
		free(elf);
	}
	/* up to the last byte is inside */
	elf = make_elf();
	put64(elf, ELF_TABLE + 64 + 32, ELF_SIZE - ELF_FW);
	assert_int_equal(elf_get(elf, ELF_SIZE, ".fwimage", &data, &len), 0);
	assert_int_equal(len, ELF_SIZE - ELF_FW);
	free(elf);
}

/* A booter: containers' heads, words, meta data, signatures, image. */
#define B_HS		0x18
#define B_PATCH_LOC	0x40
#define B_PATCH_SIG	0x44
#define B_NUM_SIG	0x48
#define B_META		0x4c
#define B_LOAD		0x58
#define B_SIGS		0x80
#define B_SIG_SKIP	16		/* patch_sig */
#define B_NUM_SIGS	3
#define B_DATA		0x600
#define B_CODE_SIZE	0x300
#define B_DMEM_OFF	0x400
#define B_DMEM_SIZE	0x300
#define B_DATA_SIZE	0x800
#define B_LOC		0x480
#define B_SIZE		(B_DATA + B_DATA_SIZE)

static u8 *make_booter(void)
{
	u8 *b = zeroed(B_SIZE);

	put32(b, 0, 0x10de);
	put32(b, 4, 1);
	put32(b, 8, 0x1000);
	put32(b, 12, B_HS);
	put32(b, 16, B_DATA);
	put32(b, 20, B_DATA_SIZE);

	put32(b, B_HS, B_SIGS);
	put32(b, B_HS + 4, B_NUM_SIGS * 384);
	put32(b, B_HS + 8, B_PATCH_LOC);
	put32(b, B_HS + 12, B_PATCH_SIG);
	put32(b, B_HS + 16, B_META);
	put32(b, B_HS + 20, 12);
	put32(b, B_HS + 24, B_NUM_SIG);
	put32(b, B_HS + 28, B_LOAD);
	put32(b, B_HS + 32, 28);

	put32(b, B_PATCH_LOC, B_LOC);
	put32(b, B_PATCH_SIG, B_SIG_SKIP);
	put32(b, B_NUM_SIG, B_NUM_SIGS);
	put32(b, B_META, 4);
	put32(b, B_META + 4, 0x400);
	put32(b, B_META + 8, 9);

	put32(b, B_LOAD + 8, B_DMEM_OFF);
	put32(b, B_LOAD + 12, B_DMEM_SIZE);
	put32(b, B_LOAD + 16, 1);
	put32(b, B_LOAD + 20, 0x100);
	put32(b, B_LOAD + 24, B_CODE_SIZE);
	return b;
}

static int booter_get(const u8 *file, size_t size, struct ovg_fw_booter *out)
{
	int ret;

	why = NULL;
	ret = ovg_fw_parse_booter(file, size, out, &why);
	assert_int_equal(ret, why ? -EINVAL : 0);
	if (ret)
		return ret;
	/* Whatever is let through must be safe to copy and to patch. */
	assert_true(inside(out->image, out->image_size, file, size));
	assert_true(inside(out->sigs, (u64)out->num_sigs * 384, file, size));
	assert_true(ovg_in_range(out->patch_loc, 384, out->image_size));
	assert_true(ovg_in_range(out->imem_off, out->imem_size, out->image_size));
	assert_true(ovg_in_range(out->dmem_off, out->dmem_size, out->image_size));
	assert_true(ovg_in_range(out->sig_dmem_off, 384, out->dmem_size));
	assert_int_equal((out->imem_off | out->imem_size | out->dmem_off | out->dmem_size) % 256,
			 0);
	assert_in_range(out->ucode_id, 1, 16);
	assert_true(out->num_sigs && out->imem_size && out->dmem_size && out->engine_id);
	return 0;
}

static void test_booter_good(void **state)
{
	u8 *b = make_booter();
	struct ovg_fw_booter out;

	(void)state;
	assert_int_equal(booter_get(b, B_SIZE, &out), 0);
	assert_ptr_equal(out.image, b + B_DATA);
	assert_int_equal(out.image_size, B_DATA_SIZE);
	assert_int_equal(out.patch_loc, B_LOC);
	assert_ptr_equal(out.sigs, b + B_SIGS + B_SIG_SKIP);
	assert_int_equal(out.num_sigs, B_NUM_SIGS);
	assert_int_equal(out.fuse_ver, 4);
	assert_int_equal(out.engine_id, 0x400);
	assert_int_equal(out.ucode_id, 9);
	assert_int_equal(out.imem_off, 0x100);
	assert_int_equal(out.imem_size, B_CODE_SIZE);
	assert_int_equal(out.dmem_off, B_DMEM_OFF);
	assert_int_equal(out.dmem_size, B_DMEM_SIZE);
	assert_int_equal(out.sig_dmem_off, B_LOC - B_DMEM_OFF);
	assert_int_equal(out.boot_vector, 0x100);
	free(b);
}

static void test_booter_truncated(void **state)
{
	u8 *b = make_booter(), *cut;
	struct ovg_fw_booter out;
	size_t n;

	(void)state;
	for (n = 0; n < B_SIZE; n++) {
		cut = exact(b, n);
		assert_int_equal(booter_get(cut, n, &out), -EINVAL);
		free(cut);
	}
	free(b);
}

static void test_booter_malformed(void **state)
{
	static const struct {
		u32 off;
		u32 value;
	} bad[] = {
		{ 0, 0x10df }, { 0, 0xde10 },
		{ 12, B_SIZE - 35 }, { 12, 0xfffffff0 },
		{ 16, B_DATA + 1 }, { 16, 0xffffffff }, { 20, B_DATA_SIZE + 1 }, { 20, 0 },
		{ B_HS, B_SIZE }, { B_HS, 0xffffffff },
		{ B_HS + 4, B_NUM_SIGS * 384 + 1 }, { B_HS + 4, 2 * 384 }, { B_HS + 4, 0 },
		{ B_HS + 8, B_SIZE - 3 }, { B_HS + 8, 0xffffffff },
		{ B_HS + 12, B_SIZE - 3 }, { B_HS + 24, B_SIZE - 3 },
		{ B_HS + 16, B_SIZE - 11 }, { B_HS + 20, 11 }, { B_HS + 28, B_SIZE - 27 },
		{ B_PATCH_LOC, B_DMEM_OFF - 1 },
		{ B_PATCH_LOC, B_DMEM_OFF + B_DMEM_SIZE - 383 },
		{ B_PATCH_LOC, B_DATA_SIZE }, { B_PATCH_LOC, 0xffffffff },
		{ B_PATCH_SIG, B_SIZE - B_SIGS - 3 * 384 + 1 }, { B_PATCH_SIG, 0xffffffff },
		/* with sig_prod_offset it would wrap to a small number */
		{ B_PATCH_SIG, 0xffffff80 },
		{ B_NUM_SIG, 0 }, { B_NUM_SIG, 2 }, { B_NUM_SIG, 4 },
		{ B_META + 4, 0 }, { B_META + 8, 0 }, { B_META + 8, 17 },
		{ B_LOAD + 8, B_DMEM_OFF + 1 }, { B_LOAD + 8, 0x600 }, { B_LOAD + 8, 0xffffff00 },
		{ B_LOAD + 12, 0 }, { B_LOAD + 12, 0x2ff }, { B_LOAD + 12, 0x500 },
		{ B_LOAD + 16, 0 }, { B_LOAD + 16, 2 },
		{ B_LOAD + 20, 0x80 }, { B_LOAD + 20, 0x600 }, { B_LOAD + 20, 0xffffff00 },
		{ B_LOAD + 24, 0 }, { B_LOAD + 24, 0x301 }, { B_LOAD + 24, 0x800 },
	};
	struct ovg_fw_booter out;
	size_t i;
	u8 *b;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		b = make_booter();
		put32(b, bad[i].off, bad[i].value);
		if (booter_get(b, B_SIZE, &out) != -EINVAL)
			fail_msg("accepted 0x%x at 0x%x", bad[i].value, bad[i].off);
		free(b);
	}
}

static void test_booter_flipped(void **state)
{
	static const u8 flips[] = { 0x01, 0x80, 0xff };
	u8 *b = make_booter();
	struct ovg_fw_booter out;
	u32 i, k, refused = 0;

	(void)state;
	for (i = 0; i < B_SIGS; i++) {
		for (k = 0; k < sizeof(flips); k++) {
			b[i] ^= flips[k];
			refused += booter_get(b, B_SIZE, &out) != 0;
			b[i] ^= flips[k];
		}
	}
	assert_true(refused > B_SIGS);
	assert_int_equal(booter_get(b, B_SIZE, &out), 0);
	free(b);
}

static void test_booter_random(void **state)
{
	u8 *b = make_booter(), *good = exact(b, B_SIZE);
	u32 seed = 11, round, n, accepted = 0;
	struct ovg_fw_booter out;

	(void)state;
	for (round = 0; round < 50000; round++) {
		for (n = 1 + rnd(&seed) % 4; n; n--)
			b[rnd(&seed) % B_SIGS] = rnd(&seed) >> 7;
		accepted += !booter_get(b, B_SIZE, &out);
		memcpy(b, good, B_SIGS);
	}
	assert_true(accepted > 100 && accepted < round);
	free(good);
	free(b);
}

static void test_booter_signature(void **state)
{
	struct ovg_fw_booter b = { .fuse_ver = 4, .num_sigs = 3 };

	(void)state;
	/* The signatures are for fuse versions 4, 3, 2, in this order. */
	assert_int_equal(ovg_fw_booter_signature(&b, 0xf), 0);
	assert_int_equal(ovg_fw_booter_signature(&b, 0x8), 0);
	assert_int_equal(ovg_fw_booter_signature(&b, 0x7), 1);
	assert_int_equal(ovg_fw_booter_signature(&b, 0x3), 2);
	assert_int_equal(ovg_fw_booter_signature(&b, 0x1), -EINVAL);
	assert_int_equal(ovg_fw_booter_signature(&b, 0), -EINVAL);
	assert_int_equal(ovg_fw_booter_signature(&b, 0x1f), -EINVAL);
	assert_int_equal(ovg_fw_booter_signature(&b, 0xffffffff), -EINVAL);
	b.fuse_ver = 0;
	b.num_sigs = 1;
	assert_int_equal(ovg_fw_booter_signature(&b, 0), 0);
	assert_int_equal(ovg_fw_booter_signature(&b, 1), -EINVAL);
}

#define L_DESC		0x20
#define L_DATA		0x100
#define L_DATA_SIZE	0x2000
#define L_SIZE		(L_DATA + L_DATA_SIZE)

static u8 *make_bootloader(void)
{
	u8 *b = zeroed(L_SIZE);

	put32(b, 0, 0x10de);
	put32(b, 12, L_DESC);
	put32(b, 16, L_DATA);
	put32(b, 20, L_DATA_SIZE);
	put32(b, L_DESC, 5);
	put32(b, L_DESC + 28, 0x01020304);
	put32(b, L_DESC + 32, 0x1800);		/* manifest */
	put32(b, L_DESC + 36, 0x800);
	put32(b, L_DESC + 40, 0x1000);		/* monitor data */
	put32(b, L_DESC + 44, 0x800);
	put32(b, L_DESC + 48, 0x100);		/* monitor code */
	put32(b, L_DESC + 52, 0xf00);
	return b;
}

static int bootloader_get(const u8 *file, size_t size, struct ovg_fw_bootloader *out)
{
	int ret;

	why = NULL;
	ret = ovg_fw_parse_bootloader(file, size, out, &why);
	assert_int_equal(ret, why ? -EINVAL : 0);
	if (!ret) {
		assert_true(inside(out->image, out->image_size, file, size));
		assert_true(out->image_size && out->image_size % 4096 == 0);
		assert_true(out->code_offset <= out->image_size);
		assert_true(out->data_offset <= out->image_size);
		assert_true(out->manifest_offset <= out->image_size);
	}
	return ret;
}

static void test_bootloader_good(void **state)
{
	u8 *b = make_bootloader();
	struct ovg_fw_bootloader out;

	(void)state;
	assert_int_equal(bootloader_get(b, L_SIZE, &out), 0);
	assert_ptr_equal(out.image, b + L_DATA);
	assert_int_equal(out.image_size, L_DATA_SIZE);
	assert_int_equal(out.code_offset, 0x100);
	assert_int_equal(out.data_offset, 0x1000);
	assert_int_equal(out.manifest_offset, 0x1800);
	assert_int_equal(out.app_version, 0x01020304);
	free(b);
}

static void test_bootloader_bad(void **state)
{
	static const struct {
		u32 off;
		u32 value;
	} bad[] = {
		{ 0, 0 }, { 12, L_SIZE - 75 }, { 12, 0xffffffff },
		{ 16, L_DATA + 1 }, { 20, 0 }, { 20, 0x1fff }, { 20, 0x3000 },
		{ L_DESC + 32, 0x1801 }, { L_DESC + 36, 0x801 }, { L_DESC + 36, 0xffffffff },
		{ L_DESC + 40, 0x1801 }, { L_DESC + 44, 0xfffff001 },
		{ L_DESC + 48, 0x1101 }, { L_DESC + 52, 0x1f01 },
	};
	u8 *b = make_bootloader(), *cut;
	struct ovg_fw_bootloader out;
	size_t i, n, seen = 0;

	(void)state;
	for (n = 0; n < L_SIZE; n++) {
		cut = exact(b, n);
		assert_int_equal(bootloader_get(cut, n, &out), -EINVAL);
		free(cut);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		u32 old = get32(b, bad[i].off);

		put32(b, bad[i].off, bad[i].value);
		if (bootloader_get(b, L_SIZE, &out) != -EINVAL)
			fail_msg("accepted 0x%x at 0x%x", bad[i].value, bad[i].off);
		put32(b, bad[i].off, old);
	}
	for (i = 0; i < L_DATA * 8; i++) {
		b[i / 8] ^= 1 << i % 8;
		seen += bootloader_get(b, L_SIZE, &out) != 0;
		b[i / 8] ^= 1 << i % 8;
	}
	assert_true(seen > 64);
	free(b);
}

#define PAGE	4096ULL
#define ENTRIES	512ULL

static void test_radix3_shape(void **state)
{
	static const struct {
		u64 size;
		u32 pages;
		u32 l2;
	} good[] = {
		{ 1, 1, 1 }, { PAGE - 1, 1, 1 }, { PAGE, 1, 1 }, { PAGE + 1, 2, 1 },
		{ ENTRIES * PAGE - 1, 512, 1 }, { ENTRIES * PAGE, 512, 1 },
		{ ENTRIES * PAGE + 1, 513, 2 }, { 2 * ENTRIES * PAGE, 1024, 2 },
		{ 2 * ENTRIES * PAGE + 1, 1025, 3 },
		{ ENTRIES * ENTRIES * PAGE - PAGE, 512 * 512 - 1, 512 },
		{ ENTRIES * ENTRIES * PAGE, 512 * 512, 512 },
	};
	static const u64 bad[] = {
		0, ENTRIES * ENTRIES * PAGE + 1, 1ULL << 44, (1ULL << 44) + PAGE,
		UINT64_MAX, UINT64_MAX - 4094, UINT64_MAX - 4095,
	};
	struct ovg_radix3 r;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(good); i++) {
		assert_int_equal(ovg_radix3_shape(good[i].size, &r), 0);
		assert_int_equal(r.pages, good[i].pages);
		assert_int_equal(r.l1_pages, 1);
		assert_int_equal(r.l2_pages, good[i].l2);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++)
		assert_int_equal(ovg_radix3_shape(bad[i], &r), -EFBIG);
}

/* Tables as the core has them: level 0 one page, then levels 1 and 2. */
struct tables {
	struct ovg_radix3 shape;
	u64 *level[3];
	u8 *written[3];
	u64 entries[3];
};

/* Scattered and unlike for all levels, so that no mix-up goes unseen. */
static u64 page_addr(void *priv, int level, u32 page)
{
	struct tables *t = priv;

	assert_in_range(level, 1, 3);
	if (level == 1)
		assert_true(page < t->shape.l1_pages);
	if (level == 2)
		assert_true(page < t->shape.l2_pages);
	if (level == 3)
		assert_true(page < t->shape.pages);
	return ((u64)level << 44) + (u64)(page ^ 0x15) * 0x3000;
}

static void page_entry(void *priv, int level, u32 index, u64 value)
{
	struct tables *t = priv;

	assert_in_range(level, 0, 2);
	assert_true(index < t->entries[level]);
	assert_int_equal(t->written[level][index], 0);
	t->written[level][index] = 1;
	t->level[level][index] = value;
}

static void fill_and_walk(u64 size)
{
	struct tables t = { 0 };
	u64 p, n[3] = { 0 };
	int l;

	assert_int_equal(ovg_radix3_shape(size, &t.shape), 0);
	t.entries[0] = ENTRIES;
	t.entries[1] = ENTRIES * t.shape.l1_pages;
	t.entries[2] = ENTRIES * t.shape.l2_pages;
	for (l = 0; l < 3; l++) {
		t.level[l] = zeroed(t.entries[l] * 8);
		t.written[l] = zeroed(t.entries[l]);
	}
	ovg_radix3_fill(&t.shape, page_addr, page_entry, &t);

	/* What GSP does: from the top to each page of the image. */
	assert_int_equal(t.level[0][0], page_addr(&t, 1, 0));
	for (p = 0; p < (size + PAGE - 1) / PAGE; p++) {
		assert_int_equal(t.level[1][p / ENTRIES], page_addr(&t, 2, p / ENTRIES));
		assert_int_equal(t.level[2][p], page_addr(&t, 3, p));
	}
	/* And not one entry more. */
	for (l = 0; l < 3; l++)
		for (p = 0; p < t.entries[l]; p++)
			n[l] += t.written[l][p];
	assert_int_equal(n[0], 1);
	assert_int_equal(n[1], (size + ENTRIES * PAGE - 1) / (ENTRIES * PAGE));
	assert_int_equal(n[2], (size + PAGE - 1) / PAGE);
	for (l = 0; l < 3; l++) {
		free(t.level[l]);
		free(t.written[l]);
	}
}

static void test_radix3_fill(void **state)
{
	static const u64 sizes[] = {
		1, PAGE, PAGE + 1, 511 * PAGE, 512 * PAGE, 512 * PAGE + 1, 1024 * PAGE,
		1024 * PAGE + 1, 38000000, ENTRIES * ENTRIES * PAGE - PAGE,
		ENTRIES * ENTRIES * PAGE,
	};
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(sizes); i++)
		fill_and_walk(sizes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elf_good),
		cmocka_unit_test(test_elf_truncated),
		cmocka_unit_test(test_elf_malformed),
		cmocka_unit_test(test_booter_good),
		cmocka_unit_test(test_booter_truncated),
		cmocka_unit_test(test_booter_malformed),
		cmocka_unit_test(test_booter_flipped),
		cmocka_unit_test(test_booter_random),
		cmocka_unit_test(test_booter_signature),
		cmocka_unit_test(test_bootloader_good),
		cmocka_unit_test(test_bootloader_bad),
		cmocka_unit_test(test_radix3_shape),
		cmocka_unit_test(test_radix3_fill),
	};

	return cmocka_run_group_tests_name("fwimage", tests, NULL, NULL);
}
