// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * VBIOS: the way to FWSEC in a good ROM, and that no other ROM leads outside.
 */
#include "unit.h"
#include "vbios_parse.h"

/*
 * The images: base, EFI, extension.  Offsets count from the first image.  The
 * falcon data is in the extension; pointers to it leave the EFI image out.
 */
#define BASE_SIZE	0x1000
#define EFI		BASE_SIZE
#define EFI_SIZE	0x800
#define EXT		(EFI + EFI_SIZE)
#define EXT_SIZE	0x1000
#define IMAGES_SIZE	(EXT + EXT_SIZE)
#define BIT		0x201		/* aligned to nothing */
#define TOKENS		(BIT + 12)
#define FALCON_DATA	0x300
#define TABLE		(EXT + 0x100)
#define DESC		(EXT + 0x200)
#define SIGS		(DESC + 44)
#define NUM_SIGS	2
#define IMAGE		(SIGS + NUM_SIGS * 384)
#define IMEM_SIZE	0x300
#define DMEM		(IMAGE + IMEM_SIZE)
#define DMEM_SIZE	0x381		/* no multiple of 256 */

/* In DMEM */
#define PKC		0x010
#define IFACE		0x190
#define MAPPER		0x1b0
#define CMD_IN		0x200
#define CMD_IN_SIZE	0x80

/* As a pointer in the ROM has it */
#define PTR(at)		((at) - EXT + BASE_SIZE)

static void put_image(u8 *rom, u32 at, u32 size, u8 code_type, bool last, bool npde)
{
	u32 pcir = at + 0x20;

	put16(rom, at, 0xaa55);
	put16(rom, at + 0x18, 0x20);
	memcpy(rom + pcir, "PCIR", 4);
	put16(rom, pcir + 4, 0x10de);
	put16(rom, pcir + 10, 24);
	put16(rom, pcir + 16, size / 512);
	put8(rom, pcir + 20, code_type);
	put8(rom, pcir + 21, last ? 0x80 : 0);
	if (!npde)
		return;
	/* Such an image tells its size in NPDE, and PCIR says less. */
	put16(rom, pcir + 16, 1);
	put8(rom, pcir + 21, 0x80);
	memcpy(rom + at + 0x40, "NPDE", 4);
	put16(rom, at + 0x48, size / 512);
	put8(rom, at + 0x4a, last ? 0x80 : 0);
}

static void bit_checksum(u8 *bit)
{
	u8 sum = 0;
	u32 i;

	bit[11] = 0;
	for (i = 0; i < 12; i++)
		sum += bit[i];
	bit[11] = -sum;
}

