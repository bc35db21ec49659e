// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPCs of boot and RM calls in release 535.113.01, byte by byte.
 */
#include "unit.h"
#include "rpc.h"

static const struct ovg_rpc_codec *codec;

static int setup(void **state)
{
	(void)state;
	codec = ovg_rpc_codec_find("535.113.01");
	return codec ? 0 : -1;
}

static void test_releases(void **state)
{
	(void)state;
	assert_string_equal(codec->version, "535.113.01");
	assert_null(ovg_rpc_codec_find("535.113.0"));
	assert_null(ovg_rpc_codec_find("535.113.011"));
	assert_non_null(ovg_rpc_codec_find("570.144"));
	assert_null(ovg_rpc_codec_find(""));
}

static void test_functions(void **state)
{
	(void)state;
	assert_int_equal(codec->fn_free, 10);
	assert_int_equal(codec->fn_unloading, 47);
	assert_int_equal(codec->fn_static_info, 65);
	assert_int_equal(codec->fn_set_system_info, 72);
	assert_int_equal(codec->fn_set_registry, 73);
	assert_int_equal(codec->fn_rm_control, 76);
	assert_int_equal(codec->fn_rm_alloc, 103);
	assert_int_equal(codec->cmd_intr_table, 0x20800a5c);
	assert_int_equal(codec->system_info_size, 664);
	assert_int_equal(codec->static_info_size, 2168);
	assert_int_equal(codec->unloading_size, 8);
	assert_int_equal(codec->gsp_args_size, 0x50);
	assert_int_equal(codec->intr_table_size, 2068);
	assert_int_equal(codec->rm_alloc_size, 32);
	assert_int_equal(codec->rm_control_size, 24);
	assert_int_equal(codec->rm_free_size, 16);
}

static void test_system_info(void **state)
{
	struct ovg_system_info in = {
		.bar0 = 0x1122334455000000, .bar1 = 0x2233445566000000,
		.bar3 = 0x3344556677000000, .bdf = 0xc5a8, .domain = 0x0001fffe,
		.max_user_va = 0x7ffffffff000, .first_vf_offset = 4,
		.vf_bar = { 0x4455667788000000, 0x5566778899000000, 0x66778899aa000000 },
		.vf_bar_64 = { true, true, true },
	};
	u8 *buf = zeroed(664), *want = zeroed(664);

	(void)state;
	put64(want, 0, 0x1122334455000000);
	put64(want, 8, 0x2233445566000000);
	put64(want, 16, 0x3344556677000000);
	put64(want, 24, 0x0001fffe0000c5a8);
	put64(want, 0x38, 0x7ffffffff000);
	put32(want, 0x40, 0x88000);
	put32(want, 0x44, 0x1000);
	/* without VFs their fields stay zero */
	codec->system_info(buf, &in);
	assert_memory_equal(buf, want, 664);

	memset(buf, 0, 664);
	in.total_vfs = 32;
	put32(want, 624, 32);
	put32(want, 628, 4);
	put64(want, 632, 0x4455667788000000);
	put64(want, 640, 0x5566778899000000);
	put64(want, 648, 0x66778899aa000000);
	put8(want, 656, 1);
	put8(want, 657, 1);
	put8(want, 658, 1);
	codec->system_info(buf, &in);
	assert_memory_equal(buf, want, 664);

	/* each flag is its own byte */
	memset(buf, 0, 664);
	in.vf_bar_64[0] = false;
	in.vf_bar_64[2] = false;
	put8(want, 656, 0);
	put8(want, 658, 0);
	codec->system_info(buf, &in);
	assert_memory_equal(buf, want, 664);
	free(want);
	free(buf);
}

static void put_region(u8 *si, u32 i, u64 base, u64 limit, u64 reserved, u8 protected)
{
	u32 at = 848 + i * 48;

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
	u8 *si = zeroed(2168);

	put32(si, 840, 4);
	put_region(si, 0, 0x1000, 0x1fffff, 0, 0);
	put_region(si, 1, 0x200000, 0x2fffff, 1, 0);
	put_region(si, 2, 0x300000, 0x3fffff, 0, 1);
	put_region(si, 3, 0xb00000000, 0xbffffffff, 0, 0);
	put32(si, 1624, 31);
	put8(si, 1624 + 67, 1);
	put64(si, 1752, 0xc00000000);
	put64(si, 2088, 0x1234567000);
	put64(si, 2096, 0x89abcde000);
	put32(si, 2152, 0xc1d00001);
	put32(si, 2156, 0xde1d0001);
	put32(si, 2160, 0x5d1d0001);
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
	put8(si, 1624 + 67, 0);
	assert_int_equal(codec->static_info(si, &out, &why), 0);
	assert_false(out.sriov_enabled);
	free(si);
}

static int static_info_with(u32 off, u64 value, u32 bytes)
{
	u8 *si = make_static_info();
	struct ovg_static_info out;
	const char *why = NULL;
	int ret;

	memcpy(si + off, &value, bytes);
	ret = codec->static_info(si, &out, &why);
	assert_int_equal(ret, why ? -EPROTO : 0);
	free(si);
	return ret;
}

