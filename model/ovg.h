/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model of an NVIDIA L40 (AD102) with SR-IOV and an emulated GSP: what the
 * files of the model share.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#ifndef OVG_H
#define OVG_H

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "hw/pci/pci_device.h"
#include "exec/memory.h"
#include "qom/object.h"
#include "common/ovg_types.h"
#include "common/regs.h"

#define TYPE_OVG_L40    "ovg-l40"
#define TYPE_OVG_L40_VF "ovg-l40-vf"

#define OVG_MAX_VFS     32
#define OVG_MAX_GFID    (OVG_MAX_VFS + 1)
#define OVG_INTR_LEAVES 8
#define OVG_RUNLISTS    16      /* more than there are */

typedef struct OvgGpu OvgGpu;
typedef struct OvgFunction OvgFunction;
typedef struct OvgFalcon OvgFalcon;     /* ovg_falcon.c */
typedef struct OvgBoot OvgBoot;         /* ovg_boot.c */
typedef struct OvgGsp OvgGsp;           /* ovg_gsp.c */
typedef struct OvgRm OvgRm;             /* ovg_rm.c */
typedef struct OvgFbsr OvgFbsr;         /* ovg_fbsr.c */
typedef struct OvgPlugins OvgPlugins;   /* ovg_plugin.c */
typedef struct OvgEvents OvgEvents;     /* ovg_event.c */
typedef struct OvgFb OvgFb;             /* ovg_fb.c */
typedef struct OvgVmmu OvgVmmu;         /* ovg_vmmu.c */
typedef struct OvgFifo OvgFifo;         /* ovg_fifo.c */
typedef struct OvgChannel OvgChannel;   /* ovg_fifo.c */
typedef struct OvgBarMmu OvgBarMmu;     /* ovg_mmu.c */
typedef struct OvgMmu OvgMmu;           /* ovg_mmu.c */
typedef struct OvgSched OvgSched;       /* ovg_sched.c */

/*
 * One PCI function: the PF (gfid 0) or a VF (gfid 1..32).  Embedded in the
 * object of the PF and in that of each VF.  A disabled VF keeps its object;
 * QEMU creates all of them once.
 */
struct OvgFunction {
    OvgGpu *gpu;
    PCIDevice *pdev;
    uint32_t gfid;

    MemoryRegion bar0;
    OvgBarMmu *bar1;            /* GMMU-translated window into FB */
    OvgBarMmu *bar3;            /* PF: BAR2 of the RM's language; VF: same */

    /* CPU interrupt tree (ovg_intr.c) */
    uint32_t leaf[OVG_INTR_LEAVES];
    uint32_t leaf_en[OVG_INTR_LEAVES];
    uint32_t top_en;
    uint32_t intr_out;          /* subtrees that were signalled, for edges */

    /* NV_VIRTUAL_FUNCTION_PRIV storage: scratch, BAR blocks (ovg_bar0.c) */
    uint32_t scratch[64];
    uint32_t bar1_block[2];     /* 0xf40/0xf44 */
    uint32_t bar2_block[2];     /* 0xf48/0xf4c */
    uint64_t inval_pdb;         /* 0x30a0/0x30a4 */
};

/* Faults that a test can order, see the "fault" property in docs/model.md. */
typedef enum {
    OVG_FAULT_GSP_SILENT,       /* GSP consumes commands and never answers */
    OVG_FAULT_RPC_DROP,         /* the next n replies are lost */
    OVG_FAULT_RPC_CORRUPT,      /* the next n replies have a bad checksum */
    OVG_FAULT_RPC_DELAY,        /* the next n replies come arg ms late */
    OVG_FAULT_RPC_BADSEQ,       /* the next n replies have a wrong sequence */
    OVG_FAULT_GSP_CRASH,        /* GSP halts now */
    OVG_FAULT_PLUGIN_SILENT,    /* plugin task of gfid arg stops answering */
    OVG_FAULT_PLUGIN_CRASH,     /* plugin task of gfid arg crashes now */
    OVG_FAULT_PLUGIN_NO_BOOT,   /* the next n bootloads never write the magic */
    OVG_FAULT_CE_HANG,          /* copy engine consumes nothing */
    OVG_FAULT_SCRUBBER_STOP,    /* the scrubber stops half way */
    OVG_FAULT_GSP_REPORT,       /* something on GSP crashes, GSP-RM goes on */
    OVG_FAULT_BOOT_INIT_FAILS,  /* GSP-RM comes up and says that it failed */
    OVG_FAULT_BOOT_NO_INIT_DONE,/* GSP starts and stays silent */
    OVG_FAULT_CE_READ_POISON,   /* the next n copies of the PF out of FB find poison */
    OVG_FAULT_SURFACE_BAD,      /* the next n surfaces are spoiled, arg says how */
    OVG_FAULT_SCHED_REFUSE,     /* the next n schedulers are refused */
    OVG_FAULT_MODE_REFUSE,      /* the next n modes of sizes are refused */
    OVG_FAULT_CLEANUP_REFUSE,   /* the next n plugin tasks do not end */
    OVG_FAULT_CHANNEL_REFUSE,   /* the next n channels of the PF with id arg are refused */
    OVG_FAULT_XID,              /* GSP logs an error of gfid arg now */
    OVG_FAULT_RC,               /* a channel of gfid arg is killed now */
    OVG_FAULT_ECC,              /* FB has lost something now */
    OVG_FAULT_ECC_CORRECTED,    /* FB has nearly lost something now */
    OVG_FAULT_LICENSE,          /* the licence of gfid arg changes now */
    OVG_FAULT_RC_FAST_PATH,     /* GSP wants the fast path acknowledged now */
    OVG_FAULT__MAX
} OvgFaultKind;

