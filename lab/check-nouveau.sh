#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# A judge that we did not write: stock nouveau, unmodified, on the emulated L40,
# with none of our modules.  Twice: the nouveau of Debian's 6.12 with the firmware
# 535.113.01, and that of the newest kernel in trixie-backports with 570.144.
# Closes with "N passed, N failed".

. "$(dirname "$0")/lib.sh"
. "$OVG_TOP/lab/apt.sh"

lab=$OVG_TOP/lab
"$lab/prepare.sh"
stock=$OVG_BUILD
guest_kernel=$("$lab/build-kernel.sh")

apt_setup
newest=$(private apt-cache search --names-only '^linux-image-[0-9.]+\+deb13-amd64$' |
	awk '{ sub(/^linux-image-/, "", $1); print $1 }' | sort -V | tail -n 1)
[ -n "$newest" ] || die "no linux-image-*+deb13-amd64 in $OVG_FIRMWARE_SUITE of your mirror $(system_mirror)"
# Since 7.x the image is in three packages; put them together as they once were.
kernel=$OVG_CACHE/pool/kernel-$newest
unpack_kernel() {
	[ ! -e "$kernel/.complete" ] || return 0
	rm -rf "$kernel" "$kernel.part"
	mkdir -p "$kernel"
	for p in "linux-binary-$newest" "linux-modules-$newest" "linux-base-$newest"; do
		fetch_deb "$p" "$(newest_version "$p")" "$kernel.part"
		cp -al "$kernel.part/usr" "$kernel/"
		rm -rf "$kernel.part"
	done
	ln -s usr/lib "$kernel/lib"
	mkdir "$kernel/boot"
	ln -s "../lib/modules/$newest/vmlinuz" "$kernel/boot/vmlinuz-$newest"
	if [ ! -e "$kernel/boot/vmlinuz-$newest" ] || [ ! -d "$kernel/lib/modules/$newest/kernel" ]; then
		die "Debian's kernel $newest is packed in a way that this script does not know, see $kernel"
	fi
	touch "$kernel/.complete"
}
with_lock fetch unpack_kernel

# judge RELEASE [ENV-LINE...]: the lab once more below build/nouveau/
judge() {
	(
		export OVG_RELEASE=$1
		export OVG_BUILD=$stock/nouveau/$1
		shift
		rm -rf "$OVG_BUILD"
		mkdir -p "$OVG_BUILD"
		{
			cat "$stock/lab.env"
			printf '%s\n' LAB_KERNEL_KIND=nouveau "$@"
		} >"$OVG_BUILD/lab.env"
		cp "$stock/qemu.path" "$OVG_BUILD/"
		"$lab/build-initramfs.sh" "$(cat "$stock/qemu.path")" "$guest_kernel"
		"$lab/run-system-tests.sh" t-nouveau.sh || true
		cp "$OVG_BUILD/results/t-nouveau.sh-$OVG_RELEASE.tap" "$stock/results/"
	)
}

results=$stock/results
mkdir -p "$results"
rm -f "$results"/t-nouveau*.tap
judge r535
judge r570 "LAB_KREL=$newest" "LAB_KERNEL=$kernel"
"$lab/tap-sum.sh" "$results"/t-nouveau*.tap
