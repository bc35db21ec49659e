#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Pack the host VM's file system as two cpio archives, which the kernel unpacks
# one after the other: base.cpio (Debian's modules, firmware, busybox, QEMU for
# nested guests) is kept in the cache; ours.cpio (our modules, tests, tools,
# smoke program, guest image) is made anew each time.
# usage: build-initramfs.sh QEMU GUEST_KERNEL

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

qemu=$1
guest_kernel=$2
vm=$OVG_TOP/lab/vm

# Modules of the host kernel that the VM uses.
host_modules=(
	drivers/vfio/vfio drivers/vfio/vfio_iommu_type1
	drivers/vfio/pci/vfio-pci-core drivers/vfio/pci/vfio-pci
	virt/lib/irqbypass
	arch/x86/kvm/kvm arch/x86/kvm/kvm-amd arch/x86/kvm/kvm-intel
	drivers/crypto/ccp/ccp
	drivers/gpu/drm/nouveau/nouveau
)

# copy_libs BINARY ROOT: the shared libraries that it wants
copy_libs() {
	ldd "$1" | awk '/=> \//{ print $3 } /^\t\/lib/{ print $1 }' |
		while read -r lib; do
			mkdir -p "$2$(dirname "$lib")"
			cp -Ln "$lib" "$2$lib"
		done
}

base_hash=$(printf '%s ' "$LAB_KREL" "$LAB_FIRMWARE_VERSION" "$OVG_GSP_VERSION" "$qemu" \
	"$(hash_of lab/build-initramfs.sh)" | sha256sum | cut -c1-16)
base=$OVG_CACHE/initramfs/base-$base_hash.cpio

