// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GPUs and VFs as sysfs shows them; see gpu.h.
 */
#include <string.h>

#include "boards.h"
#include "gpu.h"

#define VENDOR_NVIDIA	0x10de
#define AUX_PREFIX	"openvgpu_core.vgpu."

static int group_number(const char *dir)
{
	char *name = link_base(dir, "iommu_group");
	long long n;

	if (!name || !parse_num(name, INT_MAX, &n))
		n = NA;
	free(name);
	return n;
}

static char *first_vfio(const char *dir)
{
	path_t path;
	char **names, **p, *found = NULL;

	path_set(path, "%s/vfio-dev", dir);
	names = dir_list(path);
	for (p = names; *p && !found; p++)
		if (!strncmp(*p, "vfio", 4))
			found = xstrdup(*p);
	dir_free(names);
	return found;
}

static void load_ours(const struct ctl *ctl, struct vf *vf)
{
	static const char *const names[] = {
		[UTIL_GPU] = "utilization_gpu",
		[UTIL_MEMORY] = "utilization_memory",
		[UTIL_ENCODER] = "utilization_encoder",
		[UTIL_DECODER] = "utilization_decoder",
	};
	path_t dir;
	int i;

	path_set(dir, "%s/openvgpu", vf->path);
	vf->state = file_read_in(dir, "state");
	vf->uuid = file_read_in(dir, "uuid");
	vf->vm_pid = file_num(dir, "vm_pid");
	vf->vm_name = vf->vm_pid > 0 ? vm_name(ctl, vf->vm_pid) : NULL;
	vf->guest_driver = file_read_in(dir, "guest_driver");
	vf->license = file_read_in(dir, "license");

	for (i = 0; i < 4; i++) {
		long long v = file_num(dir, names[i]);

		vf->util[i] = v <= 100 ? v : NA;
	}
	vf->util_age = file_num(dir, "utilization_age_ms");
	vf->xid_count = file_num(dir, "xid_count");
	vf->xid_last = file_num(dir, "xid_last");
}

static void vf_load(const struct ctl *ctl, struct vf *vf)
{
	path_t dir;

	vf->driver = link_base(vf->path, "driver");
	vf->iommu_group = group_number(vf->path);
	vf->vfio = first_vfio(vf->path);

	path_set(dir, "%s/nvidia", vf->path);
	vf->type = file_num(dir, "current_vgpu_type");
	vf->placement = vf->type > 0 ? file_num(dir, "placement_id") : NA;
	vf->params = file_read_in(dir, "vgpu_params");
	load_ours(ctl, vf);
}

static void vf_forget(struct vf *vf)
{
	free(vf->driver);
	free(vf->vfio);
	free(vf->type_name);
	free(vf->params);
	free(vf->state);
	free(vf->uuid);
	free(vf->vm_name);
	free(vf->guest_driver);
	free(vf->license);
}

static void free_vfs(struct gpu *gpu)
{
	int i;

	for (i = 0; i < gpu->num_vfs; i++)
		vf_forget(&gpu->vf[i]);
	free(gpu->vf);
	gpu->vf = NULL;
	gpu->num_vfs = 0;
}

/* virtfn0, virtfn1, ... as far as they go without a gap. */
static void load_vfs(const struct ctl *ctl, struct gpu *gpu)
{
	char name[32], *bdf;
	struct bdf parsed;
	struct vf *vf;
	int i;

	for (i = 0; ; i++) {
		snprintf(name, sizeof(name), "virtfn%d", i);
		bdf = link_base(gpu->path, name);
		if (!bdf || !bdf_parse(bdf, &parsed)) {
			free(bdf);
			return;
		}
		free(bdf);
		gpu->vf = xrealloc(gpu->vf, (i + 1) * sizeof(*gpu->vf));
		vf = &gpu->vf[i];
		memset(vf, 0, sizeof(*vf));
		vf->index = i;
		memcpy(vf->bdf, parsed.text, sizeof(vf->bdf));
		path_set(vf->path, "%s/%s", gpu->path, name);
		vf_load(ctl, vf);
		gpu->num_vfs = i + 1;
	}
}

static void free_files(struct gpu *gpu)
{
	free(gpu->driver);
	free(gpu->gsp);
	gpu->driver = gpu->gsp = NULL;
}

