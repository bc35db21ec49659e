// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Memory, text and files of vgpuctl.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

/* No file that it reads is larger, but for the metadata of types. */
#define FILE_MAX	(64U << 20)

static void __attribute__((noreturn)) no_memory(void)
{
	fputs("vgpuctl: no memory\n", stderr);
	exit(CTL_FAILED);
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		no_memory();
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		no_memory();
	return p;
}

char *xstrdup(const char *s)
{
	char *p = strdup(s);

	if (!p)
		no_memory();
	return p;
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *p;

	if (vasprintf(&p, fmt, ap) < 0)
		no_memory();
	return p;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = xvasprintf(fmt, ap);
	va_end(ap);
	return p;
}

char *list_add(char *list, const char *item)
{
	char *longer = list ? xasprintf("%s, %s", list, item) : xstrdup(item);

	free(list);
	return longer;
}

char *trim(char *s)
{
	size_t len;

	while (isspace((unsigned char)*s))
		s++;
	len = strlen(s);
	while (len && isspace((unsigned char)s[len - 1]))
		s[--len] = 0;
	return s;
}

/* Bytes of the UTF-8 character at @s, 0 when it is none. */
static int utf8_length(const unsigned char *s)
{
	unsigned int c;
	int len, i;

	if (s[0] < 0x80)
		return 1;
	len = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 :
	      s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : 0;
	c = s[0] & (0xff >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	/* too long a form, surrogates, beyond Unicode, C1 controls */
	if ((len == 2 && c < 0xa0) || (len == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
	    (len == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	return len;
}

char *clean(char *s)
{
	unsigned char *p = (unsigned char *)s;
	int len;

	for (; *p; p += len) {
		len = utf8_length(p);
		if (!len || (*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f) {
			*p = '?';
			len = 1;
		}
	}
	return s;
}

bool parse_num(const char *s, long long max, long long *out)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	*out = strtoll(s, &end, 10);
	return !errno && !*end && *out <= max;
}

void path_set(path_t path, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(path, sizeof(path_t), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(path_t)) {
		fputs("vgpuctl: a path is too long; is VGPUCTL_ROOT right?\n", stderr);
		exit(CTL_FAILED);
	}
}

char *file_read_all(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 4096, at = 0;
	char *buf;
	ssize_t n;

	if (fd < 0)
		return NULL;
	buf = xrealloc(NULL, size + 1);
	while ((n = read(fd, buf + at, size - at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || at + n > FILE_MAX) {
			int err = n < 0 ? errno : EFBIG;

			free(buf);
			close(fd);
			errno = err;
			return NULL;
		}
		at += n;
		if (at == size) {
			size *= 2;
			buf = xrealloc(buf, size + 1);
		}
	}
	close(fd);
	buf[at] = 0;
	*len = at;
	return buf;
}

char *file_read(const char *path)
{
	size_t len;
	char *text = file_read_all(path, &len);

	if (!text)
		return NULL;
	len = strlen(text);
	if (len && text[len - 1] == '\n')
		text[len - 1] = 0;
	return clean(text);
}

char *file_read_in(const char *dir, const char *name)
{
	path_t path;

	path_set(path, "%s/%s", dir, name);
	return file_read(path);
}

long long file_num(const char *dir, const char *name)
{
	char *text = file_read_in(dir, name), *start;
	long long v = -1;

	if (!text)
		return -1;
	start = trim(text);
	/* ids of PCI are hexadecimal */
	if (!strncmp(start, "0x", 2)) {
		char *end;

		v = strtoll(start, &end, 16);
		if (*end || end == start + 2)
			v = -1;
	} else if (!parse_num(start, LLONG_MAX, &v)) {
		v = -1;
	}
	free(text);
	return v;
}

bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

bool file_exists_in(const char *dir, const char *name)
{
	path_t path;

	path_set(path, "%s/%s", dir, name);
	return file_exists(path);
}

char *link_base(const char *dir, const char *name)
{
	path_t path, target;
	const char *slash;
	ssize_t len;

	path_set(path, "%s/%s", dir, name);
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return NULL;
	target[len] = 0;
	slash = strrchr(target, '/');
	return xstrdup(slash ? slash + 1 : target);
}

static int no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

char **dir_list(const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, no_dots, versionsort), i;
	char **names;

	if (n < 0)
		return xcalloc(1, sizeof(*names));
	names = xcalloc(n + 1, sizeof(*names));
	for (i = 0; i < n; i++) {
		names[i] = xstrdup(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return names;
}

void dir_free(char **names)
{
	char **p;

	for (p = names; *p; p++)
		free(*p);
	free(names);
}

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

void nap(double seconds)
{
	struct timespec t = { (time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9) };

	nanosleep(&t, NULL);
}
