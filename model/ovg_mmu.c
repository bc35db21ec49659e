/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GMMU of the L40 model: VER2 page tables, and the BAR windows behind them.
 *
 * Page table format: dev_mmu.h of NVIDIA's published Turing headers and
 * nouveau's vmmgp100.c.  Instance block: dev_ram.h.  BAR block registers:
 * nouveau's bar/tu102.c.
 *
 * A BAR is an IOMMU memory region.  A page that maps writable FB leads straight
 * to the RAM of the framebuffer, so that the CPU's accesses run at full speed;
 * anything else (system memory, read-only, sparse, unmapped) leads into one
 * slow region, which walks the tables anew at every access.  TLBs of the
 * emulated CPUs are the only cache of a translation, and ovg_mmu_flush()
 * empties them whenever one may have changed.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "ovg_engine.h"
#include "exec/address-spaces.h"
#include "exec/cputlb.h"
#include "hw/core/cpu.h"
#include "qemu/main-loop.h"
#include "system/tcg.h"
#include "common/mmu.h"
#include "trace.h"

#define TYPE_OVG_BAR_IOMMU      "ovg-bar-iommu"

#define PD1_PAGE_SHIFT          29      /* 512 MiB */
#define PD0_PAGE_SHIFT          21      /* 2 MiB */
#define LEAF_MAX                512     /* entries of the longest table */

/*
 * Slow region: one slot of 1 TiB for each BAR of each function.  It lies in the
 * address space of the CPUs, where alone their TLBs can hold I/O, but at
 * addresses that no CPU has the bits to name.
 */
#define SLOT_SHIFT              40
#define SLOTS                   (OVG_MAX_GFID * 2)
#define SLOW_BASE               (1ULL << 58)
#define SLOW_SIZE               ((uint64_t)SLOTS << SLOT_SHIFT)
#define SLOW_GPUS               ((1ULL << 60) / SLOW_SIZE)

/* BAR type in RPC UPDATE_BAR_PDE (NV_RPC_UPDATE_PDE_BAR_TYPE) */
#define BAR_PDE_BAR1            0
#define BAR_PDE_BAR2            1

struct OvgBarMmu {
    IOMMUMemoryRegion iommu;
    OvgFunction *fn;
    uint64_t size;
    uint32_t slot;
    bool is_bar1;
    bool rooted;                /* PF: @root is valid */
    uint64_t root;              /* PF: FB address of the PD3 */
    uint64_t logged_page;       /* last page whose fault was logged, + 1 */
};

struct OvgMmu {
    MemoryRegion slow;
    uint64_t slow_base;
    OvgBarMmu *bar[SLOTS];
    bool in_bar_walk;
};

/* ---- page table walk ---- */

static bool mmu_read(OvgFunction *fn, OvgAperture ap, uint64_t addr, void *buf,
                     uint64_t len, const char **why)
{
    uint64_t spa, run;

    if (ap == OVG_AP_SYS) {
        if (!ovg_dma_read(fn, addr, buf, len)) {
            *why = "page table in system memory is out of reach";
            return false;
        }
        return true;
    }
    if (!ovg_vmmu_translate(fn->gpu, fn->gfid, addr, &spa, &run) || run < len) {
        *why = "page table lies outside the function's framebuffer";
        return false;
    }
    return ovg_fb_read(fn->gpu, spa, buf, len);
}

static void xlate_sparse(OvgXlate *x, uint64_t run)
{
    x->aperture = OVG_AP_NONE;
    x->addr = 0;
    x->run = run;
    x->writable = true;
}

/*
 * Address in a directory entry.  @big: pointer to a table of big pages.
 * False: the entry points nowhere.
 */
