// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The signed programs on SEC2: booter, which loads GSP-RM into WPR2, starts the
 * GSP's RISC-V core and takes WPR2 down again, and the scrubber.
 *
 * Facts: OpenRM kernel_gsp_booter_tu102.c, nouveau gsp/r535.c.
 */
#include <linux/iopoll.h>
#include <linux/slab.h>

#include <crypto/sha2.h>

#include "common/regs.h"
#include "gsp.h"

/**
 * ovg_booter_prepare - load a booter file and get it ready to run
 * @core: the PF
 * @path: below /lib/firmware
 * @digest: SHA-256 that the file must have, NULL when the hardware judges it
 * @ucode: result; its @name is @path
 *
 * Return: 0 or a negative errno, which was reported.
 */
int ovg_booter_prepare(struct ovg_core *core, const char *path, const u8 *digest,
		       struct ovg_ucode *ucode)
{
	u8 sha[SHA256_DIGEST_SIZE];
	struct device *dev = &core->pdev->dev;
	const struct firmware *fw;
	struct ovg_fw_booter b;
	const char *why = "";
	u32 fuse;
	int ret, sig;

	ret = request_firmware(&fw, path, dev);
	if (ret) {
		dev_err(dev, "stage firmware load: %s cannot be loaded: %pe; install firmware-nvidia-graphics, or choose another release with the parameter gsp_release\n",
			path, ERR_PTR(ret));
		return ret;
	}

	ret = ovg_fw_parse_booter(fw->data, fw->size, &b, &why);
	if (ret) {
		dev_err(dev, "stage firmware check: %s is malformed: %s\n", path, why);
		goto out;
	}
	if (digest) {
		sha256(fw->data, fw->size, sha);
		if (memcmp(sha, digest, sizeof(sha))) {
			dev_err(dev, "stage firmware check: %s differs from NVIDIA's file of that release (SHA-256 %*phN); reinstall the firmware package\n",
				path, (int)sizeof(sha), sha);
			ret = -EBADMSG;
			goto out;
		}
	}
	if (!(b.engine_id & 1)) {
		dev_err(dev, "stage firmware check: %s is not for SEC2 (engine 0x%x)\n",
			path, b.engine_id);
		ret = -EINVAL;
		goto out;
	}

	fuse = ovg_rd32(core, NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION(b.ucode_id));
	sig = ovg_fw_booter_signature(&b, fuse);
	if (sig < 0) {
		dev_err(dev, "stage firmware check: %s is older than the board allows (fuse 0x%x)\n",
			path, fuse);
		ret = sig;
		goto out;
	}

	ret = ovg_dma_alloc(core, b.image_size, &ucode->mem);
	if (ret)
		goto out;
	memcpy(ucode->mem.va, b.image, b.image_size);
	memcpy(ucode->mem.va + b.patch_loc, b.sigs + (size_t)sig * NV_HS_SIGNATURE_SIZE,
	       NV_HS_SIGNATURE_SIZE);

	ucode->name = path;
	ucode->falcon = NV_PSEC_FALCON_BASE;
	ucode->imem_off = b.imem_off;
	ucode->imem_size = b.imem_size;
	ucode->imem_dst = 0;
	ucode->dmem_off = b.dmem_off;
	ucode->dmem_size = b.dmem_size;
	ucode->dmem_dst = 0;
	ucode->sig_dmem = b.sig_dmem_off;
	ucode->engine_id = b.engine_id;
	ucode->ucode_id = b.ucode_id;
	ucode->boot_vector = b.boot_vector;
out:
	release_firmware(fw);
	return ret;
}

/**
 * ovg_scrubber_run - clear the FB that GSP-RM needs
 * @core: the PF
 *
 * Ada clears only the top 256 MiB of FB by itself; OpenRM runs NVIDIA's scrubber
 * on SEC2 when GSP-RM reserves more, once since the last reset of the GPU
 * (kgspExecuteScrubberIfNeeded_AD102).  It takes no arguments and leaves its mark
 * in a scratch register that a driver can read but not write.
 *
 * Return: 0; -EACCES when the boot ROM refused the program; -EIO when it did not
 * come to its end or the device does not answer; -ETIMEDOUT.
 */
int ovg_scrubber_run(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	u32 val;
	int ret;

	val = ovg_rd32(core, NV_PGC6_BSI_VPR_SECURE_SCRATCH_15);
	if (!nv_pri_error(val) && NV_PGC6_SCRUBBER_STATE(val) >= NV_PGC6_SCRUBBER_DONE)
		return 0;

	ret = ovg_falcon_run(core, &core->gsp->scrubber, NULL, NULL);
	if (ret)
		return ret;
	val = ovg_rd32(core, NV_PGC6_BSI_VPR_SECURE_SCRATCH_15);
	if (nv_pri_error(val)) {
		dev_err(dev, "stage scrubber: the device does not say how %s ended (0x%x); reset the device\n",
			core->gsp->scrubber.name, val);
		return -EIO;
	}
	if (NV_PGC6_SCRUBBER_STATE(val) >= NV_PGC6_SCRUBBER_DONE)
		return 0;
	if (!NV_PGC6_SCRUBBER_STATE(val)) {
		dev_err(dev, "stage scrubber: SEC2's boot ROM refused %s (bad signature?); reinstall the firmware package\n",
			core->gsp->scrubber.name);
		return -EACCES;
	}
	dev_err(dev, "stage scrubber: %s stopped in state %u; power-cycle the board\n",
		core->gsp->scrubber.name, NV_PGC6_SCRUBBER_STATE(val));
	return -EIO;
}

