#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The table of facts of one release, from NVIDIA's headers: what the maps name,
# with offset, size, number of elements (of an array) and value.
# usage: generate.sh SOURCES [MAPS]    SOURCES is a tree of open-gpu-kernel-modules
# The table goes to standard output.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
nv=${1:?usage: $0 SOURCES [MAPS]}
maps=${2:-$here}
cc=gcc

die() {
	echo "error: $*" >&2
	exit 1
}

release=$(sed -n 's/^NVIDIA_VERSION *= *//p' "$nv/version.mk" 2>/dev/null) || true
[ -n "$release" ] || die "$nv has no version.mk: it is no tree of open-gpu-kernel-modules"
[ -r "$maps/$release.map" ] || die "$nv is release $release, for which there is no $release.map"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the modules' own Makefile uses, with a configuration of x86-64
flags=(-std=gnu11 -w -m64 -gdwarf-4 -fno-eliminate-unused-debug-types
	-include "$nv/src/common/sdk/nvidia/inc/cpuopsys.h"
	-D_LANGUAGE_C -DNVRM -DLOCK_VAL_ENABLED=0 -DRS_STANDALONE=0 -DRS_STANDALONE_TEST=0
	-DRS_COMPATABILITY_MODE=1 -DRS_PROVIDES_API_STATE=0 -DNV_CONTAINERS_NO_TEMPLATES
	-DNV_PRINTF_STRINGS_ALLOWED=1 -DPORT_ATOMIC_64_BIT_SUPPORTED=1
	-DPORT_IS_KERNEL_BUILD=1 -DPORT_IS_CHECKED_BUILD=1)
for m in atomic core cpu crypto debug memory safe string sync thread util; do
	flags+=("-DPORT_MODULE_$m=1")
done
for m in example mmio time; do
	flags+=("-DPORT_MODULE_$m=0")
done
for d in kernel/inc interface arch/nvalloc/common/inc arch/nvalloc/common/inc/gsp \
	arch/nvalloc/common/inc/deprecated arch/nvalloc/unix/include inc inc/os generated \
	src/mm/uvm/interface inc/libraries src/libraries inc/kernel; do
	flags+=(-I "$nv/src/nvidia/$d")
done
for d in sdk/nvidia/inc sdk/nvidia/inc/hw shared/inc shared/msgq/inc inc \
	uproc/os/libos-v2.0.0/include uproc/os/common/include inc/swref inc/swref/published \
	nvswitch/kernel/inc nvswitch/interface nvswitch/common/inc nvlink/interface \
	nvlink/inband/interface; do
	flags+=(-I "$nv/src/common/$d")
done

# Some definitions stand at the top of C files.  Macros and structures of theirs, no
# code.
for f in kernel_gsp_fwsec.c arch/turing/kernel_gsp_frts_tu102.c \
	arch/turing/kernel_gsp_vbios_tu102.c; do
	awk '
		/^#define [A-Z0-9_]+ / { print; next }
		/^typedef (struct|union)( *[A-Za-z0-9_]+)?( *\{)?$/ { block = ""; inside = 1 }
		inside { block = block $0 "\n" }
		inside && /^}.*;/ { printf "%s", block; inside = 0 }
	' "$nv/src/nvidia/src/kernel/gpu/gsp/$f"
done >"$work/definitions.h"

awk -f "$here/map.awk" "$maps/common.map" "$maps/$release.map" >"$work/statements"
{
	echo "#include \"$here/nvidia.h\""
	echo "#include \"$work/definitions.h\""
	echo "#include \"$here/helpers.h\""
	echo "extern int printf(const char *, ...);"
	echo "int main(void)"
	echo "{"
	awk -f "$here/consts.awk" "$work/statements"
	printf '\treturn 0;\n}\n'
} >"$work/facts.c"
if ! "$cc" "${flags[@]}" -c -o "$work/facts.o" "$work/facts.c" 2>"$work/errors"; then
	grep 'error:' "$work/errors" | sed -n 1,40p >&2
	die "the maps do not fit the headers of release $release"
fi
"$cc" -o "$work/facts" "$work/facts.o"

echo "# SPDX-License-Identifier: GPL-2.0-only OR MIT"
echo "# Facts of NVIDIA's headers of release $release.  Written by generate.sh; not to be edited."
printf '# kind\tname\toffset\tsize\tcount\tvalue\n'
types=$(awk -F'\t' '$1 == "struct" || $1 == "head" { print $3 }' "$work/statements")
readelf --wide --debug-dump=info "$work/facts.o" 2>/dev/null |
	awk -v types="${types//$'\n'/ }" -f "$here/layout.awk" ||
	die "the maps do not fit the headers of release $release"
"$work/facts"
