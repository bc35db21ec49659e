// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The VF through its own node, /dev/vfio/devices/vfioN, with DMA mapped by iommufd.
 * It is the bind that opens it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "smoke.h"

/*
 * uAPI of Linux 6.6 (linux/vfio.h) and 6.2 (linux/iommufd.h); the headers that this
 * is built with may be older.
 */
#define BIND_IOMMUFD		_IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_IOMMUFD_PT	_IO(VFIO_TYPE, VFIO_BASE + 19)
#define IOAS_ALLOC		_IO(';', 0x81)
#define IOAS_MAP		_IO(';', 0x85)
#define MAP_FIXED_IOVA		1
#define MAP_WRITEABLE		2
#define MAP_READABLE		4

struct bind_iommufd {
	u32 argsz;
	u32 flags;
	s32 iommufd;
	u32 out_devid;
};

struct attach_iommufd_pt {
	u32 argsz;
	u32 flags;
	u32 pt_id;
};

struct ioas_alloc {
	u32 size;
	u32 flags;
	u32 out_ioas_id;
};

struct ioas_map {
	u32 size;
	u32 flags;
	u32 ioas_id;
	u32 reserved;
	u64 user_va __attribute__((aligned(8)));
	u64 length __attribute__((aligned(8)));
	u64 iova __attribute__((aligned(8)));
};

static int open_node(const char *bdf)
{
	char path[512];
	struct dirent *e;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", bdf);
	dir = opendir(path);
	if (!dir)
		fail("%s: %s", path, strerror(errno));
	do {
		e = readdir(dir);
		if (!e)
			fail("%s has no VFIO device", bdf);
	} while (e->d_name[0] == '.');
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", e->d_name);
	closedir(dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));

	return fd;
}

static void bind_node(int fd, int iommufd)
{
	struct bind_iommufd bind = { .argsz = sizeof(bind), .iommufd = iommufd };
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (!ioctl(fd, VFIO_DEVICE_GET_INFO, &info) || errno != EINVAL)
		fail("before it is bound the VF answers");
	if (ioctl(fd, BIND_IOMMUFD, &bind))
		fail("bind to iommufd: %s", strerror(errno));
	if (!ioctl(fd, BIND_IOMMUFD, &bind) || errno != EINVAL)
		fail("it can be bound twice");
}

int cdev_open(const char *bdf, u64 iova, void *dma, u64 size)
{
	struct attach_iommufd_pt attach = { .argsz = sizeof(attach) };
	struct ioas_alloc ioas = { .size = sizeof(ioas) };
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = MAP_FIXED_IOVA | MAP_READABLE | MAP_WRITEABLE,
		.user_va = (uintptr_t)dma,
		.length = size,
		.iova = iova,
	};
	int fd = open_node(bdf), iommufd;

	iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (iommufd < 0)
		fail("/dev/iommu: %s", strerror(errno));
	bind_node(fd, iommufd);
	if (ioctl(iommufd, IOAS_ALLOC, &ioas))
		fail("iommufd: an address space: %s", strerror(errno));
	attach.pt_id = ioas.out_ioas_id;
	if (ioctl(fd, ATTACH_IOMMUFD_PT, &attach))
		fail("attach to the address space: %s", strerror(errno));
	map.ioas_id = ioas.out_ioas_id;
	if (ioctl(iommufd, IOAS_MAP, &map))
		fail("iommufd: map %llu bytes for DMA: %s", (unsigned long long)size,
		     strerror(errno));

	return fd;
}
