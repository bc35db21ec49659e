/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plugin tasks: one for each vGPU, between its host and its guest.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The host starts a task with BOOTLOAD, talks to it through the communication
 * area at the start of its heap, and ends it with SHUTDOWN and CLEANUP.  The
 * guest talks to it through the mailbox scratch registers of its VF.
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "hw/pci/pcie_sriov.h"
#include "ovg_gsp.h"
#include "common/fifo.h"
#include "common/gsp_msgq.h"
#include "common/liboslog.h"
#include "r535/vgpu_guest.h"
#include "r570/vgpu_ctrl.h"
#include "r570/vgpu_plugin.h"
#include "trace.h"

#define BOOT_US         3000
#define MESSAGE_US      30
#define GUEST_RPC_US    30
#define GUEST_INFO_US   1500000     /* from the guest's driver to what is told of it */
/* Messages of a guest are answered within its message buffer. */
#define GUEST_MSG_MAX   R535_GUEST_MSG_SIZE

typedef enum {
    PLUGIN_NONE,
    PLUGIN_BOOTING,
    PLUGIN_RUNNING,
    PLUGIN_CRASHED,
    PLUGIN_SHUT_DOWN,
} PluginState;

typedef struct Plugin {
    PluginState state;
    OvgBootload boot;
    OvgVgpuType type;
    uint32_t last_seq;
    bool seq_valid;
    bool negotiated;
    bool configured;
    bool bus_master;
    bool silent;
    bool uvm, console_vnc;
    uint32_t placement;         /* UINT32_MAX: the release has none */
    uint64_t log_put[3];        /* words that were written to each log */
    bool licensed;

    bool guest_setup;
    bool guest_known;           /* SET_GUEST_SYSTEM_INFO was accepted */
    bool info_known;            /* and what is told of the guest holds */
    const OvgRelease *guest_release;
    uint64_t guest_ctrl;        /* PTE descriptor of its control buffer */
    struct r535_guest_ctrl gctrl;
    struct r535_guest_response gresp;
    OvgScanout scanout;
} Plugin;

struct OvgPlugins {
    bool heterogeneous;         /* vGPUs of mixed sizes */
    Plugin plugin[OVG_MAX_GFID];
};

static Plugin *plugin(OvgGpu *gpu, uint32_t gfid)
{
    if (!gfid || gfid >= OVG_MAX_GFID || !gpu->fn[gfid]) {
        return NULL;
    }
    return &gpu->plugins->plugin[gfid];
}

static bool alive(const Plugin *p)
{
    return p->state == PLUGIN_BOOTING || p->state == PLUGIN_RUNNING;
}

uint32_t ovg_plugin_count(OvgGpu *gpu)
{
    uint32_t n = 0;

    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        n += gpu->plugins->plugin[i].state != PLUGIN_NONE;
    }
    return n;
}

uint64_t ovg_plugin_running(OvgGpu *gpu)
{
    uint64_t map = 0;

    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        map |= (uint64_t)alive(&gpu->plugins->plugin[i]) << i;
    }
    return map;
}

uint32_t ovg_plugin_instances(OvgGpu *gpu)
{
    uint32_t n = 0;

    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        if (alive(&gpu->plugins->plugin[i])) {
            n = MAX(n, gpu->plugins->plugin[i].type.max_instance);
        }
    }
    return n;
}

bool ovg_plugin_heterogeneous(OvgGpu *gpu)
{
    return gpu->plugins->heterogeneous;
}

/* What the host has told of each vGPU: "GFID:type@placement+flag+flag", blanks between. */
char *ovg_plugin_configs(OvgGpu *gpu)
{
    GString *s = g_string_new(NULL);

    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        const Plugin *p = &gpu->plugins->plugin[i];

        if (p->state == PLUGIN_NONE || !p->configured) {
            continue;
        }
        g_string_append_printf(s, "%s%u:%u@", s->len ? " " : "", i, p->boot.vgpu_type);
        if (p->placement == UINT32_MAX) {
            g_string_append(s, "-");
        } else {
            g_string_append_printf(s, "%u", p->placement);
        }
        g_string_append_printf(s, "%s%s%s", p->console_vnc ? "+vnc" : "",
                               p->uvm ? "+uvm" : "", p->boot.profiling ? "+profiling" : "");
    }
    return g_string_free(s, false);
}

bool ovg_plugin_chid_range(OvgGpu *gpu, uint32_t gfid, uint32_t engine,
                           uint32_t *first, uint32_t *count)
{
    Plugin *p = plugin(gpu, gfid);

    if (!p || p->state == PLUGIN_NONE || ovg_gsp_runlist(engine) < 0) {
        return false;
    }
    *first = p->boot.chid_offset[engine];
    *count = p->boot.num_channels;
    return true;
}

static const OvgRelease *const releases[] = OVG_RELEASES;

const OvgRelease *ovg_plugin_guest_release(OvgGpu *gpu, uint32_t gfid)
{
    return plugin(gpu, gfid)->guest_release;
}

uint32_t ovg_plugin_own_channels(OvgGpu *gpu, uint32_t gfid)
{
    return plugin(gpu, gfid)->boot.num_plugin_channels;
}

static void notify_host(OvgGpu *gpu, uint32_t gfid, uint32_t index)
{
    struct r535_event_plugin_triggered ev = { .gfid = gfid, .notify_index = index };

    ovg_gsp_event(gpu, R535_EVENT_VGPU_GSP_PLUGIN_TRIGGERED, &ev, sizeof(ev));
}

/* ---- bootload ---- */

/* Homogeneous placement: what OpenRM's kernel_vgpu_mgr.c computes. */
static uint64_t guest_fb_length(OvgGpu *gpu, const OvgVgpuType *t)
{
    uint64_t share = ROUND_UP(gpu->fb_size, 8 * gpu->vmmu_segment) / t->max_instance;
    uint64_t cost = t->heap_size + t->fb_reservation;

    if (share <= cost) {
        return 0;
    }
    return QEMU_ALIGN_DOWN(MIN(share - cost, t->fb_length), gpu->vmmu_segment);
}

