/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vGPU scheduler of GSP: its controls, and whose turn it is on a runlist.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * NVIDIA's vGPU user guide ("Changing Scheduling Behavior for Time-Sliced vGPUs")
 * says what the policies give to whom.  Best effort: the vGPUs that have work, in
 * turns.  Equal share: every running vGPU the same, with work or without.  Fixed
 * share: every running vGPU one of as many parts as its type allows of vGPUs.  A
 * part that nobody uses is idle time.
 *
 * That is so on the runlist of graphics, on which copy engines sit, too.  NVML
 * knows a scheduler of the graphics engine only, and nvrm_registry.h says of
 * RmPVMRL that some engines get runlists for each VM: the others have best effort.
 *
 * An engine's time is counted in what it does: bytes and methods cost so many ns
 * (ovg_fifo.c).  The host moves bytes more slowly than an L40, so idle time is
 * stretched by as much as the last work took longer than it cost; shares then
 * hold by the clock, too.  While no vGPU has work a runlist's time stands still.
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/timer.h"
#include "ovg_gsp.h"
#include "common/sched.h"
#include "r570/sched.h"
#include "trace.h"

#define MS                  (1000 * 1000)
#define SECOND              (1000LL * MS)

/* Defaults, by the number of vGPUs that the type allows (user guide, table 1) */
#define DENSE               8
#define SPARSE_TIMESLICE    (2 * MS)
#define DENSE_TIMESLICE     (1 * MS)
#define SPARSE_FREQUENCY    480
#define DENSE_FREQUENCY     960
#define AVERAGE_FACTOR      33

/* Less than this is no turn any more. */
#define TURN_MIN            1000

/* Parts of a fixed share that no vGPU has, as if they were one more */
#define VACANT              OVG_MAX_GFID
#define MEMBERS             (OVG_MAX_GFID + 1)
#define BIT_OF(g)           (1ULL << (g))

/* Idle time is not stretched by more. */
#define PACE_MAX            100.0

typedef struct State {
    uint32_t policy;            /* R570_SCHED_POLICY_* */
    uint32_t arr;               /* R570_SCHED_ARR_* */
    uint32_t timeslice;         /* ns, without ARR; 0: default, as the next two */
    uint32_t frequency;         /* Hz, with ARR */
    uint32_t factor;
} State;

typedef struct Runlist {
    State set;
    uint32_t cur;               /* whose turn it is; 0: nobody had one */
    int64_t left;               /* of the turn, ns */
    int64_t idle_since;         /* virtual clock; 0: the turn is in use */
    uint64_t members;           /* who takes turns */
    double had[MEMBERS];        /* time in turns, ns; counts without ARR */
    int64_t over[MEMBERS];      /* taken beyond the end of turns */
    double cost, took;          /* of the last work: engine's ns, clock's ns */
} Runlist;

struct OvgSched {
    Runlist rl[OVG_RUNLISTS];
    uint64_t time[OVG_MAX_GFID];
    uint64_t idle;
};

OvgSched *ovg_sched_new(OvgGpu *gpu)
{
    OvgSched *s = g_new0(OvgSched, 1);

    for (int i = 0; i < OVG_RUNLISTS; i++) {
        s->rl[i].set.policy = R570_SCHED_POLICY_BEST_EFFORT;
    }
    return s;
}

void ovg_sched_reset(OvgGpu *gpu)
{
    OvgSched *s = gpu->sched;

    if (!s) {
        return;
    }
    memset(s, 0, sizeof(*s));
    for (int i = 0; i < OVG_RUNLISTS; i++) {
        s->rl[i].set.policy = R570_SCHED_POLICY_BEST_EFFORT;
    }
}

/* "GFID:ns" for each that was busy, "idle:ns" for reserved time that none used */
char *ovg_sched_times(OvgGpu *gpu)
{
    GString *text = g_string_new(NULL);

    for (uint32_t i = 0; i < OVG_MAX_GFID; i++) {
        if (gpu->sched->time[i]) {
            g_string_append_printf(text, "%u:%" PRIu64 " ", i, gpu->sched->time[i]);
        }
    }
    g_string_append_printf(text, "idle:%" PRIu64, gpu->sched->idle);
    return g_string_free(text, false);
}

