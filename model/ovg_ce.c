/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copy engine of the L40 model, class AMPERE_DMA_COPY_B.
 *
 * Methods and fields: clc7b5.h of NVIDIA's published headers.  Pitch layout
 * only; copies really move the bytes, system memory through the IOMMU with the
 * requester id of the channel's function.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_engine.h"
#include "common/ce.h"
#include "trace.h"

/* Of a remapped copy or a copy from system memory to system memory. */
#define BOUNCE_BYTES            (256 * KiB)

/* A discard of zeroed memory costs about this much less than moving bytes. */
#define FILL_DISCOUNT           64

/* What finding the place of a chunk costs, in bytes moved. */
#define CHUNK_COST              512

/* Fields that ce.h does not name (clc7b5.h) */
#define RENDER_ENABLE_MODE(v)   ((v) & 7)
#define RENDER_ENABLE_FALSE     0
#define RENDER_ENABLE_TRUE      1
#define SEMAPHORE_NONE          0
#define SEMAPHORE_PLAIN         1
#define SEMAPHORE_TIMESTAMP     2
#define METHOD_SRC_DST_FIRST    0x70c   /* block-linear geometry, only stored */
#define METHOD_SRC_DST_LAST     0x750
#define METHOD_FENCE_FIRST      0x21c   /* monitored fence */
#define METHOD_FENCE_LAST       0x224
#define METHOD_RENDER_A         0x254
#define METHOD_RENDER_B         0x258

typedef struct CeSide {
    uint64_t base;              /* address of the current line */
    uint64_t pitch;
    uint32_t elem;              /* bytes of an element */
    bool physical;
    OvgAperture ap;             /* physical only */
} CeSide;

struct OvgCe {
    uint32_t in_hi, in_lo, out_hi, out_lo;
    uint32_t pitch_in, pitch_out, line_length, line_count;
    uint32_t sem_hi, sem_lo, sem_pay, sem_pay_hi;
    uint32_t src_phys, dst_phys;
    uint32_t const_a, const_b, remap;
    uint32_t render;

    /* the launch in progress */
    bool busy;
    uint32_t launch;
    CeSide src, dst;
    uint64_t line_elems;
    uint64_t done;              /* elements of the current line */
    uint32_t lines;             /* left, the current one included */
    bool remapped;
    bool fill;                  /* every component is a constant */
    bool fill_byte;             /* all bytes of the pattern are the same */
    uint8_t pattern[16];
};

OvgCe *ovg_ce_new(void)
{
    OvgCe *ce = g_new0(OvgCe, 1);

    ce->render = RENDER_ENABLE_TRUE;
    return ce;
}

void ovg_ce_free(OvgCe *ce)
{
    g_free(ce);
}

bool ovg_ce_busy(OvgCe *ce)
{
    return ce->busy;
}

static uint32_t ce_rc(OvgChannel *ch)
{
    uint32_t n = ovg_fifo_channel_engine(ch) - OVG_ENGINE_COPY0;

    /* nverror.h names the first three one after the other */
    return OVG_RC_CE0_ERROR + (n < 3 ? n : 0);
}

/* Where one side of the copy is at @addr; false: channel killed. */
static bool ce_resolve(OvgChannel *ch, const CeSide *side, uint64_t addr,
                       bool write, OvgXlate *x)
{
    const char *why = "";

    if (!side->physical) {
        return ovg_fifo_channel_translate(ch, addr, write, x);
    }
    if (!ovg_gmmu_physical(ovg_fifo_channel_function(ch), side->ap, addr, x,
                           &why)) {
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-phys-range", "%s of physical "
                              "address 0x%" PRIx64 ": %s",
                              write ? "write" : "read", addr, why);
        return false;
    }
    return true;
}

static bool ce_dma_failed(OvgChannel *ch, uint64_t addr, bool write)
{
    ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-dma", "%s of system memory at 0x%"
                          PRIx64 " failed", write ? "write" : "read", addr);
    return false;
}

/* All of @len at a possibly scattered place. */
static bool ce_rw(OvgChannel *ch, const CeSide *side, uint64_t addr, void *buf,
                  uint64_t len, bool write)
{
    OvgFunction *fn = ovg_fifo_channel_function(ch);
    uint8_t *p = buf;
    OvgXlate x;

    while (len) {
        uint64_t n;

        if (!ce_resolve(ch, side, addr, write, &x)) {
            return false;
        }
        n = MIN(len, x.run);
        if (!(write ? ovg_xlate_write(fn, &x, p, n) :
                      ovg_xlate_read(fn, &x, p, n))) {
            return ce_dma_failed(ch, x.addr, write);
        }
        p += n;
        addr += n;
        len -= n;
    }
    return true;
}

