/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot chain: the boot ROM of the falcons, FWSEC (FRTS and SB), booter
 * (load and unload), WPR2 and the start of the RISC-V core.
 *
 * NVIDIA's signatures cannot be verified here (the public key is in the boot
 * ROM), so the model knows what they cover: the SHA-256 of the images of the
 * releases that it knows and of the signatures that belong to them.  One changed byte is
 * refused at the stage at which hardware would refuse it.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/cutils.h"
#include "ovg.h"
#include "ovg_falcon.h"
#include "ovg_release.h"
#include "common/gsp_boot.h"
#include "common/vbios.h"
#include "trace.h"

#define BROM_ENGINE_SEC2    0x001
#define BROM_ENGINE_GSP     0x400

#define BOOTER_BOOTVEC      0x100

/* Reported in the FRTS and SB scratch registers. */
#define FWSEC_ERR_COMMAND   0x0001
#define FWSEC_ERR_REGION    0x0002
#define FWSEC_ERR_WPR2_UP   0x0003

/* MAILBOX0 of booter; NVIDIA publishes no list, any value but 0 is failure. */
typedef enum {
    BOOTER_OK = 0,
    BOOTER_ERR_DMA = 0x10,
    BOOTER_ERR_META = 0x11,
    BOOTER_ERR_WPR2 = 0x12,
    BOOTER_ERR_LAYOUT = 0x13,
    BOOTER_ERR_HEAP = 0x14,
    BOOTER_ERR_IMAGE = 0x15,
    BOOTER_ERR_SIGNATURE = 0x16,
    BOOTER_ERR_STATE = 0x17,
    BOOTER_ERR_RESUME = 0x18,
} BooterResult;

#define WPR_ALIGN           (128 * KiB)
#define WPR_HEAP_ALIGN      (1 * MiB)
#define WPR_ELF_ALIGN       (64 * KiB)
#define WPR_PAGE            (4 * KiB)
#define VF_PARTITIONS_MAX   32
/* What the scrubber clears; the largest heap and all around it */
#define SCRUBBED_SIZE       (2 * GiB)

static const OvgRelease *const releases[] = OVG_RELEASES;

struct OvgBoot {
    uint64_t frts_lo, frts_hi;      /* locked by FWSEC-FRTS */
    uint64_t wpr2_lo, wpr2_hi;      /* 0: not up */
    bool booted;                    /* booter locked WPR2 for GSP-RM */
    char image_sha256[65];

    /* Saved by booter_unload for a resume; size 0: nothing is */
    uint64_t sr_size;
    uint64_t sr_nonce;              /* of the pattern that stands for WPR2 */
    uint64_t sr_wpr2_lo, sr_wpr2_hi, sr_frts_lo, sr_frts_hi;
};

static char *ovg_boot_digest(const void *data, size_t len)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);
}

static bool ovg_boot_digest_is(const void *data, size_t len, const char *want)
{
    g_autofree char *have = ovg_boot_digest(data, len);

    return !strcmp(have, want);
}

/* ---- boot ROM ---- */

static bool ovg_brom_parameters(OvgFalcon *f, uint32_t engine, uint32_t ucode,
                                uint32_t bootvec)
{
    uint32_t mod = ovg_falcon_stored(f, NV_PFALCON2_FALCON_MOD_SEL);
    uint32_t eng = ovg_falcon_stored(f, NV_PFALCON2_FALCON_BROM_ENGIDMASK);
    uint32_t id = ovg_falcon_stored(f, NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID);
    uint32_t vec = ovg_falcon_stored(f, NV_PFALCON_FALCON_BOOTVEC);

    if ((mod & 0xff) != NV_PFALCON2_FALCON_MOD_SEL_RSA3K || eng != engine ||
        (id & 0xff) != ucode || vec != bootvec) {
        ovg_refuse(f->gpu, "brom-parameters",
                   "%s: boot ROM parameters MOD_SEL 0x%x ENGIDMASK 0x%x "
                   "UCODE_ID 0x%x BOOTVEC 0x%x, the image wants 1 0x%x 0x%x "
                   "0x%x", f->name, mod, eng, id, vec, engine, ucode, bootvec);
        return false;
    }
    return true;
}

/* The vector must lead into a loaded, secure block; tags are virtual pages. */
static bool ovg_brom_entry(OvgFalcon *f)
{
    uint32_t vec = ovg_falcon_stored(f, NV_PFALCON_FALCON_BOOTVEC);

    for (unsigned i = 0; i < OVG_FALCON_BLOCKS; i++) {
        if (f->imem_valid[i] && f->imem_secure[i] &&
            f->imem_tag[i] == vec >> 8) {
            return true;
        }
    }
    ovg_refuse(f->gpu, "brom-bootvec",
               "%s: no secure IMEM block is tagged for BOOTVEC 0x%x", f->name,
               vec);
    return false;
}

