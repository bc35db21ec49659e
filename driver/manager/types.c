// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vGPU types: the metadata file, its upload to GSP, and the selection of a type
 * for a VF.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "mgr_priv.h"
#include "types_text.h"

#define METADATA_FORMAT	"openvgpu/vgpu-types-%s.bin"
MODULE_FIRMWARE("openvgpu/vgpu-types-*.bin");

/* The file is good but has no types for this board: which boards does it have? */
static void report_boards(struct ovg_mgr *mgr, const char *name, const struct ovg_metadata *md)
{
	char boards[8 * 8 + 1] = " none";
	int len = 0;
	u32 i;

	for (i = 0; i < md->num_boards && i < 8; i++)
		len += scnprintf(boards + len, sizeof(boards) - len, " %04x", md->board[i]);
	dev_err(&mgr->dev->adev.dev, "vGPU types: %s has no types for this board, %04x:%04x; it is for boards%s; make it anew with vgpuctl types build or import\n",
		name, PCI_VENDOR_ID_NVIDIA, mgr->info.device_id, boards);
}

static int upload_types(struct ovg_mgr *mgr)
{
	const struct ovg_metadata *md = mgr->metadata;
	void *params;
	int ret;

	/* The control writes back over its parameters: not into the file. */
	params = kvmalloc(md->upload_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	memcpy(params, md->upload, md->upload_size);
	ret = mgr->codec->add_types_count(params);
	if (ret >= 0)
		ret = mgr->dev->ops->rm_ctrl(mgr->dev, mgr->client, mgr->codec->cmd_add_types,
					     params, md->upload_size, 0);
	kvfree(params);
	return ret;
}

/**
 * ovg_types_load - load the types of the board and tell GSP of them
 * @mgr: the manager
 *
 * Return: 0; -ENOMEM and -ENODEV, after which there is no point in going on;
 * any other errno means that there are no types, which was reported.
 */
int ovg_types_load(struct ovg_mgr *mgr)
{
	struct device *dev = &mgr->dev->adev.dev;
	const struct firmware *fw;
	enum ovg_metadata_error err;
	struct ovg_metadata *md;
	const char *why = "";
	char name[96];
	int ret;

	snprintf(name, sizeof(name), METADATA_FORMAT, mgr->info.gsp_version);
	ret = request_firmware(&fw, name, dev);
	if (ret) {
		dev_err(dev, "vGPU types: %s cannot be loaded: %pe; make it with vgpuctl types build or import and put it below /lib/firmware\n",
			name, ERR_PTR(ret));
		return -ENOENT;
	}

	md = kzalloc(sizeof(*md), GFP_KERNEL);
	if (!md) {
		release_firmware(fw);
		return -ENOMEM;
	}
	err = ovg_metadata_parse(fw->data, fw->size, mgr->info.gsp_version,
				 mgr->info.device_id, mgr->codec->cmd_add_types,
				 mgr->codec->add_types_size, md, &why);
	if (err == OVG_METADATA_NO_TYPES) {
		report_boards(mgr, name, md);
		ret = -EINVAL;
	} else if (err) {
		dev_err(dev, "vGPU types: %s: %s%s%.64s; make it anew with vgpuctl types build or import for GSP %s\n",
			name, why, md->version ? ", says " : "", md->version ?: "",
			mgr->info.gsp_version);
		ret = -EINVAL;
	} else {
		mgr->metadata = md;
		ret = upload_types(mgr);
		if (ret)
			dev_err(dev, "vGPU types: GSP refused %s: %pe; are its signatures NVIDIA's?\n",
				name, ERR_PTR(ret));
		/* The types stay, what they point at goes. */
		md->upload = NULL;
		md->version = mgr->codec->version;
	}
	release_firmware(fw);
	if (ret) {
		mgr->metadata = NULL;
		kfree(md);
		return ret;
	}
	dev_info(dev, "%u vGPU types\n", md->num_types);
	return 0;
}

void ovg_types_unload(struct ovg_mgr *mgr)
{
	kfree(mgr->metadata);
	mgr->metadata = NULL;
}

static const struct ovg_vgpu_type *find_type(struct ovg_mgr *mgr, u32 id)
{
	u32 i;

	for (i = 0; mgr->metadata && i < mgr->metadata->num_types; i++)
		if (mgr->metadata->type[i].id == id)
			return &mgr->metadata->type[i];
	return NULL;
}

static bool creatable(struct ovg_vgpu *vgpu, const struct ovg_vgpu_type *t)
{
	struct ovg_mgr *mgr = vgpu->mgr;

	return !ovg_mgr_dead(mgr) && !mgr->stuck[vgpu->gfid] &&
	       (t->ecc || !mgr->info.ecc_enabled) &&
	       !ovg_placement_check(&mgr->placement, t, OVG_PLACEMENT_NONE);
}

/**
 * ovg_mgr_creatable_types - text of creatable_vgpu_types
 * @vgpu: handle
 * @buf: a page
 *
 * What can be selected on this VF now; on a VF that has a type, that type, so
 * that clients can learn its name.
 *
 * Return: bytes.
 */
ssize_t ovg_mgr_creatable_types(struct ovg_vgpu *vgpu, char *buf)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	size_t len;
	u32 i;

	len = ovg_types_text_heading(buf, PAGE_SIZE);
	mutex_lock(&mgr->lock);
	for (i = 0; mgr->metadata && i < mgr->metadata->num_types; i++) {
		const struct ovg_vgpu_type *t = &mgr->metadata->type[i];

		if (vgpu->type ? vgpu->type != t : !creatable(vgpu, t))
			continue;
		len += ovg_types_text_line(buf + len, PAGE_SIZE - len, t->id, t->name);
	}
	mutex_unlock(&mgr->lock);
	return len;
}
EXPORT_SYMBOL_GPL(ovg_mgr_creatable_types);

