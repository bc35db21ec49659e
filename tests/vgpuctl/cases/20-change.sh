# Commands that change something: what they say, and what is in the tree then.

# no VM uses a vGPU
closed_vgpus() {
	local vf=$root/sys/bus/pci/devices/$PF/virtfn0
	put "$vf/openvgpu/state" typed
	put "$vf/openvgpu/vm_pid" 0
	rm -f "$root"/proc/4242/fd/9
}

# as the driver refuses it: END ERRNO DEVICE TEXT
fault() {
	echo "$*" >>"$root/faults"
}

t create one create --type L40-4Q
t create-vf one create 01:00.0/3 -t 874 --params disable_vnc=1 --placement 12
t create-name one create 01:00.6 --type 'nvidia l40-4c'
t create-count one create 01:00.0 --type L40-1B --count 2
t create-count-too-many one create 01:00.0 --type L40-1B --count 3
t create-unknown-id one create -t 4711
t create-no-type one create
t create-bad-type one create -t L40-5Q
t create-bad-type-bare bare create -t L40-5Q
t create-no-vfs idle create -t L40-4Q
t create-which two create -t L40-4Q
t create-taken one create 01:00.4 -t L40-4Q
t create-unbound bare create 01:00.5 -t 874
t create-count-vf one create 01:00.4 -t 874 --count 2
prepare='fault virtfn2/nvidia/current_vgpu_type ENOSPC 0000:01:00.6 type 874 \(NVIDIA L40-4Q\) does not fit any more: the GPU has room for 12 of them' \
	t create-full one create -t L40-4Q
prepare='fault virtfn2/nvidia/current_vgpu_type EINVAL 0000:01:00.6 type 876 \(NVIDIA L40-8Q\) has another size than the vGPUs of this GPU' \
	t create-size one create -t L40-8Q
prepare='fault virtfn2/nvidia/current_vgpu_type ENODEV 0000:01:00.6 type 4711 is not known' \
	t create-unknown one create -t 4711
prepare='fault virtfn2/nvidia/current_vgpu_type EIO 0000:01:00.6 its last plugin task was not ended' \
	t create-stuck one create -t 874
# the next one, when it is known
prepare='stick "$root" $PF 2' t create-skips-stuck one create -t 874
prepare='stick "$root" $PF 2' t create-skips-stuck-count one create -t 874 --count 2
prepare='stick "$root" $PF 2 3' t create-only-stuck one create -t 874
prepare='stick "$root" $PF 2' t create-stuck-vf one create 01:00.6 -t 874
prepare='fault virtfn2/nvidia/placement_id EBUSY 0000:01:00.6 placement_id: 4 is taken by another vGPU' \
	t create-place-taken one create -t 874 -P 4
prepare='fault virtfn2/nvidia/vgpu_params EINVAL 0000:01:00.6 vgpu_params: \"x\" is wrong' \
	t create-bad-params one create -t 874 -p x
# somebody else is faster: the next VF, if there is one and nobody named this one
prepare='echo virtfn2 >"$root/taken"' t create-race one create -t 874
prepare='echo virtfn2 virtfn3 >"$root/taken"' t create-race-lost one create -t 874
prepare='echo virtfn2 >"$root/taken"' t create-race-count one create -t 874 --count 2
prepare='echo virtfn2 >"$root/taken"' t create-race-vf one create 01:00.0/2 -t 874
prepare='fault virtfn2/nvidia/current_vgpu_type EBUSY 0000:01:00.6 the mode of the GPU is being changed' \
	t create-mode-changes one create -t 874
prepare='fault virtfn2/nvidia/current_vgpu_type ENOTTY -' t create-odd-errno one create -t 874

t destroy one destroy 01:00.5
t destroy-none one destroy 01:00.6
t destroy-two one destroy 01:00.5 01:00.6
prepare=closed_vgpus t destroy-all one destroy --all 01:00.0
t destroy-which one destroy
t destroy-gpu one destroy 01:00.0
t destroy-unbound bare destroy 01:00.5
prepare='fault virtfn0/nvidia/current_vgpu_type EBUSY 0000:01:00.4 "the vGPU is in use; stop its VM first"' \
	t destroy-open one destroy 01:00.4
# as with a driver that does not tell the pid: found in /proc
prepare='no_ours "$root" $PF; fault virtfn0/nvidia/current_vgpu_type EBUSY -' \
	t destroy-open-proc one destroy 01:00.4