static void put_images(u8 *rom)
{
	u32 i;

	put_image(rom, 0, BASE_SIZE, 0x00, false, true);
	put_image(rom, EFI, EFI_SIZE, 0x03, false, false);
	put_image(rom, EXT, EXT_SIZE, 0xe0, true, true);

	put16(rom, BIT, 0xb8ff);
	memcpy(rom + BIT + 2, "BIT", 4);
	put16(rom, BIT + 6, 0x0100);
	put8(rom, BIT + 8, 12);
	put8(rom, BIT + 9, 6);
	put8(rom, BIT + 10, 3);
	bit_checksum(rom + BIT);
	/* what others read; an old version of ours; ours */
	put8(rom, TOKENS, 0x42);
	put8(rom, TOKENS + 1, 2);
	put16(rom, TOKENS + 2, 0x20);
	put8(rom, TOKENS + 6, 0x70);
	put8(rom, TOKENS + 7, 1);
	put16(rom, TOKENS + 8, 4);
	put8(rom, TOKENS + 12, 0x70);
	put8(rom, TOKENS + 13, 2);
	put16(rom, TOKENS + 14, 4);
	put16(rom, TOKENS + 16, FALCON_DATA);
	put32(rom, FALCON_DATA, PTR(TABLE));

	put8(rom, TABLE, 1);
	put8(rom, TABLE + 1, 6);
	put8(rom, TABLE + 2, 6);
	put8(rom, TABLE + 3, 3);
	put8(rom, TABLE + 6, 0x05);
	put8(rom, TABLE + 12, 0x45);
	put32(rom, TABLE + 14, 0xffffffff);
	put8(rom, TABLE + 18, 0x85);
	put8(rom, TABLE + 19, 7);
	put32(rom, TABLE + 20, PTR(DESC));

	put32(rom, DESC, (44 + NUM_SIGS * 384) << 16 | 3 << 8 | 1);
	put32(rom, DESC + 4, IMEM_SIZE + DMEM_SIZE);
	put32(rom, DESC + 8, PKC);
	put32(rom, DESC + 12, IFACE);
	put32(rom, DESC + 16, 0x1100);
	put32(rom, DESC + 20, IMEM_SIZE);
	put32(rom, DESC + 24, 0x2200);
	put32(rom, DESC + 28, 0x3300);
	put32(rom, DESC + 32, DMEM_SIZE);
	put16(rom, DESC + 36, 0x0400);
	put8(rom, DESC + 38, 9);
	put8(rom, DESC + 39, NUM_SIGS);
	put16(rom, DESC + 40, 0x000a);
	for (i = 0; i < NUM_SIGS * 384; i++)
		rom[SIGS + i] = 0x50 + i / 384;
	memset(rom + IMAGE, 0xc0, IMEM_SIZE);

	put8(rom, DMEM + IFACE, 1);
	put8(rom, DMEM + IFACE + 1, 4);
	put8(rom, DMEM + IFACE + 2, 8);
	put8(rom, DMEM + IFACE + 3, 2);
	put32(rom, DMEM + IFACE + 4, 1);
	put32(rom, DMEM + IFACE + 8, 0xffffffff);
	put32(rom, DMEM + IFACE + 12, 4);
	put32(rom, DMEM + IFACE + 16, MAPPER);
	memcpy(rom + DMEM + MAPPER, "DMAP", 4);
	put16(rom, DMEM + MAPPER + 4, 3);
	put16(rom, DMEM + MAPPER + 6, 0x40);
	put32(rom, DMEM + MAPPER + 8, CMD_IN);
	put32(rom, DMEM + MAPPER + 12, CMD_IN_SIZE);
	put32(rom, DMEM + MAPPER + 0x2c, 0x77);
}

/* A ROM whose images start at @start, behind an init-from-ROM header. */
static u8 *make_rom(u32 ifr, u32 start, size_t *size)
{
	u8 *rom = zeroed(start + IMAGES_SIZE);

	put_images(rom + start);
	*size = start + IMAGES_SIZE;
	if (!ifr)
		return rom;
	memcpy(rom, "NVGI", 4);
	if (ifr < 3) {
		put32(rom, 4, 0x40 << 16 | ifr << 8);
		put32(rom, 0x44, start);
	} else {
		put32(rom, 4, 3 << 8);
		put32(rom, 8, 0xabc00080);
		put32(rom, 0x80, 0x100);
		memcpy(rom + 0x1100, "RFRD", 4);
		put32(rom, 0x1108, start);
	}
	return rom;
}

static int find(const u8 *rom, size_t size, struct ovg_fwsec *f)
{
	const char *why = NULL;
	int ret;

	ret = ovg_vbios_find_fwsec(rom, size, f, &why);
	assert_int_equal(ret, why ? -EINVAL : 0);
	if (ret)
		return ret;
	/* Whatever is let through must be safe to copy and to patch. */
	assert_true(inside(f->imem, f->imem_size, rom, size));
	assert_true(inside(f->dmem, f->dmem_valid, rom, size));
	assert_true(inside(f->sigs, (u64)f->num_sigs * 384, rom, size));
	assert_int_equal(f->imem_size % 256, 0);
	assert_int_equal(f->dmem_size % 256, 0);
	assert_true(f->dmem_size >= f->dmem_valid && f->dmem_size - f->dmem_valid < 256);
	assert_true(ovg_in_range(f->pkc_offset, 384, f->dmem_size));
	assert_in_range(f->ucode_id, 1, 16);
	return 0;
}

