/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMMU of the L40 model: which segments of the framebuffer a gfid owns.
 *
 * A VF sees its segments as one framebuffer from address 0, in the order of
 * the list that bootload gave.  The PF (gfid 0) sees all of it, except what
 * WPR2 protects.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_engine.h"
#include "trace.h"

/* vgpu_ctrl: guestFbPhysAddrList has this many entries */
#define VMMU_MAX_RANGES 384

typedef struct VmmuRange {
    uint64_t gpa;
    uint64_t spa;
    uint64_t len;
} VmmuRange;

struct OvgVmmu {
    GArray *ranges[OVG_MAX_GFID];       /* of VmmuRange; NULL: nothing mapped */
};

OvgVmmu *ovg_vmmu_new(OvgGpu *gpu)
{
    return g_new0(OvgVmmu, 1);
}

static bool overlap(uint64_t a, uint64_t alen, uint64_t b, uint64_t blen)
{
    return a < b + blen && b < a + alen;
}

/* @addr, @len lie inside FB already. */
static bool vmmu_range_free(OvgGpu *gpu, uint32_t gfid, uint64_t addr,
                            uint64_t len)
{
    uint64_t lo = ovg_boot_wpr2_lo(gpu), hi = ovg_boot_wpr2_hi(gpu);
    unsigned g, i;

    if (hi > lo && overlap(addr, len, lo, hi - lo)) {
        ovg_refuse(gpu, "vmmu-wpr2", "gfid %u: 0x%" PRIx64 "+0x%" PRIx64
                   " reaches into WPR2 (0x%" PRIx64 "-0x%" PRIx64 ")",
                   gfid, addr, len, lo, hi);
        return false;
    }
    for (g = 1; g < OVG_MAX_GFID; g++) {
        GArray *r = gpu->vmmu->ranges[g];

        for (i = 0; r && i < r->len; i++) {
            VmmuRange *o = &g_array_index(r, VmmuRange, i);

            if (overlap(addr, len, o->spa, o->len)) {
                ovg_refuse(gpu, "vmmu-overlap", "gfid %u: 0x%" PRIx64 "+0x%"
                           PRIx64 " overlaps 0x%" PRIx64 "+0x%" PRIx64
                           " of gfid %u", gfid, addr, len, o->spa, o->len, g);
                return false;
            }
        }
    }
    return true;
}

bool ovg_vmmu_map(OvgGpu *gpu, uint32_t gfid, uint32_t n, const uint64_t *addr,
                  const uint64_t *len)
{
    g_autoptr(GArray) list = NULL;
    uint64_t gpa = 0;
    uint32_t i, j;

    if (gfid == 0 || gfid >= OVG_MAX_GFID) {
        ovg_refuse(gpu, "vmmu-gfid", "gfid %u is not a VF's", gfid);
        return false;
    }
    if (gpu->vmmu->ranges[gfid]) {
        ovg_refuse(gpu, "vmmu-remap", "gfid %u has its segments already", gfid);
        return false;
    }
    if (n == 0 || n > VMMU_MAX_RANGES) {
        ovg_refuse(gpu, "vmmu-count", "gfid %u: %u ranges, possible are 1 to "
                   "%u", gfid, n, VMMU_MAX_RANGES);
        return false;
    }

    list = g_array_new(false, true, sizeof(VmmuRange));
    for (i = 0; i < n; i++) {
        VmmuRange r = { .gpa = gpa, .spa = addr[i], .len = len[i] };

        if (!r.len || r.spa % gpu->vmmu_segment || r.len % gpu->vmmu_segment) {
            ovg_refuse(gpu, "vmmu-align", "gfid %u: 0x%" PRIx64 "+0x%" PRIx64
                       " is not whole segments of %" PRIu64 " MiB", gfid,
                       r.spa, r.len, gpu->vmmu_segment / MiB);
            return false;
        }
        if (r.spa > gpu->fb_size || r.len > gpu->fb_size - r.spa) {
            ovg_refuse(gpu, "vmmu-range", "gfid %u: 0x%" PRIx64 "+0x%" PRIx64
                       " is beyond the framebuffer", gfid, r.spa, r.len);
            return false;
        }
        if (!vmmu_range_free(gpu, gfid, r.spa, r.len)) {
            return false;
        }
        for (j = 0; j < list->len; j++) {
            VmmuRange *o = &g_array_index(list, VmmuRange, j);

            if (overlap(r.spa, r.len, o->spa, o->len)) {
                ovg_refuse(gpu, "vmmu-overlap", "gfid %u: range %u overlaps "
                           "range %u", gfid, i, j);
                return false;
            }
        }
        g_array_append_val(list, r);
        gpa += r.len;
        trace_ovg_vmmu_map(gfid, r.gpa, r.spa, r.len);
    }
    gpu->vmmu->ranges[gfid] = g_steal_pointer(&list);
    ovg_mmu_flush(gpu);
    return true;
}

void ovg_vmmu_unmap(OvgGpu *gpu, uint32_t gfid)
{
    if (gfid == 0 || gfid >= OVG_MAX_GFID || !gpu->vmmu->ranges[gfid]) {
        return;
    }
    g_array_free(gpu->vmmu->ranges[gfid], true);
    gpu->vmmu->ranges[gfid] = NULL;
    trace_ovg_vmmu_unmap(gfid);
    ovg_mmu_flush(gpu);
}

uint64_t ovg_vmmu_size(OvgGpu *gpu, uint32_t gfid)
{
    GArray *r;
    VmmuRange *last;

    if (gfid == 0) {
        return gpu->fb_size;
    }
    r = gfid < OVG_MAX_GFID ? gpu->vmmu->ranges[gfid] : NULL;
    if (!r) {
        return 0;
    }
    last = &g_array_index(r, VmmuRange, r->len - 1);
    return last->gpa + last->len;
}

uint32_t ovg_vmmu_segments(OvgGpu *gpu)
{
    uint64_t bytes = 0;
    unsigned g;

    for (g = 1; g < OVG_MAX_GFID; g++) {
        bytes += ovg_vmmu_size(gpu, g);
    }
    return bytes / gpu->vmmu_segment;
}

bool ovg_vmmu_translate(OvgGpu *gpu, uint32_t gfid, uint64_t gpa, uint64_t *spa,
                        uint64_t *run)
{
    GArray *list;
    unsigned i;

    if (gfid == 0) {
        uint64_t lo = ovg_boot_wpr2_lo(gpu), hi = ovg_boot_wpr2_hi(gpu);

        if (gpa >= gpu->fb_size || (hi > lo && gpa >= lo && gpa < hi)) {
            return false;
        }
        *spa = gpa;
        *run = (hi > lo && gpa < lo ? MIN(lo, gpu->fb_size) : gpu->fb_size) -
               gpa;
        return true;
    }

    list = gfid < OVG_MAX_GFID ? gpu->vmmu->ranges[gfid] : NULL;
    for (i = 0; list && i < list->len; i++) {
        VmmuRange *r = &g_array_index(list, VmmuRange, i);

        if (gpa >= r->gpa && gpa - r->gpa < r->len) {
            *spa = r->spa + (gpa - r->gpa);
            *run = r->len - (gpa - r->gpa);
            return true;
        }
    }
    return false;
}