static bool pde_target(uint64_t e, bool big, OvgAperture *ap, uint64_t *addr)
{
    switch (NV_MMU_PDE_APERTURE(e)) {
    case NV_MMU_PDE_APERTURE_VRAM:
        *ap = OVG_AP_FB;
        *addr = big ? NV_MMU_PD0_BIG_ADDR_VRAM(e) : NV_MMU_PDE_ADDR_VRAM(e);
        return true;
    case NV_MMU_PDE_APERTURE_SYS_COH:
    case NV_MMU_PDE_APERTURE_SYS_NCOH:
        *ap = OVG_AP_SYS;
        *addr = big ? NV_MMU_PD0_BIG_ADDR_SYS(e) : NV_MMU_PDE_ADDR_SYS(e);
        return true;
    default:
        return false;
    }
}

/* What one valid PTE says, before VMMU. */
static bool pte_decode(uint64_t e, uint64_t size, OvgXlate *x, const char **why)
{
    switch (NV_MMU_PTE_APERTURE(e)) {
    case NV_MMU_PTE_APERTURE_VRAM:
        x->aperture = OVG_AP_FB;
        x->addr = NV_MMU_PTE_ADDR_VRAM(e);
        break;
    case NV_MMU_PTE_APERTURE_SYS_COH:
    case NV_MMU_PTE_APERTURE_SYS_NCOH:
        x->aperture = OVG_AP_SYS;
        x->addr = NV_MMU_PTE_ADDR_SYS(e);
        break;
    default:
        *why = "peer aperture";
        return false;
    }
    if (x->addr & (size - 1)) {
        *why = "address of the PTE is not aligned to its page";
        return false;
    }
    x->writable = !(e & NV_MMU_PTE_READ_ONLY);
    return true;
}

/*
 * @tbl[0] translates @va; entries follow each other @stride words apart.
 * Fills @x for @va up to the end of the page or of the contiguous pages.
 */
static bool pte_run(const uint64_t *tbl, unsigned n, unsigned stride,
                    unsigned shift, uint64_t va, bool write, OvgXlate *x,
                    const char **why)
{
    uint64_t size = 1ULL << shift, off = va & (size - 1);
    const char *ignored;
    unsigned i;

    if (!pte_decode(tbl[0], size, x, why)) {
        return false;
    }
    if (write && !x->writable) {
        *why = "page is read-only";
        return false;
    }
    x->run = size;
    for (i = 1; i < n; i++) {
        OvgXlate next;
        uint64_t e = tbl[i * stride];

        if (!(e & NV_MMU_PTE_VALID) || !pte_decode(e, size, &next, &ignored) ||
            next.aperture != x->aperture || next.writable != x->writable ||
            next.addr != x->addr + x->run) {
            break;
        }
        x->run += size;
    }
    x->addr += off;
    x->run -= off;
    return true;
}

static bool pte_table(OvgFunction *fn, OvgAperture ap, uint64_t table,
                      unsigned shift, unsigned entries, uint64_t va, bool write,
                      bool merge, uint64_t *first, OvgXlate *x,
                      const char **why)
{
    uint64_t tbl[LEAF_MAX];
    unsigned idx = (va >> shift) & (entries - 1);
    unsigned n = merge ? entries - idx : 1;
    unsigned i;

    if (!mmu_read(fn, ap, table + 8ULL * idx, tbl, 8 * n, why)) {
        *first = 0;
        return false;
    }
    for (i = 0; i < n; i++) {
        tbl[i] = le64_to_cpu(tbl[i]);
    }
    *first = tbl[0];
    if (!(tbl[0] & NV_MMU_PTE_VALID)) {
        *why = "PTE is not valid";
        return false;
    }
    return pte_run(tbl, n, 1, shift, va, write, x, why);
}

static uint64_t to_end(uint64_t va, unsigned shift)
{
    return (1ULL << shift) - (va & ((1ULL << shift) - 1));
}