static void check_good(const u8 *rom, size_t size, u32 start)
{
	const u8 *images = rom + start;
	struct ovg_fwsec f;

	assert_int_equal(find(rom, size, &f), 0);
	assert_ptr_equal(f.imem, images + IMAGE);
	assert_int_equal(f.imem_size, IMEM_SIZE);
	assert_ptr_equal(f.dmem, images + DMEM);
	assert_int_equal(f.dmem_valid, DMEM_SIZE);
	assert_int_equal(f.dmem_size, 0x400);
	assert_ptr_equal(f.sigs, images + SIGS);
	assert_int_equal(f.num_sigs, NUM_SIGS);
	assert_int_equal(f.sig_versions, 0x000a);
	assert_int_equal(f.pkc_offset, PKC);
	assert_int_equal(f.interface_offset, IFACE);
	assert_int_equal(f.imem_phys, 0x1100);
	assert_int_equal(f.imem_virt, 0x2200);
	assert_int_equal(f.dmem_phys, 0x3300);
	assert_int_equal(f.engine_id, 0x400);
	assert_int_equal(f.ucode_id, 9);
}

static void test_good(void **state)
{
	static const struct {
		u32 ifr;
		u32 start;
	} kinds[] = { { 0, 0 }, { 1, 0x600 }, { 2, 0x5e00 }, { 3, 0x9400 } };
	size_t size, i;
	u8 *rom;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(kinds); i++) {
		rom = make_rom(kinds[i].ifr, kinds[i].start, &size);
		check_good(rom, size, kinds[i].start);
		free(rom);
	}
}

static void test_bad_ifr(void **state)
{
	struct ovg_fwsec f;
	size_t size;
	u8 *rom;

	(void)state;
	rom = make_rom(1, 0x600, &size);
	put32(rom, 4, 0x40 << 16 | 4 << 8);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put32(rom, 4, 0x40 << 16);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put32(rom, 4, 0x7fffU << 16 | 1 << 8);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put32(rom, 4, 0x40 << 16 | 1 << 8);
	put32(rom, 0x44, size);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put32(rom, 0x44, 0xffffffff);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	free(rom);

	rom = make_rom(3, 0x9400, &size);
	put32(rom, 8, size);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put32(rom, 8, 0x80);
	put32(rom, 0x80, size - 4096 - 4);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	/* 4096 is added: it must not come back to the ROM's start */
	memcpy(rom + 0x10, "RFRD", 4);
	put32(rom, 0x18, 0x9400);
	put32(rom, 0x80, 0xfffff010);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	free(rom);
}

static void test_truncated(void **state)
{
	u8 *rom, *cut;
	struct ovg_fwsec f;
	size_t size, n;
	u32 ifr;

	(void)state;
	for (ifr = 0; ifr <= 3; ifr += 3) {
		rom = make_rom(ifr, ifr ? 0x1400 : 0, &size);
		check_good(rom, size, ifr ? 0x1400 : 0);
		for (n = 0; n < size; n++) {
			cut = exact(rom, n);
			assert_int_equal(find(cut, n, &f), -EINVAL);
			free(cut);
		}
		free(rom);
	}
}

