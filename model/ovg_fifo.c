/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channels of the L40 model: doorbell, GPFIFO, method stream, host methods.
 *
 * Class AMPERE_CHANNEL_GPFIFO_A: clc56f.h of NVIDIA's published headers.  How a
 * driver uses it: nouveau_dma.c and nvc0_fence.c.
 *
 * A doorbell only marks the channel; a bottom half does the work in slices, so
 * that no submission, however long, holds the emulator's lock for more than a
 * moment.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_engine.h"
#include "hw/qdev-core.h"
#include "qemu/main-loop.h"
#include "qemu/queue.h"
#include "qemu/timer.h"
#include "common/fifo.h"
#include "common/mmu.h"
#include "ovg_release.h"
#include "trace.h"

#define FIFO_CHIDS              NV_CHIDS_PER_RUNLIST
#define FIFO_RUNLISTS           OVG_RUNLISTS
#define FIFO_SUBCHANNELS        8
#define FIFO_OBJECTS            16      /* bound to one channel */
#define FIFO_FETCH              256     /* words of a pushbuffer at a time */

/* One slice of one channel. */
#define SLICE_BYTES             (64 * MiB)      /* moved by the copy engine */
#define SLICE_METHODS           8192

/* What work costs of the engine's time: 10 GB/s, 50 million methods in a second */
#define BYTES_PER_NS            10
#define METHOD_NS               20

/* Between the turns of several vGPUs CPUs get at the device: they ring its bells. */
#define LET_IN_NS               (100 * 1000)

/* A parked acquire looks again after this long, doubled up to the maximum. */
#define POLL_MIN_NS             (20 * 1000)
#define POLL_MAX_NS             (2 * 1000 * 1000)

/* GP_ENTRY1 of an entry that has no length (clc56f.h) */
#define GP_ENTRY1_OPCODE(e)     ((e) & 0xff)
#define GP_ENTRY1_OPCODE_NOP    0
#define GP_ENTRY1_LEVEL_SUBR(e) (((e) >> 9) & 1)
#define GP_ENTRY0_CONDITIONAL   1

/* Headers of pushbuffer segments that fifo.h does not name (clc56f.h) */
#define DMA_OP_TERT             0
#define DMA_OP_TERT2            2
#define DMA_OP_END_SEGMENT      7
#define DMA_TERT(v)             (((v) >> 16) & 3)
#define DMA_OLD_COUNT(v)        (((v) >> 18) & 0x7ff)
#define DMA_OLD_METHOD(v)       ((v) & 0x1ffc)

/* Host methods and fields that fifo.h does not name (clc56f.h) */
#define HOST_MEM_OP_B           0x02c
#define HOST_MEM_OP_C           0x030
#define HOST_CLEAR_FAULTED      0x084
#define SEM_OP_ACQ_AND          4
#define SEM_OP_ACQ_NOR          5
#define USERD_REFERENCE         0x48

#define SET_OBJECT_CLASS(v)     ((v) & 0xffff)

typedef enum { STEP_GO, STEP_PARK, STEP_YIELD, STEP_DEAD } Step;

struct OvgChannel {
    QLIST_ENTRY(OvgChannel) next;
    OvgGpu *gpu;
    OvgFunction *fn;
    OvgChannelParams p;
    OvgCe *ce;

    bool scheduled;
    bool pending;               /* the bottom half shall look at it */
    bool parked;                /* acquire not satisfied yet */
    bool hung;                  /* fault CE_HANG */
    bool dead;                  /* killed by an error */
    bool zombie;                /* freed while it ran */
    bool rc_due;                /* its owner has not been told yet */
    uint32_t rc_code;
    uint64_t ran;               /* when it ran last, by OvgFifo.runs */

    uint32_t object[FIFO_OBJECTS];      /* class ids bound by RM, 0: free */
    uint32_t subch_class[FIFO_SUBCHANNELS];

    OvgAperture pdb_ap;
    uint64_t pdb;

    uint32_t gp_get;
    bool in_segment;
    uint64_t seg_va;            /* next word */
    uint32_t seg_words;         /* left, that one included */

    /* method that still wants data words */
    uint32_t m_op;
    uint32_t m_subch;
    uint32_t m_method;
    uint32_t m_count;

    /* host state */
    uint32_t sem_a, sem_b, sem_c;
    uint32_t sem_addr_lo, sem_addr_hi, sem_pay_lo, sem_pay_hi;
};

struct OvgFifo {
    QLIST_ENTRY(OvgFifo) next;
    OvgGpu *gpu;
    QLIST_HEAD(, OvgChannel) channels;
    QEMUBH *bh;
    QEMUTimer *poll;
    int64_t poll_ns;
    QEMUTimer *turn;            /* the end of a turn that nobody uses */
    bool running;
    uint64_t runs;
};

static QLIST_HEAD(, OvgFifo) fifos = QLIST_HEAD_INITIALIZER(fifos);

static OvgChannel *channel_find(OvgGpu *gpu, uint32_t runlist, uint32_t chid)
{
    OvgChannel *ch;

    QLIST_FOREACH(ch, &gpu->fifo->channels, next) {
        if (!ch->zombie && ch->p.runlist == runlist && ch->p.chid == chid) {
            return ch;
        }
    }
    return NULL;
}

/*
 * The engine that has this channel.  RM may still hold a channel that a reset
 * has freed: such a pointer is looked for and not followed.
 */
static OvgFifo *fifo_of(const OvgChannel *ch)
{
    OvgFifo *fifo;
    OvgChannel *c;

    QLIST_FOREACH(fifo, &fifos, next) {
        QLIST_FOREACH(c, &fifo->channels, next) {
            if (c == ch) {
                return c->zombie ? NULL : fifo;
            }
        }
    }
    return NULL;
}

