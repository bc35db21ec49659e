// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Instead of tools/vgpuctl/put_raw.c: a write to the files of a fake tree, and what
 * the driver would do then.  ROOT/faults has lines "END[=VALUE] ERRNO DEVICE TEXT": a
 * write, of that value alone, to a file whose path ends so fails with that errno, and the kernel log gets the text.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "put.h"

static void log_line(const struct ctl *ctl, const char *device, const char *text)
{
	path_t path;
	FILE *f;

	path_set(path, "%s/dev/kmsg", ctl->root);
	f = fopen(path, "a");
	if (!f)
		return;
	fprintf(f, "5,900,1000000,-;nvidia %s: %s\n SUBSYSTEM=pci\n DEVICE=+pci:%s\n", device, text,
		device);
	fclose(f);
}

static int errno_of(const char *name)
{
	int i;

	for (i = 1; i < 134; i++)
		if (strerrorname_np(i) && !strcmp(strerrorname_np(i), name))
			return i;
	return EIO;
}

static bool ends_with(const char *path, const char *end)
{
	size_t a = strlen(path), b = strlen(end);

	return a >= b && !strcmp(path + a - b, end);
}

/* -errno of the first fault that is for this write, 0; END may be followed by "=VALUE". */
static int fault(const struct ctl *ctl, const char *path, const char *text)
{
	char *all, *line, *save;
	path_t name;
	int err = 0;

	path_set(name, "%s/faults", ctl->root);
	all = file_read(name);
	for (line = all ? strtok_r(all, "\n", &save) : NULL; line && !err;
	     line = strtok_r(NULL, "\n", &save)) {
		char end[128], number[16], device[32];
		char *value;
		int at = 0;

		if (sscanf(line, "%127s %15s %31s %n", end, number, device, &at) != 3)
			continue;
		value = strchr(end, '=');
		if (value)
			*value++ = 0;
		if (!ends_with(path, end) || (value && strcmp(value, text)))
			continue;
		err = -errno_of(number);
		if (strcmp(device, "-"))
			log_line(ctl, device, line + at);
	}
	free(all);
	return err;
}

static int store(const char *path, const char *text, bool make)
{
	int fd = open(path, O_WRONLY | O_TRUNC | (make ? O_CREAT : 0), 0644);

	if (fd < 0)
		return -errno;
	dprintf(fd, "%s\n", text);
	close(fd);
	return 0;
}

static void in_dir(path_t out, const char *file, const char *name)
{
	path_set(out, "%.*s/%s", (int)(strrchr(file, '/') - file), file, name);
}

static int refuse(const struct ctl *ctl, const char *text, int err)
{
	log_line(ctl, "openvgpu_core.vgpu.0", text);
	return -err;
}

/* Is a vGPU of the GPU in this folder open? */
static bool any_in_use(const char *gpu)
{
	path_t dir;
	int i;

	for (i = 0; i < 64; i++) {
		path_set(dir, "%s/virtfn%d/openvgpu", gpu, i);
		if (file_num(dir, "vm_pid") > 0)
			return true;
	}
	return false;
}

static bool is_stuck(const char *dir)
{
	char *state = file_read_in(dir, "state");
	bool stuck = state && !strcmp(state, "stuck");

	free(state);
	return stuck;
}

static int store_type(const char *path, const char *text)
{
	path_t place, params;
	char *now_text = file_read(path);
	bool typed = now_text && strcmp(now_text, "0");

	free(now_text);
	if (typed && strcmp(text, "0"))
		return -EPERM;
	in_dir(place, path, "../openvgpu");
	if (typed && file_num(place, "vm_pid") > 0)
		return -EBUSY;
	if (strcmp(text, "0") && is_stuck(place))
		return -EIO;
	in_dir(place, path, "placement_id");
	in_dir(params, path, "vgpu_params");
	if (strcmp(text, "0")) {
		store(place, "8", true);
	} else {
		unlink(place);
		store(params, "", true);
	}
	return store(path, text, false);
}

/* VFs that are not enabled wait as .virtfn0, .virtfn1, ... */
static int store_vfs(const char *path, const char *text)
{
	int i, num = atoi(text), ret;
	path_t on, off, type;
	char name[32];

	path_set(on, "%.*s", (int)(strrchr(path, '/') - path), path);
	if (any_in_use(on))
		return -EBUSY;
	for (i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "virtfn%d", i);
		in_dir(on, path, name);
		snprintf(name, sizeof(name), ".virtfn%d", i);
		in_dir(off, path, name);
		if (i < num) {
			rename(off, on);
			continue;
		}
		path_set(type, "%s/nvidia/current_vgpu_type", on);
		if (file_exists(type))
			store_type(type, "0");
		rename(on, off);
	}
	ret = store(path, text, false);
	return ret;
}

/* ---- scheduler/: driver/pure/vgpu_sched.c, driver/manager/sched.c ---- */

enum { POLICY, ARR, TIMESLICE, FACTOR, FREQUENCY, FILES };

static const char *const names[FILES] = {
	"policy", "arr", "timeslice_us", "averaging_factor", "frequency_hz"
};

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static void normalize(const char *v[FILES])
{
	if (is(v[POLICY], "best_effort"))
		v[ARR] = "default";
	if (!is(v[ARR], "disable"))
		v[TIMESLICE] = "0";
	if (!is(v[ARR], "enable"))
		v[FACTOR] = v[FREQUENCY] = "0";
}

