/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Private to the vGPU manager.
 */
#ifndef OVG_MGR_PRIV_H
#define OVG_MGR_PRIV_H

#include <linux/completion.h>
#include <linux/firmware.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/ratelimit_types.h>
#include <linux/rwsem.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>

#include <openvgpu/core_ops.h>
#include <openvgpu/mgr.h>

#include "placement.h"
#include "util.h"
#include "vgpu_codec.h"
#include "vgpu_params.h"
#include "vgpu_sched.h"
#include "vgpu_type.h"

/* Deadlines, milliseconds.  RM itself gives shutdown and cleanup 30 s. */
#define OVG_PLUGIN_BOOT_MS	10000
#define OVG_PLUGIN_RPC_MS	10000
#define OVG_PLUGIN_CONFIG_MS	30000
#define OVG_PLUGIN_END_MS	30000

/**
 * struct ovg_mgr_sched - the scheduler of one PF
 * @lock: held for reading while a vGPU is claimed, for writing while GSP is told
 *	of another scheduler or mode; over a wait for GSP, which nothing that ends
 *	a vGPU waits for.  Before @ovg_mgr.lock
 * @usable: GSP said at probe that graphics has one, and what it can do
 * @caps: what it can do
 * @set: what it was told; changed with @lock for writing and @ovg_mgr.lock, read
 *	with either
 * @gsp: what GSP said of it last, protected by @ovg_mgr.lock
 */
struct ovg_mgr_sched {
	struct rw_semaphore lock;	/* see above */
	bool usable;
	struct ovg_sched_caps caps;
	struct ovg_sched set;
	struct ovg_sched gsp;
};

/**
 * struct ovg_mgr - the manager of one PF
 * @ref: the auxiliary driver and each &struct ovg_vgpu hold one
 * @link: place in the list of managers
 * @dev: the core
 * @info: facts about the GPU
 * @codec: of the running release
 * @client: RM client for what is about the GPU
 * @metadata: types, empty when there is no usable file
 * @sched: the scheduler
 * @lock: protects everything below and the state of the vGPUs; never held over
 *	a wait for GSP
 * @removed: the core is going away; its operations must not be called any more
 * @frozen: the VFs are being taken away, none can be opened
 * @changing_mode: GSP is being told of another mode; no type can be selected
 * @placement: slots, and the mode
 * @vgpus: all &struct ovg_vgpu
 * @quarantined: vGPUs whose memory could not be taken back
 * @created: vGPUs created since probe
 * @debugfs: folder of this PF
 * @sampled: time of the last sample of utilisation, by GSP's clock
 * @samples: samples of the event that is being handled
 * @tell_limit: uevents of Xids that are the GPU's
 * @ecc_limit: uevents of ECC errors that were not corrected, and that were
 * @stuck: by GFID, RM clients of plugin tasks that did not end; such a VF is out
 *	of use
 */
struct ovg_mgr {
	struct kref ref;
	struct list_head link;
	struct vgpu_core_dev *dev;
	struct vgpu_core_info info;
	const struct ovg_vgpu_codec *codec;
	struct vgpu_rm_client *client;
	struct ovg_metadata *metadata;
	struct ovg_mgr_sched sched;

	struct mutex lock;	/* see above */
	bool removed;
	bool frozen;
	bool changing_mode;
	struct ovg_placement placement;
	struct list_head vgpus;
	unsigned int quarantined;
	u64 created;
	struct dentry *debugfs;
	u64 sampled;
	struct ovg_util_sample samples[OVG_UTIL_SAMPLES];
	struct ratelimit_state tell_limit;
	struct ratelimit_state ecc_limit[2];
	struct vgpu_rm_client **stuck;
};

/**
 * enum ovg_vgpu_state - life of a vGPU between open and close
 * @OVG_VGPU_CLOSED: there is none
 * @OVG_VGPU_OPENING: being created
 * @OVG_VGPU_READY: configured, the guest may run
 * @OVG_VGPU_CLOSING: its owner lets go, resets are none of ours any more
 * @OVG_VGPU_DEAD: the plugin task crashed or stopped answering; only an end is
 *	possible
 */
