#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# vGPU types: the lists as the clients of NVIDIA's framework read them, at each
# moment; reading that never waits; ECC; types with signatures that are none of
# ours; other boards.
# gpu: board=L40S,ecc=on
# gpu: board=L4,ecc=on
# gpu: board=RTX6000-Ada
# gpu: board=L20
# timeout: 400
. /lab/lib.sh

drv=/sys/bus/pci/drivers/openvgpu
md=/lib/firmware/openvgpu/vgpu-types-$GSP_VERSION.bin
heading="ID    : vGPU Name"

list() {
	cat "$(vf "$1")/nvidia/creatable_vgpu_types"
}

names() {
	list "$1" | sed -n 's/^[0-9]* *: NVIDIA //p' | tr '\n' ' '
}

rebind() {
	echo "$PF" >$drv/unbind && echo "$PF" >$drv/bind && echo "$1" >"$PF_DIR/sriov_numvfs" &&
		wait_for 10 test -e "$(vf $(($1 - 1)))/nvidia/current_vgpu_type"
}

refused() {
	{ echo "$2" >"$(vf "$1")/nvidia/current_vgpu_type"; } 2>&1 | sed 's/.*: //'
}

# ms: milliseconds of uptime
ms() {
	sed 's/^\([0-9]*\)\.\([0-9]*\) .*/\1\20/' /proc/uptime
}

# ---- clients: what each makes of a list; one "id name" line for each type ----

# vgpu-device-manager: cut at the first colon, no id no type, the last word is the name
vdm() {
	awk '{ i = index($0, ":"); id = substr($0, 1, i - 1); gsub(/ /, "", id)
	       if (i && id ~ /^[0-9]+$/) { n = split($0, w, " "); print id, w[n] } }'
}

# kubevirt-gpu-device-plugin: number, colon, name; blanks of a resource's name are _
plugin() {
	sed -n 's/^ *\([0-9][0-9]*\) *: *\(.*[^ ]\) *$/\1 \2/p' |
		awk '{ id = $1; sub(/^[^ ]* /, ""); gsub(/ /, "_"); print id, "nvidia.com/" $0 }'
}

# Harvester: two parts at the colon, else it is no type; a key of this name goes
harvester() {
	awk -F: 'NF == 2 { gsub(/^ +| +$/, "", $1); gsub(/^ +| +$/, "", $2)
			   if ($2 != "vGPU Name") print $1, $2 }'
}

# hypeman: each line but the heading has a colon and a number, else all is wrong;
# the framebuffer is in the name
hypeman() {
	awk '{ i = index($0, ":"); id = substr($0, 1, i - 1); name = substr($0, i + 1)
	       gsub(/ /, "", id); sub(/^ +/, "", name)
	       if (id == "ID") next
	       if (!i || id !~ /^[0-9]+$/ || name == "") { print "ERROR"; exit }
	       fb = name; sub(/.*-/, "", fb)
	       if (fb !~ /^[0-9]+[ABCQ]$/) { print "ERROR"; exit }
	       print id, name, fb + 0 }'
}

# OpenNebula's probe: a line without colon raises; no id, no name or ID is no type
opennebula() {
	awk -F: 'NF < 2 { print "ERROR"; exit }
		 { gsub(/^ +| +$/, "", $1); gsub(/^ +| +$/, "", $2)
		   if ($1 != "" && $2 != "" && $1 != "ID") print $1, $2 }'
}

# Proxmox before 9: no line that begins with ID, cut at the first colon
proxmox() {
	awk '!/^ID/ { i = index($0, ":"); id = substr($0, 1, i - 1); gsub(/ /, "", id)
		      name = substr($0, i + 1); sub(/^ */, "", name); print "nvidia-" id, name }'
}

# clients TEXT VF COUNT: all of them see so many types
clients() {
	list "$2" >/tmp/list
	for c in vdm plugin harvester hypeman opennebula proxmox; do
		is "$1: $c sees $3 types" "$($c </tmp/list | grep -vc ERROR) $($c </tmp/list | grep -c ERROR)" "$3 0"
	done
}

check "modules, 4 VFs" host_up 4

# ---- format ----

list 0 >/tmp/list
is "the heading" "$(head -n 1 /tmp/list)" "$heading"
is "and 29 types, nothing else" "$(sed 1d /tmp/list | grep -c .) $(sed 1d /tmp/list |
	grep -Evc '^[0-9]+ *: NVIDIA L40-[0-9]+[ABCQ]$')" "29 0"