/* Which program was loaded, and of which release; NULL: refused */
static const OvgSec2Program *ovg_brom_program(OvgFalcon *f, const OvgRelease **release)
{
    uint32_t para = ovg_falcon_stored(f, NV_PFALCON2_FALCON_BROM_PARAADDR);

    for (size_t i = 0; i < ARRAY_SIZE(releases) * OVG_SEC2_PROGRAMS; i++) {
        const OvgSec2Program *p =
            &releases[i / OVG_SEC2_PROGRAMS]->program[i % OVG_SEC2_PROGRAMS];
        size_t len = p->imem_size + p->dmem_size;
        g_autofree uint8_t *img = NULL;

        if (p->prog == PROG_NONE || f->imem_end != p->imem_size ||
            f->dmem_end != p->dmem_size || para != p->paraaddr) {
            continue;
        }
        if (!ovg_brom_parameters(f, BROM_ENGINE_SEC2, p->ucode_id, BOOTER_BOOTVEC)) {
            return NULL;
        }
        img = g_malloc(len);
        memcpy(img, f->imem, p->imem_size);
        memcpy(img + p->imem_size, f->dmem, p->dmem_size);
        memset(img + p->imem_size + para, 0, NV_HS_SIGNATURE_SIZE);
        if (!ovg_boot_digest_is(img, len, p->image)) {
            ovg_refuse(f->gpu, "brom-signature", "%s: image is not the signed %s", f->name,
                       p->name);
            return NULL;
        }
        if (!ovg_boot_digest_is(f->dmem + para, NV_HS_SIGNATURE_SIZE, p->sig)) {
            ovg_refuse(f->gpu, "brom-signature",
                       "%s: signature at DMEM 0x%x is not that of %s for fuse "
                       "version 0", f->name, para, p->name);
            return NULL;
        }
        *release = releases[i / OVG_SEC2_PROGRAMS];
        return p;
    }
    ovg_refuse(f->gpu, "brom-image",
               "%s: no known image has 0x%x bytes IMEM, 0x%x bytes DMEM and its "
               "signature at 0x%x", f->name, f->imem_end, f->dmem_end, para);
    return NULL;
}

/* FWSEC must be that of the flash, but for what the driver has to patch. */
static bool ovg_brom_fwsec(OvgFalcon *f, OvgFwsecImage *img)
{
    uint32_t para = ovg_falcon_stored(f, NV_PFALCON2_FALCON_BROM_PARAADDR);
    uint32_t init_cmd = img->mapper_off +
                        offsetof(struct fwsec_dmem_mapper_v3, init_cmd);

    if (f->imem_end != img->imem_size || f->dmem_end != img->dmem_size ||
        para != img->sig_off ||
        memcmp(f->imem, img->imem, img->imem_size)) {
        ovg_refuse(f->gpu, "brom-signature",
                   "%s: image is not the FWSEC of the VBIOS", f->name);
        return false;
    }
    if (memcmp(f->dmem + img->sig_off, img->sig, img->sig_size)) {
        ovg_refuse(f->gpu, "brom-signature",
                   "%s: signature at DMEM 0x%x is not the VBIOS's for fuse "
                   "version 0", f->name, img->sig_off);
        return false;
    }
    for (uint32_t i = 0; i < img->dmem_size; i++) {
        if ((i >= img->sig_off && i < img->sig_off + img->sig_size) ||
            (i >= init_cmd && i < init_cmd + 4) ||
            (i >= img->cmd_off && i < img->cmd_off + img->cmd_size)) {
            continue;
        }
        if (f->dmem[i] != img->dmem[i]) {
            ovg_refuse(f->gpu, "brom-signature",
                       "%s: FWSEC's signed data differ at DMEM 0x%x", f->name,
                       i);
            return false;
        }
    }
    return true;
}

/* ---- WPR2 ---- */

static void ovg_wpr2_set(OvgGpu *gpu, uint64_t lo, uint64_t hi)
{
    gpu->boot->wpr2_lo = lo;
    gpu->boot->wpr2_hi = hi;
    trace_ovg_wpr2(lo, hi);
}

/* ---- FWSEC ---- */

static uint32_t ovg_fwsec_frts(OvgGpu *gpu, const struct fwsec_cmd_in *in)
{
    uint64_t lo = (uint64_t)le32_to_cpu(in->frts.addr_4k) << 12;
    uint64_t size = (uint64_t)le32_to_cpu(in->frts.size_4k) << 12;
    OvgBoot *b = gpu->boot;

    if (b->wpr2_hi) {
        ovg_refuse(gpu, "frts-wpr2-up",
                   "FWSEC-FRTS: WPR2 is up already (0x%" PRIx64 "..0x%" PRIx64
                   "); run booter_unload or reset the GPU", b->wpr2_lo,
                   b->wpr2_hi);
        return FWSEC_ERR_WPR2_UP;
    }
    if (le32_to_cpu(in->frts.version) != 1 ||
        le32_to_cpu(in->frts.header_size) != sizeof(in->frts) ||
        le32_to_cpu(in->frts.type) != FWSEC_FRTS_TYPE_FB) {
        ovg_refuse(gpu, "frts-command",
                   "FWSEC-FRTS: region version %u header %u type %u",
                   le32_to_cpu(in->frts.version),
                   le32_to_cpu(in->frts.header_size),
                   le32_to_cpu(in->frts.type));
        return FWSEC_ERR_COMMAND;
    }
    if (size != GSP_FRTS_SIZE || !lo || lo % WPR_ALIGN ||
        lo > gpu->fb_size - size) {
        ovg_refuse(gpu, "frts-region",
                   "FWSEC-FRTS: region 0x%" PRIx64 "+0x%" PRIx64 " is not "
                   "1 MiB of FB, 128 KiB aligned", lo, size);
        return FWSEC_ERR_REGION;
    }
    b->frts_lo = lo;
    b->frts_hi = lo + size;
    ovg_wpr2_set(gpu, lo, lo + size);
    ovg_note(gpu, "FWSEC-FRTS locked 0x%" PRIx64 "..0x%" PRIx64, lo, lo + size);
    return 0;
}