typedef struct OvgFault {
    uint32_t count;             /* strikes left; UINT32_MAX: always */
    uint32_t arg;
} OvgFault;

/* A board that there is; the model differs in nothing else by it. */
typedef struct OvgBoard {
    const char *name;           /* property "board" */
    uint16_t device_id;
    uint16_t subsystem_id;      /* of NVIDIA's own board */
    uint16_t chip;              /* NV_PMC_BOOT_0_CHIP_* */
    uint32_t fb_gib;            /* without ECC */
} OvgBoard;

struct OvgGpu {
    OvgFunction *fn[OVG_MAX_GFID];      /* [0] is the PF */
    const OvgBoard *board;

    /* properties */
    bool trust_types;           /* "trust-types": signatures that are not ours */
    bool ecc;                   /* "ecc": of FB, for GSP's next start; sets the default of fb-size */
    bool vnc_connected;         /* "vnc-connected": guests hear that somebody looks */
    uint64_t fb_size;           /* "fb-size", default that of the board */
    uint64_t vmmu_segment;      /* "vmmu-segment", default by the board's FB */
    uint64_t bar1_size;         /* "bar1-size" */
    uint64_t vf_bar1_size;      /* "vf-bar1-size" */
    uint32_t total_vfs;         /* "total-vfs" */
    uint64_t prescrubbed;       /* "prescrubbed": scrubbed top of FB, 256 MiB */

    OvgFalcon *gsp_falcon;
    OvgFalcon *sec2_falcon;
    OvgBoot *boot;
    OvgGsp *gsp;
    OvgRm *rm;
    OvgFbsr *fbsr;
    OvgPlugins *plugins;
    OvgEvents *events;
    struct OvgTypes *types;     /* ovg_types.c */
    uint8_t *vbios;             /* made by the first ovg_vbios_rom() */
    OvgFb *fb;
    OvgVmmu *vmmu;
    OvgMmu *mmu;                /* made by the first ovg_bar_mmu_new() */
    OvgFifo *fifo;
    OvgSched *sched;

    OvgFault fault[OVG_FAULT__MAX];
    uint64_t refusals;          /* counted by ovg_refuse(), property "refusals" */
    char last_refusal[64];      /* its rule, property "last-refusal" */
    uint32_t refusals_in_a_row; /* of that rule: the log is cut, not the count */

    /* BAR0 storage of the PF that belongs to no engine (ovg_bar0.c, ovg_boot.c) */
    int64_t ptimer_offset;      /* ns, against QEMU's virtual clock */
    uint32_t ptimer_intr_en;
    uint32_t ptimer_alarm;
    uint32_t vbios_scratch[64]; /* 0x1400: FWSEC reports here */
    uint32_t niso_flush;
    uint32_t niso_flush_hi;        /* 0x100c10 */
    uint32_t rom_ctrl;          /* 0x088050 */
    const struct OvgRelease *release;   /* firmware that booter loaded last */
    uint32_t bsi_scratch14;     /* 0x1180f8: handoff bit */
    uint32_t bsi_scratch15;     /* 0x1180fc: scrubber state */
};

/* ---- ovg_pci.c: device, properties, faults, refusals, DMA ---- */

