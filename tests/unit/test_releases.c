// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The releases: their order, and that the three kinds of codecs are of the same.
 */
#include "unit.h"
#include "objects.h"
#include "releases.h"
#include "rpc.h"
#include "vgpu_codec.h"

static const char *const versions[] = { "570.144", "535.113.01" };

static const struct ovg_rpc_codec *const rpc[] = OVG_RELEASE_CODECS(rpc);
static const struct ovg_objects_codec *const objects[] = OVG_RELEASE_CODECS(objects);
static const struct ovg_vgpu_codec *const vgpu[] = OVG_RELEASE_CODECS(vgpu);

static void test_order(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(versions); i++) {
		assert_non_null(ovg_rpc_codec_nth(i));
		assert_string_equal(ovg_rpc_codec_nth(i)->version, versions[i]);
	}
	/* where a driver that tries them all finds that none is left */
	assert_null(ovg_vgpu_codec_nth(i));
	assert_null(ovg_rpc_codec_nth(i));
	assert_null(ovg_rpc_codec_nth(i + 1));
	assert_null(ovg_rpc_codec_nth(UINT32_MAX));
}

static void test_same_releases(void **state)
{
	u32 i;

	(void)state;
	assert_int_equal(OVG_ARRAY_SIZE(rpc), OVG_ARRAY_SIZE(versions));
	assert_int_equal(OVG_ARRAY_SIZE(objects), OVG_ARRAY_SIZE(versions));
	assert_int_equal(OVG_ARRAY_SIZE(vgpu), OVG_ARRAY_SIZE(versions));
	for (i = 0; i < OVG_ARRAY_SIZE(versions); i++) {
		assert_string_equal(rpc[i]->version, versions[i]);
		assert_string_equal(objects[i]->version, versions[i]);
		assert_string_equal(vgpu[i]->version, versions[i]);
		assert_ptr_equal(ovg_rpc_codec_nth(i), rpc[i]);
		assert_ptr_equal(ovg_rpc_codec_find(versions[i]), rpc[i]);
		assert_ptr_equal(ovg_objects_codec(versions[i]), objects[i]);
		assert_ptr_equal(ovg_vgpu_codec_find(versions[i]), vgpu[i]);
		assert_ptr_equal(ovg_vgpu_codec_nth(i), vgpu[i]);
		/* one control, asked for at boot and again for the engines */
		assert_int_equal(rpc[i]->cmd_intr_table, objects[i]->intr_cmd);
		assert_int_equal(rpc[i]->intr_table_size, objects[i]->intr_size);
	}
}

/* A version is known as a whole or not at all. */
static void test_unknown(void **state)
{
	static const char *const unknown[] = {
		"", "5", "535", "535.113", "535.113.0", "535.113.011", "535.113.02",
		" 535.113.01", "535.113.01 ", "535.113.01\n", "570", "570.", "570.14",
		"570.1440", "570.144.01", "570.86.16", " 570.144", "570.144\n", "r570",
		"580.95.05",
	};
	size_t i;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(unknown); i++) {
		assert_null(ovg_rpc_codec_find(unknown[i]));
		assert_null(ovg_objects_codec(unknown[i]));
		assert_null(ovg_vgpu_codec_find(unknown[i]));
	}
}

/* Each release has its own booter_unload, and its hash was filled in. */
static void test_booter_unload(void **state)
{
	static const u8 none[32];
	u32 i, j;

	(void)state;
	for (i = 0; i < OVG_ARRAY_SIZE(rpc); i++) {
		assert_memory_not_equal(rpc[i]->booter_unload_sha256, none, 32);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(rpc[i]->booter_unload_sha256,
						rpc[j]->booter_unload_sha256, 32);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_same_releases),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_booter_unload),
	};

	return cmocka_run_group_tests_name("releases", tests, NULL, NULL);
}
