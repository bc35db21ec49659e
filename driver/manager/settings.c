// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What can be set for one vGPU beside its type: the files vgpu_params,
 * placement_id, gpu_instance_id and warm_update.
 */
#include "mgr_priv.h"
#include "types_text.h"

/* Settings are read when the vGPU is created; its owner must not see a change. */
static bool in_use(struct ovg_vgpu *vgpu)
{
	lockdep_assert_held(&vgpu->mgr->lock);
	if (vgpu->state == OVG_VGPU_CLOSED)
		return false;
	pci_notice(vgpu->vf, "the vGPU is in use; stop its VM first\n");
	return true;
}

/**
 * ovg_settings_reset - the type goes, and the settings with it
 * @vgpu: the VF, @vgpu->mgr->lock held
 */
void ovg_settings_reset(struct ovg_vgpu *vgpu)
{
	ovg_params_default(&vgpu->params);
	vgpu->params_text[0] = 0;
}

/**
 * ovg_mgr_show_params - text of vgpu_params
 * @vgpu: handle
 * @buf: a page
 *
 * Return: bytes.
 */
ssize_t ovg_mgr_show_params(struct ovg_vgpu *vgpu, char *buf)
{
	ssize_t len;

	mutex_lock(&vgpu->mgr->lock);
	len = sysfs_emit(buf, "%s\n", vgpu->params_text);
	mutex_unlock(&vgpu->mgr->lock);
	return len;
}
EXPORT_SYMBOL_GPL(ovg_mgr_show_params);

/* Known, valid and kept, but no public field carries them to the plugin. */
static void say_what_has_no_effect(struct ovg_vgpu *vgpu, const struct ovg_vgpu_params *p)
{
	if (!p->frame_rate_limiter)
		pci_notice(vgpu->vf, "vgpu_params: frame_rate_limiter=0 is kept; how GSP is told is not public, so the type's limit holds\n");
	if (p->enable_debugging)
		pci_notice(vgpu->vf, "vgpu_params: enable_debugging=1 is kept; how GSP is told is not public, so it has no effect\n");
	if (!p->address64)
		pci_notice(vgpu->vf, "vgpu_params: address64=0 is kept; the VF's BARs are what its hardware has\n");
}

/**
 * ovg_mgr_store_params - settings of the vGPU, by what a user wrote
 * @vgpu: handle
 * @buf: "key=value,key=value"; a blank alone clears
 * @len: bytes
 *
 * They replace all former ones, hold from the next open on, and go with the type.
 *
 * Return: 0; -EPERM while the VF is open; -E2BIG; -EINVAL.  The reason is logged.
 */
int ovg_mgr_store_params(struct ovg_vgpu *vgpu, const char *buf, size_t len)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	char name[OVG_PARAMS_NAME_SIZE];
	int ret = -EPERM;

	mutex_lock(&mgr->lock);
	if (in_use(vgpu))
		goto out;
	ret = ovg_params_parse(buf, len, &vgpu->params, vgpu->params_text, name);
	if (ret == -E2BIG)
		pci_notice(vgpu->vf, "vgpu_params: at most %d characters\n", OVG_PARAMS_SIZE - 1);
	else if (ret)
		pci_notice(vgpu->vf, "vgpu_params: \"%s\" is wrong; it is key=value, separated by commas, known keys with 0 or 1\n",
			   name);
	else if (name[0])
		pci_notice(vgpu->vf, "vgpu_params: \"%s\" is not known; it is kept and has no effect\n",
			   name);
	if (!ret)
		say_what_has_no_effect(vgpu, &vgpu->params);
out:
	mutex_unlock(&mgr->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_store_params);

/**
 * ovg_mgr_get_placement - placement id of the vGPU
 * @vgpu: handle
 *
 * Return: the id, -ENXIO when no type is selected.
 */
