#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The life of vGPUs on VFIO fds, without guests: the whole workload, two at a
# time, one killed, a third VF in the memory of the first, fifty opens.
# timeout: 600
. /lab/lib.sh

mgr() {
	sed -n "s/^$1 //p" /sys/kernel/debug/openvgpu-mgr/"$PF"/state
}

leaks() {
	sed '/^rpc\|^events\|^scrubbed/d' "$DEBUG_DIR/counters"
	mgr open
	qmp get plugin-tasks
	qmp get channels
	qmp get vmmu-segments
}

check "modules, 4 VFs" host_up 4
before=$(leaks)
check "a type of 1 GiB for three series" set_type 0 "$(type_id L40-1Q)"
check "of the same size" set_type 1 "$(type_id L40-1B 1)"

check "the whole workload on a VFIO fd" ovg-smoke --vfio "$(vf_bdf 0)"
sed 's/^/# /' /tmp/check.out

# Two at the same time; one writes and verifies while the other is killed.
ovg-smoke --vfio "$(vf_bdf 0)" --seed 1 --hold --fb-mib 64 >/tmp/a 2>&1 </dev/null &
a=$!
check "the first holds" wait_for 60 grep -q holding /tmp/a
check "the second runs beside it" ovg-smoke --vfio "$(vf_bdf 1)" --seed 2 --fb-mib 64
check "the first is still well" kill -0 $a
is "its pattern is intact" "$(grep -c FAIL /tmp/a)" 0
kill -9 $a
wait $a 2>/dev/null
check "killed: closed" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
check "it starts again" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 64 --read-zero

# A third VF takes the place of the first.
check "fill with a pattern" ovg-smoke --vfio "$(vf_bdf 0)" --seed 7 --pattern-only
set_type 0 0
check "a third VF gets the place" set_type 2 "$(type_id L40-1A 2)"
check "and reads zeroes" ovg-smoke --vfio "$(vf_bdf 2)" --read-zero
set_type 2 0
set_type 0 "$(type_id L40-1Q)"

ovg-smoke --vfio "$(vf_bdf 0)" --pattern-only --fb-mib 4 >/dev/null
counters=$(leaks)
slab0=$(slab)
i=0
while [ $i -lt 50 ]; do
	ovg-smoke --vfio "$(vf_bdf 0)" --pattern-only --fb-mib 4 >/tmp/out 2>&1 || break
	i=$((i + 1))
done
is "50 times open and close" $i 50
is "they leave FB, channel ids and the model where they were" "$(leaks)" "$counters"
slab_kept "and kernel memory" $slab0

# As many at once as there are VFs.
if [ "$GSP_ROOM" = 32 ]; then
	set_type 0 0
	set_type 1 0
	echo 0 >"$PF_DIR/sriov_numvfs"
	echo 32 >"$PF_DIR/sriov_numvfs"
	wait_for 30 test -e "$(vf 31)/nvidia/current_vgpu_type"
	is "each VF is alone in its IOMMU group" \
		"$(ls -d "$PF_DIR"/virtfn*/iommu_group/devices/* | wc -l) $(for v in "$PF_DIR"/virtfn*; do
			readlink "$v/iommu_group"; done | sort -u | wc -l)" "32 32"
	one=$(type_id L40-1Q)
	i=0
	all=
	while [ $i -lt 32 ]; do
		set_type $i "$one" || break
		all="$all $(vf_bdf $i)"
		i=$((i + 1))
	done
	is "32 types" $i 32
	# The shortest of a few: the host of this VM has other things to do, too.
	for i in 1 2 3 4 5 6 7 8 9 10; do
		vfio-open "$(vf_bdf 0)"
	done | sort -n | head -n 1 >/tmp/one
	# shellcheck disable=SC2086
	for i in 1 2 3 4 5 6 7 8 9 10; do
		vfio-open $all
	done | sort -n | head -n 1 >/tmp/all
	# On the debug kernel it is the processor that takes the time.
	times=4
	[ ! -e /sys/kernel/debug/kmemleak ] || times=32
	check "32 at once ($(cat /tmp/all) ms) take no longer than $times times one ($(cat /tmp/one) ms)" \
		[ "$(cat /tmp/all)" -le $((times * $(cat /tmp/one))) ]
	i=0
	pids=
	while [ $i -lt 32 ]; do
		ovg-smoke --vfio "$(vf_bdf $i)" --seed $i --hold --fb-mib 4 >/tmp/many.$i 2>&1 </dev/null &
		pids="$pids $!"
		i=$((i + 1))
	done
	check "32 vGPUs at the same time" \
		wait_for 120 sh -c "[ \"\$(grep -l holding /tmp/many.* | wc -l)\" = 32 ]"
	is "32 plugin tasks" "$(qmp get plugin-tasks)" 32
	is "no one's memory is another's" "$(grep -l FAIL /tmp/many.*)" ""
	# shellcheck disable=SC2086
	kill -9 $pids
	wait
	check "all end" wait_for 60 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
	i=0
	while [ $i -lt 32 ]; do
		set_type $i 0 || break
		i=$((i + 1))
	done
	is "32 types are given back" $i 32
	echo 0 >"$PF_DIR/sriov_numvfs"
	echo 4 >"$PF_DIR/sriov_numvfs"
fi

set_type 0 0
set_type 1 0
is "all is given back" "$(leaks)" "$before"
is "nothing is quarantined" "$(mgr quarantined)" 0
unload_modules
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
