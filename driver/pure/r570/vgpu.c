// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vGPU controls and plugin messages, release 570.144: what differs from
 * 535.113.01.
 */
#include "ovg_pure.h"
#include "vgpu_codec.h"

#include "r535/r535.h"
#include "r570/ctrl.h"
#include "r570/rpc.h"
#include "r570/sched.h"
#include "r570/vgpu_ctrl.h"
#include "r570/vgpu_plugin.h"

static void add_types(void *params, const void *infos, u32 count)
{
	struct r570_add_vgpu_type *a = params;

	a->discard_vgpu_types = 1;
	a->vgpu_info_count = count;
	memcpy(a->vgpu_info, infos, count * sizeof(a->vgpu_info[0]));
}

static int bootload(void *params, const struct ovg_bootload *in)
{
	struct r570_bootload *b = params;

	if (!in->gfid || !in->num_channels || !in->fb_length ||
	    in->heap_length < R570_PLUGIN_COMM_SIZE)
		return -EINVAL;
	if (ovg_bootload_chids(in, b->chid_offset, OVG_ARRAY_SIZE(b->chid_offset)))
		return -EINVAL;

	b->dbdf = in->dbdf;
	b->gfid = in->gfid;
	b->vgpu_type = in->vgpu_type;
	b->vm_pid = in->vm_pid;
	b->swizz_id = R535_SWIZZ_ID_NONE;
	b->num_channels = in->num_channels;
	b->num_plugin_channels = in->num_plugin_channels;
	b->num_guest_fb_segments = 1;
	b->guest_fb_phys_addr[0] = in->fb_addr;
	b->guest_fb_length[0] = in->fb_length;
	b->plugin_heap_phys_addr = in->heap_addr;
	b->plugin_heap_length = in->heap_length;
	b->ctrl_buff_offset = R535_PLUGIN_CTRL_OFFSET;
	b->device_profiling_enabled = in->profiling;
	b->init_task_log_offset = in->heap_addr + R535_PLUGIN_INIT_LOG_OFFSET;
	b->init_task_log_size = R535_PLUGIN_INIT_LOG_SIZE;
	b->vgpu_task_log_offset = in->heap_addr + R535_PLUGIN_VGPU_LOG_OFFSET;
	b->vgpu_task_log_size = R535_PLUGIN_VGPU_LOG_SIZE;
	b->kernel_log_offset = in->heap_addr + R570_PLUGIN_KERNEL_LOG_OFFSET;
	b->kernel_log_size = R570_PLUGIN_KERNEL_LOG_SIZE;
	return 0;
}

static void config(void *buf, const struct ovg_plugin_config *in)
{
	struct r570_plugin_config *c = buf;

	memcpy(c->vgpu_uuid, in->uuid, sizeof(c->vgpu_uuid));
	c->dbdf = in->dbdf;
	c->vgpu_device_instance_id = in->instance_id;
	c->vgpu_type = in->vgpu_type;
	c->vm_pid = in->vm_pid;
	c->swizz_id = R535_SWIZZ_ID_NONE;
	c->num_channels = in->num_channels;
	c->num_plugin_channels = in->num_plugin_channels;
	c->migration_feature = R535_PLUGIN_MIGRATION_FEATURE_KVM;
	c->hypervisor_type = R535_PLUGIN_HYPERVISOR_KVM;
	c->host_cpu_arch = in->aarch64 ? R535_PLUGIN_CPU_ARCH_AARCH64 :
					 R535_PLUGIN_CPU_ARCH_X86_64;
	c->host_page_size = in->page_size;
	c->enable_uvm = in->uvm;
	c->linux_interrupt_optimization = in->interrupt_optimization;
	c->vmm_migration_supported = in->migration;
	c->enable_console_vnc = in->console_vnc;
	c->use_non_stall_linux_events = in->non_stall_events;
	c->placement_id = in->placement_id;
}

