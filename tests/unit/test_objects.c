// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The core's RM objects, byte by byte, in each release.  Sizes, offsets and
 * numbers are literal, as NVIDIA's headers have them (tests/abi/RELEASE.tsv).
 */
#include "unit.h"
#include "objects.h"

#define DEVICES		3212
#define INTR		2068

/* By RM_ENGINE_TYPE_*; what a table leaves out is 0 */
#define RM_ENGINES	0x60

static const u8 engines_r535[RM_ENGINES] = {
	[0x01] = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,	/* GR0.. */
	[0x09] = 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10,	/* COPY0.. */
	[0x11] = 0x11, 0x12,
	[0x1d] = 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a,	/* NVDEC0.. */
	[0x25] = 0x1b, 0x1c, 0x1d,				/* NVENC0.. */
	[0x35] = 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32,	/* NVJPEG0.. */
	[0x3d] = 0x33,						/* OFA */
};

static const u8 engines_r570[RM_ENGINES] = {
	[0x01] = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,	/* GR0.. */
	[0x09] = 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10,	/* COPY0.. */
	[0x11] = 0x11, 0x12,
	[0x13] = 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b,	/* COPY10.. */
	[0x1b] = 0x3c, 0x3d,
	[0x1d] = 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a,	/* NVDEC0.. */
	[0x25] = 0x1b, 0x1c, 0x1d,				/* NVENC0.. */
	[0x28] = 0x3f,						/* NVENC3 */
	[0x36] = 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32,	/* NVJPEG0.. */
	[0x3e] = 0x33,						/* OFA0 */
	[0x3f] = 0x3e,						/* OFA1 */
};

struct release {
	const char *version;
	u32 client;
	u32 channel;
	u32 ecc;
	u32 rc;
	bool rc_has_gfid;
	u16 gr0;		/* MC_ENGINE_IDX_GR0 */
	u16 other_gr0;		/* that of the other release */
	const u8 *engines;
};

static const struct release r535 = {
	.version = "535.113.01",
	.client = 108,
	.channel = 360,
	.ecc = 24 * 40 + 24,
	.rc = 20,
	.gr0 = 82,
	.other_gr0 = 84,
	.engines = engines_r535,
};

static const struct release r570 = {
	.version = "570.144",
	.client = 120,
	.channel = 368,
	.ecc = 36 * 40 + 24,
	.rc = 48,
	.rc_has_gfid = true,
	.gr0 = 84,
	.other_gr0 = 82,
	.engines = engines_r570,
};

static const struct release *rel;
static const struct ovg_objects_codec *codec;

static int setup(void **state)
{
	rel = *state;
	codec = ovg_objects_codec(rel->version);
	return codec ? 0 : -1;
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(codec->client_size, rel->client);
	assert_int_equal(codec->device_size, 56);
	assert_int_equal(codec->subdevice_size, 4);
	assert_int_equal(codec->vaspace_size, 48);
	assert_int_equal(codec->server_pdes_cmd, 0x90f10106);
	assert_int_equal(codec->server_pdes_size, 184);
	assert_int_equal(codec->channel_size, rel->channel);
	assert_int_equal(codec->ce_size, 8);
	assert_int_equal(codec->bind_cmd, 0xa06f0104);
	assert_int_equal(codec->bind_size, 4);
	assert_int_equal(codec->schedule_cmd, 0xa06f0103);
	assert_int_equal(codec->schedule_size, 2);
	assert_int_equal(codec->devices_cmd, 0x20801112);
	assert_int_equal(codec->devices_size, DEVICES);
	assert_int_equal(codec->intr_cmd, 0x20800a5c);
	assert_int_equal(codec->intr_size, INTR);
	assert_int_equal(codec->vmmu_segment_cmd, 0x2080017e);
	assert_int_equal(codec->vmmu_segment_size, 8);
	assert_int_equal(codec->ecc_cmd, 0x2080012f);
	assert_int_equal(codec->ecc_size, rel->ecc);
	assert_int_equal(codec->mthdbuf_cmd, 0x20802a08);
	assert_int_equal(codec->mthdbuf_size, 4);
	assert_int_equal(codec->event_rc, 0x1004);
	assert_int_equal(codec->event_plugin, 0x100d);
	assert_int_equal(codec->event_util, 0x1008);
}

