// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The console of a vGPU as VFIO's gfx plane of the region kind.  A query takes a
 * picture: it is copied from the guest's FB into pages of ours, which the region
 * shows, to read and to map, until the next query.  So a VMM never has a mapping
 * of BAR1, and a guest that moves its surface harms nobody.
 *
 * The region has the size of the largest picture of the type, since VMMs map it
 * once; pages are allocated as they are needed and stay until close.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <drm/drm_fourcc.h>

#include "console.h"
#include "vfio_priv.h"

/* Read from FB at a time, before it goes to its pages */
#define READ_BYTES	SZ_64K

/* DRM_PLANE_TYPE_CURSOR of drm_plane.h, which has no uAPI name */
#define PLANE_TYPE_CURSOR	2

/*
 * The region is found by the index in the plane's information, not by its type: the
 * subtype below NVIDIA's vendor type is assigned by nobody and may change.
 */
#define REGION_TYPE	(VFIO_REGION_TYPE_PCI_VENDOR_TYPE | PCI_VENDOR_ID_NVIDIA)
#define REGION_SUBTYPE	0x4f56

static_assert(OVG_FOURCC_XRGB8888 == DRM_FORMAT_XRGB8888);
static_assert(OVG_FOURCC_XBGR8888 == DRM_FORMAT_XBGR8888);
static_assert(OVG_FOURCC_XBGR2101010 == DRM_FORMAT_XBGR2101010);
static_assert(OVG_FOURCC_RGB565 == DRM_FORMAT_RGB565);
static_assert(OVG_FOURCC_XRGB1555 == DRM_FORMAT_XRGB1555);

/*
 * A page of the region, allocated on demand, charged to who asks.  Once there, it
 * stays until close, which comes after the last access and the last mapping.
 */
static struct page *get_page_at(struct ovg_display *display, u64 pos)
{
	struct page **slot = &display->page[pos / PAGE_SIZE], *page, *other;

	page = smp_load_acquire(slot); /* its zeroes are there, too: cmpxchg() */
	if (page)
		return page;
	page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN);
	if (!page)
		return NULL;
	other = cmpxchg(slot, NULL, page);
	if (!other)
		return page;
	__free_page(page);
	return other;
}

static vm_fault_t display_fault(struct vm_fault *vmf)
{
	struct ovg_display *display = vmf->vma->vm_private_data;
	u64 pos = ((u64)vmf->pgoff << PAGE_SHIFT) & VFIO_PCI_OFFSET_MASK;
	struct page *page;

	if (pos >= display->size)
		return VM_FAULT_SIGBUS;
	page = get_page_at(display, pos);
	if (!page)
		return VM_FAULT_OOM;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct display_vm_ops = {
	.fault = display_fault,
};

static int display_mmap(struct vfio_pci_core_device *core, struct vfio_pci_region *region,
			struct vm_area_struct *vma)
{
	u64 pos = ((u64)vma->vm_pgoff << PAGE_SHIFT) & VFIO_PCI_OFFSET_MASK;
	u64 len = vma->vm_end - vma->vm_start;

	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (pos > region->size || len > region->size - pos)
		return -EINVAL;
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYWRITE);
	vma->vm_private_data = region->data;
	vma->vm_ops = &display_vm_ops;
	return 0;
}

static ssize_t display_rw(struct vfio_pci_core_device *core, char __user *buf, size_t count,
			  loff_t *ppos, bool iswrite)
{
	unsigned int index = VFIO_PCI_OFFSET_TO_INDEX(*ppos) - VFIO_PCI_NUM_REGIONS;
	struct ovg_display *display = core->region[index].data;
	u64 pos = *ppos & VFIO_PCI_OFFSET_MASK;
	size_t done = 0;

	if (iswrite || pos >= display->size)
		return -EINVAL;
	count = min_t(u64, count, display->size - pos);
	while (done < count) {
		size_t len = min_t(u64, count - done, PAGE_SIZE - pos % PAGE_SIZE);
		/* as in get_page_at() */
		struct page *page = smp_load_acquire(&display->page[pos / PAGE_SIZE]);

		if (page ? copy_to_user(buf + done, page_address(page) + pos % PAGE_SIZE, len) :
			   clear_user(buf + done, len))
			return -EFAULT;
		done += len;
		pos += len;
	}
	*ppos += done;
	return done;
}

static void display_release(struct vfio_pci_core_device *core, struct vfio_pci_region *region)
{
	struct ovg_display *display = region->data;
	u64 pos;

	/* A reset may still be at it. */
	mutex_lock(&display->lock);
	for (pos = 0; pos < display->size; pos += PAGE_SIZE)
		if (display->page[pos / PAGE_SIZE])
			__free_page(display->page[pos / PAGE_SIZE]);
	kvfree(display->page);
	kvfree(display->buf);
	display->page = NULL;
	display->buf = NULL;
	display->size = 0;
	mutex_unlock(&display->lock);
}

static const struct vfio_pci_regops display_ops = {
	.rw = display_rw,
	.mmap = display_mmap,
	.release = display_release,
};

/**
 * ovg_display_open - offer the console, if the vGPU has one
 * @ovdev: the VF, whose vGPU is open; vfio_pci_core_disable() undoes it
 *
 * Return: 0; -ENOMEM.
 */
