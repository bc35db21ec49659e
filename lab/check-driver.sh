#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# What the driver's sources must pass before they run: W=1, sparse, checkpatch,
# and the fence between the rooms.  Reports TAP.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

n=0
bad=0
# report TEXT FILE: passes when the file, which holds complaints, is empty
report() {
	n=$((n + 1))
	if [ -s "$2" ]; then
		bad=1
		echo "not ok $n - $1"
		head -n 40 "$2" | sed 's/^/# /'
	else
		echo "ok $n - $1"
	fi
}

work=$OVG_BUILD/check-driver
rm -rf "$work"
mkdir -p "$work"
sources=$(cd "$OVG_TOP/driver" && find . -name '*.c' | wc -l)

say "driver: W=1 and sparse"
if (OVG_MODULES_DIR=$work/modules "$OVG_TOP/lab/build-modules.sh" W=1 C=2) >"$work/ko" 2>"$work/err"; then
	grep -E '(warning|error):' "$work/modules/build.log" >"$work/warnings" || true
else
	cp "$work/err" "$work/warnings"
fi
grep -F -e '[-W' "$work/warnings" >"$work/w1" || true
grep -vF -e '[-W' "$work/warnings" >"$work/sparse" || true
# Each source was compiled, and sparse saw each: a check that did not run is
# not a check that passed.
for kind in CC CHECK; do
	got=$(grep -E "^ *$kind +(\[M\] +)?" "$work/modules/build.log" | grep -vcF '.mod.' || true)
	if [ "$got" -lt "$sources" ]; then
		echo "$kind ran on $got of $sources sources in driver/; is each in Kbuild?" >>"$work/missing"
	fi
done
touch "$work/missing"
report "each source is compiled and checked" "$work/missing"
report "W=1 has nothing to say" "$work/w1"
report "sparse has nothing to say" "$work/sparse"
if [ "$(wc -l <"$work/ko")" = 3 ]; then
	: >"$work/three"
else
	{ echo "modules built:"; cat "$work/ko"; } >"$work/three"
fi
report "three modules come out" "$work/three"

say "driver: checkpatch"
checkpatch=$work/checkpatch
mkdir -p "$checkpatch"
tar xf "$LAB_LINUX_SOURCE" -C "$checkpatch" --strip-components=2 --wildcards --occurrence=1 \
	'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch'
# Trace headers are macros that checkpatch takes for calls.
(
	cd "$OVG_TOP/driver"
	find . -name '*.[ch]' ! -name trace.h -print0 | xargs -0 perl "$checkpatch/checkpatch.pl" \
		--no-tree --strict --terse --no-summary -f || true
	find . -name trace.h -print0 | xargs -0r perl "$checkpatch/checkpatch.pl" --no-tree --strict \
		--terse --no-summary --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT -f || true
) >"$work/style" 2>&1
report "checkpatch --strict finds nothing" "$work/style"

# A room includes its own headers, the seam, abi and pure; no other room's.
(
	cd "$OVG_TOP/driver"
	grep -nE '#include +["<].*(core/|\.\./)' manager/*.c vfio/*.c manager/*.h vfio/*.h 2>/dev/null || true
	grep -nE '#include +["<].*(manager/|vfio/|\.\./)' core/*.[ch] || true
	grep -nE '#include +["<]linux/' pure/*.[ch] pure/*/*.[ch] | grep -v ovg_pure.h || true
	grep -rniE 'qemu|emulated' --include='*.[ch]' . || true
) >"$work/rooms"
report "no room reaches into another, nothing in the driver knows the model" "$work/rooms"

# Whoever scripts on a file in sysfs finds it in the documentation.
documented=("$OVG_TOP/docs/sysfs.md")
[ ! -d "$OVG_TOP/docs/abi" ] || documented+=("$OVG_TOP"/docs/abi/*)
(cd "$OVG_TOP/driver" && grep -rhoE '&dev_attr_[a-z0-9_]+' --include='*.c' .) |
	sed 's/.*dev_attr_//' | sort -u |
	while read -r attr; do
		grep -qE "^What:.*/$attr\$" "${documented[@]}" || echo "$attr has no entry in docs/sysfs.md or docs/abi/"
	done >"$work/abi"
report "each file in sysfs is documented" "$work/abi"

# The model takes facts from abi/, never code from pure/.
grep -nE '#include.*pure' "$OVG_TOP"/model/*.[ch] >"$work/model" || true
report "the model includes nothing of driver/pure" "$work/model"

echo "1..$n"
exit $bad
