/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI side: an L40's PF with its SR-IOV capability, its VFs, properties
 * for tests (faults and counters), refusals and DMA.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/range.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/pci/msi.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "ovg.h"
#include "ovg_falcon.h"
#include "trace.h"

#define OVG_VENDOR          0x10de
#define OVG_REVISION        0xa1
#define OVG_CLASS           0x0302      /* 3D controller */

/*
 * Boards that the driver knows: PCI ids as in open-gpu-kernel-modules
 * (g_nv_name_released.h), chips as in pci.ids.  The first is the default.
 */
static const OvgBoard boards[] = {
    { "L40", 0x26b5, 0x169d, NV_PMC_BOOT_0_CHIP_AD102, 48 },
    { "L40S", 0x26b9, 0x1851, NV_PMC_BOOT_0_CHIP_AD102, 48 },
    { "L20", 0x26ba, 0x1957, NV_PMC_BOOT_0_CHIP_AD102, 48 },
    { "RTX6000-Ada", 0x26b1, 0x16a1, NV_PMC_BOOT_0_CHIP_AD102, 48 },
    { "RTX5000-Ada", 0x26b2, 0x17fa, NV_PMC_BOOT_0_CHIP_AD102, 32 },
    { "L4", 0x27b8, 0x16ca, NV_PMC_BOOT_0_CHIP_AD104, 24 },
    { "L2", 0x27b6, 0x1933, NV_PMC_BOOT_0_CHIP_AD104, 24 },
};

/* Capabilities, where a real board has them */
#define CAP_PM              0x60
#define CAP_MSI             0x68
#define CAP_EXP             0x78
#define CAP_MSIX            0xc8
#define ECAP_AER            0x100
#define ECAP_SRIOV          NV_XVE_SRIOV_CAP
#define ECAP_ARI            0xc14

#define PF_BAR0_SIZE        (16 * MiB)
#define BAR3_SIZE           (32 * MiB)
#define PF_MSIX_TABLE       (NV_VF_FULL_PHYS_OFFSET + NV_VF_MSIX_TABLE)
#define PF_MSIX_PBA         (NV_VF_FULL_PHYS_OFFSET + NV_VF_MSIX_PBA)
#define MSIX_VECTORS        6

#define VF_OFFSET           4
#define VF_STRIDE           1

