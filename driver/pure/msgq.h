/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Arithmetic of the GSP message queues, building and checking of messages,
 * splitting and joining of RPCs that are larger than one message.
 */
#ifndef OVG_PURE_MSGQ_H
#define OVG_PURE_MSGQ_H

#include "common/gsp_msgq.h"

/*
 * Ring arithmetic.  Pointers are slot numbers 0..count-1; one slot is always
 * free, so that equal pointers mean empty.
 */
u32 ovg_msgq_used(u32 rd, u32 wr, u32 count);
u32 ovg_msgq_free(u32 rd, u32 wr, u32 count);
u32 ovg_msgq_advance(u32 ptr, u32 slots, u32 count);
/* Slots that an RPC of @length bytes (with its header) takes. */
u32 ovg_msgq_slots(u32 length);

/* The 32-bit fold that is 0 over a message whose checksum field is right. */
u32 ovg_msgq_fold(const void *msg, size_t bytes);

/**
 * ovg_msgq_build - lay out one message
 * @msg: buffer of at least ovg_msgq_slots() * 4 KiB; the tail is zeroed
 * @msg_size: bytes of @msg
 * @seq: sequence number of the message
 * @function: RPC function
 * @rpc_seq: sequence field of the RPC header
 * @payload: payload, may be NULL when @payload_size is 0
 * @payload_size: bytes
 *
 * Return: slots that the message takes, -EMSGSIZE when it does not fit.
 */
int ovg_msgq_build(void *msg, size_t msg_size, u32 seq, u32 function,
		   u32 rpc_seq, const void *payload, u32 payload_size);

/**
 * ovg_msgq_peek - length of a received message, before its slots are copied
 * @first: the first slot, 4 KiB
 * @avail: slots between read and write pointer
 * @slots: out: slots that the message takes
 * @why: out: what is wrong
 *
 * Return: 0, or -EPROTO.
 */
int ovg_msgq_peek(const void *first, u32 avail, u32 *slots, const char **why);

/**
 * ovg_msgq_check - check a received message as a whole
 * @msg: the message's slots, linear
 * @slots: what ovg_msgq_peek() said
 * @seq: sequence number that is due
 * @used_only: the checksum covers the used bytes, filled up to 8, and not the
 *	rest of the last slot
 * @why: out: what is wrong
 *
 * Return: 0, or -EPROTO.
 */
int ovg_msgq_check(const void *msg, u32 slots, u32 seq, bool used_only, const char **why);

static inline const struct gsp_rpc_header *ovg_msgq_rpc(const void *msg)
{
	return (const struct gsp_rpc_header *)
		((const u8 *)msg + sizeof(struct gsp_msg_element));
}

/**
 * struct ovg_rpc_split - walks over the messages of one large request
 * @payload: the whole payload
 * @size: its bytes
 * @done: bytes handed out
 * @function: function of the first message
 * @first: nothing was handed out yet
 */
struct ovg_rpc_split {
	const u8 *payload;
	u32 size;
	u32 done;
	u32 function;
	bool first;
};

void ovg_rpc_split_init(struct ovg_rpc_split *s, u32 function,
			const void *payload, u32 size);
/* Next part; false when there is none. */
bool ovg_rpc_split_next(struct ovg_rpc_split *s, u32 *function,
			const void **part, u32 *part_size);

/**
 * struct ovg_rpc_join - puts one reply together
 * @buf: where the payload goes
 * @size: bytes of the request, and of @buf
 * @done: bytes that came
 * @function: function that the first message must have
 * @first: nothing came yet
 */
struct ovg_rpc_join {
	u8 *buf;
	u32 size;
	u32 done;
	u32 function;
	bool first;
};

/* Is it a continuation record? */
bool ovg_rpc_is_continuation(u32 function);

void ovg_rpc_join_init(struct ovg_rpc_join *j, u32 function, void *buf, u32 size);
/*
 * Add the payload of one message.  As many messages come back as went out, or
 * less; what a reply has beyond the request is dropped, and one that is shorter
 * leaves @done below @size.
 * Return: 1 when complete, 0 when more must come, -EPROTO when it is not what
 * is due (@why says what).
 */
int ovg_rpc_join_add(struct ovg_rpc_join *j, const struct gsp_rpc_header *rpc,
		     const char **why);

#endif /* OVG_PURE_MSGQ_H */
