// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Why the driver refused a write: sysfs has an errno, the reason is in the kernel
 * log.  The tables follow driver/manager/{types,settings,sysfs,sched}.c and
 * driver/core/sriov.c.
 */
#include <errno.h>
#include <string.h>

#include "put.h"

/**
 * struct reason - what an errno of a file means
 * @hint: @V stands for the VF's address, @G for the GPU's
 */
struct reason {
	enum put_file file;
	int err;
	enum ctl_exit status;
	const char *text;
	const char *hint;
};

static const struct reason reasons[] = {
	{ PUT_TYPE, EBUSY, CTL_REFUSED, "its vGPU is in use, or the GPU's mode is being changed",
	  "stop the VM that uses it, then try again" },
	{ PUT_TYPE, EPERM, CTL_REFUSED, "the VF has a type already",
	  "vgpuctl destroy @V, or take another VF; vgpuctl list --all @G shows which are free" },
	{ PUT_TYPE, EINVAL, CTL_REFUSED,
	  "all vGPUs of this GPU have the same size, and this type has another",
	  "take a type of that size (vgpuctl types --creatable @G), or without any vGPU: vgpuctl set @G --mode mixed" },
	{ PUT_TYPE, ENOSPC, CTL_REFUSED, "the GPU has no room for another one",
	  "destroy a vGPU, or see what still fits: vgpuctl types --creatable @G" },
	{ PUT_TYPE, ENODEV, CTL_NOT_FOUND,
	  "the type is not known or cannot be used with ECC, or the GPU's firmware is dead",
	  "vgpuctl types @G lists the types; vgpuctl doctor looks at the rest" },
	{ PUT_TYPE, EIO, CTL_FAILED, "the firmware did not let go of this VF's last vGPU",
	  "take another VF; unbinding and binding the core driver of @G makes it good again" },

	{ PUT_PLACEMENT, ENXIO, CTL_REFUSED, "the VF has no vGPU", "vgpuctl create @V --type TYPE" },
	{ PUT_PLACEMENT, EPERM, CTL_REFUSED, "its vGPU is in use", "stop the VM that uses it" },
	{ PUT_PLACEMENT, EINVAL, CTL_REFUSED, "the type has no such place in the GPU's mode",
	  "equal sizes stand at multiples of their GiB; without --placement the driver takes the lowest place that is free" },
	{ PUT_PLACEMENT, EBUSY, CTL_REFUSED, "another vGPU is there",
	  "vgpuctl list @G shows where they are" },

	{ PUT_PARAMS, EPERM, CTL_REFUSED, "its vGPU is in use", "stop the VM that uses it" },
	{ PUT_PARAMS, E2BIG, CTL_USAGE, "they are longer than 1023 characters", NULL },
	{ PUT_PARAMS, EINVAL, CTL_USAGE, "they are not key=value, separated by commas",
	  "frame_rate_limiter, disable_vnc, enable_uvm, enable_debugging, enable_profiling, override_bar1_size and address64 take 0 or 1" },

	{ PUT_MODE, EOPNOTSUPP, CTL_REFUSED, "this GSP release has no mixed sizes",
	  "570.144 has: install its firmware and load openvgpu-core again" },
	{ PUT_MODE, EPERM, CTL_REFUSED, "vGPUs of mixed sizes have no fixed share",
	  "vgpuctl sched @G --policy equal_share" },
	{ PUT_MODE, EBUSY, CTL_REFUSED, "a VF has a type, or memory is quarantined",
	  "vgpuctl destroy --all @G; what is quarantined comes back when the core driver is bound anew" },

	{ PUT_VFS, EBUSY, CTL_REFUSED, "vGPUs are in use, or VFs are enabled already",
	  "stop the VMs, see vgpuctl list @G" },
	{ PUT_VFS, ERANGE, CTL_USAGE, "the GPU has fewer VFs",
	  "vgpuctl set @G --vfs max enables all that there are" },
	{ PUT_VFS, ENODEV, CTL_FAILED, "the GPU's firmware is dead, or the driver is going away",
	  "unbind and bind the core driver of @G; the kernel log says what happened" },
	{ PUT_VFS, ENOENT, CTL_NOT_FOUND, "the driver that has the GPU knows no VFs",
	  "vgpuctl doctor says which driver that is" },
	{ PUT_VFS, ENOMEM, CTL_FAILED, "the VFs' BARs have no address space",
	  "BIOS: Above 4G Decoding and SR-IOV on; else boot with pci=realloc" },

	{ PUT_SCHED, EINVAL, CTL_USAGE, "the policy or arr has no such setting",
	  "best_effort has none; a time slice is for arr disable, frequency and averaging factor for arr enable; see vgpuctl sched @G" },
	{ PUT_SCHED, ERANGE, CTL_USAGE, "the value is out of the range of this GPU",
	  "0 is the firmware's own; the line of the driver in the kernel log has the range" },
	{ PUT_SCHED, ENODEV, CTL_FAILED, "the GPU's firmware is dead, or the driver is going away",
	  "unbind and bind the core driver of @G; the kernel log says what happened" },
	{ PUT_SCHED, EBUSY, CTL_REFUSED, "it cannot change while a vGPU is in use or a VF is stuck",
	  "stop the VMs, see vgpuctl list @G; a stuck VF is good again when the core driver is bound anew" },
	{ PUT_SCHED, EPERM, CTL_REFUSED, "vGPUs of mixed sizes have no fixed share",
	  "take another policy, or without any vGPU: vgpuctl set @G --mode equal" },
	{ PUT_SCHED, EOPNOTSUPP, CTL_REFUSED, "the firmware that runs on this GPU cannot do it",
	  "one that takes a scheduler only when it boots gets it by vgpu_sched, a parameter of openvgpu-core" },
};

