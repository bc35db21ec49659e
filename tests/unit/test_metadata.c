// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The metadata file: what is read of a good one, what is refused and why.
 */
#include "unit.h"
#include "vgpu_type.h"

#define VERSION		"535.113.01"
#define BOARD		0x26b5
#define CMD		0x20804003
#define UPLOAD		200		/* parameters of the upload control */

/* Offsets in the file */
#define HEAD		232
#define BLOB		HEAD
#define TYPES_HEAD	(BLOB + 16)
#define TYPE(i)		(TYPES_HEAD + 56 + (i) * 144)
#define FILE_SIZE(n)	(TYPE(n) + UPLOAD)

static struct ovg_metadata md;
static const char *why;

static struct ovg_vgpu_type sample(u32 id)
{
	struct ovg_vgpu_type t = {
		.id = id, .max_instance = 12, .num_heads = 4, .max_x = 7680, .max_y = 4320,
		.ecc = true, .device_id = 0x26b5, .subsystem_id = 0x1772, .pdev_id = BOARD,
		.profile_size = 1ULL << 32, .fb_length = 0xec000000,
		.gsp_heap_size = 32 << 20, .fb_reservation = 0x14000000,
		.bar1_length = 256 << 20, .class = "Quadro",
	};

	snprintf(t.name, sizeof(t.name), "NVIDIA L40-%u", id);
	return t;
}

/* A file with @n types; for the caller to free. */
static u8 *make_file(u32 n, size_t *size)
{
	struct ovg_vgpu_type types[OVG_MAX_TYPES + 1];
	struct ovg_metadata_board board = {
		.device_id = BOARD, .num_types = n, .type = types,
	};
	u8 upload[UPLOAD], *file;
	u32 i;

	board.upload = upload;
	for (i = 0; i < n; i++)
		types[i] = sample(870 + i);
	for (i = 0; i < UPLOAD; i++)
		upload[i] = i * 3;
	*size = ovg_metadata_size(&board, 1, UPLOAD);
	assert_int_equal(*size, FILE_SIZE(n));
	file = malloc(*size);
	memset(file, 0xee, *size);
	ovg_metadata_build(file, VERSION, 17, 3, CMD, UPLOAD, &board, 1);
	return file;
}

static void seal(u8 *file, size_t size)
{
	put32(file, 8, ovg_crc32_le(0xffffffff, file + 16, size - 16));
}

static enum ovg_metadata_error parse(const u8 *file, size_t size)
{
	enum ovg_metadata_error err;
	u32 i;

	why = NULL;
	memset(&md, 0xff, sizeof(md));
	err = ovg_metadata_parse(file, size, VERSION, BOARD, CMD, UPLOAD, &md, &why);
	assert_true(!err == !why);
	assert_true(md.num_types <= OVG_MAX_TYPES);
	if (err)
		return err;
	assert_true(md.num_types);
	assert_true(inside(md.upload, md.upload_size, file, size));
	assert_int_equal(md.upload_size, UPLOAD);
	for (i = 0; i < md.num_types; i++) {
		assert_non_null(memchr(md.type[i].name, 0, sizeof(md.type[i].name)));
		assert_non_null(memchr(md.type[i].class, 0, sizeof(md.type[i].class)));
		/* others divide by it */
		assert_in_range(md.type[i].max_instance, 1, 64);
	}
	return 0;
}

static void test_crc(void **state)
{
	(void)state;
	/* the check value of CRC-32, before its final inversion */
	assert_int_equal(ovg_crc32_le(0xffffffff, "123456789", 9), 0xcbf43926 ^ 0xffffffff);
	assert_int_equal(ovg_crc32_le(0x12345678, "", 0), 0x12345678);
	assert_int_equal(ovg_crc32_le(ovg_crc32_le(0xffffffff, "1234", 4), "56789", 5),
			 0xcbf43926 ^ 0xffffffff);
}

