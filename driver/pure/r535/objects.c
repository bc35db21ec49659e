// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RM objects of the core in release 535.113.01.
 */
#include "objects.h"
#include "ovg_pure.h"

#include "common/fifo.h"
#include "common/mmu.h"
#include "common/rm.h"
#include "r535/ctrl.h"
#include "r535/event.h"
#include "r535/rpc.h"
#include "r535/r535.h"

void ovg_r535_client(void *params, u32 h_client)
{
	struct r535_client_params *p = params;

	p->h_client = h_client;
	/* no process of this host stands behind the client (nouveau) */
	p->process_id = ~0U;
}

void ovg_r535_device(void *params, u32 h_client)
{
	struct r535_device_params *p = params;

	p->h_client_share = h_client;
}

void ovg_r535_vaspace(void *params)
{
	struct r535_vaspace_params *p = params;

	p->index = R535_VASPACE_INDEX_GPU_NEW;
}

/* nouveau r535_mmu_promote_vmm() */
void ovg_r535_server_pdes(void *params, const struct ovg_server_pdes *in)
{
	struct r535_copy_reserved_pdes *p = params;

	p->page_size = OVG_SERVER_PDES_SIZE;
	p->virt_addr_lo = in->va;
	p->virt_addr_hi = in->va + OVG_SERVER_PDES_SIZE - 1;
	p->num_levels_to_copy = 3;
	p->levels[0].phys_address = in->pd3;
	p->levels[0].size = NV_MMU_PD3_ENTRIES * 8;
	p->levels[0].aperture = NV_MMU_PDE_APERTURE_VRAM;
	p->levels[0].page_shift = NV_MMU_PD3_SHIFT;
	p->levels[1].phys_address = in->pd2;
	p->levels[1].size = NV_MMU_PD2_ENTRIES * 8;
	p->levels[1].aperture = NV_MMU_PDE_APERTURE_VRAM;
	p->levels[1].page_shift = NV_MMU_PD2_SHIFT;
	p->levels[2].phys_address = in->pd1;
	p->levels[2].size = NV_MMU_PD1_ENTRIES * 8;
	p->levels[2].aperture = NV_MMU_PDE_APERTURE_VRAM;
	p->levels[2].page_shift = NV_MMU_PD1_SHIFT;
}

static void fb_memory(struct r535_memory_desc *mem, u64 base, u64 size)
{
	mem->base = base;
	mem->size = size;
	mem->address_space = ADDR_FBMEM;
	mem->cache_attrib = 1;
}

/*
 * The channel id follows from the USERD page (8 channels each) and the index
 * in it; only the page is marked as fixed (OpenRM kfifoChidMgrAllocChid()
 * refuses both at once, nouveau r535_chan_ramfc_write()).
 */
void ovg_r535_channel(void *params, const struct ovg_channel_params *in)
{
	struct r535_channel_params *p = params;

	p->gp_fifo_offset = in->gpfifo_va;
	p->gp_fifo_entries = in->gpfifo_entries;
	p->flags = (in->chid % 8) << R535_CHANNEL_USERD_INDEX_SHIFT |
		   (in->chid / 8) << R535_CHANNEL_USERD_PAGE_SHIFT |
		   R535_CHANNEL_USERD_PAGE_FIXED;
	p->internal_flags = R535_CHANNEL_INTERNAL_ERR_NONE |
			    R535_CHANNEL_INTERNAL_ECC_NONE;
	if (in->privileged) {
		p->flags |= R535_CHANNEL_PRIVILEGED;
		p->internal_flags |= R535_CHANNEL_INTERNAL_PRIV_ADMIN;
	} else {
		p->internal_flags |= R535_CHANNEL_INTERNAL_PRIV_USER;
	}
	p->h_va_space = in->h_vaspace;
	p->engine_type = in->engine;
	fb_memory(&p->instance_mem, in->inst, NV_RAMIN_SIZE);
	fb_memory(&p->userd_mem, in->userd, NVC56F_USERD_SIZE);
	fb_memory(&p->ramfc_mem, in->inst, 0x200);
	p->mthdbuf_mem.base = in->mthdbuf;
	p->mthdbuf_mem.size = in->mthdbuf_size;
	p->mthdbuf_mem.address_space = ADDR_SYSMEM;
}

void ovg_r535_ce(void *params, u32 engine)
{
	struct r535_ce_params *p = params;

	p->version = R535_CE_PARAMS_VERSION;
	p->engine_type = engine;
}

void ovg_r535_bind(void *params, u32 engine)
{
	struct r535_channel_bind *p = params;

	p->engine_type = engine;
}

void ovg_r535_schedule(void *params, bool enable)
{
	struct r535_gpfifo_schedule *p = params;

	p->enable = enable;
}

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
		{ 0x1d, 0x13, 8 },	/* NVDEC0.. */
		{ 0x25, 0x1b, 3 },	/* NVENC0.. */
		{ 0x35, 0x2b, 8 },	/* NVJPEG0.. */
		{ 0x3d, 0x33, 1 },	/* OFA */
	};
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(map); i++)
		if (rm >= map[i].rm && rm - map[i].rm < map[i].count)
			return map[i].type + rm - map[i].rm;

	return 0;
}

void ovg_r535_devices(void *params, u32 base)
{
	struct r535_fifo_device_info *p = params;

	p->base_index = base;
}

int ovg_r535_devices_walk(const void *params, u32 (*type)(u32 rm),
			  struct ovg_device_entry *out, u32 max, u32 *count, bool *more)
{
	const struct r535_fifo_device_info *p = params;
	u32 i;

	if (p->num_entries > R535_FIFO_DEVICE_ENTRIES)
		return -EPROTO;
	if (p->num_entries > max)
		return -E2BIG;

