/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The checks of vgpuctl doctor.
 */
#ifndef VGPUCTL_DOCTOR_H
#define VGPUCTL_DOCTOR_H

#include "gpu.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

/**
 * struct report - what the checks found
 * @checks: an array of objects, in the order of the checks
 * @count: of each verdict
 */
struct report {
	struct json_object *checks;
	int count[3];
};

/* One finding; @gpu is NULL for the host, @hint is the way out, for what is not ok. */
void finding(struct report *r, enum verdict v, const char *check, const char *gpu,
	     const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* doctor_host.c: kernel, IOMMU, modules, configuration */
void check_host(const struct ctl *ctl, const struct gpus *g, struct report *r);
/* doctor_gpu.c: of each GPU hardware, driver, firmware, types, VFs */
void check_gpus(const struct ctl *ctl, const struct gpus *g, struct report *r);

#endif /* VGPUCTL_DOCTOR_H */
