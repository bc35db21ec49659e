// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * VFIO variant driver for the VFs: a vGPU lives from open to close of the VFIO
 * device.  What a vGPU does not change is vfio-pci-core's.
 *
 * Lock order: vfio-pci-core's memory_lock (held around a reset) before the
 * manager's locks; so nothing here takes memory_lock from a manager's callback.
 * Nor igate, which vfio-pci-core takes before memory_lock: the VMM is told by a
 * work item, as vfio_pci_core_aer_err_detected() takes igate on kernels without
 * upstream commit 98693e0897f7.
 */
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include <openvgpu/pci_ids.h>

#include "vfio_priv.h"

static void gone_work(struct work_struct *work)
{
	struct ovg_vfio_device *ovdev = container_of(work, struct ovg_vfio_device, gone_work);

	vfio_pci_core_aer_err_detected(ovdev->core_device.pdev, pci_channel_io_perm_failure);
}

/* The vGPU died: tell the VMM, which stops the guest.  memory_lock may be held. */
static void vgpu_gone(void *priv)
{
	struct ovg_vfio_device *ovdev = priv;

	WRITE_ONCE(ovdev->gone, true);
	schedule_work(&ovdev->gone_work);
}

static const struct ovg_mgr_vf_ops vf_ops = {
	.gone = vgpu_gone,
};

static int ovg_vfio_open(struct vfio_device *vdev)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);
	struct vfio_pci_core_device *core = &ovdev->core_device;
	int ret;

	ret = ovg_mgr_claim(ovdev->vgpu);
	if (ret)
		return ret;
	ret = ovg_config_open(ovdev);
	if (ret)
		goto err_close;
	WRITE_ONCE(ovdev->gone, false);

	/* This resets the function, so GSP meets it in its first state. */
	ret = vfio_pci_core_enable(core);
	if (ret)
		goto err_close;
	if (!core->reset_works) {
		pci_err(core->pdev, "the VF could not be reset, so it is not opened\n");
		ret = -EIO;
		goto err_disable;
	}

	ret = ovg_mgr_open(ovdev->vgpu, task_tgid_nr(current));
	if (!ret)
		ret = ovg_mgr_set_bus_master(ovdev->vgpu, true);
	if (!ret)
		ret = ovg_display_open(ovdev);
	if (ret)
		goto err_quiesce;
	vfio_pci_core_finish_enable(core);
	return 0;

err_quiesce:
	ovg_mgr_quiesce(ovdev->vgpu);
err_disable:
	vfio_pci_core_disable(core);
err_close:
	cancel_work_sync(&ovdev->gone_work);
	ovg_mgr_close(ovdev->vgpu);
	return ret;
}

static void ovg_vfio_close(struct vfio_device *vdev)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);

	/*
	 * First nothing of the guest runs any more: no DMA, no interrupts, no
	 * ioeventfds, the function reset.  Then its memory is cleared.
	 */
	ovg_mgr_quiesce(ovdev->vgpu);
	vfio_pci_core_close_device(vdev);
	/* Whoever opens the VF next must not hear of this one's death. */
	cancel_work_sync(&ovdev->gone_work);
	ovg_mgr_close(ovdev->vgpu);
}

/* How much of an access the guest may do: BAR1 ends where the type says. */
static ssize_t allowed(struct ovg_vfio_device *ovdev, loff_t where, size_t count)
{
	u64 pos = where & VFIO_PCI_OFFSET_MASK;

	if (READ_ONCE(ovdev->gone))
		return -EIO;
	if (VFIO_PCI_OFFSET_TO_INDEX(where) != OVG_BAR1)
		return count;
	if (pos >= ovdev->id.bar1_size)
		return -EINVAL;
	return min_t(u64, count, ovdev->id.bar1_size - pos);
}

static ssize_t ovg_vfio_read(struct vfio_device *vdev, char __user *buf, size_t count,
			     loff_t *ppos)
{
	ssize_t len = allowed(to_ovg_vfio(vdev), *ppos, count);

	if (len < 0)
		return len;
	if (VFIO_PCI_OFFSET_TO_INDEX(*ppos) == VFIO_PCI_CONFIG_REGION_INDEX)
		return ovg_config_read(vdev, buf, len, ppos);
	return vfio_pci_core_read(vdev, buf, len, ppos);
}

