/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Private to the VFIO variant driver.
 */
#ifndef OVG_VFIO_PRIV_H
#define OVG_VFIO_PRIV_H

#include <linux/pci.h>
#include <linux/vfio_pci_core.h>
#include <linux/workqueue.h>

#include <openvgpu/mgr.h>

/* BAR1 of NVIDIA's functions is the window into FB: 64 bits wide. */
#define OVG_BAR1	VFIO_PCI_BAR1_REGION_INDEX

/**
 * struct ovg_display - the console's region
 * @lock: one query at a time, and no reset or close meanwhile; after
 *	vfio-pci-core's memory_lock, before the manager's
 * @resets: resets that wait for @lock; a query under way gives up then
 * @page: its memory, NULL where there is none yet; NULL without a console
 * @buf: what was just read from FB (protected by @lock); NULL without a console
 * @size: bytes, 0 without a console
 * @index: VFIO's number of the region
 */
struct ovg_display {
	struct mutex lock;	/* see above */
	atomic_t resets;
	struct page **page;
	void *buf;
	u64 size;
	u32 index;
};

/**
 * struct ovg_vfio_device - one VF
 * @core_device: vfio-pci-core's part, first so that drvdata leads to both
 * @vgpu: the manager's handle
 * @id: what the guest sees, valid while open
 * @bar1: BAR1 as the guest wrote it, kept when it is smaller than the VF's
 * @gone: the vGPU died; only an end is possible
 * @gone_work: tells the VMM
 * @bar1_limited: the guest gets less of BAR1 than the VF has
 * @display: the console
 */
struct ovg_vfio_device {
	struct vfio_pci_core_device core_device;
	struct ovg_vgpu *vgpu;
	struct ovg_vgpu_identity id;
	u64 bar1;
	bool gone;
	struct work_struct gone_work;
	bool bar1_limited;
	struct ovg_display display;
};

static inline struct ovg_vfio_device *to_ovg_vfio(struct vfio_device *vdev)
{
	return container_of(vdev, struct ovg_vfio_device, core_device.vdev);
}

/* config.c */
int ovg_config_open(struct ovg_vfio_device *ovdev);
ssize_t ovg_config_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos);
ssize_t ovg_config_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos);

/* display.c */
int ovg_display_open(struct ovg_vfio_device *ovdev);
void ovg_display_reset(struct ovg_vfio_device *ovdev);
long ovg_display_query(struct ovg_vfio_device *ovdev, void __user *arg);

/* state.c */
extern const struct attribute_group ovg_vfio_state_group;

/* sysfs.c */
extern const struct attribute_group *ovg_vfio_groups[];

#endif /* OVG_VFIO_PRIV_H */
