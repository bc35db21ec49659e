#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The ground that the other tests stand on: QEMU is well while BARs come and go.
# timeout: 60
# release: r570
. /lab/lib.sh

bridge=$(basename "$(dirname "$(readlink -f "$PF_DIR")")")
uptime=$(cut -d. -f1 /proc/uptime)
check "a bridge's decoding is switched while timers run" decode-toggle "$bridge" 8
sed 's/^/# times: /' /tmp/check.out
check "no timer was lost" [ $(($(cut -d. -f1 /proc/uptime) - uptime)) -lt $((20 * ${OVG_SLOW:-1})) ]
check "no stall in the kernel log" sh -c "! dmesg | grep -E 'stall|starved|timer handling issue'"
done_testing
