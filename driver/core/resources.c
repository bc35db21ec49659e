// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * From a running GSP to a PF that can host vGPUs: ask GSP about the board, then
 * bring up framebuffer, channel ids, BAR1, the scrubber and the seam, in this
 * order and back.
 */
#include <linux/slab.h>

#include "common/rm.h"
#include "core.h"
#include "objects.h"
#include "resources.h"
#include "rpc.h"

/* The FIFO device table, page by page. */
static int ovg_res_devices(struct ovg_core *core)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct ovg_device_entry *entry;
	struct ovg_res *res = core->res;
	u32 count, i, base = 0, pages = 0;
	void *params;
	bool more;
	int ret;

	entry = kcalloc(OVG_MAX_ENGINES, sizeof(*entry), GFP_KERNEL);
	params = kzalloc(codec->devices_size, GFP_KERNEL);
	if (!entry || !params) {
		ret = -ENOMEM;
		goto out;
	}

	do {
		memset(params, 0, codec->devices_size);
		codec->devices(params, base);
		ret = ovg_rm_internal_ctrl(core, codec->devices_cmd, params,
					   codec->devices_size);
		if (ret)
			goto out;
		ret = codec->devices_get(params, entry, OVG_MAX_ENGINES, &count,
					 &more);
		if (ret)
			goto out;

		for (i = 0; i < count; i++) {
			if (!entry[i].type)
				continue;
			if (res->num_engines == OVG_MAX_ENGINES) {
				ret = -E2BIG;
				goto out;
			}
			res->engine[res->num_engines].type = entry[i].type;
			res->engine[res->num_engines].runlist = entry[i].runlist;
			res->engine[res->num_engines].nonstall = OVG_NO_VECTOR;
			res->num_engines++;
		}
		base += count;
	} while (more && ++pages < OVG_MAX_DEVICE_PAGES);
	if (more) {
		dev_err(&core->pdev->dev, "rm: GSP's list of engines has no end\n");
		ret = -EPROTO;
	}
out:
	kfree(params);
	kfree(entry);
	return ret;
}

static int ovg_res_interrupts(struct ovg_core *core)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	unsigned int i;
	void *params;
	int ret;

	params = kzalloc(codec->intr_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;

	ret = ovg_rm_internal_ctrl(core, codec->intr_cmd, params,
				   codec->intr_size);
	if (!ret)
		ret = codec->intr_check(params);
	if (!ret)
		for (i = 0; i < core->res->num_engines; i++)
			core->res->engine[i].nonstall =
				codec->intr_nonstall(params,
						     core->res->engine[i].type);
	kfree(params);

	return ret;
}

static int ovg_res_board(struct ovg_core *core)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct vgpu_rm_client *client = core->res->client;
	struct ovg_res *res = core->res;
	void *params;
	int ret;

	params = kzalloc(max(codec->vmmu_segment_size, codec->ecc_size),
			 GFP_KERNEL);
	if (!params)
		return -ENOMEM;

	ret = ovg_rm_ctrl(core, client->h_client, client->h_subdevice,
			  codec->vmmu_segment_cmd, params,
			  codec->vmmu_segment_size, 0);
	if (!ret)
		ret = codec->vmmu_segment(params, &res->vmmu_segment);
	if (ret)
		goto out;

	memset(params, 0, codec->ecc_size);
	ret = ovg_rm_ctrl(core, client->h_client, client->h_subdevice,
			  codec->ecc_cmd, params, codec->ecc_size, 0);
	if (!ret)
		res->ecc_enabled = codec->ecc_enabled(params);
out:
	kfree(params);
	return ret;
}

static void ovg_res_fini(struct ovg_core *core)
{
	struct ovg_res *res = core->res;
	struct vgpu_rm_client *client, *next;

	ovg_rm_client_free(core, res->client);
	list_for_each_entry_safe(client, next, &res->rm_clients, link) {
		dev_warn(&core->pdev->dev,
			 "rm: client 0x%08x was never freed\n",
			 client->h_client);
		ovg_rm_client_free(core, client);
	}
	ida_destroy(&res->rm_ida);
	mutex_destroy(&res->rm_lock);
	core->res = NULL;
	kfree(res);
}

