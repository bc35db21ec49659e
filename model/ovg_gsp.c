/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware of GSP: message queues, RPC transport, the RPCs of boot.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The queues are checked by the rules of NVIDIA's own driver, which are
 * stricter than nouveau's: checksum, sequence, element count, all header
 * fields.  What breaks a rule is refused and gets no answer.
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "hw/pci/pcie_sriov.h"
#include "ovg_gsp.h"
#include "common/gsp_boot.h"
#include "common/gsp_msgq.h"
#include "common/gspseq.h"
#include "common/sched.h"
#include "trace.h"

#define RPC_TOTAL_MAX       (1 * MiB)
#define ANSWER_DELAY_US     20
#define INIT_DELAY_US       2000
#define RESUME_US           50000
#define RC_ACK_US           2000000
/* The CPU rings no doorbell when it has read: look again, less and less often. */
#define RETRY_MIN_US        200
#define RETRY_MAX_US        10000
#define LIBOS_ARGS_MAX      (GSP_PAGE_SIZE / sizeof(struct libos_memory_region))
/*
 * What GSP-RM needs of its heap beside libos: RM, something for each GiB of FB
 * and each channel (gsp_fw_heap.h).  The vGPU heap of 549 MiB (535) or 581 MiB
 * (570) serves 32 partitions: what is left on an L40 is 13 MiB for each.
 */
#define HEAP_RM_BASE        (8 * MiB)
#define HEAP_PER_GIB        (96 * KiB)
#define HEAP_CLIENTS        (48 * KiB * 2048)
#define HEAP_PER_VGPU       (13 * MiB)

/*
 * What GSP has the CPU sequencer do before INIT_DONE, in its own mailboxes: one
 * command of each kind that accesses registers, and each leaves a trace here.
 */
#define SEQ_WORDS_MAX       32
#define SEQ_MODIFY_MASK     0x00ffff00u
#define SEQ_READY           0x00000080u
#define SEQ_READY_US        300
#define SEQ_DELAY_US        400
#define SEQ_POLL_TIMEOUT_US 1000000
#define SEQ_POLL_ERROR      0x5e9
#define SEQ_SAVE_INDEX      (GSP_SEQ_REG_SAVE_COUNT - 1)
#define SEQ_MISSING_US      (5 * 1000 * 1000)

/* The mailboxes: a value, where GSP is to look, what it answers, what is stored */
enum { SEQ_VALUE, SEQ_DOORBELL, SEQ_STATUS, SEQ_STORED };

typedef enum { SEQ_IDLE, SEQ_POSTED, SEQ_DONE } SeqState;

typedef struct OutMessage {
    uint32_t function;
    uint32_t result;
    uint32_t sequence;          /* of the RPC header, as the request had it */
    GByteArray *payload;
    uint32_t sent;
    bool corrupt;
    bool bad_seq;
} OutMessage;

typedef struct LaterCall {
    QEMUTimer *timer;
    OvgGpu *gpu;
    void (*fn)(OvgGpu *gpu, uint32_t arg);
    uint32_t arg;
    QLIST_ENTRY(LaterCall) link;
} LaterCall;

struct OvgGsp {
    bool started;
    bool init_done;
    bool unloaded;
    bool resuming;              /* WPR2 is back, INIT_DONE is to come */
    bool suspended;             /* state is kept while WPR2 is down */
    bool silent;
    struct gsp_fw_wpr_meta meta;
    uint64_t rmargs;            /* where the CPU keeps GSP-RM's arguments */

    uint64_t pte[GSP_PAGE_SIZE / 8];
    uint32_t num_ptes;
    uint64_t cmd_off;
    uint64_t stat_off;
    uint32_t rx_seq;
    uint32_t tx_seq;
    uint32_t cmd_read;
    uint32_t stat_write;
    uint32_t retry_us;
    bool broken;                /* a pointer of the CPU is out of range */

    uint8_t msg[GSP_MSG_MAX_SIZE] QEMU_ALIGNED(8);
    GByteArray *large;          /* request under reassembly, NULL when none */
    uint32_t large_function;
    uint32_t large_sequence;
    uint32_t large_total;

    GQueue out;
    QEMUTimer *timer;           /* look at both queues */
    int64_t hold_until;         /* RPC_DELAY: nothing leaves before */
    QLIST_HEAD(, LaterCall) later;

    bool have_system_info;
    bool have_vf_info;
    bool have_registry;
    bool sriov;
    uint32_t rc_acks_due;       /* RCs of the fast path */

    /* The sequencer's run of this boot */
    SeqState seq;
    uint32_t mailbox[NV_PGSP_MAILBOX_COUNT];
    uint32_t seq_first;         /* REG_WRITE */
    uint32_t seq_value;         /* what REG_MODIFY makes of it */
    uint32_t seq_go;            /* at the doorbell: begin */
    uint32_t seq_end;           /* the last command */
    bool seq_started;
    bool seq_polled;            /* the CPU saw SEQ_READY */
    bool seq_stored;
    int64_t seq_polled_at;
};

/* ---- helpers ---- */

int ovg_gsp_runlist(uint32_t engine)
{
    if (engine == NV2080_ENGINE_TYPE_GR0) {
        return 0;
    }
    if (engine < NV2080_ENGINE_TYPE_COPY(0) ||
        engine >= NV2080_ENGINE_TYPE_COPY(OVG_GSP_CES)) {
        return -1;
    }
    engine -= NV2080_ENGINE_TYPE_COPY(0);
    return engine < OVG_GRAPHICS_CES ? 0 : engine - OVG_GRAPHICS_CES + 1;
}

uint32_t ovg_gsp_partitions(OvgGpu *gpu)
{
    const struct gsp_fw_wpr_meta *m = &gpu->gsp->meta;
    uint64_t base = gpu->release->heap_libos_vgpu + HEAP_RM_BASE + HEAP_CLIENTS +
                    DIV_ROUND_UP(gpu->fb_size, GiB) * HEAP_PER_GIB;

    if (m->gsp_fw_heap_size < base) {
        return 0;
    }
    return MIN(m->gsp_fw_heap_vf_partition_count,
               (m->gsp_fw_heap_size - base) / HEAP_PER_VGPU);
}

uint64_t ovg_gsp_fb_limit(OvgGpu *gpu)
{
    return gpu->gsp->meta.non_wpr_heap_offset - OVG_GSP_FB_GAP;
}

uint64_t ovg_gsp_own_end(OvgGpu *gpu)
{
    const struct gsp_fw_wpr_meta *m = &gpu->gsp->meta;

    return m->non_wpr_heap_offset +
           (gpu->release->sr_from_heap ? m->non_wpr_heap_size : 0);
}

