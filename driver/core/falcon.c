// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Falcons: reset, load of signed programs by DMA, start through the boot ROM.
 *
 * Registers: NVIDIA's published dev_falcon_v4.h, dev_falcon_second_pri.h and
 * dev_riscv_pri.h of GA102; order of the accesses: OpenRM kernel_falcon_ga102.c,
 * nouveau falcon/{gm200,gp102,ga102}.c.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>

#include "common/regs.h"
#include "gsp.h"

#define FALCON_DMA_CHUNK	256

/* Poll a register of a falcon; 0 or -ETIMEDOUT. */
#define falcon_poll(core, reg, val, cond, ms) \
	readl_poll_timeout((core)->bar0 + (reg), val, cond, 10, (ms) * 1000)

int ovg_dma_alloc(struct ovg_core *core, size_t size, struct ovg_dma *mem)
{
	mem->size = PAGE_ALIGN(size);
	mem->va = dma_alloc_coherent(&core->pdev->dev, mem->size, &mem->pa, GFP_KERNEL);
	if (!mem->va)
		return -ENOMEM;
	return 0;
}

void ovg_dma_free(struct ovg_core *core, struct ovg_dma *mem)
{
	if (mem->va)
		dma_free_coherent(&core->pdev->dev, mem->size, mem->va, mem->pa);
	memset(mem, 0, sizeof(*mem));
}

static void falcon_mask(struct ovg_core *core, u32 reg, u32 clear, u32 set)
{
	ovg_wr32(core, reg, (ovg_rd32(core, reg) & ~clear) | set);
}

/* Pulse the engine's reset line and wait for its memories to be scrubbed. */
static int falcon_reset_engine(struct ovg_core *core, u32 falcon)
{
	u32 val;

	/*
	 * RESET_READY may fail to come up on a healthy falcon; the vendor's
	 * driver goes on after 150 us as well (kflcnPreResetWait_GA102).
	 */
	readl_poll_timeout(core->bar0 + falcon + NV_PFALCON_FALCON_HWCFG2, val,
			   val & NV_PFALCON_FALCON_HWCFG2_RESET_READY, 10, 150);

	falcon_mask(core, falcon + NV_PFALCON_FALCON_ENGINE, 0,
		    NV_PFALCON_FALCON_ENGINE_RESET);
	usleep_range(10, 20);
	falcon_mask(core, falcon + NV_PFALCON_FALCON_ENGINE,
		    NV_PFALCON_FALCON_ENGINE_RESET, 0);

	return falcon_poll(core, falcon + NV_PFALCON_FALCON_HWCFG2, val,
			   !(val & NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING),
			   OVG_FALCON_RESET_MS);
}

/**
 * ovg_falcon_reset - reset a falcon engine and select its falcon core
 * @core: the PF
 * @falcon: BAR0 base of the falcon
 *
 * Return: 0, or -ETIMEDOUT.
 */
int ovg_falcon_reset(struct ovg_core *core, u32 falcon)
{
	u32 val;
	int ret;

	falcon_mask(core, falcon + NV_PFALCON_FALCON_ITFEN,
		    NV_PFALCON_FALCON_ITFEN_MASK, 0);
	ovg_wr32(core, falcon + NV_PFALCON_FALCON_IRQMCLR, ~0);

	ret = falcon_reset_engine(core, falcon);
	if (ret)
		return ret;

	val = ovg_rd32(core, falcon + NV_PRISCV_RISCV_BCR_CTRL);
	if (val & NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV) {
		ovg_wr32(core, falcon + NV_PRISCV_RISCV_BCR_CTRL, 0);
		ret = falcon_poll(core, falcon + NV_PRISCV_RISCV_BCR_CTRL, val,
				  val & NV_PRISCV_RISCV_BCR_CTRL_VALID,
				  OVG_FALCON_RESET_MS);
		if (ret)
			return ret;
		ret = falcon_poll(core, falcon + NV_PFALCON_FALCON_HWCFG2, val,
				  !(val & NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING),
				  OVG_FALCON_RESET_MS);
		if (ret)
			return ret;
	}

	ovg_wr32(core, falcon + NV_PFALCON_FALCON_RM, ovg_rd32(core, NV_PMC_BOOT_0));
	return 0;
}