/* ---- one chunk of each kind of launch; 0 or false: channel killed ---- */

static uint64_t chunk_copy(OvgChannel *ch, uint64_t src, uint64_t dst,
                           uint64_t len)
{
    OvgFunction *fn = ovg_fifo_channel_function(ch);
    OvgGpu *gpu = ovg_fifo_channel_gpu(ch);
    OvgCe *ce = ovg_fifo_channel_ce(ch);
    OvgXlate s, d;
    uint8_t *sp = NULL, *dp = NULL;

    if (!ce_resolve(ch, &ce->src, src, false, &s) ||
        !ce_resolve(ch, &ce->dst, dst, true, &d)) {
        return 0;
    }
    if (s.aperture == OVG_AP_FB && !fn->gfid &&
        ovg_fault_take(gpu, OVG_FAULT_CE_READ_POISON, NULL)) {
        ovg_note(gpu, "copy of FB 0x%" PRIx64 " meets poison", s.addr);
        ovg_fifo_channel_error(ch, OVG_RC_CONTAINED);
        return 0;
    }
    len = MIN(len, MIN(s.run, d.run));
    if (s.aperture == OVG_AP_FB) {
        sp = ovg_fb_ptr(gpu, s.addr, len);
    }
    if (d.aperture == OVG_AP_FB) {
        dp = ovg_fb_ptr(gpu, d.addr, len);
    }

    if (sp && dp) {
        memmove(dp, sp, len);
        ovg_fb_dirty(gpu, d.addr, len);
    } else if (sp) {
        if (!ovg_xlate_write(fn, &d, sp, len)) {
            ce_dma_failed(ch, d.addr, true);
            return 0;
        }
    } else if (dp) {
        if (!ovg_xlate_read(fn, &s, dp, len)) {
            ce_dma_failed(ch, s.addr, false);
            return 0;
        }
        ovg_fb_dirty(gpu, d.addr, len);
    } else {
        g_autofree uint8_t *buf = NULL;

        len = MIN(len, BOUNCE_BYTES);
        buf = g_malloc(len);
        if (!ovg_xlate_read(fn, &s, buf, len)) {
            ce_dma_failed(ch, s.addr, false);
            return 0;
        }
        if (!ovg_xlate_write(fn, &d, buf, len)) {
            ce_dma_failed(ch, d.addr, true);
            return 0;
        }
    }
    return len;
}

/* @len: whole elements.  What is written already is the source of the rest. */
static void pattern_fill(uint8_t *p, uint64_t len, const uint8_t *pattern,
                         uint32_t elem)
{
    uint64_t have = elem;

    memcpy(p, pattern, elem);
    while (have < len) {
        uint64_t n = MIN(MIN(have, len - have),
                         QEMU_ALIGN_DOWN((uint64_t)BOUNCE_BYTES, elem));

        memcpy(p + have, p, n);
        have += n;
    }
}

/* @len and the place are whole elements of the pattern. */
static uint64_t chunk_fill(OvgChannel *ch, uint64_t dst, uint64_t len)
{
    OvgGpu *gpu = ovg_fifo_channel_gpu(ch);
    OvgCe *ce = ovg_fifo_channel_ce(ch);
    uint32_t elem = ce->dst.elem;
    g_autofree uint8_t *buf = NULL;
    OvgXlate d;

    if (!ce_resolve(ch, &ce->dst, dst, true, &d)) {
        return 0;
    }
    if (d.aperture == OVG_AP_FB && d.run >= elem) {
        uint8_t *p;

        len = QEMU_ALIGN_DOWN(MIN(len, d.run), elem);
        if (ce->fill_byte) {
            return ovg_fb_fill(gpu, d.addr, ce->pattern[0], len) ? len : 0;
        }
        p = ovg_fb_ptr(gpu, d.addr, len);
        if (!p) {
            return 0;
        }
        pattern_fill(p, len, ce->pattern, elem);
        ovg_fb_dirty(gpu, d.addr, len);
        return len;
    }

    len = MIN(len, QEMU_ALIGN_DOWN((uint64_t)BOUNCE_BYTES, elem));
    buf = g_malloc(len);
    pattern_fill(buf, len, ce->pattern, elem);
    return ce_rw(ch, &ce->dst, dst, buf, len, true) ? len : 0;
}

