// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * openvgpu/ in the VF's directory: what its vGPU does, for tools of ours.  What
 * NVIDIA's clients know is in nvidia/, and nothing else is there.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "vfio_priv.h"

static ssize_t show(struct device *dev, enum ovg_mgr_file file, char *buf)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(dev);

	return ovg_mgr_show(container_of(core, struct ovg_vfio_device, core_device)->vgpu,
			    file, buf);
}

#define OVG_STATE_FILE(name, file)						\
static ssize_t name##_show(struct device *dev, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	return show(dev, file, buf);						\
}										\
static DEVICE_ATTR_RO(name)

OVG_STATE_FILE(state, OVG_MGR_FILE_STATE);
OVG_STATE_FILE(uuid, OVG_MGR_FILE_UUID);
OVG_STATE_FILE(vm_pid, OVG_MGR_FILE_VM_PID);
OVG_STATE_FILE(guest_driver, OVG_MGR_FILE_GUEST_DRIVER);
OVG_STATE_FILE(license, OVG_MGR_FILE_LICENSE);
OVG_STATE_FILE(utilization_gpu, OVG_MGR_FILE_UTIL_GPU);
OVG_STATE_FILE(utilization_memory, OVG_MGR_FILE_UTIL_MEMORY);
OVG_STATE_FILE(utilization_encoder, OVG_MGR_FILE_UTIL_ENCODER);
OVG_STATE_FILE(utilization_decoder, OVG_MGR_FILE_UTIL_DECODER);
OVG_STATE_FILE(utilization_age_ms, OVG_MGR_FILE_UTIL_AGE_MS);
OVG_STATE_FILE(xid_count, OVG_MGR_FILE_XID_COUNT);
OVG_STATE_FILE(xid_last, OVG_MGR_FILE_XID_LAST);

static struct attribute *state_attrs[] = {
	&dev_attr_guest_driver.attr,
	&dev_attr_license.attr,
	&dev_attr_state.attr,
	&dev_attr_utilization_age_ms.attr,
	&dev_attr_utilization_decoder.attr,
	&dev_attr_utilization_encoder.attr,
	&dev_attr_utilization_gpu.attr,
	&dev_attr_utilization_memory.attr,
	&dev_attr_uuid.attr,
	&dev_attr_vm_pid.attr,
	&dev_attr_xid_count.attr,
	&dev_attr_xid_last.attr,
	NULL
};

const struct attribute_group ovg_vfio_state_group = {
	.name = "openvgpu",
	.attrs = state_attrs,
};
