// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * sysfs-write [--trunc] [--sync] [--creat] [--times N] FILE TEXT: write a file in
 * one write(2), the way that a client opens it, and print what came of it: "ok",
 * "short N" when only N bytes were taken, or the name of the errno, after "open "
 * or "close " when it was not the write.  A shell can tell none of that.
 *
 * In TEXT, \n is a newline, \t a tab, \0 a NUL; --times repeats it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Copy @in to @out without its escapes; returns the bytes. */
static size_t unescape(char *out, const char *in)
{
	size_t n = 0;

	for (; *in; in++) {
		if (*in == '\\' && in[1] && strchr("nt0", in[1])) {
			in++;
			out[n++] = *in == 'n' ? '\n' : *in == 't' ? '\t' : 0;
		} else {
			out[n++] = *in;
		}
	}
	return n;
}

static int result(const char *call)
{
	printf("%s%s\n", call, strerrorname_np(errno));
	return 1;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "trunc", no_argument, NULL, 't' },
		{ "sync", no_argument, NULL, 's' },
		{ "creat", no_argument, NULL, 'c' },
		{ "times", required_argument, NULL, 'n' },
		{ }
	};
	int flags = O_WRONLY, o, fd;
	size_t times = 1, len, i;
	char *once, *all;
	ssize_t done;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 't')
			flags |= O_TRUNC;
		else if (o == 's')
			flags |= O_SYNC;
		else if (o == 'c')
			flags |= O_CREAT;
		else if (o == 'n')
			times = strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (argc - optind != 2) {
		fputs("usage: sysfs-write [--trunc] [--sync] [--creat] [--times N] FILE TEXT\n",
		      stderr);
		return 2;
	}

	once = malloc(strlen(argv[optind + 1]) + 1);
	len = once ? unescape(once, argv[optind + 1]) : 0;
	all = malloc(len * times + 1);
	if (!once || !all)
		return 2;
	for (i = 0; i < times; i++)
		memcpy(all + i * len, once, len);
	len *= times;

	fd = open(argv[optind], flags, 0600);
	if (fd < 0)
		return result("open ");
	done = write(fd, all, len);
	if (done < 0)
		return result("");
	if (close(fd))
		return result("close ");
	if ((size_t)done != len) {
		printf("short %zd\n", done);
		return 1;
	}
	puts("ok");
	return 0;
}