/* "RUNLIST:policy" for each */
char *ovg_sched_policies(OvgGpu *gpu)
{
    static const char *const name[] = {
        [R570_SCHED_POLICY_BEST_EFFORT] = "best-effort",
        [R570_SCHED_POLICY_EQUAL_SHARE] = "equal-share",
        [R570_SCHED_POLICY_FIXED_SHARE] = "fixed-share",
    };
    int last = ovg_gsp_runlist(NV2080_ENGINE_TYPE_COPY(OVG_GSP_CES - 1));
    GString *text = g_string_new(NULL);

    for (int i = 0; i <= last; i++) {
        g_string_append_printf(text, "%s%d:%s", i ? " " : "", i,
                               name[gpu->sched->rl[i].set.policy]);
    }
    return g_string_free(text, false);
}

/* ---- what holds ---- */

static bool dense(OvgGpu *gpu)
{
    return ovg_plugin_instances(gpu) > DENSE;
}

static bool arr(const State *s)
{
    return s->arr != R570_SCHED_ARR_DISABLE;
}

static uint32_t timeslice(OvgGpu *gpu, const State *s)
{
    if (s->policy != R570_SCHED_POLICY_BEST_EFFORT && arr(s)) {
        return SECOND / (s->frequency ? s->frequency :
                         dense(gpu) ? DENSE_FREQUENCY : SPARSE_FREQUENCY);
    }
    return s->timeslice ? s->timeslice : dense(gpu) ? DENSE_TIMESLICE : SPARSE_TIMESLICE;
}

static uint32_t factor(const State *s)
{
    return s->factor ? s->factor : AVERAGE_FACTOR;
}

bool ovg_sched_fixed(OvgGpu *gpu)
{
    for (int i = 0; i < OVG_RUNLISTS; i++) {
        if (gpu->sched->rl[i].set.policy == R570_SCHED_POLICY_FIXED_SHARE) {
            return true;
        }
    }
    return false;
}

/* ---- registry and controls ---- */

bool ovg_sched_registry(OvgGpu *gpu, uint32_t v)
{
    State s = { .policy = R570_SCHED_POLICY_BEST_EFFORT };

    if (v & RM_PVMRL_ENABLE) {
        switch (RM_PVMRL_POLICY(v)) {
        case RM_PVMRL_POLICY_EQUAL_SHARE:
            s.policy = R570_SCHED_POLICY_EQUAL_SHARE;
            break;
        case RM_PVMRL_POLICY_FIXED_SHARE:
            s.policy = R570_SCHED_POLICY_FIXED_SHARE;
            break;
        default:
            ovg_refuse(gpu, "registry", RM_PVMRL_KEY " 0x%08x: policy %u", v,
                       RM_PVMRL_POLICY(v));
            return false;
        }
        if (v & RM_PVMRL_ARR_DISABLE) {
            s.arr = R570_SCHED_ARR_DISABLE;
            s.timeslice = MIN(RM_PVMRL_TIMESLICE(v), RM_PVMRL_TIMESLICE_MAX) * MS;
        } else {
            s.arr = R570_SCHED_ARR_ENABLE;
            s.frequency = RM_PVMRL_FREQUENCY(v);
            if (s.frequency) {
                s.frequency = MAX(s.frequency, RM_PVMRL_FREQUENCY_MIN);
            }
            s.frequency = MIN(s.frequency, RM_PVMRL_FREQUENCY_MAX);
            s.factor = MIN(RM_PVMRL_AVERAGE_FACTOR(v), RM_PVMRL_AVERAGE_FACTOR_MAX);
        }
    }
    gpu->sched->rl[ovg_gsp_runlist(NV2080_ENGINE_TYPE_GR0)].set = s;
    return true;
}