#define BAR_64_PREF \
    (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

/* What the DMA engines put on the bus, NVIDIA's 47-bit mask. */
#define DMA_ADDRESS_BITS    47

/* A guest can break the same rule for ever; the log need not. */
#define LOG_IN_A_ROW        200

typedef struct OvgL40 {
    PCIDevice parent_obj;

    OvgGpu gpu;
    OvgFunction fn;
    char *board;
    char *fault_text;
} OvgL40;

typedef struct OvgL40Vf {
    PCIDevice parent_obj;

    OvgFunction fn;
} OvgL40Vf;

OBJECT_DECLARE_SIMPLE_TYPE(OvgL40, OVG_L40)
OBJECT_DECLARE_SIMPLE_TYPE(OvgL40Vf, OVG_L40_VF)

/* ---- refusals and notes ---- */

void ovg_refuse(OvgGpu *gpu, const char *rule, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    gpu->refusals++;
    if (strcmp(gpu->last_refusal, rule)) {
        pstrcpy(gpu->last_refusal, sizeof(gpu->last_refusal), rule);
        gpu->refusals_in_a_row = 0;
    }
    if (gpu->refusals_in_a_row++ > LOG_IN_A_ROW) {
        return;
    }
    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    trace_ovg_refuse(rule, text);
    qemu_log_mask(LOG_GUEST_ERROR, "ovg: refused [%s]: %s\n", rule, text);
    if (gpu->refusals_in_a_row > LOG_IN_A_ROW) {
        qemu_log_mask(LOG_GUEST_ERROR, "ovg: refused [%s]: more of the same "
                      "is counted, not logged\n", rule);
    }
}

void ovg_note(OvgGpu *gpu, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    trace_ovg_note(text);
    qemu_log_mask(LOG_GUEST_ERROR, "ovg: %s\n", text);
}

/* ---- DMA ---- */

bool ovg_function_active(OvgFunction *fn)
{
    return fn->pdev->enabled &&
           (pci_get_word(fn->pdev->config + PCI_COMMAND) & PCI_COMMAND_MASTER);
}

static bool ovg_dma(OvgFunction *fn, uint64_t addr, void *buf, uint64_t len,
                    DMADirection dir)
{
    const char *what = dir == DMA_DIRECTION_TO_DEVICE ? "read" : "write";

    if (!len) {
        return true;
    }
    if (!ovg_function_active(fn)) {
        ovg_refuse(fn->gpu, "dma-bus-master",
                   "gfid %u: DMA %s of 0x%" PRIx64 " bytes at 0x%" PRIx64
                   " without bus mastering", fn->gfid, what, len, addr);
        return false;
    }
    if (addr + len < addr || (addr + len - 1) >> DMA_ADDRESS_BITS) {
        ovg_refuse(fn->gpu, "dma-address",
                   "gfid %u: DMA %s of 0x%" PRIx64 " bytes at 0x%" PRIx64
                   " beyond %u bits", fn->gfid, what, len, addr,
                   DMA_ADDRESS_BITS);
        return false;
    }
    if (pci_dma_rw(fn->pdev, addr, buf, len, dir,
                   MEMTXATTRS_UNSPECIFIED) != MEMTX_OK) {
        ovg_refuse(fn->gpu, "dma-fault",
                   "gfid %u: DMA %s of 0x%" PRIx64 " bytes at 0x%" PRIx64
                   " failed on the bus or in the IOMMU", fn->gfid, what, len,
                   addr);
        return false;
    }
    return true;
}

bool ovg_dma_read(OvgFunction *fn, uint64_t addr, void *buf, uint64_t len)
{
    return ovg_dma(fn, addr, buf, len, DMA_DIRECTION_TO_DEVICE);
}

bool ovg_dma_write(OvgFunction *fn, uint64_t addr, const void *buf,
                   uint64_t len)
{
    return ovg_dma(fn, addr, (void *)buf, len, DMA_DIRECTION_FROM_DEVICE);
}

/* ---- faults ---- */

typedef enum {
    FAULT_FOR_EVER,     /* name */
    FAULT_COUNT,        /* name=N */
    FAULT_COUNT_MS,     /* name=N:MS */
    FAULT_GFID,         /* name=GFID, for ever */
    FAULT_NOW,          /* name, at once */
    FAULT_COUNT_NOW,    /* name or name=N, at once, N times */
    FAULT_GFID_NOW,     /* name=GFID, at once; rc: GFID 0 is the PF */
    FAULT_GFID_NUM_NOW, /* name=GFID:N, at once; GFID 0 is the PF */
} OvgFaultForm;

static const struct {
    const char *name;
    const char *usage;
    OvgFaultForm form;
    OvgFaultKind kind;
} faults[] = {
    { "gsp-silent", "gsp-silent", FAULT_FOR_EVER, OVG_FAULT_GSP_SILENT },
    { "rpc-drop", "rpc-drop=N", FAULT_COUNT, OVG_FAULT_RPC_DROP },
    { "rpc-corrupt", "rpc-corrupt=N", FAULT_COUNT, OVG_FAULT_RPC_CORRUPT },
    { "rpc-delay", "rpc-delay=N:MS", FAULT_COUNT_MS, OVG_FAULT_RPC_DELAY },
    { "rpc-badseq", "rpc-badseq=N", FAULT_COUNT, OVG_FAULT_RPC_BADSEQ },
    { "gsp-crash", "gsp-crash", FAULT_NOW, OVG_FAULT_GSP_CRASH },
    { "gsp-report", "gsp-report", FAULT_NOW, OVG_FAULT_GSP_REPORT },
    { "scrubber-stop", "scrubber-stop=N", FAULT_COUNT, OVG_FAULT_SCRUBBER_STOP },
    { "boot-init-fails", "boot-init-fails=N", FAULT_COUNT, OVG_FAULT_BOOT_INIT_FAILS },
    { "sched-refuse", "sched-refuse=N", FAULT_COUNT, OVG_FAULT_SCHED_REFUSE },
    { "mode-refuse", "mode-refuse=N", FAULT_COUNT, OVG_FAULT_MODE_REFUSE },
    { "cleanup-refuse", "cleanup-refuse=N", FAULT_COUNT, OVG_FAULT_CLEANUP_REFUSE },
    { "channel-refuse", "channel-refuse=N:ID", FAULT_COUNT_MS, OVG_FAULT_CHANNEL_REFUSE },
    { "plugin-silent", "plugin-silent=GFID", FAULT_GFID,
      OVG_FAULT_PLUGIN_SILENT },
    { "plugin-crash", "plugin-crash=GFID", FAULT_GFID_NOW,
      OVG_FAULT_PLUGIN_CRASH },
    { "plugin-no-boot", "plugin-no-boot=N", FAULT_COUNT,
      OVG_FAULT_PLUGIN_NO_BOOT },
    { "ce-hang", "ce-hang", FAULT_FOR_EVER, OVG_FAULT_CE_HANG },
    { "ce-read-poison", "ce-read-poison=N", FAULT_COUNT, OVG_FAULT_CE_READ_POISON },
    { "boot-no-init-done", "boot-no-init-done", FAULT_FOR_EVER,
      OVG_FAULT_BOOT_NO_INIT_DONE },
    { "surface-bad", "surface-bad=N:HOW", FAULT_COUNT_MS, OVG_FAULT_SURFACE_BAD },
    { "xid", "xid=GFID:NUMBER", FAULT_GFID_NUM_NOW, OVG_FAULT_XID },
    { "license", "license=GFID:0|1", FAULT_GFID_NUM_NOW, OVG_FAULT_LICENSE },
    { "rc", "rc=GFID", FAULT_GFID_NOW, OVG_FAULT_RC },
    { "rc-fast-path", "rc-fast-path", FAULT_NOW, OVG_FAULT_RC_FAST_PATH },
    { "ecc-corrected", "ecc-corrected[=N]", FAULT_COUNT_NOW, OVG_FAULT_ECC_CORRECTED },
    { "ecc", "ecc[=N]", FAULT_COUNT_NOW, OVG_FAULT_ECC },
};

bool ovg_fault_take(OvgGpu *gpu, OvgFaultKind kind, uint32_t *arg)
{
    OvgFault *f = &gpu->fault[kind];

    if (!f->count) {
        return false;
    }
    if (arg) {
        *arg = f->arg;
    }
    if (f->count != UINT32_MAX) {
        f->count--;
    }
    return true;
}

static void ovg_fault_usage(Error **errp, const char *value)
{
    g_autoptr(GString) s = g_string_new("none");

    for (unsigned i = 0; i < ARRAY_SIZE(faults); i++) {
        g_string_append_printf(s, ", %s", faults[i].usage);
    }
    error_setg(errp, "fault '%s' is not one of: %s", value, s->str);
}

/* "N" or "N:MS" after the name; N from @min. */
static bool ovg_fault_numbers(const char *arg, bool ms, uint32_t min, uint32_t max,
                              uint32_t *n, uint32_t *m)
{
    const char *end = arg;
    unsigned int a, b = 0;

    if (!arg || qemu_strtoui(arg, &end, 10, &a) || a < min || a > max) {
        return false;
    }
    if (ms && (*end != ':' || qemu_strtoui(end + 1, &end, 10, &b))) {
        return false;
    }
    if (*end) {
        return false;
    }
    *n = a;
    *m = b;
    return true;
}

static void ovg_fault_set(Object *obj, const char *value, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);
    OvgGpu *gpu = &s->gpu;
    uint32_t n = 0, m = 0;
    const char *arg;

    if (!strcmp(value, "none")) {
        memset(gpu->fault, 0, sizeof(gpu->fault));
        goto done;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(faults); i++) {
        OvgFault *f = &gpu->fault[faults[i].kind];

        if (!strstart(value, faults[i].name, &arg) || (*arg && *arg != '=')) {
            continue;
        }
        arg = *arg ? arg + 1 : NULL;
        switch (faults[i].form) {
        case FAULT_FOR_EVER:
        case FAULT_NOW:
            if (arg) {
                ovg_fault_usage(errp, value);
                return;
            }
            break;
        case FAULT_COUNT:
        case FAULT_COUNT_MS:
            if (!ovg_fault_numbers(arg, faults[i].form == FAULT_COUNT_MS,
                                   1, UINT32_MAX - 1, &n, &m)) {
                ovg_fault_usage(errp, value);
                return;
            }
            break;
        case FAULT_COUNT_NOW:
            n = 1;
            if (arg && !ovg_fault_numbers(arg, false, 1, 1000, &n, &m)) {
                ovg_fault_usage(errp, value);
                return;
            }
            break;
        case FAULT_GFID:
        case FAULT_GFID_NOW:
            if (!ovg_fault_numbers(arg, false, faults[i].kind != OVG_FAULT_RC,
                                   OVG_MAX_VFS, &n, &m)) {
                ovg_fault_usage(errp, value);
                return;
            }
            break;
        case FAULT_GFID_NUM_NOW:
            if (!ovg_fault_numbers(arg, true, 0, OVG_MAX_VFS, &n, &m)) {
                ovg_fault_usage(errp, value);
                return;
            }
            break;
        }
        switch (faults[i].form) {
        case FAULT_FOR_EVER:
            *f = (OvgFault) { UINT32_MAX, 0 };
            break;
        case FAULT_COUNT:
        case FAULT_COUNT_MS:
            *f = (OvgFault) { n, m };
            break;
        case FAULT_GFID:
            *f = (OvgFault) { UINT32_MAX, n };
            break;
        case FAULT_NOW:
            if (!qdev_is_realized(DEVICE(obj))) {
                error_setg(errp, "fault '%s' needs a running device", value);
                return;
            }
            if (faults[i].kind == OVG_FAULT_GSP_REPORT) {
                ovg_gsp_report(gpu);
            } else if (faults[i].kind == OVG_FAULT_RC_FAST_PATH) {
                ovg_gsp_rc_fast_path(gpu);
            } else {
                ovg_gsp_crash(gpu);
            }
            break;
        case FAULT_COUNT_NOW:
            if (!qdev_is_realized(DEVICE(obj))) {
                error_setg(errp, "fault '%s' needs a running device", value);
                return;
            }
            while (n--) {
                ovg_event_fault_ecc(gpu, faults[i].kind == OVG_FAULT_ECC_CORRECTED);
            }
            break;
        case FAULT_GFID_NUM_NOW:
            if (!qdev_is_realized(DEVICE(obj))) {
                error_setg(errp, "fault '%s' needs a running device", value);
                return;
            }
            if (faults[i].kind == OVG_FAULT_XID) {
                ovg_event_fault_xid(gpu, n, m);
            } else if (m > 1) {
                ovg_fault_usage(errp, value);
                return;
            } else if (!ovg_plugin_license(gpu, n, m)) {
                error_setg(errp, "fault '%s': that gfid has no vGPU", value);
                return;
            }
            break;
        case FAULT_GFID_NOW:
            if (!qdev_is_realized(DEVICE(obj))) {
                error_setg(errp, "fault '%s' needs a running device", value);
                return;
            }
            if (faults[i].kind != OVG_FAULT_RC) {
                ovg_plugin_crash(gpu, n);
            } else if (!ovg_fifo_fault_rc(gpu, n)) {
                error_setg(errp, "fault '%s': that gfid has no channel", value);
                return;
            }
            break;
        }
        goto done;
    }
    ovg_fault_usage(errp, value);
    return;
done:
    trace_ovg_fault(value);
    g_free(s->fault_text);
    s->fault_text = g_strdup(value);
}

