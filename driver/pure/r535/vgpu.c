// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vGPU controls and plugin messages, release 535.113.01.
 */
#include "ovg_pure.h"
#include "vgpu_codec.h"

#include "r535/ctrl.h"
#include "r535/event.h"
#include "r535/rpc.h"
#include "r535/vgpu_ctrl.h"
#include "r535/vgpu_plugin.h"
#include "r535/r535.h"

void ovg_r535_info(void *buf, const struct ovg_vgpu_type *t, const struct ovg_type_extra *extra)
{
	struct r535_vgpu_info *i = buf;

	i->vgpu_type = t->id;
	memcpy(i->vgpu_name, t->name, sizeof(i->vgpu_name));
	memcpy(i->vgpu_class, t->class, sizeof(i->vgpu_class));
	memcpy(i->license, extra->licenses,
	       ovg_min(strlen(extra->licenses), sizeof(i->license) - 1));
	i->max_instance = t->max_instance;
	i->num_heads = t->num_heads;
	i->max_resolution_x = t->max_x;
	i->max_resolution_y = t->max_y;
	i->max_pixels = extra->max_pixels;
	i->frl_config = extra->frame_limit;
	i->cuda_enabled = extra->cuda;
	i->ecc_supported = t->ecc;
	i->vdev_id = ((u32)t->device_id << 16) | t->subsystem_id;
	i->pdev_id = t->pdev_id;
	i->profile_size = t->profile_size;
	i->fb_length = t->fb_length;
	i->gsp_heap_size = t->gsp_heap_size;
	i->fb_reservation = t->fb_reservation;
	i->mappable_video_size = extra->mappable_video_size;
	i->encoder_capacity = extra->encoder_capacity;
	i->bar1_length = t->bar1_length >> 20;
	i->frl_enable = extra->limiter;
	i->multi_vgpu_supported = extra->multi_vgpu;
	i->multi_vgpu_exclusive = extra->multi_vgpu_exclusive;
	i->gpu_direct_supported = extra->gpu_direct;
	i->nvlink_p2p_supported = extra->nvlink_p2p;
}

static void add_types(void *params, const void *infos, u32 count)
{
	struct r535_add_vgpu_type *a = params;

	a->discard_vgpu_types = 1;
	a->vgpu_info_count = count;
	memcpy(a->vgpu_info, infos, count * sizeof(a->vgpu_info[0]));
}

int ovg_r535_add_types_count(const void *params)
{
	const struct r535_add_vgpu_type *a = params;

	if (!a->vgpu_info_count || a->vgpu_info_count > R535_MAX_VGPU_TYPES)
		return -EINVAL;
	return a->vgpu_info_count;
}

static int bootload(void *params, const struct ovg_bootload *in)
{
	struct r535_bootload *b = params;

	if (!in->gfid || !in->num_channels || !in->fb_length ||
	    in->heap_length < R535_PLUGIN_COMM_SIZE)
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
	return 0;
}

void ovg_r535_gfid(void *params, u32 nr)
{
	((struct r535_vgpu_gfid *)params)->gfid = nr;
}

const char *ovg_r535_features_version(const void *params)
{
	const struct r535_gsp_features *f = params;

	if (!memchr(f->firmware_version, 0, sizeof(f->firmware_version)))
		return NULL;
	return f->firmware_version;
}

void ovg_r535_ctrl(void *buf)
{
	struct r535_plugin_ctrl *c = buf;

	c->version = R535_PLUGIN_CTRL_VERSION;
	c->response_buff_offset = R535_PLUGIN_RESPONSE_OFFSET;
	c->message_buff_offset = R535_PLUGIN_MESSAGE_OFFSET;
	c->migration_buff_offset = R535_PLUGIN_MIGRATION_OFFSET;
	c->error_buff_offset = R535_PLUGIN_ERROR_OFFSET;
	c->attached_vgpu_count = 1;
}

u32 ovg_r535_message(enum ovg_plugin_msg msg)
{
	static const u32 number[OVG_PLUGIN_MSG_COUNT] = {
		[OVG_PLUGIN_VERSION] = R535_PLUGIN_MSG_VERSION_NEGOTIATION,
		[OVG_PLUGIN_CONFIG] = R535_PLUGIN_MSG_SETUP_CONFIG_AND_INIT,
		[OVG_PLUGIN_RESET] = R535_PLUGIN_MSG_RESET,
		[OVG_PLUGIN_BME] = R535_PLUGIN_MSG_UPDATE_BME_STATE,
	};

	return number[msg];
}

static void config(void *buf, const struct ovg_plugin_config *in)
{
	struct r535_plugin_config *c = buf;

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
}

void ovg_r535_bme(void *buf, bool enable)
{
	((struct r535_plugin_bme *)buf)->enable = enable;
}

static void util_engine(struct ovg_util_sample *out, enum ovg_util_engine e,
			const struct r535_util_engine *in)
{
	out->util[e] = ovg_min(in->util, OVG_UTIL_MAX);
	out->pid[e] = in->proc_id == NV2080_GPUMON_PID_INVALID ? 0 : in->proc_id;
}

