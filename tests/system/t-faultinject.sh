#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Every allocation that our modules make, or that is made on their behalf, fails
# once: the first, the second, ... of a bind, of VFs coming and going, of a vGPU's
# open and close, of an unbind.  What was asked for may fail then; nothing may be
# left behind, and the next time it works.
# kernel: debug
# group: faultinject
# append: iommu=pt page_poison=0
# timeout: 1500
. /lab/lib.sh

slab=/sys/kernel/debug/failslab
pages=/sys/kernel/debug/fail_page_alloc
drv=/sys/bus/pci/drivers/openvgpu

if [ ! -d $slab ] || [ ! -d $pages ]; then
	ok "fault injection # SKIP this kernel has none, make check-debug runs it"
	done_testing
fi

# text WHAT: where the code of a function, or of a [module], begins and ends
text() {
	awk '{ print "0x" $1, $3, $4 }' /proc/kallsyms | sort | awk -v what="$1" '
		$2 == what || $3 == what { if (from == "") from = $1; inside = 1; next }
		inside { to = $1; inside = 0 }
		END { print from, inside ? "0xffffffffffffffff" : to }'
}

# among KIND WHAT EXCEPT: only allocations of that kind, below code of WHAT and not
# below EXCEPT, whose own error path is none of ours
among() {
	kind=$1
	what=$2
	# shellcheck disable=SC2046
	set -- $(text "$3")
	[ -n "$2" ] || { not_ok "the kernel has no function $3"; set -- 0 0; }
	for attr in $slab $pages; do
		echo 1 >$attr/require-start
		echo 1 >$attr/require-end
		echo "$1" >$attr/reject-start
		echo "$2" >$attr/reject-end
		echo N >$attr/ignore-gfp-wait
		echo 2 >$attr/verbose
	done
	# shellcheck disable=SC2046
	set -- $(text "$what")
	[ -n "$2" ] || { not_ok "the kernel has no function $what"; return; }
	echo "$1" >"$kind/require-start"
	echo "$2" >"$kind/require-end"
}

# What has a name of its own is the allocators' and the checks' own business.
for c in /sys/kernel/slab/kmalloc-*; do
	echo 1 >"$c/failslab"
done
echo Y >$slab/cache-filter
echo 0 >$pages/min-order
echo N >$pages/ignore-gfp-highmem

cat >/tmp/trial <<'END'
echo "$1" >/proc/self/fail-nth
shift
eval "$@"
END

# trial N COMMAND: with the Nth allocation failing; false when there are fewer.
# The command's status is in $got, who asked for the memory in $where.
trial() {
	dmesg -c >/dev/null
	echo 1000 >"$kind/times"
	sh /tmp/trial "$@" >/tmp/trial.out 2>&1
	got=$?
	dmesg >/tmp/trial.log
	where=$(sed -n 's/^\[[ 0-9.]*\]  \([a-z_0-9]*\)[.+].* \[openvgpu.*/\1/p' /tmp/trial.log |
		head -n 2 | tr '\n' ' ')
	[ "$(cat "$kind/times")" = 999 ]
}

# What our driver complains of when it is left with something.
left_behind() {
	dmesg | grep -E 'openvgpu|nvidia' |
		grep -E 'never|still taken|kept out of use|WARNING|timed out|did not'
}

model() {
	echo "$(qmp get plugin-tasks) $(qmp get rm-objects) $(qmp get vmmu-segments)"
}

mgr() {
	sed -n "s/^$1 //p" /sys/kernel/debug/openvgpu-mgr/"$PF"/state
}

leaks() {
	sed '/^rpc\|^events\|^scrubbed/d' "$DEBUG_DIR/counters"
	mgr open
	mgr quarantined
	model
}

# bad WHAT: a trial that was not clean
bad() {
	echo "# allocation $n ($where): $*"
	bads=$((bads + 1))
}

