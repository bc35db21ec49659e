// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vGPU controls and messages to plugin tasks, byte by byte, in each release.
 * Sizes, offsets and numbers are literal, as NVIDIA's headers have them
 * (tests/abi/RELEASE.tsv).
 */
#include "unit.h"
#include "vgpu_codec.h"

#define CTRL		512

struct release {
	const char *version;
	u32 info;
	u32 add_types;
	u32 bootload;
	u32 engines;		/* engine types that it knows */
	u32 fb_segments;	/* offsets in bootload */
	u32 fb_addr;
	u32 fb_length;
	u32 heap;
	u32 kernel_log;		/* 0: there is none */
	u32 config;
	u32 uvm;		/* offsets in config */
	u32 interrupt_optimization;
	u32 migration;
	u32 console_vnc;
	u32 non_stall_events;
	u32 placement;		/* 0: there is none */
	u32 comm;		/* the plugin's communication area */
	u32 processed;
	u32 result;
};

static const struct release r535 = {
	.version = "535.113.01",
	.info = 4952,
	.add_types = 316936,
	.bootload = 6496,
	.engines = 62,
	.fb_segments = 280,
	.fb_addr = 288,
	.fb_length = 3360,
	.heap = 6432,
	.config = 88,
	.uvm = 74,
	.interrupt_optimization = 75,
	.migration = 76,
	.console_vnc = 78,
	.non_stall_events = 79,
	.comm = 0x264000,
	.processed = 0x1000,
	.result = 0x1004,
};

static const struct release r570 = {
	.version = "570.144",
	.info = 5224,
	.add_types = 334344,
	.bootload = 6616,
	.engines = 84,
	.fb_segments = 368,
	.fb_addr = 376,
	.fb_length = 3448,
	.heap = 6520,
	.kernel_log = 6576,
	.config = 112,
	.uvm = 75,
	.interrupt_optimization = 76,
	.migration = 77,
	.console_vnc = 79,
	.non_stall_events = 80,
	.placement = 84,
	.comm = 0x274000,
	.processed = 0x1004,
	.result = 0x1008,
};

static const struct release *rel;
static const struct ovg_vgpu_codec *codec;

static int setup(void **state)
{
	rel = *state;
	codec = ovg_vgpu_codec_find(rel->version);
	return codec ? 0 : -1;
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(codec->cmd_bootload, 0x20804001);
	assert_int_equal(codec->cmd_shutdown, 0x20804002);
	assert_int_equal(codec->cmd_add_types, 0x20804003);
	assert_int_equal(codec->cmd_cleanup, 0x20804008);
	assert_int_equal(codec->cmd_features, 0x20803601);
	assert_int_equal(codec->bootload_size, rel->bootload);
	assert_int_equal(codec->add_types_size, rel->add_types);
	assert_int_equal(codec->info_size, rel->info);
	assert_int_equal(codec->gfid_size, 4);
	assert_int_equal(codec->features_size, 72);
	assert_int_equal(codec->config_size, rel->config);
	assert_int_equal(codec->bme_size, 2);
	assert_int_equal(codec->info_signature_offset, 68);
	assert_int_equal(codec->info_signature_size, 128);
	assert_int_equal(codec->message(OVG_PLUGIN_VERSION), 1);
	assert_int_equal(codec->message(OVG_PLUGIN_CONFIG), 2);
	assert_int_equal(codec->message(OVG_PLUGIN_RESET), 3);
	assert_int_equal(codec->message(OVG_PLUGIN_BME), 13);
}