static void fifo_kick(OvgFifo *fifo)
{
    qemu_bh_schedule(fifo->bh);
}

/* ---- access to memory ---- */

OvgFunction *ovg_fifo_channel_function(OvgChannel *ch)
{
    return ch->fn;
}

OvgGpu *ovg_fifo_channel_gpu(OvgChannel *ch)
{
    return ch->gpu;
}

OvgCe *ovg_fifo_channel_ce(OvgChannel *ch)
{
    return ch->ce;
}

uint64_t ovg_fifo_channel_pdb(OvgChannel *ch)
{
    return ch->pdb;
}

bool ovg_fifo_channel_privileged(OvgChannel *ch)
{
    return ch->p.privileged;
}

uint32_t ovg_fifo_channel_engine(OvgChannel *ch)
{
    return ch->p.engine;
}

void ovg_fifo_channel_error(OvgChannel *ch, uint32_t code)
{
    if (!ch->dead) {
        ch->dead = true;
        ch->parked = false;
        ch->rc_due = true;
        ch->rc_code = code;
    }
}

void ovg_fifo_channel_kill(OvgChannel *ch, uint32_t code, const char *rule,
                           const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);

    ovg_refuse(ch->gpu, rule, "gfid %u channel %u of runlist %u: %s",
               ch->p.gfid, ch->p.guest_chid, ch->p.runlist, text);
    ovg_fifo_channel_error(ch, code);
}

bool ovg_fifo_channel_translate(OvgChannel *ch, uint64_t va, bool write,
                                OvgXlate *x)
{
    const char *why = "";

    if (ovg_gmmu_walk(ch->fn, ch->pdb_ap, ch->pdb, va, write, true, x, &why)) {
        return true;
    }
    ovg_fifo_channel_kill(ch, OVG_RC_MMU_FAULT, "gmmu-fault",
                          "%s of VA 0x%" PRIx64 ", PDB 0x%" PRIx64 ": %s",
                          write ? "write" : "read", va, ch->pdb, why);
    return false;
}

static bool channel_rw(OvgChannel *ch, uint64_t va, void *buf, uint64_t len,
                       bool write)
{
    uint8_t *p = buf;
    OvgXlate x;

    while (len) {
        uint64_t n;

        if (!ovg_fifo_channel_translate(ch, va, write, &x)) {
            return false;
        }
        n = MIN(len, x.run);
        if (!(write ? ovg_xlate_write(ch->fn, &x, p, n) :
                      ovg_xlate_read(ch->fn, &x, p, n))) {
            ovg_fifo_channel_kill(ch, OVG_RC_MMU_FAULT, "channel-dma",
                                  "%s of VA 0x%" PRIx64 " failed",
                                  write ? "write" : "read", va);
            return false;
        }
        p += n;
        va += n;
        len -= n;
    }
    return true;
}

bool ovg_fifo_channel_read(OvgChannel *ch, uint64_t va, void *buf, uint64_t len)
{
    return channel_rw(ch, va, buf, len, false);
}

bool ovg_fifo_channel_write(OvgChannel *ch, uint64_t va, const void *buf,
                            uint64_t len)
{
    return channel_rw(ch, va, (void *)buf, len, true);
}

/* USERD and instance block: addresses that pass no page table. */
static bool phys_rw(OvgChannel *ch, OvgAperture ap, uint64_t addr, void *buf,
                    uint64_t len, bool write, const char *what)
{
    const char *why = "out of reach";
    OvgXlate x;

    if (ovg_gmmu_physical(ch->fn, ap, addr, &x, &why) && x.run >= len &&
        (write ? ovg_xlate_write(ch->fn, &x, buf, len) :
                 ovg_xlate_read(ch->fn, &x, buf, len))) {
        return true;
    }
    ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "channel-memory",
                          "%s at 0x%" PRIx64 ": %s", what, addr, why);
    return false;
}

static bool userd_read(OvgChannel *ch, uint32_t off, uint32_t *val)
{
    if (!phys_rw(ch, ch->p.userd_aperture, ch->p.userd_addr + off, val, 4,
                 false, "USERD")) {
        return false;
    }
    *val = le32_to_cpu(*val);
    return true;
}

static bool userd_write(OvgChannel *ch, uint32_t off, uint32_t val)
{
    val = cpu_to_le32(val);
    return phys_rw(ch, ch->p.userd_aperture, ch->p.userd_addr + off, &val, 4,
                   true, "USERD");
}

static bool userd_get(OvgChannel *ch, uint64_t va)
{
    return userd_write(ch, NVC56F_USERD_GET, va) &&
           userd_write(ch, NVC56F_USERD_GET_HI, va >> 32) &&
           userd_write(ch, NVC56F_USERD_GP_GET, ch->gp_get);
}

static bool channel_load_pdb(OvgChannel *ch)
{
    const char *why = "";
    uint64_t v;

    if (!phys_rw(ch, ch->p.inst_aperture,
                 ch->p.inst_addr + NV_RAMIN_PAGE_DIR_BASE, &v, sizeof(v), false,
                 "instance block")) {
        return false;
    }
    if (!ovg_inst_pdb(le64_to_cpu(v), &ch->pdb_ap, &ch->pdb, &why)) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "inst-block", "%s", why);
        return false;
    }
    return true;
}

/* ---- host methods ---- */

