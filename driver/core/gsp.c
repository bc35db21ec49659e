// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Boot and unload of GSP.
 *
 * The order is that of OpenRM's kgspBootstrap_TU102() and nouveau's
 * r535_gsp_oneinit() and r535_gsp_init(); what vGPU adds is marked.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "common/regs.h"
#include "common/rm.h"
#include "common/sched.h"
#include "gsp.h"
#include "trace.h"

static char *gsp_release = "";
module_param(gsp_release, charp, 0444);
MODULE_PARM_DESC(gsp_release, "GSP firmware release to run, such as 535.113.01 (default: the newest that is installed)");

MODULE_FIRMWARE("nvidia/ad102/gsp/*.bin");
MODULE_FIRMWARE("nvidia/ad104/gsp/*.bin");

/* Highest address of a user, as OpenRM and nova-core say it: 47 bits less a page. */
#define MAX_USER_VA		((1ULL << 47) - SZ_4K)

static void stage(struct ovg_core *core, const char *name)
{
	trace_ovg_gsp_stage(&core->pdev->dev, name);
	dev_dbg(&core->pdev->dev, "GSP: %s\n", name);
}

/* The GPU's own firmware must have finished before anybody touches falcons. */
static int wait_gfw(struct ovg_core *core)
{
	u32 val;
	int ret;

	ret = readl_poll_timeout(core->bar0 + NV_PGC6_GFW_PRIV_LEVEL_MASK, val,
				 val & NV_PGC6_GFW_READ_PROTECTION_LEVEL0, 1000,
				 OVG_GFW_BOOT_MS * 1000);
	if (!ret)
		ret = readl_poll_timeout(core->bar0 + NV_PGC6_GFW_BOOT, val,
					 NV_PGC6_GFW_BOOT_PROGRESS(val) ==
					 NV_PGC6_GFW_BOOT_COMPLETED, 1000,
					 OVG_GFW_BOOT_MS * 1000);
	if (ret)
		dev_err(&core->pdev->dev, "the GPU's boot firmware has not finished (0x%x); power-cycle the board\n",
			ovg_rd32(core, NV_PGC6_GFW_BOOT));
	return ret;
}

/* ---- the GSP image and its radix-3 table ---- */

/**
 * struct gsp_image - GSP-RM in pages that booter can read
 * @dev: for DMA
 * @shape: of the table
 * @page: image pages
 * @pa: their DMA addresses
 * @table: levels 0, 1, 2
 * @sig: signature
 * @sig_size: its bytes as booter wants them
 * @boot: bootloader
 * @meta: WPR description; booter may look at it again until GSP-RM is up
 * @bl: what its file says
 * @size: bytes of the image
 */
struct gsp_image {
	struct device *dev;
	struct ovg_radix3 shape;
	struct page **page;
	dma_addr_t *pa;
	struct ovg_dma table[3];
	struct ovg_dma sig;
	u64 sig_size;
	struct ovg_dma boot;
	struct ovg_dma meta;
	struct ovg_fw_bootloader bl;
	u64 size;
};

static u64 image_addr(void *priv, int level, u32 page)
{
	struct gsp_image *img = priv;

	if (level == 3)
		return img->pa[page];
	return img->table[level].pa + (u64)page * GSP_RADIX3_PAGE;
}

static void image_entry(void *priv, int level, u32 index, u64 value)
{
	struct gsp_image *img = priv;

	((u64 *)img->table[level].va)[index] = value;
}

static void image_free(struct ovg_core *core, struct gsp_image *img)
{
	u32 i;

	for (i = 0; img->page && img->pa && i < img->shape.pages; i++) {
		if (!img->page[i])
			break;
		if (img->pa[i])
			dma_unmap_page(img->dev, img->pa[i], GSP_RADIX3_PAGE, DMA_TO_DEVICE);
		__free_page(img->page[i]);
	}
	kvfree(img->page);
	kvfree(img->pa);
	for (i = 0; i < ARRAY_SIZE(img->table); i++)
		ovg_dma_free(core, &img->table[i]);
	ovg_dma_free(core, &img->sig);
	ovg_dma_free(core, &img->boot);
	ovg_dma_free(core, &img->meta);
}

static int image_pages(struct gsp_image *img, const u8 *data, size_t size)
{
	u32 i;

	img->page = kvcalloc(img->shape.pages, sizeof(*img->page), GFP_KERNEL);
	img->pa = kvcalloc(img->shape.pages, sizeof(*img->pa), GFP_KERNEL);
	if (!img->page || !img->pa)
		return -ENOMEM;

	for (i = 0; i < img->shape.pages; i++) {
		size_t off = (size_t)i * GSP_RADIX3_PAGE;
		dma_addr_t pa;

		img->page[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!img->page[i])
			return -ENOMEM;
		memcpy(page_address(img->page[i]), data + off,
		       min_t(size_t, size - off, GSP_RADIX3_PAGE));
		pa = dma_map_page(img->dev, img->page[i], 0, GSP_RADIX3_PAGE, DMA_TO_DEVICE);
		if (dma_mapping_error(img->dev, pa))
			return -ENOMEM;
		img->pa[i] = pa;
	}
	return 0;
}