/* The bytes, at the offsets of the container. */
static void test_built_file(void **state)
{
	size_t size;
	u8 *file = make_file(2, &size), *want = zeroed(size);
	u32 i, at;

	(void)state;
	memcpy(want, "NVVGPUMT", 8);
	put64(want, 16, 17);
	put64(want, 24, 3);
	memcpy(want + 160, VERSION, strlen(VERSION));
	put64(want, 224, 1);
	put64(want, BLOB, 0);
	put64(want, BLOB + 8, size - HEAD);
	put64(want, TYPES_HEAD, BOARD);
	put64(want, TYPES_HEAD + 8, 8);
	put64(want, TYPES_HEAD + 16, UPLOAD - 8);
	put64(want, TYPES_HEAD + 24, 144);
	put64(want, TYPES_HEAD + 32, 2);
	put64(want, TYPES_HEAD + 40, CMD);
	put64(want, TYPES_HEAD + 48, UPLOAD);
	for (i = 0; i < 2; i++) {
		at = TYPE(i);
		put32(want, at, 870 + i);
		put32(want, at + 4, 12);
		put32(want, at + 8, 4);
		put32(want, at + 12, 7680);
		put32(want, at + 16, 4320);
		put32(want, at + 20, 1);
		put64(want, at + 24, 0x26b51772);
		put64(want, at + 32, BOARD);
		put64(want, at + 40, 1ULL << 32);
		put64(want, at + 48, 0xec000000);
		put64(want, at + 56, 32 << 20);
		put64(want, at + 64, 0x14000000);
		put64(want, at + 72, 256);
		memcpy(want + at + 80, i ? "NVIDIA L40-871" : "NVIDIA L40-870", 14);
		memcpy(want + at + 112, "Quadro", 6);
	}
	for (i = 0; i < UPLOAD; i++)
		want[TYPE(2) + i] = i * 3;
	seal(want, size);
	assert_memory_equal(file, want, size);
	free(want);
	free(file);
}

static void test_good(void **state)
{
	size_t size;
	u8 *file = make_file(3, &size);
	struct ovg_vgpu_type t;
	u32 i;

	(void)state;
	assert_int_equal(parse(file, size), OVG_METADATA_OK);
	assert_string_equal(md.version, VERSION);
	assert_int_equal(md.num_types, 3);
	assert_ptr_equal(md.upload, file + TYPE(3));
	for (i = 0; i < 3; i++) {
		t = sample(870 + i);
		assert_int_equal(md.type[i].id, t.id);
		assert_string_equal(md.type[i].name, t.name);
		assert_string_equal(md.type[i].class, "Quadro");
		assert_int_equal(md.type[i].max_instance, 12);
		assert_int_equal(md.type[i].num_heads, 4);
		assert_int_equal(md.type[i].max_x, 7680);
		assert_int_equal(md.type[i].max_y, 4320);
		assert_true(md.type[i].ecc);
		assert_int_equal(md.type[i].device_id, 0x26b5);
		assert_int_equal(md.type[i].subsystem_id, 0x1772);
		assert_int_equal(md.type[i].pdev_id, BOARD);
		assert_int_equal(md.type[i].profile_size, 1ULL << 32);
		assert_int_equal(md.type[i].fb_length, 0xec000000);
		assert_int_equal(md.type[i].gsp_heap_size, 32 << 20);
		assert_int_equal(md.type[i].fb_reservation, 0x14000000);
		assert_int_equal(md.type[i].bar1_length, 256 << 20);
	}
	free(file);

	file = make_file(OVG_MAX_TYPES, &size);
	assert_int_equal(parse(file, size), OVG_METADATA_OK);
	assert_int_equal(md.num_types, OVG_MAX_TYPES);
	free(file);
}

static void test_truncated(void **state)
{
	size_t size, n;
	u8 *file = make_file(2, &size), *cut;

	(void)state;
	for (n = 0; n < size; n++) {
		cut = exact(file, n);
		assert_int_equal(parse(cut, n), OVG_METADATA_TRUNCATED);
		free(cut);
	}
	free(file);
}