void ovg_fifo_channel_nonstall(OvgChannel *ch)
{
    uint32_t e = ch->p.engine;

    if (e >= OVG_ENGINE_COPY0 && e < OVG_ENGINE_COPY0 + OVG_ENGINE_COPY_COUNT) {
        ovg_intr_raise(ch->fn, OVG_VECTOR_CE_NONSTALL(e - OVG_ENGINE_COPY0));
    } else {
        ovg_intr_raise(ch->fn, OVG_VECTOR_GR_NONSTALL);
    }
}

static bool sem_aligned(OvgChannel *ch, uint64_t va, unsigned bytes)
{
    if (va % bytes) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "sem-align",
                              "semaphore at VA 0x%" PRIx64 " is not aligned to "
                              "%u bytes", va, bytes);
        return false;
    }
    return true;
}

/* Payload, zero, timestamp: the 16-byte report. */
static bool sem_release(OvgChannel *ch, uint64_t va, uint64_t payload,
                        bool two_words, bool timestamp)
{
    uint64_t report[2];

    if (!sem_aligned(ch, va, timestamp ? 16 : two_words ? 8 : 4)) {
        return false;
    }
    report[0] = cpu_to_le64(two_words ? payload : (uint32_t)payload);
    report[1] = cpu_to_le64(ovg_ptimer_ns(ch->gpu));
    return ovg_fifo_channel_write(ch, va, report,
                                  timestamp ? 16 : two_words ? 8 : 4);
}

static bool sem_read(OvgChannel *ch, uint64_t va, bool two_words, uint64_t *val)
{
    unsigned bytes = two_words ? 8 : 4;

    *val = 0;
    if (!sem_aligned(ch, va, bytes) ||
        !ovg_fifo_channel_read(ch, va, val, bytes)) {
        return false;
    }
    *val = le64_to_cpu(*val);
    return true;
}

static Step method_semaphored(OvgChannel *ch, uint32_t data)
{
    uint64_t va = (uint64_t)(ch->sem_a & 0xff) << 32 | (ch->sem_b & ~3u);
    uint64_t mem;
    bool ok;

    switch (NVC56F_SEMAPHORED_OP(data)) {
    case NVC56F_SEMAPHORED_RELEASE:
        return sem_release(ch, va, ch->sem_c, false,
                           !(data & NVC56F_SEMAPHORED_4BYTE)) ?
               STEP_GO : STEP_DEAD;
    case NVC56F_SEMAPHORED_ACQUIRE:
    case NVC56F_SEMAPHORED_ACQ_GEQ:
    case NVC56F_SEMAPHORED_ACQ_AND:
        break;
    default:
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "sem-op",
                              "SEMAPHORED 0x%08x: operation not emulated",
                              data);
        return STEP_DEAD;
    }

    if (!sem_read(ch, va, false, &mem)) {
        return STEP_DEAD;
    }
    switch (NVC56F_SEMAPHORED_OP(data)) {
    case NVC56F_SEMAPHORED_ACQUIRE:
        ok = (uint32_t)mem == ch->sem_c;
        break;
    case NVC56F_SEMAPHORED_ACQ_GEQ:
        ok = (int32_t)((uint32_t)mem - ch->sem_c) >= 0;
        break;
    default:
        ok = (uint32_t)mem & ch->sem_c;
        break;
    }
    return ok ? STEP_GO : STEP_PARK;
}

static Step method_sem_execute(OvgChannel *ch, uint32_t data)
{
    bool wide = data & NVC56F_SEM_EXECUTE_64BIT;
    uint64_t va = (uint64_t)(ch->sem_addr_hi & 0xff) << 32 |
                  (ch->sem_addr_lo & ~3u);
    uint64_t want = ch->sem_pay_lo, mem;
    uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
    bool ok;

    if (wide) {
        want |= (uint64_t)ch->sem_pay_hi << 32;
    }
    switch (NVC56F_SEM_EXECUTE_OP(data)) {
    case NVC56F_SEM_EXECUTE_RELEASE:
        return sem_release(ch, va, want, wide,
                           data & NVC56F_SEM_EXECUTE_TIMESTAMP) ?
               STEP_GO : STEP_DEAD;
    case NVC56F_SEM_EXECUTE_ACQUIRE:
    case NVC56F_SEM_EXECUTE_ACQ_STRICT_GEQ:
    case NVC56F_SEM_EXECUTE_ACQ_CIRC_GEQ:
    case SEM_OP_ACQ_AND:
    case SEM_OP_ACQ_NOR:
        break;
    default:
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "sem-op",
                              "SEM_EXECUTE 0x%08x: operation not emulated",
                              data);
        return STEP_DEAD;
    }

    if (!sem_read(ch, va, wide, &mem)) {
        return STEP_DEAD;
    }
    switch (NVC56F_SEM_EXECUTE_OP(data)) {
    case NVC56F_SEM_EXECUTE_ACQUIRE:
        ok = mem == want;
        break;
    case NVC56F_SEM_EXECUTE_ACQ_STRICT_GEQ:
        ok = mem >= want;
        break;
    case NVC56F_SEM_EXECUTE_ACQ_CIRC_GEQ:
        ok = wide ? (int64_t)(mem - want) >= 0 :
                    (int32_t)((uint32_t)mem - (uint32_t)want) >= 0;
        break;
    case SEM_OP_ACQ_AND:
        ok = mem & want;
        break;
    default:
        ok = (~(mem | want) & mask) != 0;
        break;
    }
    return ok ? STEP_GO : STEP_PARK;
}

