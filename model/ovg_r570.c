/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Release 570.144.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/units.h"
#include "ovg_gsp.h"
#include "r570/rpc.h"
#include "r570/sched.h"
#include "r570/vgpu_ctrl.h"
#include "r570/vgpu_guest.h"
#include "r570/vgpu_plugin.h"

#define R(name) r570_##name
#define CMD_CONSTRUCTED_FALCON_INFO NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO

#define CONTROLS_OWN \
    { NV2080_CTRL_CMD_INTERNAL_FBSR_INIT, sizeof(struct r570_fbsr_init), 0, fbsr_init }, \
    { NV2080_CTRL_CMD_VGPU_MGR_SET_HETEROGENEOUS_MODE, \
      sizeof(struct r570_vgpu_heterogeneous_mode), 0, NULL }, \
    { R570_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING, \
      sizeof(struct r570_toggle_channel_scheduling), 0, ovg_ctl_ok }, \
    { NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_CAPS, sizeof(struct r570_sched_get_caps), 0, \
      ovg_ctl_sched_caps }, \
    { NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_STATE, sizeof(struct r570_sched_get_state), 0, \
      ovg_ctl_sched_get }, \
    { NV2080_CTRL_CMD_FIFO_OBJSCHED_SET_STATE, sizeof(struct r570_sched_set_state), 0, \
      ovg_ctl_sched_set }, \
    { NV0080_CTRL_CMD_FB_GET_COMPBIT_STORE_INFO, \
      sizeof(struct r570_compbit_store_info), OVG_CTL_OUT, ovg_ctl_ok },

static uint32_t fbsr_init(OvgGpu *gpu, OvgObject *o, void *params)
{
    const struct r570_fbsr_init *p = params;
    uint64_t pages;
    const uint64_t *page = ovg_rm_memory_list(gpu, p->h_client, p->h_sys_mem,
                                              NV01_MEMORY_LIST_SYSTEM, &pages);

    return ovg_fbsr_init(gpu, page, pages, 0);
}

static void take_pci_ids(const struct r570_system_info *si, OvgSystemInfo *out)
{
    out->have_ids = true;
    out->pci_device = si->pci_device_id;
    out->pci_sub_device = si->pci_sub_device_id;
    out->pci_revision = si->pci_revision_id;
}

/* GPCs and TPCs are asked for by controls. */
static void put_graphics(struct r570_static_info *si)
{
}

static void put_rc_gfid(struct r570_event_rc_triggered *ev, uint32_t gfid)
{
    ev->gfid = gfid;
}

static void take_kernel_log(const struct r570_bootload *b, OvgBootload *out)
{
    out->log[2].addr = b->kernel_log_offset;
    out->log[2].size = b->kernel_log_size;
}

static bool config_reserved_ok(const struct r570_plugin_config *c)
{
    return !c->rev1[0] && !c->rev1[1] && !c->rev1[2] && !c->rev2 && !c->rev3[0] &&
           !c->rev3[1] && !c->rev3[2] && !c->rev4 && !c->rev5 && !c->rev6 && !c->rev7;
}

static uint32_t config_placement(const struct r570_plugin_config *c)
{
    return c->placement_id;
}

#include "ovg_release.c.inc"

const OvgRelease ovg_release_r570 = {
    .version = R570_GSP_VERSION,
    .program = {
        { PROG_LOAD, "booter_load-570.144", 3, 0x7d00, 0x6000, 0x10,
          "41a8b6d4d3e04e2a7e5e4046690a1c05ef536b43946be52387b2528edbd7f823",
          "a96640a57a9e61ce5691e23e8e3e2bbfada0dcfba617c15a1f59f6b67afa076f" },
        { PROG_UNLOAD, "booter_unload-570.144", 3, 0x4f00, 0x4e00, 0x10,
          "b855b4b0bbafc52423243f8b1fc417b55afd97120054312d9471bd88cc02fcea",
          "2227d99efa1f3429d0cc997a9dc41a4513d2c81b4c5920f84e63f043406bef68" },
        { PROG_SCRUBBER, "scrubber-570.144", 13, 0x1900, 0x300, 0,
          "a113cba66d0a35e78399cb95650cfef1d3f4d7a24629204e8da8d8320fc30bbd",
          "7510284c049dfba411cf4ffaed264d83595e2be859aee05be9c7e39ae4540c95" },
    },
    .fw = {
        0x3c99000,
        "574c85ded65d056b79c68d4ec849e7360066f521031122b2184744da21e55c28",
        0x1000,
        "98b18fb9f2de1d445bfa9055810398c129decdb231b156333e8865bad28022ce",
        0x9000,
        "45d6335a8185d6ff13e8d1484cea73f68d3d13aa1c19dc080ed1c3482dd5bac0",
        0x0, 0x800, 0x4800,
    },
    .checksum_used = true,
    .heap_min = 88 * MiB,
    .heap_max = 1040 * MiB,
    .heap_min_vgpu = 581 * MiB,
    .heap_libos_vgpu = 36 * MiB,
    .scrub_all = true,
    .sr_from_heap = true,
    .idx_gsp = R570_MC_ENGINE_IDX_GSP,
    .idx_gr0 = R570_MC_ENGINE_IDX_GR0,
    .rc_fast_path = R570_RC_FAST_PATH,
    .comm_size = R570_PLUGIN_COMM_SIZE,
    .surface_size = R570_PLUGIN_SURFACE_CERTAIN,
    .received = offsetof(struct r570_plugin_response, message_seq_num_received),
    .vgx_major = R570_VGX_MAJOR,
    .vgx_minor = R570_VGX_MINOR,
    .vgx_major_min = R570_VGX_MAJOR_MIN,
    RELEASE_LAYOUTS
};