	for (i = 0; i < p->num_entries; i++) {
		const u32 *data = p->entries[i].engine_data;

		out[i].type = type(data[R535_ENGINE_DATA_RM_ENGINE_TYPE]);
		out[i].runlist = data[R535_ENGINE_DATA_RUNLIST];
	}
	*count = p->num_entries;
	*more = p->more && p->num_entries;

	return 0;
}

static int devices_get(const void *params, struct ovg_device_entry *out,
		       u32 max, u32 *count, bool *more)
{
	return ovg_r535_devices_walk(params, engine_type, out, max, count, more);
}

int ovg_r535_intr_check(const void *params)
{
	const struct r535_intr_table *p = params;

	return p->table_len <= R535_INTR_TABLE_MAX ? 0 : -EPROTO;
}

/* Engines of the interrupt table (engine_idx.h), those that the core asks for. */
u32 ovg_r535_intr_lookup(const void *params, u32 engine, u32 gr_idx)
{
	const struct r535_intr_table *p = params;
	u32 idx, i;

	if (engine >= NV2080_ENGINE_TYPE_COPY(0) &&
	    engine < NV2080_ENGINE_TYPE_COPY(NV2080_ENGINE_TYPE_COPY_COUNT))
		idx = MC_ENGINE_IDX_CE(engine - NV2080_ENGINE_TYPE_COPY(0));
	else if (engine == NV2080_ENGINE_TYPE_GR0)
		idx = gr_idx;
	else
		return OVG_VECTOR_NONE;

	for (i = 0; i < p->table_len; i++)
		if (p->table[i].engine_idx == idx)
			return p->table[i].vector_non_stall;

	return OVG_VECTOR_NONE;
}

static u32 intr_nonstall(const void *params, u32 engine)
{
	return ovg_r535_intr_lookup(params, engine, R535_MC_ENGINE_IDX_GR0);
}

int ovg_r535_vmmu_segment(const void *params, u64 *bytes)
{
	const struct r535_vmmu_segment_size *p = params;
	u64 size = p->segment_size;

	if (size < NV_VMMU_SEGMENT_MIN || size > NV_VMMU_SEGMENT_MAX ||
	    (size & (size - 1)))
		return -EPROTO;
	*bytes = size;

	return 0;
}

/* Unit 0 is the framebuffer (ctrl2080gpu.h). */
bool ovg_r535_ecc_enabled(const void *params)
{
	const struct r535_query_ecc_status *p = params;

	return p->units[0].enabled;
}

int ovg_r535_mthdbuf(const void *params, u32 *bytes)
{
	const struct r535_ce_fault_method_buffer_size *p = params;

	if (!p->size || p->size > 1U << 20)
		return -EPROTO;
	*bytes = p->size;

	return 0;
}

static int rc(const void *payload, size_t len, struct ovg_rc *out)
{
	const struct r535_event_rc_triggered *p = payload;

	if (len < sizeof(*p))
		return -EPROTO;
	out->engine = p->nv2080_engine_type;
	out->chid = p->chid;
	out->gfid = 0;
	out->code = p->except_type;

	return 0;
}

int ovg_r535_plugin(const void *payload, size_t len, u32 *gfid, u32 *notify)
{
	const struct r535_event_plugin_triggered *p = payload;

	if (len < sizeof(*p))
		return -EPROTO;
	*gfid = p->gfid;
	*notify = p->notify_index;

	return 0;
}

/* nouveau r535_gsp_device_event_ctor() */
void ovg_r535_event_object(void *params, u32 h_client, u32 index)
{
	struct r535_event_params *p = params;

	p->h_parent_client = h_client;
	p->h_class = NV01_EVENT_KERNEL_CALLBACK_EX;
	p->notify_index = NV01_EVENT_CLIENT_RM | index;
}

void ovg_r535_notify(void *params, u32 index, bool enable)
{
	struct r535_event_set_notification *p = params;

	p->event = index;
	p->action = enable ? R535_EVENT_ACTION_REPEAT : R535_EVENT_ACTION_DISABLE;
}

int ovg_r535_post(const void *payload, size_t len, struct ovg_notification *out)
{
	const struct r535_event_post *p = payload;

	if (len < sizeof(*p) || p->event_data_size > len - R535_EVENT_POST_DATA)
		return -EPROTO;
	out->h_client = p->h_client;
	out->h_event = p->h_event;
	out->index = p->notify_index;
	out->data = (const u8 *)payload + R535_EVENT_POST_DATA;
	out->size = p->event_data_size;

	return 0;
}

bool ovg_r535_ecc_address(const struct ovg_notification *n, u64 *address)
{
	struct r535_ecc_dbe dbe;

	if (n->index != NV2080_NOTIFIERS_ECC_DBE || n->size < sizeof(dbe))
		return false;
	memcpy(&dbe, n->data, sizeof(dbe));
	*address = dbe.phys_address;

	return true;
}

const struct ovg_objects_codec ovg_objects_r535 = {
	.version = R535_GSP_VERSION,
	.client_size = sizeof(struct r535_client_params),
	.client = ovg_r535_client,
	.device_size = sizeof(struct r535_device_params),
	.device = ovg_r535_device,
	.subdevice_size = sizeof(struct r535_subdevice_params),
	.vaspace_size = sizeof(struct r535_vaspace_params),
	.vaspace = ovg_r535_vaspace,
	.server_pdes_cmd = NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES,
	.server_pdes_size = sizeof(struct r535_copy_reserved_pdes),
	.server_pdes = ovg_r535_server_pdes,
	.channel_size = sizeof(struct r535_channel_params),
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
	.ecc_size = sizeof(struct r535_query_ecc_status),
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
