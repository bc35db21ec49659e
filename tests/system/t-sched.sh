#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The vGPU scheduler: every valid and invalid write to the files in scheduler/,
# the core's parameter, and the shares of busy vGPUs under each policy, by the
# engine's time and by the work that was done.
# timeout: 300
. /lab/lib.sh

put() {
	{ echo "$2" >"$GPU/$1"; } 2>&1 | sed 's/.*: //'
}

sched() {
	put "scheduler/$1" "$2"
}

get() {
	cat "$GPU/scheduler/$1" 2>&1 | sed 's/.*: //'
}

# state: all that is set, in one line
state() {
	echo "$(get policy) $(get arr) $(get timeslice_us) $(get averaging_factor) $(get frequency_hz)"
}

# logged PATTERN: the last write left such a line
logged() {
	like "it says so" "$(dmesg_since)" "$1"
}

# ---- vGPUs ----

# hold VF: its vGPU is there and does nothing
hold() {
	rm -f "/tmp/hold.$1"
	ovg-smoke --vfio "$(vf_bdf "$1")" --pattern-only --hold --fb-mib 4 >"/tmp/hold.$1" 2>&1 </dev/null &
	eval "pid$1=$!"
	wait_for 60 grep -q holding "/tmp/hold.$1"
}

# release VF
release() {
	eval "kill -9 \$pid$1"
	eval "wait \$pid$1" 2>/dev/null
}

# all_gone: no vGPU is left, so that the scheduler can change
all_gone() {
	wait_for 20 sh -c '[ "$(qmp get plugin-tasks)" = 0 ]'
}

# busy VF...: all of them copy as fast as they are let, on the runlist of
# graphics.  Of the engine's times /tmp/before and /tmp/after have what they were
# before and after all of it, /tmp/t0 and /tmp/t1 what they were while all copied.
runlist=
busy() {
	rm -f /tmp/go /tmp/busy.*
	pids=
	for i in "$@"; do
		ovg-smoke --vfio "$(vf_bdf "$i")" --seed "$i" --busy 60 ${runlist:+"$runlist"} --start /tmp/go >"/tmp/busy.$i" 2>&1 </dev/null &
		pids="$pids $!"
	done
	for i in "$@"; do
		wait_for 60 grep -q "ready to be busy" "/tmp/busy.$i" || return 1
	done
	qmp get engine-time >/tmp/before
	touch /tmp/go
	sleep 1
	qmp get engine-time >/tmp/t0
	sleep 1.4
	qmp get engine-time >/tmp/t1
	rm /tmp/go
	for p in $pids; do
		wait "$p" || return 1
	done
	qmp get engine-time >/tmp/after
}

# busy_elsewhere VF...: likewise on another runlist
busy_elsewhere() {
	runlist=--other-runlist
	busy "$@"
	rc=$?
	runlist=
	return $rc
}

# policies: of the model's runlists, the first one and what the others have
policies() {
	qmp get schedulers | tr ' ' '\n' | sed -n 's/^0://p'
	qmp get schedulers | tr ' ' '\n' | sed '/^0:/d; s/.*://' | sort -u
}

# share GFID: its part of the engine's time between /tmp/t0 and /tmp/t1, in
# hundredths of a percent; "idle" is one, too
share() {
	tr ' ' '\n' </tmp/t1 | awk -F: -v want="$1" '
		FILENAME == "/tmp/t0" { n = split($0, w, " "); for (i = 1; i <= n; i++) { split(w[i], a, ":"); t0[a[1]] = a[2] } next }
		$1 != "0" { d = $2 - t0[$1]; sum += d; if ($1 == want) got = d }
		END { print sum ? int(got * 10000 / sum + 0.5) : -1 }' /tmp/t0 -
}

# work VF: MiB that it copied for 10 s of the engine's time
work() {
	awk -v gfid=$(($1 + 1)) '
		FILENAME ~ /busy/ { if (/MiB in all/) mib = $9; next }
		{ for (i = 1; i <= NF; i++) { split($i, a, ":"); if (a[1] == gfid) t[FILENAME] = a[2] } }
		END {
			spent = t["/tmp/after"] - t["/tmp/before"]
			print spent ? int(mib * 1e10 / spent) : -1
		}' /tmp/before /tmp/after "/tmp/busy.$1"
}

