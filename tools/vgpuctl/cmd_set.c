// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl set: settings of a vGPU, of a GPU.
 */
#include <string.h>

#include "command.h"
#include "put.h"
#include "table.h"

static int set_vf(struct ctl *ctl, const struct args *args, const struct target *t)
{
	const char *params = arg_value(args, "params");
	long long placement = NA;
	bool moved;
	int ret;

	if (arg_value(args, "mode") || arg_value(args, "vfs"))
		return ctl_error(CTL_USAGE, "%s is a VF; --mode and --vfs are settings of its GPU %s",
				 t->vf->bdf, t->gpu->bdf);
	ret = arg_num(args, "placement", 0, 65534, &placement);
	if (!ret && placement == NA && !params)
		ret = ctl_error(CTL_USAGE, "set %s: --params or --placement?", t->vf->bdf);
	if (!ret && t->vf->type <= 0)
		ret = ctl_error(CTL_REFUSED, "%s has no vGPU; vgpuctl create %s --type TYPE",
				t->vf->bdf, t->vf->bdf);
	if (!ret && placement != NA)
		ret = vgpu_placement(ctl, t->gpu, t->vf, placement);
	moved = !ret && placement != NA;
	if (!ret && params)
		ret = vgpu_params(ctl, t->gpu, t->vf, params);
	if (ret && params && moved)
		ctl_error(ret, "%s: changed before that: it stands at %lld now", t->vf->bdf,
			  placement);
	return ret;
}

static int number_of_vfs(const struct gpu *gpu, const char *text, int *out)
{
	long long num;

	if (gpu->vfs_total == NA)
		return ctl_error(CTL_NOT_FOUND, "%s has no SR-IOV; vgpuctl doctor says why", gpu->bdf);
	if (!strcmp(text, "max"))
		num = gpu->vfs_total;
	else if (!parse_num(text, INT_MAX, &num))
		return ctl_error(CTL_USAGE, "--vfs %s: a number, or max, is wanted", text);
	if (num > gpu->vfs_total)
		return ctl_error(CTL_USAGE, "--vfs %s: %s has %d VFs", text, gpu->bdf,
				 gpu->vfs_total);
	*out = num;
	return CTL_OK;
}

/* Another number of VFs takes the vGPUs away: not by the way. */
static int change_vfs(struct ctl *ctl, struct gpu *gpu, const char *text)
{
	int num = 0, ret = number_of_vfs(gpu, text, &num), vgpus = gpu_vgpus(gpu);

	if (ret)
		return ret;
	if (num != gpu->vfs_enabled && vgpus)
		return ctl_error(CTL_REFUSED,
				 "%s: another number of VFs takes away all of them, and %d have a vGPU; first: vgpuctl destroy --all %s",
				 gpu->bdf, vgpus, gpu->bdf);
	return gpu_set_vfs(ctl, gpu, num);
}

/* @was: number of VFs before this call */
static int change_mode(struct ctl *ctl, struct gpu *gpu, bool mixed, int was)
{
	int ret = gpu_set_mode(ctl, gpu, mixed);

	if (ret && gpu->vfs_enabled != was)
		ctl_error(ret, "%s: changed before that: it has %d VFs now", gpu->bdf,
			  gpu->vfs_enabled);
	return ret;
}

static int set_gpu(struct ctl *ctl, const struct args *args, struct gpu *gpu)
{
	const char *mode = arg_value(args, "mode"), *vfs = arg_value(args, "vfs");
	int ret = CTL_OK, was = gpu->vfs_enabled;

	if (arg_value(args, "params") || arg_value(args, "placement"))
		return ctl_error(CTL_USAGE, "%s is a GPU; --params and --placement are settings of a VF, such as %s/0",
				 gpu->bdf, gpu->bdf);
	if (!mode && !vfs)
		return ctl_error(CTL_USAGE, "set %s: --mode or --vfs?", gpu->bdf);
	if (mode && strcmp(mode, "mixed") && strcmp(mode, "equal"))
		return ctl_error(CTL_USAGE, "--mode %s: mixed or equal", mode);
	if (vfs)
		ret = change_vfs(ctl, gpu, vfs);
	if (!ret && mode && gpu->mixed != !strcmp(mode, "mixed"))
		ret = change_mode(ctl, gpu, !strcmp(mode, "mixed"), was);
	return ret;
}

static void print_text(struct json_object *gpu, struct json_object *vf)
{
	char *a, *b;

	if (vf) {
		a = json_cell(vf, "placement_id");
		b = json_cell(vf, "params");
		printf("%s: placement %s, params %s\n", json_text(vf, "address", ""), a, b);
	} else {
		a = json_cell(gpu, "mode");
		b = json_cell(gpu, "vfs_enabled");
		printf("%s: mode %s, %s VFs\n", json_text(gpu, "address", ""), a, b);
	}
	free(a);
	free(b);
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct json_object *doc = ctl_json_new();
	struct target t;
	struct gpus g;
	int ret, index;

	gpus_load(ctl, &g);
	if (args->words)
		ret = target_find(&g, args->word[0], TARGET_ANY, &t);
	else
		ret = target_only_gpu(&g, &t);
	if (!ret)
		ret = t.vf ? set_vf(ctl, args, &t) : set_gpu(ctl, args, t.gpu);
	if (!ret) {
		index = t.vf ? t.vf->index : NA;
		gpu_reload(ctl, t.gpu);
		json_object_object_add(doc, "gpu", gpu_json(t.gpu, false));
		json_object_object_add(doc, "vf", index >= 0 && index < t.gpu->num_vfs ?
				       vf_json(&t.gpu->vf[index]) : NULL);
	}
	if (!ret && ctl->json) {
		ctl_print_json(doc);
	} else {
		if (!ret)
			print_text(json_at(doc, "gpu"), json_at(doc, "vf"));
		json_object_put(doc);
	}
	gpus_free(&g);
	return ret;
}

const struct command command_set = {
	.name = "set",
	.words = "[GPU|VF]",
	.max_words = 1,
	.summary = "change settings of a vGPU or a GPU",
	.description =
		"A vGPU's settings hold from the next start of its VM on; they cannot change while it runs. A GPU's mode and number of VFs can change only while it has no vGPU.\n\nKnown parameters are frame_rate_limiter, disable_vnc, enable_uvm, enable_debugging, enable_profiling, override_bar1_size and address64, each 0 or 1; others are kept, and the driver logs that it does not know them.",
	.complete = "@any",
	.examples = "vgpuctl set 01:00.0/3 --params disable_vnc=1,enable_uvm=1\nvgpuctl set 01:00.0 --vfs max --mode mixed",
	.options = {
		{ "params", 'p', "KEY=VALUE,...", NULL, "parameters of a vGPU; they replace all former ones, \"\" clears them" },
		{ "placement", 'P', "ID", NULL, "move a vGPU to this place in FB" },
		{ "mode", 'm', "MODE", "mixed equal", "vGPUs of mixed sizes on the GPU, or all of equal size" },
		{ "vfs", 'v', "N", "max 0", "number of VFs of the GPU; max for all" },
	},
	.run = run,
};
