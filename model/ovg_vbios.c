/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flash: a synthetic VBIOS of two images.  The first holds PCIR, NPDE and
 * BIT, the second is NVIDIA's extension (code type 0xe0) with the falcon
 * microcode table and FWSEC, whose code here is a fixed pattern: it is checked
 * by the emulated boot ROM, never executed.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "ovg.h"
#include "ovg_falcon.h"
#include "common/vbios.h"

/* Where things are, as file offsets */
#define IMAGE0_SIZE     0x1000
#define IMAGE0_PCIR     0x40
#define IMAGE0_NPDE     0x60
#define BIT_OFF         0x80
#define BIT_TOKENS      3
#define TOKEN_B         0xc0
#define TOKEN_I         0xd0
#define TOKEN_P         0xe0

#define IMAGE1          IMAGE0_SIZE
#define IMAGE1_SIZE     0x1000
#define IMAGE1_PCIR     0x40
#define IMAGE1_NPDE     0x60
#define UCODE_TABLE     (IMAGE1 + 0x80)
#define FWSEC_DESC      (IMAGE1 + 0xa0)
#define FWSEC_SIG       (FWSEC_DESC + sizeof(struct fwsec_desc_v3))
#define FWSEC_IMEM      (FWSEC_SIG + FWSEC_SIGNATURE_SIZE)
#define FWSEC_DMEM      (FWSEC_IMEM + FWSEC_IMEM_SIZE)

#define ROM_SIZE        (IMAGE0_SIZE + IMAGE1_SIZE)

#define FWSEC_IMEM_SIZE 0x100
#define FWSEC_DMEM_SIZE 0x400
#define FWSEC_UCODE_ID  9

/* FWSEC's DMEM */
#define DMEM_APPIF      0x10
#define DMEM_MAPPER     0x40
#define DMEM_SIG        0x100
#define DMEM_CMD_IN     0x300
#define DMEM_CMD_SIZE   0x40
#define DMEM_CMD_OUT    0x380

#define MAPPER_SIG      0x50414d44      /* "DMAP" */

/* The one that is being made */
static uint8_t *rom;

/* Bytes that stand for code and signatures: a xorshift stream. */
static void ovg_vbios_pattern(uint8_t *p, size_t len, uint32_t seed)
{
    for (size_t i = 0; i < len; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        p[i] = seed;
    }
}

static void ovg_vbios_image(uint16_t device, uint32_t at, uint32_t pcir, uint32_t npde,
                            uint32_t size, uint8_t type, bool last)
{
    uint8_t *p = rom + at;

    stw_le_p(p, VBIOS_ROM_SIG);
    p[2] = size / VBIOS_IMAGE_BLOCK;
    stw_le_p(p + VBIOS_PCIR_PTR, pcir);

    p = rom + at + pcir;
    stl_le_p(p, VBIOS_PCIR_SIG);
    stw_le_p(p + 4, 0x10de);
    stw_le_p(p + 6, device);
    stw_le_p(p + 0x0a, sizeof(struct vbios_pcir));
    p[0x0d] = 0x00;                     /* class 0x030200 */
    p[0x0e] = 0x02;
    p[0x0f] = 0x03;
    stw_le_p(p + 0x10, size / VBIOS_IMAGE_BLOCK);
    p[0x14] = type;
    p[0x15] = last ? VBIOS_INDICATOR_LAST : 0;

    p = rom + at + npde;
    stl_le_p(p, VBIOS_NPDE_SIG);
    stw_le_p(p + 4, 0x0101);
    stw_le_p(p + 6, sizeof(struct vbios_npde));
    stw_le_p(p + 8, size / VBIOS_IMAGE_BLOCK);
    p[0x0a] = last ? VBIOS_INDICATOR_LAST : 0;
}

static void ovg_vbios_token(unsigned n, uint8_t id, uint8_t version,
                            uint16_t size, uint16_t data)
{
    uint8_t *p = rom + BIT_OFF + sizeof(struct vbios_bit_header) +
                 n * sizeof(struct vbios_bit_token);

    p[0] = id;
    p[1] = version;
    stw_le_p(p + 2, size);
    stw_le_p(p + 4, data);
}

static uint8_t ovg_vbios_sum(const uint8_t *p, size_t len)
{
    uint8_t sum = 0;

    while (len--) {
        sum += *p++;
    }
    return sum;
}

static void ovg_vbios_bit(void)
{
    uint8_t *p = rom + BIT_OFF;

    stw_le_p(p, VBIOS_BIT_ID);
    stl_le_p(p + 2, VBIOS_BIT_SIGNATURE);
    stw_le_p(p + 6, 0x0100);
    p[8] = sizeof(struct vbios_bit_header);
    p[9] = sizeof(struct vbios_bit_token);
    p[10] = BIT_TOKENS;
    p[11] = -ovg_vbios_sum(p, 11);

    ovg_vbios_token(0, VBIOS_BIT_TOKEN_BIOSDATA, 2, 8, TOKEN_B);
    ovg_vbios_token(1, VBIOS_BIT_TOKEN_INTERNAL, 2, 8, TOKEN_I);
    ovg_vbios_token(2, VBIOS_BIT_TOKEN_FALCON, 2, 4, TOKEN_P);

    /* Version 95.02.4f.00.01, in the two shapes that drivers read */
    stl_le_p(rom + TOKEN_B, 0x95024f00);
    rom[TOKEN_B + 4] = 0x01;
    rom[TOKEN_I + 0] = 0x00;
    rom[TOKEN_I + 1] = 0x4f;
    rom[TOKEN_I + 2] = 0x02;
    rom[TOKEN_I + 3] = 0x95;
    rom[TOKEN_I + 4] = 0x01;
    stl_le_p(rom + TOKEN_P, UCODE_TABLE);
}

