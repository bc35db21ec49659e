/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM status codes, classes and engine types.  Facts: nvstatuscodes.h, the
 * class headers cl*.h, cl2080_notification.h of NVIDIA's SDK headers.
 */
#ifndef OVG_RM_H
#define OVG_RM_H

#define NV_OK					0x00
#define NV_ERR_BUFFER_TOO_SMALL			0x02
#define NV_ERR_BUSY_RETRY			0x03
#define NV_ERR_GPU_IS_LOST			0x0f
#define NV_ERR_IN_USE				0x17
#define NV_ERR_INSERT_DUPLICATE_NAME		0x19
#define NV_ERR_INSUFFICIENT_RESOURCES		0x1a
#define NV_ERR_INSUFFICIENT_PERMISSIONS		0x1b
#define NV_ERR_INVALID_ADDRESS			0x1e
#define NV_ERR_INVALID_ARGUMENT			0x1f
#define NV_ERR_INVALID_CHANNEL			0x21
#define NV_ERR_INVALID_CLASS			0x22
#define NV_ERR_INVALID_CLIENT			0x23
#define NV_ERR_INVALID_COMMAND			0x24
#define NV_ERR_INVALID_DATA			0x25
#define NV_ERR_INVALID_DEVICE			0x26
#define NV_ERR_INVALID_FUNCTION			0x2a
#define NV_ERR_INVALID_INDEX			0x2c
#define NV_ERR_INVALID_OBJECT			0x31
#define NV_ERR_INVALID_OBJECT_HANDLE		0x33
#define NV_ERR_INVALID_OBJECT_PARENT		0x36
#define NV_ERR_INVALID_OFFSET			0x37
#define NV_ERR_INVALID_OPERATION		0x38
#define NV_ERR_INVALID_PARAM_STRUCT		0x3a
#define NV_ERR_INVALID_PARAMETER		0x3b
#define NV_ERR_INVALID_REQUEST			0x3f
#define NV_ERR_INVALID_STATE			0x40
#define NV_ERR_NO_MEMORY			0x51
#define NV_ERR_NOT_READY			0x55
#define NV_ERR_NOT_SUPPORTED			0x56
#define NV_ERR_OBJECT_NOT_FOUND			0x57
#define NV_ERR_OUT_OF_RANGE			0x5b
#define NV_ERR_RESET_REQUIRED			0x62
#define NV_ERR_STATE_IN_USE			0x63
#define NV_ERR_TIMEOUT				0x65
#define NV_ERR_TIMEOUT_RETRY			0x66
#define NV_ERR_INVALID_LICENSE			0x73
#define NV_ERR_GENERIC				0xffff

/* Classes */
#define NV01_ROOT				0x0000
#define NV01_DEVICE_0				0x0080
#define NV20_SUBDEVICE_0			0x2080
#define NV01_MEMORY_LIST_SYSTEM			0x0081
#define NV01_MEMORY_LIST_FBMEM			0x0082
#define FERMI_VASPACE_A				0x90f1
#define KEPLER_CHANNEL_GROUP_A			0xa06c
#define AMPERE_CHANNEL_GPFIFO_A			0xc56f
#define AMPERE_USERMODE_A			0xc561
#define AMPERE_DMA_COPY_A			0xc6b5
#define AMPERE_DMA_COPY_B			0xc7b5
#define ADA_A					0xc997
#define ADA_COMPUTE_A				0xc9c0
#define FERMI_TWOD_A				0x902d
#define KEPLER_INLINE_TO_MEMORY_B		0xa140

/* NV2080_ENGINE_TYPE_* */
#define NV2080_ENGINE_TYPE_GR0			1
#define NV2080_ENGINE_TYPE_COPY(i)		(9 + (i))
#define NV2080_ENGINE_TYPE_COPY_COUNT		10

/* MC_ENGINE_IDX_* of the interrupt table (engine_idx.h) */
#define MC_ENGINE_IDX_CE(i)			(15 + (i))

/* Address spaces of NV_MEMORY_DESC_PARAMS (ADDR_SYSMEM, ADDR_FBMEM) */
#define ADDR_SYSMEM				1
#define ADDR_FBMEM				2

#endif /* OVG_RM_H */
