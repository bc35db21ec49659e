/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the manager says to GSP-RM and to plugin tasks, release neutral.
 */
#ifndef OVG_PURE_VGPU_CODEC_H
#define OVG_PURE_VGPU_CODEC_H

#include "util.h"
#include "vgpu_sched.h"
#include "vgpu_type.h"

#define OVG_CODEC_ENGINES	128

/**
 * struct ovg_bootload - start of a plugin task
 * @dbdf: domain << 16 | bus << 8 | devfn of the VF
 * @gfid: VF number from 1 on
 * @vgpu_type: type number
 * @vm_pid: process that opened the VF
 * @num_channels: channel ids, a power of two
 * @num_plugin_channels: of which the plugin keeps so many
 * @engines: bit map, eight engine types a byte: those that get channel ids
 * @chid_offset: first channel id, on each of these engines
 * @fb_addr: guest FB
 * @fb_length: its bytes
 * @heap_addr: plugin heap
 * @heap_length: its bytes
 * @profiling: the guest may use the profilers
 */
struct ovg_bootload {
	u32 dbdf;
	u32 gfid;
	u32 vgpu_type;
	u32 vm_pid;
	u32 num_channels;
	u32 num_plugin_channels;
	u8 engines[OVG_CODEC_ENGINES / 8];
	u32 chid_offset;
	u64 fb_addr;
	u64 fb_length;
	u64 heap_addr;
	u64 heap_length;
	bool profiling;
};

/**
 * struct ovg_plugin_config - what a plugin task must know about its vGPU
 * @uuid: identity of the vGPU, not zero
 * @dbdf: as in bootload
 * @instance_id: RM client handle of the vGPU on the host
 * @vgpu_type: type number
 * @vm_pid: process that opened the VF
 * @num_channels: as in bootload
 * @num_plugin_channels: as in bootload
 * @page_size: of the host, bytes
 * @aarch64: host CPU is arm64, else x86-64
 * @migration: the VMM can migrate
 * @uvm: unified memory
 * @console_vnc: console on the host
 * @placement_id: where the vGPU is placed; from 570 on
 * @interrupt_optimization: Linux guests' interrupt optimisation
 * @non_stall_events: non-stall events for Linux guests
 */
struct ovg_plugin_config {
	u8 uuid[16];
	u32 dbdf;
	u32 instance_id;
	u32 vgpu_type;
	u32 vm_pid;
	u32 num_channels;
	u32 num_plugin_channels;
	u64 page_size;
	bool aarch64;
	bool migration;
	bool uvm;
	bool console_vnc;
	u16 placement_id;
	bool interrupt_optimization;
	bool non_stall_events;
};

/**
 * enum ovg_plugin_msg - messages, release neutral
 */
enum ovg_plugin_msg {
	OVG_PLUGIN_VERSION,
	OVG_PLUGIN_CONFIG,
	OVG_PLUGIN_RESET,
	OVG_PLUGIN_BME,
	OVG_PLUGIN_MSG_COUNT,
};

/**
 * struct ovg_plugin_layout - the communication area of a plugin heap; bytes
 * @comm_size: the whole area
 * @ctrl: control page
 * @ctrl_size: bytes of its structure
 * @seq: message_seq_num in the heap, where the boot magic appears
 * @message_type: message type in the heap
 * @response: response page
 * @response_size: its size
 * @processed: the last sequence number that was answered, in the heap
 * @result: its result code
 * @surface: the first of the guest's scan-out surfaces, in the heap
 * @surface_size: bytes of it that are certain
 * @message: message page
 * @message_size: its size
 * @error_log: error ring
 * @error_log_size: its size
 * @init_log: log of the init task
 * @init_log_size: its size
 * @vgpu_log: log of the plugin task
 * @vgpu_log_size: its size
 * @kernel_log: log of the plugin's kernel
 * @kernel_log_size: its size, 0 where the release has none
 * @boot_magic: what the task writes to @seq when it is up
 */
struct ovg_plugin_layout {
	u32 comm_size;
	u32 ctrl;
	u32 ctrl_size;
	u32 seq;
	u32 message_type;
	u32 response;
	u32 response_size;
	u32 processed;
	u32 result;
	u32 surface;
	u32 surface_size;
	u32 message;
	u32 message_size;
	u32 error_log;
	u32 error_log_size;
	u32 init_log;
	u32 init_log_size;
	u32 vgpu_log;
	u32 vgpu_log_size;
	u32 kernel_log;
	u32 kernel_log_size;
	u32 boot_magic;
};

/**
 * struct ovg_guest - what GSP says of the guest of a vGPU
 * @known: GSP knows the guest; else @licensed and @license_state say nothing
 * @licensed: it has a licence
 * @license_state: state of its licensing, whose values are not public
 * @driver_loaded: its driver runs
 */
struct ovg_guest {
	bool known;
	bool licensed;
	u32 license_state;
	bool driver_loaded;
};

