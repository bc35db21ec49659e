/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Private to the hardware side of the core: falcons, firmware, GSP, queues.
 */
#ifndef OVG_GSP_H
#define OVG_GSP_H

#include <linux/firmware.h>
#include <linux/ktime.h>

#include "core.h"
#include "fwimage.h"
#include "msgq.h"
#include "rpc.h"
#include "vbios_parse.h"
#include "wpr.h"

/* Deadlines, milliseconds. */
#define OVG_GFW_BOOT_MS		4000
#define OVG_FALCON_MS		4000
#define OVG_FALCON_RESET_MS	100
#define OVG_GSP_INIT_MS		30000
#define OVG_GSP_SUSPEND_MS	4000
#define OVG_SEQUENCER_MS	10000
#define OVG_RPC_DEFAULT_MS	10000
#define OVG_RPC_SPIN_US		50

/* A piece of memory that the GPU reads or writes by DMA. */
struct ovg_dma {
	void *va;
	dma_addr_t pa;
	size_t size;
};

int ovg_dma_alloc(struct ovg_core *core, size_t size, struct ovg_dma *mem);
void ovg_dma_free(struct ovg_core *core, struct ovg_dma *mem);

/**
 * struct ovg_ucode - a signed program for a falcon, ready to run
 * @name: file or ROM part it came from, for messages
 * @falcon: BAR0 base of the falcon that runs it
 * @mem: image with the right signature patched in
 * @imem_off: code in @mem
 * @imem_size: its bytes
 * @imem_dst: where in IMEM it goes
 * @dmem_off: data in @mem
 * @dmem_size: its bytes
 * @dmem_dst: where in DMEM it goes
 * @sig_dmem: the signature's place in DMEM
 * @engine_id: for the boot ROM
 * @ucode_id: for the boot ROM
 * @boot_vector: entry point
 */
struct ovg_ucode {
	const char *name;
	u32 falcon;
	struct ovg_dma mem;
	u32 imem_off;
	u32 imem_size;
	u32 imem_dst;
	u32 dmem_off;
	u32 dmem_size;
	u32 dmem_dst;
	u32 sig_dmem;
	u32 engine_id;
	u32 ucode_id;
	u32 boot_vector;
};

/* falcon.c */
int ovg_falcon_reset(struct ovg_core *core, u32 falcon);
int ovg_falcon_select_riscv(struct ovg_core *core, u32 falcon);
int ovg_falcon_run(struct ovg_core *core, const struct ovg_ucode *ucode,
		   u32 *mbox0, u32 *mbox1);
bool ovg_falcon_riscv_active(struct ovg_core *core, u32 falcon);
void ovg_falcon_no_ctx(struct ovg_core *core, u32 falcon);
void ovg_falcon_start(struct ovg_core *core, u32 falcon);
int ovg_falcon_wait_halt(struct ovg_core *core, u32 falcon);

/* fwsec.c */
int ovg_fwsec_prepare(struct ovg_core *core);
void ovg_fwsec_release(struct ovg_core *core);
int ovg_fwsec_frts(struct ovg_core *core, u64 addr, u64 size);
int ovg_fwsec_sb(struct ovg_core *core);

/* booter.c */
int ovg_booter_prepare(struct ovg_core *core, const char *path, const u8 *digest,
		       struct ovg_ucode *ucode);
int ovg_scrubber_run(struct ovg_core *core);
int ovg_booter_load(struct ovg_core *core, u64 wpr_meta);
int ovg_booter_resume(struct ovg_core *core);
int ovg_booter_unload(struct ovg_core *core);

/**
 * struct ovg_gsp_request - an RPC that waits for its reply
 * @link: place in @waiters, in the order of the requests
 * @join: where the reply goes
 * @timeout_ms: how long GSP may take for it, from when it comes to it
 * @deadline: what follows from that and from the requests before it
 * @done: complete or failed
 * @status: 0 or a negative errno, valid when @done
 * @rpc_result: result field of the reply
 */
struct ovg_gsp_request {
	struct list_head link;
	struct ovg_rpc_join join;
	unsigned int timeout_ms;
	ktime_t deadline;
	struct completion done;
	int status;
	u32 rpc_result;
};

struct ovg_event_handler {
	struct list_head link;
	u32 function;
	ovg_event_fn fn;
	void *priv;
};