build_base() {
	[ ! -e "$base" ] || return 0
	local root m f dir tmp
	tmp=$(mktemp -d "$OVG_CACHE/initramfs.XXXXXX")
	root=$tmp/root
	mkdir -p "$root"/{bin,dev,proc,sys,run,tmp,root,etc,lib64,usr/bin,usr/share/qemu}
	cp /bin/busybox "$root/bin/"
	for f in $(/bin/busybox --list | grep -vx busybox); do
		ln -sf busybox "$root/bin/$f"
	done

	dir=$root/lib/modules/$LAB_KREL
	mkdir -p "$dir"
	cp "$LAB_KERNEL/lib/modules/$LAB_KREL/modules."{builtin,order,builtin.modinfo} "$dir/" 2>/dev/null || true
	# With what they depend on, as the package's own table says.
	depmod -b "$LAB_KERNEL" "$LAB_KREL"
	printf 'kernel/%s.ko.xz:\n' "${host_modules[@]}" |
		awk 'FNR == NR { want[$1]; next } $1 in want { for (i = 1; i <= NF; i++) print $i }' \
			- "$LAB_KERNEL/lib/modules/$LAB_KREL/modules.dep" | tr -d : | sort -u |
		while read -r m; do
			mkdir -p "$dir/$(dirname "$m")"
			xz -dc "$LAB_KERNEL/lib/modules/$LAB_KREL/$m" >"$dir/${m%.xz}"
		done

	mkdir -p "$root/lib/firmware/nvidia/ad102/gsp"
	for f in $OVG_GSP_FILES; do
		cp -L "$LAB_FIRMWARE/nvidia/ad102/gsp/$f-$OVG_GSP_VERSION.bin" \
			"$root/lib/firmware/nvidia/ad102/gsp/"
	done
	# as in linux-firmware
	ln -s ad102 "$root/lib/firmware/nvidia/ad104"

	cp "$qemu" "$root/usr/bin/"
	strip "$root/usr/bin/qemu-system-x86_64"
	cp "$(dirname "$qemu")"/*.bin "$root/usr/share/qemu/"
	copy_libs "$qemu" "$root"
	for f in lspci flock; do
		cp "$(command -v $f)" "$root/usr/bin/"
		copy_libs "$(command -v $f)" "$root"
	done

	mkdir -p "$OVG_CACHE/initramfs"
	(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$base.new"
	mv "$base.new" "$base"
	rm -rf "$tmp"
	ls -t "$OVG_CACHE"/initramfs/base-*.cpio | tail -n +10 | xargs -r rm -f
}

# add_vgpuctl ROOT: the tool with its libraries, what goes with it, and what it looks at
add_vgpuctl() {
	install -m 755 "$OVG_TOOLS/vgpuctl" "$1/lab/"
	copy_libs "$OVG_TOOLS/vgpuctl" "$1"
	install -D -m 755 "$OVG_TOP/packaging/sriov-manage" "$1/usr/lib/nvidia/sriov-manage"
	# for a test that does what udev and systemd do with them
	install -D -m 644 "$OVG_TOP/packaging/70-openvgpu.rules" -t "$1/usr/lib/udev/rules.d"
	local unit
	mkdir -p "$1/usr/lib/systemd/system"
	for unit in openvgpu.service openvgpu-apply@.service; do
		sed 's|@bindir@|/lab|g' "$OVG_TOP/packaging/$unit.in" >"$1/usr/lib/systemd/system/$unit"
	done
	# Not each of Debian's packages has it.
	[ ! -e "$LAB_KERNEL/boot/config-$LAB_KREL" ] ||
		install -D -m 644 "$LAB_KERNEL/boot/config-$LAB_KREL" -t "$1/boot"
	# terminals that "vgpuctl top" may meet on the console
	local t
	for t in l/linux v/vt100 v/vt102 v/vt220 x/xterm x/xterm-256color; do
		[ ! -e "/lib/terminfo/$t" ] || install -D -m 644 "/lib/terminfo/$t" "$1/lib/terminfo/$t"
	done
}

build_ours() {
	local root=$OVG_BUILD/initramfs guest=$OVG_BUILD/guest-initramfs
	rm -rf "$root" "$guest"
	mkdir -p "$root"/{lab,tests,lib/firmware/openvgpu,"lib/modules/$LAB_KREL/extra"} \
		"$guest"/{bin,dev,proc,sys,tmp}

	if [ -d "$OVG_TOP/guest" ] && [ -e "$OVG_TOP/guest/Makefile" ]; then
		make -s -C "$OVG_TOP/guest" O="$OVG_BUILD/guest"
		install -m 755 "$OVG_BUILD/guest/ovg-smoke" "$guest/bin/"
		install -m 755 "$OVG_BUILD/guest/ovg-smoke" "$root/lab/"
	fi
	make -s -C "$OVG_TOP/tests/nouveau" O="$OVG_BUILD/nouveau"
	install -m 755 "$OVG_BUILD/nouveau/nouveau-evict" "$root/lab/"
	make -s -C "$OVG_TOP/tests/vfio" O="$OVG_BUILD/vfio"
	install -m 755 "$OVG_BUILD"/vfio/* "$root/lab/"
	cp /bin/busybox "$guest/bin/"
	ln -s busybox "$guest/bin/sh"
	install -m 755 "$vm/guest-init" "$guest/init"
	(cd "$guest" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) |
		gzip -1 >"$root/lab/guest-initramfs.gz"
	cp "$guest_kernel" "$root/lab/guest-bzImage"
	# What the model says of the image that it booted is compared with this.
	local gsp=$LAB_FIRMWARE/nvidia/ad102/gsp/gsp-$OVG_GSP_VERSION.bin at size
	read -r at size < <(readelf -SW "$gsp" | sed 's/\[ */[/' |
		awk '$2 == ".fwimage" { print $5, $6 }')
	dd if="$gsp" bs=1M iflag=skip_bytes,count_bytes skip="$((0x$at))" count="$((0x$size))" \
		status=none | sha256sum | cut -d' ' -f1 >"$root/lab/fwimage.sha256"

	read -r at size < <(readelf -SW "$gsp" | sed 's/\[ */[/' |
		awk '$2 == ".fwversion" { print $5, $6 }')
	printf 'GSP_VERSION=%s\nGSP_FILES="%s"\nGSP_ROOM=%s\nFWVERSION_OFFSET=%s\n' \
		"$OVG_GSP_VERSION" "$OVG_GSP_FILES" "$OVG_GSP_ROOM" "$((0x$at))" >"$root/lab/release"

	if [ -d "$OVG_BUILD/modules/obj" ]; then
		cp "$OVG_BUILD"/modules/obj/*.ko "$root/lib/modules/$LAB_KREL/extra/"
	fi
	if [ -e "$OVG_BUILD/vgpu-types-$OVG_GSP_VERSION.bin" ]; then
		cp "$OVG_BUILD/vgpu-types-$OVG_GSP_VERSION.bin" "$root/lib/firmware/openvgpu/"
		cp "$OVG_BUILD/vgpu-types-imported-$OVG_GSP_VERSION.bin" "$root/lab/"
	fi
	cp -r "$OVG_TOP/tests/system/." "$root/tests/"
	chmod +x "$root"/tests/*.sh 2>/dev/null || true
	install -m 755 "$vm/run-tests" "$root/tests/run-tests"
	install -m 755 "$vm/after-test" "$root/lab/"
	install -m 755 "$vm/init" "$root/init"
	install -m 755 "$vm/qmp" "$vm/run-guest" "$vm/guest-shot" "$root/lab/"
	cp "$vm/lib.sh" "$root/lab/lib.sh"
	add_vgpuctl "$root"

	# modules.dep over both archives' modules
	local mods=$OVG_BUILD/depmod
	rm -rf "$mods"
	mkdir -p "$mods"
	(cd "$mods" && cpio -idu --quiet "lib/modules/*" <"$base")
	mkdir -p "$mods/lib/modules/$LAB_KREL/extra"
	cp "$root/lib/modules/$LAB_KREL/extra/"*.ko "$mods/lib/modules/$LAB_KREL/extra/" 2>/dev/null || true
	depmod -b "$mods" "$LAB_KREL" 2>/dev/null
	cp "$mods/lib/modules/$LAB_KREL/"modules.{dep,alias,symbols,softdep} "$root/lib/modules/$LAB_KREL/" 2>/dev/null

	(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) \
		>"$OVG_BUILD/ours-$OVG_RELEASE.cpio"
}

with_lock initramfs build_base
build_ours
cat "$base" "$OVG_BUILD/ours-$OVG_RELEASE.cpio" >"$OVG_BUILD/host-$OVG_RELEASE.cpio"
