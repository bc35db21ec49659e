// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPCs of boot and RM calls, byte by byte, in each release.  Sizes, offsets and
 * numbers are literal, as NVIDIA's headers have them (tests/abi/RELEASE.tsv).
 */
#include "unit.h"
#include "rpc.h"

/* A field of a message; the last of a list has no size */
struct field {
	u32 off;
	u32 bytes;
	u64 value;
};

struct release {
	const char *version;
	u64 heap;
	u32 partitions;
	bool scrubber;
	bool checksum_used;
	u32 system_info;
	u32 vf_info;			/* offset in it */
	u32 flr;			/* offset in it, 0: there is none */
	const struct field *system_info_fields;
	u32 static_info;
	u32 regions;			/* offsets in it */
	u32 sriov_caps;
	u32 fb_length;
	u32 bar1_pde_base;
	u32 handles;
	u32 gsp_args;
	u32 dmem_stack;			/* 0: there is none */
	u32 error_log;
	u32 rc;				/* bytes of RC_TRIGGERED */
	u32 rc_code;			/* where its code is */
	u32 rc_fast_path;		/* the code that is to be acknowledged */
	u16 gsp;			/* MC_ENGINE_IDX_GSP */
	u16 other_gsp;			/* that of the other release */
};

static const struct field system_info_r535[] = {
	{ 0, 8, 0x1122334455000000 },
	{ 8, 8, 0x2233445566000000 },
	{ 16, 8, 0x3344556677000000 },
	{ 24, 8, 0x0001fffe0000c5a8 },
	{ 56, 8, 0x7ffffffff000 },
	{ 64, 4, 0x88000 },
	{ 68, 4, 0x1000 },
	{ 604, 4, 4 },			/* HYPERVISOR_TYPE UNKNOWN */
	{ 0 },
};

static const struct field system_info_r570[] = {
	{ 0, 8, 0x1122334455000000 },
	{ 8, 8, 0x2233445566000000 },
	{ 16, 8, 0x3344556677000000 },
	{ 32, 8, 0x0001fffe0000c5a8 },
	{ 72, 8, 0x7ffffffff000 },
	{ 80, 4, 0x88000 },
	{ 84, 4, 0x1000 },
	{ 88, 4, 0x26b510de },
	{ 92, 4, 0x169d10df },
	{ 96, 4, 0xa1 },
	{ 125, 1, 1 },
	{ 900, 4, 0x0147a104 },
	{ 920, 8, 0x4000 },
	{ 836, 4, 4 },
	{ 0 },
};

static const struct release r535 = {
	.version = "535.113.01",
	.heap = 256 << 20,
	.partitions = 2,
	.system_info = 664,
	.vf_info = 624,
	.system_info_fields = system_info_r535,
	.static_info = 2168,
	.regions = 840,
	.sriov_caps = 1624,
	.fb_length = 1752,
	.bar1_pde_base = 2088,
	.handles = 2152,
	.gsp_args = 80,
	.error_log = 268,
	.rc = 20,
	.rc_code = 8,
	.rc_fast_path = 139,
	.gsp = 49,
	.other_gsp = 50,
};

static const struct release r570 = {
	.version = "570.144",
	.heap = 581 << 20,
	.partitions = 32,
	.scrubber = true,
	.checksum_used = true,
	.system_info = 928,
	.vf_info = 856,
	.flr = 125,
	.system_info_fields = system_info_r570,
	.static_info = 1656,
	.regions = 344,
	.sriov_caps = 1120,
	.fb_length = 1224,
	.bar1_pde_base = 1536,
	.handles = 1600,
	.gsp_args = 72,
	.dmem_stack = 48,
	.error_log = 272,
	.rc = 48,
	.rc_code = 16,
	.rc_fast_path = 141,
	.gsp = 50,
	.other_gsp = 49,
};

static const struct release *rel;
static const struct ovg_rpc_codec *codec;

