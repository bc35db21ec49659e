/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The GSP and SEC2 falcons as the host sees them: memories filled by DMA,
 * boot ROM parameters, start, halt, reset, interrupts, and the RISC-V core
 * that shares the engine.  No instruction is executed: what a microcode does
 * once the boot ROM accepted it is in ovg_boot.c.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "ovg.h"
#include "ovg_falcon.h"
#include "trace.h"

/* Times that a driver has to wait for, in ns of virtual time. */
#define SCRUB_NS        20000           /* memory scrubbing after a reset */
#define RUN_NS          50000           /* a started microcode */

#define ENGINE_IN_RESET 0xbadf5620u     /* what the bus answers for it */

#define IMEMC           0x180
#define IMEM_PORTS      4
#define DMEMC           0x1c0
#define DMEM_PORTS      8
#define PORT_OFFS_MASK  0x00fffffc
#define PORT_AINCW      (1u << 24)
#define PORT_AINCR      (1u << 25)
#define RISCV_STARTCPU  0x00000001

static int64_t ovg_falcon_now(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* Status that reaches the interrupt tree: through either core's mask. */
static void ovg_falcon_irq_update(OvgFalcon *f, bool retrigger)
{
    uint32_t dest = ovg_falcon_stored(f, NV_PFALCON_FALCON_IRQDEST);
    uint32_t mask = f->irqmask & dest & 0xffff;
    bool line;

    if (f->riscv_irq) {
        mask |= NV_PFALCON_FALCON_IRQ_HALT | NV_PFALCON_FALCON_IRQ_SWGEN0;
    }
    line = f->irqstat & mask;
    if (line && (!f->irq_line || retrigger) && f->is_gsp) {
        ovg_intr_raise(f->gpu->fn[0], OVG_VECTOR_GSP_STALL);
    }
    f->irq_line = line;
}

/* Engine reset: both cores stop, memories are scrubbed. */
static void ovg_falcon_engine_reset(OvgFalcon *f)
{
    trace_ovg_falcon_reset(f->name);
    timer_del(&f->run);
    if (f->is_gsp) {
        ovg_gsp_stop(f->gpu);
    }
    memset(f->imem, 0, sizeof(f->imem));
    memset(f->dmem, 0, sizeof(f->dmem));
    memset(f->imem_valid, 0, sizeof(f->imem_valid));
    memset(f->imem_secure, 0, sizeof(f->imem_secure));
    memset(f->imem_tag, 0, sizeof(f->imem_tag));
    memset(f->reg, 0, sizeof(f->reg));
    f->imem_end = 0;
    f->dmem_end = 0;
    f->irqstat = 0;
    f->irqmask = 0;
    f->irq_line = false;
    f->halted = true;
    f->riscv_selected = false;
    f->riscv_active = false;
    f->riscv_irq = false;
    f->reg[NV_PRISCV_RISCV_BCR_CTRL / 4] = NV_PRISCV_RISCV_BCR_CTRL_BRFETCH;
    f->scrub_end = ovg_falcon_now() + SCRUB_NS;
}

static void ovg_falcon_run_done(void *opaque)
{
    OvgFalcon *f = opaque;

    ovg_boot_run(f);
    /* What ran in secure mode leaves nothing behind. */
    memset(f->imem, 0, sizeof(f->imem));
    memset(f->dmem, 0, sizeof(f->dmem));
    memset(f->imem_valid, 0, sizeof(f->imem_valid));
    f->imem_end = 0;
    f->dmem_end = 0;
    f->halted = true;
    f->irqstat |= NV_PFALCON_FALCON_IRQ_HALT;
    ovg_falcon_irq_update(f, false);
}

static void ovg_falcon_start(OvgFalcon *f)
{
    if (f->riscv_selected) {
        ovg_refuse(f->gpu, "falcon-start-core",
                   "%s: CPUCTL start while the RISC-V core is selected",
                   f->name);
        return;
    }
    if (!f->halted) {
        ovg_refuse(f->gpu, "falcon-start-running",
                   "%s: CPUCTL start while the CPU runs", f->name);
        return;
    }
    /* What it writes to system memory could not be flushed. */
    if (!f->gpu->niso_flush && !f->gpu->niso_flush_hi) {
        ovg_refuse(f->gpu, "sysmem-flush",
                   "%s: start without a page for system memory flushes", f->name);
        return;
    }
    if (!f->imem_end) {
        ovg_refuse(f->gpu, "falcon-start-empty",
                   "%s: CPUCTL start and nothing loaded since the last reset",
                   f->name);
        return;
    }
    f->halted = false;
    trace_ovg_falcon_start(f->name,
                           ovg_falcon_stored(f, NV_PFALCON_FALCON_BOOTVEC),
                           f->imem_end, f->dmem_end);
    timer_mod(&f->run, ovg_falcon_now() + RUN_NS);
}

/* One DMATRFCMD: a block from memory into IMEM or DMEM. */
static void ovg_falcon_dma(OvgFalcon *f, uint32_t cmd)
{
    uint32_t size = 4u << ((cmd >> 8) & 7);
    uint32_t ctx = (cmd >> 12) & 7;
    uint32_t moffs = ovg_falcon_stored(f, NV_PFALCON_FALCON_DMATRFMOFFS) &
                     0xffffff;
    uint32_t fboffs = ovg_falcon_stored(f, NV_PFALCON_FALCON_DMATRFFBOFFS);
    uint64_t addr = ovg_falcon_stored(f, NV_PFALCON_FALCON_DMATRFBASE);
    uint32_t cfg = ovg_falcon_stored(f, NV_PFALCON_FBIF_TRANSCFG(ctx));
    bool imem = cmd & NV_PFALCON_FALCON_DMATRFCMD_IMEM;
    bool ok;
    uint8_t buf[512];

    addr |= (uint64_t)(ovg_falcon_stored(f, NV_PFALCON_FALCON_DMATRFBASE1) &
                       0x1ff) << 32;
    addr = (addr << 8) + fboffs;

    if (cmd & NV_PFALCON_FALCON_DMATRFCMD_WRITE) {
        ovg_refuse(f->gpu, "falcon-dma-write",
                   "%s: DMA out of the falcon's memory is not for the host",
                   f->name);
        return;
    }
    if (ovg_falcon_now() < f->scrub_end) {
        ovg_refuse(f->gpu, "falcon-scrubbing",
                   "%s: DMA while memory is being scrubbed (HWCFG2 bit 12)",
                   f->name);
        return;
    }
    if (!f->halted || f->riscv_active) {
        ovg_refuse(f->gpu, "falcon-dma-running", "%s: DMA while the CPU runs",
                   f->name);
        return;
    }
    if (ovg_falcon_stored(f, NV_PFALCON_FALCON_DMACTL) & 1) {
        ovg_refuse(f->gpu, "falcon-dma-ctx",
                   "%s: DMA with DMACTL.REQUIRE_CTX set and no context",
                   f->name);
        return;
    }
    if (!(ovg_falcon_stored(f, NV_PFALCON_FBIF_CTL) &
          NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX) || !(cfg & 4)) {
        ovg_refuse(f->gpu, "falcon-dma-phys",
                   "%s: FBIF_CTL or FBIF_TRANSCFG(%u) does not allow physical "
                   "addresses without a context", f->name, ctx);
        return;
    }
    if (size > OVG_FALCON_BLOCK || moffs % size || fboffs % size ||
        (imem && size != OVG_FALCON_BLOCK) || moffs > OVG_FALCON_MEM - size) {
        ovg_refuse(f->gpu, "falcon-dma-range",
                   "%s: DMA of %u bytes to %s offset 0x%x from offset 0x%x",
                   f->name, size, imem ? "IMEM" : "DMEM", moffs, fboffs);
        return;
    }
    switch (cfg & 3) {
    case 0:
        ok = ovg_fb_read(f->gpu, addr, buf, size);
        break;
    case 1:
    case 2:
        ok = ovg_dma_read(f->gpu->fn[0], addr, buf, size);
        break;
    default:
        ovg_refuse(f->gpu, "falcon-dma-target", "%s: FBIF_TRANSCFG(%u) = 0x%x",
                   f->name, ctx, cfg);
        return;
    }
    if (!ok) {
        return;         /* refused by the reader; the memory stays as it is */
    }
    if (imem) {
        memcpy(f->imem + moffs, buf, size);
        f->imem_tag[moffs / OVG_FALCON_BLOCK] = fboffs >> 8;
        f->imem_valid[moffs / OVG_FALCON_BLOCK] = true;
        f->imem_secure[moffs / OVG_FALCON_BLOCK] =
            cmd & NV_PFALCON_FALCON_DMATRFCMD_SEC;
        f->imem_end = MAX(f->imem_end, moffs + size);
    } else {
        memcpy(f->dmem + moffs, buf, size);
        f->dmem_end = MAX(f->dmem_end, moffs + size);
    }
}

static uint32_t ovg_falcon_port(OvgFalcon *f, uint32_t ctl, uint32_t inc)
{
    uint32_t c = ovg_falcon_stored(f, ctl);
    uint32_t offs = c & PORT_OFFS_MASK;

    if (c & inc) {
        f->reg[ctl / 4] = (c & ~PORT_OFFS_MASK) | ((offs + 4) & PORT_OFFS_MASK);
    }
    return offs;
}

/* IMEMD and DMEMD behind IMEMC, IMEMT and DMEMC; true when @off is one. */
static bool ovg_falcon_port_data(OvgFalcon *f, uint32_t off, bool write,
                                 uint32_t *val)
{
    uint32_t offs;

    if (off >= IMEMC && off < IMEMC + 16 * IMEM_PORTS && (off & 0xf) == 4) {
        offs = ovg_falcon_port(f, off - 4, write ? PORT_AINCW : PORT_AINCR);
        if (offs > OVG_FALCON_MEM - 4) {
            *val = write ? *val : 0xdead5ec2;
        } else if (!write) {
            *val = f->imem_secure[offs / OVG_FALCON_BLOCK] ?
                   0xdead5ec1 : ldl_le_p(f->imem + offs);
        } else if (f->halted && !f->riscv_active) {
            stl_le_p(f->imem + offs, *val);
            f->imem_valid[offs / OVG_FALCON_BLOCK] = true;
            f->imem_secure[offs / OVG_FALCON_BLOCK] = false;
            f->imem_tag[offs / OVG_FALCON_BLOCK] =
                ovg_falcon_stored(f, (off & ~0xfu) + 8) & 0xffff;
            f->imem_end = MAX(f->imem_end,
                              ROUND_UP(offs + 4, OVG_FALCON_BLOCK));
        }
        return true;
    }
    if (off >= DMEMC && off < DMEMC + 8 * DMEM_PORTS && (off & 7) == 4) {
        offs = ovg_falcon_port(f, off - 4, write ? PORT_AINCW : PORT_AINCR);
        if (offs > OVG_FALCON_MEM - 4) {
            *val = write ? *val : 0xdead5ec2;
        } else if (!write) {
            *val = ldl_le_p(f->dmem + offs);
        } else if (f->halted && !f->riscv_active) {
            stl_le_p(f->dmem + offs, *val);
            f->dmem_end = MAX(f->dmem_end, offs + 4);
        }
        return true;
    }
    return false;
}

uint32_t ovg_falcon_read(OvgFalcon *f, uint32_t off)
{
    uint32_t val = 0;

    off &= (NV_FALCON_SIZE - 1) & ~3u;
    if (f->in_reset && off != NV_PFALCON_FALCON_ENGINE &&
        off != NV_PFALCON_FALCON_HWCFG2 && off != NV_PFALCON_FALCON_MAILBOX0) {
        return ENGINE_IN_RESET;
    }
    if (ovg_falcon_port_data(f, off, false, &val)) {
        return val;
    }
    switch (off) {
    case NV_PFALCON_FALCON_IRQSSET:
    case NV_PFALCON_FALCON_IRQSCLR:
    case NV_PFALCON_FALCON_IRQMSET:
    case NV_PFALCON_FALCON_IRQMCLR:
    case NV_PFALCON_FALCON_CPUCTL_ALIAS:
    case NV_PFALCON_FALCON_INTR_RETRIGGER:
        return 0;
    case NV_PFALCON_FALCON_IRQSTAT:
        return f->irqstat;
    case NV_PFALCON_FALCON_IRQMASK:
        return f->irqmask;
    case NV_PFALCON_FALCON_HWCFG2:
        val = NV_PFALCON_FALCON_HWCFG2_RESET_READY |
              NV_PFALCON_FALCON_HWCFG2_RISCV;
        if (f->in_reset || ovg_falcon_now() < f->scrub_end) {
            val |= NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING;
        }
        return val;
    case NV_PFALCON_FALCON_CPUCTL:
        return f->halted && !f->riscv_selected ?
               NV_PFALCON_FALCON_CPUCTL_HALTED : 0;
    case NV_PFALCON_FALCON_HWCFG:
        return OVG_FALCON_BLOCKS | OVG_FALCON_BLOCKS << 9;
    case NV_PFALCON_FALCON_HWCFG1:
        return 0x00000006 | 4 << 8 | 3 << 12;   /* core revision, ports */
    case NV_PFALCON_FALCON_DMATRFCMD:
        return (ovg_falcon_stored(f, off) &
                ~NV_PFALCON_FALCON_DMATRFCMD_FULL) |
               NV_PFALCON_FALCON_DMATRFCMD_IDLE;
    case NV_PFALCON_FALCON_ENGINE:
        return f->in_reset ? NV_PFALCON_FALCON_ENGINE_RESET : 0;
    case NV_PRISCV_RISCV_CPUCTL:
        if (!f->riscv_selected) {
            return 0;
        }
        return f->riscv_active ? NV_PRISCV_RISCV_CPUCTL_ACTIVE :
                                 NV_PRISCV_RISCV_CPUCTL_HALTED;
    case NV_PRISCV_RISCV_IRQMASK:
    case NV_PRISCV_RISCV_IRQDEST:
        return f->riscv_irq ? NV_PFALCON_FALCON_IRQ_HALT |
                              NV_PFALCON_FALCON_IRQ_SWGEN0 : 0;
    }
    if (f->is_gsp && off >= NV_PGSP_MAILBOX(0) &&
        off < NV_PGSP_MAILBOX(NV_PGSP_MAILBOX_COUNT)) {
        return ovg_gsp_mailbox_read(f->gpu, (off - NV_PGSP_MAILBOX(0)) / 4);
    }
    return ovg_falcon_stored(f, off);
}

static bool ovg_falcon_known(uint32_t off)
{
    switch (off) {
    case NV_PFALCON_FALCON_IRQDEST:
    case NV_PFALCON_FALCON_MAILBOX0:
    case NV_PFALCON_FALCON_MAILBOX1:
    case NV_PFALCON_FALCON_ITFEN:
    case NV_PFALCON_FALCON_OS:
    case NV_PFALCON_FALCON_RM:
    case NV_PFALCON_FALCON_BOOTVEC:
    case NV_PFALCON_FALCON_DMACTL:
    case NV_PFALCON_FALCON_DMATRFBASE:
    case NV_PFALCON_FALCON_DMATRFMOFFS:
    case NV_PFALCON_FALCON_DMATRFFBOFFS:
    case NV_PFALCON_FALCON_DMATRFBASE1:
    case NV_PFALCON_FBIF_TRANSCFG(0) ... NV_PFALCON_FBIF_TRANSCFG(7):
    case NV_PFALCON_FBIF_CTL:
    case NV_PFALCON2_FALCON_MOD_SEL:
    case NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID:
    case NV_PFALCON2_FALCON_BROM_ENGIDMASK:
    case NV_PFALCON2_FALCON_BROM_PARAADDR ...
         NV_PFALCON2_FALCON_BROM_PARAADDR + 12:
    case IMEMC ... IMEMC + 16 * IMEM_PORTS - 1:
    case DMEMC ... DMEMC + 8 * DMEM_PORTS - 1:
        return true;
    }
    return false;
}

void ovg_falcon_write(OvgFalcon *f, uint32_t off, uint32_t val)
{
    off &= (NV_FALCON_SIZE - 1) & ~3u;
    trace_ovg_falcon_write(f->name, off, val);

    if (off == NV_PFALCON_FALCON_ENGINE) {
        bool reset = val & NV_PFALCON_FALCON_ENGINE_RESET;

        if (reset != f->in_reset) {
            f->in_reset = reset;
            /* in and out: memory is scrubbed once the reset is released */
            ovg_falcon_engine_reset(f);
        }
        return;
    }
    if (f->in_reset) {
        /* A handler on another CPU may come late: its writes are lost, no more. */
        if (off != NV_PFALCON_FALCON_MAILBOX0 && off != NV_PFALCON_FALCON_IRQSCLR &&
            off != NV_PFALCON_FALCON_IRQMCLR && off != NV_PFALCON_FALCON_INTR_RETRIGGER) {
            ovg_refuse(f->gpu, "falcon-in-reset",
                       "%s: write 0x%x to register 0x%x while held in reset",
                       f->name, val, off);
        }
        return;
    }
    if (ovg_falcon_port_data(f, off, true, &val)) {
        return;
    }
    switch (off) {
    case NV_PFALCON_FALCON_IRQSSET:
        f->irqstat |= val;
        ovg_falcon_irq_update(f, false);
        return;
    case NV_PFALCON_FALCON_IRQSCLR:
        f->irqstat &= ~val;
        ovg_falcon_irq_update(f, false);
        return;
    case NV_PFALCON_FALCON_IRQMSET:
        f->irqmask |= val;
        ovg_falcon_irq_update(f, false);
        return;
    case NV_PFALCON_FALCON_IRQMCLR:
        f->irqmask &= ~val;
        ovg_falcon_irq_update(f, false);
        return;
    case NV_PFALCON_FALCON_CPUCTL:
        if (val & NV_PFALCON_FALCON_CPUCTL_STARTCPU) {
            ovg_falcon_start(f);
        }
        return;
    case NV_PFALCON_FALCON_CPUCTL_ALIAS:
        /* ALIAS_EN of CPUCTL is never set here */
        ovg_refuse(f->gpu, "falcon-alias",
                   "%s: CPUCTL_ALIAS used while CPUCTL.ALIAS_EN reads 0",
                   f->name);
        return;
    case NV_PFALCON_FALCON_DMATRFCMD:
        f->reg[off / 4] = val;
        ovg_falcon_dma(f, val);
        return;
    case NV_PFALCON_FALCON_INTR_RETRIGGER:
        if (val & 1) {
            ovg_falcon_irq_update(f, true);
        }
        return;
    case NV_PRISCV_RISCV_CPUCTL:
        if (val & RISCV_STARTCPU) {
            ovg_refuse(f->gpu, "riscv-start",
                       "%s: the RISC-V core starts an authenticated image only, "
                       "through booter", f->name);
        }
        return;
    case NV_PRISCV_RISCV_BCR_CTRL:
        f->riscv_selected = val & NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV;
        f->reg[off / 4] = (val & (NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV |
                                  NV_PRISCV_RISCV_BCR_CTRL_BRFETCH)) |
                          NV_PRISCV_RISCV_BCR_CTRL_VALID;
        return;
    case NV_PFALCON_FALCON_IRQSTAT:
    case NV_PFALCON_FALCON_IRQMASK:
    case NV_PFALCON_FALCON_HWCFG:
    case NV_PFALCON_FALCON_HWCFG1:
    case NV_PFALCON_FALCON_HWCFG2:
    case NV_PRISCV_RISCV_IRQMASK:
    case NV_PRISCV_RISCV_IRQDEST:
        return;                         /* read-only */
    }
    if (f->is_gsp && off >= NV_PGSP_QUEUE_HEAD(0) &&
        off < NV_PGSP_QUEUE_HEAD(8)) {
        f->reg[off / 4] = val;
        if (off == NV_PGSP_QUEUE_HEAD(0)) {
            ovg_gsp_doorbell(f->gpu);
        }
        return;
    }
    if (f->is_gsp && off >= NV_PGSP_MAILBOX(0) &&
        off < NV_PGSP_MAILBOX(NV_PGSP_MAILBOX_COUNT)) {
        ovg_gsp_mailbox_write(f->gpu, (off - NV_PGSP_MAILBOX(0)) / 4, val);
        return;
    }
    if (!ovg_falcon_known(off)) {
        trace_ovg_bar0_unknown(0, "write", f->base + off, val);
    }
    f->reg[off / 4] = val;
}

void ovg_falcon_set_mailbox(OvgFalcon *f, unsigned n, uint32_t val)
{
    f->reg[(n ? NV_PFALCON_FALCON_MAILBOX1 : NV_PFALCON_FALCON_MAILBOX0) / 4] =
        val;
}

uint32_t ovg_falcon_mailbox(OvgFalcon *f, unsigned n)
{
    return ovg_falcon_stored(f, n ? NV_PFALCON_FALCON_MAILBOX1 :
                                    NV_PFALCON_FALCON_MAILBOX0);
}

void ovg_falcon_raise_swgen0(OvgFalcon *f)
{
    f->irqstat |= NV_PFALCON_FALCON_IRQ_SWGEN0;
    ovg_falcon_irq_update(f, false);
}

void ovg_falcon_raise_halt(OvgFalcon *f)
{
    f->riscv_active = false;
    f->irqstat |= NV_PFALCON_FALCON_IRQ_HALT;
    ovg_falcon_irq_update(f, false);
}

void ovg_falcon_raise_report(OvgFalcon *f)
{
    f->irqstat |= NV_PFALCON_FALCON_IRQ_HALT;
    ovg_falcon_irq_update(f, false);
}

void ovg_falcon_riscv_start(OvgFalcon *f, bool pass)
{
    f->riscv_active = pass;
    f->riscv_irq = pass;
}

void ovg_falcon_riscv_reset(OvgFalcon *f)
{
    ovg_falcon_engine_reset(f);
    f->riscv_selected = true;
}

void ovg_falcon_reset(OvgFalcon *f)
{
    f->in_reset = false;
    ovg_falcon_engine_reset(f);
    f->scrub_end = 0;                   /* GFW finished long ago */
}

OvgFalcon *ovg_falcon_new(OvgGpu *gpu, const char *name, uint32_t base)
{
    OvgFalcon *f = g_new0(OvgFalcon, 1);

    f->gpu = gpu;
    f->name = name;
    f->base = base;
    f->is_gsp = base == NV_PGSP_FALCON_BASE;
    f->halted = true;
    f->reg[NV_PRISCV_RISCV_BCR_CTRL / 4] = NV_PRISCV_RISCV_BCR_CTRL_BRFETCH;
    timer_init_ns(&f->run, QEMU_CLOCK_VIRTUAL, ovg_falcon_run_done, f);
    return f;
}
