// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The CPU's windows into FB: PRAMIN and BAR1.
 *
 * PRAMIN is a 1 MiB window of BAR0 that needs neither GSP nor page tables; it
 * serves for page tables and instance blocks.
 *
 * BAR1 is translated by the GMMU.  GSP owns the binding and the root directory
 * (PD3), whose address it reports in its static information; the CPU owns what
 * hangs below entry 0 of it (nouveau r535_bar_bar1_init(), OpenRM
 * kbusPatchBar1Pdb_GSPCLIENT()).  We keep one window of at most 512 MiB there,
 * which is what one PD0 spans: PD3[0] -> PD2[0] -> PD1[0] -> PD0, and below it
 * one table of 4 KiB pages for each 2 MiB that is in use.
 */
#include <linux/bitmap.h>
#include <linux/genalloc.h>
#include <linux/iopoll.h>
#include <linux/slab.h>

#include "common/mmu.h"
#include "common/regs.h"
#include "core.h"
#include "resources.h"
#include "rpc.h"

#define OVG_BAR1_PAGE		BIT_ULL(NV_MMU_SMALL_PT_SHIFT)
#define OVG_BAR1_TABLE_SPAN	BIT_ULL(NV_MMU_PD0_SHIFT)
#define OVG_BAR1_WINDOW_MAX	(OVG_BAR1_TABLE_SPAN * NV_MMU_PD0_ENTRIES)
#define OVG_TLB_TIMEOUT_US	(2 * USEC_PER_SEC)

/**
 * struct ovg_bar1 - the window of one PF
 * @lock: protects the page tables, @maps and @live; taken before the others
 * @pramin: protects the position of the PRAMIN window
 * @tlb: one TLB invalidation at a time
 * @va: free addresses of the window
 * @phys: CPU physical address of BAR1
 * @size: bytes of the window
 * @pd3: FB address of GSP's root directory
 * @pd0: FB address of our PD0
 * @pt: FB address of the first of the tables of 4 KiB pages
 * @live: tables that are hooked into @pd0
 * @maps: mappings that exist
 */
struct ovg_bar1 {
	struct mutex lock;	/* tables, maps, live */
	struct mutex pramin;	/* NV_PBUS_BAR0_WINDOW */
	struct mutex tlb;	/* NV_VF_PRIV_MMU_INVALIDATE* */
	struct gen_pool *va;
	phys_addr_t phys;
	u64 size;
	u64 pd3;
	u64 pd0;
	u64 pt;
	DECLARE_BITMAP(live, NV_MMU_PD0_ENTRIES);
	unsigned int maps;
};

static void ovg_pramin_select(struct ovg_core *core, u64 addr)
{
	ovg_wr32(core, NV_PBUS_BAR0_WINDOW,
		 (addr >> NV_PBUS_BAR0_WINDOW_BASE_SHIFT) &
		 NV_PBUS_BAR0_WINDOW_BASE_MASK);
}

static u32 ovg_pramin_reg(u64 addr)
{
	return NV_PRAMIN + (addr & (BIT(NV_PBUS_BAR0_WINDOW_BASE_SHIFT) - 1));
}

/**
 * ovg_pramin_wr32 - write a word of FB through PRAMIN
 * @core: the PF
 * @addr: FB address, a multiple of 4
 * @val: the word
 *
 * Works with and without GSP.  NV_PBUS_BAR0_WINDOW counts in 64 KiB, nouveau
 * nv50_instobj_wr32_slow().
 */
void ovg_pramin_wr32(struct ovg_core *core, u64 addr, u32 val)
{
	mutex_lock(&core->bar1->pramin);
	ovg_pramin_select(core, addr);
	ovg_wr32(core, ovg_pramin_reg(addr), val);
	mutex_unlock(&core->bar1->pramin);
}

/**
 * ovg_pramin_wr64 - write an aligned 64-bit word of FB, low half first
 * @core: the PF
 * @addr: FB address, a multiple of 8
 * @val: the word
 */
void ovg_pramin_wr64(struct ovg_core *core, u64 addr, u64 val)
{
	mutex_lock(&core->bar1->pramin);
	ovg_pramin_select(core, addr);
	ovg_wr32(core, ovg_pramin_reg(addr), lower_32_bits(val));
	ovg_wr32(core, ovg_pramin_reg(addr) + 4, upper_32_bits(val));
	mutex_unlock(&core->bar1->pramin);
}