/* Components move about: read elements, build new ones.  @n elements. */
static bool chunk_remap(OvgChannel *ch, uint64_t src, uint64_t dst, uint64_t n)
{
    OvgCe *ce = ovg_fifo_channel_ce(ch);
    uint32_t comp = NVC7B5_REMAP_COMPONENT_SIZE(ce->remap);
    uint32_t ndst = NVC7B5_REMAP_NUM_DST(ce->remap);
    g_autofree uint8_t *in = g_malloc(n * ce->src.elem);
    g_autofree uint8_t *out = g_malloc(n * ce->dst.elem);
    uint64_t i;
    uint32_t j;

    if (!ce_rw(ch, &ce->src, src, in, n * ce->src.elem, false)) {
        return false;
    }
    for (i = 0; i < n; i++) {
        for (j = 0; j < ndst; j++) {
            uint32_t sel = NVC7B5_REMAP_DST(ce->remap, j);
            uint8_t *to = out + i * ce->dst.elem + j * comp;

            if (sel <= NVC7B5_REMAP_SRC_W) {
                memcpy(to, in + i * ce->src.elem + sel * comp, comp);
            } else {
                memcpy(to, ce->pattern + j * comp, comp);
            }
        }
    }
    return ce_rw(ch, &ce->dst, dst, out, n * ce->dst.elem, true);
}

/* ---- launch ---- */

static bool ce_finish(OvgChannel *ch)
{
    OvgCe *ce = ovg_fifo_channel_ce(ch);
    uint64_t va = (uint64_t)(ce->sem_hi & NVC7B5_OFFSET_UPPER_MASK) << 32 |
                  ce->sem_lo;
    bool wide = ce->launch & NVC7B5_LAUNCH_SEMAPHORE_TWO_WORD;
    uint64_t report[2];
    unsigned bytes = 0;

    ce->busy = false;
    switch (NVC7B5_LAUNCH_SEMAPHORE(ce->launch)) {
    case SEMAPHORE_PLAIN:
        bytes = wide ? 8 : 4;
        break;
    case SEMAPHORE_TIMESTAMP:
        bytes = 16;
        break;
    }
    if (bytes) {
        if (va % bytes) {
            ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-sem-align", "semaphore at "
                                  "VA 0x%" PRIx64 " is not aligned to %u bytes",
                                  va, bytes);
            return false;
        }
        report[0] = cpu_to_le64(ce->sem_pay |
                                (wide ? (uint64_t)ce->sem_pay_hi << 32 : 0));
        report[1] = cpu_to_le64(ovg_ptimer_ns(ovg_fifo_channel_gpu(ch)));
        if (!ovg_fifo_channel_write(ch, va, report, bytes)) {
            return false;
        }
    }
    if (NVC7B5_LAUNCH_INTERRUPT(ce->launch)) {
        ovg_fifo_channel_nonstall(ch);
    }
    return true;
}

static bool ce_step(OvgChannel *ch, int64_t *budget)
{
    OvgCe *ce = ovg_fifo_channel_ce(ch);

    while (ce->lines) {
        uint64_t left = ce->line_elems - ce->done;
        uint64_t src = ce->src.base + ce->done * ce->src.elem;
        uint64_t dst = ce->dst.base + ce->done * ce->dst.elem;
        uint64_t n, max;

        if (!left) {
            ce->lines--;
            ce->done = 0;
            ce->src.base += ce->src.pitch;
            ce->dst.base += ce->dst.pitch;
            *budget -= 64;              /* a line of nothing costs time too */
            if (*budget <= 0 && ce->lines) {
                return true;
            }
            continue;
        }
        if (*budget <= 0) {
            return true;
        }

        if (ce->fill) {
            bool cheap = ce->fill_byte && !ce->pattern[0];

            max = (uint64_t)*budget * (cheap ? FILL_DISCOUNT : 1);
            n = MAX(1, MIN(left, max / ce->dst.elem));
            n = chunk_fill(ch, dst, n * ce->dst.elem);
            *budget -= cheap ? n / FILL_DISCOUNT + 1 : n;
            n /= ce->dst.elem;
        } else if (ce->remapped) {
            n = MIN(left, BOUNCE_BYTES / MAX(ce->src.elem, ce->dst.elem));
            if (!chunk_remap(ch, src, dst, n)) {
                n = 0;
            }
            *budget -= n * ce->dst.elem;
        } else {
            n = chunk_copy(ch, src, dst, MIN(left, (uint64_t)*budget));
            *budget -= n;
        }
        *budget -= CHUNK_COST;
        if (!n) {
            ce->busy = false;
            ce->lines = 0;
            return false;
        }
        ce->done += n;
    }
    return ce_finish(ch);
}

