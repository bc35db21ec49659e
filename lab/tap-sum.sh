#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Add up TAP files and print "N passed, N failed"; status 0 when none failed.
# A file counts one failure more for each of: a plan that is missing or not met,
# a status other than 0 without a "not ok" to explain it, no test at all.
# usage: tap-sum.sh FILE...

. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2016
awk '
function finish(why) {
	if (name == "")
		return
	why = ""
	if (seen == 0)
		why = "no result at all"
	else if (plan < 0)
		why = "no plan: it did not come to its end"
	else if (plan != seen)
		why = "planned " plan " tests, ran " seen
	else if (status != "" && status != "0" && bad == 0)
		why = "ended with status " status
	if (why != "") {
		failed++
		printf "FAILED %s: %s\n", name, why
	}
}
FNR == 1 {
	finish()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.tap$/, "", name)
	files[name] = 1
	seen = bad = 0
	plan = -1
	status = ""
}
# cmocka prints one plan for each group of a program
/^1\.\.[0-9]+/ { if (plan < 0) plan = 0; split($1, p, /\.\./); plan += p[2] }
/^ok /     { passed++; seen++ }
/^not ok / { failed++; seen++; bad++; printf "FAILED %s: %s\n", name, $0 }
/^# ovg-status / { status = $3 }
END {
	finish()
	for (i = 1; i < ARGC; i++) {
		n = ARGV[i]
		sub(/.*\//, "", n)
		sub(/\.tap$/, "", n)
		if (!(n in files)) {
			failed++
			printf "FAILED %s: no output\n", n
		}
	}
	if (passed + failed == 0) {
		print "FAILED: no test ran"
		failed = 1
	}
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0
}' "$@" </dev/null
