/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Memory, text and files of vgpuctl.
 */
#ifndef VGPUCTL_UTIL_H
#define VGPUCTL_UTIL_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ctl.h"

/* Allocation that ends the program when there is no memory. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xvasprintf(const char *fmt, va_list ap);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "a", "a, b": @item behind @list, which is freed; @list may be NULL. */
char *list_add(char *list, const char *item);
/* Cut blanks and newlines off both ends, in place. */
char *trim(char *s);
/*
 * What cannot be shown becomes "?", in place: control characters but newlines and
 * tabs, and what is no UTF-8.  Names of VMs and logs of guests are others' to choose.
 */
char *clean(char *s);
/* A decimal number of at most @max, and nothing else. */
bool parse_num(const char *s, long long max, long long *out);

/* A path below the root; ends the program when it is too long. */
typedef char path_t[PATH_MAX];
void path_set(path_t path, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * All of a file without the last newline, cleaned; NULL and errno when it cannot be
 * read.  A byte 0 ends it.
 */
char *file_read(const char *path);
/* The same with its length, nothing cut off. */
char *file_read_all(const char *path, size_t *len);
/* The same of "@dir/@name". */
char *file_read_in(const char *dir, const char *name);
/* The number in "@dir/@name"; -1 when there is none. */
long long file_num(const char *dir, const char *name);
/* Does it exist? */
bool file_exists(const char *path);
bool file_exists_in(const char *dir, const char *name);
/* Last component of what the link "@dir/@name" points at, NULL when it is none. */
char *link_base(const char *dir, const char *name);

/* Names in a folder, sorted as versions are; NULL-terminated, never NULL. */
char **dir_list(const char *path);
void dir_free(char **names);

/* Seconds since some start. */
double now(void);
/* A moment of sleep. */
void nap(double seconds);

#endif /* VGPUCTL_UTIL_H */
