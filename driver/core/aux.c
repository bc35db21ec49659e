// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The seam: the auxiliary device of the PF, the table of operations on it, and
 * what runs upward to the one client, events and the death of GSP.
 *
 * The client is read under SRCU, so no lock is held while its callbacks run and
 * detach can still wait for the last of them.
 */
#include <linux/auxiliary_bus.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "common/regs.h"
#include "core.h"
#include "objects.h"
#include "resources.h"
#include "rpc.h"

/**
 * struct ovg_aux_client - the owner
 * @ops: its callbacks
 * @priv: their argument
 * @told: it knows that GSP is gone
 */
struct ovg_aux_client {
	const struct vgpu_core_client_ops *ops;
	void *priv;
	atomic_t told;
};

/**
 * struct ovg_aux - the auxiliary device of one PF
 * @dev: what the client sees
 * @ops: its table, without what this PF cannot
 * @core: the PF
 * @lock: serialises attach and detach
 * @srcu: protects @client
 * @client: the owner, NULL when there is none
 */
struct ovg_aux {
	struct vgpu_core_dev dev;
	struct vgpu_core_ops ops;
	struct ovg_core *core;
	struct mutex lock;	/* attach against detach */
	struct srcu_struct srcu;
	struct ovg_aux_client __rcu *client;
};

static struct ovg_aux *ovg_aux_of(struct vgpu_core_dev *dev)
{
	return container_of(dev, struct ovg_aux, dev);
}

static struct ovg_core *ovg_aux_core(struct vgpu_core_dev *dev)
{
	return ovg_aux_of(dev)->core;
}

static void ovg_aux_tell_gone(struct ovg_aux *aux)
{
	struct ovg_aux_client *client;
	int idx;

	idx = srcu_read_lock(&aux->srcu);
	client = srcu_dereference(aux->client, &aux->srcu);
	if (client && !atomic_xchg(&client->told, 1))
		client->ops->gone(client->priv);
	srcu_read_unlock(&aux->srcu, idx);
}

/* Process context, once. */
static void ovg_aux_gsp_dead(struct ovg_core *core)
{
	ovg_ce_gsp_dead(core);
	ovg_aux_tell_gone(core->aux);
}

static int ovg_aux_rc(struct ovg_core *core, struct vgpu_core_event *ev, bool *ours)
{
	struct ovg_rc rc;
	int ret;

	ev->type = VGPU_CORE_EVENT_RC;
	ret = core->res->codec->rc(ev->data, ev->len, &rc);
	if (ret)
		return ret;
	ev->gfid = rc.gfid;
	ev->chid = rc.chid;
	ev->code = rc.code;
	*ours = !rc.gfid && ovg_ce_rc(core, rc.engine, rc.chid);
	return 0;
}

static int ovg_aux_xid(struct ovg_core *core, struct vgpu_core_event *ev)
{
	ev->type = VGPU_CORE_EVENT_XID;
	ev->text = ovg_gsp_codec(core)->error_log(ev->data, ev->len, &ev->code, &ev->chid);
	return ev->text ? 0 : -EPROTO;
}

/* What the core asked for; what others of GSP's clients did is not for us. */
static int ovg_aux_posted(struct ovg_core *core, struct vgpu_core_event *ev, bool *ours)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct ovg_notification n;
	int ret;

	ev->type = VGPU_CORE_EVENT_ECC;
	ret = codec->post(ev->data, ev->len, &n);
	if (ret)
		return ret;
	*ours = !ovg_notify_mine(core, &n);
	ev->corrected = n.index == codec->notify_ecc_corrected;
	ev->have_address = codec->ecc_address(&n, &ev->address);
	return 0;
}

