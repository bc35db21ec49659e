// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The life of one vGPU: everything it needs is taken in order, and given back
 * in the reverse order.
 *
 * Framebuffer of a guest is cleared before its first use and after its last;
 * what cannot be cleared, or what GSP did not let go of, is kept out of use
 * (quarantined) rather than handed to the next owner.
 */
#include <linux/slab.h>
#include <linux/uuid.h>

#include "mgr_priv.h"

/* Channels that the plugin keeps for itself (captured by the RFC: 3). */
#define PLUGIN_CHANNELS	3

static u32 vgpu_dbdf(struct ovg_vgpu *vgpu)
{
	return pci_domain_nr(vgpu->vf->bus) << 16 | pci_dev_id(vgpu->vf);
}

static int take_memory(struct ovg_vgpu *vgpu)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	int ret;

	ret = dev->ops->fb_reserve(dev, vgpu->slot.fb_addr, vgpu->slot.fb_length, &vgpu->fb);
	if (ret) {
		pci_err(vgpu->vf, "FB 0x%llx+0x%llx is not to be had: %pe\n",
			vgpu->slot.fb_addr, vgpu->slot.fb_length, ERR_PTR(ret));
		return ret;
	}
	ret = dev->ops->fb_reserve(dev, vgpu->slot.heap_addr, vgpu->slot.heap_length,
				   &vgpu->heap);
	if (ret) {
		pci_err(vgpu->vf, "FB 0x%llx+0x%llx for the plugin heap is not to be had: %pe\n",
			vgpu->slot.heap_addr, vgpu->slot.heap_length, ERR_PTR(ret));
		goto err_fb;
	}
	ret = dev->ops->chid_reserve(dev, vgpu->slot.chid, vgpu->slot.num_chids);
	if (ret) {
		pci_err(vgpu->vf, "channel ids %u to %u are not to be had: %pe\n",
			vgpu->slot.chid, vgpu->slot.chid + vgpu->slot.num_chids - 1,
			ERR_PTR(ret));
		goto err_heap;
	}
	return 0;

err_heap:
	dev->ops->fb_free(dev, &vgpu->heap);
err_fb:
	dev->ops->fb_free(dev, &vgpu->fb);
	return ret;
}

static int scrub(struct ovg_vgpu *vgpu)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	int ret;

	ret = dev->ops->fb_scrub(dev, vgpu->fb.addr, vgpu->fb.size);
	if (!ret)
		ret = dev->ops->fb_scrub(dev, vgpu->heap.addr, vgpu->heap.size);
	if (ret)
		pci_err(vgpu->vf, "clearing the vGPU's FB failed: %pe\n", ERR_PTR(ret));
	return ret;
}

static void quarantine(struct ovg_vgpu *vgpu, const char *why)
{
	struct ovg_mgr *mgr = vgpu->mgr;

	mutex_lock(&mgr->lock);
	mgr->quarantined++;
	/* Its slot stays taken; the type goes, and with it the settings. */
	ovg_settings_reset(vgpu);
	vgpu->type = NULL;
	mutex_unlock(&mgr->lock);
	pci_err(vgpu->vf, "%s: FB 0x%llx+0x%llx and its channel ids are kept out of use until the core driver is bound anew\n",
		why, vgpu->fb.addr, vgpu->fb.size);
}

/* Memory goes back, or not: a clean state of the VF either way. */
static void give_memory(struct ovg_vgpu *vgpu, bool released)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;

	if (!vgpu->fb.size)
		return;
	/* A dead GSP uses nothing, and the next boot clears before use. */
	if (!released && !ovg_mgr_dead(vgpu->mgr)) {
		quarantine(vgpu, "GSP did not end the plugin task");
		goto out;
	}
	if (!ovg_mgr_dead(vgpu->mgr) && scrub(vgpu) && !ovg_mgr_dead(vgpu->mgr)) {
		quarantine(vgpu, "the vGPU's memory could not be cleared");
		goto out;
	}
	dev->ops->chid_free(dev, vgpu->slot.chid, vgpu->slot.num_chids);
	dev->ops->fb_free(dev, &vgpu->heap);
	dev->ops->fb_free(dev, &vgpu->fb);
out:
	memset(&vgpu->fb, 0, sizeof(vgpu->fb));
	memset(&vgpu->heap, 0, sizeof(vgpu->heap));
}

static int gfid_control(struct ovg_vgpu *vgpu, u32 cmd)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	u8 params[16] = {};

	codec->gfid(params, vgpu->gfid);
	return dev->ops->rm_ctrl(dev, vgpu->client, cmd, params, codec->gfid_size,
				 OVG_PLUGIN_END_MS);
}