static uint32_t runlist_of(OvgGpu *gpu, uint32_t engine, Runlist **rl)
{
    int n = ovg_gsp_runlist(engine);

    if (!ovg_gsp_sriov(gpu)) {
        ovg_refuse(gpu, "sched-sriov", "GSP was not started in SR-IOV mode");
        return NV_ERR_NOT_SUPPORTED;
    }
    if (n < 0) {
        ovg_refuse(gpu, "sched-engine", "scheduler of engine type %u, which there is "
                   "not", engine);
        return NV_ERR_INVALID_ARGUMENT;
    }
    *rl = &gpu->sched->rl[n];
    return NV_OK;
}

static bool has_graphics(OvgGpu *gpu, const Runlist *rl)
{
    return rl == &gpu->sched->rl[ovg_gsp_runlist(NV2080_ENGINE_TYPE_GR0)];
}

uint32_t ovg_ctl_sched_caps(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r570_sched_get_caps *c = params;
    Runlist *rl;
    uint32_t status = runlist_of(gpu, c->engine_id, &rl);

    if (status) {
        return status;
    }
    c->supported_schedulers[0] = R570_SCHED_POLICY_BEST_EFFORT;
    if (!has_graphics(gpu, rl)) {
        return NV_OK;
    }
    c->supported_schedulers[1] = R570_SCHED_POLICY_EQUAL_SHARE;
    c->supported_schedulers[2] = R570_SCHED_POLICY_FIXED_SHARE;
    c->is_arr_mode_supported = 1;
    c->max_timeslice_ns = RM_PVMRL_TIMESLICE_MAX * MS;
    c->min_timeslice_ns = RM_PVMRL_TIMESLICE_MIN * MS;
    c->max_frequency_for_arr = RM_PVMRL_FREQUENCY_MAX;
    c->min_frequency_for_arr = RM_PVMRL_FREQUENCY_MIN;
    c->max_avg_factor_for_arr = RM_PVMRL_AVERAGE_FACTOR_MAX;
    c->min_avg_factor_for_arr = RM_PVMRL_AVERAGE_FACTOR_MIN;
    return NV_OK;
}

uint32_t ovg_ctl_sched_get(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r570_sched_get_state *g = params;
    Runlist *rl;
    uint32_t status = runlist_of(gpu, g->engine_id, &rl);
    bool active, share;

    if (status) {
        return status;
    }
    /* NVML: slice and factor are 0 while nothing is scheduled */
    active = ovg_plugin_running(gpu);
    share = rl->set.policy != R570_SCHED_POLICY_BEST_EFFORT;
    g->sched_policy = rl->set.policy;
    g->arr_enabled = !share ? R570_SCHED_ARR_DEFAULT :
                     arr(&rl->set) ? R570_SCHED_ARR_ENABLE : R570_SCHED_ARR_DISABLE;
    g->target_timeslice_ns = active ? timeslice(gpu, &rl->set) : 0;
    g->arr_avg_factor = active && share && arr(&rl->set) ? factor(&rl->set) : 0;
    return NV_OK;
}

static bool outside(uint32_t v, uint32_t min, uint32_t max)
{
    return v && (v < min || v > max);
}

