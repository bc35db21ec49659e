/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What user space says to NVIDIA's kernel driver: ioctls, and the classes and
 * controls that only this check needs.  Facts: nv-ioctl.h, nv-ioctl-numbers.h,
 * nv_escape.h, nvos.h and the class and control headers of 535.113.01, 570.144
 * and 580.126.20.
 */
#ifndef OVG_HW_NV_H
#define OVG_HW_NV_H

#include <sys/ioctl.h>

#include "common/ovg_types.h"

#define NV_IOCTL(nr, type)		_IOWR('F', nr, type)

/* A control device and one for each GPU. */
#define NV_ESC_CARD_INFO		200
#define NV_ESC_REGISTER_FD		201
#define NV_ESC_CHECK_VERSION_STR	210
#define NV_ESC_RM_ALLOC_MEMORY		0x27
#define NV_ESC_RM_FREE			0x29
#define NV_ESC_RM_CONTROL		0x2a
#define NV_ESC_RM_ALLOC			0x2b
#define NV_ESC_RM_MAP_MEMORY		0x4e
#define NV_ESC_RM_MAP_MEMORY_DMA	0x57

#define NV_VERSION_CMD_QUERY		'2'
struct nv_version {			/* nv_ioctl_rm_api_version_t */
	u32 cmd;
	u32 reply;
	char text[64];
};

#define NV_MAX_CARDS			32
struct nv_card {			/* nv_ioctl_card_info_t */
	u8 valid;
	u32 domain;
	u8 bus;
	u8 slot;
	u8 function;
	u16 vendor;
	u16 device;
	u32 gpu_id;
	u16 irq;
	u64 reg_address;
	u64 reg_size;
	u64 fb_address;
	u64 fb_size;
	u32 minor;
	u8 name[10];
};

OVG_ABI_SIZE(nv_card, 72);
OVG_ABI_FIELD(nv_card, gpu_id, 16);
OVG_ABI_FIELD(nv_card, minor, 56);
struct nv_cards {
	struct nv_card card[NV_MAX_CARDS];
};

struct nv_free {			/* NVOS00 */
	u32 root;
	u32 parent;
	u32 object;
	u32 status;
};

struct nv_alloc_memory {		/* NVOS02 and a file descriptor */
	u32 root;
	u32 parent;
	u32 object;
	u32 class_id;
	u32 flags;
	u64 memory;
	u64 limit;
	u32 status;
	u32 pad0;
	int fd;
	u32 pad1;
};

OVG_ABI_SIZE(nv_alloc_memory, 56);
OVG_ABI_FIELD(nv_alloc_memory, memory, 24);
OVG_ABI_FIELD(nv_alloc_memory, fd, 48);

struct nv_alloc {			/* NVOS21 */
	u32 root;
	u32 parent;
	u32 object;
	u32 class_id;
	u64 params;
	u32 size;
	u32 status;
};

OVG_ABI_SIZE(nv_alloc, 32);

struct nv_control {			/* NVOS54 */
	u32 client;
	u32 object;
	u32 cmd;
	u32 flags;
	u64 params;
	u32 size;
	u32 status;
};

OVG_ABI_SIZE(nv_control, 32);

struct nv_map_memory {			/* NVOS33 and a file descriptor */
	u32 client;
	u32 device;
	u32 memory;
	u64 offset;
	u64 length;
	u64 address;
	u32 status;
	u32 flags;
	int fd;
	u32 pad;
};

OVG_ABI_SIZE(nv_map_memory, 56);
OVG_ABI_FIELD(nv_map_memory, fd, 48);

struct nv_map_dma_r535 {		/* NVOS46 up to 570 */
	u32 client;
	u32 device;
	u32 dma;
	u32 memory;
	u64 offset;
	u64 length;
	u32 flags;
	u64 dma_offset;
	u32 status;
};

OVG_ABI_SIZE(nv_map_dma_r535, 56);

struct nv_map_dma_r580 {		/* NVOS46 from 580 on */
	u32 client;
	u32 device;
	u32 dma;
	u32 memory;
	u64 offset;
	u64 length;
	u32 flags;
	u32 flags2;
	u32 kind;
	u64 dma_offset;
	u32 status;
};

OVG_ABI_SIZE(nv_map_dma_r580, 64);

/* flags of nv_alloc_memory (NVOS02) and nv_map_dma (NVOS46) */
#define NV_OS02_NONCONTIGUOUS		0x00000010
#define NV_OS02_CACHED			0x00001000
#define NV_OS02_NO_MAP			0x40000000
#define NV_OS46_CACHE_SNOOP		0x00000010

