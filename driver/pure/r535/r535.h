/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What a later release takes over from 535.113.01 as it is.  Private to the
 * release folders; the members of the codecs say what each does.
 */
#ifndef OVG_PURE_R535_H
#define OVG_PURE_R535_H

#include "objects.h"
#include "rpc.h"
#include "vgpu_codec.h"

/* objects.c; client, channel and ECC status grew at their ends only */
void ovg_r535_client(void *params, u32 h_client);
void ovg_r535_device(void *params, u32 h_client);
void ovg_r535_vaspace(void *params);
void ovg_r535_server_pdes(void *params, const struct ovg_server_pdes *in);
void ovg_r535_channel(void *params, const struct ovg_channel_params *in);
void ovg_r535_ce(void *params, u32 engine);
void ovg_r535_bind(void *params, u32 engine);
void ovg_r535_schedule(void *params, bool enable);
void ovg_r535_devices(void *params, u32 base);
/* Walk a page of the table; @type translates RM's engine types. */
int ovg_r535_devices_walk(const void *params, u32 (*type)(u32 rm),
			  struct ovg_device_entry *out, u32 max, u32 *count, bool *more);
/* @gr_idx: index of graphics in the interrupt table */
u32 ovg_r535_intr_lookup(const void *params, u32 engine, u32 gr_idx);
int ovg_r535_intr_check(const void *params);
int ovg_r535_vmmu_segment(const void *params, u64 *bytes);
bool ovg_r535_ecc_enabled(const void *params);
int ovg_r535_mthdbuf(const void *params, u32 *bytes);
int ovg_r535_plugin(const void *payload, size_t len, u32 *gfid, u32 *notify);
void ovg_r535_event_object(void *params, u32 h_client, u32 index);
void ovg_r535_notify(void *params, u32 index, bool enable);
int ovg_r535_post(const void *payload, size_t len, struct ovg_notification *out);
bool ovg_r535_ecc_address(const struct ovg_notification *n, u64 *address);

/* rpc.c */
/* Stall vector of the engine that the interrupt table has under @idx */
int ovg_r535_intr_stall(const void *params, u32 idx, u32 *vector);
void ovg_r535_unloading(void *buf, bool suspend);
void ovg_r535_rm_alloc(void *head, u32 h_client, u32 h_parent, u32 h_object,
		       u32 class_id, u32 params_size);
u32 ovg_r535_rm_alloc_status(const void *head);
void ovg_r535_rm_control(void *head, u32 h_client, u32 h_object, u32 cmd, u32 params_size);
u32 ovg_r535_rm_control_status(const void *head);
void ovg_r535_rm_free(void *head, u32 h_client, u32 h_object);
enum ovg_event ovg_r535_event_function(u32 function);

struct r535_vf_info;
void ovg_r535_vf_info(struct r535_vf_info *vf, const struct ovg_system_info *in);
struct r535_fb_region_info;
int ovg_r535_fb_regions(const struct r535_fb_region_info *info, struct ovg_static_info *out,
			const char **why);

/* vgpu.c; the description of a type and the head of an upload grew at their ends */
void ovg_r535_gfid(void *params, u32 nr);
const char *ovg_r535_features_version(const void *params);
void ovg_r535_ctrl(void *buf);
void ovg_r535_info(void *buf, const struct ovg_vgpu_type *t, const struct ovg_type_extra *extra);
int ovg_r535_add_types_count(const void *params);
u32 ovg_r535_message(enum ovg_plugin_msg msg);
void ovg_r535_bme(void *buf, bool enable);
int ovg_r535_util(const void *payload, size_t len, struct ovg_util_sample *out, u32 max);
int ovg_r535_guest(const void *params, u32 gfid, struct ovg_guest *out);

#endif /* OVG_PURE_R535_H */