/*
 * End the plugin task.  False when GSP may still use its memory.  Cleanup is
 * asked for whatever shutdown said, as NVIDIA's host does it: a task that
 * crashed cannot be shut down.
 */
static bool end_task(struct ovg_vgpu *vgpu)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	int ret;

	if (!vgpu->task)
		return true;
	ret = gfid_control(vgpu, codec->cmd_shutdown);
	if (ret && ret != -ENOENT)
		pci_warn(vgpu->vf, "shutting the plugin task down failed: %pe\n", ERR_PTR(ret));
	ret = gfid_control(vgpu, codec->cmd_cleanup);
	/* -ENOENT: there is none any more. */
	if (ret && ret != -ENOENT) {
		pci_err(vgpu->vf, "cleaning up after the plugin task failed: %pe\n", ERR_PTR(ret));
		return false;
	}
	vgpu->task = false;
	return true;
}

/* Give the RM client back, unless a task that did not end still goes by it. */
static void drop_client(struct ovg_vgpu *vgpu, bool released)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	bool stuck = !released && !ovg_mgr_dead(mgr);

	mutex_lock(&mgr->lock);
	mgr->stuck[vgpu->gfid] = stuck ? vgpu->client : NULL;
	mutex_unlock(&mgr->lock);
	if (!stuck)
		mgr->dev->ops->rm_client_free(mgr->dev, vgpu->client);
	vgpu->client = NULL;
	vgpu->task = false;
}

static int bootload(struct ovg_vgpu *vgpu)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	struct ovg_bootload b = {
		.dbdf = vgpu_dbdf(vgpu),
		.gfid = vgpu->gfid,
		.vgpu_type = vgpu->type->id,
		.vm_pid = vgpu->vm_pid,
		.num_channels = vgpu->slot.num_chids,
		.num_plugin_channels = PLUGIN_CHANNELS,
		.chid_offset = vgpu->slot.chid,
		.fb_addr = vgpu->fb.addr,
		.fb_length = vgpu->fb.size,
		.heap_addr = vgpu->heap.addr,
		.heap_length = vgpu->heap.size,
		.profiling = vgpu->params.enable_profiling,
	};
	void *params;
	u32 e;
	int ret;

	for_each_set_bit(e, vgpu->mgr->info.engines,
			 min(VGPU_CORE_MAX_ENGINES, OVG_CODEC_ENGINES))
		b.engines[e / 8] |= BIT(e % 8);

	params = kzalloc(codec->bootload_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	ret = codec->bootload(params, &b);
	if (!ret) {
		reinit_completion(&vgpu->booted);
		ret = dev->ops->rm_ctrl(dev, vgpu->client, codec->cmd_bootload, params,
					codec->bootload_size, 0);
		/* No answer does not mean that there is no task. */
		vgpu->task = !ret || ret == -ETIMEDOUT;
	}
	kfree(params);
	if (ret)
		pci_err(vgpu->vf, "GSP did not start a plugin task: %pe\n", ERR_PTR(ret));
	return ret;
}

static int configure(struct ovg_vgpu *vgpu)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	struct ovg_plugin_config c = {
		.dbdf = vgpu_dbdf(vgpu),
		.instance_id = vgpu->mgr->dev->ops->rm_client_handle(vgpu->client),
		.vgpu_type = vgpu->type->id,
		.vm_pid = vgpu->vm_pid,
		.num_channels = vgpu->slot.num_chids,
		.num_plugin_channels = PLUGIN_CHANNELS,
		.page_size = PAGE_SIZE,
		.aarch64 = IS_ENABLED(CONFIG_ARM64),
		.uvm = vgpu->params.enable_uvm,
		.console_vnc = ovg_console_enabled(vgpu),
		.placement_id = vgpu->slot.id,
		.non_stall_events = true,
	};
	void *buf;
	int ret;

	generate_random_uuid(c.uuid);
	mutex_lock(&vgpu->mgr->lock);
	import_uuid(&vgpu->uuid, c.uuid);
	mutex_unlock(&vgpu->mgr->lock);
	ret = ovg_plugin_call(vgpu, OVG_PLUGIN_VERSION, NULL, 0, OVG_PLUGIN_CONFIG_MS);
	if (ret)
		return ret;

	buf = kzalloc(codec->config_size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	codec->config(buf, &c);
	ret = ovg_plugin_call(vgpu, OVG_PLUGIN_CONFIG, buf, codec->config_size,
			      OVG_PLUGIN_CONFIG_MS);
	kfree(buf);
	return ret;
}