/* The last two levels: dual directory entry, big and small tables. */
static bool walk_pd0(OvgFunction *fn, OvgAperture ap, uint64_t table,
                     uint64_t va, bool write, bool merge, OvgXlate *x,
                     const char **why)
{
    uint64_t pd[2 * NV_MMU_PD0_ENTRIES], e, addr;
    unsigned idx = (va >> NV_MMU_PD0_SHIFT) & (NV_MMU_PD0_ENTRIES - 1);
    unsigned n = merge ? NV_MMU_PD0_ENTRIES - idx : 1;
    bool big_sparse = false;
    OvgAperture tap;
    unsigned i;

    if (!mmu_read(fn, ap, table + (uint64_t)NV_MMU_PD0_ENTRY_SIZE * idx, pd,
                  NV_MMU_PD0_ENTRY_SIZE * n, why)) {
        return false;
    }
    for (i = 0; i < 2 * n; i++) {
        pd[i] = le64_to_cpu(pd[i]);
    }

    if (pd[0] & NV_MMU_PDE_IS_PTE) {
        return pte_run(pd, n, 2, PD0_PAGE_SHIFT, va, write, x, why);
    }
    if (pde_target(pd[0], true, &tap, &addr)) {
        if (pte_table(fn, tap, addr, NV_MMU_BIG_PT_SHIFT, NV_MMU_BIG_PT_ENTRIES,
                      va, write, merge, &e, x, why)) {
            return true;
        }
        if (e & NV_MMU_PTE_VALID) {
            return false;
        }
        if (e & NV_MMU_PTE_PRIV) {
            *why = "big PTE is not valid and hides the small page table";
            return false;
        }
        big_sparse = e & NV_MMU_PTE_VOL;
    }
    if (pde_target(pd[1], false, &tap, &addr)) {
        if (pte_table(fn, tap, addr, NV_MMU_SMALL_PT_SHIFT,
                      NV_MMU_SMALL_PT_ENTRIES, va, write, merge, &e, x, why)) {
            return true;
        }
        if (e & NV_MMU_PTE_VALID) {
            return false;
        }
        if (e & NV_MMU_PTE_VOL) {
            xlate_sparse(x, to_end(va, NV_MMU_SMALL_PT_SHIFT));
            return true;
        }
    }
    if (big_sparse) {
        /* a small page may still hide in it: answer for one at a time */
        xlate_sparse(x, to_end(va, NV_MMU_SMALL_PT_SHIFT));
        return true;
    }
    if ((pd[0] | pd[1]) & NV_MMU_PDE_VOL &&
        !NV_MMU_PDE_APERTURE(pd[0]) && !NV_MMU_PDE_APERTURE(pd[1])) {
        xlate_sparse(x, to_end(va, NV_MMU_PD0_SHIFT));
        return true;
    }
    *why = "PTE is not valid";
    return false;
}

/* Guest physical to system address of what a walk found. */
static bool xlate_vmmu(OvgFunction *fn, OvgXlate *x, const char **why)
{
    uint64_t spa, run;

    if (x->aperture != OVG_AP_FB) {
        return true;
    }
    if (!ovg_vmmu_translate(fn->gpu, fn->gfid, x->addr, &spa, &run)) {
        *why = "address is outside the function's framebuffer";
        return false;
    }
    x->addr = spa;
    x->run = MIN(x->run, run);
    return true;
}