enum ovg_vgpu_state {
	OVG_VGPU_CLOSED,
	OVG_VGPU_OPENING,
	OVG_VGPU_READY,
	OVG_VGPU_CLOSING,
	OVG_VGPU_DEAD,
};

/**
 * enum ovg_license - what GSP says of a guest's licence
 * @OVG_LICENSE_UNKNOWN: nothing yet
 * @OVG_LICENSE_UNLICENSED: it has none
 * @OVG_LICENSE_LICENSED: it has one
 */
enum ovg_license {
	OVG_LICENSE_UNKNOWN,
	OVG_LICENSE_UNLICENSED,
	OVG_LICENSE_LICENSED,
};

/**
 * struct ovg_vgpu_events - what was said of a vGPU (protected by the manager's
 * lock, if nothing else is said)
 * @type: its type, also when it is taken away
 * @guest_loaded: the guest's driver runs
 * @license: of the guest
 * @license_tries: how often GSP is still asked, as long as it does not know the guest
 * @asked: when GSP was asked last, in jiffies
 * @guest: changes with each vGPU of this VF, and each time its guest's driver comes
 *	or goes
 * @have_util: @percent was sampled
 * @percent: utilisation
 * @sampled_at: when that came
 * @xid_count: errors that GSP logged about it
 * @xid_last: the last one
 * @dump_why: its logs are wanted, NULL when not
 * @told: it was reported as created (protected by the vGPU's lock)
 * @limit: uevents that its guest can provoke
 * @license_work: asks GSP for the licence
 * @dump_work: takes the logs
 */
struct ovg_vgpu_events {
	u32 type;
	bool guest_loaded;
	enum ovg_license license;
	unsigned int license_tries;
	unsigned long asked;
	unsigned int guest;
	bool have_util;
	u32 percent[OVG_UTIL_ENGINES];
	ktime_t sampled_at;
	u64 xid_count;
	u32 xid_last;
	const char *dump_why;
	bool told;
	struct ratelimit_state limit;
	struct delayed_work license_work;
	struct work_struct dump_work;
};

/**
 * enum ovg_log - logs in a plugin heap
 * @OVG_LOG_INIT: of the init task
 * @OVG_LOG_TASK: of the plugin task
 * @OVG_LOG_KERNEL: of the plugin's kernel, not in all releases
 */
enum ovg_log {
	OVG_LOG_INIT,
	OVG_LOG_TASK,
	OVG_LOG_KERNEL,
	OVG_LOGS,
};

/**
 * struct ovg_log_file - a log in debugfs
 * @vgpu: whose
 * @which: which
 */
struct ovg_log_file {
	struct ovg_vgpu *vgpu;
	enum ovg_log which;
};

/**
 * struct ovg_vgpu - one VF
 * @ref: the VFIO driver holds one, a callback under way another
 * @link: in @mgr->vgpus
 * @mgr: its manager
 * @vf: its PCI function
 * @gfid: VF number from 1 on
 * @cb_lock: protects @ops and @priv; held while a callback runs
 * @ops: the VFIO driver's callbacks
 * @priv: for them
 * @type: selected type, NULL when none (protected by @mgr->lock)
 * @slot: what it reserved (protected by @mgr->lock)
 * @params: settings, constant while open (protected by @mgr->lock)
 * @params_text: as they were written
 * @state: see above (protected by @mgr->lock)
 * @lock: serialises open, close, reset and messages of this VF
 * @fb: guest FB
 * @heap: plugin heap
 * @client: RM client of this vGPU
 * @comm: communication area of the heap
 * @seq: sequence number of the last message
 * @task: a plugin task was started and not ended
 * @bus_master: the plugin was told that the VF may master the bus
 * @booted: the task came up
 * @vm_pid: who opened it (written under @mgr->lock)
 * @console_why: why the guest's surface is not shown, as it was last seen
 * @console_limit: lines about that, also over several openings
 * @uuid: what GSP was told (written under @mgr->lock)
 * @ev: what GSP said of it
 * @debugfs: folder of this VF
 * @log: files in it
 */
struct ovg_vgpu {
	struct kref ref;
	struct list_head link;
	struct ovg_mgr *mgr;
	struct pci_dev *vf;
	u32 gfid;

