// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl create: give VFs a vGPU type.
 */
#include <errno.h>
#include <string.h>

#include "command.h"
#include "put.h"
#include "table.h"

static int no_good_vf(const struct gpu *gpu, int stuck)
{
	char *message = xasprintf("%s has no free VF; %d of its %d VFs are stuck: the firmware did not let go of their last vGPU",
				  gpu->bdf, stuck, gpu->num_vfs);
	char *hint = xasprintf("when no VM runs on it, unbind and bind the core driver: echo %s >/sys/bus/pci/drivers/openvgpu/unbind; echo %s >/sys/bus/pci/drivers/openvgpu/bind",
			       gpu->bdf, gpu->bdf);
	struct ctl_failure f = { .message = message, .hint = hint };
	int ret = ctl_fail(CTL_REFUSED, &f);

	free(message);
	free(hint);
	return ret;
}

static int no_free_vf(const struct gpu *gpu)
{
	int i, unbound = 0, stuck = gpu_stuck(gpu);

	if (!gpu->num_vfs)
		return ctl_error(CTL_REFUSED,
				 "%s has no VFs enabled; enable them with: vgpuctl set %s --vfs max",
				 gpu->bdf, gpu->bdf);
	for (i = 0; i < gpu->num_vfs; i++)
		unbound += gpu->vf[i].type == NA;
	if (unbound)
		return ctl_error(CTL_REFUSED,
				 "%s has no free VF; %d of its %d VFs have no driver of OpenVGPU, vgpuctl doctor says why",
				 gpu->bdf, unbound, gpu->num_vfs);
	if (stuck)
		return no_good_vf(gpu, stuck);
	return ctl_error(CTL_REFUSED, "%s has no free VF: each of its %d has a vGPU; destroy one, or enable more VFs",
			 gpu->bdf, gpu->num_vfs);
}

static int unknown_type(const struct gpu *gpu, const char *text)
{
	return ctl_error(CTL_NOT_FOUND, "%s has no type \"%s\"; vgpuctl types %s lists those that it has%s%s",
			 gpu->bdf, text, gpu->bdf, gpu->types.why ? ", as far as VFs tell: " : "",
			 gpu->types.why ? gpu->types.why : "");
}

/* A number goes to the driver even when we do not know it. */
static int type_number(const struct gpu *gpu, const char *text, int *out)
{
	const struct type *t = type_find(gpu, text);
	long long id;

	if (t)
		*out = t->id;
	else if (parse_num(text, INT_MAX, &id) && id)
		*out = id;
	else
		return unknown_type(gpu, text);
	return CTL_OK;
}

static struct vf *next_free(struct gpu *gpu, int from)
{
	int i;

	for (i = from; i < gpu->num_vfs; i++)
		if (vf_free(&gpu->vf[i]))
			return &gpu->vf[i];
	return NULL;
}

static void print_text(struct json_object *list)
{
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *vf = json_object_array_get_idx(list, i);
		const char *params = json_text(vf, "params", "");
		char *place = json_cell(vf, "placement_id");

		printf("%s: type %lld (%s) at placement %s%s%s\n", json_text(vf, "address", ""),
		       json_num(vf, "type_id"), json_text(vf, "type_name", "?"), place,
		       *params ? ", params " : "", params);
		free(place);
	}
}

/**
 * struct order - what the command line asks for
 */
struct order {
	struct target t;
	int type;
	long long placement;
	long long count;
	const char *params;
};