const void *ovg_gsp_wpr_meta(OvgGpu *gpu)
{
    return &gpu->gsp->meta;
}

bool ovg_gsp_suspended(OvgGpu *gpu)
{
    return gpu->gsp->suspended;
}

bool ovg_gsp_sriov(OvgGpu *gpu)
{
    return gpu->gsp->sriov;
}

bool ovg_gsp_running(OvgGpu *gpu)
{
    return gpu->gsp && gpu->gsp->started && gpu->gsp->init_done;
}

static void kick(OvgGsp *g, uint32_t us)
{
    int64_t when = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL) + us;

    if (!timer_pending(g->timer) ||
        timer_expire_time_ns(g->timer) > when * SCALE_US) {
        timer_mod(g->timer, when);
    }
}

static void later_fire(void *opaque)
{
    LaterCall *c = opaque;

    QLIST_REMOVE(c, link);
    timer_free(c->timer);
    c->fn(c->gpu, c->arg);
    g_free(c);
}

void ovg_gsp_later(OvgGpu *gpu, uint32_t us, void (*fn)(OvgGpu *gpu, uint32_t arg),
                   uint32_t arg)
{
    LaterCall *c;

    QLIST_FOREACH(c, &gpu->gsp->later, link) {
        if (c->fn == fn && c->arg == arg) {
            return;
        }
    }
    c = g_new0(LaterCall, 1);
    c->gpu = gpu;
    c->fn = fn;
    c->arg = arg;
    c->timer = timer_new_us(QEMU_CLOCK_VIRTUAL, later_fire, c);
    QLIST_INSERT_HEAD(&gpu->gsp->later, c, link);
    timer_mod(c->timer, qemu_clock_get_us(QEMU_CLOCK_VIRTUAL) + us);
}

void ovg_gsp_cancel(OvgGpu *gpu, void (*fn)(OvgGpu *gpu, uint32_t arg),
                    uint32_t arg)
{
    LaterCall *c, *n;

    QLIST_FOREACH_SAFE(c, &gpu->gsp->later, link, n) {
        if (c->fn == fn && c->arg == arg) {
            QLIST_REMOVE(c, link);
            timer_free(c->timer);
            g_free(c);
        }
    }
}

static void cancel_all(OvgGpu *gpu)
{
    LaterCall *c;

    while ((c = QLIST_FIRST(&gpu->gsp->later))) {
        QLIST_REMOVE(c, link);
        timer_free(c->timer);
        g_free(c);
    }
}

/* ---- shared memory: always through the page table ---- */

static bool shm_rw(OvgGpu *gpu, uint64_t off, void *buf, uint32_t len, bool write)
{
    OvgGsp *g = gpu->gsp;
    uint8_t *p = buf;

    while (len) {
        uint64_t page = off / GSP_PAGE_SIZE;
        uint32_t in = off % GSP_PAGE_SIZE;
        uint32_t n = MIN(len, GSP_PAGE_SIZE - in);
        bool ok;

        if (page >= g->num_ptes) {
            ovg_refuse(gpu, "queue-range", "offset 0x%" PRIx64 " of the queue "
                       "memory has no page table entry", off);
            return false;
        }
        ok = write ? ovg_dma_write(gpu->fn[0], g->pte[page] + in, p, n) :
                     ovg_dma_read(gpu->fn[0], g->pte[page] + in, p, n);
        if (!ok) {
            return false;
        }
        off += n;
        p += n;
        len -= n;
    }
    return true;
}

static uint32_t shm_read32(OvgGpu *gpu, uint64_t off)
{
    uint32_t v = UINT32_MAX;

    shm_rw(gpu, off, &v, sizeof(v), false);
    return v;
}

static void shm_write32(OvgGpu *gpu, uint64_t off, uint32_t v)
{
    shm_rw(gpu, off, &v, sizeof(v), true);
}

#define TX_WRITE_PTR    offsetof(struct msgq_tx_header, write_ptr)

/* Each side keeps its read pointer in its own queue. */
static uint64_t cmd_read_ptr(OvgGsp *g)
{
    return g->stat_off + GSP_MSGQ_RX_HDR_OFF;
}

static uint64_t stat_read_ptr(OvgGsp *g)
{
    return g->cmd_off + GSP_MSGQ_RX_HDR_OFF;
}

static uint64_t slot_off(uint64_t queue, uint32_t slot)
{
    return queue + GSP_MSGQ_ENTRY_OFF +
           (uint64_t)(slot % GSP_MSGQ_MSG_COUNT) * GSP_MSGQ_MSG_SIZE;
}

static uint32_t fold(const uint8_t *p, uint32_t len)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < len; i += 8) {
        sum ^= ldq_le_p(p + i);
    }
    return (uint32_t)(sum >> 32) ^ (uint32_t)sum;
}

/* Bytes of a message that its checksum covers */
static uint32_t summed(OvgGpu *gpu, const uint8_t *msg, uint32_t slots)
{
    const struct gsp_msg_element *e = (const void *)msg;
    const struct gsp_rpc_header *rpc = (const void *)(e + 1);
    uint64_t used = ROUND_UP(sizeof(*e) + (uint64_t)rpc->length, 8);

    if (gpu->release->checksum_used) {
        return MIN(used, slots * GSP_MSGQ_MSG_SIZE);
    }
    return slots * GSP_MSGQ_MSG_SIZE;
}

/* ---- GSP to CPU ---- */