# pace VF: MiB that it copied in 10 s of the clock
pace() {
	awk '/MiB copied in/ { print int($3 * 10000 / $7) }' "/tmp/busy.$1"
}

# near TEXT GOT WANT: within 5 percent
near() {
	if [ "$2" -ge $(($3 * 95 / 100)) ] && [ "$2" -le $(($3 * 105 / 100)) ]; then
		ok "$1 ($2)"
	else
		not_ok "$1"
		echo "# got:  $2"
		echo "# want: $3, within 5 %"
		sed 's/^/# /' /tmp/before /tmp/t0 /tmp/t1 /tmp/after /tmp/busy.*
	fi
}

# is_share GFID PERCENT*100
is_share() {
	near "gfid $1 has its share" "$(share "$1")" "$2"
}

# ---- what the core takes ----

for bad in fair equal_share,arr=on best_effort,arr=enable equal_share,timeslice_us=2000; do
	mark_dmesg
	modprobe openvgpu-core "vgpu_sched=$bad" 2>/dev/null &&
		not_ok "the core takes vgpu_sched=$bad"
	like "the core refuses vgpu_sched=$bad" "$(dmesg_since)" 'parameter vgpu_sched: .*, not "'
done
check "modules, 4 VFs" host_up 4
GPU=$(echo "$PF_DIR"/openvgpu_core.vgpu.*)
PARAM=/sys/module/openvgpu_core/parameters/vgpu_sched
is "the files" "$(ls "$GPU/scheduler" | tr '\n' ' ')" \
	"arr averaging_factor frequency_hz policy timeslice_us "
is "GSP's own scheduler" "$(state)" "best_effort default 0 0 0"
is "the parameter is empty" "$(cat $PARAM)" ""

if [ "$GSP_ROOM" != 32 ]; then
	for f in "policy equal_share" "arr disable" "timeslice_us 2000" "averaging_factor 1" \
		"frequency_hz 100"; do
		# shellcheck disable=SC2086
		is "this release takes no $f" "$(sched $f)" "Operation not supported"
	done
	logged "set the parameter vgpu_sched of the core driver"
fi

# rebind PARAMETER: GSP boots with it
rebind() {
	echo "$1" >$PARAM || return 1
	echo 0 >"$PF_DIR/sriov_numvfs"
	echo "$PF" >/sys/bus/pci/drivers/openvgpu/unbind
	echo "$PF" >/sys/bus/pci/drivers/openvgpu/bind
	echo 4 >"$PF_DIR/sriov_numvfs"
	wait_for 10 test -e "$(vf 3)/nvidia/current_vgpu_type" || return 1
	GPU=$(echo "$PF_DIR"/openvgpu_core.vgpu.*)
}

is "the parameter refuses what is none" "$({ echo fair >$PARAM; } 2>&1 | sed 's/.*: //')" "Invalid argument"
is "and stays" "$(cat $PARAM)" ""
check "GSP boots with time slices of 3 ms" rebind equal_share,arr=disable,timeslice_us=3000
is "that holds" "$(state)" "equal_share disable 3000 0 0"
check "GSP boots with frequency and factor" rebind fixed_share,frequency_hz=100,averaging_factor=7
is "that holds" "$(state)" "fixed_share enable 0 7 100"
is "on the runlist of graphics only" "$(policies | tr '\n' ' ')" "fixed-share best-effort "

if [ "$GSP_ROOM" != 32 ]; then
	# two of 24 GiB: half the engine is the other's, who does nothing with it
	set_type 0 "$(type_id L40-24Q)"
	check "one of two is busy" busy 0
	is_share 1 5000
	is_share idle 5000
	set_type 1 "$(type_id L40-24Q 1)"
	check "both are busy" busy 0 1
	is_share 1 5000
	is_share 2 5000
	near "its time was as much work" "$(($(work 0) * 1000 / $(work 1)))" 1000
	check "GSP boots with its own scheduler" rebind ""
	is "that holds" "$(state)" "best_effort default 0 0 0"
	set_type 0 "$(type_id L40-24Q)"
	check "one of two is busy" busy 0
	is_share 1 10000
	set_type 0 0
	unload_modules
	check "no warning in the kernel log" dmesg_clean
	done_testing
