#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# All tests: unit tests in user space, vgpuctl on fake hosts, our wire ABI against the facts of NVIDIA's
# headers, the checks of the driver's sources, the system tests in the host VM with
# both releases of firmware, stock nouveau, libvirt.  Closes with "N passed, N failed".

. "$(dirname "$0")/lib.sh"

lab=$OVG_TOP/lab
results=$OVG_BUILD/results
rm -rf "$results"
mkdir -p "$results"

closing() {
	"$lab/tap-sum.sh" "$results"/*.tap
}

# step NAME COMMAND...: a TAP producer, its output shown and kept
step() {
	local file=$results/$1.tap rc=0
	shift
	"$@" >"$file.new" 2>&1 </dev/null || rc=$?
	echo "# ovg-status $rc" >>"$file.new"
	mv "$file.new" "$file"
	cat "$file"
}

# It runs where there is a GPU; here it is seen to build.
hw_builds() {
	if make -s -C "$OVG_TOP/tests/hw" all O="$OVG_BUILD/hw"; then
		echo "ok 1 - hw-check builds"
	else
		echo "not ok 1 - hw-check builds"
	fi
	echo "1..1"
}

# ran RELEASE FILE...: system tests for this kind of kernel and this release that have
# left no result get an empty one, which counts as a failure
ran() {
	local release=$1 f kernel only
	shift
	for f in "$@"; do
		kernel=$(sed -n '2,40s/^# kernel: *//p' "$f")
		only=$(sed -n '2,40s/^# release: *//p' "$f")
		if [ "${kernel:-stock}" = "${OVG_KIND:-stock}" ] && [ "${only:-$release}" = "$release" ]; then
			touch "$results/$(basename "$f")-$release.tap"
		fi
	done
}

# prepared RELEASE: the lab for it; where that fails is a failure, too
prepared() {
	OVG_RELEASE=$1 "$lab/prepare.sh" && return
	printf 'not ok 1 - the lab can be prepared for %s\n1..1\n' "$1" >"$results/prepare-$1.tap"
	false
}

if ! prepared r535; then
	closing
	exit 1
fi
say "unit tests"
step unit make -s -C "$OVG_TOP/tests/unit" check O="$OVG_BUILD/unit" CMOCKA_MESSAGE_OUTPUT=TAP
step types make -s -C "$OVG_TOP/tests/vgpuctl-types" check O="$OVG_BUILD/test-vgpuctl-types"
step abi "$lab/check-abi.sh"
step abi-selftest "$OVG_TOP/tests/abi/selftest.sh"
step driver "$lab/check-driver.sh"
step vgpuctl make -s -C "$OVG_TOP/tests/vgpuctl" check O="$OVG_BUILD/test-vgpuctl"
step hw hw_builds
for release in r535 r570; do
	if prepared $release; then
		OVG_RELEASE=$release "$lab/run-system-tests.sh" || true
		ran $release "$OVG_TOP"/tests/system/t-*.sh
	fi
done
"$lab/check-nouveau.sh" || true
for release in r535 r570; do
	OVG_KIND=nouveau ran $release "$OVG_TOP/tests/system/t-nouveau.sh"
done
OVG_RELEASE=r570 "$lab/check-libvirt.sh" || true
OVG_KIND=libvirt ran r570 "$OVG_TOP/tests/system/t-libvirt.sh"
closing