/* Next part of the first message; false when the ring has no room for it. */
static bool send_part(OvgGpu *gpu, OutMessage *o)
{
    OvgGsp *g = gpu->gsp;
    struct gsp_msg_element *e = (void *)g->msg;
    struct gsp_rpc_header *rpc = (void *)(e + 1);
    uint32_t rd = shm_read32(gpu, stat_read_ptr(g));
    uint32_t n = MIN(o->payload->len - o->sent, (uint32_t)GSP_RPC_MAX_PAYLOAD);
    uint32_t slots = DIV_ROUND_UP(sizeof(*e) + sizeof(*rpc) + n, GSP_MSGQ_MSG_SIZE);
    uint32_t space;

    if (rd >= GSP_MSGQ_MSG_COUNT) {
        ovg_refuse(gpu, "status-read-pointer", "read pointer %u of the status "
                   "queue is out of range", rd);
        g->broken = true;
        return false;
    }
    space = (rd + GSP_MSGQ_MSG_COUNT - g->stat_write - 1) % GSP_MSGQ_MSG_COUNT;
    if (space < slots) {
        return false;
    }

    memset(g->msg, 0, slots * GSP_MSGQ_MSG_SIZE);
    e->seq_num = g->tx_seq++ + (o->bad_seq ? 7 : 0);
    e->elem_count = slots;
    rpc->header_version = GSP_RPC_VERSION;
    rpc->signature = GSP_RPC_SIGNATURE;
    rpc->length = sizeof(*rpc) + n;
    rpc->function = o->sent ? R535_RPC_CONTINUATION_RECORD : o->function;
    rpc->rpc_result = o->result;
    rpc->sequence = o->sequence;
    memcpy(rpc + 1, o->payload->data + o->sent, n);
    if (gpu->release->checksum_used) {
        uint32_t used = ROUND_UP(sizeof(*e) + rpc->length, 8);

        /* What lies behind the message is not looked at. */
        memset(g->msg + used, 0xa5, slots * GSP_MSGQ_MSG_SIZE - used);
        if (used < slots * GSP_MSGQ_MSG_SIZE) {
            g->msg[used] = 0x5a;
        }
    }
    e->checksum = fold(g->msg, summed(gpu, g->msg, slots)) ^ (o->corrupt ? 1 : 0);

    for (uint32_t i = 0; i < slots; i++) {
        shm_rw(gpu, slot_off(g->stat_off, g->stat_write + i),
               g->msg + i * GSP_MSGQ_MSG_SIZE, GSP_MSGQ_MSG_SIZE, true);
    }
    smp_wmb();
    g->stat_write = (g->stat_write + slots) % GSP_MSGQ_MSG_COUNT;
    shm_write32(gpu, g->stat_off + TX_WRITE_PTR, g->stat_write);
    o->sent += n;
    return true;
}

static void out_free(OutMessage *o)
{
    g_byte_array_unref(o->payload);
    g_free(o);
}

static void flush_out(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;
    bool raised = false;

    if (qemu_clock_get_us(QEMU_CLOCK_VIRTUAL) < g->hold_until) {
        kick(g, g->hold_until - qemu_clock_get_us(QEMU_CLOCK_VIRTUAL));
        return;
    }
    while (!g_queue_is_empty(&g->out)) {
        OutMessage *o = g_queue_peek_head(&g->out);

        do {
            if (!send_part(gpu, o)) {
                if (!g->broken) {
                    kick(g, g->retry_us);
                    g->retry_us = MIN(g->retry_us * 2, RETRY_MAX_US);
                }
                goto out;
            }
            g->retry_us = RETRY_MIN_US;
            raised = true;
        } while (o->sent < o->payload->len);
        out_free(g_queue_pop_head(&g->out));
    }
out:
    if (raised) {
        ovg_falcon_raise_swgen0(gpu->gsp_falcon);
    }
}

static void post(OvgGpu *gpu, uint32_t function, uint32_t sequence,
                 uint32_t result, const void *payload, size_t len)
{
    OvgGsp *g = gpu->gsp;
    OutMessage *o = g_new0(OutMessage, 1);

    o->function = function;
    o->result = result;
    o->sequence = sequence;
    o->payload = g_byte_array_sized_new(len);
    g_byte_array_append(o->payload, payload, len);
    g_queue_push_tail(&g->out, o);
    kick(g, ANSWER_DELAY_US);
}

static void reply(OvgGpu *gpu, uint32_t function, uint32_t sequence,
                  uint32_t result, const void *payload, size_t len)
{
    OvgGsp *g = gpu->gsp;
    OutMessage *o;
    uint32_t ms;

    if (ovg_fault_take(gpu, OVG_FAULT_RPC_DROP, NULL)) {
        return;
    }
    post(gpu, function, sequence, result, payload, len);
    o = g_queue_peek_tail(&g->out);
    o->corrupt = ovg_fault_take(gpu, OVG_FAULT_RPC_CORRUPT, NULL);
    o->bad_seq = ovg_fault_take(gpu, OVG_FAULT_RPC_BADSEQ, NULL);
    if (ovg_fault_take(gpu, OVG_FAULT_RPC_DELAY, &ms)) {
        g->hold_until = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL) + ms * 1000LL;
    }
}

void ovg_gsp_event(OvgGpu *gpu, uint32_t function, const void *payload, size_t len)
{
    if (ovg_gsp_running(gpu) && !gpu->gsp->silent) {
        post(gpu, function, 0, 0, payload, len);
    }
}

/* ---- the RPCs of boot ---- */

/* VF BARs 0, 1 and 3 as the SR-IOV capability has them */
static void vf_bars(PCIDevice *pdev, uint64_t addr[3])
{
    static const int bar[] = { 0, 1, 3 };

    for (int i = 0; i < 3; i++) {
        uint8_t *reg = pdev->config + pdev->exp.sriov_cap + PCI_SRIOV_BAR +
                       4 * bar[i];

        addr[i] = pci_get_long(reg) & ~0xfULL;
        if ((pci_get_long(reg) & PCI_BASE_ADDRESS_MEM_TYPE_MASK) ==
            PCI_BASE_ADDRESS_MEM_TYPE_64) {
            addr[i] |= (uint64_t)pci_get_long(reg + 4) << 32;
        }
    }
}

static bool check_vf_info(OvgGpu *gpu, const struct r535_vf_info *vf)
{
    PCIDevice *pdev = gpu->fn[0]->pdev;
    uint8_t *cap = pdev->config + pdev->exp.sriov_cap;
    uint64_t want[3];

    if (!pdev->exp.sriov_cap) {
        ovg_refuse(gpu, "vf-info", "GSP_VF_INFO of a device without SR-IOV");
        return false;
    }
    if (vf->total_vfs != pci_get_word(cap + PCI_SRIOV_TOTAL_VF) ||
        vf->first_vf_offset != pci_get_word(cap + PCI_SRIOV_VF_OFFSET)) {
        ovg_refuse(gpu, "vf-info", "GSP_VF_INFO says %u VFs at offset %u, the "
                   "SR-IOV capability says %u at %u", vf->total_vfs,
                   vf->first_vf_offset, pci_get_word(cap + PCI_SRIOV_TOTAL_VF),
                   pci_get_word(cap + PCI_SRIOV_VF_OFFSET));
        return false;
    }
    vf_bars(pdev, want);
    if (vf->first_vf_bar0 != want[0] || vf->first_vf_bar1 != want[1] ||
        vf->first_vf_bar2 != want[2] || vf->b64bit_bar0 || !vf->b64bit_bar1 ||
        !vf->b64bit_bar2) {
        ovg_refuse(gpu, "vf-info", "GSP_VF_INFO's VF BARs are not those of the "
                   "SR-IOV capability");
        return false;
    }
    return true;
}