static int read_order(const struct args *args, struct gpus *g, struct order *o)
{
	const char *type = arg_value(args, "type");
	int ret;

	memset(o, 0, sizeof(*o));
	o->placement = NA;
	o->count = 1;
	o->params = arg_value(args, "params");
	ret = arg_num(args, "placement", 0, 65534, &o->placement);
	if (!ret)
		ret = arg_num(args, "count", 1, 64, &o->count);
	if (!ret && !type)
		ret = ctl_error(CTL_USAGE, "create: which --type? vgpuctl types lists them");
	if (!ret)
		ret = args->words ? target_find(g, args->word[0], TARGET_ANY, &o->t) :
				    target_only_gpu(g, &o->t);
	if (!ret && o->count > 1 && (o->t.vf || o->placement != NA))
		ret = ctl_error(CTL_USAGE, "create: --count is for a GPU, and without --placement");
	return ret ? ret : type_number(o->t.gpu, type, &o->type);
}

/* Did somebody else take the VF that was free a moment ago?  Reloads @gpu. */
static bool lost_race(struct ctl *ctl, struct gpu *gpu, int index)
{
	int err = ctl_held_errno("current_vgpu_type");

	if (err != EPERM && err != EBUSY)
		return false;
	gpu_reload(ctl, gpu);
	/* busy may also be the GPU, whose mode is being changed */
	return err == EPERM || (index < gpu->num_vfs && gpu->vf[index].type != TYPE_NONE);
}

/* On the first free VF that nobody else is faster to take; *@index says which. */
static int create_on_free(struct ctl *ctl, const struct order *o, int *index)
{
	struct gpu *gpu = o->t.gpu;
	struct vf *vf;
	bool lost;
	int ret;

	for (*index = 0; (vf = next_free(gpu, *index)) != NULL; ++*index) {
		*index = vf->index;
		ctl_hold();
		ret = vgpu_create(ctl, gpu, vf, o->type, o->placement, o->params);
		lost = ret && lost_race(ctl, gpu, *index);
		ctl_release(!lost);
		if (!lost)
			return ret;
	}
	return no_free_vf(gpu);
}

/* One vGPU; its VF as JSON into @list. */
static int create(struct ctl *ctl, const struct order *o, struct json_object *list)
{
	struct gpu *gpu = o->t.gpu;
	int index = 0, ret;

	if (o->t.vf) {
		index = o->t.vf->index;
		ret = vgpu_create(ctl, gpu, o->t.vf, o->type, o->placement, o->params);
	} else {
		ret = create_on_free(ctl, o, &index);
	}
	if (ret)
		return ret;
	gpu_reload(ctl, gpu);
	if (index < gpu->num_vfs)
		json_object_array_add(list, vf_json(&gpu->vf[index]));
	return CTL_OK;
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct json_object *list = json_object_new_array();
	struct order o;
	struct gpus g;
	int ret;

	gpus_load(ctl, &g);
	ret = read_order(args, &g, &o);
	while (!ret && o.count--)
		ret = create(ctl, &o, list);
	if (!ctl->json)
		print_text(list);
	ctl_end_list(ctl, !ret || json_object_array_length(list), "created", list);
	gpus_free(&g);
	return ret;
}

const struct command command_create = {
	.name = "create",
	.words = "[GPU|VF]",
	.max_words = 1,
	.summary = "create a vGPU on a VF",
	.description =
		"The VF gets a vGPU type: a VM can have it then. A GPU stands for its first free VF, and may be left out where there is only one. When the placement or the parameters are refused, the VF is left without a type, as it was.\n\nThe type stays until it is destroyed, the VFs are taken away or the driver is unloaded; what shall be there after the next boot goes into a file below /etc/openvgpu, see openvgpu.conf(5).",
	.complete = "@any",
	.examples = "vgpuctl create --type L40-4Q\nvgpuctl create 01:00.0/3 -t 874 --params disable_vnc=1\nvgpuctl create 01:00.0 -t L40-8Q --count 4",
	.options = {
		{ "type", 't', "TYPE", "@type", "name or number of the type" },
		{ "params", 'p', "KEY=VALUE,...", NULL, "parameters, as vgpuctl set --params" },
		{ "placement", 'P', "ID", NULL, "where in FB; else the lowest free place" },
		{ "count", 'n', "N", NULL, "so many, on free VFs of the GPU" },
	},
	.run = run,
};