static int setup(void **state)
{
	rel = *state;
	codec = ovg_rpc_codec_find(rel->version);
	return codec ? 0 : -1;
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(codec->fn_free, 10);
	assert_int_equal(codec->fn_unloading, 47);
	assert_int_equal(codec->fn_rc_ack, 202);
	assert_int_equal(codec->fn_static_info, 65);
	assert_int_equal(codec->fn_set_system_info, 72);
	assert_int_equal(codec->fn_set_registry, 73);
	assert_int_equal(codec->fn_rm_control, 76);
	assert_int_equal(codec->fn_rm_alloc, 103);
	assert_int_equal(codec->cmd_intr_table, 0x20800a5c);
	assert_int_equal(codec->system_info_size, rel->system_info);
	assert_int_equal(codec->static_info_size, rel->static_info);
	assert_int_equal(codec->unloading_size, 8);
	assert_int_equal(codec->gsp_args_size, rel->gsp_args);
	assert_int_equal(codec->intr_table_size, 2068);
	assert_int_equal(codec->rm_alloc_size, 32);
	assert_int_equal(codec->rm_control_size, 24);
	assert_int_equal(codec->rm_free_size, 16);
}

/* How GSP is booted and how its messages are checked */
static void test_boot(void **state)
{
	(void)state;
	assert_int_equal(codec->vgpu_heap_size, rel->heap);
	assert_int_equal(codec->vf_partitions, rel->partitions);
	assert_int_equal(codec->scrubber, rel->scrubber);
	assert_int_equal(codec->checksum_used, rel->checksum_used);
}

static void put_fields(u8 *buf, u32 base, const struct field *f)
{
	for (; f->bytes; f++)
		memcpy(buf + base + f->off, &f->value, f->bytes);
}

static void check_system_info(const struct ovg_system_info *in, const u8 *want)
{
	u8 *buf = zeroed(rel->system_info);

	codec->system_info(buf, in);
	assert_memory_equal(buf, want, rel->system_info);
	free(buf);
}

static void test_system_info(void **state)
{
	static const struct field vf_info[] = {
		{ 0, 4, 32 },
		{ 4, 4, 4 },
		{ 8, 8, 0x4455667788000000 },
		{ 16, 8, 0x5566778899000000 },
		{ 24, 8, 0x66778899aa000000 },
		{ 32, 1, 1 },
		{ 33, 1, 1 },
		{ 34, 1, 1 },
		{ 0 },
	};
	/* 535 has no room for what the PCI function is, 570 has */
	struct ovg_system_info in = {
		.bar0 = 0x1122334455000000, .bar1 = 0x2233445566000000,
		.bar3 = 0x3344556677000000, .bdf = 0xc5a8, .domain = 0x0001fffe,
		.max_user_va = 0x7ffffffff000, .device_id = 0x26b5, .sub_vendor = 0x10df,
		.sub_device = 0x169d, .revision = 0xa1, .flr = true,
		.link_cap = 0x0147a104, .page_size = 0x4000, .first_vf_offset = 4,
		.vf_bar = { 0x4455667788000000, 0x5566778899000000, 0x66778899aa000000 },
		.vf_bar_64 = { true, true, true },
	};
	u8 *want = zeroed(rel->system_info);
	u32 i;

	(void)state;
	/* without VFs their fields stay zero */
	put_fields(want, 0, rel->system_info_fields);
	check_system_info(&in, want);

	in.total_vfs = 32;
	put_fields(want, rel->vf_info, vf_info);
	check_system_info(&in, want);

	/* each flag is its own byte */
	for (i = 0; i < 3; i++) {
		in.vf_bar_64[i] = false;
		put8(want, rel->vf_info + 32 + i, 0);
		check_system_info(&in, want);
		in.vf_bar_64[i] = true;
		put8(want, rel->vf_info + 32 + i, 1);
	}
	if (rel->flr) {
		in.flr = false;
		put8(want, rel->flr, 0);
		check_system_info(&in, want);
	}
	free(want);
}

static void put_region(u8 *si, u32 i, u64 base, u64 limit, u64 reserved, u8 protected)
{
	u32 at = rel->regions + 8 + i * 48;

	put64(si, at, base);
	put64(si, at + 8, limit);
	put64(si, at + 16, reserved);
	put32(si, at + 24, 7);
	put8(si, at + 28, 1);
	put8(si, at + 29, 1);
	put8(si, at + 30, protected);
}

static u8 *make_static_info(void)
{
	u8 *si = zeroed(rel->static_info);

	memset(si, 0xee, rel->static_info);
	memset(si + rel->regions, 0, 776);
	put32(si, rel->regions, 4);
	put_region(si, 0, 0x1000, 0x1fffff, 0, 0);
	put_region(si, 1, 0x200000, 0x2fffff, 1, 0);
	put_region(si, 2, 0x300000, 0x3fffff, 0, 1);
	put_region(si, 3, 0xb00000000, 0xbffffffff, 0, 0);
	put32(si, rel->sriov_caps, 31);
	put8(si, rel->sriov_caps + 67, 1);
	put64(si, rel->fb_length, 0xc00000000);
	put64(si, rel->bar1_pde_base, 0x1234567000);
	put64(si, rel->bar1_pde_base + 8, 0x89abcde000);
	put32(si, rel->handles, 0xc1d00001);
	put32(si, rel->handles + 4, 0xde1d0001);
	put32(si, rel->handles + 8, 0x5d1d0001);
	return si;
}