uint32_t ovg_ctl_sched_set(OvgGpu *gpu, OvgObject *o, void *params)
{
    const struct r570_sched_set_state *s = params;
    Runlist *rl;
    uint32_t status = runlist_of(gpu, s->engine_id, &rl);
    bool best = s->sched_policy == R570_SCHED_POLICY_BEST_EFFORT;

    if (status) {
        return status;
    }
    if (s->sched_policy < R570_SCHED_POLICY_BEST_EFFORT ||
        s->sched_policy > R570_SCHED_POLICY_FIXED_SHARE ||
        s->enable_arr > R570_SCHED_ARR_ENABLE) {
        ovg_refuse(gpu, "sched-policy", "policy %u, ARR %u", s->sched_policy,
                   s->enable_arr);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!best && !has_graphics(gpu, rl)) {
        ovg_refuse(gpu, "sched-runlist", "policy %u on engine type %u, which is not on "
                   "the runlist of graphics", s->sched_policy, s->engine_id);
        return NV_ERR_NOT_SUPPORTED;
    }
    if ((s->timeslice_target_ns && (best || s->enable_arr != R570_SCHED_ARR_DISABLE)) ||
        ((s->frequency_for_arr || s->avg_factor_for_arr) &&
         (best || s->enable_arr != R570_SCHED_ARR_ENABLE)) ||
        (best && s->enable_arr != R570_SCHED_ARR_DEFAULT)) {
        ovg_refuse(gpu, "sched-fields", "policy %u, ARR %u: a time slice of %u ns, %u "
                   "Hz, factor %u do not belong together", s->sched_policy,
                   s->enable_arr, s->timeslice_target_ns, s->frequency_for_arr,
                   s->avg_factor_for_arr);
        return NV_ERR_INVALID_PARAM_STRUCT;
    }
    if (outside(s->timeslice_target_ns, RM_PVMRL_TIMESLICE_MIN * MS,
                RM_PVMRL_TIMESLICE_MAX * MS) ||
        outside(s->frequency_for_arr, RM_PVMRL_FREQUENCY_MIN, RM_PVMRL_FREQUENCY_MAX) ||
        outside(s->avg_factor_for_arr, RM_PVMRL_AVERAGE_FACTOR_MIN,
                RM_PVMRL_AVERAGE_FACTOR_MAX)) {
        ovg_refuse(gpu, "sched-range", "a time slice of %u ns, %u Hz, factor %u",
                   s->timeslice_target_ns, s->frequency_for_arr, s->avg_factor_for_arr);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (s->sched_policy == R570_SCHED_POLICY_FIXED_SHARE &&
        ovg_plugin_heterogeneous(gpu)) {
        ovg_refuse(gpu, "sched-mixed", "fixed share for vGPUs of mixed sizes");
        return NV_ERR_INVALID_STATE;
    }
    if (ovg_plugin_count(gpu)) {
        ovg_refuse(gpu, "sched-running", "a scheduler while there are %u vGPUs",
                   ovg_plugin_count(gpu));
        return NV_ERR_INVALID_STATE;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_SCHED_REFUSE, NULL)) {
        return NV_ERR_NOT_SUPPORTED;
    }
    memset(rl, 0, sizeof(*rl));
    rl->set = (State) {
        .policy = s->sched_policy,
        .arr = s->enable_arr,
        .timeslice = s->timeslice_target_ns,
        .frequency = s->frequency_for_arr,
        .factor = s->avg_factor_for_arr,
    };
    trace_ovg_sched_set(s->engine_id, s->sched_policy, s->enable_arr,
                        s->timeslice_target_ns, s->frequency_for_arr);
    return NV_OK;
}

/* ---- turns ---- */

static uint32_t vacancies(OvgGpu *gpu)
{
    uint32_t all = ovg_plugin_instances(gpu), running = ctpop64(ovg_plugin_running(gpu));

    return all > running ? all - running : 0;
}

/* Turns that one member takes at once */
static uint32_t weight(OvgGpu *gpu, uint32_t member)
{
    return member == VACANT ? MAX(1, vacancies(gpu)) : 1;
}

static void take_members(OvgGpu *gpu, Runlist *rl, uint64_t busy)
{
    uint64_t now = busy, joined;
    double least = -1;

    switch (rl->set.policy) {
    case R570_SCHED_POLICY_EQUAL_SHARE:
        now |= ovg_plugin_running(gpu);
        break;
    case R570_SCHED_POLICY_FIXED_SHARE:
        now |= ovg_plugin_running(gpu);
        now |= vacancies(gpu) ? BIT_OF(VACANT) : 0;
        break;
    }
    if (now == rl->members) {
        return;
    }
    /* Who comes anew begins where the others are. */
    joined = now & ~rl->members;
    for (uint32_t g = 1; g < MEMBERS; g++) {
        if (now & ~joined & BIT_OF(g)) {
            least = least < 0 ? rl->had[g] : MIN(least, rl->had[g]);
        }
    }
    for (uint32_t g = 1; g < MEMBERS; g++) {
        if (joined & BIT_OF(g)) {
            rl->had[g] = MAX(least, 0);
            rl->over[g] = 0;
        }
    }
    rl->members = now;
}

