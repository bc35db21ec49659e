#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The core driver alone: bind and unbind, VFs, a GSP that crashes or is silent.
# timeout: 300
. /lab/lib.sh

drv=/sys/bus/pci/drivers/openvgpu

value() {
	sed -n "s/^$1 //p" "$DEBUG_DIR/$2"
}

rebind() {
	echo "$PF" >$drv/unbind && echo "$PF" >$drv/bind
}

# the errno text of a write that must fail
refused() {
	sh -c "echo $1 >$2" 2>&1 | sed 's/.*write error: //'
}

leaks() {
	sed '/^rpc\|^events\|^scrubbed/d' "$DEBUG_DIR/counters"
}

modprobe openvgpu-core
is "GSP runs" "$(value gsp state)" running
is "GSP is the release that the files name" "$(value gsp_version state)" "$GSP_VERSION"
is "its heap has room for as many vGPUs as this release can" "$(gsp_room)" "$GSP_ROOM"
is "the scrubber works" "$(value scrubber state)" working
is "and so does the reader" "$(value reader state)" working
is "no FB is handed out" "$(value fb_bytes counters)" 0

# The first time round fills caches that stay.
rebind
before=$(leaks)
slab0=$(slab)
i=0
while [ $i -lt 20 ]; do
	rebind || break
	i=$((i + 1))
done
is "20 times unbind and bind" "$i" 20
is "they leave the counters where they were" "$(leaks)" "$before"
slab_kept "and kernel memory" $slab0
is "the model has two channels, the scrubber's and the reader's" "$(qmp get channels)" 2

is "more VFs than there are" "$(refused 33 $PF_DIR/sriov_numvfs)" \
	"Numerical result out of range"
echo 32 >$PF_DIR/sriov_numvfs
is "32 VFs" "$(ls -d $PF_DIR/virtfn* | wc -l)" 32
echo 0 >$PF_DIR/sriov_numvfs
is "and none" "$(cat $PF_DIR/sriov_numvfs)" 0
echo 2 >$PF_DIR/sriov_numvfs
echo "$PF" >$drv/unbind
is "unbinding the PF takes the VFs away" "$(cat $PF_DIR/sriov_numvfs)" 0
is "nothing is left in the model" \
	"$(qmp get rm-objects) $(qmp get channels) $(qmp get vmmu-segments)" "0 0 0"
echo "$PF" >$drv/bind

is "the model refused nothing so far" "$(qmp get refusals)" 0

mark_dmesg
qmp set fault gsp-report
check "a report of a crash on GSP is not taken for GSP's end" \
	wait_for 10 sh -c "dmesg | grep -q 'GSP-RM answers'"
is "GSP runs on" "$(value gsp state)" running
is "and is of use" "$(refused 1 $PF_DIR/sriov_numvfs)" ""
echo 0 >$PF_DIR/sriov_numvfs

# While GSP's list of engines, say, is still awaited nobody listens to its events.
echo "$PF" >$drv/unbind
qmp set fault rpc-delay=4:1000
echo "$PF" >$drv/bind &
bind=$!
check "GSP runs while the driver is being bound" wait_for 30 sh -c "[ \"\$(qmp get gsp-state)\" = running ]"
qmp set fault rc-fast-path
check "an RC of the fast path comes before there is anything else" [ ! -e $DEBUG_DIR ]
wait $bind
sleep 2
is "GSP did not wait for it in vain" "$(value gsp state) $(qmp get refusals)" "running 0"
qmp set fault none

qmp set fault gsp-crash
sleep 1
is "a crash is noticed" "$(value gsp state)" dead
is "VFs without GSP" "$(refused 1 $PF_DIR/sriov_numvfs)" "No such device"
check "after a crash the driver can be bound again" rebind
is "and GSP runs" "$(value gsp state)" running

qmp set fault boot-no-init-done
start=$(cut -d. -f1 /proc/uptime)
echo "$PF" >$drv/unbind
echo "$PF" >$drv/bind 2>/dev/null
took=$(($(cut -d. -f1 /proc/uptime) - start))
check "a GSP that never says INIT_DONE is given up in time" [ $took -le 60 ]
check "and the driver is not bound" [ ! -e $PF_DIR/driver ]
qmp set fault none
echo "$PF" >$drv/bind
is "the next boot works" "$(value gsp state)" running

echo "$PF" >$drv/unbind
mark_dmesg
qmp set fault boot-init-fails=1
echo "$PF" >$drv/bind 2>/dev/null
check "a GSP-RM that fails in its start: not bound" [ ! -e $PF_DIR/driver ]
like "the log has its status" "$(dmesg_since)" "stage init: GSP-RM failed: [A-Z_]+ \(0x"
echo "$PF" >$drv/bind
is "the next boot works, too" "$(value gsp state)" running

modprobe -r openvgpu-core
is "the module can go" "$(grep -c '^openvgpu_core' /proc/modules)" 0
check "no warning in the kernel log" dmesg_clean
done_testing
