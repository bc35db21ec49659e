// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What several subcommands do to vGPUs and GPUs.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "put.h"

/* For the drivers of VFs that have just appeared. */
#define VFS_TIMEOUT	30.0

const struct sched_file sched_files[SCHED_FILES + 1] = {
	[SCHED_POLICY] = { "policy", "policy", "best_effort equal_share fixed_share" },
	[SCHED_ARR] = { "arr", "arr", "default disable enable" },
	[SCHED_TIMESLICE] = { "timeslice_us", "timeslice-us", NULL },
	[SCHED_FACTOR] = { "averaging_factor", "averaging-factor", NULL },
	[SCHED_FREQUENCY] = { "frequency_hz", "frequency-hz", NULL },
};

static bool is_text(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

const char *sched_wrong(const char *const want[SCHED_FILES], const char *policy, const char *arr)
{
	bool slice = want[SCHED_TIMESLICE] && strcmp(want[SCHED_TIMESLICE], "0");
	bool number = (want[SCHED_FACTOR] && strcmp(want[SCHED_FACTOR], "0")) ||
		      (want[SCHED_FREQUENCY] && strcmp(want[SCHED_FREQUENCY], "0"));

	if (want[SCHED_POLICY])
		policy = want[SCHED_POLICY];
	if (want[SCHED_ARR])
		arr = want[SCHED_ARR];
	if (is_text(policy, "best_effort") &&
	    (slice || number || (want[SCHED_ARR] && strcmp(want[SCHED_ARR], "default"))))
		return "best_effort has no further settings; equal_share and fixed_share have";
	if (slice && !is_text(arr, "disable"))
		return "a time slice is for arr \"disable\", which must be set with it";
	if (number && !is_text(arr, "enable"))
		return "frequency and averaging factor are for arr \"enable\", which must be set with them";
	return NULL;
}

char *sched_value(const struct sched_file *f, const char *text)
{
	char *value = xstrdup(text), *copy, *word, *save, *c;
	bool ok = false;
	long long v;

	for (c = value; *c; c++)
		*c = *c == '-' ? '_' : tolower((unsigned char)*c);
	if (!f->values) {
		ok = parse_num(value, UINT_MAX, &v);
		/* as the driver will show it: 010 is 10 */
		free(value);
		value = xasprintf("%lld", ok ? v : 0);
	} else {
		copy = xstrdup(f->values);
		for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
			ok = ok || !strcmp(word, value);
		free(copy);
	}
	if (ok)
		return value;
	free(value);
	return NULL;
}

bool vgpu_open(const struct ctl *ctl, const struct vf *vf)
{
	if (vf->state)
		return strcmp(vf->state, "none") && strcmp(vf->state, "typed");
	/* a driver without openvgpu/ */
	return vf->type > 0 && vf_holder(ctl, vf) > 0;
}

char *type_text(const struct gpu *gpu, int id)
{
	const struct type *t = type_by_id(gpu, id);

	return xasprintf("type %d (%s)", id, t ? t->name : "?");
}

/* @text into "@dir/@name"; @p says the rest, its @what is freed. */
static int put_in(const struct ctl *ctl, struct put *p, const char *dir, const char *name, char *what)
{
	path_t path;
	int ret;

	path_set(path, "%s/%s", dir, name);
	p->path = path;
	p->what = what;
	ret = put(ctl, p);
	free(what);
	return ret;
}

static int put_vf(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf,
		  enum put_file file, const char *name, const char *text, char *what)
{
	struct put p = { .file = file, .text = text, .gpu = gpu, .vf = vf };
	path_t dir;

	path_set(dir, "%s/nvidia", vf->path);
	return put_in(ctl, &p, dir, name, what);
}

static int put_type(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf, int type)
{
	char text[16], *name = type ? type_text(gpu, type) : NULL, *what;

	snprintf(text, sizeof(text), "%d", type);
	what = type ? xasprintf("create %s", name) : xstrdup("destroy its vGPU");
	free(name);
	return put_vf(ctl, gpu, vf, PUT_TYPE, "current_vgpu_type", text, what);
}

int vgpu_placement(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf, int id)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", id);
	return put_vf(ctl, gpu, vf, PUT_PLACEMENT, "placement_id", text,
		      xasprintf("place its vGPU at %d", id));
}

