/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The message queues between CPU and GSP, and the header of an RPC.  Facts:
 * msgq.h, message_queue_priv.h, g_rpc-message-header.h, gsp_init_args.h of
 * NVIDIA's open kernel modules.
 *
 * Shared memory is a page table (u64 DMA address of each page, entry 0 is the
 * first page of the table itself), the command queue (CPU to GSP) and the
 * status queue (GSP to CPU).  Each queue is a header page and entries of one
 * page.  The reader keeps its read pointer in its own queue ("swap RX"): the
 * command queue's read pointer is in the status queue's header and vice versa.
 */
#ifndef OVG_GSP_MSGQ_H
#define OVG_GSP_MSGQ_H

#include "ovg_types.h"

#define GSP_PAGE_SIZE			0x1000
#define GSP_MSGQ_VERSION		0
#define GSP_MSGQ_FLAGS_SWAP_RX		1
#define GSP_MSGQ_SIZE			0x40000
#define GSP_MSGQ_MSG_SIZE		0x1000
#define GSP_MSGQ_ENTRY_OFF		0x1000
#define GSP_MSGQ_MSG_COUNT \
	((GSP_MSGQ_SIZE - GSP_MSGQ_ENTRY_OFF) / GSP_MSGQ_MSG_SIZE)
#define GSP_MSGQ_RX_HDR_OFF		0x20
/* Pages of both queues and of the table that lists them all */
#define GSP_MSGQ_PTE_COUNT		129
#define GSP_MSGQ_CMD_OFFSET		0x1000
#define GSP_MSGQ_STAT_OFFSET		(GSP_MSGQ_CMD_OFFSET + GSP_MSGQ_SIZE)
#define GSP_MSGQ_SHARED_SIZE		(GSP_MSGQ_STAT_OFFSET + GSP_MSGQ_SIZE)

struct msgq_tx_header {
	u32 version;
	u32 size;
	u32 msg_size;
	u32 msg_count;
	u32 write_ptr;
	u32 flags;
	u32 rx_hdr_off;
	u32 entry_off;
};

OVG_ABI_SIZE(msgq_tx_header, 32);
OVG_ABI_FIELD(msgq_tx_header, write_ptr, 0x10);

struct msgq_rx_header {
	u32 read_ptr;
};

/*
 * One message.  @checksum makes the exclusive or of all 64-bit words of
 * @elem_count pages, its upper half folded onto its lower, zero.  @seq_num
 * counts messages for each direction from 0 on.
 */
#define GSP_MSG_MAX_ELEMS		16
struct gsp_msg_element {
	u8 auth_tag[16];
	u8 aad[16];
	u32 checksum;
	u32 seq_num;
	u32 elem_count;
	u32 pad;
};

OVG_ABI_SIZE(gsp_msg_element, 48);
OVG_ABI_FIELD(gsp_msg_element, checksum, 32);
OVG_ABI_FIELD(gsp_msg_element, elem_count, 40);

/* @length counts from the start of this header. */
#define GSP_RPC_VERSION			0x03000000
#define GSP_RPC_SIGNATURE		0x43505256	/* "VRPC" */
#define GSP_RPC_RESULT_PENDING		0xffffffff
struct gsp_rpc_header {
	u32 header_version;
	u32 signature;
	u32 length;
	u32 function;
	u32 rpc_result;
	u32 rpc_result_private;
	u32 sequence;
	u32 cpu_rm_gfid;
};

OVG_ABI_SIZE(gsp_rpc_header, 32);
OVG_ABI_FIELD(gsp_rpc_header, function, 12);

#define GSP_MSG_MAX_SIZE		(GSP_MSG_MAX_ELEMS * GSP_MSGQ_MSG_SIZE)
/* Largest RPC in one message, with its header; then its payload */
#define GSP_RPC_MAX_LENGTH		(GSP_MSG_MAX_SIZE - 48)
#define GSP_RPC_MAX_PAYLOAD		(GSP_RPC_MAX_LENGTH - 32)

#endif /* OVG_GSP_MSGQ_H */