static Step method_set_object(OvgChannel *ch, uint32_t subch, uint32_t data)
{
    uint32_t class_id = SET_OBJECT_CLASS(data);
    unsigned i;

    for (i = 0; i < FIFO_OBJECTS; i++) {
        if (class_id && ch->object[i] == class_id) {
            ch->subch_class[subch] = class_id;
            return STEP_GO;
        }
    }
    ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "set-object-class",
                          "SET_OBJECT 0x%04x on subchannel %u: RM allocated no "
                          "such object for this channel", class_id, subch);
    return STEP_DEAD;
}

static Step method_host(OvgChannel *ch, uint32_t subch, uint32_t method,
                        uint32_t data)
{
    switch (method) {
    case NVC56F_SET_OBJECT:
        return method_set_object(ch, subch, data);
    case NVC56F_SEMAPHOREA:
        ch->sem_a = data;
        return STEP_GO;
    case NVC56F_SEMAPHOREB:
        ch->sem_b = data;
        return STEP_GO;
    case NVC56F_SEMAPHOREC:
        ch->sem_c = data;
        return STEP_GO;
    case NVC56F_SEMAPHORED:
        return method_semaphored(ch, data);
    case NVC56F_NON_STALL_INTERRUPT:
        ovg_fifo_channel_nonstall(ch);
        return STEP_GO;
    case NVC56F_SET_REFERENCE:
        return userd_write(ch, USERD_REFERENCE, data) ? STEP_GO : STEP_DEAD;
    case NVC56F_SEM_ADDR_LO:
        ch->sem_addr_lo = data;
        return STEP_GO;
    case NVC56F_SEM_ADDR_HI:
        ch->sem_addr_hi = data;
        return STEP_GO;
    case NVC56F_SEM_PAYLOAD_LO:
        ch->sem_pay_lo = data;
        return STEP_GO;
    case NVC56F_SEM_PAYLOAD_HI:
        ch->sem_pay_hi = data;
        return STEP_GO;
    case NVC56F_SEM_EXECUTE:
        return method_sem_execute(ch, data);
    /*
     * Ordering, flushes and invalidates: the model finishes each method before
     * it looks at the next one and caches neither data nor translations.
     */
    case NVC56F_NOP:
    case NVC56F_FB_FLUSH:
    case NVC56F_MEM_OP_A:
    case HOST_MEM_OP_B:
    case HOST_MEM_OP_C:
    case NVC56F_MEM_OP_D:
    case NVC56F_WFI:
    case NVC56F_YIELD:
    case HOST_CLEAR_FAULTED:
        return STEP_GO;
    default:
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "host-method",
                              "method 0x%03x (data 0x%08x) is none of the "
                              "host's", method, data);
        return STEP_DEAD;
    }
}

static Step method_exec(OvgChannel *ch, uint32_t subch, uint32_t method,
                        uint32_t data)
{
    uint32_t class_id = ch->subch_class[subch];

    trace_ovg_method(ch->p.gfid, ch->p.chid, subch, method, data);
    if (method < NVC56F_HOST_METHOD_END) {
        return method_host(ch, subch, method, data);
    }
    if (!class_id) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "method-no-object",
                              "method 0x%04x on subchannel %u, which has no "
                              "object", method, subch);
        return STEP_DEAD;
    }
    if (class_id != OVG_CLASS_COPY) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "method-class",
                              "method 0x%04x of class 0x%04x: only the copy "
                              "class executes methods", method, class_id);
        return STEP_DEAD;
    }
    return ovg_ce_method(ch, method, data) ? STEP_GO : STEP_DEAD;
}

/* ---- pushbuffer ---- */

static Step header_exec(OvgChannel *ch, uint32_t v)
{
    ch->m_op = NVC56F_DMA_OP(v);
    ch->m_subch = NVC56F_DMA_SUBCH(v);
    ch->m_method = NVC56F_DMA_METHOD(v);
    ch->m_count = NVC56F_DMA_COUNT(v);

    switch (ch->m_op) {
    case NVC56F_DMA_OP_INC:
    case NVC56F_DMA_OP_NONINC:
    case NVC56F_DMA_OP_INC_ONCE:
        return STEP_GO;
    case NVC56F_DMA_OP_IMMD: {
        Step s = method_exec(ch, ch->m_subch, ch->m_method, ch->m_count);

        ch->m_count = 0;
        return s;
    }
    case DMA_OP_TERT:
        ch->m_count = 0;
        if (DMA_TERT(v) == 0) {         /* old incrementing form; 0 is a NOP */
            ch->m_op = NVC56F_DMA_OP_INC;
            ch->m_method = DMA_OLD_METHOD(v);
            ch->m_count = DMA_OLD_COUNT(v);
        }
        return STEP_GO;                 /* else: subdevice masks of SLI */
    case DMA_OP_TERT2:
        if (DMA_TERT(v) == 0) {         /* old non-incrementing form */
            ch->m_op = NVC56F_DMA_OP_NONINC;
            ch->m_method = DMA_OLD_METHOD(v);
            ch->m_count = DMA_OLD_COUNT(v);
            return STEP_GO;
        }
        break;
    case DMA_OP_END_SEGMENT:
        ch->m_count = 0;
        ch->seg_va += 4ULL * (ch->seg_words - 1);
        ch->seg_words = 1;              /* the caller takes this word off */
        return STEP_GO;
    }
    ch->m_count = 0;
    ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "push-header",
                          "word 0x%08x at VA 0x%" PRIx64 " is no method header",
                          v, ch->seg_va);
    return STEP_DEAD;
}