	struct mutex cb_lock;	/* see above */
	const struct ovg_mgr_vf_ops *ops;
	void *priv;

	const struct ovg_vgpu_type *type;
	struct ovg_slot slot;
	struct ovg_vgpu_params params;
	char params_text[OVG_PARAMS_SIZE];
	enum ovg_vgpu_state state;

	struct mutex lock;	/* see above */
	struct vgpu_fb_mem fb;
	struct vgpu_fb_mem heap;
	struct vgpu_rm_client *client;
	struct vgpu_bar1_map comm;
	u32 seq;
	bool task;
	bool bus_master;
	struct completion booted;
	pid_t vm_pid;
	const char *console_why;
	struct ratelimit_state console_limit;
	uuid_t uuid;
	struct ovg_vgpu_events ev;
	struct dentry *debugfs;
	struct ovg_log_file log[OVG_LOGS];
};

/* events.c */
int ovg_events_module_init(void);
void ovg_events_module_exit(void);
void ovg_events_mgr_init(struct ovg_mgr *mgr);
void ovg_events_vgpu_init(struct ovg_vgpu *vgpu);
void ovg_events_handle(struct ovg_mgr *mgr, const struct vgpu_core_event *ev);
void ovg_events_opening(struct ovg_vgpu *vgpu);
void ovg_events_created(struct ovg_vgpu *vgpu);
void ovg_events_closed(struct ovg_vgpu *vgpu);
void ovg_events_crashed(struct ovg_vgpu *vgpu);
void ovg_events_reset(struct ovg_vgpu *vgpu);
void ovg_events_type(struct ovg_vgpu *vgpu, u32 id);
void ovg_events_call(struct ovg_vgpu *vgpu, u32 message, u32 result, int ret, s64 us);
void ovg_events_want_dump(struct ovg_vgpu *vgpu, const char *why);
void ovg_events_stop(struct ovg_vgpu *vgpu);

/* logs.c */
void ovg_logs_init(struct ovg_vgpu *vgpu, struct dentry *root);
void ovg_logs_fini(struct ovg_vgpu *vgpu);
void ovg_logs_dump(struct ovg_vgpu *vgpu);

/* main.c */
void ovg_mgr_put(struct ovg_mgr *mgr);
bool ovg_mgr_usable(struct ovg_mgr *mgr);
bool ovg_mgr_dead(struct ovg_mgr *mgr);
bool ovg_vgpu_gone(struct ovg_vgpu *vgpu);
void ovg_vgpu_lost(struct ovg_vgpu *vgpu, const char *why);
void ovg_vgpu_put(struct ovg_vgpu *vgpu);
struct ovg_vgpu *ovg_mgr_find(struct ovg_mgr *mgr, u32 gfid);

/* console.c */
void ovg_console_init(struct ovg_vgpu *vgpu);
bool ovg_console_enabled(const struct ovg_vgpu *vgpu);

/* sched.c */
int ovg_sched_init(struct ovg_mgr *mgr);
void ovg_sched_refresh(struct ovg_mgr *mgr);
extern const struct attribute_group ovg_sched_group;

/* settings.c */
void ovg_settings_reset(struct ovg_vgpu *vgpu);

/* sysfs.c */
int ovg_mode_init(struct ovg_mgr *mgr);
extern const struct attribute_group *ovg_mgr_groups[];

/* types.c */
int ovg_types_load(struct ovg_mgr *mgr);
void ovg_types_unload(struct ovg_mgr *mgr);
int ovg_types_select(struct ovg_vgpu *vgpu, u32 id);

/* vgpu.c */
void ovg_vgpu_destroy(struct ovg_vgpu *vgpu);
void ovg_vgpu_unstick(struct ovg_vgpu *vgpu);

/* plugin.c: @vgpu->lock held */
int ovg_plugin_boot_wait(struct ovg_vgpu *vgpu);
void ovg_plugin_init_ctrl(struct ovg_vgpu *vgpu);
int ovg_plugin_call(struct ovg_vgpu *vgpu, enum ovg_plugin_msg msg, const void *payload,
		    size_t size, unsigned int timeout_ms);
int ovg_plugin_bme(struct ovg_vgpu *vgpu, bool enable);

#endif /* OVG_MGR_PRIV_H */
