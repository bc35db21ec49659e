// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl types: what can be created on a GPU, now and at all.
 */
#include <string.h>

#include "bdf.h"
#include "command.h"
#include "gpu.h"
#include "table.h"

static char *fb_cell(struct json_object *row)
{
	return bytes_text(json_num(row, "fb"));
}

static char *resolution_cell(struct json_object *row)
{
	long long x = json_num(row, "max_x"), y = json_num(row, "max_y");

	return x < 0 || y < 0 ? xstrdup("N/A") : xasprintf("%lldx%lld", x, y);
}

static const struct column columns[] = {
	{ .head = "ID", .key = "id", .right = true },
	{ .head = "NAME", .key = "name" },
	{ .head = "CLASS", .key = "class" },
	{ .head = "FB", .text = fb_cell, .right = true },
	{ .head = "HEADS", .key = "heads", .right = true },
	{ .head = "RESOLUTION", .text = resolution_cell },
	{ .head = "MAX", .key = "max_instances", .right = true },
	{ .head = "CREATABLE", .key = "creatable" },
	{ .head = NULL }
};

/* Why nothing can be created, as far as the VFs tell; NULL when something can. */
static const char *why_none(const struct gpu *gpu)
{
	int i, bound = 0, free_vfs = 0;

	for (i = 0; i < gpu->types.n; i++)
		if (gpu->types.type[i].creatable)
			return NULL;
	for (i = 0; i < gpu->num_vfs; i++) {
		bound += gpu->vf[i].type != NA;
		free_vfs += vf_free(&gpu->vf[i]);
	}
	if (!gpu->num_vfs)
		return "no VFs are enabled";
	if (!bound)
		return "no VF has its driver, openvgpu-vfio-pci";
	if (free_vfs)
		return "the GPU is full";
	return gpu_stuck(gpu) ? "each VF has a vGPU or is stuck" : "each VF has a vGPU";
}

static struct json_object *gpu_types(const struct gpu *gpu, bool creatable)
{
	struct json_object *obj = json_object_new_object(), *list = json_object_new_array();
	const char *why = why_none(gpu);
	int i;

	json_object_object_add(obj, "address", json_object_new_string(gpu->bdf));
	json_object_object_add(obj, "board", json_object_new_string(gpu->board));
	json_object_object_add(obj, "mode", gpu->mixed == NA ? NULL :
			       json_object_new_string(gpu->mixed ? "mixed" : "equal"));
	json_object_object_add(obj, "metadata", gpu->types.metadata ?
			       json_object_new_string(gpu->types.metadata) : NULL);
	json_object_object_add(obj, "nothing_creatable", why ? json_object_new_string(why) : NULL);
	for (i = 0; i < gpu->types.n; i++)
		if (!creatable || gpu->types.type[i].creatable)
			json_object_array_add(list, type_json(&gpu->types.type[i]));
	json_object_object_add(obj, "types", list);
	return obj;
}

static void print_text(struct json_object *gpus, const struct target *t, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		struct json_object *obj = json_object_array_get_idx(gpus, i);
		struct json_object *list = json_at(obj, "types");

		if (i)
			putchar('\n');
		printf("GPU %s  %s, %s mode\n", json_text(obj, "address", ""),
		       json_text(obj, "board", ""), json_text(obj, "mode", "unknown"));
		if (json_object_array_length(list))
			table_print(stdout, list, columns, "  ");
		if (json_at(obj, "nothing_creatable"))
			printf("  nothing is creatable: %s\n", json_text(obj, "nothing_creatable", ""));
		if (t[i].gpu->types.why)
			printf("  only what VFs list: %s\n", t[i].gpu->types.why);
	}
}

/* A word that is no address is a slip of one of the subcommands. */
static int check_word(const char *word)
{
	struct bdf bdf;

	if (bdf_parse(word, &bdf))
		return CTL_OK;
	return ctl_error(CTL_USAGE, "types: \"%s\" is neither the PCI address of a GPU nor one of import, build, show",
			 word);
}

static int run(struct ctl *ctl, const struct args *args)
{
	bool creatable = arg_value(args, "creatable");
	struct json_object *gpus = json_object_new_array();
	struct target *t;
	struct gpus g;
	int i, n, ret = CTL_OK;

	if (args->words && check_word(args->word[0])) {
		json_object_put(gpus);
		return CTL_USAGE;
	}
	gpus_load(ctl, &g);
	n = args->words ? args->words : g.n;
	t = xcalloc(n, sizeof(*t));
	if (!n)
		ret = target_only_gpu(&g, NULL);
	for (i = 0; i < n && !ret; i++) {
		if (args->words)
			ret = target_find(&g, args->word[i], TARGET_ANY, &t[i]);
		else
			t[i].gpu = &g.gpu[i];
		if (!ret)
			json_object_array_add(gpus, gpu_types(t[i].gpu, creatable));
	}
	if (!ret && !ctl->json)
		print_text(gpus, t, n);
	ctl_end_list(ctl, !ret, "gpus", gpus);
	free(t);
	gpus_free(&g);
	return ret;
}

const struct command command_types = {
	.name = "types",
	.words = "[GPU...] | import|build|show ...",
	.max_words = -1,
	.summary = "show vGPU types, and what can be created now",
	.description =
		"All types that the metadata file has for the board, and whether one more of it can be created now. In equal mode the first vGPU of a GPU decides which size the others have.\n\nThe subcommands import, build and show make and read metadata files; they need no GPU.",
	.complete = "@gpu import build show",
	.examples = "vgpuctl types\nvgpuctl types --creatable 01:00.0",
	.options = {
		{ "creatable", 'c', NULL, NULL, "only types of which one more can be created now" },
	},
	.run = run,
	.sub = types_commands,
};
