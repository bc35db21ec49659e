// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Back end on the host: the VF through its VFIO group, or its own node (cdev.c).
 * Opening the device is what creates the vGPU, the end of the process destroys it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/regs.h"
#include "smoke.h"

/* Above the RAM of most machines, within 39 bits, which every IOMMU has. */
#define IOVA_BASE		(1ULL << 37)
#define VECTORS_MAX		16

static struct vfio_region_info config_region = { .argsz = sizeof(config_region) };
static int event_fd[VECTORS_MAX];
static u32 vectors;

static u32 vfio_config(unsigned int off, unsigned int bytes)
{
	u32 val = 0;

	if (pread(dev.fd, &val, bytes, config_region.offset + off) != (ssize_t)bytes)
		fail("read of config space at 0x%x: %s", off, strerror(errno));

	return val;
}

static void vfio_command(u16 clear, u16 set)
{
	u16 cmd = vfio_config(PCI_COMMAND, 2);

	cmd = (cmd & ~clear) | set;
	if (pwrite(dev.fd, &cmd, 2, config_region.offset + PCI_COMMAND) != 2)
		fail("write of the command register: %s", strerror(errno));
}

static void vfio_stop(void)
{
	u16 cmd = 0;

	/* at exit already: nothing to do about an error */
	if (pwrite(dev.fd, &cmd, 2, config_region.offset + PCI_COMMAND) != 2)
		perror("smoke: switch bus mastering off");
}

static struct vfio_region_info *region(u32 index)
{
	static struct vfio_region_info info;

	memset(&info, 0, sizeof(info));
	info.argsz = sizeof(info);
	info.index = index;
	if (ioctl(dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		fail("VFIO region %u: %s", index, strerror(errno));

	return &info;
}

static void *map_region(const struct vfio_region_info *info)
{
	void *map;

	if (!(info->flags & VFIO_REGION_INFO_FLAG_MMAP))
		return NULL;
	map = mmap(NULL, info->size, PROT_READ | PROT_WRITE, MAP_SHARED, dev.fd, info->offset);

	return map == MAP_FAILED ? NULL : map;
}

static void open_bars(void)
{
	struct vfio_region_info *info;

	info = region(VFIO_PCI_BAR0_REGION_INDEX);
	if (info->size < NV_VF_BAR0_SIZE)
		fail("BAR0 has 0x%llx bytes", (unsigned long long)info->size);
	dev.bar0_offset = info->offset;
	dev.bar0 = map_region(info);
	info = region(VFIO_PCI_BAR1_REGION_INDEX);
	dev.bar1_size = info->size;
	dev.bar1 = map_region(info);
	if (!dev.bar1)
		fail("BAR1 (0x%llx bytes, flags 0x%x) cannot be mapped: %s",
		     (unsigned long long)info->size, info->flags, strerror(errno));
}

static bool vfio_irq_wait(unsigned int vector, int ms)
{
	struct pollfd p = { .events = POLLIN };

	if (vector >= vectors)
		return false;
	p.fd = event_fd[vector];

	return poll(&p, 1, ms) == 1;
}

static void vfio_irq_drain(void)
{
	u64 count;
	u32 i;

	/* the descriptors do not block: an error is "none came" */
	for (i = 0; i < vectors; i++)
		if (read(event_fd[i], &count, sizeof(count)) < 0 && errno != EAGAIN)
			fail("eventfd: %s", strerror(errno));
}

static void open_irqs(void)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = VFIO_PCI_MSIX_IRQ_INDEX };
	char buf[sizeof(struct vfio_irq_set) + sizeof(event_fd)];
	struct vfio_irq_set *set = (void *)buf;
	u32 i;