/**
 * ovg_falcon_select_riscv - reset a falcon engine and select its RISC-V core
 * @core: the PF
 * @falcon: BAR0 base of the falcon
 *
 * The core does not run before booter starts it (kgspResetIntoRiscv_GA102).
 *
 * Return: 0, or -ETIMEDOUT.
 */
int ovg_falcon_select_riscv(struct ovg_core *core, u32 falcon)
{
	int ret;

	ret = falcon_reset_engine(core, falcon);
	if (ret)
		return ret;

	falcon_mask(core, falcon + NV_PRISCV_RISCV_BCR_CTRL, 0,
		    NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV |
		    NV_PRISCV_RISCV_BCR_CTRL_VALID |
		    NV_PRISCV_RISCV_BCR_CTRL_BRFETCH);
	return 0;
}

bool ovg_falcon_riscv_active(struct ovg_core *core, u32 falcon)
{
	return ovg_rd32(core, falcon + NV_PRISCV_RISCV_CPUCTL) &
	       NV_PRISCV_RISCV_CPUCTL_ACTIVE;
}

/**
 * ovg_falcon_no_ctx - let a falcon do DMA to physical addresses without a context
 * @core: the PF
 * @falcon: BAR0 base of the falcon
 */
void ovg_falcon_no_ctx(struct ovg_core *core, u32 falcon)
{
	falcon_mask(core, falcon + NV_PFALCON_FBIF_CTL, 0,
		    NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX);
	ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMACTL, 0);
}

/**
 * ovg_falcon_start - start a falcon's core with what it holds
 * @core: the PF
 * @falcon: BAR0 base of the falcon
 */
void ovg_falcon_start(struct ovg_core *core, u32 falcon)
{
	u32 cpuctl = ovg_rd32(core, falcon + NV_PFALCON_FALCON_CPUCTL);

	if (cpuctl & NV_PFALCON_FALCON_CPUCTL_ALIAS_EN)
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_CPUCTL_ALIAS,
			 NV_PFALCON_FALCON_CPUCTL_STARTCPU);
	else
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_CPUCTL,
			 NV_PFALCON_FALCON_CPUCTL_STARTCPU);
}

/**
 * ovg_falcon_wait_halt - wait until a falcon's core has halted
 * @core: the PF
 * @falcon: BAR0 base of the falcon
 *
 * Return: 0, or -ETIMEDOUT after OVG_FALCON_MS.
 */
int ovg_falcon_wait_halt(struct ovg_core *core, u32 falcon)
{
	u32 val;

	return falcon_poll(core, falcon + NV_PFALCON_FALCON_CPUCTL, val,
			   val & NV_PFALCON_FALCON_CPUCTL_HALTED, OVG_FALCON_MS);
}

/* Copy to IMEM or DMEM.  The offset counts from @base in memory. */
static int falcon_dma(struct ovg_core *core, u32 falcon, dma_addr_t base, u32 off,
		      u32 dst, u32 size, bool imem)
{
	u32 cmd = NV_PFALCON_FALCON_DMATRFCMD_SIZE_256B;
	u32 done, val;
	int ret;

	if (imem)
		cmd |= NV_PFALCON_FALCON_DMATRFCMD_IMEM | NV_PFALCON_FALCON_DMATRFCMD_SEC;

	ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMATRFBASE, lower_32_bits(base >> 8));
	ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMATRFBASE1,
		 (u32)((u64)base >> 40) & 0x1ff);

	for (done = 0; done < size; done += FALCON_DMA_CHUNK) {
		ret = falcon_poll(core, falcon + NV_PFALCON_FALCON_DMATRFCMD, val,
				  !(val & NV_PFALCON_FALCON_DMATRFCMD_FULL), OVG_FALCON_MS);
		if (ret)
			return ret;
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMATRFMOFFS, dst + done);
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMATRFFBOFFS, off + done);
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_DMATRFCMD, cmd);
	}

	return falcon_poll(core, falcon + NV_PFALCON_FALCON_DMATRFCMD, val,
			   val & NV_PFALCON_FALCON_DMATRFCMD_IDLE, OVG_FALCON_MS);
}

