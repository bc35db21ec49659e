#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# A VF's own node, /dev/vfio/devices/vfioN, and iommufd: the workload, who may open it
# when, death, types that change, unbind while it is open.  Debian's kernels lack it
# (CONFIG_VFIO_DEVICE_CDEV).
# kernel: debug
. /lab/lib.sh

drv=/sys/bus/pci/drivers/nvidia

node() {
	echo "/dev/vfio/devices/$(ls "$(vf "$1")/vfio-dev")"
}

# file VF NAME: of openvgpu/
file() {
	cat "$(vf "$1")/openvgpu/$2"
}

smoke() {
	n=$1
	shift
	ovg-smoke --vfio "$(vf_bdf "$n")" --cdev --pattern-only --fb-mib 4 "$@"
}

# start VF OPTIONS...: in the background, pid in $pid, its words in /tmp/out
start() {
	n=$1
	shift
	: >/tmp/out
	ovg-smoke --vfio "$(vf_bdf "$n")" --pattern-only --fb-mib 4 "$@" >/tmp/out 2>&1 </dev/null &
	pid=$!
}

# hold VF OPTIONS...: it has the VF open
hold() {
	start "$@" --hold
	check "VF $1 is held" wait_for 60 grep -q holding /tmp/out
}

end_hold() {
	kill -9 $pid
	wait $pid 2>/dev/null
	check "killed: closed" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
}

# refused TEXT WORDS VF: it is not opened
refused() {
	smoke "$3" >/tmp/refused 2>&1
	is "$1" "$? $(grep -c "FAIL: .*$2" /tmp/refused)" "1 1"
	[ "$(grep -c "FAIL: .*$2" /tmp/refused)" = 1 ] || sed 's/^/# /' /tmp/refused
}

# blocked: whoever wrote to unbind, $unbind, still waits
blocked() {
	sleep 2
	kill -0 $unbind
}

check "modules, 2 VFs" host_up 2
one=$(type_id L40-1Q)
check "there is iommufd" test -c /dev/iommu
check "VF 0 has a node" test -c "$(node 0)"
is "it is the one that sysfs names" "$(stat -c '%t:%T' "$(node 0)")" \
	"$(awk -F: '{ printf "%x:%x", $1, $2 }' "$(vf 0)"/vfio-dev/*/dev)"
check "VF 1 has another" [ "$(node 0)" != "$(node 1)" ]
nodes=$(stat -c '%n %i %t:%T' /dev/vfio/devices/*)

refused "without a type it is not opened" "bind to iommufd: No such device" 0
set_type 0 "$one"
check "the whole workload" ovg-smoke --vfio "$(vf_bdf 0)" --cdev --fb-mib 64
sed 's/^/# /' /tmp/check.out
# It reaches out for what is not its own.
tried=$(qmp get refusals)
is "nobody has it open" "$(file 0 state) $(file 0 vm_pid)" "typed 0"

# ---- who may open it ----

hold 0 --cdev
is "openvgpu/ names who has it" "$(file 0 state) $(file 0 vm_pid)" "ready $pid"
refused "nobody else binds it" "bind to iommufd: Invalid argument" 0
vfio-open "$(vf_bdf 0)" >/tmp/open 2>&1
like "nor opens its group" "$(cat /tmp/open)" "Device or resource busy"
is "it keeps its type" "$(sysfs-write "$(vf 0)/nvidia/current_vgpu_type" 0)" EBUSY
is "and its settings" "$(sysfs-write "$(vf 0)/nvidia/vgpu_params" disable_vnc=1)" EPERM
set_type 1 "$one"
check "the other VF is used beside it" smoke 1 --seed 2
check "the holder is well" kill -0 $pid
is "its pattern is intact" "$(grep -c FAIL /tmp/out)" 0
end_hold
is "nobody has it open" "$(file 0 state) $(file 0 vm_pid)" "typed 0"
check "it works again, and is clean" smoke 0 --read-zero

# killed while it starts
qmp set fault rpc-delay=1:3000
start 0 --cdev
check "somebody opens it" wait_for 20 sh -c "[ \"\$(cat $(vf 0)/openvgpu/state)\" = opening ]"
end_hold
qmp set fault none
check "then it is free" wait_for 20 sh -c "[ \"\$(cat $(vf 0)/openvgpu/state)\" = typed ]"
check "and works" smoke 0 --read-zero

# by group and by node
hold 0
refused "then the node is not bound" "bind to iommufd: Device or resource busy" 0
end_hold

# An fd that is not bound opens nothing.
exec 3<>"$(node 0)"
is "an fd alone is no open vGPU" "$(file 0 state) $(file 0 vm_pid) $(qmp get plugin-tasks)" "typed 0 0"
check "it does not read" sh -c '! dd bs=4 count=1 <&3 >/dev/null 2>&1'
set_type 0 0
check "meanwhile the type changes" set_type 0 "$one"
check "and another binds" smoke 0
exec 3>&-

# ---- death of the plugin task ----

hold 0 --cdev
qmp set fault plugin-crash=1
check "the plugin task crashes" wait_for 20 sh -c "[ \"\$(cat $(vf 0)/openvgpu/state)\" = dead ]"
refused "nobody else binds it" "bind to iommufd: Invalid argument" 0
kill -9 $pid
wait $pid 2>/dev/null
qmp set fault none
check "it works again" smoke 0 --read-zero

set_type 0 0
set_type 1 0
is "the nodes are those that were there" "$(stat -c '%n %i %t:%T' /dev/vfio/devices/*)" "$nodes"

# ---- unbind while it is open ----

set_type 0 "$one"
hold 0 --cdev --let-go
gone=$(node 0)
bdf=$(vf_bdf 0)
check "unbind: who hears of it lets go" sh -c "echo $bdf >$drv/unbind"
wait $pid
is "and ends well" "$? $(grep -c 'the host wants the vGPU back' /tmp/out)" "0 1"
check "no node" [ ! -e "$gone" ]
echo "$bdf" >$drv/bind
check "bound again: a node" test -c "$(node 0)"
is "and no type" "$(file 0 state)" none
set_type 0 "$one"
check "it works" smoke 0 --read-zero

hold 0 --cdev
gone=$(node 0)
echo "$bdf" >$drv/unbind &
unbind=$!
check "unbind waits for who does not" blocked
check "nobody opens it any more" [ ! -e "$gone" ]
is "the holder is well" "$(grep -c FAIL /tmp/out)" 0
end_hold
check "then it ends" wait_for 20 sh -c "! kill -0 $unbind"
wait $unbind
echo "$bdf" >$drv/bind
set_type 0 "$one"
check "and the VF works" smoke 0 --read-zero

exec 3<>"$(node 0)"
# by a shell that does not have it as well
sh -c "echo $bdf >$drv/unbind" 3>&- &
unbind=$!
check "unbind waits for an fd that is not bound, too" blocked
exec 3>&-
check "then it ends" wait_for 20 sh -c "! kill -0 $unbind"
wait $unbind
echo "$bdf" >$drv/bind

set_type 0 "$one"
hold 0 --cdev
is "VFs do not go while one is open" "$(sysfs-write "$PF_DIR/sriov_numvfs" 0)" EBUSY
is "which is well" "$(grep -c FAIL /tmp/out)" 0
end_hold
check "then they do" sh -c "echo 0 >$PF_DIR/sriov_numvfs"
is "no nodes" "$(ls /dev/vfio/devices 2>/dev/null)" ""

is "the model refused nothing else" "$(qmp get refusals)" "$tried"
unload_modules
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