is "a number has five columns" "$(sed 1d /tmp/list | grep -vc '^..... : ')" 0
is "one colon in each line" "$(awk -F: 'NF != 2' /tmp/list)" ""
check "less than a page" [ "$(wc -c </tmp/list)" -lt 4096 ]
is "read byte by byte it is the same" "$(dd if="$(vf 0)/nvidia/creatable_vgpu_types" bs=1 2>/dev/null |
	md5sum)" "$(md5sum </tmp/list)"
clients "nothing selected" 0 29
is "vgpu-device-manager's name" "$(vdm </tmp/list | sed -n 's/^874 //p')" L40-4Q
is "the plugin's resource" "$(plugin </tmp/list | sed -n 's/^874 //p')" nvidia.com/NVIDIA_L40-4Q
is "hypeman's framebuffer" "$(hypeman </tmp/list | sed -n 's/^889 //p')" "NVIDIA L40-24A 24"
is "Proxmox' type" "$(proxmox </tmp/list | sed -n 's/^nvidia-901 //p')" "NVIDIA L40-4C"
# OpenNebula without a profile takes line 2, with one any line that has the number
is "OpenNebula's default" "$(sed -n 2p /tmp/list | cut -d: -f1 | tr -d ' ')" 869
is "OpenNebula's profile" "$(grep -c 874 /tmp/list)" 1
is "vmon compares with 0 and a newline" "$(od -An -c "$(vf 0)/nvidia/current_vgpu_type" | tr -d ' ')" '0\n'
is "the list is read only" "$(ls -l "$(vf 0)/nvidia/creatable_vgpu_types" | cut -c1-10)" "-r--r--r--"

# ---- what fits now ----

check "4 GiB on the first VF" set_type 0 874
is "its own list has its type" "$(names 0)" "L40-4Q "
is "the others' lists have that size" "$(names 1)" "L40-4Q L40-4A L40-4C "
clients "one selected" 1 3
clients "the VF itself" 0 1
check "another series on the second" set_type 1 901
if [ "$GSP_ROOM" = 2 ]; then
	is "the GPU is full: heading only" "$(list 2)" "$heading"
	clients "full" 2 0
else
	is "the third has that size, too" "$(names 2)" "L40-4Q L40-4A L40-4C "
fi
set_type 0 0
is "one is given back: that size still" "$(names 0)" "L40-4Q L40-4A L40-4C "
set_type 1 0
is "both: all types, at once, everywhere" \
	"$(for i in 0 1 2 3; do list $i | wc -l; done | tr '\n' ' ')" "30 30 30 30 "
check "the whole board for one" set_type 3 880
is "nothing is left: heading only" "$(list 0)" "$heading"
clients "the board is taken" 0 0
is "the VF that has it knows its name" "$(names 3)" "L40-48Q "
set_type 3 0
if [ "$GSP_ROOM" = 32 ]; then
	mode=$(echo "$PF_DIR"/openvgpu_core.vgpu.*)/heterogeneous
	echo 1 >"$mode"
	check "mixed sizes: 24 GiB" set_type 0 879
	is "the others may have all but the whole board" "$(list 1 | wc -l) $(list 1 | grep -c -- '-48')" "27 0"
	set_type 1 879
	is "two of 24 GiB: heading only" "$(list 2)" "$heading"
	set_type 0 0
	set_type 1 0
	echo 0 >"$mode"
fi

# ---- reading asks nobody and waits for nobody ----

rpcs=$(counter rpcs)
i=0
while [ $i -lt 100 ]; do
	list $((i % 4)) >/dev/null
	i=$((i + 1))
done
is "a hundred lists, no message to GSP" "$(counter rpcs)" "$rpcs"
set_type 0 871
qmp set fault rpc-delay=1:5000
t0=$(ms)
vfio-open "$(vf_bdf 0)" >/tmp/open 2>&1 &
pid=$!
wait_for 4 sh -c "[ \"\$(awk '\$1 == \"rpcs\" { print \$2 }' $DEBUG_DIR/counters)\" -gt $rpcs ]"
t1=$(ms)
list 1 >/tmp/list.1
list 0 >/tmp/list.0
cat "$(vf 0)/nvidia/current_vgpu_type" >/tmp/type.0
check "another VF can have a type" set_type 1 871
t2=$(ms)
wait $pid
is "it was created" $? 0
t3=$(ms)
echo "# creation $((t3 - t0)) ms, of which the lists were read in $((t2 - t1)) ms"
check "GSP took its time" [ $((t3 - t0)) -ge 5000 ]
check "the lists did not wait for it" [ $((t2 - t1)) -lt 2000 ]
is "and are right" "$(grep -c . /tmp/list.1) $(sed -n 2p /tmp/list.0) $(cat /tmp/type.0)" \
	"4 871   : NVIDIA L40-1Q 871"
