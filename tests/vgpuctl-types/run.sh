#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Tests of vgpuctl types: golden output in text and JSON, errors, bytes that must
# come through, damaged input.  $VGPUCTL is the program, $MUTATE mutate.c's,
# $JSON_CHECK that of tests/vgpuctl, $OUT a folder to write to.  GOLDEN=1 writes the
# golden files anew.  TAP on stdout.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
golden=$here/golden
rm -rf "$OUT"
mkdir -p "$OUT" "$golden"
n=0
bad=0

ok() {
	n=$((n + 1))
	echo "ok $n - $*"
}

not_ok() {
	n=$((n + 1))
	bad=1
	echo "not ok $n - $*"
}

is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf '# got:  %s\n# want: %s\n' "$2" "$3"
	fi
}

# types STATUS ARGUMENT...: in a folder of its own with links to what it reads, so
# that no path of this machine is in its output
cd "$OUT" || exit 1
ln -s "$top/tools/catalogue" catalogue
ln -s "$here/sample.xml" sample.xml

# golden NAME STATUS ARGUMENT...: output and errors of a call are those of the file
golden() {
	local name=$1 want=$2 rc
	shift 2
	"$VGPUCTL" types "$@" >"$name.out" 2>"$name.err" </dev/null
	rc=$?
	{
		printf '$ vgpuctl types %s\n' "$*" | LC_ALL=C tr -c '\n -~' '?'
		cat "$name.out"
		# libxml2's words change from version to version
		[ ! -s "$name.err" ] || sed -e 's/^/! /' -e 's/no XML: .*/no XML: .../' "$name.err"
		echo "= $rc"
	} >"$name.got"
	[ -z "${GOLDEN:-}" ] || cp "$name.got" "$golden/$name"
	case " $* " in
	*" --json "*)
		if ! "$JSON_CHECK" <"$name.out" 2>"$name.why"; then
			not_ok "$name prints JSON"
			sed 's/^/# /' "$name.why"
		fi
		;;
	esac
	if [ $rc != "$want" ]; then
		not_ok "$name: status $rc, not $want"
		sed 's/^/# /' "$name.got"
	elif diff -u "$golden/$name" "$name.got" >"$name.diff" 2>&1; then
		ok "$name"
	else
		not_ok "$name"
		sed 's/^/# /' "$name.diff"
	fi
}

# ---- catalogues ----

