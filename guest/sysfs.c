// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Back end inside a guest: the function's resource files in sysfs and memory of
 * our own at its physical address.  No driver has the function, and the guest
 * has no IOMMU.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/regs.h"
#include "smoke.h"

#define PCI_DIR			"/sys/bus/pci/devices"
#define NVIDIA			0x10de

#define PAGEMAP_PRESENT		(1ULL << 63)
#define PAGEMAP_PFN		((1ULL << 55) - 1)

/* No guest has RAM or a BAR here, and no IOMMU maps it. */
#define OUTSIDE			(1ULL << 45)

static int config_fd = -1;

u64 physical_address(const void *va)
{
	off_t off = (uintptr_t)va / PAGE * sizeof(u64);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	u64 e = 0;

	if (fd < 0)
		return 0;
	if (pread(fd, &e, sizeof(e), off) != sizeof(e) || !(e & PAGEMAP_PRESENT))
		e = 0;
	close(fd);

	return (e & PAGEMAP_PFN) * PAGE;
}

static u32 sysfs_number(const char *bdf, const char *name)
{
	char path[300], text[32];
	FILE *f;
	u32 val;

	snprintf(path, sizeof(path), PCI_DIR "/%s/%s", bdf, name);
	f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		fail("%s: %s", path, strerror(errno));
	val = strtoul(text, NULL, 0);
	fclose(f);

	return val;
}

static void find(char *bdf, size_t size)
{
	struct dirent *e;
	DIR *d = opendir(PCI_DIR);
	u32 class_id;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' || sysfs_number(e->d_name, "vendor") != NVIDIA)
			continue;
		class_id = sysfs_number(e->d_name, "class") >> 8;
		if (class_id == 0x0302 || class_id == 0x0300) {
			snprintf(bdf, size, "%.*s", (int)size - 1, e->d_name);
			closedir(d);
			return;
		}
	}
	fail("no NVIDIA GPU on the PCI bus");
}

static u32 sysfs_config(unsigned int off, unsigned int bytes)
{
	u32 val = 0;

	if (pread(config_fd, &val, bytes, off) != (ssize_t)bytes)
		fail("read of config space at 0x%x: %s", off, strerror(errno));

	return val;
}

static void sysfs_stop(void)
{
	u16 cmd = 0;

	/* our pages go back to the kernel: the GPU must not write to them */
	if (pwrite(config_fd, &cmd, 2, PCI_COMMAND) != 2)
		perror("smoke: switch bus mastering off");
}

static void *map_resource(unsigned int index, u64 *size)
{
	char path[300];
	struct stat st;
	void *map;
	int fd;

	snprintf(path, sizeof(path), PCI_DIR "/%s/resource%u", dev.bdf, index);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		fail("%s: %s", path, strerror(errno));
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		fail("map %s: %s", path, strerror(errno));
	close(fd);
	*size = st.st_size;

	return map;
}

static void get_memory(void)
{
	u32 i;

	/*
	 * Locked pages can still be migrated, but only by compaction or NUMA
	 * balancing, which the small guests that this is for do not have.
	 */
	dev.dma = mmap(NULL, DMA_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);
	if (dev.dma == MAP_FAILED || mlock(dev.dma, DMA_PAGES * PAGE))
		fail("memory for DMA: %s", strerror(errno));
	for (i = 0; i < DMA_PAGES; i++) {
		dev.dma_addr[i] = physical_address(dev.dma + i * PAGE);
		if (!dev.dma_addr[i])
			fail("/proc/self/pagemap does not tell physical addresses");
	}
}

void sysfs_open(const char *bdf)
{
	char path[300];
	u64 size;
	u16 cmd;

	if (bdf)
		snprintf(dev.bdf, sizeof(dev.bdf), "%s", bdf);
	else
		find(dev.bdf, sizeof(dev.bdf));
	snprintf(path, sizeof(path), PCI_DIR "/%s/config", dev.bdf);
	config_fd = open(path, O_RDWR | O_CLOEXEC);
	if (config_fd < 0)
		fail("%s: %s", path, strerror(errno));
	dev.config = sysfs_config;
	dev.fd = -1;
	get_memory();
	dev.outside = OUTSIDE;

	cmd = sysfs_config(PCI_COMMAND, 2) | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
	      PCI_COMMAND_INTX_DISABLE;
	if (pwrite(config_fd, &cmd, 2, PCI_COMMAND) != 2)
		fail("write of the command register: %s", strerror(errno));
	dev.stop = sysfs_stop;
	dev.bar0 = map_resource(0, &size);
	if (size < NV_VF_BAR0_SIZE)
		fail("BAR0 has 0x%llx bytes", (unsigned long long)size);
	dev.bar1 = map_resource(1, &dev.bar1_size);
}