/**
 * ovg_pramin_zero - clear a range of FB through PRAMIN
 * @core: the PF
 * @addr: FB address, a multiple of 4
 * @size: bytes, a multiple of 4; meant for a few pages
 */
void ovg_pramin_zero(struct ovg_core *core, u64 addr, u64 size)
{
	u64 end = addr + size;
	u64 at;

	mutex_lock(&core->bar1->pramin);
	for (at = addr; at < end; at += 4) {
		if (at == addr ||
		    !(at & (BIT(NV_PBUS_BAR0_WINDOW_BASE_SHIFT) - 1)))
			ovg_pramin_select(core, at);
		ovg_wr32(core, ovg_pramin_reg(at), 0);
	}
	mutex_unlock(&core->bar1->pramin);
}

/* What was written through PRAMIN has reached FB. */
static void ovg_pramin_flush(struct ovg_core *core, u64 addr)
{
	mutex_lock(&core->bar1->pramin);
	ovg_pramin_select(core, addr);
	ovg_rd32(core, ovg_pramin_reg(addr));
	mutex_unlock(&core->bar1->pramin);
}

/**
 * ovg_tlb_invalidate - drop what the GPU's TLBs know of an address space
 * @core: the PF
 * @pdb: FB address of its root directory; page tables were written through
 *	PRAMIN
 * @bar: it is the address space of a BAR
 *
 * dev_vm.h NV_VIRTUAL_FUNCTION_PRIV_MMU_*; nouveau tu102_vmm_flush(), which
 * asks for the hub and for all directories when the address space is a BAR's.
 *
 * Return: 0; -ETIMEDOUT after 2 s; -ENODEV when the board does not answer.
 */
int ovg_tlb_invalidate(struct ovg_core *core, u64 pdb, bool bar)
{
	u32 reg = NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_MMU_INVALIDATE);
	u32 cmd = NV_VF_PRIV_MMU_INVALIDATE_TRIGGER |
		  NV_VF_PRIV_MMU_INVALIDATE_ALL_VA;
	u32 val;
	int ret;

	if (bar)
		cmd |= NV_VF_PRIV_MMU_INVALIDATE_ALL_PDB |
		       NV_VF_PRIV_MMU_INVALIDATE_HUBTLB_ONLY;

	ovg_pramin_flush(core, pdb);

	mutex_lock(&core->bar1->tlb);
	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_MMU_INVALIDATE_PDB),
		 pdb >> 8);
	ovg_wr32(core,
		 NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB), 0);
	ovg_wr32(core, reg, cmd);
	ret = readl_poll_timeout(core->bar0 + reg, val,
				 !(val & NV_VF_PRIV_MMU_INVALIDATE_TRIGGER) ||
				 val == U32_MAX,
				 1, OVG_TLB_TIMEOUT_US);
	mutex_unlock(&core->bar1->tlb);

	if (!ret && val == U32_MAX)
		ret = -ENODEV;
	if (ret)
		dev_err(&core->pdev->dev,
			"bar1: TLB invalidation did not finish (%pe)\n",
			ERR_PTR(ret));

	return ret;
}

static int ovg_bar1_invalidate(struct ovg_core *core)
{
	return ovg_tlb_invalidate(core, core->bar1->pd3, true);
}

/* Hook up the tables that [va, va + size) needs; they stay. */
static void ovg_bar1_populate(struct ovg_core *core, u64 va, u64 size)
{
	struct ovg_bar1 *bar1 = core->bar1;
	unsigned int last = (va + size - 1) >> NV_MMU_PD0_SHIFT;
	unsigned int i;

	lockdep_assert_held(&bar1->lock);

	for (i = va >> NV_MMU_PD0_SHIFT; i <= last; i++) {
		u64 table = bar1->pt + i * OVG_BAR1_PAGE;
		u64 entry = bar1->pd0 + i * NV_MMU_PD0_ENTRY_SIZE;

		if (__test_and_set_bit(i, bar1->live))
			continue;
		ovg_pramin_zero(core, table, OVG_BAR1_PAGE);
		/* the low half is the table of big pages: there is none */
		ovg_pramin_wr64(core, entry, 0);
		ovg_pramin_wr64(core, entry + 8, NV_MMU_PDE_VRAM(table));
	}
}