# each TEXT MIN NEXT COMMAND AFTER: the command with its first allocation failing,
# then with another, until there is none left to fail.  NEXT computes which is next;
# AFTER looks at what the trial has left and makes all as before.  Passes when all
# trials were clean and there were MIN of them.
each() {
	text=$1
	n=1
	trials=0
	bads=0
	while trial $n "$4"; do
		echo "# allocation $n: status $got, $(tail -n 1 /tmp/trial.out) ($where)"
		$5
		left_behind >/tmp/left
		[ ! -s /tmp/left ] || bad "$(cat /tmp/left)"
		trials=$((trials + 1))
		n=$(($3))
	done
	[ $got = 0 ] || bad "it fails without a fault: $(tail -n 1 /tmp/trial.out)"
	if [ $bads = 0 ] && [ $trials -ge "$2" ]; then
		ok "$text: $trials of $((n - 1)) allocations failed, cleanly"
	else
		not_ok "$text: $trials of $((n - 1)) allocations failed, $bads not cleanly"
	fi
}

all='n + 1'
some='n < 8 ? n + 1 : n * 3 / 2'

# ---- a vGPU is opened and closed ----

after_open() {
	[ "$(leaks)" = "$before" ] || bad "something is left: $(leaks)"
}

check "modules, a VF" host_up 1
set_type 0 "$(type_id L40-1Q)"
before=$(leaks)
smoke="exec ovg-smoke --vfio $(vf_bdf 0) --pattern-only --fb-mib 4"
among $slab ovg_vfio_open __pci_enable_msix_range
each "open" 8 "$all" "$smoke" after_open
among $pages ovg_vfio_open __pci_enable_msix_range
each "open, pages" 0 "$all" "$smoke" after_open
among $slab ovg_vfio_close __pci_enable_msix_range
each "close" 0 "$all" "$smoke" after_open
set_type 0 0
echo 0 >"$PF_DIR/sriov_numvfs"

# ---- VFs come and go ----

after_come() {
	echo 0 >"$PF_DIR/sriov_numvfs"
}

after_go() {
	[ "$(cat "$PF_DIR/sriov_numvfs")" = 0 ] || bad "the VF did not go"
	echo 1 >"$PF_DIR/sriov_numvfs"
}

for kind in $slab $pages; do
	# how many pages are asked for depends on what the slabs have in store
	[ "$kind" = $slab ] && min=4 || min=1
	among $kind "[openvgpu_vfio_pci]" vfio_create_group
	each "a VF comes, ${kind##*/}" $min "$all" "echo 1 >$PF_DIR/sriov_numvfs" after_come
	check "without a fault it has its driver" test -e "$(vf 0)/nvidia/current_vgpu_type"
	among $kind "[openvgpu_vfio_pci]" vfio_create_group
	each "a VF goes, ${kind##*/}" 0 "$all" "echo 0 >$PF_DIR/sriov_numvfs" after_go
done

# ---- the PF is bound and unbound ----

after_unbind() {
	[ ! -e "$PF_DIR/driver" ] || bad "it is still bound"
	[ "$(model)" = "0 0 0" ] || bad "left in the GPU: $(model)"
	echo "$PF" >$drv/bind || bad "it cannot be bound again"
}

after_bind() {
	[ ! -e "$PF_DIR/driver" ] || echo "$PF" >$drv/unbind
	[ "$(model)" = "0 0 0" ] || bad "left in the GPU: $(model)"
}

among $slab "[openvgpu_core]" __pci_enable_msix_range
each "unbind" 4 "$all" "echo $PF >$drv/unbind" after_unbind
each "bind" 50 "$all" "echo $PF >$drv/bind" after_bind
echo "$PF" >$drv/unbind
among $pages "[openvgpu_core]" __pci_enable_msix_range
each "bind, pages" 10 "$some" "echo $PF >$drv/bind" after_bind

echo 1 >"$PF_DIR/sriov_numvfs"
check "after all that there is a VF" wait_for 10 test -e "$(vf 0)/nvidia/current_vgpu_type"
check "a type" set_type 0 "$(type_id L40-1Q)"
check "and a vGPU that works" ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4
unload_modules
done_testing