bool ovg_gmmu_walk(OvgFunction *fn, OvgAperture root_ap, uint64_t root,
                   uint64_t va, bool write, bool merge, OvgXlate *x,
                   const char **why)
{
    static const struct {
        unsigned shift, entries;
    } level[] = {
        { NV_MMU_PD3_SHIFT, NV_MMU_PD3_ENTRIES },
        { NV_MMU_PD2_SHIFT, NV_MMU_PD2_ENTRIES },
        { NV_MMU_PD1_SHIFT, NV_MMU_PD1_ENTRIES },
    };
    OvgAperture ap = root_ap;
    uint64_t table = root, e;
    unsigned i, idx;

    if (va >> NV_MMU_VA_BITS) {
        *why = "address has more than 49 bits";
        return false;
    }
    for (i = 0; i < ARRAY_SIZE(level); i++) {
        idx = (va >> level[i].shift) & (level[i].entries - 1);
        if (!mmu_read(fn, ap, table + 8ULL * idx, &e, sizeof(e), why)) {
            return false;
        }
        e = le64_to_cpu(e);
        if (e & NV_MMU_PDE_IS_PTE) {
            if (level[i].shift != PD1_PAGE_SHIFT) {
                *why = "PTE at a level that has none";
                return false;
            }
            return pte_run(&e, 1, 1, PD1_PAGE_SHIFT, va, write, x, why) &&
                   xlate_vmmu(fn, x, why);
        }
        if (!pde_target(e, false, &ap, &table)) {
            if (e & NV_MMU_PDE_VOL) {
                xlate_sparse(x, to_end(va, level[i].shift));
                return true;
            }
            *why = "PDE is not valid";
            return false;
        }
    }
    return walk_pd0(fn, ap, table, va, write, merge, x, why) &&
           xlate_vmmu(fn, x, why);
}

bool ovg_gmmu_translate(OvgFunction *fn, uint64_t pdb, uint64_t va, bool write,
                        OvgXlate *x)
{
    const char *why = "";

    if (!ovg_gmmu_walk(fn, OVG_AP_FB, pdb, va, write, true, x, &why)) {
        ovg_refuse(fn->gpu, "gmmu-fault", "gfid %u: %s of VA 0x%" PRIx64
                   ", PDB 0x%" PRIx64 ": %s", fn->gfid,
                   write ? "write" : "read", va, pdb, why);
        return false;
    }
    return true;
}

bool ovg_gmmu_physical(OvgFunction *fn, OvgAperture ap, uint64_t addr,
                       OvgXlate *x, const char **why)
{
    x->aperture = ap;
    x->addr = addr;
    x->writable = true;
    /* no address of either aperture has more than 52 bits */
    if (addr >> 52) {
        *why = "physical address has more than 52 bits";
        return false;
    }
    x->run = (1ULL << 52) - addr;
    return xlate_vmmu(fn, x, why);
}

bool ovg_xlate_read(OvgFunction *fn, const OvgXlate *x, void *buf, uint64_t len)
{
    switch (x->aperture) {
    case OVG_AP_FB:
        return ovg_fb_read(fn->gpu, x->addr, buf, len);
    case OVG_AP_SYS:
        return ovg_dma_read(fn, x->addr, buf, len);
    default:
        memset(buf, 0, len);            /* sparse */
        return true;
    }
}

bool ovg_xlate_write(OvgFunction *fn, const OvgXlate *x, const void *buf,
                     uint64_t len)
{
    switch (x->aperture) {
    case OVG_AP_FB:
        return ovg_fb_write(fn->gpu, x->addr, buf, len);
    case OVG_AP_SYS:
        return ovg_dma_write(fn, x->addr, buf, len);
    default:
        return true;                    /* sparse */
    }
}

/* ---- BAR windows ---- */

static void mmu_flush_cpu(CPUState *cpu, run_on_cpu_data data)
{
    tlb_flush(cpu);
}

void ovg_mmu_flush(OvgGpu *gpu)
{
    CPUState *cpu;

    trace_ovg_mmu_flush();
    if (!tcg_enabled()) {
        return;         /* the CPU's accesses come through the memory API */
    }
    /*
     * On the CPU's own thread: the tables that its generated code reads must
     * not be resized under it, which an UNMAP notification from this thread
     * would do.
     */
    CPU_FOREACH(cpu) {
        async_run_on_cpu(cpu, mmu_flush_cpu, RUN_ON_CPU_NULL);
    }
}

