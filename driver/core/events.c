// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Events that GSP posts: copied out of the queue, then handled one after the
 * other in process context, so that a slow handler never holds up replies.
 */
#include <linux/slab.h>

#include "gsp.h"

/* More than this many unhandled events: something is badly wrong. */
#define EVENT_BACKLOG_MAX	1024

struct ovg_posted_event {
	struct list_head link;
	u32 function;
	u32 size;
	u8 payload[];
};

/* NULL when all were handled; then @rc_acks are due. */
static struct ovg_posted_event *next_event(struct ovg_gsp *gsp, unsigned int *rc_acks)
{
	struct ovg_posted_event *ev;

	spin_lock(&gsp->event_lock);
	ev = list_first_entry_or_null(&gsp->events, struct ovg_posted_event, link);
	if (ev) {
		list_del(&ev->link);
		gsp->event_backlog--;
	} else {
		*rc_acks = gsp->rc_acks;
		gsp->rc_acks = 0;
	}
	spin_unlock(&gsp->event_lock);
	return ev;
}

/*
 * All RCs that GSP has posted before were handled: that is what it wants to know
 * (OpenRM's _kgspRpcRCTriggered()), and it goes on when it does.
 */
static void ack_rc(struct ovg_gsp *gsp)
{
	if (ovg_rpc_post(gsp->core, gsp->codec->fn_rc_ack, NULL, 0))
		ovg_gsp_mark_dead(gsp, "it does not take the acknowledgment of an RC");
}

static void log_error(struct ovg_gsp *gsp, const struct ovg_posted_event *ev)
{
	const char *text;
	u32 xid, chid;

	text = gsp->codec->error_log(ev->payload, ev->size, &xid, &chid);
	if (text)
		dev_err_ratelimited(&gsp->core->pdev->dev, "Xid %u, channel %d: %s\n",
				    xid, (int)chid, text);
}

static void handle_event(struct ovg_gsp *gsp, const struct ovg_posted_event *ev)
{
	struct ovg_event_handler *h;
	bool known = false;

	switch (gsp->codec->event(ev->function, ev->payload, ev->size)) {
	case OVG_EVENT_OS_ERROR_LOG:
		log_error(gsp, ev);
		break;
	case OVG_EVENT_RUN_CPU_SEQUENCER:
		/* GSP-RM waits for it and would wait for ever. */
		if (ovg_sequencer_run(gsp, ev->payload, ev->size))
			ovg_gsp_mark_dead(gsp, "the CPU sequencer failed");
		return;
	case OVG_EVENT_LIBOS_PRINT:
		return;
	default:
		break;
	}

	mutex_lock(&gsp->handler_lock);
	list_for_each_entry(h, &gsp->handlers, link) {
		if (h->function == ev->function) {
			known = true;
			h->fn(h->priv, ev->function, ev->payload, ev->size);
			break;
		}
	}
	mutex_unlock(&gsp->handler_lock);
	if (!known)
		dev_dbg(&gsp->core->pdev->dev, "event 0x%x of %u bytes has no handler\n",
			ev->function, ev->size);
}

static void event_work(struct work_struct *work)
{
	struct ovg_gsp *gsp = container_of(work, struct ovg_gsp, event_work);
	struct ovg_posted_event *ev;
	unsigned int rc_acks;

	while ((ev = next_event(gsp, &rc_acks))) {
		handle_event(gsp, ev);
		kfree(ev);
	}
	while (rc_acks--)
		ack_rc(gsp);
}

/* An event that nobody will handle; GSP-RM does not go on without some. */
static void event_lost(struct ovg_gsp *gsp, u32 function, const char *why)
{
	dev_warn_ratelimited(&gsp->core->pdev->dev, "event 0x%x dropped: %s\n", function, why);
	if (gsp->codec->event(function, NULL, 0) == OVG_EVENT_RUN_CPU_SEQUENCER)
		ovg_gsp_mark_dead(gsp, "its commands for the CPU sequencer are lost");
}

/**
 * ovg_events_post - an event came out of the status queue
 * @gsp: GSP
 * @function: its number
 * @result: its rpc_result
 * @payload: its payload, copied
 * @size: bytes
 *
 * Process context, @gsp->rx_lock held.
 */
