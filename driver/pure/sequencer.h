/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Decoder of the CPU sequencer's commands.
 */
#ifndef OVG_PURE_SEQUENCER_H
#define OVG_PURE_SEQUENCER_H

#include "common/gspseq.h"

/**
 * struct ovg_seq - a list of commands that is being read
 * @words: the commands
 * @count: their words
 * @next: first word that was not read
 */
struct ovg_seq {
	const u8 *words;
	u32 count;
	u32 next;
};

/**
 * struct ovg_seq_op - one command
 * @opcode: GSP_SEQ_*
 * @arg: its arguments, in the order of gspseq.h; the rest is 0
 */
struct ovg_seq_op {
	u32 opcode;
	u32 arg[GSP_SEQ_MAX_ARGS];
};

/*
 * Begin to read the payload of an event.  Checks the head only.
 * Return: 0, or -EPROTO and why.
 */
int ovg_seq_init(struct ovg_seq *s, const void *payload, size_t size, const char **why);

/*
 * The next command.
 * Return: 1 with @op filled; 0 at the end; -EPROTO and why when the opcode is
 * unknown, its arguments are cut off, a register is no aligned offset below
 * @regs bytes, or an index is out of range.
 */
int ovg_seq_next(struct ovg_seq *s, u32 regs, struct ovg_seq_op *op, const char **why);

#endif /* OVG_PURE_SEQUENCER_H */
