# vgpuctl apply, and what a configuration may look like.

# conf NAME: stdin becomes a file of the configuration
conf() {
	cat >"$root/etc/openvgpu/$1.conf"
}

four() {
	conf four <<-EOF
	# four of one size
	[gpu *]
	vfs = 6
	mode = mixed
	timeslice_us = 2000
	arr = disable
	scheduler = equal-share

	[vf */0-3]
	type = L40-4Q

	[vf 0000:01:00.0/1]
	params = disable_vnc=1
	placement = 40

	[vf 01:00.7]
	type = 876
	EOF
}

prepare=four t apply-dry idle apply --dry-run
prepare=four t apply idle apply
prepare='four; ctl apply >/dev/null; printf 40 >"$root/sys/bus/pci/devices/$PF/virtfn1/nvidia/placement_id"' \
	t apply-again idle apply
prepare='four; ctl apply >/dev/null; ctl destroy 01:00.5 >/dev/null' t apply-repair idle apply
prepare=four t apply-needs-force one apply
aux=sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0
prepare='closed_vgpus; four' t apply-force one apply --force
prepare=four t apply-force-open one apply --force
prepare='closed_vgpus; stick "$root" $PF 1; conf r <<<"[vf */0]
type = L40-4C
[vf */1]
type = L40-4C"' t apply-force-stuck one apply --force
mixed() {
	closed_vgpus
	conf mixed <<<"[gpu *]
mode = mixed"
}
prepare='mixed; put "$root/$aux/gsp_version" 535.113.01' t apply-mode-535 one apply --force
prepare='mixed; put "$root/$aux/scheduler/policy" fixed_share' t apply-mode-fixed one apply --force
prepare='mixed; put "$root/$aux/quarantined" 4096' t apply-mode-quarantined one apply --force
prepare='mixed; echo "heterogeneous EIO openvgpu_core.vgpu.0 GSP did not take the mode" >"$root/faults"' \
	t apply-mode-fails one apply --force
prepare='closed_vgpus; conf v <<<"[gpu *]
vfs = 6"; echo "sriov_numvfs=6 ENOMEM $PF no space" >"$root/faults"' t apply-vfs-fails one apply --force
prepare='closed_vgpus; conf r <<<"[vf */1]
type = L40-8Q
placement = 3"; echo "placement_id=3 EINVAL 0000:01:00.5 there is no such place" >"$root/faults"' \
	t apply-put-back one apply
prepare='closed_vgpus; conf r <<<"[vf */1]
type = L40-8Q"; echo "virtfn1/nvidia/current_vgpu_type=876 ENOSPC 0000:01:00.5 no room
virtfn1/nvidia/current_vgpu_type=901 ENOSPC 0000:01:00.5 no room" >"$root/faults"' t apply-not-put-back one apply

# sched LINE...: a [gpu *] with these lines
sched() {
	printf '%s\n' "[gpu *]" "$@" | conf sched
}
prepare='sched "frequency_hz = 480" "averaging_factor = 33" "arr = enable" "scheduler = equal_share"' \
	t apply-sched idle apply
prepare='sched "frequency_hz = 480" "arr = enable" "scheduler = equal_share"; ctl sched -p equal_share >/dev/null' \
	t apply-sched-arr idle apply
prepare='sched "timeslice_us = 0" "averaging_factor = 0" "arr = default" "scheduler = equal_share"; ctl apply >/dev/null' \
	t apply-sched-default idle apply
prepare='sched "timeslice_us = 0" "averaging_factor = 0" "arr = default" "scheduler = equal_share"
	for f in "policy equal_share" "arr enable" "timeslice_us 2000" "averaging_factor 33"; do
		echo "${f#* }" >"$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0/scheduler/${f% *}"
	done' t apply-sched-in-force one apply
prepare='sched "timeslice_us = 0" "arr = default" "scheduler = equal_share"
	ctl sched -p equal_share -a disable -t 3000 >/dev/null' t apply-sched-back idle apply
prepare='sched "timeslice_us = 2000" "scheduler = equal_share"' t apply-sched-no-arr idle apply
prepare='sched "arr = disable"' t apply-sched-best-effort idle apply
prepare='sched "mode = mixed" "scheduler = equal_share"; ctl sched -p fixed_share >/dev/null' \
	t apply-sched-first idle apply

two_types() {
	conf a <<-EOF
	[vf 01:00.0/0]
	type = L40-4Q
	params =
	[vf 01:00.0/1]
	type = none
	[vf 01:00.0/2]
	type = L40-4C
	placement = 20
	EOF
}
prepare=two_types t apply-types one apply
prepare='two_types; set_type "$root" $PF 3 874 L40-4Q 8' t apply-keep one apply -n
prepare='two_types; set_type "$root" $PF 3 874 L40-4Q 8' t apply-prune one apply --prune
prepare='two_types; echo "virtfn0/nvidia/vgpu_params EPERM 0000:01:00.4 the vGPU is in use; stop its VM first" >"$root/faults"' \
	t apply-in-use one apply
prepare='two_types; echo "virtfn2/nvidia/placement_id EBUSY 0000:01:00.6 placement_id: 20 is taken" >"$root/faults"' \
	t apply-undo one apply
prepare='four; echo "sriov_numvfs ENOMEM 0000:01:00.0 no space" >"$root/faults"' t apply-skip idle apply

