/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BAR0 of the PF and of the VFs: which register belongs to whom.
 *
 * What no rule here knows reads 0, ignores writes and leaves a trace event
 * (ovg_bar0_unknown), so a run that touches more than expected shows it.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "ovg.h"
#include "ovg_falcon.h"
#include "trace.h"

/* Chip and revision A1, in the two shapes that a driver reads */
#define BOOT_0_A1(chip)     ((uint32_t)(chip) << 20 | 0xa1)
#define BOOT_42_A1(chip)    ((uint32_t)(chip) << 20 | 0xa1000)
#define STRAPS_27MHZ        0x00400000u

#define PRIV_INTR_FIRST     0x1000
#define PRIV_INTR_LAST      0x16ff
#define PRIV_SCRATCH_FIRST  NV_VF_PRIV_MAILBOX_SCRATCH(0)
#define PRIV_SCRATCH_END \
    NV_VF_PRIV_MAILBOX_SCRATCH(NV_VF_PRIV_MAILBOX_SCRATCH_COUNT)

#define VBIOS_SCRATCHES     64

/* Time registers: 32 ns steps, low word bits 31:5, high word 28:0. */
#define TIME_LO(ns)         ((uint32_t)(ns) & ~0x1fu)
#define TIME_HI(ns)         ((uint32_t)((ns) >> 32) & 0x1fffffff)

uint64_t ovg_ptimer_ns(OvgGpu *gpu)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + gpu->ptimer_offset;
}