qmp set fault none
set_type 0 0
set_type 1 0

# ---- ECC ----

qmp set ecc true
check "ECC is on" rebind 2
is "types that cannot run with it are not listed" "$(list 0 | grep -c -- '-[0-9]*B$')" 0
is "all others are" "$(list 0 | wc -l)" 28
mark_dmesg
is "nor can one be selected" "$(refused 0 869)" "No such device"
like "the log says why" "$(dmesg_since)" "type 869 \\(NVIDIA L40-1B\\) cannot run while ECC is on"
check "another one can" set_type 0 871
check "and runs" vfio-open "$(vf_bdf 0)"
qmp set ecc false

# ---- a file as NVIDIA's ----

cp $md /tmp/md
cp /lab/vgpu-types-imported-"$GSP_VERSION".bin $md
mark_dmesg
rebind 2
like "signatures that are none of ours are refused" "$(dmesg_since)" \
	"GSP refused .*are its signatures NVIDIA's"
is "by this rule" "$(qmp get last-refusal)" type-signature
is "there are no types" "$(list 0)" "$heading"
qmp set trust-types true
check "who trusts them" rebind 2
is "gets them" "$(list 0 | sed 1d)" "9001  : OVG Sample-4Q
9002  : OVG Sample-8A
9003  : OVG Sample-48C"
check "and a vGPU" set_type 1 9001
check "that runs" vfio-open "$(vf_bdf 1)"
# Its own signature zeroed: header 232, blob 16, head 56, 3 types, upload 8, at 68
dd if=/dev/zero of=$md bs=1 count=128 conv=notrunc \
	seek=$((232 + 16 + 56 + 3 * 144 + 8 + 68)) 2>/dev/null
fix_crc $md
rebind 2
is "no signature is none, trusted or not" "$(list 0) $(qmp get last-refusal)" "$heading type-signature"
cp /tmp/md $md
printf X | dd of=$md bs=1 seek=$((232 + 16 + 56 + 29 * 144 + 8 + 68 + 20)) conv=notrunc 2>/dev/null
fix_crc $md
rebind 2
is "nor is one of ours that was altered" "$(list 0) $(qmp get last-refusal)" "$heading type-signature"
qmp set trust-types false
cp /tmp/md $md
check "the file is back" rebind 1
is "and its types" "$(list 0 | wc -l)" 30

# ---- other boards ----

# board ID NAME TYPES TYPE: a GPU of its own
board() {
	PF=$(basename "$(dirname "$(grep -lx "0x$1" /sys/bus/pci/devices/*/device | head -n 1)")")
	PF_DIR=/sys/bus/pci/devices/$PF
	DEBUG_DIR=/sys/kernel/debug/openvgpu/$PF
	check "$2: GSP runs" test -e "$PF_DIR/driver"
	echo 1 >"$PF_DIR/sriov_numvfs"
	check "$2: a VF of driver nvidia" \
		wait_for 10 sh -c "[ \"\$(basename \$(readlink $(vf 0)/driver))\" = nvidia ]"
	is "$2: VF's device id" "$(cat "$(vf 0)/device")" "0x$1"
	clients "$2" 0 "$3"
	[ "$3" = 0 ] && return
	is "$2: all are $2's" "$(sed 1d /tmp/list | grep -vc ": NVIDIA $2-[0-9]*[ABCQ]\$")" 0
	check "$2: type $4" set_type 0 "$4"
	check "$2: a vGPU of it" vfio-open "$(vf_bdf 0)"
	is "$2: the largest" "$(vdm </tmp/list | grep -c -- '-\(24\|48\)Q$')" "$5"
	set_type 0 0
	check "$2: the whole board" set_type 0 "$(type_id "$6")"
	check "$2: a vGPU of it" vfio-open "$(vf_bdf 0)"
	set_type 0 0
}

# With ECC on there is a sixteenth less of FB, and no class B.
board 26b9 L40S 27 1148 2 L40S-48Q
is "L40S: its FB" "$(cat "$PF_DIR"/openvgpu_core.vgpu.*/fb_total)" $((45 << 30))
board 27b8 L4 21 914 1 L4-24Q
is "L4: its FB" "$(cat "$PF_DIR"/openvgpu_core.vgpu.*/fb_total)" $((45 << 29))
board 26b1 RTX6000-Ada 29 945 2 RTX6000-Ada-48Q
board 26ba L20 0
like "a board without types is told so" "$(dmesg)" \
	"vGPU types: .*has no types for this board, 10de:26ba; it is for boards 26b5 27b8 26b9 26b1; make it anew"

unload_modules
check "no warning in the kernel log" dmesg_clean
done_testing