static void test_layout(void **state)
{
	const struct ovg_plugin_layout *l = &codec->layout;

	(void)state;
	assert_int_equal(l->comm_size, rel->comm);
	assert_int_equal(l->ctrl, 0);
	assert_int_equal(l->ctrl_size, CTRL);
	assert_int_equal(l->message_type, 4);
	assert_int_equal(l->seq, 8);
	assert_int_equal(l->response, 0x1000);
	assert_int_equal(l->processed, rel->processed);
	assert_int_equal(l->result, rel->result);
	assert_int_equal(l->surface, 0x1018);
	assert_int_equal(l->surface_size, rel->comm == 0x264000 ? 80 : 61);
	assert_int_equal(l->message, 0x2000);
	assert_int_equal(l->message_size, 0x1000);
	assert_int_equal(l->error_log, 0x203000);
	assert_int_equal(l->error_log_size, 0x1000);
	assert_int_equal(l->init_log, 0x204000);
	assert_int_equal(l->init_log_size, 0x20000);
	assert_int_equal(l->vgpu_log, 0x224000);
	assert_int_equal(l->vgpu_log_size, 0x40000);
	assert_int_equal(l->boot_magic, 0x4e654a6f);
	/* each message has room */
	assert_true(codec->config_size <= l->message_size);
	assert_true(codec->bme_size <= l->message_size);
}

/* With the last engine type that the release knows */
static struct ovg_bootload sample(void)
{
	struct ovg_bootload in = {
		.dbdf = 0x0001c10c,
		.gfid = 7,
		.vgpu_type = 874,
		.vm_pid = 4321,
		.num_channels = 128,
		.num_plugin_channels = 3,
		/* GR0, COPY0, COPY2 */
		.engines = { [0] = 1 << 1, [1] = 1 << 1 | 1 << 3 },
		.chid_offset = 256,
		.fb_addr = 0x110000000,
		.fb_length = 0xf0000000,
		.heap_addr = 0xb00000000,
		.heap_length = 32 << 20,
	};
	u32 last = rel->engines - 1;

	in.engines[last / 8] |= 1 << last % 8;
	return in;
}

static void test_bootload(void **state)
{
	u8 *buf = zeroed(rel->bootload), *want = zeroed(rel->bootload);
	struct ovg_bootload in = sample();

	(void)state;
	put32(want, 0, 0x0001c10c);
	put32(want, 4, 7);
	put32(want, 8, 874);
	put32(want, 12, 4321);
	put32(want, 16, 0xffffffff);
	put32(want, 20, 128);
	put32(want, 24, 3);
	put32(want, 28 + 4 * 1, 256);
	put32(want, 28 + 4 * 9, 256);
	put32(want, 28 + 4 * 11, 256);
	put32(want, 28 + 4 * (rel->engines - 1), 256);
	put32(want, rel->fb_segments, 1);
	put64(want, rel->fb_addr, 0x110000000);
	put64(want, rel->fb_length, 0xf0000000);
	put64(want, rel->heap, 0xb00000000);
	put64(want, rel->heap + 8, 32 << 20);
	put64(want, rel->heap + 16, 0);
	put64(want, rel->heap + 24, 0xb00204000);
	put64(want, rel->heap + 32, 0x20000);
	put64(want, rel->heap + 40, 0xb00224000);
	put64(want, rel->heap + 48, 0x40000);
	if (rel->kernel_log) {
		put64(want, rel->kernel_log, 0xb00264000);
		put64(want, rel->kernel_log + 8, 0x10000);
	}
	assert_int_equal(codec->bootload(buf, &in), 0);
	assert_memory_equal(buf, want, rel->bootload);
	free(want);
	free(buf);
}

static int bootload(const struct ovg_bootload *in)
{
	u8 *buf = zeroed(rel->bootload);
	int ret = codec->bootload(buf, in);

	free(buf);
	return ret;
}

static void test_bootload_refused(void **state)
{
	struct ovg_bootload in;
	u32 i;

	(void)state;
	in = sample();
	in.gfid = 0;		/* the host itself */
	assert_int_equal(bootload(&in), -EINVAL);
	in = sample();
	in.num_channels = 0;
	assert_int_equal(bootload(&in), -EINVAL);
	in = sample();
	in.fb_length = 0;
	assert_int_equal(bootload(&in), -EINVAL);
	in = sample();
	in.heap_length = rel->comm - 1;
	assert_int_equal(bootload(&in), -EINVAL);
	in.heap_length = rel->comm;
	assert_int_equal(bootload(&in), 0);
	for (i = 0; i < OVG_CODEC_ENGINES; i++) {
		in = sample();
		memset(in.engines, 0, sizeof(in.engines));
		in.engines[i / 8] = 1 << i % 8;
		assert_int_equal(bootload(&in), i < rel->engines ? 0 : -EINVAL);
	}
	memset(in.engines, 0xff, sizeof(in.engines));
	assert_int_equal(bootload(&in), -EINVAL);
}