static void test_static_info(void **state)
{
	u8 *si = make_static_info();
	struct ovg_static_info out;
	const char *why = NULL;
	u32 i;

	(void)state;
	memset(&out, 0xff, sizeof(out));
	assert_int_equal(codec->static_info(si, &out, &why), 0);
	assert_null(why);
	assert_int_equal(out.num_regions, 4);
	assert_int_equal(out.region[0].base, 0x1000);
	assert_int_equal(out.region[0].size, 0x1ff000);
	assert_true(out.region[0].usable);
	assert_int_equal(out.region[1].base, 0x200000);
	assert_int_equal(out.region[1].size, 0x100000);
	assert_false(out.region[1].usable);
	assert_false(out.region[2].usable);
	assert_int_equal(out.region[3].base, 0xb00000000);
	assert_int_equal(out.region[3].size, 0x100000000);
	assert_true(out.region[3].usable);
	for (i = 4; i < OVG_FB_REGIONS; i++)
		assert_int_equal(out.region[i].size, 0);
	assert_int_equal(out.fb_length, 0xc00000000);
	assert_int_equal(out.bar1_pde_base, 0x1234567000);
	assert_int_equal(out.bar2_pde_base, 0x89abcde000);
	assert_int_equal(out.h_client, 0xc1d00001);
	assert_int_equal(out.h_device, 0xde1d0001);
	assert_int_equal(out.h_subdevice, 0x5d1d0001);
	assert_true(out.sriov_enabled);
	assert_int_equal(out.total_vfs, 31);
	/* its neighbours are not zero */
	put8(si, rel->sriov_caps + 67, 0);
	assert_int_equal(codec->static_info(si, &out, &why), 0);
	assert_false(out.sriov_enabled);
	free(si);
}

/* All 16 regions there can be */
static void test_static_info_full(void **state)
{
	u8 *si = make_static_info();
	struct ovg_static_info out;
	const char *why = NULL;
	u32 i;

	(void)state;
	put32(si, rel->regions, 16);
	for (i = 0; i < 16; i++)
		put_region(si, i, (u64)i << 32, ((u64)i << 32) + 0xfffff, i & 1, 0);
	assert_int_equal(codec->static_info(si, &out, &why), 0);
	assert_int_equal(out.num_regions, 16);
	for (i = 0; i < 16; i++) {
		assert_int_equal(out.region[i].base, (u64)i << 32);
		assert_int_equal(out.region[i].size, 0x100000);
		assert_int_equal(out.region[i].usable, !(i & 1));
	}
	assert_int_equal(out.total_vfs, 31);
	free(si);
}

/* Why a reply is refused, NULL when it is not. */
static const char *static_info_with(u32 off, u64 value, u32 bytes)
{
	u8 *si = make_static_info();
	struct ovg_static_info out;
	const char *why = NULL;
	int ret;

	memcpy(si + off, &value, bytes);
	ret = codec->static_info(si, &out, &why);
	assert_int_equal(ret, why ? -EPROTO : 0);
	free(si);
	return why;
}

static void test_static_info_refused(void **state)
{
	static const char number[] = "number of FB regions is out of range";
	static const char order[] = "FB regions overlap or are out of order";
	static const char handles[] = "no internal handles";
	u32 count = rel->regions, base = count + 8, limit = count + 16;

	(void)state;
	assert_string_equal(static_info_with(count, 0, 4), number);
	assert_string_equal(static_info_with(count, 17, 4), number);
	assert_string_equal(static_info_with(count, 0xffffffff, 4), number);
	/* members that the count takes in are empty and out of order */
	assert_string_equal(static_info_with(count, 16, 4), order);
	assert_null(static_info_with(count, 1, 4));
	/* limit before base, overlap, order */
	assert_string_equal(static_info_with(limit, 0xfff, 8), order);
	assert_null(static_info_with(limit, 0x1000, 8));
	assert_string_equal(static_info_with(limit, 0x200000, 8), order);
	assert_string_equal(static_info_with(base + 48, 0x1fffff, 8), order);
	assert_string_equal(static_info_with(base + 96, 0x1000, 8), order);
	/* up to the end of 64 bits: its size, and its end, would be 0 */
	assert_string_equal(static_info_with(limit, UINT64_MAX, 8), order);
	assert_string_equal(static_info_with(limit + 3 * 48, UINT64_MAX, 8), order);
	assert_string_equal(static_info_with(rel->handles, 0, 4), handles);
	assert_string_equal(static_info_with(rel->handles + 8, 0, 4), handles);
}