static ssize_t ovg_vfio_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			      loff_t *ppos)
{
	ssize_t len = allowed(to_ovg_vfio(vdev), *ppos, count);

	if (len < 0)
		return len;
	if (VFIO_PCI_OFFSET_TO_INDEX(*ppos) == VFIO_PCI_CONFIG_REGION_INDEX)
		return ovg_config_write(vdev, buf, len, ppos);
	return vfio_pci_core_write(vdev, buf, len, ppos);
}

static int ovg_vfio_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);
	unsigned int shift = VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT;
	u64 first, end;

	if (READ_ONCE(ovdev->gone))
		return -EIO;
	if (vma->vm_pgoff >> shift == OVG_BAR1) {
		first = (u64)(vma->vm_pgoff & ((1UL << shift) - 1)) << PAGE_SHIFT;
		if (check_add_overflow(first, (u64)(vma->vm_end - vma->vm_start), &end) ||
		    end > ovdev->id.bar1_size)
			return -EINVAL;
	}
	return vfio_pci_core_mmap(vdev, vma);
}

/* BAR1 has the size of the type. */
static int limit_bar1_info(struct ovg_vfio_device *ovdev, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.index != OVG_BAR1 || info.size <= ovdev->id.bar1_size)
		return 0;
	info.size = ovdev->id.bar1_size;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/*
 * An eventfd writes to BAR1 without going through ovg_vfio_write().  Who changes @arg
 * before vfio-pci-core reads it gets at more of BAR1, through which the VF still reaches
 * nothing but its own FB.
 */
static int check_ioeventfd(struct ovg_vfio_device *ovdev, void __user *arg)
{
	struct vfio_device_ioeventfd io;
	u64 end;

	if (copy_from_user(&io, arg, offsetofend(struct vfio_device_ioeventfd, offset)))
		return -EFAULT;
	if (VFIO_PCI_OFFSET_TO_INDEX(io.offset) != OVG_BAR1)
		return 0;
	/* not aligned, as vfio-pci-core has it, too; the flag of a width is its bytes */
	end = (io.offset & VFIO_PCI_OFFSET_MASK) + (io.flags & VFIO_DEVICE_IOEVENTFD_SIZE_MASK);
	return end > ovdev->id.bar1_size ? -EINVAL : 0;
}

static long ovg_vfio_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct ovg_vfio_device *ovdev = to_ovg_vfio(vdev);
	long ret;

	if (cmd == VFIO_DEVICE_QUERY_GFX_PLANE)
		return ovg_display_query(ovdev, (void __user *)arg);
	if (cmd == VFIO_DEVICE_RESET && READ_ONCE(ovdev->gone))
		return -EIO;
	if (cmd == VFIO_DEVICE_IOEVENTFD) {
		ret = check_ioeventfd(ovdev, (void __user *)arg);
		if (ret)
			return ret;
	}
	ret = vfio_pci_core_ioctl(vdev, cmd, arg);
	if (!ret && cmd == VFIO_DEVICE_GET_REGION_INFO)
		ret = limit_bar1_info(ovdev, (void __user *)arg);
	else if (!ret && cmd == VFIO_DEVICE_RESET && READ_ONCE(ovdev->gone))
		ret = -EIO;
	return ret;
}

static const struct vfio_device_ops ovg_vfio_ops = {
	.name = "openvgpu-vfio-pci",
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = ovg_vfio_open,
	.close_device = ovg_vfio_close,
	.ioctl = ovg_vfio_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = ovg_vfio_read,
	.write = ovg_vfio_write,
	.mmap = ovg_vfio_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
};

