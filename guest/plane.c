// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The host's view of the console: VFIO's gfx plane on the same VFIO fd, compared
 * with what was drawn.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "smoke.h"

#define PROBE		VFIO_GFX_PLANE_TYPE_PROBE
#define REGION		VFIO_GFX_PLANE_TYPE_REGION
#define DMABUF		VFIO_GFX_PLANE_TYPE_DMABUF
#define PLANE_CURSOR	2

typedef struct vfio_device_gfx_plane_info plane_info;

static u8 *map;

/* 0 or an errno */
static int query(plane_info *info, u32 flags, u32 plane_type)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->flags = flags;
	info->drm_plane_type = plane_type;

	return ioctl(dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, info) ? errno : 0;
}

static void expect(const char *what, int got, int want)
{
	if (got != want)
		fail("plane: %s: %s, not %s", what, strerror(got), strerror(want));
}

static void expect_queries(const plane_info *good)
{
	static const u32 invalid[] = {
		0, PROBE, DMABUF, PROBE | DMABUF, REGION | DMABUF, PROBE | REGION | DMABUF,
		REGION | 8, PROBE | REGION | 0x80000000,
	};
	plane_info info;
	u32 id = 0;
	u32 i;

	expect("probe of the region", query(&info, PROBE | REGION, 0), 0);
	for (i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		expect("flags that are none", query(&info, invalid[i], 0), EINVAL);
	info = *good;
	info.argsz = offsetof(plane_info, region_index);
	expect("too short", ioctl(dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info) ? errno : 0, EINVAL);
	expect("no memory", ioctl(dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, NULL) ? errno : 0, EFAULT);
	if (!ioctl(dev.fd, VFIO_DEVICE_GET_GFX_DMABUF, &id))
		fail("plane: there is a DMA buffer");
	expect("cursor", query(&info, REGION, PLANE_CURSOR), 0);
	if (info.drm_format || info.size || info.width || info.height)
		fail("plane: there is a cursor");
}

static void region_info(u32 index, struct vfio_region_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	if (ioctl(dev.fd, VFIO_DEVICE_GET_REGION_INFO, info))
		fail("plane: region %u: %s", index, strerror(errno));
}

static int try_map(size_t size, int prot, int flags, u64 offset)
{
	void *p = mmap(NULL, size, prot, flags, dev.fd, offset);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, size);

	return 0;
}

static void compare(const char *what, const u8 *got)
{
	u32 y;

	for (y = 0; y < card.height; y++)
		if (memcmp(got + y * card.pitch, card.pixel + y * card.width, card.width * 4))
			fail("plane: line %u of the %s is not the card's", y, what);
}

static void read_region(const struct vfio_region_info *r, u32 size)
{
	u8 *buf = malloc(size), end[100];
	u64 at = 0;

	while (at < size) {
		ssize_t n = pread(dev.fd, buf + at, size - at, r->offset + at);

		if (n <= 0)
			fail("plane: read at 0x%llx: %s", (unsigned long long)at, strerror(errno));
		at += n;
	}
	compare("region as read", buf);
	free(buf);

	if (pread(dev.fd, end, sizeof(end), r->offset + r->size - 10) != 10)
		fail("plane: a read does not end with the region");
	if (pread(dev.fd, end, sizeof(end), r->offset + r->size) >= 0)
		fail("plane: a read beyond the region");
	if (pwrite(dev.fd, end, 4, r->offset) >= 0)
		fail("plane: the region can be written");
}

static void map_region(const struct vfio_region_info *r)
{
	expect("map to write", try_map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, r->offset), EPERM);
	expect("map privately", try_map(PAGE, PROT_READ, MAP_PRIVATE, r->offset), EINVAL);
	expect("map beyond the end", try_map(r->size + PAGE, PROT_READ, MAP_SHARED, r->offset),
	       EINVAL);
	expect("map behind the end", try_map(PAGE, PROT_READ, MAP_SHARED, r->offset + r->size),
	       EINVAL);
	/* as VMMs do it: the whole region, once */
	map = mmap(NULL, r->size, PROT_READ, MAP_SHARED, dev.fd, r->offset);
	if (map == MAP_FAILED)
		fail("plane: map the region: %s", strerror(errno));
	expect("make it writable", mprotect(map, PAGE, PROT_READ | PROT_WRITE) ? errno : 0, EACCES);
	/* its last page, which no picture has reached */
	if (map[r->size - 1])
		fail("plane: the region does not end in zeroes");
}