static bool overlap(uint64_t a, uint64_t alen, uint64_t b, uint64_t blen)
{
    return a < b + blen && b < a + alen;
}

static bool in_guest_fb(const OvgBootload *b, uint64_t addr, uint64_t len)
{
    for (uint32_t i = 0; i < b->fb_ranges; i++) {
        if (overlap(addr, len, b->fb_addr[i], b->fb_length[i])) {
            return true;
        }
    }
    return false;
}

static bool check_channels(OvgGpu *gpu, const OvgBootload *b)
{
    if (!is_power_of_2(b->num_channels) || b->num_channels > NV_CHIDS_PER_RUNLIST ||
        !b->num_plugin_channels || b->num_plugin_channels > 5 ||
        b->num_plugin_channels >= b->num_channels) {
        ovg_refuse(gpu, "bootload-channels", "gfid %u: %u channels, %u for the "
                   "plugin", b->gfid, b->num_channels, b->num_plugin_channels);
        return false;
    }
    for (uint32_t e = 0; e < b->engine_types; e++) {
        int runlist = ovg_gsp_runlist(e);
        uint32_t first = b->chid_offset[e];

        if (runlist < 0) {
            if (first) {
                ovg_refuse(gpu, "bootload-channels", "gfid %u: channel ids on "
                           "engine type %u, which there is not", b->gfid, e);
                return false;
            }
            continue;
        }
        if (first > NV_CHIDS_PER_RUNLIST - b->num_channels) {
            ovg_refuse(gpu, "bootload-channels", "gfid %u: channel ids from %u on",
                       b->gfid, first);
            return false;
        }
        for (uint32_t i = 0; i < e; i++) {
            if (ovg_gsp_runlist(i) == runlist && b->chid_offset[i] != first) {
                ovg_refuse(gpu, "bootload-channels", "gfid %u: engine types %u and "
                           "%u are on one runlist and have other channel ids",
                           b->gfid, i, e);
                return false;
            }
        }
        for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
            const Plugin *q = &gpu->plugins->plugin[i];

            if (i != b->gfid && q->state != PLUGIN_NONE &&
                overlap(first, b->num_channels, q->boot.chid_offset[e],
                        q->boot.num_channels)) {
                ovg_refuse(gpu, "bootload-channels", "gfid %u: channel ids overlap "
                           "those of gfid %u", b->gfid, i);
                return false;
            }
        }
    }
    return true;
}

/* Without mixed sizes all vGPUs of a GPU have one profile size. */
static bool check_size(OvgGpu *gpu, const OvgBootload *b, const OvgVgpuType *t)
{
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        const Plugin *q = &gpu->plugins->plugin[i];

        if (q->state != PLUGIN_NONE && !gpu->plugins->heterogeneous &&
            q->type.profile_size != t->profile_size) {
            ovg_refuse(gpu, "bootload-size", "gfid %u: type %u has another size than "
                       "that of gfid %u", b->gfid, t->id, i);
            return false;
        }
    }
    return true;
}

static bool check_heap(OvgGpu *gpu, const OvgBootload *b,
                       const OvgVgpuType *t)
{
    uint64_t heap = b->heap, len = b->heap_length;

    if (heap % 4096 || len != t->heap_size || len < gpu->release->comm_size ||
        heap >= ovg_gsp_fb_limit(gpu) || len > ovg_gsp_fb_limit(gpu) - heap) {
        ovg_refuse(gpu, "bootload-heap", "gfid %u: plugin heap 0x%" PRIx64 "+0x%"
                   PRIx64, b->gfid, heap, len);
        return false;
    }
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        const OvgBootload *q = &gpu->plugins->plugin[i].boot;

        if (gpu->plugins->plugin[i].state == PLUGIN_NONE) {
            continue;
        }
        if (overlap(heap, len, q->heap, q->heap_length) ||
            in_guest_fb(q, heap, len) ||
            in_guest_fb(b, q->heap, q->heap_length)) {
            ovg_refuse(gpu, "bootload-heap", "gfid %u: plugin heap overlaps memory "
                       "of gfid %u", b->gfid, i);
            return false;
        }
    }
    if (in_guest_fb(b, heap, len)) {
        ovg_refuse(gpu, "bootload-heap", "gfid %u: plugin heap lies in the guest's FB",
                   b->gfid);
        return false;
    }
    if (b->ctrl_offset % 4096 || b->ctrl_offset > len - gpu->release->comm_size) {
        ovg_refuse(gpu, "bootload-ctrl", "gfid %u: control page lies outside the plugin "
                   "heap", b->gfid);
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(b->log); i++) {
        if (b->log[i].size && (b->log[i].addr < heap || b->log[i].addr - heap > len ||
                               b->log[i].size > len - (b->log[i].addr - heap))) {
            ovg_refuse(gpu, "bootload-logs", "gfid %u: log %zu lies outside the plugin "
                       "heap", b->gfid, i);
            return false;
        }
    }
    return true;
}

/* The logs of a plugin heap */
enum { LOG_INIT, LOG_VGPU, LOG_KERNEL };

/* Descriptions of the records; their addresses are the model's own. */
typedef enum {
    REC_STARTED,                /* gfid */
    REC_UP,                     /* gfid, type */
    REC_MESSAGE,                /* message, status */
    REC_GUEST_RPC,              /* function, result */
    REC_CRASHED,                /* gfid, where */
} Record;

#define RECORDS_BASE(log)   (0x580000000ULL + (log) * 0x1000000ULL)

static void log_word(OvgGpu *gpu, Plugin *p, int log, uint64_t word)
{
    uint64_t ring = p->boot.log[log].size / LIBOS_LOG_WORD - 1;

    ovg_fb_write(gpu, p->boot.log[log].addr +
                 (1 + p->log_put[log]++ % ring) * LIBOS_LOG_WORD, &word, sizeof(word));
}