# left over on a VF without vGPU
prepare='conf b <<<"[vf 01:00.0/2]
type = L40-4Q
params ="; echo a=1 >"$root/sys/bus/pci/devices/$PF/virtfn2/nvidia/vgpu_params"' t apply-params-left one apply
prepare='conf b <<<"[vf 01:00.0/2]
type = L40-4Q
params ="; echo a=1 >"$root/sys/bus/pci/devices/$PF/virtfn2/nvidia/vgpu_params"; ctl apply >/dev/null' \
	t apply-params-left-again one apply
# 0 goes where 1 is, 1 to a free place, a new one where 0 was
prepare='conf b <<<"[vf 01:00.0/0]
type = L40-4Q
placement = 4
[vf 01:00.0/1]
type = L40-4C
placement = 20
[vf 01:00.0/2]
type = L40-4Q
placement = 0"' t apply-move one apply
prepare='conf b <<<"[vf 01:00.0/0]
type = L40-4Q
placement = 4
[vf 01:00.0/1]
type = L40-4C
placement = 0
[vf 01:00.0/2]
type = L40-4Q"' t apply-swap one apply
prepare='conf b <<<"[gpu *]
vfs = 04
scheduler = equal_share
arr = disable
timeslice_us = 02000
[vf 01:00.0/0]
type = L40-4Q
placement = 00"' t apply-numbers one apply -n
prepare='closed_vgpus; conf b <<<"[vf 01:00.0/0]
type = L40-8Q"' t apply-replace one apply
prepare='conf b <<<"[gpu 0000:01:00.0]
vfs = max"' t apply-max idle apply --dry-run
prepare='closed_vgpus; conf b <<<"[gpu 02:00.0]
vfs = 4
[vf */0]
type = L40-4C"' t apply-no-gpu one apply
prepare='conf b <<<"[vf 01:00.0/0-9]
type = L40-4Q"' t apply-no-vf one apply
prepare='conf b <<<"[vf 01:05.0]
type = L40-4Q"' t apply-no-vf-address one apply
prepare='conf b <<<"[vf 01:00.0/2]
type = L40-5Q
[vf 01:00.0/3]
type = L40-4Q"' t apply-no-type one apply
prepare='conf b <<<"[vf 01:00.0/2]
params = a=1"' t apply-no-type-at-all one apply
prepare='conf b <<<"[gpu 01:00.0]
vfs = 64"' t apply-too-many-vfs one apply
prepare='conf a <<<"[vf 01:00.0/2]
type = L40-4Q"; conf b <<<"[vf 0000:01:00.0/2]
type = L40-4C"' t apply-conflict one apply
prepare='conf b <<<"[vf */*]
type = L40-4Q
[vf */1-3]
type = L40-4C
[vf 01:00.0/2-3]
type = L40-1B
[vf 01:00.0/3]
type = L40-1Q"' t apply-precedence one apply --dry-run

wrong() {
	cat <<-EOF | conf wrong
	key = before
	[gpu 01:00.0/3]
	vfs = 3
	[gpu]
	[vf 01:00.0]
	[vf *]
	[vf */x]
	[vf */3-1]
	[vf x/3]
	[other 01:00.0]
	[gpu 01:00.0]
	vfs = many
	mode = both
	scheduler = fair
	timeslice_us = -1
	type = L40-4Q
	no equals sign
	[vf 01:00.0/0]
	type =
	placement = last
	vfs = 4
	colour = red
	[unclosed
	EOF
}
prepare=wrong t apply-wrong one apply
prepare='printf "[gpu *]\0\nvfs = 1\n" | conf nul' t apply-nul one apply
t apply-nothing idle apply
t apply-empty-file one apply
prepare='mkdir "$root/other"; conf b <<<"wrong"; echo "[gpu *]
vfs = 4" >"$root/other/x.conf"; echo nonsense >"$root/other/x.txt"' t apply-folder one apply --config "$root/other"
t apply-no-file one apply --config "$root/nowhere.conf"
prepare=four t apply-wait bare apply --wait 1 --dry-run
# late: a second GPU, bound, but not up; before its auxiliary device, and before the manager
late() {
	add_gpu "$root" 0000:41:00.0
	rm -r "$root/sys/bus/pci/devices/0000:41:00.0/openvgpu_core.vgpu.0${1:-}"
}
prepare='four; late' t apply-wait-late idle apply --wait 1 --dry-run
prepare='four; late /gsp_version' t apply-wait-manager idle apply --wait 1 --dry-run
prepare='four; late; (
	cp -a "$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0" "$root/other"
	sleep 2
	mv "$root/other" "$root/sys/bus/pci/devices/0000:41:00.0/openvgpu_core.vgpu.0"
) >/dev/null 2>&1 &' t apply-wait-comes idle apply --wait 30 --dry-run
prepare='four; mkdir "$root/run/vgpuctl.lock"' t apply-no-lock idle apply
prepare='four; flock "$root/run/vgpuctl.lock" sleep 4 & sleep 0.3' t apply-locked idle apply
two_gpus() {
	add_gpu "$root" 0000:41:00.0
	conf two <<<"[gpu *]
scheduler = equal_share
[gpu 0000:81:00.0]
vfs = 2"
}
prepare=two_gpus t apply-gpu idle apply --gpu 41:00.0
prepare='two_gpus; mv "$root/$aux" "${root}/${aux%0}7"' t apply-gpu-aux idle apply --gpu openvgpu_core.vgpu.7 --wait 5
prepare=two_gpus t apply-gpu-none idle apply --gpu 81:00.0 --wait 1
t apply-bad-wait one apply --wait long
