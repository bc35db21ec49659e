/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vGPU types that GSP was told of.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A type carries a signature, NVIDIA's in NVIDIA's file.  How it is made is not
 * public, nor where GSP looks at it; the model looks at the upload.  It accepts the
 * signature of the public catalogue, see common/metadata.h, and refuses what is
 * unsigned or altered.  NVIDIA's it cannot tell from noise: with trust-types=on it
 * believes each signature that is none of ours.
 */
#include "qemu/osdep.h"
#include "ovg_gsp.h"
#include "common/metadata.h"

typedef struct OvgTypes {
    uint32_t count;
    OvgVgpuType type[R535_MAX_VGPU_TYPES];
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

const OvgVgpuType *ovg_types_find(OvgGpu *gpu, uint32_t id)
{
    OvgTypes *t = types(gpu);

    for (uint32_t i = 0; i < t->count; i++) {
        if (t->type[i].id == id) {
            return &t->type[i];
        }
    }
    return NULL;
}

/* Why a signature is no good; NULL: it is */
static const char *signature_fault(OvgGpu *gpu, const uint8_t *info)
{
    const OvgRelease *r = gpu->release;
    const uint8_t *sig = info + r->signature_offset;
    g_autofree uint8_t *copy = g_memdup2(info, r->info_size);
    g_autofree uint8_t *want = g_malloc0(r->signature_size);
    g_autoptr(GHmac) mac = g_hmac_new(G_CHECKSUM_SHA256,
                                      (const guchar *)VGPU_TEST_KEY, VGPU_TEST_KEY_LEN);
    gsize len = VGPU_TEST_SIGNATURE_MAC_LEN;

    if (!memcmp(sig, want, r->signature_size)) {
        return "is not signed";
    }
    if (memcmp(sig, VGPU_TEST_SIGNATURE_TAG, VGPU_TEST_SIGNATURE_TAG_LEN)) {
        return gpu->trust_types ? NULL :
               "has a signature that the model cannot check (trust-types=on believes it)";
    }
    memset(copy + r->signature_offset, 0, r->signature_size);
    memcpy(want, VGPU_TEST_SIGNATURE_TAG, VGPU_TEST_SIGNATURE_TAG_LEN);
    g_hmac_update(mac, copy, r->info_size);
    g_hmac_get_digest(mac, want + VGPU_TEST_SIGNATURE_TAG_LEN, &len);
    return memcmp(want, sig, r->signature_size) ? "is not what was signed" : NULL;
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
        const void *info = gpu->release->info(p, i);
        const char *fault;
        OvgVgpuType n;

        gpu->release->type(info, &n);
        if (!n.id || ovg_types_find(gpu, n.id)) {
            ovg_refuse(gpu, "type-twice", "type %u is 0 or known already", n.id);
            return NV_ERR_INSERT_DUPLICATE_NAME;
        }
        if (n.pdev_id != board) {
            ovg_refuse(gpu, "type-board", "type %u is for board 0x%" PRIx64, n.id,
                       n.pdev_id);
            return NV_ERR_INVALID_DEVICE;
        }
        fault = signature_fault(gpu, info);
        if (fault) {
            ovg_refuse(gpu, "type-signature", "type %u (%.32s) %s", n.id, n.name, fault);
            return NV_ERR_INVALID_DATA;
        }
        if (!n.max_instance || !n.profile_size || !n.fb_length || !n.heap_size ||
            n.heap_size % 4096) {
            ovg_refuse(gpu, "type-fields", "type %u is malformed", n.id);
            return NV_ERR_INVALID_DATA;
        }
        t->type[t->count++] = n;
    }
    ovg_note(gpu, "%u vGPU types known", t->count);
    return NV_OK;
}
