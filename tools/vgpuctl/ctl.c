// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Messages and JSON of vgpuctl.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "util.h"

/* Errors so far, which the next JSON document takes along; NULL when none. */
static struct json_object *errors;
static bool printed;

/* What ctl_hold() keeps back: its own copies. */
struct held {
	enum ctl_exit status;
	char *message, *file, *driver, *hint;
	int err;
};
static struct held *held;
static int num_held;
static bool holding;

static void add(struct json_object *obj, const char *key, const char *text)
{
	if (text)
		json_object_object_add(obj, key, json_object_new_string(text));
}

static void collect(enum ctl_exit status, const struct ctl_failure *f)
{
	struct json_object *e = json_object_new_object();

	json_object_object_add(e, "exit", json_object_new_int(status));
	add(e, "message", f->message);
	add(e, "file", f->file);
	add(e, "errno", f->err ? strerrorname_np(f->err) : NULL);
	add(e, "driver", f->driver);
	add(e, "hint", f->hint);
	if (!errors)
		errors = json_object_new_array();
	json_object_array_add(errors, e);
}

/* A copy that a terminal and JSON can take: command lines and files have any bytes. */
static char *clean_copy(const char *text)
{
	return text ? clean(xstrdup(text)) : NULL;
}

static void report(enum ctl_exit status, const struct ctl_failure *f)
{
	fflush(stdout);
	fprintf(stderr, "vgpuctl: %s\n", f->message);
	if (f->file && f->err)
		fprintf(stderr, "  file:    %s: %s\n", f->file, strerror(f->err));
	else if (f->file)
		fprintf(stderr, "  file:    %s\n", f->file);
	if (f->driver)
		fprintf(stderr, "  driver:  %s\n", f->driver);
	if (f->hint)
		fprintf(stderr, "  way out: %s\n", f->hint);
	collect(status, f);
}

static void report_and_free(struct held *h, bool wanted)
{
	if (wanted)
		report(h->status, &(struct ctl_failure){ h->message, h->file, h->err, h->driver,
							  h->hint });
	free(h->message);
	free(h->file);
	free(h->driver);
	free(h->hint);
}

int ctl_fail(enum ctl_exit status, const struct ctl_failure *f)
{
	struct held h = {
		status, clean_copy(f->message), clean_copy(f->file), clean_copy(f->driver),
		clean_copy(f->hint), f->err
	};

	if (holding) {
		held = xrealloc(held, (num_held + 1) * sizeof(*held));
		held[num_held++] = h;
	} else {
		report_and_free(&h, true);
	}
	return status;
}

void ctl_hold(void)
{
	holding = true;
}

int ctl_held_errno(const char *name)
{
	const char *file = num_held ? held[0].file : NULL, *slash = file ? strrchr(file, '/') : NULL;

	return slash && !strcmp(slash + 1, name) ? held[0].err : 0;
}

void ctl_release(bool wanted)
{
	int i;

	holding = false;
	for (i = 0; i < num_held; i++)
		report_and_free(&held[i], wanted);
	free(held);
	held = NULL;
	num_held = 0;
}

int ctl_error(enum ctl_exit status, const char *fmt, ...)
{
	struct ctl_failure f = { 0 };
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	f.message = text ? text : "no memory";
	ctl_fail(status, &f);
	free(text);
	return status;
}

static void print(struct json_object *obj, int flags)
{
	if (errors && json_object_is_type(obj, json_type_object)) {
		json_object_object_add(obj, "errors", errors);
		errors = NULL;
	}
	puts(json_object_to_json_string_ext(obj, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	json_object_put(obj);
	printed = true;
}

void ctl_print_json(struct json_object *obj)
{
	print(obj, JSON_C_TO_STRING_PRETTY);
}

void ctl_print_json_line(struct json_object *obj)
{
	print(obj, JSON_C_TO_STRING_PLAIN);
}

void ctl_end_list(const struct ctl *ctl, bool wanted, const char *key, struct json_object *list)
{
	struct json_object *doc;

	if (!ctl->json || !wanted) {
		json_object_put(list);
		return;
	}
	doc = ctl_json_new();
	json_object_object_add(doc, key, list);
	if (ctl->stream)
		ctl_print_json_line(doc);
	else
		ctl_print_json(doc);
}

struct json_object *ctl_json_new(void)
{
	struct json_object *obj = json_object_new_object();

	json_object_object_add(obj, "schema", json_object_new_int(CTL_SCHEMA));
	return obj;
}

int ctl_finish(const struct ctl *ctl, int status)
{
	if (ctl->json && errors && !printed)
		ctl_print_json(ctl_json_new());
	json_object_put(errors);
	errors = NULL;
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "vgpuctl: the output could not be written\n");
		return ctl_first(status, CTL_FAILED);
	}
	return status;
}

int ctl_first(int a, int b)
{
	return a ? a : b;
}
