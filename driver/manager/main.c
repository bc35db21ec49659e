// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU manager: an auxiliary driver on what a core driver publishes, and
 * the VFs that the VFIO driver registers.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "mgr_priv.h"

static LIST_HEAD(mgrs);
static DEFINE_MUTEX(mgrs_lock);	/* protects mgrs; taken before a manager's lock */
static struct dentry *debugfs_root;

static void mgr_release(struct kref *ref)
{
	struct ovg_mgr *mgr = container_of(ref, struct ovg_mgr, ref);

	ovg_types_unload(mgr);
	kfree(mgr->stuck);
	kfree(mgr);
}

void ovg_mgr_put(struct ovg_mgr *mgr)
{
	kref_put(&mgr->ref, mgr_release);
}

/**
 * ovg_mgr_usable - may the core's operations be called?
 * @mgr: the manager
 *
 * A vGPU's owner asks with the vGPU's lock held; the removal of the core takes
 * that lock after it has set the flag.
 */
bool ovg_mgr_usable(struct ovg_mgr *mgr)
{
	return !READ_ONCE(mgr->removed);
}

/**
 * ovg_mgr_dead - is GSP dead, or its core gone?
 * @mgr: the manager
 */
bool ovg_mgr_dead(struct ovg_mgr *mgr)
{
	return !ovg_mgr_usable(mgr) || mgr->dev->ops->dead(mgr->dev);
}

static void vgpu_release(struct kref *ref)
{
	struct ovg_vgpu *vgpu = container_of(ref, struct ovg_vgpu, ref);

	ovg_mgr_put(vgpu->mgr);
	pci_dev_put(vgpu->vf);
	kfree(vgpu);
}

void ovg_vgpu_put(struct ovg_vgpu *vgpu)
{
	kref_put(&vgpu->ref, vgpu_release);
}

/**
 * ovg_vgpu_gone - a vGPU is beyond use: say so, once
 * @vgpu: the vGPU
 *
 * Process context, no lock held.
 *
 * Return: true when it was not known.
 */
bool ovg_vgpu_gone(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	bool tell;

	mutex_lock(&mgr->lock);
	tell = vgpu->state == OVG_VGPU_READY || vgpu->state == OVG_VGPU_OPENING;
	if (tell)
		vgpu->state = OVG_VGPU_DEAD;
	mutex_unlock(&mgr->lock);
	if (!tell)
		return false;

	complete_all(&vgpu->booted);
	mutex_lock(&vgpu->cb_lock);
	if (vgpu->ops && vgpu->ops->gone)
		vgpu->ops->gone(vgpu->priv);
	mutex_unlock(&vgpu->cb_lock);
	return true;
}

/**
 * ovg_vgpu_lost - a vGPU can only be closed any more, as its owner will be told
 * @vgpu: the vGPU, @vgpu->lock held
 * @why: what happened, a constant string
 */
void ovg_vgpu_lost(struct ovg_vgpu *vgpu, const char *why)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	bool was_ready;

	ovg_events_want_dump(vgpu, why);
	mutex_lock(&mgr->lock);
	was_ready = vgpu->state == OVG_VGPU_READY;
	vgpu->state = OVG_VGPU_DEAD;
	mutex_unlock(&mgr->lock);
	if (was_ready)
		ovg_events_crashed(vgpu);
}

/**
 * ovg_mgr_find - the VF of a GFID
 * @mgr: the manager
 * @gfid: the GFID
 *
 * Return: the VF with a reference; NULL when no driver has registered it.
 */
struct ovg_vgpu *ovg_mgr_find(struct ovg_mgr *mgr, u32 gfid)
{
	struct ovg_vgpu *vgpu, *found = NULL;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link) {
		if (vgpu->gfid == gfid) {
			kref_get(&vgpu->ref);
			found = vgpu;
			break;
		}
	}
	mutex_unlock(&mgr->lock);
	return found;
}

/* ---- callbacks of the core ---- */

static void core_event(void *priv, const struct vgpu_core_event *ev)
{
	ovg_events_handle(priv, ev);
}

