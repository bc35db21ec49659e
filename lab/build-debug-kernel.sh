#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Build the kernel of `make check-debug`: Debian's source with what the host VM
# needs built in, and the kernel's own checks.  The result looks like Debian's
# packages (boot/, lib/modules/, headers/) and has a file `env` that says what
# differs from build/lab.env.  Prints the folder as its last line.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

config=$OVG_TOP/lab/debug-kernel.config
hash=$(printf '%s %s' "$LAB_LINUX_SOURCE_VERSION" \
	"$(hash_of lab/debug-kernel.config)" |
	sha256sum | cut -c1-16)
out=$OVG_CACHE/debug-kernel/$hash

# Each line of the fragment is in the configuration: an option that was renamed,
# or that misses what it depends on, would be left out without a word.
check_config() {
	awk '
	FNR == NR { have[$0]; next }
	/^CONFIG_.*=n$/ {
		name = $0
		sub(/=n$/, "", name)
		if ((name "=y") in have || (name "=m") in have)
			print "  " name " is on"
		next
	}
	/^CONFIG_/ && !($0 in have) { print "  " $0 " did not come about" }
	' "$1" "$config"
}

build() {
	[ ! -e "$out/env" ] || return 0
	local tree=$OVG_CACHE/guest-kernel/tree-$LAB_LINUX_SOURCE_VERSION
	local obj=$OVG_CACHE/debug-kernel/obj
	local new=$out.new krel bad kmake

	if [ ! -e "$tree/.complete" ]; then
		rm -rf "$tree"
		mkdir -p "$tree"
		quietly "$OVG_CACHE/log/kernel-unpack.log" "unpacking the kernel source" \
			tar xf "$LAB_LINUX_SOURCE" -C "$tree" --strip-components=1
		touch "$tree/.complete"
	fi

	mkdir -p "$obj"
	kmake=(make -C "$tree" O="$obj" LOCALVERSION="-debug-${hash:0:8}")
	quietly "$OVG_CACHE/log/debug-kernel-config.log" "configuring the debug kernel" \
		"${kmake[@]}" KCONFIG_ALLCONFIG="$config" allnoconfig
	bad=$(check_config "$obj/.config")
	[ -z "$bad" ] || die "lab/debug-kernel.config does not fit kernel $LAB_LINUX_SOURCE_VERSION:
$bad"
	say "building the debug kernel (about 6 minutes on 2 cores, once)"
	quietly "$OVG_CACHE/log/debug-kernel-build.log" "building the debug kernel" \
		"${kmake[@]}" -j "$OVG_JOBS" bzImage modules

	krel=$(cat "$obj/include/config/kernel.release")
	rm -rf "$new"
	mkdir -p "$new/boot" "$new/lib/modules/$krel" "$new/headers"
	cp "$obj/arch/x86/boot/bzImage" "$new/boot/vmlinuz-$krel"
	cp "$obj/.config" "$new/boot/config-$krel"
	cp "$obj/System.map" "$new/boot/System.map-$krel"
	quietly "$OVG_CACHE/log/debug-kernel-install.log" "installing the debug kernel's modules" \
		"${kmake[@]}" INSTALL_MOD_PATH="$new" DEPMOD=true modules_install
	# What building a module against it takes; the source stays where it is.
	rsync -a --exclude='*.o' --exclude='*.a' --exclude='.*.cmd' \
		"$obj"/{Makefile,.config,Module.symvers,include,scripts} "$new/headers/"
	mkdir -p "$new/headers/arch/x86/include" "$new/headers/tools/objtool"
	rsync -a "$obj/arch/x86/include/generated" "$new/headers/arch/x86/include/"
	[ ! -e "$obj/tools/objtool/objtool" ] ||
		cp "$obj/tools/objtool/objtool" "$new/headers/tools/objtool/"
	cat >"$new/env" <<-END
		LAB_KREL=$krel
		LAB_KERNEL=$out
		LAB_HEADERS=$out/headers
	END
	rm -rf "$out"
	mv "$new" "$out"
	rm -rf "$obj"
}

with_lock kernel build
echo "$out"