int ovg_display_open(struct ovg_vfio_device *ovdev)
{
	struct vfio_pci_core_device *core = &ovdev->core_device;
	struct ovg_display *display = &ovdev->display;
	u64 size = PAGE_ALIGN(ovg_mgr_console_room(ovdev->vgpu));
	struct page **page;
	void *buf;
	int ret;

	if (!size)
		return 0;
	page = kvcalloc(size / PAGE_SIZE, sizeof(*page), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	buf = kvmalloc(READ_BYTES, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!page || !buf) {
		ret = -ENOMEM;
		goto err_free;
	}
	mutex_lock(&display->lock);
	display->page = page;
	display->buf = buf;
	display->size = size;
	display->index = VFIO_PCI_NUM_REGIONS + core->num_regions;
	mutex_unlock(&display->lock);

	ret = vfio_pci_core_register_dev_region(core, REGION_TYPE, REGION_SUBTYPE, &display_ops,
						size,
						VFIO_REGION_INFO_FLAG_READ |
						VFIO_REGION_INFO_FLAG_MMAP, display);
	if (!ret)
		return 0;

	mutex_lock(&display->lock);
	display->page = NULL;
	display->buf = NULL;
	display->size = 0;
	mutex_unlock(&display->lock);
err_free:
	kvfree(buf);
	kvfree(page);
	return ret;
}

/**
 * ovg_display_reset - forget the picture
 * @ovdev: the VF, whose function was reset
 */
void ovg_display_reset(struct ovg_vfio_device *ovdev)
{
	struct ovg_display *display = &ovdev->display;
	u64 pos;

	atomic_inc(&display->resets);
	mutex_lock(&display->lock);
	atomic_dec(&display->resets);
	for (pos = 0; pos < display->size; pos += PAGE_SIZE)
		if (display->page[pos / PAGE_SIZE])
			clear_page(page_address(display->page[pos / PAGE_SIZE]));
	mutex_unlock(&display->lock);
}

/* @pos: the first byte of a page */
static int fill_pages(struct ovg_display *display, u64 pos, u64 len)
{
	u64 done;

	for (done = 0; done < len; done += PAGE_SIZE) {
		struct page *page = get_page_at(display, pos + done);

		if (!page)
			return -ENOMEM;
		memcpy(page_address(page), display->buf + done, min_t(u64, len - done, PAGE_SIZE));
	}
	return 0;
}

/*
 * A large picture takes a while: neither who is killed nor a reset, which has
 * memory_lock, waits for its end.  After a reset there is none.
 */
static int given_up(struct ovg_display *display)
{
	if (fatal_signal_pending(current))
		return -EINTR;
	return atomic_read(&display->resets) ? -ENODATA : 0;
}

static int take_picture(struct ovg_vfio_device *ovdev, struct ovg_console_plane *plane)
{
	struct ovg_display *display = &ovdev->display;
	u64 pos, len;
	int ret;

	if (mutex_lock_killable(&display->lock))
		return -EINTR;
	ret = ovg_mgr_console_get(ovdev->vgpu, plane);
	for (pos = 0; !ret && pos < plane->size; pos += len) {
		len = min_t(u64, plane->size - pos, READ_BYTES);
		ret = given_up(display);
		if (!ret)
			ret = ovg_mgr_console_read(ovdev->vgpu, plane, pos, display->buf, len);
		if (!ret)
			ret = fill_pages(display, pos, len);
	}
	mutex_unlock(&display->lock);
	return ret;
}

/**
 * ovg_display_query - VFIO_DEVICE_QUERY_GFX_PLANE
 * @ovdev: the VF
 * @arg: struct vfio_device_gfx_plane_info
 *
 * Return: 0, also when the guest shows nothing or was reset meanwhile, see
 * uapi/linux/vfio.h; -EINVAL for what is not offered; -EFAULT; -EINTR when the caller
 * is killed; -EIO when the vGPU is dead; -ENOMEM; the errno of the copy.
 */
long ovg_display_query(struct ovg_vfio_device *ovdev, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_gfx_plane_info, region_index);
	struct vfio_device_gfx_plane_info info = {};
	struct ovg_console_plane plane;
	u32 type;
	int ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || !ovdev->display.size)
		return -EINVAL;
	if (info.flags == (VFIO_GFX_PLANE_TYPE_PROBE | VFIO_GFX_PLANE_TYPE_REGION))
		return 0;
	if (info.flags != VFIO_GFX_PLANE_TYPE_REGION)
		return -EINVAL;
	if (READ_ONCE(ovdev->gone))
		return -EIO;

	/* VMMs leave the plane's type zero when they mean the primary one. */
	type = info.drm_plane_type;
	ret = type == PLANE_TYPE_CURSOR ? -ENODATA : take_picture(ovdev, &plane);
	info = (struct vfio_device_gfx_plane_info){
		.argsz = info.argsz,
		.flags = info.flags,
		.drm_plane_type = type,
		.x_hot = U32_MAX,
		.y_hot = U32_MAX,
		.region_index = ovdev->display.index,
	};
	if (!ret) {
		info.drm_format = plane.fourcc;
		info.drm_format_mod = DRM_FORMAT_MOD_LINEAR;
		info.width = plane.width;
		info.height = plane.height;
		info.stride = plane.stride;
		info.size = PAGE_ALIGN(plane.size);
	} else if (ret == -ENODEV) {
		return -EIO;
	} else if (ret != -ENODATA) {
		return ret;
	}
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