	if (ioctl(dev.fd, VFIO_DEVICE_GET_IRQ_INFO, &info))
		fail("VFIO MSI-X: %s", strerror(errno));
	vectors = info.count < VECTORS_MAX ? info.count : VECTORS_MAX;
	if (!vectors)
		fail("the VF has no MSI-X vectors");
	for (i = 0; i < vectors; i++) {
		event_fd[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (event_fd[i] < 0)
			fail("eventfd: %s", strerror(errno));
	}
	memset(set, 0, sizeof(*set));
	set->argsz = sizeof(*set) + vectors * sizeof(event_fd[0]);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->count = vectors;
	memcpy(set->data, event_fd, vectors * sizeof(event_fd[0]));
	if (ioctl(dev.fd, VFIO_DEVICE_SET_IRQS, set))
		fail("VFIO: enable %u MSI-X vectors: %s", vectors, strerror(errno));
	dev.irq_wait = vfio_irq_wait;
	dev.irq_drain = vfio_irq_drain;
}

static void allocate_dma(void)
{
	u32 i;

	dev.dma = mmap(NULL, DMA_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (dev.dma == MAP_FAILED)
		fail("memory for DMA: %s", strerror(errno));
	for (i = 0; i < DMA_PAGES; i++)
		dev.dma_addr[i] = IOVA_BASE + i * PAGE;
}

static void map_dma(int container)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.iova = IOVA_BASE,
		.size = DMA_PAGES * PAGE,
		.vaddr = (uintptr_t)dev.dma,
	};

	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &map))
		fail("VFIO: map %llu bytes for DMA: %s", (unsigned long long)map.size,
		     strerror(errno));
}

/*
 * A page of ours that is not in the map, at its physical address: a device that
 * passes the IOMMU untranslated would hit it.
 */
static void choose_outside(void)
{
	dev.canary = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);
	if (dev.canary == MAP_FAILED)
		fail("memory for a canary: %s", strerror(errno));
	memset(dev.canary, CANARY, PAGE);
	dev.outside = physical_address(dev.canary);
	if (!dev.outside || (dev.outside >= IOVA_BASE &&
			     dev.outside < IOVA_BASE + DMA_PAGES * PAGE)) {
		dev.canary = NULL;
		dev.outside = IOVA_BASE + (1ULL << 32);
	}
}

static int open_group(const char *bdf)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[128], link[256], node[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", bdf);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		fail("%s: %s", path, strerror(errno));
	link[n] = 0;
	snprintf(node, sizeof(node), "/dev/vfio/%s", strrchr(link, '/') + 1);
	fd = open(node, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", node, strerror(errno));
	if (ioctl(fd, VFIO_GROUP_GET_STATUS, &status))
		fail("%s: %s", node, strerror(errno));
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		fail("%s is not viable: a device of it is bound to another driver", node);

	return fd;
}

/* The device of a group: its fd, DMA mapped. */
static int open_in_group(const char *bdf)
{
	int container, group, fd;

	container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (container < 0)
		fail("/dev/vfio/vfio: %s", strerror(errno));
	if (ioctl(container, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
	    ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1)
		fail("/dev/vfio/vfio: no type 1 IOMMU of version 2");
	group = open_group(bdf);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container))
		fail("VFIO group into container: %s", strerror(errno));
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		fail("VFIO container: %s", strerror(errno));
	map_dma(container);
	fd = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, bdf);
	if (fd < 0)
		fail("open %s: %s", bdf, strerror(errno));

	return fd;
}

void vfio_open(const char *bdf, bool cdev)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	snprintf(dev.bdf, sizeof(dev.bdf), "%s", bdf);
	allocate_dma();
	choose_outside();
	dev.fd = cdev ? cdev_open(bdf, IOVA_BASE, dev.dma, DMA_PAGES * PAGE) : open_in_group(bdf);
	if (ioctl(dev.fd, VFIO_DEVICE_GET_INFO, &info))
		fail("VFIO device: %s", strerror(errno));
	if (!(info.flags & VFIO_DEVICE_FLAGS_PCI))
		fail("%s is no PCI device to VFIO", bdf);
	config_region = *region(VFIO_PCI_CONFIG_REGION_INDEX);
	dev.config = vfio_config;
	open_bars();
	vfio_command(PCI_COMMAND_INTX_DISABLE, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	dev.stop = vfio_stop;
	open_irqs();
}

int vfio_request_fd(void)
{
	char buf[sizeof(struct vfio_irq_set) + sizeof(int)];
	struct vfio_irq_set *set = (void *)buf;
	int fd = eventfd(0, EFD_CLOEXEC);

	if (fd < 0)
		fail("eventfd: %s", strerror(errno));
	memset(set, 0, sizeof(*set));
	set->argsz = sizeof(buf);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = VFIO_PCI_REQ_IRQ_INDEX;
	set->count = 1;
	memcpy(set->data, &fd, sizeof(fd));
	if (ioctl(dev.fd, VFIO_DEVICE_SET_IRQS, set))
		fail("VFIO: hear of requests: %s", strerror(errno));

	return fd;
}
