// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The module parameter vgpu_sched; see sched_param.h.
 */
#include "vgpu_sched.h"
#include "sched_param.h"

#include "common/sched.h"

#define US_PER_MS	1000

static const char *const policies[] = OVG_SCHED_POLICY_NAMES;
static const char *const arrs[] = OVG_SCHED_ARR_NAMES;

/* What the text says; ~0: not said */
struct param {
	u32 policy;
	u32 arr;
	u32 timeslice_us;
	u32 frequency;
	u32 avg_factor;
};

static u32 find(const char *const *names, u32 count, const char *p, size_t len)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], p, len))
			return i;
	return ~0u;
}

/* So many digits that nothing overflows; ~0: it is none. */
static u32 number(const char *p, size_t len)
{
	u32 v = 0;
	size_t i;

	if (!len || len > 8)
		return ~0u;
	for (i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return ~0u;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

/* One "key=value". */
static bool setting(const char *p, size_t len, struct param *out)
{
	const struct {
		const char *key;
		u32 *value;
	} keys[] = {
		{ "arr=", &out->arr },
		{ "timeslice_us=", &out->timeslice_us },
		{ "frequency_hz=", &out->frequency },
		{ "averaging_factor=", &out->avg_factor },
	};
	size_t i, n;

	for (i = 0; i < OVG_ARRAY_SIZE(keys); i++) {
		n = strlen(keys[i].key);
		if (len < n || memcmp(p, keys[i].key, n))
			continue;
		/* not twice */
		if (*keys[i].value != ~0u)
			return false;
		*keys[i].value = keys[i].value == &out->arr ?
				 find(arrs, OVG_ARRAY_SIZE(arrs), p + n, len - n) :
				 number(p + n, len - n);
		return *keys[i].value != ~0u;
	}
	return false;
}

/* Length up to the next comma */
static size_t word(const char *p, size_t len)
{
	const char *comma = memchr(p, ',', len);

	return comma ? (size_t)(comma - p) : len;
}

static bool in(u32 v, u32 min, u32 max)
{
	return !v || v == ~0u || (v >= min && v <= max);
}

static u32 said(u32 v)
{
	return v == ~0u ? 0 : v;
}

static int check(const struct param *p, const char **why)
{
	bool plain = p->arr == ~0u && p->timeslice_us == ~0u && p->frequency == ~0u &&
		     p->avg_factor == ~0u;

	if (p->policy == OVG_SCHED_BEST_EFFORT && !plain) {
		*why = "best_effort has no further settings";
		return -EINVAL;
	}
	if (said(p->timeslice_us) && p->arr != OVG_SCHED_ARR_DISABLE) {
		*why = "timeslice_us is for arr=disable, frequency_hz for the others";
		return -EINVAL;
	}
	if ((said(p->frequency) || said(p->avg_factor)) && p->arr == OVG_SCHED_ARR_DISABLE) {
		*why = "frequency_hz and averaging_factor are not for arr=disable; timeslice_us is";
		return -EINVAL;
	}
	if (!in(p->timeslice_us, RM_PVMRL_TIMESLICE_MIN * US_PER_MS,
		RM_PVMRL_TIMESLICE_MAX * US_PER_MS) || said(p->timeslice_us) % US_PER_MS) {
		*why = "timeslice_us is 0 or 1000 to 30000, in steps of 1000";
		return -ERANGE;
	}
	if (!in(p->frequency, RM_PVMRL_FREQUENCY_MIN, RM_PVMRL_FREQUENCY_MAX)) {
		*why = "frequency_hz is 0 or 63 to 960";
		return -ERANGE;
	}
	if (!in(p->avg_factor, RM_PVMRL_AVERAGE_FACTOR_MIN, RM_PVMRL_AVERAGE_FACTOR_MAX)) {
		*why = "averaging_factor is 0 to 60";
		return -ERANGE;
	}
	return 0;
}

static u32 encode(const struct param *p)
{
	u32 v = RM_PVMRL_ENABLE;

	if (p->policy == OVG_SCHED_BEST_EFFORT)
		return 0;
	if (p->policy == OVG_SCHED_FIXED_SHARE)
		v |= RM_PVMRL_POLICY_FIXED_SHARE << RM_PVMRL_POLICY_SHIFT;
	if (p->arr == OVG_SCHED_ARR_DISABLE)
		return v | RM_PVMRL_ARR_DISABLE |
		       said(p->timeslice_us) / US_PER_MS << RM_PVMRL_TIMESLICE_SHIFT;
	return v | said(p->frequency) << RM_PVMRL_FREQUENCY_SHIFT |
	       said(p->avg_factor) << RM_PVMRL_AVERAGE_FACTOR_SHIFT;
}

int ovg_sched_param_parse(const char *text, u32 *value, const char **why)
{
	struct param p = { ~0u, ~0u, ~0u, ~0u, ~0u };
	size_t left = strlen(text), len;
	int ret;

	if (left && text[left - 1] == '\n')
		left--;
	len = word(text, left);
	p.policy = find(policies, OVG_ARRAY_SIZE(policies), text, len);
	if (p.policy == ~0u || p.policy == OVG_SCHED_UNKNOWN) {
		*why = "it begins with best_effort, equal_share or fixed_share";
		return -EINVAL;
	}
	while (len < left) {
		text += len + 1;
		left -= len + 1;
		len = word(text, left);
		if (!setting(text, len, &p)) {
			*why = "then follow arr=, timeslice_us=, frequency_hz=, averaging_factor=";
			return -EINVAL;
		}
	}
	ret = check(&p, why);
	if (ret)
		return ret;
	*value = encode(&p);
	return 0;
}
