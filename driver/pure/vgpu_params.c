// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Settings of one vGPU; see vgpu_params.h.
 */
#include "vgpu_params.h"

static const struct {
	const char *name;
	size_t offset;
} keys[] = {
	{ "frame_rate_limiter", offsetof(struct ovg_vgpu_params, frame_rate_limiter) },
	{ "disable_vnc", offsetof(struct ovg_vgpu_params, disable_vnc) },
	{ "enable_uvm", offsetof(struct ovg_vgpu_params, enable_uvm) },
	{ "enable_debugging", offsetof(struct ovg_vgpu_params, enable_debugging) },
	{ "enable_profiling", offsetof(struct ovg_vgpu_params, enable_profiling) },
	{ "override_bar1_size", offsetof(struct ovg_vgpu_params, override_bar1_size) },
	{ "address64", offsetof(struct ovg_vgpu_params, address64) },
};

struct span {
	const char *at;
	size_t len;
};

static struct span trim(struct span s)
{
	while (s.len && s.at[0] == ' ') {
		s.at++;
		s.len--;
	}
	while (s.len && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* Cut @s at the first @c; false when there is none, and @head is all of it. */
static bool cut(struct span s, char c, struct span *head, struct span *tail)
{
	size_t i = 0;

	while (i < s.len && s.at[i] != c)
		i++;
	*head = (struct span){ s.at, i };
	if (i == s.len)
		return false;
	*tail = (struct span){ s.at + i + 1, s.len - i - 1 };
	return true;
}

static void put_name(char name[OVG_PARAMS_NAME_SIZE], struct span s)
{
	size_t n = ovg_min(s.len, OVG_PARAMS_NAME_SIZE - 1);

	if (n)
		memcpy(name, s.at, n);
	name[n] = 0;
}

static bool *known(struct ovg_vgpu_params *p, struct span key)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].name) == key.len && !memcmp(keys[i].name, key.at, key.len))
			return (bool *)((u8 *)p + keys[i].offset);
	return NULL;
}

void ovg_params_default(struct ovg_vgpu_params *out)
{
	memset(out, 0, sizeof(*out));
	out->frame_rate_limiter = true;
	out->address64 = true;
}

int ovg_params_parse(const char *buf, size_t len, struct ovg_vgpu_params *out,
		     char text[OVG_PARAMS_SIZE], char name[OVG_PARAMS_NAME_SIZE])
{
	struct span all = { buf, len }, rest, item, key, value, unknown = { 0 };
	struct ovg_vgpu_params p;
	bool more, *flag;
	size_t i;

	name[0] = 0;
	if (all.len && all.at[all.len - 1] == '\n')
		all.len--;
	/* Blanks count: sysfs hands over a page at most, more may have been cut off. */
	if (all.len >= OVG_PARAMS_SIZE)
		return -E2BIG;
	all = trim(all);
	for (i = 0; i < all.len; i++)
		if (all.at[i] < ' ' || all.at[i] > '~')
			return -EINVAL;

	ovg_params_default(&p);
	rest = all;
	more = all.len;
	while (more) {
		more = cut(rest, ',', &item, &rest);
		value = (struct span){ 0 };
		cut(item, '=', &key, &value);
		key = trim(key);
		value = trim(value);
		put_name(name, key);
		if (!key.len || !value.len)
			return -EINVAL;
		flag = known(&p, key);
		if (flag) {
			if (value.len != 1 || (value.at[0] != '0' && value.at[0] != '1'))
				return -EINVAL;
			*flag = value.at[0] == '1';
		} else if (!unknown.len) {
			unknown = key;
		}
	}

	put_name(name, unknown);
	*out = p;
	memcpy(text, all.at, all.len);
	text[all.len] = 0;
	return 0;
}
