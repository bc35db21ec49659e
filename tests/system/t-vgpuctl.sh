#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# vgpuctl and sriov-manage on the real driver: what a fake host cannot show.
# timeout: 300
. /lab/lib.sh

sriov=/usr/lib/nvidia/sriov-manage

# says COMMAND...: what it says on both streams, then its status
says() {
	"$@" 2>&1
	echo "status $?"
}

# user PROGRAM ARGUMENT...: as somebody who is not root
echo nobody:x:65534:65534:nobody:/:/bin/sh >/etc/passwd
user() {
	program=$1
	shift
	start-stop-daemon -S -q -c 65534:65534 -x "$program" -- "$@"
}

# show TEXT: for the log
show() {
	echo "$1" | sed 's/^/# /'
}

mode() {
	cat "$PF_DIR"/openvgpu_core.vgpu.*/heterogeneous
}

hold() {
	ovg-smoke --vfio "$(vf_bdf "$1")" --hold --fb-mib 4 >"/tmp/hold.$1" 2>&1 </dev/null &
	pid=$!
	wait_for 60 grep -q holding "/tmp/hold.$1"
}

release() {
	kill -9 $pid
	wait $pid 2>/dev/null
	wait_for 20 sh -c "! fuser /dev/vfio/$(basename "$(readlink "$(vf "$1")/iommu_group")") 2>/dev/null"
}

# ---- before the driver ----
got=$(says vgpuctl doctor)
like "doctor: no module" "$got" '^fail +modules +openvgpu_core, openvgpu_mgr, openvgpu_vfio_pci not loaded'
like "doctor: no driver" "$got" "^fail +driver +$PF: it is bound to no driver"
like "doctor fails" "$got" '^status 1$'
like "list: the GPU is not ours yet" "$(says vgpuctl list)" "$PF is an NVIDIA GPU .*driver: none"
like "sriov-manage: nor for it" "$(says $sriov -e ALL)" 'no GPU has OpenVGPU'

# ---- VFs ----
check "modules" load_modules
like "list: no VFs" "$(says vgpuctl list)" 'no VFs; enable them with: vgpuctl set'
like "create: no VFs" "$(says vgpuctl create -t L40-4Q)" 'has no VFs enabled'
if [ "$GSP_ROOM" = 32 ]; then
	like "mixed sizes" "$(says vgpuctl set --mode mixed)" '^status 0$'
fi
like "sriov-manage: not as any user" "$(says user $sriov -e ALL)" 'only root may write'
start=$(cut -d. -f1 /proc/uptime)
got=$(says $sriov -e ALL)
took=$(($(cut -d. -f1 /proc/uptime) - start))
show "$got"
like "sriov-manage enables all" "$got" '^status 0$'
check "in less than a minute ($took s)" [ $took -lt 60 ]
is "all 32" "$(cat "$PF_DIR/sriov_numvfs")" 32
check "each is ready" test -e "$(vf 31)/nvidia/current_vgpu_type"
is "with equal sizes" "$(mode)" 0
if [ "$GSP_ROOM" = 32 ]; then
	like "mixed sizes" "$(says vgpuctl set --mode mixed)" '^status 0$'
	mixed=1
