/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Release 535.113.01.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/units.h"
#include "ovg_gsp.h"
#include "r535/vgpu_guest.h"

#define R(name) r535_##name
#define CMD_CONSTRUCTED_FALCON_INFO NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO

#define CONTROLS_OWN \
    { NV2080_CTRL_CMD_INTERNAL_FBSR_INIT, sizeof(struct r535_fbsr_init), 0, fbsr_init }, \
    { NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO, \
      sizeof(struct r535_fbsr_send_region_info), 0, fbsr_region },

static uint32_t fbsr_init(OvgGpu *gpu, OvgObject *o, void *params)
{
    const struct r535_fbsr_init *p = params;
    uint64_t pages;
    const uint64_t *page = ovg_rm_memory_list(gpu, p->h_client, p->h_sys_mem,
                                              NV01_MEMORY_LIST_SYSTEM, &pages);

    return ovg_fbsr_init(gpu, page, pages, p->gsp_fb_allocs_sys_offset);
}

static uint32_t fbsr_region(OvgGpu *gpu, OvgObject *o, void *params)
{
    const struct r535_fbsr_send_region_info *p = params;
    uint64_t pages;
    const uint64_t *page = ovg_rm_memory_list(gpu, p->h_client, p->h_vid_mem,
                                              NV01_MEMORY_LIST_FBMEM, &pages);

    return ovg_fbsr_region(gpu, page, pages, p->vid_offset, p->sys_offset, p->size);
}

static void take_pci_ids(const struct r535_system_info *si, OvgSystemInfo *out)
{
    out->have_ids = false;
}

static void put_graphics(struct r535_static_info *si)
{
    si->gpc_mask = (1 << OVG_GPCS) - 1;
    for (int i = 0; i < OVG_GPCS; i++) {
        si->tpc_info[i].gpc_id = i;
        si->tpc_info[i].tpc_mask = ovg_tpc_mask(i);
    }
}

static void put_rc_gfid(struct r535_event_rc_triggered *ev, uint32_t gfid)
{
}

static void take_kernel_log(const struct r535_bootload *b, OvgBootload *out)
{
}

static bool config_reserved_ok(const struct r535_plugin_config *c)
{
    return !c->rev1[0] && !c->rev1[1] && !c->rev2 && !c->rev3;
}

static uint32_t config_placement(const struct r535_plugin_config *c)
{
    return UINT32_MAX;
}

#include "ovg_release.c.inc"

const OvgRelease ovg_release_r535 = {
    .version = R535_GSP_VERSION,
    .program = {
        { PROG_LOAD, "booter_load-535.113.01", 3, 0x7600, 0x6000, 0x10,
          "5b61970d97a20dd615e454999e08ab3de0298dc37effd242ecc284ec9e5195e9",
          "bd168d37a8254da52a6efabb8350bf213f27c0454deb120b03ea87d7ae1423b6" },
        { PROG_UNLOAD, "booter_unload-535.113.01", 3, 0x4800, 0x4e00, 0x10,
          "cfaf0a147e9d2071cdbc97b2bf1fde0c49b4e2858feb38b36e7e3eb3b47f25f4",
          "cea4a2bde65f33152ca159b54e513882681d08f35ada816072ab7c09f7994277" },
    },
    .fw = {
        0x2448000,
        "1f1a5a16b56990ff184bf12af176567baa683902b047dfead7a398482e4a2f41",
        0x1000,
        "a8c1a715244927efb17781870d668c09193199f49456840c8f9da7d0cf625484",
        0x8000,
        "a09c3f7cf03b1e497d222093a2e3dc1c5baeb0a15bd5c0998a9c720f95d6fa52",
        0x0, 0x800, 0x4800,
    },
    .heap_min = 84 * MiB,
    .heap_max = 1024 * MiB,
    .heap_libos_vgpu = 20 * MiB,
    .idx_gsp = R535_MC_ENGINE_IDX_GSP,
    .idx_gr0 = R535_MC_ENGINE_IDX_GR0,
    .rc_fast_path = R535_RC_FAST_PATH,
    .comm_size = R535_PLUGIN_COMM_SIZE,
    .received = -1,
    .surface_size = sizeof(struct r535_plugin_surface),
    .surfaces_all = true,
    .vgx_major = R535_VGX_MAJOR,
    .vgx_minor = R535_VGX_MINOR,
    .vgx_major_min = R535_VGX_MAJOR_MIN,
    RELEASE_LAYOUTS
};
