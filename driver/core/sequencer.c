// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The CPU sequencer: GSP-RM has the CPU access registers for it, and has its own
 * engine lent to another program and given back, while it boots.
 *
 * The commands come as an event and run where events are handled: in process
 * context, in the order in which GSP-RM posted them.  Its boot waits for them
 * (wait_init_done), and stop_gsp() waits for a run to end before it touches the
 * falcons.  Since a run owns GSP's core, nothing else resets it meanwhile.
 *
 * Facts: OpenRM kernel_gsp.c and kernel_gsp_ga102.c, nouveau gsp/r535.c.
 */
#include <linux/delay.h>
#include <linux/iopoll.h>

#include "common/regs.h"
#include "gsp.h"
#include "sequencer.h"
#include "trace.h"

/* Of a poll that names no timeout of its own */
#define POLL_DEFAULT_US		4000000

/**
 * struct seq_run - one run
 * @core: the PF
 * @deadline: when all of it must have been done
 * @saved: GSP-RM's save area: what REG_STORE read
 * @index: commands that were read so far, for messages
 */
struct seq_run {
	struct ovg_core *core;
	ktime_t deadline;
	u32 saved[GSP_SEQ_REG_SAVE_COUNT];
	u32 index;
};

/* Microseconds until the deadline, at least 1: 0 means for ever to a poll. */
static u64 time_left(const struct seq_run *run)
{
	s64 left = ktime_us_delta(run->deadline, ktime_get());

	return left > 0 ? left : 1;
}

static int seq_poll(struct seq_run *run, const struct ovg_seq_op *op)
{
	struct ovg_core *core = run->core;
	u32 reg = op->arg[0], mask = op->arg[1], want = op->arg[2], val;
	u64 us = min_t(u64, op->arg[3] ?: POLL_DEFAULT_US, time_left(run));
	int ret;

	ret = readl_poll_timeout(core->bar0 + reg, val, (val & mask) == want, 10, us);
	if (ret)
		dev_err(&core->pdev->dev, "stage CPU sequencer: command %u: register 0x%06x is 0x%x after %llu us, GSP-RM wants 0x%x under mask 0x%x (its error 0x%x)\n",
			run->index, reg, val, us, want, mask, op->arg[4]);
	return ret;
}

static int seq_delay(struct seq_run *run, u32 us)
{
	if (us > time_left(run)) {
		dev_err(&run->core->pdev->dev, "stage CPU sequencer: command %u: a delay of %u us is longer than the run may take\n",
			run->index, us);
		return -ETIMEDOUT;
	}
	fsleep(us);
	return 0;
}

/* A step on GSP's own core */
static int seq_core(struct seq_run *run, u32 opcode)
{
	struct ovg_core *core = run->core;
	const char *what;
	int ret = 0;

	switch (opcode) {
	case GSP_SEQ_CORE_RESET:
		what = "reset of GSP's core";
		ret = ovg_falcon_reset(core, NV_PGSP_FALCON_BASE);
		if (!ret)
			ovg_falcon_no_ctx(core, NV_PGSP_FALCON_BASE);
		break;
	case GSP_SEQ_CORE_START:
		what = "start of GSP's core";
		ovg_falcon_start(core, NV_PGSP_FALCON_BASE);
		break;
	case GSP_SEQ_CORE_WAIT_FOR_HALT:
		what = "halt of GSP's core";
		ret = ovg_falcon_wait_halt(core, NV_PGSP_FALCON_BASE);
		break;
	case GSP_SEQ_CORE_RESUME:
		what = "restart of GSP-RM";
		ret = ovg_gsp_ready_riscv(core);
		if (!ret)
			ret = ovg_booter_resume(core);
		break;
	default:
		what = "unknown step";
		ret = -EPROTO;
		break;
	}
	if (ret)
		dev_err(&core->pdev->dev, "stage CPU sequencer: command %u: %s: %pe\n",
			run->index, what, ERR_PTR(ret));
	return ret;
}

static int seq_command(struct seq_run *run, const struct ovg_seq_op *op)
{
	struct ovg_core *core = run->core;

	switch (op->opcode) {
	case GSP_SEQ_REG_WRITE:
		ovg_wr32(core, op->arg[0], op->arg[1]);
		return 0;
	case GSP_SEQ_REG_MODIFY:
		ovg_wr32(core, op->arg[0],
			 (ovg_rd32(core, op->arg[0]) & ~op->arg[1]) | op->arg[2]);
		return 0;
	case GSP_SEQ_REG_POLL:
		return seq_poll(run, op);
	case GSP_SEQ_DELAY_US:
		return seq_delay(run, op->arg[0]);
	case GSP_SEQ_REG_STORE:
		/* The area stays here; no release asks to have it back. */
		run->saved[op->arg[1]] = ovg_rd32(core, op->arg[0]);
		return 0;
	default:
		return seq_core(run, op->opcode);
	}
}

/**
 * ovg_sequencer_run - do what GSP-RM asks of the CPU
 * @gsp: GSP
 * @payload: of the event
 * @size: its bytes
 *
 * Process context; sleeps, for OVG_SEQUENCER_MS and one step of a falcon at most.
 *
 * Return: 0; -EPROTO when a command is malformed; -ETIMEDOUT; -ENODEV when GSP was
 * given up meanwhile; what a step on GSP's core returned.  All were reported.
 */
int ovg_sequencer_run(struct ovg_gsp *gsp, const void *payload, u32 size)
{
	struct ovg_core *core = gsp->core;
	struct device *dev = &core->pdev->dev;
	struct seq_run run = {
		.core = core,
		.deadline = ktime_add_ms(ktime_get(), OVG_SEQUENCER_MS),
	};
	u32 regs = pci_resource_len(core->pdev, 0);
	struct ovg_seq_op op;
	struct ovg_seq seq;
	const char *why = "";
	int ret;

	if (READ_ONCE(gsp->dead))
		return -ENODEV;
	trace_ovg_gsp_stage(dev, "CPU sequencer");

	ret = ovg_seq_init(&seq, payload, size, &why);
	if (ret) {
		dev_err(dev, "stage CPU sequencer: %s\n", why);
		return ret;
	}

	for (;; run.index++) {
		ret = ovg_seq_next(&seq, regs, &op, &why);
		if (ret < 0) {
			dev_err(dev, "stage CPU sequencer: command %u: %s\n", run.index, why);
			return ret;
		}
		if (!ret)
			break;
		if (READ_ONCE(gsp->dead))
			return -ENODEV;
		if (ktime_after(ktime_get(), run.deadline)) {
			dev_err(dev, "stage CPU sequencer: command %u: not all is done after %u ms\n",
				run.index, OVG_SEQUENCER_MS);
			return -ETIMEDOUT;
		}
		ret = seq_command(&run, &op);
		if (ret)
			return ret;
	}
	dev_dbg(dev, "CPU sequencer: %u commands done\n", run.index);
	return 0;
}