fi

is "fixed share is not for mixed sizes" "$(put heterogeneous 1)" "Operation not permitted"
logged "no fixed share"
check "GSP boots with its own scheduler" rebind ""

# ---- writes ----

for p in equal_share fixed_share best_effort; do
	is "policy takes $p" "$(sched policy $p)" ""
	is "and reads so" "$(get policy)" $p
done
for bad in '' unknown fair equal_share, 'best_effort fixed_share' 3; do
	is "policy refuses '$bad'" "$(sched policy "$bad")" "Invalid argument"
done
logged "policy takes best_effort, equal_share or fixed_share"
for f in "arr enable" "arr disable" "timeslice_us 2000" "averaging_factor 1" "frequency_hz 100"; do
	# shellcheck disable=SC2086
	is "best effort has no $f" "$(sched $f)" "Invalid argument"
done
logged "best_effort has no further settings"
is "nothing has changed" "$(state)" "best_effort default 0 0 0"

is "equal share" "$(sched policy equal_share)" ""
for a in enable disable default; do
	is "arr takes $a" "$(sched arr $a)" ""
	[ $a = default ] && a=enable
	is "and reads $a" "$(get arr)" $a
done
for bad in '' on 1 enabled; do
	is "arr refuses '$bad'" "$(sched arr "$bad")" "Invalid argument"
done
mark_dmesg
is "no time slice with arr default" "$(sched timeslice_us 2000)" "Invalid argument"
logged 'a time slice is for arr "disable"'
is "arr disable" "$(sched arr disable)" ""
for us in 1000 2500 30000 0; do
	is "timeslice_us takes $us" "$(sched timeslice_us $us)" ""
	is "and reads so" "$(get timeslice_us)" $us
done
for bad in 1 999 30001 4294967295; do
	is "timeslice_us refuses $bad" "$(sched timeslice_us $bad)" "Numerical result out of range"
done
logged "the time slice is out of range: 0 or 1000 to 30000 us"
for bad in '' x -1 +2000 0x7d0 2ms '1 2' 4294967296; do
	is "timeslice_us refuses '$bad'" "$(sched timeslice_us "$bad")" "Invalid argument"
done
is "leading zeros are decimal" "$(sched timeslice_us 02000)$(get timeslice_us)" 2000
for f in "averaging_factor 1" "frequency_hz 100"; do
	# shellcheck disable=SC2086
	is "no $f with arr disable" "$(sched $f)" "Invalid argument"
done
is "3 ms" "$(sched timeslice_us 3000)" ""
is "another policy keeps the slice" "$(sched policy fixed_share)$(state)" "fixed_share disable 3000 0 0"
is "arr enable" "$(sched arr enable)" ""
is "the slice is gone" "$(state)" "fixed_share enable 0 0 0"
for n in 1 60 0 33; do
	is "averaging_factor takes $n" "$(sched averaging_factor $n)" ""
	is "and reads so" "$(get averaging_factor)" $n
done
is "averaging_factor refuses 61" "$(sched averaging_factor 61)" "Numerical result out of range"
logged "the averaging factor is out of range: 0 or 1 to 60"
for n in 63 960 0 500; do
	is "frequency_hz takes $n" "$(sched frequency_hz $n)" ""
	is "and reads so" "$(get frequency_hz)" $n
done
for bad in 1 62 961; do
	is "frequency_hz refuses $bad" "$(sched frequency_hz $bad)" "Numerical result out of range"
