// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPCs of boot and RM calls, release 535.113.01.
 */
#include "ovg_pure.h"
#include "rpc.h"
#include "common/regs.h"
#include "common/rm.h"
#include "r535/ctrl.h"
#include "r535/rpc.h"
#include "r535/r535.h"

/*
 * OpenRM reserves 549 MiB for 32 VF partitions; but Ada clears only the top
 * 256 MiB of FB by itself, anything more wants a scrubber program on SEC2 first,
 * which the distributed 535 files do not bring.  What is known to work on an L40
 * without it is NVIDIA's first vGPU RFC (2024): 256 MiB and two partitions.
 */
#define VGPU_HEAP_SIZE		(256ULL << 20)
#define VGPU_PARTITIONS		2

void ovg_r535_vf_info(struct r535_vf_info *vf, const struct ovg_system_info *in)
{
	if (!in->total_vfs)
		return;

	vf->total_vfs = in->total_vfs;
	vf->first_vf_offset = in->first_vf_offset;
	vf->first_vf_bar0 = in->vf_bar[0];
	vf->first_vf_bar1 = in->vf_bar[1];
	vf->first_vf_bar2 = in->vf_bar[2];
	vf->b64bit_bar0 = in->vf_bar_64[0];
	vf->b64bit_bar1 = in->vf_bar_64[1];
	vf->b64bit_bar2 = in->vf_bar_64[2];
}

static void system_info(void *buf, const struct ovg_system_info *in)
{
	struct r535_system_info *si = buf;

	si->gpu_phys_addr = in->bar0;
	si->gpu_phys_fb_addr = in->bar1;
	si->gpu_phys_inst_addr = in->bar3;
	si->nv_domain_bus_device_func = ((u64)in->domain << 32) | in->bdf;
	si->max_user_va = in->max_user_va;
	si->pci_config_mirror_base = NV_PCFG_MIRROR;
	si->pci_config_mirror_size = NV_PCFG_MIRROR_SIZE;
	si->hypervisor_type = R535_HYPERVISOR_UNKNOWN;
	ovg_r535_vf_info(&si->vf_info, in);
}

int ovg_r535_fb_regions(const struct r535_fb_region_info *info, struct ovg_static_info *out,
			const char **why)
{
	u64 end = 0;
	u32 i;

	if (!info->num_regions || info->num_regions > OVG_FB_REGIONS) {
		*why = "number of FB regions is out of range";
		return -EPROTO;
	}
	for (i = 0; i < info->num_regions; i++) {
		const struct r535_fb_region *r = &info->region[i];

		if (r->limit < r->base || r->limit == ~0ULL || (i && r->base < end)) {
			*why = "FB regions overlap or are out of order";
			return -EPROTO;
		}
		end = r->limit + 1;
		out->region[i].base = r->base;
		out->region[i].size = end - r->base;
		out->region[i].usable = !r->reserved && !r->is_protected;
	}
	out->num_regions = info->num_regions;
	return 0;
}

static int static_info(const void *buf, struct ovg_static_info *out, const char **why)
{
	const struct r535_static_info *si = buf;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = ovg_r535_fb_regions(&si->fb_region_info, out, why);
	if (ret)
		return ret;
	if (!si->h_internal_client || !si->h_internal_subdevice) {
		*why = "no internal handles";
		return -EPROTO;
	}

	out->fb_length = si->fb_length;
	out->bar1_pde_base = si->bar1_pde_base;
	out->bar2_pde_base = si->bar2_pde_base;
	out->h_client = si->h_internal_client;
	out->h_device = si->h_internal_device;
	out->h_subdevice = si->h_internal_subdevice;
	out->sriov_enabled = si->sriov_caps.sriov_enabled;
	out->total_vfs = si->sriov_caps.total_vfs;
	return 0;
}

void ovg_r535_unloading(void *buf, bool suspend)
{
	struct r535_rpc_unloading *u = buf;

	u->in_pm_transition = suspend;
	u->new_level = suspend ? 3 : 0;
}

static void gsp_args(void *buf, u64 shared_mem, u32 ptes, u64 cmd_off, u64 stat_off)
{
	struct r535_gsp_arguments *a = buf;

	a->shared_mem_phys_addr = shared_mem;
	a->page_table_entry_count = ptes;
	a->cmd_queue_offset = cmd_off;
	a->stat_queue_offset = stat_off;
}

int ovg_r535_intr_stall(const void *params, u32 idx, u32 *vector)
{
	const struct r535_intr_table *t = params;
	u32 i;

	if (t->table_len > R535_INTR_TABLE_MAX)
		return -EPROTO;
	for (i = 0; i < t->table_len; i++) {
		if (t->table[i].engine_idx != idx)
			continue;
		if (t->table[i].vector_stall >= NV_VF_PRIV_CPU_INTR_LEAVES * 32)
			return -EPROTO;
		*vector = t->table[i].vector_stall;
		return 0;
	}
	return -EPROTO;
}

static int intr_gsp(const void *params, u32 *vector)
{
	return ovg_r535_intr_stall(params, R535_MC_ENGINE_IDX_GSP, vector);
}