int ovg_mgr_get_placement(struct ovg_vgpu *vgpu)
{
	int ret;

	mutex_lock(&vgpu->mgr->lock);
	ret = vgpu->type ? (int)vgpu->slot.id : -ENXIO;
	mutex_unlock(&vgpu->mgr->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_get_placement);

static int move(struct ovg_vgpu *vgpu, u32 id)
{
	struct ovg_placement *p = &vgpu->mgr->placement;
	struct ovg_slot old = vgpu->slot, slot;
	int ret;

	ovg_placement_give(p, old.index);
	ret = ovg_placement_take(p, vgpu->type, id, &slot);
	if (ret && WARN_ON(ovg_placement_take(p, vgpu->type, old.id, &slot)))
		return -EIO;
	vgpu->slot = slot;
	return ret;
}

/**
 * ovg_mgr_store_placement - move the vGPU, by what a user wrote
 * @vgpu: handle
 * @buf: a placement id
 * @len: bytes
 *
 * Return: 0; -ENXIO when no type is selected; -EPERM while the VF is open;
 * -EINVAL when the type has no such id; -EBUSY when another vGPU is there.  The
 * reason is logged.
 */
int ovg_mgr_store_placement(struct ovg_vgpu *vgpu, const char *buf, size_t len)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	u32 id;
	int ret;

	ret = ovg_types_text_parse(buf, len, &id);
	if (ret) {
		pci_notice(vgpu->vf, "placement_id takes a number\n");
		return ret;
	}

	mutex_lock(&mgr->lock);
	if (!vgpu->type) {
		pci_notice(vgpu->vf, "placement_id: no vGPU type is selected; write one to current_vgpu_type first\n");
		ret = -ENXIO;
	} else if (in_use(vgpu)) {
		ret = -EPERM;
	} else if (id != vgpu->slot.id) {
		ret = id < OVG_PLACEMENT_NONE ? move(vgpu, id) : -EINVAL;
		if (ret == -EINVAL)
			pci_notice(vgpu->vf, "placement_id: type %u (%s) cannot be placed at %u in %s mode\n",
				   vgpu->type->id, vgpu->type->name, id,
				   mgr->placement.mixed ? "mixed-size" : "homogeneous");
		else if (ret)
			pci_notice(vgpu->vf, "placement_id: %u is taken by another vGPU\n", id);
	}
	mutex_unlock(&mgr->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_store_placement);

/**
 * ovg_mgr_get_gpu_instance - MIG instance of the vGPU
 * @vgpu: handle
 *
 * Return: 0, for Ada has no MIG; -ENXIO when no type is selected.
 */
int ovg_mgr_get_gpu_instance(struct ovg_vgpu *vgpu)
{
	return ovg_mgr_get_type(vgpu) ? 0 : -ENXIO;
}
EXPORT_SYMBOL_GPL(ovg_mgr_get_gpu_instance);

/**
 * ovg_mgr_store_gpu_instance - put the vGPU on a MIG instance
 * @vgpu: handle
 * @buf: number of the instance
 * @len: bytes
 *
 * Return: -EINVAL for what is no number; -ENXIO when no type is selected;
 * -EOPNOTSUPP, for Ada has no MIG.
 */
int ovg_mgr_store_gpu_instance(struct ovg_vgpu *vgpu, const char *buf, size_t len)
{
	u32 id;

	if (ovg_types_text_parse(buf, len, &id)) {
		pci_notice(vgpu->vf, "gpu_instance_id takes a number\n");
		return -EINVAL;
	}
	if (!ovg_mgr_get_type(vgpu)) {
		pci_notice(vgpu->vf, "gpu_instance_id: no vGPU type is selected; write one to current_vgpu_type first\n");
		return -ENXIO;
	}
	pci_notice(vgpu->vf, "gpu_instance_id: this GPU has no MIG; vGPUs share it by time\n");
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(ovg_mgr_store_gpu_instance);

/**
 * ovg_mgr_store_warm_update - keep the vGPU over an update of the host driver
 * @vgpu: handle
 * @buf: 0 or 1
 * @len: bytes
 *
 * Return: 0 for 0, which is what holds; -EOPNOTSUPP for 1, how GSP does it is
 * not public; -EINVAL.
 */
int ovg_mgr_store_warm_update(struct ovg_vgpu *vgpu, const char *buf, size_t len)
{
	u32 on;

	if (ovg_types_text_parse(buf, len, &on) || on > 1) {
		pci_notice(vgpu->vf, "warm_update takes 0 or 1\n");
		return -EINVAL;
	}
	if (!on)
		return 0;
	pci_notice(vgpu->vf, "warm_update: not supported; stop the VM before the driver is updated\n");
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(ovg_mgr_store_warm_update);