static int get_firmware(struct ovg_core *core, const struct firmware **fw, const char *path)
{
	int ret = request_firmware(fw, path, &core->pdev->dev);

	if (ret)
		dev_err(&core->pdev->dev, "stage firmware load: %s cannot be loaded: %pe; install firmware-nvidia-graphics, or choose another release with the parameter gsp_release\n",
			path, ERR_PTR(ret));
	return ret;
}

/* Path of a file of the running release; the strings live as long as GSP. */
static char *fw_path(const struct ovg_core *core, const struct ovg_rpc_codec *codec,
		     const char *name)
{
	return kasprintf(GFP_KERNEL, "nvidia/%s/gsp/%s-%s.bin", core->chip, name,
			 codec->version);
}

/*
 * The release: the one that was asked for, else the first of those we know of
 * which the bootloader, a small file, is installed.
 */
static const struct ovg_rpc_codec *pick_release(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	const struct ovg_rpc_codec *codec;
	const struct firmware *fw;
	char *path;
	u32 i;

	if (*gsp_release) {
		codec = ovg_rpc_codec_find(gsp_release);
		if (codec)
			return codec;
		dev_err(dev, "stage firmware load: this driver does not speak GSP release '%s' (parameter gsp_release); it speaks\n",
			gsp_release);
		for (i = 0; (codec = ovg_rpc_codec_nth(i)); i++)
			dev_err(dev, "  %s\n", codec->version);
		return ERR_PTR(-EINVAL);
	}

	for (i = 0; (codec = ovg_rpc_codec_nth(i)); i++) {
		path = fw_path(core, codec, "bootloader");
		if (!path)
			return ERR_PTR(-ENOMEM);
		if (!firmware_request_nowarn(&fw, path, dev)) {
			release_firmware(fw);
			kfree(path);
			return codec;
		}
		kfree(path);
	}
	for (i = 0; (codec = ovg_rpc_codec_nth(i)); i++)
		dev_err(dev, "stage firmware load: nvidia/%s/gsp/bootloader-%s.bin cannot be loaded\n",
			core->chip, codec->version);
	dev_err(dev, "stage firmware load: none of these releases is installed; install firmware-nvidia-graphics\n");
	return ERR_PTR(-ENOENT);
}

static void free_paths(struct ovg_gsp *gsp)
{
	kfree(gsp->path.gsp);
	kfree(gsp->path.bootloader);
	kfree(gsp->path.booter_load);
	kfree(gsp->path.booter_unload);
	kfree(gsp->path.scrubber);
}

static int make_paths(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;

	gsp->path.gsp = fw_path(core, gsp->codec, "gsp");
	gsp->path.bootloader = fw_path(core, gsp->codec, "bootloader");
	gsp->path.booter_load = fw_path(core, gsp->codec, "booter_load");
	gsp->path.booter_unload = fw_path(core, gsp->codec, "booter_unload");
	gsp->path.scrubber = fw_path(core, gsp->codec, "scrubber");
	if (!gsp->path.gsp || !gsp->path.bootloader || !gsp->path.booter_load ||
	    !gsp->path.booter_unload || !gsp->path.scrubber)
		return -ENOMEM;
	return 0;
}

static int load_bootloader(struct ovg_core *core, struct gsp_image *img)
{
	const char *path = core->gsp->path.bootloader;
	const struct firmware *fw;
	const char *why = "";
	int ret;

	ret = get_firmware(core, &fw, path);
	if (ret)
		return ret;
	ret = ovg_fw_parse_bootloader(fw->data, fw->size, &img->bl, &why);
	if (ret) {
		dev_err(&core->pdev->dev, "stage firmware check: %s is malformed: %s\n",
			path, why);
		goto out;
	}
	ret = ovg_dma_alloc(core, img->bl.image_size, &img->boot);
	if (ret)
		goto out;
	memcpy(img->boot.va, img->bl.image, img->bl.image_size);
	core->gsp->app_version = img->bl.app_version;
out:
	release_firmware(fw);
	return ret;
}