/* Process context, one event at a time. */
static void ovg_aux_event(void *priv, u32 function, const void *payload,
			  size_t len)
{
	struct ovg_aux *aux = priv;
	const struct ovg_objects_codec *codec = aux->core->res->codec;
	struct vgpu_core_event ev = {
		.chid = VGPU_CORE_CHID_NONE,
		.data = payload,
		.len = len,
	};
	struct ovg_aux_client *client;
	bool ours = false;
	int idx, ret = 0;

	if (function == codec->event_rc) {
		ret = ovg_aux_rc(aux->core, &ev, &ours);
	} else if (function == codec->event_plugin) {
		ev.type = VGPU_CORE_EVENT_PLUGIN;
		ret = codec->plugin(payload, len, &ev.gfid, &ev.notify_index);
	} else if (function == codec->event_xid) {
		ret = ovg_aux_xid(aux->core, &ev);
	} else if (function == codec->event_post) {
		ret = ovg_aux_posted(aux->core, &ev, &ours);
	} else {
		ev.type = VGPU_CORE_EVENT_UTIL_SAMPLES;
	}
	if (ret) {
		dev_warn_ratelimited(&aux->core->pdev->dev,
				     "aux: GSP event 0x%x of %zu bytes is malformed\n",
				     function, len);
		return;
	}
	if (ours)
		return;

	idx = srcu_read_lock(&aux->srcu);
	client = srcu_dereference(aux->client, &aux->srcu);
	if (client && client->ops->event)
		client->ops->event(client->priv, &ev);
	srcu_read_unlock(&aux->srcu, idx);
}

static int ovg_aux_attach(struct vgpu_core_dev *dev,
			  const struct vgpu_core_client_ops *ops, void *priv)
{
	struct ovg_aux *aux = ovg_aux_of(dev);
	struct ovg_aux_client *client;
	int ret = 0;

	if (!ops || !ops->gone)
		return -EINVAL;
	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client)
		return -ENOMEM;
	client->ops = ops;
	client->priv = priv;

	mutex_lock(&aux->lock);
	if (rcu_access_pointer(aux->client))
		ret = -EBUSY;
	else if (ovg_gsp_dead(aux->core))
		ret = -ENODEV;
	else
		rcu_assign_pointer(aux->client, client);
	mutex_unlock(&aux->lock);
	if (ret) {
		kfree(client);
		return ret;
	}

	/* GSP may have died between the look above and the assignment */
	if (ovg_gsp_dead(aux->core))
		ovg_aux_tell_gone(aux);

	return 0;
}

static void ovg_aux_detach(struct vgpu_core_dev *dev)
{
	struct ovg_aux *aux = ovg_aux_of(dev);
	struct ovg_aux_client *client;

	mutex_lock(&aux->lock);
	client = rcu_replace_pointer(aux->client, NULL,
				     lockdep_is_held(&aux->lock));
	mutex_unlock(&aux->lock);

	synchronize_srcu(&aux->srcu);
	kfree(client);
}

static void ovg_aux_get_info(struct vgpu_core_dev *dev,
			     struct vgpu_core_info *info)
{
	ovg_res_get_info(ovg_aux_core(dev), info);
}

static bool ovg_aux_dead(struct vgpu_core_dev *dev)
{
	return ovg_gsp_dead(ovg_aux_core(dev));
}

static void ovg_aux_flush_events(struct vgpu_core_dev *dev)
{
	ovg_events_flush(ovg_aux_core(dev));
}

static int ovg_aux_rm_client_alloc(struct vgpu_core_dev *dev,
				   struct vgpu_rm_client **client)
{
	return ovg_rm_client_alloc(ovg_aux_core(dev), client);
}

static void ovg_aux_rm_client_free(struct vgpu_core_dev *dev,
				   struct vgpu_rm_client *client)
{
	ovg_rm_client_free(ovg_aux_core(dev), client);
}

static u32 ovg_aux_rm_client_handle(struct vgpu_rm_client *client)
{
	return client->h_client;
}

static int ovg_aux_rm_ctrl(struct vgpu_core_dev *dev,
			   struct vgpu_rm_client *client, u32 cmd,
			   void *params, size_t size, unsigned int timeout_ms)
{
	return ovg_rm_ctrl(ovg_aux_core(dev), client->h_client,
			   client->h_subdevice, cmd, params, size, timeout_ms);
}

static int ovg_aux_rm_ask(struct vgpu_core_dev *dev,
			  struct vgpu_rm_client *client, u32 cmd,
			  void *params, size_t size, unsigned int timeout_ms)
{
	return ovg_rm_ask(ovg_aux_core(dev), client->h_client,
			  client->h_subdevice, cmd, params, size, timeout_ms);
}

static int ovg_aux_fb_reserve(struct vgpu_core_dev *dev, u64 addr, u64 size,
			      struct vgpu_fb_mem *mem)
{
	return ovg_fb_reserve(ovg_aux_core(dev), addr, size, mem);
}

static void ovg_aux_fb_free(struct vgpu_core_dev *dev, struct vgpu_fb_mem *mem)
{
	ovg_fb_free(ovg_aux_core(dev), mem);
}

