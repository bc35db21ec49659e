/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Events that GSP-RM posts for those who asked for them, and its samples of
 * utilisation, release 535.113.01; 570.144 has not changed them.  Facts:
 * rpc_global_enums.h, g_rpc-structures.h, g_sdk-structures.h, cl0005.h,
 * ctrl2080event.h, cl2080_notification.h, ctrl2080gpumon.h; how an event is
 * asked for, nouveau r535_gsp_device_event_ctor().
 */
#ifndef OVG_R535_EVENT_H
#define OVG_R535_EVENT_H

#include "../common/ovg_types.h"

/* An event object below a subdevice, and its switch */
#define NV01_EVENT_KERNEL_CALLBACK_EX		0x007e
#define NV01_EVENT_CLIENT_RM			0x04000000

struct r535_event_params {
	u32 h_parent_client;
	u32 h_src_resource;
	u32 h_class;
	u32 notify_index;
	u64 data;
};

OVG_ABI_SIZE(r535_event_params, 24);

#define NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION	0x20800301
#define R535_EVENT_ACTION_DISABLE		0
#define R535_EVENT_ACTION_REPEAT		2
struct r535_event_set_notification {
	u32 event;
	u32 action;
	u8 notify_state;
	u8 pad0[3];
	u32 info32;
	u16 info16;
	u16 pad1;
};

OVG_ABI_SIZE(r535_event_set_notification, 20);
OVG_ABI_FIELD(r535_event_set_notification, info32, 12);

/* Notifiers of the subdevice */
#define NV2080_NOTIFIERS_ECC_SBE		111
#define NV2080_NOTIFIERS_ECC_DBE		112

/* What ECC_DBE brings with it */
struct r535_ecc_dbe {
	u64 phys_address;
};

OVG_ABI_SIZE(r535_ecc_dbe, 8);

/*
 * POST_EVENT.  The event's own data follow the last member without padding, so
 * they are not aligned.
 */
#define R535_EVENT_POST_EVENT			0x1003
struct r535_event_post {
	u32 h_client;
	u32 h_event;
	u32 notify_index;
	u32 data;
	u16 info16;
	u16 pad0;
	u32 status;
	u32 event_data_size;
	u8 notify_list;
	u8 pad1[3];
};

OVG_ABI_SIZE(r535_event_post, 32);
OVG_ABI_FIELD(r535_event_post, status, 20);
OVG_ABI_FIELD(r535_event_post, notify_list, 28);
#define R535_EVENT_POST_DATA			29

/*
 * GPUACCT_PERFMON_UTIL_SAMPLES: a ring of the last samples, some ten seconds.
 * Utilisation is in hundredths of a percent; the process is that of the VM.
 */
#define NV2080_GPUMON_PID_INVALID		0xffffffff
struct r535_util_engine {
	u32 util;
	u32 proc_id;
	u32 sub_process_id;
};

OVG_ABI_SIZE(r535_util_engine, 12);

struct r535_util_sample {
	u64 time_stamp;
	struct r535_util_engine fb;
	struct r535_util_engine gr;
	struct r535_util_engine nvenc;
	struct r535_util_engine nvdec;
};

OVG_ABI_SIZE(r535_util_sample, 56);

#define R535_UTIL_SAMPLES			72
struct r535_event_util_samples {
	u8 type;
	u8 pad0[3];
	u32 buf_size;
	u32 count;
	u32 tracker;
	struct r535_util_sample samples[R535_UTIL_SAMPLES];
};

OVG_ABI_SIZE(r535_event_util_samples, 4048);
OVG_ABI_FIELD(r535_event_util_samples, samples, 16);
#define R535_UTIL_SAMPLE_TYPE_PERFMON		2

#endif /* OVG_R535_EVENT_H */