static enum ovg_sched_policy policy_from(u32 v)
{
	switch (v) {
	case R570_SCHED_POLICY_BEST_EFFORT:
		return OVG_SCHED_BEST_EFFORT;
	case R570_SCHED_POLICY_EQUAL_SHARE:
		return OVG_SCHED_EQUAL_SHARE;
	case R570_SCHED_POLICY_FIXED_SHARE:
		return OVG_SCHED_FIXED_SHARE;
	default:
		return OVG_SCHED_UNKNOWN;
	}
}

static u32 policy_to(enum ovg_sched_policy policy)
{
	switch (policy) {
	case OVG_SCHED_EQUAL_SHARE:
		return R570_SCHED_POLICY_EQUAL_SHARE;
	case OVG_SCHED_FIXED_SHARE:
		return R570_SCHED_POLICY_FIXED_SHARE;
	default:
		return R570_SCHED_POLICY_BEST_EFFORT;
	}
}

static void sched_ask(void *params, u32 engine)
{
	*(u32 *)params = engine;
}

static int sched_caps(const void *params, struct ovg_sched_caps *out)
{
	const struct r570_sched_get_caps *c = params;
	u32 i;

	out->policies = 0;
	for (i = 0; i < R570_SCHED_POLICIES; i++)
		out->policies |= 1u << policy_from(c->supported_schedulers[i]);
	out->policies &= ~(1u << OVG_SCHED_UNKNOWN);
	out->arr = c->is_arr_mode_supported;
	out->timeslice_ns.min = c->min_timeslice_ns;
	out->timeslice_ns.max = c->max_timeslice_ns;
	out->frequency.min = c->min_frequency_for_arr;
	out->frequency.max = c->max_frequency_for_arr;
	out->avg_factor.min = c->min_avg_factor_for_arr;
	out->avg_factor.max = c->max_avg_factor_for_arr;
	if (out->timeslice_ns.min > out->timeslice_ns.max ||
	    out->frequency.min > out->frequency.max ||
	    out->avg_factor.min > out->avg_factor.max)
		return -EINVAL;
	return 0;
}

static void sched_get(const void *params, struct ovg_sched *out)
{
	const struct r570_sched_get_state *g = params;

	out->policy = policy_from(g->sched_policy);
	out->arr = g->arr_enabled == R570_SCHED_ARR_DISABLE ? OVG_SCHED_ARR_DISABLE :
		   g->arr_enabled == R570_SCHED_ARR_ENABLE ? OVG_SCHED_ARR_ENABLE :
							     OVG_SCHED_ARR_DEFAULT;
	out->timeslice_ns = g->target_timeslice_ns;
	out->avg_factor = g->arr_avg_factor;
}

static void sched_set(void *params, u32 engine, const struct ovg_sched *in)
{
	struct r570_sched_set_state *s = params;

	s->engine_id = engine;
	s->sched_policy = policy_to(in->policy);
	s->enable_arr = in->arr == OVG_SCHED_ARR_DISABLE ? R570_SCHED_ARR_DISABLE :
			in->arr == OVG_SCHED_ARR_ENABLE ? R570_SCHED_ARR_ENABLE :
							  R570_SCHED_ARR_DEFAULT;
	s->timeslice_target_ns = in->timeslice_ns;
	s->frequency_for_arr = in->frequency;
	s->avg_factor_for_arr = in->avg_factor;
}