static void test_bytes_behind(void **state)
{
	size_t size;
	u8 *file = make_file(1, &size), *more = zeroed(size + 1);

	(void)state;
	memcpy(more, file, size);
	seal(more, size + 1);
	assert_int_equal(parse(more, size + 1), OVG_METADATA_MALFORMED);
	free(more);
	free(file);
}

static void test_magic(void **state)
{
	size_t size, i;
	u8 *file = make_file(1, &size);

	(void)state;
	for (i = 0; i < 8; i++) {
		file[i] ^= 0x20;
		assert_int_equal(parse(file, size), OVG_METADATA_BAD_MAGIC);
		file[i] ^= 0x20;
	}
	assert_int_equal(parse(file, size), OVG_METADATA_OK);
	free(file);
}

static void test_crc_sees_each_byte(void **state)
{
	size_t size, i;
	u8 *file = make_file(2, &size);
	enum ovg_metadata_error err;

	(void)state;
	for (i = 8; i < size; i++) {
		/* padding of the head, which the CRC does not cover */
		if (i >= 12 && i < 16)
			continue;
		file[i] ^= 1 << i % 8;
		err = parse(file, size);
		/* number and size of blobs are looked at first */
		if (i >= 224 && i < HEAD)
			assert_true(err == OVG_METADATA_TRUNCATED ||
				    err == OVG_METADATA_MALFORMED);
		else if (i >= BLOB + 8 && i < BLOB + 16)
			assert_true(err == OVG_METADATA_TRUNCATED ||
				    err == OVG_METADATA_MALFORMED);
		else
			assert_int_equal(err, OVG_METADATA_BAD_CRC);
		file[i] ^= 1 << i % 8;
	}
	assert_int_equal(parse(file, size), OVG_METADATA_OK);
	free(file);
}

static void test_other_version(void **state)
{
	size_t size;
	u8 *file = make_file(1, &size);

	(void)state;
	memcpy(file + 160, "570.144\0\0\0", 10);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_OTHER_VERSION);
	/* for the message: what it is made for */
	assert_string_equal(md.version, "570.144");
	memcpy(file + 160, "535.113.012", 11);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_OTHER_VERSION);
	memset(file + 160, '5', 64);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	free(file);
}

static void test_no_types(void **state)
{
	size_t size;
	u8 *file = make_file(1, &size);

	(void)state;
	/* types for another board */
	put64(file, TYPES_HEAD, 0x2236);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_NO_TYPES);
	/* for the message: which boards it has types for */
	assert_int_equal(md.num_boards, 1);
	assert_int_equal(md.board[0], 0x2236);
	put64(file, TYPES_HEAD, 0x10000 | BOARD);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_NO_TYPES);
	assert_int_equal(md.num_boards, 0);
	/* a blob of another kind */
	put64(file, TYPES_HEAD, BOARD);
	put64(file, BLOB, 1);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_NO_TYPES);
	/* no blob at all */
	put64(file, 224, 0);
	seal(file, HEAD);
	assert_int_equal(parse(file, HEAD), OVG_METADATA_NO_TYPES);
	free(file);
}