/* The table may have any number of engines; nothing is written behind it. */
static void test_bootload_chids(void **state)
{
	static const u32 counts[] = { 0, 1, 7, 8, 62, 84, 127, 128 };
	struct ovg_bootload in = { .chid_offset = 0x700 };
	u32 *table, i, n, e;

	(void)state;
	for (n = 0; n < OVG_ARRAY_SIZE(counts); n++) {
		u32 count = counts[n];

		for (e = 0; e < OVG_CODEC_ENGINES; e++) {
			table = malloc(count ? count * 4 : 1);
			assert_non_null(table);
			memset(table, 0x5a, count * 4);
			memset(in.engines, 0, sizeof(in.engines));
			in.engines[e / 8] = 1 << e % 8;
			assert_int_equal(ovg_bootload_chids(&in, table, count),
					 e < count ? 0 : -EINVAL);
			for (i = 0; i < count; i++)
				assert_int_equal(table[i], i == e ? 0x700 : 0x5a5a5a5a);
			free(table);
		}
	}
}

static void test_gfid(void **state)
{
	u8 *buf = zeroed(4);

	(void)state;
	codec->gfid(buf, 0x01020304);
	assert_int_equal(get32(buf, 0), 0x01020304);
	free(buf);
}

static void test_features_version(void **state)
{
	u8 *buf = zeroed(72);
	const char *version;

	(void)state;
	put32(buf, 0, 0xffffffff);
	put8(buf, 4, 1);
	memcpy(buf + 6, rel->version, strlen(rel->version) + 1);
	version = codec->features_version(buf);
	assert_ptr_equal(version, buf + 6);
	assert_string_equal(version, rel->version);
	memset(buf + 6, '5', 63);
	assert_non_null(codec->features_version(buf));
	/* the padding behind it is no part of it, zero as it is */
	put8(buf, 69, '5');
	assert_null(codec->features_version(buf));
	free(buf);
}

static void test_ctrl(void **state)
{
	u8 *buf = zeroed(CTRL), want[CTRL] = { 0 };

	(void)state;
	put32(want, 0, 1);
	put64(want, 16, 0x1000);
	put64(want, 24, 0x2000);
	put64(want, 32, 0x3000);
	put64(want, 40, 0x203000);
	put32(want, 60, 1);
	codec->ctrl(buf);
	assert_memory_equal(buf, want, CTRL);
	free(buf);
}

static void test_config(void **state)
{
	const u32 flags[] = {
		rel->uvm, rel->interrupt_optimization, rel->migration, rel->console_vnc,
		rel->non_stall_events,
	};
	struct ovg_plugin_config in = {
		.uuid = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
		.dbdf = 0x0001c10c,
		.instance_id = 0xc1d00007,
		.vgpu_type = 874,
		.vm_pid = 4321,
		.num_channels = 128,
		.num_plugin_channels = 3,
		.page_size = 0x100001000,
		.placement_id = 0x1234,
	};
	u8 *buf = zeroed(rel->config), *want = zeroed(rel->config);
	size_t i;

	(void)state;
	for (i = 0; i < 16; i++)
		want[i] = i + 1;
	put32(want, 16, 0x0001c10c);
	put32(want, 20, 0);
	put32(want, 24, 0xc1d00007);
	put32(want, 28, 874);
	put32(want, 32, 4321);
	put32(want, 36, 0xffffffff);
	put32(want, 40, 128);
	put32(want, 44, 3);
	put32(want, 52, 0x4000);
	put32(want, 56, 4);
	put32(want, 60, 2);
	put64(want, 64, 0x100001000);
	if (rel->placement)
		put16(want, rel->placement, 0x1234);
	codec->config(buf, &in);
	assert_memory_equal(buf, want, rel->config);

	in.aarch64 = true;
	put32(want, 60, 1);
	for (i = 0; i < OVG_ARRAY_SIZE(flags); i++) {
		memset(buf, 0, rel->config);
		in.uvm = i == 0;
		in.interrupt_optimization = i == 1;
		in.migration = i == 2;
		in.console_vnc = i == 3;
		in.non_stall_events = i == 4;
		put8(want, flags[i], 1);
		codec->config(buf, &in);
		assert_memory_equal(buf, want, rel->config);
		put8(want, flags[i], 0);
	}
	free(want);
	free(buf);
}

