#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Everything that GSP tells by itself reaches an operator: as a tracepoint, as a
# uevent, in openvgpu/ of the VF.  The logs of a vGPU can be read while it lives,
# and a dump of them when it has died.
# timeout: 300
. /lab/lib.sh

tracing=/sys/kernel/tracing
dumps=/sys/class/devcoredump
drv=/sys/bus/pci/drivers/openvgpu

# file NAME [VF]
file() {
	cat "$(vf "${2:-0}")/openvgpu/$1"
}

# told EVENT DEVICE [WORD...]: such a uevent has come
told() {
	awk -v what="OPENVGPU_EVENT=$1" -v dev="/$2\$" -v words="$*" '
		function check(i, n, w) {
			n = split(words, w, " ")
			for (i = 3; i <= n; i++)
				if (!(w[i] in have))
					return
			if ((what in have) && ("ACTION=change" in have) && path ~ dev)
				found = 1
		}
		/^$/ { check(); delete have; path = ""; next }
		/^DEVPATH=/ { path = $0 }
		{ have[$0] }
		END { check(); exit !found }' /tmp/uevents
}

traced() {
	grep -Eq -- "$*" $tracing/trace
}

# event TEXT EVENT DEVICE [WORD...] -- PATTERN: uevent and tracepoint
event() {
	text=$1
	shift
	words=
	while [ "$1" != -- ]; do
		words="$words $1"
		shift
	done
	# shellcheck disable=SC2086
	check "$text: uevent" wait_for 10 told $words
	check "$text: tracepoint" wait_for 10 traced "$2"
}

# hold [OPTION...]: keep VF 0 open; pid
hold() {
	rm -f /tmp/hold
	ovg-smoke --vfio "$(vf_bdf 0)" --hold --fb-mib 4 "$@" >/tmp/hold 2>&1 </dev/null &
	pid=$!
	wait_for 60 grep -q holding /tmp/hold
}

let_go() {
	kill -9 $pid
	wait $pid 2>/dev/null
	wait_for 20 sh -c "grep -q '^open 0' /sys/kernel/debug/openvgpu-mgr/$PF/state"
}

check "modules, 2 VFs" host_up 2

# ---- before there is anything ----

# The manager asks GSP of itself after it has attached: samples that come meanwhile
# find all that they need.  They come each second, without a vGPU too.
rmmod openvgpu-vfio-pci
rmmod openvgpu-mgr
events=$(counter events)
qmp set fault rpc-delay=1:3000
check "samples come while the manager is being bound" modprobe openvgpu-mgr
qmp set fault none
check "they came ($(($(counter events) - events)))" [ "$(counter events)" -ge $((events + 2)) ]
modprobe openvgpu-vfio-pci
check "the VFs are back" wait_for 10 test -e "$(vf 1)/nvidia/current_vgpu_type"

VF=$(vf_bdf 0)
log_dir=/sys/kernel/debug/openvgpu-mgr/$VF
cat >/tmp/on-uevent <<'END'
[ -z "$OPENVGPU_EVENT" ] || { env | grep -E '^(ACTION|DEVPATH|SUBSYSTEM|OPENVGPU_.*)='; echo; } >>/tmp/uevents
END
: >/tmp/uevents
uevent sh /tmp/on-uevent &
listener=$!
vgpuctl --json events >/tmp/ctl-events 2>&1 &
ctl=$!
# an event costs some of the buffer: a test must not lose one
echo 4096 >$tracing/buffer_size_kb
echo 1 >$tracing/events/openvgpu_mgr/enable
sleep 1

# ---- files ----

is "modes" "$(stat -c %a "$(vf 0)"/openvgpu/* | sort -u)" 444
is "without a type" "$(file state)" none
is "no guest" "$(file guest_driver) $(file license) $(file vm_pid) $(file uuid)" \
	"unloaded unknown 0 "
is "no error" "$(file xid_count) $(file xid_last)" "0 0"
for f in gpu memory encoder decoder age_ms; do
	is "no sample: $f" "$({ file utilization_$f; } 2>&1 | sed 's/.*: //')" "No data available"
done
check "the PF has no openvgpu/" [ ! -e "$PF_DIR/openvgpu" ]