/* PD3 of a BAR that works through an instance block. */
static bool bar_inst_root(OvgBarMmu *bar, uint32_t block, OvgAperture *ap,
                          uint64_t *root, const char **why)
{
    OvgAperture iap;
    uint64_t v;

    switch (NV_VF_PRIV_BAR_BLOCK_TARGET(block)) {
    case NV_VF_PRIV_BAR_BLOCK_TARGET_FB:
        iap = OVG_AP_FB;
        break;
    case NV_VF_PRIV_BAR_BLOCK_TARGET_SYS_COH:
    case NV_VF_PRIV_BAR_BLOCK_TARGET_SYS_NCOH:
        iap = OVG_AP_SYS;
        break;
    default:
        *why = "BAR block register has an invalid target";
        return false;
    }
    if (!mmu_read(bar->fn, iap,
                  NV_VF_PRIV_BAR_BLOCK_PTR(block) + NV_RAMIN_PAGE_DIR_BASE,
                  &v, sizeof(v), why)) {
        *why = "instance block is out of reach";
        return false;
    }
    return ovg_inst_pdb(le64_to_cpu(v), ap, root, why);
}

bool ovg_inst_pdb(uint64_t v, OvgAperture *ap, uint64_t *root, const char **why)
{
    if (!(v & NV_RAMIN_PDB_VER2)) {
        *why = "instance block does not say VER2 page tables";
        return false;
    }
    switch (NV_RAMIN_PDB_TARGET(v)) {
    case NV_RAMIN_PDB_TARGET_VRAM:
        *ap = OVG_AP_FB;
        break;
    case NV_RAMIN_PDB_TARGET_SYS_COH:
    case NV_RAMIN_PDB_TARGET_SYS_NCOH:
        *ap = OVG_AP_SYS;
        break;
    default:
        *why = "instance block has an invalid page directory target";
        return false;
    }
    *root = NV_RAMIN_PDB_ADDR(v);
    return true;
}

/*
 * Where @off of the window leads.  @quiet: a fault that hardware also answers
 * without a word (BAR2 of the PF while nobody has activated it).
 */
static bool bar_walk_locked(OvgBarMmu *bar, uint64_t off, bool write,
                            OvgXlate *x, const char **why, bool *quiet)
{
    OvgFunction *fn = bar->fn;
    OvgAperture ap = OVG_AP_FB;
    uint64_t root, e;
    uint32_t block;

    *quiet = false;
    if (fn->gfid == 0) {
        if (!bar->rooted) {
            if (bar->is_bar1) {
                *why = "GSP has not set up BAR1 yet";
                return false;
            }
            /* BAR2 comes out of reset in physical mode */
            return ovg_gmmu_physical(fn, OVG_AP_FB, off, x, why);
        }
        if (!bar->is_bar1 &&
            ovg_fb_read(fn->gpu, bar->root, &e, sizeof(e)) && !e) {
            *quiet = true;
        }
        return ovg_gmmu_walk(fn, OVG_AP_FB, bar->root, off, write, false, x,
                             why);
    }

    block = bar->is_bar1 ? fn->bar1_block[0] : fn->bar2_block[0];
    if (!(block & NV_VF_PRIV_BAR_BLOCK_VIRTUAL)) {
        return ovg_gmmu_physical(fn, OVG_AP_FB, off, x, why);
    }
    return bar_inst_root(bar, block, &ap, &root, why) &&
           ovg_gmmu_walk(fn, ap, root, off, write, false, x, why);
}

static bool bar_walk(OvgBarMmu *bar, uint64_t off, bool write, OvgXlate *x,
                     const char **why, bool *quiet)
{
    OvgMmu *mmu = bar->fn->gpu->mmu;
    bool ok;

    /* page tables in system memory whose address is a BAR again: no end */
    if (mmu->in_bar_walk) {
        *quiet = false;
        *why = "page tables lead back into a BAR";
        return false;
    }
    mmu->in_bar_walk = true;
    ok = bar_walk_locked(bar, off, write, x, why, quiet);
    mmu->in_bar_walk = false;
    return ok;
}