static void test_client(void **state)
{
	u8 *buf = zeroed(rel->client), *want = zeroed(rel->client);

	(void)state;
	codec->client(buf, 0xc1d00007);
	put32(want, 0, 0xc1d00007);
	put32(want, 4, 0xffffffff);
	assert_memory_equal(buf, want, rel->client);
	free(want);
	free(buf);
}

static void test_device(void **state)
{
	u8 *buf = zeroed(56), want[56] = { 0 };

	(void)state;
	codec->device(buf, 0xc1d00007);
	put32(want, 4, 0xc1d00007);
	assert_memory_equal(buf, want, 56);
	free(buf);
}

/* A new one, of the default sizes */
static void test_vaspace(void **state)
{
	u8 *buf = zeroed(48), want[48] = { 0 };

	(void)state;
	codec->vaspace(buf);
	assert_memory_equal(buf, want, 48);
	free(buf);
}

static void test_channel(void **state)
{
	struct ovg_channel_params p = {
		.gpfifo_va = 0x123456000,
		.gpfifo_entries = 512,
		.chid = 2047,
		.h_vaspace = 0x90f10000,
		.engine = 11,
		.inst = 0xa00000000,
		.userd = 0xa00001000,
		.mthdbuf = 0xfffff000,
		.mthdbuf_size = 0x5000,
		.privileged = true,
	};
	u8 *buf = zeroed(rel->channel), *want = zeroed(rel->channel);

	(void)state;
	put64(want, 0x08, 0x123456000);
	put32(want, 0x10, 512);
	/* page 255, index 7, page fixed, privileged */
	put32(want, 0x14, 0x20 | 7 << 8 | 255 << 12 | 1 << 21);
	put32(want, 0x1c, 0x90f10000);
	put32(want, 0x80, 11);
	put64(want, 0x90, 0xa00000000);
	put64(want, 0x98, 0x1000);
	put32(want, 0xa0, 2);
	put32(want, 0xa4, 1);
	put64(want, 0xa8, 0xa00001000);
	put64(want, 0xb0, 0x200);
	put32(want, 0xb8, 2);
	put32(want, 0xbc, 1);
	put64(want, 0xc0, 0xa00000000);
	put64(want, 0xc8, 0x200);
	put32(want, 0xd0, 2);
	put32(want, 0xd4, 1);
	put64(want, 0xd8, 0xfffff000);
	put64(want, 0xe0, 0x5000);
	put32(want, 0xe8, 1);
	put32(want, 0xf4, 1 | 1 << 2 | 1 << 4);
	codec->channel(buf, &p);
	assert_memory_equal(buf, want, rel->channel);

	memset(buf, 0, rel->channel);
	p.chid = 8;
	p.privileged = false;
	put32(want, 0x14, 1 << 12 | 1 << 21);
	put32(want, 0xf4, 1 << 2 | 1 << 4);
	codec->channel(buf, &p);
	assert_memory_equal(buf, want, rel->channel);
	free(want);
	free(buf);
}

static void test_ce_bind_schedule(void **state)
{
	u8 *ce = zeroed(8), *bind = zeroed(4), *schedule = zeroed(2);

	(void)state;
	codec->ce(ce, 11);
	assert_int_equal(get32(ce, 0), 1);
	assert_int_equal(get32(ce, 4), 11);
	codec->bind(bind, 12);
	assert_int_equal(get32(bind, 0), 12);
	codec->schedule(schedule, true);
	assert_int_equal(get16(schedule, 0), 1);
	codec->schedule(schedule, false);
	assert_int_equal(get16(schedule, 0), 0);
	free(schedule);
	free(bind);
	free(ce);
}

static void test_server_pdes(void **state)
{
	struct ovg_server_pdes p = {
		.va = 0x100000000,
		.pd3 = 0x1000,
		.pd2 = 0x2000,
		.pd1 = 0x3000,
	};
	u8 *buf = zeroed(184), want[184] = { 0 };

	(void)state;
	put64(want, 8, 0x20000000);
	put64(want, 16, 0x100000000);
	put64(want, 24, 0x11fffffff);
	put32(want, 32, 3);
	put64(want, 40, 0x1000);
	put64(want, 48, 0x20);
	put32(want, 56, 1);
	put8(want, 60, 47);
	put64(want, 64, 0x2000);
	put64(want, 72, 0x1000);
	put32(want, 80, 1);
	put8(want, 84, 38);
	put64(want, 88, 0x3000);
	put64(want, 96, 0x1000);
	put32(want, 104, 1);
	put8(want, 108, 29);
	codec->server_pdes(buf, &p);
	assert_memory_equal(buf, want, 184);
	free(buf);
}