int ovg_r535_util(const void *payload, size_t len, struct ovg_util_sample *out, u32 max)
{
	const struct r535_event_util_samples *p = payload;
	u32 i, n = 0;

	if (len < sizeof(*p) || p->type != R535_UTIL_SAMPLE_TYPE_PERFMON)
		return -EPROTO;
	/* The ring need not be full yet: what was never written has no time. */
	for (i = 0; i < R535_UTIL_SAMPLES && n < max; i++) {
		const struct r535_util_sample *s = &p->samples[i];

		if (!s->time_stamp)
			continue;
		out[n].time = s->time_stamp;
		util_engine(&out[n], OVG_UTIL_GPU, &s->gr);
		util_engine(&out[n], OVG_UTIL_MEMORY, &s->fb);
		util_engine(&out[n], OVG_UTIL_ENCODER, &s->nvenc);
		util_engine(&out[n], OVG_UTIL_DECODER, &s->nvdec);
		n++;
	}
	return n;
}

int ovg_r535_guest(const void *params, u32 gfid, struct ovg_guest *out)
{
	const struct r535_enumerate_vgpus *e = params;
	u32 i;

	if (e->num_vgpu > OVG_ARRAY_SIZE(e->vgpu))
		return -EPROTO;
	for (i = 0; i < e->num_vgpu; i++) {
		if (e->vgpu[i].device.gfid != gfid)
			continue;
		out->known = e->vgpu[i].vm.guest_vm_state == R535_GUEST_VM_INFO_INITIALIZED;
		out->licensed = e->vgpu[i].vm.licensed;
		out->license_state = e->vgpu[i].vm.license_state;
		out->driver_loaded = e->vgpu[i].device.driver_loaded;
		return 0;
	}
	return -ENOENT;
}

const struct ovg_vgpu_codec ovg_vgpu_r535 = {
	.version = R535_GSP_VERSION,
	/* It belongs to none; the last before it is 16.1 (535.104). */
	.vgpu_major = 16,
	.vgpu_minor = 1,
	.cmd_add_types = NV2080_CTRL_CMD_VGPU_MGR_ADD_VGPU_TYPE,
	.add_types_size = sizeof(struct r535_add_vgpu_type),
	.info_size = sizeof(struct r535_vgpu_info),
	.info_signature_offset = offsetof(struct r535_vgpu_info, vgpu_signature),
	.info_signature_size = sizeof(((struct r535_vgpu_info *)0)->vgpu_signature),
	.info = ovg_r535_info,
	.add_types = add_types,
	.add_types_count = ovg_r535_add_types_count,
	.cmd_bootload = NV2080_CTRL_CMD_VGPU_MGR_BOOTLOAD,
	.bootload_size = sizeof(struct r535_bootload),
	.bootload = bootload,
	.cmd_shutdown = NV2080_CTRL_CMD_VGPU_MGR_SHUTDOWN,
	.cmd_cleanup = NV2080_CTRL_CMD_VGPU_MGR_CLEANUP,
	.gfid_size = sizeof(struct r535_vgpu_gfid),
	.gfid = ovg_r535_gfid,
	.cmd_features = NV2080_CTRL_CMD_GSP_GET_FEATURES,
	.features_size = sizeof(struct r535_gsp_features),
	.features_version = ovg_r535_features_version,
	.layout = {
		.comm_size = R535_PLUGIN_COMM_SIZE,
		.ctrl = R535_PLUGIN_CTRL_OFFSET,
		.ctrl_size = sizeof(struct r535_plugin_ctrl),
		.seq = R535_PLUGIN_CTRL_OFFSET +
		       offsetof(struct r535_plugin_ctrl, message_seq_num),
		.message_type = R535_PLUGIN_CTRL_OFFSET +
				offsetof(struct r535_plugin_ctrl, message_type),
		.response = R535_PLUGIN_RESPONSE_OFFSET,
		.response_size = R535_PLUGIN_RESPONSE_SIZE,
		.processed = R535_PLUGIN_RESPONSE_OFFSET +
			     offsetof(struct r535_plugin_response, message_seq_num_processed),
		.result = R535_PLUGIN_RESPONSE_OFFSET +
			  offsetof(struct r535_plugin_response, result_code),
		.surface = R535_PLUGIN_RESPONSE_OFFSET +
			   offsetof(struct r535_plugin_response, surface),
		.surface_size = sizeof(struct r535_plugin_surface),
		.message = R535_PLUGIN_MESSAGE_OFFSET,
		.message_size = R535_PLUGIN_MESSAGE_SIZE,
		.error_log = R535_PLUGIN_ERROR_OFFSET,
		.error_log_size = R535_PLUGIN_ERROR_SIZE,
		.init_log = R535_PLUGIN_INIT_LOG_OFFSET,
		.init_log_size = R535_PLUGIN_INIT_LOG_SIZE,
		.vgpu_log = R535_PLUGIN_VGPU_LOG_OFFSET,
		.vgpu_log_size = R535_PLUGIN_VGPU_LOG_SIZE,
		.boot_magic = R535_PLUGIN_BOOT_MAGIC,
	},
	.ctrl = ovg_r535_ctrl,
	.message = ovg_r535_message,
	.config_size = sizeof(struct r535_plugin_config),
	.config = config,
	.bme_size = sizeof(struct r535_plugin_bme),
	.bme = ovg_r535_bme,
	.util = ovg_r535_util,
	.cmd_guests = NV2080_CTRL_CMD_VGPU_MGR_ENUMERATE,
	.guests_size = sizeof(struct r535_enumerate_vgpus),
	.guest = ovg_r535_guest,
};