static int load_gsp(struct ovg_core *core, struct gsp_image *img)
{
	struct device *dev = &core->pdev->dev;
	const char *release = core->gsp->codec->version;
	const char *path = core->gsp->path.gsp;
	const void *data, *sig, *version;
	size_t size, sig_size, version_size;
	const struct firmware *fw;
	const char *why = "";
	u32 i;
	int ret;

	ret = get_firmware(core, &fw, path);
	if (ret)
		return ret;

	ret = ovg_fw_elf_section(fw->data, fw->size, ".fwversion", &version, &version_size, &why);
	if (!ret)
		ret = ovg_fw_elf_section(fw->data, fw->size, ".fwsignature_ad10x", &sig,
					 &sig_size, &why);
	if (!ret)
		ret = ovg_fw_elf_section(fw->data, fw->size, ".fwimage", &data, &size, &why);
	if (ret) {
		dev_err(dev, "stage firmware check: %s is malformed: %s\n", path, why);
		goto out;
	}
	if (version_size < strlen(release) + 1 ||
	    memcmp(version, release, strlen(release) + 1)) {
		dev_err(dev, "stage firmware check: %s is of release %.*s, not %s; reinstall firmware-nvidia-graphics\n",
			path, (int)min_t(size_t, version_size, 32), (const char *)version,
			release);
		ret = -EINVAL;
		goto out;
	}

	ret = ovg_radix3_shape(size, &img->shape);
	if (ret) {
		dev_err(dev, "stage firmware check: %s is malformed: image of %zu bytes\n",
			path, size);
		goto out;
	}
	img->size = size;
	ret = image_pages(img, data, size);
	if (!ret)
		ret = ovg_dma_alloc(core, GSP_RADIX3_PAGE, &img->table[0]);
	if (!ret)
		ret = ovg_dma_alloc(core, img->shape.l1_pages * GSP_RADIX3_PAGE, &img->table[1]);
	if (!ret)
		ret = ovg_dma_alloc(core, img->shape.l2_pages * GSP_RADIX3_PAGE, &img->table[2]);
	if (!ret)
		ret = ovg_dma_alloc(core, sig_size, &img->sig);
	if (ret)
		goto out;
	for (i = 0; i < ARRAY_SIZE(img->table); i++)
		memset(img->table[i].va, 0, img->table[i].size);
	ovg_radix3_fill(&img->shape, image_addr, image_entry, img);
	memcpy(img->sig.va, sig, sig_size);
	img->sig_size = ALIGN(sig_size, SZ_256);
out:
	release_firmware(fw);
	return ret;
}

/* ---- what booter and GSP-RM read ---- */

static void fill_wpr_meta(struct ovg_gsp *gsp, const struct gsp_image *img,
			  struct gsp_fw_wpr_meta *m)
{
	const struct ovg_wpr_layout *l = &gsp->layout;

	memset(m, 0, GSP_PAGE_SIZE);
	m->magic = GSP_FW_WPR_META_MAGIC;
	m->revision = GSP_FW_WPR_META_REVISION;
	m->sysmem_addr_of_radix3_elf = img->table[0].pa;
	m->size_of_radix3_elf = img->size;
	m->sysmem_addr_of_bootloader = img->boot.pa;
	m->size_of_bootloader = img->bl.image_size;
	m->bootloader_code_offset = img->bl.code_offset;
	m->bootloader_data_offset = img->bl.data_offset;
	m->bootloader_manifest_offset = img->bl.manifest_offset;
	m->sysmem_addr_of_signature = img->sig.pa;
	m->size_of_signature = img->sig_size;
	m->gsp_fw_rsvd_start = l->non_wpr_heap;
	m->non_wpr_heap_offset = l->non_wpr_heap;
	m->non_wpr_heap_size = GSP_NON_WPR_HEAP_SIZE;
	m->gsp_fw_wpr_start = l->wpr_start;
	m->gsp_fw_heap_offset = l->heap;
	m->gsp_fw_heap_size = l->heap_size;
	m->gsp_fw_offset = l->elf;
	m->boot_bin_offset = l->boot;
	m->frts_offset = l->frts;
	m->frts_size = GSP_FRTS_SIZE;
	m->gsp_fw_wpr_end = l->wpr_end;
	m->fb_size = l->fb_size;
	m->vga_workspace_offset = l->vga_workspace;
	m->vga_workspace_size = l->vga_workspace_size;
	/* vGPU: how many VFs the heap is divided among */
	m->gsp_fw_heap_vf_partition_count = gsp->max_vgpus;
}

