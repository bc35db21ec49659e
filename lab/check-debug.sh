#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The system tests (all, or those named) and with them the demonstration's flow
# on a host kernel that checks itself: KASAN, UBSAN, lockdep, kmemleak, DMA-API
# and more (lab/debug-kernel.config).  A warning is a panic, and after each test
# its checks are asked what they found.  Closes with "N passed, N failed".

. "$(dirname "$0")/lib.sh"

lab=$OVG_TOP/lab
"$lab/prepare.sh"
stock=$OVG_BUILD
qemu=$(cat "$stock/qemu.path")
guest_kernel=$("$lab/build-kernel.sh")
debug_kernel=$("$lab/build-debug-kernel.sh")

# The same lab once more below build/debug/, with the other kernel.
export OVG_BUILD=$stock/debug
export OVG_SLOW=${OVG_SLOW:-4}
mkdir -p "$OVG_BUILD"
{
	cat "$stock/lab.env" "$debug_kernel/env"
	echo "LAB_KERNEL_KIND=debug"
	echo "LAB_MEM=4096"
	echo 'LAB_APPEND=" panic_on_warn=1 oops=panic hung_task_panic=1 page_poison=1 ignore_loglevel"'
} >"$OVG_BUILD/lab.env"
cp "$stock/qemu.path" "$stock"/vgpu-types-*.bin "$OVG_BUILD/"

say "building the modules for the debug kernel"
"$lab/build-modules.sh" >/dev/null
say "packing the debug host VM's file system"
"$lab/build-initramfs.sh" "$qemu" "$guest_kernel"

results=$OVG_BUILD/results
rm -rf "$results"
"$lab/run-system-tests.sh" "$@" || true
"$lab/tap-sum.sh" "$results"/*.tap
