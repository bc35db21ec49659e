# Commands that change something: what they say, and what is in the tree then.

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
t destroy-all one destroy --all 01:00.0
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

t sched-set one sched --policy fixed-share --timeslice-us 2000
t sched-set-all one sched 01:00.0 -p equal_share -t 1000 -a enable -f 33 -F 480
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
prepare='fault scheduler/timeslice_us ERANGE openvgpu_core.vgpu.0 the time slice is out of range: 0 or 1000 to 30000 us' \
	t sched-range one sched --timeslice-us 5
prepare='fault scheduler/arr EINVAL openvgpu_core.vgpu.0 best_effort has no further settings' \
	t sched-no-arr one sched --arr enable
prepare='fault scheduler/policy ENODEV -' t sched-dead one sched --policy fixed_share
prepare='fault scheduler/policy EBUSY openvgpu_core.vgpu.0 the scheduler can change only while no vGPU is open' \
	t sched-busy one sched --policy fixed_share