static int fill_libos(struct ovg_gsp *gsp)
{
	static const u64 id[] = {
		LIBOS_ID8_LOGINIT, LIBOS_ID8_LOGINTR, LIBOS_ID8_LOGRM,
	};
	struct libos_memory_region *arg;
	int ret, i, k;

	ret = ovg_dma_alloc(gsp->core, GSP_PAGE_SIZE, &gsp->libos);
	if (!ret)
		ret = ovg_dma_alloc(gsp->core, GSP_PAGE_SIZE, &gsp->rmargs);
	for (i = 0; !ret && i < ARRAY_SIZE(gsp->log); i++)
		ret = ovg_dma_alloc(gsp->core, LIBOS_LOG_SIZE, &gsp->log[i]);
	if (ret)
		return ret;

	memset(gsp->libos.va, 0, gsp->libos.size);
	arg = gsp->libos.va;
	for (i = 0; i < ARRAY_SIZE(gsp->log); i++, arg++) {
		u64 *pte = gsp->log[i].va;

		/* A put pointer, then the pages of the buffer itself. */
		memset(pte, 0, gsp->log[i].size);
		for (k = 0; k < LIBOS_LOG_SIZE / GSP_PAGE_SIZE; k++)
			pte[k + 1] = gsp->log[i].pa + (u64)k * GSP_PAGE_SIZE;
		arg->id8 = id[i];
		arg->pa = gsp->log[i].pa;
		arg->size = LIBOS_LOG_SIZE;
		arg->kind = LIBOS_KIND_CONTIGUOUS;
		arg->loc = LIBOS_LOC_SYSMEM;
	}
	arg->id8 = LIBOS_ID8_RMARGS;
	arg->pa = gsp->rmargs.pa;
	arg->size = GSP_PAGE_SIZE;
	arg->kind = LIBOS_KIND_CONTIGUOUS;
	arg->loc = LIBOS_LOC_SYSMEM;

	memset(gsp->rmargs.va, 0, gsp->rmargs.size);
	gsp->codec->gsp_args(gsp->rmargs.va, gsp->queues.pa, GSP_MSGQ_PTE_COUNT,
			     GSP_MSGQ_CMD_OFFSET, GSP_MSGQ_STAT_OFFSET);
	return 0;
}

/*
 * vGPU: GSP programs the VFs' address decoders by itself and must know where
 * the PCI core has put their BARs.  RM counts a 64-bit BAR as one: its BAR2 is
 * the PCI core's 3.
 */
static int vf_info(struct ovg_core *core, struct ovg_system_info *si)
{
	static const int bar[] = { 0, 1, 3 };
	struct pci_dev *pdev = core->pdev;
	u16 offset;
	int pos, i;

	si->total_vfs = pci_sriov_get_totalvfs(pdev);
	pos = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_SRIOV);
	if (!pos || !si->total_vfs) {
		dev_err(&pdev->dev, "no SR-IOV capability: enable SR-IOV in the system's firmware setup; vGPUs need it\n");
		return -ENODEV;
	}
	pci_read_config_word(pdev, pos + PCI_SRIOV_VF_OFFSET, &offset);
	si->first_vf_offset = offset;

	for (i = 0; i < ARRAY_SIZE(bar); i++) {
		int n = PCI_IOV_RESOURCES + bar[i];
		struct resource *res = &pdev->resource[n];

		if (!resource_size(res) || !res->parent) {
			dev_err(&pdev->dev, "VF BAR %d has no address: the bridge above has too little room; boot with pci=realloc or enable large BARs in the firmware setup\n",
				bar[i]);
			return -ENOSPC;
		}
		si->vf_bar[i] = pci_bus_address(pdev, n);
		si->vf_bar_64[i] = res->flags & IORESOURCE_MEM_64;
	}
	return 0;
}

static int post_system_info(struct ovg_core *core)
{
	struct pci_dev *pdev = core->pdev;
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_system_info si = {
		.bar0 = pci_resource_start(pdev, 0),
		.bar1 = pci_resource_start(pdev, 1),
		.bar3 = pci_resource_start(pdev, 3),
		.bdf = pci_dev_id(pdev),
		.domain = pci_domain_nr(pdev->bus),
		.max_user_va = MAX_USER_VA,
		.device_id = pdev->device,
		.sub_vendor = pdev->subsystem_vendor,
		.sub_device = pdev->subsystem_device,
		.revision = pdev->revision,
		.flr = pdev->devcap & PCI_EXP_DEVCAP_FLR,
		.page_size = PAGE_SIZE,
	};
	void *buf;
	int ret;

	ret = vf_info(core, &si);
	if (ret)
		return ret;
	/* Leaves 0 where there is no such register. */
	pcie_capability_read_dword(pdev, PCI_EXP_LNKCAP, &si.link_cap);
	buf = kzalloc(gsp->codec->system_info_size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	gsp->codec->system_info(buf, &si);
	ret = ovg_rpc_post(core, gsp->codec->fn_set_system_info, buf,
			   gsp->codec->system_info_size);
	kfree(buf);
	return ret;
}

static int post_registry(struct ovg_core *core)
{
	struct ovg_registry_key keys[] = {
		{ "RMSecBusResetEnable", 1 },
		{ "RMForcePcieConfigSave", 1 },
		/* vGPU: GSP-RM hosts VFs */
		{ "RMSetSriovMode", 1 },
		{ RM_PVMRL_KEY, 0 },
	};
	u32 count = ARRAY_SIZE(keys), size;
	void *buf;
	int ret;

	if (!ovg_sched_boot_value(&keys[count - 1].value))
		count--;
	core->gsp->pvmrl = count == ARRAY_SIZE(keys) ? keys[count - 1].value : 0;
	size = ovg_registry_size(keys, count);
	buf = kzalloc(size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ovg_registry_pack(buf, keys, count);
	ret = ovg_rpc_post(core, core->gsp->codec->fn_set_registry, buf, size);
	kfree(buf);
	return ret;
}

/* ---- interrupts ---- */

static void gsp_irq(void *priv)
{
	struct ovg_gsp *gsp = priv;
	struct ovg_core *core = gsp->core;
	u32 stat;

	stat = ovg_rd32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQSTAT);
	/* GSP has locked its registers: what it has to say is in the queue. */
	if (nv_pri_error(stat)) {
		queue_work(gsp->wq, &gsp->rx_work);
		return;
	}
	stat &= ovg_rd32(core, NV_PGSP_FALCON_BASE + NV_PRISCV_RISCV_IRQMASK);

	if (stat & NV_PFALCON_FALCON_IRQ_SWGEN0) {
		ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQSCLR,
			 NV_PFALCON_FALCON_IRQ_SWGEN0);
		stat &= ~NV_PFALCON_FALCON_IRQ_SWGEN0;
		queue_work(gsp->wq, &gsp->rx_work);
	}
	/* Cleared before it is looked at, or a second one would be lost. */
	if (stat & NV_PFALCON_FALCON_IRQ_HALT) {
		ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQSCLR,
			 NV_PFALCON_FALCON_IRQ_HALT);
		stat &= ~NV_PFALCON_FALCON_IRQ_HALT;
		WRITE_ONCE(gsp->halted, true);
		queue_work(gsp->wq, &gsp->rx_work);
	}
	if (stat) {
		ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQMCLR, stat);
		ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQSCLR, stat);
	}
	ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_INTR_RETRIGGER, 1);
}

