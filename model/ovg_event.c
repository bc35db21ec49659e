/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What GSP-RM tells by itself, besides the state of plugin tasks: errors, those
 * of ECC to whoever asked, and samples of utilisation.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_gsp.h"
#include "r535/event.h"
#include "trace.h"

/* 72 samples in ten seconds; a message each second (gpu_acct.c) */
#define SAMPLE_US       138889
#define SAMPLES_PER_MSG 7
/* What the whole bandwidth of FB moves in a second: little, so that a test's copies show */
#define FB_BYTES_PER_S  (32 * MiB)
#define CHID_NONE       UINT32_MAX

struct OvgEvents {
    struct r535_event_util_samples util;
    uint64_t last_ns;
    uint64_t work[OVG_MAX_GFID];        /* bytes moved since the last sample */
    uint64_t due[OVG_MAX_GFID];         /* and not told of yet */
};

OvgEvents *ovg_events_new(OvgGpu *gpu)
{
    return g_new0(OvgEvents, 1);
}

void ovg_events_reset(OvgGpu *gpu)
{
    if (gpu->events) {
        memset(gpu->events, 0, sizeof(*gpu->events));
    }
}

/* ---- errors ---- */

void ovg_event_xid(OvgGpu *gpu, uint32_t xid, uint32_t runlist, uint32_t chid,
                   const char *text)
{
    gpu->release->xid_event(gpu, xid, runlist, chid, text);
}

void ovg_event_fault_xid(OvgGpu *gpu, uint32_t gfid, uint32_t xid)
{
    uint32_t first, count;
    g_autofree char *text = NULL;

    if (!ovg_gsp_running(gpu)) {
        return;
    }
    text = g_strdup_printf("ordered by a test, gfid %u", gfid);
    if (!gfid || !ovg_plugin_chid_range(gpu, gfid, NV2080_ENGINE_TYPE_COPY(OVG_GUEST_CE),
                                        &first, &count)) {
        ovg_event_xid(gpu, xid, 0, CHID_NONE, text);
    } else {
        ovg_event_xid(gpu, xid, ovg_gsp_runlist(NV2080_ENGINE_TYPE_COPY(OVG_GUEST_CE)),
                      first, text);
    }
}

/* POST_EVENT to each event object of the notifier that is switched on. */
static void notify(OvgGpu *gpu, uint32_t index, const void *data, uint32_t size)
{
    uint32_t client, handle;

    for (uint32_t i = 0; ovg_rm_event_object(gpu, index, i, &client, &handle); i++) {
        g_autofree uint8_t *msg = g_malloc0(sizeof(struct r535_event_post) + size);
        struct r535_event_post *p = (void *)msg;

        p->h_client = client;
        p->h_event = handle;
        p->notify_index = index;
        p->event_data_size = size;
        p->notify_list = 1;
        memcpy(msg + R535_EVENT_POST_DATA, data, size);
        ovg_gsp_event(gpu, R535_EVENT_POST_EVENT, msg, sizeof(*p) + size);
    }
}

void ovg_event_fault_ecc(OvgGpu *gpu, bool corrected)
{
    struct r535_ecc_dbe dbe = { .phys_address = 0x12345000 };

    if (!ovg_gsp_running(gpu)) {
        return;
    }
    if (corrected) {
        notify(gpu, NV2080_NOTIFIERS_ECC_SBE, "", 0);
    } else {
        notify(gpu, NV2080_NOTIFIERS_ECC_DBE, &dbe, sizeof(dbe));
    }
}

/* ---- utilisation ---- */

/* The copy engine worked for a gfid; the other engines are not emulated. */
void ovg_event_work(OvgGpu *gpu, uint32_t gfid, uint64_t bytes)
{
    gpu->events->work[gfid] += bytes;
}

static void engine_idle(struct r535_util_engine *e)
{
    e->util = 0;
    e->proc_id = NV2080_GPUMON_PID_INVALID;
    e->sub_process_id = NV2080_GPUMON_PID_INVALID;
}

/*
 * A sample names one process for each engine.  Of several that worked it is the
 * one of which least was told so far for what it did, so that their shares are
 * right over some samples.
 */
static void sample(OvgGpu *gpu, uint32_t arg)
{
    OvgEvents *ev = gpu->events;
    struct r535_event_util_samples *u = &ev->util;
    struct r535_util_sample *s = &u->samples[u->tracker];
    uint64_t now = ovg_ptimer_ns(gpu), total = 0, cap;
    uint32_t pid, top = 0;

    /* The PF is no VM. */
    for (uint32_t i = 1; i < OVG_MAX_GFID; i++) {
        total += ev->work[i];
        ev->due[i] += ev->work[i];
        ev->work[i] = 0;
        if (ev->due[i] > ev->due[top]) {
            top = i;
        }
    }
    ev->due[top] -= MIN(ev->due[top], total);
    cap = MAX(1, FB_BYTES_PER_S / 1000 * ((now - ev->last_ns) / 1000) / 1000);
    pid = ovg_plugin_vm_pid(gpu, top);

    s->time_stamp = now;
    engine_idle(&s->fb);
    engine_idle(&s->gr);
    engine_idle(&s->nvenc);
    engine_idle(&s->nvdec);
    if (total) {
        s->fb.util = MIN(total * 10000 / cap, 10000);
        if (pid) {
            s->fb.proc_id = pid;
            s->fb.sub_process_id = 1;
        }
    }
    ev->last_ns = now;
    u->tracker = (u->tracker + 1) % R535_UTIL_SAMPLES;
    u->count = MIN(u->count + 1, R535_UTIL_SAMPLES);
    if (u->tracker % SAMPLES_PER_MSG == 0) {
        u->type = R535_UTIL_SAMPLE_TYPE_PERFMON;
        u->buf_size = sizeof(u->samples);
        ovg_gsp_event(gpu, R535_EVENT_GPUACCT_PERFMON_UTIL_SAMPLES, u, sizeof(*u));
    }
    ovg_gsp_later(gpu, SAMPLE_US, sample, 0);
}

/* A vGPU host is told from the start, whether it has vGPUs or not. */
void ovg_event_sample_start(OvgGpu *gpu)
{
    gpu->events->last_ns = ovg_ptimer_ns(gpu);
    ovg_gsp_later(gpu, SAMPLE_US, sample, 0);
}
