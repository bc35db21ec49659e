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
 * @stream: a document is one line, for there may be others
 */
struct ctl {
	const char *root;
	bool json;
	bool stream;
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

/* The "schema" of every JSON document; docs/vgpuctl-json.md says when it changes. */
#define CTL_SCHEMA	1

/* "vgpuctl: " and the text on stderr; returns @status. */
int ctl_error(enum ctl_exit status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * struct ctl_failure - an error with its parts, so that JSON has them apart
 * @message: what could not be done, and why
 * @file: the file that said so, NULL when none did
 * @err: its errno, 0 when there is none
 * @driver: what the driver wrote to the kernel log, NULL when that is not known
 * @hint: the way out, NULL when @message says it
 */
struct ctl_failure {
	const char *message;
	const char *file;
	int err;
	const char *driver;
	const char *hint;
};

/* All parts on stderr, control characters and what is no UTF-8 as "?"; returns @status. */
int ctl_fail(enum ctl_exit status, const struct ctl_failure *f);
/* From now on errors wait until ctl_release(), which reports them, or forgets them. */
void ctl_hold(void);
void ctl_release(bool wanted);
/* errno of the first that waits, when a file of this @name said so; else 0. */
int ctl_held_errno(const char *name);

/* The object on stdout, indented, with a newline; its reference is dropped. */
void ctl_print_json(struct json_object *obj);
/* The same on one line, and at once: for streams. */
void ctl_print_json_line(struct json_object *obj);
/*
 * Under --json, where it is @wanted, a document with @list as its @key, on one line
 * in a stream; else nothing.  The reference of @list is dropped.
 */
void ctl_end_list(const struct ctl *ctl, bool wanted, const char *key, struct json_object *list);
/* A new object with its "schema". */
struct json_object *ctl_json_new(void);
/*
 * At the end of a call: under --json a call that failed without a document of its
 * own gets one with the errors.  Returns @status.
 */
int ctl_finish(const struct ctl *ctl, int status);
/* Of two statuses the first that is no success. */
int ctl_first(int a, int b);

#endif /* VGPUCTL_CTL_H */
