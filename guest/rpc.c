// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Talk to the plugin task of our vGPU: buffers in system memory, their address
 * in two scratch registers, a doorbell.
 */
#include <stdio.h>
#include <string.h>

#include "common/gsp_msgq.h"
#include "common/regs.h"
#include "common/rm.h"
#include "r535/rpc.h"
#include "r535/vgpu_guest.h"
#include "r535/vgpu_surface.h"
#include "smoke.h"

#define RPC_TIMEOUT_MS		15000
/* What a message of one page has room for behind its header. */
#define RPC_PAYLOAD_MAX		(PAGE - sizeof(struct gsp_rpc_header))

static u32 rpc_sequence;

static volatile struct r535_guest_ctrl *ctrl(void)
{
	return (void *)(dev.dma + DMA_CTRL * PAGE);
}

static volatile struct r535_guest_response *response(void)
{
	return (void *)(dev.dma + DMA_RESPONSE * PAGE);
}

static u64 descriptor(unsigned int page)
{
	return NV_VGPU_PTEDESC(dev.dma_addr[page], NV_VGPU_PTEDESC_APERTURE_SYS,
			       NV_VGPU_PTEDESC_SIZE_4K);
}

static void ring_and_wait(u32 bit, const char *what)
{
	u32 id = ctrl()->request_id;
	u64 end = now_ms() + RPC_TIMEOUT_MS;

	__sync_synchronize();
	wr32(NV_VF_PRIV_DOORBELL, bit);
	while (response()->response_id != id)
		if (!poll_on(end))
			fail("%s: the plugin task does not answer (request %u, response %u)",
			     what, id, response()->response_id);
	__sync_synchronize();
}

/* One call; the answer is in @payload.  Answers with the RPC's result. */
static u32 rpc(u32 function, void *payload, u32 size, const char *what)
{
	struct gsp_rpc_header *msg = (void *)(dev.dma + DMA_MSG * PAGE);

	if (size > RPC_PAYLOAD_MAX)
		fail("%s: %u bytes do not fit a message", what, size);
	memset(msg, 0, PAGE);
	msg->header_version = GSP_RPC_VERSION;
	msg->signature = GSP_RPC_SIGNATURE;
	msg->length = sizeof(*msg) + size;
	msg->function = function;
	msg->rpc_result = GSP_RPC_RESULT_PENDING;
	msg->rpc_result_private = GSP_RPC_RESULT_PENDING;
	msg->sequence = rpc_sequence++;
	memcpy(msg + 1, payload, size);
	ctrl()->request_id++;
	ring_and_wait(NV_DOORBELL_VF_RPC_MESSAGE, what);
	if (msg->function != function || msg->signature != GSP_RPC_SIGNATURE)
		fail("%s: the answer is to function %u", what, msg->function);
	memcpy(payload, msg + 1, size);

	return msg->rpc_result;
}

void rpc_setup(void)
{
	struct r535_guest_system_info info = {
		.guest_driver_version_buffer_length = sizeof(info.guest_driver_version),
		.guest_version_buffer_length = sizeof(info.guest_version),
		.guest_title_buffer_length = sizeof(info.guest_title),
		.guest_driver_version = R535_GSP_VERSION,
		.guest_version = "OpenVGPU smoke program",
		.guest_title = "Linux",
		.vgx_version_major = R535_VGX_MAJOR,
		.vgx_version_minor = R535_VGX_MINOR,
	};
	struct r535_guest_ctrl c = {
		.version = R535_GUEST_CTRL_VERSION,
		.request_id = 1,
		.response.addr = descriptor(DMA_RESPONSE),
		.msg.addr = descriptor(DMA_MSG),
		.shared.addr = descriptor(DMA_SHARED),
		.event.addr = descriptor(DMA_EVENT),
		.debug.addr = descriptor(DMA_DEBUG),
	};
	u64 desc = descriptor(DMA_CTRL);
	u32 result;

	memcpy((void *)ctrl(), &c, sizeof(c));
	/* the plugin task shows that it took the buffers by the number in here */
	response()->response_id = 0xffffffff;
	wr32(NV_VF_PRIV_MAILBOX_SCRATCH(NV_VF_SCRATCH_GUEST_RPC_HI), desc >> 32);
	wr32(NV_VF_PRIV_MAILBOX_SCRATCH(NV_VF_SCRATCH_GUEST_RPC_LO), desc);
	ring_and_wait(NV_DOORBELL_VF_RPC_SETUP, "RPC setup");
	result = rpc(R535_RPC_SET_GUEST_SYSTEM_INFO, &info, sizeof(info), "SET_GUEST_SYSTEM_INFO");
	if (result)
		fail("SET_GUEST_SYSTEM_INFO: 0x%x", result);
	if (info.vgx_version_major != R535_VGX_MAJOR)
		fail("the host speaks vGPU protocol 0x%x.0x%x", info.vgx_version_major,
		     info.vgx_version_minor);
}