/* A record in a log, as libos writes it: arguments, description, time, put. */
static void task_log(OvgGpu *gpu, Plugin *p, int log, Record what, unsigned n,
                     const uint64_t *arg)
{
    if (p->boot.log[log].size < 2 * LIBOS_LOG_WORD) {
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        log_word(gpu, p, log, arg[i]);
    }
    log_word(gpu, p, log, RECORDS_BASE(log) + what * LIBOS_LOG_METADATA_SIZE);
    log_word(gpu, p, log, ovg_ptimer_ns(gpu));
    ovg_fb_write(gpu, p->boot.log[log].addr, &p->log_put[log], sizeof(p->log_put[log]));
}

#define LOG(gpu, p, log, what, ...) do {                                    \
        const uint64_t arg_[] = { __VA_ARGS__ };                            \
        task_log(gpu, p, log, what, ARRAY_SIZE(arg_), arg_);                \
    } while (0)

static void boot_done(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);
    uint32_t magic = R535_PLUGIN_BOOT_MAGIC;

    if (p->state != PLUGIN_BOOTING ||
        ovg_fault_take(gpu, OVG_FAULT_PLUGIN_NO_BOOT, NULL)) {
        return;
    }
    p->state = PLUGIN_RUNNING;
    trace_ovg_plugin_state(gfid, "running");
    LOG(gpu, p, LOG_INIT, REC_STARTED, gfid);
    LOG(gpu, p, LOG_KERNEL, REC_STARTED, gfid);
    LOG(gpu, p, LOG_VGPU, REC_UP, gfid, p->boot.vgpu_type);
    ovg_fb_write(gpu, p->boot.heap + p->boot.ctrl_offset +
                 offsetof(struct r535_plugin_ctrl, message_seq_num),
                 &magic, sizeof(magic));
    notify_host(gpu, gfid, NVA084_NOTIFIER_PLUGIN_BOOTLOADED);
}

static uint32_t bootload(OvgGpu *gpu, const OvgBootload *b)
{
    const OvgVgpuType *t;
    Plugin *p = plugin(gpu, b->gfid);
    uint64_t total = 0;

    if (!ovg_gsp_sriov(gpu)) {
        ovg_refuse(gpu, "bootload-sriov", "GSP was not started in SR-IOV mode");
        return NV_ERR_NOT_SUPPORTED;
    }
    if (!p || b->gfid > pcie_sriov_num_vfs(gpu->fn[0]->pdev)) {
        ovg_refuse(gpu, "bootload-gfid", "gfid %u is no enabled VF", b->gfid);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (p->state != PLUGIN_NONE) {
        ovg_refuse(gpu, "bootload-twice", "gfid %u has a plugin task", b->gfid);
        return NV_ERR_IN_USE;
    }
    if (b->dbdf != pci_get_bdf(gpu->fn[b->gfid]->pdev)) {
        ovg_refuse(gpu, "bootload-dbdf", "gfid %u is not at 0x%x", b->gfid, b->dbdf);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (ovg_plugin_count(gpu) >= ovg_gsp_partitions(gpu)) {
        ovg_refuse(gpu, "bootload-partitions", "the heap of this boot has room for "
                   "%u vGPUs", ovg_gsp_partitions(gpu));
        return NV_ERR_INSUFFICIENT_RESOURCES;
    }
    t = ovg_types_find(gpu, b->vgpu_type);
    if (!t) {
        ovg_refuse(gpu, "bootload-type", "type %u is not known", b->vgpu_type);
        return NV_ERR_OBJECT_NOT_FOUND;
    }
    if (b->swizz_id != R535_SWIZZ_ID_NONE || !b->vm_pid) {
        ovg_refuse(gpu, "bootload-fields", "gfid %u: swizz id 0x%x, VM pid %u",
                   b->gfid, b->swizz_id, b->vm_pid);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!b->fb_ranges ||
        b->fb_ranges > R535_GUEST_FB_SEGMENTS) {
        ovg_refuse(gpu, "bootload-fb", "gfid %u: %u ranges of FB", b->gfid,
                   b->fb_ranges);
        return NV_ERR_INVALID_ARGUMENT;
    }
    for (uint32_t i = 0; i < b->fb_ranges; i++) {
        total += b->fb_length[i];
        if (b->fb_addr[i] >= ovg_gsp_fb_limit(gpu) ||
            b->fb_length[i] > ovg_gsp_fb_limit(gpu) - b->fb_addr[i]) {
            ovg_refuse(gpu, "bootload-fb", "gfid %u: FB 0x%" PRIx64 "+0x%" PRIx64
                       " reaches into what GSP keeps", b->gfid, b->fb_addr[i],
                       b->fb_length[i]);
            return NV_ERR_INVALID_ADDRESS;
        }
    }
    if (total != guest_fb_length(gpu, t)) {
        ovg_refuse(gpu, "bootload-fb", "gfid %u: 0x%" PRIx64 " bytes of FB, type %u "
                   "has 0x%" PRIx64, b->gfid, total, t->id,
                   guest_fb_length(gpu, t));
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!check_channels(gpu, b) || !check_heap(gpu, b, t) || !check_size(gpu, b, t)) {
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!ovg_vmmu_map(gpu, b->gfid, b->fb_ranges, b->fb_addr, b->fb_length)) {
        return NV_ERR_INVALID_ADDRESS;
    }

    memset(p, 0, sizeof(*p));
    p->state = PLUGIN_BOOTING;
    p->boot = *b;
    p->type = *t;
    p->placement = UINT32_MAX;
    trace_ovg_plugin_state(b->gfid, "booting");
    ovg_gsp_later(gpu, BOOT_US, boot_done, b->gfid);
    return NV_OK;
}

/* ---- end ---- */

static void drop_guest(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    p->guest_setup = false;
    p->guest_known = false;
    memset(&p->gresp, 0, sizeof(p->gresp));
    /* A crashed task writes nothing, one that was shut down has no heap. */
    if (p->state == PLUGIN_RUNNING) {
        ovg_surface_clear(gpu, &p->scanout);
    }
    ovg_rm_free_gfid(gpu, gfid);
    ovg_fifo_free_gfid(gpu, gfid);
}

static uint32_t shutdown_task(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    if (!p || p->state == PLUGIN_NONE || p->state == PLUGIN_SHUT_DOWN) {
        ovg_refuse(gpu, "shutdown-gfid", "gfid %u has no plugin task", gfid);
        return NV_ERR_OBJECT_NOT_FOUND;
    }
    drop_guest(gpu, gfid);
    p->state = PLUGIN_SHUT_DOWN;
    trace_ovg_plugin_state(gfid, "shut down");
    notify_host(gpu, gfid, NVA084_NOTIFIER_PLUGIN_UNLOADED);
    return NV_OK;
}

static void forget(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    drop_guest(gpu, gfid);
    ovg_gsp_cancel(gpu, boot_done, gfid);
    ovg_vmmu_unmap(gpu, gfid);
    memset(p, 0, sizeof(*p));
}

static uint32_t cleanup_task(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    if (!p || p->state == PLUGIN_NONE) {
        ovg_refuse(gpu, "cleanup-gfid", "gfid %u has no plugin task", gfid);
        return NV_ERR_OBJECT_NOT_FOUND;
    }
    if (p->state != PLUGIN_SHUT_DOWN) {
        ovg_refuse(gpu, "cleanup-order", "gfid %u: cleanup before shutdown", gfid);
        return NV_ERR_INVALID_STATE;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_CLEANUP_REFUSE, NULL)) {
        return NV_ERR_INVALID_STATE;
    }
    forget(gpu, gfid);
    trace_ovg_plugin_state(gfid, "gone");
    return NV_OK;
}

void ovg_plugin_crash(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    if (!p || !alive(p)) {
        return;
    }
    ovg_note(gpu, "plugin task of gfid %u crashes", gfid);
    p->state = PLUGIN_CRASHED;
    LOG(gpu, p, LOG_VGPU, REC_CRASHED, gfid, 0xdeadbeef);
    LOG(gpu, p, LOG_KERNEL, REC_CRASHED, gfid, 0xdeadbeef);
    drop_guest(gpu, gfid);
    notify_host(gpu, gfid, NVA084_NOTIFIER_PLUGIN_CRASHED);
}

bool ovg_plugin_license(OvgGpu *gpu, uint32_t gfid, bool licensed)
{
    Plugin *p = plugin(gpu, gfid);

    if (!p || p->state != PLUGIN_RUNNING) {
        return false;
    }
    p->licensed = licensed;
    p->info_known = true;
    notify_host(gpu, gfid, NVA084_NOTIFIER_LICENSE_STATE);
    return true;
}

uint32_t ovg_plugin_vm_pid(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    return p && p->state != PLUGIN_NONE ? p->boot.vm_pid : 0;
}

void ovg_plugins_reset(OvgGpu *gpu)
{
    if (!gpu->plugins) {
        return;
    }
    gpu->plugins->heterogeneous = false;
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        if (gpu->fn[i] && gpu->plugins->plugin[i].state != PLUGIN_NONE) {
            forget(gpu, i);
        }
    }
}