static char *ovg_fault_get(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return g_strdup(s->fault_text ? s->fault_text : "none");
}

/* ---- counters ---- */

typedef uint64_t (*OvgCounter)(OvgL40 *s);

static uint64_t ovg_count_refusals(OvgL40 *s)
{
    return s->gpu.refusals;
}

static uint64_t ovg_count_plugins(OvgL40 *s)
{
    return ovg_plugin_count(&s->gpu);
}

static uint64_t ovg_count_channels(OvgL40 *s)
{
    return ovg_fifo_count(&s->gpu);
}

static uint64_t ovg_count_segments(OvgL40 *s)
{
    return ovg_vmmu_segments(&s->gpu);
}

static uint64_t ovg_count_objects(OvgL40 *s)
{
    return ovg_rm_object_count(&s->gpu);
}

static uint64_t ovg_count_vfs(OvgL40 *s)
{
    return pcie_sriov_num_vfs(PCI_DEVICE(s));
}

static const struct {
    const char *name;
    OvgCounter get;
    const char *desc;
} counters[] = {
    { "refusals", ovg_count_refusals, "rules broken since start" },
    { "plugin-tasks", ovg_count_plugins, "vGPU plugin tasks alive" },
    { "channels", ovg_count_channels, "channels alive" },
    { "vmmu-segments", ovg_count_segments, "VMMU segments mapped" },
    { "rm-objects", ovg_count_objects, "RM objects alive" },
    { "num-vfs", ovg_count_vfs, "VFs enabled" },
};

