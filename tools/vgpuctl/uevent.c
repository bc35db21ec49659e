// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Uevents, from the kernel's netlink socket; see uevent.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "uevent.h"
#include "util.h"

/* Multicast group of the kernel's own messages. */
#define GROUP_KERNEL	1
#define BUFFER_SIZE	8192
#define RECEIVE_BUFFER	(4 << 20)

/**
 * struct uevents - where they come from
 * @fd: socket, -1 for the file
 * @file: all of the file, messages end with an empty string
 * @at: how far it was read
 * @waiting: signals that are blocked while it waits, if @has_mask
 */
struct uevents {
	int fd;
	char *file;
	size_t file_len;
	size_t at;
	sigset_t waiting;
	bool has_mask;
	char buf[BUFFER_SIZE + 1];
};

struct uevents *uevents_open(const struct ctl *ctl, int *status)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	struct uevents *u = xcalloc(1, sizeof(*u));
	int size = RECEIVE_BUFFER;
	path_t path;

	u->fd = -1;
	if (*ctl->root) {
		path_set(path, "%s/run/uevents", ctl->root);
		u->file = file_read_all(path, &u->file_len);
		if (u->file)
			return u;
		*status = ctl_error(CTL_NOT_FOUND, "%s: %s", path, strerror(errno));
		free(u);
		return NULL;
	}
	u->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	/* only root may have so much; what the others get does */
	if (u->fd >= 0)
		setsockopt(u->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (u->fd < 0 || bind(u->fd, (struct sockaddr *)&addr, sizeof(addr))) {
		*status = ctl_error(CTL_FAILED, "the kernel's uevents cannot be listened to: %s",
				    strerror(errno));
		uevents_close(u);
		return NULL;
	}
	return u;
}

void uevents_mask(struct uevents *u, const sigset_t *waiting)
{
	u->waiting = *waiting;
	u->has_mask = true;
}

void uevents_close(struct uevents *u)
{
	if (u->fd >= 0)
		close(u->fd);
	free(u->file);
	free(u);
}

static bool parse(char *buf, size_t len, struct uevent *out)
{
	char *at;

	buf[len] = 0;
	at = memchr(buf, '@', strlen(buf));
	/* udev's messages begin with "libudev" */
	if (!at || at == buf || at[1] != '/')
		return false;
	*at = 0;
	out->action = buf;
	out->devpath = at + 1;
	out->buf = buf;
	out->len = len;
	return true;
}

static int next_in_file(struct uevents *u, struct uevent *out)
{
	size_t start, end;

	while (u->at < u->file_len) {
		start = end = u->at;
		while (end < u->file_len && u->file[end])
			end += strlen(u->file + end) + 1;
		u->at = end + 1;
		if (end > u->file_len)
			end = u->file_len;
		if (parse(u->file + start, end - start, out))
			return 1;
	}
	return 0;
}

/* Anybody may send to the group; only what has the kernel's address counts. */
static ssize_t receive(struct uevents *u)
{
	struct sockaddr_nl from;
	struct iovec iov = { u->buf, BUFFER_SIZE };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n = recvmsg(u->fd, &msg, 0);

	if (n < 0)
		return -errno;
	if (from.nl_pid || msg.msg_flags & MSG_TRUNC)
		return 0;
	return n;
}

int uevents_next(struct uevents *u, int ms, struct uevent *out)
{
	struct pollfd p = { .fd = u->fd, .events = POLLIN };
	double end = now() + ms / 1000.0;
	struct timespec t;
	ssize_t n;
	int left, ret;

	if (u->fd < 0)
		return next_in_file(u, out);
	for (;;) {
		left = ms < 0 ? -1 : (int)((end - now()) * 1000) + 1;
		if (ms >= 0 && left <= 0)
			left = 0;
		t = (struct timespec){ left / 1000, left % 1000 * 1000000L };
		ret = ppoll(&p, 1, left < 0 ? NULL : &t, u->has_mask ? &u->waiting : NULL);
		if (ret < 0)
			return -errno;
		if (!ret)
			return 0;
		n = receive(u);
		if (n < 0)
			return n;
		if (n && parse(u->buf, n, out))
			return 1;
		if (ms >= 0 && now() >= end)
			return 0;
	}
}

const char *uevent_value(const struct uevent *e, const char *key)
{
	size_t len = strlen(key), at;

	for (at = strlen(e->buf) + 1 + strlen(e->devpath) + 1; at < e->len;
	     at += strlen(e->buf + at) + 1)
		if (!strncmp(e->buf + at, key, len) && e->buf[at + len] == '=')
			return e->buf + at + len + 1;
	return NULL;
}
