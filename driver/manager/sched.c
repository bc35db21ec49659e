// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler of a GPU, files in scheduler/ of its auxiliary device.
 *
 * The state is GSP's: reading asks it, writing tells it, on every engine that
 * has a scheduler, or on none.  GSP takes another state only while no vGPU runs
 * (NVML's nvmlDeviceSetVgpuSchedulerState() says so), so that opening a vGPU and
 * changing the scheduler exclude each other.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "mgr_priv.h"

/* Room for the parameters of each control. */
#define SCHED_PARAMS	64

/* The files, by what they set */
enum sched_file {
	SCHED_POLICY,
	SCHED_ARR,
	SCHED_TIMESLICE,
	SCHED_FREQUENCY,
	SCHED_FACTOR,
};

static struct ovg_mgr *dev_mgr(struct device *dev)
{
	return auxiliary_get_drvdata(to_auxiliary_dev(dev));
}

/* ---- GSP ---- */

static int ask(struct ovg_mgr *mgr, u32 cmd, u32 engine, void *params, size_t size)
{
	mgr->codec->sched_ask(params, engine);
	return mgr->dev->ops->rm_ask(mgr->dev, mgr->client, cmd, params, size, 0);
}

static int get_caps(struct ovg_mgr *mgr, u32 engine, struct ovg_sched_caps *out)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};
	int ret;

	ret = ask(mgr, codec->cmd_sched_caps, engine, params, codec->sched_caps_size);
	return ret ?: codec->sched_caps(params, out);
}

static int get_state(struct ovg_mgr *mgr, u32 engine, struct ovg_sched *out)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};
	int ret;

	ret = ask(mgr, codec->cmd_sched_get, engine, params, codec->sched_get_size);
	if (!ret)
		codec->sched_get(params, out);
	return ret;
}

static int set_state(struct ovg_mgr *mgr, u32 engine, const struct ovg_sched *sched)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};

	codec->sched_set(params, engine, sched);
	return mgr->dev->ops->rm_ctrl(mgr->dev, mgr->client, codec->cmd_sched_set, params,
				      codec->sched_set_size, 0);
}

static struct ovg_sched_range narrower(struct ovg_sched_range a, struct ovg_sched_range b)
{
	return (struct ovg_sched_range){ max(a.min, b.min), min(a.max, b.max) };
}

static void narrow(struct ovg_sched_caps *caps, const struct ovg_sched_caps *other)
{
	caps->policies &= other->policies;
	caps->arr &= other->arr;
	caps->timeslice_ns = narrower(caps->timeslice_ns, other->timeslice_ns);
	caps->frequency = narrower(caps->frequency, other->frequency);
	caps->avg_factor = narrower(caps->avg_factor, other->avg_factor);
}

/**
 * ovg_sched_init - ask which engines have a scheduler, and for its state
 * @mgr: the manager; no vGPU is open
 *
 * An engine has one when GSP tells both what it can do and what it does.
 *
 * Return: 0, also when there is none; -ENODEV when GSP is dead, -ETIMEDOUT when
 * it did not answer, -ENOMEM.
 */
int ovg_sched_init(struct ovg_mgr *mgr)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	struct ovg_mgr_sched *s = &mgr->sched;
	struct ovg_sched_caps caps;
	struct ovg_sched state;
	u32 engine;
	int ret;

	ovg_sched_from_registry(mgr->info.sched_registry, &s->set);
	if (!codec->cmd_sched_caps)
		return 0;
	if (WARN_ON(codec->sched_caps_size > SCHED_PARAMS ||
		    codec->sched_get_size > SCHED_PARAMS ||
		    codec->sched_set_size > SCHED_PARAMS))
		return -EINVAL;

	for_each_set_bit(engine, mgr->info.engines, VGPU_CORE_MAX_ENGINES) {
		ret = get_caps(mgr, engine, &caps) ?: get_state(mgr, engine, &state);
		if (ret == -ENODEV || ret == -ETIMEDOUT || ret == -ENOMEM)
			return ret;
		if (ret) {
			dev_dbg(&mgr->dev->adev.dev, "engine type %u has no vGPU scheduler: %pe\n",
				engine, ERR_PTR(ret));
			continue;
		}
		if (bitmap_empty(s->engines, VGPU_CORE_MAX_ENGINES)) {
			s->caps = caps;
			/* What it was booted with holds, unless GSP says otherwise. */
			if (state.policy != s->set.policy)
				s->set = (struct ovg_sched){ .policy = state.policy };
		} else {
			narrow(&s->caps, &caps);
		}
		__set_bit(engine, s->engines);
	}
	return 0;
}

