# /usr/lib/nvidia/sriov-manage on a fake host: what it accepts, and what it leaves
# alone.  That VFs appear is for the system test.

# sriov ARGUMENT...: what it says, then its status, on one line
sriov() {
	# shellcheck disable=SC2086
	VGPUCTL_ROOT=$root SRIOV_MANAGE_TIMEOUT=1 ${as_user:-} "$top/packaging/sriov-manage" "$@" 2>&1 |
		sed "s|$root||g" | tr '\n' ' '
	echo "${PIPESTATUS[0]}"
}

numvfs() {
	cat "$root/sys/bus/pci/devices/$PF/sriov_numvfs"
}

# mode, mode VALUE: heterogeneous as it is; as it shall be
mode() {
	if [ $# = 0 ]; then
		cat "$root/sys/bus/pci/devices/$PF"/openvgpu_core.vgpu.0/heterogeneous
	else
		echo "$1" >"$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0/heterogeneous"
	fi
}

fresh one
mode 1
echo 4 >"$root/sys/bus/pci/devices/$PF/sriov_totalvfs"
for form in $PF 01:00.0 00000000:01:00.0 00:01:0000.0 0000:01:0000.0 1:0.0 ALL "ALL ALL" "$PF $PF"; do
	# shellcheck disable=SC2086
	is "sriov-manage -e $form: they are enabled, nothing to do" "$(sriov -e $form)" 0
done
is "nothing was done, so the mode stays" "$(mode)" 1
echo 8 >"$root/sys/bus/pci/devices/$PF/sriov_totalvfs"
is "4 of 8 are enabled, with types" "$(sriov -e ALL)" \
	"Enabling VFs on $PF sriov-manage: $PF: 4 of 8 VFs are enabled, and some have a vGPU type, which would be lost; first: vgpuctl destroy --all $PF 1"
is "they stay, with their mode" "$(numvfs) $(mode)" "4 1"
for i in 0 1; do
	echo 0 >"$root/sys/bus/pci/devices/$PF/virtfn$i/nvidia/current_vgpu_type"
done
is "without types; no kernel is there to make VF 4" "$(sriov -e ALL)" \
	"Enabling VFs on $PF Clearing the heterogeneous mode of $PF sriov-manage: $PF: the VFs are enabled, but VF 4 has no nvidia/current_vgpu_type after 1 s; is openvgpu-vfio-pci loaded? 1"
is "all were asked for, with equal sizes" "$(numvfs) $(mode)" "8 0"
is "off" "$(sriov -d 01:00.0)" "Disabling VFs on $PF 0"
is "off" "$(numvfs)" 0
is "off again" "$(sriov -d ALL)" 0
mode 1
is "off already, but for the mode" "$(sriov -d ALL)" "Clearing the heterogeneous mode of $PF 0"
is "off, with equal sizes" "$(numvfs) $(mode)" "0 0"
for word in -e -d; do
	mode 1
	echo 2 >"$root/sys/bus/pci/devices/$PF/sriov_numvfs"
	sriov $word ALL >/dev/null
	is "the mode after $word" "$(mode)" 0
done
rm "$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0/heterogeneous"
echo 2 >"$root/sys/bus/pci/devices/$PF/sriov_numvfs"
is "a driver without modes" "$(sriov -d ALL)" "Disabling VFs on $PF 0"
for word in "" "-e" "-d" "-x ALL" "ALL"; do
	# shellcheck disable=SC2086
	is "sriov-manage $word" "$(sriov $word | sed 's/.* \([0-9]*\)$/\1/')" 2
done
for word in 01:00 01:00.8 01:20.0 100:00.0 all 01:00.0/0 "01:00.0;true"; do
	is "no address: $word" "$(sriov -e "$word")" \
		"sriov-manage: \"$word\" is no PCI address; it looks like 0000:41:00.0 2"
done
is "help" "$(sriov --help | sed 's/.* \([0-9]*\)$/\1/')" 0
is "no such GPU" "$(sriov -e 02:00.0)" "sriov-manage: there is no 0000:02:00.0 1"
is "a VF is no GPU" "$(sriov -e 01:00.4)" \
	"sriov-manage: 0000:01:00.4 does not have OpenVGPU's core driver; vgpuctl doctor says why 1"
late=$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0
mv "$late" "$root/late"
is "bound, but not up" "$(sriov -e ALL)" \
	"sriov-manage: $PF has OpenVGPU's core driver, but has not come up after 1 s; vgpuctl doctor says why 1"
(sleep 0.4; mv "$root/late" "$late") &
like "it comes up" "$(sriov -e ALL)" "Enabling VFs on $PF "
wait
is "all were asked for" "$(numvfs)" 8
rm "$root/sys/bus/pci/devices/$PF/sriov_totalvfs"
is "no SR-IOV" "$(sriov -e $PF)" "sriov-manage: $PF has no SR-IOV; vgpuctl doctor says why 1"
tree_is=
fresh idle
rm "$root/sys/bus/pci/devices/$PF/sriov_numvfs"
mkdir "$root/sys/bus/pci/devices/$PF/sriov_numvfs"
like "what the kernel says is passed on" "$(sriov -e $PF)" "sriov_numvfs: Is a directory 1\$"
tree_is=
fresh empty
is "no GPU at all" "$(sriov -e ALL)" \
	"sriov-manage: no GPU has OpenVGPU's core driver; vgpuctl doctor says why 1"
tree_is=

# who is not root
as_user=
[ "$(id -u)" != 0 ] || as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ -z "$as_user" ] || $as_user true 2>/dev/null; then
	fresh one
	echo 4 >"$root/sys/bus/pci/devices/$PF/sriov_totalvfs"
	closed
	is "another user: nothing to do" "$(sriov -e ALL)" 0
	echo 8 >"$root/sys/bus/pci/devices/$PF/sriov_totalvfs"
	for i in 0 1; do
		rm -f "$root/sys/bus/pci/devices/$PF/virtfn$i/nvidia/current_vgpu_type"
		echo 0 >"$root/sys/bus/pci/devices/$PF/virtfn$i/nvidia/current_vgpu_type"
	done
	is "another user: -e" "$(sriov -e ALL)" \
		"Enabling VFs on $PF sriov-manage: $PF: only root may write to /sys/bus/pci/devices/$PF/sriov_numvfs 1"
	is "another user: -d" "$(sriov -d ALL)" \
		"Disabling VFs on $PF sriov-manage: $PF: only root may write to /sys/bus/pci/devices/$PF/sriov_numvfs 1"
	is "nothing was done" "$(numvfs)" 4
	# as while memory is quarantined: the VFs go, the mode cannot
	mode_file=$root/sys/bus/pci/devices/$PF/openvgpu_core.vgpu.0/heterogeneous
	rm "$mode_file"
	echo 1 >"$mode_file"
	chmod 444 "$mode_file"
	chmod 666 "$root/sys/bus/pci/devices/$PF/sriov_numvfs"
	is "the mode is refused" "$(sriov -d ALL)" \
		"Disabling VFs on $PF sriov-manage: $PF: it stays in heterogeneous mode: Permission denied 0"
	is "the VFs are off" "$(numvfs) $(mode)" "0 1"
else
	skip "sriov-manage as another user" "there is no setpriv"
fi
as_user=
tree_is=