static void ovg_vbios_dmem(uint8_t *dmem)
{
    uint8_t *p = dmem + DMEM_APPIF;

    p[0] = 1;
    p[1] = sizeof(struct fwsec_appif_header);
    p[2] = sizeof(struct fwsec_appif_entry);
    p[3] = 2;
    stl_le_p(p + 4, 1);                 /* another interface, unused */
    stl_le_p(p + 8, 0x80);
    stl_le_p(p + 12, FWSEC_APPIF_DMEMMAPPER);
    stl_le_p(p + 16, DMEM_MAPPER);

    p = dmem + DMEM_MAPPER;
    stl_le_p(p, MAPPER_SIG);
    stw_le_p(p + 4, 3);
    stw_le_p(p + 6, sizeof(struct fwsec_dmem_mapper_v3));
    stl_le_p(p + 0x08, DMEM_CMD_IN);
    stl_le_p(p + 0x0c, DMEM_CMD_SIZE);
    stl_le_p(p + 0x10, DMEM_CMD_OUT);
    stl_le_p(p + 0x14, DMEM_CMD_SIZE);
    stl_le_p(p + 0x34, 1u << FWSEC_CMD_FRTS | 1u << FWSEC_CMD_SB);
}

static void ovg_vbios_fwsec_write(void)
{
    uint8_t *p = rom + UCODE_TABLE;

    p[0] = 1;
    p[1] = sizeof(struct vbios_falcon_table);
    p[2] = sizeof(struct vbios_falcon_entry);
    p[3] = 1;
    p[4] = 3;
    p[5] = sizeof(struct fwsec_desc_v3);
    p[6] = VBIOS_APP_FWSEC_PROD;
    p[7] = 7;                           /* target: GSP */
    stl_le_p(p + 8, FWSEC_DESC);

    p = rom + FWSEC_DESC;
    stl_le_p(p, FWSEC_DESC_VALID | 3 << 8 |
             (uint32_t)(FWSEC_IMEM - FWSEC_DESC) << 16);
    stl_le_p(p + 0x04, FWSEC_IMEM_SIZE + FWSEC_DMEM_SIZE);
    stl_le_p(p + 0x08, DMEM_SIG);
    stl_le_p(p + 0x0c, DMEM_APPIF);
    stl_le_p(p + 0x14, FWSEC_IMEM_SIZE);
    stl_le_p(p + 0x20, FWSEC_DMEM_SIZE);
    stw_le_p(p + 0x24, FWSEC_ENGINE_GSP);
    p[0x26] = FWSEC_UCODE_ID;
    p[0x27] = 1;
    stw_le_p(p + 0x28, 1);

    ovg_vbios_pattern(rom + FWSEC_SIG, FWSEC_SIGNATURE_SIZE, 0x51674e41);
    ovg_vbios_pattern(rom + FWSEC_IMEM, FWSEC_IMEM_SIZE, 0x0f45ec01);
    ovg_vbios_dmem(rom + FWSEC_DMEM);
}

static void ovg_vbios_build(uint16_t device)
{
    QEMU_BUILD_BUG_ON(FWSEC_DMEM + FWSEC_DMEM_SIZE > ROM_SIZE);

    ovg_vbios_image(device, 0, IMAGE0_PCIR, IMAGE0_NPDE, IMAGE0_SIZE,
                    VBIOS_CODE_TYPE_BASE, false);
    ovg_vbios_image(device, IMAGE1, IMAGE1_PCIR, IMAGE1_NPDE, IMAGE1_SIZE,
                    VBIOS_CODE_TYPE_EXT, true);
    ovg_vbios_bit();
    ovg_vbios_fwsec_write();
    rom[IMAGE0_SIZE - 1] = -ovg_vbios_sum(rom, IMAGE0_SIZE - 1);
}

const uint8_t *ovg_vbios_rom(OvgGpu *gpu, size_t *size)
{
    if (!gpu->vbios) {
        gpu->vbios = g_malloc0(ROM_SIZE);
        rom = gpu->vbios;
        ovg_vbios_build(gpu->board->device_id);
    }
    *size = ROM_SIZE;
    return gpu->vbios;
}

void ovg_vbios_fwsec(OvgGpu *gpu, OvgFwsecImage *img)
{
    size_t size;
    const uint8_t *p = ovg_vbios_rom(gpu, &size);

    img->imem = p + FWSEC_IMEM;
    img->imem_size = FWSEC_IMEM_SIZE;
    img->dmem = p + FWSEC_DMEM;
    img->dmem_size = FWSEC_DMEM_SIZE;
    img->sig = p + FWSEC_SIG;
    img->sig_size = FWSEC_SIGNATURE_SIZE;
    img->sig_off = DMEM_SIG;
    img->mapper_off = DMEM_MAPPER;
    img->cmd_off = DMEM_CMD_IN;
    img->cmd_size = DMEM_CMD_SIZE;
    img->ucode_id = FWSEC_UCODE_ID;
}
