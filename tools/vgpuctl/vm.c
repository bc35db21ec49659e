// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The process behind a vGPU.
 */
#include <string.h>
#include <unistd.h>

#include "gpu.h"

/* QEMU's "-name guest=NAME,..." or "-name NAME,...". */
static char *qemu_name(const char *args, size_t len)
{
	const char *arg, *end = args + len, *value;

	for (arg = args; arg < end; arg += strlen(arg) + 1) {
		if (strcmp(arg, "-name") && strcmp(arg, "--name"))
			continue;
		value = arg + strlen(arg) + 1;
		if (value >= end)
			return NULL;
		if (!strncmp(value, "guest=", 6))
			value += 6;
		return strndup(value, strcspn(value, ","));
	}
	return NULL;
}

char *vm_name(const struct ctl *ctl, int pid)
{
	char *args, *name = NULL;
	path_t path;
	size_t len;

	path_set(path, "%s/proc/%d/cmdline", ctl->root, pid);
	args = file_read_all(path, &len);
	if (args)
		name = qemu_name(args, len);
	free(args);
	if (name)
		return clean(name);
	path_set(path, "%s/proc/%d/comm", ctl->root, pid);
	return file_read(path);
}

/* Does the process have one of the two nodes open? */
static bool has_open(const struct ctl *ctl, const char *pid, const char *group, const char *cdev)
{
	char **fds, **fd;
	path_t dir, path, target;
	bool found = false;
	ssize_t len;

	path_set(dir, "%s/proc/%s/fd", ctl->root, pid);
	fds = dir_list(dir);
	for (fd = fds; *fd && !found; fd++) {
		path_set(path, "%s/%s", dir, *fd);
		len = readlink(path, target, sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = 0;
		found = !strcmp(target, group) || !strcmp(target, cdev);
	}
	dir_free(fds);
	return found;
}

int vf_holder(const struct ctl *ctl, const struct vf *vf)
{
	char **pids, **p;
	char group[64], cdev[64];
	long long pid, found = 0;
	path_t path;

	if (vf->vm_pid > 0)
		return vf->vm_pid;
	snprintf(group, sizeof(group), "/dev/vfio/%d", vf->iommu_group);
	snprintf(cdev, sizeof(cdev), "/dev/vfio/devices/%.32s", vf->vfio ? vf->vfio : "-");
	path_set(path, "%s/proc", ctl->root);
	pids = dir_list(path);
	for (p = pids; *p && !found; p++)
		if (parse_num(*p, INT_MAX, &pid) && has_open(ctl, *p, group, cdev))
			found = pid;
	dir_free(pids);
	return found;
}
