// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Virtual functions on and off, by sriov_numvfs of the PF.
 */
#include "core.h"
#include "resources.h"

static int ovg_sriov_enable(struct ovg_core *core, int num_vfs)
{
	struct device *dev = &core->pdev->dev;
	int total = pci_sriov_get_totalvfs(core->pdev);
	int ret;

	if (ovg_gsp_dead(core)) {
		dev_err(dev, "sriov: GSP is dead; unbind and bind the driver before VFs can be enabled\n");
		return -ENODEV;
	}
	/* the PCI core has checked this already, without saying a word */
	if (num_vfs > total) {
		dev_err(dev, "sriov: %d VFs asked for, the board has %d\n",
			num_vfs, total);
		return -ERANGE;
	}

	ret = pci_enable_sriov(core->pdev, num_vfs);
	if (ret) {
		dev_err(dev, "sriov: the PCI core could not enable %d VFs (%pe); are the VF BARs assigned and is ARI on?\n",
			num_vfs, ERR_PTR(ret));
		return ret;
	}
	dev_info(dev, "sriov: %d of %d VFs enabled\n", num_vfs, total);

	return num_vfs;
}

static int ovg_sriov_disable(struct ovg_core *core)
{
	unsigned int used = ovg_aux_vfs_freeze(core);

	if (used) {
		dev_err(&core->pdev->dev,
			"sriov: %u VFs have an open vGPU; close their VMs first\n",
			used);
		return -EBUSY;
	}

	pci_disable_sriov(core->pdev);
	ovg_aux_vfs_thaw(core);
	dev_info(&core->pdev->dev, "sriov: VFs disabled\n");

	return 0;
}

/**
 * ovg_core_sriov_configure - sriov_configure of the PCI driver
 * @pdev: the PF
 * @num_vfs: how many VFs, 0 for none
 *
 * Return: the number of VFs enabled; 0 when disabled; -EBUSY while a VF has an
 * open vGPU; -ENODEV when GSP is dead or the PF is going away; -ERANGE when the
 * board has less VFs; errors of pci_enable_sriov().
 */
int ovg_core_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct ovg_core *core = pci_get_drvdata(pdev);
	int ret;

	if (!core)
		return -ENODEV;

	mutex_lock(&core->num_vfs_lock);
	if (!core->aux)
		ret = -ENODEV;
	else if (num_vfs)
		ret = ovg_sriov_enable(core, num_vfs);
	else
		ret = ovg_sriov_disable(core);
	mutex_unlock(&core->num_vfs_lock);

	return ret;
}

/**
 * ovg_sriov_fini - take the VFs away before the PF goes
 * @core: the PF
 *
 * Their drivers are unbound, which waits until the last user has closed its VF;
 * VFIO asks those users to do so.
 */
void ovg_sriov_fini(struct ovg_core *core)
{
	mutex_lock(&core->num_vfs_lock);
	if (pci_num_vf(core->pdev))
		pci_disable_sriov(core->pdev);
	mutex_unlock(&core->num_vfs_lock);
}