static void ovg_counter_get(Object *obj, Visitor *v, const char *name,
                            void *opaque, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);
    unsigned i = GPOINTER_TO_UINT(opaque);
    uint64_t val = qdev_is_realized(DEVICE(obj)) ? counters[i].get(s) : 0;

    visit_type_uint64(v, name, &val, errp);
}

static char *ovg_get_vgpus(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return qdev_is_realized(DEVICE(obj)) ? ovg_plugin_configs(&s->gpu) : g_strdup("");
}

static char *ovg_get_engine_time(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return qdev_is_realized(DEVICE(obj)) ? ovg_sched_times(&s->gpu) : g_strdup("");
}

static char *ovg_get_schedulers(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return qdev_is_realized(DEVICE(obj)) ? ovg_sched_policies(&s->gpu) : g_strdup("");
}

static bool ovg_get_mixed_sizes(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return qdev_is_realized(DEVICE(obj)) && ovg_plugin_heterogeneous(&s->gpu);
}

static char *ovg_get_last_refusal(Object *obj, Error **errp)
{
    return g_strdup(OVG_L40(obj)->gpu.last_refusal);
}

static char *ovg_get_sha256(Object *obj, Error **errp)
{
    OvgL40 *s = OVG_L40(obj);

    return g_strdup(s->gpu.boot ? ovg_boot_sha256(&s->gpu) : "");
}

static char *ovg_get_gsp_state(Object *obj, Error **errp)
{
    OvgGpu *gpu = &OVG_L40(obj)->gpu;
    const char *state;

    if (!gpu->boot || !ovg_boot_wpr2_hi(gpu)) {
        state = "off";
    } else if (!ovg_boot_locked(gpu)) {
        state = "frts";
    } else if (!gpu->gsp_falcon->riscv_active) {
        state = "halted";
    } else {
        state = ovg_gsp_running(gpu) ? "running" : "booting";
    }
    return g_strdup(state);
}

/* ---- switches ---- */

static bool ovg_get_trust_types(Object *obj, Error **errp)
{
    return OVG_L40(obj)->gpu.trust_types;
}

static void ovg_set_trust_types(Object *obj, bool on, Error **errp)
{
    OVG_L40(obj)->gpu.trust_types = on;
}

static bool ovg_get_ecc(Object *obj, Error **errp)
{
    return OVG_L40(obj)->gpu.ecc;
}

