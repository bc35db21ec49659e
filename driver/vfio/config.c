// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The few words of configuration space in which a vGPU differs from its VF: ids
 * and class are those of the vGPU type, and BAR1 has the size of the type.  All
 * else is vfio-pci-core's.
 */
#include <linux/uaccess.h>

#include "vfio_priv.h"

/* Both dwords of BAR1 and what its low bits say: memory, 64 bits, prefetchable */
#define BAR1_OFFSET	PCI_BASE_ADDRESS_1
#define BAR1_FLAGS	(PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

/**
 * ovg_config_open - set up the guest's view
 * @ovdev: the VF; its vGPU is being opened
 *
 * Return: 0; -ENODEV without a type; -EINVAL when the type's BAR1 is no size a
 * BAR can have.
 */
int ovg_config_open(struct ovg_vfio_device *ovdev)
{
	struct pci_dev *pdev = ovdev->core_device.pdev;
	u64 hw = pci_resource_len(pdev, 1);
	int ret;

	ret = ovg_mgr_get_identity(ovdev->vgpu, &ovdev->id);
	if (ret)
		return ret;
	if (ovdev->id.bar1_size < PAGE_SIZE || !is_power_of_2(ovdev->id.bar1_size)) {
		pci_err(pdev, "the vGPU type has a BAR1 of 0x%llx bytes\n", ovdev->id.bar1_size);
		return -EINVAL;
	}
	ovdev->bar1_limited = ovdev->id.bar1_size < hw;
	if (!ovdev->bar1_limited)
		ovdev->id.bar1_size = hw;
	ovdev->bar1 = BAR1_FLAGS;
	return 0;
}

/* Replace what a read of [pos, pos + count) returned of a field of @size bytes. */
static int overlay(char __user *buf, loff_t pos, size_t count, unsigned int offset,
		   const void *value, size_t size)
{
	size_t from, len;
	loff_t at;

	if (!vfio_pci_core_range_intersect_range(pos, count, offset, size, &at, &len, &from))
		return 0;
	return copy_to_user(buf + at, value + from, len) ? -EFAULT : 0;
}

/**
 * ovg_config_read - the guest reads configuration space
 * @vdev: the device
 * @buf: destination
 * @count: bytes
 * @ppos: offset in the device's file
 *
 * Return: bytes, or as vfio_pci_core_read(); -EFAULT.
 */
ssize_t ovg_config_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);
	loff_t pos = *ppos & VFIO_PCI_OFFSET_MASK;
	__le16 device = cpu_to_le16(ovdev->id.device_id);
	__le16 class = cpu_to_le16(PCI_CLASS_DISPLAY_VGA);
	__le16 subsystem[2] = {
		cpu_to_le16(ovdev->id.subsystem_vendor),
		cpu_to_le16(ovdev->id.subsystem_id),
	};
	__le64 bar1 = cpu_to_le64(ovdev->bar1);
	ssize_t done;

	done = vfio_pci_core_read(vdev, buf, count, ppos);
	if (done <= 0)
		return done;

	if (overlay(buf, pos, done, PCI_DEVICE_ID, &device, sizeof(device)) ||
	    overlay(buf, pos, done, PCI_CLASS_DEVICE, &class, sizeof(class)) ||
	    overlay(buf, pos, done, PCI_SUBSYSTEM_VENDOR_ID, subsystem, sizeof(subsystem)))
		return -EFAULT;
	if (ovdev->bar1_limited &&
	    overlay(buf, pos, done, BAR1_OFFSET, &bar1, sizeof(bar1)))
		return -EFAULT;
	return done;
}

/**
 * ovg_config_write - the guest writes configuration space
 * @vdev: the device
 * @buf: source
 * @count: bytes
 * @ppos: offset in the device's file
 *
 * Return: bytes, or as vfio_pci_core_write(); -EFAULT.
 */
ssize_t ovg_config_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);
	loff_t pos = *ppos & VFIO_PCI_OFFSET_MASK, at;
	size_t from, len;
	ssize_t done;

	done = vfio_pci_core_write(vdev, buf, count, ppos);
	if (done <= 0)
		return done;

	if (ovdev->bar1_limited &&
	    vfio_pci_core_range_intersect_range(pos, done, BAR1_OFFSET, sizeof(u64), &at, &len,
						&from)) {
		__le64 bar1 = cpu_to_le64(ovdev->bar1);

		if (copy_from_user((u8 *)&bar1 + from, buf + at, len))
			return -EFAULT;
		/* A BAR holds no address bit below its size; that is how it is sized. */
		ovdev->bar1 = (le64_to_cpu(bar1) & ~(ovdev->id.bar1_size - 1)) | BAR1_FLAGS;
	}
	return done;
}
