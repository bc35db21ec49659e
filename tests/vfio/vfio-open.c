// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vfio-open BDF...: open the VFIO devices, all at the same moment, and say how
 * many milliseconds passed until the last was open.  Opening a VF creates its
 * vGPU; the end of the program destroys them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>

#include "group.h"

struct vf {
	const char *bdf;
	pthread_t thread;
	int group;
	int error;
};

static pthread_barrier_t start;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void *open_vf(void *arg)
{
	struct vf *vf = arg;

	pthread_barrier_wait(&start);
	if (ioctl(vf->group, VFIO_GROUP_GET_DEVICE_FD, vf->bdf) < 0)
		vf->error = errno;
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned int n = argc - 1, i;
	struct vf *vfs = calloc(argc, sizeof(*vfs));
	double t0;
	int bad = 0;

	if (!n || !vfs) {
		fputs("usage: vfio-open BDF...\n", stderr);
		return 2;
	}
	pthread_barrier_init(&start, NULL, n + 1);
	for (i = 0; i < n; i++) {
		vfs[i].bdf = argv[1 + i];
		vfs[i].group = open_group(vfs[i].bdf);
	}
	for (i = 0; i < n; i++) {
		errno = pthread_create(&vfs[i].thread, NULL, open_vf, &vfs[i]);
		if (errno)
			die("thread", vfs[i].bdf);
	}
	t0 = now_ms();
	pthread_barrier_wait(&start);
	for (i = 0; i < n; i++)
		pthread_join(vfs[i].thread, NULL);
	printf("%.0f\n", now_ms() - t0);
	for (i = 0; i < n; i++) {
		if (vfs[i].error) {
			fprintf(stderr, "vfio-open: %s: %s\n", vfs[i].bdf,
				strerror(vfs[i].error));
			bad = 1;
		}
	}
	return bad;
}
