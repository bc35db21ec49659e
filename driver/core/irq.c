// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The CPU interrupt tree: eight leaves of 32 vectors below one top register.
 *
 * Facts: NVIDIA's dev_vm.h (TU102), nouveau nvkm/subdev/vfn/tu102.c and
 * core/intr.c.  One handler serves every message the function has, whichever
 * of them the hardware chooses.
 */
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "common/regs.h"
#include "gsp.h"

#define VECTORS		(NV_VF_PRIV_CPU_INTR_LEAVES * 32)
#define MAX_MESSAGES	6

struct ovg_irq_slot {
	void (*fn)(void *priv);
	void *priv;
};

/**
 * struct ovg_irq - interrupts of one PF
 * @lock: protects @slot against the handler
 * @slot: who has a vector
 * @messages: interrupt messages in use
 * @msi: they are MSI, which wants to be rearmed
 */
struct ovg_irq {
	spinlock_t lock;	/* see above */
	struct ovg_irq_slot slot[VECTORS];
	int messages;
	bool msi;
};

static void leaf_write(struct ovg_core *core, u32 reg, unsigned int vector)
{
	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(reg), BIT(vector % 32));
}

static bool handle_leaf(struct ovg_core *core, struct ovg_irq *irq, unsigned int leaf)
{
	u32 reg = NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_LEAF(leaf));
	unsigned long pending = ovg_rd32(core, reg);
	bool handled = false;
	unsigned int bit;

	for_each_set_bit(bit, &pending, 32) {
		struct ovg_irq_slot *slot = &irq->slot[leaf * 32 + bit];

		/* Clear first: what comes while we handle it shows up again. */
		ovg_wr32(core, reg, BIT(bit));
		if (slot->fn)
			slot->fn(slot->priv);
		else
			leaf_write(core, NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(leaf), bit);
		handled = true;
	}
	return handled;
}

static irqreturn_t ovg_irq_handler(int nr, void *data)
{
	struct ovg_core *core = data;
	struct ovg_irq *irq = core->irq;
	bool handled = false;
	unsigned int i;
	u32 top;

	spin_lock(&irq->lock);
	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR),
		 NV_VF_PRIV_CPU_INTR_TOP_MASK);
	if (irq->msi)
		ovg_wr32(core, NV_PCFG_MIRROR + NV_XVE_MSI_REARM, 0);

	top = ovg_rd32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_TOP));
	/* All ones: the device has left the bus. */
	if (top != ~0u)
		for (i = 0; i < NV_VF_PRIV_CPU_INTR_LEAVES; i++)
			if (top & BIT(i / 2))
				handled |= handle_leaf(core, irq, i);

	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_TOP_EN_SET),
		 NV_VF_PRIV_CPU_INTR_TOP_MASK);
	spin_unlock(&irq->lock);
	return handled ? IRQ_HANDLED : IRQ_NONE;
}

/**
 * ovg_irq_register - have a vector of the interrupt tree
 * @core: the PF
 * @vector: 0..255
 * @fn: called in hard interrupt context
 * @priv: for @fn
 *
 * Return: 0, -EINVAL, -EBUSY.
 */
int ovg_irq_register(struct ovg_core *core, unsigned int vector,
		     void (*fn)(void *priv), void *priv)
{
	struct ovg_irq *irq = core->irq;
	int ret = 0;

	if (vector >= VECTORS)
		return -EINVAL;

	spin_lock_irq(&irq->lock);
	if (irq->slot[vector].fn) {
		ret = -EBUSY;
	} else {
		irq->slot[vector].priv = priv;
		irq->slot[vector].fn = fn;
	}
	spin_unlock_irq(&irq->lock);
	if (!ret)
		leaf_write(core, NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(vector / 32), vector);
	return ret;
}

/**
 * ovg_irq_unregister - give a vector back
 * @core: the PF
 * @vector: as registered
 *
 * The handler does not run any more when this returns.
 */
void ovg_irq_unregister(struct ovg_core *core, unsigned int vector)
{
	struct ovg_irq *irq = core->irq;

	leaf_write(core, NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(vector / 32), vector);
	spin_lock_irq(&irq->lock);
	irq->slot[vector].fn = NULL;
	spin_unlock_irq(&irq->lock);
}

static void tree_quiet(struct ovg_core *core)
{
	unsigned int i;

	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR),
		 NV_VF_PRIV_CPU_INTR_TOP_MASK);
	for (i = 0; i < NV_VF_PRIV_CPU_INTR_LEAVES; i++) {
		ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(i)), ~0);
		ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_LEAF(i)), ~0);
	}
}

/**
 * ovg_irq_init - set up interrupts, all vectors off
 * @core: the PF
 *
 * Return: 0 or a negative errno.
 */
int ovg_irq_init(struct ovg_core *core)
{
	struct pci_dev *pdev = core->pdev;
	struct ovg_irq *irq;
	int ret, i;

	irq = kzalloc(sizeof(*irq), GFP_KERNEL);
	if (!irq)
		return -ENOMEM;
	spin_lock_init(&irq->lock);
	core->irq = irq;
	tree_quiet(core);

	ret = pci_alloc_irq_vectors(pdev, 1, MAX_MESSAGES, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		goto err_free;
	irq->messages = ret;
	irq->msi = pdev->msi_enabled;

	for (i = 0; i < irq->messages; i++) {
		ret = pci_request_irq(pdev, i, ovg_irq_handler, NULL, core,
				      "openvgpu:%s", pci_name(pdev));
		if (ret)
			goto err_irqs;
	}
	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_CPU_INTR_TOP_EN_SET),
		 NV_VF_PRIV_CPU_INTR_TOP_MASK);
	return 0;

err_irqs:
	while (--i >= 0)
		pci_free_irq(pdev, i, core);
	pci_free_irq_vectors(pdev);
err_free:
	core->irq = NULL;
	kfree(irq);
	return ret;
}

void ovg_irq_fini(struct ovg_core *core)
{
	struct ovg_irq *irq = core->irq;
	int i;

	tree_quiet(core);
	for (i = 0; i < irq->messages; i++)
		pci_free_irq(core->pdev, i, core);
	pci_free_irq_vectors(core->pdev);
	core->irq = NULL;
	kfree(irq);
}
