// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The core's RM objects in release 535.113.01, byte by byte.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "objects.h"

static const struct ovg_objects_codec *codec;

static u8 buf[4096];

static u32 get32(size_t off)
{
	u32 v;

	memcpy(&v, buf + off, sizeof(v));
	return v;
}

static u64 get64(size_t off)
{
	u64 v;

	memcpy(&v, buf + off, sizeof(v));
	return v;
}

static void put32(size_t off, u32 v)
{
	memcpy(buf + off, &v, sizeof(v));
}

static int setup(void **state)
{
	(void)state;
	memset(buf, 0, sizeof(buf));
	codec = ovg_objects_codec("535.113.01");
	return codec ? 0 : -1;
}

static void test_unknown_release(void **state)
{
	(void)state;
	assert_null(ovg_objects_codec("535.113.02"));
	assert_null(ovg_objects_codec(""));
}

static void test_client_and_device(void **state)
{
	(void)state;
	assert_int_equal(codec->client_size, 108);
	assert_int_equal(codec->device_size, 56);
	assert_int_equal(codec->subdevice_size, 4);
	codec->client(buf, 0xc1d00007);
	assert_int_equal(get32(0), 0xc1d00007);
	assert_int_equal(get32(4), 0xffffffff);
	memset(buf, 0, sizeof(buf));
	codec->device(buf, 0xc1d00007);
	assert_int_equal(get32(0), 0);
	assert_int_equal(get32(4), 0xc1d00007);
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

	(void)state;
	assert_int_equal(codec->channel_size, 360);
	codec->channel(buf, &p);
	assert_int_equal(get64(0x08), 0x123456000);
	assert_int_equal(get32(0x10), 512);
	/* page 255, index 7, page fixed, privileged */
	assert_int_equal(get32(0x14), 0x20 | 7 << 8 | 255 << 12 | 1 << 21);
	assert_int_equal(get32(0x1c), 0x90f10000);
	assert_int_equal(get32(0x80), 11);
	assert_int_equal(get64(0x90), 0xa00000000);
	assert_int_equal(get64(0x98), 0x1000);
	assert_int_equal(get32(0xa0), 2);
	assert_int_equal(get64(0xa8), 0xa00001000);
	assert_int_equal(get64(0xb0), 0x200);
	assert_int_equal(get32(0xb8), 2);
	assert_int_equal(get64(0xc0), 0xa00000000);
	assert_int_equal(get64(0xc8), 0x200);
	assert_int_equal(get64(0xd8), 0xfffff000);
	assert_int_equal(get64(0xe0), 0x5000);
	assert_int_equal(get32(0xe8), 1);
	assert_int_equal(get32(0xf4), 1 | 1 << 2 | 1 << 4);

	memset(buf, 0, sizeof(buf));
	p.chid = 8;
	p.privileged = false;
	codec->channel(buf, &p);
	assert_int_equal(get32(0x14), 1 << 12 | 1 << 21);
	assert_int_equal(get32(0xf4) & 3, 0);
}

static void test_server_pdes(void **state)
{
	struct ovg_server_pdes p = {
		.va = 0x100000000,
		.pd3 = 0x1000,
		.pd2 = 0x2000,
		.pd1 = 0x3000,
	};

	(void)state;
	assert_int_equal(codec->server_pdes_size, 184);
	assert_int_equal(codec->server_pdes_cmd, 0x90f10106);
	codec->server_pdes(buf, &p);
	assert_int_equal(get64(8), 0x20000000);
	assert_int_equal(get64(16), 0x100000000);
	assert_int_equal(get64(24), 0x11fffffff);
	assert_int_equal(get32(32), 3);
	assert_int_equal(get64(40), 0x1000);
	assert_int_equal(get64(48), 0x20);
	assert_int_equal(get32(56), 1);
	assert_int_equal(buf[60], 47);
	assert_int_equal(get64(64), 0x2000);
	assert_int_equal(buf[84], 38);
	assert_int_equal(get64(88), 0x3000);
	assert_int_equal(buf[108], 29);
}

static void put_device(u32 i, u32 rm, u32 runlist)
{
	put32(12 + i * 100 + 2 * 4, rm);
	put32(12 + i * 100 + 3 * 4, runlist);
}

