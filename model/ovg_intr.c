/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU interrupt tree of one function: eight leaves of 32 vectors, four
 * subtrees of two leaves each, one top.  The same tree is in the PF's
 * NV_VIRTUAL_FUNCTION_PRIV block and in each VF's.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#include "qemu/osdep.h"
#include "hw/pci/msi.h"
#include "hw/pci/msix.h"
#include "ovg.h"
#include "trace.h"

#define SUBTREES    (OVG_INTR_LEAVES / 2)

/* Subtrees with a bit that is both pending and enabled in its leaf. */
static uint32_t ovg_intr_top(OvgFunction *fn)
{
    uint32_t top = 0;

    for (unsigned i = 0; i < OVG_INTR_LEAVES; i++) {
        if (fn->leaf[i] & fn->leaf_en[i]) {
            top |= 1u << (i / 2);
        }
    }
    return top;
}

/*
 * A subtree's output is level inside the GPU; a message goes out on each
 * rising edge.  Masking the top (TOP_EN_CLEAR) and unmasking it is such an
 * edge, so what came in between is not lost.
 */
static void ovg_intr_update(OvgFunction *fn)
{
    uint32_t out = ovg_intr_top(fn) & fn->top_en;
    uint32_t rise = out & ~fn->intr_out;
    bool was = fn->intr_out;

    fn->intr_out = out;
    if (msix_enabled(fn->pdev)) {
        for (unsigned i = 0; i < SUBTREES; i++) {
            if (rise & (1u << i)) {
                trace_ovg_intr_msg(fn->gfid, "msi-x", i);
                msix_notify(fn->pdev, i);
            }
        }
    } else if (msi_enabled(fn->pdev)) {
        if (out && !was) {
            trace_ovg_intr_msg(fn->gfid, "msi", 0);
            msi_notify(fn->pdev, 0);
        }
    } else if (fn->gfid == 0) {
        pci_set_irq(fn->pdev, out != 0);
    }
}

void ovg_intr_raise(OvgFunction *fn, unsigned vector)
{
    unsigned leaf = vector / 32;

    if (leaf >= OVG_INTR_LEAVES) {
        ovg_refuse(fn->gpu, "intr-vector", "gfid %u: vector %u beyond the tree",
                   fn->gfid, vector);
        return;
    }
    trace_ovg_intr_raise(fn->gfid, vector);
    fn->leaf[leaf] |= 1u << (vector % 32);
    ovg_intr_update(fn);
}

void ovg_intr_reset(OvgFunction *fn)
{
    memset(fn->leaf, 0, sizeof(fn->leaf));
    memset(fn->leaf_en, 0, sizeof(fn->leaf_en));
    fn->top_en = 0;
    fn->intr_out = 0;
    if (fn->gfid == 0) {
        pci_set_irq(fn->pdev, 0);
    }
}

static bool ovg_intr_leaf_index(uint32_t off, uint32_t base, unsigned *i)
{
    if (off < base || off >= base + 4 * OVG_INTR_LEAVES) {
        return false;
    }
    *i = (off - base) / 4;
    return true;
}

uint32_t ovg_intr_read(OvgFunction *fn, uint32_t off)
{
    unsigned i;

    if (ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF(0), &i)) {
        return fn->leaf[i];
    }
    if (ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(0), &i) ||
        ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(0), &i)) {
        return fn->leaf_en[i];
    }
    switch (off) {
    case NV_VF_PRIV_CPU_INTR_TOP:
        return ovg_intr_top(fn);
    case NV_VF_PRIV_CPU_INTR_TOP_EN_SET:
    case NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR:
        return fn->top_en;
    case NV_VF_PRIV_CPU_INTR_LEAF_TRIGGER:
        return 0;
    }
    trace_ovg_bar0_unknown(fn->gfid, "read", off, 0);
    return 0;
}

void ovg_intr_write(OvgFunction *fn, uint32_t off, uint32_t val)
{
    unsigned i;

    if (ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF(0), &i)) {
        fn->leaf[i] &= ~val;
    } else if (ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(0),
                                   &i)) {
        fn->leaf_en[i] |= val;
    } else if (ovg_intr_leaf_index(off, NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(0),
                                   &i)) {
        fn->leaf_en[i] &= ~val;
    } else if (off == NV_VF_PRIV_CPU_INTR_TOP_EN_SET) {
        fn->top_en |= val & NV_VF_PRIV_CPU_INTR_TOP_MASK;
    } else if (off == NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR) {
        fn->top_en &= ~val;
    } else if (off == NV_VF_PRIV_CPU_INTR_LEAF_TRIGGER) {
        ovg_intr_raise(fn, val & 0xfff);
        return;
    } else {
        trace_ovg_bar0_unknown(fn->gfid, "write", off, val);
        return;
    }
    ovg_intr_update(fn);
}
