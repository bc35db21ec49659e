/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Private contract between the files of the core driver.
 */
#ifndef OVG_CORE_H
#define OVG_CORE_H

#include <linux/completion.h>
#include <linux/dcache.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <openvgpu/core_ops.h>

struct ovg_gsp;
struct ovg_irq;
struct ovg_res;
struct ovg_fb;
struct ovg_chids;
struct ovg_bar1;
struct ovg_ce;
struct ovg_aux;

/**
 * struct ovg_core_stats - what happened since probe
 * @rpcs: requests sent to GSP (rpc.c)
 * @rpc_timeouts: requests without an answer in time (rpc.c)
 * @events: events that GSP posted (events.c)
 */
struct ovg_core_stats {
	atomic64_t rpcs;
	atomic64_t rpc_timeouts;
	atomic64_t events;
};

/**
 * struct ovg_core - one physical function
 * @pdev: the PCI device
 * @bar0: registers, 16 MiB
 * @chip: "ad102": where its firmware is, below nvidia/
 * @irq: interrupts (irq.c)
 * @gsp: GSP, its queues and firmware (gsp.c, msgq.c, rpc.c)
 * @res: what GSP said about the board, RM clients (resources.c, rm.c)
 * @fb: framebuffer ranges (fb.c)
 * @chids: channel ids (chid.c)
 * @bar1: CPU window into FB (bar1.c)
 * @ce: scrubbing channel (ce.c)
 * @aux: the auxiliary device (aux.c)
 * @debugfs: directory of this PF
 * @num_vfs_lock: serialises sriov_configure against attach and remove
 * @stats: counters for debugfs
 */
struct ovg_core {
	struct pci_dev *pdev;
	void __iomem *bar0;
	const char *chip;
	struct ovg_irq *irq;
	struct ovg_gsp *gsp;
	struct ovg_res *res;
	struct ovg_fb *fb;
	struct ovg_chids *chids;
	struct ovg_bar1 *bar1;
	struct ovg_ce *ce;
	struct ovg_aux *aux;
	struct dentry *debugfs;
	struct mutex num_vfs_lock;	/* sriov_configure against remove */
	struct ovg_core_stats stats;
};

static inline u32 ovg_rd32(struct ovg_core *core, u32 reg)
{
	return readl(core->bar0 + reg);
}

static inline void ovg_wr32(struct ovg_core *core, u32 reg, u32 val)
{
	writel(val, core->bar0 + reg);
}

/*
 * "hardware" side: pci.c irq.c falcon.c fwsec.c booter.c gsp.c msgq.c rpc.c events.c
 */

/* Everything up to GSP_INIT_DONE and static info; undone by ovg_gsp_fini(). */
int ovg_gsp_init(struct ovg_core *core);
/* Orderly unload (UNLOADING_GUEST_DRIVER, FWSEC-SB, booter_unload). */
void ovg_gsp_fini(struct ovg_core *core);
bool ovg_gsp_dead(struct ovg_core *core);
/* Stop GSP at once, without a word to it. */
void ovg_gsp_halt(struct ovg_core *core);
/* The device is lost or being reset: nothing is to be expected of GSP any more. */
void ovg_gsp_lost(struct ovg_core *core, const char *why);
/*
 * Coherent memory that a channel may write to even when GSP cannot be told to
 * free it: it lives until GSP was stopped.  NULL when there is none.
 */
void *ovg_gsp_dma_keep(struct ovg_core *core, size_t size, dma_addr_t *dma);
/* What GET_GSP_STATIC_INFO said, release neutral (pure/rpc.h). */
struct ovg_static_info;
const struct ovg_static_info *ovg_gsp_static_info(struct ovg_core *core);
const char *ovg_gsp_version(struct ovg_core *core);
/* vGPUs that the WPR heap of this boot has room for (gsp.c decides both). */
unsigned int ovg_gsp_max_vgpus(struct ovg_core *core);
u32 ovg_gsp_pvmrl(struct ovg_core *core);
/* sched.c: what the user wants GSP-RM to be told at boot */
bool ovg_sched_boot_value(u32 *value);
/* The codec table of the running release (pure/rpc.h). */
struct ovg_rpc_codec;
const struct ovg_rpc_codec *ovg_gsp_codec(struct ovg_core *core);

