/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Releases of GSP firmware: the wire formats in which they differ, behind one
 * table.  Which one runs is decided by the image that booter loads.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * ovg_r535.c and ovg_r570.c are made from one template, ovg_release.c.inc; what
 * a structure says is put into the plain structures below.  Names that begin
 * with r535_ elsewhere are formats that no release has changed since.
 */
#ifndef OVG_RELEASE_H
#define OVG_RELEASE_H

#include "qemu/units.h"
#include "common/ce.h"
#include "common/rm.h"
#include "r535/ctrl.h"
#include "r535/event.h"
#include "r535/rpc.h"
#include "r535/vgpu_ctrl.h"
#include "r535/vgpu_plugin.h"

typedef struct OvgGpu OvgGpu;
typedef struct OvgObject OvgObject;

#define OVG_ENGINE_TYPES    128
/* FB below the non-WPR heap that GSP-RM keeps: page directories of the BARs */
#define OVG_GSP_FB_GAP      (32 * MiB)

/* GSP_SET_SYSTEM_INFO */
typedef struct OvgSystemInfo {
    uint64_t bar0, bar1, bar3;
    uint32_t mirror, mirror_size;
    bool have_ids;                  /* the release asks for what follows */
    uint32_t pci_device, pci_sub_device, pci_revision;
    struct r535_vf_info vf;
} OvgSystemInfo;

/* What GET_GSP_STATIC_INFO says; the caps also answer a control. */
typedef struct OvgSriovCaps {
    uint32_t total_vfs, first_vf_offset;
    uint64_t bar[3], bar_size[3];
    bool enabled;
} OvgSriovCaps;

typedef struct OvgStaticInfo {
    uint64_t fb_limit, fb_length;
    uint64_t bar1_pde_base, bar2_pde_base;
    bool is_vgx;
    OvgSriovCaps caps;
} OvgStaticInfo;

typedef struct OvgGspArguments {
    bool resume;                    /* GSP-RM is told that it resumes */
    uint64_t shared_mem;
    uint32_t ptes;
    uint64_t cmd_off, stat_off;
} OvgGspArguments;

/* Allocation of a channel */
typedef struct OvgChannelAlloc {
    uint64_t gpfifo_va;
    uint32_t gpfifo_entries;
    uint32_t flags;
    uint32_t vaspace;
    uint32_t engine_type;
    struct r535_memory_desc inst, userd, mthdbuf;
} OvgChannelAlloc;

/* A vGPU type */
typedef struct OvgVgpuType {
    uint32_t id;
    char name[32];
    uint32_t max_instance;
    uint64_t pdev_id;
    uint64_t profile_size, fb_length, heap_size, fb_reservation;
    uint64_t bar1_length;           /* MiB */
    uint32_t heads, max_x, max_y, max_pixels;
} OvgVgpuType;

typedef struct OvgBootload {
    uint32_t dbdf, gfid, vgpu_type, vm_pid, swizz_id;
    uint32_t num_channels, num_plugin_channels;
    uint32_t chid_offset[OVG_ENGINE_TYPES];
    uint32_t engine_types;          /* entries of it that the release has */
    uint32_t fb_ranges;
    uint64_t fb_addr[R535_GUEST_FB_SEGMENTS], fb_length[R535_GUEST_FB_SEGMENTS];
    uint64_t heap, heap_length;
    uint64_t ctrl_offset;
    bool profiling;
    struct {
        uint64_t addr, size;
    } log[3];                       /* init task, vGPU task, kernel; size 0: none */
} OvgBootload;

typedef struct OvgPluginConfig {
    uint8_t uuid[16];
    uint32_t dbdf, instance_id, vgpu_type, vm_pid, swizz_id;
    uint32_t num_channels, num_plugin_channels;
    uint32_t hypervisor_type, cpu_arch;
    uint64_t page_size;
    uint32_t placement;             /* UINT32_MAX: the release has none */
    bool uvm, console_vnc;
    bool bad_flags;                 /* one of the flags is neither 0 nor 1 */
    bool bad_reserved;              /* a reserved field is not 0 */
} OvgPluginConfig;

/* A class: which class its parent has, the size of its parameters */
typedef struct OvgClass {
    uint32_t class_id;
    uint32_t parent;
    uint32_t size;
} OvgClass;

#define OVG_CTL_GUEST   1           /* a guest may use it */
#define OVG_CTL_OUT     2           /* the parameters are nothing but an answer */

/* @fn NULL: a control that manages vGPUs (ovg_plugin.c) */
typedef struct OvgControl {
    uint32_t cmd;
    uint32_t size;
    uint32_t flags;
    uint32_t (*fn)(OvgGpu *gpu, OvgObject *o, void *params);
} OvgControl;