const struct ovg_vgpu_codec ovg_vgpu_r570 = {
	.version = R570_GSP_VERSION,
	/* As NVIDIA's second vGPU RFC says. */
	.vgpu_major = 18,
	.vgpu_minor = 1,
	.cmd_add_types = NV2080_CTRL_CMD_VGPU_MGR_ADD_VGPU_TYPE,
	.add_types_size = sizeof(struct r570_add_vgpu_type),
	.info_size = sizeof(struct r570_vgpu_info),
	.info_signature_offset = offsetof(struct r570_vgpu_info, vgpu_signature),
	.info_signature_size = sizeof(((struct r570_vgpu_info *)0)->vgpu_signature),
	.info = ovg_r535_info,
	.add_types = add_types,
	.add_types_count = ovg_r535_add_types_count,
	.cmd_bootload = NV2080_CTRL_CMD_VGPU_MGR_BOOTLOAD,
	.bootload_size = sizeof(struct r570_bootload),
	.bootload = bootload,
	.cmd_shutdown = NV2080_CTRL_CMD_VGPU_MGR_SHUTDOWN,
	.cmd_cleanup = NV2080_CTRL_CMD_VGPU_MGR_CLEANUP,
	.cmd_heterogeneous = NV2080_CTRL_CMD_VGPU_MGR_SET_HETEROGENEOUS_MODE,
	.gfid_size = sizeof(struct r535_vgpu_gfid),
	.gfid = ovg_r535_gfid,
	.cmd_sched_caps = NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_CAPS,
	.sched_caps_size = sizeof(struct r570_sched_get_caps),
	.cmd_sched_get = NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_STATE,
	.sched_get_size = sizeof(struct r570_sched_get_state),
	.cmd_sched_set = NV2080_CTRL_CMD_FIFO_OBJSCHED_SET_STATE,
	.sched_set_size = sizeof(struct r570_sched_set_state),
	.sched_ask = sched_ask,
	.sched_caps = sched_caps,
	.sched_get = sched_get,
	.sched_set = sched_set,
	.cmd_features = NV2080_CTRL_CMD_GSP_GET_FEATURES,
	.features_size = sizeof(struct r535_gsp_features),
	.features_version = ovg_r535_features_version,
	.layout = {
		.comm_size = R570_PLUGIN_COMM_SIZE,
		.ctrl = R535_PLUGIN_CTRL_OFFSET,
		.ctrl_size = sizeof(struct r535_plugin_ctrl),
		.seq = R535_PLUGIN_CTRL_OFFSET +
		       offsetof(struct r535_plugin_ctrl, message_seq_num),
		.message_type = R535_PLUGIN_CTRL_OFFSET +
				offsetof(struct r535_plugin_ctrl, message_type),
		.response = R535_PLUGIN_RESPONSE_OFFSET,
		.response_size = R535_PLUGIN_RESPONSE_SIZE,
		.processed = R535_PLUGIN_RESPONSE_OFFSET +
			     offsetof(struct r570_plugin_response, message_seq_num_processed),
		.result = R535_PLUGIN_RESPONSE_OFFSET +
			  offsetof(struct r570_plugin_response, result_code),
		.surface = R535_PLUGIN_RESPONSE_OFFSET +
			   offsetof(struct r570_plugin_response, surface),
		.surface_size = R570_PLUGIN_SURFACE_CERTAIN,
		.message = R535_PLUGIN_MESSAGE_OFFSET,
		.message_size = R535_PLUGIN_MESSAGE_SIZE,
		.error_log = R535_PLUGIN_ERROR_OFFSET,
		.error_log_size = R535_PLUGIN_ERROR_SIZE,
		.init_log = R535_PLUGIN_INIT_LOG_OFFSET,
		.init_log_size = R535_PLUGIN_INIT_LOG_SIZE,
		.vgpu_log = R535_PLUGIN_VGPU_LOG_OFFSET,
		.vgpu_log_size = R535_PLUGIN_VGPU_LOG_SIZE,
		.kernel_log = R570_PLUGIN_KERNEL_LOG_OFFSET,
		.kernel_log_size = R570_PLUGIN_KERNEL_LOG_SIZE,
		.boot_magic = R535_PLUGIN_BOOT_MAGIC,
	},
	.ctrl = ovg_r535_ctrl,
	.message = ovg_r535_message,
	.config_size = sizeof(struct r570_plugin_config),
	.config = config,
	.bme_size = sizeof(struct r535_plugin_bme),
	.bme = ovg_r535_bme,
	.util = ovg_r535_util,
	.cmd_guests = NV2080_CTRL_CMD_VGPU_MGR_ENUMERATE,
	.guests_size = sizeof(struct r535_enumerate_vgpus),
	.guest = ovg_r535_guest,
};