static void test_malformed(void **state)
{
	static const struct {
		u32 off;
		u32 bytes;
		u32 value;
	} bad[] = {
		{ 0, 2, 0x55aa }, { 0x18, 2, 0xffff }, { 0x20, 4, 0 },
		{ 0x48, 2, 0 }, { 0x48, 2, 0xffff }, { 0x4a, 1, 0x80 },
		{ EFI, 2, 0 }, { EFI + 0x20, 1, 0 }, { EFI + 0x35, 1, 0x80 },
		{ EXT + 0x34, 1, 0x00 }, { EXT + 0x4a, 1, 0x00 }, { EXT + 0x48, 2, 9 },
		{ BIT, 2, 0xffb8 }, { BIT + 2, 1, 'b' }, { BIT + 8, 1, 13 },
		{ TOKENS + 12, 1, 0x71 }, { TOKENS + 13, 1, 1 }, { TOKENS + 14, 2, 3 },
		{ FALCON_DATA, 4, 0xffffffff }, { FALCON_DATA, 4, PTR(IMAGES_SIZE) - 5 },
		{ TABLE, 1, 2 }, { TABLE + 1, 1, 5 }, { TABLE + 2, 1, 5 }, { TABLE + 3, 1, 2 },
		{ TABLE + 3, 1, 0 }, { TABLE + 18, 1, 0x84 },
		{ TABLE + 20, 4, 0xffffffff }, { TABLE + 20, 4, PTR(IMAGES_SIZE) - 43 },
		{ DESC, 1, 0 }, { DESC + 1, 1, 2 }, { DESC + 2, 2, 43 },
		{ DESC + 2, 2, 44 + NUM_SIGS * 384 - 1 }, { DESC + 2, 2, 0xffff },
		{ DESC + 8, 4, DMEM_SIZE - 383 }, { DESC + 8, 4, 0xffffffff },
		{ DESC + 12, 4, DMEM_SIZE - 3 }, { DESC + 12, 4, 0xfffffffe },
		{ DESC + 20, 4, 0 }, { DESC + 20, 4, IMEM_SIZE + 1 },
		{ DESC + 20, 4, 0xffffff00 }, { DESC + 32, 4, 0 },
		{ DESC + 32, 4, IMAGES_SIZE - DMEM + 1 }, { DESC + 32, 4, 0xffffffff },
		{ DESC + 36, 2, 0x0001 }, { DESC + 38, 1, 0 }, { DESC + 38, 1, 17 },
		{ DESC + 39, 1, NUM_SIGS + 1 }, { DESC + 39, 1, 255 },
	};
	struct ovg_fwsec f;
	size_t size, i;
	u8 *rom;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		rom = make_rom(0, 0, &size);
		memcpy(rom + bad[i].off, &bad[i].value, bad[i].bytes);
		if (find(rom, size, &f) != -EINVAL)
			fail_msg("accepted 0x%x at 0x%x", bad[i].value, bad[i].off);
		free(rom);
	}

	/* A BIT header whose sum is right, with tokens that are too small. */
	rom = make_rom(0, 0, &size);
	put8(rom, BIT + 9, 5);
	bit_checksum(rom + BIT);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	put8(rom, BIT + 9, 255);
	put8(rom, BIT + 10, 255);
	bit_checksum(rom + BIT);
	assert_int_equal(find(rom, size, &f), -EINVAL);
	free(rom);
}

static void test_bit_decoy(void **state)
{
	size_t size;
	u8 *rom;

	(void)state;
	/* The same bytes before it, with a wrong sum, are no BIT header. */
	rom = make_rom(0, 0, &size);
	memcpy(rom + 0x101, rom + BIT, 12);
	rom[0x101 + 11] ^= 1;
	check_good(rom, size, 0);
	free(rom);
}

/* A patch of any DMEM must stay in it and say whether it did. */
static void patch_any(const u8 *dmem, u32 valid, u32 size, u32 interface)
{
	u8 *copy = zeroed(size);
	const char *why = NULL;
	int ret;

	memcpy(copy, dmem, valid);
	ret = ovg_fwsec_patch(copy, size, interface, FWSEC_CMD_FRTS, 0x123456000, 0x100000,
			      &why);
	assert_int_equal(ret, why ? -EINVAL : 0);
	if (ret && size == valid)
		assert_memory_equal(copy, dmem, size);
	free(copy);
}

static void test_random_mutations(void **state)
{
	/* where the structures are; the rest is code and signatures */
	static const struct {
		u32 from;
		u32 size;
	} spot[] = {
		{ 0, 0x50 }, { EFI, 0x50 }, { EXT, 0x50 }, { BIT, 0x20 },
		{ FALCON_DATA, 4 }, { TABLE, 24 }, { DESC, 44 },
		{ DMEM + IFACE, 20 }, { DMEM + MAPPER, 0x40 }, { 0, IMAGES_SIZE },
	};
	u32 seed = 3, round, n, at, accepted = 0;
	struct ovg_fwsec f;
	size_t size;
	u8 *rom, *good;

	(void)state;
	good = make_rom(0, 0, &size);
	rom = exact(good, size);
	for (round = 0; round < 60000; round++) {
		u32 s[4], touched[4];

		n = 1 + rnd(&seed) % 4;
		for (u32 i = 0; i < n; i++) {
			s[i] = rnd(&seed) % OVG_ARRAY_SIZE(spot);
			at = spot[s[i]].from + rnd(&seed) % spot[s[i]].size;
			touched[i] = at;
			/* small, large and odd values alike */
			rom[at] = rnd(&seed) % 3 ? rnd(&seed) >> 9 : rom[at] + 1U;
		}
		if (round % 2)
			bit_checksum(rom + BIT);
		if (!find(rom, size, &f)) {
			accepted++;
			patch_any(f.dmem, f.dmem_valid, f.dmem_size, f.interface_offset);
		}
		for (u32 i = 0; i < n; i++)
			rom[touched[i]] = good[touched[i]];
		rom[BIT + 11] = good[BIT + 11];
	}
	assert_memory_equal(rom, good, size);
	assert_true(accepted > 1000 && accepted < round - 1000);
	free(rom);
	free(good);
}