static void set_system_info(OvgGpu *gpu, const void *payload, uint32_t len)
{
    PCIDevice *pdev = gpu->fn[0]->pdev;
    OvgSystemInfo si;

    if (len != gpu->release->system_info_size) {
        ovg_refuse(gpu, "system-info", "GSP_SET_SYSTEM_INFO has %u bytes, not %u",
                   len, gpu->release->system_info_size);
        return;
    }
    gpu->release->system_info(payload, &si);
    if (si.bar0 != pci_get_bar_addr(pdev, 0) || si.bar1 != pci_get_bar_addr(pdev, 1) ||
        si.bar3 != pci_get_bar_addr(pdev, 3)) {
        ovg_refuse(gpu, "system-info", "BAR addresses are not those of config space");
        return;
    }
    if (si.mirror != NV_PCFG_MIRROR || si.mirror_size != NV_PCFG_MIRROR_SIZE) {
        ovg_refuse(gpu, "system-info", "config mirror 0x%x+0x%x", si.mirror,
                   si.mirror_size);
        return;
    }
    if (si.have_ids &&
        (si.pci_device != (pci_get_word(pdev->config + PCI_DEVICE_ID) << 16 |
                           pci_get_word(pdev->config + PCI_VENDOR_ID)) ||
         si.pci_sub_device != (pci_get_word(pdev->config + PCI_SUBSYSTEM_ID) << 16 |
                               pci_get_word(pdev->config + PCI_SUBSYSTEM_VENDOR_ID)) ||
         si.pci_revision != pdev->config[PCI_REVISION_ID])) {
        ovg_refuse(gpu, "system-info", "PCI ids 0x%x 0x%x 0x%x are not those of config "
                   "space", si.pci_device, si.pci_sub_device, si.pci_revision);
        return;
    }
    if (si.vf.total_vfs && !check_vf_info(gpu, &si.vf)) {
        return;
    }
    gpu->gsp->have_vf_info = si.vf.total_vfs;
    gpu->gsp->have_system_info = true;
}

static void set_registry(OvgGpu *gpu, const uint8_t *payload, uint32_t len)
{
    const struct r535_registry_table *t = (const void *)payload;
    const struct r535_registry_entry *e = (const void *)(t + 1);

    if (len < sizeof(*t) || t->size != len ||
        t->num_entries > (len - sizeof(*t)) / sizeof(*e)) {
        ovg_refuse(gpu, "registry", "table is malformed");
        return;
    }
    for (uint32_t i = 0; i < t->num_entries; i++) {
        const char *name = (const char *)payload + e[i].name_offset;

        if (e[i].name_offset >= len ||
            !memchr(name, 0, len - e[i].name_offset) ||
            e[i].type < R535_REGISTRY_TYPE_DWORD ||
            e[i].type > R535_REGISTRY_TYPE_STRING) {
            ovg_refuse(gpu, "registry", "entry %u is malformed", i);
            return;
        }
        if (!strcmp(name, R535_REGISTRY_SRIOV_MODE) &&
            e[i].type == R535_REGISTRY_TYPE_DWORD) {
            gpu->gsp->sriov = e[i].data == 1;
        }
        if (!strcmp(name, RM_PVMRL_KEY) && e[i].type == R535_REGISTRY_TYPE_DWORD &&
            !ovg_sched_registry(gpu, e[i].data)) {
            return;
        }
    }
    gpu->gsp->have_registry = true;
}

static void static_info(OvgGpu *gpu, void *buf)
{
    OvgStaticInfo si = {
        .fb_limit = ovg_gsp_fb_limit(gpu),
        .fb_length = gpu->fb_size,
        .bar1_pde_base = ovg_gsp_fb_limit(gpu),
        .bar2_pde_base = ovg_gsp_fb_limit(gpu) + GSP_PAGE_SIZE,
        .is_vgx = gpu->gsp->sriov,
    };

    ovg_gsp_sriov_caps(gpu, &si.caps);
    gpu->release->static_info(buf, &si);
}

void ovg_gsp_sriov_caps(OvgGpu *gpu, OvgSriovCaps *s)
{
    PCIDevice *pdev = gpu->fn[0]->pdev;
    uint8_t *cap = pdev->config + pdev->exp.sriov_cap;

    memset(s, 0, sizeof(*s));
    if (!pdev->exp.sriov_cap) {
        return;
    }
    vf_bars(pdev, s->bar);
    s->total_vfs = pci_get_word(cap + PCI_SRIOV_TOTAL_VF);
    s->first_vf_offset = pci_get_word(cap + PCI_SRIOV_VF_OFFSET);
    s->bar_size[0] = NV_VF_BAR0_SIZE;
    s->bar_size[1] = gpu->vf_bar1_size;
    s->bar_size[2] = gpu->fn[1] ?
                     memory_region_size(ovg_bar_mmu_region(gpu->fn[1]->bar3)) : 0;
    s->enabled = gpu->gsp->sriov;
}

static void unloading(OvgGpu *gpu, bool suspend)
{
    OvgGsp *g = gpu->gsp;

    /* A suspended RM keeps its objects. */
    if (suspend) {
        if (ovg_plugin_count(gpu)) {
            ovg_refuse(gpu, "suspend-vgpu", "suspend with %u plugin tasks alive",
                       ovg_plugin_count(gpu));
        } else {
            g->suspended = ovg_fbsr_save(gpu);
        }
    } else if (ovg_plugin_count(gpu) || ovg_fifo_count(gpu) || ovg_vmmu_segments(gpu) ||
        ovg_rm_object_count(gpu)) {
        ovg_refuse(gpu, "unload-leak", "unloading with %u plugin tasks, %u "
                   "channels, %u VMMU segments, %u RM objects left",
                   ovg_plugin_count(gpu), ovg_fifo_count(gpu),
                   ovg_vmmu_segments(gpu), ovg_rm_object_count(gpu));
    }
    g->unloaded = true;
}

/* ---- CPU to GSP ---- */

static void rc_ack_missing(OvgGpu *gpu, uint32_t arg)
{
    ovg_refuse(gpu, "rc-ack", "%u RCs of the fast path are not acknowledged",
               gpu->gsp->rc_acks_due);
}

