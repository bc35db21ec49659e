// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The PCI driver of the physical function.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <openvgpu/pci_ids.h>

#include "common/regs.h"
#include "gsp.h"

/* What the GMMU and booter can address (nouveau mmu/tu102.c). */
#define OVG_DMA_BITS	47

/*
 * Chips of boards that host vGPUs.  OpenRM has no code for one of them that it has
 * not for the other; linux-firmware has one set of files for both, under two names.
 */
static const struct {
	u32 chip;
	const char *name;
} chips[] = {
	{ NV_PMC_BOOT_0_CHIP_AD102, "ad102" },
	{ NV_PMC_BOOT_0_CHIP_AD104, "ad104" },
};

static int check_chip(struct ovg_core *core)
{
	u32 boot0 = ovg_rd32(core, NV_PMC_BOOT_0);
	u32 boot1 = ovg_rd32(core, NV_PMC_BOOT_1);
	u32 i;

	if (boot0 == ~0u) {
		dev_err(&core->pdev->dev, "registers read as all ones: the device does not answer\n");
		return -EIO;
	}
	for (i = 0; i < ARRAY_SIZE(chips); i++)
		if (NV_PMC_BOOT_0_CHIP(boot0) == chips[i].chip)
			core->chip = chips[i].name;
	if (!core->chip) {
		dev_err(&core->pdev->dev, "chip 0x%08x is neither an AD102 nor an AD104; this driver knows no other\n",
			boot0);
		return -ENODEV;
	}
	if (NV_PMC_BOOT_1_VGPU(boot1) != NV_PMC_BOOT_1_VGPU_REAL) {
		dev_err(&core->pdev->dev, "this is a vGPU; its host runs this driver, not the guest\n");
		return -ENODEV;
	}
	return 0;
}

static int ovg_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ovg_core *core;
	int ret;

	if (pdev->is_virtfn)
		return -ENODEV;

	core = devm_kzalloc(&pdev->dev, sizeof(*core), GFP_KERNEL);
	if (!core)
		return -ENOMEM;
	core->pdev = pdev;
	mutex_init(&core->num_vfs_lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = pcim_iomap_regions(pdev, BIT(0), "openvgpu");
	if (ret) {
		dev_err(&pdev->dev, "BAR0 cannot be had: %pe; is another driver bound?\n",
			ERR_PTR(ret));
		return ret;
	}
	core->bar0 = pcim_iomap_table(pdev)[0];
	ret = check_chip(core);
	if (ret)
		return ret;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(OVG_DMA_BITS));
	if (ret)
		return ret;
	pci_set_master(pdev);
	pci_set_drvdata(pdev, core);

	ret = ovg_irq_init(core);
	if (ret) {
		dev_err(&pdev->dev, "no interrupts: %pe\n", ERR_PTR(ret));
		goto err_master;
	}
	ret = ovg_gsp_init(core);
	if (ret)
		goto err_irq;
	ret = ovg_resources_init(core);
	if (ret)
		goto err_gsp;
	return 0;

err_gsp:
	ovg_gsp_fini(core);
err_irq:
	ovg_irq_fini(core);
err_master:
	pci_clear_master(pdev);
	return ret;
}

static void ovg_remove(struct pci_dev *pdev)
{
	struct ovg_core *core = pci_get_drvdata(pdev);

	ovg_resources_fini(core);
	ovg_gsp_fini(core);
	ovg_irq_fini(core);
	pci_clear_master(pdev);
}

/*
 * The host goes down: VMs may still be there, and nobody waits for them.  What
 * matters is that the GPU leaves memory alone; the next boot finds GSP stopped.
 */
static void ovg_shutdown(struct pci_dev *pdev)
{
	struct ovg_core *core = pci_get_drvdata(pdev);

	if (core)
		ovg_gsp_halt(core);
	pci_clear_master(pdev);
}

/* Boards that host vGPUs; check_chip() looks at what is on them. */
static const struct pci_device_id ovg_ids[] = {
	{ OVG_DISPLAYLESS(0x26b1) },			/* RTX 6000 Ada, AD102 */
	{ OVG_DISPLAYLESS(0x26b2) },			/* RTX 5000 Ada, AD102 */
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26b5) },	/* L40, AD102 */
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26b9) },	/* L40S, AD102 */
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x26ba) },	/* L20, AD102 */
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x27b6) },	/* L2, AD104 */
	{ PCI_DEVICE(PCI_VENDOR_ID_NVIDIA, 0x27b8) },	/* L4, AD104 */
	{ }
};
MODULE_DEVICE_TABLE(pci, ovg_ids);

/* GSP does not survive a reset of the device, nor an error that stops its DMA. */
static void ovg_reset_prepare(struct pci_dev *pdev)
{
	struct ovg_core *core = pci_get_drvdata(pdev);

	if (core)
		ovg_gsp_lost(core, "the device is being reset");
}

static pci_ers_result_t ovg_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct ovg_core *core = pci_get_drvdata(pdev);

	if (core)
		ovg_gsp_lost(core, "the PCI bus reported an error");
	return PCI_ERS_RESULT_DISCONNECT;
}

static const struct pci_error_handlers ovg_err_handlers = {
	.error_detected = ovg_error_detected,
	.reset_prepare = ovg_reset_prepare,
};

static int ovg_suspend(struct device *dev)
{
	dev_err(dev, "a host of vGPUs cannot be suspended; unbind the driver first\n");
	return -EBUSY;
}

static DEFINE_SIMPLE_DEV_PM_OPS(ovg_pm_ops, ovg_suspend, NULL);

static struct pci_driver ovg_driver = {
	.name = "openvgpu",
	.id_table = ovg_ids,
	.probe = ovg_probe,
	.remove = ovg_remove,
	.shutdown = ovg_shutdown,
	.sriov_configure = ovg_core_sriov_configure,
	.err_handler = &ovg_err_handlers,
	.driver.pm = pm_sleep_ptr(&ovg_pm_ops),
};
module_pci_driver(ovg_driver);

MODULE_DESCRIPTION("OpenVGPU core driver for NVIDIA GPUs");
MODULE_AUTHOR("The OpenVGPU authors");
MODULE_LICENSE("GPL");
