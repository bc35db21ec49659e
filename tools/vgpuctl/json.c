// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GPUs, VFs and types as JSON; docs/vgpuctl-json.md describes it.  Text is
 * printed from these objects, so both say the same.
 */
#include <string.h>

#include "gpu.h"

/* null for what is not known */
static void put_num(struct json_object *obj, const char *key, long long v)
{
	json_object_object_add(obj, key, v == NA ? NULL : json_object_new_int64(v));
}

static void put_text(struct json_object *obj, const char *key, const char *s)
{
	json_object_object_add(obj, key, s ? json_object_new_string(s) : NULL);
}

static struct json_object *util_json(const struct vf *vf)
{
	struct json_object *obj;

	if (vf->util_age == NA)
		return NULL;
	obj = json_object_new_object();
	put_num(obj, "gpu", vf->util[UTIL_GPU]);
	put_num(obj, "memory", vf->util[UTIL_MEMORY]);
	put_num(obj, "encoder", vf->util[UTIL_ENCODER]);
	put_num(obj, "decoder", vf->util[UTIL_DECODER]);
	put_num(obj, "age_ms", vf->util_age);
	return obj;
}

struct json_object *vf_json(const struct vf *vf)
{
	struct json_object *obj = json_object_new_object();

	put_num(obj, "index", vf->index);
	put_text(obj, "address", vf->bdf);
	put_text(obj, "driver", vf->driver);
	put_num(obj, "iommu_group", vf->iommu_group);
	put_text(obj, "vfio_device", vf->vfio);
	put_num(obj, "type_id", vf->type);
	put_text(obj, "type_name", vf->type_name);
	put_num(obj, "placement_id", vf->placement);
	put_text(obj, "params", vf->params);
	put_text(obj, "state", vf->state);
	put_text(obj, "uuid", vf->uuid && *vf->uuid ? vf->uuid : NULL);
	put_num(obj, "vm_pid", vf->vm_pid);
	put_text(obj, "vm_name", vf->vm_name);
	put_text(obj, "guest_driver", vf->guest_driver);
	put_text(obj, "license", vf->license);
	json_object_object_add(obj, "utilization", util_json(vf));
	put_num(obj, "xid_count", vf->xid_count);
	put_num(obj, "xid_last", vf->xid_count > 0 ? vf->xid_last : NA);
	return obj;
}

struct json_object *gpu_json(const struct gpu *gpu, bool vfs)
{
	struct json_object *obj = json_object_new_object(), *list;
	char id[16];
	int i;

	put_text(obj, "address", gpu->bdf);
	put_text(obj, "board", gpu->board);
	snprintf(id, sizeof(id), "0x%04x", gpu->device & 0xffff);
	put_text(obj, "device_id", gpu->device == NA ? NULL : id);
	put_text(obj, "driver", gpu->driver);
	put_num(obj, "numa_node", gpu->numa);
	put_text(obj, "gsp_version", gpu->gsp);
	put_num(obj, "vgpus", gpu_vgpus(gpu));
	put_num(obj, "max_vgpus", gpu->max_vgpus);
	put_text(obj, "mode", gpu->mixed == NA ? NULL : gpu->mixed ? "mixed" : "equal");
	put_num(obj, "fb_total", gpu->fb_total);
	put_num(obj, "fb_free", gpu->fb_free);
	put_num(obj, "quarantined", gpu->quarantined);
	put_num(obj, "vfs_enabled", gpu->vfs_enabled);
	put_num(obj, "vfs_total", gpu->vfs_total);
	if (!vfs)
		return obj;
	list = json_object_new_array();
	for (i = 0; i < gpu->num_vfs; i++)
		json_object_array_add(list, vf_json(&gpu->vf[i]));
	json_object_object_add(obj, "vfs", list);
	return obj;
}

struct json_object *type_json(const struct type *t)
{
	struct json_object *obj = json_object_new_object();

	put_num(obj, "id", t->id);
	put_text(obj, "name", t->name);
	put_text(obj, "class", t->class);
	put_num(obj, "fb", t->fb);
	put_num(obj, "heads", t->heads);
	put_num(obj, "max_x", t->max_x);
	put_num(obj, "max_y", t->max_y);
	put_num(obj, "max_instances", t->max_instance);
	json_object_object_add(obj, "creatable", json_object_new_boolean(t->creatable));
	return obj;
}
