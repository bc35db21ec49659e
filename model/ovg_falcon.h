/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the falcon (ovg_falcon.c) and the microcode it runs (ovg_boot.c) share.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#ifndef OVG_FALCON_H
#define OVG_FALCON_H

#include "ovg.h"
#include "qemu/timer.h"

#define OVG_FALCON_BLOCK    256
#define OVG_FALCON_BLOCKS   256         /* of IMEM and of DMEM: 64 KiB each */
#define OVG_FALCON_MEM      (OVG_FALCON_BLOCK * OVG_FALCON_BLOCKS)

struct OvgFalcon {
    OvgGpu *gpu;
    const char *name;
    uint32_t base;
    bool is_gsp;

    uint8_t imem[OVG_FALCON_MEM];
    uint8_t dmem[OVG_FALCON_MEM];
    uint32_t imem_tag[OVG_FALCON_BLOCKS];   /* virtual address >> 8 */
    bool imem_valid[OVG_FALCON_BLOCKS];     /* written since reset */
    bool imem_secure[OVG_FALCON_BLOCKS];
    uint32_t imem_end, dmem_end;            /* loaded since reset, bytes */

    uint32_t reg[NV_FALCON_SIZE / 4];       /* plain storage, by offset */
    uint32_t irqstat;
    uint32_t irqmask;
    bool irq_line;

    bool in_reset;                          /* ENGINE bit 0 held */
    bool halted;
    bool riscv_selected;
    bool riscv_active;
    bool riscv_irq;                         /* GSP-RM unmasked its interrupts */
    int64_t scrub_end;                      /* memory scrubbed then, ns */

    QEMUTimer run;                          /* the started microcode ends */
};

static inline uint32_t ovg_falcon_stored(OvgFalcon *f, uint32_t off)
{
    return f->reg[(off % NV_FALCON_SIZE) / 4];
}

/*
 * The microcode that was loaded and started: boot ROM checks and effects, all
 * at once.  Called when the run timer ends; ovg_falcon.c halts the CPU after.
 */
void ovg_boot_run(OvgFalcon *f);
/* Booter locked WPR2 for a GSP-RM and nobody took it down since. */
bool ovg_boot_locked(OvgGpu *gpu);
/* Booter released the RISC-V core; @pass: its boot ROM accepted the image. */
void ovg_falcon_riscv_start(OvgFalcon *f, bool pass);
/* Engine reset into the RISC-V core, as booter does it for a resume */
void ovg_falcon_riscv_reset(OvgFalcon *f);

/* FWSEC as our own flash holds it. */
typedef struct OvgFwsecImage {
    const uint8_t *imem;
    uint32_t imem_size;
    const uint8_t *dmem;
    uint32_t dmem_size;
    const uint8_t *sig;
    uint32_t sig_size;
    uint32_t sig_off;       /* in DMEM */
    uint32_t mapper_off;    /* DMEM mapper, in DMEM */
    uint32_t cmd_off;       /* command block, in DMEM */
    uint32_t cmd_size;
    uint32_t ucode_id;
} OvgFwsecImage;

/* The FWSEC of our own VBIOS, for the boot ROM's comparison (ovg_vbios.c). */
void ovg_vbios_fwsec(OvgGpu *gpu, OvgFwsecImage *img);

#endif /* OVG_FALCON_H */
