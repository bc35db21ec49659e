#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Placement and settings: where vGPUs of one size and of mixed sizes stand, every
# valid and invalid write to placement_id, vgpu_params, gpu_instance_id,
# warm_update and the GPU's own files.
# timeout: 600
. /lab/lib.sh

nvidia() {
	echo "$(vf "$1")/nvidia/$2"
}

get() {
	cat "$(nvidia "$1" "$2")" 2>&1 | sed 's/.*: //'
}

# put VF FILE TEXT: nothing, or the error
put() {
	{ echo "$3" >"$(nvidia "$1" "$2")"; } 2>&1 | sed 's/.*: //'
}

gpu_put() {
	{ echo "$2" >"$GPU/$1"; } 2>&1 | sed 's/.*: //'
}

hold() {
	ovg-smoke --vfio "$(vf_bdf "$1")" --seed "$1" --hold --fb-mib "$2" >"/tmp/hold.$1" 2>&1 </dev/null &
	eval "pid$1=$!"
	wait_for 60 grep -q holding "/tmp/hold.$1"
}

release() {
	eval "kill -9 \$pid$1"
	eval "wait \$pid$1" 2>/dev/null
	wait_for 20 sh -c "! fuser /dev/vfio/$(basename "$(readlink "$(vf "$1")/iommu_group")") 2>/dev/null"
}

check "modules, 4 VFs" host_up 4
GPU=$(echo "$PF_DIR"/openvgpu_core.vgpu.*)

# ---- the GPU's files ----
is "GSP release" "$(cat "$GPU/gsp_version")" "$GSP_VERSION"
is "room" "$(cat "$GPU/max_vgpus")" "$GSP_ROOM"
is "FB" "$(cat "$GPU/fb_total")" 51539607552
free=$(cat "$GPU/fb_free")
check "some of it is free" [ "$free" -gt 49000000000 ]
is "nothing is quarantined" "$(cat "$GPU/quarantined")" 0
is "homogeneous mode" "$(cat "$GPU/heterogeneous")" 0
is "only nvidia's files are in nvidia/" "$(ls "$(vf 0)/nvidia" | tr '\n' ' ')" \
	"creatable_vgpu_types current_vgpu_type gpu_instance_id placement_id vgpu_params warm_update "
is "the PF has no such directory" "$(ls -d "$PF_DIR/nvidia" 2>/dev/null)" ""

# ---- without a type ----
for f in placement_id gpu_instance_id; do
	is "no type: $f cannot be read" "$(get 0 $f)" "No such device or address"
	is "no type: $f cannot be written" "$(put 0 $f 0)" "No such device or address"
done

# ---- homogeneous ----
q4=$(type_id L40-4Q)
is "4 GiB" "$(put 0 current_vgpu_type "$q4")" ""
is "stands at 0" "$(get 0 placement_id)" 0
is "4 GiB" "$(put 1 current_vgpu_type "$q4")" ""
is "stands at 4" "$(get 1 placement_id)" 4
is "it moves to where it is" "$(put 1 placement_id 4)" ""
is "it moves to the end" "$(put 1 placement_id 44)" ""
is "there it is" "$(get 1 placement_id)" 44
is "not onto another" "$(put 1 placement_id 0)" "Device or resource busy"
for bad in 2 45 48 65535 65536 4294967295 4294967296 -1 x '' '0 4'; do
	is "not to '$bad'" "$(put 1 placement_id "$bad")" "Invalid argument"
done
is "it stays" "$(get 1 placement_id)" 44
check "memory at the end of FB is good" ovg-smoke --vfio "$(vf_bdf 1)" --fb-mib 64
check "FB is accounted for" [ "$(cat "$GPU/fb_free")" -lt $((free - 8000000000)) ]

# ---- settings ----
is "gpu_instance_id reads 0" "$(get 0 gpu_instance_id)" 0
is "there is no MIG" "$(put 0 gpu_instance_id 0)" "Operation not supported"
is "and no such number" "$(put 0 gpu_instance_id x)" "Invalid argument"
is "warm_update reads 0" "$(get 0 warm_update)" 0
is "0 is what holds" "$(put 0 warm_update 0)" ""
is "1 is not supported" "$(put 0 warm_update 1)" "Operation not supported"
for bad in 2 x ''; do
	is "'$bad' is none" "$(put 0 warm_update "$bad")" "Invalid argument"
done

is "no settings" "$(get 0 vgpu_params)" ""
for good in "disable_vnc=1" "frame_rate_limiter=0,enable_uvm=1" \
	" enable_profiling = 1 , enable_debugging=0" "override_bar1_size=1,address64=1" \
	"something_new=17"; do
	is "vgpu_params takes '$good'" "$(put 0 vgpu_params "$good")" ""
	is "and keeps it" "$(get 0 vgpu_params)" "$(echo "$good" | sed 's/^ *//')"
done
like "an unknown key is named in the log" "$(dmesg)" '"something_new" is not known'
for bad in disable_vnc disable_vnc= =1 disable_vnc=2 disable_vnc=yes , disable_vnc=1, \
	"a b" "enable_uvm=0 1" "$(printf 'a=\001')"; do
	is "vgpu_params refuses '$bad'" "$(put 0 vgpu_params "$bad")" "Invalid argument"
