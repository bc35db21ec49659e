#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Run tests/system/t-*.sh (or those named as arguments) in the host VM.  A test
# has a boot of its own, unless its head says "# group: NAME": tests of a group
# share one, in the order of their names.  "# gpu-opt: KEY=VALUE", "# gpu:
# KEY=VALUE,..." (one more GPU), "# append: WORDS", "# mem: MIB" and "# timeout: SECONDS" (of one test) are honoured; what a
# group's members want is added up.  "# kernel: KIND" names the only kind of host
# kernel that a test is for: stock, debug (make check-debug) or nouveau (make
# check-nouveau); libvirt is the stock one with libvirt (make check-libvirt).  "# release:
# r570" names the only release of firmware that a test is for.  The TAP of each goes to build/results/NAME-RELEASE.tap; on the
# debug kernel NAME.kernel-RELEASE.tap says what the kernel's own checks found
# meanwhile.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

tests=$OVG_TOP/tests/system
results=$OVG_BUILD/results
suffix=-$OVG_RELEASE.tap
kind=${LAB_KERNEL_KIND:-stock}
mkdir -p "$results"

# header FILE KEY: the values of "# KEY: ..." lines
header() {
	sed -n "2,40s/^# $2: *//p" "$1"
}

if (($#)); then
	files=("$@")
else
	files=()
	for f in "$tests"/t-*.sh; do
		files+=("$(basename "$f")")
	done
fi

declare -A members
order=()
for f in "${files[@]}"; do
	[ -e "$tests/$f" ] || die "there is no system test tests/system/$f"
	only=$(header "$tests/$f" kernel | sed -n 1p)
	if [ "${only:-$kind}" != "$kind" ]; then
		say "system tests: $f is for the $only kernel, this is the $kind one"
		continue
	fi
	only=$(header "$tests/$f" release | sed -n 1p)
	if [ "${only:-$OVG_RELEASE}" != "$OVG_RELEASE" ]; then
		say "system tests: $f is for $only, this is $OVG_RELEASE"
		continue
	fi
	group=$(header "$tests/$f" group | sed -n 1p)
	group=${group:-${f%.sh}}
	[ -n "${members[$group]:-}" ] || order+=("$group")
	members[$group]+=" $f"
done

status=0
for group in ${order[@]+"${order[@]}"}; do
	args=()
	timeout=60
	outputs=()
	read -ra list <<<"${members[$group]}"
	for f in "${list[@]}"; do
		while read -r v; do args+=(--gpu-opt "$v"); done < <(header "$tests/$f" gpu-opt)
		while read -r v; do args+=(--gpu "$v"); done < <(header "$tests/$f" gpu)
		while read -r v; do args+=(--append "$v"); done < <(header "$tests/$f" append)
		while read -r v; do args+=(--mem "$v"); done < <(header "$tests/$f" mem)
		t=$(header "$tests/$f" timeout | sed -n 1p)
		timeout=$((timeout + ${t:-180}))
		outputs+=("$f")
		[ "$kind" != debug ] || outputs+=("$f.kernel")
	done
	for f in "${outputs[@]}"; do
		: >"$results/$f$suffix"
	done
	say "system tests, $OVG_RELEASE: $group (${list[*]})"
	log=$OVG_BUILD/run/$group-$OVG_RELEASE/result.log
	rc=0
	"$OVG_TOP/lab/host.sh" --name "$group-$OVG_RELEASE" --timeout "$timeout" ${args[@]+"${args[@]}"} \
		--run run-tests "${list[@]}" || rc=$?
	# One file for each test; one that did not come to its end says so.
	tr -d '\r' <"$log" | awk -v dir="$results" -v suffix="$suffix" '
		/^# ovg-test-begin / { file = dir "/" $3 suffix; next }
		/^# ovg-test-end /   { print "# ovg-status " $4 >file; close(file); file = ""; next }
		file != "" && !/^# ovg-file/ { print >file }'
	for f in "${outputs[@]}"; do
		grep -q '^# ovg-status ' "$results/$f$suffix" ||
			echo "# ovg-status none: the host VM ended or the time was over" >>"$results/$f$suffix"
	done
	[ "$rc" = 0 ] || status=1
done
exit $status
