// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * nvidia/ in the VF's directory: which vGPU types can be selected, which is,
 * and its settings.  Names, formats and errors are those of NVIDIA's vendor-specific VFIO
 * framework, because its clients parse them.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "vfio_priv.h"

static struct ovg_vgpu *dev_vgpu(struct device *dev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(dev);

	return container_of(core, struct ovg_vfio_device, core_device)->vgpu;
}

static ssize_t creatable_vgpu_types_show(struct device *dev, struct device_attribute *attr,
					 char *buf)
{
	return ovg_mgr_creatable_types(dev_vgpu(dev), buf);
}
static DEVICE_ATTR_RO(creatable_vgpu_types);

static ssize_t current_vgpu_type_show(struct device *dev, struct device_attribute *attr,
				      char *buf)
{
	return sysfs_emit(buf, "%u\n", ovg_mgr_get_type(dev_vgpu(dev)));
}

static ssize_t current_vgpu_type_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	return ovg_mgr_store_type(dev_vgpu(dev), buf, count) ?: count;
}
static DEVICE_ATTR_RW(current_vgpu_type);

static ssize_t vgpu_params_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ovg_mgr_show_params(dev_vgpu(dev), buf);
}

static ssize_t vgpu_params_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	return ovg_mgr_store_params(dev_vgpu(dev), buf, count) ?: count;
}
static DEVICE_ATTR_RW(vgpu_params);

static ssize_t placement_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int id = ovg_mgr_get_placement(dev_vgpu(dev));

	return id < 0 ? id : sysfs_emit(buf, "%d\n", id);
}

static ssize_t placement_id_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	return ovg_mgr_store_placement(dev_vgpu(dev), buf, count) ?: count;
}
static DEVICE_ATTR_RW(placement_id);

static ssize_t gpu_instance_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int id = ovg_mgr_get_gpu_instance(dev_vgpu(dev));

	return id < 0 ? id : sysfs_emit(buf, "%d\n", id);
}

static ssize_t gpu_instance_id_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return ovg_mgr_store_gpu_instance(dev_vgpu(dev), buf, count) ?: count;
}
static DEVICE_ATTR_RW(gpu_instance_id);

static ssize_t warm_update_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}

static ssize_t warm_update_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	return ovg_mgr_store_warm_update(dev_vgpu(dev), buf, count) ?: count;
}
static DEVICE_ATTR_RW(warm_update);

static struct attribute *nvidia_attrs[] = {
	&dev_attr_creatable_vgpu_types.attr,
	&dev_attr_current_vgpu_type.attr,
	&dev_attr_gpu_instance_id.attr,
	&dev_attr_placement_id.attr,
	&dev_attr_vgpu_params.attr,
	&dev_attr_warm_update.attr,
	NULL
};

static const struct attribute_group nvidia_group = {
	.name = "nvidia",
	.attrs = nvidia_attrs,
};

const struct attribute_group *ovg_vfio_groups[] = {
	&nvidia_group,
	&ovg_vfio_state_group,
	NULL
};
