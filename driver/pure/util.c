// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Utilisation of a vGPU.  A sample names the process that an engine worked for,
 * so those of other processes count as idle time, as in OpenRM's accounting
 * (gpu_acct.c, gpuacctProcessGpuUtil()).
 */
#include "util.h"

u32 ovg_util_average(const struct ovg_util_sample *s, u32 n, u64 since, u32 pid,
		     u32 percent[OVG_UTIL_ENGINES])
{
	u32 sum[OVG_UTIL_ENGINES] = {};
	u32 i, e, seen = 0;

	for (i = 0; i < n; i++) {
		if (s[i].time <= since)
			continue;
		seen++;
		for (e = 0; e < OVG_UTIL_ENGINES; e++)
			if (s[i].pid[e] == pid)
				sum[e] += s[i].util[e];
	}
	for (e = 0; seen && e < OVG_UTIL_ENGINES; e++)
		percent[e] = (sum[e] / seen + 50) / 100;
	return seen;
}

u64 ovg_util_latest(const struct ovg_util_sample *s, u32 n, u64 since)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (s[i].time > since)
			since = s[i].time;
	return since;
}