static void put_device(u8 *buf, u32 i, u32 rm, u32 runlist)
{
	put32(buf, 12 + i * 100 + 2 * 4, rm);
	put32(buf, 12 + i * 100 + 3 * 4, runlist);
}

/* All engines that RM can have, and some that it cannot have. */
static void test_engine_types(void **state)
{
	static const u32 beyond[] = { RM_ENGINES, 0x100, 0x101, 0x7fffffff, 0xffffffff };
	u8 *buf = zeroed(DEVICES);
	struct ovg_device_entry out[32];
	u32 rm, i, count;
	bool more;

	(void)state;
	put32(buf, 4, 32);
	for (rm = 0; rm < RM_ENGINES; rm += 32) {
		for (i = 0; i < 32; i++)
			put_device(buf, i, rm + i, 1000 + i);
		assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
		assert_int_equal(count, 32);
		for (i = 0; i < 32; i++) {
			assert_int_equal(out[i].type, rel->engines[rm + i]);
			assert_int_equal(out[i].runlist, 1000 + i);
		}
	}

	put32(buf, 4, OVG_ARRAY_SIZE(beyond));
	for (i = 0; i < OVG_ARRAY_SIZE(beyond); i++)
		put_device(buf, i, beyond[i], 7);
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	for (i = 0; i < OVG_ARRAY_SIZE(beyond); i++)
		assert_int_equal(out[i].type, 0);
	free(buf);
}

static void test_devices(void **state)
{
	u8 *buf = zeroed(DEVICES), *want = zeroed(DEVICES);
	struct ovg_device_entry out[33];
	u32 count = 77;
	bool more = true;

	(void)state;
	put32(want, 0, 32);
	codec->devices(buf, 32);
	assert_memory_equal(buf, want, DEVICES);

	put32(buf, 4, 7);
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_int_equal(count, 7);
	assert_false(more);
	put8(buf, 8, 1);
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_true(more);
	assert_int_equal(codec->devices_get(buf, out, 7, &count, &more), 0);
	assert_int_equal(codec->devices_get(buf, out, 6, &count, &more), -E2BIG);
	put32(buf, 4, 33);
	assert_int_equal(codec->devices_get(buf, out, 33, &count, &more), -EPROTO);
	put32(buf, 4, 0xffffffff);
	assert_int_equal(codec->devices_get(buf, out, 33, &count, &more), -EPROTO);
	/* "more" without any entry would never end */
	put32(buf, 4, 0);
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_int_equal(count, 0);
	assert_false(more);
	free(want);
	free(buf);
}

static void put_intr(u8 *buf, u32 i, u16 idx, u32 vector)
{
	put16(buf, 4 + i * 16, idx);
	put32(buf, 4 + i * 16 + 4, 0x11111111);
	put32(buf, 4 + i * 16 + 8, 0x22222222);
	put32(buf, 4 + i * 16 + 12, vector);
}

