// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Messages to a vGPU's plugin task, through the communication area of its heap.
 *
 * Protocol: vGPU RFC (2024), rpc.c: message, type, sequence number, doorbell;
 * the answer's number and result appear in the response buffer.  Where the RFC
 * reuses the buffers after a timeout, here the task is declared dead, because a
 * late answer would be taken for one to the next message.
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>

#include "mgr_priv.h"

static u32 comm_rd32(struct ovg_vgpu *vgpu, u32 off)
{
	return readl(vgpu->comm.va + off);
}

static void comm_wr32(struct ovg_vgpu *vgpu, u32 off, u32 val)
{
	writel(val, vgpu->comm.va + off);
}

static bool dead(struct ovg_vgpu *vgpu)
{
	return READ_ONCE(vgpu->state) == OVG_VGPU_DEAD || ovg_mgr_dead(vgpu->mgr);
}

/* Wait until a word of the area has a value.  -ENODEV, -ETIMEDOUT, -EINTR. */
static int wait_word(struct ovg_vgpu *vgpu, u32 off, u32 want, unsigned int timeout_ms)
{
	ktime_t start = ktime_get(), deadline = ktime_add_ms(start, timeout_ms);

	for (;;) {
		if (comm_rd32(vgpu, off) == want)
			return 0;
		if (dead(vgpu))
			return -ENODEV;
		if (ktime_after(ktime_get(), deadline))
			return comm_rd32(vgpu, off) == want ? 0 : -ETIMEDOUT;
		/* Quick at first, then with patience. */
		if (ktime_us_delta(ktime_get(), start) < 2000)
			usleep_range(20, 50);
		else
			usleep_range(500, 1000);
	}
}

/**
 * ovg_plugin_boot_wait - wait until a plugin task has come up
 * @vgpu: the vGPU; the control page was zero when the task was started
 *
 * Return: 0; -ETIMEDOUT; -ENODEV when it crashed or GSP died.
 */
int ovg_plugin_boot_wait(struct ovg_vgpu *vgpu)
{
	const struct ovg_plugin_layout *l = &vgpu->mgr->codec->layout;
	int ret;

	/* The event is the quick way, the magic in the heap is the proof. */
	wait_for_completion_timeout(&vgpu->booted, msecs_to_jiffies(100));
	ret = wait_word(vgpu, l->seq, l->boot_magic, OVG_PLUGIN_BOOT_MS);
	if (ret == -ETIMEDOUT) {
		pci_err(vgpu->vf, "the plugin task did not come up within %u ms\n",
			OVG_PLUGIN_BOOT_MS);
		ovg_vgpu_lost(vgpu, "the plugin task did not come up");
	}
	return ret;
}

/**
 * ovg_plugin_init_ctrl - fill the control page of a task that has come up
 * @vgpu: the vGPU
 */
void ovg_plugin_init_ctrl(struct ovg_vgpu *vgpu)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	u8 ctrl[1024] = {};

	if (WARN_ON(codec->layout.ctrl_size > sizeof(ctrl)))
		return;
	codec->ctrl(ctrl);
	memcpy_toio(vgpu->comm.va + codec->layout.ctrl, ctrl, codec->layout.ctrl_size);
	vgpu->seq = 0;
}

/**
 * ovg_plugin_call - one message and its answer
 * @vgpu: the vGPU
 * @msg: which
 * @payload: its payload, NULL when @size is 0
 * @size: bytes
 * @timeout_ms: deadline
 *
 * @vgpu->lock is held.
 *
 * Return: 0; -ETIMEDOUT, after which the task is dead; -ENODEV when it is dead;
 * -EIO when it refused (the code is logged).
 */
int ovg_plugin_call(struct ovg_vgpu *vgpu, enum ovg_plugin_msg msg, const void *payload,
		    size_t size, unsigned int timeout_ms)
{
	const struct ovg_vgpu_codec *codec = vgpu->mgr->codec;
	const struct ovg_plugin_layout *l = &codec->layout;
	u32 number = codec->message(msg), result = 0;
	ktime_t start = ktime_get();
	int ret;

	if (dead(vgpu))
		return -ENODEV;

	memset_io(vgpu->comm.va + l->message, 0, l->message_size);
	if (size)
		memcpy_toio(vgpu->comm.va + l->message, payload, size);
	comm_wr32(vgpu, l->message_type, number);
	/* The message before the number that announces it. */
	wmb();
	comm_wr32(vgpu, l->seq, ++vgpu->seq);
	/* BAR1 may post writes; a read brings them home before the doorbell. */
	comm_rd32(vgpu, l->seq);
	ret = vgpu->mgr->dev->ops->plugin_doorbell(vgpu->mgr->dev, vgpu->gfid);
	if (!ret)
		ret = wait_word(vgpu, l->processed, vgpu->seq, timeout_ms);
	if (ret == -ETIMEDOUT) {
		pci_err(vgpu->vf, "the plugin task did not answer message %u within %u ms; close the VM and open the VF again\n",
			number, timeout_ms);
		ovg_vgpu_lost(vgpu, "the plugin task did not answer");
	}
	if (!ret)
		result = comm_rd32(vgpu, l->result);
	ovg_events_call(vgpu, number, result, ret ?: result ? -EIO : 0,
			ktime_us_delta(ktime_get(), start));
	if (ret)
		return ret;
	if (result) {
		pci_err(vgpu->vf, "the plugin task refused message %u: 0x%x\n", number, result);
		return -EIO;
	}
	return 0;
}

/**
 * ovg_plugin_bme - tell the task whether the VF may master the bus
 * @vgpu: the vGPU, @vgpu->lock held
 * @enable: it may
 *
 * Return: as ovg_plugin_call().
 */
int ovg_plugin_bme(struct ovg_vgpu *vgpu, bool enable)
{
	u8 buf[16] = {};
	int ret;

	if (vgpu->bus_master == enable)
		return 0;
	vgpu->mgr->codec->bme(buf, enable);
	ret = ovg_plugin_call(vgpu, OVG_PLUGIN_BME, buf, vgpu->mgr->codec->bme_size,
			      OVG_PLUGIN_RPC_MS);
	if (!ret)
		vgpu->bus_master = enable;
	return ret;
}