static void ovg_set_ecc(Object *obj, bool on, Error **errp)
{
    OVG_L40(obj)->gpu.ecc = on;
}

static bool ovg_get_vnc_connected(Object *obj, Error **errp)
{
    return OVG_L40(obj)->gpu.vnc_connected;
}

static void ovg_set_vnc_connected(Object *obj, bool on, Error **errp)
{
    OVG_L40(obj)->gpu.vnc_connected = on;
}

/* ---- VF ---- */

/*
 * A VF has no memory enable of its own: that bit of its command register reads
 * 0 and takes no write, VF MSE of the PF's SR-IOV capability stands for it.
 * QEMU maps BARs by the bit, so it is kept in the config bytes and hidden.
 */
static uint32_t ovg_l40_vf_config_read(PCIDevice *pdev, uint32_t addr, int len)
{
    uint32_t val = pci_default_read_config(pdev, addr, len);

    if (addr == PCI_COMMAND) {
        val &= ~PCI_COMMAND_MEMORY;
    }
    return val;
}

static void ovg_l40_vf_memory(PCIDevice *pdev, bool enable)
{
    uint16_t cmd = pci_get_word(pdev->config + PCI_COMMAND);

    cmd = enable ? cmd | PCI_COMMAND_MEMORY : cmd & ~PCI_COMMAND_MEMORY;
    pci_set_word(pdev->config + PCI_COMMAND, cmd);
    pci_default_write_config(pdev, PCI_COMMAND, cmd, 2);    /* maps, unmaps */
}

static void ovg_l40_vf_config_write(PCIDevice *pdev, uint32_t addr,
                                    uint32_t val, int len)
{
    pci_default_write_config(pdev, addr, val, len);
    pcie_cap_flr_write_config(pdev, addr, val, len);
}

static void ovg_l40_vf_realize(PCIDevice *pdev, Error **errp)
{
    OvgL40Vf *s = OVG_L40_VF(pdev);
    OvgL40 *pf = OVG_L40(pcie_sriov_get_pf(pdev));
    OvgFunction *fn = &s->fn;

    fn->gpu = &pf->gpu;
    fn->pdev = pdev;
    fn->gfid = pcie_sriov_vf_number(pdev) + 1;
    pci_set_word(pdev->config + PCI_SUBSYSTEM_ID, fn->gpu->board->subsystem_id);
    pdev->config_write = ovg_l40_vf_config_write;
    pdev->config_read = ovg_l40_vf_config_read;
    pci_word_test_and_clear_mask(pdev->wmask + PCI_COMMAND,
                                 PCI_COMMAND_MEMORY | PCI_COMMAND_IO |
                                 PCI_COMMAND_INTX_DISABLE);

    memory_region_init_io(&fn->bar0, OBJECT(pdev), &ovg_vf_bar0_ops, fn,
                          "ovg-vf-bar0", NV_VF_BAR0_SIZE);
    pci_register_bar(pdev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &fn->bar0);
    fn->bar1 = ovg_bar_mmu_new(fn, "ovg-vf-bar1", fn->gpu->vf_bar1_size, true);
    pci_register_bar(pdev, 1, BAR_64_PREF, ovg_bar_mmu_region(fn->bar1));
    fn->bar3 = ovg_bar_mmu_new(fn, "ovg-vf-bar3", BAR3_SIZE, false);
    pci_register_bar(pdev, 3, BAR_64_PREF, ovg_bar_mmu_region(fn->bar3));

    if (msix_init(pdev, MSIX_VECTORS, &fn->bar0, 0, NV_VF_MSIX_TABLE,
                  &fn->bar0, 0, NV_VF_MSIX_PBA, CAP_MSIX, errp) < 0) {
        return;
    }
    for (int i = 0; i < MSIX_VECTORS; i++) {
        msix_vector_use(pdev, i);
    }
    if (pcie_endpoint_cap_init(pdev, CAP_EXP) < 0) {
        error_setg(errp, "VF %u: no PCI Express capability", fn->gfid - 1);
        return;
    }
    pcie_cap_flr_init(pdev);
    pcie_ari_init(pdev, ECAP_AER);
    fn->gpu->fn[fn->gfid] = fn;
}

/* FLR, VF enable and VF disable end here: the guest's state goes. */
static void ovg_l40_vf_reset_hold(Object *obj, ResetType type)
{
    OvgFunction *fn = &OVG_L40_VF(obj)->fn;

    if (!fn->gpu || !fn->gpu->fn[fn->gfid]) {
        return;                                 /* not realized yet */
    }
    trace_ovg_reset(fn->gfid);
    ovg_intr_reset(fn);
    ovg_bar0_reset(fn);
    ovg_plugin_vf_reset(fn);
    ovg_bar_mmu_reset(fn->bar1);
    ovg_bar_mmu_reset(fn->bar3);
}

