/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vGPU types that GSP was told of.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A real GSP checks NVIDIA's signature of each type.  The model has no key of
 * NVIDIA's and accepts the signature of the public catalogue instead, see
 * common/metadata.h; what is unsigned or altered it refuses as GSP would.
 */
#include "qemu/osdep.h"
#include "ovg_gsp.h"
#include "common/metadata.h"

typedef struct OvgTypes {
    uint32_t count;
    struct r535_vgpu_info info[R535_MAX_VGPU_TYPES];
} OvgTypes;

static OvgTypes *types(OvgGpu *gpu)
{
    if (!gpu->types) {
        gpu->types = g_new0(OvgTypes, 1);
    }
    return gpu->types;
}

void ovg_types_reset(OvgGpu *gpu)
{
    types(gpu)->count = 0;
}

const struct r535_vgpu_info *ovg_types_find(OvgGpu *gpu, uint32_t id)
{
    OvgTypes *t = types(gpu);

    for (uint32_t i = 0; i < t->count; i++) {
        if (t->info[i].vgpu_type == id) {
            return &t->info[i];
        }
    }
    return NULL;
}

static bool signature_ok(const struct r535_vgpu_info *info)
{
    g_autofree struct r535_vgpu_info *copy = g_memdup2(info, sizeof(*info));
    uint8_t want[sizeof(info->vgpu_signature)] = VGPU_TEST_SIGNATURE_TAG;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize len = VGPU_TEST_SIGNATURE_SHA_LEN;

    memset(copy->vgpu_signature, 0, sizeof(copy->vgpu_signature));
    g_checksum_update(sum, (const guchar *)copy, sizeof(*copy));
    g_checksum_get_digest(sum, want + VGPU_TEST_SIGNATURE_TAG_LEN, &len);
    return !memcmp(want, info->vgpu_signature, sizeof(want));
}

uint32_t ovg_types_add(OvgGpu *gpu, const struct r535_add_vgpu_type *p)
{
    OvgTypes *t = types(gpu);
    uint16_t board = pci_get_word(gpu->fn[0]->pdev->config + PCI_DEVICE_ID);

    if (p->vgpu_info_count > R535_MAX_VGPU_TYPES ||
        (p->discard_vgpu_types & ~1)) {
        ovg_refuse(gpu, "type-count", "%u types in an upload", p->vgpu_info_count);
        return NV_ERR_INVALID_ARGUMENT;
    }
    if (p->discard_vgpu_types) {
        if (ovg_plugin_count(gpu)) {
            ovg_refuse(gpu, "type-discard", "types discarded while vGPUs run");
            return NV_ERR_STATE_IN_USE;
        }
        t->count = 0;
    }
    if (p->vgpu_info_count > R535_MAX_VGPU_TYPES - t->count) {
        ovg_refuse(gpu, "type-count", "no room for %u more types", p->vgpu_info_count);
        return NV_ERR_INSUFFICIENT_RESOURCES;
    }
    for (uint32_t i = 0; i < p->vgpu_info_count; i++) {
        const struct r535_vgpu_info *n = &p->vgpu_info[i];

        if (!n->vgpu_type || ovg_types_find(gpu, n->vgpu_type)) {
            ovg_refuse(gpu, "type-twice", "type %u is 0 or known already", n->vgpu_type);
            return NV_ERR_INSERT_DUPLICATE_NAME;
        }
        if (n->pdev_id != board) {
            ovg_refuse(gpu, "type-board", "type %u is for board 0x%" PRIx64,
                       n->vgpu_type, n->pdev_id);
            return NV_ERR_INVALID_DEVICE;
        }
        if (!signature_ok(n)) {
            ovg_refuse(gpu, "type-signature", "type %u (%.32s) is not signed",
                       n->vgpu_type, n->vgpu_name);
            return NV_ERR_INVALID_DATA;
        }
        if (!n->max_instance || !n->profile_size || !n->fb_length ||
            !n->gsp_heap_size || n->gsp_heap_size % 4096) {
            ovg_refuse(gpu, "type-fields", "type %u is malformed", n->vgpu_type);
            return NV_ERR_INVALID_DATA;
        }
        t->info[t->count++] = *n;
    }
    ovg_note(gpu, "%u vGPU types known", t->count);
    return NV_OK;
}
