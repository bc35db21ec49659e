#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# libvirt as Debian has it, in the host VM: that of bookworm-backports gives VFs to
# guests, that of bookworm is seen to refuse them (tests/system/t-libvirt.sh).
# Closes with "N passed, N failed".

. "$(dirname "$0")/lib.sh"
. "$OVG_TOP/lab/apt.sh"

lab=$OVG_TOP/lab
"$lab/prepare.sh"
stock=$OVG_BUILD

apt_setup
new=$(newest_version libvirt-daemon bookworm-backports)
old=$(newest_version libvirt-daemon bookworm/main)
if [ -z "$new" ] || [ -z "$old" ]; then
	die "libvirt-daemon is not in bookworm-backports and bookworm of your mirror $(system_mirror)"
fi
cpio=$OVG_CACHE/pool/libvirt-$(printf '%s ' "$new" "$old" "$(hash_of lab/check-libvirt.sh)" |
	sha256sum | cut -c1-16).cpio
libs=usr/lib/x86_64-linux-gnu

# closure FOLDER... -- FILE...: the libraries that the files need, from the first
# folder that has them
closure() {
	local folders=() todo found lib d
	local -A seen=()
	while [ "$1" != -- ]; do
		for d in "$1/lib/x86_64-linux-gnu" "$1/$libs"; do
			[ ! -d "$d" ] || folders+=("$d")
		done
		shift
	done
	shift
	todo=("$@")
	while ((${#todo[@]})); do
		for lib in $(readelf -d "${todo[0]}" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
			[ -z "${seen[$lib]:-}" ] || continue
			seen[$lib]=1
			found=$(find "${folders[@]}" -maxdepth 1 -name "$lib" | sed -n 1p)
			[ -n "$found" ] || die "libvirt needs $lib, and no package that apt names brings it"
			todo+=("$found")
			echo "$found"
		done
		todo=("${todo[@]:1}")
	done
}

# unpack NAME VERSION PACKAGE...: libvirt's own packages into $work/NAME, the
# libraries that apt adds to them into $work/deps
unpack() {
	local name=$1 version=$2 p
	shift 2
	mkdir -p "$work/$name" "$work/deps" "$work/deb"
	private apt-get -s --no-install-recommends install "${@/%/=$version}" >"$work/plan"
	awk '$1 == "Inst" && $2 ~ /^(lib|zlib1g$)/ { print $2 "=" substr($3, 2) }' "$work/plan" >"$work/list"
	(cd "$work/deb" && xargs -a "$work/list" env APT_CONFIG="$OVG_APT/apt.conf" apt-get download)
	for p in "$work"/deb/*.deb; do
		case ${p##*/} in
		libvirt*) dpkg-deb -x "$p" "$work/$name" ;;
		*) dpkg-deb -x "$p" "$work/deps" ;;
		esac
	done
	rm -rf "$work/deb"
}

# place NAME: into the root what of it runs here; libvirt's own below /libvirt/NAME
place() {
	local from=$work/$1 to=$root/libvirt/$1 f
	mkdir -p "$to/usr/share/libvirt"
	for f in usr/sbin/libvirtd usr/bin/virsh \
		$libs/libvirt/connection-driver/libvirt_driver_{qemu,nodedev}.so; do
		install -D -m 755 "$from/$f" "$to/$f"
	done
	cp -r "$from/usr/share/libvirt/cpu_map" "$to/usr/share/libvirt/"
	mapfile -t files < <(find "$to" -type f -perm -100)
	closure "$from" "$work/deps" -- "${files[@]}" >"$work/closure"
	while read -r f; do
		case $f in
		"$from"/*) install -D -m 755 "$f" "$to/${f#"$from"/}" ;;
		*) install -D -m 755 "$f" "$root/${f#"$work/deps"/}" ;;
		esac
	done <"$work/closure"
}

build() {
	[ ! -e "$cpio" ] || return 0
	work=$(mktemp -d "$OVG_CACHE/libvirt.XXXXXX")
	root=$work/root
	local log=$OVG_CACHE/log
	quietly "$log/libvirt-new.log" "fetching libvirt $new" unpack new "$new" libvirt-clients \
		libvirt-common libvirt-daemon libvirt-daemon-common libvirt-daemon-driver-nodedev \
		libvirt-daemon-driver-qemu libvirt-daemon-log libvirt0
	quietly "$log/libvirt-old.log" "fetching libvirt $old" unpack old "$old" libvirt-clients \
		libvirt-daemon libvirt-daemon-driver-qemu libvirt0
	place new
	place old
	install -D -m 755 "$work/deps/lib64/ld-linux-x86-64.so.2" "$root/lib64/ld-linux-x86-64.so.2"
	printf '%s\n' "${new%%-*}" >"$root/libvirt/new/version"
	printf '%s\n' "${old%%-*}" >"$root/libvirt/old/version"
	(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$cpio.new"
	mv "$cpio.new" "$cpio"
	rm -rf "$work"
	ls -t "$OVG_CACHE"/pool/libvirt-*.cpio | tail -n +3 | xargs -r rm -f
}
with_lock fetch build

# The same lab once more below build/libvirt/, with that in the host VM.
export OVG_BUILD=$stock/libvirt
rm -rf "$OVG_BUILD"
mkdir -p "$OVG_BUILD" "$stock/results"
{
	cat "$stock/lab.env"
	echo "LAB_KERNEL_KIND=libvirt"
} >"$OVG_BUILD/lab.env"
cp "$stock/qemu.path" "$OVG_BUILD/"
ln -s "$stock/initramfs" "$OVG_BUILD/initramfs"
cat "$stock/host-$OVG_RELEASE.cpio" "$cpio" >"$OVG_BUILD/host-$OVG_RELEASE.cpio"
rm -f "$stock"/results/t-libvirt*.tap
"$lab/run-system-tests.sh" t-libvirt.sh || true
cp "$OVG_BUILD/results/t-libvirt.sh-$OVG_RELEASE.tap" "$stock/results/"
"$lab/tap-sum.sh" "$stock"/results/t-libvirt*.tap
