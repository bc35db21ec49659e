/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RM: the tree of objects that CPU-RM and guests made, and its controls.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Sizes of parameters must be exact: a real RM answers anything else with
 * NV_ERR_INVALID_ARGUMENT (seen on an H200).
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "hw/pci/pcie_sriov.h"
#include "ovg_gsp.h"
#include "common/fifo.h"
#include "common/mmu.h"
#include "trace.h"

#define CE_METHOD_BUFFER_SIZE   0x5000
/* A guest's objects take memory of the host that emulates. */
#define OBJECTS_PER_GFID        1024
#define NOTIFIERS               256     /* more than a release has */

struct OvgObject {
    QTAILQ_ENTRY(OvgObject) link;
    uint32_t gfid;
    uint32_t client;
    uint32_t parent;
    uint32_t handle;
    uint32_t class_id;
    uint32_t engine;            /* channel: NV2080 engine type */
    uint32_t notifier;          /* event object: NV2080_NOTIFIERS_* */
    uint8_t action[NOTIFIERS];  /* subdevice: R535_EVENT_ACTION_* of each */
    bool bound;                 /* channel: NVA06F_CTRL_CMD_BIND was seen */
    OvgChannel *channel;
    uint64_t *page;             /* memory list */
    uint64_t pages;
};

struct OvgRm {
    QTAILQ_HEAD(, OvgObject) objects;
    uint32_t count;
};

static OvgObject *find(OvgGpu *gpu, uint32_t gfid, uint32_t client, uint32_t handle)
{
    OvgObject *o;

    QTAILQ_FOREACH(o, &gpu->rm->objects, link) {
        if (o->gfid == gfid && o->client == client && o->handle == handle) {
            return o;
        }
    }
    return NULL;
}

static void insert(OvgGpu *gpu, OvgObject *o)
{
    QTAILQ_INSERT_TAIL(&gpu->rm->objects, o, link);
    gpu->rm->count++;
}

static void drop(OvgGpu *gpu, OvgObject *o)
{
    OvgObject *c;

again:
    QTAILQ_FOREACH(c, &gpu->rm->objects, link) {
        if (c != o && c->gfid == o->gfid && c->client == o->client &&
            c->parent == o->handle) {
            drop(gpu, c);
            goto again;
        }
    }
    if (o->channel && o->class_id == AMPERE_CHANNEL_GPFIFO_A) {
        ovg_fifo_channel_free(o->channel);
    } else if (o->channel) {
        ovg_fifo_channel_bind_object(o->channel, o->class_id, false);
    }
    QTAILQ_REMOVE(&gpu->rm->objects, o, link);
    gpu->rm->count--;
    g_free(o->page);
    g_free(o);
}

uint32_t ovg_rm_object_count(OvgGpu *gpu)
{
    return gpu->rm->count;
}

void ovg_rm_free_gfid(OvgGpu *gpu, uint32_t gfid)
{
    OvgObject *o;

again:
    QTAILQ_FOREACH(o, &gpu->rm->objects, link) {
        if (o->gfid == gfid) {
            drop(gpu, o);
            goto again;
        }
    }
}

void ovg_rm_reset(OvgGpu *gpu)
{
    while (!QTAILQ_EMPTY(&gpu->rm->objects)) {
        drop(gpu, QTAILQ_FIRST(&gpu->rm->objects));
    }
}

OvgRm *ovg_rm_new(OvgGpu *gpu)
{
    OvgRm *rm = g_new0(OvgRm, 1);

    QTAILQ_INIT(&rm->objects);
    return rm;
}

static const OvgRelease *release_of(OvgGpu *gpu, uint32_t gfid)
{
    return gfid ? ovg_plugin_guest_release(gpu, gfid) : gpu->release;
}

/* ---- allocation ---- */

static uint32_t objects_of(OvgGpu *gpu, uint32_t gfid)
{
    OvgObject *o;
    uint32_t n = 0;

    QTAILQ_FOREACH(o, &gpu->rm->objects, link) {
        n += o->gfid == gfid;
    }
    return n;
}

