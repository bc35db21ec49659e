// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * FWSEC: the signed program in the VBIOS that locks the FRTS region (and with
 * it the start of WPR2) before GSP boots, and undoes that afterwards.
 *
 * Facts: OpenRM kernel_gsp_fwsec.c, kernel_gsp_frts_tu102.c.
 */
#include <linux/vmalloc.h>

#include "common/regs.h"
#include "gsp.h"

/* Read the VBIOS from its flash; the shadow in the GPU must be out of the way. */
static int read_rom(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	u32 ctrl, off, *rom;

	rom = vmalloc(NV_PROM_SIZE);
	if (!rom)
		return -ENOMEM;

	ctrl = ovg_rd32(core, NV_PCFG_MIRROR + NV_XVE_ROM_CTRL);
	ovg_wr32(core, NV_PCFG_MIRROR + NV_XVE_ROM_CTRL, ctrl & ~1u);
	for (off = 0; off < NV_PROM_SIZE; off += sizeof(u32))
		rom[off / sizeof(u32)] = ovg_rd32(core, NV_PROM + off);
	ovg_wr32(core, NV_PCFG_MIRROR + NV_XVE_ROM_CTRL, ctrl);

	gsp->rom = (u8 *)rom;
	gsp->rom_size = NV_PROM_SIZE;
	return 0;
}

/**
 * ovg_fwsec_prepare - find FWSEC in the VBIOS and get it ready to run
 * @core: the PF
 *
 * Return: 0 or a negative errno, which was reported.
 */
int ovg_fwsec_prepare(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_fwsec *f = &gsp->fwsec_info;
	struct ovg_ucode *u = &gsp->fwsec;
	const char *why = "";
	u32 fuse;
	int ret, sig;

	ret = read_rom(core);
	if (ret)
		return ret;
	ret = ovg_vbios_find_fwsec(gsp->rom, gsp->rom_size, f, &why);
	if (ret) {
		dev_err(dev, "VBIOS: %s; cannot boot GSP without FWSEC, is the board's VBIOS intact?\n",
			why);
		return ret;
	}

	fuse = ovg_rd32(core, NV_FUSE_OPT_FPF_GSP_UCODE_VERSION(f->ucode_id));
	sig = ovg_fwsec_signature(f, fuse);
	if (sig < 0) {
		dev_err(dev, "VBIOS: FWSEC has no signature for fuse version 0x%x; update the VBIOS\n",
			fuse);
		return sig;
	}

	ret = ovg_dma_alloc(core, (size_t)f->imem_size + f->dmem_size, &u->mem);
	if (ret)
		return ret;
	memcpy(u->mem.va, f->imem, f->imem_size);
	memcpy(u->mem.va + f->imem_size, f->dmem, f->dmem_valid);
	memcpy(u->mem.va + f->imem_size + f->pkc_offset,
	       f->sigs + (size_t)sig * FWSEC_SIGNATURE_SIZE, FWSEC_SIGNATURE_SIZE);

	u->name = "FWSEC of the VBIOS";
	u->falcon = NV_PGSP_FALCON_BASE;
	u->imem_off = 0;
	u->imem_size = f->imem_size;
	u->imem_dst = f->imem_phys;
	u->dmem_off = f->imem_size;
	u->dmem_size = f->dmem_size;
	u->dmem_dst = f->dmem_phys;
	u->sig_dmem = f->pkc_offset;
	u->engine_id = f->engine_id;
	u->ucode_id = f->ucode_id;
	u->boot_vector = f->imem_virt;
	return 0;
}

void ovg_fwsec_release(struct ovg_core *core)
{
	ovg_dma_free(core, &core->gsp->fwsec.mem);
	vfree(core->gsp->rom);
	core->gsp->rom = NULL;
}

static int run_fwsec(struct ovg_core *core, u32 cmd, u64 addr, u64 size)
{
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_ucode *u = &gsp->fwsec;
	const char *why = "";
	int ret;

	ret = ovg_fwsec_patch(u->mem.va + u->dmem_off, u->dmem_size,
			      gsp->fwsec_info.interface_offset, cmd, addr, size, &why);
	if (ret) {
		dev_err(&core->pdev->dev, "VBIOS: %s\n", why);
		return ret;
	}
	return ovg_falcon_run(core, u, NULL, NULL);
}

/**
 * ovg_fwsec_frts - lock the FRTS region
 * @core: the PF
 * @addr: its FB address
 * @size: its bytes
 *
 * Success is what the vendor's driver takes for it: no error in the VBIOS
 * scratch register, WPR2 is up, and it begins where FRTS begins.
 *
 * Return: 0; -EIO when FWSEC failed; -EBUSY when WPR2 was up already.
 */
int ovg_fwsec_frts(struct ovg_core *core, u64 addr, u64 size)
{
	struct device *dev = &core->pdev->dev;
	u32 lo, hi, err;
	int ret;

	ret = run_fwsec(core, FWSEC_CMD_FRTS, addr, size);
	if (ret)
		return ret;

	err = NV_PBUS_SCRATCH_FRTS_ERR(ovg_rd32(core,
						NV_PBUS_VBIOS_SCRATCH(NV_PBUS_SCRATCH_FRTS)));
	lo = ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_LO);
	hi = ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_HI);
	if (err || !(hi >> 4) || NV_PFB_WPR2_ADDR(lo) != addr) {
		dev_err(dev, "FWSEC-FRTS failed: error 0x%x, WPR2 0x%llx..0x%llx, FRTS was to be at 0x%llx\n",
			err, NV_PFB_WPR2_ADDR(lo), NV_PFB_WPR2_ADDR(hi), addr);
		return -EIO;
	}
	return 0;
}

/**
 * ovg_fwsec_sb - run FWSEC once more after GSP was unloaded
 * @core: the PF
 *
 * Return: 0 or a negative errno, which was reported.
 */
int ovg_fwsec_sb(struct ovg_core *core)
{
	u32 err;
	int ret;

	ret = run_fwsec(core, FWSEC_CMD_SB, 0, 0);
	if (ret)
		return ret;

	err = NV_PBUS_SCRATCH_SB_ERR(ovg_rd32(core,
					      NV_PBUS_VBIOS_SCRATCH(NV_PBUS_SCRATCH_SB)));
	if (err) {
		dev_err(&core->pdev->dev, "FWSEC-SB failed: error 0x%x\n", err);
		return -EIO;
	}
	return 0;
}