static int ovg_aux_chid_reserve(struct vgpu_core_dev *dev, u32 first, u32 count)
{
	return ovg_chid_reserve(ovg_aux_core(dev), first, count);
}

static void ovg_aux_chid_free(struct vgpu_core_dev *dev, u32 first, u32 count)
{
	ovg_chid_free(ovg_aux_core(dev), first, count);
}

static int ovg_aux_bar1_map(struct vgpu_core_dev *dev,
			    const struct vgpu_fb_mem *mem, u64 offset,
			    u64 size, struct vgpu_bar1_map *map)
{
	return ovg_bar1_map(ovg_aux_core(dev), mem, offset, size, map);
}

static void ovg_aux_bar1_unmap(struct vgpu_core_dev *dev,
			       struct vgpu_bar1_map *map)
{
	ovg_bar1_unmap(ovg_aux_core(dev), map);
}

static int ovg_aux_fb_scrub(struct vgpu_core_dev *dev, u64 addr, u64 size)
{
	return ovg_ce_scrub(ovg_aux_core(dev), addr, size);
}

static int ovg_aux_fb_read(struct vgpu_core_dev *dev, u64 addr, void *buf,
			   size_t size)
{
	return ovg_ce_read(ovg_aux_core(dev), addr, buf, size);
}

/*
 * The doorbell of the PF's VIRTUAL_FUNCTION_PRIV block takes a vector: 32 for
 * each GFID, handle 17 is "CPU to plugin" (nv_sriov_defines.h, dev_vm.h).
 */
static int ovg_aux_plugin_doorbell(struct vgpu_core_dev *dev, u32 gfid)
{
	struct ovg_core *core = ovg_aux_core(dev);

	if (!gfid || gfid > pci_sriov_get_totalvfs(core->pdev))
		return -EINVAL;
	if (ovg_gsp_dead(core))
		return -ENODEV;

	ovg_wr32(core, NV_PF_VIRTUAL_FUNCTION(NV_VF_PRIV_DOORBELL),
		 gfid * NV_DOORBELL_VECTORS_PER_GFID + NV_DOORBELL_CPU_PLUGIN);

	return 0;
}

static const struct vgpu_core_ops ovg_aux_ops = {
	.attach = ovg_aux_attach,
	.detach = ovg_aux_detach,
	.get_info = ovg_aux_get_info,
	.dead = ovg_aux_dead,
	.flush_events = ovg_aux_flush_events,
	.rm_client_alloc = ovg_aux_rm_client_alloc,
	.rm_client_free = ovg_aux_rm_client_free,
	.rm_client_handle = ovg_aux_rm_client_handle,
	.rm_ctrl = ovg_aux_rm_ctrl,
	.rm_ask = ovg_aux_rm_ask,
	.fb_reserve = ovg_aux_fb_reserve,
	.fb_free = ovg_aux_fb_free,
	.chid_reserve = ovg_aux_chid_reserve,
	.chid_free = ovg_aux_chid_free,
	.bar1_map = ovg_aux_bar1_map,
	.bar1_unmap = ovg_aux_bar1_unmap,
	.fb_scrub = ovg_aux_fb_scrub,
	.fb_read = ovg_aux_fb_read,
	.plugin_doorbell = ovg_aux_plugin_doorbell,
};

/**
 * ovg_aux_attached - does a client own the PF?
 * @core: the PF
 *
 * Return: true when one does.
 */
bool ovg_aux_attached(struct ovg_core *core)
{
	return rcu_access_pointer(core->aux->client);
}

/**
 * ovg_aux_vfs_freeze - no VF may be opened from here on
 * @core: the PF
 *
 * Return: VFs with an open vGPU, after which nothing is frozen; 0 without a client.
 */
unsigned int ovg_aux_vfs_freeze(struct ovg_core *core)
{
	struct ovg_aux *aux = core->aux;
	struct ovg_aux_client *client;
	unsigned int used = 0;
	int idx;

	idx = srcu_read_lock(&aux->srcu);
	client = srcu_dereference(aux->client, &aux->srcu);
	if (client && client->ops->vfs_freeze)
		used = client->ops->vfs_freeze(client->priv);
	srcu_read_unlock(&aux->srcu, idx);

	return used;
}

/**
 * ovg_aux_vfs_thaw - undo ovg_aux_vfs_freeze()
 * @core: the PF
 */