static Step data_exec(OvgChannel *ch, uint32_t v)
{
    Step s = method_exec(ch, ch->m_subch, ch->m_method, v);

    if (s != STEP_GO) {
        return s;
    }
    ch->m_count--;
    if (ch->m_op == NVC56F_DMA_OP_INC) {
        ch->m_method = (ch->m_method + 4) & 0x3ffc;
    } else if (ch->m_op == NVC56F_DMA_OP_INC_ONCE) {
        ch->m_method = (ch->m_method + 4) & 0x3ffc;
        ch->m_op = NVC56F_DMA_OP_NONINC;
    }
    return STEP_GO;
}

/* Words of the current segment, until it ends or something stops it. */
static Step segment_exec(OvgChannel *ch, unsigned *methods, int64_t *bytes)
{
    uint32_t buf[FIFO_FETCH];

    while (ch->seg_words) {
        unsigned n = MIN(ch->seg_words, FIFO_FETCH), i;

        if (!ovg_fifo_channel_read(ch, ch->seg_va, buf, 4 * n)) {
            return STEP_DEAD;
        }
        for (i = 0; i < n; ) {
            uint32_t before = ch->seg_words;
            uint32_t v;
            Step s;

            if (ovg_ce_busy(ch->ce)) {
                if (!ovg_ce_step(ch, bytes)) {
                    return STEP_DEAD;
                }
                if (ovg_ce_busy(ch->ce)) {
                    return STEP_YIELD;
                }
            }
            if (ch->dead) {
                return STEP_DEAD;
            }
            if (!*methods) {
                return STEP_YIELD;
            }
            --*methods;

            v = le32_to_cpu(buf[i]);
            s = ch->m_count ? data_exec(ch, v) : header_exec(ch, v);
            if (s != STEP_GO) {
                return s;
            }
            i += before - ch->seg_words + 1;
            ch->seg_words--;
            ch->seg_va += 4;
        }
    }
    /* the last method may have started a copy */
    if (ovg_ce_busy(ch->ce)) {
        if (!ovg_ce_step(ch, bytes)) {
            return STEP_DEAD;
        }
        if (ovg_ce_busy(ch->ce)) {
            return STEP_YIELD;
        }
    }
    return STEP_GO;
}

static Step gp_entry_load(OvgChannel *ch)
{
    uint32_t e[2];

    if (!ovg_fifo_channel_read(ch, ch->p.gpfifo_va +
                               (uint64_t)NVC56F_GP_ENTRY_SIZE * ch->gp_get,
                               e, sizeof(e))) {
        return STEP_DEAD;
    }
    e[0] = le32_to_cpu(e[0]);
    e[1] = le32_to_cpu(e[1]);
    ch->seg_words = NVC56F_GP_ENTRY_DWORDS(e[1]);
    ch->seg_va = NVC56F_GP_ENTRY_VA(e[0], e[1]);
    trace_ovg_gp_entry(ch->p.gfid, ch->p.chid, ch->gp_get, ch->seg_va,
                       ch->seg_words);
    if (!ch->seg_words) {
        if (GP_ENTRY1_OPCODE(e[1]) != GP_ENTRY1_OPCODE_NOP) {
            ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "gp-opcode",
                                  "GPFIFO entry %u: control entry 0x%08x%08x",
                                  ch->gp_get, e[1], e[0]);
            return STEP_DEAD;
        }
        ch->seg_va = 0;
        return STEP_GO;
    }
    if ((e[0] & GP_ENTRY0_CONDITIONAL) || GP_ENTRY1_LEVEL_SUBR(e[1])) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "gp-entry",
                              "GPFIFO entry %u 0x%08x%08x: conditional fetch "
                              "and subroutines are not emulated", ch->gp_get,
                              e[1], e[0]);
        return STEP_DEAD;
    }
    return STEP_GO;
}

/* One slice of a channel; @bytes and @methods are counted down. */
static Step channel_slice(OvgChannel *ch, int64_t *bytes, unsigned *methods)
{
    uint32_t put;
    Step s;

    if (!ovg_function_active(ch->fn)) {
        ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "channel-no-busmaster",
                              "work while the function is no bus master");
        return STEP_DEAD;
    }
    if (!channel_load_pdb(ch)) {
        return STEP_DEAD;
    }
    for (;;) {
        if (!ch->in_segment) {
            if (!userd_read(ch, NVC56F_USERD_GP_PUT, &put)) {
                return STEP_DEAD;
            }
            if (put >= ch->p.gpfifo_entries) {
                ovg_fifo_channel_kill(ch, OVG_RC_PBDMA_ERROR, "gp-put",
                                      "GP_PUT %u, the ring has %u entries", put,
                                      ch->p.gpfifo_entries);
                return STEP_DEAD;
            }
            if (put == ch->gp_get) {
                return STEP_GO;
            }
            s = gp_entry_load(ch);
            if (s != STEP_GO) {
                return s;
            }
            ch->in_segment = true;
        }

        s = segment_exec(ch, methods, bytes);
        if (s == STEP_DEAD) {
            return s;
        }
        if (s != STEP_GO) {
            return ch->seg_va && !userd_get(ch, ch->seg_va) ? STEP_DEAD : s;
        }
        ch->in_segment = false;
        ch->gp_get = (ch->gp_get + 1) & (ch->p.gpfifo_entries - 1);
        if (!(ch->seg_va ? userd_get(ch, ch->seg_va) :
              userd_write(ch, NVC56F_USERD_GP_GET, ch->gp_get))) {
            return STEP_DEAD;
        }
        if (!*methods || *bytes <= 0) {
            return STEP_YIELD;
        }
        --*methods;     /* empty entries are not free either */
    }
}

/* ---- scheduling ---- */

static void channel_destroy(OvgChannel *ch)
{
    QLIST_REMOVE(ch, next);
    ovg_ce_free(ch->ce);
    g_free(ch);
}