done
logged "the frequency is out of range: 0 or 63 to 960 Hz"
is "all of it holds" "$(state)" "fixed_share enable 0 33 500"
is "a mode for mixed sizes is refused" "$(put heterogeneous 1)" "Operation not permitted"
is "it stays" "$(cat "$GPU/heterogeneous")" 0
is "best effort forgets all" "$(sched policy best_effort)$(state)" "best_effort default 0 0 0"
is "mixed sizes" "$(put heterogeneous 1)" ""
mark_dmesg
is "have no fixed share" "$(sched policy fixed_share)" "Operation not permitted"
logged "not for vGPUs of mixed sizes"
is "but an equal one" "$(sched policy equal_share)" ""
is "equal sizes again" "$(put heterogeneous 0)" ""
is "the model refused nothing" "$(qmp get refusals)" 0

qmp set fault sched-refuse=1
mark_dmesg
is "GSP refuses" "$(sched policy fixed_share)" "Operation not supported"
logged "did not take the scheduler fixed_share: .* it stays equal_share"
is "the file says so" "$(get policy)" equal_share
is "and the model" "$(policies | tr '\n' ' ')" "equal-share best-effort "

# Reads show what GSP said last: they neither ask it nor log.
qmp set fault rpc-drop=1
mark_dmesg
for i in 1 2 3; do
	state >/dev/null
done
is "reads log nothing" "$(dmesg_since | grep -ci "gsp\|sched")" 0
is "and a read is right without GSP" "$(get policy)" equal_share
qmp set fault none

# ---- shares ----

q12=$(type_id L40-12Q)
for i in 0 1 2; do
	set_type $i "$q12"
done
is "best effort" "$(sched policy best_effort)" ""
check "two vGPUs, both busy" busy 0 1
is_share 1 5000
is_share 2 5000
near "its time was as much work" "$(($(work 0) * 1000 / $(work 1)))" 1000
all_gone

check "a vGPU that does nothing" hold 1
mark_dmesg
is "no change while it is there" "$(sched policy equal_share)" "Device or resource busy"
logged "only while no vGPU is open"
is "GSP's slice" "$(get timeslice_us)" 2000
check "and one that is busy" busy 0
is_share 1 10000
alone=$(pace 0)
release 1
all_gone

is "equal share" "$(sched policy equal_share)" ""
check "two vGPUs, both busy" busy 0 1
is_share 1 5000
is_share 2 5000
near "its time was as much work" "$(($(work 0) * 1000 / $(work 1)))" 1000
all_gone
check "one alone" busy 0
is_share 1 10000
all_gone
check "one does nothing" hold 1
is "arr" "$(get arr)" enable
is "frequency by number of vGPUs" "$(get timeslice_us)" 2083
is "factor" "$(get averaging_factor)" 33
check "one is busy" busy 0
is_share 1 5000
is_share idle 5000
check "a second one does nothing" hold 2
check "one is busy" busy 0
is_share 1 3333
is_share idle 6667
release 1
release 2
all_gone

is "fixed share" "$(sched policy fixed_share)" ""
check "one of four is busy" busy 0
is_share 1 2500
is_share idle 7500
few=$(pace 0)
all_gone
check "another runlist has best effort: one of four is busy" busy_elsewhere 0
is_share 1 10000
is_share idle 0
all_gone
check "and two of four" busy_elsewhere 0 1
is_share 1 5000
is_share 2 5000
all_gone
check "it did less than half of what it does alone ($few of $alone MiB)" [ $((few * 2)) -lt "$alone" ]
check "two of four are busy" busy 0 1
is_share 1 2500
is_share 2 2500
is_share idle 5000
near "its time was as much work" "$(($(work 0) * 1000 / $(work 1)))" 1000
all_gone

is "without adaptive round robin" "$(sched arr disable)" ""
is "slices of 10 ms" "$(sched timeslice_us 10000)" ""
check "two of four are busy" busy 0 1
is_share 1 2500
is_share 2 2500
is_share idle 5000
near "its time was as much work" "$(($(work 0) * 1000 / $(work 1)))" 1000
all_gone
is "best effort again" "$(sched policy best_effort)" ""

for i in 0 1 2; do
	set_type $i 0
done
is "the model refused nothing more" "$(qmp get refusals)" 0
unload_modules
check "no warning in the kernel log" dmesg_clean
done_testing
