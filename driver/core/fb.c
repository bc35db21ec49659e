// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Framebuffer: who owns which range.
 *
 * GSP says in its static information which regions of FB are free.  The
 * largest one is ours.  Its last OVG_FB_CORE_SIZE bytes stay with the core
 * (page tables, the scrubbing channel); the rest, from a VMMU segment boundary
 * on, is handed out: guest FB at the addresses that the manager's placement
 * chose, everything else from the top downwards so that it does not lie in the
 * way of a later guest.
 *
 * WPR2, FRTS, the heaps of GSP and the pages of GSP's own BAR1 and BAR2
 * directories are outside the free regions and so out of reach here.
 */
#include <linux/log2.h>
#include <linux/slab.h>

#include "core.h"
#include "fbmap.h"
#include "resources.h"
#include "rpc.h"

#define OVG_FB_PAGE		BIT_ULL(12)

/**
 * struct ovg_fb - the allocator of one PF
 * @lock: protects @map; never held over a wait for hardware
 * @map: what is handed out; its base is VMMU segment aligned
 * @total: bytes of FB on the board
 * @core_next: next free byte of the core's own part
 * @core_end: end of the core's own part
 */
struct ovg_fb {
	struct mutex lock;	/* map */
	struct ovg_fbmap map;
	u64 total;
	u64 core_next;
	u64 core_end;
};

/**
 * ovg_fb_reserve - take exactly [@addr, @addr + @size)
 * @core: the PF
 * @addr: FB address, a multiple of 4 KiB
 * @size: bytes, a multiple of 4 KiB
 * @mem: what was taken
 *
 * Return: 0; -EINVAL when not aligned; -ERANGE when any byte is outside of
 * what can be handed out; -EBUSY when any byte is taken.
 */
int ovg_fb_reserve(struct ovg_core *core, u64 addr, u64 size,
		   struct vgpu_fb_mem *mem)
{
	struct ovg_fb *fb = core->fb;
	int ret;

	if (!size || !IS_ALIGNED(addr | size, OVG_FB_PAGE))
		return -EINVAL;

	mutex_lock(&fb->lock);
	ret = ovg_fbmap_reserve(&fb->map, addr, size);
	mutex_unlock(&fb->lock);
	if (ret)
		return ret;

	mem->addr = addr;
	mem->size = size;
	mem->priv = fb;

	return 0;
}

/**
 * ovg_fb_free - give a range back
 * @core: the PF
 * @mem: what ovg_fb_reserve() filled in; cleared here
 */
void ovg_fb_free(struct ovg_core *core, struct vgpu_fb_mem *mem)
{
	struct ovg_fb *fb = core->fb;
	int ret;

	if (!mem->priv)
		return;

	mutex_lock(&fb->lock);
	ret = ovg_fbmap_free(&fb->map, mem->addr, mem->size);
	mutex_unlock(&fb->lock);

	WARN_ONCE(ret, "FB range 0x%llx of %llu bytes is not taken\n",
		  mem->addr, mem->size);
	memset(mem, 0, sizeof(*mem));
}

/**
 * ovg_fb_contains - is a range inside of what can be handed out?
 * @core: the PF
 * @addr: FB address
 * @size: bytes
 *
 * Return: true when all of it is.
 */
bool ovg_fb_contains(struct ovg_core *core, u64 addr, u64 size)
{
	return ovg_fbmap_contains(&core->fb->map, addr, size);
}

/**
 * ovg_fb_core_alloc - take pages of the core's own part, for good
 * @core: the PF
 * @size: bytes, rounded up to 4 KiB
 * @addr: FB address, 4 KiB aligned
 *
 * Used only while the PF is brought up: page tables and the scrubbing channel
 * live as long as the PF does.
 *
 * Return: 0 or -ENOSPC.
 */
int ovg_fb_core_alloc(struct ovg_core *core, u64 size, u64 *addr)
{
	struct ovg_fb *fb = core->fb;

	size = ALIGN(size, OVG_FB_PAGE);
	if (size > fb->core_end - fb->core_next)
		return -ENOSPC;

	*addr = fb->core_next;
	fb->core_next += size;

	return 0;
}

/**
 * ovg_fb_get_span - what can be handed out
 * @core: the PF
 * @base: first byte
 * @size: bytes
 * @total: bytes of FB on the board
 */
void ovg_fb_get_span(struct ovg_core *core, u64 *base, u64 *size, u64 *total)
{
	*base = core->fb->map.base;
	*size = core->fb->map.size;
	*total = core->fb->total;
}