/* Tell the owner of a killed channel. */
static void channel_notify_rc(OvgGpu *gpu, const OvgChannelParams *p,
                              uint32_t code)
{
    g_autofree char *text = NULL;

    trace_ovg_channel_rc(p->gfid, p->chid, code);
    text = g_strdup_printf("channel %u of gfid %u, engine type %u", p->guest_chid,
                           p->gfid, p->engine);
    ovg_event_xid(gpu, code, p->runlist, p->chid, text);
    gpu->release->rc_event(gpu, p->engine, p->chid, p->gfid, code);
    if (p->gfid) {
        ovg_plugin_guest_rc(gpu, p->gfid, p->guest_chid, code);
    }
}

bool ovg_fifo_fault_rc(OvgGpu *gpu, uint32_t gfid)
{
    OvgChannel *ch, *last = NULL;

    QLIST_FOREACH(ch, &gpu->fifo->channels, next) {
        if (ch->p.gfid == gfid && !ch->zombie && !ch->dead &&
            (!last || ch->p.chid > last->p.chid)) {
            last = ch;
        }
    }
    if (!last) {
        return false;
    }
    ovg_fifo_channel_error(last, OVG_RC_PBDMA_ERROR);
    fifo_kick(gpu->fifo);
    return true;
}

static bool runnable(const OvgChannel *ch)
{
    return !ch->zombie && ch->pending && ch->scheduled && !ch->dead && !ch->hung;
}

static OvgChannel *fifo_next_rc(OvgFifo *fifo)
{
    OvgChannel *ch;

    QLIST_FOREACH(ch, &fifo->channels, next) {
        if (!ch->zombie && ch->rc_due) {
            return ch;
        }
    }
    return NULL;
}

/* At most @ns of the engine's time, and no more than a slice. */
static void channel_run(OvgFifo *fifo, OvgChannel *ch, int64_t ns)
{
    int64_t bytes = ns < SLICE_BYTES / BYTES_PER_NS ? ns * BYTES_PER_NS : SLICE_BYTES;
    unsigned methods = ns < SLICE_METHODS * METHOD_NS ? ns / METHOD_NS + 1 : SLICE_METHODS;
    int64_t start = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), bytes0 = bytes;
    unsigned methods0 = methods;

    ch->ran = ++fifo->runs;
    ch->pending = false;
    ch->parked = false;
    switch (channel_slice(ch, &bytes, &methods)) {
    case STEP_YIELD:
        ch->pending = true;
        break;
    case STEP_PARK:
        ch->parked = true;
        break;
    default:
        break;
    }
    ovg_sched_ran(fifo->gpu, ch->p.runlist, ch->p.gfid,
                  (bytes0 - bytes) / BYTES_PER_NS + (methods0 - methods) * METHOD_NS,
                  qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - start);
}

/* The channel of a vGPU that has waited longest */
static OvgChannel *channel_of(OvgFifo *fifo, uint32_t runlist, uint32_t gfid)
{
    OvgChannel *ch, *found = NULL;

    QLIST_FOREACH(ch, &fifo->channels, next) {
        if (runnable(ch) && ch->p.runlist == runlist && ch->p.gfid == gfid &&
            (!found || ch->ran < found->ran)) {
            found = ch;
        }
    }
    return found;
}

/*
 * A slice for each of the PF's channels, and for whose turn it is on each
 * runlist.  True: go on at once; else at @until, INT64_MAX when there is no more.
 */
static bool fifo_run(OvgFifo *fifo, int64_t *until)
{
    uint64_t busy[FIFO_RUNLISTS] = { 0 };
    bool again = false;
    OvgChannel *ch;
    OvgTurn turn;

    *until = INT64_MAX;
    QLIST_FOREACH(ch, &fifo->channels, next) {
        if (!runnable(ch)) {
            continue;
        }
        if (ch->p.gfid) {
            busy[ch->p.runlist] |= 1ULL << ch->p.gfid;
            continue;
        }
        channel_run(fifo, ch, INT64_MAX);
        again |= runnable(ch);
    }
    for (uint32_t rl = 0; rl < FIFO_RUNLISTS; rl++) {
        if (!busy[rl]) {
            continue;
        }
        if (ovg_sched_turn(fifo->gpu, rl, busy[rl], &turn)) {
            channel_run(fifo, channel_of(fifo, rl, turn.gfid), turn.ns);
            if (is_power_of_2(busy[rl])) {
                again = true;
                continue;
            }
            turn.until = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + LET_IN_NS;
        }
        *until = MIN(*until, turn.until);
    }
    return again;
}

static void fifo_bh(void *opaque)
{
    OvgFifo *fifo = opaque;
    OvgGpu *gpu = fifo->gpu;
    OvgChannel *ch, *n;
    bool again, parked = false;
    int64_t until;

    fifo->running = true;
    again = fifo_run(fifo, &until);
    fifo->running = false;

    QLIST_FOREACH_SAFE(ch, &fifo->channels, next, n) {
        if (ch->zombie) {
            channel_destroy(ch);
        } else {
            parked |= ch->parked;
        }
    }
    /* whoever is told may free channels: look for the next from the start */
    while ((ch = fifo_next_rc(fifo))) {
        OvgChannelParams p = ch->p;
        uint32_t code = ch->rc_code;

        ch->rc_due = false;
        channel_notify_rc(gpu, &p, code);
    }

    if (again) {
        fifo_kick(fifo);
    }
    if (until != INT64_MAX) {
        timer_mod(fifo->turn, until);
    } else {
        timer_del(fifo->turn);
    }
    if (parked) {
        timer_mod(fifo->poll, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                  fifo->poll_ns);
        fifo->poll_ns = MIN(fifo->poll_ns * 2, POLL_MAX_NS);
    } else {
        fifo->poll_ns = POLL_MIN_NS;
    }
}