fi
is "once more: nothing to do" "$(says $sriov -e "${PF#0000:}")" "status 0"
is "so the mode stays" "$(mode)" "${mixed:-0}"
like "sriov-manage disables them" "$(says $sriov -d ALL)" '^status 0$'
is "and mixed sizes" "$(mode)" 0
is "none" "$(cat "$PF_DIR/sriov_numvfs")" 0
is "once more: nothing to do" "$(says $sriov -d "$PF")" "status 0"
like "vgpuctl enables four" "$(says vgpuctl set --vfs 4)" "^$PF: mode equal, 4 VFs"
got=$(says vgpuctl doctor)
show "$got"
like "doctor: GSP" "$got" "^ok +driver +$PF: GSP $GSP_VERSION runs, room for $GSP_ROOM vGPUs"
like "doctor: VFs" "$got" "^ok +vfs +$PF: 4 enabled, each bound and alone in its IOMMU group"
like "doctor: types" "$got" "^ok +types +$PF: [0-9]+ vGPU types"
is "doctor: nothing fails" "$(echo "$got" | grep ^fail)" ""
like "doctor is content" "$got" '^status 0$'

# ---- create, list, set, destroy ----
like "create by name, on the first free VF" "$(says vgpuctl create --type L40-24Q)" \
	"^$(vf_bdf 0): type 879 \(L40-24Q\) at placement 0"
like "create by number, on a VF, with settings" \
	"$(says vgpuctl create "$PF/2" -t 879 --params disable_vnc=1)" \
	"^$(vf_bdf 2): type 879 \(L40-24Q\) at placement 24, params disable_vnc=1"
got=$(says vgpuctl create "$PF" -t L40-24Q)
show "$got"
like "create on a full GPU" "$got" 'cannot create type 879 \(L40-24Q\): the GPU has no room'
like "with the driver's reason" "$got" 'driver:  type 879 \(NVIDIA L40-24Q\) does not fit any more: the GPU has room for 2'
like "and the file" "$got" "file:    /sys/.*/nvidia/current_vgpu_type: No space left on device"
like "and its status" "$got" '^status 4$'
like "another size" "$(says vgpuctl create "$PF" -t L40-4Q)" 'another size'
like "an unknown type" "$(says vgpuctl create "$PF" -t 4711)" 'driver:  type 4711 is not known'
like "an occupied VF" "$(says vgpuctl create "$PF/0" -t L40-24Q)" 'driver:  type 879 is selected; write 0 first'
like "types: nothing fits" "$(says vgpuctl types)" 'nothing is creatable: the GPU is full'
got=$(vgpuctl list)
show "$got"
like "list" "$got" "^ +0 +$(vf_bdf 0) +L40-24Q +879 +0 "
like "list" "$got" "^ +2 +$(vf_bdf 2) +L40-24Q +879 +24 .* disable_vnc=1"
like "list --json" "$(vgpuctl list --json | tr -d ' \n')" '"vgpus":2,.*"type_name":"L40-24Q","placement_id":24,"params":"disable_vnc=1"'
like "set" "$(says vgpuctl set "$(vf_bdf 0)" --params enable_uvm=1)" 'params enable_uvm=1'
is "it is set" "$(cat "$(vf 0)/nvidia/vgpu_params")" enable_uvm=1
like "set: wrong" "$(says vgpuctl set "$(vf_bdf 0)" --params enable_uvm=2)" 'driver:  vgpu_params: "enable_uvm" is wrong'
like "set: no such place" "$(says vgpuctl set "$(vf_bdf 0)" --placement 5)" 'driver:  placement_id: .* cannot be placed at 5'
like "set: taken" "$(says vgpuctl set "$(vf_bdf 0)" --placement 24)" 'driver:  placement_id: 24 is taken'
like "VFs stay while there are vGPUs" "$(says vgpuctl set --vfs 8)" 'takes away all of them, and 2 have a vGPU'
like "sriov-manage, too" "$(says $sriov -e ALL)" 'some have a vGPU type, which would be lost'
is "all are there" "$(cat "$PF_DIR/sriov_numvfs")" 4
like "mode: not now" "$(says vgpuctl set --mode mixed)" 'cannot allow mixed sizes'

# ---- the scheduler; no vGPU is open ----
sched() {
	cat "$PF_DIR"/openvgpu_core.vgpu.*/scheduler/"$1"
}
if [ "$GSP_ROOM" = 32 ]; then
	like "sched: in any order" "$(says vgpuctl sched --timeslice-us 2000 --arr disable --policy equal_share)" '^status 0$'
	is "policy, arr, time slice" "$(sched policy) $(sched arr) $(sched timeslice_us)" "equal_share disable 2000"
	like "sched: a number that arr does not have" "$(says vgpuctl sched -F 480)" 'are for arr "enable"'
	like "sched: the other arr" "$(says vgpuctl sched -F 480 -f 33 -a enable)" '^status 0$'
	is "arr, frequency, factor" "$(sched arr) $(sched frequency_hz) $(sched averaging_factor)" "enable 480 33"
	like "sched: out of range" "$(says vgpuctl sched -F 1000000)" 'driver:  the frequency is out of range'
	like "sched: back" "$(says vgpuctl sched -p best_effort)" '^status 0$'
	is "policy" "$(sched policy)" best_effort
else
	got=$(says vgpuctl sched --policy equal_share)
	like "sched: only at boot" "$got" 'driver:  GSP .* takes a scheduler only when it boots'
	like "and its status" "$got" '^status 4$'
fi

check "a vGPU is in use" hold 0
got=$(says vgpuctl destroy "$PF/0")
like "destroy: in use, by whom" "$got" "cannot destroy its vGPU: process $pid \(ovg-smoke\) has it open"
like "with the driver's reason" "$got" 'driver:  the vGPU is in use; stop its VM first'
like "set: in use" "$(says vgpuctl set "$PF/0" -p a=1)" "process $pid \(ovg-smoke\) has it open"
like "sriov-manage -d: in use" "$(says $sriov -d ALL)" 'Device or resource busy'
got=$(says vgpuctl destroy --all "$PF")
like "destroy --all: the other goes" "$got" "^$(vf_bdf 2): type 879 \(L40-24Q\) is gone"
like "but not this one" "$got" "^status 4$"
got=$(vgpuctl top --once)
show "$got"
like "top" "$got" "^GPU $PF  L40  vGPUs 1/$GSP_ROOM  FB 48.0 GiB .*[0-9]+%"
like "top" "$got" "^  $(vf_bdf 0) +L40-24Q"
got=$(vgpuctl stats)
show "$got"
like "stats" "$got" "^  manager .*open 1"
like "logs: the driver's" "$(vgpuctl logs "$PF/0")" 'the vGPU is in use; stop its VM first'
release 0
like "destroy" "$(says vgpuctl destroy "$PF/0")" "is gone"
is "destroy: nothing to do" "$(says vgpuctl destroy "$PF/0" | tail -n 1)" "status 0"
is "no type is left" "$(cat "$PF_DIR"/virtfn*/nvidia/current_vgpu_type | sort -u)" 0

# ---- apply, and the driver loaded anew ----
mkdir -p /etc/openvgpu
cat >/etc/openvgpu/test.conf <<EOF
[gpu *]
vfs = 6
[vf */0-1]
type = L40-4Q
[vf $PF/1]
params = disable_vnc=1
placement = 44
EOF
wanted="874 874 0 0 0 0"
types() {
	for i in 0 1 2 3 4 5; do
		cat "$(vf $i)/nvidia/current_vgpu_type"
	done | tr '\n' ' ' | sed 's/ $//'
}
got=$(says vgpuctl apply --dry-run)
like "apply --dry-run: VFs" "$got" "^$PF +vfs 4 -> 6"
like "apply --dry-run: vGPU" "$got" "^$PF/1 +create type 874 \(L40-4Q\), placement 44, params \"disable_vnc=1\""
like "apply --dry-run: nothing was done" "$got" '^3 changes; nothing was done'
is "it is as it was" "$(cat "$PF_DIR/sriov_numvfs")" 4
like "apply" "$(says vgpuctl apply)" '^status 0$'
is "VFs" "$(cat "$PF_DIR/sriov_numvfs")" 6
is "types" "$(types)" "$wanted"
is "settings" "$(cat "$(vf 1)/nvidia/placement_id" "$(vf 1)/nvidia/vgpu_params" | tr '\n' ' ')" "44 disable_vnc=1 "
is "apply again: nothing" "$(says vgpuctl apply)" "$(printf 'nothing to change\nstatus 0')"
is "apply --gpu: nothing" "$(says vgpuctl apply --gpu "$PF")" "$(printf 'nothing to change\nstatus 0')"
aux=$(basename "$PF_DIR"/openvgpu_core.vgpu.*)
is "by its auxiliary device" "$(says vgpuctl apply --gpu "$aux")" "$(printf 'nothing to change\nstatus 0')"
vgpuctl destroy "$PF/0" >/dev/null
like "apply: what is missing" "$(says vgpuctl apply)" "^1 change:"

printf '[gpu *]\ntimeslice_us = 2000\narr = disable\nscheduler = fixed_share\n' >/etc/openvgpu/sched.conf
if [ "$GSP_ROOM" = 32 ]; then
	like "apply: the scheduler" "$(says vgpuctl apply)" '^status 0$'
	is "policy, arr, time slice" "$(sched policy) $(sched arr) $(sched timeslice_us)" "fixed_share disable 2000"
	is "apply again: nothing" "$(says vgpuctl apply)" "$(printf 'nothing to change\nstatus 0')"
	printf '[gpu *]\nscheduler = equal_share\narr = default\ntimeslice_us = 0\naveraging_factor = 0\n' >/etc/openvgpu/sched.conf
	like "apply: defaults" "$(says vgpuctl apply)" '^status 0$'
	check "a vGPU is open, and numbers are those in force" hold 0
	is "apply again: nothing" "$(says vgpuctl apply)" "$(printf 'nothing to change\nstatus 0')"
	release 0
	check "it is closed" wait_for 20 grep -qx typed "$(vf 0)/openvgpu/state"
	like "sched: back" "$(says vgpuctl sched -p best_effort)" '^status 0$'
else
	like "apply: a scheduler only at boot" "$(says vgpuctl apply)" 'takes a scheduler only when it boots'
fi
rm /etc/openvgpu/sched.conf

# As at boot: openvgpu.service runs before the GPU is up.  Anybody may look.
like "list, as any user" "$(says user /lab/vgpuctl list)" "^ +1 +$(vf_bdf 1) +L40-4Q +874 +44 "
like "types, as any user" "$(says user /lab/vgpuctl types)" "^ +874 +L40-4Q "
like "top, as any user" "$(says user /lab/vgpuctl top --once)" "^  $(vf_bdf 0) +L40-4Q"
user /lab/vgpuctl events --count 2 --timeout 120 >/tmp/events 2>&1 &
events=$!
sleep 1
unload_modules
is "the driver is gone, and with it all" "$(ls -d "$PF_DIR"/virtfn* 2>/dev/null)" ""
line=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/openvgpu.service)
like "openvgpu.service applies it" "$line" '^/lab/vgpuctl apply '
# shellcheck disable=SC2086
$line >/tmp/apply 2>&1 &
apply=$!
check "the driver is back" load_modules
check "apply has waited for it" wait $apply
show "$(cat /tmp/apply)"
is "types" "$(types)" "$wanted"
check "both events were seen, by any user" wait $events
is "events" "$(awk '{ print $2, $3 }' /tmp/events | tr '\n' ' ')" "gpu_down $PF gpu_up $PF "
check "a vGPU works" ovg-smoke --vfio "$(vf_bdf 1)" --fb-mib 4