/**
 * ovg_rpc_call - one GSP RPC, request and reply
 * @core: the PF
 * @function: RPC function number
 * @payload: request payload (behind the RPC header); the reply's payload is
 *	copied over it
 * @size: bytes of @payload; larger than one element is split into and
 *	reassembled from continuation records
 * @timeout_ms: deadline, 0 for the default
 *
 * Return: 0; -ETIMEDOUT; -ENODEV when GSP is dead; -EIO when rpc_result is not 0
 * (the value is logged); -EPROTO on a malformed reply.
 */
int ovg_rpc_call(struct ovg_core *core, u32 function, void *payload,
		 size_t size, unsigned int timeout_ms);
/* One that has no reply; waits for room in the queue only. */
int ovg_rpc_post(struct ovg_core *core, u32 function, const void *payload, u32 size);

/* Events that GSP posts: handler runs in process context, one at a time. */
typedef void (*ovg_event_fn)(void *priv, u32 function, const void *payload, size_t len);
int ovg_event_register(struct ovg_core *core, u32 function, ovg_event_fn fn, void *priv);
/* Wait until what GSP has posted so far was handled; not from a handler. */
void ovg_events_flush(struct ovg_core *core);
/* Returns after a handler that was running has ended. */
void ovg_event_unregister(struct ovg_core *core, u32 function);
/*
 * Called once when GSP is found dead, process context (aux.c sets it).  With
 * NULL: returns after a handler that was running has ended.
 */
void ovg_gsp_set_dead_handler(struct ovg_core *core, void (*fn)(struct ovg_core *core));

/* Non-stall interrupt of an engine: vector of the CPU interrupt tree. */
int ovg_irq_register(struct ovg_core *core, unsigned int vector,
		     void (*fn)(void *priv), void *priv);
void ovg_irq_unregister(struct ovg_core *core, unsigned int vector);
int ovg_irq_init(struct ovg_core *core);
void ovg_irq_fini(struct ovg_core *core);

/*
 * "resources" side: rm.c fb.c chid.c bar1.c ce.c sriov.c aux.c debugfs.c
 */

struct vgpu_rm_client {
	struct ovg_core *core;
	struct list_head link;
	u32 h_client;
	u32 h_device;
	u32 h_subdevice;
};

int ovg_rm_client_alloc(struct ovg_core *core, struct vgpu_rm_client **client);
void ovg_rm_client_free(struct ovg_core *core, struct vgpu_rm_client *client);
int ovg_rm_alloc(struct ovg_core *core, u32 h_client, u32 h_parent, u32 h_object,
		 u32 class_id, void *params, size_t size);
int ovg_rm_free(struct ovg_core *core, u32 h_client, u32 h_object);
int ovg_rm_ctrl(struct ovg_core *core, u32 h_client, u32 h_object, u32 cmd,
		void *params, size_t size, unsigned int timeout_ms);
int ovg_rm_ask(struct ovg_core *core, u32 h_client, u32 h_object, u32 cmd,
	       void *params, size_t size, unsigned int timeout_ms);
/* Same on GSP's internal subdevice (static info). */
int ovg_rm_internal_ctrl(struct ovg_core *core, u32 cmd, void *params, size_t size);

/* Called by pci.c after ovg_gsp_init(): brings up fb, chids, bar1, ce, debugfs, aux. */
int ovg_resources_init(struct ovg_core *core);
void ovg_resources_fini(struct ovg_core *core);

int ovg_core_sriov_configure(struct pci_dev *pdev, int num_vfs);

int ovg_fb_init(struct ovg_core *core);
void ovg_fb_fini(struct ovg_core *core);
int ovg_fb_reserve(struct ovg_core *core, u64 addr, u64 size, struct vgpu_fb_mem *mem);
void ovg_fb_free(struct ovg_core *core, struct vgpu_fb_mem *mem);

int ovg_bar1_init(struct ovg_core *core);
void ovg_bar1_fini(struct ovg_core *core);
int ovg_bar1_map(struct ovg_core *core, const struct vgpu_fb_mem *mem, u64 offset,
		 u64 size, struct vgpu_bar1_map *map);
void ovg_bar1_unmap(struct ovg_core *core, struct vgpu_bar1_map *map);

int ovg_ce_init(struct ovg_core *core);
void ovg_ce_fini(struct ovg_core *core);
int ovg_ce_scrub(struct ovg_core *core, u64 addr, u64 size);
int ovg_ce_read(struct ovg_core *core, u64 addr, void *buf, size_t size);

int ovg_aux_init(struct ovg_core *core);
void ovg_aux_fini(struct ovg_core *core);

void ovg_debugfs_init(struct ovg_core *core);
void ovg_debugfs_fini(struct ovg_core *core);

#endif /* OVG_CORE_H */