OvgPlugins *ovg_plugins_new(OvgGpu *gpu)
{
    return g_new0(OvgPlugins, 1);
}

/* ---- controls ---- */

static void enumerate(OvgGpu *gpu, struct r535_enumerate_vgpus *e)
{
    memset(e, 0, sizeof(*e));
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        const Plugin *p = &gpu->plugins->plugin[i];

        if (p->state == PLUGIN_NONE || e->num_vgpu == R535_MAX_VGPUS) {
            continue;
        }
        e->vgpu[e->num_vgpu].vm.vm_pid = p->boot.vm_pid;
        e->vgpu[e->num_vgpu].vm.guest_vm_state = p->guest_known && p->info_known ?
            R535_GUEST_VM_INFO_INITIALIZED : R535_GUEST_VM_INFO_UNINITIALIZED;
        e->vgpu[e->num_vgpu].vm.licensed = p->licensed;
        e->vgpu[e->num_vgpu].device.gfid = i;
        e->vgpu[e->num_vgpu].device.fb_used = ovg_vmmu_size(gpu, i);
        e->vgpu[e->num_vgpu].device.driver_loaded = p->guest_known;
        e->num_vgpu++;
    }
}

static void fb_usage(OvgGpu *gpu, struct r535_vgpu_fb_usage *u)
{
    memset(u, 0, sizeof(*u));
    for (uint32_t i = 1; i < OVG_MAX_GFID && u->count < R535_MAX_VGPUS; i++) {
        if (gpu->plugins->plugin[i].state != PLUGIN_NONE) {
            u->vgpu[u->count].gfid = i;
            u->vgpu[u->count++].fb_used = ovg_vmmu_size(gpu, i);
        }
    }
}

static uint32_t set_mode(OvgGpu *gpu, const struct r570_vgpu_heterogeneous_mode *m)
{
    if (m->heterogeneous_mode > 1 || ovg_plugin_count(gpu)) {
        ovg_refuse(gpu, "vgpu-mode", "mode %u while there are %u vGPUs",
                   m->heterogeneous_mode, ovg_plugin_count(gpu));
        return NV_ERR_INVALID_STATE;
    }
    if (m->heterogeneous_mode && ovg_sched_fixed(gpu)) {
        ovg_refuse(gpu, "sched-mixed", "mixed sizes while vGPUs have a fixed share");
        return NV_ERR_INVALID_STATE;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_MODE_REFUSE, NULL)) {
        return NV_ERR_INVALID_STATE;
    }
    gpu->plugins->heterogeneous = m->heterogeneous_mode;
    return NV_OK;
}