static void test_garbage(void **state)
{
	u32 seed = 17, round, size;
	struct ovg_fwsec f;
	u8 *rom;

	(void)state;
	for (round = 0; round < 3000; round++) {
		size = rnd(&seed) % 0x900;
		rom = malloc(size ? size : 1);
		rnd_fill(&seed, rom, size);
		if (size > 0x40) {
			if (round % 3 == 0)
				memcpy(rom, "NVGI", 4);
			else
				put16(rom, 0, 0xaa55);
			if (round % 3 == 1) {
				put16(rom, 0x18, 0x20);
				memcpy(rom + 0x20, "PCIR", 4);
			}
		}
		assert_int_equal(find(rom, size, &f), -EINVAL);
		free(rom);
	}
}

static void test_signature_of_a_fuse(void **state)
{
	struct ovg_fwsec f = { .sig_versions = 0x000b, .num_sigs = 3 };

	(void)state;
	assert_int_equal(ovg_fwsec_signature(&f, 0), 0);
	assert_int_equal(ovg_fwsec_signature(&f, 1), 1);
	assert_int_equal(ovg_fwsec_signature(&f, 3), -EINVAL);
	assert_int_equal(ovg_fwsec_signature(&f, 7), 2);
	assert_int_equal(ovg_fwsec_signature(&f, 4), 2);
	assert_int_equal(ovg_fwsec_signature(&f, 15), -EINVAL);
	assert_int_equal(ovg_fwsec_signature(&f, 0xffffffff), -EINVAL);
	/* more versions than signatures */
	f.num_sigs = 2;
	assert_int_equal(ovg_fwsec_signature(&f, 7), -EINVAL);
	f.sig_versions = 0x8000;
	f.num_sigs = 1;
	assert_int_equal(ovg_fwsec_signature(&f, 0x4000), 0);
	assert_int_equal(ovg_fwsec_signature(&f, 0x8000), -EINVAL);
	f.num_sigs = 0;
	assert_int_equal(ovg_fwsec_signature(&f, 0x4000), -EINVAL);
}

static void test_patch_frts(void **state)
{
	size_t size;
	u8 *rom = make_rom(0, 0, &size), *dmem = exact(rom + DMEM, DMEM_SIZE);
	u8 *want = exact(rom + DMEM, DMEM_SIZE);
	const char *why;

	(void)state;
	assert_int_equal(ovg_fwsec_patch(dmem, DMEM_SIZE, IFACE, 0x15, 0xbffe00000, 0x100000,
					 &why), 0);
	put32(want, MAPPER + 0x2c, 0x15);
	memset(want + CMD_IN, 0, 0x2c);
	put32(want, CMD_IN, 1);
	put32(want, CMD_IN + 4, 0x18);
	put32(want, CMD_IN + 20, 2);
	put32(want, CMD_IN + 24, 1);
	put32(want, CMD_IN + 28, 0x14);
	put32(want, CMD_IN + 32, 0xbffe00);
	put32(want, CMD_IN + 36, 0x100);
	put32(want, CMD_IN + 40, 2);
	assert_memory_equal(dmem, want, DMEM_SIZE);
	free(want);
	free(dmem);
	free(rom);
}

