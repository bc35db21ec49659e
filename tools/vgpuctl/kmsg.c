// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the driver wrote to the kernel log.  A record of /dev/kmsg is
 * "prio,seq,time,flags;text", and lines that begin with a blank belong to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "put.h"

static int open_log(const struct ctl *ctl)
{
	path_t path;

	path_set(path, "%s/dev/kmsg", ctl->root);
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

int kmsg_open(const struct ctl *ctl)
{
	int fd = open_log(ctl);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* One read is one record, EPIPE one that was overwritten. */
static char *read_all(int fd)
{
	char buf[8192], *all = xstrdup("");
	size_t at = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n < 0)
			break;
		all = xrealloc(all, at + n + 1);
		memcpy(all + at, buf, n);
		at += n;
		all[at] = 0;
	}
	return all;
}

/* Text behind the device's name: "nvidia 0000:01:00.4: text"; NULL when it is not there. */
static char *about(char *text, const char *device)
{
	char *at = device ? strstr(text, device) : NULL;

	if (!at || strncmp(at + strlen(device), ": ", 2))
		return NULL;
	return at + strlen(device) + 2;
}

static char *record_text(char *line)
{
	char *semicolon = strchr(line, ';');

	return line[0] == ' ' || !semicolon ? NULL : semicolon + 1;
}

char *kmsg_last(int fd, const char *device, const char *other)
{
	char *all, *line, *save, *text, *found = NULL;

	if (fd < 0)
		return NULL;
	all = read_all(fd);
	close(fd);
	for (line = strtok_r(all, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		text = record_text(line);
		if (!text)
			continue;
		if (about(text, device))
			found = about(text, device);
		else if (about(text, other))
			found = about(text, other);
	}
	found = found ? clean(xstrdup(found)) : NULL;
	free(all);
	return found;
}

char **kmsg_all(const struct ctl *ctl, const char *device)
{
	char *all, *line, *save, *text, **lines = xcalloc(1, sizeof(*lines));
	int fd = open_log(ctl), n = 0;

	if (fd < 0) {
		free(lines);
		return NULL;
	}
	all = read_all(fd);
	close(fd);
	for (line = strtok_r(all, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		text = record_text(line);
		if (!text || !about(text, device))
			continue;
		lines = xrealloc(lines, (n + 2) * sizeof(*lines));
		lines[n++] = clean(xstrdup(about(text, device)));
		lines[n] = NULL;
	}
	free(all);
	return lines;
}
