// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vfio-bar1 BDF SEEN WHOLE: what a VMM has of BAR1 when its vGPU sees SEEN bytes
 * of the VF's WHOLE.  Prints "ok - TEXT" or "not ok - TEXT" for each check.  A BAR1
 * that is seen whole is vfio-pci-core's alone, so the same checks with SEEN = WHOLE
 * say that this is how a BAR of its behaves.
 */
#define _GNU_SOURCE
#include <linux/pci_regs.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>

#include "group.h"

#define PAGE		0x1000ULL
/* 64 bits, prefetchable */
#define FLAGS		0xcULL
#define BAR0		PCI_BASE_ADDRESS_0
#define BAR1		PCI_BASE_ADDRESS_1
#define BAR3		PCI_BASE_ADDRESS_3

static int dev, bad;
static uint64_t seen, whole;
static uint64_t bar1, config;

/* @got and @want: a count, a register, or an errno below zero */
static void __attribute__((format(printf, 3, 4))) is(int64_t got, int64_t want, const char *fmt,
						     ...)
{
	va_list ap;

	printf("%sok - ", got == want ? "" : "not ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (got != want) {
		printf(": 0x%llx (%s), not 0x%llx", (unsigned long long)got,
		       got < 0 && got > -200 ? strerror(-got) : "no error",
		       (unsigned long long)want);
		bad = 1;
	}
	putchar('\n');
}

static int64_t result(int64_t ret)
{
	return ret < 0 ? -errno : ret;
}

static int64_t bar_read(uint64_t pos, void *buf, size_t n)
{
	return result(pread(dev, buf, n, bar1 + pos));
}

static int64_t bar_write(uint64_t pos, const void *buf, size_t n)
{
	return result(pwrite(dev, buf, n, bar1 + pos));
}

static uint64_t word(uint64_t pos, size_t n)
{
	uint64_t val = 0;

	if (bar_read(pos, &val, n) != (int64_t)n)
		die("read of BAR1", "VF");
	return val;
}