/**
 * ovg_fb_get_usage - what is handed out now
 * @core: the PF
 * @ranges: number of ranges
 * @bytes: bytes in them
 */
void ovg_fb_get_usage(struct ovg_core *core, unsigned int *ranges, u64 *bytes)
{
	struct ovg_fb *fb = core->fb;

	mutex_lock(&fb->lock);
	*ranges = fb->map.count;
	*bytes = fb->map.used;
	mutex_unlock(&fb->lock);
}

/**
 * ovg_fb_show - list all ranges, for debugfs
 * @core: the PF
 * @s: where to
 */
void ovg_fb_show(struct ovg_core *core, struct seq_file *s)
{
	struct ovg_fb *fb = core->fb;
	u32 i;

	seq_printf(s, "total %llu\n", fb->total);
	seq_printf(s, "base 0x%llx\n", fb->map.base);
	seq_printf(s, "size %llu\n", fb->map.size);
	seq_printf(s, "core 0x%llx-0x%llx\n", fb->core_end - OVG_FB_CORE_SIZE,
		   fb->core_end - 1);

	mutex_lock(&fb->lock);
	for (i = 0; i < fb->map.count; i++)
		seq_printf(s, "range 0x%llx-0x%llx\n", fb->map.range[i].addr,
			   fb->map.range[i].addr + fb->map.range[i].size - 1);
	mutex_unlock(&fb->lock);
}

/* The largest run of FB that GSP left to us; neighbours are joined. */
static void ovg_fb_largest(const struct ovg_static_info *si, u64 *start,
			   u64 *end)
{
	u64 run_start = 0, run_end = 0;
	unsigned int i;

	*start = 0;
	*end = 0;

	for (i = 0; i < si->num_regions; i++) {
		const struct ovg_fb_region *r = &si->region[i];

		if (!r->usable)
			continue;
		if (r->base != run_end)
			run_start = r->base;
		run_end = r->base + r->size;
		if (run_end - run_start > *end - *start) {
			*start = run_start;
			*end = run_end;
		}
	}
}

/**
 * ovg_fb_init - set the allocator up from GSP's static information
 * @core: the PF; ovg_res_query() has run
 *
 * Which regions are free: NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO inside
 * GspStaticConfigInfo (nouveau r535_fb_ram_new() reads the same).
 *
 * Return: 0; -ENOSPC when GSP left no usable FB; -ENOMEM.
 */
int ovg_fb_init(struct ovg_core *core)
{
	const struct ovg_static_info *si = ovg_gsp_static_info(core);
	u64 segment = core->res->vmmu_segment;
	u64 start, end;
	struct ovg_fb *fb;
	int ret;

	ovg_fb_largest(si, &start, &end);
	start = ALIGN(start, segment);
	end = ALIGN_DOWN(end, SZ_2M);
	if (end < OVG_FB_CORE_SIZE + segment ||
	    start > end - OVG_FB_CORE_SIZE - segment) {
		dev_err(&core->pdev->dev,
			"fb: GSP left no room for a VMMU segment of %llu MiB (largest free region 0x%llx-0x%llx)\n",
			segment >> 20, start, end);
		return -ENOSPC;
	}

	fb = kzalloc(sizeof(*fb), GFP_KERNEL);
	if (!fb)
		return -ENOMEM;

	mutex_init(&fb->lock);
	fb->total = si->fb_length;
	fb->core_end = end;
	fb->core_next = end - OVG_FB_CORE_SIZE;
	ret = ovg_fbmap_init(&fb->map, start, fb->core_next - start);
	if (ret) {
		kfree(fb);
		return ret;
	}

	core->fb = fb;
	dev_info(&core->pdev->dev,
		 "fb: %llu MiB, of which [0x%llx, 0x%llx) for vGPUs, VMMU segment %llu MiB\n",
		 fb->total >> 20, start, fb->core_next, segment >> 20);

	return 0;
}

/**
 * ovg_fb_fini - undo ovg_fb_init()
 * @core: the PF
 *
 * Ranges that are still taken are named and dropped: the owner is gone and GSP
 * is about to be.
 */
void ovg_fb_fini(struct ovg_core *core)
{
	struct ovg_fb *fb = core->fb;
	u32 i;

	if (!fb)
		return;

	for (i = 0; i < fb->map.count; i++)
		dev_warn(&core->pdev->dev,
			 "fb: range 0x%llx-0x%llx was never given back\n",
			 fb->map.range[i].addr, fb->map.range[i].addr +
			 fb->map.range[i].size - 1);

	kfree(fb);
	core->fb = NULL;
}