void ovg_gsp_rc_fast_path(OvgGpu *gpu)
{
    if (!ovg_gsp_running(gpu)) {
        return;
    }
    gpu->gsp->rc_acks_due++;
    gpu->release->rc_event(gpu, 0, 0, 0, gpu->release->rc_fast_path);
    ovg_gsp_later(gpu, RC_ACK_US, rc_ack_missing, 0);
}

/* It has no payload, and there is no answer. */
static void rc_ack(OvgGpu *gpu, uint32_t len)
{
    if (len) {
        ovg_refuse(gpu, "rpc-size", "ECC_NOTIFIER_WRITE_ACK with %u bytes", len);
    } else if (!gpu->gsp->rc_acks_due) {
        ovg_refuse(gpu, "rc-ack", "ECC_NOTIFIER_WRITE_ACK of nothing");
    } else if (!--gpu->gsp->rc_acks_due) {
        ovg_gsp_cancel(gpu, rc_ack_missing, 0);
    }
}

static void dispatch(OvgGpu *gpu, uint32_t function, uint32_t sequence,
                     uint8_t *payload, uint32_t len)
{
    OvgGsp *g = gpu->gsp;
    uint32_t result = 0;

    if (!g->init_done) {
        switch (function) {
        case R535_RPC_GSP_SET_SYSTEM_INFO:
            set_system_info(gpu, payload, len);
            return;
        case R535_RPC_SET_REGISTRY:
            set_registry(gpu, payload, len);
            return;
        default:
            ovg_refuse(gpu, "rpc-early", "RPC %u before GSP_INIT_DONE", function);
            return;
        }
    }

    trace_ovg_rpc(function, len);
    switch (function) {
    case R535_RPC_GET_GSP_STATIC_INFO:
        if (len < gpu->release->static_info_size) {
            ovg_refuse(gpu, "rpc-size", "GET_GSP_STATIC_INFO with %u bytes", len);
            result = R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
            break;
        }
        static_info(gpu, payload);
        break;
    case R535_RPC_UPDATE_BAR_PDE: {
        struct r535_rpc_update_bar_pde *u = (void *)payload;

        if (len < sizeof(*u)) {
            ovg_refuse(gpu, "rpc-size", "UPDATE_BAR_PDE with %u bytes", len);
            result = R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
            break;
        }
        ovg_mmu_update_bar_pde(gpu, u->bar_type, u->entry_value, u->entry_level_shift);
        break;
    }
    case R535_RPC_GSP_RM_ALLOC:
        result = ovg_rm_rpc_alloc(gpu, 0, payload, len);
        break;
    case R535_RPC_GSP_RM_CONTROL:
        result = ovg_rm_rpc_control(gpu, 0, payload, len);
        break;
    case R535_RPC_FREE:
        result = ovg_rm_rpc_free(gpu, 0, payload, len);
        break;
    case R535_RPC_ALLOC_MEMORY:
        result = ovg_rm_rpc_alloc_memory(gpu, payload, len);
        /* The list of pages does not come back (OpenRM rpcAllocMemory_v13_01). */
        len = MIN(len, sizeof(struct r535_rpc_alloc_memory));
        break;
    case R535_RPC_UNLOADING_GUEST_DRIVER:
        if (len < sizeof(struct r535_rpc_unloading)) {
            ovg_refuse(gpu, "rpc-size", "UNLOADING_GUEST_DRIVER with %u bytes", len);
            result = R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
            break;
        }
        unloading(gpu, ((struct r535_rpc_unloading *)payload)->in_pm_transition);
        break;
    case R535_RPC_ECC_NOTIFIER_WRITE_ACK:
        rc_ack(gpu, len);
        return;
    case R535_RPC_GSP_SET_SYSTEM_INFO:
    case R535_RPC_SET_REGISTRY:
        ovg_refuse(gpu, "rpc-late", "RPC %u after GSP_INIT_DONE", function);
        return;
    default:
        ovg_refuse(gpu, "rpc-function", "unknown RPC function %u", function);
        result = R535_RPC_RESULT_UNKNOWN_FUNCTION;
        break;
    }
    reply(gpu, function, sequence, result, payload, len);
}

/* How long the whole payload of a request is, told by its first message. */
static uint32_t total_length(uint32_t function, const uint8_t *payload, uint32_t len)
{
    if (function == R535_RPC_GSP_RM_CONTROL && len >= sizeof(struct r535_rpc_rm_control)) {
        return MIN((uint64_t)sizeof(struct r535_rpc_rm_control) +
                   ((const struct r535_rpc_rm_control *)payload)->params_size, UINT32_MAX);
    }
    if (function == R535_RPC_GSP_RM_ALLOC && len >= sizeof(struct r535_rpc_rm_alloc)) {
        return MIN((uint64_t)sizeof(struct r535_rpc_rm_alloc) +
                   ((const struct r535_rpc_rm_alloc *)payload)->params_size, UINT32_MAX);
    }
    if (function == R535_RPC_ALLOC_MEMORY && len >= sizeof(struct r535_rpc_alloc_memory)) {
        return MIN((uint64_t)sizeof(struct r535_rpc_alloc_memory) + 8ULL *
                   ((const struct r535_rpc_alloc_memory *)payload)->page_count, UINT32_MAX);
    }
    return len;
}

static void take_rpc(OvgGpu *gpu, const struct gsp_rpc_header *rpc)
{
    OvgGsp *g = gpu->gsp;
    uint8_t *payload = (uint8_t *)(rpc + 1);
    uint32_t len = rpc->length - sizeof(*rpc);

    if (rpc->function == R535_RPC_CONTINUATION_RECORD) {
        if (!g->large || len > g->large_total - g->large->len) {
            ovg_refuse(gpu, "rpc-continuation", "continuation record of %u bytes "
                       "that continues nothing", len);
            return;
        }
        g_byte_array_append(g->large, payload, len);
    } else {
        uint32_t total = total_length(rpc->function, payload, len);

        if (g->large) {
            ovg_refuse(gpu, "rpc-continuation", "RPC %u while %u lacks %u bytes",
                       rpc->function, g->large_function,
                       g->large_total - g->large->len);
            g_byte_array_unref(g->large);
            g->large = NULL;
        }
        if (total <= len) {
            g_autofree uint8_t *copy = g_memdup2(payload, len);

            dispatch(gpu, rpc->function, rpc->sequence, copy, len);
            return;
        }
        if (total > RPC_TOTAL_MAX) {
            ovg_refuse(gpu, "rpc-size", "RPC %u of %u bytes", rpc->function, total);
            return;
        }
        g->large = g_byte_array_sized_new(total);
        g->large_function = rpc->function;
        g->large_sequence = rpc->sequence;
        g->large_total = total;
        g_byte_array_append(g->large, payload, len);
    }
    if (g->large->len == g->large_total) {
        GByteArray *a = g_steal_pointer(&g->large);

        dispatch(gpu, g->large_function, g->large_sequence, a->data, a->len);
        g_byte_array_unref(a);
    }
}