static void test_bme(void **state)
{
	u8 *buf = zeroed(2);

	(void)state;
	codec->bme(buf, true);
	assert_int_equal(get16(buf, 0), 1);
	codec->bme(buf, false);
	assert_int_equal(get16(buf, 0), 0);
	free(buf);
}

static const struct ovg_vgpu_type l40_4q = {
	.id = 874, .name = "NVIDIA L40-4Q", .class = "Quadro", .max_instance = 12,
	.num_heads = 4, .max_x = 7680, .max_y = 4320, .ecc = true, .device_id = 0x26b5,
	.subsystem_id = 0x1772, .pdev_id = 0x26b6, .profile_size = 0x100000000,
	.fb_length = 0xec000000, .gsp_heap_size = 0x2000000, .fb_reservation = 0x14000000,
	.bar1_length = 256 << 20,
};

static void test_info(void **state)
{
	struct ovg_type_extra extra = {
		.licenses = "GRID-Virtual-WS,2.0", .cuda = true, .frame_limit = 60,
		.limiter = true, .max_pixels = 58982400, .mappable_video_size = 3 << 20,
		.encoder_capacity = 99, .multi_vgpu = true, .multi_vgpu_exclusive = true,
		.gpu_direct = true, .nvlink_p2p = true,
	};
	u8 *buf = zeroed(rel->info), *want = zeroed(rel->info);
	char longer[300];

	(void)state;
	put32(want, 0, 874);
	memcpy(want + 4, "NVIDIA L40-4Q", 13);
	memcpy(want + 36, "Quadro", 6);
	memcpy(want + 196, "GRID-Virtual-WS,2.0", 19);
	put32(want, 324, 12);
	put32(want, 328, 4);
	put32(want, 332, 7680);
	put32(want, 336, 4320);
	put32(want, 340, 58982400);
	put32(want, 344, 60);
	put32(want, 348, 1);
	put32(want, 352, 1);
	put64(want, 368, 0x26b51772);
	put64(want, 376, 0x26b6);
	put64(want, 384, 0x100000000);
	put64(want, 392, 0xec000000);
	put64(want, 400, 0x2000000);
	put64(want, 408, 0x14000000);
	put32(want, 360, 1);
	put64(want, 416, 3 << 20);
	put32(want, 424, 99);
	put64(want, 432, 256);
	put32(want, 440, 1);
	put32(want, 4928, 1);
	put32(want, 4932, 1);
	put32(want, 4936, 1);
	codec->info(buf, &l40_4q, &extra);
	assert_memory_equal(buf, want, rel->info);

	/* a text that is too long is cut, and ends */
	memset(longer, 'L', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	extra.licenses = longer;
	extra.cuda = false;
	extra.limiter = false;
	extra.multi_vgpu = false;
	extra.multi_vgpu_exclusive = false;
	extra.gpu_direct = false;
	extra.nvlink_p2p = false;
	memset(buf, 0, rel->info);
	memset(want + 196, 'L', 127);
	put32(want, 348, 0);
	put32(want, 360, 0);
	put32(want, 440, 0);
	put32(want, 4928, 0);
	put32(want, 4932, 0);
	put32(want, 4936, 0);
	codec->info(buf, &l40_4q, &extra);
	assert_memory_equal(buf, want, rel->info);
	free(want);
	free(buf);
}

static void test_add_types(void **state)
{
	static const u32 counts[] = { 1, 2, 63, 64 };
	u8 *infos = malloc(64 * rel->info), *buf, *want;
	u32 seed = 71;
	size_t i;

	(void)state;
	rnd_fill(&seed, infos, 64 * rel->info);
	for (i = 0; i < OVG_ARRAY_SIZE(counts); i++) {
		buf = zeroed(rel->add_types);
		want = zeroed(rel->add_types);
		put8(want, 0, 1);
		put32(want, 4, counts[i]);
		memcpy(want + 8, infos, counts[i] * rel->info);
		codec->add_types(buf, infos, counts[i]);
		assert_memory_equal(buf, want, rel->add_types);
		assert_int_equal(codec->add_types_count(buf), counts[i]);
		free(want);
		free(buf);
	}
	buf = zeroed(rel->add_types);
	assert_int_equal(codec->add_types_count(buf), -EINVAL);
	put32(buf, 4, 65);
	assert_int_equal(codec->add_types_count(buf), -EINVAL);
	put32(buf, 4, 0xffffffff);
	assert_int_equal(codec->add_types_count(buf), -EINVAL);
	free(buf);
	free(infos);
}

static void test_doorbell(void **state)
{
	(void)state;
	assert_int_equal(ovg_plugin_doorbell_value(0), 17);
	assert_int_equal(ovg_plugin_doorbell_value(1), 32 + 17);
	assert_int_equal(ovg_plugin_doorbell_value(32), 32 * 32 + 17);
}

static void test_sched_none(void **state)
{
	(void)state;
	codec = ovg_vgpu_codec_find("535.113.01");
	assert_int_equal(codec->cmd_sched_caps, 0);
	assert_int_equal(codec->cmd_sched_get, 0);
	assert_int_equal(codec->cmd_sched_set, 0);
}

static void test_sched_caps(void **state)
{
	struct ovg_sched_caps caps;
	u8 *p = zeroed(44);

	(void)state;
	codec = ovg_vgpu_codec_find("570.144");
	assert_int_equal(codec->cmd_sched_caps, 0x20801122);
	assert_int_equal(codec->sched_caps_size, 44);
	codec->sched_ask(p, 11);
	assert_int_equal(get32(p, 0), 11);

	put32(p, 4, 2);
	put32(p, 8, 4);
	put32(p, 12, 0);
	put8(p, 16, 1);
	put32(p, 20, 30000000);
	put32(p, 24, 1000000);
	put32(p, 28, 960);
	put32(p, 32, 63);
	put32(p, 36, 60);
	put32(p, 40, 1);
	assert_int_equal(codec->sched_caps(p, &caps), 0);
	assert_int_equal(caps.policies, 1u << OVG_SCHED_BEST_EFFORT | 1u << OVG_SCHED_FIXED_SHARE);
	assert_true(caps.arr);
	assert_int_equal(caps.timeslice_ns.min, 1000000);
	assert_int_equal(caps.timeslice_ns.max, 30000000);
	assert_int_equal(caps.frequency.min, 63);
	assert_int_equal(caps.frequency.max, 960);
	assert_int_equal(caps.avg_factor.min, 1);
	assert_int_equal(caps.avg_factor.max, 60);

	/* other policies have no name, and are not offered */
	put32(p, 4, 1);
	put32(p, 8, 3);
	put32(p, 12, 5);
	put8(p, 16, 0);
	assert_int_equal(codec->sched_caps(p, &caps), 0);
	assert_int_equal(caps.policies, 1u << OVG_SCHED_EQUAL_SHARE);
	assert_false(caps.arr);
	/* ranges the wrong way round */
	put32(p, 24, 30000001);
	assert_int_equal(codec->sched_caps(p, &caps), -EINVAL);
	put32(p, 24, 1000000);
	put32(p, 32, 961);
	assert_int_equal(codec->sched_caps(p, &caps), -EINVAL);
	put32(p, 32, 63);
	put32(p, 40, 61);
	assert_int_equal(codec->sched_caps(p, &caps), -EINVAL);
	free(p);
}

static void test_sched_get(void **state)
{
	static const enum ovg_sched_policy policy[] = {
		OVG_SCHED_UNKNOWN, OVG_SCHED_UNKNOWN, OVG_SCHED_BEST_EFFORT,
		OVG_SCHED_EQUAL_SHARE, OVG_SCHED_FIXED_SHARE, OVG_SCHED_UNKNOWN,
	};
	static const enum ovg_sched_arr arr[] = {
		OVG_SCHED_ARR_DEFAULT, OVG_SCHED_ARR_DISABLE, OVG_SCHED_ARR_ENABLE,
		OVG_SCHED_ARR_DEFAULT,
	};
	struct ovg_sched s = { .frequency = 480 };
	u8 *p = zeroed(20);
	u32 i;

	(void)state;
	codec = ovg_vgpu_codec_find("570.144");
	assert_int_equal(codec->cmd_sched_get, 0x20801120);
	assert_int_equal(codec->sched_get_size, 20);
	put32(p, 12, 2083333);
	put32(p, 16, 33);
	for (i = 0; i < OVG_ARRAY_SIZE(policy); i++) {
		put32(p, 4, i);
		codec->sched_get(p, &s);
		assert_int_equal(s.policy, policy[i]);
	}
	for (i = 0; i < OVG_ARRAY_SIZE(arr); i++) {
		put32(p, 8, i);
		codec->sched_get(p, &s);
		assert_int_equal(s.arr, arr[i]);
	}
	assert_int_equal(s.timeslice_ns, 2083333);
	assert_int_equal(s.avg_factor, 33);
	assert_int_equal(s.frequency, 480);
	free(p);
}

static void test_sched_set(void **state)
{
	struct ovg_sched s = { OVG_SCHED_FIXED_SHARE, OVG_SCHED_ARR_ENABLE, 0, 480, 33 };
	u8 *p = zeroed(24);

	(void)state;
	codec = ovg_vgpu_codec_find("570.144");
	assert_int_equal(codec->cmd_sched_set, 0x20801121);
	assert_int_equal(codec->sched_set_size, 24);
	codec->sched_set(p, 9, &s);
	assert_int_equal(get32(p, 0), 9);
	assert_int_equal(get32(p, 4), 4);
	assert_int_equal(get32(p, 8), 2);
	assert_int_equal(get32(p, 12), 0);
	assert_int_equal(get32(p, 16), 480);
	assert_int_equal(get32(p, 20), 33);

	s = (struct ovg_sched){ OVG_SCHED_EQUAL_SHARE, OVG_SCHED_ARR_DISABLE, 2000000, 0, 0 };
	codec->sched_set(p, 1, &s);
	assert_int_equal(get32(p, 0), 1);
	assert_int_equal(get32(p, 4), 3);
	assert_int_equal(get32(p, 8), 1);
	assert_int_equal(get32(p, 12), 2000000);
	assert_int_equal(get32(p, 16), 0);
	assert_int_equal(get32(p, 20), 0);

	s = (struct ovg_sched){ OVG_SCHED_BEST_EFFORT, OVG_SCHED_ARR_DEFAULT, 0, 0, 0 };
	codec->sched_set(p, 1, &s);
	assert_int_equal(get32(p, 4), 2);
	assert_int_equal(get32(p, 8), 0);
	free(p);
}

/* A test once for each release */
#define EACH(f) \
	{ #f " 535.113.01", f, setup, NULL, (void *)&r535 }, \
	{ #f " 570.144", f, setup, NULL, (void *)&r570 }

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_numbers),
		EACH(test_layout),
		EACH(test_bootload),
		EACH(test_bootload_refused),
		cmocka_unit_test(test_bootload_chids),
		EACH(test_gfid),
		EACH(test_features_version),
		EACH(test_ctrl),
		EACH(test_config),
		EACH(test_bme),
		EACH(test_info),
		EACH(test_add_types),
		cmocka_unit_test(test_doorbell),
		cmocka_unit_test(test_sched_none),
		cmocka_unit_test(test_sched_caps),
		cmocka_unit_test(test_sched_get),
		cmocka_unit_test(test_sched_set),
	};

	return cmocka_run_group_tests_name("vgpu_codec", tests, NULL, NULL);
}