static int ovg_vfio_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ovg_vfio_device *ovdev;
	int ret;

	/* The physical function is the core driver's. */
	if (!pdev->is_virtfn)
		return -ENODEV;

	ovdev = vfio_alloc_device(ovg_vfio_device, core_device.vdev, &pdev->dev, &ovg_vfio_ops);
	if (IS_ERR(ovdev))
		return PTR_ERR(ovdev);
	dev_set_drvdata(&pdev->dev, &ovdev->core_device);
	mutex_init(&ovdev->display.lock);
	INIT_WORK(&ovdev->gone_work, gone_work);

	ovdev->vgpu = ovg_mgr_vf_register(pdev, &vf_ops, ovdev);
	if (IS_ERR(ovdev->vgpu)) {
		ret = PTR_ERR(ovdev->vgpu);
		/* The manager may still come to this PF. */
		if (ret == -ENODEV)
			ret = dev_err_probe(&pdev->dev, -EPROBE_DEFER,
					    "no vGPU manager owns the PF yet\n");
		goto err_put;
	}
	ret = vfio_pci_core_register_device(&ovdev->core_device);
	if (ret)
		goto err_vf;
	return 0;

err_vf:
	ovg_mgr_vf_unregister(ovdev->vgpu);
err_put:
	vfio_put_device(&ovdev->core_device.vdev);
	return ret;
}

static void ovg_vfio_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct ovg_vfio_device *ovdev = container_of(core, struct ovg_vfio_device, core_device);

	/* Returns when nobody has it open any more. */
	vfio_pci_core_unregister_device(core);
	ovg_mgr_vf_unregister(ovdev->vgpu);
	/* No callback comes any more; one may have been under way. */
	cancel_work_sync(&ovdev->gone_work);
	vfio_put_device(&core->vdev);
}

/*
 * Every reset of the function ends here, whoever asked for it: the ioctl, or
 * the guest by its own FLR.  Not yet, or no more, open: nothing to do.
 */
static void ovg_vfio_reset_done(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct ovg_vfio_device *ovdev = container_of(core, struct ovg_vfio_device, core_device);
	int ret;

	ret = ovg_mgr_reset(ovdev->vgpu);
	ovg_display_reset(ovdev);
	if (ret && ret != -ENODEV) {
		pci_err(pdev, "the vGPU did not follow the reset: %pe; close the VM\n",
			ERR_PTR(ret));
		vgpu_gone(ovdev);
	}
}

static const struct pci_error_handlers ovg_vfio_err_handlers = {
	.reset_done = ovg_vfio_reset_done,
	.error_detected = vfio_pci_core_aer_err_detected,
};

/*
 * A VF has the device id and the class of its PF.  For a board whose displays are on
 * this module must not be loaded, as it takes the name of NVIDIA's driver.  The first
 * entry of a board binds VFs as they appear; the second is the vfio_pci: alias by
 * which libvirt finds the variant driver of a VF.
 */
static const struct pci_device_id ovg_vfio_ids[] = {
	{ OVG_DISPLAYLESS(0x26b1) },			/* RTX 6000 Ada */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x26b1) },
	{ OVG_DISPLAYLESS(0x26b2) },			/* RTX 5000 Ada */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x26b2) },
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26b5) },	/* L40 */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x26b5) },
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26b9) },	/* L40S */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x26b9) },
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26ba) },	/* L20 */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x26ba) },
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x27b6) },	/* L2 */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x27b6) },
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x27b8) },	/* L4 */
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_NVIDIA, 0x27b8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ovg_vfio_ids);

/* Clients of NVIDIA's framework accept a VF only from a driver of this name. */
static struct pci_driver ovg_vfio_driver = {
	.name = "nvidia",
	.id_table = ovg_vfio_ids,
	.probe = ovg_vfio_probe,
	.remove = ovg_vfio_remove,
	.err_handler = &ovg_vfio_err_handlers,
	.dev_groups = ovg_vfio_groups,
	.driver_managed_dma = true,
};
module_pci_driver(ovg_vfio_driver);

MODULE_DESCRIPTION("OpenVGPU VFIO variant driver for vGPUs");
MODULE_AUTHOR("The OpenVGPU authors");
MODULE_LICENSE("GPL");
