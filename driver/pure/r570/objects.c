// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM objects of the core in release 570.144: what differs from 535.113.01.
 */
#include "objects.h"
#include "ovg_pure.h"

#include "common/rm.h"
#include "r535/event.h"
#include "r535/r535.h"
#include "r570/ctrl.h"
#include "r570/rpc.h"

/* RM_ENGINE_TYPE_* (gpu_engine_type.h) to NV2080_ENGINE_TYPE_* (cl2080_notification.h) */
static u32 engine_type(u32 rm)
{
	static const struct {
		u32 rm;
		u32 type;
		u32 count;
	} map[] = {
		{ 0x01, 0x01, 8 },	/* GR0.. */
		{ 0x09, 0x09, 10 },	/* COPY0.. */
		{ 0x13, 0x34, 10 },	/* COPY10.. */
		{ 0x1d, 0x13, 8 },	/* NVDEC0.. */
		{ 0x25, 0x1b, 3 },	/* NVENC0.. */
		{ 0x28, 0x3f, 1 },	/* NVENC3 */
		{ 0x36, 0x2b, 8 },	/* NVJPEG0.. */
		{ 0x3e, 0x33, 1 },	/* OFA0 */
		{ 0x3f, 0x3e, 1 },	/* OFA1 */
	};
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(map); i++)
		if (rm >= map[i].rm && rm - map[i].rm < map[i].count)
			return map[i].type + rm - map[i].rm;

	return 0;
}

static int devices_get(const void *params, struct ovg_device_entry *out,
		       u32 max, u32 *count, bool *more)
{
	return ovg_r535_devices_walk(params, engine_type, out, max, count, more);
}

static u32 intr_nonstall(const void *params, u32 engine)
{
	return ovg_r535_intr_lookup(params, engine, R570_MC_ENGINE_IDX_GR0);
}

static int rc(const void *payload, size_t len, struct ovg_rc *out)
{
	const struct r570_event_rc_triggered *p = payload;

	if (len < sizeof(*p))
		return -EPROTO;
	out->engine = p->nv2080_engine_type;
	out->chid = p->chid;
	out->gfid = p->gfid;
	out->code = p->except_type;

	return 0;
}

const struct ovg_objects_codec ovg_objects_r570 = {
	.version = R570_GSP_VERSION,
	.client_size = sizeof(struct r570_client_params),
	.client = ovg_r535_client,
	.device_size = sizeof(struct r535_device_params),
	.device = ovg_r535_device,
	.subdevice_size = sizeof(struct r535_subdevice_params),
	.vaspace_size = sizeof(struct r535_vaspace_params),
	.vaspace = ovg_r535_vaspace,
	.server_pdes_cmd = NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES,
	.server_pdes_size = sizeof(struct r535_copy_reserved_pdes),
	.server_pdes = ovg_r535_server_pdes,
	.channel_size = sizeof(struct r570_channel_params),
	.channel = ovg_r535_channel,
	.ce_size = sizeof(struct r535_ce_params),
	.ce = ovg_r535_ce,
	.bind_cmd = NVA06F_CTRL_CMD_BIND,
	.bind_size = sizeof(struct r535_channel_bind),
	.bind = ovg_r535_bind,
	.schedule_cmd = NVA06F_CTRL_CMD_GPFIFO_SCHEDULE,
	.schedule_size = sizeof(struct r535_gpfifo_schedule),
	.schedule = ovg_r535_schedule,
	.devices_cmd = NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE,
	.devices_size = sizeof(struct r535_fifo_device_info),
	.devices = ovg_r535_devices,
	.devices_get = devices_get,
	.intr_cmd = NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE,
	.intr_size = sizeof(struct r535_intr_table),
	.intr_check = ovg_r535_intr_check,
	.intr_nonstall = intr_nonstall,
	.vmmu_segment_cmd = NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE,
	.vmmu_segment_size = sizeof(struct r535_vmmu_segment_size),
	.vmmu_segment = ovg_r535_vmmu_segment,
	.ecc_cmd = NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS,
	.ecc_size = sizeof(struct r570_query_ecc_status),
	.ecc_enabled = ovg_r535_ecc_enabled,
	.mthdbuf_cmd = NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE,
	.mthdbuf_size = sizeof(struct r535_ce_fault_method_buffer_size),
	.mthdbuf = ovg_r535_mthdbuf,
	.event_rc = R535_EVENT_RC_TRIGGERED,
	.rc = rc,
	.event_plugin = R535_EVENT_VGPU_GSP_PLUGIN_TRIGGERED,
	.plugin = ovg_r535_plugin,
	.event_util = R535_EVENT_GPUACCT_PERFMON_UTIL_SAMPLES,
	.event_xid = R535_EVENT_OS_ERROR_LOG,
	.event_class = NV01_EVENT_KERNEL_CALLBACK_EX,
	.event_size = sizeof(struct r535_event_params),
	.event = ovg_r535_event_object,
	.notify_cmd = NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION,
	.notify_size = sizeof(struct r535_event_set_notification),
	.notify = ovg_r535_notify,
	.event_post = R535_EVENT_POST_EVENT,
	.post = ovg_r535_post,
	.notify_ecc_corrected = NV2080_NOTIFIERS_ECC_SBE,
	.notify_ecc_uncorrected = NV2080_NOTIFIERS_ECC_DBE,
	.ecc_address = ovg_r535_ecc_address,
};