/**
 * ovg_falcon_run - reset a falcon, run a signed program on it, wait for its end
 * @core: the PF
 * @ucode: the program
 * @mbox0: in: argument, out: result; NULL: none
 * @mbox1: the same for the second mailbox
 *
 * The boot ROM checks the signature before the program runs; a program that it
 * refuses leaves the mailboxes as they were.
 *
 * Return: 0 when the falcon halted, -ETIMEDOUT.
 */
int ovg_falcon_run(struct ovg_core *core, const struct ovg_ucode *ucode,
		   u32 *mbox0, u32 *mbox1)
{
	u32 falcon = ucode->falcon;
	int ret;

	ret = ovg_falcon_reset(core, falcon);
	if (ret) {
		dev_err(&core->pdev->dev, "falcon 0x%06x does not come out of reset, needed for %s: %pe\n",
			falcon, ucode->name, ERR_PTR(ret));
		return ret;
	}

	ovg_falcon_no_ctx(core, falcon);
	falcon_mask(core, falcon + NV_PFALCON_FBIF_TRANSCFG(0),
		    NV_PFALCON_FBIF_TRANSCFG_MASK,
		    NV_PFALCON_FBIF_TRANSCFG_COHERENT_PHYS);

	/*
	 * IMEM is tagged with the offset that the transfer has, so the base
	 * is chosen such that tag and destination agree.
	 */
	ret = falcon_dma(core, falcon, ucode->mem.pa, ucode->imem_off,
			 ucode->imem_dst, ucode->imem_size, true);
	if (!ret)
		ret = falcon_dma(core, falcon, ucode->mem.pa + ucode->dmem_off, 0,
				 ucode->dmem_dst, ucode->dmem_size, false);
	if (ret) {
		dev_err(&core->pdev->dev, "loading %s into falcon 0x%06x by DMA: %pe\n",
			ucode->name, falcon, ERR_PTR(ret));
		return ret;
	}

	ovg_wr32(core, falcon + NV_PFALCON2_FALCON_BROM_PARAADDR, ucode->sig_dmem);
	ovg_wr32(core, falcon + NV_PFALCON2_FALCON_BROM_ENGIDMASK, ucode->engine_id);
	ovg_wr32(core, falcon + NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID, ucode->ucode_id);
	ovg_wr32(core, falcon + NV_PFALCON2_FALCON_MOD_SEL,
		 NV_PFALCON2_FALCON_MOD_SEL_RSA3K);

	if (mbox0)
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_MAILBOX0, *mbox0);
	if (mbox1)
		ovg_wr32(core, falcon + NV_PFALCON_FALCON_MAILBOX1, *mbox1);
	ovg_wr32(core, falcon + NV_PFALCON_FALCON_BOOTVEC, ucode->boot_vector);

	ovg_falcon_start(core, falcon);
	ret = ovg_falcon_wait_halt(core, falcon);
	if (ret) {
		dev_err(&core->pdev->dev, "%s on falcon 0x%06x does not end within %u ms\n",
			ucode->name, falcon, OVG_FALCON_MS);
		return ret;
	}

	if (mbox0)
		*mbox0 = ovg_rd32(core, falcon + NV_PFALCON_FALCON_MAILBOX0);
	if (mbox1)
		*mbox1 = ovg_rd32(core, falcon + NV_PFALCON_FALCON_MAILBOX1);
	return 0;
}
