/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that play GSP's firmware (ovg_gsp.c ovg_rm.c ovg_types.c
 * ovg_plugin.c ovg_surface.c) share among themselves.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#ifndef OVG_GSP_H
#define OVG_GSP_H

#include "ovg.h"
#include "ovg_release.h"

/* Handles of GSP's own client, outside of what CPU-RM and guests choose. */
#define OVG_H_INTERNAL_CLIENT    0xc2000000
#define OVG_H_INTERNAL_DEVICE    0xc2000001
#define OVG_H_INTERNAL_SUBDEVICE 0xc2000002

/* Copy engines: 0 and 1 sit on the graphics runlist, the others have their own */
#define OVG_GSP_CES             5
#define OVG_GRAPHICS_CES        2
/* 12 GPCs, 71 TPCs: 142 SMs */
#define OVG_GPCS                12
static inline uint32_t ovg_tpc_mask(uint32_t gpc)
{
    return gpc >= OVG_GPCS ? 0 : gpc ? 0x3f : 0x1f;
}
/* The copy engine that guests are told to use */
#define OVG_GUEST_CE            2
/* And one on the runlist of graphics */
#define OVG_GUEST_GRAPHICS_CE   0

/* Runlist of an NV2080 engine type, -1 when there is no such engine */
int ovg_gsp_runlist(uint32_t engine);

/* vGPUs at a time that the heap of this boot has room for */
uint32_t ovg_gsp_partitions(OvgGpu *gpu);
/* End of the FB that CPU-RM may use */
uint64_t ovg_gsp_fb_limit(OvgGpu *gpu);
/* RMSetSriovMode was set */
bool ovg_gsp_sriov(OvgGpu *gpu);
void ovg_gsp_sriov_caps(OvgGpu *gpu, OvgSriovCaps *s);
/*
 * Call @fn after @us microseconds of virtual time, unless GSP stops before.
 * A call of the same @fn and @arg that waits already is enough.
 */
void ovg_gsp_later(OvgGpu *gpu, uint32_t us, void (*fn)(OvgGpu *gpu, uint32_t arg),
                   uint32_t arg);
/* Forget such a call. */
void ovg_gsp_cancel(OvgGpu *gpu, void (*fn)(OvgGpu *gpu, uint32_t arg),
                    uint32_t arg);

/* End of the FB that GSP-RM itself must save when it suspends */
uint64_t ovg_gsp_own_end(OvgGpu *gpu);

/* ---- ovg_fbsr.c ---- */
#define OVG_PAGE    4096ULL
/* System memory to save to, and where in it GSP-RM's own goes. */
uint32_t ovg_fbsr_init(OvgGpu *gpu, const uint64_t *page, uint64_t pages, uint64_t own_offset);
/* @size bytes of FB, from @vid_offset of a list of pages on, go to @sys_offset. */
uint32_t ovg_fbsr_region(OvgGpu *gpu, const uint64_t *page, uint64_t pages,
                         uint64_t vid_offset, uint64_t sys_offset, uint64_t size);
bool ovg_fbsr_save(OvgGpu *gpu);
bool ovg_fbsr_restore(OvgGpu *gpu);
void ovg_fbsr_reset(OvgGpu *gpu);

/* ---- ovg_rm.c ---- */
/* RPC ALLOC_MEMORY: nouveau names the memory it saves FB to when it suspends. */
uint32_t ovg_rm_rpc_alloc_memory(OvgGpu *gpu, void *payload, size_t len);
/* Page numbers of such memory, NULL when there is none of that class. */
const uint64_t *ovg_rm_memory_list(OvgGpu *gpu, uint32_t client, uint32_t handle,
                                   uint32_t class_id, uint64_t *pages);

/* ---- ovg_plugin.c ---- */
/* Channel ids, the last ones of a gfid's, that its plugin task keeps */
uint32_t ovg_plugin_own_channels(OvgGpu *gpu, uint32_t gfid);

/* Process of the VM that has a gfid, 0 when there is none */
uint32_t ovg_plugin_vm_pid(OvgGpu *gpu, uint32_t gfid);

/* ---- ovg_event.c ---- */
/* Sample utilisation as long as there are vGPUs. */
void ovg_event_sample_start(OvgGpu *gpu);

/* ---- ovg_rm.c ---- */
/* The @n-th event object of the PF that a notifier is to go to; false: no more. */
bool ovg_rm_event_object(OvgGpu *gpu, uint32_t index, uint32_t n, uint32_t *client,
                         uint32_t *handle);

/* The release whose formats a guest speaks, agreed upon in its handshake */
const OvgRelease *ovg_plugin_guest_release(OvgGpu *gpu, uint32_t gfid);

/* ---- ovg_surface.c ---- */
/* What a plugin task knows of its guest's displays */
typedef struct OvgScanout {
    uint32_t gfid;
    uint64_t response;              /* response page, FB address */
    OvgVgpuType type;
    bool console;                   /* the host wants it */
    bool shown[4];
    uint64_t updates[4];
} OvgScanout;

/* RPCs of a guest */
uint32_t ovg_surface_set(OvgGpu *gpu, OvgScanout *o, const void *payload, uint32_t len);
uint32_t ovg_surface_cleanup(OvgGpu *gpu, OvgScanout *o, const void *payload, uint32_t len);
/* The guest is gone: nothing is shown any more. */
void ovg_surface_clear(OvgGpu *gpu, OvgScanout *o);

/* ---- ovg_types.c ---- */
void ovg_types_reset(OvgGpu *gpu);
/* @p: head of an upload, the same in all releases */
uint32_t ovg_types_add(OvgGpu *gpu, const struct r535_add_vgpu_type *p);
const OvgVgpuType *ovg_types_find(OvgGpu *gpu, uint32_t id);

#endif /* OVG_GSP_H */