uint32_t ovg_plugin_control(OvgGpu *gpu, uint32_t cmd, void *params, size_t len)
{
    OvgBootload boot;

    switch (cmd) {
    case NV2080_CTRL_CMD_VGPU_MGR_BOOTLOAD:
        gpu->release->bootload(params, &boot);
        return bootload(gpu, &boot);
    case NV2080_CTRL_CMD_VGPU_MGR_SHUTDOWN:
        return shutdown_task(gpu, ((struct r535_vgpu_gfid *)params)->gfid);
    case NV2080_CTRL_CMD_VGPU_MGR_CLEANUP:
        return cleanup_task(gpu, ((struct r535_vgpu_gfid *)params)->gfid);
    case NV2080_CTRL_CMD_VGPU_MGR_ENUMERATE:
        enumerate(gpu, params);
        return NV_OK;
    case NV2080_CTRL_CMD_VGPU_MGR_GET_FB_USAGE:
        fb_usage(gpu, params);
        return NV_OK;
    case NV2080_CTRL_CMD_VGPU_MGR_SET_HETEROGENEOUS_MODE:
        return set_mode(gpu, params);
    default:
        return NV_ERR_NOT_SUPPORTED;
    }
}

/* ---- messages of the host ---- */

/* Placement ids count GiB of the board; homogeneous ones are multiples of the size. */
static bool check_placement(OvgGpu *gpu, uint32_t gfid, const Plugin *p, uint32_t id)
{
    uint32_t size = p->type.profile_size / (1024 * MiB);

    if (id == UINT32_MAX) {
        return true;
    }
    if (id == R570_PLUGIN_PLACEMENT_NONE) {
        return !gpu->plugins->heterogeneous;
    }
    if (!size || id + size > gpu->board->fb_gib ||
        (!gpu->plugins->heterogeneous && id % size)) {
        return false;
    }
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        const Plugin *q = &gpu->plugins->plugin[i];

        if (i != gfid && q->state != PLUGIN_NONE && q->configured &&
            q->placement < R570_PLUGIN_PLACEMENT_NONE &&
            overlap(id, size, q->placement, q->type.profile_size / (1024 * MiB))) {
            return false;
        }
    }
    return true;
}

static uint32_t take_config(OvgGpu *gpu, uint32_t gfid, Plugin *p,
                            const OvgPluginConfig *c)
{
    static const uint8_t zero[16];
    const char *what = NULL;

    if (!memcmp(c->uuid, zero, sizeof(zero))) {
        what = "uuid";
    } else if (c->dbdf != p->boot.dbdf) {
        what = "dbdf";
    } else if (!c->instance_id) {
        what = "instance id";
    } else if (c->vgpu_type != p->boot.vgpu_type) {
        what = "type";
    } else if (c->vm_pid != p->boot.vm_pid) {
        what = "VM pid";
    } else if (c->swizz_id != p->boot.swizz_id) {
        what = "swizz id";
    } else if (c->num_channels != p->boot.num_channels ||
               c->num_plugin_channels != p->boot.num_plugin_channels) {
        what = "channels";
    } else if (c->hypervisor_type != R535_PLUGIN_HYPERVISOR_KVM) {
        what = "hypervisor";
    } else if (c->cpu_arch != R535_PLUGIN_CPU_ARCH_X86_64) {
        what = "CPU architecture";
    } else if (c->page_size != 4096) {
        what = "page size";
    } else if (c->bad_flags) {
        what = "flags";
    } else if (c->bad_reserved) {
        what = "reserved fields";
    } else if (!check_placement(gpu, gfid, p, c->placement)) {
        what = "placement id";
    }
    if (what) {
        ovg_refuse(gpu, "plugin-config", "gfid %u: %s in the configuration", gfid, what);
        return NV_ERR_INVALID_ARGUMENT;
    }
    p->placement = c->placement;
    p->uvm = c->uvm;
    p->console_vnc = c->console_vnc;
    p->scanout = (OvgScanout) {
        .gfid = gfid,
        .response = p->boot.heap + R535_PLUGIN_RESPONSE_OFFSET,
        .type = p->type,
        .console = c->console_vnc,
    };
    p->configured = true;
    return NV_OK;
}

static uint32_t take_message(OvgGpu *gpu, uint32_t gfid, Plugin *p, uint32_t type,
                             uint64_t msg)
{
    g_autofree void *buf = g_malloc0(gpu->release->config_size);
    OvgPluginConfig config;
    struct r535_plugin_version version;
    struct r535_plugin_bme bme;

    if (type != R535_PLUGIN_MSG_VERSION_NEGOTIATION && !p->negotiated) {
        ovg_refuse(gpu, "plugin-order", "gfid %u: message %u before version "
                   "negotiation", gfid, type);
        return NV_ERR_INVALID_STATE;
    }
    if (type > R535_PLUGIN_MSG_SETUP_CONFIG_AND_INIT && !p->configured) {
        ovg_refuse(gpu, "plugin-order", "gfid %u: message %u before configuration",
                   gfid, type);
        return NV_ERR_INVALID_STATE;
    }
    switch (type) {
    case R535_PLUGIN_MSG_VERSION_NEGOTIATION:
        ovg_fb_read(gpu, msg, &version, sizeof(version));
        version.version_negotiated = version.version_cpu;
        ovg_fb_write(gpu, msg, &version, sizeof(version));
        p->negotiated = true;
        return NV_OK;
    case R535_PLUGIN_MSG_SETUP_CONFIG_AND_INIT:
        if (p->configured) {
            ovg_refuse(gpu, "plugin-order", "gfid %u is configured already", gfid);
            return NV_ERR_INVALID_STATE;
        }
        ovg_fb_read(gpu, msg, buf, gpu->release->config_size);
        gpu->release->config(buf, &config);
        return take_config(gpu, gfid, p, &config);
    case R535_PLUGIN_MSG_RESET:
        drop_guest(gpu, gfid);
        return NV_OK;
    case R535_PLUGIN_MSG_UPDATE_BME_STATE:
        ovg_fb_read(gpu, msg, &bme, sizeof(bme));
        if (bme.enable > 1) {
            ovg_refuse(gpu, "plugin-bme", "gfid %u: bus master %u", gfid, bme.enable);
            return NV_ERR_INVALID_ARGUMENT;
        }
        p->bus_master = bme.enable;
        bme.allowed = 1;
        ovg_fb_write(gpu, msg, &bme, sizeof(bme));
        return NV_OK;
    default:
        ovg_refuse(gpu, "plugin-message", "gfid %u: message %u is not emulated", gfid,
                   type);
        return NV_ERR_NOT_SUPPORTED;
    }
}

