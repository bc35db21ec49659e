#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The demonstration: two guests, each with a vGPU of one emulated L40, on
# NVIDIA's GSP firmware.  Its last line is "demo: PASS" or "demo: FAIL: <what>".
. /lab/lib.sh

fail() {
	dmesg | tail -n 15 | sed 's/^/  | /'
	for log in /tmp/guest-*.log /tmp/guest-*.qemu; do
		[ ! -s "$log" ] || tail -n 8 "$log" | sed "s|^|  ${log#/tmp/} \| |"
	done
	echo "demo: FAIL: $*"
	exit 1
}

# story TEXT: what happens, with the seconds since the host VM was started
story() {
	printf '%7.1f s  %s\n' "$(cut -d' ' -f1 /proc/uptime)" "$*"
}

indent() {
	sed -e 's/\r$//' -e "s/^/             ${1:+$1: }/"
}

guest_says() {
	grep '^smoke:' "/tmp/guest-$1.log" | indent "guest $1"
}

# ctl WORD...: vgpuctl, as an operator calls it
ctl() {
	echo "# vgpuctl $*" | indent
	vgpuctl "$@" >/tmp/ctl.out 2>&1 || {
		indent </tmp/ctl.out
		fail "vgpuctl $*"
	}
	indent </tmp/ctl.out
}

# patiently SECONDS TEXT COMMAND...: until it succeeds; says every 10 seconds
# that it is still waiting
patiently() {
	limit=$(($(cut -d. -f1 /proc/uptime) + $1))
	text=$2
	shift 2
	while ! wait_for 10 "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt $limit ] || return 1
		story "... $text"
	done
}

finished() {
	patiently 400 "guest $1 is at work" sh -c "! kill -0 $(cat "/tmp/guest-$1.pid")" ||
		fail "guest $1 did not end within 400 s"
	guest_ok "$1" || fail "the workload in guest $1"
}

story "the host is up; it has an NVIDIA L40 (10de:26b5) at $PF"
load_modules || fail "the modules cannot be loaded"
[ -e "$PF_DIR/driver" ] || fail "the core driver did not bind"
dmesg | grep 'openvgpu .*GSP firmware' | sed 's/.*: GSP/GSP/' | indent
file=$(cat /lab/fwimage.sha256)
booted=$(qmp get gsp-sha256)
story "SHA-256 of .fwimage in the file:   $file"
story "SHA-256 of what GSP booted:        $booted"
[ "$file" = "$booted" ] || fail "GSP booted another image than the file's"

echo 3 >"$PF_DIR/sriov_numvfs" || fail "VFs cannot be enabled"
wait_for 10 test -e "$(vf 2)/nvidia/current_vgpu_type" || fail "the VFs have no driver"
story "3 VFs: $(vf_bdf 0) $(vf_bdf 1) $(vf_bdf 2), driver $(basename "$(readlink "$(vf 0)/driver")")"

q=$(type_id L40-4Q)
c=$(type_id L40-4C)
set_type 0 "$q" || fail "type L40-4Q"
set_type 1 "$c" || fail "type L40-4C"
story "types: $(vf_bdf 0) L40-4Q ($q), $(vf_bdf 1) L40-4C ($c)"
[ "$(gsp_room)" = "$GSP_ROOM" ] || fail "GSP's heap has room for $(gsp_room) vGPUs, not $GSP_ROOM"
if [ "$GSP_ROOM" = 2 ]; then
	set_type 2 "$q" && fail "a third vGPU was given where there is room for two"
	story "a third does not fit: $(dmesg | tail -n 1 | sed 's/.*type/type/')"
fi

# Emulation in emulation is slow: of FB one page in 16 then.
stride=1
! grep -q 'QEMU TCG' /proc/cpuinfo || stride=16
run-guest a "$(vf_bdf 0)" --seed,1,--stride,$stride,--verify-loop,8
run-guest b "$(vf_bdf 1)" --seed,2,--stride,$stride,--verify-loop,8
story "two guests start"
patiently 400 "the guests boot and fill their FB" grep -q 'smoke: fill' /tmp/guest-a.log ||
	fail "guest a does not come up"
ctl top --once
# Stands for message 11, whose payload is not public: its guest is told that
# somebody looks at the console.
qmp set vnc-connected true
story "guest a is in mid-workload: SIGKILL to its QEMU"
kill -9 "$(cat /tmp/guest-a.pid)"
wait_for 30 sh -c "[ \"\$(qmp get plugin-tasks)\" -le 1 ]" || fail "its vGPU was not closed"
story "its vGPU is gone; it starts again"
GUEST_DISPLAY=1 run-guest a "$(vf_bdf 0)" \
	--seed,3,--stride,$stride,--read-zero,--verify-loop,8,--test-card,guest_a_on_$(vf_bdf 0)
patiently 400 "guest a boots" grep -q 'smoke: card' /tmp/guest-a.log ||
	fail "guest a draws no test card"
card=$(sed -n 's/.*smoke: card .*crc32 \([0-9a-f]*\).*/\1/p' /tmp/guest-a.log)
guest-shot a /tmp/console.ppm || fail "no screendump of guest a"
[ "$(pixels /tmp/console.ppm)" = "$card" ] || fail "QEMU shows something else than guest a has drawn"
guest-shot a /tmp/console.png || fail "no PNG of guest a"
put_file /tmp/console.png console.png
story "guest a shows a test card, and QEMU has it on its display: build/demo-console.png"
finished b
story "guest b has ended well, undisturbed:"
guest_says b
finished a
story "guest a has ended well:"
guest_says a

set_type 0 0 || fail "the type of the first VF cannot be given back"
set_type 2 "$q" || fail "a third VF after the first was closed"
story "the third VF has the memory of the first now: does it read anything but zeroes?"
ovg-smoke --vfio "$(vf_bdf 2)" --read-zero >/tmp/third 2>&1 &
third=$!
patiently 400 "the third VF is read, filled and verified" sh -c "! kill -0 $third"
wait $third || {
	indent <"/tmp/third"
	fail "the third VF"
}
grep '^smoke:' /tmp/third | indent "third VF"
set_type 1 0
set_type 2 0

# Mixed sizes: three at once, of 24, 8 and 1 GiB.
if [ "$GSP_ROOM" = 32 ]; then
	story "vGPUs of mixed sizes run beside each other:"
	ctl set --mode mixed
	for i in 0 1 2; do
		set -- L40-24Q L40-8Q L40-1B
		shift $i
		ctl create --type "$1"
		ovg-smoke --vfio "$(vf_bdf $i)" --seed $i --fb-mib 64 >/tmp/mixed.$i 2>&1 &
		eval "mixed$i=$!"
	done
	ctl list
	for i in 0 1 2; do
		eval "wait \$mixed$i" || {
			indent <"/tmp/mixed.$i"
			fail "the workload of VF $i"
		}
		grep 'plugin\|PASS' /tmp/mixed.$i | indent "$(vf_bdf $i)"
	done
	ctl destroy --all "$PF"
fi

echo 0 >"$PF_DIR/sriov_numvfs" || fail "VFs cannot be taken away"
unload_modules
[ "$(grep -c ^openvgpu /proc/modules)" = 0 ] || fail "the modules cannot be unloaded"
left="$(qmp get plugin-tasks) $(qmp get rm-objects) $(qmp get channels) $(qmp get vmmu-segments)"
[ "$left" = "0 0 0 0" ] || fail "left in the GPU (tasks, objects, channels, segments): $left"
story "all is shut down; nothing is left in the GPU"
dmesg_clean || fail "the kernel log has warnings"
echo "demo: PASS"
