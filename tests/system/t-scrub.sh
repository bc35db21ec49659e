#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# FB that could not be cleared is handed to nobody: neither when it fails before
# the first use, nor after the last, nor at a reset; nor is FB of which GSP did not
# let go.  When the PF is bound anew it
# comes back, and what the last tenant left is not in it.
# timeout: 300
. /lab/lib.sh

drv=/sys/bus/pci/drivers/openvgpu

gpu() {
	cat "$PF_DIR"/openvgpu_core.vgpu.*/"$1"
}

gpu_put() {
	{ echo "$2" >"$(echo "$PF_DIR"/openvgpu_core.vgpu.*)/$1"; } 2>&1 | sed 's/.*: //'
}

fb_free() {
	gpu fb_free
}

type_of() {
	cat "$(vf "$1")/nvidia/current_vgpu_type"
}

# FB and channel ids that are taken, as the core counts them
taken() {
	echo "$(counter fb_ranges) $(counter chids)"
}

# again: fault over, PF bound anew, two VFs with a type
again() {
	qmp set fault none
	echo "$PF" >$drv/unbind && echo "$PF" >$drv/bind || return 1
	echo 2 >"$PF_DIR/sriov_numvfs" || return 1
	wait_for 10 test -e "$(vf 1)/nvidia/current_vgpu_type"
	set_type 0 "$one" && set_type 1 "$one"
}

# hold: keep VF 0 open, its FB full of a pattern; pid
hold() {
	rm -f /tmp/hold
	ovg-smoke --vfio "$(vf_bdf 0)" --hold --pattern-only --stride 16 --seed 99 \
		>/tmp/hold 2>&1 </dev/null &
	pid=$!
	wait_for 60 grep -q holding /tmp/hold
}

check "modules, 2 VFs" host_up 2
one=$(type_id L40-1Q)
check "types" sh -c "echo $one >$(vf 0)/nvidia/current_vgpu_type; echo $one >$(vf 1)/nvidia/current_vgpu_type"
empty=$(fb_free)

# ---- before the first use ----

qmp set fault ce-hang
ovg-smoke --vfio "$(vf_bdf 0)" >/tmp/out 2>&1
is "scrub fails before use: no vGPU" $? 1
like "scrub fails before use: errno" "$(cat /tmp/out)" "timed out"
is "one is quarantined" "$(gpu quarantined)" 1
like "the log names what, and the way out" "$(dmesg | grep 'kept out of use' | tail -n 1)" \
	"could not be cleared: FB 0x[0-9a-f]+\+0x[0-9a-f]+ .*until the core driver is bound anew"
is "its VF has no type any more" "$(type_of 0)" 0
is "its memory is still taken" "$(fb_free)" "$empty"
is "in the core, too: FB, heap and channel ids" "$(taken)" "2 $(counter chids)"
is "no plugin task was started in it" "$(qmp get plugin-tasks)" 0
start=$(cut -d. -f1 /proc/uptime)
ovg-smoke --vfio "$(vf_bdf 1)" >/tmp/out 2>&1
is "without a scrubber there is no other vGPU" $? 1
like "errno" "$(cat /tmp/out)" "Input/output error"
check "which is known at once" [ $(($(cut -d. -f1 /proc/uptime) - start)) -lt 5 ]
is "that one is quarantined, too" "$(gpu quarantined)" 2
like "state of the scrubber" "$(cat "$DEBUG_DIR/state")" "scrubber broken"
check "bound anew" again
is "nothing is quarantined" "$(gpu quarantined)" 0
check "and a vGPU works" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4 --pattern-only

# ---- after the last use ----

echo disable_vnc=1 >"$(vf 0)/nvidia/vgpu_params"
check "a tenant fills its FB" hold
# now it does not hang: GSP kills the core's channel
qmp set fault rc=0
check "the scrubber is lost" wait_for 5 grep -q "scrubber broken" "$DEBUG_DIR/state"
kill -9 $pid
wait $pid 2>/dev/null
check "scrub fails after use: quarantined" wait_for 20 sh -c \
	"[ \$(cat $PF_DIR/openvgpu_core.vgpu.*/quarantined) = 1 ]"
is "the plugin task has ended" "$(qmp get plugin-tasks)" 0
is "its VF has no type any more" "$(type_of 0)" 0
is "nor the settings that it had" "$(cat "$(vf 0)/nvidia/vgpu_params")" ""
is "its memory is still taken" "$(taken)" "2 $(counter chids)"
qmp set fault none
check "the next VF's vGPU has no scrubber" sh -c "! ovg-smoke --vfio $(vf_bdf 1) >/tmp/out 2>&1"
check "bound anew" again
check "the next tenant reads zeroes" ovg-smoke --vfio "$(vf_bdf 0)" --read-zero --pattern-only --stride 16
check "and so does the one beside it" ovg-smoke --vfio "$(vf_bdf 1)" --read-zero --pattern-only --stride 16