static bool is_silent(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    if (gpu->fault[OVG_FAULT_PLUGIN_SILENT].arg == gfid &&
        ovg_fault_take(gpu, OVG_FAULT_PLUGIN_SILENT, NULL)) {
        p->silent = true;
    }
    return p->silent;
}

static void host_message(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);
    uint64_t heap, ctrl;
    struct r535_plugin_ctrl c;
    uint32_t result;

    if (p->state != PLUGIN_RUNNING || is_silent(gpu, gfid)) {
        return;
    }
    heap = p->boot.heap;
    ctrl = heap + p->boot.ctrl_offset;
    ovg_fb_read(gpu, ctrl, &c, sizeof(c));
    if (c.version != R535_PLUGIN_CTRL_VERSION ||
        c.response_buff_offset != R535_PLUGIN_RESPONSE_OFFSET ||
        c.message_buff_offset != R535_PLUGIN_MESSAGE_OFFSET ||
        c.migration_buff_offset != R535_PLUGIN_MIGRATION_OFFSET ||
        c.error_buff_offset != R535_PLUGIN_ERROR_OFFSET) {
        ovg_refuse(gpu, "plugin-ctrl", "gfid %u: version or offsets of the control "
                   "buffer", gfid);
        return;
    }
    if (p->seq_valid && c.message_seq_num == p->last_seq) {
        return;
    }
    if (p->seq_valid ? c.message_seq_num != p->last_seq + 1 :
                       c.message_seq_num == R535_PLUGIN_BOOT_MAGIC) {
        ovg_refuse(gpu, "plugin-sequence", "gfid %u: message %u after %u", gfid,
                   c.message_seq_num, p->last_seq);
        return;
    }
    p->seq_valid = true;
    p->last_seq = c.message_seq_num;
    result = take_message(gpu, gfid, p, c.message_type, heap + c.message_buff_offset);
    trace_ovg_plugin_message(gfid, c.message_type, c.message_seq_num, result);
    LOG(gpu, p, LOG_VGPU, REC_MESSAGE, c.message_type, result);
    heap += c.response_buff_offset;
    if (gpu->release->received >= 0) {
        ovg_fb_write(gpu, heap + gpu->release->received, &c.message_seq_num,
                     sizeof(c.message_seq_num));
    }
    ovg_fb_write(gpu, heap + gpu->release->result, &result, sizeof(result));
    ovg_fb_write(gpu, heap + gpu->release->processed, &c.message_seq_num,
                 sizeof(c.message_seq_num));
}

void ovg_plugin_host_doorbell(OvgGpu *gpu, uint32_t vector)
{
    uint32_t gfid = vector / NV_DOORBELL_VECTORS_PER_GFID;
    Plugin *p = plugin(gpu, gfid);

    if (!ovg_gsp_running(gpu)) {
        return;
    }
    if (vector % NV_DOORBELL_VECTORS_PER_GFID != NV_DOORBELL_CPU_PLUGIN || !p ||
        p->state == PLUGIN_NONE) {
        ovg_refuse(gpu, "plugin-doorbell", "doorbell %u reaches no plugin task", vector);
        return;
    }
    ovg_gsp_later(gpu, MESSAGE_US, host_message, gfid);
}

/* ---- guest ---- */

/* Read or write memory that a guest named by a PTE descriptor. */
static bool guest_rw(OvgGpu *gpu, uint32_t gfid, uint64_t desc, uint64_t off,
                     void *buf, uint64_t len, bool write)
{
    uint64_t size = NV_VGPU_PTEDESC_SIZE(desc) == NV_VGPU_PTEDESC_SIZE_128K ?
                    0x20000 : 0x1000;
    uint64_t addr = NV_VGPU_PTEDESC_ADDR(desc) + off, spa, run;
    uint8_t *p = buf;

    if (!(desc & NV_VGPU_PTEDESC_VALID) || off > size || len > size - off) {
        return false;
    }
    if (NV_VGPU_PTEDESC_APERTURE(desc) == NV_VGPU_PTEDESC_APERTURE_SYS) {
        return write ? ovg_dma_write(gpu->fn[gfid], addr, buf, len) :
                       ovg_dma_read(gpu->fn[gfid], addr, buf, len);
    }
    if (NV_VGPU_PTEDESC_APERTURE(desc) != NV_VGPU_PTEDESC_APERTURE_FB) {
        return false;
    }
    while (len) {
        uint64_t n;

        if (!ovg_vmmu_translate(gpu, gfid, addr, &spa, &run) || !run) {
            return false;
        }
        n = MIN(len, run);
        if (!(write ? ovg_fb_write(gpu, spa, p, n) : ovg_fb_read(gpu, spa, p, n))) {
            return false;
        }
        addr += n;
        p += n;
        len -= n;
    }
    return true;
}