for f in catalogue/*.types; do
	b=$(basename "$f" .types)
	golden "show-$b" 0 show "$f"
done
golden show-json 0 --json show catalogue/l4.types
mkdir all
golden build-all 0 build --output all catalogue/l40.types catalogue/l40s.types catalogue/l4.types \
	catalogue/rtx6000-ada.types catalogue/l20.types
golden build-json 0 --json build --gsp 570.144 --output l40.bin catalogue/l40.types
golden show-built 0 show all/vgpu-types-535.113.01.bin
golden show-built-json 0 show --json l40.bin
golden first-id 0 build --gsp 570.144 --first-id l20=5000 --first-id 26b2=6000 \
	--output numbered.bin catalogue/l20.types catalogue/rtx5000-ada.types
golden show-numbered 0 show numbered.bin
is "a file is the same each time" "$(sha256sum <all/vgpu-types-570.144.bin)" \
	"$("$VGPUCTL" types build --gsp 570.144 --output again.bin catalogue/{l40,l40s,l4,rtx6000-ada,l20}.types >/dev/null 2>&1
	sha256sum <again.bin)"

# Every type fits the list of NVIDIA's header, when there is one.
header=${NV_CHIP_FLAGS:-}
if [ -n "$header" ]; then
	for f in catalogue/*.types; do
		"$VGPUCTL" types --json show "$f"
	done | grep -E '"(name|device|subsystem)":' >ids
	# The board's device and name come first; then three lines for each type.
	awk -F'"' '$2 == "name" { name = $4 } $2 == "device" { device = $4 }
		$2 == "subsystem" { printf "ENTRY(0x%s, 0x%s, 0x10de, \"%s\"),\n", toupper(device), toupper($4), name }' ids |
		sort -u >want
	is "$(wc -l <want) types are in NVIDIA's header" "$(grep -vxFf <(sort -u "$header") want)" ""
fi

# ---- errors of catalogues ----

# line NAME TEXT: the L40's catalogue with a line more is an error
line() {
	{ cat catalogue/l40.types; printf '%s\n' "$2"; } >"$1.types"
	golden "$1" 2 show "$1.types"
}
line bad-word "typ 1 1 1Q 1 1 1 1 1"
line bad-board "board 26b6 L40X"
line bad-id "type 869 2000 1Q 32 4 5120 2880 1"
line bad-subsystem "type 5000 176d 1Q 32 4 5120 2880 1"
line bad-name "type 5000 2000 1Q 32 4 5120 2880 1"
line bad-profile "type 5000 2000 5Q 32 4 5120 2880 1"
line bad-series "type 5000 2000 4X 12 4 5120 2880 1"
line bad-number "type 5000 2000 4Q 0x12 4 5120 2880 1"
line bad-range "type 4294967296 2000 4Q 12 4 5120 2880 1"
line bad-columns "type 5000 2000 4Q 12 4 5120 2880"
line bad-memory "memory 5120 5120 32"
line bad-memory-twice "memory 4096 4096 32 0"
line bad-flags "series D Other 60 ecc,fast 256 X"
line bad-bar1 "series D Other 60 - 257 X"
printf 'type 1 1 1Q 1 1 1 1 1\n' >no-board.types
golden no-board 2 show no-board.types
: >empty.types
golden empty 2 show empty.types
head -c 64 /dev/zero >zero.types
golden zeroes 2 show zero.types
golden missing 3 show there-is-none.types
golden folder 1 show catalogue
{
	grep -v '^type' catalogue/l40.types
	for s in D E F G; do
		echo "series $s Other 60 - 256 X"
	done
	i=5000
	for s in A B C D E F G; do
		for gib in 1 2 3 4 6 8 12 16 24 48; do
			i=$((i + 1))
			echo "type $i $i $gib$s 1 1 1 1 1"
		done
	done
} >many.types
golden too-many 2 show many.types
golden two-for-one 2 build --gsp 570.144 --output x.bin catalogue/l40.types catalogue/l40.types

# ---- command lines ----

golden unknown-option 2 show --what
golden build-help 0 build --help
golden import-help 0 import --help
golden show-help 0 show --help
golden build-no-output-json 2 --json build catalogue/l40.types
golden build-no-numbers-json 2 --json build --gsp 570.144 --output x.bin catalogue/l20.types
golden import-none-json 3 --json import --output x.bin there-is-none.xml
golden import-no-file 2 import --output x.bin
golden show-no-file-json 2 show --json
golden no-such 2 imprt sample.xml
golden no-such-json 2 --json imprt sample.xml
golden bytes-json 3 --json show $'none\377\033[31m'
golden build-no-output 2 build catalogue/l40.types
golden build-bad-gsp 2 build --gsp 1.2.3 --output x.bin catalogue/l40.types
golden build-two-gsp 2 build --gsp 570.144 --gsp 535.113.01 --output x.bin catalogue/l40.types
golden build-no-numbers 2 build --gsp 570.144 --output x.bin catalogue/l20.types
golden build-first-id-numbered 2 build --gsp 570.144 --first-id L40=1 --output x.bin catalogue/l40.types
golden build-first-id-unused 2 build --gsp 570.144 --first-id L2=1 --output x.bin catalogue/l40.types
golden build-first-id-bad 2 build --gsp 570.144 --first-id L2 --output x.bin catalogue/l2.types
golden build-first-id-large 2 build --gsp 570.144 --first-id L2=4294967290 --output x.bin catalogue/l2.types
golden build-board 2 build --board 26b5 --gsp 570.144 --output x.bin catalogue/l40.types
golden build-no-dir 1 build --gsp 570.144 --output none/x.bin catalogue/l40.types
golden import-bad-board 2 import --board L40 --gsp 570.144 --output x.bin sample.xml
golden import-bad-license 2 import --license Xyz --gsp 570.144 --output x.bin sample.xml
is "nothing was written" "$(ls x.bin* 2>/dev/null)" ""

# ---- import ----

golden import 0 import --gsp 570.144 --output imported.bin sample.xml
golden import-json 0 --json import --gsp 535.113.01 --output imported-535.bin sample.xml
golden import-all 0 import --gsp 570.144 --board all --license Xyz=X-Product,1.0 --output all.bin sample.xml
golden import-other 3 import --gsp 570.144 --board 2684 --output x.bin sample.xml
golden show-imported 0 show imported.bin
golden show-imported-json 0 show --json imported.bin

# bytes FILE OFFSET COUNT: in hexadecimal
bytes() {
	od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}
# The signatures come through bit by bit: header 232, blob 16, head 56, types 144 each,
# upload 8, signature at 68 of a VGPU_INFO.
grep -o '>[0-9a-f]\{256\}<' sample.xml | tr -d '<>' | head -n 3 >digests
for size in 570:5224 535:4952; do
	file=imported.bin
	[ "${size%:*}" = 570 ] || file=imported-535.bin
	i=0
	while read -r digest; do
		is "signature $i for ${size%:*} is the file's" \
			"$(bytes $file $((232 + 16 + 56 + 3 * 144 + 8 + i * ${size#*:} + 68)) 128)" "$digest"
		i=$((i + 1))
	done <digests
	is "three of them" $i 3
done

# ---- errors of an XML ----

# xml NAME SED: the sample, edited, is an error
xml() {
	sed "$2" sample.xml >"$1.xml"
	if cmp -s "$1.xml" sample.xml; then
		not_ok "$1: the edit changed nothing"
		return
	fi
	golden "$1" 2 import --gsp 570.144 --output x.bin "$1.xml"
}
xml xml-cut '50,$d'
xml xml-root 's/vgpuconfig>/vgpu>/'
xml xml-entity 's|<!DOCTYPE.*|<!DOCTYPE vgpu [ <!ENTITY a "aaaa"> ]>|'
xml xml-entity-used 's|<!DOCTYPE.*|<!DOCTYPE vgpu [ <!ENTITY a SYSTEM "/etc/passwd"> ]>|; s|<license>VApps|<license>\&a;|'
xml xml-entity-unknown 's|<license>VApps|<license>\&a;|'
xml xml-number '12s/0x100000000/4 GiB/'
xml xml-overflow '12s/0x100000000/0x10000000000000000/'
xml xml-overflow-decimal '12s/0x100000000/18446744073709551617/'
xml xml-negative '16s/4/-4/'
xml xml-range '21s/1/2/'
xml xml-missing '/<framebuffer>0xf0000000/d'
xml xml-twice 's|<framebuffer>0xf0000000.*|&&|'
xml xml-nested 's|<framebuffer>0xf0000000|<framebuffer><b/>|'
xml xml-id-twice 's/id="9002"/id="9001"/'
xml xml-id-zero 's/"9001"/"0"/'
xml xml-no-name 's/ name="OVG Sample-4Q"//'
xml xml-long-name 's/OVG Sample-4Q/OVG Sample with a name of more than 31 characters-4Q/'
xml xml-colon-name 's/OVG Sample-4Q/OVG: Sample-4Q/'
xml xml-vendor '0,/vendorId="0x10de"/s//vendorId="0x1002"/'
xml xml-device '0,/deviceId="0x26B5"/s//deviceId="0x126B5"/'
xml xml-no-type 's/vgpuId="9002"/vgpuId="9999"/'
xml xml-supported-twice 's/vgpuId="9002"/vgpuId="9001"/'
xml xml-max 's/<maxVgpus>12</<maxVgpus>33</'
xml xml-board-twice 's/deviceId="0x26B9"/deviceId="0x26B5"/'
xml xml-no-digest '0,/<digest.*/s///'
xml xml-digest-type '0,/type="signature"/s//type="sha256"/'
xml xml-digest-short '0,/<digest type="signature">../s//<digest type="signature">/'
xml xml-digest-letter '0,/<digest type="signature">./s//<digest type="signature">g/'
xml xml-digest-zero '0,/\(<digest type="signature">\)[0-9a-f]*/s//\1'"$(head -c 256 /dev/zero | tr '\0' 0)"'/'
xml xml-bar1 's/<bar1Length>0x100</<bar1Length>0x101</'
xml xml-heap 's/<gspHeapSize>0x2000000</<gspHeapSize>0x2000001</'
printf 'no XML at all' >text.xml
golden xml-text 2 import --gsp 570.144 --output x.bin text.xml
: >empty.xml
golden xml-empty 2 import --gsp 570.144 --output x.bin empty.xml
golden xml-none 3 import --gsp 570.144 --output x.bin there-is-none.xml
is "nothing was written" "$(ls x.bin* 2>/dev/null)" ""