/* Nothing that passes leaves the reply's bytes, or has regions that overlap. */
static void test_static_info_random(void **state)
{
	u32 seed = 43, round, n, i, accepted = 0, size = rel->static_info;
	u8 *good = make_static_info(), *si = exact(good, size);
	struct ovg_static_info out;
	const char *why;

	(void)state;
	for (round = 0; round < 50000; round++) {
		for (n = 1 + rnd(&seed) % 3; n; n--)
			si[rel->regions + rnd(&seed) % 200] =
				rnd(&seed) % 4 ? rnd(&seed) >> 8 : 0xff;
		if (!codec->static_info(si, &out, &why)) {
			accepted++;
			for (i = 0; i < out.num_regions; i++) {
				assert_true(out.region[i].size);
				assert_true(out.region[i].base + out.region[i].size >
					    out.region[i].base);
				if (i)
					assert_true(out.region[i].base >=
						    out.region[i - 1].base +
						    out.region[i - 1].size);
			}
		}
		memcpy(si, good, size);
	}
	assert_true(accepted > 500 && accepted < round - 500);
	free(si);
	free(good);
}

static void test_unloading(void **state)
{
	u8 *buf = zeroed(8), want[8] = { 0 };

	(void)state;
	codec->unloading(buf, false);
	assert_memory_equal(buf, want, 8);
	codec->unloading(buf, true);
	put8(want, 0, 1);
	put32(want, 4, 3);
	assert_memory_equal(buf, want, 8);
	free(buf);
}

static void test_gsp_args(void **state)
{
	u8 *buf = zeroed(rel->gsp_args), *want = zeroed(rel->gsp_args);

	(void)state;
	codec->gsp_args(buf, 0x123456789000, 129, 0x1000, 0x41000);
	put64(want, 0, 0x123456789000);
	put32(want, 8, 129);
	put64(want, 16, 0x1000);
	put64(want, 24, 0x41000);
	if (rel->dmem_stack)
		put8(want, rel->dmem_stack, 1);
	assert_memory_equal(buf, want, rel->gsp_args);
	free(want);
	free(buf);
}

static void test_interrupt_of_gsp(void **state)
{
	u8 *t = zeroed(2068);
	u32 vector = 77;

	(void)state;
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	put32(t, 0, 3);
	put16(t, 4, 15);
	put32(t, 4 + 8, 5);
	put16(t, 20, rel->gsp);
	put32(t, 20 + 4, 1);
	put32(t, 20 + 8, 155);
	put32(t, 20 + 12, 0xffffffff);
	put16(t, 36, rel->other_gsp);
	put32(t, 36 + 8, 6);
	assert_int_equal(codec->intr_gsp(t, &vector), 0);
	assert_int_equal(vector, 155);
	/* beyond the leaves there are: 8 of 32 */
	put32(t, 20 + 8, 255);
	assert_int_equal(codec->intr_gsp(t, &vector), 0);
	assert_int_equal(vector, 255);
	put32(t, 20 + 8, 256);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	put32(t, 20 + 8, 0xffffffff);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	put32(t, 20 + 8, 155);
	/* only the entries that the table has count */
	put32(t, 0, 1);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	put32(t, 0, 128);
	assert_int_equal(codec->intr_gsp(t, &vector), 0);
	put32(t, 0, 129);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	put32(t, 0, 0xffffffff);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	/* the index that the other release has for GSP is not this one's */
	put32(t, 0, 3);
	put16(t, 20, 0);
	assert_int_equal(codec->intr_gsp(t, &vector), -EPROTO);
	free(t);
}