/* What is left to do once booter has released the RISC-V core; 0 or -EACCES. */
static int check_started(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;

	ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_OS, gsp->app_version);
	if (ovg_falcon_riscv_active(core, NV_PGSP_FALCON_BASE))
		return 0;
	dev_err(&core->pdev->dev, "stage RISC-V start: GSP's boot ROM refused %s (bad signature?); reinstall the firmware package\n",
		gsp->path.bootloader);
	return -EACCES;
}

/**
 * ovg_booter_load - let booter load and start GSP-RM
 * @core: the PF
 * @wpr_meta: DMA address of the WPR description
 *
 * Three parties can refuse, and the mailbox tells which: SEC2's boot ROM does
 * not run a booter whose signature is wrong, so the mailboxes keep the address;
 * booter reports what it finds wrong with GSP-RM or the description; and the
 * RISC-V boot ROM does not start a wrong bootloader.
 *
 * Return: 0; -EACCES when a signature was refused; -EIO; -ETIMEDOUT.
 */
int ovg_booter_load(struct ovg_core *core, u64 wpr_meta)
{
	struct device *dev = &core->pdev->dev;
	struct ovg_gsp *gsp = core->gsp;
	u32 lo = lower_32_bits(wpr_meta), hi = upper_32_bits(wpr_meta);
	u32 mbox0 = lo, mbox1 = hi;
	int ret;

	ret = ovg_falcon_run(core, &gsp->booter_load, &mbox0, &mbox1);
	if (ret)
		return ret;

	if (mbox0 == lo && mbox1 == hi) {
		dev_err(dev, "stage booter: SEC2's boot ROM refused %s (bad signature?); reinstall the firmware package\n",
			gsp->booter_load.name);
		return -EACCES;
	}
	if (mbox0) {
		dev_err(dev, "stage booter: booter refused %s or its memory layout, error 0x%x; reinstall the firmware package\n",
			gsp->path.gsp, mbox0);
		return -EIO;
	}

	return check_started(core);
}

/**
 * ovg_booter_resume - let booter start GSP-RM once more
 * @core: the PF
 *
 * For GSP-RM that lent its engine to another program in the midst of its boot.
 * After ovg_booter_load() booter stays on SEC2, halted where it goes on now: that
 * is why nobody may reset SEC2 in between.  The engine was reset and its RISC-V
 * core selected before (kgspExecuteBooterReload).
 *
 * Return: 0 or a negative errno, which was reported.
 */
int ovg_booter_resume(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	u32 val;
	int ret;

	ovg_falcon_start(core, NV_PSEC_FALCON_BASE);
	ret = readl_poll_timeout(core->bar0 + NV_PGC6_BSI_SECURE_SCRATCH_14, val,
				 val & NV_PGC6_BSI_BOOT_STAGE_3_HANDOFF, 10,
				 OVG_FALCON_MS * 1000);
	if (ret) {
		dev_err(dev, "stage booter: booter did not hand over to GSP-RM again within %u ms\n",
			OVG_FALCON_MS);
		return ret;
	}
	val = ovg_rd32(core, NV_PSEC_FALCON_BASE + NV_PFALCON_FALCON_MAILBOX0);
	if (val) {
		dev_err(dev, "stage booter: booter refused to start GSP-RM again, error 0x%x\n",
			val);
		return -EIO;
	}
	return check_started(core);
}

/**
 * ovg_booter_unload - take WPR2 down
 * @core: the PF
 *
 * Return: 0 or a negative errno, which was reported.
 */
int ovg_booter_unload(struct ovg_core *core)
{
	/* OpenRM and nouveau pass 0xff in both when GSP is not suspended. */
	u32 mbox0 = 0xff, mbox1 = 0xff, hi;
	int ret;

	if (!ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_HI))
		return 0;

	ret = ovg_falcon_run(core, &core->gsp->booter_unload, &mbox0, &mbox1);
	if (ret)
		return ret;

	hi = ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_HI);
	if (mbox0 || hi) {
		dev_err(&core->pdev->dev, "stage unload: %s failed: mailbox 0x%x, WPR2 end 0x%x; reset the device before the next use\n",
			core->gsp->booter_unload.name, mbox0, hi);
		return -EIO;
	}
	return 0;
}