static void guest_setup(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);
    OvgFunction *fn = gpu->fn[gfid];
    uint64_t desc = (uint64_t)fn->scratch[NV_VF_SCRATCH_GUEST_RPC_HI] << 32 |
                    fn->scratch[NV_VF_SCRATCH_GUEST_RPC_LO];
    uint32_t vnc = p->console_vnc;
    /*
     * When a real task says that somebody looks is not public, most likely after
     * message 11; nobody can send that, so only if a test wants it.
     */
    uint32_t connected = p->console_vnc && gpu->vnc_connected;

    if (is_silent(gpu, gfid)) {
        return;
    }
    p->guest_setup = false;
    p->guest_known = false;
    if (p->state != PLUGIN_RUNNING || !p->configured || !p->bus_master) {
        ovg_refuse(gpu, "guest-early", "gfid %u: guest RPC before the host has "
                   "configured the vGPU and allowed bus mastering", gfid);
        return;
    }
    if (!guest_rw(gpu, gfid, desc, 0, &p->gctrl, sizeof(p->gctrl), false) ||
        p->gctrl.version != R535_GUEST_CTRL_VERSION) {
        ovg_refuse(gpu, "guest-setup", "gfid %u: control buffer 0x%" PRIx64
                   " is no good", gfid, desc);
        return;
    }
    if (!guest_rw(gpu, gfid, p->gctrl.shared.addr, R535_GUEST_SHARED_VNC_SUPPORT, &vnc,
                  sizeof(vnc), true) ||
        !guest_rw(gpu, gfid, p->gctrl.shared.addr, R535_GUEST_SHARED_VNC, &connected,
                  sizeof(connected), true)) {
        ovg_refuse(gpu, "guest-setup", "gfid %u: shared memory 0x%" PRIx64 " is no good",
                   gfid, p->gctrl.shared.addr);
        return;
    }
    memset(&p->gresp, 0, sizeof(p->gresp));
    p->gresp.response_id = p->gctrl.request_id;
    if (!guest_rw(gpu, gfid, p->gctrl.response.addr, 0, &p->gresp, sizeof(p->gresp), true)) {
        ovg_refuse(gpu, "guest-setup", "gfid %u: response buffer 0x%" PRIx64
                   " is no good", gfid, p->gctrl.response.addr);
        return;
    }
    p->guest_ctrl = desc;
    p->guest_setup = true;
}

static void guest_info_known(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);

    if (p) {
        p->info_known = true;
    }
}

static uint32_t guest_system_info(OvgGpu *gpu, uint32_t gfid, Plugin *p,
                                  struct r535_guest_system_info *si, uint32_t len)
{
    if (len < sizeof(*si)) {
        return NV_ERR_INVALID_PARAM_STRUCT;
    }
    if (si->vgx_version_major < gpu->release->vgx_major_min) {
        ovg_refuse(gpu, "guest-version", "gfid %u: guest speaks version 0x%x.0x%x",
                   gfid, si->vgx_version_major, si->vgx_version_minor);
        return NV_ERR_NOT_SUPPORTED;
    }
    if (si->vgx_version_major > gpu->release->vgx_major ||
        (si->vgx_version_major == gpu->release->vgx_major &&
         si->vgx_version_minor > gpu->release->vgx_minor)) {
        si->vgx_version_major = gpu->release->vgx_major;
        si->vgx_version_minor = gpu->release->vgx_minor;
    }
    /* An older guest keeps its formats; the model has those of its releases. */
    p->guest_release = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
        if (si->vgx_version_major == releases[i]->vgx_major) {
            p->guest_release = releases[i];
        }
    }
    if (!p->guest_release) {
        ovg_refuse(gpu, "guest-version", "gfid %u: version 0x%x of no release that the "
                   "model knows", gfid, si->vgx_version_major);
        p->guest_known = false;
        return NV_ERR_NOT_SUPPORTED;
    }
    if (!p->guest_known) {
        p->guest_known = true;
        p->info_known = false;
        ovg_gsp_cancel(gpu, guest_info_known, gfid);
        ovg_gsp_later(gpu, GUEST_INFO_US, guest_info_known, gfid);
        notify_host(gpu, gfid, NVA084_NOTIFIER_GUEST_DRIVER_LOADED);
    }
    return NV_OK;
}

static uint32_t guest_static_info(OvgGpu *gpu, uint32_t gfid, Plugin *p,
                                  struct r535_guest_static_info *si, uint32_t len)
{
    if (len < sizeof(*si)) {
        return NV_ERR_INVALID_PARAM_STRUCT;
    }
    memset(si, 0, sizeof(*si));
    si->tag = R535_GUEST_STATIC_INFO_TAG;
    si->vgpu_type = p->type.id;
    si->fb_length = ovg_vmmu_size(gpu, gfid);
    si->bar1_length = p->type.bar1_length * MiB;
    si->num_channels = p->boot.num_channels - p->boot.num_plugin_channels;
    si->engine_type = NV2080_ENGINE_TYPE_COPY(OVG_GUEST_CE);
    si->runlist = ovg_gsp_runlist(si->engine_type);
    si->nonstall_vector = OVG_VECTOR_CE_NONSTALL(OVG_GUEST_CE);
    si->graphics_copy_engine_type = NV2080_ENGINE_TYPE_COPY(OVG_GUEST_GRAPHICS_CE);
    si->graphics_runlist = ovg_gsp_runlist(si->graphics_copy_engine_type);
    memcpy(si->vgpu_name, p->type.name, sizeof(si->vgpu_name));
    return NV_OK;
}

static uint32_t guest_dispatch(OvgGpu *gpu, uint32_t gfid, Plugin *p,
                               uint32_t function, void *payload, uint32_t len)
{
    if (function != R535_RPC_SET_GUEST_SYSTEM_INFO && !p->guest_known) {
        ovg_refuse(gpu, "guest-order", "gfid %u: RPC %u before the handshake", gfid,
                   function);
        return NV_ERR_INVALID_STATE;
    }
    switch (function) {
    case R535_RPC_SET_GUEST_SYSTEM_INFO:
        return guest_system_info(gpu, gfid, p, payload, len);
    case R535_RPC_GET_STATIC_INFO:
        return guest_static_info(gpu, gfid, p, payload, len);
    case R535_RPC_GSP_RM_ALLOC:
        return ovg_rm_rpc_alloc(gpu, gfid, payload, len);
    case R535_RPC_GSP_RM_CONTROL:
        return ovg_rm_rpc_control(gpu, gfid, payload, len);
    case R535_RPC_FREE:
        return ovg_rm_rpc_free(gpu, gfid, payload, len);
    case R535_RPC_SET_SURFACE_PROPERTIES:
        return ovg_surface_set(gpu, &p->scanout, payload, len);
    case R535_RPC_CLEANUP_SURFACE:
        return ovg_surface_cleanup(gpu, &p->scanout, payload, len);
    case R535_RPC_UNLOADING_GUEST_DRIVER:
        drop_guest(gpu, gfid);
        p->guest_setup = true;
        notify_host(gpu, gfid, NVA084_NOTIFIER_GUEST_DRIVER_UNLOADED);
        return NV_OK;
    default:
        ovg_refuse(gpu, "guest-function", "gfid %u: unknown RPC %u", gfid, function);
        return R535_RPC_RESULT_UNKNOWN_FUNCTION;
    }
}