/*
 * HALT is how GSP's kernel says that something crashed on it.  That can be one
 * plugin task, which concerns its vGPU only; GSP-RM is dead when its core has
 * stopped, or when it answers no more (kgspService_TU102(), which reads the
 * report itself to tell).
 */
static void rx_work(struct work_struct *work)
{
	struct ovg_gsp *gsp = container_of(work, struct ovg_gsp, rx_work);
	bool halted = xchg(&gsp->halted, false);

	/* First what it said before it halted. */
	ovg_msgq_drain(gsp);
	if (!halted || READ_ONCE(gsp->unloading) || READ_ONCE(gsp->dead))
		return;
	if (!ovg_falcon_riscv_active(gsp->core, NV_PGSP_FALCON_BASE)) {
		ovg_gsp_mark_dead(gsp, "its core halted");
		return;
	}
	dev_warn(&gsp->core->pdev->dev, "GSP reports a crash of something that runs on it; seeing whether GSP-RM still answers\n");
	schedule_work(&gsp->probe_work);
}

/* A GSP-RM that does not answer is marked dead by the call. */
static void probe_work(struct work_struct *work)
{
	struct ovg_gsp *gsp = container_of(work, struct ovg_gsp, probe_work);
	struct ovg_core *core = gsp->core;
	void *params;

	params = kzalloc(gsp->codec->intr_table_size, GFP_KERNEL);
	if (!params)
		return;
	if (!ovg_rm_internal_ctrl(core, gsp->codec->cmd_intr_table, params,
				  gsp->codec->intr_table_size))
		dev_info(&core->pdev->dev, "GSP-RM answers\n");
	kfree(params);
}

static int enable_interrupts(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	void *params;
	int ret;

	params = kzalloc(gsp->codec->intr_table_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	ret = ovg_rm_internal_ctrl(core, gsp->codec->cmd_intr_table, params,
				   gsp->codec->intr_table_size);
	if (!ret)
		ret = gsp->codec->intr_gsp(params, &gsp->vector);
	kfree(params);
	if (!ret)
		ret = ovg_irq_register(core, gsp->vector, gsp_irq, gsp);
	if (ret) {
		dev_err(&core->pdev->dev, "GSP's interrupt cannot be set up: %pe\n", ERR_PTR(ret));
		return ret;
	}

	WRITE_ONCE(gsp->irq_ready, true);
	/* What came before we listened. */
	ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_IRQSCLR,
		 NV_PFALCON_FALCON_IRQ_SWGEN0);
	queue_work(gsp->wq, &gsp->rx_work);
	return 0;
}

/* ---- boot ---- */

static int compute_layout(struct ovg_core *core, const struct gsp_image *img)
{
	struct ovg_gsp *gsp = core->gsp;
	u64 fb_size = (u64)ovg_rd32(core, NV_USABLE_FB_SIZE_MIB) << 20;
	u64 workspace = 0;
	u32 val;
	int ret;

	if (!(ovg_rd32(core, NV_FUSE_STATUS_OPT_DISPLAY) & 1)) {
		val = ovg_rd32(core, NV_PDISP_VGA_WORKSPACE_BASE);
		if (val & NV_PDISP_VGA_WORKSPACE_VALID)
			workspace = NV_PDISP_VGA_WORKSPACE_ADDR(val);
	}

	gsp->max_vgpus = gsp->codec->vf_partitions;
	ret = ovg_wpr_compute(&gsp->layout, fb_size, workspace, img->bl.image_size,
			      img->size, gsp->codec->vgpu_heap_size);
	if (ret)
		dev_err(&core->pdev->dev, "%llu MiB of framebuffer are too little for GSP\n",
			fb_size >> 20);
	return ret;
}