/* Write the entries of [va, va + size); @addr is U64_MAX to clear them. */
static void ovg_bar1_write(struct ovg_core *core, u64 va, u64 size, u64 addr)
{
	u64 first = va >> NV_MMU_SMALL_PT_SHIFT;
	u64 pages = size >> NV_MMU_SMALL_PT_SHIFT;
	u64 i;

	lockdep_assert_held(&core->bar1->lock);

	/* the tables lie side by side, so an entry's place follows from va */
	for (i = 0; i < pages; i++)
		ovg_pramin_wr64(core, core->bar1->pt + (first + i) * 8,
				addr == U64_MAX ? 0 :
				NV_MMU_PTE_VRAM(addr + i * OVG_BAR1_PAGE));
}

/**
 * ovg_bar1_map - map FB for the CPU
 * @core: the PF
 * @mem: a range of FB that the caller owns
 * @offset: first byte in @mem, a multiple of 4 KiB
 * @size: bytes, a multiple of 4 KiB
 * @map: the mapping
 *
 * The mapping is uncached: it is meant for buffers that CPU and GSP share.
 *
 * Return: 0; -EINVAL when not aligned or not within @mem; -ENOSPC when the
 * window is full; -ENOMEM; -ETIMEDOUT or -ENODEV when the TLB did not answer.
 */
int ovg_bar1_map(struct ovg_core *core, const struct vgpu_fb_mem *mem,
		 u64 offset, u64 size, struct vgpu_bar1_map *map)
{
	struct ovg_bar1 *bar1 = core->bar1;
	void __iomem *io;
	unsigned long va;
	int ret;

	if (!size || !IS_ALIGNED(mem->addr | offset | size, OVG_BAR1_PAGE) ||
	    size > mem->size || offset > mem->size - size)
		return -EINVAL;
	if (size > bar1->size)
		return -ENOSPC;

	va = gen_pool_alloc(bar1->va, size);
	if (!va)
		return -ENOSPC;

	io = ioremap(bar1->phys + va, size);
	if (!io) {
		ret = -ENOMEM;
		goto err_va;
	}

	mutex_lock(&bar1->lock);
	ovg_bar1_populate(core, va, size);
	ovg_bar1_write(core, va, size, mem->addr + offset);
	ret = ovg_bar1_invalidate(core);
	if (!ret)
		bar1->maps++;
	else
		ovg_bar1_write(core, va, size, U64_MAX);
	mutex_unlock(&bar1->lock);
	if (ret)
		goto err_io;

	map->va = io;
	map->size = size;
	map->priv = (void *)va;

	return 0;

err_io:
	iounmap(io);
err_va:
	gen_pool_free(bar1->va, va, size);
	return ret;
}

/**
 * ovg_bar1_unmap - undo ovg_bar1_map()
 * @core: the PF
 * @map: the mapping; cleared here
 *
 * When the TLB does not answer, the addresses are not used again.
 */
void ovg_bar1_unmap(struct ovg_core *core, struct vgpu_bar1_map *map)
{
	struct ovg_bar1 *bar1 = core->bar1;
	unsigned long va = (unsigned long)map->priv;
	int ret;

	if (!map->va)
		return;

	iounmap(map->va);

	mutex_lock(&bar1->lock);
	ovg_bar1_write(core, va, map->size, U64_MAX);
	ret = ovg_bar1_invalidate(core);
	bar1->maps--;
	mutex_unlock(&bar1->lock);

	if (!ret)
		gen_pool_free(bar1->va, va, map->size);
	memset(map, 0, sizeof(*map));
}

/**
 * ovg_bar1_mappings - mappings that exist
 * @core: the PF
 *
 * Return: the number, with the one of the scrubber.
 */
unsigned int ovg_bar1_mappings(struct ovg_core *core)
{
	return READ_ONCE(core->bar1->maps);
}

/**
 * ovg_bar1_init - build the window
 * @core: the PF; FB allocation works
 *
 * Return: 0; -ENODEV without a usable BAR1; -ENOMEM; -ENOSPC; -ETIMEDOUT.
 */