# When the driver is loaded anew, the rule and its unit do it.  What udev and systemd
# do with the two files: for each uevent that has all keys of the rule its program,
# and that is systemctl, which runs the unit's lines, once at a time.
cat >/bin/udev-rule <<'END'
#!/bin/sh
rule=/usr/lib/udev/rules.d/70-openvgpu.rules
# key NAME OPERATOR
key() {
	grep -v '^#' $rule | sed -n "s/.*\<$1$2\"\([^\"]*\)\".*/\1/p"
}
# has TEXT PATTERN|PATTERN...
has() (
	set -f
	IFS='|'
	for p in $2; do
		# shellcheck disable=SC2254
		case $1 in $p) exit 0 ;; esac
	done
	exit 1
)
kernel=${DEVPATH##*/}
has "$SUBSYSTEM" "$(key SUBSYSTEM ==)" && has "$ACTION" "$(key ACTION ==)" &&
	has "$kernel" "$(key KERNEL ==)" && [ -e "$(key TEST ==)" ] || exit 0
echo "$ACTION $kernel" >>/tmp/matched
$(key RUN += | sed "s/\$kernel/$kernel/g")
END
cat >/bin/systemctl <<'END'
#!/bin/sh
echo "$*" >>/tmp/systemctl
case $* in
"--quiet is-enabled openvgpu.service") exit 0 ;;
"--no-block start openvgpu-apply@"*.service) ;;
*) exit 1 ;;
esac
i=${3#openvgpu-apply@}
i=${i%.service}
# line KEY: of the unit
line() {
	sed -n "s/^$1=//p" /usr/lib/systemd/system/openvgpu-apply@.service | sed "s/%[iI]/$i/g"
}
# shellcheck disable=SC2046
{
	flock -n 9 || exit 0
	ls $(line ConditionPathExistsGlob) && $(line ExecCondition) && $(line ExecStart)
	echo "status $?"
} 9>/run/unit.lock >>/tmp/unit 2>&1 &
END
chmod 755 /bin/udev-rule /bin/systemctl
mkdir -p /run/systemd/system
unload_modules
: >/tmp/matched
uevent udev-rule &
listener=$!
sleep 1
check "the driver is back again" load_modules
check "the unit has run" wait_for 60 grep -q ^status /tmp/unit
show "$(cat /tmp/matched /tmp/systemctl /tmp/unit)"
aux=$(basename "$PF_DIR"/openvgpu_core.vgpu.*)
check "the rule matches the device's coming" wait_for 20 grep -qx "add $aux" /tmp/matched
check "and the manager's" wait_for 20 grep -qx "bind $aux" /tmp/matched
is "the GPU's unit is started, and no other" "$(grep -F start /tmp/systemctl | sort -u)" \
	"--no-block start openvgpu-apply@$aux.service"
is "it does its work" "$(grep ^status /tmp/unit | sort -u)" "status 0"
is "types" "$(types)" "$wanted"
kill $listener
wait $listener 2>/dev/null

like "a vGPU keeps VFs as they are" "$(sed -i 's/vfs = 6/vfs = 2/' /etc/openvgpu/test.conf; says vgpuctl apply)" \
	'can change only while it has no vGPU'
is "all are there" "$(cat "$PF_DIR/sriov_numvfs")" 6
like "--force" "$(says vgpuctl apply --force)" '^status 0$'
is "VFs" "$(cat "$PF_DIR/sriov_numvfs")" 2
if [ "$GSP_ROOM" = 32 ]; then
	printf '[gpu *]\nmode = mixed\n[vf */0]\ntype = L40-1Q\n[vf */1]\ntype = L40-24Q\n' >/etc/openvgpu/test.conf
	like "mixed sizes" "$(says vgpuctl apply --force)" '^status 0$'
	is "mode" "$(cat "$PF_DIR"/openvgpu_core.vgpu.*/heterogeneous)" 1
	like "both" "$(vgpuctl list | tr -d '\n')" 'mixed.*L40-1Q.*L40-24Q'
fi
vgpuctl destroy --all "$PF" >/dev/null
rm -r /etc/openvgpu
unload_modules
check "no warning in the kernel log" dmesg_clean
done_testing
