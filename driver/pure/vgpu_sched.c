// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler of a GPU; see vgpu_sched.h.
 */
#include "vgpu_sched.h"

#include "common/sched.h"

#define NS_PER_MS	1000000u

static const char *const policies[OVG_SCHED_POLICY_COUNT] = OVG_SCHED_POLICY_NAMES;
static const char *const arrs[OVG_SCHED_ARR_COUNT] = OVG_SCHED_ARR_NAMES;

const char *ovg_sched_policy_name(enum ovg_sched_policy policy)
{
	return policies[policy < OVG_SCHED_POLICY_COUNT ? policy : OVG_SCHED_UNKNOWN];
}

const char *ovg_sched_arr_name(enum ovg_sched_arr arr)
{
	return arr < OVG_SCHED_ARR_COUNT ? arrs[arr] : "unknown";
}

/* Index of a name from @first on. */
static int find(const char *const *names, int first, int count, const char *buf, size_t len)
{
	int i;

	if (len && buf[len - 1] == '\n')
		len--;
	for (i = first; i < count; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], buf, len))
			return i;
	return -EINVAL;
}

int ovg_sched_policy_parse(const char *buf, size_t len)
{
	return find(policies, OVG_SCHED_BEST_EFFORT, OVG_SCHED_POLICY_COUNT, buf, len);
}

int ovg_sched_arr_parse(const char *buf, size_t len)
{
	return find(arrs, OVG_SCHED_ARR_DEFAULT, OVG_SCHED_ARR_COUNT, buf, len);
}

void ovg_sched_normalize(struct ovg_sched *sched)
{
	if (sched->policy == OVG_SCHED_BEST_EFFORT)
		sched->arr = OVG_SCHED_ARR_DEFAULT;
	if (sched->arr != OVG_SCHED_ARR_DISABLE)
		sched->timeslice_ns = 0;
	if (sched->arr != OVG_SCHED_ARR_ENABLE) {
		sched->frequency = 0;
		sched->avg_factor = 0;
	}
}

static bool in(u32 value, const struct ovg_sched_range *range)
{
	return !value || (value >= range->min && value <= range->max);
}

enum ovg_sched_fault ovg_sched_check(const struct ovg_sched *sched,
				     const struct ovg_sched_caps *caps)
{
	bool number = sched->frequency || sched->avg_factor;

	if (sched->policy >= OVG_SCHED_POLICY_COUNT ||
	    !(caps->policies & (1u << sched->policy)))
		return OVG_SCHED_BAD_POLICY;
	if (sched->policy == OVG_SCHED_BEST_EFFORT &&
	    (sched->arr != OVG_SCHED_ARR_DEFAULT || sched->timeslice_ns || number))
		return OVG_SCHED_BEST_EFFORT_PLAIN;
	if (sched->arr == OVG_SCHED_ARR_ENABLE && !caps->arr)
		return OVG_SCHED_BAD_ARR;
	if (sched->timeslice_ns && sched->arr != OVG_SCHED_ARR_DISABLE)
		return OVG_SCHED_TIMESLICE_WANTS_NO_ARR;
	if (number && sched->arr != OVG_SCHED_ARR_ENABLE)
		return OVG_SCHED_NUMBER_WANTS_ARR;
	if (!in(sched->timeslice_ns, &caps->timeslice_ns))
		return OVG_SCHED_BAD_TIMESLICE;
	if (!in(sched->frequency, &caps->frequency))
		return OVG_SCHED_BAD_FREQUENCY;
	if (!in(sched->avg_factor, &caps->avg_factor))
		return OVG_SCHED_BAD_FACTOR;
	return OVG_SCHED_OK;
}

static const struct {
	int err;
	const char *text;
} faults[] = {
	[OVG_SCHED_OK] = { 0, "nothing is wrong" },
	[OVG_SCHED_BAD_POLICY] = { -EOPNOTSUPP, "the GPU does not have this policy" },
	[OVG_SCHED_BAD_ARR] = {
		-EOPNOTSUPP, "the GPU does not have adaptive round robin"
	},
	[OVG_SCHED_BEST_EFFORT_PLAIN] = {
		-EINVAL, "best_effort has no further settings; write policy first"
	},
	[OVG_SCHED_TIMESLICE_WANTS_NO_ARR] = {
		-EINVAL, "a time slice is for arr \"disable\", frequency_hz for \"enable\""
	},
	[OVG_SCHED_NUMBER_WANTS_ARR] = {
		-EINVAL, "frequency_hz and averaging_factor are for arr \"enable\""
	},
	[OVG_SCHED_BAD_TIMESLICE] = { -ERANGE, "the time slice is out of range" },
	[OVG_SCHED_BAD_FREQUENCY] = { -ERANGE, "the frequency is out of range" },
	[OVG_SCHED_BAD_FACTOR] = { -ERANGE, "the averaging factor is out of range" },
};

const char *ovg_sched_fault_text(enum ovg_sched_fault fault)
{
	return faults[fault].text;
}

int ovg_sched_fault_errno(enum ovg_sched_fault fault)
{
	return faults[fault].err;
}

void ovg_sched_reconcile(struct ovg_sched *set, const struct ovg_sched *gsp)
{
	bool same = gsp->policy == set->policy &&
		    (gsp->arr == OVG_SCHED_ARR_DISABLE) == (set->arr == OVG_SCHED_ARR_DISABLE);
	struct ovg_sched now = *gsp;

	now.frequency = 0;
	if (same) {
		now.arr = set->arr;
		now.frequency = set->frequency;
		if (!now.timeslice_ns)
			now.timeslice_ns = set->timeslice_ns;
		if (!now.avg_factor)
			now.avg_factor = set->avg_factor;
	}
	ovg_sched_normalize(&now);
	*set = now;
}

void ovg_sched_in_force(const struct ovg_sched *set, const struct ovg_sched *gsp,
			bool running, struct ovg_sched *out)
{
	*out = *set;
	out->policy = gsp->policy;
	out->arr = gsp->arr;
	if (running && gsp->timeslice_ns)
		out->timeslice_ns = gsp->timeslice_ns;
	if (running && gsp->avg_factor)
		out->avg_factor = gsp->avg_factor;
}

void ovg_sched_from_registry(u32 value, struct ovg_sched *out)
{
	memset(out, 0, sizeof(*out));
	out->policy = OVG_SCHED_BEST_EFFORT;
	if (!(value & RM_PVMRL_ENABLE))
		return;

	switch (RM_PVMRL_POLICY(value)) {
	case RM_PVMRL_POLICY_EQUAL_SHARE:
		out->policy = OVG_SCHED_EQUAL_SHARE;
		break;
	case RM_PVMRL_POLICY_FIXED_SHARE:
		out->policy = OVG_SCHED_FIXED_SHARE;
		break;
	default:
		out->policy = OVG_SCHED_UNKNOWN;
		return;
	}
	if (value & RM_PVMRL_ARR_DISABLE) {
		out->arr = OVG_SCHED_ARR_DISABLE;
		out->timeslice_ns = RM_PVMRL_TIMESLICE(value) * NS_PER_MS;
	} else {
		out->arr = OVG_SCHED_ARR_ENABLE;
		out->frequency = RM_PVMRL_FREQUENCY(value);
		out->avg_factor = RM_PVMRL_AVERAGE_FACTOR(value);
	}
}
