// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM objects and controls on GSP-RM.
 *
 * Handles follow nouveau (r535_gsp_client_ctor(), r535_gsp_device_ctor()):
 * clients are numbered, a device and a subdevice have the same handle in every
 * client.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "common/rm.h"
#include "core.h"
#include "objects.h"
#include "resources.h"
#include "rpc.h"

#define OVG_RM_H_CLIENT		0xc1d00000
#define OVG_RM_H_CLIENT_MAX	0xffff
#define OVG_RM_H_DEVICE		0xde1d0000
#define OVG_RM_H_SUBDEVICE	0x5d1d0000

/* Larger than any parameters of any release; guards against a wild size. */
#define OVG_RM_PARAMS_MAX	SZ_1M
/* Calls up to this size need no memory: giving back must not fail for want of it. */
#define OVG_RM_SMALL		128

/**
 * ovg_rm_alloc - allocate an RM object
 * @core: the PF
 * @h_client: the client it belongs to
 * @h_parent: the object above it
 * @h_object: the handle it gets
 * @class_id: its class
 * @params: class specific parameters, go out and come back; may be NULL
 * @size: bytes of @params
 *
 * Return: 0; the errno of the RM status, after a line with its name; the
 * errors of ovg_rpc_call().
 */
int ovg_rm_alloc(struct ovg_core *core, u32 h_client, u32 h_parent,
		 u32 h_object, u32 class_id, void *params, size_t size)
{
	const struct ovg_rpc_codec *codec = ovg_gsp_codec(core);
	u32 status;
	void *buf;
	int ret;

	if (size > OVG_RM_PARAMS_MAX)
		return -EINVAL;
	buf = kvzalloc(codec->rm_alloc_size + size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	codec->rm_alloc(buf, h_client, h_parent, h_object, class_id, size);
	if (size)
		memcpy(buf + codec->rm_alloc_size, params, size);

	ret = ovg_rpc_call(core, codec->fn_rm_alloc, buf,
			   codec->rm_alloc_size + size, 0);
	if (ret)
		goto out;

	status = codec->rm_alloc_status(buf);
	ret = ovg_rm_status_errno(status);
	if (ret)
		dev_err(&core->pdev->dev,
			"rm: GSP refused class 0x%04x below 0x%08x: %s (0x%x)\n",
			class_id, h_parent, ovg_rm_status_name(status), status);
	else if (size)
		memcpy(params, buf + codec->rm_alloc_size, size);
out:
	kvfree(buf);
	return ret;
}

/**
 * ovg_rm_free - free an RM object and what is below it
 * @core: the PF
 * @h_client: the client it belongs to
 * @h_object: the object
 *
 * Return: 0 or the errors of ovg_rpc_call().
 */
int ovg_rm_free(struct ovg_core *core, u32 h_client, u32 h_object)
{
	const struct ovg_rpc_codec *codec = ovg_gsp_codec(core);
	u64 buf[OVG_RM_SMALL / sizeof(u64)] = {};

	if (WARN_ON(codec->rm_free_size > sizeof(buf)))
		return -EINVAL;
	codec->rm_free(buf, h_client, h_object);

	return ovg_rpc_call(core, codec->fn_free, buf, codec->rm_free_size, 0);
}

/* @quiet: a refusal is an answer, not worth a line. */
static int rm_ctrl(struct ovg_core *core, u32 h_client, u32 h_object, u32 cmd,
		   void *params, size_t size, unsigned int timeout_ms, bool quiet)
{
	const struct ovg_rpc_codec *codec = ovg_gsp_codec(core);
	u64 small[OVG_RM_SMALL / sizeof(u64)] = {};
	void *buf = small;
	u32 status;
	int ret;

	if (size > OVG_RM_PARAMS_MAX)
		return -EINVAL;
	if (codec->rm_control_size + size > sizeof(small))
		buf = kvzalloc(codec->rm_control_size + size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	codec->rm_control(buf, h_client, h_object, cmd, size);
	if (size)
		memcpy(buf + codec->rm_control_size, params, size);

	ret = ovg_rpc_call(core, codec->fn_rm_control, buf,
			   codec->rm_control_size + size, timeout_ms);
	if (ret)
		goto out;

	status = codec->rm_control_status(buf);
	ret = ovg_rm_status_errno(status);
	if (ret && !quiet)
		dev_err(&core->pdev->dev,
			"rm: GSP refused control 0x%08x on 0x%08x of client 0x%08x: %s (0x%x)\n",
			cmd, h_object, h_client, ovg_rm_status_name(status),
			status);
	else if (!ret && size)
		memcpy(params, buf + codec->rm_control_size, size);
out:
	if (buf != small)
		kvfree(buf);
	return ret;
}

/**
 * ovg_rm_ctrl - one control on an RM object
 * @core: the PF
 * @h_client: the client it belongs to
 * @h_object: the object
 * @cmd: the control
 * @params: its parameters, go out and come back; may be NULL
 * @size: bytes of @params; RM refuses any other size than its own
 * @timeout_ms: deadline, 0 for the default of ovg_rpc_call()
 *
 * Return: 0; the errno of the RM status, after a line with its name; the
 * errors of ovg_rpc_call().
 */
int ovg_rm_ctrl(struct ovg_core *core, u32 h_client, u32 h_object, u32 cmd,
		void *params, size_t size, unsigned int timeout_ms)
{
	return rm_ctrl(core, h_client, h_object, cmd, params, size, timeout_ms, false);
}

/**
 * ovg_rm_ask - a control that RM may refuse
 * @core: the PF
 * @h_client: the client it belongs to
 * @h_object: the object
 * @cmd: the control
 * @params: its parameters, go out and come back; may be NULL
 * @size: bytes of @params
 * @timeout_ms: deadline, 0 for the default of ovg_rpc_call()
 *
 * Return: as ovg_rm_ctrl(), but nothing is logged when RM refuses.
 */
int ovg_rm_ask(struct ovg_core *core, u32 h_client, u32 h_object, u32 cmd,
	       void *params, size_t size, unsigned int timeout_ms)
{
	return rm_ctrl(core, h_client, h_object, cmd, params, size, timeout_ms, true);
}

/**
 * ovg_rm_internal_ctrl - one control on GSP's own subdevice
 * @core: the PF
 * @cmd: the control
 * @params: its parameters, go out and come back
 * @size: bytes of @params
 *
 * Return: as ovg_rm_ctrl().
 */
int ovg_rm_internal_ctrl(struct ovg_core *core, u32 cmd, void *params,
			 size_t size)
{
	const struct ovg_static_info *si = ovg_gsp_static_info(core);

	return ovg_rm_ctrl(core, si->h_client, si->h_subdevice, cmd, params,
			   size, 0);
}

/* A handle that GSP may still know is not used again. */
static void ovg_rm_client_forget(struct ovg_core *core,
				 struct vgpu_rm_client *client, bool freed)
{
	if (freed)
		ida_free(&core->res->rm_ida, client->h_client - OVG_RM_H_CLIENT);
	kfree(client);
}

/**
 * ovg_rm_client_alloc - a client with a device and a subdevice
 * @core: the PF
 * @client: the client
 *
 * Return: 0; -ENOSPC when there are 65536 clients; -ENOMEM; the errors of
 * ovg_rm_alloc().
 */
int ovg_rm_client_alloc(struct ovg_core *core, struct vgpu_rm_client **client)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct vgpu_rm_client *c;
	bool freed;
	void *params;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	params = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!c || !params) {
		kfree(params);
		kfree(c);
		return -ENOMEM;
	}

	ret = ida_alloc_max(&core->res->rm_ida, OVG_RM_H_CLIENT_MAX, GFP_KERNEL);
	if (ret < 0) {
		kfree(params);
		kfree(c);
		return ret;
	}
	c->core = core;
	c->h_client = OVG_RM_H_CLIENT + ret;
	c->h_device = OVG_RM_H_DEVICE;
	c->h_subdevice = OVG_RM_H_SUBDEVICE;

	codec->client(params, c->h_client);
	ret = ovg_rm_alloc(core, c->h_client, c->h_client, c->h_client,
			   NV01_ROOT, params, codec->client_size);
	/* No answer does not mean that there is no client. */
	freed = ret != -ETIMEDOUT && ret != -ENODEV;
	if (ret)
		goto err_forget;

	memset(params, 0, PAGE_SIZE);
	codec->device(params, c->h_client);
	ret = ovg_rm_alloc(core, c->h_client, c->h_client, c->h_device,
			   NV01_DEVICE_0, params, codec->device_size);
	if (ret)
		goto err_free;

	memset(params, 0, PAGE_SIZE);
	ret = ovg_rm_alloc(core, c->h_client, c->h_device, c->h_subdevice,
			   NV20_SUBDEVICE_0, params, codec->subdevice_size);
	if (ret)
		goto err_free;

	mutex_lock(&core->res->rm_lock);
	list_add_tail(&c->link, &core->res->rm_clients);
	mutex_unlock(&core->res->rm_lock);
	atomic_inc(&core->res->rm_count);

	kfree(params);
	*client = c;

	return 0;

err_free:
	freed = !ovg_rm_free(core, c->h_client, c->h_client);
err_forget:
	ovg_rm_client_forget(core, c, freed);
	kfree(params);
	return ret;
}

/**
 * ovg_rm_client_free - free a client with all it has
 * @core: the PF
 * @client: the client; invalid afterwards, whatever GSP said
 *
 * When GSP did not confirm, the handle is not used again.
 */
void ovg_rm_client_free(struct ovg_core *core, struct vgpu_rm_client *client)
{
	int ret = 0;

	if (!client)
		return;

	mutex_lock(&core->res->rm_lock);
	list_del(&client->link);
	mutex_unlock(&core->res->rm_lock);
	atomic_dec(&core->res->rm_count);

	if (!ovg_gsp_dead(core)) {
		ovg_rm_free(core, client->h_client, client->h_subdevice);
		ovg_rm_free(core, client->h_client, client->h_device);
		ret = ovg_rm_free(core, client->h_client, client->h_client);
	}
	ovg_rm_client_forget(core, client, !ret);
}