static void fifo_turn(void *opaque)
{
    fifo_kick(opaque);
}

/* Acquires that wait: any write may have satisfied them. */
static void fifo_unpark(OvgFifo *fifo)
{
    OvgChannel *ch;

    QLIST_FOREACH(ch, &fifo->channels, next) {
        if (ch->parked) {
            ch->pending = true;
        }
    }
}

static void fifo_poll(void *opaque)
{
    OvgFifo *fifo = opaque;

    fifo_unpark(fifo);
    fifo_kick(fifo);
}

void ovg_fifo_doorbell(OvgFunction *fn, uint32_t token)
{
    OvgGpu *gpu = fn->gpu;
    uint32_t runlist = NV_WORK_SUBMIT_RUNLIST(token);
    uint32_t chid = NV_WORK_SUBMIT_CHID(token), first = 0, count = 0;
    OvgChannel *ch;

    trace_ovg_fifo_doorbell(fn->gfid, runlist, chid);
    if (!ovg_function_active(fn)) {
        ovg_refuse(gpu, "doorbell-no-busmaster", "gfid %u: doorbell 0x%08x "
                   "while the function is no bus master", fn->gfid, token);
        return;
    }
    QLIST_FOREACH(ch, &gpu->fifo->channels, next) {
        if (!ch->zombie && ch->p.gfid == fn->gfid &&
            ch->p.runlist == runlist && ch->p.guest_chid == chid) {
            break;
        }
    }
    if (!ch) {
        ch = channel_find(gpu, runlist, chid);
        ovg_refuse(gpu, ch ? "doorbell-foreign" : "doorbell-unknown",
                   "gfid %u: doorbell 0x%08x: channel %u of runlist %u is not "
                   "its own", fn->gfid, token, chid, runlist);
        return;
    }
    if (fn->gfid &&
        (!ovg_plugin_chid_range(gpu, fn->gfid, ch->p.engine, &first, &count) ||
         chid >= count || ch->p.chid != first + chid)) {
        ovg_refuse(gpu, "doorbell-foreign", "gfid %u: doorbell 0x%08x: its "
                   "channel ids are %u..%u of the system's", fn->gfid, token,
                   first, first + count);
        return;
    }
    if (ch->dead) {
        ovg_refuse(gpu, "doorbell-dead", "gfid %u: doorbell for channel %u, "
                   "which an error has killed", fn->gfid, chid);
        return;
    }
    if (!ch->scheduled) {
        ovg_refuse(gpu, "doorbell-unscheduled", "gfid %u: doorbell for channel "
                   "%u, which is not scheduled", fn->gfid, chid);
        return;
    }
    if (!ch->hung && ch->p.engine >= OVG_ENGINE_COPY0 &&
        ch->p.engine < OVG_ENGINE_COPY0 + OVG_ENGINE_COPY_COUNT &&
        ovg_fault_take(gpu, OVG_FAULT_CE_HANG, NULL)) {
        ch->hung = true;
    }
    ch->pending = true;
    fifo_unpark(gpu->fifo);
    fifo_kick(gpu->fifo);
}

/* ---- life of a channel ---- */

/* False: refused.  A channel id belongs to one gfid, by what bootload said. */
static bool chid_allowed(OvgGpu *gpu, const OvgChannelParams *p)
{
    uint32_t first, count, g;

    if (p->gfid) {
        if (!ovg_plugin_chid_range(gpu, p->gfid, p->engine, &first, &count) ||
            p->guest_chid >= count || p->chid != first + p->guest_chid) {
            ovg_refuse(gpu, "chid-foreign", "gfid %u: channel id %u (its own "
                       "%u) is not among those of its bootload", p->gfid,
                       p->chid, p->guest_chid);
            return false;
        }
        return true;
    }
    for (g = 1; g < OVG_MAX_GFID; g++) {
        if (ovg_plugin_chid_range(gpu, g, p->engine, &first, &count) &&
            p->chid >= first && p->chid - first < count) {
            ovg_refuse(gpu, "chid-foreign", "PF: channel id %u belongs to gfid "
                       "%u", p->chid, g);
            return false;
        }
    }
    return true;
}