/* Whether the scheduler can be read and written through GSP; a line when not. */
static int usable(struct ovg_mgr *mgr)
{
	struct device *dev = &mgr->dev->adev.dev;

	if (!mgr->codec->cmd_sched_set) {
		dev_notice(dev, "GSP %s takes a scheduler only when it boots: set the parameter vgpu_sched of the core driver, then unbind and bind the GPU\n",
			   mgr->info.gsp_version);
		return -EOPNOTSUPP;
	}
	if (bitmap_empty(mgr->sched.engines, VGPU_CORE_MAX_ENGINES)) {
		dev_notice(dev, "GSP says that no engine of this GPU has a vGPU scheduler\n");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* On all engines, or on none. */
static int apply(struct ovg_mgr *mgr, const struct ovg_sched *sched)
{
	struct device *dev = &mgr->dev->adev.dev;
	struct ovg_mgr_sched *s = &mgr->sched;
	u32 engine, back;
	int ret;

	for_each_set_bit(engine, s->engines, VGPU_CORE_MAX_ENGINES) {
		ret = set_state(mgr, engine, sched);
		if (ret)
			goto undo;
	}
	s->set = *sched;
	return 0;

undo:
	dev_err(dev, "GSP did not take the scheduler %s on engine type %u: %pe; it stays %s\n",
		ovg_sched_policy_name(sched->policy), engine, ERR_PTR(ret),
		ovg_sched_policy_name(s->set.policy));
	for_each_set_bit(back, s->engines, VGPU_CORE_MAX_ENGINES) {
		if (back == engine)
			break;
		if (set_state(mgr, back, &s->set))
			dev_err(dev, "GSP did not take the old scheduler back on engine type %u; unbind and bind the core driver\n",
				back);
	}
	return ret;
}

/* ---- changes ---- */

/* A vGPU that is open, or whose task GSP still has. */
static bool in_use(struct ovg_mgr *mgr)
{
	struct ovg_vgpu *vgpu;
	bool used = false;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link)
		used |= vgpu->state != OVG_VGPU_CLOSED || vgpu->stuck;
	mutex_unlock(&mgr->lock);
	return used;
}

static int complain(struct ovg_mgr *mgr, enum ovg_sched_fault fault)
{
	struct device *dev = &mgr->dev->adev.dev;
	const struct ovg_sched_caps *caps = &mgr->sched.caps;
	const char *text = ovg_sched_fault_text(fault);

	switch (fault) {
	case OVG_SCHED_BAD_TIMESLICE:
		dev_notice(dev, "%s: 0 or %u to %u us\n", text,
			   DIV_ROUND_UP(caps->timeslice_ns.min, 1000u),
			   caps->timeslice_ns.max / 1000u);
		break;
	case OVG_SCHED_BAD_FREQUENCY:
		dev_notice(dev, "%s: 0 or %u to %u Hz\n", text, caps->frequency.min,
			   caps->frequency.max);
		break;
	case OVG_SCHED_BAD_FACTOR:
		dev_notice(dev, "%s: 0 or %u to %u\n", text, caps->avg_factor.min,
			   caps->avg_factor.max);
		break;
	default:
		dev_notice(dev, "%s\n", text);
		break;
	}
	return ovg_sched_fault_errno(fault);
}

static void edit(struct ovg_sched *sched, enum sched_file file, u32 value)
{
	switch (file) {
	case SCHED_POLICY:
		sched->policy = value;
		ovg_sched_normalize(sched);
		break;
	case SCHED_ARR:
		sched->arr = value;
		/* With best effort that is a mistake, to be told. */
		if (sched->policy != OVG_SCHED_BEST_EFFORT)
			ovg_sched_normalize(sched);
		break;
	case SCHED_TIMESLICE:
		sched->timeslice_ns = value > U32_MAX / 1000 ? U32_MAX : value * 1000;
		break;
	case SCHED_FREQUENCY:
		sched->frequency = value;
		break;
	case SCHED_FACTOR:
		sched->avg_factor = value;
		break;
	}
}

static int change_locked(struct ovg_mgr *mgr, enum sched_file file, u32 value)
{
	struct device *dev = &mgr->dev->adev.dev;
	struct ovg_sched sched = mgr->sched.set;
	enum ovg_sched_fault fault;

	edit(&sched, file, value);
	fault = ovg_sched_check(&sched, &mgr->sched.caps);
	if (fault)
		return complain(mgr, fault);
	/* NVIDIA's vGPU user guide: no fixed share for vGPUs of different sizes */
	if (sched.policy == OVG_SCHED_FIXED_SHARE && READ_ONCE(mgr->placement.mixed)) {
		dev_notice(dev, "fixed_share is not for vGPUs of mixed sizes; write 0 to heterogeneous first\n");
		return -EPERM;
	}
	if (in_use(mgr)) {
		dev_notice(dev, "the scheduler can change only while no vGPU is open; stop the VMs first\n");
		return -EBUSY;
	}
	return apply(mgr, &sched);
}

static int change(struct ovg_mgr *mgr, enum sched_file file, u32 value)
{
	int ret;

	ret = usable(mgr);
	if (ret)
		return ret;
	ret = down_write_killable(&mgr->sched.lock);
	if (ret)
		return ret;
	ret = change_locked(mgr, file, value);
	up_write(&mgr->sched.lock);
	return ret;
}

/* What is in force: by GSP, else what it was booted with. */
static int state(struct ovg_mgr *mgr, struct ovg_sched *out)
{
	struct ovg_mgr_sched *s = &mgr->sched;
	struct ovg_sched gsp = {};
	int ret = 0;

	if (mgr->codec->cmd_sched_get) {
		ret = usable(mgr);
		if (ret)
			return ret;
	}
	ret = down_read_killable(&s->lock);
	if (ret)
		return ret;
	*out = s->set;
	if (mgr->codec->cmd_sched_get) {
		ret = get_state(mgr, find_first_bit(s->engines, VGPU_CORE_MAX_ENGINES), &gsp);
		out->policy = gsp.policy;
		out->arr = gsp.arr;
		/* GSP tells these only while vGPUs run. */
		if (gsp.timeslice_ns)
			out->timeslice_ns = gsp.timeslice_ns;
		if (gsp.avg_factor)
			out->avg_factor = gsp.avg_factor;
	}
	up_read(&s->lock);
	return ret;
}

/* ---- files ---- */

static ssize_t policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ovg_sched sched;
	int ret = state(dev_mgr(dev), &sched);

	return ret ?: sysfs_emit(buf, "%s\n", ovg_sched_policy_name(sched.policy));
}