/**
 * struct ovg_gsp - GSP of one PF
 * @core: the PF
 * @codec: table of the release
 * @layout: FB layout of this boot
 * @static_info: what GSP told about the GPU
 * @max_vgpus: vGPUs that the heap has room for
 * @pvmrl: registry key RmPVMRL of this boot, 0 when it was not sent
 * @rom: the VBIOS
 * @rom_size: its bytes
 * @fwsec_info: FWSEC in @rom
 * @fwsec: FWSEC ready to run
 * @booter_load: ready to run
 * @booter_unload: ready to run
 * @scrubber: ready to run, where the release has one
 * @path: firmware files of the release, below /lib/firmware
 * @app_version: of the bootloader
 * @queues: both message queues and their page table
 * @libos: libos arguments
 * @rmargs: arguments of GSP-RM
 * @log: LOGINIT, LOGINTR, LOGRM
 * @flush: page that the GPU writes to when it flushes system memory
 * @kept: memory of others that lives until GSP was stopped
 * @running: GSP sent INIT_DONE and was not unloaded
 * @halted: it raised HALT; what it said before is still in the queue
 * @unloading: it was asked to unload, so that it may halt
 * @dead: no answer is to be expected any more
 * @irq_ready: replies are announced by interrupt
 * @vector: GSP's stall vector
 * @send_lock: protects the command queue and @tx; held over the send only,
 *	never while waiting for a reply
 * @tx: one message
 * @tx_seq: sequence number of the next message
 * @tx_wr: our write pointer; the one in memory is GSP's to read, not ours
 * @rx_lock: protects the status queue, @rx and the list of waiters' heads
 * @rx: one message
 * @rx_seq: sequence number that is due
 * @rx_rd: our read pointer, likewise
 * @waiters: requests without reply, protected by @rx_lock
 * @wq: runs @rx_work
 * @rx_work: empties the status queue
 * @probe_work: sees whether GSP-RM answers after a crash report
 * @event_lock: protects @events, @event_backlog and @rc_acks
 * @events: events that were not handled yet
 * @event_backlog: members of @events
 * @rc_acks: acknowledgments of RCs that GSP waits for, due when @events is empty
 * @init_done: GSP-RM has come up, or has given up
 * @init_result: rpc_result of GSP_INIT_DONE, valid when @init_done
 * @event_work: handles them
 * @handler_lock: protects @handlers; held while a handler runs
 * @handlers: struct ovg_event_handler
 * @dead_lock: protects @dead_fn; held while it runs
 * @dead_work: runs it
 * @dead_fn: what to do when GSP is found dead
 */
struct ovg_gsp {
	struct ovg_core *core;
	const struct ovg_rpc_codec *codec;
	struct ovg_wpr_layout layout;
	struct ovg_static_info static_info;
	unsigned int max_vgpus;
	u32 pvmrl;

	u8 *rom;
	size_t rom_size;
	struct ovg_fwsec fwsec_info;
	struct ovg_ucode fwsec;
	struct ovg_ucode booter_load;
	struct ovg_ucode booter_unload;
	struct ovg_ucode scrubber;
	struct {
		char *gsp;
		char *bootloader;
		char *booter_load;
		char *booter_unload;
		char *scrubber;
	} path;
	u32 app_version;

	struct ovg_dma queues;
	struct ovg_dma libos;
	struct ovg_dma rmargs;
	struct ovg_dma log[3];
	struct ovg_dma flush;
	struct list_head kept;

	bool running;
	bool halted;
	bool unloading;
	bool dead;
	bool irq_ready;
	u32 vector;

	struct mutex send_lock;	/* see above */
	void *tx;
	u32 tx_seq;
	u32 tx_wr;

	struct mutex rx_lock;	/* see above */
	void *rx;
	u32 rx_seq;
	u32 rx_rd;
	struct list_head waiters;

	struct workqueue_struct *wq;
	struct work_struct rx_work;
	struct work_struct probe_work;

	spinlock_t event_lock;	/* see above */
	struct list_head events;
	unsigned int event_backlog;
	unsigned int rc_acks;
	bool init_done;
	u32 init_result;
	struct work_struct event_work;
	struct mutex handler_lock;	/* see above */
	struct list_head handlers;

	struct mutex dead_lock;	/* see above */
	struct work_struct dead_work;
	void (*dead_fn)(struct ovg_core *core);
};

/* gsp.c */
int ovg_gsp_ready_riscv(struct ovg_core *core);

/* msgq.c */
int ovg_msgq_init(struct ovg_gsp *gsp);
void ovg_msgq_fini(struct ovg_gsp *gsp);
void ovg_msgq_reset(struct ovg_gsp *gsp);
int ovg_msgq_send(struct ovg_gsp *gsp, u32 function, const void *payload,
		  u32 size, struct ovg_gsp_request *req, ktime_t deadline);
void ovg_msgq_drain(struct ovg_gsp *gsp);
bool ovg_msgq_pending(struct ovg_gsp *gsp);

/* rpc.c */
void ovg_gsp_mark_dead(struct ovg_gsp *gsp, const char *why);

/* events.c */
void ovg_events_init(struct ovg_gsp *gsp);
void ovg_events_fini(struct ovg_gsp *gsp);
void ovg_events_post(struct ovg_gsp *gsp, u32 function, u32 result,
		     const void *payload, u32 size);

/* sequencer.c */
int ovg_sequencer_run(struct ovg_gsp *gsp, const void *payload, u32 size);

#endif /* OVG_GSP_H */
