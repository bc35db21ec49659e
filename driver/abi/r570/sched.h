/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Controls of the vGPU scheduler in release 570.144.  Facts: ctrl2080fifo.h of
 * that release; they are routed to GSP-RM (g_subdevice_nvoc.c), which is where
 * their code is.  535.113.01 has no public control for it.
 *
 * What the header does not say is in NVML's documentation of the calls that end
 * in these controls (nvmlDeviceSetVgpuSchedulerState() and its neighbours): the
 * state can be set only while no vGPU runs; frequency and factor are for
 * adaptive round robin, the time slice is for scheduling without it; 0 is the
 * default; time slice and factor read 0 while nothing is scheduled.
 */
#ifndef OVG_R570_SCHED_H
#define OVG_R570_SCHED_H

#include "../common/ovg_types.h"

#define R570_SCHED_POLICY_BEST_EFFORT	2
#define R570_SCHED_POLICY_EQUAL_SHARE	3
#define R570_SCHED_POLICY_FIXED_SHARE	4
#define R570_SCHED_POLICIES		3	/* that caps can name */

#define R570_SCHED_ARR_DEFAULT		0
#define R570_SCHED_ARR_DISABLE		1
#define R570_SCHED_ARR_ENABLE		2

/* engine_id is a NV2080_ENGINE_TYPE_*, times are in ns. */
#define NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_STATE	0x20801120
struct r570_sched_get_state {
	u32 engine_id;
	u32 sched_policy;
	u32 arr_enabled;		/* R570_SCHED_ARR_* */
	u32 target_timeslice_ns;
	u32 arr_avg_factor;
};

OVG_ABI_SIZE(r570_sched_get_state, 20);
OVG_ABI_FIELD(r570_sched_get_state, target_timeslice_ns, 12);

#define NV2080_CTRL_CMD_FIFO_OBJSCHED_SET_STATE	0x20801121
struct r570_sched_set_state {
	u32 engine_id;
	u32 sched_policy;
	u32 enable_arr;
	u32 timeslice_target_ns;
	u32 frequency_for_arr;		/* Hz */
	u32 avg_factor_for_arr;
};

OVG_ABI_SIZE(r570_sched_set_state, 24);
OVG_ABI_FIELD(r570_sched_set_state, avg_factor_for_arr, 20);

#define NV2080_CTRL_CMD_FIFO_OBJSCHED_GET_CAPS	0x20801122
struct r570_sched_get_caps {
	u32 engine_id;
	u32 supported_schedulers[R570_SCHED_POLICIES];
	u8 is_arr_mode_supported;
	u8 pad[3];
	u32 max_timeslice_ns;
	u32 min_timeslice_ns;
	u32 max_frequency_for_arr;
	u32 min_frequency_for_arr;
	u32 max_avg_factor_for_arr;
	u32 min_avg_factor_for_arr;
};

OVG_ABI_SIZE(r570_sched_get_caps, 44);
OVG_ABI_FIELD(r570_sched_get_caps, supported_schedulers, 4);
OVG_ABI_FIELD(r570_sched_get_caps, is_arr_mode_supported, 16);
OVG_ABI_FIELD(r570_sched_get_caps, max_timeslice_ns, 20);
OVG_ABI_FIELD(r570_sched_get_caps, min_avg_factor_for_arr, 40);

#endif /* OVG_R570_SCHED_H */
