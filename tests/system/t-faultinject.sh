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

# Symbols of the kernel in the order of their addresses: address, name, [module].
awk '{ print "0x" $1, $3, $4 }' /proc/kallsyms | sort >/tmp/symbols

# text WHAT: where the code of a function, or of a [module], begins and ends
text() {
	awk -v what="$1" '
		$2 == what || $3 == what { if (!from) from = $1; last = 1; next }
		last { to = $1; last = 0 }
		END { print from, to }' /tmp/symbols
}

# among KIND WHAT: only allocations of that kind, below code of WHAT.  Not below
# vfio_create_group(): Linux warns in its own error path there.
among() {
	kind=$1
	what=$2
	# shellcheck disable=SC2046
	set -- $(text vfio_create_group)
	for attr in $slab $pages; do
		echo 1 >$attr/require-start
		echo 1 >$attr/require-end
		echo "${1:-0}" >$attr/reject-start
		echo "${2:-0}" >$attr/reject-end
		echo N >$attr/ignore-gfp-wait
		echo 2 >$attr/verbose
	done
	# shellcheck disable=SC2046
	set -- $(text "$what")
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
	echo "$(qmp get plugin-tasks) $(qmp get rm-objects) $(qmp get channels) $(qmp get vmmu-segments)"
}

mgr() {
	sed -n "s/^$1 //p" /sys/kernel/debug/openvgpu-mgr/"$PF"
}

leaks() {
	sed '/^rpc\|^events\|^scrubbed/d' "$DEBUG_DIR/counters"
	mgr open
	mgr quarantined
	model
}

bound() {
	[ -e "$PF_DIR/driver" ]
}

# bad TEXT: a trial that was not clean
bad() {
	echo "# allocation $n ($where): $*"
	left_behind | sed 's/^/#   /'
	bads=$((bads + 1))
}

# verdict TEXT FAILED: all trials were clean, and there were some
verdict() {
	if [ $bads = 0 ] && [ $((n - 1)) -ge "$2" ]; then
		ok "$1: $((n - 1)) allocations failed, cleanly"
	else
		not_ok "$1: $((n - 1)) allocations failed, $bads not cleanly"
	fi
}

start() {
	n=1
	bads=0
}

# ---- a vGPU is opened and closed ----

check "modules, a VF" host_up 1
set_type 0 "$(type_id L40-1Q)"

opens() {
	start
	before=$(leaks)
	while trial $n "exec ovg-smoke --vfio $(vf_bdf 0) --pattern-only --fb-mib 4"; do
		echo "# allocation $n: status $got, $where"
		[ "$(leaks)" = "$before" ] || {
			bad "something is left"
			leaks >/tmp/leaks.now
		}
		[ -z "$(left_behind)" ] || bad "complaints"
		n=$((n + 1))
	done
	[ $got = 0 ] || bad "without a fault it fails: $(tail -n 1 /tmp/trial.out)"
}
among $slab ovg_vfio_open
opens
verdict "open, slab" 10
among $slab ovg_vfio_close
opens
verdict "close, slab" 2
for f in open close; do
	among $pages ovg_vfio_$f
	opens
	verdict "$f, pages" 0
done
set_type 0 0
echo 0 >"$PF_DIR/sriov_numvfs"

# ---- VFs come and go ----

vfs() {
	start
	while trial $n "echo 1 >$PF_DIR/sriov_numvfs"; do
		echo "# allocation $n: status $got, $(cat "$PF_DIR/sriov_numvfs") VFs, $where"
		echo 0 >"$PF_DIR/sriov_numvfs"
		[ -z "$(left_behind)" ] || bad "complaints"
		n=$((n + 1))
	done
	check "a VF without a fault has its driver" test -e "$(vf 0)/nvidia/current_vgpu_type"
}
novfs() {
	start
	while trial $n "echo 0 >$PF_DIR/sriov_numvfs"; do
		echo "# allocation $n: status $got, $(cat "$PF_DIR/sriov_numvfs") VFs, $where"
		[ "$(cat "$PF_DIR/sriov_numvfs")" = 0 ] || bad "the VFs did not go"
		[ -z "$(left_behind)" ] || bad "complaints"
		echo 1 >"$PF_DIR/sriov_numvfs"
		n=$((n + 1))
	done
}
for k in $slab $pages; do
	among $k "[openvgpu_vfio_pci]"
	vfs
	verdict "VFs come, $(basename $k)" 1
	novfs
	verdict "VFs go, $(basename $k)" 1
	echo 0 >"$PF_DIR/sriov_numvfs" 2>/dev/null
done

# ---- unbind ----
unbinds() {
	start
	while trial $n "echo $PF >$drv/unbind"; do
		echo "# allocation $n: status $got, $where"
		! bound || bad "still bound"
		[ "$(model)" = "0 0 0 0" ] || bad "left in the GPU: $(model)"
		[ -z "$(left_behind)" ] || bad "complaints"
		echo "$PF" >$drv/bind || bad "cannot be bound again"
		n=$((n + 1))
	done
}
among $slab "[openvgpu_core]"
unbinds
verdict "unbind, slab" 10

# ---- bind ----
binds() {
	start
	while trial $n "echo $PF >$drv/bind"; do
		echo "# allocation $n: status $got, $(tail -n 1 /tmp/trial.out), $where"
		! bound || echo "$PF" >$drv/unbind
		[ "$(model)" = "0 0 0 0" ] || bad "left in the GPU: $(model)"
		[ -z "$(left_behind)" ] || bad "complaints"
		n=$((n + 1))
	done
}
binds
verdict "bind, slab" 10
unload_modules
done_testing