int vgpu_params(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf,
		const char *params)
{
	/* an empty write is none: a blank clears */
	return put_vf(ctl, gpu, vf, PUT_PARAMS, "vgpu_params", *params ? params : " ",
		      xasprintf("set params \"%s\"", params));
}

int vgpu_destroy(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf)
{
	return put_type(ctl, gpu, vf, TYPE_NONE);
}

/* Parameters of a VF outlive its having no vGPU, when they were written meanwhile. */
static bool params_left(const struct vf *vf)
{
	path_t dir;
	char *text;
	bool left;

	path_set(dir, "%s/nvidia", vf->path);
	text = file_read_in(dir, "vgpu_params");
	left = text && *trim(text);
	free(text);
	return left;
}

int vgpu_create(const struct ctl *ctl, struct gpu *gpu, struct vf *vf, int type, int placement,
		const char *params)
{
	int ret = put_type(ctl, gpu, vf, type);

	if (ret)
		return ret;
	if (placement != NA)
		ret = vgpu_placement(ctl, gpu, vf, placement);
	if (!ret && params && (*params || params_left(vf)))
		ret = vgpu_params(ctl, gpu, vf, params);
	if (ret)
		vgpu_destroy(ctl, gpu, vf);
	return ret;
}

int gpu_set_mode(const struct ctl *ctl, const struct gpu *gpu, bool mixed)
{
	struct put p = { .file = PUT_MODE, .text = mixed ? "1" : "0", .gpu = gpu };

	return put_in(ctl, &p, gpu->aux, "heterogeneous",
		      xstrdup(mixed ? "allow mixed sizes" : "go back to equal sizes"));
}

int gpu_set_sched(const struct ctl *ctl, const struct gpu *gpu, const char *file,
		  const char *value)
{
	struct put p = { .file = PUT_SCHED, .text = value, .gpu = gpu };
	path_t dir;

	path_set(dir, "%s/scheduler", gpu->aux);
	return put_in(ctl, &p, dir, file,
		      xasprintf("set the scheduler's %s to %s", file, value));
}

static int put_vfs(const struct ctl *ctl, const struct gpu *gpu, int num)
{
	char text[16];
	struct put p = { .file = PUT_VFS, .text = text, .gpu = gpu };

	snprintf(text, sizeof(text), "%d", num);
	return put_in(ctl, &p, gpu->path, "sriov_numvfs",
		      num ? xasprintf("enable %d VFs", num) : xstrdup("take the VFs away"));
}

static int unready_vf(const struct gpu *gpu)
{
	path_t path;
	int i;

	for (i = 0; i < gpu->vfs_enabled; i++) {
		path_set(path, "%s/virtfn%d/nvidia/current_vgpu_type", gpu->path, i);
		if (!file_exists(path))
			return i;
	}
	return -1;
}

static int wait_vfs(struct gpu *gpu, int num)
{
	double end = now() + VFS_TIMEOUT;
	char *driver, vf[32];
	int i, ret;

	gpu->vfs_enabled = num;
	while ((i = unready_vf(gpu)) >= 0 && now() < end) {
		snprintf(vf, sizeof(vf), "virtfn%d/driver", i);
		driver = link_base(gpu->path, vf);
		/* a VF that another driver has is not going to be ours */
		if (driver && strcmp(driver, "nvidia")) {
			ret = ctl_error(CTL_FAILED,
					"%s: VF %d is bound to %s, not to openvgpu-vfio-pci; unbind it there and write its address to /sys/bus/pci/drivers/nvidia/bind",
					gpu->bdf, i, driver);
			free(driver);
			return ret;
		}
		free(driver);
		nap(0.1);
	}
	if (i < 0)
		return CTL_OK;
	return ctl_error(CTL_FAILED,
			 "%s: %d VFs are enabled, but VF %d had no driver after %.0f s; load it with: modprobe openvgpu-vfio-pci",
			 gpu->bdf, num, i, VFS_TIMEOUT);
}

int gpu_set_vfs(const struct ctl *ctl, struct gpu *gpu, int num)
{
	int was = gpu->vfs_enabled, ret = CTL_OK;

	if (was > 0 && was != num)
		ret = put_vfs(ctl, gpu, 0);
	if (!ret && num && was != num) {
		ret = put_vfs(ctl, gpu, num);
		/* what was there before is better than nothing */
		if (ret && was > 0)
			put_vfs(ctl, gpu, was);
	}
	if (!ret && num)
		ret = wait_vfs(gpu, num);
	gpu_reload(ctl, gpu);
	return ret;
}