static OvgAperture aperture(const struct r535_memory_desc *m)
{
    return m->address_space == ADDR_FBMEM ? OVG_AP_FB :
           m->address_space == ADDR_SYSMEM ? OVG_AP_SYS : OVG_AP_NONE;
}

static uint32_t new_channel(OvgGpu *gpu, OvgObject *o, const OvgChannelAlloc *p)
{
    OvgChannelParams c = {
        .gfid = o->gfid,
        .engine = p->engine_type,
        .guest_chid = r535_channel_chid(p->flags),
        .gpfifo_va = p->gpfifo_va,
        .gpfifo_entries = p->gpfifo_entries,
        .userd_addr = p->userd.base,
        .userd_aperture = aperture(&p->userd),
        .inst_addr = p->inst.base,
        .inst_aperture = aperture(&p->inst),
        .privileged = p->flags & R535_CHANNEL_PRIVILEGED,
    };
    int runlist = ovg_gsp_runlist(p->engine_type);
    uint32_t first = 0, count = 0;
    OvgObject *vas = find(gpu, o->gfid, o->client, p->vaspace);

    if (runlist < 0) {
        ovg_refuse(gpu, "channel-engine", "gfid %u: channel on engine type %u, "
                   "which there is not", o->gfid, p->engine_type);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!vas || vas->class_id != FERMI_VASPACE_A) {
        ovg_refuse(gpu, "channel-vaspace", "gfid %u: channel with address space "
                   "0x%x, which there is not", o->gfid, p->vaspace);
        return NV_ERR_INVALID_OBJECT_HANDLE;
    }
    if (c.userd_aperture == OVG_AP_NONE || c.inst_aperture == OVG_AP_NONE ||
        p->userd.size < NVC56F_USERD_SIZE ||
        p->inst.size < NV_RAMIN_SIZE) {
        ovg_refuse(gpu, "channel-memory", "gfid %u: USERD or instance block of a "
                   "channel is malformed", o->gfid);
        return NV_ERR_INVALID_ADDRESS;
    }
    /* Where a copy engine that faults leaves its methods */
    if (p->engine_type != NV2080_ENGINE_TYPE_GR0 &&
        (aperture(&p->mthdbuf) == OVG_AP_NONE || !p->mthdbuf.base ||
         p->mthdbuf.size < CE_METHOD_BUFFER_SIZE)) {
        ovg_refuse(gpu, "channel-method-buffer", "gfid %u: channel without a "
                   "fault method buffer of 0x%x bytes", o->gfid,
                   CE_METHOD_BUFFER_SIZE);
        return NV_ERR_INVALID_ADDRESS;
    }
    if (o->gfid && c.privileged) {
        ovg_refuse(gpu, "channel-privileged", "gfid %u asks for a privileged channel",
                   o->gfid);
        return NV_ERR_INSUFFICIENT_PERMISSIONS;
    }
    if (o->gfid && !ovg_plugin_chid_range(gpu, o->gfid, p->engine_type, &first, &count)) {
        ovg_refuse(gpu, "channel-engine", "gfid %u has no channel ids on engine "
                   "type %u", o->gfid, p->engine_type);
        return NV_ERR_INSUFFICIENT_RESOURCES;
    }
    if (o->gfid && c.guest_chid >= count - ovg_plugin_own_channels(gpu, o->gfid)) {
        ovg_refuse(gpu, "chid-foreign", "gfid %u: channel id %u, it has %u", o->gfid,
                   c.guest_chid, count - ovg_plugin_own_channels(gpu, o->gfid));
        return NV_ERR_INVALID_CHANNEL;
    }
    c.runlist = runlist;
    c.chid = first + c.guest_chid;
    if (!o->gfid && c.chid == gpu->fault[OVG_FAULT_CHANNEL_REFUSE].arg &&
        ovg_fault_take(gpu, OVG_FAULT_CHANNEL_REFUSE, NULL)) {
        return NV_ERR_INSUFFICIENT_RESOURCES;
    }
    o->engine = p->engine_type;
    o->channel = ovg_fifo_channel_new(gpu, &c);
    return o->channel ? NV_OK : NV_ERR_INVALID_CHANNEL;
}