static void ovg_ptimer_set(OvgGpu *gpu, uint64_t ns)
{
    gpu->ptimer_offset = ns - qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* ---- NV_VIRTUAL_FUNCTION_PRIV and usermode page, PF and VF alike ---- */

static uint32_t ovg_priv_read(OvgFunction *fn, uint32_t off)
{
    uint64_t now;

    if (off >= PRIV_INTR_FIRST && off <= PRIV_INTR_LAST) {
        return ovg_intr_read(fn, off);
    }
    if (off >= PRIV_SCRATCH_FIRST && off < PRIV_SCRATCH_END) {
        return fn->scratch[(off - PRIV_SCRATCH_FIRST) / 4];
    }
    switch (off) {
    case NV_VF_PRIV_BAR1_BLOCK:
    case NV_VF_PRIV_BAR1_BLOCK + 4:
        return fn->bar1_block[(off - NV_VF_PRIV_BAR1_BLOCK) / 4];
    case NV_VF_PRIV_BAR2_BLOCK:
    case NV_VF_PRIV_BAR2_BLOCK + 4:
        return fn->bar2_block[(off - NV_VF_PRIV_BAR2_BLOCK) / 4];
    case NV_VF_PRIV_BAR_BIND_STATUS:
        return 0;                       /* a bind takes no time */
    case NV_VF_PRIV_DOORBELL:
        return 0;
    case NV_VF_PRIV_TIMER:
        return TIME_LO(ovg_ptimer_ns(fn->gpu));
    case NV_VF_PRIV_MMU_INVALIDATE_PDB:
        return (uint32_t)(fn->inval_pdb >> 8);
    case NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB:
        return (uint32_t)(fn->inval_pdb >> 40);
    case NV_VF_PRIV_MMU_INVALIDATE:
        return 0;                       /* TRIGGER clears at once */
    case NV_VF_USERMODE + NV_USERMODE_TIME_0:
    case NV_VF_USERMODE + NV_USERMODE_TIME_1:
        now = ovg_ptimer_ns(fn->gpu);
        return off == NV_VF_USERMODE + NV_USERMODE_TIME_0 ? TIME_LO(now) :
                                                            TIME_HI(now);
    case NV_VF_USERMODE + NV_USERMODE_DOORBELL:
    case NV_VF_USERMODE + NV_USERMODE_ERR_CONT:
        return 0;
    }
    trace_ovg_bar0_unknown(fn->gfid, "read", off, 0);
    return 0;
}

static void ovg_priv_doorbell(OvgFunction *fn, uint32_t val)
{
    if (fn->gfid == 0) {
        ovg_plugin_host_doorbell(fn->gpu, val);
    } else {
        ovg_plugin_guest_doorbell(fn, val);
    }
}

static void ovg_priv_write(OvgFunction *fn, uint32_t off, uint32_t val)
{
    if (off >= PRIV_INTR_FIRST && off <= PRIV_INTR_LAST) {
        ovg_intr_write(fn, off, val);
        return;
    }
    if (off >= PRIV_SCRATCH_FIRST && off < PRIV_SCRATCH_END) {
        unsigned i = (off - PRIV_SCRATCH_FIRST) / 4;

        fn->scratch[i] = val;
        if (fn->gfid) {
            ovg_plugin_guest_scratch(fn, i, val);
        }
        return;
    }
    switch (off) {
    case NV_VF_PRIV_BAR1_BLOCK:
    case NV_VF_PRIV_BAR1_BLOCK + 4:
        fn->bar1_block[(off - NV_VF_PRIV_BAR1_BLOCK) / 4] = val;
        ovg_mmu_bar_block_write(fn, off, val);
        return;
    case NV_VF_PRIV_BAR2_BLOCK:
    case NV_VF_PRIV_BAR2_BLOCK + 4:
        fn->bar2_block[(off - NV_VF_PRIV_BAR2_BLOCK) / 4] = val;
        ovg_mmu_bar_block_write(fn, off, val);
        return;
    case NV_VF_PRIV_DOORBELL:
        ovg_priv_doorbell(fn, val);
        return;
    case NV_VF_PRIV_MMU_INVALIDATE_PDB:
        /* address bits 39:12 in 31:4, bit 1 the aperture */
        fn->inval_pdb = (fn->inval_pdb & ~0xffffffffffull) |
                        (uint64_t)(val & ~0xdu) << 8;
        return;
    case NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB:
        fn->inval_pdb = (fn->inval_pdb & 0xffffffffffull) |
                        (uint64_t)(val & 0xfffff) << 40;
        return;
    case NV_VF_PRIV_MMU_INVALIDATE:
        if (val & NV_VF_PRIV_MMU_INVALIDATE_TRIGGER) {
            ovg_mmu_invalidate(fn, fn->inval_pdb & ~0xfffull, val);
        }
        return;
    case NV_VF_USERMODE + NV_USERMODE_DOORBELL:
        ovg_fifo_doorbell(fn, val);
        return;
    }
    trace_ovg_bar0_unknown(fn->gfid, "write", off, val);
}

/* ---- PF ---- */

/* Mirror of config space.  Two registers of it are not config space proper. */
static uint32_t ovg_mirror_read(OvgFunction *fn, uint32_t off)
{
    switch (off) {
    case NV_XVE_ROM_CTRL:
        return fn->gpu->rom_ctrl;
    case NV_XVE_MSI_REARM:
        return 0;
    }
    return ldl_le_p(fn->pdev->config + off);
}

static void ovg_mirror_write(OvgFunction *fn, uint32_t off, uint32_t val)
{
    switch (off) {
    case NV_XVE_ROM_CTRL:
        fn->gpu->rom_ctrl = val;
        return;
    case NV_XVE_MSI_REARM:
        return;                 /* each rising edge sends, see ovg_intr.c */
    }
    trace_ovg_bar0_unknown(fn->gfid, "write", NV_PCFG_MIRROR + off, val);
}

static uint32_t ovg_pf_read32(OvgFunction *fn, uint32_t addr)
{
    OvgGpu *gpu = fn->gpu;

    if (addr >= NV_VF_FULL_PHYS_OFFSET &&
        addr < NV_VF_FULL_PHYS_OFFSET + NV_VF_BAR0_SIZE) {
        return ovg_priv_read(fn, addr - NV_VF_FULL_PHYS_OFFSET);
    }
    if (addr >= NV_PGSP_FALCON_BASE &&
        addr < NV_PGSP_FALCON_BASE + NV_FALCON_SIZE) {
        return ovg_falcon_read(gpu->gsp_falcon, addr - NV_PGSP_FALCON_BASE);
    }
    if (addr >= NV_PSEC_FALCON_BASE &&
        addr < NV_PSEC_FALCON_BASE + NV_FALCON_SIZE) {
        return ovg_falcon_read(gpu->sec2_falcon, addr - NV_PSEC_FALCON_BASE);
    }
    if (addr >= NV_PCFG_MIRROR && addr < NV_PCFG_MIRROR + NV_PCFG_MIRROR_SIZE) {
        return ovg_mirror_read(fn, addr - NV_PCFG_MIRROR);
    }
    if (addr >= NV_PBUS_VBIOS_SCRATCH(0) &&
        addr < NV_PBUS_VBIOS_SCRATCH(VBIOS_SCRATCHES)) {
        return gpu->vbios_scratch[(addr - NV_PBUS_VBIOS_SCRATCH(0)) / 4];
    }
    /* Fuse versions of SEC2, NVDEC and GSP microcode: nothing revoked. */
    if (addr >= NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION(1) &&
        addr <= NV_FUSE_OPT_FPF_GSP_UCODE_VERSION(16)) {
        return 0;
    }
    switch (addr) {
    case NV_PMC_BOOT_0:
        return BOOT_0_A1(gpu->board->chip);
    case NV_PMC_BOOT_1:
        return 0;                                       /* a real PF */
    case NV_PMC_BOOT_42:
        return BOOT_42_A1(gpu->board->chip);
    case NV_PBUS_BAR0_WINDOW:
        return ovg_pramin_base_read(gpu);
    case NV_PTIMER_INTR_0:
        return 0;
    case NV_PTIMER_INTR_EN_0:
        return gpu->ptimer_intr_en;
    case NV_PTIMER_TIME_0:
        return TIME_LO(ovg_ptimer_ns(gpu));
    case NV_PTIMER_TIME_1:
        return TIME_HI(ovg_ptimer_ns(gpu));
    case NV_PTIMER_ALARM_0:
        return gpu->ptimer_alarm;
    case NV_PFB_NISO_FLUSH_SYSMEM_ADDR:
        return gpu->niso_flush;
    case NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI:
        return gpu->niso_flush_hi;
    case NV_PFB_PRI_MMU_WPR2_ADDR_LO:
        return NV_PFB_WPR2_VAL(ovg_boot_wpr2_lo(gpu));
    case NV_PFB_PRI_MMU_WPR2_ADDR_HI:
        return NV_PFB_WPR2_VAL(ovg_boot_wpr2_hi(gpu));
    case NV_PGC6_GFW_PRIV_LEVEL_MASK:
        return NV_PGC6_GFW_READ_PROTECTION_LEVEL0;
    case NV_PGC6_GFW_BOOT:
        return NV_PGC6_GFW_BOOT_COMPLETED;
    case NV_PGC6_BSI_SECURE_SCRATCH_14:
        return gpu->bsi_scratch14;
    case NV_PGC6_BSI_VPR_SECURE_SCRATCH_15:
        return gpu->bsi_scratch15;
    case NV_USABLE_FB_SIZE_MIB:
        return gpu->fb_size / MiB;
    case NV_PSTRAPS:
        return STRAPS_27MHZ;
    case NV_PDISP_VGA_WORKSPACE_BASE:
        return 0;                                       /* not valid */
    case NV_FUSE_OPT_SECURE_GSP_DEBUG_DIS:
    case NV_FUSE_STATUS_OPT_DISPLAY:
        return 1;
    }
    trace_ovg_bar0_unknown(fn->gfid, "read", addr, 0);
    return 0;
}

static void ovg_pf_write32(OvgFunction *fn, uint32_t addr, uint32_t val)
{
    OvgGpu *gpu = fn->gpu;

    if (addr >= NV_VF_FULL_PHYS_OFFSET &&
        addr < NV_VF_FULL_PHYS_OFFSET + NV_VF_BAR0_SIZE) {
        ovg_priv_write(fn, addr - NV_VF_FULL_PHYS_OFFSET, val);
        return;
    }
    if (addr >= NV_PGSP_FALCON_BASE &&
        addr < NV_PGSP_FALCON_BASE + NV_FALCON_SIZE) {
        ovg_falcon_write(gpu->gsp_falcon, addr - NV_PGSP_FALCON_BASE, val);
        return;
    }
    if (addr >= NV_PSEC_FALCON_BASE &&
        addr < NV_PSEC_FALCON_BASE + NV_FALCON_SIZE) {
        ovg_falcon_write(gpu->sec2_falcon, addr - NV_PSEC_FALCON_BASE, val);
        return;
    }
    if (addr >= NV_PCFG_MIRROR && addr < NV_PCFG_MIRROR + NV_PCFG_MIRROR_SIZE) {
        ovg_mirror_write(fn, addr - NV_PCFG_MIRROR, val);
        return;
    }
    if (addr >= NV_PBUS_VBIOS_SCRATCH(0) &&
        addr < NV_PBUS_VBIOS_SCRATCH(VBIOS_SCRATCHES)) {
        gpu->vbios_scratch[(addr - NV_PBUS_VBIOS_SCRATCH(0)) / 4] = val;
        return;
    }
    switch (addr) {
    case NV_PBUS_BAR0_WINDOW:
        ovg_pramin_base_write(gpu, val);
        return;
    case NV_PTIMER_INTR_0:
        return;
    case NV_PTIMER_INTR_EN_0:
        gpu->ptimer_intr_en = val;
        return;
    case NV_PTIMER_TIME_0:
        ovg_ptimer_set(gpu, (ovg_ptimer_ns(gpu) & ~0xffffffffull) |
                       TIME_LO(val));
        return;
    case NV_PTIMER_TIME_1:
        ovg_ptimer_set(gpu, (ovg_ptimer_ns(gpu) & 0xffffffffull) |
                       (uint64_t)(val & 0x1fffffff) << 32);
        return;
    case NV_PTIMER_ALARM_0:
        gpu->ptimer_alarm = val;
        return;
    case NV_PFB_NISO_FLUSH_SYSMEM_ADDR:
        gpu->niso_flush = val;
        return;
    case NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI:
        gpu->niso_flush_hi = val & 0x7f;
        return;
    case NV_PFB_PRI_MMU_WPR2_ADDR_LO:
    case NV_PFB_PRI_MMU_WPR2_ADDR_HI:
        ovg_refuse(gpu, "wpr2-write",
                   "host wrote 0x%x to the WPR2 register 0x%x", val, addr);
        return;
    }
    trace_ovg_bar0_unknown(fn->gfid, "write", addr, val);
}

/* ---- access sizes ---- */

typedef uint32_t (*OvgRead32)(OvgFunction *fn, uint32_t addr);
typedef void (*OvgWrite32)(OvgFunction *fn, uint32_t addr, uint32_t val);

static uint64_t ovg_sized_read(OvgFunction *fn, OvgRead32 rd, uint32_t addr,
                               unsigned size)
{
    if (size == 8) {
        uint64_t lo = rd(fn, addr);

        return lo | (uint64_t)rd(fn, addr + 4) << 32;
    }
    return extract32(rd(fn, addr & ~3u), (addr & 3) * 8, size * 8);
}

static void ovg_sized_write(OvgFunction *fn, OvgWrite32 wr, uint32_t addr,
                            uint64_t val, unsigned size)
{
    switch (size) {
    case 8:
        wr(fn, addr, val);
        wr(fn, addr + 4, val >> 32);
        break;
    case 4:
        wr(fn, addr, val);
        break;
    default:
        /* No register of ours takes a part of a word. */
        trace_ovg_bar0_unknown(fn->gfid, "sub-word write", addr, val);
        break;
    }
}

static uint64_t ovg_prom_read(OvgGpu *gpu, uint32_t off, unsigned size)
{
    size_t rom_size;
    const uint8_t *rom = ovg_vbios_rom(gpu, &rom_size);
    uint64_t val = 0;

    for (unsigned i = 0; i < size; i++) {
        uint8_t byte = off + i < rom_size ? rom[off + i] : 0xff;

        val |= (uint64_t)byte << (8 * i);
    }
    return val;
}

static uint64_t ovg_pf_bar0_read(void *opaque, hwaddr addr, unsigned size)
{
    OvgFunction *fn = opaque;
    uint64_t val;

    if (addr >= NV_PRAMIN && addr + size <= NV_PRAMIN + NV_PRAMIN_SIZE) {
        return ovg_pramin_read(fn->gpu, addr - NV_PRAMIN, size);
    }
    if (addr >= NV_PROM && addr + size <= NV_PROM + NV_PROM_SIZE) {
        return ovg_prom_read(fn->gpu, addr - NV_PROM, size);
    }
    val = ovg_sized_read(fn, ovg_pf_read32, addr, size);
    trace_ovg_bar0_read(fn->gfid, addr, val, size);
    return val;
}

static void ovg_pf_bar0_write(void *opaque, hwaddr addr, uint64_t val,
                              unsigned size)
{
    OvgFunction *fn = opaque;

    if (addr >= NV_PRAMIN && addr + size <= NV_PRAMIN + NV_PRAMIN_SIZE) {
        ovg_pramin_write(fn->gpu, addr - NV_PRAMIN, val, size);
        return;
    }
    trace_ovg_bar0_write(fn->gfid, addr, val, size);
    ovg_sized_write(fn, ovg_pf_write32, addr, val, size);
}

const MemoryRegionOps ovg_pf_bar0_ops = {
    .read = ovg_pf_bar0_read,
    .write = ovg_pf_bar0_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

/* ---- VF ---- */

/*
 * The first page of a VF's block answers the chip identification too: that is
 * where a driver reads it before it knows what it found (OpenRM osapi.c reads
 * PMC_BOOT_1, PMC_BOOT_0 and PMC_BOOT_42 of any BAR0).
 */
static uint32_t ovg_vf_read32(OvgFunction *fn, uint32_t addr)
{
    switch (addr) {
    case NV_PMC_BOOT_0:
        return BOOT_0_A1(fn->gpu->board->chip);
    case NV_PMC_BOOT_1:
        return NV_PMC_BOOT_1_VGPU_VF << 16;
    case NV_PMC_BOOT_42:
        return BOOT_42_A1(fn->gpu->board->chip);
    }
    return ovg_priv_read(fn, addr);
}

static uint64_t ovg_vf_bar0_read(void *opaque, hwaddr addr, unsigned size)
{
    OvgFunction *fn = opaque;
    uint64_t val = ovg_sized_read(fn, ovg_vf_read32, addr, size);

    trace_ovg_bar0_read(fn->gfid, addr, val, size);
    return val;
}

static void ovg_vf_bar0_write(void *opaque, hwaddr addr, uint64_t val,
                              unsigned size)
{
    OvgFunction *fn = opaque;

    trace_ovg_bar0_write(fn->gfid, addr, val, size);
    ovg_sized_write(fn, ovg_priv_write, addr, val, size);
}

const MemoryRegionOps ovg_vf_bar0_ops = {
    .read = ovg_vf_bar0_read,
    .write = ovg_vf_bar0_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

void ovg_bar0_reset(OvgFunction *fn)
{
    OvgGpu *gpu = fn->gpu;

    memset(fn->scratch, 0, sizeof(fn->scratch));
    memset(fn->bar1_block, 0, sizeof(fn->bar1_block));
    memset(fn->bar2_block, 0, sizeof(fn->bar2_block));
    fn->inval_pdb = 0;
    if (fn->gfid == 0) {
        gpu->ptimer_offset = 0;
        gpu->ptimer_intr_en = 0;
        gpu->ptimer_alarm = 0;
        gpu->niso_flush = 0;
        gpu->rom_ctrl = 0;
        ovg_pramin_base_write(gpu, 0);
    }
}