void ovg_events_post(struct ovg_gsp *gsp, u32 function, u32 result,
		     const void *payload, u32 size)
{
	struct ovg_posted_event *ev;
	bool full;

	atomic64_inc(&gsp->core->stats.events);
	switch (gsp->codec->event(function, payload, size)) {
	case OVG_EVENT_INIT_DONE:
		gsp->init_result = result;
		/* after the result; pairs with wait_init_done() */
		smp_store_release(&gsp->init_done, true);
		return;
	case OVG_EVENT_RC_FAST_PATH:
		/* No room and no handler that it needs: this one cannot be lost. */
		spin_lock(&gsp->event_lock);
		gsp->rc_acks++;
		spin_unlock(&gsp->event_lock);
		queue_work(gsp->wq, &gsp->event_work);
		return;
	default:
		break;
	}

	ev = kmalloc(struct_size(ev, payload, size), GFP_KERNEL);
	if (!ev) {
		event_lost(gsp, function, "no memory");
		return;
	}
	ev->function = function;
	ev->size = size;
	memcpy(ev->payload, payload, size);

	spin_lock(&gsp->event_lock);
	full = gsp->event_backlog >= EVENT_BACKLOG_MAX;
	if (!full) {
		gsp->event_backlog++;
		list_add_tail(&ev->link, &gsp->events);
	}
	spin_unlock(&gsp->event_lock);
	if (full) {
		event_lost(gsp, function, "too many unhandled");
		kfree(ev);
		return;
	}
	queue_work(gsp->wq, &gsp->event_work);
}

/**
 * ovg_events_flush - wait until what GSP has posted so far was handled
 * @core: the PF
 *
 * Not from a handler.
 */
void ovg_events_flush(struct ovg_core *core)
{
	ovg_msgq_drain(core->gsp);
	flush_work(&core->gsp->event_work);
}

static void dead_work(struct work_struct *work)
{
	struct ovg_gsp *gsp = container_of(work, struct ovg_gsp, dead_work);

	mutex_lock(&gsp->dead_lock);
	if (gsp->dead_fn)
		gsp->dead_fn(gsp->core);
	mutex_unlock(&gsp->dead_lock);
}

void ovg_events_init(struct ovg_gsp *gsp)
{
	spin_lock_init(&gsp->event_lock);
	INIT_LIST_HEAD(&gsp->events);
	INIT_WORK(&gsp->event_work, event_work);
	mutex_init(&gsp->handler_lock);
	INIT_LIST_HEAD(&gsp->handlers);
	mutex_init(&gsp->dead_lock);
	INIT_WORK(&gsp->dead_work, dead_work);
}

void ovg_events_fini(struct ovg_gsp *gsp)
{
	struct ovg_posted_event *ev;
	unsigned int rc_acks;

	cancel_work_sync(&gsp->event_work);
	cancel_work_sync(&gsp->dead_work);
	while ((ev = next_event(gsp, &rc_acks)))
		kfree(ev);
}

/**
 * ovg_event_register - be told of an event
 * @core: the PF
 * @function: event number
 * @fn: process context, one at a time; must not register or unregister
 * @priv: for @fn
 *
 * Return: 0, -EBUSY when somebody has that event, -ENOMEM.
 */
int ovg_event_register(struct ovg_core *core, u32 function, ovg_event_fn fn, void *priv)
{
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_event_handler *h, *new;
	int ret = 0;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->function = function;
	new->fn = fn;
	new->priv = priv;

	mutex_lock(&gsp->handler_lock);
	list_for_each_entry(h, &gsp->handlers, link)
		if (h->function == function)
			ret = -EBUSY;
	if (!ret)
		list_add_tail(&new->link, &gsp->handlers);
	mutex_unlock(&gsp->handler_lock);
	if (ret)
		kfree(new);
	return ret;
}

/**
 * ovg_event_unregister - be told no more
 * @core: the PF
 * @function: event number
 *
 * Returns after a handler that was running has ended.
 */
void ovg_event_unregister(struct ovg_core *core, u32 function)
{
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_event_handler *h, *tmp;

	mutex_lock(&gsp->handler_lock);
	list_for_each_entry_safe(h, tmp, &gsp->handlers, link) {
		if (h->function == function) {
			list_del(&h->link);
			kfree(h);
		}
	}
	mutex_unlock(&gsp->handler_lock);
}

/**
 * ovg_gsp_set_dead_handler - whom to tell when GSP is found dead
 * @core: the PF
 * @fn: process context, called once; NULL: nobody
 *
 * With NULL it returns after a handler that was running has ended.
 */
void ovg_gsp_set_dead_handler(struct ovg_core *core, void (*fn)(struct ovg_core *core))
{
	struct ovg_gsp *gsp = core->gsp;

	mutex_lock(&gsp->dead_lock);
	gsp->dead_fn = fn;
	mutex_unlock(&gsp->dead_lock);
}
