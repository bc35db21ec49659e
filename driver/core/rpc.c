// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Calls to GSP-RM.
 *
 * Several calls can be under way; GSP answers in the order of the requests.  A
 * call that got no answer by its deadline leaves the two sides out of step
 * about shared buffers, so GSP is declared dead with it: every other waiter is
 * told at once, and nothing waits again until the driver is bound anew.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "gsp.h"
#include "trace.h"

/**
 * ovg_gsp_mark_dead - nothing is to be expected of GSP any more
 * @gsp: GSP
 * @why: the reason, completes "GSP is dead: "
 *
 * Any context that may take a mutex is fine; only the first caller acts.  The
 * waiters wake up by themselves: they poll @gsp->dead while they wait.
 */
void ovg_gsp_mark_dead(struct ovg_gsp *gsp, const char *why)
{
	if (xchg(&gsp->dead, true))
		return;

	dev_err(&gsp->core->pdev->dev,
		"GSP is dead: %s; unbind and bind the driver to boot it again\n", why);
	if (gsp->running)
		schedule_work(&gsp->dead_work);
}

/* How long a waiter sleeps before it looks whether GSP died. */
#define DEAD_POLL_MS	20

static int wait_reply(struct ovg_gsp *gsp, struct ovg_gsp_request *req)
{
	ktime_t spin = ktime_add_us(ktime_get(), OVG_RPC_SPIN_US);

	/* Most answers come at once: look for them ourselves for a moment. */
	do {
		if (ovg_msgq_pending(gsp))
			ovg_msgq_drain(gsp);
		if (completion_done(&req->done))
			return 0;
		cpu_relax();
	} while (ktime_before(ktime_get(), spin));

	for (;;) {
		if (READ_ONCE(gsp->irq_ready)) {
			if (wait_for_completion_timeout(&req->done,
							msecs_to_jiffies(DEAD_POLL_MS)))
				return 0;
		} else {
			usleep_range(100, 200);
			ovg_msgq_drain(gsp);
			if (completion_done(&req->done))
				return 0;
		}
		if (READ_ONCE(gsp->dead))
			return completion_done(&req->done) ? 0 : -ENODEV;
		if (ktime_after(ktime_get(), req->deadline)) {
			/* An interrupt may have been lost. */
			ovg_msgq_drain(gsp);
			return completion_done(&req->done) ? 0 : -ETIMEDOUT;
		}
	}
}

/**
 * ovg_rpc_call - one GSP RPC, request and reply
 * @core: the PF
 * @function: RPC function number
 * @payload: request payload; the reply's payload is copied over it
 * @size: bytes of @payload
 * @timeout_ms: what GSP may take for it, 0 for the default; what it does for
 *	others before does not count
 *
 * Return: 0; -ETIMEDOUT; -ENODEV when GSP is dead; -EIO when the RPC itself was
 * refused; -EPROTO on a malformed reply.
 */
int ovg_rpc_call(struct ovg_core *core, u32 function, void *payload,
		 size_t size, unsigned int timeout_ms)
{
	struct device *dev = &core->pdev->dev;
	struct ovg_gsp *gsp = core->gsp;
	struct ovg_gsp_request req = {};
	ktime_t start = ktime_get();
	int ret;

	if (!gsp || READ_ONCE(gsp->dead))
		return -ENODEV;

	if (!timeout_ms)
		timeout_ms = OVG_RPC_DEFAULT_MS;
	req.timeout_ms = timeout_ms;
	INIT_LIST_HEAD(&req.link);
	init_completion(&req.done);
	ovg_rpc_join_init(&req.join, function, payload, size);

	atomic64_inc(&core->stats.rpcs);
	ret = ovg_msgq_send(gsp, function, payload, size, &req,
			    ktime_add_ms(start, timeout_ms));
	if (!ret)
		ret = wait_reply(gsp, &req);
	if (ret == -ETIMEDOUT) {
		atomic64_inc(&core->stats.rpc_timeouts);
		dev_err(dev, "GSP did not answer RPC 0x%x within %lld ms\n", function,
			ktime_ms_delta(ktime_get(), start));
		ovg_gsp_mark_dead(gsp, "an RPC timed out");
	}

	/* Off the list, and nobody writes to @payload behind our back. */
	mutex_lock(&gsp->rx_lock);
	list_del_init(&req.link);
	mutex_unlock(&gsp->rx_lock);

	if (!ret)
		ret = req.status;
	if (!ret && req.rpc_result) {
		dev_err(dev, "GSP refused RPC 0x%x: %s (0x%x)\n", function,
			ovg_rm_status_name(req.rpc_result), req.rpc_result);
		ret = -EIO;
	}
	/* Nobody looks at what these two bring back. */
	if (!ret && req.join.done < size && function != gsp->codec->fn_free &&
	    function != gsp->codec->fn_unloading) {
		dev_err(dev, "GSP answered RPC 0x%x with %u bytes, not %zu\n", function,
			req.join.done, size);
		ret = -EPROTO;
	}
	trace_ovg_rpc_call(dev, function, size, ret, ktime_us_delta(ktime_get(), start));
	return ret;
}

/**
 * ovg_rpc_post - an RPC that has no reply
 * @core: the PF
 * @function: RPC function number
 * @payload: its payload
 * @size: bytes
 *
 * Return: 0; -ENODEV when GSP is dead; -ETIMEDOUT when it takes nothing.
 */
int ovg_rpc_post(struct ovg_core *core, u32 function, const void *payload, u32 size)
{
	atomic64_inc(&core->stats.rpcs);
	return ovg_msgq_send(core->gsp, function, payload, size, NULL,
			     ktime_add_ms(ktime_get(), OVG_RPC_DEFAULT_MS));
}
