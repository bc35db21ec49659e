// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Make stock nouveau use its copy engine: more buffers in VRAM than VRAM can
 * hold.  To make room for the next, nouveau moves earlier ones to system memory
 * with its own channel; that what was in them comes back is what is checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm.h>
#include <nouveau_drm.h>

#define MIB		(1UL << 20)
#define BO_SIZE		(64 * MIB)
#define BO_MAX		512

struct bo {
	uint32_t handle;
	uint64_t map_handle;
};

static int fd;

static void fail(const char *what)
{
	printf("nouveau-evict: FAIL: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t param(uint64_t number)
{
	struct drm_nouveau_getparam p = { .param = number };

	if (ioctl(fd, DRM_IOWR(DRM_COMMAND_BASE + DRM_NOUVEAU_GETPARAM,
			       struct drm_nouveau_getparam), &p))
		fail("getparam");

	return p.value;
}

static struct bo new_bo(void)
{
	struct drm_nouveau_gem_new req = {
		.info = {
			.domain = NOUVEAU_GEM_DOMAIN_VRAM | NOUVEAU_GEM_DOMAIN_MAPPABLE,
			.size = BO_SIZE,
		},
		.align = 4096,
	};

	if (ioctl(fd, DRM_IOWR(DRM_COMMAND_BASE + DRM_NOUVEAU_GEM_NEW,
			       struct drm_nouveau_gem_new), &req))
		fail("a buffer");

	return (struct bo) { req.info.handle, req.info.map_handle };
}

static uint64_t *map(const struct bo *bo)
{
	void *p = mmap(NULL, BO_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, bo->map_handle);

	if (p == MAP_FAILED)
		fail("map");

	return p;
}

static uint64_t pattern(uint64_t bo, uint64_t i)
{
	return (bo + 1) * 0x9e3779b97f4a7c15ULL ^ i * 0xff51afd7ed558ccdULL;
}

int main(int argc, char **argv)
{
	static struct bo bo[BO_MAX];
	uint64_t fb, i, k, *p;
	unsigned int count;

	fd = open(argc > 1 ? argv[1] : "/dev/dri/renderD128", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("open");
	fb = param(NOUVEAU_GETPARAM_FB_SIZE);
	count = fb / BO_SIZE + 8;
	if (count > BO_MAX)
		count = BO_MAX;
	printf("nouveau-evict: VRAM %llu MiB, %u buffers of %lu MiB\n",
	       (unsigned long long)(fb / MIB), count, BO_SIZE / MIB);

	for (k = 0; k < count; k++) {
		bo[k] = new_bo();
		p = map(&bo[k]);
		for (i = 0; i < BO_SIZE / 8; i++)
			p[i] = pattern(k, i);
		munmap(p, BO_SIZE);
	}
	for (k = 0; k < count; k++) {
		p = map(&bo[k]);
		for (i = 0; i < BO_SIZE / 8; i++) {
			if (p[i] == pattern(k, i))
				continue;
			printf("nouveau-evict: FAIL: buffer %llu at 0x%llx: 0x%llx\n",
			       (unsigned long long)k, (unsigned long long)i * 8,
			       (unsigned long long)p[i]);
			return 1;
		}
		munmap(p, BO_SIZE);
	}
	printf("nouveau-evict: PASS\n");
	return 0;
}