static void test_interrupts(void **state)
{
	u8 *buf = zeroed(INTR);

	(void)state;
	put_intr(buf, 0, rel->other_gr0, 3);
	put_intr(buf, 1, 17, 6);		/* CE2 */
	put_intr(buf, 2, 24, 8);		/* CE9 */
	put_intr(buf, 3, 25, 9);		/* the engine behind it */
	put_intr(buf, 4, 14, 10);		/* the one in front of CE0 */
	put32(buf, 0, 5);
	assert_int_equal(codec->intr_check(buf), 0);
	/* the other release's graphics are not this one's */
	assert_int_equal(codec->intr_nonstall(buf, 1), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 11), 6);
	assert_int_equal(codec->intr_nonstall(buf, 0x12), 8);
	assert_int_equal(codec->intr_nonstall(buf, 9), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 8), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 0x13), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 0x33), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 0), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 0xffffffff), OVG_VECTOR_NONE);

	put_intr(buf, 5, rel->gr0, 4);
	/* only the entries that the table has count */
	assert_int_equal(codec->intr_nonstall(buf, 1), OVG_VECTOR_NONE);
	put32(buf, 0, 6);
	assert_int_equal(codec->intr_nonstall(buf, 1), 4);
	/* the last there can be */
	put_intr(buf, 127, 15, 77);
	put32(buf, 0, 127);
	assert_int_equal(codec->intr_nonstall(buf, 9), OVG_VECTOR_NONE);
	put32(buf, 0, 128);
	assert_int_equal(codec->intr_check(buf), 0);
	assert_int_equal(codec->intr_nonstall(buf, 9), 77);
	put32(buf, 0, 129);
	assert_int_equal(codec->intr_check(buf), -EPROTO);
	put32(buf, 0, 0xffffffff);
	assert_int_equal(codec->intr_check(buf), -EPROTO);
	free(buf);
}

static void test_vmmu_segment(void **state)
{
	static const struct {
		u64 bytes;
		int ret;
	} sizes[] = {
		{ 0, -EPROTO },
		{ 16ULL << 20, -EPROTO },
		{ 32ULL << 20, 0 },
		{ 96ULL << 20, -EPROTO },
		{ 256ULL << 20, 0 },
		{ 512ULL << 20, 0 },
		{ 1ULL << 30, -EPROTO },
		/* all of its 64 bits count */
		{ 1ULL << 40 | 256ULL << 20, -EPROTO },
		{ 1ULL << 40, -EPROTO },
	};
	u8 *buf = zeroed(8);
	u64 bytes;
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(sizes); i++) {
		bytes = 7;
		put64(buf, 0, sizes[i].bytes);
		assert_int_equal(codec->vmmu_segment(buf, &bytes), sizes[i].ret);
		if (!sizes[i].ret)
			assert_int_equal(bytes, sizes[i].bytes);
	}
	free(buf);
}

/* Unit 0 is FB; what the other units say is not asked. */
static void test_ecc(void **state)
{
	u8 *buf = zeroed(rel->ecc);

	(void)state;
	assert_false(codec->ecc_enabled(buf));
	memset(buf + 1, 0xff, rel->ecc - 1);
	assert_false(codec->ecc_enabled(buf));
	memset(buf, 0, rel->ecc);
	put8(buf, 0, 1);
	assert_true(codec->ecc_enabled(buf));
	free(buf);
}

static void test_mthdbuf(void **state)
{
	u8 *buf = zeroed(4);
	u32 bytes;

	(void)state;
	assert_int_equal(codec->mthdbuf(buf, &bytes), -EPROTO);
	put32(buf, 0, 0x5000);
	assert_int_equal(codec->mthdbuf(buf, &bytes), 0);
	assert_int_equal(bytes, 0x5000);
	put32(buf, 0, 1 << 20);
	assert_int_equal(codec->mthdbuf(buf, &bytes), 0);
	put32(buf, 0, (1 << 20) + 1);
	assert_int_equal(codec->mthdbuf(buf, &bytes), -EPROTO);
	put32(buf, 0, 0x80000000);
	assert_int_equal(codec->mthdbuf(buf, &bytes), -EPROTO);
	free(buf);
}

/*
 * An event says two numbers, in its first 8 bytes.  One that is shorter than its
 * structure is refused; one that is longer is not, something may be behind it.
 */
static void check_event(int (*decode)(const void *payload, size_t len, u32 *a, u32 *b),
			size_t size)
{
	u8 payload[64], *cut;
	u32 a, b;
	size_t n;

	memset(payload, 0xee, sizeof(payload));
	put32(payload, 0, 11);
	put32(payload, 4, 2047);
	for (n = 0; n <= sizeof(payload); n++) {
		a = 0;
		b = 0;
		cut = exact(payload, n);
		assert_int_equal(decode(cut, n, &a, &b), n < size ? -EPROTO : 0);
		assert_int_equal(a, n < size ? 0 : 11);
		assert_int_equal(b, n < size ? 0 : 2047);
		free(cut);
	}
}

static int rc_event(const void *payload, size_t len, u32 *engine, u32 *chid)
{
	struct ovg_rc rc;
	int ret = codec->rc(payload, len, &rc);

	if (!ret) {
		*engine = rc.engine;
		*chid = rc.chid;
	}
	return ret;
}

