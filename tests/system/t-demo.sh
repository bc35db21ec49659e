#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The demonstration as a test: two guests at a time, one killed, a third VF.
# timeout: 1200
. /lab/lib.sh

sh /tests/demo.sh >/tmp/demo 2>&1
status=$?
sed '/^# ovg-file/!s/^/# /' /tmp/demo
is "the demonstration ends with its verdict" "$(tail -n 1 /tmp/demo)" "demo: PASS"
is "and with status 0" $status 0
done_testing