static void ovg_l40_vf_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    pc->realize = ovg_l40_vf_realize;
    pc->vendor_id = OVG_VENDOR;
    pc->device_id = boards[0].device_id;
    pc->subsystem_vendor_id = OVG_VENDOR;
    pc->subsystem_id = boards[0].subsystem_id;
    pc->revision = OVG_REVISION;
    pc->class_id = OVG_CLASS;
    rc->phases.hold = ovg_l40_vf_reset_hold;
    dc->desc = "NVIDIA L40 virtual function (OpenVGPU model)";
    dc->user_creatable = false;
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
}

/* ---- PF ---- */

static void ovg_l40_config_write(PCIDevice *pdev, uint32_t addr, uint32_t val,
                                 int len)
{
    OvgGpu *gpu = &OVG_L40(pdev)->gpu;

    pci_default_write_config(pdev, addr, val, len);
    if (gpu->total_vfs &&
        ranges_overlap(addr, len, ECAP_SRIOV + PCI_SRIOV_CTRL, 2)) {
        const uint16_t on = PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE;
        uint16_t ctrl = pci_get_word(pdev->config + ECAP_SRIOV +
                                     PCI_SRIOV_CTRL);

        for (uint32_t gfid = 1; gfid <= gpu->total_vfs; gfid++) {
            ovg_l40_vf_memory(gpu->fn[gfid]->pdev, (ctrl & on) == on);
        }
    }
    pcie_cap_flr_write_config(pdev, addr, val, len);
    pcie_aer_write_config(pdev, addr, val, len);
}

static bool ovg_l40_board(OvgL40 *s, Error **errp)
{
    g_autoptr(GString) all = g_string_new(NULL);
    PCIDevice *pdev = PCI_DEVICE(s);
    OvgGpu *gpu = &s->gpu;

    for (unsigned i = 0; i < ARRAY_SIZE(boards); i++) {
        g_string_append_printf(all, " %s", boards[i].name);
        if (!s->board || !strcmp(s->board, boards[i].name)) {
            gpu->board = &boards[i];
            break;
        }
    }
    if (!gpu->board) {
        error_setg(errp, "board '%s' is none of:%s", s->board, all->str);
        return false;
    }
    if (!gpu->fb_size) {
        /* kvgpumgrGetEccAndPrReservedFb(): ECC keeps a sixteenth */
        gpu->fb_size = gpu->board->fb_gib * GiB / 16 * (gpu->ecc ? 15 : 16);
    }
    /*
     * What it is on these boards is not public.  FB of NVIDIA's types is rounded to 128
     * MiB on boards of 48 GiB, to 64 MiB on those of 24: as many segments as a vGPU may
     * have are all of FB.
     */
    if (!gpu->vmmu_segment) {
        gpu->vmmu_segment = MAX(pow2ceil(gpu->board->fb_gib * GiB / OVG_VMMU_SEGMENTS_MAX),
                                OVG_VMMU_SEGMENT_MIN);
    }
    pci_config_set_device_id(pdev->config, gpu->board->device_id);
    pci_set_word(pdev->config + PCI_SUBSYSTEM_ID, gpu->board->subsystem_id);
    return true;
}

static bool ovg_l40_check(OvgGpu *gpu, Error **errp)
{
    if (!is_power_of_2(gpu->vmmu_segment) || gpu->vmmu_segment < OVG_VMMU_SEGMENT_MIN ||
        gpu->vmmu_segment > OVG_VMMU_SEGMENT_MAX) {
        error_setg(errp, "vmmu-segment must be a power of two from 32 to 512 MiB");
        return false;
    }
    if (gpu->fb_size < 512 * MiB || gpu->fb_size > 256 * GiB ||
        gpu->fb_size % gpu->vmmu_segment) {
        error_setg(errp, "fb-size must be 512 MiB to 256 GiB, in steps of %" PRIu64
                   " MiB (vmmu-segment)", gpu->vmmu_segment / MiB);
        return false;
    }
    if (!is_power_of_2(gpu->bar1_size) || gpu->bar1_size < 16 * MiB ||
        !is_power_of_2(gpu->vf_bar1_size) || gpu->vf_bar1_size < 16 * MiB) {
        error_setg(errp, "bar1-size and vf-bar1-size must be powers of two "
                   "from 16 MiB");
        return false;
    }
    if (gpu->total_vfs > OVG_MAX_VFS) {
        error_setg(errp, "total-vfs must be at most %u", OVG_MAX_VFS);
        return false;
    }
    return true;
}