/* Tell every vGPU; the list may change meanwhile. */
static void all_gone(struct ovg_mgr *mgr, bool crashed)
{
	u32 gfid;

	for (gfid = 1; gfid <= mgr->info.total_vfs; gfid++) {
		struct ovg_vgpu *vgpu = ovg_mgr_find(mgr, gfid);

		if (!vgpu)
			continue;
		if (ovg_vgpu_gone(vgpu) && crashed)
			ovg_events_crashed(vgpu);
		ovg_vgpu_put(vgpu);
	}
}

static void core_gone(void *priv)
{
	all_gone(priv, true);
}

static unsigned int core_vfs_freeze(void *priv)
{
	struct ovg_mgr *mgr = priv;
	struct ovg_vgpu *vgpu;
	unsigned int n = 0;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link)
		n += vgpu->state != OVG_VGPU_CLOSED;
	mgr->frozen = !n;
	mutex_unlock(&mgr->lock);
	return n;
}

static void core_vfs_thaw(void *priv)
{
	struct ovg_mgr *mgr = priv;

	mutex_lock(&mgr->lock);
	mgr->frozen = false;
	mutex_unlock(&mgr->lock);
}

static const struct vgpu_core_client_ops client_ops = {
	.event = core_event,
	.gone = core_gone,
	.vfs_freeze = core_vfs_freeze,
	.vfs_thaw = core_vfs_thaw,
};

/* ---- debugfs ---- */