/**
 * ovg_gsp_ready_riscv - reset GSP into its RISC-V core and give it its arguments
 * @core: the PF
 *
 * The core does not run before booter starts it.
 *
 * Return: 0, or -ETIMEDOUT.
 */
int ovg_gsp_ready_riscv(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	int ret;

	stage(core, "RISC-V select");
	ret = ovg_falcon_select_riscv(core, NV_PGSP_FALCON_BASE);
	if (ret)
		return ret;
	ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_MAILBOX0,
		 lower_32_bits(gsp->libos.pa));
	ovg_wr32(core, NV_PGSP_FALCON_BASE + NV_PFALCON_FALCON_MAILBOX1,
		 upper_32_bits(gsp->libos.pa));
	return 0;
}

static int start_gsp(struct ovg_core *core, struct gsp_image *img)
{
	struct ovg_gsp *gsp = core->gsp;
	int ret;

	stage(core, "FWSEC-FRTS");
	ret = ovg_fwsec_frts(core, gsp->layout.frts, GSP_FRTS_SIZE);
	if (ret)
		return ret;

	ret = ovg_dma_alloc(core, GSP_PAGE_SIZE, &img->meta);
	if (ret)
		return ret;
	fill_wpr_meta(gsp, img, img->meta.va);

	ret = fill_libos(gsp);
	if (!ret)
		ret = post_system_info(core);
	if (!ret)
		ret = post_registry(core);
	if (!ret)
		ret = ovg_gsp_ready_riscv(core);
	if (ret)
		return ret;

	/* What GSP-RM reserves, against what Ada has cleared by itself (OpenRM). */
	if (gsp->codec->scrubber &&
	    gsp->layout.fb_size - gsp->layout.non_wpr_heap > GSP_PRESCRUBBED_SIZE_AD102) {
		stage(core, "scrubber");
		ret = ovg_scrubber_run(core);
		if (ret)
			return ret;
	}

	stage(core, "booter_load");
	return ovg_booter_load(core, img->meta.pa);
}

static int wait_init_done(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	ktime_t deadline = ktime_add_ms(ktime_get(), OVG_GSP_INIT_MS);

	for (;;) {
		ovg_msgq_drain(gsp);
		/* What GSP-RM asked of us before it said so is done, too. */
		if (READ_ONCE(gsp->init_done))
			flush_work(&gsp->event_work);
		if (READ_ONCE(gsp->dead))
			return -ENODEV;
		/* pairs with ovg_events_post(): the result was written before */
		if (smp_load_acquire(&gsp->init_done))
			break;
		if (ktime_after(ktime_get(), deadline)) {
			dev_err(&core->pdev->dev, "stage init: GSP-RM did not come up within %u ms (GSP_INIT_DONE is missing)\n",
				OVG_GSP_INIT_MS);
			return -ETIMEDOUT;
		}
		usleep_range(500, 1000);
	}
	if (!gsp->init_result)
		return 0;
	dev_err(&core->pdev->dev, "stage init: GSP-RM failed: %s (0x%x)\n",
		ovg_rm_status_name(gsp->init_result), gsp->init_result);
	return -EIO;
}

static int get_static_info(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	const char *why = "";
	void *buf;
	int ret;

	buf = kzalloc(gsp->codec->static_info_size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = ovg_rpc_call(core, gsp->codec->fn_static_info, buf,
			   gsp->codec->static_info_size, 0);
	if (!ret) {
		ret = gsp->codec->static_info(buf, &gsp->static_info, &why);
		if (ret)
			dev_err(&core->pdev->dev, "GSP's static info is no good: %s\n", why);
	}
	kfree(buf);
	return ret;
}

/* Stop whatever runs on GSP and SEC2.  0: they touch no memory of ours any more. */
static int stop_falcons(struct ovg_core *core)
{
	static const struct {
		u32 base;
		const char *name;
	} falcons[] = {
		{ NV_PGSP_FALCON_BASE, "GSP" },
		{ NV_PSEC_FALCON_BASE, "SEC2" },
	};
	int ret, i;

	for (i = 0; i < ARRAY_SIZE(falcons); i++) {
		ret = ovg_falcon_reset(core, falcons[i].base);
		if (ret) {
			dev_err(&core->pdev->dev, "stage unload: %s cannot be reset: %pe; reset the device\n",
				falcons[i].name, ERR_PTR(ret));
			return ret;
		}
	}
	return 0;
}

/* Stop them and take WPR2 down.  0: GSP can be booted again. */
static int quiesce(struct ovg_core *core)
{
	int ret = stop_falcons(core);

	if (ret || !ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_HI))
		return ret;
	/* It says itself what went wrong; WPR2 must go all the same (OpenRM, nouveau). */
	ovg_fwsec_sb(core);
	return ovg_booter_unload(core);
}

