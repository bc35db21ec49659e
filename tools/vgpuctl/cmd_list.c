// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl list: GPUs and their vGPUs.
 */
#include <string.h>

#include "command.h"
#include "gpu.h"
#include "table.h"

#define MAX_PARAMS	60

static char *vfs_text(struct json_object *row)
{
	char *enabled = json_cell(row, "vfs_enabled"), *total = json_cell(row, "vfs_total");
	char *text = xasprintf("%s/%s", enabled, total);

	free(enabled);
	free(total);
	return text;
}

static char *vgpus_text(struct json_object *row)
{
	char *vgpus = json_cell(row, "vgpus"), *max = json_cell(row, "max_vgpus");
	char *text = xasprintf("%s/%s", vgpus, max);

	free(vgpus);
	free(max);
	return text;
}

static char *fb_text(struct json_object *row)
{
	char *free_fb = bytes_text(json_num(row, "fb_free"));
	char *total = bytes_text(json_num(row, "fb_total"));
	char *text = xasprintf("%s of %s", free_fb, total);

	free(free_fb);
	free(total);
	return text;
}

static const struct column gpu_columns[] = {
	{ .head = "GPU", .key = "address" },
	{ .head = "BOARD", .key = "board" },
	{ .head = "GSP", .key = "gsp_version" },
	{ .head = "VFS", .text = vfs_text },
	{ .head = "VGPUS", .text = vgpus_text },
	{ .head = "MODE", .key = "mode" },
	{ .head = "FB FREE", .text = fb_text },
	{ .head = NULL }
};

/* A VF without a vGPU has no value there, which is no lack of knowledge. */
static char *of_vgpu(struct json_object *row, const char *key)
{
	long long type = json_num(row, "type_id");
	char *text;

	if (type == TYPE_NONE)
		return xstrdup("-");
	text = json_cell(row, key);
	/* a name that nobody knows: the number does */
	if (type > 0 && !strcmp(key, "type_name") && !json_at(row, key)) {
		free(text);
		text = xasprintf("%lld", type);
	}
	return text;
}

static char *type_cell(struct json_object *row)
{
	return of_vgpu(row, "type_name");
}

static char *id_cell(struct json_object *row)
{
	return of_vgpu(row, "type_id");
}

static char *place_cell(struct json_object *row)
{
	return of_vgpu(row, "placement_id");
}

static char *vm_cell(struct json_object *row)
{
	long long pid = json_num(row, "vm_pid");

	if (pid > 0)
		return xasprintf("%lld %s", pid, json_text(row, "vm_name", "?"));
	return xstrdup(pid == 0 || json_num(row, "type_id") == TYPE_NONE ? "-" : "N/A");
}

/* As long as a line allows; JSON and vgpu_params have all of it. */
static char *params_cell(struct json_object *row)
{
	char *text = json_cell(row, "params"), *cut;

	if (strlen(text) <= MAX_PARAMS)
		return text;
	cut = xasprintf("%.*s...", MAX_PARAMS - 3, text);
	free(text);
	return cut;
}

static const struct column vf_columns[] = {
	{ .head = "VF", .key = "index", .right = true },
	{ .head = "ADDRESS", .key = "address" },
	{ .head = "TYPE", .text = type_cell },
	{ .head = "ID", .text = id_cell, .right = true },
	{ .head = "PLACE", .text = place_cell, .right = true },
	{ .head = "STATE", .key = "state" },
	{ .head = "GUEST", .key = "guest_driver" },
	{ .head = "VM", .text = vm_cell },
	{ .head = "GROUP", .key = "iommu_group", .right = true },
	{ .head = "PARAMS", .text = params_cell },
	{ .head = NULL }
};

/**
 * struct filter - which GPUs and VFs
 * @targets: those that were named
 * @n: how many, 0 for all
 * @all: VFs without a vGPU, too
 */
struct filter {
	struct target *targets;
	int n;
	bool all;
};

static bool wanted_gpu(const struct filter *f, const struct gpu *gpu)
{
	int i;

	for (i = 0; i < f->n; i++)
		if (f->targets[i].gpu == gpu)
			return true;
	return !f->n;
}

/* A GPU that was named means all of its VFs. */
static bool wanted_vf(const struct filter *f, const struct gpu *gpu, const struct vf *vf,
		      bool json)
{
	bool unnamed = json || f->all || vf->type || vf_stuck(vf);
	int i;

	for (i = 0; i < f->n; i++) {
		if (f->targets[i].vf == vf)
			return true;
		if (f->targets[i].gpu == gpu && !f->targets[i].vf)
			return unnamed;
	}
	return !f->n && unnamed;
}

static struct json_object *filtered(const struct filter *f, const struct gpu *gpu, bool json)
{
	struct json_object *list = json_object_new_array();
	int i;

