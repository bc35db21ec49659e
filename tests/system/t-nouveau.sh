#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# A judge that we did not write: the host kernel's own nouveau drives the model,
# none of our modules is loaded.
# gpu-opt: total-vfs=0
# kernel: nouveau
# gpu-opt: fb-size=1G
# timeout: 300
. /lab/lib.sh

drv=/sys/bus/pci/drivers/nouveau

# what nouveau complains of; BARs without a VBIOS display are no complaint
complaints() {
	dmesg | grep -iE 'nouveau|drm' | grep -iE 'error|fail|timeout|timed out|warn|unable|refus|stuck|fault|ctxsw'
}

evict() {
	nouveau-evict /dev/dri/renderD128
}

is "no module of ours" "$(grep -c ^openvgpu /proc/modules)" 0
modprobe nouveau runpm=0
check "nouveau binds" wait_for 30 test -e "$PF_DIR/drm"
is "GSP runs, with the image of the file" "$(qmp get gsp-state) $(qmp get gsp-sha256)" \
	"running $(cat /lab/fwimage.sha256)"
check "a card" test -c /dev/dri/card0
check "a render node" test -c /dev/dri/renderD128
check "its copy engine moves buffers between VRAM and system memory" evict
sed 's/^/# /' /tmp/check.out
check "the model has copied" [ "$(qmp get channels)" -gt 0 ]

echo "$PF" >$drv/unbind
check "unbound" [ ! -e "$PF_DIR/drm" ]
is "nothing is left in the model" "$(qmp get rm-objects) $(qmp get channels)" "0 0"
echo "$PF" >$drv/bind
check "bound again" wait_for 30 test -e "$PF_DIR/drm"
check "and buffers move again" evict

# A suspend: the model loses all of FB but what nouveau and GSP-RM have saved.
# host.sh presses a key when it reads this.
sleep_once() {
	for w in /sys/devices/platform/i8042/serio*/power/wakeup; do
		echo enabled >"$w"
	done
	echo "# ovg-sleeps" >/dev/ttyS1
	echo freeze >/sys/power/state
}
check "s2idle, and awake again" sleep_once
is "GSP runs again" "$(qmp get gsp-state)" running
check "and buffers move once more" evict
modprobe -r nouveau
is "the module can go" "$(grep -c ^nouveau /proc/modules)" 0

is "nouveau has no complaint" "$(complaints)" ""
is "the model refused nothing" "$(qmp get refusals) $(qmp get last-refusal)" "0 "
check "no warning in the kernel log" dmesg_clean
done_testing
