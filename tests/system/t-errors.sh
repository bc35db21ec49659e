#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# What goes wrong is told with a clear message and the right errno.
# timeout: 400
. /lab/lib.sh

drv=/sys/bus/pci/drivers/openvgpu
md=/lib/firmware/openvgpu/vgpu-types-$GSP_VERSION.bin
dev=$PF_DIR

# refused VALUE FILE: errno text of a write that must fail
refused() {
	sh -c "echo '$1' >$2" 2>&1 | sed 's/.*write error: //'
}

types() {
	sed -n 's/^types //p' /sys/kernel/debug/openvgpu-mgr/"$PF"/state
}

rebind() {
	echo "$PF" >$drv/unbind && echo "$PF" >$drv/bind
}

type_file() {
	echo "$(vf "$1")/nvidia/current_vgpu_type"
}

# ---- metadata ----

# metadata WHAT PATTERN: there are no types, and the log says why
metadata() {
	mark_dmesg
	rebind
	is "metadata $1: no types" "$(types)" 0
	like "metadata $1: the log says why" \
		"$(dmesg_since | grep "vGPU types: .*vgpu-types-$GSP_VERSION.bin")" "$2"
	echo 1 >"$dev/sriov_numvfs"
	is "metadata $1: the list has its heading only" \
		"$(cat "$(vf 0)/nvidia/creatable_vgpu_types")" "ID    : vGPU Name"
	is "metadata $1: no type can be selected" "$(refused 871 "$(type_file 0)")" \
		"No such device"
	echo 0 >"$dev/sriov_numvfs"
}

load_modules
cp $md /tmp/md
rm $md
metadata missing "cannot be loaded.*vgpuctl types"
head -c 100000 /tmp/md >$md
metadata truncated "truncated"
cp /tmp/md $md
printf X | dd of=$md bs=1 seek=2000 conv=notrunc 2>/dev/null
metadata "with a bad CRC" "CRC"
cp /tmp/md $md
printf 536 | dd of=$md bs=1 seek=160 conv=notrunc 2>/dev/null
metadata "of another release, edited" "CRC"
fix_crc $md
metadata "of another release" "another GSP release, says 536"
cp /tmp/md $md
printf X | dd of=$md bs=1 seek=$((0x130 + 29 * 144 + 8 + 68 + 20)) conv=notrunc 2>/dev/null
fix_crc $md
metadata "with a bad signature" "GSP refused .*signatures"
cp /tmp/md $md
rebind
is "with a good file there are types" "$(types)" 29

# ---- SR-IOV ----

is "more VFs than there are" "$(refused 33 "$dev/sriov_numvfs")" \
	"Numerical result out of range"
echo 4 >"$dev/sriov_numvfs"
is "another number of VFs without 0 first" "$(refused 5 "$dev/sriov_numvfs")" \
	"Device or resource busy"

# ---- types ----

is "unknown type" "$(refused 4711 "$(type_file 0)")" "No such device"
like "unknown type: the log says so" "$(dmesg | tail -n 1)" "type 4711 is not known"
for word in Q40 "" 0x367 -1 99999999999 "871 872"; do
	is "'$word' is no type" "$(refused "$word" "$(type_file 0)")" "Invalid argument"
done
check "0 while there is none" sh -c "echo 0 >$(type_file 0)"
check "a type is selected" sh -c "echo 871 >$(type_file 0)"
is "it reads back" "$(cat "$(type_file 0)")" 871
is "a type while one is selected" "$(refused 869 "$(type_file 0)")" \
	"Operation not permitted"
is "that leaves the first" "$(cat "$(type_file 0)")" 871
is "a type of another size" "$(refused 874 "$(type_file 1)")" "Invalid argument"
like "the list of the next VF has this size only" \
	"$(tail -n +2 "$(vf 1)/nvidia/creatable_vgpu_types" | sed 's/.*L40-//' | tr '\n' ' ')" \
	"^1B 1Q 1A $"
printf 869 >"$(type_file 1)"
is "without a newline, another series of this size" "$(cat "$(type_file 1)")" 869
# Two fill the GPU: as many as GSP has room for, or two large ones.
more=871
if [ "$GSP_ROOM" -gt 2 ]; then
	set_type 0 0
	set_type 1 0
	more=$(type_id L40-24Q)
	set_type 0 "$more"
	set_type 1 "$more"
fi
is "one that does not fit any more" "$(refused "$more" "$(type_file 2)")" \
	"No space left on device"
like "the log says how many fit" "$(dmesg | tail -n 1)" "does not fit any more.* 2 of them"
is "the list of a full GPU" "$(cat "$(vf 2)/nvidia/creatable_vgpu_types")" "ID    : vGPU Name"
if [ "$more" != 871 ]; then
	set_type 0 0
	set_type 1 0
	set_type 0 871
	set_type 1 869
