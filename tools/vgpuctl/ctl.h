/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the subcommands of vgpuctl share.
 */
#ifndef VGPUCTL_CTL_H
#define VGPUCTL_CTL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

/**
 * struct ctl - one call of vgpuctl
 * @root: prefix of every path, $VGPUCTL_ROOT; "" on a real host
 * @json: --json was given
 */
struct ctl {
	const char *root;
	bool json;
};

/**
 * enum ctl_exit - exit statuses, documented in vgpuctl(1)
 * @CTL_OK: done
 * @CTL_FAILED: it did not work; stderr says why
 * @CTL_USAGE: the command line or a configuration file is wrong
 * @CTL_NOT_FOUND: no such GPU, VF, type or file
 * @CTL_REFUSED: the driver refused it in its present state: in use, no room, a
 *	type is selected already
 * @CTL_PERMISSION: root is needed
 */
enum ctl_exit {
	CTL_OK = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
	CTL_NOT_FOUND = 3,
	CTL_REFUSED = 4,
	CTL_PERMISSION = 5,
};

/* "vgpuctl: " and the text on stderr; returns @status. */
int ctl_error(enum ctl_exit status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The object on stdout, indented, with a newline; its reference is dropped. */
void ctl_print_json(struct json_object *obj);

#endif /* VGPUCTL_CTL_H */