static void ovg_boot_run_gsp(OvgFalcon *f)
{
    OvgGpu *gpu = f->gpu;
    OvgFwsecImage img;
    struct fwsec_cmd_in in;
    uint32_t cmd, err = 0;

    ovg_vbios_fwsec(gpu, &img);
    if (!ovg_brom_parameters(f, BROM_ENGINE_GSP, img.ucode_id, 0) ||
        !ovg_brom_entry(f) || !ovg_brom_fwsec(f, &img)) {
        return;
    }
    cmd = ldl_le_p(f->dmem + img.mapper_off +
                   offsetof(struct fwsec_dmem_mapper_v3, init_cmd));
    memcpy(&in, f->dmem + img.cmd_off, sizeof(in));

    if (le32_to_cpu(in.read_vbios.version) != 1 ||
        le32_to_cpu(in.read_vbios.header_size) != sizeof(in.read_vbios) ||
        le64_to_cpu(in.read_vbios.addr) || le32_to_cpu(in.read_vbios.size) ||
        le32_to_cpu(in.read_vbios.flags) != FWSEC_READ_VBIOS_FLAGS) {
        ovg_refuse(gpu, "fwsec-command",
                   "FWSEC command 0x%x: VBIOS descriptor version %u header %u "
                   "flags %u", cmd, le32_to_cpu(in.read_vbios.version),
                   le32_to_cpu(in.read_vbios.header_size),
                   le32_to_cpu(in.read_vbios.flags));
        err = FWSEC_ERR_COMMAND;
    }
    switch (cmd) {
    case FWSEC_CMD_FRTS:
        if (!err) {
            err = ovg_fwsec_frts(gpu, &in);
        }
        gpu->vbios_scratch[NV_PBUS_SCRATCH_FRTS] = err << 16;
        break;
    case FWSEC_CMD_SB:
        gpu->vbios_scratch[NV_PBUS_SCRATCH_SB] = err & 0xffff;
        if (!err) {
            ovg_note(gpu, "FWSEC-SB done");
        }
        break;
    default:
        ovg_refuse(gpu, "fwsec-command", "FWSEC: unknown command 0x%x", cmd);
        gpu->vbios_scratch[NV_PBUS_SCRATCH_FRTS] = FWSEC_ERR_COMMAND << 16;
        gpu->vbios_scratch[NV_PBUS_SCRATCH_SB] = FWSEC_ERR_COMMAND;
        break;
    }
}

/* ---- booter: load ---- */

typedef struct WprStep {
    const char *what;
    uint64_t start, size;
} WprStep;

/* Regions bottom up: each ends before the next starts, the last within FB. */
static bool ovg_wpr_order(OvgGpu *gpu, const struct gsp_fw_wpr_meta *m)
{
    const WprStep step[] = {
        { "gspFwRsvdStart", m->gsp_fw_rsvd_start, 0 },
        { "nonWprHeap", m->non_wpr_heap_offset, m->non_wpr_heap_size },
        { "gspFwWprStart", m->gsp_fw_wpr_start, sizeof(*m) },
        { "gspFwHeap", m->gsp_fw_heap_offset, m->gsp_fw_heap_size },
        { "gspFw", m->gsp_fw_offset, m->size_of_radix3_elf },
        { "bootBin", m->boot_bin_offset, m->size_of_bootloader },
        { "frts", m->frts_offset, m->frts_size },
        { "gspFwWprEnd", m->gsp_fw_wpr_end, 0 },
        { "vgaWorkspace", m->vga_workspace_offset, m->vga_workspace_size },
        { "fbSize", m->fb_size, 0 },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(step); i++) {
        uint64_t end = step[i].start + step[i].size;
        uint64_t limit = i + 1 < ARRAY_SIZE(step) ? step[i + 1].start :
                                                    gpu->fb_size;

        if (end < step[i].start || end > limit) {
            ovg_refuse(gpu, "wpr-order",
                       "booter: %s 0x%" PRIx64 "+0x%" PRIx64 " reaches beyond "
                       "%s 0x%" PRIx64, step[i].what, step[i].start,
                       step[i].size, i + 1 < ARRAY_SIZE(step) ?
                       step[i + 1].what : "FB", limit);
            return false;
        }
    }
    return true;
}

static bool ovg_wpr_aligned(OvgGpu *gpu, const char *what, uint64_t val,
                            uint64_t align)
{
    if (val % align) {
        ovg_refuse(gpu, "wpr-alignment",
                   "booter: %s 0x%" PRIx64 " is not 0x%" PRIx64 " aligned",
                   what, val, align);
        return false;
    }
    return true;
}

