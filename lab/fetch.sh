#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Bring the host kernel, its headers, the GSP firmware, the kernel source for
# guests and QEMU's source into the cache.  Writes build/lab.env, which says
# where they are.

. "$(dirname "$0")/lib.sh"
. "$OVG_TOP/lab/apt.sh"

pool=$OVG_CACHE/pool
mkdir -p "$OVG_BUILD"
apt_setup

# Host kernel: Debian's own binary of the series, as bookworm-backports has it.
kernel=$(private apt-cache search --names-only "^linux-image-${OVG_KERNEL_SERIES//./\\.}\\.[0-9]+\\+deb12-amd64\$" |
	awk '{ print $1 }' | sort -V | tail -n 1)
[ -n "$kernel" ] || die "no linux-image-$OVG_KERNEL_SERIES.*-amd64 in bookworm-backports"
krel=${kernel#linux-image-}
kbase=${krel%-amd64}
kver=$(newest_version "$kernel")
fetch_deb "$kernel" "$kver" "$pool/$kernel"
for p in "linux-headers-$krel" "linux-headers-$kbase-common" "linux-kbuild-$kbase"; do
	fetch_deb "$p" "$kver" "$pool/$p"
done

# Debian's headers name each other by absolute paths; make one tree of them.
headers=$pool/headers-$krel
if [ ! -e "$headers/.complete" ]; then
	rm -rf "$headers"
	mkdir -p "$headers"
	for p in "linux-headers-$krel" "linux-headers-$kbase-common" "linux-kbuild-$kbase"; do
		cp -a "$pool/$p/." "$headers/"
	done
	sed -i "s#/usr/src/#$headers/usr/src/#" "$headers/usr/src/linux-headers-$krel/Makefile"
	for link in scripts tools; do
		ln -sfn "$headers/usr/lib/linux-kbuild-$kbase/$link" \
			"$headers/usr/src/linux-headers-$kbase-common/$link"
	done
	touch "$headers/.complete"
fi

# Firmware.
fw=firmware-nvidia-graphics
fwver=$(newest_version $fw $OVG_FIRMWARE_SUITE)
[ -n "$fwver" ] || die "the firmware package $fw is not in $OVG_FIRMWARE_SUITE (non-free-firmware) of your mirror $(system_mirror).
The core driver needs NVIDIA's GSP firmware $OVG_GSP_VERSION, which only that package brings: use a mirror that has non-free-firmware."
fetch_deb $fw "$fwver" "$pool/$fw-$fwver"
fwdir=$pool/$fw-$fwver/usr/lib/firmware
[ -d "$fwdir" ] || fwdir=$pool/$fw-$fwver/lib/firmware
for f in $OVG_GSP_FILES; do
	[ -s "$fwdir/nvidia/ad102/gsp/$f-$OVG_GSP_VERSION.bin" ] ||
		die "$fw $fwver has no nvidia/ad102/gsp/$f-$OVG_GSP_VERSION.bin"
done

# Kernel source for the guests' kernel.
src=linux-source-$OVG_KERNEL_SERIES
srcver=$(newest_version "$src" bookworm-backports)
fetch_deb "$src" "$srcver" "$pool/$src-$srcver"

# QEMU: Debian's source package; meson and the BIOS come as packages.
qver=$(private apt-cache showsrc --only-source qemu | awk '/^Version:/ { print $2 }' |
	sort -V | grep "^1:$OVG_QEMU_SERIES" | tail -n 1)
[ -n "$qver" ] || die "no QEMU $OVG_QEMU_SERIES source in $OVG_QEMU_SUITE"
qsrc=$pool/qemu-src-${qver//:/_}
if [ ! -e "$qsrc/.complete" ]; then
	say "fetching QEMU's source $qver"
	rm -rf "$qsrc"
	mkdir -p "$qsrc"
	(cd "$qsrc" && quietly "$OVG_CACHE/log/qemu-source.log" "downloading QEMU's source" \
		private apt-get source --download-only "qemu=$qver")
	touch "$qsrc/.complete"
fi
for p in meson python3-pycotap seabios qemu-system-data; do
	v=$(newest_version $p bookworm-backports)
	fetch_deb $p "$v" "$pool/$p-${v//:/_}"
	declare "dir_${p//-/_}=$pool/$p-${v//:/_}"
done

cat >"$OVG_BUILD/lab.env" <<EOF
LAB_KREL=$krel
LAB_KERNEL=$pool/$kernel
LAB_HEADERS=$headers/usr/src/linux-headers-$krel
LAB_HEADERS_COMMON=$headers/usr/src/linux-headers-$kbase-common
LAB_FIRMWARE=$fwdir
LAB_FIRMWARE_VERSION=$fwver
LAB_LINUX_SOURCE=$pool/$src-$srcver/usr/src/$src.tar.xz
LAB_LINUX_SOURCE_VERSION=$srcver
LAB_QEMU_SOURCE=$qsrc
LAB_QEMU_VERSION=$qver
LAB_MESON=$dir_meson/usr/lib/python3/dist-packages:$dir_python3_pycotap/usr/lib/python3/dist-packages
LAB_BIOS=$dir_seabios/usr/share/seabios:$dir_qemu_system_data/usr/share/qemu
EOF
