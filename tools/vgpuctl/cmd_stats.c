// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl stats: use of GPUs and vGPUs, counters of the driver.
 */
#include <errno.h>
#include <string.h>

#include "command.h"
#include "gpu.h"
#include "table.h"

static char *age_cell(struct json_object *row)
{
	long long ms = json_num(row, "utilization.age_ms");

	return ms < 0 ? xstrdup("N/A") : xasprintf("%.1f s", ms / 1000.0);
}

static char *xid_cell(struct json_object *row)
{
	long long n = json_num(row, "xid_count"), last = json_num(row, "xid_last");

	if (n < 0)
		return xstrdup("N/A");
	return n && last >= 0 ? xasprintf("%lld (last %lld)", n, last) : xasprintf("%lld", n);
}

static const struct column columns[] = {
	{ .head = "VF", .key = "address" },
	{ .head = "TYPE", .key = "type_name" },
	{ .head = "STATE", .key = "state" },
	{ .head = "GPU", .text = gpu_percent_cell, .right = true },
	{ .head = "MEM", .text = memory_percent_cell, .right = true },
	{ .head = "ENC", .text = encoder_percent_cell, .right = true },
	{ .head = "DEC", .text = decoder_percent_cell, .right = true },
	{ .head = "AGE", .text = age_cell, .right = true },
	{ .head = "XID", .text = xid_cell, .right = true },
	{ .head = "LICENSE", .key = "license" },
	{ .head = NULL }
};

/*
 * "name number" lines of a debugfs file into an object; of a list, as in "fb_segments
 * 3 4", nothing is lost: the rest of the line is kept as text.  NULL when it cannot
 * be read.
 */
static struct json_object *counters(const struct ctl *ctl, const char *file)
{
	char *text, *line, *save, *value;
	struct json_object *obj;
	long long num;
	path_t path;

	path_set(path, "%s/sys/kernel/debug/%s", ctl->root, file);
	text = file_read(path);
	if (!text)
		return NULL;
	obj = json_object_new_object();
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = 0;
		value = trim(value);
		if (line[0] && line[strlen(line) - 1] == ':')
			line[strlen(line) - 1] = 0;
		json_object_object_add(obj, line, parse_num(value, LLONG_MAX, &num) ?
				       json_object_new_int64(num) : json_object_new_string(value));
	}
	free(text);
	return obj;
}

static struct json_object *manager_counters(const struct ctl *ctl, const struct gpu *gpu)
{
	struct json_object *obj;
	path_t file;

	path_set(file, "openvgpu-mgr/%s/state", gpu->bdf);
	obj = counters(ctl, file);
	if (obj)
		return obj;
	/* what it was called at first */
	path_set(file, "openvgpu-mgr/%s", gpu->bdf);
	return counters(ctl, file);
}

static struct json_object *stats_json(const struct ctl *ctl, const struct gpu *gpu,
				      const struct target *t)
{
	struct json_object *obj = gpu_json(gpu, false), *list = json_object_new_array();
	long long used = gpu->fb_total == NA || gpu->fb_free == NA ? NA :
			 gpu->fb_total - gpu->fb_free;
	path_t file;
	int i;

	json_object_object_add(obj, "fb_used", used == NA ? NULL : json_object_new_int64(used));
	for (i = 0; i < gpu->num_vfs; i++) {
		const struct vf *vf = &gpu->vf[i];

		if (t->vf ? t->vf == vf : vf->type > 0)
			json_object_array_add(list, vf_json(vf));
	}
	json_object_object_add(obj, "vfs", list);
	path_set(file, "openvgpu/%s/counters", gpu->bdf);
	json_object_object_add(obj, "core", counters(ctl, file));
	json_object_object_add(obj, "manager", manager_counters(ctl, gpu));
	return obj;
}

static void print_counters(const char *name, struct json_object *obj)
{
	printf("  %-8s", name);
	if (!obj)
		printf(" N/A (debugfs, as root)");
	if (obj) {
		json_object_object_foreach(obj, key, value)
			printf(" %s %s", key, json_object_get_string(value));
	}
	putchar('\n');
}

static void print_text(struct json_object *gpus)
{
	size_t i;

	for (i = 0; i < json_object_array_length(gpus); i++) {
		struct json_object *obj = json_object_array_get_idx(gpus, i);
		struct json_object *vfs = json_at(obj, "vfs");
		char *used = bytes_text(json_num(obj, "fb_used"));
		char *total = bytes_text(json_num(obj, "fb_total"));
		char *max = json_cell(obj, "max_vgpus"), *bad = json_cell(obj, "quarantined");

		if (i)
			putchar('\n');
		printf("GPU %s  %s  FB %s of %s used  vGPUs %lld of %s  quarantined %s\n",
		       json_text(obj, "address", ""), json_text(obj, "board", ""), used, total,
		       json_num(obj, "vgpus"), max, bad);
		free(used);
		free(total);
		free(max);
		free(bad);
		if (json_object_array_length(vfs))
			table_print(stdout, vfs, columns, "  ");
		print_counters("manager", json_at(obj, "manager"));
		print_counters("core", json_at(obj, "core"));
	}
}

static int once(struct ctl *ctl, const struct args *args)
{
	struct json_object *gpus;
	struct target t = { 0 };
	struct gpus g;
	int i, ret = CTL_OK;

	gpus_load(ctl, &g);
	if (args->words)
		ret = target_find(&g, args->word[0], TARGET_ANY, &t);
	else if (!g.n)
		ret = target_only_gpu(&g, &t);
	gpus = json_object_new_array();
	for (i = 0; i < g.n && !ret; i++)
		if (!t.gpu || t.gpu == &g.gpu[i])
			json_object_array_add(gpus, stats_json(ctl, &g.gpu[i], &t));
	if (!ret && !ctl->json)
		print_text(gpus);
	ctl_end_list(ctl, !ret, "gpus", gpus);
	gpus_free(&g);
	return ret;
}

static int run(struct ctl *ctl, const struct args *args)
{
	long long loop = 0, count = 0, i;
	int ret;

	ret = arg_num(args, "loop", 1, 86400, &loop);
	if (!ret)
		ret = arg_num(args, "count", 1, INT_MAX, &count);
	ctl->stream = loop;
	if (!loop)
		count = count ? count : 1;
	for (i = 0; !ret && (!count || i < count); i++) {
		if (i)
			nap(loop ? loop : 1);
		if (i && !ctl->json)
			putchar('\n');
		ret = once(ctl, args);
		fflush(stdout);
	}
	return ret;
}

const struct command command_stats = {
	.name = "stats",
	.words = "[GPU|VF]",
	.max_words = 1,
	.summary = "show use and counters",
	.description =
		"Utilisation of each vGPU as the firmware sampled it last, its Xid errors and licence, and the counters that core and manager keep in debugfs, for which root is needed. With --loop and --json each sample is one line.",
	.complete = "@any",
	.examples = "vgpuctl stats\nvgpuctl --json stats 01:00.0 --loop 5",
	.options = {
		{ "loop", 'l', "SECONDS", NULL, "again and again" },
		{ "count", 'n', "N", NULL, "so many times" },
	},
	.run = run,
};