# What could be a bomb or a way out stays what it is.
{
	echo '<?xml version="1.0"?><!DOCTYPE a ['
	echo '<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
	for i in $(seq 1 20); do echo "<!ENTITY a$i \"&a$((i - 1));&a$((i - 1));&a$((i - 1));&a$((i - 1));\">"; done
	echo ']><vgpuconfig x="&a20;"><version>&a20;</version></vgpuconfig>'
} >bomb.xml
timeout 20 "$VGPUCTL" types import --gsp 570.144 --output x.bin bomb.xml >/dev/null 2>bomb.err
is "a bomb is refused" $? 2
{ printf '<vgpuconfig>'; for i in $(seq 5000); do printf '<a>'; done; } >deep.xml
timeout 20 "$VGPUCTL" types import --gsp 570.144 --output x.bin deep.xml >/dev/null 2>&1
is "a deep one too" $? 2

# ---- errors of metadata files ----

cp l40.bin damaged.bin
printf X | dd of=damaged.bin bs=1 seek=5000 conv=notrunc 2>/dev/null
golden bin-crc 2 show damaged.bin
head -c 100000 l40.bin >cut.bin
golden bin-cut 2 show cut.bin

# ---- damaged input ----

for f in sample.xml catalogue/l40.types; do
	if "$MUTATE" $f 1000 scratch >mutate.out 2>&1; then
		ok "$f in 1000 damaged versions: $(tail -n 1 mutate.out)"
	else
		not_ok "$f in 1000 damaged versions"
		sed 's/^/# /' mutate.out
	fi
done
cp l40.bin good.bin
i=0
crashed=
while [ $i -lt 60 ]; do
	cp good.bin mutant.bin
	printf "\\x$(printf %02x $((i * 7 % 256)))" |
		dd of=mutant.bin bs=1 seek=$((i * 97 % 5000)) conv=notrunc 2>/dev/null
	"$VGPUCTL" types show mutant.bin >/dev/null 2>&1
	rc=$?
	[ $rc -le 2 ] || crashed="$crashed $i:$rc"
	i=$((i + 1))
done
is "60 damaged metadata files end in words" "$crashed" ""

echo "1..$n"
exit $bad