static BooterResult ovg_wpr_check(OvgGpu *gpu, const OvgRelease *r,
                                  const struct gsp_fw_wpr_meta *m)
{
    OvgBoot *b = gpu->boot;
    uint64_t needed, heap_min;
    bool scrubbed;

    if (m->magic != GSP_FW_WPR_META_MAGIC ||
        m->revision != GSP_FW_WPR_META_REVISION) {
        ovg_refuse(gpu, "wpr-magic",
                   "booter: magic 0x%" PRIx64 " revision %" PRIu64, m->magic,
                   m->revision);
        return BOOTER_ERR_META;
    }
    if (m->verified || m->boot_count) {
        ovg_refuse(gpu, "wpr-verified",
                   "booter: verified 0x%" PRIx64 " bootCount %" PRIu64
                   ", both are 0 before a first boot", m->verified,
                   m->boot_count);
        return BOOTER_ERR_META;
    }
    if (!b->wpr2_hi || b->booted) {
        ovg_refuse(gpu, "wpr-frts-missing",
                   "booter: WPR2 is %s; FWSEC-FRTS comes before each load",
                   b->booted ? "in use by a GSP-RM" : "not up");
        return BOOTER_ERR_WPR2;
    }
    if (m->frts_offset != b->frts_lo ||
        m->frts_size != b->frts_hi - b->frts_lo) {
        ovg_refuse(gpu, "wpr-frts",
                   "booter: FRTS 0x%" PRIx64 "+0x%" PRIx64 ", FWSEC locked "
                   "0x%" PRIx64 "+0x%" PRIx64, m->frts_offset, m->frts_size,
                   b->frts_lo, b->frts_hi - b->frts_lo);
        return BOOTER_ERR_WPR2;
    }
    if (m->fb_size != gpu->fb_size) {
        ovg_refuse(gpu, "wpr-fb-size",
                   "booter: fbSize 0x%" PRIx64 ", the board has 0x%" PRIx64,
                   m->fb_size, gpu->fb_size);
        return BOOTER_ERR_LAYOUT;
    }
    if (!ovg_wpr_order(gpu, m) ||
        !ovg_wpr_aligned(gpu, "gspFwWprStart", m->gsp_fw_wpr_start,
                         WPR_ALIGN) ||
        !ovg_wpr_aligned(gpu, "gspFwWprEnd", m->gsp_fw_wpr_end, WPR_ALIGN) ||
        !ovg_wpr_aligned(gpu, "gspFwHeapOffset", m->gsp_fw_heap_offset,
                         WPR_HEAP_ALIGN) ||
        !ovg_wpr_aligned(gpu, "gspFwOffset", m->gsp_fw_offset,
                         WPR_ELF_ALIGN) ||
        !ovg_wpr_aligned(gpu, "bootBinOffset", m->boot_bin_offset, WPR_PAGE)) {
        return BOOTER_ERR_LAYOUT;
    }
    heap_min = m->gsp_fw_heap_vf_partition_count ? MAX(r->heap_min, r->heap_min_vgpu) :
                                                   r->heap_min;
    if (m->gsp_fw_heap_size < heap_min || m->gsp_fw_heap_size > r->heap_max) {
        ovg_refuse(gpu, "wpr-heap-size",
                   "booter: heap of 0x%" PRIx64 " bytes for %u VF partitions, GSP-RM "
                   "takes 0x%" PRIx64 " to 0x%" PRIx64, m->gsp_fw_heap_size,
                   m->gsp_fw_heap_vf_partition_count, heap_min, r->heap_max);
        return BOOTER_ERR_HEAP;
    }
    if (m->gsp_fw_rsvd_start < OVG_GSP_FB_GAP) {
        ovg_refuse(gpu, "wpr-order", "booter: no room for GSP-RM's own below 0x%" PRIx64,
                   m->gsp_fw_rsvd_start);
        return BOOTER_ERR_LAYOUT;
    }
    /*
     * Ada scrubs only the top of FB, and OpenRM runs its scrubber when more than
     * that is reserved.  With 535 NVIDIA's first vGPU RFC boots an L40 with a
     * heap of that very size and no scrubber, so there only the heap is limited.
     */
    scrubbed = NV_PGC6_SCRUBBER_STATE(gpu->bsi_scratch15) >=
               NV_PGC6_SCRUBBER_DONE;
    needed = m->fb_size - m->gsp_fw_rsvd_start;
    if ((r->scrub_all ? needed : m->gsp_fw_heap_size) > gpu->prescrubbed && !scrubbed) {
        ovg_refuse(gpu, "wpr-not-scrubbed",
                   "booter: heap of 0x%" PRIx64 " bytes, 0x%" PRIx64 " with all that "
                   "is reserved; 0x%" PRIx64 " are scrubbed and no scrubber ran",
                   m->gsp_fw_heap_size, needed, gpu->prescrubbed);
        return BOOTER_ERR_HEAP;
    }
    if (needed > gpu->prescrubbed && !scrubbed) {
        ovg_note(gpu, "GSP-RM reserves 0x%" PRIx64 " bytes, 0x%" PRIx64 " are "
                 "scrubbed: OpenRM would run a scrubber first", needed,
                 gpu->prescrubbed);
    }
    if (m->gsp_fw_heap_vf_partition_count > VF_PARTITIONS_MAX) {
        ovg_refuse(gpu, "wpr-vf-partitions",
                   "booter: %u VF partitions, at most %u",
                   m->gsp_fw_heap_vf_partition_count, VF_PARTITIONS_MAX);
        return BOOTER_ERR_META;
    }
    return BOOTER_OK;
}

