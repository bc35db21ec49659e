#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The console: VFIO's gfx plane against what was drawn, consoles that are off,
# surfaces that are no good, reset, death in mid-read, and QEMU's picture of a guest.
# VFs have more BAR1 than the types, so that the guest sees part of it (t-bar1.sh).
# gpu-opt: vf-bar1-size=512M
# timeout: 600
. /lab/lib.sh

mgr() {
	sed -n "s/^$1 //p" /sys/kernel/debug/openvgpu-mgr/"$PF"/state
}

params() {
	echo "$2" >"$(vf "$1")/nvidia/vgpu_params"
}

# card VF OPTIONS...: draw, show, judge; nothing else
card() {
	n=$1
	shift
	ovg-smoke --vfio "$(vf_bdf "$n")" --pattern-only --fb-mib 4 --test-card "VF_$n" "$@"
}

check "modules, 4 VFs" host_up 4
set_type 0 "$(type_id L40-4Q)"
set_type 1 "$(type_id L40-4Q 1)"

# Of message 11, which most likely makes a real task tell its guest that somebody
# looks, the payload is not public, so the driver sends none.
check "a guest that is told of no onlooker shows nothing" card 0 --expect none
is "and sends no surface" "$(grep -c 'the host wants no console' /tmp/check.out)" 1
# Stands for that message.
qmp set vnc-connected true

# The guest first: it boots while the rest is tested.
GUEST_DISPLAY=1 run-guest a "$(vf_bdf 1)" --fb-mib,4,--pattern-only,--test-card,guest_a,--hold

check "the plane is the card" card 0
sed 's/^/# /' /tmp/check.out
check "a reset takes it away" card 0 --reset
params 0 "disable_vnc=1"
check "without a console there is no plane" card 0 --expect off
params 0 " "
check "and with one there is again" card 0

# Surfaces that the plugin task must not have published.
reason() {
	case $1 in
	0) echo "is never complete" ;;
	1) echo "lie too far apart" ;;
	2 | 3) echo "pitch fits no line" ;;
	4 | 5) echo "beyond the guest's FB" ;;
	6) echo "do not fit its size" ;;
	7) echo "larger than the vGPU type allows" ;;
	8) echo "larger than it" ;;
	9) echo "block-linear" ;;
	10) echo "compressible or depth kind" ;;
	11) echo "pixel format" ;;
	esac
}
how=0
while [ $how -le 11 ]; do
	mark_dmesg "surface $how"
	qmp set fault "surface-bad=1:$how"
	check "bad surface $how: no plane" card 0 --expect none
	is "and one line says: $(reason $how)" \
		"$(dmesg_since | grep -c "console: the guest's surface is not shown: .*$(reason $how)")" 1
	how=$((how + 1))
done
qmp set fault none

# look: query and read in a loop, pid in $loop
look() {
	rm -f /tmp/loop
	ovg-smoke --vfio "$(vf_bdf 0)" --pattern-only --fb-mib 4 --test-card loop --query-loop \
		>/tmp/loop 2>&1 </dev/null &
	loop=$!
	wait_for 60 grep -q looping /tmp/loop
}

# Who reads is killed, or the plugin task crashes under him.
check "a reader reads" look
check "a reset meanwhile" sh -c "echo 1 >$(vf 0)/reset && sleep 1"
check "does no harm to him" sh -c "! grep -q 'the query ended' /tmp/loop"
kill -9 $loop
wait $loop 2>/dev/null
check "killed: closed" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" -le 1 ]"
check "a reader reads again" look
qmp set fault plugin-crash=1
check "its plugin task crashes: an error ends it" \
	wait_for 20 grep -q 'the query ended with: Input/output error' /tmp/loop
kill -9 $loop
wait $loop 2>/dev/null
check "closed" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" -le 1 ]"
check "and all is well again" card 0

# What QEMU shows of a guest.
check "the guest draws" wait_for 120 grep -q 'smoke: card' /tmp/guest-a.log
like "it sees the BAR1 of its type" "$(guest_log a)" "BAR1 256 MiB"
check "QEMU takes a picture" guest-shot a /tmp/console.ppm
is "it is the card, to the pixel" "$(pixels /tmp/console.ppm)" \
	"$(sed -n 's/.*smoke: card .*crc32 \([0-9a-f]*\).*/\1/p' /tmp/guest-a.log)"
check "it also takes a PNG" guest-shot a /tmp/console.png
put_file /tmp/console.png console.png
kill -9 "$(cat /tmp/guest-a.pid)"
check "guest gone: closed" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"

# FB that cannot be read: the end of consoles, and of nothing else.
poisoned() {
	! card 0 && grep -q 'query: Input/output error' /tmp/check.out
}
core_state() {
	sed -n "s/^$1 //p" "$DEBUG_DIR/state"
}
mark_dmesg poison
qmp set fault ce-read-poison=1
check "a page that cannot be read: the query fails" poisoned
is "the log says what does not work, and the way out" "$(dmesg_since |
	grep -c 'ce: reading FB .* failed .*no console is shown until the driver is bound again')" 1
is "the reader is broken, the scrubber is not" "$(core_state reader) $(core_state scrubber)" \
	"broken working"
qmp set fault none
check "the console stays dead" poisoned
check "vGPUs are created, and scrubbed" \
	ovg-smoke --vfio "$(vf_bdf 0)" --pattern-only --fb-mib 4 --read-zero
is "nothing of it is quarantined" "$(mgr quarantined)" 0
set_type 0 0
set_type 1 0
unload_modules

# A reader that cannot be built: no console is offered, vGPUs there are.
modprobe openvgpu-core
reader=$(sed -n 's/^core \([0-9]*\)-.*/\1/p' "$DEBUG_DIR/chids")
unload_modules
mark_dmesg "no reader"
qmp set fault "channel-refuse=1:$reader"
check "GSP refuses the reader's channel, $reader" host_up 4
is "the log says what that means" "$(dmesg_since |
	grep -c 'ce: no reading channel, channel failed .*consoles cannot be shown')" 1
is "there is no reader, but a scrubber" "$(core_state reader) $(core_state scrubber)" \
	"broken working"
set_type 0 "$(type_id L40-4Q)"
check "a vGPU without a console" card 0 --expect off
set_type 0 0
unload_modules

check "bound anew" host_up 4
is "the reader works" "$(core_state reader)" working
set_type 0 "$(type_id L40-4Q)"
check "there is a console again" card 0

set_type 0 0
is "nothing is quarantined" "$(mgr quarantined)" 0
is "the model refused nothing" "$(qmp get refusals)" 0
unload_modules
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