static void test_devices(void **state)
{
	struct ovg_device_entry out[32];
	u32 count;
	bool more;

	(void)state;
	assert_int_equal(codec->devices_size, 3212);
	codec->devices(buf, 32);
	assert_int_equal(get32(0), 32);
	put32(4, 7);
	put_device(0, 0x01, 0);		/* GR0 */
	put_device(1, 0x0b, 1);		/* COPY2 */
	put_device(2, 0x2c, 2);		/* SW */
	put_device(3, 0x1e, 3);		/* NVDEC1 */
	put_device(4, 0x27, 4);		/* NVENC2 */
	put_device(5, 0x3c, 5);		/* NVJPEG7 */
	put_device(6, 0x3d, 6);		/* OFA */
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_int_equal(count, 7);
	assert_false(more);
	assert_int_equal(out[0].type, 1);
	assert_int_equal(out[1].type, 11);
	assert_int_equal(out[1].runlist, 1);
	assert_int_equal(out[2].type, 0);
	assert_int_equal(out[3].type, 0x14);
	assert_int_equal(out[4].type, 0x1d);
	assert_int_equal(out[5].type, 0x32);
	assert_int_equal(out[6].type, 0x33);

	buf[8] = 1;
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_true(more);
	assert_int_equal(codec->devices_get(buf, out, 6, &count, &more), -E2BIG);
	put32(4, 33);
	assert_int_equal(codec->devices_get(buf, out, 64, &count, &more),
			 -EPROTO);
	/* "more" without any entry would never end */
	put32(4, 0);
	assert_int_equal(codec->devices_get(buf, out, 32, &count, &more), 0);
	assert_false(more);
}

static void test_interrupts(void **state)
{
	(void)state;
	assert_int_equal(codec->intr_size, 2068);
	put32(0, 2);
	put32(4, 49);			/* GSP */
	put32(4 + 12, 1);
	put32(20, 17);			/* CE2 */
	put32(20 + 12, 6);
	assert_int_equal(codec->intr_check(buf), 0);
	assert_int_equal(codec->intr_nonstall(buf, 11), 6);
	assert_int_equal(codec->intr_nonstall(buf, 9), OVG_VECTOR_NONE);
	assert_int_equal(codec->intr_nonstall(buf, 0x33), OVG_VECTOR_NONE);
	put32(0, 129);
	assert_int_equal(codec->intr_check(buf), -EPROTO);
}

static void test_board(void **state)
{
	u64 segment;
	u32 bytes;

	(void)state;
	assert_int_equal(codec->vmmu_segment(buf, &segment), -EPROTO);
	put32(0, 256 << 20);
	assert_int_equal(codec->vmmu_segment(buf, &segment), 0);
	assert_int_equal(segment, 256 << 20);
	put32(0, 96 << 20);
	assert_int_equal(codec->vmmu_segment(buf, &segment), -EPROTO);
	put32(0, 1 << 30);
	assert_int_equal(codec->vmmu_segment(buf, &segment), -EPROTO);

	memset(buf, 0, sizeof(buf));
	assert_int_equal(codec->ecc_size, 984);
	assert_false(codec->ecc_enabled(buf));
	buf[0] = 1;
	assert_true(codec->ecc_enabled(buf));

	put32(0, 0);
	assert_int_equal(codec->mthdbuf(buf, &bytes), -EPROTO);
	put32(0, 0x5000);
	assert_int_equal(codec->mthdbuf(buf, &bytes), 0);
	assert_int_equal(bytes, 0x5000);
	put32(0, 0x80000000);
	assert_int_equal(codec->mthdbuf(buf, &bytes), -EPROTO);
}

static void test_events(void **state)
{
	u32 a, b;

	(void)state;
	put32(0, 11);
	put32(4, 2047);
	assert_int_equal(codec->rc(buf, 20, &a, &b), 0);
	assert_int_equal(a, 11);
	assert_int_equal(b, 2047);
	assert_int_equal(codec->rc(buf, 19, &a, &b), -EPROTO);
	assert_int_equal(codec->plugin(buf, 8, &a, &b), 0);
	assert_int_equal(codec->plugin(buf, 7, &a, &b), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_unknown_release, setup),
		cmocka_unit_test_setup(test_client_and_device, setup),
		cmocka_unit_test_setup(test_channel, setup),
		cmocka_unit_test_setup(test_server_pdes, setup),
		cmocka_unit_test_setup(test_devices, setup),
		cmocka_unit_test_setup(test_interrupts, setup),
		cmocka_unit_test_setup(test_board, setup),
		cmocka_unit_test_setup(test_events, setup),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