fi
is "the list of a VF with a type has that type" \
	"$(tail -n +2 "$(vf 0)/nvidia/creatable_vgpu_types")" "871   : NVIDIA L40-1Q"
is "no line has two colons" "$(awk -F: 'NF != 2' "$(vf 0)"/nvidia/creatable_vgpu_types)" ""
is "modes" "$(stat -c %a "$(vf 0)"/nvidia/* | tr '\n' ' ')" "444 644 644 644 644 644 "
is "the VF's driver" "$(basename "$(readlink "$(vf 0)/driver")")" nvidia
check "no nvidia/ on the PF" [ ! -e "$dev/nvidia" ]

# ---- open ----

ovg-smoke --vfio "$(vf_bdf 2)" >/tmp/out 2>&1
is "open without a type: status" $? 1
like "open without a type: ENODEV" "$(cat /tmp/out)" "No such device"
like "open without a type: the log says the way out" "$(dmesg | tail -n 3)" \
	"no vGPU type is selected; write one to nvidia/current_vgpu_type"

# hold: open the first VF and keep it open; pid
hold() {
	rm -f /tmp/hold
	ovg-smoke --vfio "$(vf_bdf 0)" --hold --fb-mib 4 >/tmp/hold 2>&1 </dev/null &
	pid=$!
	wait_for 30 grep -q holding /tmp/hold
}

check "a VF is open" hold
ovg-smoke --vfio "$(vf_bdf 0)" >/tmp/out 2>&1
like "second open: EBUSY" "$(cat /tmp/out)" "Device or resource busy"
is "its type while it is open" "$(refused 0 "$(type_file 0)")" "Device or resource busy"
is "sriov_numvfs while it is open" "$(refused 0 "$dev/sriov_numvfs")" "Device or resource busy"
like "the log says why" "$(dmesg | tail -n 1)" "openvgpu.*(in use|open)"
is "the VFs are still there" "$(cat "$dev/sriov_numvfs")" 4

# ---- a plugin task that fails ----

kill -9 $pid
wait $pid 2>/dev/null
wait_for 10 sh -c "grep -q '^open 0' /sys/kernel/debug/openvgpu-mgr/$PF/state"
is "a killed owner is a close" "$(qmp get plugin-tasks)" 0
qmp set fault plugin-no-boot=1
ovg-smoke --vfio "$(vf_bdf 0)" >/tmp/out 2>&1
like "a plugin task that does not come up: a deadline" "$(cat /tmp/out)" "timed out"
like "and the log names it" "$(dmesg | tail -n 4)" "plugin task did not come up within"
qmp set fault none
check "the VF can be opened again" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4

hold
qmp set fault plugin-crash=1
check "a plugin task that crashes is reported" \
	wait_for 10 sh -c "dmesg | grep -q \"plugin task crashed\""
kill -9 $pid
wait $pid 2>/dev/null
check "after it the VF can be opened again" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4

# ---- GSP that is slow ----

hold
qmp set fault rpc-delay=1:12000
kill -9 $pid
sleep 1
check "GSP takes 12 s to end a vGPU: another can be opened behind it" \
	ovg-smoke --vfio "$(vf_bdf 1)" --fb-mib 4
wait $pid 2>/dev/null
is "and GSP counts as alive" "$(sed -n 's/^gsp //p' "$DEBUG_DIR/state")" running

# ---- GSP that does not answer ----

hold
qmp set fault gsp-silent
start=$(cut -d. -f1 /proc/uptime)
ovg-smoke --vfio "$(vf_bdf 1)" >/tmp/out 2>&1
took=$(($(cut -d. -f1 /proc/uptime) - start))
check "GSP does not answer: open ends after its deadline ($took s)" [ $took -le 45 ]
like "GSP does not answer: errno" "$(cat /tmp/out)" "timed out|No such device"
is "GSP counts as dead" "$(sed -n 's/^gsp //p' "$DEBUG_DIR/state")" dead
is "a type cannot be selected any more" "$(refused 869 "$(type_file 2)")" "No such device"
kill -9 $pid
start=$(cut -d. -f1 /proc/uptime)
wait $pid 2>/dev/null
took=$(($(cut -d. -f1 /proc/uptime) - start))
check "an open VF can be closed then ($took s)" [ $took -le 5 ]
qmp set fault none
check "unbind and bind bring it back" rebind
is "GSP runs" "$(sed -n 's/^gsp //p' "$DEBUG_DIR/state")" running
echo 1 >"$dev/sriov_numvfs"
echo 871 >"$(type_file 0)"
check "and so does a vGPU" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4

unload_modules
is "all modules can go" "$(grep -c ^openvgpu /proc/modules)" 0
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