static int mgr_show(struct seq_file *s, void *unused)
{
	struct ovg_mgr *mgr = s->private;
	struct ovg_vgpu *vgpu;
	unsigned int typed = 0, open = 0;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link) {
		typed += !!vgpu->type;
		open += vgpu->state != OVG_VGPU_CLOSED;
	}
	seq_printf(s, "types %u\n", mgr->metadata ? mgr->metadata->num_types : 0);
	seq_printf(s, "max_vgpus %u\n", mgr->info.max_vgpus);
	seq_printf(s, "typed %u\n", typed);
	seq_printf(s, "open %u\n", open);
	seq_printf(s, "created %llu\n", mgr->created);
	seq_printf(s, "quarantined %u\n", mgr->quarantined);
	mutex_unlock(&mgr->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(mgr);

/* ---- the auxiliary driver ---- */

/* What the core says of the release, GSP must say too: layouts hang on it. */
static int check_version(struct ovg_mgr *mgr)
{
	struct device *dev = &mgr->dev->adev.dev;
	const char *running;
	void *params;
	int ret;

	params = kzalloc(mgr->codec->features_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	ret = mgr->dev->ops->rm_ctrl(mgr->dev, mgr->client, mgr->codec->cmd_features, params,
				     mgr->codec->features_size, 0);
	if (!ret) {
		running = mgr->codec->features_version(params);
		if (!running || strcmp(running, mgr->info.gsp_version)) {
			dev_err(dev, "GSP says it is release %s, the core says %s\n",
				running ?: "?", mgr->info.gsp_version);
			ret = -EPROTO;
		}
	}
	kfree(params);
	return ret;
}

static int mgr_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct vgpu_core_dev *core = to_vgpu_core_dev(adev);
	struct ovg_mgr *mgr;
	int ret;

	if (core->version >> 16 != VGPU_CORE_VERSION_MAJOR) {
		dev_err(&adev->dev, "core interface version %u.%u, this manager speaks %u\n",
			core->version >> 16, core->version & 0xffff, VGPU_CORE_VERSION_MAJOR);
		return -EOPNOTSUPP;
	}

	mgr = kzalloc(sizeof(*mgr), GFP_KERNEL);
	if (!mgr)
		return -ENOMEM;
	kref_init(&mgr->ref);
	mutex_init(&mgr->lock);
	init_rwsem(&mgr->sched.lock);
	INIT_LIST_HEAD(&mgr->vgpus);
	mgr->dev = core;
	ovg_events_mgr_init(mgr);

	/* An event may come as soon as attach() is called: what it needs is there. */
	core->ops->get_info(core, &mgr->info);
	mgr->stuck = kcalloc(mgr->info.total_vfs + 1, sizeof(*mgr->stuck), GFP_KERNEL);
	if (!mgr->stuck) {
		ret = -ENOMEM;
		goto err_put;
	}
	mgr->codec = ovg_vgpu_codec_find(mgr->info.gsp_version);
	if (!mgr->codec) {
		dev_err(&adev->dev, "GSP release %s is not one this manager speaks\n",
			mgr->info.gsp_version);
		ret = -EOPNOTSUPP;
		goto err_put;
	}
	ret = core->ops->attach(core, &client_ops, mgr);
	if (ret)
		goto err_put;
	ret = core->ops->rm_client_alloc(core, &mgr->client);
	if (ret)
		goto err_detach;
	ret = check_version(mgr);
	if (ret)
		goto err_client;

	mgr->placement.fb_base = mgr->info.fb_base;
	mgr->placement.fb_size = mgr->info.fb_size;
	mgr->placement.fb_total = mgr->info.fb_total;
	mgr->placement.segment = mgr->info.vmmu_segment;
	mgr->placement.num_chids = mgr->info.num_chids;
	mgr->placement.max_vgpus = mgr->info.max_vgpus;

	ret = ovg_mode_init(mgr);
	if (ret)
		goto err_client;
	ret = ovg_sched_init(mgr);
	if (ret)
		goto err_client;

	/* Without types the PF stays usable, there is just nothing to select. */
	ret = ovg_types_load(mgr);
	if (ret == -ENOMEM || ret == -ENODEV)
		goto err_client;
	if (mgr->metadata)
		ovg_placement_init(&mgr->placement, mgr->metadata->type,
				   mgr->metadata->num_types);

	auxiliary_set_drvdata(adev, mgr);
	mgr->debugfs = debugfs_create_dir(pci_name(core->pf), debugfs_root);
	debugfs_create_file("state", 0444, mgr->debugfs, mgr, &mgr_fops);
	mutex_lock(&mgrs_lock);
	list_add_tail(&mgr->link, &mgrs);
	mutex_unlock(&mgrs_lock);
	return 0;

err_client:
	core->ops->rm_client_free(core, mgr->client);
err_detach:
	core->ops->detach(core);
err_put:
	ovg_mgr_put(mgr);
	return ret;
}

static void mgr_remove(struct auxiliary_device *adev)
{
	struct ovg_mgr *mgr = auxiliary_get_drvdata(adev);
	struct vgpu_core_dev *core = mgr->dev;
	u32 gfid;

	mutex_lock(&mgrs_lock);
	list_del(&mgr->link);
	mutex_unlock(&mgrs_lock);
	debugfs_remove(mgr->debugfs);

	/* Nothing new, end what is open, then nobody calls the core any more. */
	mutex_lock(&mgr->lock);
	mgr->frozen = true;
	mutex_unlock(&mgr->lock);
	all_gone(mgr, false);
	for (gfid = 1; gfid <= mgr->info.total_vfs; gfid++) {
		struct ovg_vgpu *vgpu = ovg_mgr_find(mgr, gfid);

		if (!vgpu)
			continue;
		mutex_lock(&vgpu->lock);
		ovg_vgpu_destroy(vgpu);
		ovg_vgpu_unstick(vgpu);
		mutex_unlock(&vgpu->lock);
		ovg_vgpu_put(vgpu);
	}
	mutex_lock(&mgr->lock);
	WRITE_ONCE(mgr->removed, true);
	mutex_unlock(&mgr->lock);
	for (gfid = 1; gfid <= mgr->info.total_vfs; gfid++) {
		struct ovg_vgpu *vgpu = ovg_mgr_find(mgr, gfid);

		if (!vgpu)
			continue;
		/* Whoever looked before the flag was set has finished after this. */
		mutex_lock(&vgpu->lock);
		mutex_unlock(&vgpu->lock);
		ovg_events_stop(vgpu);
		ovg_vgpu_put(vgpu);
	}

	/* GSP may still go by these; with the core it goes, too. */
	for (gfid = 1; gfid <= mgr->info.total_vfs; gfid++)
		if (mgr->stuck[gfid])
			core->ops->rm_client_free(core, mgr->stuck[gfid]);
	core->ops->rm_client_free(core, mgr->client);
	core->ops->detach(core);
	ovg_mgr_put(mgr);
}

/* Every core that publishes the device is listed by its module's name. */
static const struct auxiliary_device_id mgr_ids[] = {
	{ .name = "openvgpu_core." VGPU_CORE_AUX_NAME },
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, mgr_ids);

static struct auxiliary_driver mgr_driver = {
	.name = "vgpu-mgr",
	.probe = mgr_probe,
	.remove = mgr_remove,
	.id_table = mgr_ids,
	.driver.dev_groups = ovg_mgr_groups,
	/* It goes when its core goes; VFs hold on to it. */
	.driver.suppress_bind_attrs = true,
};

/* ---- VFs ---- */

/**
 * ovg_mgr_vf_register - a driver has bound to a VF
 * @vf: the VF
 * @ops: callbacks
 * @priv: for them
 *
 * Return: the VF's handle; -ENODEV when no manager owns its PF, -ENOMEM.
 */
struct ovg_vgpu *ovg_mgr_vf_register(struct pci_dev *vf,
				     const struct ovg_mgr_vf_ops *ops, void *priv)
{
	struct ovg_mgr *mgr, *owner = NULL;
	struct ovg_vgpu *vgpu;
	int id = pci_iov_vf_id(vf);

	if (id < 0)
		return ERR_PTR(-ENODEV);

	vgpu = kzalloc(sizeof(*vgpu), GFP_KERNEL);
	if (!vgpu)
		return ERR_PTR(-ENOMEM);
	kref_init(&vgpu->ref);
	mutex_init(&vgpu->cb_lock);
	mutex_init(&vgpu->lock);
	init_completion(&vgpu->booted);
	vgpu->vf = pci_dev_get(vf);
	vgpu->gfid = id + 1;
	vgpu->ops = ops;
	vgpu->priv = priv;
	ovg_settings_reset(vgpu);
	ovg_events_vgpu_init(vgpu);
	ovg_console_init(vgpu);

	mutex_lock(&mgrs_lock);
	list_for_each_entry(mgr, &mgrs, link) {
		if (mgr->dev->pf == pci_physfn(vf)) {
			owner = mgr;
			break;
		}
	}
	if (owner) {
		kref_get(&owner->ref);
		vgpu->mgr = owner;
		mutex_lock(&owner->lock);
		list_add_tail(&vgpu->link, &owner->vgpus);
		mutex_unlock(&owner->lock);
	}
	mutex_unlock(&mgrs_lock);
	if (!owner) {
		pci_dev_put(vf);
		kfree(vgpu);
		return ERR_PTR(-ENODEV);
	}
	ovg_logs_init(vgpu, debugfs_root);
	return vgpu;
}
EXPORT_SYMBOL_GPL(ovg_mgr_vf_register);

/**
 * ovg_mgr_vf_unregister - the driver lets go of a VF
 * @vgpu: handle
 *
 * Closes what is open and gives the type back.
 */
void ovg_mgr_vf_unregister(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;

	ovg_logs_fini(vgpu);
	mutex_lock(&vgpu->cb_lock);
	vgpu->ops = NULL;
	mutex_unlock(&vgpu->cb_lock);

	ovg_mgr_close(vgpu);
	ovg_events_stop(vgpu);
	mutex_lock(&vgpu->lock);
	ovg_vgpu_unstick(vgpu);
	mutex_unlock(&vgpu->lock);
	ovg_types_select(vgpu, 0);
	mutex_lock(&mgr->lock);
	list_del(&vgpu->link);
	mutex_unlock(&mgr->lock);
	ovg_vgpu_put(vgpu);
}
EXPORT_SYMBOL_GPL(ovg_mgr_vf_unregister);

static int __init mgr_init(void)
{
	int ret;

	ret = ovg_events_module_init();
	if (ret)
		return ret;
	debugfs_root = debugfs_create_dir("openvgpu-mgr", NULL);
	ret = auxiliary_driver_register(&mgr_driver);
	if (ret) {
		debugfs_remove(debugfs_root);
		ovg_events_module_exit();
	}
	return ret;
}
module_init(mgr_init);

static void __exit mgr_exit(void)
{
	auxiliary_driver_unregister(&mgr_driver);
	debugfs_remove(debugfs_root);
	ovg_events_module_exit();
}
module_exit(mgr_exit);

MODULE_DESCRIPTION("OpenVGPU vGPU manager");
MODULE_AUTHOR("The OpenVGPU authors");
MODULE_LICENSE("GPL");
