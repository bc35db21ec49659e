// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl destroy: take the vGPU type from VFs.
 */
#include <string.h>

#include "command.h"
#include "put.h"

static int destroy(struct ctl *ctl, const struct gpu *gpu, const struct vf *vf,
		   struct json_object *list)
{
	int ret;

	if (vf->type == NA)
		return ctl_error(CTL_NOT_FOUND,
				 "%s has no driver of OpenVGPU, so it has no vGPU; vgpuctl doctor says why", vf->bdf);
	if (!ctl->json && vf->type == TYPE_NONE)
		printf("%s: has no vGPU\n", vf->bdf);
	if (vf->type == TYPE_NONE)
		return CTL_OK;
	ret = vgpu_destroy(ctl, gpu, vf);
	if (ret)
		return ret;
	json_object_array_add(list, vf_json(vf));
	if (!ctl->json)
		printf("%s: type %d (%s) is gone\n", vf->bdf, vf->type,
		       vf->type_name ? vf->type_name : "?");
	return CTL_OK;
}

static int destroy_all(struct ctl *ctl, const struct gpu *gpu, struct json_object *list)
{
	int i, ret = CTL_OK;

	for (i = 0; i < gpu->num_vfs; i++)
		if (gpu->vf[i].type > 0)
			ret = ctl_first(ret, destroy(ctl, gpu, &gpu->vf[i], list));
	return ret;
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct json_object *list = json_object_new_array();
	bool all = arg_value(args, "all");
	struct target *t = xcalloc(args->words, sizeof(*t));
	struct gpus g;
	int i, ret = CTL_OK;

	gpus_load(ctl, &g);
	if (!args->words)
		ret = ctl_error(CTL_USAGE, "destroy: which VFs? vgpuctl list shows them; --all GPU means all of a GPU");
	/* first whether all of them are right, then the first deed */
	for (i = 0; i < args->words && !ret; i++)
		ret = target_find(&g, args->word[i], all ? TARGET_GPU : TARGET_VF, &t[i]);
	if (!ret)
		for (i = 0; i < args->words; i++)
			ret = ctl_first(ret, all ? destroy_all(ctl, t[i].gpu, list) :
						   destroy(ctl, t[i].gpu, t[i].vf, list));
	ctl_end_list(ctl, !ret || json_object_array_length(list), "destroyed", list);
	free(t);
	gpus_free(&g);
	return ret;
}

const struct command command_destroy = {
	.name = "destroy",
	.words = "VF... | --all GPU...",
	.max_words = -1,
	.summary = "destroy vGPUs",
	.description =
		"The VFs lose their vGPU type, its place and its parameters. A vGPU that a VM uses stays, and the process that has it open is named. A VF without a vGPU is no error.",
	.complete = "@vf",
	.examples = "vgpuctl destroy 01:00.0/3\nvgpuctl destroy --all 01:00.0",
	.options = {
		{ "all", 'a', NULL, NULL, "all vGPUs of the named GPUs" },
	},
	.run = run,
};
