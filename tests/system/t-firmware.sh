#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The firmware files: one flipped byte, too short, missing or of another release
# make the boot fail with an error that names the file and the stage, and the
# next boot with good files works.
# timeout: 300
. /lab/lib.sh

drv=/sys/bus/pci/drivers/openvgpu
fw=/lib/firmware/nvidia/ad102/gsp
rel=$GSP_VERSION

name() {
	echo "$fw/$1-$rel.bin"
}

# flip FILE OFFSET: invert the lowest bit of a byte
flip() {
	byte=$(dd if="$1" bs=1 skip="$2" count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

bound() {
	[ -e "$PF_DIR/driver" ]
}

# An unload is where booter_unload runs, so each trial ends with a bind.  The
# scrubber runs once after a reset of the GPU, so there is one before each.
bind() {
	! bound || echo "$PF" >$drv/unbind
	echo 1 >"$PF_DIR/reset"
	mark_dmesg
	echo "$PF" >$drv/bind 2>/dev/null
}

# fails WHAT FILE [MORE]: the boot fails and says so
fails() {
	bind
	if bound; then
		not_ok "$1: the boot fails"
	else
		like "$1: the boot fails, and names file and stage" \
			"$(dmesg_since | grep 'openvgpu 0000')" "stage [a-zA-Z -]+: .*$2.*$3"
	fi
}

modprobe openvgpu-core
check "GSP runs" bound
is "SHA-256 of the image in guest memory is the file's" \
	"$(qmp get gsp-sha256)" "$(cat /lab/fwimage.sha256)"
echo "$PF" >$drv/unbind
mkdir /tmp/fw
cp $fw/* /tmp/fw/

for f in $GSP_FILES; do
	file=$(name $f)
	size=$(stat -Lc %s "$file")

	flip "$file" $((size / 2))
	fails "$f with a flipped byte" "$f-$rel.bin"
	flip "$file" $((size / 2))
	flip "$file" 1
	fails "$f with a flipped byte in its header" "$f-$rel.bin"
	flip "$file" 1

	cp "$file" /tmp/keep
	truncate -s $((size / 2)) "$file"
	fails "$f truncated" "$f-$rel.bin"
	: >"$file"
	fails "$f empty" "$f-$rel.bin"
	rm "$file"
	fails "$f missing" "$f-$rel.bin"
	cp /tmp/keep "$file"
done

# Of another release: the version inside says so, behind the image.
printf 999 | dd of="$(name gsp)" bs=1 seek="$FWVERSION_OFFSET" conv=notrunc 2>/dev/null
fails "gsp of another release" "gsp-$rel.bin" "release 999"
cp /tmp/fw/gsp-$rel.bin "$(name gsp)"

bind
check "with good files GSP runs again" bound
if echo "$GSP_FILES" | grep -q scrubber; then
	qmp set fault scrubber-stop=1
	fails "a scrubber that stops half-way" "scrubber-$rel.bin" "stopped in state 1"
	bind
	check "the next one works" bound
fi
modprobe -r openvgpu-core

# ---- which release ----

# loaded RELEASE: load the module with this parameter
loaded() {
	mark_dmesg
	modprobe openvgpu-core gsp_release="$1"
}

loaded 1.2.3
check "a release that there is not: not bound" [ ! -e "$PF_DIR/driver" ]
like "and the log names those that there are" "$(dmesg_since | tr '\n' ' ')" \
	"does not speak GSP release '1.2.3'.*570.144.*535.113.01"
modprobe -r openvgpu-core
other=570.144
[ "$GSP_VERSION" = 535.113.01 ] || other=535.113.01
loaded $other
like "a release that is not installed: the log names the file" "$(dmesg_since)" \
	"stage firmware load: .*-$other.bin cannot be loaded"
modprobe -r openvgpu-core
# Both installed, as far as one can tell by the smallest file.
cp "$(name bootloader)" $fw/bootloader-$other.bin
loaded ""
if [ $other = 570.144 ]; then
	like "the newer one is preferred" "$(dmesg_since)" "-570.144.bin cannot be loaded"
	modprobe -r openvgpu-core
	loaded "$rel"
fi
check "the installed one runs" bound
modprobe -r openvgpu-core
rm $fw/bootloader-$other.bin
check "no warning in the kernel log" dmesg_clean
done_testing
