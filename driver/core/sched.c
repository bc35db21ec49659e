// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The vGPU scheduler that GSP begins with: module parameter vgpu_sched, which
 * becomes key RmPVMRL of the registry that GSP gets at boot.
 */
#include <linux/atomic.h>
#include <linux/module.h>

#include "gsp.h"
#include "sched_param.h"

/* The number for RmPVMRL; BIT_ULL(32) when there is none to send. */
#define SCHED_UNSET	BIT_ULL(32)

static atomic64_t vgpu_sched = ATOMIC64_INIT(SCHED_UNSET);
/* What the parameter reads as; under the lock of kernel parameters */
static char vgpu_sched_text[128];

static int vgpu_sched_set(const char *text, const struct kernel_param *kp)
{
	const char *why;
	u32 value;
	int ret;

	if (!*text || !strcmp(text, "\n")) {
		vgpu_sched_text[0] = 0;
		atomic64_set(&vgpu_sched, SCHED_UNSET);
		return 0;
	}
	ret = ovg_sched_param_parse(text, &value, &why);
	if (ret) {
		pr_err("openvgpu-core: parameter vgpu_sched: %s, not \"%.*s\"\n", why,
		       (int)strcspn(text, "\n"), text);
		return ret;
	}
	/* a text that parses has each key once: it fits */
	strscpy(vgpu_sched_text, text, sizeof(vgpu_sched_text));
	vgpu_sched_text[strcspn(vgpu_sched_text, "\n")] = 0;
	atomic64_set(&vgpu_sched, value);
	return 0;
}

static int vgpu_sched_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", vgpu_sched_text);
}

static const struct kernel_param_ops vgpu_sched_ops = {
	.set = vgpu_sched_set,
	.get = vgpu_sched_get,
};

module_param_cb(vgpu_sched, &vgpu_sched_ops, NULL, 0644);
MODULE_PARM_DESC(vgpu_sched, "vGPU scheduler from the boot of GSP on: best_effort, or equal_share or fixed_share with ,arr=default|disable|enable ,timeslice_us=N (arr=disable) ,frequency_hz=N ,averaging_factor=N; written later it holds from the next bind on (default: GSP's, best effort)");

/**
 * ovg_sched_boot_value - the scheduler that GSP shall boot with
 * @value: number for registry key RmPVMRL
 *
 * Return: false when the user has not chosen any.
 */
bool ovg_sched_boot_value(u32 *value)
{
	u64 v = atomic64_read(&vgpu_sched);

	*value = v;
	return v != SCHED_UNSET;
}
