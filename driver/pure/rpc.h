/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The RPCs of boot, and what every RM call has in common, release neutral.
 */
#ifndef OVG_PURE_RPC_H
#define OVG_PURE_RPC_H

#include "common/ovg_types.h"

#define OVG_FB_REGIONS	16

/**
 * struct ovg_system_info - what GSP must know about the PCI function
 * @bar0: physical address of the registers
 * @bar1: of the FB window
 * @bar3: of the instance window
 * @bdf: bus << 8 | devfn
 * @domain: PCI domain
 * @max_user_va: first address that is no user address
 * @device_id: PCI device id
 * @sub_vendor: PCI subsystem vendor id
 * @sub_device: PCI subsystem device id
 * @revision: PCI revision
 * @flr: the function can be reset by itself
 * @link_cap: link capabilities register of the PCIe capability, 0 when none
 * @page_size: of the host, bytes
 * @total_vfs: VFs of the SR-IOV capability; 0 leaves the VF fields out
 * @first_vf_offset: routing id offset of the first VF
 * @vf_bar: physical address of the first VF's BAR0, 1 and (as RM counts) 2
 * @vf_bar_64: it is a 64-bit BAR
 */
struct ovg_system_info {
	u64 bar0;
	u64 bar1;
	u64 bar3;
	u32 bdf;
	u32 domain;
	u64 max_user_va;
	u16 device_id;
	u16 sub_vendor;
	u16 sub_device;
	u8 revision;
	bool flr;
	u32 link_cap;
	u32 page_size;
	u32 total_vfs;
	u32 first_vf_offset;
	u64 vf_bar[3];
	bool vf_bar_64[3];
};

/**
 * struct ovg_registry_key - one registry key, a 32-bit number
 * @name: its name
 * @value: its value
 */
struct ovg_registry_key {
	const char *name;
	u32 value;
};

/**
 * struct ovg_fb_region - a part of FB as GSP describes it
 * @base: first byte
 * @size: bytes
 * @usable: free for us: neither reserved nor protected
 */
struct ovg_fb_region {
	u64 base;
	u64 size;
	bool usable;
};

/**
 * struct ovg_static_info - what GSP told about the GPU
 * @num_regions: members of @region
 * @region: FB regions, ascending
 * @fb_length: size of FB
 * @bar1_pde_base: FB address of the page directory (PD3) of BAR1
 * @bar2_pde_base: of BAR2
 * @h_client: GSP's own client
 * @h_device: its device
 * @h_subdevice: its subdevice
 * @sriov_enabled: GSP runs with SR-IOV on
 * @total_vfs: VFs as GSP understood it
 */
struct ovg_static_info {
	u32 num_regions;
	struct ovg_fb_region region[OVG_FB_REGIONS];
	u64 fb_length;
	u64 bar1_pde_base;
	u64 bar2_pde_base;
	u32 h_client;
	u32 h_device;
	u32 h_subdevice;
	bool sriov_enabled;
	u32 total_vfs;
};

/**
 * enum ovg_event - events that the transport itself must know
 */
enum ovg_event {
	OVG_EVENT_OTHER,
	OVG_EVENT_INIT_DONE,
	OVG_EVENT_RUN_CPU_SEQUENCER,
	OVG_EVENT_OS_ERROR_LOG,
	OVG_EVENT_LIBOS_PRINT,
	/* an RC that is about no channel: GSP waits until @fn_rc_ack acknowledges it */
	OVG_EVENT_RC_FAST_PATH,
};

/**
 * struct ovg_rpc_codec - one release
 *
 * Encoders expect a zeroed buffer of the size that the member in front names.
 */
struct ovg_rpc_codec {
	const char *version;

	/*
	 * SHA-256 of booter_unload's file.  Booter_load, the GSP image and the
	 * bootloader are judged by the hardware at boot; booter_unload runs when
	 * it is too late to refuse it.
	 */
	u8 booter_unload_sha256[32];

	/* Heap of GSP-RM with vGPU, bytes, and the VFs that it is divided among */
	u64 vgpu_heap_size;
	u32 vf_partitions;
	/* A program of the release clears the FB that Ada does not clear by itself. */
	bool scrubber;
	/* Checksums cover a message's used bytes only, not its whole elements. */
	bool checksum_used;

	/* function numbers */
	u32 fn_set_system_info;
	u32 fn_set_registry;
	u32 fn_static_info;
	u32 fn_unloading;
	u32 fn_free;
	u32 fn_rm_alloc;
	u32 fn_rm_control;
	/* acknowledges OVG_EVENT_RC_FAST_PATH; has no payload and no reply */
	u32 fn_rc_ack;

	u32 system_info_size;
	void (*system_info)(void *buf, const struct ovg_system_info *in);
	u32 static_info_size;
	/* -EPROTO when GSP sent nonsense, @why says what */
	int (*static_info)(const void *buf, struct ovg_static_info *out, const char **why);
	u32 unloading_size;
	void (*unloading)(void *buf, bool suspend);

	u32 gsp_args_size;
	void (*gsp_args)(void *buf, u64 shared_mem, u32 ptes, u64 cmd_off, u64 stat_off);

	/* Interrupt table of GSP: control, size, and the stall vector of GSP itself */
	u32 cmd_intr_table;
	u32 intr_table_size;
	int (*intr_gsp)(const void *params, u32 *vector);

	/* RM calls: the head in front of the parameters */
	u32 rm_alloc_size;
	void (*rm_alloc)(void *head, u32 h_client, u32 h_parent, u32 h_object,
			 u32 class_id, u32 params_size);
	u32 (*rm_alloc_status)(const void *head);
	u32 rm_control_size;
	void (*rm_control)(void *head, u32 h_client, u32 h_object, u32 cmd, u32 params_size);
	u32 (*rm_control_status)(const void *head);
	u32 rm_free_size;
	void (*rm_free)(void *head, u32 h_client, u32 h_object);

	enum ovg_event (*event)(u32 function, const void *payload, size_t len);
	/* Text of an error log event, NUL-terminated inside @buf; NULL when malformed. */
	const char *(*error_log)(const void *payload, size_t len, u32 *xid, u32 *chid);
};

extern const struct ovg_rpc_codec ovg_rpc_r535;
extern const struct ovg_rpc_codec ovg_rpc_r570;

/* The codec of a release, NULL when there is none. */
const struct ovg_rpc_codec *ovg_rpc_codec_find(const char *version);
/* The releases in the order in which they are tried, NULL behind the last. */
const struct ovg_rpc_codec *ovg_rpc_codec_nth(u32 n);

/* Bytes of the packed registry table for @keys. */
u32 ovg_registry_size(const struct ovg_registry_key *keys, u32 count);
/* Pack it; @buf has ovg_registry_size() bytes. */
void ovg_registry_pack(void *buf, const struct ovg_registry_key *keys, u32 count);

/* Negative errno for an RM status, 0 for NV_OK. */
int ovg_rm_status_errno(u32 status);
/* Its name, "NV_ERR_..."; "unknown" when we have none. */
const char *ovg_rm_status_name(u32 status);

#endif /* OVG_PURE_RPC_H */
