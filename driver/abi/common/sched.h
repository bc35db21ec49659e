/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler in GSP-RM's registry: key RmPVMRL, a number of 32 bits.
 * Facts: nvrm_registry.h of 570.144, gpuGetSchedulerPolicy() for what holds
 * without the key.  535.113.01 has the key too, but not in its public headers;
 * ranges and defaults, and which of the two fields that overlap counts, are in
 * NVIDIA's vGPU user guide ("RmPVMRL Registry Key"), as they are since vGPU
 * release 15; 535 is the driver of release 16, 570 of 18.
 */
#ifndef OVG_SCHED_ABI_H
#define OVG_SCHED_ABI_H

#define RM_PVMRL_KEY			"RmPVMRL"

/* Without it: best effort */
#define RM_PVMRL_ENABLE			0x1
/* Adaptive (strict) round robin is off; then the time slice counts, else frequency and factor */
#define RM_PVMRL_ARR_DISABLE		0x2
#define RM_PVMRL_POLICY_SHIFT		4
#define RM_PVMRL_POLICY(v)		(((v) >> 4) & 0xf)
#define RM_PVMRL_POLICY_EQUAL_SHARE	0
#define RM_PVMRL_POLICY_FIXED_SHARE	1
#define RM_PVMRL_FREQUENCY_SHIFT	12
#define RM_PVMRL_FREQUENCY(v)		(((v) >> 12) & 0x3ff)	/* Hz, 0: default */
#define RM_PVMRL_TIMESLICE_SHIFT	16
#define RM_PVMRL_TIMESLICE(v)		(((v) >> 16) & 0xff)	/* ms, 0: default */
#define RM_PVMRL_AVERAGE_FACTOR_SHIFT	24
#define RM_PVMRL_AVERAGE_FACTOR(v)	(((v) >> 24) & 0xff)	/* 0: default */

/* What GSP takes; it bends anything else into the range without a word. */
#define RM_PVMRL_FREQUENCY_MIN		63
#define RM_PVMRL_FREQUENCY_MAX		960
#define RM_PVMRL_TIMESLICE_MIN		1
#define RM_PVMRL_TIMESLICE_MAX		30
#define RM_PVMRL_AVERAGE_FACTOR_MIN	1
#define RM_PVMRL_AVERAGE_FACTOR_MAX	60

#endif /* OVG_SCHED_ABI_H */