bool ovg_ce_step(OvgChannel *ch, int64_t *budget)
{
    OvgGpu *gpu = ovg_fifo_channel_gpu(ch);
    uint32_t gfid = ovg_fifo_channel_function(ch)->gfid;
    int64_t before = *budget;
    bool ok = ce_step(ch, budget);

    ovg_event_work(gpu, gfid, before - *budget);
    return ok;
}

static bool ce_side_setup(OvgChannel *ch, CeSide *side, const char *name,
                          uint32_t hi, uint32_t lo, bool physical,
                          uint32_t phys_mode, uint32_t pitch)
{
    side->base = (uint64_t)(hi & NVC7B5_OFFSET_UPPER_MASK) << 32 | lo;
    /* the pitch is signed: lines may run backwards */
    side->pitch = (int64_t)(int32_t)pitch;
    side->elem = 1;
    side->physical = physical;
    if (!physical) {
        return true;
    }
    if (!ovg_fifo_channel_privileged(ch)) {
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-phys-unprivileged", "physical "
                              "%s in a channel that is not privileged", name);
        return false;
    }
    switch (NVC7B5_PHYS_MODE_TARGET(phys_mode)) {
    case NVC7B5_PHYS_MODE_LOCAL_FB:
        side->ap = OVG_AP_FB;
        return true;
    case NVC7B5_PHYS_MODE_COHERENT_SYSMEM:
    case NVC7B5_PHYS_MODE_NONCOHERENT_SYSMEM:
        side->ap = OVG_AP_SYS;
        return true;
    default:
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-phys-peer", "physical %s in "
                              "peer memory: there is no peer", name);
        return false;
    }
}

static bool ce_remap_setup(OvgChannel *ch, OvgCe *ce)
{
    uint32_t comp = NVC7B5_REMAP_COMPONENT_SIZE(ce->remap);
    uint32_t nsrc = NVC7B5_REMAP_NUM_SRC(ce->remap);
    uint32_t ndst = NVC7B5_REMAP_NUM_DST(ce->remap);
    uint32_t ca = cpu_to_le32(ce->const_a), cb = cpu_to_le32(ce->const_b);
    uint32_t i, consts = 0;

    memset(ce->pattern, 0, sizeof(ce->pattern));
    for (i = 0; i < ndst; i++) {
        uint32_t sel = NVC7B5_REMAP_DST(ce->remap, i);

        switch (sel) {
        case NVC7B5_REMAP_CONST_A:
            memcpy(ce->pattern + i * comp, &ca, comp);
            consts++;
            break;
        case NVC7B5_REMAP_CONST_B:
            memcpy(ce->pattern + i * comp, &cb, comp);
            consts++;
            break;
        default:
            if (sel <= NVC7B5_REMAP_SRC_W && sel < nsrc) {
                break;
            }
            ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-remap",
                                  "SET_REMAP_COMPONENTS 0x%08x: component %u "
                                  "selects %u", ce->remap, i, sel);
            return false;
        }
    }
    ce->src.elem = comp * nsrc;
    ce->dst.elem = comp * ndst;
    ce->remapped = true;
    ce->fill = consts == ndst;
    ce->fill_byte = true;
    for (i = 1; i < ce->dst.elem; i++) {
        ce->fill_byte &= ce->pattern[i] == ce->pattern[0];
    }
    return true;
}

