/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The CPU sequencer: register accesses and steps on GSP's own core that GSP-RM
 * cannot do itself while it boots, sent as the event GSP_RUN_CPU_SEQUENCER.
 * The same in all releases we know.
 *
 * Source: OpenRM rmgspseq.h, rpc_run_cpu_sequencer_v17_00.
 */
#ifndef OVG_GSPSEQ_H
#define OVG_GSPSEQ_H

#include "ovg_types.h"

#define GSP_SEQ_REG_SAVE_COUNT		8

/* Head of the event's payload; the commands follow, an opcode and its arguments. */
struct gsp_seq_head {
	u32 buffer_size_dword;
	u32 cmd_index;		/* words of the commands */
	u32 reg_save_area[GSP_SEQ_REG_SAVE_COUNT];
};

ovg_static_assert(sizeof(struct gsp_seq_head) == 40, "gsp_seq_head");

/* Opcodes, and the words that follow */
#define GSP_SEQ_REG_WRITE		0	/* address, value */
#define GSP_SEQ_REG_MODIFY		1	/* address, mask, value */
#define GSP_SEQ_REG_POLL		2	/* address, mask, value, timeout in us, error */
#define GSP_SEQ_DELAY_US		3	/* microseconds */
#define GSP_SEQ_REG_STORE		4	/* address, index in the save area */
#define GSP_SEQ_CORE_RESET		5
#define GSP_SEQ_CORE_START		6
#define GSP_SEQ_CORE_WAIT_FOR_HALT	7
#define GSP_SEQ_CORE_RESUME		8

#define GSP_SEQ_MAX_ARGS		5

#endif /* OVG_GSPSEQ_H */