/* The GPU flushes what it wrote to system memory by a write to a page of ours. */
static int set_flush_page(struct ovg_core *core)
{
	struct ovg_dma *flush = &core->gsp->flush;
	int ret;

	ret = ovg_dma_alloc(core, GSP_PAGE_SIZE, flush);
	if (ret)
		return ret;
	ovg_wr32(core, NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI, flush->pa >> 40);
	ovg_wr32(core, NV_PFB_NISO_FLUSH_SYSMEM_ADDR, flush->pa >> 8);
	return 0;
}

static void drop_flush_page(struct ovg_core *core)
{
	struct ovg_dma *flush = &core->gsp->flush;

	if (flush->va && ovg_rd32(core, NV_PFB_NISO_FLUSH_SYSMEM_ADDR) == (u32)(flush->pa >> 8)) {
		ovg_wr32(core, NV_PFB_NISO_FLUSH_SYSMEM_ADDR, 0);
		ovg_wr32(core, NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI, 0);
	}
	ovg_dma_free(core, flush);
}

/**
 * struct kept_dma - memory that lives until GSP was stopped
 * @link: in gsp->kept
 * @mem: the memory
 */
struct kept_dma {
	struct list_head link;
	struct ovg_dma mem;
};

void *ovg_gsp_dma_keep(struct ovg_core *core, size_t size, dma_addr_t *dma)
{
	struct kept_dma *kept = kzalloc(sizeof(*kept), GFP_KERNEL);

	if (!kept)
		return NULL;
	if (ovg_dma_alloc(core, size, &kept->mem)) {
		kfree(kept);
		return NULL;
	}
	list_add(&kept->link, &core->gsp->kept);
	*dma = kept->mem.pa;
	return kept->mem.va;
}

void ovg_gsp_halt(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;

	if (!gsp)
		return;
	WRITE_ONCE(gsp->unloading, true);
	WRITE_ONCE(gsp->dead, true);
	stop_falcons(core);
}

void ovg_gsp_lost(struct ovg_core *core, const char *why)
{
	if (core->gsp)
		ovg_gsp_mark_dead(core->gsp, why);
}

/* Undo start_gsp(), whether or not GSP still answers. */
static void stop_gsp(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	u64 buf[4] = {};
	u32 val;
	int ret = -ENODEV;

	WRITE_ONCE(gsp->unloading, true);
	WRITE_ONCE(gsp->running, false);
	if (gsp->init_done && !gsp->dead) {
		stage(core, "unload");
		if (!WARN_ON(gsp->codec->unloading_size > sizeof(buf))) {
			gsp->codec->unloading(buf, false);
			ret = ovg_rpc_call(core, gsp->codec->fn_unloading, buf,
					   gsp->codec->unloading_size, 0);
		}
		/* kgspWaitForProcessorSuspend_TU102() */
		if (!ret)
			ret = readl_poll_timeout(core->bar0 + NV_PGSP_FALCON_BASE +
						 NV_PFALCON_FALCON_MAILBOX0, val,
						 val == 0x80000000, 100,
						 OVG_GSP_SUSPEND_MS * 1000);
		if (ret)
			dev_warn(&core->pdev->dev, "GSP did not unload in order: %pe; it is reset\n",
				 ERR_PTR(ret));
	}

	if (READ_ONCE(gsp->irq_ready)) {
		ovg_irq_unregister(core, gsp->vector);
		WRITE_ONCE(gsp->irq_ready, false);
	}
	WRITE_ONCE(gsp->dead, true);
	cancel_work_sync(&gsp->rx_work);
	cancel_work_sync(&gsp->probe_work);
	/* A sequencer that still runs would start what is reset here. */
	cancel_work_sync(&gsp->event_work);

	quiesce(core);
}

static void gsp_free(struct ovg_core *core)
{
	struct ovg_gsp *gsp = core->gsp;
	struct kept_dma *kept, *tmp;
	int i;

	/* Should something still run that could not be stopped: not in our memory. */
	pci_clear_master(core->pdev);
	drop_flush_page(core);
	list_for_each_entry_safe(kept, tmp, &gsp->kept, link) {
		ovg_dma_free(core, &kept->mem);
		kfree(kept);
	}
	ovg_events_fini(gsp);
	if (gsp->wq)
		destroy_workqueue(gsp->wq);
	ovg_msgq_fini(gsp);
	ovg_dma_free(core, &gsp->libos);
	ovg_dma_free(core, &gsp->rmargs);
	for (i = 0; i < ARRAY_SIZE(gsp->log); i++)
		ovg_dma_free(core, &gsp->log[i]);
	ovg_dma_free(core, &gsp->booter_load.mem);
	ovg_dma_free(core, &gsp->booter_unload.mem);
	ovg_dma_free(core, &gsp->scrubber.mem);
	ovg_fwsec_release(core);
	free_paths(gsp);
	core->gsp = NULL;
	kfree(gsp);
}

