#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The demonstration, from nothing to its last line: "demo: PASS", status 0, or
# "demo: FAIL: <what>", status 1.

. "$(dirname "$0")/lib.sh"

fail() {
	echo "demo: FAIL: $*"
	exit 1
}

trap 'fail interrupted' INT TERM
"$OVG_TOP/lab/prepare.sh" || fail "the lab could not be prepared, see above"
say "booting the host VM"
"$OVG_TOP/lab/host.sh" --name demo --timeout "${OVG_TIMEOUT:-1200}" --run demo.sh || {
	# The script in the VM names what failed; a VM that died could not.
	tail -n 5 "$OVG_BUILD/run/demo/result.log" 2>/dev/null | grep -q '^demo: FAIL: ' && exit 1
	fail "the host VM ended early, see $OVG_BUILD/run/demo/console.log"
}
tail -n 5 "$OVG_BUILD/run/demo/result.log" | grep -qx 'demo: PASS' ||
	fail "tests/system/demo.sh did not end with its verdict"
[ -s "$OVG_BUILD/run/demo/console.png" ] || fail "the console's picture did not come out of the VM"
cp "$OVG_BUILD/run/demo/console.png" "$OVG_BUILD/demo-console.png"