static void next_turn(OvgGpu *gpu, Runlist *rl)
{
    int64_t slice = timeslice(gpu, &rl->set), fix = 0;
    uint32_t best = 0;

    if (rl->set.policy != R570_SCHED_POLICY_BEST_EFFORT && !arr(&rl->set)) {
        /* who had least */
        for (uint32_t g = 1; g < MEMBERS; g++) {
            if ((rl->members & BIT_OF(g)) && (!best || rl->had[g] < rl->had[best])) {
                best = g;
            }
        }
        rl->cur = best;
    } else {
        do {
            rl->cur = rl->cur % (MEMBERS - 1) + 1;
        } while (!(rl->members & BIT_OF(rl->cur)));
        fix = rl->over[rl->cur];
        if (rl->set.policy != R570_SCHED_POLICY_BEST_EFFORT) {
            fix /= factor(&rl->set);
        }
        fix = MIN(fix, slice - TURN_MIN);
        rl->over[rl->cur] -= fix;
    }
    rl->left = (slice - fix) * weight(gpu, rl->cur);
}

/* The clock's time for one ns of the engine */
static double pace(const Runlist *rl)
{
    double p = rl->cost > 0 ? rl->took / rl->cost : 1;

    return MIN(MAX(p, 1), PACE_MAX);
}

/* The turn was not in use until now. */
static void pass_idle(OvgGpu *gpu, Runlist *rl, int64_t now)
{
    int64_t passed = MIN((now - rl->idle_since) / pace(rl), rl->left);

    rl->left -= passed;
    rl->had[rl->cur] += (double)passed / weight(gpu, rl->cur);
    gpu->sched->idle += passed;
    /* what is over counts for the next */
    rl->idle_since += passed * pace(rl);
}

bool ovg_sched_turn(OvgGpu *gpu, uint32_t runlist, uint64_t busy, OvgTurn *t)
{
    Runlist *rl = &gpu->sched->rl[runlist];
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    take_members(gpu, rl, busy);
    for (;;) {
        if (!rl->cur || !(rl->members & BIT_OF(rl->cur)) || rl->left < TURN_MIN) {
            next_turn(gpu, rl);
            if (busy & BIT_OF(rl->cur)) {
                rl->idle_since = 0;
            }
        }
        if (busy & BIT_OF(rl->cur)) {
            if (rl->idle_since) {
                pass_idle(gpu, rl, now);
                rl->idle_since = 0;
                if (rl->left < TURN_MIN) {
                    continue;
                }
            }
            *t = (OvgTurn) { .gfid = rl->cur, .ns = rl->left };
            /* nobody waits for the end of this turn */
            if (is_power_of_2(rl->members)) {
                t->ns = INT64_MAX;
            }
            return true;
        }
        if (!rl->idle_since) {
            rl->idle_since = now;
        }
        pass_idle(gpu, rl, now);
        if (rl->left >= TURN_MIN) {
            *t = (OvgTurn) { .until = now + (int64_t)(rl->left * pace(rl)) + 1 };
            return false;
        }
    }
}

void ovg_sched_ran(OvgGpu *gpu, uint32_t runlist, uint32_t gfid, int64_t ns, int64_t took)
{
    Runlist *rl = &gpu->sched->rl[runlist];

    gpu->sched->time[gfid] += ns;
    if (!gfid) {
        return;
    }
    rl->cost = rl->cost * 0.9 + ns;
    rl->took = rl->took * 0.9 + took;
    rl->had[gfid] += ns;
    rl->left -= ns;
    if (rl->left < 0) {
        rl->over[gfid] -= is_power_of_2(rl->members) ? 0 : rl->left;
        rl->left = 0;
    }
}