static void test_events(void **state)
{
	(void)state;
	check_event(rc_event, rel->rc);
	check_event(codec->plugin, 8);
}

/* Whose channel it was, which only 570 tells, and what it did. */
static void test_rc_gfid(void **state)
{
	struct ovg_rc rc = { 0 };
	u8 payload[48] = { 0 };

	(void)state;
	put32(payload, 8, 7);
	put32(payload, 16, 31);
	assert_int_equal(codec->rc(payload, rel->rc, &rc), 0);
	assert_int_equal(rc.gfid, rel->rc_has_gfid ? 7 : 0);
	assert_int_equal(rc.code, rel->rc_has_gfid ? 31 : 7);
}

/* An event object and its switch */
static void test_event_object(void **state)
{
	u8 *p;

	(void)state;
	assert_int_equal(codec->event_class, 0x7e);
	assert_int_equal(codec->event_size, 24);
	p = zeroed(24);
	codec->event(p, 0xc1d00001, codec->notify_ecc_uncorrected);
	assert_int_equal(get32(p, 0), 0xc1d00001);
	assert_int_equal(get32(p, 4), 0);
	assert_int_equal(get32(p, 8), 0x7e);
	assert_int_equal(get32(p, 12), 0x04000070);
	free(p);

	assert_int_equal(codec->notify_cmd, 0x20800301);
	assert_int_equal(codec->notify_size, 20);
	p = zeroed(20);
	codec->notify(p, codec->notify_ecc_corrected, true);
	assert_int_equal(get32(p, 0), 111);
	assert_int_equal(get32(p, 4), 2);
	codec->notify(p, codec->notify_ecc_corrected, false);
	assert_int_equal(get32(p, 4), 0);
	free(p);
}

/* POST_EVENT: 32 bytes, but its data begin at 29.  Sizes are GSP's word. */
static void test_post(void **state)
{
	u8 payload[64] = { 0 }, *cut;
	struct ovg_notification n;
	u64 address = 0x123456789aULL;
	size_t len;

	(void)state;
	put32(payload, 0, 0xc1d00001);
	put32(payload, 4, 0xe7);
	put32(payload, 8, 112);
	put32(payload, 24, 8);
	memcpy(payload + 29, &address, 8);
	for (len = 0; len <= sizeof(payload); len++) {
		cut = exact(payload, len);
		if (len < 37) {
			assert_int_equal(codec->post(cut, len, &n), -EPROTO);
		} else {
			assert_int_equal(codec->post(cut, len, &n), 0);
			assert_int_equal(n.h_client, 0xc1d00001);
			assert_int_equal(n.h_event, 0xe7);
			assert_int_equal(n.index, 112);
			assert_true(inside(n.data, n.size, cut, len));
			address = 0;
			assert_true(codec->ecc_address(&n, &address));
			assert_int_equal(address, 0x123456789aULL);
		}
		free(cut);
	}
	put32(payload, 24, 7);
	assert_int_equal(codec->post(payload, 40, &n), 0);
	assert_false(codec->ecc_address(&n, &address));
	put32(payload, 24, 8);
	put32(payload, 8, 111);
	assert_int_equal(codec->post(payload, 40, &n), 0);
	assert_false(codec->ecc_address(&n, &address));
	put32(payload, 24, 0xffffffff);
	assert_int_equal(codec->post(payload, sizeof(payload), &n), -EPROTO);
}

/* A test once for each release */
#define EACH(f) \
	{ #f " 535.113.01", f, setup, NULL, (void *)&r535 }, \
	{ #f " 570.144", f, setup, NULL, (void *)&r570 }

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_numbers),
		EACH(test_client),
		EACH(test_device),
		EACH(test_vaspace),
		EACH(test_channel),
		EACH(test_ce_bind_schedule),
		EACH(test_server_pdes),
		EACH(test_engine_types),
		EACH(test_devices),
		EACH(test_interrupts),
		EACH(test_vmmu_segment),
		EACH(test_ecc),
		EACH(test_mthdbuf),
		EACH(test_events),
		EACH(test_event_object),
		EACH(test_post),
		EACH(test_rc_gfid),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