static void bar_fault(OvgBarMmu *bar, uint64_t off, bool write, bool quiet,
                      const char *why)
{
    uint64_t page = (off & ~OVG_PAGE_MASK) + 1;

    trace_ovg_bar_fault(bar->fn->gfid, bar->is_bar1 ? 1 : 2, off, write, why);
    /* one line for a page, or memcpy() to a dead window floods the log */
    if (quiet || bar->logged_page == page) {
        return;
    }
    bar->logged_page = page;
    ovg_refuse(bar->fn->gpu, "bar-fault", "gfid %u: %s of BAR%u+0x%" PRIx64
               ": %s", bar->fn->gfid, write ? "write" : "read",
               bar->is_bar1 ? 1 : 2, off, why);
}

static IOMMUTLBEntry bar_translate(IOMMUMemoryRegion *iommu, hwaddr addr,
                                   IOMMUAccessFlags flag, int iommu_idx)
{
    OvgBarMmu *bar = container_of(iommu, OvgBarMmu, iommu);
    OvgGpu *gpu = bar->fn->gpu;
    uint64_t page = addr & ~OVG_PAGE_MASK;
    IOMMUTLBEntry e = {
        .iova = page,
        .addr_mask = OVG_PAGE_MASK,
        .perm = IOMMU_RW,
        .target_as = &address_space_memory,
        .translated_addr = gpu->mmu->slow_base +
                           ((uint64_t)bar->slot << SLOT_SHIFT) + page,
    };
    const char *why = "";
    bool quiet;
    OvgXlate x;

    /* an emulated CPU fills its TLB without the lock */
    BQL_LOCK_GUARD();

    if (bar_walk(bar, page, false, &x, &why, &quiet) &&
        x.aperture == OVG_AP_FB && x.writable && x.run >= OVG_PAGE_SIZE) {
        e.target_as = ovg_fb_as(gpu);
        e.translated_addr = x.addr;
        bar->logged_page = 0;
    }
    return e;
}

static OvgBarMmu *slow_bar(OvgGpu *gpu, hwaddr addr, unsigned size,
                           uint64_t *off)
{
    uint64_t slot = addr >> SLOT_SHIFT;
    OvgBarMmu *bar = slot < SLOTS ? gpu->mmu->bar[slot] : NULL;

    *off = addr & ((1ULL << SLOT_SHIFT) - 1);
    if (!bar || *off >= bar->size || size > bar->size - *off) {
        return NULL;
    }
    return bar;
}

static uint64_t slow_read(void *opaque, hwaddr addr, unsigned size)
{
    OvgGpu *gpu = opaque;
    uint64_t off, val = 0;
    OvgBarMmu *bar = slow_bar(gpu, addr, size, &off);
    const char *why = "";
    bool quiet = false;
    OvgXlate x;

    if (!bar) {
        return ~0ULL;
    }
    if (!bar_walk(bar, off, false, &x, &why, &quiet)) {
        bar_fault(bar, off, false, quiet, why);
        return quiet ? 0 : ~0ULL;
    }
    if (x.run < size) {
        bar_fault(bar, off, false, false, "access crosses a page");
        return ~0ULL;
    }
    if (!ovg_xlate_read(bar->fn, &x, &val, size)) {
        return ~0ULL;
    }
    return le64_to_cpu(val);
}

static void slow_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    OvgGpu *gpu = opaque;
    uint64_t off;
    OvgBarMmu *bar = slow_bar(gpu, addr, size, &off);
    const char *why = "";
    bool quiet = false;
    OvgXlate x;

    if (!bar) {
        return;
    }
    if (!bar_walk(bar, off, true, &x, &why, &quiet)) {
        bar_fault(bar, off, true, quiet, why);
        return;
    }
    if (x.run < size) {
        bar_fault(bar, off, true, false, "access crosses a page");
        return;
    }
    val = cpu_to_le64(val);
    ovg_xlate_write(bar->fn, &x, &val, size);
}