void rpc_static_info(struct r535_guest_static_info *info)
{
	u32 result = rpc(R535_RPC_GET_STATIC_INFO, info, sizeof(*info), "GET_STATIC_INFO");

	if (result)
		fail("GET_STATIC_INFO: 0x%x", result);
	if (info->tag != R535_GUEST_STATIC_INFO_TAG)
		fail("GET_STATIC_INFO: tag 0x%x is not this program's", info->tag);
	info->vgpu_name[sizeof(info->vgpu_name) - 1] = 0;
}

u32 rm_alloc(u32 parent, u32 object, u32 class_id, const void *params, u32 size)
{
	struct {
		struct r535_rpc_rm_alloc head;
		u8 params[512];
	} m = {
		.head = {
			.h_client = H_CLIENT,
			.h_parent = parent,
			.h_object = object,
			.h_class = class_id,
			.params_size = size,
		},
	};
	u32 result;

	if (size > sizeof(m.params))
		fail("parameters of class 0x%x: %u bytes", class_id, size);
	memcpy(m.params, params, size);
	result = rpc(R535_RPC_GSP_RM_ALLOC, &m, sizeof(m.head) + size, "GSP_RM_ALLOC");
	if (result)
		fail("GSP_RM_ALLOC of class 0x%x: 0x%x", class_id, result);

	return m.head.status;
}

u32 rm_control(u32 object, u32 cmd, void *params, u32 size)
{
	struct {
		struct r535_rpc_rm_control head;
		u8 params[512];
	} m = {
		.head = {
			.h_client = H_CLIENT,
			.h_object = object,
			.cmd = cmd,
			.params_size = size,
		},
	};
	u32 result;

	if (size > sizeof(m.params))
		fail("parameters of control 0x%x: %u bytes", cmd, size);
	memcpy(m.params, params, size);
	result = rpc(R535_RPC_GSP_RM_CONTROL, &m, sizeof(m.head) + size, "GSP_RM_CONTROL");
	if (result)
		fail("GSP_RM_CONTROL 0x%x: 0x%x", cmd, result);
	memcpy(params, m.params, size);

	return m.head.status;
}

void rm_free(u32 object)
{
	struct r535_rpc_free f = { .h_root = H_CLIENT, .h_object_old = object };
	u32 result = rpc(R535_RPC_FREE, &f, sizeof(f), "FREE");

	if (result || f.status)
		fail("FREE of object 0x%x: 0x%x, status 0x%x", object, result, f.status);
}

bool rpc_event(struct r535_guest_event *ev, int ms)
{
	u64 end = now_ms() + ms;
	u32 get = ctrl()->get_event_buf % R535_GUEST_EVENTS;

	while (response()->put_event_buf % R535_GUEST_EVENTS == get)
		if (!poll_on(end))
			return false;
	__sync_synchronize();
	memcpy(ev, dev.dma + DMA_EVENT * PAGE + get * sizeof(*ev), sizeof(*ev));
	ctrl()->get_event_buf = (get + 1) % R535_GUEST_EVENTS;

	return true;
}

bool rpc_console(void)
{
	volatile u32 *shared = (void *)(dev.dma + DMA_SHARED * PAGE);

	return shared[R535_GUEST_SHARED_VNC_SUPPORT / 4] && shared[R535_GUEST_SHARED_VNC / 4];
}

u32 rpc_set_surface(const struct r535_surface_properties *p)
{
	struct r535_rpc_set_surface m = { .h_client = H_CLIENT, .params = *p };

	return rpc(R535_RPC_SET_SURFACE_PROPERTIES, &m, sizeof(m), "SET_SURFACE_PROPERTIES");
}

u32 rpc_cleanup_surface(u32 head)
{
	struct r535_rpc_cleanup_surface m = { .head_index = head, .blanking_enabled = 1 };

	return rpc(R535_RPC_CLEANUP_SURFACE, &m, sizeof(m), "CLEANUP_SURFACE");
}

void rpc_close(void)
{
	struct r535_rpc_unloading u = { .new_level = 0 };
	u32 result = rpc(R535_RPC_UNLOADING_GUEST_DRIVER, &u, sizeof(u), "UNLOADING_GUEST_DRIVER");

	if (result)
		fail("UNLOADING_GUEST_DRIVER: 0x%x", result);
	/* an address without its valid bit takes the connection down */
	wr32(NV_VF_PRIV_MAILBOX_SCRATCH(NV_VF_SCRATCH_GUEST_RPC_LO), 0);
	wr32(NV_VF_PRIV_MAILBOX_SCRATCH(NV_VF_SCRATCH_GUEST_RPC_HI), 0);
}