/* Undo create() from the BAR1 mapping on.  No handler of an event takes @vgpu->lock. */
static void teardown(struct ovg_vgpu *vgpu)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	bool released;

	/* If somebody wants its logs: it is the last moment. */
	ovg_logs_dump(vgpu);
	released = end_task(vgpu);
	dev->ops->bar1_unmap(dev, &vgpu->comm);
	drop_client(vgpu, released);
	give_memory(vgpu, released);
	/* What is still said of this task must not be taken for the next. */
	dev->ops->flush_events(dev);
}

static int create(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	struct vgpu_core_dev *dev = mgr->dev;
	int ret;

	ret = take_memory(vgpu);
	if (ret)
		return ret;
	ret = dev->ops->rm_client_alloc(dev, &vgpu->client);
	if (ret)
		goto err_memory;
	ret = scrub(vgpu);
	if (ret)
		goto err_client;
	/* Only what we talk through: BAR1 is scarce and the rest is GSP's. */
	ret = dev->ops->bar1_map(dev, &vgpu->heap, 0,
				 ALIGN(mgr->codec->layout.comm_size, SZ_4K), &vgpu->comm);
	if (ret)
		goto err_client;

	/*
	 * The task's boot magic lands in this word: it must not be there yet,
	 * and the zero must have arrived before the task starts.
	 */
	writel(0, vgpu->comm.va + mgr->codec->layout.seq);
	readl(vgpu->comm.va + mgr->codec->layout.seq);
	ret = bootload(vgpu);
	if (!ret)
		ret = ovg_plugin_boot_wait(vgpu);
	if (!ret) {
		ovg_plugin_init_ctrl(vgpu);
		ret = configure(vgpu);
	}
	if (!ret)
		return 0;

	teardown(vgpu);
	return ret;

err_client:
	dev->ops->rm_client_free(dev, vgpu->client);
	vgpu->client = NULL;
err_memory:
	give_memory(vgpu, true);
	return ret;
}

/**
 * ovg_vgpu_destroy - end a vGPU and give back what it has
 * @vgpu: the vGPU, @vgpu->lock held; nothing happens when it is closed
 */
void ovg_vgpu_destroy(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;

	if (READ_ONCE(vgpu->state) == OVG_VGPU_CLOSED)
		return;
	if (vgpu->client && ovg_mgr_usable(mgr)) {
		ovg_plugin_bme(vgpu, false);
		teardown(vgpu);
	}
	vgpu->bus_master = false;
	mutex_lock(&mgr->lock);
	vgpu->state = OVG_VGPU_CLOSED;
	vgpu->uuid = uuid_null;
	mutex_unlock(&mgr->lock);
	ovg_events_closed(vgpu);
}

/**
 * ovg_vgpu_unstick - one more try to end a plugin task that did not end
 * @vgpu: the VF, closed, @vgpu->lock held
 */
void ovg_vgpu_unstick(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	struct vgpu_rm_client *client = mgr->stuck[vgpu->gfid];

	if (!client || !ovg_mgr_usable(mgr))
		return;
	vgpu->client = client;
	vgpu->task = true;
	drop_client(vgpu, end_task(vgpu));
}

/**
 * ovg_mgr_claim - somebody is about to open a VF
 * @vgpu: handle
 *
 * From here on, and until ovg_mgr_close(), the type stays and the VF counts as
 * open.
 *
 * Return: 0; -ENODEV when no type is selected or GSP is dead; -EBUSY when it is
 * open already or the VFs are being taken away; -EIO when GSP did not let go of
 * it; -EINTR when the caller was killed while GSP was told of another scheduler.
 * The reason is logged.
 */