static int ovg_res_init(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	const char *step = "RM client";
	struct ovg_res *res;
	int ret;

	res = kzalloc(sizeof(*res), GFP_KERNEL);
	if (!res)
		return -ENOMEM;
	mutex_init(&res->rm_lock);
	INIT_LIST_HEAD(&res->rm_clients);
	ida_init(&res->rm_ida);
	core->res = res;

	res->codec = ovg_objects_codec(ovg_gsp_version(core));
	if (!res->codec) {
		dev_err(dev, "res: this driver does not know the objects of GSP release %s\n",
			ovg_gsp_version(core));
		ret = -ENOTSUPP;
		goto err;
	}

	ret = ovg_rm_client_alloc(core, &res->client);
	if (ret)
		goto err_step;
	step = "VMMU segment and ECC state";
	ret = ovg_res_board(core);
	if (ret)
		goto err_step;
	step = "FIFO device table";
	ret = ovg_res_devices(core);
	if (ret)
		goto err_step;
	step = "interrupt table";
	ret = ovg_res_interrupts(core);
	if (ret)
		goto err_step;

	return 0;

err_step:
	dev_err(dev, "res: GSP gave no %s (%pe)\n", step, ERR_PTR(ret));
err:
	ovg_res_fini(core);
	return ret;
}

/**
 * ovg_res_get_info - the facts that a vGPU manager needs
 * @core: the PF
 * @info: filled in wholly
 */
void ovg_res_get_info(struct ovg_core *core, struct vgpu_core_info *info)
{
	struct ovg_res *res = core->res;
	unsigned int i;

	memset(info, 0, sizeof(*info));
	strscpy(info->gsp_version, ovg_gsp_version(core),
		sizeof(info->gsp_version));
	info->device_id = core->pdev->device;
	info->subsystem_id = core->pdev->subsystem_device;
	info->total_vfs = pci_sriov_get_totalvfs(core->pdev);
	ovg_fb_get_span(core, &info->fb_base, &info->fb_size, &info->fb_total);
	info->vmmu_segment = res->vmmu_segment;
	info->num_chids = ovg_chid_available(core);
	for (i = 0; i < res->num_engines; i++)
		if (res->engine[i].type < VGPU_CORE_MAX_ENGINES)
			set_bit(res->engine[i].type, info->engines);
	info->ecc_enabled = res->ecc_enabled;
	info->max_vgpus = min_t(unsigned int, info->total_vfs,
				ovg_gsp_max_vgpus(core));
	info->sched_registry = ovg_gsp_pvmrl(core);
}

/**
 * ovg_resources_init - everything between GSP and the vGPU manager
 * @core: the PF; GSP runs
 *
 * Return: 0 or a negative errno, after a line that says what failed.
 */
int ovg_resources_init(struct ovg_core *core)
{
	int ret;

	ret = ovg_res_init(core);
	if (ret)
		return ret;
	ret = ovg_fb_init(core);
	if (ret)
		goto err_res;
	ret = ovg_chid_init(core);
	if (ret)
		goto err_fb;
	ret = ovg_bar1_init(core);
	if (ret)
		goto err_chid;
	ret = ovg_ce_init(core);
	if (ret)
		goto err_bar1;
	ret = ovg_aux_init(core);
	if (ret) {
		dev_err(&core->pdev->dev,
			"aux: no auxiliary device (%pe), so no vGPU manager\n",
			ERR_PTR(ret));
		goto err_ce;
	}
	ovg_debugfs_init(core);

	return 0;

err_ce:
	ovg_ce_fini(core);
err_bar1:
	ovg_bar1_fini(core);
err_chid:
	ovg_chid_fini(core);
err_fb:
	ovg_fb_fini(core);
err_res:
	ovg_res_fini(core);
	return ret;
}

/**
 * ovg_resources_fini - undo ovg_resources_init()
 * @core: the PF; GSP still runs, or is dead
 *
 * First the VFs go, then the manager, then what they used.
 */
void ovg_resources_fini(struct ovg_core *core)
{
	if (!core->res)
		return;

	ovg_sriov_fini(core);
	ovg_debugfs_fini(core);
	ovg_aux_fini(core);
	ovg_ce_fini(core);
	ovg_bar1_fini(core);
	ovg_chid_fini(core);
	ovg_fb_fini(core);
	ovg_res_fini(core);
}
