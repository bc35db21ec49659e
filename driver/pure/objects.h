/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The core's own RM objects and controls, release neutral: parameters of
 * clients, devices, address spaces and channels, the FIFO device table, the
 * interrupt table, and the events that are about channels and vGPUs.
 */
#ifndef OVG_PURE_OBJECTS_H
#define OVG_PURE_OBJECTS_H

#include "common/ovg_types.h"

#define OVG_VECTOR_NONE		0xffffffffU

/**
 * struct ovg_channel_params - a channel to be allocated
 * @gpfifo_va: GPU virtual address of the GPFIFO
 * @gpfifo_entries: entries in it
 * @chid: channel id that the channel must get
 * @h_vaspace: handle of its address space
 * @engine: NV2080_ENGINE_TYPE_* of the runlist's first engine
 * @inst: FB address of the instance block (4 KiB)
 * @userd: FB address of USERD
 * @mthdbuf: DMA address of the fault method buffer
 * @mthdbuf_size: bytes of it
 * @privileged: may use physical addresses
 */
struct ovg_channel_params {
	u64 gpfifo_va;
	u32 gpfifo_entries;
	u32 chid;
	u32 h_vaspace;
	u32 engine;
	u64 inst;
	u64 userd;
	u64 mthdbuf;
	u32 mthdbuf_size;
	bool privileged;
};

/**
 * struct ovg_server_pdes - the part of an address space that GSP fills
 * @va: first address, a multiple of 512 MiB
 * @pd3: FB address of the root directory
 * @pd2: FB address of the directory below it that covers @va
 * @pd1: FB address of the directory below @pd2 that covers @va
 */
struct ovg_server_pdes {
	u64 va;
	u64 pd3;
	u64 pd2;
	u64 pd1;
};

#define OVG_SERVER_PDES_SIZE	0x20000000ULL

/**
 * struct ovg_rc - GSP killed a channel
 * @engine: NV2080_ENGINE_TYPE_*
 * @chid: channel id
 * @gfid: whose it was, 0 for the PF and in releases that do not tell
 * @code: what it did, a number of nverror.h as an Xid's
 */
struct ovg_rc {
	u32 engine;
	u32 chid;
	u32 gfid;
	u32 code;
};

/**
 * struct ovg_notification - an event that was asked for has happened
 * @h_client: client of the event object
 * @h_event: the event object
 * @index: notifier, NV2080_NOTIFIERS_*
 * @data: what it brought with it, not aligned
 * @size: bytes of @data
 */
struct ovg_notification {
	u32 h_client;
	u32 h_event;
	u32 index;
	const void *data;
	u32 size;
};

/**
 * struct ovg_device_entry - an engine of the FIFO device table
 * @type: NV2080_ENGINE_TYPE_*, 0 for an engine that no channel of a vGPU runs on
 *	(software, SEC2)
 * @runlist: id of its runlist
 */
struct ovg_device_entry {
	u32 type;
	u32 runlist;
};

/*
 * struct ovg_objects_codec - one release
 *
 * A *_size member is the size of the parameters that the functions of the same
 * name work on, *_cmd the control that takes them.  Encoders expect zeroed
 * parameters.  Decoders check what they read and return -EPROTO when GSP sent
 * nonsense.
 */
struct ovg_objects_codec {
	const char *version;

	u32 client_size;
	void (*client)(void *params, u32 h_client);
	u32 device_size;
	void (*device)(void *params, u32 h_client);
	u32 subdevice_size;
	u32 vaspace_size;
	void (*vaspace)(void *params);
	u32 server_pdes_cmd;
	u32 server_pdes_size;
	void (*server_pdes)(void *params, const struct ovg_server_pdes *in);
	u32 channel_size;
	void (*channel)(void *params, const struct ovg_channel_params *in);
	u32 ce_size;
	void (*ce)(void *params, u32 engine);
	u32 bind_cmd;
	u32 bind_size;
	void (*bind)(void *params, u32 engine);
	u32 schedule_cmd;
	u32 schedule_size;
	void (*schedule)(void *params, bool enable);

	/* one page of the table, from entry @base on; more pages while *more */
	u32 devices_cmd;
	u32 devices_size;
	void (*devices)(void *params, u32 base);
	int (*devices_get)(const void *params, struct ovg_device_entry *out,
			   u32 max, u32 *count, bool *more);
	u32 intr_cmd;
	u32 intr_size;
	int (*intr_check)(const void *params);
	/* vector of the non-stall interrupt, or OVG_VECTOR_NONE */
	u32 (*intr_nonstall)(const void *params, u32 engine);

	u32 vmmu_segment_cmd;
	u32 vmmu_segment_size;
	int (*vmmu_segment)(const void *params, u64 *bytes);
	u32 ecc_cmd;
	u32 ecc_size;
	bool (*ecc_enabled)(const void *params);
	u32 mthdbuf_cmd;
	u32 mthdbuf_size;
	int (*mthdbuf)(const void *params, u32 *bytes);

	/* events: function numbers and what they are about */
	u32 event_rc;
	int (*rc)(const void *payload, size_t len, struct ovg_rc *out);
	u32 event_plugin;
	int (*plugin)(const void *payload, size_t len, u32 *gfid, u32 *notify);
	u32 event_util;
	u32 event_xid;

	/* an event object below a subdevice, its switch, and what it then says */
	u32 event_class;
	u32 event_size;
	void (*event)(void *params, u32 h_client, u32 index);
	u32 notify_cmd;
	u32 notify_size;
	void (*notify)(void *params, u32 index, bool enable);
	u32 event_post;
	int (*post)(const void *payload, size_t len, struct ovg_notification *out);
	/* notifiers of corrected and uncorrected errors of the FB */
	u32 notify_ecc_corrected;
	u32 notify_ecc_uncorrected;
	/* where an uncorrected error was; false when GSP did not say */
	bool (*ecc_address)(const struct ovg_notification *n, u64 *address);
};

extern const struct ovg_objects_codec ovg_objects_r535;
extern const struct ovg_objects_codec ovg_objects_r570;

/* The codec of a release, NULL when there is none. */
const struct ovg_objects_codec *ovg_objects_codec(const char *version);

#endif /* OVG_PURE_OBJECTS_H */
