# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Fake hosts below a folder, which vgpuctl sees through VGPUCTL_ROOT.  Sourced.

# put FILE TEXT
put() {
	[ -d "${1%/*}" ] || mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

# add_host ROOT: a kernel with all that is needed
add_host() {
	local root=$1
	mkdir -p "$root"/{dev/vfio,proc/4242/fd,run,etc/openvgpu,lib/firmware/nvidia/ad102/gsp} \
		"$root"/{lib/firmware/openvgpu,sys/bus/pci/devices,sys/kernel/iommu_groups}
	put "$root/proc/sys/kernel/osrelease" 6.12.0-fake
	put "$root/proc/cmdline" "root=/dev/sda1 intel_iommu=on quiet"
	put "$root/proc/cpuinfo" "vendor_id : GenuineIntel"
	put "$root/proc/4242/comm" qemu-system-x86
	printf 'qemu-system-x86_64\0-name\0guest=vm1,debug-threads=on\0-m\0008192\0' \
		>"$root/proc/4242/cmdline"
	ln -s /dev/vfio/17 "$root/proc/4242/fd/9"
	ln -s /dev/null "$root/proc/4242/fd/0"
	for o in X86 PCI_IOV AUXILIARY_BUS FW_LOADER IOMMU_SUPPORT IRQ_REMAP VFIO_PCI_CORE VFIO_GROUP \
		IOMMUFD VFIO_DEVICE_CDEV; do
		echo "CONFIG_$o=y"
	done >"$root/config"
	mkdir -p "$root/boot"
	{ cat "$root/config"; echo CONFIG_VFIO=m; } >"$root/boot/config-6.12.0-fake"
	rm "$root/config"
	for m in openvgpu_core openvgpu_mgr openvgpu_vfio_pci vfio_iommu_type1; do
		mkdir -p "$root/sys/module/$m"
	done
	for f in gsp bootloader booter_load booter_unload scrubber; do
		: >"$root/lib/firmware/nvidia/ad102/gsp/$f-570.144.bin"
	done
	cp "$TYPES" "$root/lib/firmware/openvgpu/vgpu-types-570.144.bin"
	printf '6,1,1000,-;openvgpu 0000:01:00.0: GSP firmware 570.144 is up after 1500 ms, room for 32 vGPUs\n SUBSYSTEM=pci\n6,2,2000,-;random: something else\n' \
		>"$root/dev/kmsg"
}

# add_pci ROOT BDF DEVICE DRIVER: prints the folder
add_pci() {
	local dir=$1/sys/bus/pci/devices/$2
	mkdir -p "$dir" "$1/sys/bus/pci/drivers/$4"
	put "$dir/vendor" 0x10de
	put "$dir/device" "$3"
	put "$dir/class" 0x030200
	put "$dir/numa_node" 0
	[ -z "$4" ] || ln -s "../../drivers/$4" "$dir/driver"
	echo "$dir"
}

# add_gpu ROOT BDF: an L40, GSP 570.144
add_gpu() {
	local dir aux
	dir=$(add_pci "$1" "$2" 0x26b5 openvgpu)
	aux=$dir/openvgpu_core.vgpu.0
	put "$dir/sriov_numvfs" 0
	put "$dir/sriov_totalvfs" 32
	put "$dir/sriov_offset" 4
	put "$dir/sriov_stride" 1
	put "$dir/ari_enabled" 1
	for i in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "0x00000000f0000000 0x00000000f0ffffff 0x0000000000040200"
	done >"$dir/resource"
	put "$aux/gsp_version" 570.144
	put "$aux/max_vgpus" 32
	put "$aux/fb_total" 51539607552
	put "$aux/fb_free" 38654705664
	put "$aux/heterogeneous" 0
	put "$aux/quarantined" 0
	put "$aux/scheduler/policy" best_effort
	put "$aux/scheduler/timeslice_us" 0
	put "$aux/scheduler/arr" default
	put "$aux/scheduler/averaging_factor" 0
	put "$aux/scheduler/frequency_hz" 0
	mkdir -p "$1/sys/kernel/debug/openvgpu/$2" "$1/sys/kernel/debug/openvgpu-mgr/$2"
	printf 'fb_used 4096\nrpc_calls 17\n' >"$1/sys/kernel/debug/openvgpu/$2/counters"
	printf 'types 5\nopen 1\n' >"$1/sys/kernel/debug/openvgpu-mgr/$2/state"
}

# add_vf ROOT PF INDEX BDF: without a type, not enabled
add_vf() {
	local dir
	dir=$(add_pci "$1" "$4" 0x26b5 nvidia)
	ln -s "../$2" "$dir/physfn"
	ln -s "../../../../kernel/iommu_groups/$((17 + $3))" "$dir/iommu_group"
	mkdir -p "$1/sys/kernel/iommu_groups/$((17 + $3))/devices/$4" "$dir/vfio-dev/vfio$3"
	printf 'ID    : vGPU Name\n869   : NVIDIA L40-1B\n874   : NVIDIA L40-4Q\n901   : NVIDIA L40-4C\n' \
		>"$dir/temp"
	mkdir -p "$dir/nvidia"
	mv "$dir/temp" "$dir/nvidia/creatable_vgpu_types"
	put "$dir/nvidia/current_vgpu_type" 0
	put "$dir/nvidia/vgpu_params" ""
	put "$dir/openvgpu/state" none
	put "$dir/openvgpu/uuid" ""
	put "$dir/openvgpu/vm_pid" 0
	put "$dir/openvgpu/guest_driver" unloaded
	put "$dir/openvgpu/license" unknown
	put "$dir/openvgpu/xid_count" 0
	put "$dir/openvgpu/xid_last" 0
	ln -s "../$4" "$1/sys/bus/pci/devices/$2/.virtfn$3"
}

# enable_vfs ROOT PF NUMBER
enable_vfs() {
	local i dir=$1/sys/bus/pci/devices/$2
	for ((i = 0; i < $3; i++)); do
		mv "$dir/.virtfn$i" "$dir/virtfn$i"
	done
	put "$dir/sriov_numvfs" "$3"
}

# set_type ROOT PF INDEX ID NAME PLACEMENT
set_type() {
	local vf=$1/sys/bus/pci/devices/$2/virtfn$3
	put "$vf/nvidia/current_vgpu_type" "$4"
	put "$vf/nvidia/placement_id" "$6"
	printf 'ID    : vGPU Name\n%-5d : NVIDIA %s\n' "$4" "$5" >"$vf/nvidia/creatable_vgpu_types"
	put "$vf/openvgpu/state" typed
}

# stick ROOT PF INDEX...: GSP did not let go of their last vGPU
stick() {
	local i dir=$1/sys/bus/pci/devices/$2
	put "$dir/openvgpu_core.vgpu.0/quarantined" $(($# - 2))
	for i in "${@:3}"; do
		put "$dir/virtfn$i/openvgpu/state" stuck
		put "$dir/virtfn$i/nvidia/current_vgpu_type" 0
		put "$dir/virtfn$i/nvidia/creatable_vgpu_types" "ID    : vGPU Name"
	done
}

# no_ours ROOT PF: as with a driver that has no openvgpu/ and no scheduler/
no_ours() {
	rm -rf "$1/sys/bus/pci/devices/$2"/openvgpu_core.vgpu.0/scheduler \
		"$1/sys/bus/pci/devices"/*/openvgpu
}

PF=0000:01:00.0

# tree_empty ROOT: a kernel, and nothing else
tree_empty() {
	mkdir -p "$1/sys" "$1/proc" "$1/run" "$1/dev"
}

# tree_idle ROOT: one GPU, six VFs, none enabled
tree_idle() {
	local i
	add_host "$1"
	add_gpu "$1" $PF
	for i in 0 1 2 3 4 5; do
		add_vf "$1" $PF $i "$(printf '0000:01:00.%x' $((4 + i)) | sed 's/00\.8$/01.0/; s/00\.9$/01.1/')"
	done
}

# tree_one ROOT: four VFs, two vGPUs, of which a VM uses the first
tree_one() {
	local vf
	tree_idle "$1"
	enable_vfs "$1" $PF 4
	set_type "$1" $PF 0 874 L40-4Q 0
	set_type "$1" $PF 1 901 L40-4C 4
	vf=$1/sys/bus/pci/devices/$PF/virtfn0
	put "$vf/nvidia/vgpu_params" "disable_vnc=1"
	put "$vf/openvgpu/state" ready
	put "$vf/openvgpu/uuid" 3f2c8a54-0000-4000-8000-000000000001
	put "$vf/openvgpu/vm_pid" 4242
	put "$vf/openvgpu/guest_driver" loaded
	put "$vf/openvgpu/license" licensed
	put "$vf/openvgpu/utilization_gpu" 45
	put "$vf/openvgpu/utilization_memory" 12
	put "$vf/openvgpu/utilization_encoder" 0
	put "$vf/openvgpu/utilization_age_ms" 350
	put "$vf/openvgpu/xid_count" 2
	put "$vf/openvgpu/xid_last" 31
	put "$1/etc/openvgpu/host.conf" "# nothing here"
	mkdir -p "$1/etc/systemd/system/multi-user.target.wants"
	ln -s /usr/lib/systemd/system/openvgpu.service "$1/etc/systemd/system/multi-user.target.wants/"
	mkdir -p "$1/sys/kernel/debug/openvgpu-mgr/0000:01:00.4"
	printf 'init: one\ninit: two\n' >"$1/sys/kernel/debug/openvgpu-mgr/0000:01:00.4/init_log"
	printf 'task: up\n' >"$1/sys/kernel/debug/openvgpu-mgr/0000:01:00.4/task_log"
	: >"$1/sys/kernel/debug/openvgpu-mgr/0000:01:00.4/kernel_log"
	printf '5,9,9000,-;nvidia 0000:01:00.4: vgpu_params: "new" is not known\n SUBSYSTEM=pci\n' \
		>>"$1/dev/kmsg"
}

# tree_two ROOT: a second GPU with an older driver, and a third that nouveau has
tree_two() {
	local dir
	tree_one "$1"
	add_gpu "$1" 0000:41:00.0
	dir=$1/sys/bus/pci/devices/0000:41:00.0
	rm -rf "$dir"/openvgpu_core.vgpu.0/{scheduler,heterogeneous,quarantined,fb_free}
	put "$dir/openvgpu_core.vgpu.0/gsp_version" 535.113.01
	put "$dir/openvgpu_core.vgpu.0/max_vgpus" 2
	put "$dir/numa_node" -1
	dir=$(add_pci "$1" 0000:81:00.0 0x27b8 nouveau)
	mkdir -p "$1/sys/module/nouveau"
}

# tree_bare ROOT: everything that can be missing is
tree_bare() {
	local dir
	tree_one "$1"
	no_ours "$1" $PF
	dir=$1/sys/bus/pci/devices/$PF
	rm -rf "$dir"/openvgpu_core.vgpu.0/* "$1"/lib/firmware "$1"/sys/kernel/debug "$1"/dev/kmsg \
		"$1"/boot "$dir"/{sriov_offset,resource,ari_enabled,numa_node} \
		"$1"/sys/bus/pci/devices/0000:01:00.5/{nvidia,driver,iommu_group,vfio-dev}
}

# tree_broken ROOT: files that say what they never should
tree_broken() {
	local dir vf
	tree_one "$1"
	dir=$1/sys/bus/pci/devices/$PF
	vf=$dir/virtfn0
	put "$dir/openvgpu_core.vgpu.0/fb_total" "-5"
	put "$dir/openvgpu_core.vgpu.0/fb_free" "99999999999999999999999"
	put "$dir/openvgpu_core.vgpu.0/max_vgpus" ""
	put "$dir/openvgpu_core.vgpu.0/heterogeneous" "yes"
	printf '\0\0\0' >"$dir/openvgpu_core.vgpu.0/quarantined"
	head -c 1500 /dev/zero | tr '\0' x >"$vf/nvidia/vgpu_params"
	put "$vf/nvidia/current_vgpu_type" "874 and more"
	printf '\n:\n::\nx : y\n5 :\n7:NVIDIA \n-3 : NVIDIA A\n99999999999 : NVIDIA B\n12 : NVIDIA C : D\nno colon' \
		>"$dir/virtfn2/nvidia/creatable_vgpu_types"
	put "$vf/openvgpu/utilization_gpu" x
	put "$vf/openvgpu/utilization_memory" 500
	put "$vf/openvgpu/utilization_encoder" -1
	put "$vf/openvgpu/utilization_age_ms" 5
	put "$vf/openvgpu/vm_pid" "-1"
	printf 'bell \a, escape \033[31m, no UTF-8 \377\300\200, UTF-8 \303\251' >"$vf/openvgpu/guest_driver"
	put "$vf/openvgpu/xid_count" ""
	rm "$vf/openvgpu/xid_last"
	rm "$dir/virtfn3/nvidia/current_vgpu_type"
	mkdir "$dir/virtfn3/nvidia/current_vgpu_type"
	printf 'NVVGPUMT and no more' >"$1/lib/firmware/openvgpu/vgpu-types-570.144.bin"
	rm "$dir/driver"
	mkdir "$1/sys/bus/pci/devices/nonsense"
	put "$1/etc/openvgpu/host.conf" "[gpu"
	head -c 300000 /dev/urandom >"$1/dev/kmsg"
	head -c 3000 /dev/urandom >"$1/boot/config-6.12.0-fake"
}