/**
 * ovg_gsp_init - boot GSP
 * @core: the PF
 *
 * Return: 0 or a negative errno, which was reported with the stage that failed
 * and the file concerned.
 */
int ovg_gsp_init(struct ovg_core *core)
{
	struct gsp_image img = { .dev = &core->pdev->dev };
	struct ovg_gsp *gsp;
	ktime_t start = ktime_get();
	int ret;

	ret = wait_gfw(core);
	if (ret)
		return ret;

	gsp = kzalloc(sizeof(*gsp), GFP_KERNEL);
	if (!gsp)
		return -ENOMEM;
	gsp->core = core;
	core->gsp = gsp;
	INIT_LIST_HEAD(&gsp->kept);
	ovg_events_init(gsp);
	INIT_WORK(&gsp->rx_work, rx_work);
	INIT_WORK(&gsp->probe_work, probe_work);
	ret = -ENOMEM;
	gsp->wq = alloc_workqueue("openvgpu-gsp", WQ_HIGHPRI | WQ_UNBOUND, 0);
	if (!gsp->wq)
		goto err_free;
	ret = ovg_msgq_init(gsp);
	if (!ret)
		ret = set_flush_page(core);
	if (ret)
		goto err_free;

	stage(core, "firmware");
	gsp->codec = pick_release(core);
	if (IS_ERR(gsp->codec)) {
		ret = PTR_ERR(gsp->codec);
		goto err_image;
	}
	ret = make_paths(core);
	if (!ret)
		ret = ovg_booter_prepare(core, gsp->path.booter_load, NULL, &gsp->booter_load);
	if (!ret)
		ret = ovg_booter_prepare(core, gsp->path.booter_unload,
					 gsp->codec->booter_unload_sha256, &gsp->booter_unload);
	if (!ret && gsp->codec->scrubber)
		ret = ovg_booter_prepare(core, gsp->path.scrubber, NULL, &gsp->scrubber);
	if (!ret)
		ret = load_bootloader(core, &img);
	if (!ret)
		ret = load_gsp(core, &img);
	if (!ret)
		ret = ovg_fwsec_prepare(core);
	if (!ret)
		ret = compute_layout(core, &img);
	if (ret)
		goto err_image;

	if (ovg_rd32(core, NV_PFB_PRI_MMU_WPR2_ADDR_HI)) {
		dev_warn(&core->pdev->dev, "GSP was left running by somebody; unloading it first\n");
		ret = quiesce(core);
		if (ret)
			goto err_image;
	}

	ret = start_gsp(core, &img);
	if (!ret) {
		stage(core, "init");
		ret = wait_init_done(core);
	}
	if (!ret)
		ret = get_static_info(core);
	if (!ret && !gsp->static_info.sriov_enabled) {
		dev_err(&core->pdev->dev, "GSP-RM came up without SR-IOV although RMSetSriovMode was set\n");
		ret = -ENODEV;
	}
	if (!ret)
		ret = enable_interrupts(core);
	if (ret)
		goto err_stop;

	/* Booter has copied the image into WPR2. */
	image_free(core, &img);
	WRITE_ONCE(gsp->running, true);
	dev_info(&core->pdev->dev, "GSP firmware %s is up after %lld ms, room for %u vGPUs\n",
		 gsp->codec->version, ktime_ms_delta(ktime_get(), start), gsp->max_vgpus);
	return 0;

err_stop:
	stop_gsp(core);
err_image:
	/* As in gsp_free(): first nobody reads it any more. */
	pci_clear_master(core->pdev);
	image_free(core, &img);
err_free:
	gsp_free(core);
	return ret;
}

/**
 * ovg_gsp_fini - unload GSP
 * @core: the PF
 */
void ovg_gsp_fini(struct ovg_core *core)
{
	stop_gsp(core);
	gsp_free(core);
}

bool ovg_gsp_dead(struct ovg_core *core)
{
	return !core->gsp || READ_ONCE(core->gsp->dead);
}

const struct ovg_static_info *ovg_gsp_static_info(struct ovg_core *core)
{
	return &core->gsp->static_info;
}

const char *ovg_gsp_version(struct ovg_core *core)
{
	return core->gsp->codec->version;
}

const struct ovg_rpc_codec *ovg_gsp_codec(struct ovg_core *core)
{
	return core->gsp->codec;
}

unsigned int ovg_gsp_max_vgpus(struct ovg_core *core)
{
	return core->gsp->max_vgpus;
}

/**
 * ovg_gsp_pvmrl - the scheduler that GSP was told at boot
 * @core: the PF; GSP was booted
 *
 * Return: registry key RmPVMRL, 0 (which is best effort) when it was not sent.
 */
u32 ovg_gsp_pvmrl(struct ovg_core *core)
{
	return core->gsp->pvmrl;
}
