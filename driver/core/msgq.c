// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The message queues in memory: sending a request, emptying the status queue.
 * The arithmetic and the checks are in pure/msgq.c.
 *
 * Layout: OpenRM message_queue_cpu.c, nouveau r535_gsp_shared_init().
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "common/regs.h"
#include "gsp.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static struct msgq_tx_header *tx_header(struct ovg_gsp *gsp, bool status)
{
	return gsp->queues.va + (status ? GSP_MSGQ_STAT_OFFSET : GSP_MSGQ_CMD_OFFSET);
}

/*
 * Swapped read pointers: the reader keeps its own in its own queue's header.
 */
static u32 *read_ptr(struct ovg_gsp *gsp, bool status)
{
	struct msgq_rx_header *rx = (void *)tx_header(gsp, !status) + GSP_MSGQ_RX_HDR_OFF;

	return &rx->read_ptr;
}

static void *slot(struct ovg_gsp *gsp, bool status, u32 index)
{
	return (void *)tx_header(gsp, status) + GSP_MSGQ_ENTRY_OFF +
	       (size_t)index * GSP_MSGQ_MSG_SIZE;
}

/**
 * ovg_msgq_reset - fresh queues for a boot
 * @gsp: GSP
 */
void ovg_msgq_reset(struct ovg_gsp *gsp)
{
	struct msgq_tx_header *tx = tx_header(gsp, false);
	u64 *pte = gsp->queues.va;
	u32 i;

	memset(gsp->queues.va, 0, gsp->queues.size);
	for (i = 0; i < GSP_MSGQ_PTE_COUNT; i++)
		pte[i] = gsp->queues.pa + (u64)i * GSP_PAGE_SIZE;

	tx->version = GSP_MSGQ_VERSION;
	tx->size = GSP_MSGQ_SIZE;
	tx->msg_size = GSP_MSGQ_MSG_SIZE;
	tx->msg_count = GSP_MSGQ_MSG_COUNT;
	tx->flags = GSP_MSGQ_FLAGS_SWAP_RX;
	tx->rx_hdr_off = GSP_MSGQ_RX_HDR_OFF;
	tx->entry_off = GSP_MSGQ_ENTRY_OFF;

	gsp->tx_seq = 0;
	gsp->tx_wr = 0;
	gsp->rx_seq = 0;
	gsp->rx_rd = 0;
}

int ovg_msgq_init(struct ovg_gsp *gsp)
{
	int ret;

	mutex_init(&gsp->send_lock);
	mutex_init(&gsp->rx_lock);
	INIT_LIST_HEAD(&gsp->waiters);
	gsp->tx = kvmalloc(GSP_MSG_MAX_SIZE, GFP_KERNEL);
	gsp->rx = kvmalloc(GSP_MSG_MAX_SIZE, GFP_KERNEL);
	if (!gsp->tx || !gsp->rx)
		return -ENOMEM;
	ret = ovg_dma_alloc(gsp->core, GSP_MSGQ_SHARED_SIZE, &gsp->queues);
	if (ret)
		return ret;
	ovg_msgq_reset(gsp);
	return 0;
}

void ovg_msgq_fini(struct ovg_gsp *gsp)
{
	ovg_dma_free(gsp->core, &gsp->queues);
	kvfree(gsp->tx);
	kvfree(gsp->rx);
}

/* Wait until @slots are free in the command queue. */
static int wait_space(struct ovg_gsp *gsp, u32 slots, ktime_t deadline)
{
	for (;;) {
		u32 rd = READ_ONCE(*read_ptr(gsp, false));

		if (READ_ONCE(gsp->dead))
			return -ENODEV;
		if (rd >= GSP_MSGQ_MSG_COUNT) {
			ovg_gsp_mark_dead(gsp, "its command read pointer is out of range");
			return -ENODEV;
		}
		if (ovg_msgq_free(rd, gsp->tx_wr, GSP_MSGQ_MSG_COUNT) >= slots)
			return 0;
		if (ktime_after(ktime_get(), deadline))
			return -ETIMEDOUT;
		/* GSP may wait for us in turn. */
		ovg_msgq_drain(gsp);
		usleep_range(20, 50);
	}
}

static int send_message(struct ovg_gsp *gsp, u32 function, const void *payload,
			u32 size, ktime_t deadline)
{
	struct msgq_tx_header *tx = tx_header(gsp, false);
	u32 wr = gsp->tx_wr;
	int slots, ret, i;

	slots = ovg_msgq_build(gsp->tx, GSP_MSG_MAX_SIZE, gsp->tx_seq, function, 0,
			       payload, size);
	if (slots < 0)
		return slots;
	ret = wait_space(gsp, slots, deadline);
	if (ret)
		return ret;

	for (i = 0; i < slots; i++)
		memcpy(slot(gsp, false, ovg_msgq_advance(wr, i, GSP_MSGQ_MSG_COUNT)),
		       gsp->tx + (size_t)i * GSP_MSGQ_MSG_SIZE, GSP_MSGQ_MSG_SIZE);
	/* The message before the pointer that announces it. */
	dma_wmb();
	gsp->tx_wr = ovg_msgq_advance(wr, slots, GSP_MSGQ_MSG_COUNT);
	WRITE_ONCE(tx->write_ptr, gsp->tx_wr);
	gsp->tx_seq++;
	/* The pointer before the doorbell; writel orders the rest. */
	wmb();
	ovg_wr32(gsp->core, NV_PGSP_FALCON_BASE + NV_PGSP_QUEUE_HEAD(0), 0);
	return 0;
}