static void load_files(struct gpu *gpu)
{
	gpu->device = file_num(gpu->path, "device");
	if (board_name(gpu->device))
		snprintf(gpu->board, sizeof(gpu->board), "%s", board_name(gpu->device));
	else
		snprintf(gpu->board, sizeof(gpu->board), "10de:%04x", gpu->device & 0xffff);
	gpu->driver = link_base(gpu->path, "driver");
	gpu->numa = file_num(gpu->path, "numa_node");
	gpu->vfs_enabled = file_num(gpu->path, "sriov_numvfs");
	gpu->vfs_total = file_num(gpu->path, "sriov_totalvfs");
	gpu->gsp = file_read_in(gpu->aux, "gsp_version");
	gpu->max_vgpus = file_num(gpu->aux, "max_vgpus");
	gpu->fb_total = file_num(gpu->aux, "fb_total");
	gpu->fb_free = file_num(gpu->aux, "fb_free");
	gpu->mixed = file_num(gpu->aux, "heterogeneous");
	gpu->quarantined = file_num(gpu->aux, "quarantined");
}

static void name_types(struct gpu *gpu)
{
	const struct type *t;
	int i;

	for (i = 0; i < gpu->num_vfs; i++) {
		t = gpu->vf[i].type > 0 ? type_by_id(gpu, gpu->vf[i].type) : NULL;
		if (t)
			gpu->vf[i].type_name = xstrdup(t->name);
	}
}

static void reload_files(const struct ctl *ctl, struct gpu *gpu)
{
	free_vfs(gpu);
	free_files(gpu);
	load_files(gpu);
	load_vfs(ctl, gpu);
}

void gpu_reload_quick(const struct ctl *ctl, struct gpu *gpu)
{
	reload_files(ctl, gpu);
	name_types(gpu);
}

void gpu_reload(const struct ctl *ctl, struct gpu *gpu)
{
	reload_files(ctl, gpu);
	types_free(&gpu->types);
	types_load(ctl, gpu);
	name_types(gpu);
}

static char *find_aux(const char *dir)
{
	char **names = dir_list(dir), **p, *found = NULL;

	for (p = names; *p && !found; p++)
		if (!strncmp(*p, AUX_PREFIX, strlen(AUX_PREFIX)))
			found = xstrdup(*p);
	dir_free(names);
	return found;
}

static void add_gpu(const struct ctl *ctl, struct gpus *g, const char *bdf, const char *path,
		    char *aux)
{
	struct gpu *gpu;

	g->gpu = xrealloc(g->gpu, (g->n + 1) * sizeof(*g->gpu));
	gpu = &g->gpu[g->n++];
	memset(gpu, 0, sizeof(*gpu));
	snprintf(gpu->bdf, sizeof(gpu->bdf), "%s", bdf);
	path_set(gpu->path, "%s", path);
	path_set(gpu->aux, "%s/%s", path, aux);
	gpu->aux_name = aux;
	gpu_reload(ctl, gpu);
}

static void add_other(struct gpus *g, const char *bdf, const char *path)
{
	struct other *o;

	g->other = xrealloc(g->other, (g->others + 1) * sizeof(*g->other));
	o = &g->other[g->others++];
	memset(o, 0, sizeof(*o));
	snprintf(o->bdf, sizeof(o->bdf), "%s", bdf);
	path_set(o->path, "%s", path);
	o->device = file_num(path, "device");
	o->driver = link_base(path, "driver");
}

/* VGA and 3D controllers of NVIDIA, which are no VFs. */
static bool nvidia_gpu(const char *path)
{
	long long class = file_num(path, "class") >> 8;

	return file_num(path, "vendor") == VENDOR_NVIDIA && (class == 0x300 || class == 0x302) &&
	       !file_exists_in(path, "physfn");
}

void gpus_load(const struct ctl *ctl, struct gpus *g)
{
	struct bdf bdf;
	path_t path;
	char **names, **p, *aux;

	memset(g, 0, sizeof(*g));
	path_set(path, "%s" PCI_DEVICES, ctl->root);
	names = dir_list(path);
	for (p = names; *p; p++) {
		if (!bdf_parse(*p, &bdf) || bdf.vf >= 0)
			continue;
		path_set(path, "%s" PCI_DEVICES "/%s", ctl->root, *p);
		aux = find_aux(path);
		if (aux)
			add_gpu(ctl, g, bdf.text, path, aux);
		else if (nvidia_gpu(path))
			add_other(g, bdf.text, path);
	}
	dir_free(names);
}

void gpus_free(struct gpus *g)
{
	int i;

	for (i = 0; i < g->n; i++) {
		free_vfs(&g->gpu[i]);
		free_files(&g->gpu[i]);
		types_free(&g->gpu[i].types);
		free(g->gpu[i].aux_name);
	}
	for (i = 0; i < g->others; i++)
		free(g->other[i].driver);
	free(g->gpu);
	free(g->other);
	memset(g, 0, sizeof(*g));
}

