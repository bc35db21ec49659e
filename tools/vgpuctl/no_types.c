// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A vgpuctl that was built without "types import", "build" and "show" says so.
 */
#include "command.h"

int __attribute__((weak)) cmd_types(struct ctl *ctl, int argc, char **argv)
{
	(void)ctl;
	(void)argc;
	return ctl_error(CTL_FAILED, "types %s is not built in; ovg-types makes metadata files", argv[0]);
}
