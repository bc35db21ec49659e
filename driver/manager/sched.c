// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler of a GPU, files in scheduler/ of its auxiliary device.
 *
 * The state is GSP's.  Writing tells it; reading shows what it said last, for it
 * was asked at probe, and is again after a change and after an open, from which
 * on it tells time slice and factor.  It is that of the graphics engine, the only
 * one that NVML knows a scheduler of, and of what shares its runlist.  GSP takes
 * another state only while no vGPU runs (NVML's nvmlDeviceSetVgpuSchedulerState()
 * says so), so that opening a vGPU and changing the scheduler exclude each other.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "common/rm.h"
#include "mgr_priv.h"
#include "types_text.h"

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

static int ask(struct ovg_mgr *mgr, u32 cmd, void *params, size_t size)
{
	mgr->codec->sched_ask(params, NV2080_ENGINE_TYPE_GR0);
	return mgr->dev->ops->rm_ask(mgr->dev, mgr->client, cmd, params, size, 0);
}

static int get_caps(struct ovg_mgr *mgr, struct ovg_sched_caps *out)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};
	int ret;

	ret = ask(mgr, codec->cmd_sched_caps, params, codec->sched_caps_size);
	return ret ?: codec->sched_caps(params, out);
}

static int get_state(struct ovg_mgr *mgr, struct ovg_sched *out)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};
	int ret;

	ret = ask(mgr, codec->cmd_sched_get, params, codec->sched_get_size);
	if (!ret)
		codec->sched_get(params, out);
	return ret;
}

static int set_state(struct ovg_mgr *mgr, const struct ovg_sched *sched)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	u64 params[SCHED_PARAMS / sizeof(u64)] = {};

	codec->sched_set(params, NV2080_ENGINE_TYPE_GR0, sched);
	return mgr->dev->ops->rm_ctrl(mgr->dev, mgr->client, codec->cmd_sched_set, params,
				      codec->sched_set_size, 0);
}

/**
 * ovg_sched_init - ask GSP for its scheduler
 * @mgr: the manager; no vGPU is open
 *
 * Without one the GPU works, only the files in scheduler/ do not.
 *
 * Return: 0; -ENODEV when GSP is dead.
 */
int ovg_sched_init(struct ovg_mgr *mgr)
{
	const struct ovg_vgpu_codec *codec = mgr->codec;
	struct ovg_mgr_sched *s = &mgr->sched;
	struct ovg_sched gsp = {};
	int ret;

	ovg_sched_from_registry(mgr->info.sched_registry, &s->set);
	s->gsp = s->set;
	if (!codec->cmd_sched_caps)
		return 0;
	if (WARN_ON(codec->sched_caps_size > SCHED_PARAMS ||
		    codec->sched_get_size > SCHED_PARAMS ||
		    codec->sched_set_size > SCHED_PARAMS))
		return 0;

	ret = get_caps(mgr, &s->caps) ?: get_state(mgr, &gsp);
	if (ret && ovg_mgr_dead(mgr))
		return -ENODEV;
	if (ret) {
		dev_notice(&mgr->dev->adev.dev,
			   "GSP does not tell its vGPU scheduler: %pe; it stays as it was booted, parameter vgpu_sched of the core driver\n",
			   ERR_PTR(ret));
		return 0;
	}
	/* What it was booted with holds, unless GSP says otherwise. */
	ovg_sched_reconcile(&s->set, &gsp);
	s->gsp = gsp;
	s->usable = true;
	return 0;
}

/**
 * ovg_sched_refresh - a vGPU was created: ask what holds now
 * @mgr: the manager; the vGPU counts as open, so that no change comes between
 *
 * If GSP does not answer, the files show what they did.
 */
void ovg_sched_refresh(struct ovg_mgr *mgr)
{
	struct ovg_sched gsp = {};

	if (!mgr->sched.usable || get_state(mgr, &gsp))
		return;
	mutex_lock(&mgr->lock);
	mgr->sched.gsp = gsp;
	mutex_unlock(&mgr->lock);
}

/* Whether the scheduler can be written; a line when not. */
static int writable(struct ovg_mgr *mgr)
{
	struct device *dev = &mgr->dev->adev.dev;

	if (!mgr->codec->cmd_sched_set) {
		dev_notice(dev, "GSP %s takes a scheduler only when it boots: set the parameter vgpu_sched of the core driver, then unbind and bind the GPU\n",
			   mgr->info.gsp_version);
		return -EOPNOTSUPP;
	}
	if (!mgr->sched.usable) {
		dev_notice(dev, "GSP did not tell its vGPU scheduler; set the parameter vgpu_sched of the core driver, then unbind and bind the GPU\n");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int apply(struct ovg_mgr *mgr, const struct ovg_sched *sched)
{
	struct ovg_mgr_sched *s = &mgr->sched;
	struct ovg_sched gsp = {};
	int ret;

	ret = set_state(mgr, sched);
	if (ret) {
		dev_err(&mgr->dev->adev.dev, "GSP did not take the scheduler %s: %pe; it stays %s\n",
			ovg_sched_policy_name(sched->policy), ERR_PTR(ret),
			ovg_sched_policy_name(s->set.policy));
		return ret;
	}
	/* It has taken it: without an answer now, that is what holds. */
	if (get_state(mgr, &gsp))
		gsp = *sched;
	mutex_lock(&mgr->lock);
	s->set = *sched;
	s->gsp = gsp;
	mutex_unlock(&mgr->lock);
	return 0;
}

/* ---- changes ---- */

/* No vGPU is open, and GSP has none that it did not end. */
static int check_idle(struct ovg_mgr *mgr)
{
	struct device *dev = &mgr->dev->adev.dev;
	struct ovg_vgpu *vgpu;
	u32 gfid;
	int ret = 0;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link) {
		if (vgpu->state == OVG_VGPU_CLOSED)
			continue;
		dev_notice(dev, "the scheduler can change only while no vGPU is open, as that of %s is; stop the VMs first\n",
			   pci_name(vgpu->vf));
		ret = -EBUSY;
		break;
	}
	for (gfid = 1; gfid <= mgr->info.total_vfs && !ret; gfid++) {
		if (!mgr->stuck[gfid])
			continue;
		dev_notice(dev, "the scheduler can change only while GSP has no plugin task, and it did not end that of GFID %u; unbind and bind the core driver\n",
			   gfid);
		ret = -EBUSY;
	}
	mutex_unlock(&mgr->lock);
	return ret;
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
	return check_idle(mgr) ?: apply(mgr, &sched);
}

static int change(struct ovg_mgr *mgr, enum sched_file file, u32 value)
{
	int ret;

	ret = writable(mgr);
	if (ret)
		return ret;
	ret = down_write_killable(&mgr->sched.lock);
	if (ret)
		return ret;
	ret = change_locked(mgr, file, value);
	up_write(&mgr->sched.lock);
	return ret;
}

/* What is in force, without a wait for GSP */
static int state(struct ovg_mgr *mgr, struct ovg_sched *out)
{
	struct ovg_mgr_sched *s = &mgr->sched;
	struct ovg_vgpu *vgpu;
	bool running = false;

	if (mgr->codec->cmd_sched_get && !s->usable)
		return -EOPNOTSUPP;
	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link)
		running |= vgpu->state == OVG_VGPU_READY;
	ovg_sched_in_force(&s->set, &s->gsp, running, out);
	mutex_unlock(&mgr->lock);
	return 0;
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

	ret = ovg_types_text_parse(buf, count, &value);
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