static bool ovg_l40_pci_caps(PCIDevice *pdev, OvgFunction *fn, Error **errp)
{
    if (pci_pm_init(pdev, CAP_PM, errp) < 0) {
        return false;
    }
    pci_set_word(pdev->config + CAP_PM + PCI_PM_PMC, PCI_PM_CAP_VER_1_1);
    pci_set_word(pdev->config + CAP_PM + PCI_PM_CTRL,
                 PCI_PM_CTRL_NO_SOFT_RESET);
    pci_set_word(pdev->wmask + CAP_PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
    if (msi_init(pdev, CAP_MSI, 1, true, false, errp) < 0 ||
        msix_init(pdev, MSIX_VECTORS, &fn->bar0, 0, PF_MSIX_TABLE, &fn->bar0,
                  0, PF_MSIX_PBA, CAP_MSIX, errp) < 0) {
        return false;
    }
    for (int i = 0; i < MSIX_VECTORS; i++) {
        msix_vector_use(pdev, i);
    }
    if (pcie_endpoint_cap_init(pdev, CAP_EXP) < 0) {
        error_setg(errp, "no PCI Express capability; put the device behind a "
                   "PCI Express root port");
        return false;
    }
    pcie_cap_flr_init(pdev);
    if (pcie_aer_init(pdev, 1, ECAP_AER, PCI_ERR_SIZEOF, errp) < 0) {
        return false;
    }
    return true;
}

static bool ovg_l40_sriov(PCIDevice *pdev, OvgGpu *gpu, Error **errp)
{
    if (!gpu->total_vfs) {
        return true;
    }
    if (!pcie_sriov_pf_init(pdev, ECAP_SRIOV, TYPE_OVG_L40_VF, gpu->board->device_id,
                            gpu->total_vfs, gpu->total_vfs, VF_OFFSET,
                            VF_STRIDE, errp)) {
        return false;
    }
    pcie_sriov_pf_init_vf_bar(pdev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY,
                              NV_VF_BAR0_SIZE);
    pcie_sriov_pf_init_vf_bar(pdev, 1, BAR_64_PREF, gpu->vf_bar1_size);
    pcie_sriov_pf_init_vf_bar(pdev, 3, BAR_64_PREF, BAR3_SIZE);
    return true;
}

static void ovg_l40_realize(PCIDevice *pdev, Error **errp)
{
    OvgL40 *s = OVG_L40(pdev);
    OvgGpu *gpu = &s->gpu;
    OvgFunction *fn = &s->fn;

    if (!ovg_l40_board(s, errp) || !ovg_l40_check(gpu, errp)) {
        return;
    }
    fn->gpu = gpu;
    fn->pdev = pdev;
    fn->gfid = 0;
    gpu->fn[0] = fn;

    pdev->config_write = ovg_l40_config_write;
    pci_config_set_interrupt_pin(pdev->config, 1);

    gpu->fb = ovg_fb_new(gpu, errp);
    if (!gpu->fb) {
        return;
    }
    gpu->vmmu = ovg_vmmu_new(gpu);
    gpu->boot = ovg_boot_new(gpu);
    gpu->gsp_falcon = ovg_falcon_new(gpu, "gsp", NV_PGSP_FALCON_BASE);
    gpu->sec2_falcon = ovg_falcon_new(gpu, "sec2", NV_PSEC_FALCON_BASE);
    gpu->fifo = ovg_fifo_new(gpu);
    gpu->sched = ovg_sched_new(gpu);
    gpu->rm = ovg_rm_new(gpu);
    gpu->fbsr = ovg_fbsr_new(gpu);
    gpu->plugins = ovg_plugins_new(gpu);
    gpu->events = ovg_events_new(gpu);
    gpu->gsp = ovg_gsp_new(gpu);

    memory_region_init_io(&fn->bar0, OBJECT(pdev), &ovg_pf_bar0_ops, fn,
                          "ovg-bar0", PF_BAR0_SIZE);
    pci_register_bar(pdev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &fn->bar0);
    fn->bar1 = ovg_bar_mmu_new(fn, "ovg-bar1", gpu->bar1_size, true);
    pci_register_bar(pdev, 1, BAR_64_PREF, ovg_bar_mmu_region(fn->bar1));
    fn->bar3 = ovg_bar_mmu_new(fn, "ovg-bar3", BAR3_SIZE, false);
    pci_register_bar(pdev, 3, BAR_64_PREF, ovg_bar_mmu_region(fn->bar3));

    if (!ovg_l40_pci_caps(pdev, fn, errp) || !ovg_l40_sriov(pdev, gpu, errp)) {
        return;
    }
    pcie_ari_init(pdev, ECAP_ARI);
}

/*
 * Power-on, secondary bus reset or FLR: everything but the contents of FB.
 * QEMU takes the VFs down after this, which resets each of them.
 */
static void ovg_l40_reset_hold(Object *obj, ResetType type)
{
    OvgL40 *s = OVG_L40(obj);
    OvgGpu *gpu = &s->gpu;

    if (!gpu->gsp) {
        return;
    }
    trace_ovg_reset(0);
    ovg_gsp_reset(gpu);
    ovg_fifo_reset(gpu);
    ovg_plugins_reset(gpu);
    ovg_events_reset(gpu);
    ovg_rm_reset(gpu);
    for (uint32_t gfid = 1; gfid <= gpu->total_vfs; gfid++) {
        ovg_vmmu_unmap(gpu, gfid);
    }
    ovg_boot_reset(gpu);
    ovg_falcon_reset(gpu->gsp_falcon);
    ovg_falcon_reset(gpu->sec2_falcon);
    ovg_bar_mmu_reset(s->fn.bar1);
    ovg_bar_mmu_reset(s->fn.bar3);
    ovg_bar0_reset(&s->fn);
    ovg_intr_reset(&s->fn);
}

static const Property ovg_l40_properties[] = {
    DEFINE_PROP_STRING("board", OvgL40, board),
    DEFINE_PROP_SIZE("fb-size", OvgL40, gpu.fb_size, 0),
    DEFINE_PROP_SIZE("vmmu-segment", OvgL40, gpu.vmmu_segment, 0),
    DEFINE_PROP_SIZE("bar1-size", OvgL40, gpu.bar1_size, 256 * MiB),
    DEFINE_PROP_SIZE("vf-bar1-size", OvgL40, gpu.vf_bar1_size, 256 * MiB),
    DEFINE_PROP_UINT32("total-vfs", OvgL40, gpu.total_vfs, OVG_MAX_VFS),
    DEFINE_PROP_SIZE("prescrubbed", OvgL40, gpu.prescrubbed, 256 * MiB),
};

static const VMStateDescription ovg_l40_vmstate = {
    .name = TYPE_OVG_L40,
    .unmigratable = 1,
};

static void ovg_l40_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    pc->realize = ovg_l40_realize;
    pc->vendor_id = OVG_VENDOR;
    pc->device_id = boards[0].device_id;
    pc->subsystem_vendor_id = OVG_VENDOR;
    pc->subsystem_id = boards[0].subsystem_id;
    pc->revision = OVG_REVISION;
    pc->class_id = OVG_CLASS;
    rc->phases.hold = ovg_l40_reset_hold;
    dc->desc = "NVIDIA L40 with SR-IOV and emulated GSP (OpenVGPU model)";
    dc->hotpluggable = false;
    dc->vmsd = &ovg_l40_vmstate;
    device_class_set_props(dc, ovg_l40_properties);
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);

    object_class_property_add_str(klass, "fault", ovg_fault_get,
                                  ovg_fault_set);
    object_class_property_set_description(klass, "fault",
                                          "order a fault, see docs/model.md");
    object_class_property_add_bool(klass, "trust-types", ovg_get_trust_types,
                                   ovg_set_trust_types);
    object_class_property_set_description(klass, "trust-types",
        "believe signatures of vGPU types that the model cannot check");
    object_class_property_add_bool(klass, "ecc", ovg_get_ecc, ovg_set_ecc);
    object_class_property_set_description(klass, "ecc",
        "FB has ECC on; GSP says so to a driver that asks");
    object_class_property_add_bool(klass, "vnc-connected", ovg_get_vnc_connected,
                                   ovg_set_vnc_connected);
    object_class_property_set_description(klass, "vnc-connected",
        "plugin tasks tell guests with a console that somebody looks at it");
    object_class_property_add_str(klass, "vgpus", ovg_get_vgpus, NULL);
    object_class_property_set_description(klass, "vgpus",
        "what the host configured for each vGPU: GFID:type@placement+flags");
    object_class_property_add_str(klass, "engine-time", ovg_get_engine_time, NULL);
    object_class_property_set_description(klass, "engine-time",
        "ns of work of each function, and of turns that were not used");
    object_class_property_add_str(klass, "schedulers", ovg_get_schedulers, NULL);
    object_class_property_set_description(klass, "schedulers",
        "policy of each runlist: RUNLIST:policy");
    object_class_property_add_bool(klass, "mixed-sizes", ovg_get_mixed_sizes, NULL);
    object_class_property_set_description(klass, "mixed-sizes",
        "GSP lets vGPUs have mixed sizes");
    object_class_property_add_str(klass, "last-refusal", ovg_get_last_refusal,
                                  NULL);
    object_class_property_add_str(klass, "gsp-sha256", ovg_get_sha256, NULL);
    object_class_property_add_str(klass, "gsp-state", ovg_get_gsp_state, NULL);
    for (unsigned i = 0; i < ARRAY_SIZE(counters); i++) {
        object_class_property_add(klass, counters[i].name, "uint64",
                                  ovg_counter_get, NULL, NULL,
                                  GUINT_TO_POINTER(i));
        object_class_property_set_description(klass, counters[i].name,
                                              counters[i].desc);
    }
}

static const TypeInfo ovg_types[] = {
    {
        .name = TYPE_OVG_L40,
        .parent = TYPE_PCI_DEVICE,
        .instance_size = sizeof(OvgL40),
        .class_init = ovg_l40_class_init,
        .interfaces = (InterfaceInfo[]) {
            { INTERFACE_PCIE_DEVICE },
            { }
        },
    }, {
        .name = TYPE_OVG_L40_VF,
        .parent = TYPE_PCI_DEVICE,
        .instance_size = sizeof(OvgL40Vf),
        .class_init = ovg_l40_vf_class_init,
        .interfaces = (InterfaceInfo[]) {
            { INTERFACE_PCIE_DEVICE },
            { }
        },
    },
};

DEFINE_TYPES(ovg_types)