/* One pixel of the card changes: seen at the next query, not before. */
static void change_pixel(void)
{
	plane_info info;

	card.pixel[0] ^= 0x00ff00;
	card_write();
	if (!memcmp(map, card.pixel, 4))
		fail("plane: the region changed without a query");
	expect("query", query(&info, REGION, 0), 0);
	compare("region after a change", map);
	card.pixel[0] ^= 0x00ff00;
	card_write();
	expect("query", query(&info, REGION, 0), 0);
}

void plane_shows(u32 fourcc)
{
	struct vfio_region_info r;
	plane_info info;
	u32 size = card.pitch * (card.height - 1) + card.width * 4;

	expect("query", query(&info, REGION, 0), 0);
	if (info.width != card.width || info.height != card.height || info.stride != card.pitch ||
	    info.drm_format != fourcc || info.drm_format_mod || info.size % PAGE ||
	    info.size < size || info.size - size >= PAGE || info.x_hot != 0xffffffff ||
	    info.y_hot != 0xffffffff)
		fail("plane: %u x %u, stride %u, format 0x%x, size %u", info.width, info.height,
		     info.stride, info.drm_format, info.size);
	region_info(info.region_index, &r);
	if (r.flags & VFIO_REGION_INFO_FLAG_WRITE || !(r.flags & VFIO_REGION_INFO_FLAG_READ) ||
	    !(r.flags & VFIO_REGION_INFO_FLAG_MMAP) || r.size < info.size)
		fail("plane: region %u has flags 0x%x and %llu bytes", info.region_index, r.flags,
		     (unsigned long long)r.size);
	expect_queries(&info);
	/* a query that failed, and the cursor's, took no picture; this one does */
	expect("query", query(&info, REGION, 1), 0);
	read_region(&r, size);
	if (!map)
		map_region(&r);
	compare("region as mapped", map);
	change_pixel();
}

void plane_none(void)
{
	plane_info info;

	expect("probe of the region", query(&info, PROBE | REGION, 0), 0);
	expect("query", query(&info, REGION, 0), 0);
	if (info.drm_format || info.size || info.width || info.height)
		fail("plane: there is one of %u x %u", info.width, info.height);
}

void plane_off(void)
{
	struct vfio_device_info d = { .argsz = sizeof(d) };
	plane_info info;

	expect("probe of the region", query(&info, PROBE | REGION, 0), EINVAL);
	expect("probe of DMA buffers", query(&info, PROBE | DMABUF, 0), EINVAL);
	expect("query", query(&info, REGION, 0), EINVAL);
	if (ioctl(dev.fd, VFIO_DEVICE_GET_INFO, &d))
		fail("VFIO device: %s", strerror(errno));
	if (d.num_regions != VFIO_PCI_NUM_REGIONS)
		fail("plane: the VF has %u regions", d.num_regions);
}

void plane_reset(void)
{
	u32 i;

	if (ioctl(dev.fd, VFIO_DEVICE_RESET))
		fail("VFIO reset: %s", strerror(errno));
	for (i = 0; i < card.pitch * card.height; i++)
		if (map[i])
			fail("plane: something is left of the picture after a reset");
	plane_none();
}

void plane_loop(void)
{
	struct vfio_region_info r;
	plane_info info;
	static u8 buf[1 << 16];
	u32 n;

	for (n = 0;; n++) {
		int err = query(&info, REGION, 0);

		if (err) {
			/* only a vGPU that is dead ends it, and that in order */
			printf("smoke: the query ended with: %s\n", strerror(err));
			fflush(stdout);
			pause();
		}
		region_info(info.region_index, &r);
		if (pread(dev.fd, buf, sizeof(buf), r.offset) < 0 && errno != EIO)
			fail("plane: read: %s", strerror(errno));
		if (n == 10) {
			printf("smoke: looping\n");
			fflush(stdout);
		}
	}
}
