#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Build the guests' kernel: Debian's kernel source with next to nothing in it,
# so that it boots in seconds even where a guest runs in an emulated host.
# Prints the path of the image as its last line.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

config=$OVG_TOP/lab/guest-kernel.config
hash=$(printf '%s %s' "$LAB_LINUX_SOURCE_VERSION" "$(hash_of lab/guest-kernel.config)" |
	sha256sum | cut -c1-16)
out=$OVG_CACHE/guest-kernel/$hash

build() {
	[ ! -e "$out/bzImage" ] || return 0
	local tree=$OVG_CACHE/guest-kernel/tree-$LAB_LINUX_SOURCE_VERSION
	local obj=$OVG_CACHE/guest-kernel/obj
	if [ ! -e "$tree/.complete" ]; then
		rm -rf "$tree"
		mkdir -p "$tree"
		quietly "$OVG_CACHE/log/kernel-unpack.log" "unpacking the kernel source" \
			tar xf "$LAB_LINUX_SOURCE" -C "$tree" --strip-components=1
		touch "$tree/.complete"
	fi
	mkdir -p "$obj" "$out.new"
	quietly "$OVG_CACHE/log/kernel-config.log" "configuring the guest kernel" \
		make -C "$tree" O="$obj" KCONFIG_ALLCONFIG="$config" allnoconfig
	say "building the guest kernel (about 2 minutes on 2 cores)"
	quietly "$OVG_CACHE/log/kernel-build.log" "building the guest kernel" \
		make -C "$tree" O="$obj" -j "$OVG_JOBS" bzImage
	cp "$obj/arch/x86/boot/bzImage" "$obj/.config" "$out.new/"
	rm -rf "$out"
	mv "$out.new" "$out"
}

with_lock kernel build
echo "$out/bzImage"