static void set_cmd_read(OvgGpu *gpu, uint32_t slot)
{
    gpu->gsp->cmd_read = slot;
    shm_write32(gpu, cmd_read_ptr(gpu->gsp), slot);
}

/* One message; false when there is none, or the queue is beyond use. */
static bool take_message(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;
    const struct gsp_msg_element *e = (const void *)g->msg;
    const struct gsp_rpc_header *rpc = (const void *)(e + 1);
    uint32_t wr = shm_read32(gpu, g->cmd_off + TX_WRITE_PTR);
    uint32_t rd = g->cmd_read;
    uint32_t slots;

    if (wr >= GSP_MSGQ_MSG_COUNT) {
        ovg_refuse(gpu, "command-write-pointer", "write pointer %u of the command "
                   "queue is out of range", wr);
        return false;
    }
    if (wr == rd) {
        return false;
    }
    if (!shm_rw(gpu, slot_off(g->cmd_off, rd), g->msg, GSP_MSGQ_MSG_SIZE, false)) {
        return false;
    }
    slots = e->elem_count;
    if (!slots || slots > GSP_MSG_MAX_ELEMS ||
        slots > (wr + GSP_MSGQ_MSG_COUNT - rd) % GSP_MSGQ_MSG_COUNT) {
        ovg_refuse(gpu, "element-count", "message of %u elements", slots);
        set_cmd_read(gpu, wr);
        return false;
    }
    for (uint32_t i = 1; i < slots; i++) {
        shm_rw(gpu, slot_off(g->cmd_off, rd + i), g->msg + i * GSP_MSGQ_MSG_SIZE,
               GSP_MSGQ_MSG_SIZE, false);
    }
    set_cmd_read(gpu, (rd + slots) % GSP_MSGQ_MSG_COUNT);

    if (fold(g->msg, summed(gpu, g->msg, slots))) {
        ovg_refuse(gpu, "element-checksum", "message %u has a bad checksum", e->seq_num);
    } else if (e->seq_num != g->rx_seq) {
        ovg_refuse(gpu, "element-sequence", "message %u, due is %u", e->seq_num, g->rx_seq);
    } else if (rpc->header_version != GSP_RPC_VERSION ||
               rpc->signature != GSP_RPC_SIGNATURE) {
        ovg_refuse(gpu, "rpc-header", "version 0x%x signature 0x%x",
                   rpc->header_version, rpc->signature);
    } else if (rpc->length < sizeof(*rpc) || rpc->length > GSP_RPC_MAX_LENGTH ||
               DIV_ROUND_UP(sizeof(*e) + rpc->length, GSP_MSGQ_MSG_SIZE) != slots) {
        ovg_refuse(gpu, "rpc-length", "RPC of %u bytes in %u elements", rpc->length, slots);
    } else {
        g->rx_seq++;
        take_rpc(gpu, rpc);
    }
    return true;
}

/* ---- the CPU sequencer ---- */

typedef struct SeqEvent {
    struct gsp_seq_head head;
    uint32_t word[SEQ_WORDS_MAX];
} SeqEvent;

static void seq_add(SeqEvent *ev, unsigned n, const uint32_t *words)
{
    assert(ev->head.cmd_index + n <= SEQ_WORDS_MAX);
    memcpy(ev->word + ev->head.cmd_index, words, n * sizeof(*words));
    ev->head.cmd_index += n;
}

#define SEQ_ADD(ev, ...) do {                                               \
        const uint32_t seq_words[] = { __VA_ARGS__ };                       \
        seq_add(ev, ARRAY_SIZE(seq_words), seq_words);                      \
    } while (0)

#define SEQ_MAILBOX(i)  (NV_PGSP_FALCON_BASE + NV_PGSP_MAILBOX(i))

/* A boot that the CPU sequencer spoilt comes to no end. */
static void seq_refuse(OvgGpu *gpu, const char *rule, const char *text)
{
    ovg_refuse(gpu, rule, "CPU sequencer: %s; GSP-RM does not come up", text);
    gpu->gsp->silent = true;
}

static void seq_missing(OvgGpu *gpu, uint32_t arg)
{
    if (gpu->gsp->seq == SEQ_POSTED && !gpu->gsp->silent) {
        seq_refuse(gpu, "sequencer-missing", "its last command was not done");
    }
}

static void seq_ready(OvgGpu *gpu, uint32_t arg)
{
    gpu->gsp->mailbox[SEQ_STATUS] |= SEQ_READY;
}

static void seq_post(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;
    SeqEvent ev = { .head.buffer_size_dword = SEQ_WORDS_MAX };
    uint32_t set;

    /* Other values in each boot: what an earlier one left proves nothing. */
    g->seq_first = g_random_int();
    set = g_random_int() & SEQ_MODIFY_MASK;
    g->seq_value = (g->seq_first & ~SEQ_MODIFY_MASK) | set;
    g->seq_go = g_random_int() | 1;
    g->seq_end = g_random_int() & ~1u;

    SEQ_ADD(&ev, GSP_SEQ_REG_WRITE, SEQ_MAILBOX(SEQ_VALUE), g->seq_first);
    SEQ_ADD(&ev, GSP_SEQ_REG_MODIFY, SEQ_MAILBOX(SEQ_VALUE), SEQ_MODIFY_MASK, set);
    SEQ_ADD(&ev, GSP_SEQ_REG_WRITE, SEQ_MAILBOX(SEQ_DOORBELL), g->seq_go);
    SEQ_ADD(&ev, GSP_SEQ_REG_POLL, SEQ_MAILBOX(SEQ_STATUS), SEQ_READY, SEQ_READY,
            SEQ_POLL_TIMEOUT_US, SEQ_POLL_ERROR);
    SEQ_ADD(&ev, GSP_SEQ_DELAY_US, SEQ_DELAY_US);
    SEQ_ADD(&ev, GSP_SEQ_REG_STORE, SEQ_MAILBOX(SEQ_STORED), SEQ_SAVE_INDEX);
    SEQ_ADD(&ev, GSP_SEQ_REG_WRITE, SEQ_MAILBOX(SEQ_DOORBELL), g->seq_end);

    g->seq = SEQ_POSTED;
    post(gpu, R535_EVENT_GSP_RUN_CPU_SEQUENCER, 0, 0, &ev,
         sizeof(ev.head) + ev.head.cmd_index * sizeof(ev.word[0]));
    ovg_gsp_later(gpu, SEQ_MISSING_US, seq_missing, 0);
}