/* One 4 KiB page of the table or of the image it leads to. */
static bool ovg_radix3_page(OvgGpu *gpu, const char *what, uint64_t index,
                            uint64_t addr, void *page)
{
    if (!addr || addr % GSP_RADIX3_PAGE) {
        ovg_refuse(gpu, "radix3-entry",
                   "booter: radix-3 %s %" PRIu64 " at 0x%" PRIx64
                   " is not a page address", what, index, addr);
        return false;
    }
    if (!ovg_dma_read(gpu->fn[0], addr, page, GSP_RADIX3_PAGE)) {
        ovg_refuse(gpu, "radix3-unreadable",
                   "booter: radix-3 %s %" PRIu64 " at 0x%" PRIx64, what, index,
                   addr);
        return false;
    }
    return true;
}

/* Walk the table, hash the image.  The digest is kept whatever it is. */
static BooterResult ovg_radix3_image(OvgGpu *gpu, const OvgRelease *release,
                                     const struct gsp_fw_wpr_meta *m)
{
    OvgBoot *b = gpu->boot;
    uint64_t pages = m->size_of_radix3_elf / GSP_RADIX3_PAGE;
    uint64_t l0[GSP_RADIX3_ENTRIES], l1[GSP_RADIX3_ENTRIES];
    uint64_t l2[GSP_RADIX3_ENTRIES];
    g_autofree uint8_t *data = g_malloc(GSP_RADIX3_PAGE);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    b->image_sha256[0] = 0;
    if (m->size_of_radix3_elf != release->fw.image_size) {
        ovg_refuse(gpu, "gsp-image-size",
                   "booter: GSP image of 0x%" PRIx64 " bytes, that of %s has "
                   "0x%" PRIx64, m->size_of_radix3_elf, release->version,
                   release->fw.image_size);
        return BOOTER_ERR_IMAGE;
    }
    if (!ovg_radix3_page(gpu, "level 0 page", 0, m->sysmem_addr_of_radix3_elf,
                         l0) ||
        !ovg_radix3_page(gpu, "level 1 page", 0, le64_to_cpu(l0[0]), l1)) {
        return BOOTER_ERR_DMA;
    }
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t n = i / GSP_RADIX3_ENTRIES;

        if (i % GSP_RADIX3_ENTRIES == 0 &&
            !ovg_radix3_page(gpu, "level 2 page", n, le64_to_cpu(l1[n]), l2)) {
            return BOOTER_ERR_DMA;
        }
        if (!ovg_radix3_page(gpu, "image page", i,
                             le64_to_cpu(l2[i % GSP_RADIX3_ENTRIES]), data)) {
            return BOOTER_ERR_DMA;
        }
        g_checksum_update(sum, data, GSP_RADIX3_PAGE);
    }
    pstrcpy(b->image_sha256, sizeof(b->image_sha256),
            g_checksum_get_string(sum));
    ovg_note(gpu, "GSP image from the radix-3 table: %" PRIu64 " pages, "
             "SHA-256 %s", pages, b->image_sha256);
    if (strcmp(b->image_sha256, release->fw.image)) {
        ovg_refuse(gpu, "gsp-image",
                   "booter: the GSP image is not that of gsp-%s.bin",
                   release->version);
        return BOOTER_ERR_IMAGE;
    }
    return BOOTER_OK;
}

static BooterResult ovg_gsp_signature(OvgGpu *gpu, const OvgRelease *release,
                                      const struct gsp_fw_wpr_meta *m)
{
    g_autofree uint8_t *sig = g_malloc(release->fw.sig_size);

    if (m->size_of_signature != release->fw.sig_size ||
        m->sysmem_addr_of_signature % OVG_FALCON_BLOCK) {
        ovg_refuse(gpu, "gsp-signature",
                   "booter: signature 0x%" PRIx64 "+0x%" PRIx64 ", wanted "
                   "0x%" PRIx64 " bytes, 256 aligned",
                   m->sysmem_addr_of_signature, m->size_of_signature,
                   release->fw.sig_size);
        return BOOTER_ERR_SIGNATURE;
    }
    if (!ovg_dma_read(gpu->fn[0], m->sysmem_addr_of_signature, sig,
                      release->fw.sig_size)) {
        return BOOTER_ERR_DMA;
    }
    if (!ovg_boot_digest_is(sig, release->fw.sig_size, release->fw.sig)) {
        ovg_refuse(gpu, "gsp-signature",
                   "booter: not the section .fwsignature_ad10x of gsp-%s.bin",
                   release->version);
        return BOOTER_ERR_SIGNATURE;
    }
    return BOOTER_OK;
}

