/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What framebuffer, GMMU, channels and copy engine of the L40 model share
 * among themselves.
 *
 * Copyright (c) 2026 The OpenVGPU authors
 */
#ifndef OVG_ENGINE_H
#define OVG_ENGINE_H

#include "ovg.h"

typedef struct OvgCe OvgCe;             /* ovg_ce.c: state of one channel */

/* Channel errors, ROBUST_CHANNEL_* of nverror.h */
#define OVG_RC_MMU_FAULT        31
#define OVG_RC_PBDMA_ERROR      32
#define OVG_RC_CE0_ERROR        39
#define OVG_RC_CONTAINED        94

/* NV2080_ENGINE_TYPE_* of cl2080_notification.h */
#define OVG_ENGINE_GR0          1
#define OVG_ENGINE_COPY0        9
#define OVG_ENGINE_COPY_COUNT   10

#define OVG_CLASS_COPY          0xc7b5  /* AMPERE_DMA_COPY_B */

#define OVG_PAGE_SIZE           4096
#define OVG_PAGE_MASK           ((uint64_t)OVG_PAGE_SIZE - 1)

/* ---- ovg_fb.c ---- */

/*
 * Host address of [@addr, @addr + @len) or NULL when that leaves the FB.  Who
 * writes through it calls ovg_fb_dirty() afterwards.
 */
void *ovg_fb_ptr(OvgGpu *gpu, uint64_t addr, uint64_t len);
void ovg_fb_dirty(OvgGpu *gpu, uint64_t addr, uint64_t len);

/* ---- ovg_mmu.c ---- */

/*
 * Walk VER2 tables for @va; @root_ap and @root name the PD3 as @fn sees it.
 * @merge: join neighbouring entries into one run (engines), else answer for
 * one page (CPU).  False: @why is a static text, nothing is logged.
 */
bool ovg_gmmu_walk(OvgFunction *fn, OvgAperture root_ap, uint64_t root,
                   uint64_t va, bool write, bool merge, OvgXlate *x,
                   const char **why);
/* Same for an address that passes no page table: through VMMU or as DMA. */
bool ovg_gmmu_physical(OvgFunction *fn, OvgAperture ap, uint64_t addr,
                       OvgXlate *x, const char **why);
/* Page directory that word 0x200 of an instance block names. */
bool ovg_inst_pdb(uint64_t v, OvgAperture *ap, uint64_t *root,
                  const char **why);
/* Move bytes to or from a translated address, at most x->run. */
bool ovg_xlate_read(OvgFunction *fn, const OvgXlate *x, void *buf,
                    uint64_t len);
bool ovg_xlate_write(OvgFunction *fn, const OvgXlate *x, const void *buf,
                     uint64_t len);

/* ---- ovg_fifo.c ---- */

/* Kill the channel with RC error @code, by no fault of its owner. */
void ovg_fifo_channel_error(OvgChannel *ch, uint32_t code);
/* Refuse under @rule, kill the channel with RC error @code. */
void ovg_fifo_channel_kill(OvgChannel *ch, uint32_t code, const char *rule,
                           const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/* Translate in the channel's address space; false: killed with an MMU fault. */
bool ovg_fifo_channel_translate(OvgChannel *ch, uint64_t va, bool write,
                                OvgXlate *x);
OvgCe *ovg_fifo_channel_ce(OvgChannel *ch);
OvgGpu *ovg_fifo_channel_gpu(OvgChannel *ch);
uint32_t ovg_fifo_channel_engine(OvgChannel *ch);

/* ---- ovg_ce.c ---- */

OvgCe *ovg_ce_new(void);
void ovg_ce_free(OvgCe *ce);
/* A launch that ovg_ce_method() accepted still has bytes to move. */
bool ovg_ce_busy(OvgCe *ce);
/* Go on with it for @budget (bytes, counted down); false: channel killed. */
bool ovg_ce_step(OvgChannel *ch, int64_t *budget);

#endif /* OVG_ENGINE_H */