/* The last command: was all before it done, and in order? */
static void seq_check(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;
    int64_t now = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL);

    ovg_gsp_cancel(gpu, seq_missing, 0);
    if (!g->seq_started) {
        seq_refuse(gpu, "sequencer-order", "the last REG_WRITE came first");
    } else if (g->mailbox[SEQ_VALUE] != g->seq_value) {
        seq_refuse(gpu, "sequencer-modify", "REG_WRITE and REG_MODIFY did not leave "
                   "the value they should");
    } else if (!g->seq_polled) {
        seq_refuse(gpu, "sequencer-poll", "REG_POLL did not wait for its register");
    } else if (!g->seq_stored) {
        seq_refuse(gpu, "sequencer-store", "REG_STORE did not read its register after "
                   "REG_POLL had ended");
    } else if (now - g->seq_polled_at < SEQ_DELAY_US / 2) {
        /* the guest measures by its own clock, which a busy host calibrates badly */
        seq_refuse(gpu, "sequencer-delay", "DELAY_US was too short");
    } else {
        g->seq = SEQ_DONE;
        kick(g, ANSWER_DELAY_US);
    }
}

uint32_t ovg_gsp_mailbox_read(OvgGpu *gpu, unsigned i)
{
    OvgGsp *g = gpu->gsp;

    if (g->seq == SEQ_POSTED) {
        if (i == SEQ_STATUS && (g->mailbox[i] & SEQ_READY) && !g->seq_polled) {
            g->seq_polled = true;
            g->seq_polled_at = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL);
        } else if (i == SEQ_STORED) {
            g->seq_stored = g->seq_polled;
        }
    }
    return g->mailbox[i];
}

void ovg_gsp_mailbox_write(OvgGpu *gpu, unsigned i, uint32_t val)
{
    OvgGsp *g = gpu->gsp;

    g->mailbox[i] = val;
    if (g->seq != SEQ_POSTED || g->silent || i != SEQ_DOORBELL) {
        return;
    }
    if (val == g->seq_go) {
        g->seq_started = true;
        ovg_gsp_later(gpu, SEQ_READY_US, seq_ready, 0);
    } else if (val == g->seq_end) {
        seq_check(gpu);
    }
}

static void init_done(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;

    if (g->init_done || g->resuming || !g->have_system_info || !g->have_registry) {
        return;
    }
    if (g->sriov && !g->have_vf_info) {
        ovg_refuse(gpu, "vf-info", R535_REGISTRY_SRIOV_MODE " without GSP_VF_INFO");
        g->have_registry = false;
        return;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_BOOT_NO_INIT_DONE, NULL)) {
        g->silent = true;
        return;
    }
    if (g->seq == SEQ_IDLE) {
        seq_post(gpu);
    }
    if (g->seq != SEQ_DONE) {
        return;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_BOOT_INIT_FAILS, NULL)) {
        g->silent = true;
        post(gpu, R535_EVENT_GSP_INIT_DONE, 0, NV_ERR_INVALID_STATE, "", 0);
        flush_out(gpu);
        return;
    }
    g->init_done = true;
    ovg_mmu_set_bar_roots(gpu, ovg_gsp_fb_limit(gpu),
                          ovg_gsp_fb_limit(gpu) + GSP_PAGE_SIZE);
    post(gpu, R535_EVENT_GSP_INIT_DONE, 0, 0, "", 0);
    if (g->sriov) {
        ovg_event_sample_start(gpu);
    }
}

static void work(void *opaque)
{
    OvgGpu *gpu = opaque;
    OvgGsp *g = gpu->gsp;

    if (!g->started) {
        return;
    }
    if (!g->silent && ovg_fault_take(gpu, OVG_FAULT_GSP_SILENT, NULL)) {
        g->silent = true;
    }
    if (g->silent) {
        /* Takes commands and says nothing. */
        uint32_t wr = shm_read32(gpu, g->cmd_off + TX_WRITE_PTR);

        if (wr < GSP_MSGQ_MSG_COUNT) {
            set_cmd_read(gpu, wr);
        }
        return;
    }
    while (g->started && take_message(gpu)) {
    }
    if (!g->init_done) {
        init_done(gpu);
    }
    flush_out(gpu);
    if (g->unloaded && g_queue_is_empty(&g->out)) {
        ovg_falcon_set_mailbox(gpu->gsp_falcon, 0, 0x80000000);
    }
}

void ovg_gsp_doorbell(OvgGpu *gpu)
{
    if (gpu->gsp->started) {
        gpu->gsp->broken = false;
        kick(gpu->gsp, ANSWER_DELAY_US);
    }
}

/* ---- start and stop ---- */

static bool read_rmargs(OvgGpu *gpu, OvgGspArguments *args)
{
    g_autofree void *buf = g_malloc0(gpu->release->gsp_args_size);

    if (!ovg_dma_read(gpu->fn[0], gpu->gsp->rmargs, buf, gpu->release->gsp_args_size)) {
        return false;
    }
    gpu->release->gsp_args(buf, args);
    return true;
}

static bool find_rmargs(OvgGpu *gpu, uint64_t libos_args, OvgGspArguments *args)
{
    struct libos_memory_region r[LIBOS_ARGS_MAX];
    uint64_t rmargs = 0;
    bool log = false;

    if (libos_args % GSP_PAGE_SIZE ||
        !ovg_dma_read(gpu->fn[0], libos_args, r, sizeof(r))) {
        ovg_refuse(gpu, "libos-args", "libos arguments at 0x%" PRIx64, libos_args);
        return false;
    }
    for (size_t i = 0; i < LIBOS_ARGS_MAX && r[i].id8; i++) {
        if (r[i].kind != LIBOS_KIND_CONTIGUOUS || r[i].loc != LIBOS_LOC_SYSMEM ||
            r[i].pa % GSP_PAGE_SIZE || r[i].size % GSP_PAGE_SIZE || !r[i].size) {
            ovg_refuse(gpu, "libos-args", "region %zu is malformed", i);
            return false;
        }
        log |= r[i].id8 == LIBOS_ID8_LOGINIT;
        if (r[i].id8 == LIBOS_ID8_RMARGS) {
            rmargs = r[i].pa;
        }
    }
    if (!log || !rmargs) {
        ovg_refuse(gpu, "libos-args", "no %s among the libos arguments",
                   log ? "RMARGS" : "LOGINIT");
        return false;
    }
    gpu->gsp->rmargs = rmargs;
    return read_rmargs(gpu, args);
}