static void test_malformed(void **state)
{
	static const struct {
		u32 off;
		u32 bytes;
		u64 value;
	} bad[] = {
		{ TYPES_HEAD + 24, 8, 143 }, { TYPES_HEAD + 24, 8, 0 },
		{ TYPES_HEAD + 32, 8, 0 }, { TYPES_HEAD + 32, 8, 1 }, { TYPES_HEAD + 32, 8, 3 },
		{ TYPES_HEAD + 32, 8, 65 }, { TYPES_HEAD + 32, 8, UINT64_MAX },
		/* times 144 it is 288 in 64 bits, what two types have */
		{ TYPES_HEAD + 32, 8, 0x1000000000000002 },
		{ TYPES_HEAD + 40, 8, 0x20804004 }, { TYPES_HEAD + 40, 8, 1ULL << 32 | CMD },
		{ TYPES_HEAD + 48, 8, UPLOAD - 1 }, { TYPES_HEAD + 48, 8, UPLOAD + 1 },
		{ TYPES_HEAD + 48, 8, 1ULL << 32 | UPLOAD },
		{ TYPE(0), 4, 0 }, { TYPE(0), 4, 871 },
		{ TYPE(0) + 4, 4, 0 }, { TYPE(0) + 4, 4, 65 }, { TYPE(0) + 4, 4, UINT32_MAX },
		{ TYPE(1) + 32, 8, 0x2236 }, { TYPE(1) + 40, 8, 0 },
		{ TYPE(1) + 40, 8, (1ULL << 40) + 1 }, { TYPE(0) + 48, 8, 0 },
		{ TYPE(0) + 48, 8, UINT64_MAX }, { TYPE(0) + 56, 8, 0 },
		{ TYPE(0) + 56, 8, 4095 }, { TYPE(0) + 56, 8, UINT64_MAX & ~4095ULL },
		{ TYPE(0) + 64, 8, UINT64_MAX }, { TYPE(0) + 72, 8, 0 }, { TYPE(0) + 72, 8, 3 },
		{ TYPE(0) + 72, 8, 1ULL << 63 }, { TYPE(0) + 72, 8, 1 << 21 },
		/* the name goes into a text of "id : name" lines */
		{ TYPE(0) + 80, 1, 0 }, { TYPE(0) + 84, 1, ':' }, { TYPE(0) + 84, 1, '\n' },
		{ TYPE(0) + 84, 1, '\r' }, { TYPE(0) + 84, 1, 0x7f }, { TYPE(0) + 84, 1, 0xe9 },
	};
	size_t size, i;
	u8 *file;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(bad); i++) {
		file = make_file(2, &size);
		memcpy(file + bad[i].off, &bad[i].value, bad[i].bytes);
		seal(file, size);
		if (parse(file, size) != OVG_METADATA_MALFORMED)
			fail_msg("accepted 0x%llx at %u", (unsigned long long)bad[i].value,
				 bad[i].off);
		free(file);
	}

	for (i = 80; i <= 112; i += 32) {
		file = make_file(1, &size);
		memset(file + TYPE(0) + i, 'x', 32);
		seal(file, size);
		assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
		file[TYPE(0) + i + 31] = 0;
		seal(file, size);
		assert_int_equal(parse(file, size), OVG_METADATA_OK);
		free(file);
	}
}

/* Ids are 16 bits wide; the file has 64 bits for them. */
static void test_ids_are_not_cut(void **state)
{
	size_t size;
	u8 *file = make_file(1, &size);

	(void)state;
	put64(file, TYPE(0) + 32, 0x10000 | BOARD);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	put64(file, TYPE(0) + 32, BOARD);
	put64(file, TYPE(0) + 24, 1ULL << 32 | 0x26b51772);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	free(file);
}

static void test_blob_sizes(void **state)
{
	size_t size;
	u8 *file = make_file(1, &size);

	(void)state;
	put64(file, BLOB + 8, 15);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	put64(file, BLOB + 8, 0);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	put64(file, BLOB + 8, UINT64_MAX);
	assert_int_equal(parse(file, size), OVG_METADATA_TRUNCATED);
	put64(file, BLOB + 8, size - HEAD);
	put64(file, 224, UINT64_MAX);
	assert_int_equal(parse(file, size), OVG_METADATA_TRUNCATED);
	/* a type blob without its head */
	put64(file, 224, 1);
	put64(file, BLOB + 8, 16 + 55);
	seal(file, HEAD + 16 + 55);
	assert_int_equal(parse(file, HEAD + 16 + 55), OVG_METADATA_MALFORMED);
	free(file);
}

