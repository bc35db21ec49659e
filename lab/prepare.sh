#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Everything before a boot: packages, downloads, QEMU, guest kernel, modules,
# tools, the host VM's file system.  What exists already is kept, so that it can
# be interrupted and called again.

. "$(dirname "$0")/lib.sh"

lab=$OVG_TOP/lab
mkdir -p "$OVG_BUILD"

"$lab/deps.sh"
with_lock fetch "$lab/fetch.sh"
. "$OVG_BUILD/lab.env"

qemu=$("$lab/build-qemu.sh")
echo "$qemu" >"$OVG_BUILD/qemu.path"
kernel=$("$lab/build-kernel.sh")

say "building the modules and tools"
"$lab/build-modules.sh" >/dev/null
# The vGPU types' metadata file, which the manager loads as firmware.
quietly "$OVG_BUILD/tools.log" "building the tools" \
	make -C "$OVG_TOP/tools" O="$OVG_BUILD/tools" GSP_VERSION="$OVG_GSP_VERSION" WERROR=1
cp "$OVG_BUILD/tools/vgpu-types-$OVG_GSP_VERSION.bin" "$OVG_BUILD/"
# And one as of NVIDIA's vgpuConfig.xml, with signatures that are none of ours.
quietly "$OVG_BUILD/import.log" "importing the sample of a vgpuConfig.xml" \
	"$OVG_BUILD/tools/vgpuctl" types import --gsp "$OVG_GSP_VERSION" \
	--output "$OVG_BUILD/vgpu-types-imported-$OVG_GSP_VERSION.bin" \
	"$OVG_TOP/tests/vgpuctl-types/sample.xml"

say "packing the host VM's file system"
"$lab/build-initramfs.sh" "$qemu" "$kernel"
say "ready: QEMU ${LAB_QEMU_VERSION}, host kernel $LAB_KREL, GSP firmware $OVG_GSP_VERSION"