static void test_static_info_refused(void **state)
{
	(void)state;
	assert_int_equal(static_info_with(840, 0, 4), -EPROTO);
	assert_int_equal(static_info_with(840, 17, 4), -EPROTO);
	assert_int_equal(static_info_with(840, 0xffffffff, 4), -EPROTO);
	/* members that the count takes in are empty and out of order */
	assert_int_equal(static_info_with(840, 16, 4), -EPROTO);
	assert_int_equal(static_info_with(840, 1, 4), 0);
	/* limit before base, overlap, order */
	assert_int_equal(static_info_with(856, 0xfff, 8), -EPROTO);
	assert_int_equal(static_info_with(856, 0x1000, 8), 0);
	assert_int_equal(static_info_with(856, 0x200000, 8), -EPROTO);
	assert_int_equal(static_info_with(848 + 48, 0x1fffff, 8), -EPROTO);
	assert_int_equal(static_info_with(848 + 96, 0x1000, 8), -EPROTO);
	/* up to the end of 64 bits: its size, and its end, would be 0 */
	assert_int_equal(static_info_with(856, UINT64_MAX, 8), -EPROTO);
	assert_int_equal(static_info_with(848 + 3 * 48 + 8, UINT64_MAX, 8), -EPROTO);
	assert_int_equal(static_info_with(2152, 0, 4), -EPROTO);
	assert_int_equal(static_info_with(2160, 0, 4), -EPROTO);
}

/* Nothing that passes leaves the 2168 bytes, or has regions that overlap. */
static void test_static_info_random(void **state)
{
	u32 seed = 43, round, n, i, accepted = 0;
	u8 *good = make_static_info(), *si = exact(good, 2168);
	struct ovg_static_info out;
	const char *why;

	(void)state;
	for (round = 0; round < 50000; round++) {
		for (n = 1 + rnd(&seed) % 3; n; n--)
			si[840 + rnd(&seed) % 200] = rnd(&seed) % 4 ? rnd(&seed) >> 8 : 0xff;
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
		memcpy(si, good, 2168);
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
	u8 *buf = zeroed(0x50), want[0x50] = { 0 };

	(void)state;
	codec->gsp_args(buf, 0x123456789000, 129, 0x1000, 0x41000);
	put64(want, 0, 0x123456789000);
	put32(want, 8, 129);
	put64(want, 16, 0x1000);
	put64(want, 24, 0x41000);
	assert_memory_equal(buf, want, 0x50);
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
	put16(t, 20, 49);
	put32(t, 20 + 4, 1);
	put32(t, 20 + 8, 155);
	put32(t, 20 + 12, 0xffffffff);
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
		0, 76, 0x1000, 0x1003, 0x1004, 0x1005, 0x1008, 0x100b, 0x100d, 0x1010, 0x101d,
		0xffffffff,
	};
	size_t i;

	(void)state;
	assert_int_equal(codec->event(0x1001), OVG_EVENT_INIT_DONE);
	assert_int_equal(codec->event(0x1002), OVG_EVENT_RUN_CPU_SEQUENCER);
	assert_int_equal(codec->event(0x1006), OVG_EVENT_OS_ERROR_LOG);
	assert_int_equal(codec->event(0x100c), OVG_EVENT_LIBOS_PRINT);
	for (i = 0; i < OVG_ARRAY_SIZE(other); i++)
		assert_int_equal(codec->event(other[i]), OVG_EVENT_OTHER);
}

static void test_error_log(void **state)
{
	u8 *log = zeroed(268), *cut;
	u32 xid = 0, chid = 0;
	const char *text;
	size_t n;

	(void)state;
	put32(log, 0, 31);
	put32(log, 4, 2);
	put32(log, 8, 1033);
	memcpy(log + 12, "MMU fault", 9);
	text = codec->error_log(log, 268, &xid, &chid);
	assert_ptr_equal(text, log + 12);
	assert_string_equal(text, "MMU fault");
	assert_int_equal(xid, 31);
	assert_int_equal(chid, 1033);
	for (n = 0; n < 268; n++) {
		cut = exact(log, n);
		assert_null(codec->error_log(cut, n, &xid, &chid));
		free(cut);
	}
	/* the last byte may be the end of the text, no byte behind it */
	memset(log + 12, 'x', 255);
	assert_non_null(codec->error_log(log, 268, &xid, &chid));
	log[267] = 'x';
	assert_null(codec->error_log(log, 268, &xid, &chid));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_releases),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_system_info),
		cmocka_unit_test(test_static_info),
		cmocka_unit_test(test_static_info_refused),
		cmocka_unit_test(test_static_info_random),
		cmocka_unit_test(test_unloading),
		cmocka_unit_test(test_gsp_args),
		cmocka_unit_test(test_interrupt_of_gsp),
		cmocka_unit_test(test_rm_alloc),
		cmocka_unit_test(test_rm_control),
		cmocka_unit_test(test_rm_free),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_error_log),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests_name("rpc", tests, setup, NULL);
}