/**
 * struct ovg_type_extra - what only GSP must know about a type
 * @licenses: products that license it, separated by semicolons
 * @cuda: CUDA is allowed
 * @frame_limit: frames per second of the limiter
 * @limiter: the limiter is at work unless the vGPU's settings say otherwise
 * @max_pixels: over all displays
 * @mappable_video_size: bytes
 * @encoder_capacity: percent
 * @multi_vgpu: a VM may have several of it
 * @multi_vgpu_exclusive: and then no others beside them
 * @gpu_direct: GPUDirect is supported
 * @nvlink_p2p: peer to peer over NVLink is supported
 */
struct ovg_type_extra {
	const char *licenses;
	bool cuda;
	u32 frame_limit;
	bool limiter;
	u32 max_pixels;
	u64 mappable_video_size;
	u32 encoder_capacity;
	bool multi_vgpu;
	bool multi_vgpu_exclusive;
	bool gpu_direct;
	bool nvlink_p2p;
};

/**
 * struct ovg_vgpu_codec - one release
 *
 * Encoders expect a zeroed buffer of the size that the member in front names.
 */
struct ovg_vgpu_codec {
	const char *version;
	/* For tools: vGPU software release that it belongs to. */
	u32 vgpu_major;
	u32 vgpu_minor;

	u32 cmd_add_types;
	u32 add_types_size;
	/* For tools: parameters with @count types; @info has info_size bytes each. */
	u32 info_size;
	u32 info_signature_offset;
	u32 info_signature_size;
	void (*info)(void *info, const struct ovg_vgpu_type *type,
		     const struct ovg_type_extra *extra);
	void (*add_types)(void *params, const void *infos, u32 count);
	/* How many types an upload carries; -EINVAL when out of range. */
	int (*add_types_count)(const void *params);

	u32 cmd_bootload;
	u32 bootload_size;
	/* -EINVAL when a field is out of range */
	int (*bootload)(void *params, const struct ovg_bootload *in);
	u32 cmd_shutdown;
	u32 cmd_cleanup;
	u32 gfid_size;
	void (*gfid)(void *params, u32 gfid);

	/* One byte: mixed-size mode.  0 where the release cannot. */
	u32 cmd_heterogeneous;

	/* The scheduler of an engine (NV2080_ENGINE_TYPE_*).  0 where the release cannot. */
	u32 cmd_sched_caps;
	u32 sched_caps_size;
	u32 cmd_sched_get;
	u32 sched_get_size;
	u32 cmd_sched_set;
	u32 sched_set_size;
	/* Questions are the engine alone, the first word, in both. */
	void (*sched_ask)(void *params, u32 engine);
	/* -EINVAL when a range has no values in it */
	int (*sched_caps)(const void *params, struct ovg_sched_caps *out);
	/* GSP does not tell the frequency: it stays what it is in @out. */
	void (*sched_get)(const void *params, struct ovg_sched *out);
	void (*sched_set)(void *params, u32 engine, const struct ovg_sched *in);

	u32 cmd_features;
	u32 features_size;
	/* Version string, NUL-terminated inside @params; NULL when malformed. */
	const char *(*features_version)(const void *params);

	struct ovg_plugin_layout layout;
	/* Control page without sequence number and message. */
	void (*ctrl)(void *ctrl);
	/* Number of a message. */
	u32 (*message)(enum ovg_plugin_msg msg);
	u32 config_size;
	void (*config)(void *buf, const struct ovg_plugin_config *in);
	u32 bme_size;
	void (*bme)(void *buf, bool enable);

	/* How many samples a payload has, at most @max; -EPROTO when GSP sent nonsense. */
	int (*util)(const void *payload, size_t len, struct ovg_util_sample *out, u32 max);
	/* All guests.  -ENOENT when that of @gfid is not among them, -EPROTO. */
	u32 cmd_guests;
	u32 guests_size;
	int (*guest)(const void *params, u32 gfid, struct ovg_guest *out);
};

extern const struct ovg_vgpu_codec ovg_vgpu_r535;
extern const struct ovg_vgpu_codec ovg_vgpu_r570;

/* The codec of a release, NULL when there is none. */
const struct ovg_vgpu_codec *ovg_vgpu_codec_find(const char *version);
/* The codecs in the order of OVG_RELEASE_CODECS(), NULL behind the last. */
const struct ovg_vgpu_codec *ovg_vgpu_codec_nth(u32 n);

/*
 * For the codecs: fill a release's table of first channel ids, one entry for each
 * engine type.  -EINVAL when a vGPU has an engine that the release does not know.
 */
int ovg_bootload_chids(const struct ovg_bootload *in, u32 *chid_offset, u32 count);

/* Value for the plugin doorbell of a GFID (nv_sriov_defines.h). */
u32 ovg_plugin_doorbell_value(u32 gfid);

#endif /* OVG_PURE_VGPU_CODEC_H */
