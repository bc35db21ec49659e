// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Decoder of the CPU sequencer's commands; see sequencer.h.
 */
#include "ovg_pure.h"
#include "sequencer.h"

/* Arguments of each opcode */
static const u8 seq_args[] = {
	[GSP_SEQ_REG_WRITE] = 2,
	[GSP_SEQ_REG_MODIFY] = 3,
	[GSP_SEQ_REG_POLL] = 5,
	[GSP_SEQ_DELAY_US] = 1,
	[GSP_SEQ_REG_STORE] = 2,
	[GSP_SEQ_CORE_RESET] = 0,
	[GSP_SEQ_CORE_START] = 0,
	[GSP_SEQ_CORE_WAIT_FOR_HALT] = 0,
	[GSP_SEQ_CORE_RESUME] = 0,
};

static int bad(const char **why, const char *text)
{
	*why = text;
	return -EPROTO;
}

int ovg_seq_init(struct ovg_seq *s, const void *payload, size_t size, const char **why)
{
	struct gsp_seq_head head;

	if (size < sizeof(head))
		return bad(why, "sequencer event is shorter than its head");
	memcpy(&head, payload, sizeof(head));
	if (head.cmd_index > (size - sizeof(head)) / sizeof(u32))
		return bad(why, "sequencer commands reach beyond their event");

	s->words = (const u8 *)payload + sizeof(head);
	s->count = head.cmd_index;
	s->next = 0;
	return 0;
}

static u32 take_word(struct ovg_seq *s)
{
	u32 word;

	memcpy(&word, s->words + (size_t)s->next * sizeof(word), sizeof(word));
	s->next++;
	return word;
}

int ovg_seq_next(struct ovg_seq *s, u32 regs, struct ovg_seq_op *op, const char **why)
{
	u32 i;

	if (s->next == s->count)
		return 0;

	memset(op, 0, sizeof(*op));
	op->opcode = take_word(s);
	if (op->opcode >= OVG_ARRAY_SIZE(seq_args))
		return bad(why, "unknown sequencer opcode");
	if (seq_args[op->opcode] > s->count - s->next)
		return bad(why, "sequencer command is cut off");
	for (i = 0; i < seq_args[op->opcode]; i++)
		op->arg[i] = take_word(s);

	if (op->opcode == GSP_SEQ_REG_STORE && op->arg[1] >= GSP_SEQ_REG_SAVE_COUNT)
		return bad(why, "sequencer's save index is out of range");
	switch (op->opcode) {
	case GSP_SEQ_REG_STORE:
	case GSP_SEQ_REG_WRITE:
	case GSP_SEQ_REG_MODIFY:
	case GSP_SEQ_REG_POLL:
		if (op->arg[0] % sizeof(u32) || op->arg[0] >= regs)
			return bad(why, "sequencer's register is out of range");
		break;
	default:
		break;
	}
	return 1;
}