static bool ce_launch(OvgChannel *ch, uint32_t v)
{
    OvgCe *ce = ovg_fifo_channel_ce(ch);
    uint32_t transfer = NVC7B5_LAUNCH_TRANSFER(v);
    uint32_t sem = NVC7B5_LAUNCH_SEMAPHORE(v);

    if (sem > SEMAPHORE_TIMESTAMP || (v & NVC7B5_LAUNCH_SEMAPHORE_REDUCTION)) {
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-semaphore", "LAUNCH_DMA "
                              "0x%08x: semaphore operation is not emulated", v);
        return false;
    }
    ce->launch = v;
    ce->busy = true;
    ce->lines = 0;
    ce->done = 0;
    ce->remapped = false;
    ce->fill = false;
    if (transfer == NVC7B5_LAUNCH_TRANSFER_NONE) {
        return true;                    /* semaphore and interrupt only */
    }
    if (transfer > NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED) {
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-transfer", "LAUNCH_DMA "
                              "0x%08x: unknown transfer type", v);
        goto fail;
    }
    switch (RENDER_ENABLE_MODE(ce->render)) {
    case RENDER_ENABLE_FALSE:
        return true;
    case RENDER_ENABLE_TRUE:
        break;
    default:
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-render-enable", "conditional "
                              "copies (mode %u) are not emulated",
                              RENDER_ENABLE_MODE(ce->render));
        goto fail;
    }

    if (!ce_side_setup(ch, &ce->src, "source", ce->in_hi, ce->in_lo,
                       v & NVC7B5_LAUNCH_SRC_PHYSICAL, ce->src_phys,
                       ce->pitch_in) ||
        !ce_side_setup(ch, &ce->dst, "destination", ce->out_hi, ce->out_lo,
                       v & NVC7B5_LAUNCH_DST_PHYSICAL, ce->dst_phys,
                       ce->pitch_out)) {
        goto fail;
    }
    if ((v & NVC7B5_LAUNCH_REMAP) && !ce_remap_setup(ch, ce)) {
        goto fail;
    }
    /* a fill reads nothing, whatever layout its source has */
    if (!(v & NVC7B5_LAUNCH_DST_PITCH) ||
        (!ce->fill && !(v & NVC7B5_LAUNCH_SRC_PITCH))) {
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-blocklinear", "LAUNCH_DMA "
                              "0x%08x: only pitch layout is emulated", v);
        goto fail;
    }
    ce->line_elems = ce->line_length;
    ce->lines = v & NVC7B5_LAUNCH_MULTI_LINE ? ce->line_count : 1;
    /* lines that follow each other without a gap are one line */
    if (ce->lines > 1 && ce->line_elems &&
        (ce->fill || ce->src.pitch == ce->line_elems * ce->src.elem) &&
        ce->dst.pitch == ce->line_elems * ce->dst.elem) {
        ce->line_elems *= ce->lines;
        ce->lines = 1;
    }
    trace_ovg_ce_launch(ovg_fifo_channel_chid(ch), v, ce->src.base,
                        ce->dst.base, ce->line_elems, ce->lines);
    return true;

fail:
    ce->busy = false;
    return false;
}

bool ovg_ce_method(OvgChannel *ch, uint32_t method, uint32_t data)
{
    OvgCe *ce = ovg_fifo_channel_ce(ch);

    switch (method) {
    case NVC7B5_NOP:
        return true;
    case NVC7B5_SET_SEMAPHORE_A:
        ce->sem_hi = data;
        return true;
    case NVC7B5_SET_SEMAPHORE_B:
        ce->sem_lo = data;
        return true;
    case NVC7B5_SET_SEMAPHORE_PAYLOAD:
        ce->sem_pay = data;
        return true;
    case NVC7B5_SET_SEMAPHORE_PAYLOAD_UPPER:
        ce->sem_pay_hi = data;
        return true;
    case NVC7B5_SET_RENDER_ENABLE_C:
        ce->render = data;
        return true;
    case NVC7B5_SET_SRC_PHYS_MODE:
        ce->src_phys = data;
        return true;
    case NVC7B5_SET_DST_PHYS_MODE:
        ce->dst_phys = data;
        return true;
    case NVC7B5_LAUNCH_DMA:
        return ce_launch(ch, data);
    case NVC7B5_OFFSET_IN_UPPER:
        ce->in_hi = data;
        return true;
    case NVC7B5_OFFSET_IN_LOWER:
        ce->in_lo = data;
        return true;
    case NVC7B5_OFFSET_OUT_UPPER:
        ce->out_hi = data;
        return true;
    case NVC7B5_OFFSET_OUT_LOWER:
        ce->out_lo = data;
        return true;
    case NVC7B5_PITCH_IN:
        ce->pitch_in = data;
        return true;
    case NVC7B5_PITCH_OUT:
        ce->pitch_out = data;
        return true;
    case NVC7B5_LINE_LENGTH_IN:
        ce->line_length = data;
        return true;
    case NVC7B5_LINE_COUNT:
        ce->line_count = data;
        return true;
    case NVC7B5_SET_REMAP_CONST_A:
        ce->const_a = data;
        return true;
    case NVC7B5_SET_REMAP_CONST_B:
        ce->const_b = data;
        return true;
    case NVC7B5_SET_REMAP_COMPONENTS:
        ce->remap = data;
        return true;
    case METHOD_RENDER_A:
    case METHOD_RENDER_B:
    case METHOD_FENCE_FIRST ... METHOD_FENCE_LAST:
    case METHOD_SRC_DST_FIRST ... METHOD_SRC_DST_LAST:
        return true;    /* state of modes that a launch refuses */
    default:
        ovg_fifo_channel_kill(ch, ce_rc(ch), "ce-method", "method 0x%04x (data "
                              "0x%08x) is none of the copy class", method,
                              data);
        return false;
    }
}
