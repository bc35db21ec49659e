/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GMMU page tables, version 2 (Pascal to Ada), and the parts of an instance
 * block that name them.  Facts: dev_mmu.h and dev_ram.h of NVIDIA's published
 * headers, nouveau mmu/vmmgp100.c and vmmgv100.c.
 */
#ifndef OVG_MMU_H
#define OVG_MMU_H

#include "ovg_types.h"

/* Level by level: lowest VA bit, entries, bytes of an entry */
#define NV_MMU_PD3_SHIFT		47
#define NV_MMU_PD3_ENTRIES		4
#define NV_MMU_PD2_SHIFT		38
#define NV_MMU_PD2_ENTRIES		512
#define NV_MMU_PD1_SHIFT		29
#define NV_MMU_PD1_ENTRIES		512
#define NV_MMU_PD0_SHIFT		21
#define NV_MMU_PD0_ENTRIES		256
#define NV_MMU_PD0_ENTRY_SIZE		16
#define NV_MMU_BIG_PT_SHIFT		16
#define NV_MMU_BIG_PT_ENTRIES		32
#define NV_MMU_SMALL_PT_SHIFT		12
#define NV_MMU_SMALL_PT_ENTRIES		512
#define NV_MMU_VA_BITS			49

/* A directory entry; bit 0 set makes it a PTE of that level */
#define NV_MMU_PDE_IS_PTE		0x1ULL
#define NV_MMU_PDE_APERTURE(e)		(((e) >> 1) & 3)
#define NV_MMU_PDE_APERTURE_INVALID	0
#define NV_MMU_PDE_APERTURE_VRAM	1
#define NV_MMU_PDE_APERTURE_SYS_COH	2
#define NV_MMU_PDE_APERTURE_SYS_NCOH	3
#define NV_MMU_PDE_VOL			0x8ULL
/* addr >> 12 at bit 8, that is addr >> 4 in place */
#define NV_MMU_PDE_ADDR_VRAM(e)		(((e) & 0x1ffffff00ULL) << 4)
#define NV_MMU_PDE_ADDR_SYS(e)		(((e) & 0x3fffffffffff00ULL) << 4)
/* The big-table half of a PD0 entry: addr >> 8 at bit 4 */
#define NV_MMU_PD0_BIG_ADDR_VRAM(e)	(((e) & 0x1fffffff0ULL) << 4)
#define NV_MMU_PD0_BIG_ADDR_SYS(e)	(((e) & 0x3ffffffffffff0ULL) << 4)
#define NV_MMU_PDE_VRAM(addr)		(((u64)(addr) >> 4) | 0x2ULL)
#define NV_MMU_PDE_SYS_COH(addr)	(((u64)(addr) >> 4) | 0x4ULL | 0x8ULL)

#define NV_MMU_PTE_VALID		0x1ULL
#define NV_MMU_PTE_APERTURE(e)		(((e) >> 1) & 3)
#define NV_MMU_PTE_APERTURE_VRAM	0
#define NV_MMU_PTE_APERTURE_PEER	1
#define NV_MMU_PTE_APERTURE_SYS_COH	2
#define NV_MMU_PTE_APERTURE_SYS_NCOH	3
#define NV_MMU_PTE_VOL			0x8ULL
#define NV_MMU_PTE_PRIV			0x20ULL
#define NV_MMU_PTE_READ_ONLY		0x40ULL
#define NV_MMU_PTE_ATOMIC_DISABLE	0x80ULL
#define NV_MMU_PTE_KIND(e)		((e) >> 56)
#define NV_MMU_PTE_ADDR_VRAM(e)		(((e) & 0x1ffffff00ULL) << 4)
#define NV_MMU_PTE_ADDR_SYS(e)		(((e) & 0x3fffffffffff00ULL) << 4)
#define NV_MMU_PTE_VRAM(addr)		(((u64)(addr) >> 4) | NV_MMU_PTE_VALID)
#define NV_MMU_PTE_SYS_COH(addr) \
	(((u64)(addr) >> 4) | NV_MMU_PTE_VALID | 0x4ULL | NV_MMU_PTE_VOL)

/* Instance block, 4 KiB (dev_ram.h NV_RAMIN_*) */
#define NV_RAMIN_SIZE			0x1000
#define NV_RAMIN_PAGE_DIR_BASE		0x200
#define  NV_RAMIN_PDB_TARGET(v)		((v) & 3)
#define  NV_RAMIN_PDB_TARGET_VRAM	0
#define  NV_RAMIN_PDB_TARGET_SYS_COH	2
#define  NV_RAMIN_PDB_TARGET_SYS_NCOH	3
#define  NV_RAMIN_PDB_VOL		0x4ULL
#define  NV_RAMIN_PDB_VER2		0x400ULL
#define  NV_RAMIN_PDB_BIG_PAGE_64K	0x800ULL
#define  NV_RAMIN_PDB_ADDR(v)		((v) & 0x003ffffffffff000ULL)
#define NV_RAMIN_ADR_LIMIT		0x208
#define NV_RAMIN_ENGINE_WFI_VEID	0x21c
#define NV_RAMIN_SC_PDB_VALID		0x298
#define NV_RAMIN_SC_PAGE_DIR_BASE(i)	(0x2a0 + 16 * (i))
#define NV_RAMIN_SC_COUNT		64

/* VMMU segment sizes that GSP may report (ctrl2080gpu.h) */
#define NV_VMMU_SEGMENT_MIN		(32ULL << 20)
#define NV_VMMU_SEGMENT_MAX		(512ULL << 20)

#endif /* OVG_MMU_H */