static bool link_queues(OvgGpu *gpu, const OvgGspArguments *args)
{
    OvgGsp *g = gpu->gsp;
    struct msgq_tx_header tx, want = {
        .version = GSP_MSGQ_VERSION,
        .size = GSP_MSGQ_SIZE,
        .msg_size = GSP_MSGQ_MSG_SIZE,
        .msg_count = GSP_MSGQ_MSG_COUNT,
        .flags = GSP_MSGQ_FLAGS_SWAP_RX,
        .rx_hdr_off = GSP_MSGQ_RX_HDR_OFF,
        .entry_off = GSP_MSGQ_ENTRY_OFF,
    };

    if (args->ptes < GSP_MSGQ_PTE_COUNT ||
        args->ptes > ARRAY_SIZE(g->pte) ||
        args->shared_mem % GSP_PAGE_SIZE ||
        !ovg_dma_read(gpu->fn[0], args->shared_mem, g->pte,
                      args->ptes * 8)) {
        ovg_refuse(gpu, "queue-table", "page table of the queues is malformed");
        return false;
    }
    g->num_ptes = args->ptes;
    g->cmd_off = args->cmd_off;
    g->stat_off = args->stat_off;
    if (g->pte[0] != args->shared_mem || g->cmd_off % GSP_PAGE_SIZE ||
        g->stat_off % GSP_PAGE_SIZE || g->cmd_off < GSP_PAGE_SIZE ||
        g->stat_off < g->cmd_off + GSP_MSGQ_SIZE ||
        g->stat_off + GSP_MSGQ_SIZE > (uint64_t)g->num_ptes * GSP_PAGE_SIZE) {
        ovg_refuse(gpu, "queue-table", "queues at 0x%" PRIx64 " and 0x%" PRIx64
                   " do not fit their memory", g->cmd_off, g->stat_off);
        return false;
    }
    if (!shm_rw(gpu, g->cmd_off, &tx, sizeof(tx), false)) {
        return false;
    }
    want.write_ptr = tx.write_ptr;
    if (memcmp(&tx, &want, sizeof(tx))) {
        ovg_refuse(gpu, "queue-header", "header of the command queue is not right");
        return false;
    }
    want.write_ptr = 0;
    shm_rw(gpu, g->stat_off, &want, sizeof(want), true);
    set_cmd_read(gpu, 0);
    return true;
}

void ovg_gsp_start(OvgGpu *gpu, uint64_t libos_args, const void *wpr_meta)
{
    OvgGsp *g = gpu->gsp;
    OvgGspArguments args;

    ovg_gsp_reset(gpu);
    memcpy(&g->meta, wpr_meta, sizeof(g->meta));
    if (!find_rmargs(gpu, libos_args, &args)) {
        return;
    }
    if (args.resume) {
        ovg_refuse(gpu, "rmargs-resume", "GSP-RM is told to resume in a first boot");
        return;
    }
    if (!link_queues(gpu, &args)) {
        return;
    }
    g->started = true;
    kick(g, INIT_DELAY_US);
}

void ovg_gsp_stop(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;

    if (!g) {
        return;
    }
    timer_del(g->timer);
    cancel_all(gpu);
    while (!g_queue_is_empty(&g->out)) {
        out_free(g_queue_pop_head(&g->out));
    }
    if (g->large) {
        g_byte_array_unref(g->large);
        g->large = NULL;
    }
    g->started = false;
    g->init_done = false;
    g->unloaded = false;
    g->resuming = false;
    g->silent = false;
    g->retry_us = RETRY_MIN_US;
    g->broken = false;
    g->hold_until = 0;
    if (g->suspended) {
        return;
    }
    g->rx_seq = 0;
    g->tx_seq = 0;
    g->cmd_read = 0;
    g->stat_write = 0;
    g->have_system_info = false;
    g->have_vf_info = false;
    g->rc_acks_due = 0;
    g->have_registry = false;
    g->sriov = false;
    g->seq = SEQ_IDLE;
    memset(g->mailbox, 0, sizeof(g->mailbox));
    g->seq_started = false;
    g->seq_polled = false;
    g->seq_stored = false;

    /* What the firmware kept is gone with it. */
    ovg_plugins_reset(gpu);
    ovg_events_reset(gpu);
    ovg_rm_reset(gpu);
    ovg_fifo_reset(gpu);
    ovg_types_reset(gpu);
    ovg_sched_reset(gpu);
}

void ovg_gsp_reset(OvgGpu *gpu)
{
    if (gpu->gsp) {
        gpu->gsp->suspended = false;
        ovg_fbsr_reset(gpu);
        ovg_gsp_stop(gpu);
    }
}

static void resumed(OvgGpu *gpu, uint32_t arg)
{
    gpu->gsp->resuming = false;
    gpu->gsp->init_done = true;
    post(gpu, R535_EVENT_GSP_INIT_DONE, 0, 0, "", 0);
}

/* Objects, channels and queue pointers are those of before. */
void ovg_gsp_resume(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;
    OvgGspArguments args;

    if (!read_rmargs(gpu, &args) || !args.resume) {
        ovg_refuse(gpu, "rmargs-resume", "GSP-RM is not told that it resumes");
        return;
    }
    if (!ovg_fbsr_restore(gpu)) {
        return;
    }
    g->suspended = false;
    g->started = true;
    g->resuming = true;
    ovg_gsp_later(gpu, RESUME_US, resumed, 0);
}

void ovg_gsp_report(OvgGpu *gpu)
{
    if (gpu->gsp->started) {
        ovg_note(gpu, "something on GSP crashes, GSP-RM goes on");
        ovg_falcon_raise_report(gpu->gsp_falcon);
    }
}

void ovg_gsp_crash(OvgGpu *gpu)
{
    OvgGsp *g = gpu->gsp;

    if (!g->started) {
        return;
    }
    ovg_note(gpu, "GSP crashes");
    timer_del(g->timer);
    cancel_all(gpu);
    g->started = false;
    g->init_done = false;
    ovg_falcon_raise_halt(gpu->gsp_falcon);
}

OvgGsp *ovg_gsp_new(OvgGpu *gpu)
{
    OvgGsp *g = g_new0(OvgGsp, 1);

    g_queue_init(&g->out);
    QLIST_INIT(&g->later);
    g->timer = timer_new_us(QEMU_CLOCK_VIRTUAL, work, gpu);
    return g;
}