static int check_sched(const struct ctl *ctl, const char *const v[FILES], const char *aux,
		       const char *gpu)
{
	bool slice = !is(v[TIMESLICE], "0"), number = !is(v[FACTOR], "0") || !is(v[FREQUENCY], "0");

	if (is(v[POLICY], "best_effort") && (!is(v[ARR], "default") || slice || number))
		return refuse(ctl, "best_effort has no further settings; write policy first", EINVAL);
	if (slice && !is(v[ARR], "disable"))
		return refuse(ctl, "a time slice is for arr \"disable\"", EINVAL);
	if (number && !is(v[ARR], "enable"))
		return refuse(ctl, "frequency_hz and averaging_factor are for arr \"enable\"", EINVAL);
	if (is(v[POLICY], "fixed_share") && file_num(aux, "heterogeneous") == 1)
		return refuse(ctl, "fixed_share is not for vGPUs of mixed sizes", EPERM);
	if (any_in_use(gpu))
		return refuse(ctl, "the scheduler can change only while no vGPU is open", EBUSY);
	return 0;
}

/* What was written to arr is in .arr; arr reads as what the firmware makes of it. */
static int store_sched(const struct ctl *ctl, const char *path, const char *text)
{
	char *was[FILES], *set;
	const char *v[FILES], *name = strrchr(path, '/') + 1;
	path_t dir, aux, gpu, file;
	int i, ret;

	path_set(dir, "%.*s", (int)(name - 1 - path), path);
	path_set(aux, "%.*s", (int)(strrchr(dir, '/') - dir), dir);
	path_set(gpu, "%.*s", (int)(strrchr(aux, '/') - aux), aux);
	for (i = 0; i < FILES; i++) {
		was[i] = file_read_in(dir, names[i]);
		v[i] = was[i] ? was[i] : "0";
	}
	set = file_read_in(dir, ".arr");
	if (set)
		v[ARR] = set;
	for (i = 0; i < FILES; i++)
		if (is(name, names[i]))
			v[i] = text;
	if (is(name, "policy") || (is(name, "arr") && !is(v[POLICY], "best_effort")))
		normalize(v);
	ret = check_sched(ctl, v, aux, gpu);
	for (i = 0; i < FILES && !ret; i++) {
		bool by_default = i == ARR && is(v[i], "default") && !is(v[POLICY], "best_effort");

		path_set(file, "%s/%s", dir, names[i]);
		ret = store(file, by_default ? "enable" : v[i], false);
	}
	path_set(file, "%s/.arr", dir);
	if (!ret)
		store(file, v[ARR], true);
	for (i = 0; i < FILES; i++)
		free(was[i]);
	free(set);
	return ret;
}

/* A place that another vGPU has, by its id alone, is taken. */
static int store_placement(const struct ctl *ctl, const char *path, const char *text)
{
	path_t vf, pf, file;
	char **names, **n;
	int ret = 0;

	path_set(vf, "%.*s", (int)(strstr(path, "/nvidia/") - path), path);
	path_set(pf, "%.*s", (int)(strrchr(vf, '/') - vf), vf);
	names = dir_list(pf);
	for (n = names; *n && !ret; n++) {
		path_set(file, "%s/%s/nvidia", pf, *n);
		if (strncmp(*n, "virtfn", 6) || !strcmp(*n, strrchr(vf, '/') + 1))
			continue;
		if (file_num(file, "current_vgpu_type") > 0 &&
		    file_num(file, "placement_id") == atoi(text))
			ret = refuse(ctl, "placement_id: it is taken by another vGPU", EBUSY);
	}
	dir_free(names);
	return ret ? ret : store(path, text, false);
}

/* Another mode only while no VF has a type; mixed sizes have no fixed share. */
static int store_mode(const struct ctl *ctl, const char *path, const char *text)
{
	path_t dir;
	char *policy;
	bool fixed;
	int i;

	in_dir(dir, path, "scheduler");
	policy = file_read_in(dir, "policy");
	fixed = policy && is(policy, "fixed_share");
	free(policy);
	if (is(text, "1") && fixed)
		return refuse(ctl, "vGPUs of mixed sizes have no fixed share", EPERM);
	for (i = 0; i < 64; i++) {
		path_set(dir, "%.*s/../virtfn%d/nvidia", (int)(strrchr(path, '/') - path), path, i);
		if (file_num(dir, "current_vgpu_type") > 0)
			return refuse(ctl, "the mode can change only while no VF has a vGPU type", EBUSY);
	}
	return store(path, text, false);
}

/* ROOT/taken names VFs that somebody else is faster to take. */
static void take_first(const struct ctl *ctl, const char *path)
{
	char *all, *line, *save;
	path_t name;

	path_set(name, "%s/taken", ctl->root);
	all = file_read(name);
	for (line = all ? strtok_r(all, " \n", &save) : NULL; line; line = strtok_r(NULL, " \n", &save)) {
		path_set(name, "%s/nvidia/current_vgpu_type", line);
		if (ends_with(path, name))
			store_type(path, "901");
	}
	free(all);
}

int put_raw(const struct ctl *ctl, const char *path, const char *text)
{
	int ret;

	if (access(path, W_OK))
		return -errno;
	ret = fault(ctl, path, text);
	if (ret)
		return ret;
	take_first(ctl, path);
	if (ends_with(path, "/current_vgpu_type"))
		return store_type(path, text);
	if (ends_with(path, "/sriov_numvfs"))
		return store_vfs(path, text);
	if (ends_with(path, "/placement_id"))
		return store_placement(ctl, path, text);
	if (ends_with(path, "/heterogeneous"))
		return store_mode(ctl, path, text);
	if (strstr(path, "/scheduler/"))
		return store_sched(ctl, path, text);
	if (ends_with(path, "/vgpu_params"))
		return store(path, strcmp(text, " ") ? text : "", false);
	return store(path, text, false);
}