one=$(type_id L40-1Q)
check "a type" set_type 0 "$one"
check "a type: tracepoint" traced "vgpu_type: $VF gfid 1 type $one pid [0-9]+"
is "a type: state" "$(file state)" typed
for f in $log_dir/*; do
	like "closed: no $(basename "$f")" "$(cat "$f" 2>&1)" "No such device"
done

# ---- life ----

check "a vGPU is open and has worked" hold
ids="OPENVGPU_GFID=1 OPENVGPU_TYPE=$one"
# shellcheck disable=SC2086
event "bootloaded" bootloaded "$VF" $ids -- "vgpu_plugin_event: $VF gfid 1 bootloaded"
# shellcheck disable=SC2086
event "created" created "$VF" $ids -- "vgpu_created: $VF gfid 1 type $one pid $pid"
# shellcheck disable=SC2086
event "guest driver" guest_loaded "$VF" $ids -- "vgpu_plugin_event: $VF gfid 1 guest_loaded"
check "messages to the plugin task" traced "vgpu_plugin_call: $VF gfid 1 message 2 result 0x0 ret 0 in [0-9]+ us"
is "state" "$(file state)" ready
is "its VM" "$(file vm_pid)" $pid
like "its uuid" "$(file uuid)" '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
is "the guest's driver" "$(file guest_driver)" loaded
check "at first GSP does not know the guest" wait_for 10 traced "vgpu_license: $VF gfid 1 unknown"
check "the guest was asked for its licence" wait_for 10 sh -c \
	"[ \$(cat $(vf 0)/openvgpu/license) = unlicensed ]"
like "the log says how long messages take" "$(grep -c vgpu_plugin_call $tracing/trace)" '^[1-9]'

# ---- licence ----

check "what was not known was told nobody" [ "$(grep -c OPENVGPU_LICENSE= /tmp/uevents)" -le \
	"$(grep -c 'vgpu_license: .* unlicensed' $tracing/trace)" ]
qmp set fault license=1:1
event "licensed" license "$VF" OPENVGPU_LICENSE=licensed -- "vgpu_license: $VF gfid 1 licensed"
check "licensed: the event itself" traced "vgpu_plugin_event: $VF gfid 1 license"
check "licensed: file" wait_for 5 grep -qx licensed "$(vf 0)/openvgpu/license"
qmp set fault license=1:0
event "unlicensed" license "$VF" OPENVGPU_LICENSE=unlicensed -- "vgpu_license: $VF gfid 1 unlicensed"
check "unlicensed: file" wait_for 5 grep -qx unlicensed "$(vf 0)/openvgpu/license"

# ---- utilisation ----

check "copies show up as utilisation" \
	wait_for 10 traced "vgpu_util: $VF gfid 1 samples [0-9]+ gpu 0 memory [1-9][0-9]* encoder 0 decoder 0"
like "utilisation: files" "$(for f in gpu memory encoder decoder; do file utilization_$f; done | tr '\n' ' ')" \
	'^[0-9]+ [0-9]+ [0-9]+ [0-9]+ $'
check "samples keep coming" wait_for 10 sh -c "[ \$(cat $(vf 0)/openvgpu/utilization_age_ms) -lt 500 ]"

# ---- errors ----

# The workload has provoked some of its own: copies that must fail.
check "errors of the guest's channels" traced "vgpu_xid: $VF gfid 1 xid 31 channel [0-9]+: "
check "its channels were killed" traced "vgpu_rc: $VF gfid 1 code 31 channel [0-9]+"
count=$(file xid_count)
check "they are counted ($count)" [ "$count" -ge 5 ]
qmp set fault xid=1:13
event "Xid of a vGPU" xid "$VF" OPENVGPU_XID=13 OPENVGPU_GFID=1 -- "vgpu_xid: $VF gfid 1 xid 13 "
is "Xid: file" "$(file xid_count) $(file xid_last)" "$((count + 1)) 13"
qmp set fault xid=0:79
event "Xid of the GPU" xid "$PF" OPENVGPU_XID=79 OPENVGPU_GFID=0 -- "vgpu_xid: $PF gfid 0 xid 79 channel -1: "
is "that is none of the vGPU's" "$(file xid_count) $(file xid_last)" "$((count + 1)) 13"
qmp set fault ecc
event "ECC" ecc "$PF" OPENVGPU_ECC=uncorrected -- "vgpu_ecc: $PF uncorrected at 0x12345000"
qmp set fault ecc-corrected
event "corrected ECC" ecc "$PF" OPENVGPU_ECC=corrected -- "vgpu_ecc: $PF corrected at 0x0"

rpcs=$(counter rpcs)
refusals=$(qmp get refusals)
qmp set fault rc-fast-path
check "the RC of the fast path is acknowledged" wait_for 10 sh -c \
	"[ \"\$(awk '\$1 == \"rpcs\" { print \$2 }' $DEBUG_DIR/counters)\" -gt $rpcs ]"
sleep 3
is "which GSP wanted" "$(qmp get refusals)" "$refusals"
check "and nobody else hears of it" sh -c "! grep -Eq 'vgpu_rc: .* code (139|141) ' $tracing/trace"

# A guest may read a bad page again and again; corrected errors, as many as they are,
# hide no uncorrected one.
qmp set fault ecc-corrected=100
qmp set fault ecc=100
check "all are in the trace" wait_for 20 sh -c \
	"[ \$(grep -c 'vgpu_ecc: ' $tracing/trace) -eq 202 ]"
for kind in uncorrected corrected; do
	check "many $kind ECC errors are told" wait_for 30 sh -c "[ \$(grep -c OPENVGPU_ECC=$kind /tmp/uevents) -ge 20 ]"
done
sleep 1
check "not all" [ "$(grep -c OPENVGPU_ECC= /tmp/uevents)" -lt 202 ]

# ---- logs ----

want="init_log task_log"
[ "$GSP_ROOM" != 32 ] || want="init_log kernel_log task_log"
# shellcheck disable=SC2012
is "logs" "$(ls $log_dir | tr '\n' ' ')" "$want "
for f in $want; do
	like "$f has records" "$(head -n 1 $log_dir/"$f")" '^\[ *[0-9]+\.[0-9]{9}\] [0-9a-f]+: 0x'
done
# message 13, bus mastering, was the last of the host; then the guest's
like "task_log has the messages" "$(cat $log_dir/task_log)" '\] [0-9a-f]+: 0xd 0x0$'
is "every word is part of a record" "$(grep -c '^?' $log_dir/task_log)" 0
lines=$(wc -l <$log_dir/task_log)

# ---- the end of it ----

qmp set fault plugin-crash=1
event "crashed" crashed "$VF" OPENVGPU_GFID=1 -- "vgpu_plugin_event: $VF gfid 1 crashed"
is "crashed: state" "$(file state)" dead
check "a dump is there" wait_for 10 sh -c "ls $dumps | grep -q devcd"
dump=$(echo $dumps/devcd*)
is "of this VF" "$(basename "$(readlink -f "$dump/failing_device")")" "$VF"
cat "$dump/data" >/tmp/dump
like "the dump says what it is" "$(head -n 7 /tmp/dump | tr '\n' ' ')" \
	"^openvgpu dump 1 reason the plugin task crashed uptime_ms [0-9]+ gsp_version $GSP_VERSION pf $PF vf $VF gfid 1 "
like "and whose" "$(grep '^type ' /tmp/dump)" "^type $one NVIDIA L40-1Q\$"
last=$(tail -n 1 $log_dir/task_log)
like "the last that the task said is where it crashed" "$last" ': 0x1 0xdeadbeef$'
check "the log went on to the end" [ "$(wc -l <$log_dir/task_log)" -gt "$lines" ]
check "and that is in the dump" grep -qxF "$last" /tmp/dump
is "all of the log is" "$(sed -n '/^\[task_log\]/,/^$/p' /tmp/dump | grep -c '^\[ ')" \
	"$(wc -l <$log_dir/task_log)"
check "pages that nobody can decode are too" grep -q '^\[response\] bytes 4096' /tmp/dump
let_go
event "destroyed" destroyed "$VF" OPENVGPU_GFID=1 -- "vgpu_destroyed: $VF gfid 1 type $one pid $pid"
is "destroyed: state" "$(file state)" typed
is "nothing of the last guest" "$(file guest_driver) $(file license) $(file vm_pid) $(file uuid)" \
	"unloaded unknown 0 "

# A second crash while the first dump is pending, and a channel killed by GSP.
check "open again" hold --pattern-only
is "errors are counted anew" "$(file xid_count) $(file xid_last)" "0 0"
qmp set fault plugin-crash=1
check "a second crash" wait_for 10 sh -c "[ \$(cat $(vf 0)/openvgpu/state) = dead ]"
let_go
echo 1 >"$dump/data"
check "a dump that was read is gone" wait_for 5 sh -c "! [ -e $dump ]"

check "a guest that unloads its driver" ovg-smoke --vfio "$VF" --fb-mib 4 --pattern-only
event "guest driver unloaded" guest_unloaded "$VF" OPENVGPU_GFID=1 -- \
	"vgpu_plugin_event: $VF gfid 1 guest_unloaded"

for kind in created bootloaded guest_loaded guest_unloaded xid license ecc crashed destroyed; do
	check "vgpuctl has seen it: $kind" grep -q "\"event\": *\"$kind\"" /tmp/ctl-events
done
like "an Xid as vgpuctl tells it" "$(grep '"xid"' /tmp/ctl-events | grep '13[,}]')" "\"$VF\""
kill $ctl

# ---- readers never harm ----

touch /tmp/readers
for r in 1 2; do
	while [ -e /tmp/readers ]; do
		cat /sys/kernel/debug/openvgpu-mgr/*/* "$PF_DIR"/virtfn*/openvgpu/*
	done >/tmp/read.$r 2>/dev/null &
done
i=0
while [ $i -lt 5 ]; do
	ovg-smoke --vfio "$VF" --pattern-only --fb-mib 4 >/tmp/out 2>&1 || break
	i=$((i + 1))
done
is "vGPUs come and go while their logs are read" $i 5
check "a log was read meanwhile" grep -q '\] [0-9a-f]*: 0x' /tmp/read.1
hold --pattern-only
check "the PF goes while logs are read and a vGPU is open" sh -c \
	"(sleep 3; kill -9 $pid) & echo $PF >$drv/unbind; wait"
wait $pid 2>/dev/null
check "no VF's logs are left" [ ! -e $log_dir ]
check "the PF comes back" sh -c "echo $PF >$drv/bind"
rm /tmp/readers
sleep 1

kill $listener
echo 0 >$tracing/events/openvgpu_mgr/enable
unload_modules
is "all modules can go" "$(grep -c ^openvgpu /proc/modules)" 0
model_empty
check "no warning in the kernel log" dmesg_clean
done_testing