prepare='fault virtfn0/nvidia/current_vgpu_type EBUSY 0000:01:00.4 "the vGPU is in use; stop its VM first"' \
	t destroy-all-but-open one destroy --all 01:00.0

t set-params one set 01:00.5 --params enable_uvm=1
t set-params-clear one set 01:00.4 --params ''
t set-placement one set 01:00.5 --placement 16
t set-nothing one set 01:00.5
t set-no-vgpu one set 01:00.6 --params a=1
t set-vf-mode one set 01:00.5 --mode mixed
t set-gpu-params one set --params a=1
t set-mode idle set --mode mixed
t set-bad-mode idle set --mode other
t set-vfs idle set --vfs 4
t set-vfs-and-mode idle set 01:00.0 --vfs 6 --mode mixed
t set-vfs-same one set --vfs 4
t set-vfs-with-vgpus one set --vfs 2
t set-vfs-too-many idle set --vfs 33
t set-vfs-no-number idle set --vfs many
t set-missing-file bare set 01:00.0 --mode mixed
prepare='fault virtfn0/nvidia/vgpu_params EPERM 0000:01:00.4 "the vGPU is in use; stop its VM first"' \
	t set-params-open one set 01:00.4 -p a=1
prepare='fault vgpu_params E2BIG -' t set-params-long one set 01:00.5 -p a=1
prepare='fault placement_id EINVAL 0000:01:00.5 placement_id: type 901 cannot be placed at 3 in homogeneous mode' \
	t set-placement-wrong one set 01:00.5 -P 3
prepare='fault heterogeneous EOPNOTSUPP openvgpu_core.vgpu.0 GSP 535.113.01 cannot have vGPUs of mixed sizes' \
	t set-mode-535 idle set --mode mixed
prepare='fault heterogeneous EBUSY openvgpu_core.vgpu.0 the mode can change only while no VF has a vGPU type' \
	t set-mode-busy one set --mode mixed
prepare='fault sriov_numvfs ENOMEM 0000:01:00.0 sriov: the PCI core could not enable 4 VFs' \
	t set-vfs-no-space idle set --vfs 4

t sched-set idle sched --policy fixed-share --timeslice-us 2000 --arr disable
t sched-set-all idle sched 01:00.0 -F 480 -f 33 -a enable -p equal_share
t sched-in-use one sched --policy fixed-share
prepare='ctl sched -p equal_share -a disable -t 3000 >/dev/null' t sched-other-arr idle sched -a enable -F 240
prepare='ctl sched -p equal_share -a disable -t 3000 >/dev/null' t sched-default idle sched -a default
t sched-bad-second idle sched --policy fixed_share --arr sometimes
t sched-no-arr idle sched --policy fixed_share -t 2000
prepare='fault scheduler/timeslice_us ERANGE openvgpu_core.vgpu.0 the time slice is out of range: 0 or 1000 to 30000 us' \
	t sched-half idle sched -p fixed_share -a disable -t 7
prepare='fault vgpu_params EINVAL 0000:01:00.5 vgpu_params: "a" is wrong' t set-half one set 01:00.5 -P 16 -p a
prepare='fault heterogeneous EIO openvgpu_core.vgpu.0 no' t set-gpu-half idle set --vfs 4 --mode mixed
t sched-bad-policy one sched --policy fair
t sched-bad-number one sched --timeslice-us soon
t sched-missing bare sched --policy fixed_share
t sched-which two sched --policy fixed_share
prepare='fault scheduler/policy EPERM openvgpu_core.vgpu.0 fixed_share is not for vGPUs of mixed sizes' \
	t sched-mixed one sched --policy fixed_share
prepare='fault heterogeneous EPERM openvgpu_core.vgpu.0 vGPUs of mixed sizes have no fixed share' \
	t set-mode-fixed idle set --mode mixed
prepare='fault scheduler/policy EOPNOTSUPP openvgpu_core.vgpu.0 GSP 535.113.01 takes a scheduler only when it boots' \
	t sched-refused one sched --policy fixed_share
prepare='fault scheduler/arr EINVAL openvgpu_core.vgpu.0 best_effort has no further settings' \
	t sched-arr-refused one sched --arr enable
prepare='fault scheduler/policy ENODEV -' t sched-dead one sched --policy fixed_share
prepare='fault scheduler/policy EBUSY openvgpu_core.vgpu.0 the scheduler can change only while no vGPU is open' \
	t sched-busy one sched --policy fixed_share
