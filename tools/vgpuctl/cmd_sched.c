// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl sched: how vGPUs share the time of a GPU.
 */
#include <string.h>

#include "command.h"
#include "put.h"
#include "table.h"

static struct json_object *sched_json(const struct gpu *gpu)
{
	struct json_object *obj = json_object_new_object(), *s;
	const struct sched_file *f;
	path_t dir;

	json_object_object_add(obj, "address", json_object_new_string(gpu->bdf));
	path_set(dir, "%s/scheduler", gpu->aux);
	if (!file_exists(dir)) {
		json_object_object_add(obj, "scheduler", NULL);
		return obj;
	}
	s = json_object_new_object();
	for (f = sched_files; f->name; f++) {
		char *text = file_read_in(dir, f->name);
		long long num;

		if (!text)
			json_object_object_add(s, f->name, NULL);
		else if (!f->values && parse_num(text, LLONG_MAX, &num))
			json_object_object_add(s, f->name, json_object_new_int64(num));
		else
			json_object_object_add(s, f->name, json_object_new_string(text));
		free(text);
	}
	json_object_object_add(obj, "scheduler", s);
	return obj;
}

/* @value: what to write, NULL for what stays */
static int write_all(struct ctl *ctl, const struct gpu *gpu, char *const value[SCHED_FILES])
{
	char *done = NULL, *item;
	int i, ret = CTL_OK;

	for (i = 0; i < SCHED_FILES && !ret; i++) {
		if (!value[i])
			continue;
		ret = gpu_set_sched(ctl, gpu, sched_files[i].name, value[i]);
		if (ret && done)
			ctl_error(ret, "%s: changed before that: %s; what follows was not", gpu->bdf,
				  done);
		item = xasprintf("%s %s", sched_files[i].name, value[i]);
		done = list_add(done, item);
		free(item);
	}
	free(done);
	return ret;
}

static int change(struct ctl *ctl, const struct args *args, const struct gpu *gpu)
{
	char *value[SCHED_FILES] = { 0 }, *policy, *arr;
	const char *want[SCHED_FILES], *text, *wrong;
	int i, ret = CTL_OK;
	path_t dir;

	for (i = 0; i < SCHED_FILES && !ret; i++) {
		const struct sched_file *f = &sched_files[i];

		text = arg_value(args, f->option);
		value[i] = text ? sched_value(f, text) : NULL;
		if (text && !value[i])
			ret = ctl_error(CTL_USAGE, "--%s %s is wrong; wanted: %s", f->option, text,
					f->values ? f->values : "a number");
	}
	for (i = 0; i < SCHED_FILES; i++)
		want[i] = value[i];
	path_set(dir, "%s/scheduler", gpu->aux);
	policy = file_read_in(dir, "policy");
	arr = file_read_in(dir, "arr");
	wrong = ret ? NULL : sched_wrong(want, policy, arr);
	if (wrong)
		ret = ctl_error(CTL_USAGE, "the scheduler of %s cannot be so: %s", gpu->bdf, wrong);
	if (!ret)
		ret = write_all(ctl, gpu, value);
	for (i = 0; i < SCHED_FILES; i++)
		free(value[i]);
	free(policy);
	free(arr);
	return ret;
}

static bool any_change(const struct args *args)
{
	const struct sched_file *f;

	for (f = sched_files; f->name; f++)
		if (arg_value(args, f->option))
			return true;
	return false;
}

static void print_text(struct json_object *gpus)
{
	const struct sched_file *f;
	size_t i;

	for (i = 0; i < json_object_array_length(gpus); i++) {
		struct json_object *obj = json_object_array_get_idx(gpus, i);
		struct json_object *s = json_at(obj, "scheduler");

		if (i)
			putchar('\n');
		printf("GPU %s\n", json_text(obj, "address", ""));
		if (!s)
			puts("  N/A: this driver has no scheduler/");
		for (f = sched_files; s && f->name; f++) {
			char *text = json_cell(s, f->name);
			bool by_default = !f->values && !strcmp(text, "0");

			printf("  %-17s %s%s\n", f->name, text, by_default ? " (firmware's default)" : "");
			free(text);
		}
	}
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct json_object *gpus = json_object_new_array();
	struct target t;
	struct gpus g;
	int i, ret = CTL_OK;

	gpus_load(ctl, &g);
	if (args->words)
		ret = target_find(&g, args->word[0], TARGET_GPU, &t);
	else if (any_change(args) || !g.n)
		ret = target_only_gpu(&g, &t);
	else
		t.gpu = NULL;
	if (!ret && any_change(args))
		ret = change(ctl, args, t.gpu);
	for (i = 0; i < g.n && !ret; i++)
		if (!t.gpu || t.gpu == &g.gpu[i])
			json_object_array_add(gpus, sched_json(&g.gpu[i]));
	if (!ret && !ctl->json)
		print_text(gpus);
	ctl_end_list(ctl, !ret, "gpus", gpus);
	gpus_free(&g);
	return ret;
}

const struct command command_sched = {
	.name = "sched",
	.words = "[GPU]",
	.max_words = 1,
	.summary = "show or change the scheduler of a GPU",
	.description =
		"Without options, how the GPU's time is shared among vGPUs. best_effort gives idle time to whoever wants it; equal_share gives each vGPU that runs the same; fixed_share gives each the same part of what the GPU could host, run or not. Adaptive round robin (arr) makes up for time slices that were overrun. 0 is the firmware's default. best_effort has no further settings; a time slice is for arr disable, frequency and averaging factor are for arr enable.\n\nThe scheduler can change only while no VM uses a vGPU of the GPU. GSP 535.113.01 takes one only when it boots: see vgpu_sched, a parameter of openvgpu-core.",
	.complete = "@gpu",
	.examples = "vgpuctl sched\nvgpuctl sched 01:00.0 --policy equal_share --arr disable --timeslice-us 2000",
	.options = {
		{ "policy", 'p', "POLICY", "best_effort equal_share fixed_share", "best_effort, equal_share or fixed_share" },
		{ "timeslice-us", 't', "US", NULL, "time slice in microseconds, with --arr disable" },
		{ "arr", 'a', "ARR", "default disable enable", "adaptive round robin: default, disable or enable" },
		{ "averaging-factor", 'f', "N", NULL, "time slices over which ARR takes the average, with --arr enable" },
		{ "frequency-hz", 'F', "HZ", NULL, "how often ARR schedules, per second, with --arr enable" },
	},
	.run = run,
};