/* What the RISC-V boot ROM authenticates; booter only places it. */
static BooterResult ovg_bootloader(OvgGpu *gpu, const OvgRelease *release,
                                   const struct gsp_fw_wpr_meta *m, bool *pass)
{
    g_autofree uint8_t *bl = NULL;

    *pass = false;
    if (m->size_of_bootloader != release->fw.bl_size ||
        m->sysmem_addr_of_bootloader % OVG_FALCON_BLOCK) {
        ovg_refuse(gpu, "bootloader-size",
                   "booter: bootloader 0x%" PRIx64 "+0x%" PRIx64 ", wanted "
                   "0x%" PRIx64 " bytes, 256 aligned",
                   m->sysmem_addr_of_bootloader, m->size_of_bootloader,
                   release->fw.bl_size);
        return BOOTER_ERR_IMAGE;
    }
    bl = g_malloc(release->fw.bl_size);
    if (!ovg_dma_read(gpu->fn[0], m->sysmem_addr_of_bootloader, bl,
                      release->fw.bl_size)) {
        return BOOTER_ERR_DMA;
    }
    if (m->bootloader_manifest_offset != release->fw.bl_manifest ||
        m->bootloader_data_offset != release->fw.bl_data ||
        m->bootloader_code_offset != release->fw.bl_code) {
        ovg_refuse(gpu, "bootloader-offsets",
                   "RISC-V boot ROM: manifest 0x%" PRIx64 " data 0x%" PRIx64
                   " code 0x%" PRIx64 " do not describe bootloader-%s.bin",
                   m->bootloader_manifest_offset, m->bootloader_data_offset,
                   m->bootloader_code_offset, release->version);
        return BOOTER_OK;
    }
    if (!ovg_boot_digest_is(bl, release->fw.bl_size, release->fw.bl)) {
        ovg_refuse(gpu, "bootloader-image",
                   "RISC-V boot ROM: the image is not that of bootloader-%s.bin",
                   release->version);
        return BOOTER_OK;
    }
    *pass = true;
    return BOOTER_OK;
}

/* ---- booter: suspend and resume ---- */

/*
 * WPR2 has no contents of its own in the model.  A pattern stands for it, other
 * in each page and in each suspend, so that the table and the memory that the
 * driver brings are proved page by page.
 */
static bool ovg_sr_page(OvgGpu *gpu, uint64_t index, uint64_t addr, bool save)
{
    uint64_t page[GSP_RADIX3_PAGE / 8];
    uint64_t seed = gpu->boot->sr_nonce + index * 0x9e3779b97f4a7c15ULL;

    if (!save && !ovg_radix3_page(gpu, "suspend page", index, addr, page)) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(page); i++) {
        uint64_t want = cpu_to_le64(seed ^ i << 48);

        if (save) {
            page[i] = want;
        } else if (page[i] != want) {
            ovg_refuse(gpu, "resume-data", "booter_load: page %" PRIu64 " is not what "
                       "was saved", index);
            return false;
        }
    }
    return !save || ovg_dma_write(gpu->fn[0], addr, page, sizeof(page));
}

static BooterResult ovg_sr_pages(OvgGpu *gpu, uint64_t table, uint64_t size, bool save)
{
    uint64_t l0[GSP_RADIX3_ENTRIES], l1[GSP_RADIX3_ENTRIES], l2[GSP_RADIX3_ENTRIES];

    if (size > (uint64_t)GSP_RADIX3_PAGE * GSP_RADIX3_ENTRIES * GSP_RADIX3_ENTRIES) {
        ovg_refuse(gpu, "sr-meta", "booter: 0x%" PRIx64 " bytes are more than a radix-3 "
                   "table with one page of level 1 can name", size);
        return BOOTER_ERR_RESUME;
    }
    if (!ovg_radix3_page(gpu, "level 0 page", 0, table, l0) ||
        !ovg_radix3_page(gpu, "level 1 page", 0, le64_to_cpu(l0[0]), l1)) {
        return BOOTER_ERR_DMA;
    }
    for (uint64_t i = 0; i < DIV_ROUND_UP(size, GSP_RADIX3_PAGE); i++) {
        uint64_t n = i / GSP_RADIX3_ENTRIES;

        if (i % GSP_RADIX3_ENTRIES == 0 &&
            !ovg_radix3_page(gpu, "level 2 page", n, le64_to_cpu(l1[n]), l2)) {
            return BOOTER_ERR_DMA;
        }
        if (!ovg_sr_page(gpu, i, le64_to_cpu(l2[i % GSP_RADIX3_ENTRIES]), save)) {
            return BOOTER_ERR_RESUME;
        }
    }
    return BOOTER_OK;
}

static bool ovg_sr_meta(OvgGpu *gpu, uint64_t addr, uint64_t size, struct gsp_fw_sr_meta *sr)
{
    if (!ovg_dma_read(gpu->fn[0], addr, sr, sizeof(*sr))) {
        return false;
    }
    if (sr->magic == GSP_FW_SR_META_MAGIC && sr->revision == GSP_FW_SR_META_REVISION &&
        sr->size_of_suspend_resume_data == size) {
        return true;
    }
    ovg_refuse(gpu, "sr-meta", "booter: suspend description with magic 0x%" PRIx64
               " revision %" PRIu64 " size 0x%" PRIx64 ", wanted 0x%" PRIx64, sr->magic,
               sr->revision, sr->size_of_suspend_resume_data, size);
    return false;
}