void ovg_aux_vfs_thaw(struct ovg_core *core)
{
	struct ovg_aux *aux = core->aux;
	struct ovg_aux_client *client;
	int idx;

	idx = srcu_read_lock(&aux->srcu);
	client = srcu_dereference(aux->client, &aux->srcu);
	if (client && client->ops->vfs_thaw)
		client->ops->vfs_thaw(client->priv);
	srcu_read_unlock(&aux->srcu, idx);
}

static void ovg_aux_release(struct device *dev)
{
	struct auxiliary_device *adev = to_auxiliary_dev(dev);
	struct ovg_aux *aux = ovg_aux_of(to_vgpu_core_dev(adev));

	cleanup_srcu_struct(&aux->srcu);
	kfree(aux);
}

/* Events of GSP that end in ovg_aux_event() */
#define OVG_AUX_EVENTS	5

static void ovg_aux_events(struct ovg_core *core, u32 function[OVG_AUX_EVENTS])
{
	const struct ovg_objects_codec *codec = core->res->codec;

	function[0] = codec->event_rc;
	function[1] = codec->event_plugin;
	function[2] = codec->event_util;
	function[3] = codec->event_xid;
	function[4] = codec->event_post;
}

static void ovg_aux_unhook(struct ovg_core *core)
{
	u32 function[OVG_AUX_EVENTS];
	unsigned int i;

	ovg_notify_fini(core);
	ovg_gsp_set_dead_handler(core, NULL);
	ovg_aux_events(core, function);
	for (i = 0; i < OVG_AUX_EVENTS; i++)
		ovg_event_unregister(core, function[i]);
}

static int ovg_aux_hook(struct ovg_core *core)
{
	u32 function[OVG_AUX_EVENTS];
	unsigned int i;
	int ret;

	ovg_aux_events(core, function);
	for (i = 0; i < OVG_AUX_EVENTS; i++) {
		ret = ovg_event_register(core, function[i], ovg_aux_event, core->aux);
		if (ret)
			goto err;
	}
	ovg_gsp_set_dead_handler(core, ovg_aux_gsp_dead);
	ovg_notify_init(core);

	return 0;

err:
	while (i--)
		ovg_event_unregister(core, function[i]);
	return ret;
}

/**
 * ovg_aux_init - publish the PF to vGPU managers
 * @core: the PF; everything that the operations use works
 *
 * Return: 0 or a negative errno.
 */
int ovg_aux_init(struct ovg_core *core)
{
	struct pci_dev *pdev = core->pdev;
	struct auxiliary_device *adev;
	struct ovg_aux *aux;
	int ret;

	aux = kzalloc(sizeof(*aux), GFP_KERNEL);
	if (!aux)
		return -ENOMEM;
	ret = init_srcu_struct(&aux->srcu);
	if (ret) {
		kfree(aux);
		return ret;
	}
	mutex_init(&aux->lock);
	aux->core = core;
	aux->dev.version = VGPU_CORE_VERSION;
	aux->ops = ovg_aux_ops;
	if (ovg_ce_read_broken(core))
		aux->ops.fb_read = NULL;
	aux->dev.ops = &aux->ops;
	aux->dev.pf = pdev;

	adev = &aux->dev.adev;
	adev->name = VGPU_CORE_AUX_NAME;
	adev->id = (u32)pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
	adev->dev.parent = &pdev->dev;
	adev->dev.release = ovg_aux_release;
	ret = auxiliary_device_init(adev);
	if (ret) {
		cleanup_srcu_struct(&aux->srcu);
		kfree(aux);
		return ret;
	}

	core->aux = aux;
	ret = ovg_aux_hook(core);
	if (ret)
		goto err_uninit;

	ret = auxiliary_device_add(adev);
	if (ret)
		goto err_unhook;

	return 0;

err_unhook:
	ovg_aux_unhook(core);
err_uninit:
	core->aux = NULL;
	auxiliary_device_uninit(adev);
	return ret;
}

/**
 * ovg_aux_fini - take the PF away from its client
 * @core: the PF
 *
 * The client's driver is unbound first, while GSP still works, so that it can
 * give everything back.
 */
void ovg_aux_fini(struct ovg_core *core)
{
	struct ovg_aux *aux = core->aux;

	if (!aux)
		return;

	auxiliary_device_delete(&aux->dev.adev);
	ovg_aux_unhook(core);

	mutex_lock(&core->num_vfs_lock);
	core->aux = NULL;
	mutex_unlock(&core->num_vfs_lock);

	auxiliary_device_uninit(&aux->dev.adev);
}
