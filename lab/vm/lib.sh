# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Shell functions for scripts in the host VM: TAP, the devices, the emulated
# GPU, guests.  Sourced by busybox sh.

# GSP_VERSION, GSP_FILES, GSP_ROOM, FWVERSION_OFFSET: the firmware that this VM has
. /lab/release

# The first GPU; a test with several sets these anew.
PF=$(basename "$(dirname "$(grep -lxE '0x(26b[1259a]|27b[68])' /sys/bus/pci/devices/*/device 2>/dev/null | head -n 1)")" 2>/dev/null)
PF_DIR=/sys/bus/pci/devices/$PF
DEBUG_DIR=/sys/kernel/debug/openvgpu/$PF

# ---- TAP ----
tap_n=0
tap_bad=0

ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $*"
}

not_ok() {
	tap_n=$((tap_n + 1))
	tap_bad=$((tap_bad + 1))
	echo "not ok $tap_n - $*"
}

# check TEXT COMMAND...: passes when the command succeeds
check() {
	text=$1
	shift
	if "$@" >/tmp/check.out 2>&1; then
		ok "$text"
	else
		not_ok "$text"
		sed 's/^/# /' /tmp/check.out
		echo "# failed: $*"
	fi
}

# is TEXT GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		echo "# got:  $2"
		echo "# want: $3"
	fi
}

# like TEXT GOT PATTERN (extended regular expression)
like() {
	if echo "$2" | grep -Eq -- "$3"; then
		ok "$1"
	else
		not_ok "$1"
		echo "# got:     $2"
		echo "# pattern: $3"
	fi
}

# done_testing: the plan and the status
done_testing() {
	echo "1..$tap_n"
	[ $tap_bad = 0 ]
	exit
}

# wait_for SECONDS COMMAND...: until it succeeds; on a slow kernel it may take longer
wait_for() {
	end=$(($(cut -d. -f1 /proc/uptime) + $1 * ${OVG_SLOW:-1}))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt $end ] || return 1
		sleep 0.2
	done
}

# put_file FILE NAME: the file leaves the VM in our output; lab/host.sh has it as
# build/run/.../NAME then
put_file() {
	base64 "$1" | sed "s/^/# ovg-file $2 /"
	echo "# ovg-file-end $2 $(wc -c <"$1") $(sha256sum <"$1" | cut -c1-64)"
}

# pixels FILE.ppm: CRC-32 of its pixels, as ovg-smoke prints it for its test card
pixels() {
	sed -n '2{p;q}' "$1" >/tmp/pixels.size
	read -r width height </tmp/pixels.size
	tail -c $((width * height * 3)) "$1" >/tmp/pixels
	crc32 /tmp/pixels | cut -c1-8
}

# ---- kernel log ----
mark_dmesg() {
	echo "ovg-mark $*" >/dev/kmsg
}

# dmesg since the last mark
dmesg_since() {
	dmesg | awk '/ovg-mark/ { text = ""; next } { text = text $0 "\n" } END { printf "%s", text }'
}

# A VF whose workload reaches out of its DMA map earns a DMAR line; the PF never.
dmesg_clean() {
	! dmesg | grep -E "WARNING|BUG:|Oops|Call Trace|KASAN|lockdep|refcount_t|DMAR:.*device \\[${PF#*:}\\].*fault"
}

# model_empty: GSP has nothing any more
model_empty() {
	is "nothing is left in the model: plugin tasks, RM objects, channels, segments" \
		"$(qmp get plugin-tasks) $(qmp get rm-objects) $(qmp get channels) $(qmp get vmmu-segments)" \
		"0 0 0 0"
}

# slab: kernel memory that is not given back on demand, kB
slab() {
	sed -n 's/^SUnreclaim: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

# slab_kept TEXT BEFORE: slab has not grown by 1 MiB.  On the debug kernel the
# records of its checks grow; there kmemleak tells of leaks.
slab_kept() {
	if [ -e /sys/kernel/debug/kmemleak ]; then
		ok "$1 # SKIP kmemleak looks after it"
		return
	fi
	grown=$(($(slab) - $2))
	check "$1 (slab grew by $grown kB)" [ $grown -lt 1024 ]
}

# ---- devices ----
load_modules() {
	for m in openvgpu-core openvgpu-mgr openvgpu-vfio-pci vfio_iommu_type1; do
		modprobe $m || return 1
	done
}

unload_modules() {
	for m in openvgpu-vfio-pci openvgpu-mgr openvgpu-core; do
		rmmod $m 2>/dev/null
	done
}

# start_clean: as after boot.  For the runner, before each test
start_clean() {
	unload_modules
	! lsmod | grep -q '^openvgpu' || echo "# modules of the test before are still loaded"
	qmp set fault none
	dmesg -c >/dev/null
}

# host_up VFS: everything loaded, VFs there and bound
host_up() {
	load_modules || return 1
	[ -e "$PF_DIR/driver" ] || {
		echo "the core driver did not bind to $PF, see dmesg" >&2
		return 1
	}
	echo "$1" >"$PF_DIR/sriov_numvfs" || return 1
	[ "$1" = 0 ] || wait_for 10 test -e "$(vf $(($1 - 1)))/nvidia/current_vgpu_type"
}

vf() {
	readlink -f "$PF_DIR/virtfn$1"
}

vf_bdf() {
	basename "$(vf "$1")"
}

# type_id NAME: number of a type as the first free VF lists it
type_id() {
	awk -F' *: ' -v n="NVIDIA $1" '$2 == n { print $1 + 0 }' "$(vf "${2:-0}")/nvidia/creatable_vgpu_types"
}

# set_type VF ID
set_type() {
	echo "$2" 2>/tmp/set_type.err >"$(vf "$1")/nvidia/current_vgpu_type"
}

# fix_crc FILE: the CRC covers byte 16 to the end; crc32_le without inversion
fix_crc() {
	tail -c +17 "$1" >/tmp/body
	crc=$((0x$(crc32 /tmp/body | cut -d' ' -f1) ^ 0xffffffff))
	for i in 0 1 2 3; do
		# shellcheck disable=SC2059
		printf "\\$(printf %o $((crc >> (8 * i) & 255)))"
	done | dd of="$1" bs=1 seek=8 conv=notrunc 2>/dev/null
}

# gsp_room: vGPUs that the heap of GSP has room for
gsp_room() {
	dmesg | sed -n 's/.*room for \([0-9]*\) vGPUs.*/\1/p' | tail -n 1
}

counter() {
	awk -v k="$1" '$1 == k || $1 == k":" { print $2 }' "$DEBUG_DIR/counters"
}

# ---- guests ----
guest_log() {
	cat "/tmp/guest-$1.log"
}

guest_running() {
	kill -0 "$(cat "/tmp/guest-$1.pid")" 2>/dev/null
}

# guest_wait NAME SECONDS: until the guest has ended by itself
guest_wait() {
	wait_for "$2" sh -c "! kill -0 $(cat "/tmp/guest-$1.pid") 2>/dev/null"
}

guest_ok() {
	grep -q "GUEST-EXIT 0" "/tmp/guest-$1.log"
}
