// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Instead of tools/vgpuctl/put_raw.c: a write to the files of a fake tree, and what
 * the driver would do then.  ROOT/faults has lines "END ERRNO DEVICE TEXT": a write to
 * a file whose path ends so fails with that errno, and the kernel log gets the text.
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

/* -errno of the first fault that is for this write, 0. */
static int fault(const struct ctl *ctl, const char *path)
{
	char *all, *line, *save;
	path_t name;
	int err = 0;

	path_set(name, "%s/faults", ctl->root);
	all = file_read(name);
	for (line = all ? strtok_r(all, "\n", &save) : NULL; line && !err;
	     line = strtok_r(NULL, "\n", &save)) {
		char end[128], number[16], device[32];
		int at = 0;

		if (sscanf(line, "%127s %15s %31s %n", end, number, device, &at) != 3 ||
		    !ends_with(path, end))
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

static int store_type(const char *path, const char *text)
{
	path_t place, params;
	char *now_text = file_read(path);
	bool typed = now_text && strcmp(now_text, "0");

	free(now_text);
	if (typed && strcmp(text, "0"))
		return -EPERM;
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
	ret = fault(ctl, path);
	if (ret)
		return ret;
	take_first(ctl, path);
	if (ends_with(path, "/current_vgpu_type"))
		return store_type(path, text);
	if (ends_with(path, "/sriov_numvfs"))
		return store_vfs(path, text);
	if (ends_with(path, "/vgpu_params"))
		return store(path, strcmp(text, " ") ? text : "", false);
	return store(path, text, false);
}