static const MemoryRegionOps slow_ops = {
    .read = slow_read,
    .write = slow_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static OvgMmu *mmu_get(OvgGpu *gpu)
{
    if (!gpu->mmu) {
        Object *owner = gpu->fn[0] && gpu->fn[0]->pdev ?
                        OBJECT(gpu->fn[0]->pdev) : NULL;

        static unsigned gpus;

        gpu->mmu = g_new0(OvgMmu, 1);
        gpu->mmu->slow_base = SLOW_BASE + SLOW_SIZE * (gpus++ % SLOW_GPUS);
        memory_region_init_io(&gpu->mmu->slow, owner, &slow_ops, gpu,
                              "ovg-bar-slow", SLOW_SIZE);
        memory_region_add_subregion(get_system_memory(), gpu->mmu->slow_base,
                                    &gpu->mmu->slow);
    }
    return gpu->mmu;
}

OvgBarMmu *ovg_bar_mmu_new(OvgFunction *fn, const char *name, uint64_t size,
                           bool is_bar1)
{
    OvgMmu *mmu = mmu_get(fn->gpu);
    OvgBarMmu *bar = g_new0(OvgBarMmu, 1);

    assert(fn->gfid < OVG_MAX_GFID && size <= 1ULL << SLOT_SHIFT);
    bar->fn = fn;
    bar->size = size;
    bar->is_bar1 = is_bar1;
    bar->slot = fn->gfid * 2 + (is_bar1 ? 0 : 1);
    mmu->bar[bar->slot] = bar;
    memory_region_init_iommu(&bar->iommu, sizeof(bar->iommu),
                             TYPE_OVG_BAR_IOMMU, OBJECT(fn->pdev), name, size);
    return bar;
}

MemoryRegion *ovg_bar_mmu_region(OvgBarMmu *bar)
{
    return MEMORY_REGION(&bar->iommu);
}

void ovg_bar_mmu_reset(OvgBarMmu *bar)
{
    OvgFunction *fn = bar->fn;

    bar->rooted = false;
    bar->root = 0;
    bar->logged_page = 0;
    if (bar->is_bar1) {
        memset(fn->bar1_block, 0, sizeof(fn->bar1_block));
    } else {
        memset(fn->bar2_block, 0, sizeof(fn->bar2_block));
    }
    ovg_mmu_flush(fn->gpu);
}

void ovg_mmu_set_bar_roots(OvgGpu *gpu, uint64_t bar1_pde_base,
                           uint64_t bar2_pde_base)
{
    uint64_t addr[2] = { bar1_pde_base, bar2_pde_base };
    OvgBarMmu *bar[2] = { gpu->fn[0]->bar1, gpu->fn[0]->bar3 };
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(bar); i++) {
        if (!bar[i]) {
            continue;
        }
        bar[i]->logged_page = 0;
        bar[i]->root = addr[i];
        /* a fresh directory: whatever lay there maps nothing */
        bar[i]->rooted = addr[i] &&
                         ovg_fb_fill(gpu, addr[i], 0, OVG_PAGE_SIZE);
    }
    ovg_mmu_flush(gpu);
}