static BooterResult ovg_booter_suspend(OvgGpu *gpu, uint64_t addr)
{
    const struct gsp_fw_wpr_meta *m = ovg_gsp_wpr_meta(gpu);
    uint64_t end = m->frts_offset + m->frts_size;
    uint64_t size = end - m->gsp_fw_wpr_start;
    OvgBoot *b = gpu->boot;
    struct gsp_fw_sr_meta sr;
    BooterResult res;

    if (!ovg_gsp_suspended(gpu)) {
        ovg_refuse(gpu, "suspend-gsp", "booter_unload: to suspend a GSP-RM that has not "
                   "saved itself");
        return BOOTER_ERR_STATE;
    }
    if (gpu->release->sr_from_heap) {
        size = end - (m->non_wpr_heap_offset + m->non_wpr_heap_size);
    }
    if (!ovg_sr_meta(gpu, addr, size, &sr)) {
        return BOOTER_ERR_RESUME;
    }
    b->sr_nonce = (uint64_t)g_random_int() << 32 | g_random_int();
    res = ovg_sr_pages(gpu, sr.sysmem_addr_of_suspend_resume_data, size, true);
    if (res) {
        return res;
    }
    b->sr_size = size;
    b->sr_wpr2_lo = b->wpr2_lo;
    b->sr_wpr2_hi = b->wpr2_hi;
    b->sr_frts_lo = b->frts_lo;
    b->sr_frts_hi = b->frts_hi;
    /* From here on the board may be without power. */
    ovg_fb_fill(gpu, 0, 0, gpu->fb_size);
    gpu->niso_flush = 0;
    gpu->niso_flush_hi = 0;
    gpu->bsi_scratch15 = 0;
    ovg_note(gpu, "booter_unload saved 0x%" PRIx64 " bytes of WPR2; FB loses its contents",
             size);
    return BOOTER_OK;
}

static BooterResult ovg_booter_resume(OvgGpu *gpu, const OvgRelease *release, uint64_t addr)
{
    OvgBoot *b = gpu->boot;
    struct gsp_fw_sr_meta sr;
    BooterResult res;

    if (!b->sr_size || b->wpr2_hi || release != gpu->release) {
        ovg_refuse(gpu, "booter-resume", "booter_load: to resume, with %s",
                   !b->sr_size ? "nothing that was saved" :
                   b->wpr2_hi ? "WPR2 up" : "the booter of another release");
        return BOOTER_ERR_RESUME;
    }
    if (!ovg_sr_meta(gpu, addr, b->sr_size, &sr)) {
        return BOOTER_ERR_RESUME;
    }
    res = ovg_sr_pages(gpu, sr.sysmem_addr_of_suspend_resume_data, b->sr_size, false);
    if (res) {
        return res;
    }
    b->sr_size = 0;
    b->frts_lo = b->sr_frts_lo;
    b->frts_hi = b->sr_frts_hi;
    b->booted = true;
    ovg_wpr2_set(gpu, b->sr_wpr2_lo, b->sr_wpr2_hi);
    ovg_falcon_riscv_reset(gpu->gsp_falcon);
    ovg_falcon_riscv_start(gpu->gsp_falcon, true);
    gpu->bsi_scratch14 |= NV_PGC6_BSI_BOOT_STAGE_3_HANDOFF;
    ovg_note(gpu, "booter put WPR2 back, GSP-RM %s goes on", release->version);
    ovg_gsp_resume(gpu);
    return BOOTER_OK;
}

static BooterResult ovg_booter_load(OvgGpu *gpu, const OvgRelease *release, uint64_t addr)
{
    OvgFalcon *gsp = gpu->gsp_falcon;
    struct gsp_fw_wpr_meta m;
    BooterResult res;
    bool pass;

    if (addr % OVG_FALCON_BLOCK) {
        ovg_refuse(gpu, "wpr-meta-address",
                   "booter: WPR description at 0x%" PRIx64 " is not 256 "
                   "aligned", addr);
        return BOOTER_ERR_DMA;
    }
    if (!ovg_dma_read(gpu->fn[0], addr, &m, sizeof(m))) {
        return BOOTER_ERR_DMA;
    }
    if (m.magic == GSP_FW_SR_META_MAGIC) {
        return ovg_booter_resume(gpu, release, addr);
    }
    gpu->boot->sr_size = 0;
    res = ovg_wpr_check(gpu, release, &m);
    if (res) {
        return res;
    }
    if (gsp->in_reset || gsp->riscv_active || !gsp->riscv_selected) {
        ovg_refuse(gpu, "booter-gsp-state",
                   "booter: GSP is %s; reset it and select the RISC-V core "
                   "(BCR_CTRL) first", gsp->in_reset ? "held in reset" :
                   gsp->riscv_active ? "running" : "in falcon mode");
        return BOOTER_ERR_STATE;
    }
    res = ovg_gsp_signature(gpu, release, &m);
    if (!res) {
        res = ovg_radix3_image(gpu, release, &m);
    }
    if (!res) {
        res = ovg_bootloader(gpu, release, &m, &pass);
    }
    if (res) {
        return res;
    }

    ovg_wpr2_set(gpu, m.gsp_fw_wpr_start, m.gsp_fw_wpr_end);
    gpu->boot->booted = true;
    gpu->release = release;
    ovg_falcon_riscv_start(gsp, pass);
    if (!pass) {
        return BOOTER_OK;       /* the driver sees CPUCTL.ACTIVE stay 0 */
    }
    gpu->bsi_scratch14 |= NV_PGC6_BSI_BOOT_STAGE_3_HANDOFF;
    m.verified = GSP_FW_WPR_META_VERIFIED;
    ovg_note(gpu, "booter locked WPR2 0x%" PRIx64 "..0x%" PRIx64 ", heap %"
             PRIu64 " MiB for %u VF partitions, GSP-RM %s starts",
             m.gsp_fw_wpr_start, m.gsp_fw_wpr_end, m.gsp_fw_heap_size / MiB,
             m.gsp_fw_heap_vf_partition_count, release->version);
    ovg_gsp_start(gpu, ovg_falcon_mailbox(gsp, 0) |
                  (uint64_t)ovg_falcon_mailbox(gsp, 1) << 32, &m);
    return BOOTER_OK;
}