static uint32_t new_engine_object(OvgGpu *gpu, OvgObject *o, const OvgObject *channel,
                                  const void *params)
{
    const struct r535_ce_params *ce = params;

    if (o->class_id == AMPERE_DMA_COPY_B &&
        (ce->version != R535_CE_PARAMS_VERSION ||
         ce->engine_type == NV2080_ENGINE_TYPE_GR0 ||
         ovg_gsp_runlist(ce->engine_type) != ovg_gsp_runlist(channel->engine))) {
        ovg_refuse(gpu, "copy-engine", "gfid %u: copy object for engine type %u on "
                   "a channel of engine type %u", o->gfid, ce->engine_type,
                   channel->engine);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (o->class_id != AMPERE_DMA_COPY_B && ovg_gsp_runlist(channel->engine)) {
        ovg_refuse(gpu, "object-engine", "gfid %u: class 0x%x on a channel of engine "
                   "type %u", o->gfid, o->class_id, channel->engine);
        return NV_ERR_INVALID_CLASS;
    }
    o->channel = channel->channel;
    ovg_fifo_channel_bind_object(o->channel, o->class_id, true);
    return NV_OK;
}

static uint32_t new_event(OvgGpu *gpu, OvgObject *o, const struct r535_event_params *p)
{
    if (o->gfid) {
        ovg_refuse(gpu, "event-guest", "gfid %u: event objects of guests are not "
                   "emulated", o->gfid);
        return NV_ERR_NOT_SUPPORTED;
    }
    if (p->h_parent_client != o->client || p->h_class != o->class_id ||
        !(p->notify_index & NV01_EVENT_CLIENT_RM)) {
        ovg_refuse(gpu, "event-params", "event object 0x%x: client 0x%x, class 0x%x, "
                   "index 0x%x", o->handle, p->h_parent_client, p->h_class,
                   p->notify_index);
        return NV_ERR_INVALID_ARGUMENT;
    }
    o->notifier = p->notify_index & 0xffff;
    return NV_OK;
}

static uint32_t alloc(OvgGpu *gpu, uint32_t gfid, const struct r535_rpc_rm_alloc *a,
                      void *params)
{
    const OvgRelease *r = release_of(gpu, gfid);
    const OvgClass *class = NULL;
    OvgChannelAlloc channel;
    OvgObject *parent, *o;
    uint32_t status = NV_OK;

    for (uint32_t i = 0; i < r->num_classes; i++) {
        if (r->classes[i].class_id == a->h_class) {
            class = &r->classes[i];
        }
    }
    if (!class) {
        ovg_refuse(gpu, "alloc-class", "gfid %u: class 0x%x", gfid, a->h_class);
        return NV_ERR_INVALID_CLASS;
    }
    if (a->params_size != class->size) {
        ovg_refuse(gpu, "alloc-size", "gfid %u: class 0x%x with %u bytes, not %u",
                   gfid, a->h_class, a->params_size, class->size);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (gfid && objects_of(gpu, gfid) >= OBJECTS_PER_GFID) {
        ovg_refuse(gpu, "alloc-limit", "gfid %u has %u objects", gfid, OBJECTS_PER_GFID);
        return NV_ERR_INSUFFICIENT_RESOURCES;
    }
    if (!a->h_object || find(gpu, gfid, a->h_client, a->h_object)) {
        ovg_refuse(gpu, "alloc-handle", "gfid %u: handle 0x%x is 0 or in use",
                   gfid, a->h_object);
        return NV_ERR_INSERT_DUPLICATE_NAME;
    }

    if (a->h_class == NV01_ROOT) {
        uint32_t h_client = ldl_le_p(params);       /* the first member */

        if (a->h_object != a->h_client || (h_client && h_client != a->h_client)) {
            ovg_refuse(gpu, "alloc-client", "client 0x%x allocated as 0x%x",
                       a->h_client, a->h_object);
            return NV_ERR_INVALID_CLIENT;
        }
    } else {
        parent = find(gpu, gfid, a->h_client, a->h_parent);
        if (!find(gpu, gfid, a->h_client, a->h_client)) {
            ovg_refuse(gpu, "alloc-client", "gfid %u: no client 0x%x", gfid, a->h_client);
            return NV_ERR_INVALID_CLIENT;
        }
        if (!parent || parent->class_id != class->parent) {
            ovg_refuse(gpu, "alloc-parent", "gfid %u: class 0x%x below 0x%x", gfid,
                       a->h_class, a->h_parent);
            return NV_ERR_INVALID_OBJECT_PARENT;
        }
    }

    o = g_new0(OvgObject, 1);
    o->gfid = gfid;
    o->client = a->h_client;
    o->parent = a->h_class == NV01_ROOT ? 0 : a->h_parent;
    o->handle = a->h_object;
    o->class_id = a->h_class;
    if (a->h_class == AMPERE_CHANNEL_GPFIFO_A) {
        r->channel(params, &channel);
        status = new_channel(gpu, o, &channel);
    } else if (class->parent == AMPERE_CHANNEL_GPFIFO_A) {
        parent = find(gpu, gfid, a->h_client, a->h_parent);
        status = new_engine_object(gpu, o, parent, params);
    } else if (a->h_class == NV01_EVENT_KERNEL_CALLBACK_EX) {
        status = new_event(gpu, o, params);
    }
    if (status) {
        g_free(o);
        return status;
    }
    insert(gpu, o);
    return NV_OK;
}

uint32_t ovg_rm_rpc_alloc(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len)
{
    struct r535_rpc_rm_alloc *a = payload;

    if (len < sizeof(*a) || a->params_size > len - sizeof(*a)) {
        ovg_refuse(gpu, "rpc-size", "GSP_RM_ALLOC of %zu bytes", len);
        return R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
    }
    a->status = alloc(gpu, gfid, a, a + 1);
    trace_ovg_rm_alloc(gfid, a->h_object, a->h_class, a->status);
    return 0;
}

uint32_t ovg_rm_rpc_alloc_memory(OvgGpu *gpu, void *payload, size_t len)
{
    const struct r535_rpc_alloc_memory *m = payload;
    OvgObject *device, *o;

    if (len < sizeof(*m) || m->page_count > (len - sizeof(*m)) / 8) {
        ovg_refuse(gpu, "rpc-size", "ALLOC_MEMORY of %zu bytes", len);
        return R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
    }
    if (m->h_class != NV01_MEMORY_LIST_SYSTEM && m->h_class != NV01_MEMORY_LIST_FBMEM) {
        ovg_refuse(gpu, "alloc-class", "ALLOC_MEMORY of class 0x%x", m->h_class);
        return NV_ERR_INVALID_CLASS;
    }
    device = find(gpu, 0, m->h_client, m->h_device);
    if ((!device || device->class_id != NV01_DEVICE_0) &&
        (m->h_client != OVG_H_INTERNAL_CLIENT || m->h_device != OVG_H_INTERNAL_DEVICE)) {
        ovg_refuse(gpu, "alloc-parent", "ALLOC_MEMORY below 0x%x", m->h_device);
        return NV_ERR_INVALID_OBJECT_PARENT;
    }
    if (!m->h_memory || find(gpu, 0, m->h_client, m->h_memory)) {
        ovg_refuse(gpu, "alloc-handle", "handle 0x%x is 0 or in use", m->h_memory);
        return NV_ERR_INSERT_DUPLICATE_NAME;
    }
    o = g_new0(OvgObject, 1);
    o->client = m->h_client;
    o->parent = m->h_device;
    o->handle = m->h_memory;
    o->class_id = m->h_class;
    o->pages = m->page_count;
    o->page = g_memdup2(m + 1, o->pages * sizeof(*o->page));
    insert(gpu, o);
    return 0;
}

const uint64_t *ovg_rm_memory_list(OvgGpu *gpu, uint32_t client, uint32_t handle,
                                   uint32_t class_id, uint64_t *pages)
{
    OvgObject *o = find(gpu, 0, client, handle);

    *pages = 0;
    if (!o || o->class_id != class_id) {
        return NULL;
    }
    *pages = o->pages;
    return o->page;
}

uint32_t ovg_rm_rpc_free(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len)
{
    struct r535_rpc_free *f = payload;
    OvgObject *o;

    if (len < sizeof(*f)) {
        ovg_refuse(gpu, "rpc-size", "FREE of %zu bytes", len);
        return R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
    }
    o = find(gpu, gfid, f->h_root, f->h_object_old);
    if (!o) {
        ovg_refuse(gpu, "free-handle", "gfid %u: no object 0x%x of client 0x%x",
                   gfid, f->h_object_old, f->h_root);
        f->status = NV_ERR_INVALID_OBJECT_HANDLE;
        return f->status;
    }
    drop(gpu, o);
    f->status = NV_OK;
    return 0;
}

/* ---- controls ---- */

uint32_t ovg_ctl_ok(OvgGpu *gpu, OvgObject *o, void *params)
{
    return NV_OK;
}

uint32_t ovg_ctl_vmmu_segment(OvgGpu *gpu, OvgObject *o, void *params)
{
    ((struct r535_vmmu_segment_size *)params)->segment_size = gpu->vmmu_segment;
    return NV_OK;
}

uint32_t ovg_ctl_ecc(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_ecc_unit *fb = params;

    /* All zero but for FB: supported, and off when types without ECC may run. */
    fb->supported = 1;
    fb->enabled = gpu->ecc;
    return NV_OK;
}

uint32_t ovg_ctl_features(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_gsp_features *f = params;

    f->gsp_features = 1;
    f->valid = 1;
    f->default_gsp_rm_gpu = 1;
    pstrcpy(f->firmware_version, sizeof(f->firmware_version), gpu->release->version);
    return NV_OK;
}

uint32_t ovg_ctl_engines(OvgGpu *gpu, OvgObject *o, void *params)
{
    /* A list of another length in each release; its head and what is in it is one. */
    struct r535_get_engines_v2 *e = params;

    e->engine_list[e->engine_count++] = NV2080_ENGINE_TYPE_GR0;
    for (int i = 0; i < OVG_GSP_CES; i++) {
        e->engine_list[e->engine_count++] = NV2080_ENGINE_TYPE_COPY(i);
    }
    return NV_OK;
}

uint32_t ovg_ctl_sriov_caps(OvgGpu *gpu, OvgObject *o, void *params)
{
    OvgSriovCaps caps;

    ovg_gsp_sriov_caps(gpu, &caps);
    gpu->release->sriov_caps(params, &caps);
    return NV_OK;
}

uint32_t ovg_ctl_gfid(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_get_gfid *g = params;
    int bdf = (g->bus << 8) | PCI_DEVFN(g->device, g->func);

    for (uint32_t i = 1; i <= pcie_sriov_num_vfs(gpu->fn[0]->pdev); i++) {
        if (gpu->fn[i] && pci_get_bdf(gpu->fn[i]->pdev) == bdf) {
            g->gfid = i;
            g->gfid_mask = 0x3f;
            return NV_OK;
        }
    }
    return NV_ERR_INVALID_ARGUMENT;
}

uint32_t ovg_ctl_intr_table(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_intr_table *t = params;
    uint32_t n = 0;

    t->table[n].engine_idx = gpu->release->idx_gsp;
    t->table[n].vector_stall = OVG_VECTOR_GSP_STALL;
    t->table[n++].vector_non_stall = R535_INTR_VECTOR_NONE;
    t->table[n].engine_idx = gpu->release->idx_gr0;
    t->table[n].vector_stall = R535_INTR_VECTOR_NONE;
    t->table[n++].vector_non_stall = OVG_VECTOR_GR_NONSTALL;
    for (int i = 0; i < OVG_GSP_CES; i++) {
        t->table[n].engine_idx = MC_ENGINE_IDX_CE(i);
        t->table[n].vector_stall = R535_INTR_VECTOR_NONE;
        t->table[n++].vector_non_stall = OVG_VECTOR_CE_NONSTALL(i);
    }
    t->table_len = n;
    return NV_OK;
}

uint32_t ovg_ctl_devices(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_fifo_device_info *d = params;
    uint32_t n = 0, total = 1 + OVG_GSP_CES;

    for (uint32_t i = d->base_index; i < total && n < R535_FIFO_DEVICE_ENTRIES; i++, n++) {
        struct r535_fifo_device_entry *e = &d->entries[n];
        uint32_t engine = i ? NV2080_ENGINE_TYPE_COPY(i - 1) : NV2080_ENGINE_TYPE_GR0;
        int runlist = ovg_gsp_runlist(engine);

        memset(e, 0, sizeof(*e));
        e->engine_data[R535_ENGINE_DATA_ENG_DESC] = i + 1;
        e->engine_data[R535_ENGINE_DATA_RM_ENGINE_TYPE] =
            i ? R535_RM_ENGINE_TYPE_COPY(i - 1) : R535_RM_ENGINE_TYPE_GR0;
        e->engine_data[R535_ENGINE_DATA_RUNLIST] = runlist;
        e->engine_data[R535_ENGINE_DATA_RUNLIST_PRI_BASE] = 0x1200000 + runlist * 0x10000;
        e->pbdma_ids[0] = runlist;
        e->pbdma_fault_ids[0] = runlist;
        e->num_pbdmas = 1;
        if (i) {
            snprintf(e->engine_name, sizeof(e->engine_name), "ce%u", i - 1);
        } else {
            pstrcpy(e->engine_name, sizeof(e->engine_name), "graphics");
        }
    }
    d->num_entries = n;
    d->more = 0;
    return NV_OK;
}

uint32_t ovg_ctl_pce_mask(OvgGpu *gpu, OvgObject *o, void *params)
{
    /* One physical engine each, but two for the last. */
    struct ovg_ce_pce_mask *m = params;
    uint32_t i = m->engine - NV2080_ENGINE_TYPE_COPY(0);

    if (i >= OVG_GSP_CES) {
        return NV_ERR_INVALID_ARGUMENT;
    }
    m->mask = (i == OVG_GSP_CES - 1 ? 3u : 1u) << i;
    return NV_OK;
}

uint32_t ovg_ctl_method_buffer(OvgGpu *gpu, OvgObject *o, void *params)
{
    ((struct r535_ce_fault_method_buffer_size *)params)->size = CE_METHOD_BUFFER_SIZE;
    return NV_OK;
}

uint32_t ovg_ctl_gr_buffers(OvgGpu *gpu, OvgObject *o, void *params)
{
    /* Of the first engine; a release has room for 25 buffers or more. */
    struct r535_kgr_context_buffers_info *k = params;
    static const uint8_t id[] = { 0x00, 0x10, 0x11, 0x0d, 0x13, 0x14, 0x17, 0x18 };

    for (size_t i = 0; i < ARRAY_SIZE(id); i++) {
        k->engine[0].buffer[id[i]].size = id[i] == 0x13 ? 0x100000 : 0x10000;
        k->engine[0].buffer[id[i]].alignment = 0x1000;
    }
    return NV_OK;
}

uint32_t ovg_ctl_gpcs(OvgGpu *gpu, OvgObject *o, void *params)
{
    ((struct r535_gpc_info *)params)->gpc_mask = (1 << OVG_GPCS) - 1;
    return NV_OK;
}

uint32_t ovg_ctl_tpcs(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_tpc_info *t = params;

    if (t->gpc_id >= OVG_GPCS) {
        return NV_ERR_INVALID_ARGUMENT;
    }
    t->tpc_mask = ovg_tpc_mask(t->gpc_id);
    return NV_OK;
}

/* Head of the structure, the same in all releases: raw compression, 96 MiB of L2 */
uint32_t ovg_ctl_memsys(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_memsys_static_config *m = params;

    m->use_raw_mode_comptagline_allocation = 1;
    m->l2_cache_size = 96 * MiB;
    return NV_OK;
}

uint32_t ovg_ctl_zcull(OvgGpu *gpu, OvgObject *o, void *params)
{
    struct r535_zcull_info *z = params;

    z->width_align_pixels = 16 * OVG_GPCS;
    z->height_align_pixels = 32;
    z->pixel_squares_by_aliquots = 0x400;
    z->aliquot_total = 0x1000;
    z->zcull_region_byte_multiplier = 0x20;
    z->zcull_region_header_size = 0x20;
    z->zcull_subregion_header_size = 0xc0;
    z->subregion_count = 0x10;
    z->subregion_width_align_pixels = 16 * OVG_GPCS;
    z->subregion_height_align_pixels = 64;
    return NV_OK;
}

uint32_t ovg_ctl_schedule(OvgGpu *gpu, OvgObject *o, void *params)
{
    if (!o->bound) {
        ovg_refuse(gpu, "schedule-unbound", "gfid %u schedules a channel that is bound "
                   "to no engine", o->gfid);
        return NV_ERR_INVALID_STATE;
    }
    ovg_fifo_channel_schedule(o->channel, ((struct r535_gpfifo_schedule *)params)->enable);
    return NV_OK;
}

uint32_t ovg_ctl_bind(OvgGpu *gpu, OvgObject *o, void *params)
{
    uint32_t engine = ((struct r535_channel_bind *)params)->engine_type;

    if (ovg_gsp_runlist(engine) != ovg_gsp_runlist(o->engine)) {
        ovg_refuse(gpu, "bind-engine", "gfid %u binds a channel of engine type %u to "
                   "engine type %u", o->gfid, o->engine, engine);
        return NV_ERR_INVALID_ARGUMENT;
    }
    o->bound = true;
    return NV_OK;
}

/*
 * OpenRM wants an event object of the subdevice before it is switched on.  The
 * switch is the subdevice's: it stays when the object goes, and is not turned on
 * twice (subdeviceCtrlCmdEventSetNotification_IMPL()).
 */
uint32_t ovg_ctl_set_notification(OvgGpu *gpu, OvgObject *o, void *params)
{
    const struct r535_event_set_notification *p = params;
    OvgObject *e;
    uint32_t n = 0;

    if (!o || p->action > R535_EVENT_ACTION_REPEAT || p->event >= NOTIFIERS) {
        ovg_refuse(gpu, "event-params", "notifier %u: action %u", p->event, p->action);
        return NV_ERR_INVALID_ARGUMENT;
    }
    QTAILQ_FOREACH(e, &gpu->rm->objects, link) {
        if (!e->gfid && e->client == o->client && e->parent == o->handle &&
            e->class_id == NV01_EVENT_KERNEL_CALLBACK_EX && e->notifier == p->event) {
            n++;
        }
    }
    if (!n) {
        ovg_refuse(gpu, "event-none", "notifier %u: there is no event object", p->event);
        return NV_ERR_INVALID_STATE;
    }
    if (p->action != R535_EVENT_ACTION_DISABLE &&
        o->action[p->event] != R535_EVENT_ACTION_DISABLE) {
        ovg_refuse(gpu, "event-on", "notifier %u is switched on already", p->event);
        return NV_ERR_INVALID_STATE;
    }
    o->action[p->event] = p->action;
    return NV_OK;
}

bool ovg_rm_event_object(OvgGpu *gpu, uint32_t index, uint32_t n, uint32_t *client,
                         uint32_t *handle)
{
    OvgObject *e, *parent;

    QTAILQ_FOREACH(e, &gpu->rm->objects, link) {
        if (e->class_id != NV01_EVENT_KERNEL_CALLBACK_EX || e->notifier != index) {
            continue;
        }
        parent = find(gpu, e->gfid, e->client, e->parent);
        if (parent && parent->action[index] == R535_EVENT_ACTION_REPEAT && !n--) {
            *client = e->client;
            *handle = e->handle;
            return true;
        }
    }
    return false;
}

uint32_t ovg_ctl_add_types(OvgGpu *gpu, OvgObject *o, void *params)
{
    return ovg_types_add(gpu, params);
}

static uint32_t control(OvgGpu *gpu, uint32_t gfid, const struct r535_rpc_rm_control *c,
                        void *params)
{
    bool own_client = !gfid && c->h_client == OVG_H_INTERNAL_CLIENT;
    uint32_t own_class = !own_client ? 0 :
                         c->h_object == OVG_H_INTERNAL_SUBDEVICE ? NV20_SUBDEVICE_0 :
                         c->h_object == OVG_H_INTERNAL_DEVICE ? NV01_DEVICE_0 : 0;
    uint32_t class_id = c->cmd >> 16;
    OvgObject *o = own_class ? NULL : find(gpu, gfid, c->h_client, c->h_object);
    const OvgRelease *r = release_of(gpu, gfid);
    const OvgControl *ctl = NULL;

    if (!own_class && !o) {
        ovg_refuse(gpu, "control-object", "gfid %u: control 0x%x on object 0x%x of "
                   "client 0x%x, which there is not", gfid, c->cmd, c->h_object,
                   c->h_client);
        return NV_ERR_INVALID_OBJECT_HANDLE;
    }
    if (class_id == 0xa06f) {
        class_id = AMPERE_CHANNEL_GPFIFO_A;
    }
    if (class_id != (own_class ? own_class : o->class_id)) {
        ovg_refuse(gpu, "control-class", "gfid %u: control 0x%x on an object of "
                   "class 0x%x", gfid, c->cmd, own_class ? own_class : o->class_id);
        return NV_ERR_INVALID_COMMAND;
    }
    for (uint32_t i = 0; i < r->num_controls; i++) {
        if (r->controls[i].cmd == c->cmd) {
            ctl = &r->controls[i];
        }
    }
    if (!ctl) {
        ovg_note(gpu, "gfid %u: control 0x%x is not emulated", gfid, c->cmd);
        return NV_ERR_NOT_SUPPORTED;
    }
    if (gfid && !(ctl->flags & OVG_CTL_GUEST)) {
        ovg_refuse(gpu, "control-permission", "gfid %u: control 0x%x is not for "
                   "guests", gfid, c->cmd);
        return NV_ERR_INSUFFICIENT_PERMISSIONS;
    }
    if (c->params_size != ctl->size) {
        ovg_refuse(gpu, "control-size", "gfid %u: control 0x%x with %u bytes, not %u",
                   gfid, c->cmd, c->params_size, ctl->size);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (!ctl->fn) {
        return ovg_plugin_control(gpu, c->cmd, params, c->params_size);
    }
    if (ctl->flags & OVG_CTL_OUT) {
        memset(params, 0, ctl->size);
    }
    return ctl->fn(gpu, o, params);
}

uint32_t ovg_rm_rpc_control(OvgGpu *gpu, uint32_t gfid, void *payload, size_t len)
{
    struct r535_rpc_rm_control *c = payload;

    if (len < sizeof(*c) || c->params_size > len - sizeof(*c)) {
        ovg_refuse(gpu, "rpc-size", "GSP_RM_CONTROL of %zu bytes", len);
        return R535_RPC_RESULT_INVALID_MESSAGE_FORMAT;
    }
    c->status = control(gpu, gfid, c, c + 1);
    trace_ovg_rm_control(gfid, c->cmd, c->params_size, c->status);
    return 0;
}
