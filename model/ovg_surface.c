/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scan-out surfaces of vGPUs: a guest tells its plugin task of them, the task
 * publishes them for the host in the response buffer of its heap.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What a guest may say is judged here by what OpenRM's guest can say: a primary
 * surface in the guest's FB, of a layout and a format that ctrla080.h knows.
 */
#include "qemu/osdep.h"
#include "ovg_gsp.h"
#include "r535/vgpu_surface.h"

/* Ways to spoil a surface, fault surface-bad=N:HOW */
enum {
    BAD_TORN,                   /* update_end never follows update_start */
    BAD_PITCH_HUGE,
    BAD_PITCH_SHORT,
    BAD_PITCH_ODD,
    BAD_OFFSET,
    BAD_SIZE_HUGE,
    BAD_SIZE_SHORT,
    BAD_RESOLUTION,
    BAD_RECT,
    BAD_LAYOUT,
    BAD_KIND,
    BAD_FORMAT,
};

static void spoil(struct r535_plugin_surface *s, uint32_t how)
{
    switch (how) {
    case BAD_TORN:
        s->update_end--;
        break;
    case BAD_PITCH_HUGE:
        s->pitch = 0xfffffffc;
        break;
    case BAD_PITCH_SHORT:
        s->pitch = 4;
        break;
    case BAD_PITCH_ODD:
        s->pitch++;
        break;
    case BAD_OFFSET:
        s->offset = 0xfffff000;
        break;
    case BAD_SIZE_HUGE:
        s->size = UINT32_MAX;
        break;
    case BAD_SIZE_SHORT:
        s->size = 1;
        break;
    case BAD_RESOLUTION:
        s->width = s->height = s->rect_width = s->rect_height = UINT32_MAX;
        break;
    case BAD_RECT:
        s->rect_width = s->width + 1;
        break;
    case BAD_LAYOUT:
        s->type = R535_SURFACE_TYPE_BLOCKLINEAR;
        break;
    case BAD_KIND:
        s->kind = R535_SURFACE_KIND_COMPRESSIBLE;
        break;
    case BAD_FORMAT:
        s->format = R535_SURFACE_FORMAT_R16_G16_B16_A16;
        break;
    }
}

/*
 * As the host is to read it: update_start, the rest, update_end.  With 570 only the
 * first surface, and of it what is certain.
 */
static void publish(OvgGpu *gpu, OvgScanout *o, uint32_t head,
                    struct r535_plugin_surface *s)
{
    const OvgRelease *r = gpu->release;
    size_t rest = offsetof(struct r535_plugin_surface, effective_fb_page_size);
    uint64_t at = o->response + r->surface;
    uint32_t how;

    if (head && !r->surfaces_all) {
        return;
    }
    at += head * sizeof(*s);
    s->update_start = s->update_end = ++o->updates[head];
    if (s->width && ovg_fault_take(gpu, OVG_FAULT_SURFACE_BAD, &how)) {
        ovg_note(gpu, "gfid %u: surface of head %u is spoiled, %u", o->gfid, head, how);
        spoil(s, how);
    }
    ovg_fb_write(gpu, at, &s->update_start, sizeof(s->update_start));
    ovg_fb_write(gpu, at + rest, (uint8_t *)s + rest, r->surface_size - rest);
    ovg_fb_write(gpu, at + offsetof(struct r535_plugin_surface, update_end),
                 &s->update_end, sizeof(s->update_end));
}

static uint32_t bytes_per_pixel(uint32_t format)
{
    switch (format) {
    case R535_SURFACE_FORMAT_I8:
        return 1;
    case R535_SURFACE_FORMAT_R5G6B5:
    case R535_SURFACE_FORMAT_A1R5G5B5:
        return 2;
    case R535_SURFACE_FORMAT_A8R8G8B8:
    case R535_SURFACE_FORMAT_A8B8G8R8:
    case R535_SURFACE_FORMAT_A2B10G10R10:
    case R535_SURFACE_FORMAT_X2BL10GL10RL10:
        return 4;
    case R535_SURFACE_FORMAT_R16_G16_B16_A16:
    case R535_SURFACE_FORMAT_RF16_GF16_BF16_AF16:
        return 8;
    default:
        return 0;
    }
}

