// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GSP message queues; see msgq.h.  The rules are those of NVIDIA's
 * message_queue_cpu.c and msgq.c, which are stricter than nouveau's.
 */
#include "ovg_pure.h"
#include "msgq.h"

/* A request's continuation record, see rpc_global_enums.h. */
#define RPC_CONTINUATION_RECORD		71

u32 ovg_msgq_used(u32 rd, u32 wr, u32 count)
{
	return (wr + count - rd) % count;
}

u32 ovg_msgq_free(u32 rd, u32 wr, u32 count)
{
	return (rd + count - wr - 1) % count;
}

u32 ovg_msgq_advance(u32 ptr, u32 slots, u32 count)
{
	return (ptr + slots) % count;
}

u32 ovg_msgq_slots(u32 length)
{
	return (sizeof(struct gsp_msg_element) + length + GSP_MSGQ_MSG_SIZE - 1) /
	       GSP_MSGQ_MSG_SIZE;
}

u32 ovg_msgq_fold(const void *msg, size_t bytes)
{
	const u8 *p = msg;
	u64 sum = 0, word;
	size_t i;

	for (i = 0; i + sizeof(word) <= bytes; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		sum ^= word;
	}

	return (u32)(sum >> 32) ^ (u32)sum;
}

int ovg_msgq_build(void *msg, size_t msg_size, u32 seq, u32 function,
		   u32 rpc_seq, const void *payload, u32 payload_size)
{
	struct gsp_msg_element *elem = msg;
	struct gsp_rpc_header *rpc = (void *)(elem + 1);
	size_t bytes;
	u32 slots;

	if (payload_size > GSP_RPC_MAX_PAYLOAD)
		return -EMSGSIZE;

	slots = ovg_msgq_slots(sizeof(*rpc) + payload_size);
	bytes = (size_t)slots * GSP_MSGQ_MSG_SIZE;
	if (bytes > msg_size)
		return -EMSGSIZE;

	memset(msg, 0, bytes);
	elem->seq_num = seq;
	elem->elem_count = slots;
	rpc->header_version = GSP_RPC_VERSION;
	rpc->signature = GSP_RPC_SIGNATURE;
	rpc->length = sizeof(*rpc) + payload_size;
	rpc->function = function;
	rpc->rpc_result = GSP_RPC_RESULT_PENDING;
	rpc->rpc_result_private = GSP_RPC_RESULT_PENDING;
	rpc->sequence = rpc_seq;
	if (payload_size)
		memcpy(rpc + 1, payload, payload_size);
	elem->checksum = ovg_msgq_fold(msg, bytes);

	return slots;
}

int ovg_msgq_peek(const void *first, u32 avail, u32 *slots, const char **why)
{
	const struct gsp_msg_element *elem = first;

	if (!elem->elem_count || elem->elem_count > GSP_MSG_MAX_ELEMS) {
		*why = "element count out of range";
		return -EPROTO;
	}
	if (elem->elem_count > avail) {
		*why = "message reaches beyond the write pointer";
		return -EPROTO;
	}

	*slots = elem->elem_count;
	return 0;
}

int ovg_msgq_check(const void *msg, u32 slots, u32 seq, bool used_only, const char **why)
{
	const struct gsp_msg_element *elem = msg;
	const struct gsp_rpc_header *rpc = ovg_msgq_rpc(msg);
	size_t summed = (size_t)slots * GSP_MSGQ_MSG_SIZE;

	if (used_only)
		summed = ovg_min(summed, ovg_align_up(sizeof(*elem) + (u64)rpc->length, 8));
	if (ovg_msgq_fold(msg, summed))
		*why = "bad checksum";
	else if (elem->elem_count != slots)
		*why = "element count changed";
	else if (elem->seq_num != seq)
		*why = "wrong sequence number";
	else if (rpc->header_version != GSP_RPC_VERSION)
		*why = "unknown RPC header version";
	else if (rpc->signature != GSP_RPC_SIGNATURE)
		*why = "bad RPC signature";
	else if (rpc->length < sizeof(*rpc) || rpc->length > GSP_RPC_MAX_LENGTH)
		*why = "RPC length out of range";
	else if (ovg_msgq_slots(rpc->length) != slots)
		*why = "RPC length and element count disagree";
	else
		return 0;

	return -EPROTO;
}

void ovg_rpc_split_init(struct ovg_rpc_split *s, u32 function,
			const void *payload, u32 size)
{
	s->payload = payload;
	s->size = size;
	s->done = 0;
	s->function = function;
	s->first = true;
}

bool ovg_rpc_split_next(struct ovg_rpc_split *s, u32 *function,
			const void **part, u32 *part_size)
{
	u32 n = ovg_min(s->size - s->done, GSP_RPC_MAX_PAYLOAD);

	if (!s->first && !n)
		return false;

	*function = s->first ? s->function : RPC_CONTINUATION_RECORD;
	*part = s->payload ? s->payload + s->done : NULL;
	*part_size = n;
	s->done += n;
	s->first = false;
	return true;
}

bool ovg_rpc_is_continuation(u32 function)
{
	return function == RPC_CONTINUATION_RECORD;
}

void ovg_rpc_join_init(struct ovg_rpc_join *j, u32 function, void *buf, u32 size)
{
	j->buf = buf;
	j->size = size;
	j->done = 0;
	j->function = function;
	j->first = true;
}

int ovg_rpc_join_add(struct ovg_rpc_join *j, const struct gsp_rpc_header *rpc,
		     const char **why)
{
	u32 due = j->first ? j->function : RPC_CONTINUATION_RECORD;
	bool last;
	u32 n;

	if (rpc->function != due) {
		*why = "reply to another function";
		return -EPROTO;
	}

	n = rpc->length - sizeof(*rpc);
	if (!n && !j->first) {
		*why = "empty continuation record";
		return -EPROTO;
	}

	j->first = false;
	/* Only a full message can be followed by another one. */
	last = n < GSP_RPC_MAX_PAYLOAD;
	n = ovg_min(n, j->size - j->done);
	if (n)
		memcpy(j->buf + j->done, rpc + 1, n);
	j->done += n;
	return last || j->done == j->size;
}
