# vgpuctl events, from a file with the kernel's messages.

# uevent ACTION PATH KEY=VALUE...
uevent() {
	printf '%s@%s\0' "$1" "$2"
	printf 'ACTION=%s\0DEVPATH=%s\0' "$1" "$2"
	shift 2
	printf '%s\0' "$@" ''
}

some_events() {
	local pf=/devices/pci0000:00/0000:00:01.0/0000:01:00.0 vf=/devices/pci0000:00/0000:00:01.0/0000:01:00.4
	{
		uevent bind $pf/openvgpu_core.vgpu.0 SUBSYSTEM=auxiliary SEQNUM=100
		uevent add /devices/virtual/net/x SUBSYSTEM=net SEQNUM=101
		uevent change $vf SUBSYSTEM=pci OPENVGPU_EVENT=created OPENVGPU_GFID=1 OPENVGPU_TYPE=874 SEQNUM=102
		uevent change $vf SUBSYSTEM=pci OPENVGPU_EVENT=xid OPENVGPU_GFID=1 OPENVGPU_TYPE=874 \
			OPENVGPU_XID=31 SEQNUM=103
		printf 'libudev\0\376\355\276\357\0rubbish\0\0'
		printf 'no at sign\0\0'
		printf '@\0\0'
		uevent change $pf SUBSYSTEM=pci OPENVGPU_EVENT=ecc OPENVGPU_ECC=corrected SEQNUM=104
		uevent change $vf SUBSYSTEM=pci OPENVGPU_EVENT=license OPENVGPU_GFID=1 OPENVGPU_LICENSE=licensed
		uevent change /devices/odd OPENVGPU_EVENT=xid OPENVGPU_GFID= OPENVGPU_XID=x
		uevent unbind $pf/openvgpu_core.vgpu.0 SUBSYSTEM=auxiliary SEQNUM=105
		printf 'change@%s\0OPENVGPU_EVENT=cut' "$vf"
	} >"$root/run/uevents"
}

prepare=some_events t events one events
prepare=some_events t events-count one events --count 2
prepare=some_events t events-too-few one events --count 20 --timeout 5
t events-none one events
t events-bad-count one events -n x