	for (i = 0; i < gpu->num_vfs; i++)
		if (wanted_vf(f, gpu, &gpu->vf[i], json))
			json_object_array_add(list, vf_json(&gpu->vf[i]));
	return list;
}

static struct json_object *other_json(const struct other *o)
{
	struct json_object *obj = json_object_new_object();
	char id[16];

	json_object_object_add(obj, "address", json_object_new_string(o->bdf));
	snprintf(id, sizeof(id), "0x%04x", o->device & 0xffff);
	json_object_object_add(obj, "device_id", json_object_new_string(id));
	json_object_object_add(obj, "driver", o->driver ? json_object_new_string(o->driver) : NULL);
	return obj;
}

static void print_json(const struct gpus *g, const struct filter *f)
{
	struct json_object *doc = ctl_json_new(), *gpus = json_object_new_array();
	struct json_object *others = json_object_new_array(), *obj;
	int i;

	for (i = 0; i < g->n; i++) {
		if (!wanted_gpu(f, &g->gpu[i]))
			continue;
		obj = gpu_json(&g->gpu[i], false);
		json_object_object_add(obj, "vfs", filtered(f, &g->gpu[i], true));
		json_object_array_add(gpus, obj);
	}
	json_object_object_add(doc, "gpus", gpus);
	for (i = 0; i < g->others && !f->n; i++)
		json_object_array_add(others, other_json(&g->other[i]));
	json_object_object_add(doc, "other_gpus", others);
	ctl_print_json(doc);
}

static void say_free(const struct gpu *gpu, const struct filter *f)
{
	const struct vf *first = NULL;
	int i, n = 0;

	for (i = 0; i < gpu->num_vfs; i++) {
		if (!vf_free(&gpu->vf[i]))
			continue;
		if (!n++)
			first = &gpu->vf[i];
	}
	if (!gpu->num_vfs)
		printf("  no VFs; enable them with: vgpuctl set %s --vfs max\n", gpu->bdf);
	else if (n && !f->all)
		printf("  %d VF%s without a vGPU, from %s on (--all)\n", n, n == 1 ? "" : "s",
		       first->bdf);
}

static void print_text(const struct gpus *g, const struct filter *f)
{
	bool named_vf = false, first = true;
	int i;

	for (i = 0; i < f->n; i++)
		named_vf = named_vf || f->targets[i].vf;
	for (i = 0; i < g->n; i++) {
		const struct gpu *gpu = &g->gpu[i];
		struct json_object *rows, *vfs;

		if (!wanted_gpu(f, gpu))
			continue;
		if (!first)
			putchar('\n');
		first = false;
		rows = json_object_new_array();
		json_object_array_add(rows, gpu_json(gpu, false));
		table_print(stdout, rows, gpu_columns, "");
		json_object_put(rows);
		if (gpu->quarantined > 0)
			printf("  the memory of %d vGPU%s is quarantined until the core driver is bound anew\n",
			       gpu->quarantined, gpu->quarantined == 1 ? "" : "s");
		vfs = filtered(f, gpu, false);
		if (json_object_array_length(vfs))
			table_print(stdout, vfs, vf_columns, "  ");
		json_object_put(vfs);
		if (!named_vf)
			say_free(gpu, f);
	}
	for (i = 0; i < g->others && !f->n; i++)
		printf("%s is an NVIDIA GPU (10de:%04x) that OpenVGPU does not have (driver: %s); vgpuctl doctor says why\n",
		       g->other[i].bdf, g->other[i].device & 0xffff,
		       g->other[i].driver ? g->other[i].driver : "none");
	if (!g->n && !g->others)
		puts("no NVIDIA GPU");
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct filter f = { .all = arg_value(args, "all") };
	struct gpus g;
	int i, ret = CTL_OK;

	gpus_load(ctl, &g);
	f.targets = xcalloc(args->words, sizeof(*f.targets));
	for (i = 0; i < args->words && !ret; i++)
		ret = target_find(&g, args->word[i], TARGET_ANY, &f.targets[i]);
	f.n = args->words;
	if (!ret && ctl->json)
		print_json(&g, &f);
	else if (!ret)
		print_text(&g, &f);
	free(f.targets);
	gpus_free(&g);
	return ret;
}

const struct command command_list = {
	.name = "list",
	.words = "[GPU|VF...]",
	.max_words = -1,
	.summary = "show GPUs, VFs and vGPUs",
	.description =
		"Each GPU with what it has room for, and each of its vGPUs: type, placement, state, the VM that has it open, parameters. \"N/A\" stands for what this kernel or driver does not tell, \"-\" for what there is none of.",
	.complete = "@any",
	.examples = "vgpuctl list\nvgpuctl list --all 01:00.0\nvgpuctl --json list 01:00.0/3",
	.options = {
		{ "all", 'a', NULL, NULL, "VFs without a vGPU, too" },
	},
	.run = run,
};