void ovg_r535_rm_alloc(void *head, u32 h_client, u32 h_parent, u32 h_object,
		       u32 class_id, u32 params_size)
{
	struct r535_rpc_rm_alloc *a = head;

	a->h_client = h_client;
	a->h_parent = h_parent;
	a->h_object = h_object;
	a->h_class = class_id;
	a->params_size = params_size;
}

u32 ovg_r535_rm_alloc_status(const void *head)
{
	return ((const struct r535_rpc_rm_alloc *)head)->status;
}

void ovg_r535_rm_control(void *head, u32 h_client, u32 h_object, u32 cmd, u32 params_size)
{
	struct r535_rpc_rm_control *c = head;

	c->h_client = h_client;
	c->h_object = h_object;
	c->cmd = cmd;
	c->params_size = params_size;
}

u32 ovg_r535_rm_control_status(const void *head)
{
	return ((const struct r535_rpc_rm_control *)head)->status;
}

void ovg_r535_rm_free(void *head, u32 h_client, u32 h_object)
{
	struct r535_rpc_free *f = head;

	f->h_root = h_client;
	f->h_object_old = h_object;
}

enum ovg_event ovg_r535_event_function(u32 function)
{
	switch (function) {
	case R535_EVENT_GSP_INIT_DONE:
		return OVG_EVENT_INIT_DONE;
	case R535_EVENT_GSP_RUN_CPU_SEQUENCER:
		return OVG_EVENT_RUN_CPU_SEQUENCER;
	case R535_EVENT_OS_ERROR_LOG:
		return OVG_EVENT_OS_ERROR_LOG;
	case R535_EVENT_UCODE_LIBOS_PRINT:
		return OVG_EVENT_LIBOS_PRINT;
	default:
		return OVG_EVENT_OTHER;
	}
}

static enum ovg_event event(u32 function, const void *payload, size_t len)
{
	const struct r535_event_rc_triggered *rc = payload;

	if (function == R535_EVENT_RC_TRIGGERED && len >= sizeof(*rc) &&
	    rc->except_type == R535_RC_FAST_PATH)
		return OVG_EVENT_RC_FAST_PATH;
	return ovg_r535_event_function(function);
}

static const char *error_log(const void *payload, size_t len, u32 *xid, u32 *chid)
{
	const struct r535_event_os_error_log *log = payload;

	if (len < sizeof(*log) || !memchr(log->err_string, 0, sizeof(log->err_string)))
		return NULL;
	*xid = log->except_type;
	*chid = log->chid;
	return log->err_string;
}

const struct ovg_rpc_codec ovg_rpc_r535 = {
	.version = R535_GSP_VERSION,
	.booter_unload_sha256 = {
		0xd0, 0x36, 0xdf, 0xee, 0x05, 0x45, 0xc3, 0x6e,
		0x21, 0x94, 0xbc, 0x55, 0x5c, 0xb2, 0x68, 0xa5,
		0xe1, 0x1a, 0x6f, 0x13, 0xb5, 0xf6, 0x6a, 0x7d,
		0xec, 0x40, 0x83, 0x8e, 0xfc, 0x6a, 0xd8, 0x7e,
	},
	.vgpu_heap_size = VGPU_HEAP_SIZE,
	.vf_partitions = VGPU_PARTITIONS,
	.fn_set_system_info = R535_RPC_GSP_SET_SYSTEM_INFO,
	.fn_set_registry = R535_RPC_SET_REGISTRY,
	.fn_static_info = R535_RPC_GET_GSP_STATIC_INFO,
	.fn_unloading = R535_RPC_UNLOADING_GUEST_DRIVER,
	.fn_free = R535_RPC_FREE,
	.fn_rc_ack = R535_RPC_ECC_NOTIFIER_WRITE_ACK,
	.fn_rm_alloc = R535_RPC_GSP_RM_ALLOC,
	.fn_rm_control = R535_RPC_GSP_RM_CONTROL,
	.system_info_size = sizeof(struct r535_system_info),
	.system_info = system_info,
	.static_info_size = sizeof(struct r535_static_info),
	.static_info = static_info,
	.unloading_size = sizeof(struct r535_rpc_unloading),
	.unloading = ovg_r535_unloading,
	.gsp_args_size = sizeof(struct r535_gsp_arguments),
	.gsp_args = gsp_args,
	.cmd_intr_table = NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE,
	.intr_table_size = sizeof(struct r535_intr_table),
	.intr_gsp = intr_gsp,
	.rm_alloc_size = sizeof(struct r535_rpc_rm_alloc),
	.rm_alloc = ovg_r535_rm_alloc,
	.rm_alloc_status = ovg_r535_rm_alloc_status,
	.rm_control_size = sizeof(struct r535_rpc_rm_control),
	.rm_control = ovg_r535_rm_control,
	.rm_control_status = ovg_r535_rm_control_status,
	.rm_free_size = sizeof(struct r535_rpc_free),
	.rm_free = ovg_r535_rm_free,
	.event = event,
	.error_log = error_log,
};
