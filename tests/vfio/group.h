/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A device's VFIO group, in a container of its own.
 */
#ifndef OVG_TESTS_GROUP_H
#define OVG_TESTS_GROUP_H

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static inline void die(const char *what, const char *which)
{
	fprintf(stderr, "%s: %s %s: %s\n", program_invocation_short_name, which, what,
		strerror(errno));
	exit(1);
}

/* The group's fd, ready for VFIO_GROUP_GET_DEVICE_FD. */
static inline int open_group(const char *bdf)
{
	char path[128], link[256], node[64];
	int container, group;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", bdf);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		die("IOMMU group", bdf);
	link[n] = 0;
	snprintf(node, sizeof(node), "/dev/vfio/%s", strrchr(link, '/') + 1);
	container = open("/dev/vfio/vfio", O_RDWR);
	group = open(node, O_RDWR);
	if (container < 0 || group < 0)
		die(node, bdf);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("container", bdf);
	return group;
}

#endif /* OVG_TESTS_GROUP_H */