int ovg_bar1_init(struct ovg_core *core)
{
	const struct ovg_static_info *si = ovg_gsp_static_info(core);
	struct device *dev = &core->pdev->dev;
	resource_size_t len = pci_resource_len(core->pdev, 1);
	struct ovg_bar1 *bar1;
	u64 dirs;
	int ret;

	if (len < 2 * OVG_BAR1_TABLE_SPAN) {
		dev_err(dev, "bar1: BAR1 has %pa bytes; the firmware of the host must assign it (above 4 GiB decoding)\n",
			&len);
		return -ENODEV;
	}
	if (!si->bar1_pde_base) {
		dev_err(dev, "bar1: GSP reported no page directory\n");
		return -ENODEV;
	}

	bar1 = kzalloc(sizeof(*bar1), GFP_KERNEL);
	if (!bar1)
		return -ENOMEM;
	ret = pci_request_region(core->pdev, 1, "openvgpu");
	if (ret) {
		dev_err(dev, "bar1: BAR1 cannot be had (%pe); is a console or another driver on it?\n",
			ERR_PTR(ret));
		goto err_free;
	}

	mutex_init(&bar1->lock);
	mutex_init(&bar1->pramin);
	mutex_init(&bar1->tlb);
	bar1->phys = pci_resource_start(core->pdev, 1);
	bar1->size = min_t(u64, ALIGN_DOWN(len, OVG_BAR1_TABLE_SPAN),
			   OVG_BAR1_WINDOW_MAX);
	bar1->pd3 = si->bar1_pde_base;

	/* PD2, PD1 and PD0, then the tables of 4 KiB pages */
	ret = ovg_fb_core_alloc(core, 3 * OVG_BAR1_PAGE, &dirs);
	if (ret)
		goto err_region;
	ret = ovg_fb_core_alloc(core, (bar1->size >> NV_MMU_PD0_SHIFT) *
				OVG_BAR1_PAGE, &bar1->pt);
	if (ret)
		goto err_region;
	bar1->pd0 = dirs + 2 * OVG_BAR1_PAGE;

	/* The first 2 MiB stay unmapped: genalloc says "none" with 0. */
	bar1->va = gen_pool_create(NV_MMU_SMALL_PT_SHIFT, NUMA_NO_NODE);
	if (!bar1->va) {
		ret = -ENOMEM;
		goto err_region;
	}
	ret = gen_pool_add(bar1->va, OVG_BAR1_TABLE_SPAN,
			   bar1->size - OVG_BAR1_TABLE_SPAN, NUMA_NO_NODE);
	if (ret)
		goto err_pool;

	core->bar1 = bar1;
	ovg_pramin_zero(core, dirs, 3 * OVG_BAR1_PAGE);
	ovg_pramin_wr64(core, dirs + OVG_BAR1_PAGE, NV_MMU_PDE_VRAM(bar1->pd0));
	ovg_pramin_wr64(core, dirs, NV_MMU_PDE_VRAM(dirs + OVG_BAR1_PAGE));
	mutex_lock(&bar1->lock);
	ovg_pramin_wr64(core, bar1->pd3, NV_MMU_PDE_VRAM(dirs));
	ret = ovg_bar1_invalidate(core);
	mutex_unlock(&bar1->lock);
	if (ret)
		goto err_hook;

	return 0;

err_hook:
	ovg_pramin_wr64(core, bar1->pd3, 0);
	core->bar1 = NULL;
err_pool:
	gen_pool_destroy(bar1->va);
err_region:
	pci_release_region(core->pdev, 1);
err_free:
	kfree(bar1);
	return ret;
}

/**
 * ovg_bar1_fini - undo ovg_bar1_init()
 * @core: the PF; every mapping was undone
 */
void ovg_bar1_fini(struct ovg_core *core)
{
	struct ovg_bar1 *bar1 = core->bar1;

	if (!bar1)
		return;

	mutex_lock(&bar1->lock);
	ovg_pramin_wr64(core, bar1->pd3, 0);
	ovg_bar1_invalidate(core);
	mutex_unlock(&bar1->lock);

	/* gen_pool_destroy() does not bear a pool that is in use */
	if (gen_pool_avail(bar1->va) == gen_pool_size(bar1->va))
		gen_pool_destroy(bar1->va);
	else
		dev_warn(&core->pdev->dev,
			 "bar1: addresses still taken, %u mappings\n",
			 bar1->maps);

	pci_release_region(core->pdev, 1);
	kfree(bar1);
	core->bar1 = NULL;
}