/*
 * The model refuses what hardware or GSP would not accept: trace event
 * ovg_refuse, a LOG_GUEST_ERROR line "ovg: refused [rule]: text", refusals++.
 * @rule is a short stable name, "rpc-checksum", "vmmu-overlap", ...
 */
void ovg_refuse(OvgGpu *gpu, const char *rule, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);
/* A fact worth a line in the log that is no refusal: "ovg: text". */
void ovg_note(OvgGpu *gpu, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* True (and counted down) when this fault is ordered. @arg may be NULL. */
bool ovg_fault_take(OvgGpu *gpu, OvgFaultKind kind, uint32_t *arg);
/* DMA with the function's own requester id through the IOMMU; false: logged and refused. */
bool ovg_dma_read(OvgFunction *fn, uint64_t addr, void *buf, uint64_t len);
bool ovg_dma_write(OvgFunction *fn, uint64_t addr, const void *buf, uint64_t len);
/* Bus mastering enabled and (VF) VF enabled. */
bool ovg_function_active(OvgFunction *fn);

/* ---- ovg_intr.c ---- */
void ovg_intr_raise(OvgFunction *fn, unsigned vector);
void ovg_intr_reset(OvgFunction *fn);
/* @off is relative to NV_VIRTUAL_FUNCTION_PRIV (0x1000..0x16ff) */
uint32_t ovg_intr_read(OvgFunction *fn, uint32_t off);
void ovg_intr_write(OvgFunction *fn, uint32_t off, uint32_t val);
/* Interrupt vectors of the tree; GSP-RM's interrupt table says the same. */
#define OVG_VECTOR_GSP_STALL    157
#define OVG_VECTOR_CE_NONSTALL(n) (4 + (n))     /* n = CE instance */
#define OVG_VECTOR_GR_NONSTALL  0

/* ---- ovg_falcon.c ---- */
OvgFalcon *ovg_falcon_new(OvgGpu *gpu, const char *name, uint32_t base);
void ovg_falcon_reset(OvgFalcon *f);
uint32_t ovg_falcon_read(OvgFalcon *f, uint32_t off);
void ovg_falcon_write(OvgFalcon *f, uint32_t off, uint32_t val);
void ovg_falcon_set_mailbox(OvgFalcon *f, unsigned n, uint32_t val);
uint32_t ovg_falcon_mailbox(OvgFalcon *f, unsigned n);
/* GSP tells the CPU that its status queue has something: SWGEN0, leaf, MSI. */
void ovg_falcon_raise_swgen0(OvgFalcon *f);
/* GSP halted (crash): IRQSTAT HALT and its interrupt. */
void ovg_falcon_raise_halt(OvgFalcon *f);
/* The same interrupt while it goes on: there is a crash report of something on it. */
void ovg_falcon_raise_report(OvgFalcon *f);

/* ---- ovg_boot.c: VBIOS + FWSEC + booter + WPR2 ---- */
OvgBoot *ovg_boot_new(OvgGpu *gpu);
void ovg_boot_reset(OvgGpu *gpu);
const char *ovg_boot_sha256(OvgGpu *gpu);       /* of the GSP image, or "" */
uint64_t ovg_boot_wpr2_lo(OvgGpu *gpu);         /* 0 when not locked */
uint64_t ovg_boot_wpr2_hi(OvgGpu *gpu);

/* ---- ovg_gsp.c: GSP firmware: queues and RPC transport ---- */
OvgGsp *ovg_gsp_new(OvgGpu *gpu);
/* Booter finished: GSP-RM runs; @libos_args from MAILBOX0/1.  wpr_meta: 256 bytes as booter saw them. */
void ovg_gsp_start(OvgGpu *gpu, uint64_t libos_args, const void *wpr_meta);
/* Falcon reset or crash: stop servicing at once; touches no guest memory. */
void ovg_gsp_stop(OvgGpu *gpu);
/* As a reset does: also what was kept over a suspend is gone. */
void ovg_gsp_reset(OvgGpu *gpu);
/* It has saved itself and waits for booter to take WPR2 down. */
bool ovg_gsp_suspended(OvgGpu *gpu);
/* Booter has put WPR2 back: go on. */
void ovg_gsp_resume(OvgGpu *gpu);
/* The meta data of the WPR2 that GSP runs in, struct gsp_fw_wpr_meta */
const void *ovg_gsp_wpr_meta(OvgGpu *gpu);
void ovg_gsp_crash(OvgGpu *gpu);
/* Something that runs on it has crashed, GSP-RM has not. */
void ovg_gsp_report(OvgGpu *gpu);
/* It says RC of the fast path and waits for the acknowledgment. */
void ovg_gsp_rc_fast_path(OvgGpu *gpu);
bool ovg_gsp_running(OvgGpu *gpu);
/* Write to NV_PGSP_QUEUE_HEAD(0). */
void ovg_gsp_doorbell(OvgGpu *gpu);
/* GSP's own mailboxes (NV_PGSP_MAILBOX), which the CPU reads and writes. */
uint32_t ovg_gsp_mailbox_read(OvgGpu *gpu, unsigned i);
void ovg_gsp_mailbox_write(OvgGpu *gpu, unsigned i, uint32_t val);
/* Post an event to the CPU. */
void ovg_gsp_event(OvgGpu *gpu, uint32_t function, const void *payload, size_t len);

/* ---- ovg_fbsr.c: FB that is saved for a suspend ---- */
OvgFbsr *ovg_fbsr_new(OvgGpu *gpu);

/* ---- ovg_rm.c: RM objects and controls ---- */
OvgRm *ovg_rm_new(OvgGpu *gpu);
void ovg_rm_reset(OvgGpu *gpu);
/*
 * RPC 103/76/10 payloads (host: gfid 0, guest through its plugin: gfid > 0);
 * edited in place to become the reply.  Returns the RPC result.
 */
uint32_t ovg_rm_rpc_alloc(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len);
uint32_t ovg_rm_rpc_control(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len);
uint32_t ovg_rm_rpc_free(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len);
/* A gfid goes away: free every object it owns. */
void ovg_rm_free_gfid(OvgGpu *gpu, uint32_t gfid);
/* RM objects alive, of all gfids (property "rm-objects"). */
uint32_t ovg_rm_object_count(OvgGpu *gpu);

/* ---- ovg_plugin.c: vGPU types and plugin tasks ---- */
OvgPlugins *ovg_plugins_new(OvgGpu *gpu);
void ovg_plugins_reset(OvgGpu *gpu);
/* Controls 0x2080400x; returns an NV_STATUS. */
char *ovg_plugin_configs(OvgGpu *gpu);
uint32_t ovg_plugin_control(OvgGpu *gpu, uint32_t cmd, void *params, size_t len);
/* Host doorbell 0xb82200: vector = gfid * 32 + 17. */
void ovg_plugin_host_doorbell(OvgGpu *gpu, uint32_t vector);
/* VF doorbell 0x2200 (bit number) and scratch writes. */
void ovg_plugin_guest_doorbell(OvgFunction *fn, uint32_t bit);
void ovg_plugin_guest_scratch(OvgFunction *fn, unsigned index, uint32_t val);
/* VF FLR or VF disable. */
void ovg_plugin_vf_reset(OvgFunction *fn);
/* The plugin tells its guest of an RC error (channel killed). */
void ovg_plugin_guest_rc(OvgGpu *gpu, uint32_t gfid, uint32_t chid, uint32_t code);
uint32_t ovg_plugin_count(OvgGpu *gpu);
void ovg_plugin_crash(OvgGpu *gpu, uint32_t gfid);
/* Bit map of the gfids whose plugin task runs */
uint64_t ovg_plugin_running(OvgGpu *gpu);
/* The most vGPUs that a type of theirs allows; 0 when none runs */
uint32_t ovg_plugin_instances(OvgGpu *gpu);
bool ovg_plugin_heterogeneous(OvgGpu *gpu);
/* The guest of a gfid gets a licence, or loses it; false: there is no guest. */
bool ovg_plugin_license(OvgGpu *gpu, uint32_t gfid, bool licensed);
/* Channel ids (system numbers) given to a gfid in bootload; false when none. */
bool ovg_plugin_chid_range(OvgGpu *gpu, uint32_t gfid, uint32_t engine, uint32_t *first, uint32_t *count);

/* ---- ovg_event.c: what GSP-RM tells by itself ---- */
OvgEvents *ovg_events_new(OvgGpu *gpu);
void ovg_events_reset(OvgGpu *gpu);
/* A copy engine moved bytes for a gfid. */
void ovg_event_work(OvgGpu *gpu, uint32_t gfid, uint64_t bytes);
/* GSP-RM logs an error; @chid UINT32_MAX: of no channel. */
void ovg_event_xid(OvgGpu *gpu, uint32_t xid, uint32_t runlist, uint32_t chid,
                   const char *text);
void ovg_event_fault_xid(OvgGpu *gpu, uint32_t gfid, uint32_t xid);
void ovg_event_fault_ecc(OvgGpu *gpu, bool corrected);

/* ---- ovg_fb.c: framebuffer ---- */
OvgFb *ovg_fb_new(OvgGpu *gpu, Error **errp);
MemoryRegion *ovg_fb_region(OvgGpu *gpu);       /* RAM, sparse */
AddressSpace *ovg_fb_as(OvgGpu *gpu);           /* FB addresses from 0 */
bool ovg_fb_read(OvgGpu *gpu, uint64_t addr, void *buf, uint64_t len);
bool ovg_fb_write(OvgGpu *gpu, uint64_t addr, const void *buf, uint64_t len);
/* Fill; a large zero fill gives the host pages back. */
bool ovg_fb_fill(OvgGpu *gpu, uint64_t addr, uint8_t byte, uint64_t len);
/* PRAMIN window of the PF, BAR0 0x700000; always works, GSP or not. */
uint64_t ovg_pramin_read(OvgGpu *gpu, uint32_t off, unsigned size);
void ovg_pramin_write(OvgGpu *gpu, uint32_t off, uint64_t val, unsigned size);
/* NV_PBUS_BAR0_WINDOW (0x1700): base of the PRAMIN window, raw register value. */
uint32_t ovg_pramin_base_read(OvgGpu *gpu);
void ovg_pramin_base_write(OvgGpu *gpu, uint32_t val);

/* ---- ovg_vmmu.c: guest FB address -> system FB address, by segments ---- */
/* The most segments that a vGPU may have: NVA084_MAX_VMMU_SEGMENTS, cla084.h */
#define OVG_VMMU_SEGMENTS_MAX   384
#define OVG_VMMU_SEGMENT_MIN    (32 * MiB)
#define OVG_VMMU_SEGMENT_MAX    (512 * MiB)
OvgVmmu *ovg_vmmu_new(OvgGpu *gpu);
/* False (refused) when unaligned, beyond FB, in WPR2 or overlapping another gfid. */
bool ovg_vmmu_map(OvgGpu *gpu, uint32_t gfid, uint32_t n, const uint64_t *addr, const uint64_t *len);
void ovg_vmmu_unmap(OvgGpu *gpu, uint32_t gfid);
uint64_t ovg_vmmu_size(OvgGpu *gpu, uint32_t gfid);             /* guest FB bytes */
uint32_t ovg_vmmu_segments(OvgGpu *gpu);                        /* mapped, all gfids */
/* gfid 0: identity.  *run: bytes from gpa on that stay contiguous. */
bool ovg_vmmu_translate(OvgGpu *gpu, uint32_t gfid, uint64_t gpa, uint64_t *spa, uint64_t *run);

/* ---- ovg_mmu.c: GMMU (VER2 page tables), BAR windows ---- */
typedef enum { OVG_AP_FB, OVG_AP_SYS, OVG_AP_NONE } OvgAperture;
typedef struct OvgXlate {
    OvgAperture aperture;
    uint64_t addr;              /* system FB address (behind VMMU) or DMA address */
    uint64_t run;               /* bytes valid from here on */
    bool writable;
} OvgXlate;
/* @pdb: FB address of the PD3 as the function sees it (guest physical for a VF). False: fault, logged. */
bool ovg_gmmu_translate(OvgFunction *fn, uint64_t pdb, uint64_t va, bool write, OvgXlate *x);
/* Creates the BAR's memory region (an IOMMU region) of @size. */
OvgBarMmu *ovg_bar_mmu_new(OvgFunction *fn, const char *name, uint64_t size, bool is_bar1);
MemoryRegion *ovg_bar_mmu_region(OvgBarMmu *bar);
void ovg_bar_mmu_reset(OvgBarMmu *bar);
/* RPC UPDATE_BAR_PDE from the host. */
void ovg_mmu_update_bar_pde(OvgGpu *gpu, uint32_t bar_type, uint64_t entry, uint64_t shift);
/* FB addresses reported in static info as bar1PdeBase / bar2PdeBase; set when GSP starts. */
void ovg_mmu_set_bar_roots(OvgGpu *gpu, uint64_t bar1_pde_base, uint64_t bar2_pde_base);
/* Registers 0xf40..0xf4c of a VF (its instance block pointers). */
void ovg_mmu_bar_block_write(OvgFunction *fn, uint32_t off, uint32_t val);
/* A translation of some BAR may have changed (also WPR2): CPUs forget theirs. */
void ovg_mmu_flush(OvgGpu *gpu);
/* Write of 0x30b0 with the trigger bit. */
void ovg_mmu_invalidate(OvgFunction *fn, uint64_t pdb, uint32_t cmd);

/* ---- ovg_fifo.c, ovg_ce.c: channels and the copy engine ---- */
OvgFifo *ovg_fifo_new(OvgGpu *gpu);
void ovg_fifo_reset(OvgGpu *gpu);
typedef struct OvgChannelParams {
    uint32_t gfid;
    uint32_t runlist;
    uint32_t engine;            /* NV2080 engine type */
    uint32_t chid;              /* system channel id */
    uint32_t guest_chid;        /* what the owner calls it */
    uint64_t gpfifo_va;
    uint32_t gpfifo_entries;
    uint64_t userd_addr;        /* as the owner sees it */
    OvgAperture userd_aperture;
    uint64_t inst_addr;         /* instance block, as the owner sees it */
    OvgAperture inst_aperture;
    bool privileged;
} OvgChannelParams;
/* NULL: refused. */
OvgChannel *ovg_fifo_channel_new(OvgGpu *gpu, const OvgChannelParams *p);
void ovg_fifo_channel_free(OvgChannel *ch);
void ovg_fifo_channel_bind_object(OvgChannel *ch, uint32_t class_id, bool bind);
void ovg_fifo_channel_schedule(OvgChannel *ch, bool enable);
uint32_t ovg_fifo_channel_chid(OvgChannel *ch);
/* Work submit doorbell (usermode 0x90): runlist << 16 | chid as the owner sees it. */
void ovg_fifo_doorbell(OvgFunction *fn, uint32_t token);
uint32_t ovg_fifo_count(OvgGpu *gpu);           /* channels alive */
/* Kill one of a gfid's channels; false: it has none. */
bool ovg_fifo_fault_rc(OvgGpu *gpu, uint32_t gfid);
void ovg_fifo_free_gfid(OvgGpu *gpu, uint32_t gfid);
/* One method of a copy class object; false: refused, the channel is killed (RC). */
bool ovg_ce_method(OvgChannel *ch, uint32_t method, uint32_t data);
/* Used by ovg_ce.c: translate in the channel's address space and move bytes. */
bool ovg_fifo_channel_read(OvgChannel *ch, uint64_t va, void *buf, uint64_t len);
bool ovg_fifo_channel_write(OvgChannel *ch, uint64_t va, const void *buf, uint64_t len);
OvgFunction *ovg_fifo_channel_function(OvgChannel *ch);
uint64_t ovg_fifo_channel_pdb(OvgChannel *ch);
bool ovg_fifo_channel_privileged(OvgChannel *ch);
void ovg_fifo_channel_nonstall(OvgChannel *ch); /* raise its engine's non-stall vector */

/* ---- ovg_sched.c: vGPUs take turns on a runlist ---- */
OvgSched *ovg_sched_new(OvgGpu *gpu);
void ovg_sched_reset(OvgGpu *gpu);
/* Registry key RmPVMRL; false: refused. */
bool ovg_sched_registry(OvgGpu *gpu, uint32_t value);
/* Some runlist has a fixed share. */
bool ovg_sched_fixed(OvgGpu *gpu);
/* Properties "engine-time" and "schedulers" */
char *ovg_sched_times(OvgGpu *gpu);
char *ovg_sched_policies(OvgGpu *gpu);
typedef struct OvgTurn {
    uint32_t gfid;
    int64_t ns;                 /* that it may take of the engine */
    int64_t until;              /* nobody's turn: look again then, virtual clock */
} OvgTurn;
/* Whose turn is it?  @busy: bit map of the gfids with work, not 0.  False: nobody's. */
bool ovg_sched_turn(OvgGpu *gpu, uint32_t runlist, uint64_t busy, OvgTurn *t);
/* It took @ns of the engine's time and @took by the clock. */
void ovg_sched_ran(OvgGpu *gpu, uint32_t runlist, uint32_t gfid, int64_t ns, int64_t took);

/* ---- ovg_bar0.c ---- */
extern const MemoryRegionOps ovg_pf_bar0_ops;
extern const MemoryRegionOps ovg_vf_bar0_ops;
uint64_t ovg_ptimer_ns(OvgGpu *gpu);
void ovg_bar0_reset(OvgFunction *fn);
/* ---- ovg_vbios.c ---- */
const uint8_t *ovg_vbios_rom(OvgGpu *gpu, size_t *size);

#endif /* OVG_H */
