/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suspend and resume of framebuffer: what GSP-RM saves to system memory before
 * the board loses power, and puts back.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The driver names the system memory (FBSR_INIT) and, where the release wants it,
 * each region of FB that is to be saved.  To these GSP adds its own: what it keeps
 * below the non-WPR heap, or up to the end of that heap.  WPR2 is booter's to save.  All
 * else is lost: a driver that saved too little finds zeroes.
 */
#include "qemu/osdep.h"
#include "ovg_gsp.h"
#include "trace.h"

#define REGIONS_MAX 65536

typedef struct Region {
    uint64_t *page;             /* FB page numbers */
    uint64_t pages;
    uint64_t sys_offset;
} Region;

struct OvgFbsr {
    uint64_t *sys;              /* system memory, page numbers */
    uint64_t sys_pages;
    uint64_t own_offset;        /* where GSP's own goes */
    GArray *region;
    uint64_t region_pages;
    bool saved;
};

OvgFbsr *ovg_fbsr_new(OvgGpu *gpu)
{
    OvgFbsr *f = g_new0(OvgFbsr, 1);

    f->region = g_array_new(false, true, sizeof(Region));
    return f;
}

void ovg_fbsr_reset(OvgGpu *gpu)
{
    OvgFbsr *f = gpu->fbsr;

    for (guint i = 0; i < f->region->len; i++) {
        g_free(g_array_index(f->region, Region, i).page);
    }
    g_array_set_size(f->region, 0);
    g_free(f->sys);
    f->sys = NULL;
    f->sys_pages = 0;
    f->own_offset = 0;
    f->region_pages = 0;
    f->saved = false;
}

uint32_t ovg_fbsr_init(OvgGpu *gpu, const uint64_t *page, uint64_t pages, uint64_t own_offset)
{
    OvgFbsr *f = gpu->fbsr;

    ovg_fbsr_reset(gpu);
    if (!page || own_offset % OVG_PAGE || own_offset / OVG_PAGE > pages) {
        ovg_refuse(gpu, "fbsr-init", "FBSR_INIT: no list of system memory, or offset 0x%"
                   PRIx64 " is not in it", own_offset);
        return NV_ERR_INVALID_ARGUMENT;
    }
    f->sys = g_memdup2(page, pages * sizeof(*page));
    f->sys_pages = pages;
    f->own_offset = own_offset;
    return NV_OK;
}

uint32_t ovg_fbsr_region(OvgGpu *gpu, const uint64_t *page, uint64_t pages,
                         uint64_t vid_offset, uint64_t sys_offset, uint64_t size)
{
    OvgFbsr *f = gpu->fbsr;
    Region r = { .pages = size / OVG_PAGE, .sys_offset = sys_offset };

    /* No more than there is FB: each region costs memory of the host that emulates. */
    if (f->region_pages + r.pages > gpu->fb_size / OVG_PAGE || f->region->len >= REGIONS_MAX ||
        !f->sys || !page || (vid_offset | sys_offset | size) % OVG_PAGE ||
        vid_offset / OVG_PAGE > pages || r.pages > pages - vid_offset / OVG_PAGE ||
        sys_offset / OVG_PAGE > f->sys_pages ||
        r.pages > f->sys_pages - sys_offset / OVG_PAGE) {
        ovg_refuse(gpu, "fbsr-region", "FBSR_SEND_REGION_INFO: 0x%" PRIx64 " bytes at 0x%"
                   PRIx64 " of the list to 0x%" PRIx64 " of system memory", size,
                   vid_offset, sys_offset);
        return NV_ERR_INVALID_ARGUMENT;
    }
    r.page = g_memdup2(page + vid_offset / OVG_PAGE, r.pages * sizeof(*page));
    f->region_pages += r.pages;
    g_array_append_val(f->region, r);
    return NV_OK;
}

static bool copy(OvgGpu *gpu, uint64_t fb, uint64_t sys_offset, bool save)
{
    OvgFbsr *f = gpu->fbsr;
    uint64_t index = sys_offset / OVG_PAGE;
    uint8_t page[OVG_PAGE];

    if (index >= f->sys_pages) {
        return false;
    }
    if (save) {
        return ovg_fb_read(gpu, fb, page, sizeof(page)) &&
               ovg_dma_write(gpu->fn[0], f->sys[index] * OVG_PAGE, page, sizeof(page));
    }
    return ovg_dma_read(gpu->fn[0], f->sys[index] * OVG_PAGE, page, sizeof(page)) &&
           ovg_fb_write(gpu, fb, page, sizeof(page));
}

static bool copy_all(OvgGpu *gpu, bool save)
{
    OvgFbsr *f = gpu->fbsr;
    uint64_t at = ovg_gsp_fb_limit(gpu), end = ovg_gsp_own_end(gpu);
    uint64_t off = f->own_offset;

    for (guint i = 0; i < f->region->len; i++) {
        Region *r = &g_array_index(f->region, Region, i);

        for (uint64_t k = 0; k < r->pages; k++) {
            if (!copy(gpu, r->page[k] * OVG_PAGE, r->sys_offset + k * OVG_PAGE, save)) {
                return false;
            }
        }
    }
    for (; at < end; at += OVG_PAGE, off += OVG_PAGE) {
        if (!copy(gpu, at, off, save)) {
            return false;
        }
    }
    return true;
}

bool ovg_fbsr_save(OvgGpu *gpu)
{
    OvgFbsr *f = gpu->fbsr;

    if (!f->sys || !copy_all(gpu, true)) {
        ovg_refuse(gpu, "fbsr-save", "suspend: %s", f->sys ?
                   "the system memory is too small for what GSP-RM must save" :
                   "FBSR_INIT has named no system memory");
        return false;
    }
    f->saved = true;
    ovg_note(gpu, "FB: %u regions and GSP-RM's own are saved", f->region->len);
    return true;
}

bool ovg_fbsr_restore(OvgGpu *gpu)
{
    OvgFbsr *f = gpu->fbsr;
    bool ok = f->saved && copy_all(gpu, false);

    if (!ok) {
        ovg_refuse(gpu, "fbsr-restore", "resume: what was saved cannot be read back");
    }
    ovg_fbsr_reset(gpu);
    return ok;
}