/* ---- booter: unload ---- */

static BooterResult ovg_booter_unload(OvgGpu *gpu, uint32_t arg0, uint32_t arg1)
{
    BooterResult res;

    if (!gpu->boot->wpr2_hi) {
        ovg_refuse(gpu, "unload-no-wpr2", "booter_unload: WPR2 is not up");
        return BOOTER_ERR_WPR2;
    }
    if (gpu->gsp_falcon->riscv_active) {
        ovg_refuse(gpu, "unload-gsp-active",
                   "booter_unload: GSP-RM still runs; unload it and reset GSP "
                   "first");
        return BOOTER_ERR_STATE;
    }
    /* 0xff in both mailboxes: nothing is to be saved. */
    if (arg0 != 0xff || arg1 != 0xff) {
        res = ovg_booter_suspend(gpu, arg0 | (uint64_t)arg1 << 32);
        if (res) {
            return res;
        }
    }
    ovg_wpr2_set(gpu, 0, 0);
    gpu->boot->frts_lo = 0;
    gpu->boot->frts_hi = 0;
    gpu->boot->booted = false;
    gpu->bsi_scratch14 &= ~NV_PGC6_BSI_BOOT_STAGE_3_HANDOFF;
    ovg_note(gpu, "booter_unload took WPR2 down");
    return BOOTER_OK;
}

/* ---- scrubber ---- */

/* It clears what booter may ask for, all but what FRTS has locked. */
static void ovg_scrubber(OvgGpu *gpu)
{
    const OvgBoot *b = gpu->boot;
    uint64_t top = b->frts_lo ? b->frts_lo : gpu->fb_size;
    uint64_t size = MIN(top, SCRUBBED_SIZE);
    uint32_t state = NV_PGC6_SCRUBBER_DONE;

    if (b->booted) {
        ovg_refuse(gpu, "scrubber-late", "scrubber: a GSP-RM is loaded in what it would clear");
        return;
    }
    if (ovg_fault_take(gpu, OVG_FAULT_SCRUBBER_STOP, NULL)) {
        state = 1;
    } else {
        ovg_fb_fill(gpu, top - size, 0, size);
    }
    gpu->bsi_scratch15 = (gpu->bsi_scratch15 & 0x1fffffff) | state << 29;
    ovg_note(gpu, "scrubber has run, state %u", state);
}

static void ovg_boot_run_sec2(OvgFalcon *f)
{
    uint32_t arg0 = ovg_falcon_mailbox(f, 0);
    uint32_t arg1 = ovg_falcon_mailbox(f, 1);
    const OvgRelease *release;
    const OvgSec2Program *p;
    BooterResult res;

    /* A boot ROM that refuses leaves the mailboxes as the driver wrote them. */
    if (!ovg_brom_entry(f)) {
        return;
    }
    p = ovg_brom_program(f, &release);
    if (!p) {
        return;
    }
    switch (p->prog) {
    case PROG_LOAD:
        res = ovg_booter_load(f->gpu, release, arg0 | (uint64_t)arg1 << 32);
        break;
    case PROG_UNLOAD:
        res = ovg_booter_unload(f->gpu, arg0, arg1);
        break;
    default:
        ovg_scrubber(f->gpu);
        return;
    }
    trace_ovg_booter(p->name, res);
    ovg_falcon_set_mailbox(f, 0, res);
}

void ovg_boot_run(OvgFalcon *f)
{
    if (f->is_gsp) {
        ovg_boot_run_gsp(f);
    } else {
        ovg_boot_run_sec2(f);
    }
}

/* ---- the rest of the model asks ---- */

const char *ovg_boot_sha256(OvgGpu *gpu)
{
    return gpu->boot->image_sha256;
}

uint64_t ovg_boot_wpr2_lo(OvgGpu *gpu)
{
    return gpu->boot->wpr2_hi ? gpu->boot->wpr2_lo : 0;
}

uint64_t ovg_boot_wpr2_hi(OvgGpu *gpu)
{
    return gpu->boot->wpr2_hi;
}

bool ovg_boot_locked(OvgGpu *gpu)
{
    return gpu->boot->booted;
}

void ovg_boot_reset(OvgGpu *gpu)
{
    memset(gpu->boot, 0, sizeof(*gpu->boot));
    memset(gpu->vbios_scratch, 0, sizeof(gpu->vbios_scratch));
    gpu->bsi_scratch14 = 0;
    gpu->bsi_scratch15 = 0;
}

OvgBoot *ovg_boot_new(OvgGpu *gpu)
{
    return g_new0(OvgBoot, 1);
}