static const struct reason permission = {
	.status = CTL_PERMISSION, .text = "only root may write there",
	.hint = "run it as root; list, types, stats, events and doctor need no root",
};

static const struct reason missing = {
	.status = CTL_NOT_FOUND, .text = "the driver has no such file",
	.hint = "vgpuctl doctor says whether all three modules are loaded and bound",
};

static const struct reason unknown = { .status = CTL_FAILED, .text = "the driver refused it" };

static const struct reason *find_reason(enum put_file file, int err)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].file == file && reasons[i].err == err)
			return &reasons[i];
	if (err == EACCES || err == EROFS)
		return &permission;
	return err == ENOENT ? &missing : &unknown;
}

static char *expand(const char *hint, const struct put *p)
{
	char *text = xstrdup(""), *longer;
	const char *at;

	while ((at = strchr(hint, '@')) != NULL) {
		const char *who = at[1] == 'G' ? p->gpu->bdf : p->vf ? p->vf->bdf : p->gpu->bdf;

		longer = xasprintf("%s%.*s%s", text, (int)(at - hint), hint, who);
		free(text);
		text = longer;
		hint = at + 2;
	}
	longer = xasprintf("%s%s", text, hint);
	free(text);
	return longer;
}

/* "process 4242 (vm1) has it open", NULL when that is not known. */
static char *who_holds(const struct ctl *ctl, const struct put *p)
{
	int pid = vf_holder(ctl, p->vf);
	char *name, *text;

	if (pid <= 0)
		return NULL;
	name = vm_name(ctl, pid);
	text = xasprintf("process %d (%s) has it open", pid, name ? name : "?");
	free(name);
	return text;
}

static bool is_in_use(const struct put *p, int err)
{
	return (p->file == PUT_TYPE && err == EBUSY) ||
	       ((p->file == PUT_PLACEMENT || p->file == PUT_PARAMS) && err == EPERM);
}

int put(const struct ctl *ctl, const struct put *p)
{
	const char *device = p->vf ? p->vf->bdf : p->gpu->bdf;
	int fd = kmsg_open(ctl), err = -put_raw(ctl, p->path, p->text);
	char *driver = kmsg_last(fd, device, p->vf ? NULL : p->gpu->aux_name);
	const struct reason *r;
	struct ctl_failure f;
	char *message, *hint, *who;

	if (!err) {
		free(driver);
		return CTL_OK;
	}
	r = find_reason(p->file, err);
	who = is_in_use(p, err) ? who_holds(ctl, p) : NULL;
	hint = r->hint ? expand(r->hint, p) : NULL;
	message = xasprintf("%s: cannot %s: %s", device, p->what, who ? who : r->text);
	f = (struct ctl_failure){ message, p->path, err, driver, hint };
	ctl_fail(r->status, &f);
	free(message);
	free(hint);
	free(who);
	free(driver);
	return r->status;
}
