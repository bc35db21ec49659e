#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Build the kernel modules against the host kernel's headers, in a copy below
# build/.  Further arguments go to make: W=1, C=2.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

dir=${OVG_MODULES_DIR:-$OVG_BUILD/modules}
mkdir -p "$dir"
rsync -rt --delete --include='*/' --include='*.[ch]' --include=Kbuild --include=Makefile \
	--exclude='*' "$OVG_TOP/driver/" "$dir/src/"
# A copy that keeps objects: rsync leaves what the compiler made.
rsync -rc "$dir/src/" "$dir/obj/"
quietly "$dir/build.log" "building the kernel modules" \
	make -C "$LAB_HEADERS" M="$dir/obj" CONFIG_DEBUG_INFO_BTF_MODULES= \
	-j "$OVG_JOBS" "$@" modules
ls "$dir"/obj/*.ko
