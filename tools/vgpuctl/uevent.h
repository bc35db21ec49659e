/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Uevents of the kernel.
 */
#ifndef VGPUCTL_UEVENT_H
#define VGPUCTL_UEVENT_H

#include <signal.h>

#include "ctl.h"

/**
 * struct uevent - "ACTION@DEVPATH", then "KEY=VALUE" strings
 * @action: "change"
 * @devpath: of the device, below /sys
 * @buf: the message
 * @len: its bytes; a NUL follows
 */
struct uevent {
	const char *action;
	const char *devpath;
	char *buf;
	size_t len;
};

struct uevents;

/* Listen; NULL when that was reported.  Below a root it is a file, root/run/uevents. */
struct uevents *uevents_open(const struct ctl *ctl, int *status);
void uevents_close(struct uevents *u);
/*
 * Signals that are blocked while uevents_next() waits, as with ppoll(): what the caller
 * blocks otherwise cannot come between its looking for it and the waiting.
 */
void uevents_mask(struct uevents *u, const sigset_t *waiting);
/*
 * The next one of the kernel: 1; 0 when none came within @ms (-1: wait for ever), or
 * the file has ended; -ENOBUFS when some were lost; another -errno.
 */
int uevents_next(struct uevents *u, int ms, struct uevent *out);
/* Value of a key, NULL when there is none. */
const char *uevent_value(const struct uevent *e, const char *key);

#endif /* VGPUCTL_UEVENT_H */
