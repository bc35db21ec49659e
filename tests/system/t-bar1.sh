#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# BAR1 of a vGPU is that of its type, smaller than the VF's, or the VF's: on VFIO fds,
# to the byte.  t-console.sh has a guest with a part of BAR1.
# gpu-opt: vf-bar1-size=4G
# gpu: vf-bar1-size=1G,total-vfs=2
# release: r570
. /lab/lib.sh

mib=1048576

# gpu N: the PF with N VFs at most is the one to test
gpu() {
	PF=$(basename "$(dirname "$(grep -lx "$1" /sys/bus/pci/devices/*/sriov_totalvfs)")")
	PF_DIR=/sys/bus/pci/devices/$PF
	DEBUG_DIR=/sys/kernel/debug/openvgpu/$PF
}

# bar1 TEXT VF MIB WHOLE: all checks of vfio-bar1
bar1() {
	vfio-bar1 "$(vf_bdf "$2")" $(($3 * mib)) $(($4 * mib)) >/tmp/bar1 2>&1
	rc=$?
	sed -n '/^ok - /!s/^/# /p' /tmp/bar1
	is "$1: $(wc -l </tmp/bar1) things are as they should be" "$rc $(grep -vc '^ok - ' /tmp/bar1)" "0 0"
}

params() {
	echo "$2" >"$(vf "$1")/nvidia/vgpu_params"
}

gpu 32
check "modules, 1 VF" host_up 1
is "BAR1 of a VF" "$(sed -n 2p "$(vf 0)/resource" | awk '{ printf "%d", ($2 - $1 + 1) / 1048576 }')" 4096
check "a type of 256 MiB" set_type 0 "$(type_id L40-8Q)"
bar1 "8Q" 0 256 4096
params 0 "override_bar1_size=1"
bar1 "8Q, whole BAR1" 0 4096 4096
check "a vGPU with all of it works" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 8 --pattern-only
like "and knows it" "$(cat /tmp/check.out)" "BAR1 4096 MiB"
params 0 "override_bar1_size=0"
check "switched off again" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 8 --pattern-only
like "it has the type's" "$(cat /tmp/check.out)" "BAR1 256 MiB"

# Class Compute is no exception: that it sees all is so where a VF's BAR1 can be resized.
set_type 0 0
check "class Compute, 2 GiB" set_type 0 "$(type_id L40-8C)"
bar1 "8C" 0 2048 4096
params 0 "override_bar1_size=1"
bar1 "8C, whole BAR1" 0 4096 4096

set_type 0 0
is "the model refused nothing" "$(qmp get refusals)" 0

gpu 2
echo 1 >"$PF_DIR/sriov_numvfs"
check "another GPU, with less BAR1" \
	wait_for 10 test -e "$(vf 0)/nvidia/current_vgpu_type"
check "a type that wants 2 GiB of 1" set_type 0 "$(type_id L40-8C)"
bar1 "8C, small VF" 0 1024 1024
set_type 0 0

unload_modules
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