static void test_rm_alloc(void **state)
{
	u8 *buf = zeroed(32), want[32] = { 0 };

	(void)state;
	codec->rm_alloc(buf, 0xc1d00001, 0xaaaa0001, 0xbbbb0002, 0xc56f, 360);
	put32(want, 0, 0xc1d00001);
	put32(want, 4, 0xaaaa0001);
	put32(want, 8, 0xbbbb0002);
	put32(want, 12, 0xc56f);
	put32(want, 20, 360);
	assert_memory_equal(buf, want, 32);
	assert_int_equal(codec->rm_alloc_status(buf), 0);
	put32(buf, 16, 0x1a);
	assert_int_equal(codec->rm_alloc_status(buf), 0x1a);
	free(buf);
}

static void test_rm_control(void **state)
{
	u8 *buf = zeroed(24), want[24] = { 0 };

	(void)state;
	codec->rm_control(buf, 0xc1d00001, 0xaaaa0001, 0x20804001, 6496);
	put32(want, 0, 0xc1d00001);
	put32(want, 4, 0xaaaa0001);
	put32(want, 8, 0x20804001);
	put32(want, 16, 6496);
	assert_memory_equal(buf, want, 24);
	assert_int_equal(codec->rm_control_status(buf), 0);
	put32(buf, 12, 0xffff);
	assert_int_equal(codec->rm_control_status(buf), 0xffff);
	free(buf);
}

static void test_rm_free(void **state)
{
	u8 *buf = zeroed(16), want[16] = { 0 };

	(void)state;
	codec->rm_free(buf, 0xc1d00001, 0xbbbb0002);
	put32(want, 0, 0xc1d00001);
	put32(want, 8, 0xbbbb0002);
	assert_memory_equal(buf, want, 16);
	free(buf);
}

static void test_events(void **state)
{
	static const u32 other[] = {
		0, 76, 0x1000, 0x1003, 0x1004, 0x1005, 0x1008, 0x100b, 0x100d, 0x1010, 0x101c, 0x101d,
		0xffffffff,
	};
	size_t i;

	(void)state;
	assert_int_equal(codec->event(0x1001, NULL, 0), OVG_EVENT_INIT_DONE);
	assert_int_equal(codec->event(0x1002, NULL, 0), OVG_EVENT_RUN_CPU_SEQUENCER);
	assert_int_equal(codec->event(0x1006, NULL, 0), OVG_EVENT_OS_ERROR_LOG);
	assert_int_equal(codec->event(0x100c, NULL, 0), OVG_EVENT_LIBOS_PRINT);
	for (i = 0; i < OVG_ARRAY_SIZE(other); i++)
		assert_int_equal(codec->event(other[i], NULL, 0), OVG_EVENT_OTHER);
}

/* The RC that GSP waits for, among those that it does not */
static void test_rc_fast_path(void **state)
{
	u8 *rc = zeroed(rel->rc), *cut = zeroed(rel->rc - 1);
	u32 i;

	(void)state;
	for (i = 0; i < 256; i++) {
		put32(rc, rel->rc_code, i);
		assert_int_equal(codec->event(0x1004, rc, rel->rc),
				 i == rel->rc_fast_path ? OVG_EVENT_RC_FAST_PATH : OVG_EVENT_OTHER);
	}
	/* The code in another place, in another event, in one that is cut. */
	for (i = 0; i < rel->rc; i += 4) {
		memset(rc, 0, rel->rc);
		put32(rc, i, rel->rc_fast_path);
		assert_int_equal(codec->event(0x1004, rc, rel->rc),
				 i == rel->rc_code ? OVG_EVENT_RC_FAST_PATH : OVG_EVENT_OTHER);
		assert_int_equal(codec->event(0x1003, rc, rel->rc), OVG_EVENT_OTHER);
	}
	memset(rc, 0, rel->rc);
	put32(rc, rel->rc_code, rel->rc_fast_path);
	memcpy(cut, rc, rel->rc - 1);
	assert_int_equal(codec->event(0x1004, cut, rel->rc - 1), OVG_EVENT_OTHER);
	free(cut);
	free(rc);
}

static void test_error_log(void **state)
{
	u8 *log = zeroed(rel->error_log), *cut;
	u32 xid = 0, chid = 0;
	const char *text;
	size_t n;

	(void)state;
	put32(log, 0, 31);
	put32(log, 4, 2);
	put32(log, 8, 1033);
	memcpy(log + 12, "MMU fault", 9);
	text = codec->error_log(log, rel->error_log, &xid, &chid);
	assert_ptr_equal(text, log + 12);
	assert_string_equal(text, "MMU fault");
	assert_int_equal(xid, 31);
	assert_int_equal(chid, 1033);
	for (n = 0; n < rel->error_log; n++) {
		cut = exact(log, n);
		assert_null(codec->error_log(cut, n, &xid, &chid));
		free(cut);
	}
	/* the last byte may be the end of the text, no byte behind it */
	memset(log + 12, 'x', 255);
	assert_non_null(codec->error_log(log, rel->error_log, &xid, &chid));
	log[267] = 'x';
	assert_null(codec->error_log(log, rel->error_log, &xid, &chid));
	free(log);
}