done
is "and keeps what was there" "$(get 0 vgpu_params)" "something_new=17"
long=$(head -c 1021 /dev/zero | tr '\0' 1)
is "1023 characters" "$(put 0 vgpu_params "a=$long")" ""
is "1024 are too many" "$(put 0 vgpu_params "a=1$long")" "Argument list too long"
is "a blank clears" "$(put 0 vgpu_params " ")" ""
is "cleared" "$(get 0 vgpu_params)" ""

put 0 vgpu_params "disable_vnc=1,enable_uvm=1,enable_profiling=1"
check "a vGPU with settings" hold 0 4
[ "$GSP_ROOM" = 32 ] && at=0 || at=-
is "they reach the plugin" "$(qmp get vgpus)" "1:$q4@$at+uvm+profiling"
is "no settings while it is open" "$(put 0 vgpu_params "disable_vnc=0")" "Operation not permitted"
is "no other place either" "$(put 0 placement_id 8)" "Operation not permitted"
is "the type stays, too" "$(put 0 current_vgpu_type 0)" "Device or resource busy"
like "the list can be read" "$(get 0 creatable_vgpu_types)" "L40-4Q"
release 0
is "type away" "$(put 0 current_vgpu_type 0)" ""
is "settings go with it" "$(get 0 vgpu_params)" ""
put 1 current_vgpu_type 0
is "all FB is free again" "$(cat "$GPU/fb_free")" "$free"

# ---- mixed sizes ----
for bad in 2 x ''; do
	is "heterogeneous refuses '$bad'" "$(gpu_put heterogeneous "$bad")" "Invalid argument"
done
if [ "$GSP_ROOM" != 32 ]; then
	is "this release has no mixed sizes" "$(gpu_put heterogeneous 1)" "Operation not supported"
	is "it stays as it is" "$(gpu_put heterogeneous 0)" ""
else
	put 0 current_vgpu_type "$q4"
	is "no change while there is a type" "$(gpu_put heterogeneous 1)" "Device or resource busy"
	put 0 current_vgpu_type 0
	is "mixed sizes" "$(gpu_put heterogeneous 1)" ""
	is "the mode" "$(cat "$GPU/heterogeneous")" 1
	is "GSP's too" "$(qmp get mixed-sizes)" true
	q24=$(type_id L40-24Q)
	is "24 GiB" "$(put 0 current_vgpu_type "$q24")" ""
	is "stand at 0" "$(get 0 placement_id)" 0
	is "1 GiB" "$(put 1 current_vgpu_type "$(type_id L40-1Q 1)")" ""
	is "stands at 24" "$(get 1 placement_id)" 24
	is "no second 24 GiB" "$(put 2 current_vgpu_type "$q24")" "No space left on device"
	is "nor are they listed" "$(type_id L40-24Q 2)" ""
	is "8 GiB beside them" "$(put 2 current_vgpu_type "$(type_id L40-8A 2)")" ""
	is "stand at 40" "$(get 2 placement_id)" 40
	is "3 GiB more" "$(put 3 current_vgpu_type "$(type_id L40-3Q 3)")" ""
	is "stand at 27" "$(get 3 placement_id)" 27
	is "not where NVIDIA has no place for them" "$(put 3 placement_id 28)" "Invalid argument"
	is "but at 33" "$(put 3 placement_id 33)" ""
	is "no change of mode" "$(gpu_put heterogeneous 0)" "Device or resource busy"
	is "but the mode that holds" "$(gpu_put heterogeneous 1)" ""
	for i in 0 1 2 3; do
		check "vGPU $i runs" hold $i 64
	done
	is "four sizes at once" "$(qmp get vgpus | sed 's/[0-9]*:[0-9]*@\([0-9]*\)[^ ]*/\1/g')" "0 24 40 33"
	is "no one's memory is another's" "$(grep -l FAIL /tmp/hold.*)" ""
	for i in 0 1 2 3; do
		release $i
	done
	for i in 0 1 2 3; do
		check "vGPU $i has its memory" ovg-smoke --vfio "$(vf_bdf $i)" --fb-mib 64 --read-zero
	done
	for i in 0 1 2 3; do
		put $i current_vgpu_type 0
	done
	is "the whole board for one" "$(put 0 current_vgpu_type "$(type_id L40-48Q)")" ""
	check "which runs" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 64
	put 0 current_vgpu_type 0
	is "equal sizes again" "$(gpu_put heterogeneous 0)" ""
	is "the mode" "$(cat "$GPU/heterogeneous")" 0

	is "mixed sizes once more" "$(gpu_put heterogeneous 1)" ""
	rmmod openvgpu-vfio-pci
	rmmod openvgpu-mgr
	is "the manager goes, GSP's mode stays" "$(qmp get mixed-sizes)" true
	load_modules
	check "the VFs are back" wait_for 10 test -e "$(nvidia 3 current_vgpu_type)"
	is "a new manager begins with equal sizes" "$(cat "$GPU/heterogeneous")" 0
	is "and so does GSP" "$(qmp get mixed-sizes)" false
	put 0 current_vgpu_type "$q4"
	is "a type: the mode that holds can be written" "$(gpu_put heterogeneous 0)" ""
	check "a vGPU runs" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 64
	put 0 current_vgpu_type 0
fi
is "all FB is free at the end" "$(cat "$GPU/fb_free")" "$free"
like "the model refused nothing but what the workload provokes" "$(qmp get last-refusal)" '^(channel-privileged)?$'
unload_modules
check "no warning in the kernel log" dmesg_clean
done_testing