int gpu_vgpus(const struct gpu *gpu)
{
	int i, n = 0;

	for (i = 0; i < gpu->num_vfs; i++)
		n += gpu->vf[i].type > 0;
	return n;
}

bool vf_stuck(const struct vf *vf)
{
	return vf->state && !strcmp(vf->state, "stuck");
}

bool vf_free(const struct vf *vf)
{
	return vf->type == TYPE_NONE && !vf_stuck(vf);
}

int gpu_stuck(const struct gpu *gpu)
{
	int i, n = 0;

	for (i = 0; i < gpu->num_vfs; i++)
		n += vf_stuck(&gpu->vf[i]);
	return n;
}

static int no_vf(const struct gpu *gpu, int index)
{
	if (!gpu->num_vfs)
		return ctl_error(CTL_NOT_FOUND,
				 "%s has no VFs enabled, so there is no VF %d; enable them with: vgpuctl set %s --vfs max",
				 gpu->bdf, index, gpu->bdf);
	return ctl_error(CTL_NOT_FOUND, "%s has VFs 0 to %d, there is no VF %d", gpu->bdf,
			 gpu->num_vfs - 1, index);
}

static int not_ours(const struct gpus *g, const char *bdf)
{
	int i;

	for (i = 0; i < g->others; i++)
		if (!strcmp(g->other[i].bdf, bdf))
			return ctl_error(CTL_NOT_FOUND,
					 "%s is an NVIDIA GPU, but OpenVGPU's core driver does not have it (driver: %s); vgpuctl doctor says what to do",
					 bdf, g->other[i].driver ? g->other[i].driver : "none");
	if (!g->n)
		return ctl_error(CTL_NOT_FOUND,
				 "%s: no GPU has OpenVGPU's core driver; vgpuctl doctor says what to do", bdf);
	return ctl_error(CTL_NOT_FOUND, "%s is neither a GPU nor a VF of OpenVGPU; vgpuctl list --all shows them",
			 bdf);
}

static bool find(struct gpus *g, const char *bdf, struct target *out)
{
	int i, k;

	for (i = 0; i < g->n; i++) {
		struct gpu *gpu = &g->gpu[i];

		out->gpu = gpu;
		out->vf = NULL;
		if (!strcmp(gpu->bdf, bdf))
			return true;
		for (k = 0; k < gpu->num_vfs; k++) {
			out->vf = &gpu->vf[k];
			if (!strcmp(gpu->vf[k].bdf, bdf))
				return true;
		}
	}
	return false;
}

int target_find(struct gpus *g, const char *word, enum target_kind kind, struct target *out)
{
	struct bdf bdf;

	if (!bdf_parse(word, &bdf))
		return ctl_error(CTL_USAGE,
				 "\"%s\" is no PCI address; it looks like 0000:01:00.4, 01:00.4, or 01:00.0/0 for the first VF of a GPU",
				 word);
	if (!find(g, bdf.text, out))
		return not_ours(g, bdf.text);
	if (bdf.vf >= 0) {
		if (out->vf)
			return ctl_error(CTL_USAGE, "%s: %s is a VF itself; its GPU is %s", word,
					 bdf.text, out->gpu->bdf);
		if (bdf.vf >= out->gpu->num_vfs)
			return no_vf(out->gpu, bdf.vf);
		out->vf = &out->gpu->vf[bdf.vf];
	}
	if (kind == TARGET_GPU && out->vf)
		return ctl_error(CTL_USAGE, "%s is a VF; its GPU %s is wanted here", out->vf->bdf,
				 out->gpu->bdf);
	if (kind == TARGET_VF && !out->vf)
		return ctl_error(CTL_USAGE, "%s is a GPU; one of its VFs is wanted here, such as %s/0",
				 out->gpu->bdf, out->gpu->bdf);
	return CTL_OK;
}

int target_only_gpu(struct gpus *g, struct target *out)
{
	char *names = NULL;
	int i, ret;

	if (!g->n)
		return ctl_error(CTL_NOT_FOUND,
				 "no GPU has OpenVGPU's core driver; vgpuctl doctor says what to do");
	if (g->n == 1) {
		out->gpu = &g->gpu[0];
		out->vf = NULL;
		return CTL_OK;
	}
	for (i = 0; i < g->n; i++)
		names = list_add(names, g->gpu[i].bdf);
	ret = ctl_error(CTL_USAGE, "there are %d GPUs; say which one: %s", g->n, names);
	free(names);
	return ret;
}
