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

#include <openvgpu/mgr.h>

/* BAR1 of NVIDIA's functions is the window into FB: 64 bits wide. */
#define OVG_BAR1	VFIO_PCI_BAR1_REGION_INDEX

/**
 * struct ovg_vfio_device - one VF
 * @core_device: vfio-pci-core's part, first so that drvdata leads to both
 * @vgpu: the manager's handle
 * @id: what the guest sees, valid while open
 * @bar1: BAR1 as the guest wrote it, kept when it is smaller than the VF's
 * @gone: the vGPU died; only an end is possible
 * @bar1_limited: the guest gets less of BAR1 than the VF has
 */
struct ovg_vfio_device {
	struct vfio_pci_core_device core_device;
	struct ovg_vgpu *vgpu;
	struct ovg_vgpu_identity id;
	u64 bar1;
	bool gone;
	bool bar1_limited;
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

/* state.c */
extern const struct attribute_group ovg_vfio_state_group;

/* sysfs.c */
extern const struct attribute_group *ovg_vfio_groups[];

#endif /* OVG_VFIO_PRIV_H */