static ssize_t policy_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	int policy = ovg_sched_policy_parse(buf, count), ret;

	if (policy < 0) {
		dev_notice(dev, "scheduler/policy takes best_effort, equal_share or fixed_share\n");
		return policy;
	}
	ret = change(dev_mgr(dev), SCHED_POLICY, policy);
	return ret ?: count;
}
static DEVICE_ATTR_RW(policy);

static ssize_t arr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ovg_sched sched;
	int ret = state(dev_mgr(dev), &sched);

	return ret ?: sysfs_emit(buf, "%s\n", ovg_sched_arr_name(sched.arr));
}

static ssize_t arr_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	int arr = ovg_sched_arr_parse(buf, count), ret;

	if (arr < 0) {
		dev_notice(dev, "scheduler/arr takes default, disable or enable\n");
		return arr;
	}
	ret = change(dev_mgr(dev), SCHED_ARR, arr);
	return ret ?: count;
}
static DEVICE_ATTR_RW(arr);

static ssize_t number_store(struct device *dev, struct device_attribute *attr,
			    enum sched_file file, const char *buf, size_t count)
{
	u32 value;
	int ret;

	ret = kstrtou32(buf, 0, &value);
	if (ret) {
		dev_notice(dev, "scheduler/%s takes a number, 0 for the firmware's default\n",
			   attr->attr.name);
		return ret;
	}
	ret = change(dev_mgr(dev), file, value);
	return ret ?: count;
}

static ssize_t timeslice_us_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ovg_sched sched;
	int ret = state(dev_mgr(dev), &sched);

	return ret ?: sysfs_emit(buf, "%u\n", sched.timeslice_ns / 1000);
}

static ssize_t timeslice_us_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	return number_store(dev, attr, SCHED_TIMESLICE, buf, count);
}
static DEVICE_ATTR_RW(timeslice_us);

static ssize_t frequency_hz_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ovg_sched sched;
	int ret = state(dev_mgr(dev), &sched);

	return ret ?: sysfs_emit(buf, "%u\n", sched.frequency);
}

static ssize_t frequency_hz_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	return number_store(dev, attr, SCHED_FREQUENCY, buf, count);
}
static DEVICE_ATTR_RW(frequency_hz);

static ssize_t averaging_factor_show(struct device *dev, struct device_attribute *attr,
				     char *buf)
{
	struct ovg_sched sched;
	int ret = state(dev_mgr(dev), &sched);

	return ret ?: sysfs_emit(buf, "%u\n", sched.avg_factor);
}

static ssize_t averaging_factor_store(struct device *dev, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	return number_store(dev, attr, SCHED_FACTOR, buf, count);
}
static DEVICE_ATTR_RW(averaging_factor);

static struct attribute *sched_attrs[] = {
	&dev_attr_arr.attr,
	&dev_attr_averaging_factor.attr,
	&dev_attr_frequency_hz.attr,
	&dev_attr_policy.attr,
	&dev_attr_timeslice_us.attr,
	NULL
};

const struct attribute_group ovg_sched_group = {
	.name = "scheduler",
	.attrs = sched_attrs,
};
