// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * make-types VERSION FILE: a metadata file with a few types of an L40, for fake
 * trees.  What goes to GSP is left empty: vgpuctl does not look at it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ovg_pure.h"
#include "vgpu_codec.h"

#define BOARD	0x26b5

static const struct {
	unsigned int id, subsystem, gib, max, heads, x, y;
	const char *name, *class;
} types[] = {
	{ 869, 0x176d, 1, 32, 4, 5120, 2880, "NVIDIA L40-1B", "NVS" },
	{ 871, 0x176f, 1, 32, 4, 5120, 2880, "NVIDIA L40-1Q", "Quadro" },
	{ 874, 0x1772, 4, 12, 4, 7680, 4320, "NVIDIA L40-4Q", "Quadro" },
	{ 876, 0x1774, 8, 6, 4, 7680, 4320, "NVIDIA L40-8Q", "Quadro" },
	{ 901, 0x178d, 4, 12, 1, 3840, 2400, "NVIDIA L40-4C", "Compute" },
};

#define NUM_TYPES OVG_ARRAY_SIZE(types)

int main(int argc, char **argv)
{
	const struct ovg_vgpu_codec *codec = argc == 3 ? ovg_vgpu_codec_find(argv[1]) : NULL;
	struct vgpu_mt_header h = { .identifier = VGPU_MT_IDENTIFIER, .num_blobs = 1 };
	struct vgpu_mt_blob blob = { .type = VGPU_MT_BLOB_TYPES };
	struct vgpu_mt_type_blob head = {
		.device_id = BOARD, .kernel_struct_size = sizeof(struct vgpu_mt_type),
		.num_kernel_structs = NUM_TYPES,
	};
	size_t size, i;
	u8 *file, *p;
	FILE *f;

	if (!codec) {
		fprintf(stderr, "usage: make-types GSP-VERSION FILE\n");
		return 2;
	}
	head.gsp_rmctrl_cmd = codec->cmd_add_types;
	head.gsp_rmctrl_size = codec->add_types_size;
	blob.size = sizeof(blob) + sizeof(head) + NUM_TYPES * sizeof(struct vgpu_mt_type) +
		    codec->add_types_size;
	size = sizeof(h) + blob.size;
	p = file = calloc(1, size);
	if (!file)
		return 1;
	snprintf((char *)h.gsp_build_version, sizeof(h.gsp_build_version), "%s", argv[1]);
	p += sizeof(h);
	memcpy(p, &blob, sizeof(blob));
	p += sizeof(blob);
	memcpy(p, &head, sizeof(head));
	p += sizeof(head);
	for (i = 0; i < NUM_TYPES; i++, p += sizeof(struct vgpu_mt_type)) {
		struct vgpu_mt_type t = {
			.vgpu_type = types[i].id, .max_instance = types[i].max,
			.num_heads = types[i].heads, .max_resolution_x = types[i].x,
			.max_resolution_y = types[i].y, .ecc_supported = 1,
			.vdev_id = (u64)BOARD << 16 | types[i].subsystem, .pdev_id = BOARD,
			.profile_size = (u64)types[i].gib << 30,
			.fb_length = (u64)types[i].gib << 30, .gsp_heap_size = 32 << 20,
			.bar1_length = 256,
		};

		snprintf((char *)t.vgpu_name, sizeof(t.vgpu_name), "%s", types[i].name);
		snprintf((char *)t.vgpu_class, sizeof(t.vgpu_class), "%s", types[i].class);
		memcpy(p, &t, sizeof(t));
	}
	memcpy(file, &h, sizeof(h));
	h.crc32 = ovg_crc32_le(VGPU_MT_CRC_SEED, file + VGPU_MT_CRC_START, size - VGPU_MT_CRC_START);
	memcpy(file, &h, sizeof(h));
	f = fopen(argv[2], "w");
	if (!f || fwrite(file, 1, size, f) != size || fclose(f)) {
		perror(argv[2]);
		return 1;
	}
	free(file);
	return 0;
}
