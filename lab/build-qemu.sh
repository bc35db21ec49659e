#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Build Debian's QEMU with the model in it: one target, few devices.  Binaries
# are kept by the hash of QEMU's version, model/, driver/abi and this script;
# the build tree is kept too, so that a change of the model costs seconds.
# Prints the path of the binary as its last line.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

key() {
	printf '%s %s' "$LAB_QEMU_VERSION" "$(hash_of model driver/abi lab/build-qemu.sh)" |
		sha256sum | cut -c1-16
}

hash=$(key)
out=$OVG_CACHE/qemu/$hash
if [ -x "$out/qemu-system-x86_64" ]; then
	echo "$out/qemu-system-x86_64"
	exit 0
fi

tree=$OVG_CACHE/qemu/tree-${LAB_QEMU_VERSION//:/_}
src=$tree/src
export PYTHONPATH=$LAB_MESON

# The changes to QEMU: one line in a meson.build, one in a Kconfig, one name in the
# list of folders with trace events; our device list; and mend_tlb().
prepare() {
	rm -rf "$tree"
	mkdir -p "$tree"
	dpkg-source --no-check -x "$LAB_QEMU_SOURCE"/qemu_*.dsc "$src"
	echo "subdir('openvgpu')" >>"$src/hw/meson.build"
	echo "source openvgpu/Kconfig" >>"$src/hw/Kconfig"
	sed -i "s#^\( *\)'hw/vfio',#&\n\1'hw/openvgpu',#" "$src/meson.build"
	grep -q "'hw/openvgpu'" "$src/meson.build"
	cat >"$src/configs/devices/x86_64-softmmu/openvgpu.mak" <<-EOF
		CONFIG_Q35=y
		CONFIG_MICROVM=y
		CONFIG_PCIE_PORT=y
		CONFIG_VTD=y
		CONFIG_VFIO=y
		CONFIG_VFIO_PCI=y
		CONFIG_OVG_L40=y
	EOF
}

# A processor's TLB names an I/O page by its index in the map of sections, and QEMU
# 10.0 looks the index up in the newest map.  When one processor moves a BAR, another
# uses its old indices until it has emptied its TLB: it reaches another device (a lost
# timer of its APIC hangs the kernel), or QEMU ends with "iotlb_to_section: Assertion".
# So each processor holds the map that its TLB was filled from, and takes the new one
# when it empties the TLB.
mend_tlb() {
	local f=$src/system/physmem.c
	! grep -q 'FlatView \*tlb_view' "$f" || return 0
	sed -i \
		-e '/^typedef struct CPUAddressSpace {/a\    FlatView *tlb_view;' \
		-e '/^address_space_translate_for_iotlb(/,/^}/ {
			s/= address_space_to_dispatch(cpu->cpu_ases\[asidx\]\.as);/= flatview_to_dispatch(cpu->cpu_ases[asidx].tlb_view);/
			s/^\( *\)d = flatview_to_dispatch(address.*);/\1if (iotlb.target_as->root == cpu->cpu_ases[asidx].as->root) {\n\1    d = flatview_to_dispatch(cpu->cpu_ases[asidx].tlb_view);\n\1} else {\n\1    d = address_space_to_dispatch(iotlb.target_as);\n\1}/
		}' \
		-e '/^MemoryRegionSection \*iotlb_to_section(/,/^}/s/= address_space_to_dispatch(cpuas->as);/= flatview_to_dispatch(cpuas->tlb_view);/' \
		-e '/^static void tcg_commit_cpu(/,/^}/s/^    tlb_flush(cpu);/    CPUAddressSpace *cpuas = data.host_ptr;\n    FlatView *old = cpuas->tlb_view;\n\n    cpuas->tlb_view = address_space_get_flatview(cpuas->as);\n&\n    if (old) {\n        flatview_unref(old);\n    }/' \
		"$f"
	[ "$(grep -c 'tlb_view' "$f")" = 6 ] || die "QEMU $LAB_QEMU_VERSION: mend_tlb() does not fit it any more"
}

sync_model() {
	mkdir -p "$src/hw/openvgpu"
	rsync -rc --delete --exclude=abi "$OVG_TOP/model/" "$src/hw/openvgpu/"
	rsync -rc --delete "$OVG_TOP/driver/abi/" "$src/hw/openvgpu/abi/"
}

configure() {
	mkdir -p "$obj"
	cd "$obj"
	"$src/configure" --python=/usr/bin/python3 --target-list=x86_64-softmmu \
		--without-default-features --without-default-devices \
		--with-devices-x86_64=openvgpu --enable-system --enable-kvm \
		--enable-tcg --enable-fdt=system --enable-trace-backends=log \
		--enable-pixman --enable-png \
		--disable-docs --disable-tools --disable-install-blobs --disable-werror
}

# One build tree for each way to configure: a change of it must not go unnoticed.
obj=$tree/obj-$(declare -f configure | sha256sum | cut -c1-8)

build() {
	local start=$SECONDS log=$OVG_CACHE/log
	# Another run may have built it meanwhile.
	[ ! -x "$out/qemu-system-x86_64" ] || return 0
	if [ ! -e "$tree/.prepared" ]; then
		quietly "$log/qemu-unpack.log" "unpacking QEMU" prepare
		touch "$tree/.prepared"
	fi
	mend_tlb
	sync_model
	[ "$(key)" = "$hash" ] || die "model/ or driver/abi/ changed while QEMU was built: call again"
	if [ ! -e "$obj/build.ninja" ]; then
		quietly "$log/qemu-configure.log" "configuring QEMU" configure
	fi
	say "building QEMU (the first time about 6 minutes on 2 cores)"
	quietly "$log/qemu-build.log" "building QEMU" \
		ninja -C "$obj" -j "$OVG_JOBS" qemu-system-x86_64
	mkdir -p "$out.new"
	cp "$obj/qemu-system-x86_64" "$out.new/"
	# BIOS and option ROMs, from Debian's packages
	local d f
	IFS=: read -ra dirs <<<"$LAB_BIOS"
	for d in "${dirs[@]}"; do
		for f in bios-256k.bin bios-microvm.bin kvmvapic.bin linuxboot_dma.bin pvh.bin; do
			[ ! -e "$d/$f" ] || cp -L "$d/$f" "$out.new/"
		done
	done
	for f in bios-256k.bin linuxboot_dma.bin; do
		[ -e "$out.new/$f" ] || die "BIOS file $f is in neither of $LAB_BIOS"
	done
	rm -rf "$out"
	mv "$out.new" "$out"
	# Keep the newest ones.
	ls -dt "$OVG_CACHE"/qemu/????????????????/ | tail -n +16 | xargs -r rm -rf
	say "QEMU built in $((SECONDS - start)) s"
}

with_lock qemu build
echo "$out/qemu-system-x86_64"