/* ---- classes ---- */

#define NV01_MEMORY_LOCAL_USER		0x0040
#define NV01_MEMORY_VIRTUAL		0x0070
#define NV01_MEMORY_SYSTEM_OS_DESCRIPTOR 0x0071

struct nv_memory_params {		/* NV_MEMORY_ALLOCATION_PARAMS */
	u32 owner;
	u32 type;
	u32 flags;
	u32 width;
	u32 height;
	u32 pitch;
	u32 attr;
	u32 attr2;
	u32 format;
	u32 compr_covg;
	u32 zcull_covg;
	u32 pad0;
	u64 range_lo;
	u64 range_hi;
	u64 size;
	u64 alignment;
	u64 offset;
	u64 limit;
	u64 address;
	u32 ctag_offset;
	u32 h_va_space;
	u32 internal_flags;
	u32 tag;
	u32 numa_node;
	u32 pad1;
};

OVG_ABI_SIZE(nv_memory_params, 128);
OVG_ABI_FIELD(nv_memory_params, size, 64);
#define NV_OS32_ATTR_PAGE_HUGE		0x01800000
#define NV_OS32_ATTR_CONTIGUOUS		0x10000000
#define NV_OS32_ATTR_ALLOW_NONCONTIGUOUS 0x18000000
#define NV_OS32_ATTR2_CACHEABLE		0x00000004
#define NV_OS32_ATTR2_HUGE_2MB		0x00100000
#define NV_OS32_FLAGS_ALIGNMENT_FORCE	0x00000100
#define NV_OS32_FLAGS_MAP_NOT_REQUIRED	0x00008000

struct nv_virtual_params {		/* NV_MEMORY_VIRTUAL_ALLOCATION_PARAMS */
	u64 offset;
	u64 limit;
	u32 h_va_space;
	u32 pad;
};

/* Where a user's USERD stands in the parameters of a channel, in all releases. */
#define NV_CHANNEL_H_USERD		0x20
#define NV_CHANNEL_USERD_OFFSET		0x40

/* Registers behind a *_USERMODE_A object */
#define NV_USERMODE_SIZE		0x10000
#define NV_USERMODE_NOTIFY		0x90

/* ---- controls ---- */

#define NV0000_CTRL_CMD_GPU_GET_ID_INFO_V2	0x00000205
struct nv_gpu_id_info {
	u32 gpu_id;
	u32 flags;
	u32 device_instance;
	u32 subdevice_instance;
	u32 sli_status;
	u32 board_id;
	u32 gpu_instance;
	s32 numa_id;
};

#define NV0080_CTRL_CMD_GPU_GET_CLASSLIST_V2	0x00800292
/* u32 count, u32 class[]: 160, 100 and 200 of them in the three releases */

/* u32 count, u32 engine[] */
#define NV2080_CTRL_CMD_GPU_GET_ENGINES_V2	0x20800170

#define NV2080_CTRL_CMD_FB_GET_INFO_V2		0x20801303
struct nv_fb_info {
	u32 count;
	struct {
		u32 index;
		u32 data;
	} info[50];
};

#define NV2080_FB_INFO_RAM_SIZE			0x07
#define NV2080_FB_INFO_TOTAL_RAM_SIZE		0x08
#define NV2080_FB_INFO_HEAP_SIZE		0x09
#define NV2080_FB_INFO_HEAP_FREE		0x16
#define NV2080_FB_INFO_USABLE_RAM_SIZE		0x20

/* u32 count, then 16 regions at offset 8; their length grew in r580 */
#define NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO	0x20801320
#define NV2080_FB_REGIONS			16
struct nv_fb_region {
	u64 base;
	u64 limit;
	u64 reserved;
	u32 performance;
	u8 compressed;
	u8 iso;
	u8 is_protected;
	u8 pad;
};

#define NV2080_CTRL_CMD_BUS_GET_PCI_BAR_INFO	0x20801803
struct nv_bar_info {
	u32 count;
	u32 pad;
	struct {
		u32 flags;
		u32 mib;
		u64 bytes;
		u64 address;
	} bar[8];
};

OVG_ABI_SIZE(nv_bar_info, 200);

#define NV2080_CTRL_CMD_CE_GET_CAPS_V2		0x20802a03
struct nv_ce_caps {
	u32 engine;
	u8 caps[2];
	u8 pad[2];
};

OVG_ABI_SIZE(nv_ce_caps, 8);
#define NV2080_CE_CAPS_GRCE			0x01

#define NVC36F_CTRL_CMD_GET_WORK_SUBMIT_TOKEN	0xc36f0108

#endif /* OVG_HW_NV_H */
