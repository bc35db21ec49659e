// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Events that GSP posts only to those who asked: ECC errors of the FB.  Asked
 * for as nouveau does it (r535_gsp_device_event_ctor()): an event object below
 * the core's own subdevice, then a control that switches it on.
 */
#include <linux/slab.h>

#include "core.h"
#include "objects.h"
#include "resources.h"

/* Handle of the object for a notifier */
#define OVG_NOTIFY_H_EVENT	0x007e0000
/* Room for the parameters of the switch */
#define OVG_NOTIFY_PARAMS	64

static int ovg_notify_switch(struct ovg_core *core, u32 index, bool enable, void *params)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct vgpu_rm_client *client = core->res->client;

	memset(params, 0, codec->notify_size);
	codec->notify(params, index, enable);
	return ovg_rm_ctrl(core, client->h_client, client->h_subdevice, codec->notify_cmd,
			   params, codec->notify_size, 0);
}

static int ovg_notify_ask(struct ovg_core *core, u32 index, void *params)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct vgpu_rm_client *client = core->res->client;
	u32 handle = OVG_NOTIFY_H_EVENT | index;
	int ret;

	memset(params, 0, codec->event_size);
	codec->event(params, client->h_client, index);
	ret = ovg_rm_alloc(core, client->h_client, client->h_subdevice, handle,
			   codec->event_class, params, codec->event_size);
	if (ret)
		return ret;
	ret = ovg_notify_switch(core, index, true, params);
	if (ret)
		ovg_rm_free(core, client->h_client, handle);
	return ret;
}

/**
 * ovg_notify_init - ask for the events
 * @core: the PF; RM client works, the handler of the events is registered
 *
 * Without them everything else works; what GSP refused is in the log.
 */
void ovg_notify_init(struct ovg_core *core)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	const u32 index[OVG_NOTIFIERS] = {
		codec->notify_ecc_corrected, codec->notify_ecc_uncorrected,
	};
	unsigned int i;
	void *params;
	int ret = 0;

	params = kzalloc(max(codec->event_size, codec->notify_size), GFP_KERNEL);
	for (i = 0; i < OVG_NOTIFIERS; i++) {
		if (params)
			ret = ovg_notify_ask(core, index[i], params);
		if (!params || ret)
			break;
		core->res->notifier[i] = index[i];
	}
	if (i < OVG_NOTIFIERS)
		dev_warn(&core->pdev->dev,
			 "GSP will not tell of ECC errors (%pe); its Xids 48, 63 and 64 still do\n",
			 ERR_PTR(params ? ret : -ENOMEM));
	kfree(params);
}

/**
 * ovg_notify_fini - ask for no events any more
 * @core: the PF
 */
void ovg_notify_fini(struct ovg_core *core)
{
	struct ovg_res *res = core->res;
	u64 params[OVG_NOTIFY_PARAMS / sizeof(u64)];
	unsigned int i;

	if (WARN_ON(res->codec->notify_size > sizeof(params)))
		return;
	for (i = 0; i < OVG_NOTIFIERS; i++) {
		if (res->notifier[i] && !ovg_gsp_dead(core)) {
			/* The switch is the subdevice's, and outlives the object. */
			ovg_notify_switch(core, res->notifier[i], false, params);
			ovg_rm_free(core, res->client->h_client,
				    OVG_NOTIFY_H_EVENT | res->notifier[i]);
		}
		res->notifier[i] = 0;
	}
}

/**
 * ovg_notify_mine - was it the core that asked for an event?
 * @core: the PF
 * @n: the event
 *
 * Return: true when it was.
 */
bool ovg_notify_mine(struct ovg_core *core, const struct ovg_notification *n)
{
	return n->h_client == core->res->client->h_client &&
	       n->h_event == (OVG_NOTIFY_H_EVENT | n->index);
}