OvgChannel *ovg_fifo_channel_new(OvgGpu *gpu, const OvgChannelParams *p)
{
    OvgFifo *fifo = gpu->fifo;
    OvgChannel *ch;

    if (p->gfid >= OVG_MAX_GFID || !gpu->fn[p->gfid]) {
        ovg_refuse(gpu, "channel-gfid", "channel for gfid %u, which is no "
                   "function", p->gfid);
        return NULL;
    }
    if (p->runlist >= FIFO_RUNLISTS || p->chid >= FIFO_CHIDS) {
        ovg_refuse(gpu, "chid-range", "gfid %u: channel %u of runlist %u: "
                   "there are %u to a runlist", p->gfid, p->chid, p->runlist,
                   FIFO_CHIDS);
        return NULL;
    }
    if (!chid_allowed(gpu, p)) {
        return NULL;
    }
    if (channel_find(gpu, p->runlist, p->chid)) {
        ovg_refuse(gpu, "chid-in-use", "gfid %u: channel %u of runlist %u "
                   "exists", p->gfid, p->chid, p->runlist);
        return NULL;
    }
    if (!is_power_of_2(p->gpfifo_entries) || p->gpfifo_entries > 1u << 24) {
        ovg_refuse(gpu, "gpfifo-size", "gfid %u channel %u: %u GPFIFO entries, "
                   "must be a power of two", p->gfid, p->chid,
                   p->gpfifo_entries);
        return NULL;
    }
    if (p->gpfifo_va % NVC56F_GP_ENTRY_SIZE) {
        ovg_refuse(gpu, "gpfifo-align", "gfid %u channel %u: GPFIFO at VA 0x%"
                   PRIx64, p->gfid, p->chid, p->gpfifo_va);
        return NULL;
    }
    if ((p->userd_aperture != OVG_AP_FB && p->userd_aperture != OVG_AP_SYS) ||
        p->userd_addr % NVC56F_USERD_SIZE) {
        ovg_refuse(gpu, "userd", "gfid %u channel %u: USERD at 0x%" PRIx64
                   " aperture %d", p->gfid, p->chid, p->userd_addr,
                   p->userd_aperture);
        return NULL;
    }
    if ((p->inst_aperture != OVG_AP_FB && p->inst_aperture != OVG_AP_SYS) ||
        p->inst_addr % NV_RAMIN_SIZE) {
        ovg_refuse(gpu, "inst-block", "gfid %u channel %u: instance block at "
                   "0x%" PRIx64 " aperture %d", p->gfid, p->chid, p->inst_addr,
                   p->inst_aperture);
        return NULL;
    }

    ch = g_new0(OvgChannel, 1);
    ch->gpu = gpu;
    ch->fn = gpu->fn[p->gfid];
    ch->p = *p;
    ch->ce = ovg_ce_new();
    QLIST_INSERT_HEAD(&fifo->channels, ch, next);
    trace_ovg_channel_new(p->gfid, p->runlist, p->chid, p->engine);
    return ch;
}

static void channel_free(OvgFifo *fifo, OvgChannel *ch)
{
    trace_ovg_channel_free(ch->p.gfid, ch->p.runlist, ch->p.chid);
    if (fifo->running) {
        ch->zombie = true;      /* its work is on the stack */
        ch->dead = true;
        ch->rc_due = false;
        ch->parked = false;
        return;
    }
    channel_destroy(ch);
}

void ovg_fifo_channel_free(OvgChannel *ch)
{
    OvgFifo *fifo = fifo_of(ch);

    if (fifo) {
        channel_free(fifo, ch);
    }
}

void ovg_fifo_channel_bind_object(OvgChannel *ch, uint32_t class_id, bool bind)
{
    uint32_t from = bind ? 0 : class_id;
    unsigned i;

    if (!fifo_of(ch)) {
        return;
    }
    for (i = 0; i < FIFO_OBJECTS; i++) {
        if (ch->object[i] == from) {
            ch->object[i] = bind ? class_id : 0;
            break;
        }
    }
    if (i == FIFO_OBJECTS && bind) {
        ovg_refuse(ch->gpu, "channel-objects", "gfid %u channel %u: more than "
                   "%u objects", ch->p.gfid, ch->p.guest_chid, FIFO_OBJECTS);
    }
    for (i = 0; !bind && i < FIFO_SUBCHANNELS; i++) {
        if (ch->subch_class[i] == class_id) {
            ch->subch_class[i] = 0;
        }
    }
}

void ovg_fifo_channel_schedule(OvgChannel *ch, bool enable)
{
    OvgFifo *fifo = fifo_of(ch);

    if (fifo) {
        ch->scheduled = enable;
    }
}

uint32_t ovg_fifo_channel_chid(OvgChannel *ch)
{
    return fifo_of(ch) ? ch->p.chid : UINT32_MAX;
}

uint32_t ovg_fifo_count(OvgGpu *gpu)
{
    OvgChannel *ch;
    uint32_t n = 0;

    if (!gpu->fifo) {
        return 0;
    }
    QLIST_FOREACH(ch, &gpu->fifo->channels, next) {
        n += !ch->zombie;
    }
    return n;
}

void ovg_fifo_free_gfid(OvgGpu *gpu, uint32_t gfid)
{
    OvgChannel *ch, *n;

    QLIST_FOREACH_SAFE(ch, &gpu->fifo->channels, next, n) {
        if (!ch->zombie && ch->p.gfid == gfid) {
            channel_free(gpu->fifo, ch);
        }
    }
}

OvgFifo *ovg_fifo_new(OvgGpu *gpu)
{
    OvgFifo *fifo = g_new0(OvgFifo, 1);
    DeviceState *dev = DEVICE(gpu->fn[0]->pdev);

    fifo->gpu = gpu;
    fifo->poll_ns = POLL_MIN_NS;
    QLIST_INIT(&fifo->channels);
    /* guarded: DMA of a channel must not reach this device's registers */
    fifo->bh = qemu_bh_new_guarded(fifo_bh, fifo, &dev->mem_reentrancy_guard);
    fifo->poll = timer_new_ns(QEMU_CLOCK_VIRTUAL, fifo_poll, fifo);
    fifo->turn = timer_new_ns(QEMU_CLOCK_VIRTUAL, fifo_turn, fifo);
    QLIST_INSERT_HEAD(&fifos, fifo, next);
    return fifo;
}

void ovg_fifo_reset(OvgGpu *gpu)
{
    OvgFifo *fifo = gpu->fifo;
    OvgChannel *ch, *n;

    QLIST_FOREACH_SAFE(ch, &fifo->channels, next, n) {
        if (!ch->zombie) {
            channel_free(fifo, ch);
        }
    }
    timer_del(fifo->poll);
    timer_del(fifo->turn);
    fifo->poll_ns = POLL_MIN_NS;
}