static void test_patch_sb(void **state)
{
	size_t size;
	u8 *rom = make_rom(0, 0, &size), *dmem, *want;
	const char *why;

	(void)state;
	memset(rom + DMEM + CMD_IN, 0xee, CMD_IN_SIZE);
	put32(rom, DMEM + MAPPER + 12, 0x18);
	dmem = exact(rom + DMEM, DMEM_SIZE);
	want = exact(rom + DMEM, DMEM_SIZE);
	assert_int_equal(ovg_fwsec_patch(dmem, DMEM_SIZE, IFACE, 0x19, 0x1000, 0x1000, &why), 0);
	put32(want, MAPPER + 0x2c, 0x19);
	memset(want + CMD_IN, 0, 0x18);
	put32(want, CMD_IN, 1);
	put32(want, CMD_IN + 4, 0x18);
	put32(want, CMD_IN + 20, 2);
	/* and nothing of FRTS behind it */
	assert_memory_equal(dmem, want, DMEM_SIZE);
	/* FRTS does not fit in there */
	assert_int_equal(ovg_fwsec_patch(dmem, DMEM_SIZE, IFACE, 0x15, 0x1000, 0x1000, &why),
			 -EINVAL);
	assert_memory_equal(dmem, want, DMEM_SIZE);
	free(want);
	free(dmem);
	free(rom);
}

static void test_patch_bounds(void **state)
{
	static const struct {
		u32 off;
		u32 bytes;
		u32 value;
	} bad[] = {
		{ IFACE, 1, 0 }, { IFACE, 1, 2 }, { IFACE + 1, 1, 3 }, { IFACE + 2, 1, 7 },
		{ IFACE + 3, 1, 0 }, { IFACE + 3, 1, 1 }, { IFACE + 12, 4, 5 },
		{ IFACE + 16, 4, DMEM_SIZE - 0x3f }, { IFACE + 16, 4, 0xffffffff },
		{ MAPPER + 8, 4, DMEM_SIZE - 0x2b }, { MAPPER + 8, 4, 0xffffffe0 },
		{ MAPPER + 12, 4, 0x2b }, { MAPPER + 12, 4, 0 },
	};
	size_t size, i;
	u8 *rom = make_rom(0, 0, &size), *dmem, *before;
	const char *why;
	u32 n;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		dmem = exact(rom + DMEM, DMEM_SIZE);
		memcpy(dmem + bad[i].off, &bad[i].value, bad[i].bytes);
		before = exact(dmem, DMEM_SIZE);
		if (ovg_fwsec_patch(dmem, DMEM_SIZE, IFACE, 0x15, 0, 0, &why) != -EINVAL)
			fail_msg("accepted 0x%x at 0x%x", bad[i].value, bad[i].off);
		assert_memory_equal(dmem, before, DMEM_SIZE);
		free(before);
		free(dmem);
	}
	/* an interface that is cut off, or somewhere else altogether */
	for (n = 0; n < CMD_IN + 0x2c; n++) {
		dmem = exact(rom + DMEM, n);
		assert_int_equal(ovg_fwsec_patch(dmem, n, IFACE, 0x15, 0, 0, &why), -EINVAL);
		free(dmem);
	}
	dmem = exact(rom + DMEM, DMEM_SIZE);
	assert_int_equal(ovg_fwsec_patch(dmem, DMEM_SIZE, DMEM_SIZE - 3, 0x15, 0, 0, &why),
			 -EINVAL);
	assert_int_equal(ovg_fwsec_patch(dmem, DMEM_SIZE, 0xffffffff, 0x15, 0, 0, &why),
			 -EINVAL);
	free(dmem);
	free(rom);
}

static void test_patch_random(void **state)
{
	u32 seed = 23, round, n, size = 0x400;
	u8 *good, *dmem;
	size_t rom_size;

	(void)state;
	good = make_rom(0, 0, &rom_size);
	dmem = zeroed(size);
	for (round = 0; round < 30000; round++) {
		memcpy(dmem, good + DMEM, DMEM_SIZE);
		for (n = 1 + rnd(&seed) % 4; n; n--)
			dmem[IFACE + rnd(&seed) % 0x60] = rnd(&seed) >> 8;
		patch_any(dmem, size, size, IFACE);
	}
	free(dmem);
	free(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_ifr),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_bit_decoy),
		cmocka_unit_test(test_random_mutations),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_signature_of_a_fuse),
		cmocka_unit_test(test_patch_frts),
		cmocka_unit_test(test_patch_sb),
		cmocka_unit_test(test_patch_bounds),
		cmocka_unit_test(test_patch_random),
	};

	return cmocka_run_group_tests_name("vbios", tests, NULL, NULL);
}