/* A program of SEC2, as booter's boot ROM sees it */
typedef enum { PROG_NONE, PROG_LOAD, PROG_UNLOAD, PROG_SCRUBBER } OvgProg;

typedef struct OvgSec2Program {
    OvgProg prog;
    const char *name;
    uint32_t ucode_id;
    uint32_t imem_size, dmem_size;
    uint32_t paraaddr;
    const char *image;              /* SHA-256 of IMEM then DMEM, signature slot zeroed */
    const char *sig;                /* of the one for fuse version 0: the file's last */
} OvgSec2Program;

/* What GSP itself runs; SHA-256 */
typedef struct OvgGspFirmware {
    uint64_t image_size;
    const char *image;              /* section .fwimage */
    uint64_t sig_size;
    const char *sig;                /* section .fwsignature_ad10x */
    uint64_t bl_size;
    const char *bl;                 /* data of bootloader-*.bin */
    uint64_t bl_manifest, bl_data, bl_code;     /* offsets in it */
} OvgGspFirmware;

#define OVG_SEC2_PROGRAMS   3

typedef struct OvgRelease {
    const char *version;

    /* Facts about the files, computed from them */
    OvgSec2Program program[OVG_SEC2_PROGRAMS];
    OvgGspFirmware fw;

    /* Queues */
    bool checksum_used;             /* used bytes only, not whole elements */

    /* Heap of GSP-RM (gsp_fw_heap.h): least and most, and what libos takes of it */
    uint64_t heap_min, heap_max;
    uint64_t heap_min_vgpu;         /* with VF partitions; 0: not known to be enforced */
    uint64_t heap_libos_vgpu;
    /* All that GSP-RM reserves must be scrubbed, else only as much as its heap. */
    bool scrub_all;

    /* Suspend: what is saved with WPR2 begins behind the non-WPR heap. */
    bool sr_from_heap;

    /* Boot */
    uint32_t system_info_size;
    void (*system_info)(const void *buf, OvgSystemInfo *out);
    uint32_t static_info_size;
    void (*static_info)(void *buf, const OvgStaticInfo *in);
    uint32_t gsp_args_size;
    void (*gsp_args)(const void *buf, OvgGspArguments *out);

    /* RM */
    const OvgClass *classes;
    uint32_t num_classes;
    const OvgControl *controls;
    uint32_t num_controls;
    void (*channel)(const void *params, OvgChannelAlloc *out);
    void (*sriov_caps)(void *params, const OvgSriovCaps *in);
    uint16_t idx_gsp, idx_gr0;      /* MC_ENGINE_IDX_* */
    uint32_t rc_fast_path;          /* RC that wants ECC_NOTIFIER_WRITE_ACK */
    void (*rc_event)(OvgGpu *gpu, uint32_t engine, uint32_t chid, uint32_t gfid,
                     uint32_t code);
    void (*xid_event)(OvgGpu *gpu, uint32_t xid, uint32_t runlist, uint32_t chid,
                      const char *text);

    /* vGPU */
    uint32_t info_size;
    uint32_t signature_offset, signature_size;
    const void *(*info)(const void *params, uint32_t i);
    void (*type)(const void *info, OvgVgpuType *out);
    void (*bootload)(const void *params, OvgBootload *out);
    uint32_t comm_size;
    uint32_t processed, result;     /* offsets in the response page */
    int32_t received;               /* likewise, -1 when there is none */
    uint32_t surface;               /* likewise, of the first scan-out surface */
    uint32_t surface_size;          /* bytes of it that the release says for certain */
    bool surfaces_all;              /* it says where the others are */
    uint32_t config_size;
    void (*config)(const void *buf, OvgPluginConfig *out);
    uint32_t vgx_major, vgx_minor;
    uint32_t vgx_major_min;         /* of guests */
} OvgRelease;

extern const OvgRelease ovg_release_r535;
extern const OvgRelease ovg_release_r570;

/* All of them: initialiser of an array of pointers */
#define OVG_RELEASES { &ovg_release_r570, &ovg_release_r535 }

/* ovg_rm.c: controls */
uint32_t ovg_ctl_ok(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_vmmu_segment(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_ecc(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_features(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_engines(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_sriov_caps(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_gfid(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_intr_table(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_devices(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_method_buffer(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_pce_mask(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_gr_buffers(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_gpcs(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_tpcs(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_memsys(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_zcull(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_schedule(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_bind(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_add_types(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_set_notification(OvgGpu *gpu, OvgObject *o, void *params);
/* ovg_sched.c */
uint32_t ovg_ctl_sched_caps(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_sched_get(OvgGpu *gpu, OvgObject *o, void *params);
uint32_t ovg_ctl_sched_set(OvgGpu *gpu, OvgObject *o, void *params);

#endif /* OVG_RELEASE_H */