static const char *judge(OvgGpu *gpu, const OvgScanout *o,
                         const struct r535_surface_properties *p)
{
    uint32_t bpp = bytes_per_pixel(p->surface_format);
    uint64_t fb = ovg_vmmu_size(gpu, o->gfid);

    if (!o->console) {
        return "a surface, though there is no console";
    }
    if (p->head_index >= o->type.heads || p->head_index >= ARRAY_SIZE(o->updates)) {
        return "head";
    }
    if (p->is_primary != 1) {
        return "a surface that is not the primary one";
    }
    if (p->surface_type > R535_SURFACE_TYPE_PITCH) {
        return "layout";
    }
    if (p->surface_block_height > R535_SURFACE_BLOCK_HEIGHT_MAX) {
        return "block height";
    }
    if (!bpp) {
        return "format";
    }
    if (!p->surface_width || !p->surface_height || !p->rect_width || !p->rect_height ||
        p->rect_width > p->surface_width || p->rect_height > p->surface_height) {
        return "width or height";
    }
    if (p->rect_width > o->type.max_x || p->rect_height > o->type.max_y ||
        (uint64_t)p->rect_width * p->rect_height > o->type.max_pixels) {
        return "a resolution that the type does not have";
    }
    if (p->surface_pitch < (uint64_t)p->surface_width * bpp ||
        p->surface_size / p->surface_pitch < p->surface_height) {
        return "pitch or size";
    }
    if (p->offset >= fb || p->surface_size > fb - p->offset) {
        return "a surface beyond FB";
    }
    if (p->surface_kind > R535_SURFACE_KIND_MAX) {
        return "page kind";
    }
    if (p->effective_fb_page_size != 4 * KiB && p->effective_fb_page_size != 64 * KiB &&
        p->effective_fb_page_size != 2 * MiB) {
        return "page size";
    }
    return NULL;
}

uint32_t ovg_surface_set(OvgGpu *gpu, OvgScanout *o, const void *payload, uint32_t len)
{
    const struct r535_rpc_set_surface *m = payload;
    const struct r535_surface_properties *p = &m->params;
    struct r535_plugin_surface s = { 0 };
    const char *what = "length";

    if (len == sizeof(*m)) {
        what = m->h_client ? judge(gpu, o, p) : "client";
    }
    if (what) {
        ovg_refuse(gpu, "guest-surface", "gfid %u: %s", o->gfid, what);
        return NV_ERR_INVALID_ARGUMENT;
    }
    s.effective_fb_page_size = p->effective_fb_page_size;
    s.rect_width = p->rect_width;
    s.rect_height = p->rect_height;
    s.width = p->surface_width;
    s.height = p->surface_height;
    s.size = p->surface_size;
    s.offset = p->offset;
    s.format = p->surface_format;
    s.kind = p->surface_kind;
    s.pitch = p->surface_pitch;
    s.type = p->surface_type;
    s.block_height = p->surface_block_height;
    s.is_memory_blocklinear = p->surface_type == R535_SURFACE_TYPE_BLOCKLINEAR;
    publish(gpu, o, p->head_index, &s);
    o->shown[p->head_index] = true;
    return NV_OK;
}

/* Nothing is shown on this head any more. */
static void clear(OvgGpu *gpu, OvgScanout *o, uint32_t head, bool blank)
{
    struct r535_plugin_surface s = { .is_blanking_enabled = blank };

    publish(gpu, o, head, &s);
    o->shown[head] = false;
}

uint32_t ovg_surface_cleanup(OvgGpu *gpu, OvgScanout *o, const void *payload, uint32_t len)
{
    const struct r535_rpc_cleanup_surface *m = payload;
    const char *what = NULL;

    if (len != sizeof(*m)) {
        what = "length";
    } else if (!o->console) {
        what = "a cleanup, though there is no console";
    } else if (m->head_index >= o->type.heads ||
               m->head_index >= ARRAY_SIZE(o->updates)) {
        what = "head";
    } else if (m->blanking_enabled > 1) {
        what = "blanking";
    }
    if (what) {
        ovg_refuse(gpu, "guest-surface", "gfid %u: %s", o->gfid, what);
        return NV_ERR_INVALID_ARGUMENT;
    }
    clear(gpu, o, m->head_index, m->blanking_enabled);
    return NV_OK;
}

void ovg_surface_clear(OvgGpu *gpu, OvgScanout *o)
{
    for (uint32_t i = 0; i < ARRAY_SIZE(o->updates); i++) {
        if (o->shown[i]) {
            clear(gpu, o, i, false);
        }
    }
}
