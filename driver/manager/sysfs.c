// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Files of a GPU, in the directory of its auxiliary device: what there is, and
 * the mode in which vGPUs are placed.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "mgr_priv.h"
#include "types_text.h"

static struct ovg_mgr *dev_mgr(struct device *dev)
{
	return auxiliary_get_drvdata(to_auxiliary_dev(dev));
}

static ssize_t gsp_version_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", dev_mgr(dev)->info.gsp_version);
}
static DEVICE_ATTR_RO(gsp_version);

static ssize_t max_vgpus_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", dev_mgr(dev)->info.max_vgpus);
}
static DEVICE_ATTR_RO(max_vgpus);

static ssize_t fb_total_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dev_mgr(dev)->info.fb_total);
}
static DEVICE_ATTR_RO(fb_total);

static ssize_t fb_free_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ovg_mgr *mgr = dev_mgr(dev);
	u64 free = mgr->info.fb_size;
	u32 i;

	mutex_lock(&mgr->lock);
	for (i = 0; i < OVG_MAX_SLOTS; i++)
		free -= mgr->placement.slot[i].fb_length + mgr->placement.slot[i].heap_length;
	mutex_unlock(&mgr->lock);
	return sysfs_emit(buf, "%llu\n", free);
}
static DEVICE_ATTR_RO(fb_free);

static ssize_t quarantined_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(dev_mgr(dev)->quarantined));
}
static DEVICE_ATTR_RO(quarantined);

static ssize_t heterogeneous_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(dev_mgr(dev)->placement.mixed));
}

/* GSP is told without the manager's lock; nobody selects a type meanwhile. */
static int tell_gsp(struct ovg_mgr *mgr, bool mixed)
{
	u8 params[1] = { mixed };

	return mgr->dev->ops->rm_ctrl(mgr->dev, mgr->client, mgr->codec->cmd_heterogeneous,
				      params, sizeof(params), 0);
}

/**
 * ovg_mode_init - make GSP's mode that of a new manager: homogeneous
 * @mgr: the manager; no VF is registered yet
 *
 * An earlier manager may have left GSP in the other mode.
 *
 * Return: 0, also when GSP refused, which is logged; -ENODEV when GSP is dead,
 * -ETIMEDOUT when it did not answer, -ENOMEM.
 */
int ovg_mode_init(struct ovg_mgr *mgr)
{
	int ret;

	if (!mgr->codec->cmd_heterogeneous)
		return 0;
	ret = tell_gsp(mgr, false);
	if (!ret || ret == -ENODEV || ret == -ETIMEDOUT || ret == -ENOMEM)
		return ret;
	dev_warn(&mgr->dev->adev.dev, "GSP did not take the homogeneous mode: %pe; if it had vGPUs of mixed sizes before, unbind and bind the core driver\n",
		 ERR_PTR(ret));
	return 0;
}

/* @mgr->sched.lock is held for writing: one change at a time, of this and of the scheduler. */
static int set_heterogeneous_locked(struct ovg_mgr *mgr, bool mixed)
{
	struct device *dev = &mgr->dev->adev.dev;
	int ret;

	mutex_lock(&mgr->lock);
	if (mixed == mgr->placement.mixed) {
		mutex_unlock(&mgr->lock);
		return 0;
	}
	mutex_unlock(&mgr->lock);

	if (mixed && mgr->sched.set.policy == OVG_SCHED_FIXED_SHARE) {
		dev_notice(dev, "vGPUs of mixed sizes have no fixed share; write another policy to scheduler/policy first\n");
		return -EPERM;
	}

	mutex_lock(&mgr->lock);
	ret = ovg_placement_set_mixed(&mgr->placement, mixed);
	if (ret)
		dev_notice(dev, "the mode can change only while no VF has a vGPU type and nothing is quarantined\n");
	else
		mgr->changing_mode = true;
	mutex_unlock(&mgr->lock);
	if (ret)
		return ret;

	ret = tell_gsp(mgr, mixed);
	if (ret) {
		dev_err(dev, "GSP did not take the %s mode: %pe\n",
			mixed ? "mixed-size" : "homogeneous", ERR_PTR(ret));
		/* If it is not known what GSP made of it, this decides. */
		if ((ret == -EPROTO || ret == -EIO) && tell_gsp(mgr, !mixed))
			dev_err(dev, "nor the one of before; unbind and bind the core driver\n");
	}

	mutex_lock(&mgr->lock);
	/* There is still no type, so that this cannot fail. */
	if (ret)
		ovg_placement_set_mixed(&mgr->placement, !mixed);
	mgr->changing_mode = false;
	mutex_unlock(&mgr->lock);
	return ret;
}

static int set_heterogeneous(struct ovg_mgr *mgr, bool mixed)
{
	int ret;

	if (!mgr->codec->cmd_heterogeneous) {
		if (!mixed)
			return 0;
		dev_notice(&mgr->dev->adev.dev, "GSP %s cannot have vGPUs of mixed sizes; 570.144 can\n",
			   mgr->info.gsp_version);
		return -EOPNOTSUPP;
	}
	ret = down_write_killable(&mgr->sched.lock);
	if (ret)
		return ret;
	ret = set_heterogeneous_locked(mgr, mixed);
	up_write(&mgr->sched.lock);
	return ret;
}

static ssize_t heterogeneous_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	u32 mixed;

	if (ovg_types_text_parse(buf, count, &mixed) || mixed > 1) {
		dev_notice(dev, "heterogeneous takes 0 or 1\n");
		return -EINVAL;
	}
	return set_heterogeneous(dev_mgr(dev), mixed) ?: count;
}
static DEVICE_ATTR_RW(heterogeneous);

static struct attribute *gpu_attrs[] = {
	&dev_attr_fb_free.attr,
	&dev_attr_fb_total.attr,
	&dev_attr_gsp_version.attr,
	&dev_attr_heterogeneous.attr,
	&dev_attr_max_vgpus.attr,
	&dev_attr_quarantined.attr,
	NULL
};

static const struct attribute_group gpu_group = {
	.attrs = gpu_attrs,
};

const struct attribute_group *ovg_mgr_groups[] = {
	&gpu_group,
	&ovg_sched_group,
	NULL
};
