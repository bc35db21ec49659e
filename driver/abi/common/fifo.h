/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Channels of Ampere and Ada: GPFIFO entries, USERD, method headers, host
 * methods.  Facts: clc56f.h, cla06f.h, clc561.h, dev_ram.h.
 */
#ifndef OVG_FIFO_H
#define OVG_FIFO_H

#include "ovg_types.h"

/* GPFIFO entry: two words */
#define NVC56F_GP_ENTRY_SIZE		8
#define NVC56F_GP_ENTRY0_GET(va)	((u32)((va) & 0xfffffffcULL))
#define NVC56F_GP_ENTRY1(va, dwords) \
	((u32)(((va) >> 32) & 0xff) | ((u32)(dwords) << 10))
#define NVC56F_GP_ENTRY_VA(e0, e1) \
	(((u64)((e1) & 0xff) << 32) | ((e0) & 0xfffffffcU))
#define NVC56F_GP_ENTRY_DWORDS(e1)	(((e1) >> 10) & 0x1fffff)

/* USERD (Nvc56fControl) */
#define NVC56F_USERD_SIZE		0x200
#define NVC56F_USERD_PUT		0x40
#define NVC56F_USERD_GET		0x44
#define NVC56F_USERD_PUT_HI		0x4c
#define NVC56F_USERD_GET_HI		0x60
#define NVC56F_USERD_GP_GET		0x88
#define NVC56F_USERD_GP_PUT		0x8c

/* Method header */
#define NVC56F_DMA_OP(v)		((v) >> 29)
#define NVC56F_DMA_OP_INC		1
#define NVC56F_DMA_OP_NONINC		3
#define NVC56F_DMA_OP_IMMD		4
#define NVC56F_DMA_OP_INC_ONCE		5
#define NVC56F_DMA_COUNT(v)		(((v) >> 16) & 0x1fff)
#define NVC56F_DMA_SUBCH(v)		(((v) >> 13) & 7)
#define NVC56F_DMA_METHOD(v)		(((v) & 0xfff) << 2)
#define NVC56F_DMA_INC(subch, mthd, count) \
	((NVC56F_DMA_OP_INC << 29) | ((u32)(count) << 16) | \
	 ((u32)(subch) << 13) | ((mthd) >> 2))
#define NVC56F_DMA_IMMD(subch, mthd, data) \
	(((u32)NVC56F_DMA_OP_IMMD << 29) | ((u32)(data) << 16) | \
	 ((u32)(subch) << 13) | ((mthd) >> 2))

/* Host methods: below 0x100 on any subchannel */
#define NVC56F_SET_OBJECT		0x000
#define NVC56F_NOP			0x008
#define NVC56F_SEMAPHOREA		0x010
#define NVC56F_SEMAPHOREB		0x014
#define NVC56F_SEMAPHOREC		0x018
#define NVC56F_SEMAPHORED		0x01c
#define  NVC56F_SEMAPHORED_OP(v)	((v) & 0x1f)
#define  NVC56F_SEMAPHORED_ACQUIRE	0x01
#define  NVC56F_SEMAPHORED_RELEASE	0x02
#define  NVC56F_SEMAPHORED_ACQ_GEQ	0x04
#define  NVC56F_SEMAPHORED_ACQ_AND	0x08
#define  NVC56F_SEMAPHORED_SWITCH	0x00001000
#define  NVC56F_SEMAPHORED_4BYTE	0x01000000
#define NVC56F_NON_STALL_INTERRUPT	0x020
#define NVC56F_FB_FLUSH			0x024
#define NVC56F_MEM_OP_A			0x028
#define NVC56F_MEM_OP_D			0x034
#define NVC56F_SET_REFERENCE		0x050
#define NVC56F_SEM_ADDR_LO		0x05c
#define NVC56F_SEM_ADDR_HI		0x060
#define NVC56F_SEM_PAYLOAD_LO		0x064
#define NVC56F_SEM_PAYLOAD_HI		0x068
#define NVC56F_SEM_EXECUTE		0x06c
#define  NVC56F_SEM_EXECUTE_OP(v)	((v) & 7)
#define  NVC56F_SEM_EXECUTE_ACQUIRE	0
#define  NVC56F_SEM_EXECUTE_RELEASE	1
#define  NVC56F_SEM_EXECUTE_ACQ_STRICT_GEQ 2
#define  NVC56F_SEM_EXECUTE_ACQ_CIRC_GEQ 3
#define  NVC56F_SEM_EXECUTE_SWITCH	0x00001000
#define  NVC56F_SEM_EXECUTE_64BIT	0x01000000
#define  NVC56F_SEM_EXECUTE_TIMESTAMP	0x02000000
#define NVC56F_WFI			0x078
#define NVC56F_YIELD			0x080
#define NVC56F_HOST_METHOD_END		0x100

/* Work submit token: runlist << 16 | chid */
#define NV_WORK_SUBMIT_TOKEN(rl, chid)	(((u32)(rl) << 16) | (chid))
#define NV_WORK_SUBMIT_RUNLIST(t)	(((t) >> 16) & 0x7f)
#define NV_WORK_SUBMIT_CHID(t)		((t) & 0xfff)

#define NV_CHIDS_PER_RUNLIST		2048

#endif /* OVG_FIFO_H */
