/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Framebuffer of the L40 model: sparse RAM, and the PRAMIN window into it.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_engine.h"
#include "qapi/error.h"
#include "exec/cpu-common.h"
#include "qemu/host-utils.h"
#include "trace.h"

/* A zero fill of at least this much gives host memory back. */
#define FB_DISCARD_MIN  (64 * KiB)

/* NV_PBUS_BAR0_WINDOW, fields BASE (23:0, 64 KiB) and TARGET (25:24) */
#define WINDOW_TARGET(v)        (((v) >> 24) & 3)

struct OvgFb {
    MemoryRegion mr;
    AddressSpace as;
    uint8_t *host;
    uint64_t size;
    uint32_t window;            /* 0x1700 */
};

OvgFb *ovg_fb_new(OvgGpu *gpu, Error **errp)
{
    OvgFb *fb;
    Object *owner = gpu->fn[0] && gpu->fn[0]->pdev ?
                    OBJECT(gpu->fn[0]->pdev) : NULL;

    fb = g_new0(OvgFb, 1);
    fb->size = gpu->fb_size;
    if (!memory_region_init_ram_flags_nomigrate(&fb->mr, owner, "ovg-fb",
                                                fb->size, RAM_NORESERVE,
                                                errp)) {
        g_free(fb);
        return NULL;
    }
    fb->host = memory_region_get_ram_ptr(&fb->mr);
    address_space_init(&fb->as, &fb->mr, "ovg-fb");
    return fb;
}

MemoryRegion *ovg_fb_region(OvgGpu *gpu)
{
    return &gpu->fb->mr;
}

AddressSpace *ovg_fb_as(OvgGpu *gpu)
{
    return &gpu->fb->as;
}

void *ovg_fb_ptr(OvgGpu *gpu, uint64_t addr, uint64_t len)
{
    OvgFb *fb = gpu->fb;

    if (addr > fb->size || len > fb->size - addr) {
        return NULL;
    }
    return fb->host + addr;
}

void ovg_fb_dirty(OvgGpu *gpu, uint64_t addr, uint64_t len)
{
    if (len) {
        memory_region_set_dirty(&gpu->fb->mr, addr, len);
    }
}

static void *fb_ptr_or_refuse(OvgGpu *gpu, uint64_t addr, uint64_t len)
{
    void *p = ovg_fb_ptr(gpu, addr, len);

    if (!p) {
        ovg_refuse(gpu, "fb-range", "0x%" PRIx64 "+0x%" PRIx64
                   " is beyond the framebuffer (0x%" PRIx64 " bytes)",
                   addr, len, gpu->fb->size);
    }
    return p;
}

bool ovg_fb_read(OvgGpu *gpu, uint64_t addr, void *buf, uint64_t len)
{
    void *p = fb_ptr_or_refuse(gpu, addr, len);

    if (!p) {
        return false;
    }
    memcpy(buf, p, len);
    return true;
}

bool ovg_fb_write(OvgGpu *gpu, uint64_t addr, const void *buf, uint64_t len)
{
    void *p = fb_ptr_or_refuse(gpu, addr, len);

    if (!p) {
        return false;
    }
    memcpy(p, buf, len);
    ovg_fb_dirty(gpu, addr, len);
    return true;
}

bool ovg_fb_fill(OvgGpu *gpu, uint64_t addr, uint8_t byte, uint64_t len)
{
    OvgFb *fb = gpu->fb;
    uint8_t *p = fb_ptr_or_refuse(gpu, addr, len);
    uint64_t page = qemu_real_host_page_size();
    uint64_t head, body;

    if (!p) {
        return false;
    }

    if (byte == 0 && len >= FB_DISCARD_MIN) {
        head = ROUND_UP(addr, page) - addr;
        body = QEMU_ALIGN_DOWN(len - head, page);
        if (body && !ram_block_discard_range(fb->mr.ram_block, addr + head,
                                             body)) {
            trace_ovg_fb_discard(addr + head, body);
            memset(p, 0, head);
            memset(p + head + body, 0, len - head - body);
            ovg_fb_dirty(gpu, addr, len);
            return true;
        }
    }
    memset(p, byte, len);
    ovg_fb_dirty(gpu, addr, len);
    return true;
}

uint32_t ovg_pramin_base_read(OvgGpu *gpu)
{
    return gpu->fb->window;
}

void ovg_pramin_base_write(OvgGpu *gpu, uint32_t val)
{
    gpu->fb->window = val;
}

/* FB address behind @off of the window; false: refused. */
static bool pramin_addr(OvgGpu *gpu, uint32_t off, unsigned size,
                        uint64_t *addr)
{
    uint32_t w = gpu->fb->window;
    uint64_t spa, run;

    if (WINDOW_TARGET(w)) {
        ovg_refuse(gpu, "pramin-target", "window register 0x%08x: only video "
                   "memory can be its target", w);
        return false;
    }
    if (off >= NV_PRAMIN_SIZE || size > NV_PRAMIN_SIZE - off) {
        ovg_refuse(gpu, "pramin-range", "offset 0x%x+%u is outside the window",
                   off, size);
        return false;
    }
    *addr = ((uint64_t)(w & NV_PBUS_BAR0_WINDOW_BASE_MASK) <<
             NV_PBUS_BAR0_WINDOW_BASE_SHIFT) + off;
    if (!ovg_vmmu_translate(gpu, 0, *addr, &spa, &run) || run < size) {
        ovg_refuse(gpu, "pramin-range", "FB address 0x%" PRIx64 " is beyond "
                   "the framebuffer or in WPR2", *addr);
        return false;
    }
    return true;
}

uint64_t ovg_pramin_read(OvgGpu *gpu, uint32_t off, unsigned size)
{
    uint64_t addr, val = 0;

    if (size > sizeof(val) || !pramin_addr(gpu, off, size, &addr) ||
        !ovg_fb_read(gpu, addr, &val, size)) {
        return 0;
    }
    return le64_to_cpu(val);
}

void ovg_pramin_write(OvgGpu *gpu, uint32_t off, uint64_t val, unsigned size)
{
    uint64_t addr;

    val = cpu_to_le64(val);
    if (size <= sizeof(val) && pramin_addr(gpu, off, size, &addr)) {
        ovg_fb_write(gpu, addr, &val, size);
    }
}