static void region(void)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = VFIO_PCI_BAR1_REGION_INDEX };

	if (ioctl(dev, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("BAR1", "region");
	is(info.size, seen, "its region has 0x%llx bytes", (unsigned long long)seen);
	is(info.flags, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
	   VFIO_REGION_INFO_FLAG_MMAP, "it can be read, written, mapped");
	bar1 = info.offset;

	info.index = VFIO_PCI_CONFIG_REGION_INDEX;
	if (ioctl(dev, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("config space", "region");
	config = info.offset;
}

/* Reads and writes up to its end, over it, behind it. */
static void edges(void)
{
	static const uint64_t pattern = 0x8877665544332211, other = 0xffeeddccbbaa9988;
	uint64_t val;
	size_t n;

	is(bar_write(seen - 8, &pattern, 8), 8, "8 bytes are written at the end");
	for (n = 1; n <= 8; n *= 2) {
		val = 0;
		is(bar_read(seen - n, &val, n), n, "%zu read there", n);
		is(val, pattern >> (64 - 8 * n), "%zu are what was written", n);
		is(bar_write(seen - n, &val, n), n, "%zu written there", n);
	}
	for (n = 2; n <= 8; n *= 2) {
		val = 0;
		is(bar_read(seen - n / 2, &val, n), n / 2, "%zu over the end: half are read", n);
		is(val, pattern >> (64 - 4 * n), "and nothing else");
		is(bar_write(seen - n / 2, &other, n), n / 2, "half are written");
		is(word(seen - n / 2, n / 2), other & (~0ULL >> (64 - 4 * n)), "to their place");
		is(bar_write(seen - 8, &pattern, 8), 8, "as before");
	}
	is(bar_read(seen - 1, &val, 4), 1, "4 at its last byte: one is read");
	is(bar_read(seen - 3, &val, 8), 3, "8 at its last three: three are read");
	for (n = 1; n <= 8; n *= 2) {
		is(bar_read(seen, &val, n), -EINVAL, "%zu behind the end: no read", n);
		is(bar_write(seen, &other, n), -EINVAL, "no write");
		is(bar_read(seen + PAGE - n, &val, n), -EINVAL, "nor in the next page");
		is(bar_write(whole - n + (seen == whole) * PAGE, &other, n), -EINVAL,
		   "nor at the end of the VF's");
		is(bar_read((1ULL << 40) - n, &val, n), -EINVAL, "nor at the end of the region");
	}
	is(word(seen - 8, 8), pattern, "none of it has written");
}

static int64_t map(uint64_t pos, uint64_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, dev, bar1 + pos);

	if (p == MAP_FAILED)
		return -errno;
	munmap(p, len);
	return 0;
}

static void mappings(void)
{
	uint32_t *p = mmap(NULL, seen, PROT_READ | PROT_WRITE, MAP_SHARED, dev, bar1);
	volatile uint32_t *last;

	is(p == MAP_FAILED ? -errno : 0, 0, "all of it is mapped");
	if (p != MAP_FAILED) {
		last = p + seen / 4 - 1;
		is(*last, word(seen - 4, 4), "the last word is the one that is read");
		*last = 0x5a5aa5a5;
		(void)*last;
		is(word(seen - 4, 4), 0x5a5aa5a5, "also after a write");
		is(mremap(p, seen, seen + PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? -errno : 0, -EFAULT,
		   "the mapping does not grow");
		munmap(p, seen);
	}
	is(map(seen - PAGE, PAGE), 0, "its last page is mapped");
	is(map(seen - PAGE, 2 * PAGE), -EINVAL, "not with the one behind");
	is(map(seen, PAGE), -EINVAL, "nor that one");
	is(map(0, seen + PAGE), -EINVAL, "nor all and that one");
	if (whole > seen) {
		is(map(0, whole), -EINVAL, "nor the VF's");
		is(map(whole - PAGE, PAGE), -EINVAL, "nor the last page of the VF's");
	}
}

static int64_t ioeventfd(uint64_t pos, unsigned int n, uint64_t data, int fd)
{
	struct vfio_device_ioeventfd io = {
		.argsz = sizeof(io), .flags = n, .offset = bar1 + pos, .data = data, .fd = fd,
	};

	return result(ioctl(dev, VFIO_DEVICE_IOEVENTFD, &io));
}

static void ioeventfds(void)
{
	static const struct timespec nap = { .tv_nsec = 10000000 };
	int fd = eventfd(0, EFD_CLOEXEC), i;
	unsigned int n;

	for (n = 1; n <= 8; n *= 2) {
		is(ioeventfd(seen - n, n, 0, fd), 0, "an ioeventfd of %u at the end", n);
		is(ioeventfd(seen - n, n, 0, -1), 0, "is taken away");
		is(ioeventfd(seen, n, 0, fd), -EINVAL, "one of %u behind the end is refused", n);
		is(ioeventfd(whole - n + (seen == whole) * PAGE, n, 0, fd), -EINVAL,
		   "so at the end of the VF's");
		if (n > 1)
			is(ioeventfd(seen - n / 2, n, 0, fd), -EINVAL, "so over the end");
	}
	is(ioeventfd(seen - 4, 4, 0x12345678, fd), 0, "an ioeventfd at the last word");
	if (eventfd_write(fd, 1))
		die("write", "eventfd");
	for (i = 0; i < 500 && word(seen - 4, 4) != 0x12345678; i++)
		nanosleep(&nap, NULL);
	is(word(seen - 4, 4), 0x12345678, "writes there");
	is(ioeventfd(seen - 4, 4, 0x12345678, -1), 0, "and is taken away");
	close(fd);
}

static uint64_t get(unsigned int off, size_t n)
{
	uint64_t val = 0;

	if (pread(dev, &val, n, config + off) != (ssize_t)n)
		die("read", "config space");
	return val;
}

static void set(unsigned int off, size_t n, uint64_t val)
{
	if (pwrite(dev, &val, n, config + off) != (ssize_t)n)
		die("write", "config space");
}

/* What a BAR of @seen bytes holds after a write of @val. */
static uint64_t held(uint64_t val)
{
	return (val & ~(seen - 1)) | FLAGS;
}

static void sizing(void)
{
	unsigned int i;

	is(get(BAR1, 8), FLAGS, "the BAR is of 64 bits, prefetchable, and not set");
	set(BAR1, 4, ~0U);
	is(get(BAR1, 8), held(0xffffffff), "all ones in its low word");
	set(BAR1 + 4, 4, ~0U);
	is(get(BAR1, 4), (uint32_t)held(~0ULL), "all ones in both: the size's low word");
	is(get(BAR1 + 4, 4), held(~0ULL) >> 32, "and its high word");
	set(BAR1, 8, 0);
	is(get(BAR1, 8), FLAGS, "all zero");
	set(BAR1, 8, ~0ULL);
	is(get(BAR1, 8), held(~0ULL), "all ones in one write");
	set(BAR1, 8, 0);
	for (i = 0; i < 8; i++)
		set(BAR1 + i, 1, 0xff);
	is(get(BAR1, 8), held(~0ULL), "all ones, byte by byte");
}

static void addresses(void)
{
	uint8_t all[256], before[16], block[PAGE];
	uint64_t val;
	unsigned int i, same = 0;

	set(BAR1, 8, 0x123456789abcdef0);
	is(get(BAR1, 8), held(0x123456789abcdef0), "an address is kept down to the size");
	set(BAR1 + 7, 1, 0x7f);
	is(get(BAR1, 8), held(0x7f3456789abcdef0), "a byte of it is written");
	set(BAR1 + 2, 2, 0xffff);
	is(get(BAR1, 8), held(0x7f345678ffffdef0), "two of it");
	val = 0;
	if (pread(dev, &val, 5, config + BAR1 + 3) != 5)
		die("read", "config space");
	is(val, held(0x7f345678ffffdef0) >> 24, "five bytes from its fourth on");

	/* BAR0, BAR1 and half of BAR3, alone and in one write */
	set(BAR0, 4, 0xfebc0000);
	set(BAR3, 4, 0xa0000000);
	set(BAR1, 8, 0x3812345678);
	if (pread(dev, before, 16, config + BAR0) != 16)
		die("read", "config space");
	is(get(BAR0, 4), 0xfebc0000, "BAR0 is beside it");
	is(get(BAR3, 4), 0xa000000c, "and BAR3");
	is(get(BAR1, 8), held(0x3812345678), "and they leave it");
	set(BAR0, 8, 0);
	set(BAR1 + 4, 8, 0);
	is(get(BAR1, 8), FLAGS, "their halves in one write");
	if (pwrite(dev, before, 16, config + BAR0) != 16)
		die("write", "config space");
	is(get(BAR0, 4), 0xfebc0000, "all in one: BAR0");
	is(get(BAR1, 8), held(0x3812345678), "BAR1");
	is(get(BAR3, 4), 0xa000000c, "BAR3");

	if (pread(dev, all, sizeof(all), config) != sizeof(all))
		die("read", "config space");
	for (i = 0; i < sizeof(all); i++)
		same += get(i, 1) == all[i];
	is(same, sizeof(all), "config space is the same in one read and byte by byte");

	memset(block, 0xff, sizeof(block));
	is(result(pwrite(dev, block, sizeof(block), config + BAR1)), -EFAULT,
	   "a write over the end of config space is none");
	is(get(BAR1, 8), held(0x3812345678), "the address is kept");
	is(result(ioctl(dev, VFIO_DEVICE_RESET)), 0, "a reset");
	is(get(BAR0, 4), 0xfebc0000, "leaves BAR0");
	is(get(BAR1, 8), held(0x3812345678), "and BAR1");
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: vfio-bar1 BDF SEEN WHOLE\n", stderr);
		return 2;
	}
	seen = strtoull(argv[2], NULL, 0);
	whole = strtoull(argv[3], NULL, 0);
	dev = ioctl(open_group(argv[1]), VFIO_GROUP_GET_DEVICE_FD, argv[1]);
	if (dev < 0)
		die("open", argv[1]);
	region();
	set(PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	edges();
	mappings();
	ioeventfds();
	sizing();
	addresses();
	return bad;
}
