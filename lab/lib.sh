# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# What all lab scripts share: folders, versions, messages.  Sourced, not run.

set -euo pipefail
# No script fails without a word.
trap 'ovg_status=$?; [ $ovg_status = 0 ] || echo "${0##*/} ended with status $ovg_status" >&2' EXIT

OVG_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OVG_CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/openvgpu
OVG_BUILD=${OVG_BUILD:-$OVG_TOP/build}
# The tools are the same in a lab with another kernel, which has an OVG_BUILD of its own.
export OVG_TOOLS=${OVG_TOOLS:-$OVG_BUILD/tools}
OVG_JOBS=${OVG_JOBS:-$(nproc)}
# When the outermost script began.
export OVG_START=${OVG_START:-$EPOCHSECONDS}

# What the lab is made of.  The packages' exact versions come from the archive.
OVG_KERNEL_SERIES=6.12
OVG_QEMU_SUITE=trixie
OVG_QEMU_SERIES=10.0
OVG_FIRMWARE_SUITE=trixie-backports
# Release of the GSP firmware: RELEASE=r535 in the environment or on make's line
# for the older one.
export OVG_RELEASE=${OVG_RELEASE:-${RELEASE:-r570}}

# say TEXT: one line of progress, with the seconds since the first script began
say() {
	printf '[%3ds] %s\n' "$((EPOCHSECONDS - OVG_START))" "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# quietly LOG TEXT COMMAND...: run with its output in a log file, showing that
# it is alive every 20 seconds; on failure show the end of the log
quietly() {
	local log=$1 text=$2 pid start=$SECONDS shown=$SECONDS
	shift 2
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	trap 'kill $pid 2>/dev/null || true; exit 130' INT TERM
	while kill -0 $pid 2>/dev/null; do
		sleep 0.2
		if ((SECONDS - shown >= 20)); then
			shown=$SECONDS
			say "$text: still at it, $((SECONDS - start)) s ($(tail -n 1 "$log" | cut -c1-60))"
		fi
	done
	trap - INT TERM
	if ! wait $pid; then
		tail -n 30 "$log" >&2
		die "$text failed; the whole log is $log"
	fi
}

case $OVG_RELEASE in
r535)
	OVG_GSP_VERSION=535.113.01
	OVG_GSP_FILES="gsp bootloader booter_load booter_unload"
	# vGPUs that its heap has room for
	OVG_GSP_ROOM=2
	;;
r570)
	OVG_GSP_VERSION=570.144
	OVG_GSP_FILES="gsp bootloader booter_load booter_unload scrubber"
	OVG_GSP_ROOM=32
	;;
*) die "RELEASE=$OVG_RELEASE: there are r535 and r570" ;;
esac

# hash_of FILE...: one hash over names and contents of files and folders
hash_of() {
	(cd "$OVG_TOP" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum) |
		sha256sum | cut -c1-16
}

# with_lock NAME COMMAND...: one at a time, of all that use this cache
with_lock() {
	local name=$1
	shift
	mkdir -p "$OVG_CACHE"
	(
		flock -n 9 || {
			say "waiting for another run that holds $OVG_CACHE/$name.lock"
			flock 9
		}
		"$@"
	) 9>"$OVG_CACHE/$name.lock"
}

# kvm_works QEMU KERNEL: a device file says nothing; a kernel that runs does
kvm_works() {
	local out
	[ -w /dev/kvm ] || return 1
	out=$({ timeout 20 "$1" -L "$(dirname "$1")" -accel kvm -cpu host -M q35 -m 128 \
		-nodefaults -no-user-config -display none -no-reboot -serial stdio \
		-kernel "$2" -append "console=ttyS0 panic=-1" </dev/null; } 2>/dev/null) || true
	[[ $out == *"Linux version"* ]]
}