int ovg_mgr_claim(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	int ret;

	/* From here on GSP is not told of another scheduler. */
	ret = down_read_killable(&mgr->sched.lock);
	if (ret)
		return ret;
	mutex_lock(&mgr->lock);
	if (ovg_mgr_dead(mgr)) {
		dev_err_ratelimited(&vgpu->vf->dev,
				    "GSP is dead or gone; unbind and bind the core driver\n");
		ret = -ENODEV;
	} else if (mgr->stuck[vgpu->gfid]) {
		dev_err_ratelimited(&vgpu->vf->dev,
				    "the VF's last plugin task was not ended; unbind and bind the core driver\n");
		ret = -EIO;
	} else if (vgpu->state != OVG_VGPU_CLOSED || mgr->frozen) {
		ret = -EBUSY;
	} else if (!vgpu->type) {
		dev_err_ratelimited(&vgpu->vf->dev,
				    "no vGPU type is selected; write one to nvidia/current_vgpu_type\n");
		ret = -ENODEV;
	} else {
		vgpu->state = OVG_VGPU_OPENING;
		ovg_events_opening(vgpu);
	}
	mutex_unlock(&mgr->lock);
	up_read(&mgr->sched.lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_claim);

/**
 * ovg_mgr_open - create the vGPU of a VF
 * @vgpu: handle, claimed; the VF was reset
 * @vm_pid: process that will own it
 *
 * After an error ovg_mgr_close() gives the claim back.
 *
 * Return: 0; -ENODEV when GSP died; another errno of the step that failed,
 * which was reported.
 */
int ovg_mgr_open(struct ovg_vgpu *vgpu, pid_t vm_pid)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	int ret = -ENODEV;

	mutex_lock(&vgpu->lock);
	if (!ovg_mgr_usable(mgr) || READ_ONCE(vgpu->state) != OVG_VGPU_OPENING)
		goto out;
	mutex_lock(&mgr->lock);
	vgpu->vm_pid = vm_pid;
	mutex_unlock(&mgr->lock);
	vgpu->console_why = NULL;
	ret = create(vgpu);
	if (ret)
		goto out;
	ovg_sched_refresh(mgr);

	mutex_lock(&mgr->lock);
	mgr->created++;
	if (vgpu->state == OVG_VGPU_OPENING)
		vgpu->state = OVG_VGPU_READY;
	mutex_unlock(&mgr->lock);
	ovg_events_created(vgpu);
out:
	mutex_unlock(&vgpu->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_open);

/**
 * ovg_mgr_quiesce - the owner lets go: no DMA of the guest from here on
 * @vgpu: handle
 *
 * The caller then resets the VF's function and calls ovg_mgr_close().
 */
void ovg_mgr_quiesce(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;

	mutex_lock(&vgpu->lock);
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY)
		ovg_plugin_bme(vgpu, false);
	mutex_lock(&mgr->lock);
	if (vgpu->state == OVG_VGPU_READY)
		vgpu->state = OVG_VGPU_CLOSING;
	mutex_unlock(&mgr->lock);
	mutex_unlock(&vgpu->lock);
}
EXPORT_SYMBOL_GPL(ovg_mgr_quiesce);

/**
 * ovg_mgr_close - end the vGPU of a VF
 * @vgpu: handle; nothing happens when it is closed
 */
void ovg_mgr_close(struct ovg_vgpu *vgpu)
{
	mutex_lock(&vgpu->lock);
	ovg_vgpu_destroy(vgpu);
	mutex_unlock(&vgpu->lock);
}
EXPORT_SYMBOL_GPL(ovg_mgr_close);

/**
 * ovg_mgr_set_bus_master - tell the plugin whether the VF may master the bus
 * @vgpu: handle
 * @enable: it may
 *
 * Return: 0; -ENODEV when the vGPU is not ready; as ovg_plugin_call().
 */
int ovg_mgr_set_bus_master(struct ovg_vgpu *vgpu, bool enable)
{
	int ret = -ENODEV;

	mutex_lock(&vgpu->lock);
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY)
		ret = ovg_plugin_bme(vgpu, enable);
	mutex_unlock(&vgpu->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_set_bus_master);

/**
 * ovg_mgr_reset - the guest-visible reset
 * @vgpu: handle; the caller has reset the VF's function
 *
 * The plugin forgets what the guest set up, and the guest's FB is cleared.
 *
 * Return: 0; -ENODEV when the vGPU is not ready; a negative errno, after which
 * the vGPU is dead and should be closed.
 */
int ovg_mgr_reset(struct ovg_vgpu *vgpu)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	int ret = -ENODEV;

	mutex_lock(&vgpu->lock);
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY) {
		ret = ovg_plugin_call(vgpu, OVG_PLUGIN_RESET, NULL, 0, OVG_PLUGIN_RPC_MS);
		if (!ret) {
			ovg_events_reset(vgpu);
			ret = dev->ops->fb_scrub(dev, vgpu->fb.addr, vgpu->fb.size);
		}
		if (ret && ret != -ENODEV)
			ovg_vgpu_lost(vgpu, "the vGPU did not follow a reset");
	}
	mutex_unlock(&vgpu->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_reset);