static void test_registry(void **state)
{
	static const struct ovg_registry_key keys[] = {
		{ "RMSetSriovMode", 1 },
		{ "x", 0xdeadbeef },
		{ "", 3 },
	};
	u8 want[8 + 48 + 15 + 2 + 1] = { 0 }, *buf;
	u32 size;

	(void)state;
	put32(want, 0, sizeof(want));
	put32(want, 4, 3);
	put32(want, 8, 56);
	put8(want, 12, 1);
	put32(want, 16, 1);
	put32(want, 20, 4);
	put32(want, 24, 71);
	put8(want, 28, 1);
	put32(want, 32, 0xdeadbeef);
	put32(want, 36, 4);
	put32(want, 40, 73);
	put8(want, 44, 1);
	put32(want, 48, 3);
	put32(want, 52, 4);
	memcpy(want + 56, "RMSetSriovMode", 15);
	memcpy(want + 71, "x", 2);

	size = ovg_registry_size(keys, 3);
	assert_int_equal(size, sizeof(want));
	buf = malloc(size);
	memset(buf, 0xff, size);
	ovg_registry_pack(buf, keys, 3);
	assert_memory_equal(buf, want, size);

	assert_int_equal(ovg_registry_size(NULL, 0), 8);
	ovg_registry_pack(buf, NULL, 0);
	assert_int_equal(get32(buf, 0), 8);
	assert_int_equal(get32(buf, 4), 0);
	free(buf);
}

static void test_status(void **state)
{
	static const struct {
		u32 status;
		int err;
		const char *name;
	} some[] = {
		{ 0x00, 0, "NV_OK" },
		{ 0x03, -EAGAIN, "NV_ERR_BUSY_RETRY" },
		{ 0x0f, -ENODEV, "NV_ERR_GPU_IS_LOST" },
		{ 0x17, -EBUSY, "NV_ERR_IN_USE" },
		{ 0x1a, -ENOSPC, "NV_ERR_INSUFFICIENT_RESOURCES" },
		{ 0x1b, -EPERM, "NV_ERR_INSUFFICIENT_PERMISSIONS" },
		{ 0x1f, -EINVAL, "NV_ERR_INVALID_ARGUMENT" },
		{ 0x51, -ENOMEM, "NV_ERR_NO_MEMORY" },
		{ 0x56, -EOPNOTSUPP, "NV_ERR_NOT_SUPPORTED" },
		{ 0x57, -ENOENT, "NV_ERR_OBJECT_NOT_FOUND" },
		{ 0x65, -ETIMEDOUT, "NV_ERR_TIMEOUT" },
		{ 0x73, -EACCES, "NV_ERR_INVALID_LICENSE" },
		{ 0xffff, -EIO, "NV_ERR_GENERIC" },
		{ 0x01, -EIO, "unknown" },
		{ 0xffffffff, -EIO, "unknown" },
	};
	size_t i;
	u32 s;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(some); i++) {
		assert_int_equal(ovg_rm_status_errno(some[i].status), some[i].err);
		assert_string_equal(ovg_rm_status_name(some[i].status), some[i].name);
	}
	/* nothing but 0 is success */
	for (s = 1; s < 0x20000; s++)
		assert_true(ovg_rm_status_errno(s) < 0);
}

/* A test once for each release */
#define EACH(f) \
	{ #f " 535.113.01", f, setup, NULL, (void *)&r535 }, \
	{ #f " 570.144", f, setup, NULL, (void *)&r570 }

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_numbers),
		EACH(test_boot),
		EACH(test_system_info),
		EACH(test_static_info),
		EACH(test_static_info_full),
		EACH(test_static_info_refused),
		EACH(test_static_info_random),
		EACH(test_unloading),
		EACH(test_gsp_args),
		EACH(test_interrupt_of_gsp),
		EACH(test_rm_alloc),
		EACH(test_rm_control),
		EACH(test_rm_free),
		EACH(test_events),
		EACH(test_rc_fast_path),
		EACH(test_error_log),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests_name("rpc", tests, NULL, NULL);
}
