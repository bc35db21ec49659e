/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler of a GPU: what can be set, and its names.  Release neutral.
 */
#ifndef OVG_PURE_VGPU_SCHED_H
#define OVG_PURE_VGPU_SCHED_H

#include "ovg_pure.h"

/**
 * enum ovg_sched_policy - how vGPUs share an engine
 * @OVG_SCHED_UNKNOWN: GSP says something that no name is known for
 * @OVG_SCHED_BEST_EFFORT: who has work gets the time, in turns
 * @OVG_SCHED_EQUAL_SHARE: each running vGPU gets the same, with work or without
 * @OVG_SCHED_FIXED_SHARE: each gets one part of as many as its type allows
 */
enum ovg_sched_policy {
	OVG_SCHED_UNKNOWN,
	OVG_SCHED_BEST_EFFORT,
	OVG_SCHED_EQUAL_SHARE,
	OVG_SCHED_FIXED_SHARE,
	OVG_SCHED_POLICY_COUNT,
};

/**
 * enum ovg_sched_arr - adaptive round robin
 * @OVG_SCHED_ARR_DEFAULT: GSP chooses
 * @OVG_SCHED_ARR_DISABLE: time slices of a fixed length, for whom had least
 * @OVG_SCHED_ARR_ENABLE: in turns, with slices that make up for what was too long
 */
enum ovg_sched_arr {
	OVG_SCHED_ARR_DEFAULT,
	OVG_SCHED_ARR_DISABLE,
	OVG_SCHED_ARR_ENABLE,
	OVG_SCHED_ARR_COUNT,
};

/**
 * struct ovg_sched - a scheduler; 0 is GSP's default for each number
 * @policy: see above
 * @arr: see above; default with best effort
 * @timeslice_ns: length of a slice, ns; only without adaptive round robin
 * @frequency: slices in a second; only with it
 * @avg_factor: slices over which an overrun is made up for; only with it
 */
struct ovg_sched {
	enum ovg_sched_policy policy;
	enum ovg_sched_arr arr;
	u32 timeslice_ns;
	u32 frequency;
	u32 avg_factor;
};

/**
 * struct ovg_sched_range - smallest and largest value
 * @min: smallest
 * @max: largest
 */
struct ovg_sched_range {
	u32 min;
	u32 max;
};

/**
 * struct ovg_sched_caps - what an engine can do
 * @policies: bit map of &enum ovg_sched_policy
 * @arr: adaptive round robin
 * @timeslice_ns: ns
 * @frequency: Hz
 * @avg_factor: slices
 */
struct ovg_sched_caps {
	u32 policies;
	bool arr;
	struct ovg_sched_range timeslice_ns;
	struct ovg_sched_range frequency;
	struct ovg_sched_range avg_factor;
};

/**
 * enum ovg_sched_fault - what is wrong with a scheduler
 * @OVG_SCHED_OK: nothing
 * @OVG_SCHED_BAD_POLICY: the engine has no such policy
 * @OVG_SCHED_BAD_ARR: the engine has no adaptive round robin
 * @OVG_SCHED_BEST_EFFORT_PLAIN: with best effort there is nothing else to set
 * @OVG_SCHED_TIMESLICE_WANTS_NO_ARR: a time slice is for arr "disable"
 * @OVG_SCHED_NUMBER_WANTS_ARR: frequency and factor are for arr "enable"
 * @OVG_SCHED_BAD_TIMESLICE: out of range
 * @OVG_SCHED_BAD_FREQUENCY: out of range
 * @OVG_SCHED_BAD_FACTOR: out of range
 */
enum ovg_sched_fault {
	OVG_SCHED_OK,
	OVG_SCHED_BAD_POLICY,
	OVG_SCHED_BAD_ARR,
	OVG_SCHED_BEST_EFFORT_PLAIN,
	OVG_SCHED_TIMESLICE_WANTS_NO_ARR,
	OVG_SCHED_NUMBER_WANTS_ARR,
	OVG_SCHED_BAD_TIMESLICE,
	OVG_SCHED_BAD_FREQUENCY,
	OVG_SCHED_BAD_FACTOR,
};

/* Names as users write them, by number */
#define OVG_SCHED_POLICY_NAMES { "unknown", "best_effort", "equal_share", "fixed_share" }
#define OVG_SCHED_ARR_NAMES { "default", "disable", "enable" }

/* Name as users write it; "unknown" for what is none. */
const char *ovg_sched_policy_name(enum ovg_sched_policy policy);
const char *ovg_sched_arr_name(enum ovg_sched_arr arr);

/*
 * The value of a name of @len bytes, which a newline may follow; -EINVAL when it
 * is none.  "unknown" is not one to write.
 */
int ovg_sched_policy_parse(const char *buf, size_t len);
int ovg_sched_arr_parse(const char *buf, size_t len);

/* Drop what does not apply to @sched's policy and arr. */
void ovg_sched_normalize(struct ovg_sched *sched);

/* May an engine of these capabilities be told so? */
enum ovg_sched_fault ovg_sched_check(const struct ovg_sched *sched,
				     const struct ovg_sched_caps *caps);

/* One sentence about a fault, without range. */
const char *ovg_sched_fault_text(enum ovg_sched_fault fault);
/* -EOPNOTSUPP, -EINVAL or -ERANGE; 0 for none. */
int ovg_sched_fault_errno(enum ovg_sched_fault fault);

/*
 * GSP says @gsp of the scheduler that was taken for @set: @set becomes what GSP can
 * be told to stay as it is.  0 as time slice or factor says nothing, and GSP never
 * tells the frequency: these stay if policy and adaptive round robin are as in @set.
 */
void ovg_sched_reconcile(struct ovg_sched *set, const struct ovg_sched *gsp);

/*
 * What to show of a scheduler that was set to @set: policy and arr are as GSP says,
 * numbers are if it told them and a vGPU is @running.
 */
void ovg_sched_in_force(const struct ovg_sched *set, const struct ovg_sched *gsp,
			bool running, struct ovg_sched *out);

/* What number @value of key RmPVMRL in GSP's registry makes of it. */
void ovg_sched_from_registry(u32 value, struct ovg_sched *out);

#endif /* OVG_PURE_VGPU_SCHED_H */
