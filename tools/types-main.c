// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl-types: the types part of vgpuctl as a program of its own, with which the
 * lab makes its metadata files and tests run.
 */
#include <string.h>

#include "types_set.h"

int main(int argc, char **argv)
{
	struct ctl ctl = { .root = "" };

	if (argc > 1 && !strcmp(argv[1], "--json")) {
		ctl.json = true;
		argv++;
		argc--;
	}
	return cmd_types(&ctl, argc - 1, argv + 1);
}