/**
 * ovg_msgq_send - send one request
 * @gsp: GSP
 * @function: RPC function
 * @payload: its payload
 * @size: bytes; what does not fit into one message goes in continuation records
 * @req: who waits for the reply, NULL when there will be none
 * @deadline: until when to wait for room in the queue
 *
 * Return: 0, -ENODEV, -ETIMEDOUT.
 */
int ovg_msgq_send(struct ovg_gsp *gsp, u32 function, const void *payload,
		  u32 size, struct ovg_gsp_request *req, ktime_t deadline)
{
	struct ovg_rpc_split split;
	const void *part;
	u32 fn, len;
	int ret = 0;

	mutex_lock(&gsp->send_lock);
	if (READ_ONCE(gsp->dead)) {
		ret = -ENODEV;
		goto out;
	}

	/* In the list before the doorbell: the reply may be quick. */
	if (req) {
		mutex_lock(&gsp->rx_lock);
		req->deadline = deadline;
		/* GSP answers in order: what is before us may take its time. */
		if (!list_empty(&gsp->waiters)) {
			struct ovg_gsp_request *last;

			last = list_last_entry(&gsp->waiters, struct ovg_gsp_request, link);
			req->deadline = ktime_add_ms(last->deadline, req->timeout_ms);
		}
		list_add_tail(&req->link, &gsp->waiters);
		mutex_unlock(&gsp->rx_lock);
		deadline = req->deadline;
	}
	ovg_rpc_split_init(&split, function, payload, size);
	while (!ret && ovg_rpc_split_next(&split, &fn, &part, &len))
		ret = send_message(gsp, fn, part, len, deadline);
out:
	mutex_unlock(&gsp->send_lock);
	return ret;
}

bool ovg_msgq_pending(struct ovg_gsp *gsp)
{
	return READ_ONCE(tx_header(gsp, true)->write_ptr) != READ_ONCE(gsp->rx_rd);
}

/* A reply for the request that waits longest. */
static void take_reply(struct ovg_gsp *gsp, const struct gsp_rpc_header *rpc)
{
	struct ovg_gsp_request *req;
	const char *why = "";
	int ret;

	req = list_first_entry_or_null(&gsp->waiters, struct ovg_gsp_request, link);
	/* What follows a refusal that was answered with its first record. */
	if (ovg_rpc_is_continuation(rpc->function) && (!req || req->join.first))
		return;
	if (!req) {
		ovg_gsp_mark_dead(gsp, "it answered a request that nobody made");
		return;
	}
	if (req->join.first)
		req->rpc_result = rpc->rpc_result;

	ret = ovg_rpc_join_add(&req->join, rpc, &why);
	if (!ret)
		return;

	list_del_init(&req->link);
	req->status = ret < 0 ? ret : 0;
	complete(&req->done);
	if (ret < 0)
		ovg_gsp_mark_dead(gsp, why);
}

/**
 * ovg_msgq_drain - take everything out of the status queue
 * @gsp: GSP
 *
 * Completes requests and passes events on.  Process context; waits for nothing.
 */
void ovg_msgq_drain(struct ovg_gsp *gsp)
{
	struct msgq_tx_header *tx = tx_header(gsp, true);
	const struct gsp_rpc_header *rpc;
	u32 wr, rd, slots, i;
	const char *why;

	mutex_lock(&gsp->rx_lock);
	while (!READ_ONCE(gsp->dead)) {
		wr = READ_ONCE(tx->write_ptr);
		rd = gsp->rx_rd;
		if (wr == rd)
			break;
		if (wr >= GSP_MSGQ_MSG_COUNT) {
			ovg_gsp_mark_dead(gsp, "its status write pointer is out of range");
			break;
		}
		/* The pointer before what it announces. */
		dma_rmb();

		memcpy(gsp->rx, slot(gsp, true, rd), GSP_MSGQ_MSG_SIZE);
		if (ovg_msgq_peek(gsp->rx, ovg_msgq_used(rd, wr, GSP_MSGQ_MSG_COUNT),
				  &slots, &why)) {
			ovg_gsp_mark_dead(gsp, why);
			break;
		}
		for (i = 1; i < slots; i++)
			memcpy(gsp->rx + (size_t)i * GSP_MSGQ_MSG_SIZE,
			       slot(gsp, true, ovg_msgq_advance(rd, i, GSP_MSGQ_MSG_COUNT)),
			       GSP_MSGQ_MSG_SIZE);
		/* Done with the slots before GSP may fill them again. */
		mb();
		WRITE_ONCE(gsp->rx_rd, ovg_msgq_advance(rd, slots, GSP_MSGQ_MSG_COUNT));
		WRITE_ONCE(*read_ptr(gsp, true), gsp->rx_rd);

		if (ovg_msgq_check(gsp->rx, slots, gsp->rx_seq,
				   gsp->codec->checksum_used, &why)) {
			ovg_gsp_mark_dead(gsp, why);
			break;
		}
		gsp->rx_seq++;

		rpc = ovg_msgq_rpc(gsp->rx);
		trace_ovg_gsp_message(&gsp->core->pdev->dev, rpc->function, rpc->rpc_result,
				      rpc->length);
		if (rpc->function >= 0x1000)
			ovg_events_post(gsp, rpc->function, rpc->rpc_result, rpc + 1,
					rpc->length - sizeof(*rpc));
		else if (rpc->function != gsp->codec->fn_rc_ack)
			take_reply(gsp, rpc);
	}
	mutex_unlock(&gsp->rx_lock);
}