# ---- at a reset ----

check "a tenant fills its FB again" hold
qmp set fault rc=0
check "the scrubber is lost again" wait_for 5 grep -q "scrubber broken" "$DEBUG_DIR/state"
echo 1 >"$(vf 0)/reset"
like "scrub fails at a reset: the log says what to do" "$(dmesg | tail -n 3)" \
	"did not follow the reset.*close the VM"
kill -9 $pid
wait $pid 2>/dev/null
check "quarantined" wait_for 20 sh -c "[ \$(cat $PF_DIR/openvgpu_core.vgpu.*/quarantined) = 1 ]"
check "bound anew" again
check "the next tenant reads zeroes" ovg-smoke --vfio "$(vf_bdf 0)" --read-zero --pattern-only --stride 16

# ---- GSP does not end the plugin task ----

creatable() {
	tail -n +2 "$(vf "$1")/nvidia/creatable_vgpu_types" | wc -l
}

type_again() {
	{ echo "$one" >"$(vf 0)/nvidia/current_vgpu_type"; } 2>&1 | sed 's/.*: //'
}

qmp set fault cleanup-refuse=1
check "a vGPU comes and goes" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4 --pattern-only
like "the log names what, and the way out" "$(dmesg | grep 'kept out of use' | tail -n 1)" \
	"GSP did not end the plugin task: FB 0x[0-9a-f]+\\+0x[0-9a-f]+ .*until the core driver is bound anew"
is "its VF is out of use" "$(cat "$(vf 0)/openvgpu/state") $(type_of 0)" "stuck 0"
is "GSP has the task and its memory" "$(qmp get plugin-tasks) $(taken)" "1 2 $(counter chids)"
is "and that is quarantined" "$(gpu quarantined)" 1
is "no type can be created on it" "$(creatable 0)" 0
mark_dmesg
is "none can be selected" "$(type_again)" "Input/output error"
like "the log says why" "$(dmesg_since)" "last plugin task was not ended; unbind and bind the core"
check "it cannot be opened" sh -c "! ovg-smoke --vfio $(vf_bdf 0) >/tmp/out 2>&1"
like "errno" "$(cat /tmp/out)" "Input/output error"
if [ "$GSP_ROOM" = 32 ]; then
	mark_dmesg
	is "the scheduler stays" "$(gpu_put scheduler/policy equal_share)" "Device or resource busy"
	like "the log says why" "$(dmesg_since)" "did not end that of GFID 1; unbind and bind"
	set_type 1 0
	mark_dmesg
	is "the mode stays" "$(gpu_put heterogeneous 1)" "Device or resource busy"
	like "the log says why" "$(dmesg_since)" "nothing is quarantined"
	set_type 1 "$one"
fi
qmp set fault cleanup-refuse=1
echo "$(vf_bdf 0)" >/sys/bus/pci/drivers/nvidia/unbind
echo "$(vf_bdf 0)" >/sys/bus/pci/drivers/nvidia/bind
is "the VF stays out of use when its driver is bound anew" "$(cat "$(vf 0)/openvgpu/state")" stuck
echo "$(vf_bdf 0)" >/sys/bus/pci/drivers/nvidia/unbind
echo "$(vf_bdf 0)" >/sys/bus/pci/drivers/nvidia/bind
is "until GSP has ended the task" "$(cat "$(vf 0)/openvgpu/state") $(qmp get plugin-tasks)" "none 0"
like "what it had stays quarantined" "$(gpu quarantined) $(taken)" "^1 2 "
# room for it where GSP has room for two, one of which is quarantined
set_type 1 0
check "it can have a type again" set_type 0 "$one"
check "and works" ovg-smoke --vfio "$(vf_bdf 0)" --read-zero --fb-mib 4 --pattern-only
set_type 0 0
set_type 1 "$one"
check "its neighbour works" ovg-smoke --vfio "$(vf_bdf 1)" --read-zero --fb-mib 4 --pattern-only
check "bound anew" again
is "GSP has no task" "$(qmp get plugin-tasks)" 0
check "the next tenant reads zeroes" ovg-smoke --vfio "$(vf_bdf 0)" --read-zero --pattern-only --stride 16

set_type 0 0
set_type 1 0
unload_modules
is "all modules can go" "$(grep -c ^openvgpu /proc/modules)" 0
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