static void guest_message(OvgGpu *gpu, uint32_t gfid)
{
    Plugin *p = plugin(gpu, gfid);
    struct gsp_rpc_header *rpc;
    g_autofree uint8_t *msg = NULL;
    uint32_t id, len;

    if (is_silent(gpu, gfid)) {
        return;
    }
    if (p->state != PLUGIN_RUNNING || !p->guest_setup || !p->bus_master) {
        ovg_refuse(gpu, "guest-early", "gfid %u: guest message without setup", gfid);
        return;
    }
    if (!guest_rw(gpu, gfid, p->guest_ctrl, offsetof(struct r535_guest_ctrl, request_id),
                  &id, sizeof(id), false)) {
        return;
    }
    if (id == p->gresp.response_id) {
        return;
    }
    msg = g_malloc0(GUEST_MSG_MAX);
    rpc = (void *)msg;
    if (!guest_rw(gpu, gfid, p->gctrl.msg.addr, 0, msg, sizeof(*rpc), false) ||
        rpc->header_version != GSP_RPC_VERSION || rpc->signature != GSP_RPC_SIGNATURE ||
        rpc->length < sizeof(*rpc) || rpc->length > GUEST_MSG_MAX ||
        !guest_rw(gpu, gfid, p->gctrl.msg.addr, 0, msg, rpc->length, false)) {
        ovg_refuse(gpu, "guest-message", "gfid %u: malformed message", gfid);
        return;
    }
    len = rpc->length;
    if (len < sizeof(*rpc) || len > GUEST_MSG_MAX) {
        return;
    }
    rpc->rpc_result = guest_dispatch(gpu, gfid, p, rpc->function, rpc + 1,
                                     len - sizeof(*rpc));
    trace_ovg_guest_rpc(gfid, rpc->function, rpc->rpc_result);
    LOG(gpu, p, LOG_VGPU, REC_GUEST_RPC, rpc->function, rpc->rpc_result);
    guest_rw(gpu, gfid, p->gctrl.msg.addr, 0, msg, len, true);
    p->gresp.response_id = id;
    guest_rw(gpu, gfid, p->gctrl.response.addr, 0, &p->gresp, sizeof(p->gresp), true);
}

void ovg_plugin_guest_scratch(OvgFunction *fn, unsigned index, uint32_t val)
{
    Plugin *p = plugin(fn->gpu, fn->gfid);

    /* An invalid address takes the connection down. */
    if (p && index == NV_VF_SCRATCH_GUEST_RPC_LO && !(val & NV_VGPU_PTEDESC_VALID)) {
        p->guest_setup = false;
    }
}

void ovg_plugin_guest_doorbell(OvgFunction *fn, uint32_t bit)
{
    OvgGpu *gpu = fn->gpu;
    Plugin *p = plugin(gpu, fn->gfid);

    if (!ovg_gsp_running(gpu)) {
        return;
    }
    if (!p || p->state == PLUGIN_NONE) {
        ovg_refuse(gpu, "guest-doorbell", "gfid %u rings, it has no plugin task",
                   fn->gfid);
        return;
    }
    switch (bit) {
    case NV_DOORBELL_VF_RPC_SETUP:
        ovg_gsp_later(gpu, GUEST_RPC_US, guest_setup, fn->gfid);
        break;
    case NV_DOORBELL_VF_RPC_MESSAGE:
        ovg_gsp_later(gpu, GUEST_RPC_US, guest_message, fn->gfid);
        break;
    default:
        ovg_refuse(gpu, "guest-doorbell", "gfid %u rings bit %u", fn->gfid, bit);
        break;
    }
}

void ovg_plugin_guest_rc(OvgGpu *gpu, uint32_t gfid, uint32_t chid, uint32_t code)
{
    Plugin *p = plugin(gpu, gfid);
    struct r535_guest_event ev = {
        .flags = R535_GUEST_EVENT_TYPE_RC << 16,
        .info32 = code,
        .rc_chid = chid,
    };
    uint32_t put, get;

    if (!p || p->state != PLUGIN_RUNNING || !p->guest_setup || !p->bus_master) {
        return;
    }
    put = p->gresp.put_event_buf % R535_GUEST_EVENTS;
    if (!guest_rw(gpu, gfid, p->guest_ctrl,
                  offsetof(struct r535_guest_ctrl, get_event_buf), &get, sizeof(get),
                  false) || get == (put + 1) % R535_GUEST_EVENTS) {
        ovg_note(gpu, "gfid %u: event of channel %u lost, its ring is full", gfid, chid);
        return;
    }
    if (!guest_rw(gpu, gfid, p->gctrl.event.addr, put * sizeof(ev), &ev, sizeof(ev), true)) {
        return;
    }
    p->gresp.put_event_buf = (put + 1) % R535_GUEST_EVENTS;
    guest_rw(gpu, gfid, p->gctrl.response.addr,
             offsetof(struct r535_guest_response, put_event_buf),
             &p->gresp.put_event_buf, sizeof(p->gresp.put_event_buf), true);
    ovg_intr_raise(gpu->fn[gfid], OVG_VECTOR_GSP_STALL);
}

void ovg_plugin_vf_reset(OvgFunction *fn)
{
    Plugin *p = fn->gpu->plugins ? plugin(fn->gpu, fn->gfid) : NULL;

    if (p && p->state != PLUGIN_NONE) {
        drop_guest(fn->gpu, fn->gfid);
    }
}
