# Commands that only look.  Sourced by run.

t list-empty empty list
t list one list
t list-all one list --all
t list-vf one list 01:00.0/1
t list-two two list
t list-bare bare list --all
t list-broken broken list --all
t list-idle idle list
t list-no-address one list 01:00
t list-no-vf one list 01:00.0/9
t list-no-vfs-enabled idle list 01:00.0/0
t list-other-driver two list 81:00.0
t list-not-there one list 02:00.0
t list-vf-of-vf one list 01:00.4/0

prepare='stick "$root" $PF 2' t list-stuck one list

t types one types
t types-creatable one types --creatable 01:00.0
t types-two two types
t types-bare bare types
t types-broken broken types
t types-none empty types
prepare='for i in 2 3; do set_type "$root" $PF $i 874 L40-4Q 8; done' t types-no-free-vf one types -c
prepare='stick "$root" $PF 2' t types-stuck one types -c
prepare='stick "$root" $PF 2 3' t types-only-stuck one types -c

t sched one sched
t sched-two two sched
t sched-none empty sched

t stats one stats
t stats-vf one stats 01:00.4
t stats-two two stats
t stats-bare bare stats
t stats-broken broken stats
t stats-loop one stats --loop 1 --count 2
t stats-none empty stats
t stats-bad-loop one stats --loop 0

t logs one logs 01:00.4
t logs-task one logs 01:00.4 --log task
t logs-gpu one logs 01:00.0
t logs-vf-without one logs 01:00.5
t logs-bare bare logs 01:00.4
t logs-bad-log one logs 01:00.4 --log x
t logs-which one logs

t top-once one top --once
t top-ascii one top --once --ascii
t top-batch one top --batch --count 2 --interval 1
t top-two two top --once
t top-bare bare top --once
t top-broken broken top --once
t top-none empty top --once
t top-pipe one top

t doctor one doctor
t doctor-two two doctor
t doctor-bare bare doctor
t doctor-empty empty doctor
t doctor-idle idle doctor
t doctor-broken broken doctor
prepare='stick "$root" $PF 2 3' t doctor-stuck one doctor
t logs-broken broken logs 01:00.4
prepare='
	rm -rf "$root"/sys/kernel/iommu_groups "$root"/sys/bus/pci/devices/*/iommu_group "$root"/sys/module/vfio_iommu_type1
	sed -i "s/intel_iommu=on/intel_iommu=off/" "$root/proc/cmdline"
	sed -i "/PCI_IOV/d; /IOMMUFD/d; s/CONFIG_VFIO=m/# CONFIG_VFIO is not set/" "$root"/boot/config-*
	echo 0 >"$root/sys/bus/pci/devices/$PF/ari_enabled"
	echo 3 >"$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0/quarantined"
	rm "$root"/lib/firmware/nvidia/ad102/gsp/scrubber-*' t doctor-sick one doctor
prepare='
	rm -r "$root"/sys/kernel/iommu_groups
	sed -i s/GenuineIntel/AuthenticAMD/ "$root/proc/cpuinfo"
	gzip -c "$root"/boot/config-* >"$root/proc/config.gz"
	rm -r "$root/boot"
	sed -i "8,13s/.*/0x0000000000000000 0x0000000000000000 0x0000000000000000/" \
		"$root/sys/bus/pci/devices/$PF/resource"
	mkdir "$root/sys/kernel/iommu_groups"
	for i in 17 18; do mkdir -p "$root/sys/kernel/iommu_groups/$i/devices/"{a,b}; done' t doctor-bios one doctor
