/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the files of the core's resources side share: rm.c fb.c chid.c bar1.c
 * ce.c sriov.c aux.c debugfs.c resources.c.
 */
#ifndef OVG_RESOURCES_H
#define OVG_RESOURCES_H

#include <linux/seq_file.h>
#include <linux/sizes.h>

#include "core.h"

/* FB at the end of the usable region that the core keeps for itself. */
#define OVG_FB_CORE_SIZE	SZ_4M

#define OVG_MAX_ENGINES		64
/* Answers that GSP's list of engines may take */
#define OVG_MAX_DEVICE_PAGES	16
/* Events that the core asks GSP for */
#define OVG_NOTIFIERS		2

struct ovg_notification;
struct ovg_objects_codec;

/**
 * struct ovg_engine - one engine of the FIFO device table
 * @type: NV2080_ENGINE_TYPE_*
 * @runlist: its runlist
 * @nonstall: vector of its non-stall interrupt, OVG_NO_VECTOR when none
 */
struct ovg_engine {
	u32 type;
	u32 runlist;
	u32 nonstall;
};

#define OVG_NO_VECTOR		U32_MAX

/**
 * struct ovg_res - what the core asked GSP at start
 * @codec: encodes and decodes for the running release
 * @client: the core's own RM client
 * @rm_lock: protects @rm_clients
 * @rm_clients: all &struct vgpu_rm_client
 * @rm_ida: numbers of RM clients
 * @rm_count: members of @rm_clients
 * @vmmu_segment: bytes
 * @ecc_enabled: FB ECC is on
 * @num_engines: members of @engine
 * @engine: the FIFO device table
 * @notifier: events that were asked for, 0 where GSP refused
 */
struct ovg_res {
	const struct ovg_objects_codec *codec;
	struct vgpu_rm_client *client;
	struct mutex rm_lock;	/* rm_clients */
	struct list_head rm_clients;
	struct ida rm_ida;
	atomic_t rm_count;
	u64 vmmu_segment;
	bool ecc_enabled;
	unsigned int num_engines;
	struct ovg_engine engine[OVG_MAX_ENGINES];
	u32 notifier[OVG_NOTIFIERS];
};

void ovg_res_get_info(struct ovg_core *core, struct vgpu_core_info *info);

/* fb.c */
bool ovg_fb_contains(struct ovg_core *core, u64 addr, u64 size);
int ovg_fb_core_alloc(struct ovg_core *core, u64 size, u64 *addr);
void ovg_fb_get_span(struct ovg_core *core, u64 *base, u64 *size, u64 *total);
void ovg_fb_get_usage(struct ovg_core *core, unsigned int *ranges, u64 *bytes);
void ovg_fb_show(struct ovg_core *core, struct seq_file *s);

/* chid.c */
#define OVG_CORE_CHANNELS	2	/* of ce.c */
int ovg_chid_init(struct ovg_core *core);
void ovg_chid_fini(struct ovg_core *core);
int ovg_chid_reserve(struct ovg_core *core, u32 first, u32 count);
void ovg_chid_free(struct ovg_core *core, u32 first, u32 count);
u32 ovg_chid_core(struct ovg_core *core, unsigned int index);
u32 ovg_chid_available(struct ovg_core *core);
u32 ovg_chid_used(struct ovg_core *core);
void ovg_chid_show(struct ovg_core *core, struct seq_file *s);

/* bar1.c */
void ovg_pramin_wr32(struct ovg_core *core, u64 addr, u32 val);
void ovg_pramin_wr64(struct ovg_core *core, u64 addr, u64 val);
void ovg_pramin_zero(struct ovg_core *core, u64 addr, u64 size);
int ovg_tlb_invalidate(struct ovg_core *core, u64 pdb, bool bar);
unsigned int ovg_bar1_mappings(struct ovg_core *core);

/* ce.c */
void ovg_ce_gsp_dead(struct ovg_core *core);
bool ovg_ce_rc(struct ovg_core *core, u32 engine, u32 chid);
bool ovg_ce_broken(struct ovg_core *core);
bool ovg_ce_read_broken(struct ovg_core *core);
u64 ovg_ce_scrubbed(struct ovg_core *core);

/* aux.c */
bool ovg_aux_attached(struct ovg_core *core);
unsigned int ovg_aux_vfs_freeze(struct ovg_core *core);
void ovg_aux_vfs_thaw(struct ovg_core *core);

/* notify.c */
void ovg_notify_init(struct ovg_core *core);
void ovg_notify_fini(struct ovg_core *core);
bool ovg_notify_mine(struct ovg_core *core, const struct ovg_notification *n);

/* sriov.c */
void ovg_sriov_fini(struct ovg_core *core);

#endif /* OVG_RESOURCES_H */
