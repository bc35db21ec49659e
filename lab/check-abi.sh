#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Compares our wire ABI (driver/abi) with the tables of facts that tests/abi has
# for each release of NVIDIA's.  Reports TAP, one test for each header of ours.
#
# The tables are committed, the headers that they come from are not.  With
# NV_HEADERS="DIR ..." (trees of open-gpu-kernel-modules), or where Debian's archive
# has the source of such a release, the table is made again and must come out the
# same.
# usage: check-abi.sh [RELEASE ...]

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/apt.sh"

# The self-test has copies of both, with a fault in them.
abi=${OVG_ABI:-$OVG_TOP/driver/abi}
maps=${OVG_ABI_MAPS:-$OVG_TOP/tests/abi}
tools=$OVG_TOP/tests/abi
work=$OVG_BUILD/abi
cc=gcc
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

# The folders of driver/abi that a driver for this release is built from: what
# did not change since an older release is found there.
folders() {
	local d series=${1%%.*}
	echo common
	for d in "$abi"/r*/; do
		d=$(basename "$d")
		if ((${d#r} <= series)); then
			echo "$d"
		fi
	done
}

# names DIR: "header, kind, name" of each structure, macro and enumeration value
names() {
	local headers=$1/headers.c
	"$cc" -std=gnu11 -E -dD -I "$abi" "$headers" | awk -v root="$abi/" '
		/^# [0-9]+ "/ {
			file = $3
			gsub(/"/, "", file)
			gsub(/[^\/]+\/\.\.\//, "", file)
			ours = index(file, root) == 1
			sub(root, "", file)
			next
		}
		ours && /^#define / {
			macro = $2
			sub(/\(.*/, "", macro)
			printf "%s\tmacro\t%s\n", file, macro
		}'
	(cd "$abi" && sed -n 's/^#include "\(.*\)"$/\1/p' "$headers" |
		xargs awk '/^(typedef )?(struct|union) [a-z0-9_]+ \{/ {
			sub(/^typedef /, "")
			printf "%s\tstruct\t%s\n", FILENAME, $2
		}')
	awk -F'\t' '$1 == "enum" { print $2 }' "$1/layout" | while read -r name; do
		file=$(cd "$abi" && grep -lw -- "$name" */*.h | sed -n 1p)
		printf '%s\tenum\t%s\n' "$file" "$name"
	done
}

# ours RELEASE DIR: layouts and values of our headers
ours() {
	local dir=$2 d f
	awk -f "$tools/map.awk" "$maps/common.map" "$maps/$1.map" >"$dir/statements"
	for d in $(folders "$1"); do
		for f in "$abi/$d"/*.h; do
			echo "#include \"$d/$(basename "$f")\""
		done
	done >"$dir/headers.c"
	local flags=(-std=gnu11 -w -gdwarf-4 -fno-eliminate-unused-debug-types
		-fno-diagnostics-show-caret -I "$abi" -I "$tools")
	"$cc" "${flags[@]}" -c -o "$dir/headers.o" "$dir/headers.c" || return
	readelf --wide --debug-dump=info "$dir/headers.o" |
		awk -f "$tools/layout.awk" >"$dir/layout" || return
	names "$dir" >"$dir/names" || return
	{
		cat "$dir/headers.c"
		echo '#include "helpers.h"'
		echo '#include <stdio.h>'
		printf 'int main(void)\n{\n'
		awk -v names="$dir/names" -f "$tools/consts.awk" "$dir/statements"
		printf '\treturn 0;\n}\n'
	} >"$dir/consts.c"
	"$cc" "${flags[@]}" -o "$dir/consts" "$dir/consts.c" || return
	"$dir/consts" >"$dir/values"
}

# check RELEASE: the comparison of one release
check() {
	local release=$1 dir=$work/$1 header all compared
	rm -rf "$dir"
	mkdir -p "$dir"
	if [ ! -r "$maps/$release.map" ] || [ ! -r "$maps/$release.tsv" ]; then
		echo "no $release.map and $release.tsv in $maps" >"$dir/errors"
		report "$release: there are a map and a table" "$dir/errors"
		return
	fi
	if ! ours "$release" "$dir" 2>"$dir/errors"; then
		[ -s "$dir/errors" ] || echo "no reason given" >"$dir/errors"
		report "$release: our headers and the maps compile" "$dir/errors"
		return
	fi
	: >"$dir/none"
	report "$release: our headers and the maps compile" "$dir/none"
	if ! awk -f "$tools/compare.awk" kind=names "$dir/names" kind=map "$dir/statements" \
		kind=layout "$dir/layout" kind=consts "$dir/values" \
		kind=table "$maps/$release.tsv" >"$dir/result" 2>"$dir/errors"; then
		report "$release: the comparison runs" "$dir/errors"
		return
	fi
	for header in maps table; do
		awk -F'\t' -v h="$header" '$1 == "bad" && $2 == h { print $3 }' "$dir/result" >"$dir/bad"
		report "$release: $header: nothing is missing, nothing left over" "$dir/bad"
	done
	while IFS=$'\t' read -r _ header all compared; do
		awk -F'\t' -v h="$header" '$1 == "bad" && $2 == h { print $3 }' "$dir/result" >"$dir/bad"
		report "$release: $header: $all names, $compared comparisons" "$dir/bad"
	done < <(grep '^sum' "$dir/result" | sort)
}

# packaged RELEASE: the folder of NVIDIA's sources from Debian's source package,
# where the lab's private apt knows contrib and the archive has this release.  (The
# binary package nvidia-open-kernel-source has none of these headers.)
packaged() {
	local package=nvidia-open-gpu-kernel-modules version dir
	grep -qs '^deb-src .*contrib' "$OVG_APT/etc/sources.list" || return 0
	version=$(private apt-cache showsrc --only-source $package |
		awk -v r="$1-" '/^Version:/ && index($2, r) == 1 && !n++ { print $2 }')
	[ -n "$version" ] || return 0
	dir=$OVG_CACHE/pool/$package-$version
	if [ ! -e "$dir/.complete" ]; then
		say "fetching the source of $package $version"
		rm -rf "$dir"
		mkdir -p "$dir"
		(cd "$dir" && quietly "$OVG_CACHE/log/$package.log" "downloading $package" \
			private apt-get source --download-only --tar-only "$package=$version") || return
		tar xf "$dir"/*.orig.tar.* -C "$dir" || return
		touch "$dir/.complete"
	fi
	find "$dir" -name version.mk -printf '%h\n' | sed -n 1p
}

# again DIR: the table made once more, from NVIDIA's headers in DIR
again() {
	local nv=$1 release
	release=$(sed -n 's/^NVIDIA_VERSION *= *//p' "$nv/version.mk" 2>/dev/null) || true
	mkdir -p "$work"
	if [ ! -r "$maps/${release:-none}.tsv" ] && [ ! -r "$maps/${release:-none}.map" ]; then
		echo "$nv: release ${release:-unknown}; the maps are for" \
			"$(cd "$maps" && echo [0-9]*.map)" >"$work/errors"
		report "NV_HEADERS names a tree of a release that we have" "$work/errors"
		return
	fi
	if "$tools/generate.sh" "$nv" "$maps" >"$work/$release.tsv" 2>"$work/errors"; then
		diff "$maps/$release.tsv" "$work/$release.tsv" >"$work/errors" ||
			echo "to take it over: cp $work/$release.tsv $maps/" >>"$work/errors"
	fi
	report "$release: the table is what NVIDIA's headers say" "$work/errors"
	made[$release]=1
}

declare -A made
releases=("$@")
if [ ${#releases[@]} = 0 ]; then
	for f in "$maps"/[0-9]*.map; do
		f=$(basename "$f")
		releases+=("${f%.map}")
	done
fi
for nv in ${NV_HEADERS:-}; do
	again "$nv"
done
for release in "${releases[@]}"; do
	if [ -z "${made[$release]:-}" ]; then
		nv=$(packaged "$release") || die "Debian's source of release $release cannot be had"
		if [ -n "$nv" ]; then
			again "$nv"
		else
			echo "# $release: no Debian package of these headers is at hand; NV_HEADERS=DIR makes the table again"
		fi
	fi
	check "$release"
done
echo "1..$n"
exit $bad
