// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * RPCs of boot, release 570.144: what differs from 535.113.01.
 */
#include "ovg_pure.h"
#include "rpc.h"
#include "common/regs.h"
#include "r535/r535.h"
#include "r570/ctrl.h"
#include "r570/rpc.h"

/* GSP_FW_HEAP_SIZE_VGPU_DEFAULT of gsp_fw_heap.h, for 32 VF partitions */
#define VGPU_HEAP_SIZE		(581ULL << 20)
#define VGPU_PARTITIONS		32

/* What OpenRM's rpcGspSetSystemInfo_v17_00() says of a PCI function. */
static void system_info(void *buf, const struct ovg_system_info *in)
{
	struct r570_system_info *si = buf;

	si->gpu_phys_addr = in->bar0;
	si->gpu_phys_fb_addr = in->bar1;
	si->gpu_phys_inst_addr = in->bar3;
	si->nv_domain_bus_device_func = ((u64)in->domain << 32) | in->bdf;
	si->max_user_va = in->max_user_va;
	si->pci_config_mirror_base = NV_PCFG_MIRROR;
	si->pci_config_mirror_size = NV_PCFG_MIRROR_SIZE;
	si->pci_device_id = (u32)in->device_id << 16 | NV_PCI_VENDOR_ID;
	si->pci_sub_device_id = (u32)in->sub_device << 16 | in->sub_vendor;
	si->pci_revision_id = in->revision;
	si->hypervisor_type = R535_HYPERVISOR_UNKNOWN;
	si->flr_supported = in->flr;
	si->pcie_link_cap = in->link_cap;
	si->host_page_size = in->page_size;
	ovg_r535_vf_info(&si->vf_info, in);
}

static int static_info(const void *buf, struct ovg_static_info *out, const char **why)
{
	const struct r570_static_info *si = buf;
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

static void gsp_args(void *buf, u64 shared_mem, u32 ptes, u64 cmd_off, u64 stat_off)
{
	struct r570_gsp_arguments *a = buf;

	a->shared_mem_phys_addr = shared_mem;
	a->page_table_entry_count = ptes;
	a->cmd_queue_offset = cmd_off;
	a->stat_queue_offset = stat_off;
	/* OpenRM and nouveau: GSP-RM's stack lies in DMEM */
	a->dmem_stack = 1;
}

static int intr_gsp(const void *params, u32 *vector)
{
	return ovg_r535_intr_stall(params, R570_MC_ENGINE_IDX_GSP, vector);
}

static enum ovg_event event(u32 function, const void *payload, size_t len)
{
	const struct r570_event_rc_triggered *rc = payload;

	if (function == R535_EVENT_RC_TRIGGERED && len >= sizeof(*rc) &&
	    rc->except_type == R570_RC_FAST_PATH)
		return OVG_EVENT_RC_FAST_PATH;
	return ovg_r535_event_function(function);
}

static const char *error_log(const void *payload, size_t len, u32 *xid, u32 *chid)
{
	const struct r570_event_os_error_log *log = payload;

	if (len < sizeof(*log) || !memchr(log->err_string, 0, sizeof(log->err_string)))
		return NULL;
	*xid = log->except_type;
	*chid = log->chid;
	return log->err_string;
}

const struct ovg_rpc_codec ovg_rpc_r570 = {
	.version = R570_GSP_VERSION,
	.booter_unload_sha256 = {
		0x97, 0x5b, 0x85, 0xa1, 0x4d, 0xed, 0x8e, 0x43,
		0x0d, 0x30, 0xf0, 0x00, 0xc3, 0xc1, 0xaf, 0xdd,
		0x55, 0xc1, 0x5d, 0xee, 0x04, 0xf3, 0x5f, 0xf9,
		0xdf, 0xd8, 0x76, 0xac, 0xd7, 0xe6, 0x71, 0x86,
	},
	.vgpu_heap_size = VGPU_HEAP_SIZE,
	.vf_partitions = VGPU_PARTITIONS,
	.scrubber = true,
	.checksum_used = true,
	.fn_set_system_info = R535_RPC_GSP_SET_SYSTEM_INFO,
	.fn_set_registry = R535_RPC_SET_REGISTRY,
	.fn_static_info = R535_RPC_GET_GSP_STATIC_INFO,
	.fn_unloading = R535_RPC_UNLOADING_GUEST_DRIVER,
	.fn_free = R535_RPC_FREE,
	.fn_rc_ack = R535_RPC_ECC_NOTIFIER_WRITE_ACK,
	.fn_rm_alloc = R535_RPC_GSP_RM_ALLOC,
	.fn_rm_control = R535_RPC_GSP_RM_CONTROL,
	.system_info_size = sizeof(struct r570_system_info),
	.system_info = system_info,
	.static_info_size = sizeof(struct r570_static_info),
	.static_info = static_info,
	.unloading_size = sizeof(struct r535_rpc_unloading),
	.unloading = ovg_r535_unloading,
	.gsp_args_size = sizeof(struct r570_gsp_arguments),
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