/* Other blobs, of other kinds and for other boards, around ours. */
static void test_many_blobs(void **state)
{
	size_t one, size, blob, at = HEAD;
	u8 *single = make_file(2, &one), *file;

	(void)state;
	blob = one - HEAD;
	size = HEAD + 24 + 3 * blob;
	file = zeroed(size);
	memcpy(file, single, HEAD);
	put64(file, 224, 4);
	put64(file, at, 99);
	put64(file, at + 8, 24);
	at += 24;
	memcpy(file + at, single + HEAD, blob);
	put64(file, at + 16, 0x2236);
	at += blob;
	memcpy(file + at, single + HEAD, blob);
	at += blob;
	memcpy(file + at, single + HEAD, blob);
	put64(file, at + 16, 0x2684);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_OK);
	assert_int_equal(md.num_types, 2);
	assert_ptr_equal(md.upload, file + HEAD + 24 + 2 * blob - UPLOAD);

	/* two for our board: which upload would be sent? */
	put64(file, at + 16, BOARD);
	put32(file, at + 72, 900);
	put32(file, at + 72 + 144, 901);
	seal(file, size);
	assert_int_equal(parse(file, size), OVG_METADATA_MALFORMED);
	assert_string_equal(why, "two type blobs for one board");
	free(file);
	free(single);
}

/* One file for several boards: each finds its own list. */
static void test_boards(void **state)
{
	struct ovg_metadata_board boards[OVG_MAX_BOARDS + 1];
	struct ovg_vgpu_type types[OVG_MAX_BOARDS + 1][3];
	u8 upload[OVG_MAX_BOARDS + 1][UPLOAD], *file;
	u32 i, k, num = OVG_ARRAY_SIZE(boards);
	size_t size;

	(void)state;
	for (i = 0; i < num; i++) {
		for (k = 0; k < 3; k++) {
			types[i][k] = sample(1000 + 10 * i + k);
			types[i][k].pdev_id = 0x2600 + i;
		}
		memset(upload[i], i, UPLOAD);
		boards[i] = (struct ovg_metadata_board){
			.device_id = 0x2600 + i,
			.num_types = 1 + i % 3,
			.type = types[i],
			.upload = upload[i],
		};
	}
	size = ovg_metadata_size(boards, num, UPLOAD);
	file = malloc(size);
	ovg_metadata_build(file, VERSION, 17, 3, CMD, UPLOAD, boards, num);
	for (i = 0; i < num; i++) {
		assert_int_equal(ovg_metadata_parse(file, size, VERSION, 0x2600 + i, CMD, UPLOAD,
						    &md, &why), OVG_METADATA_OK);
		assert_int_equal(md.num_types, 1 + i % 3);
		assert_int_equal(md.type[0].id, 1000 + 10 * i);
		assert_memory_equal(md.upload, upload[i], UPLOAD);
	}
	assert_int_equal(ovg_metadata_parse(file, size, VERSION, 0x2700, CMD, UPLOAD, &md, &why),
			 OVG_METADATA_NO_TYPES);
	assert_int_equal(md.num_boards, OVG_MAX_BOARDS);
	for (i = 0; i < OVG_MAX_BOARDS; i++)
		assert_int_equal(md.board[i], 0x2600 + i);
	assert_int_equal(md.num_types, 0);
	assert_null(md.upload);
	free(file);
}

static void test_random(void **state)
{
	u32 seed = 61, round, n, at, accepted = 0;
	size_t size;
	u8 *good = make_file(3, &size), *file = exact(good, size);

	(void)state;
	for (round = 0; round < 15000; round++) {
		for (n = 1 + rnd(&seed) % 3; n; n--) {
			at = rnd(&seed) % 2 ? rnd(&seed) % size :
					      224 + rnd(&seed) % (TYPE(1) - 224);
			file[at] = rnd(&seed) % 4 ? rnd(&seed) >> 8 : 0xff;
		}
		seal(file, size);
		accepted += !parse(file, size);
		memcpy(file, good, size);
	}
	assert_true(accepted > 200 && accepted < round - 200);
	free(file);
	free(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc),
		cmocka_unit_test(test_built_file),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_bytes_behind),
		cmocka_unit_test(test_magic),
		cmocka_unit_test(test_crc_sees_each_byte),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_no_types),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_ids_are_not_cut),
		cmocka_unit_test(test_blob_sizes),
		cmocka_unit_test(test_many_blobs),
		cmocka_unit_test(test_boards),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