void ovg_mmu_update_bar_pde(OvgGpu *gpu, uint32_t bar_type, uint64_t entry,
                            uint64_t shift)
{
    OvgBarMmu *bar;
    OvgAperture ap;
    uint64_t addr, spa, run, le;

    switch (bar_type) {
    case BAR_PDE_BAR1:
        bar = gpu->fn[0]->bar1;
        break;
    case BAR_PDE_BAR2:
        bar = gpu->fn[0]->bar3;
        break;
    default:
        ovg_refuse(gpu, "bar-pde-type", "UPDATE_BAR_PDE: bar type %u",
                   bar_type);
        return;
    }
    if (!bar || !bar->rooted) {
        ovg_refuse(gpu, "bar-pde-unrooted", "UPDATE_BAR_PDE before GSP has a "
                   "page directory for this BAR");
        return;
    }
    if (shift != NV_MMU_PD3_SHIFT) {
        ovg_refuse(gpu, "bar-pde-shift", "UPDATE_BAR_PDE: level shift %" PRIu64
                   ", only %u is GSP's to patch", shift, NV_MMU_PD3_SHIFT);
        return;
    }
    if (entry &&
        ((entry & NV_MMU_PDE_IS_PTE) ||
         !pde_target(entry, false, &ap, &addr) ||
         (ap == OVG_AP_FB && !ovg_vmmu_translate(gpu, 0, addr, &spa, &run)))) {
        ovg_refuse(gpu, "bar-pde-entry", "UPDATE_BAR_PDE: 0x%" PRIx64
                   " is no directory entry", entry);
        return;
    }
    le = cpu_to_le64(entry);
    ovg_fb_write(gpu, bar->root, &le, sizeof(le));
    bar->logged_page = 0;
    ovg_mmu_flush(gpu);
}

void ovg_mmu_bar_block_write(OvgFunction *fn, uint32_t off, uint32_t val)
{
    switch (off) {
    case NV_VF_PRIV_BAR1_BLOCK:
        fn->bar1_block[0] = val;
        break;
    case NV_VF_PRIV_BAR1_BLOCK + 4:
        fn->bar1_block[1] = val;
        break;
    case NV_VF_PRIV_BAR2_BLOCK:
        fn->bar2_block[0] = val;
        break;
    case NV_VF_PRIV_BAR2_BLOCK + 4:
        fn->bar2_block[1] = val;
        break;
    default:
        ovg_refuse(fn->gpu, "bar-block", "gfid %u: 0x%x is no BAR block "
                   "register", fn->gfid, off);
        return;
    }
    if (fn->gfid == 0) {
        ovg_refuse(fn->gpu, "bar-block-pf", "BAR block register 0x%x written "
                   "by the PF: with GSP, GSP-RM binds its BARs", off);
        return;
    }
    if (fn->bar1) {
        fn->bar1->logged_page = 0;
    }
    if (fn->bar3) {
        fn->bar3->logged_page = 0;
    }
    ovg_mmu_flush(fn->gpu);
}

void ovg_mmu_invalidate(OvgFunction *fn, uint64_t pdb, uint32_t cmd)
{
    trace_ovg_mmu_invalidate(fn->gfid, pdb, cmd);
    if (fn->bar1) {
        fn->bar1->logged_page = 0;
    }
    if (fn->bar3) {
        fn->bar3->logged_page = 0;
    }
    ovg_mmu_flush(fn->gpu);
}

static int bar_attrs_to_index(IOMMUMemoryRegion *iommu, MemTxAttrs attrs)
{
    return 0;
}

static int bar_num_indexes(IOMMUMemoryRegion *iommu)
{
    return 1;
}

static int bar_notify_flag_changed(IOMMUMemoryRegion *iommu,
                                   IOMMUNotifierFlag old,
                                   IOMMUNotifierFlag new_flags, Error **errp)
{
    return 0;           /* CPUs only; see ovg_mmu_flush() */
}

static void bar_iommu_class_init(ObjectClass *klass, void *data)
{
    IOMMUMemoryRegionClass *imrc = IOMMU_MEMORY_REGION_CLASS(klass);

    imrc->translate = bar_translate;
    imrc->attrs_to_index = bar_attrs_to_index;
    imrc->num_indexes = bar_num_indexes;
    imrc->notify_flag_changed = bar_notify_flag_changed;
}

static const TypeInfo bar_iommu_info = {
    .name = TYPE_OVG_BAR_IOMMU,
    .parent = TYPE_IOMMU_MEMORY_REGION,
    .class_init = bar_iommu_class_init,
};

static void bar_iommu_register(void)
{
    type_register_static(&bar_iommu_info);
}

type_init(bar_iommu_register)