/**
 * ovg_mgr_get_type - number of the selected type, 0 when none
 * @vgpu: handle
 */
u32 ovg_mgr_get_type(struct ovg_vgpu *vgpu)
{
	u32 id;

	mutex_lock(&vgpu->mgr->lock);
	id = vgpu->type ? vgpu->type->id : 0;
	mutex_unlock(&vgpu->mgr->lock);
	return id;
}
EXPORT_SYMBOL_GPL(ovg_mgr_get_type);

static void drop_type(struct ovg_vgpu *vgpu)
{
	if (!vgpu->type)
		return;
	ovg_placement_give(&vgpu->mgr->placement, vgpu->slot.index);
	ovg_settings_reset(vgpu);
	vgpu->type = NULL;
}

static int select_type(struct ovg_vgpu *vgpu, u32 id)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	const struct ovg_vgpu_type *t = find_type(mgr, id);
	int ret;

	if (ovg_mgr_dead(mgr)) {
		pci_notice(vgpu->vf, "type %u: GSP is dead or gone; unbind and bind the core driver\n",
			   id);
		return -ENODEV;
	}
	if (mgr->stuck[vgpu->gfid]) {
		pci_notice(vgpu->vf, "type %u: the VF's last plugin task was not ended; unbind and bind the core driver\n",
			   id);
		return -EIO;
	}
	if (!t) {
		pci_notice(vgpu->vf, "type %u is not known; see creatable_vgpu_types\n", id);
		return -ENODEV;
	}
	if (mgr->info.ecc_enabled && !t->ecc) {
		pci_notice(vgpu->vf, "type %u (%s) cannot run while ECC is on\n", id, t->name);
		return -ENODEV;
	}

	ret = ovg_placement_take(&mgr->placement, t, OVG_PLACEMENT_NONE, &vgpu->slot);
	if (ret == -EINVAL) {
		pci_notice(vgpu->vf, "type %u (%s) has another size than the vGPUs of this GPU; all have the same unless the mode is heterogeneous\n",
			   id, t->name);
		return ret;
	}
	if (ret) {
		pci_notice(vgpu->vf, "type %u (%s) does not fit any more: the %sGPU has room for %u of them\n",
			   id, t->name, mgr->placement.mixed ? "empty " : "",
			   ovg_placement_capacity(&mgr->placement, t));
		return ret;
	}
	vgpu->type = t;
	return 0;
}

/**
 * ovg_types_select - select a type, or give it back
 * @vgpu: the VF
 * @id: type number, 0 for none
 *
 * Return: as ovg_mgr_store_type().
 */
int ovg_types_select(struct ovg_vgpu *vgpu, u32 id)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	int ret = 0;

	mutex_lock(&mgr->lock);
	if (vgpu->state != OVG_VGPU_CLOSED) {
		pci_notice(vgpu->vf, "the vGPU is in use; stop its VM first\n");
		ret = -EBUSY;
	} else if (!id) {
		drop_type(vgpu);
	} else if (mgr->changing_mode) {
		pci_notice(vgpu->vf, "the GPU's mode is being changed; try again\n");
		ret = -EBUSY;
	} else if (vgpu->type) {
		pci_notice(vgpu->vf, "type %u is selected; write 0 first\n", vgpu->type->id);
		ret = -EPERM;
	} else {
		ret = select_type(vgpu, id);
	}
	if (!ret)
		ovg_events_type(vgpu, id);
	mutex_unlock(&mgr->lock);
	return ret;
}

/**
 * ovg_mgr_store_type - select a type, or give it back, by what a user wrote
 * @vgpu: handle
 * @buf: number of a type, 0 for none; a newline may follow
 * @len: bytes
 *
 * Return: 0; -EBUSY while the VF is open or the mode changes; -EPERM when a type is selected
 * already; -ENODEV for an unknown one; -EIO when GSP did not let go of the last;
 * -EINVAL for what is no number, and for a type of another size than those in
 * use; -ENOSPC when there is no room.  The reason is logged.
 */
int ovg_mgr_store_type(struct ovg_vgpu *vgpu, const char *buf, size_t len)
{
	u32 id;
	int ret;

	ret = ovg_types_text_parse(buf, len, &id);
	if (ret) {
		pci_notice(vgpu->vf, "current_vgpu_type takes the number of a type, or 0 for none\n");
		return ret;
	}
	return ovg_types_select(vgpu, id);
}
EXPORT_SYMBOL_GPL(ovg_mgr_store_type);

/**
 * ovg_mgr_get_identity - what the guest sees
 * @vgpu: handle
 * @id: result
 *
 * BAR1 is the type's, or the VF's with override_bar1_size.  Class Compute is no
 * exception: it has the VF's only where that can be resized, GH100 and later
 * (_nv_vgpu_get_bar_size() of 570.144).
 *
 * Return: 0, -ENODEV when no type is selected.
 */
int ovg_mgr_get_identity(struct ovg_vgpu *vgpu, struct ovg_vgpu_identity *id)
{
	int ret = -ENODEV;

	mutex_lock(&vgpu->mgr->lock);
	if (vgpu->type) {
		id->device_id = vgpu->type->device_id;
		id->subsystem_vendor = PCI_VENDOR_ID_NVIDIA;
		id->subsystem_id = vgpu->type->subsystem_id;
		id->bar1_size = vgpu->params.override_bar1_size ?
				pci_resource_len(vgpu->vf, 1) : vgpu->type->bar1_length;
		ret = 0;
	}
	mutex_unlock(&vgpu->mgr->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_get_identity);
