#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# The interface of docs/sysfs.md as clients use it: each file with each valid and
# each invalid write in each way to open it, what a VF looks like to each
# client, and a VMM that is killed while the guest starts.  Without mixed sizes:
# t-placement.sh.
# timeout: 300
# release: r570
. /lab/lib.sh

HEADING="ID    : vGPU Name"

file() {
	echo "$(vf "$1")/nvidia/$2"
}

# exactly FILE: its text, with its newlines
exactly() {
	t=$(cat "$1" 2>&1; echo .)
	echo "${t%.}" | sed ':a; N; $!ba; s/\n/\\n/g'
}

# writes TEXT FILE WANT MODE...: TEXT is taken in each of the ways in which clients
# open the file, and is what WANT says right after the write
writes() {
	bad=
	for how in "" "--trunc" "--trunc --sync" "--creat --trunc"; do
		for end in "" "\\n"; do
			# shellcheck disable=SC2086
			got=$(sysfs-write $how -- "$2" "$1$end")
			[ "$got" = ok ] || bad="$bad [$how '$end': $got]"
			got=$(exactly "$2")
			[ "$got" = "$3\\n" ] || bad="$bad [$how '$end' reads '$got']"
			[ -z "$4" ] || sysfs-write "$2" "$4" >/dev/null
		done
	done
	is "${2##*/} takes '$1' in each way to write it${4:+, with '$4' between}" "$bad" ""
}

# refused FILE TEXT ERRNO LOG [TIMES]: the write (of TEXT so often) fails so, changes
# nothing, and each time the log says why; in each of those ways
refused() {
	f=$1 text=$2 want=$3 log=$4 times=${5:-1}
	bad='' n=0
	before=$(cat "$f" 2>&1)
	mark_dmesg
	for how in "" "--trunc" "--trunc --sync" "--creat --trunc"; do
		for end in "" "\\n"; do
			[ $times = 1 ] || end=
			# shellcheck disable=SC2086
			got=$(sysfs-write $how --times $times -- "$f" "$text$end")
			[ "$got" = "$want" ] || bad="$bad [$how '$end': $got]"
			n=$((n + 1))
		done
	done
	[ "$(cat "$f" 2>&1)" = "$before" ] || bad="$bad, it changed"
	[ "$(dmesg_since | grep -Ec "$log")" = $n ] || bad="$bad, the log says: $(dmesg_since)"
	is "${f##*/} refuses '$text'${5:+, $5 times}: $want" "$bad" ""
}

# no_number FILE LOG [TEXT...]: what is no number is EINVAL each time, and logged
no_number() {
	f=$1 log=$2 bad='' n=0
	shift 2
	before=$(cat "$f" 2>&1)
	mark_dmesg
	for text in '\n' ' ' ' \n' -1 +1 0x1 1x '1 1' '1\n\n' '1\0' '\t1' 1.0 1, 4294967296 \
		18446744073709551617 x 'NVIDIA L40-1Q' "$@"; do
		for how in "" "--trunc" "--trunc --sync" "--creat --trunc"; do
			# shellcheck disable=SC2086
			got=$(sysfs-write $how -- "$f" "$text")
			[ "$got" = EINVAL ] || bad="$bad [$how '$text': $got]"
			n=$((n + 1))
		done
	done
	# as many as 64 characters are looked at, sysfs hands over 4096
	for times in 65 4096 5000; do
		got=$(sysfs-write --trunc --times $times "$f" 0)
		[ "$got" = EINVAL ] || bad="$bad [$times zeroes: $got]"
		n=$((n + 1))
	done
	is "${f##*/}: what is no number is EINVAL" "$bad" ""
	is "${f##*/}: each time the log says why" "$(dmesg_since | grep -c "$log")" $n
	is "${f##*/}: an empty write does nothing" "$(sysfs-write --trunc "$f" "")" ok
	is "${f##*/}: reads as before" "$(cat "$f" 2>&1)" "$before"
}

hold() {
	ovg-smoke --vfio "$(vf_bdf "$1")" --pattern-only --hold --fb-mib 4 >/tmp/hold 2>&1 </dev/null &
	pid=$!
	wait_for 60 grep -q holding /tmp/hold
}

release() {
	kill -9 $pid
	wait $pid 2>/dev/null
	wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
}

check "modules, 4 VFs" host_up 4
GPU=$(echo "$PF_DIR"/openvgpu_core.vgpu.*)
q1=$(type_id L40-1Q)
b1=$(type_id L40-1B)
q4=$(type_id L40-4Q)
q24=$(type_id L40-24Q)
type0=$(file 0 current_vgpu_type)
type1=$(file 1 current_vgpu_type)
list0=$(file 0 creatable_vgpu_types)
list1=$(file 1 creatable_vgpu_types)

# ---- a VF, as clients find it ----

group() {
	basename "$(readlink "$(vf "$1")/iommu_group")"
}

# what a client that watches would see come and go
registered() {
	for i in 0 1 2 3; do
		stat -c '%n %i' "$(vf $i)"/vfio-dev/* "$(vf $i)/vfio-dev" "/dev/vfio/$(group $i)"
		[ ! -d /dev/vfio/devices ] || stat -c '%n %i' "/dev/vfio/devices/$(ls "$(vf $i)/vfio-dev")"
	done
}

registered0=$(registered)
like "each VF has one VFIO device" "$(ls "$(vf 0)/vfio-dev") $(ls "$(vf 3)/vfio-dev")" \
	'^vfio[0-9]+ vfio[0-9]+$'
is "every VF is alone in its IOMMU group" "$(for i in 0 1 2 3; do
	ls "$(vf $i)/iommu_group/devices"
done)" "$(for i in 0 1 2 3; do vf_bdf $i; done)"
is "groups have nodes (KubeVirt watches them, libvirt's AppArmor profile wants numbers)" \
	"$(for i in 0 1 2 3; do ls -d "/dev/vfio/$(group $i)"; done | grep -vc '^/dev/vfio/[0-9]*$')" 0
is "KubeVirt, plugin#192: the VF's driver is called nvidia" \
	"$(basename "$(readlink "$(vf 0)/driver")")" nvidia
is "the PF's is not, and has no nvidia/" \
	"$(basename "$(readlink "$PF_DIR/driver")") $(ls -d "$PF_DIR/nvidia" 2>/dev/null)" "openvgpu "
is "only the PF has sriov_totalvfs" "$(ls "$PF_DIR/sriov_totalvfs" "$(vf 0)/sriov_totalvfs" 2>/dev/null)" \
	"$PF_DIR/sriov_totalvfs"
is "physfn and virtfnN lead to each other" \
	"$(for i in 0 1 2 3; do basename "$(readlink -f "$(vf $i)/physfn")"; done | sort -u)" "$PF"
is "KubeVirt: PCI_ID in uevent" "$(grep ^PCI_ID= "$(vf 0)/uevent")" PCI_ID=10DE:26B5
is "Nova: vendor and product" "$(cat "$(vf 0)/vendor" "$(vf 0)/device" | tr '\n' ' ')" "0x10de 0x26b5 "
like "vdm: class of VF and PF" "$(cat "$(vf 0)/class" "$PF_DIR/class" | tr '\n' ' ')" \
	'^0x030[02]00 0x030[02]00 $'
if [ -d /sys/devices/system/node ]; then
	like "go-nvlib: numa_node is a number" "$(cat "$(vf 0)/numa_node")" '^-?[0-9]+$'
else
	ok "go-nvlib: numa_node is a number # SKIP a kernel without NUMA has none"
fi
is "go-nvlib: resource has three numbers in each line" \
	"$(awk 'NF != 3 || /[^0-9a-fx ]/' "$(vf 0)/resource")" ""
is "plugin#192: devices are links" "$(for i in 0 1 2 3; do
	readlink "/sys/bus/pci/devices/$(vf_bdf $i)" >/dev/null || echo $i
done)" ""
is "libvirt: one vfio_pci alias fits a VF" \
	"$(grep -c '^alias vfio_pci:v000010DEd000026B5sv\*sd\*bc\*sc\*i\* openvgpu_vfio_pci$' \
		"/lib/modules/$(uname -r)/modules.alias")" 1
is "libvirt: its module has one PCI driver" "$(ls -d /sys/module/openvgpu_vfio_pci/drivers/pci:* |
	sed 's/.*drivers.//')" pci:nvidia
is "vdm: no mdev parent" "$(ls /sys/class/mdev_bus 2>/dev/null)" ""
is "nvidia/ has NVIDIA's files, with their modes" "$(cd "$(vf 0)/nvidia" && stat -c '%a %n' -- * | tr '\n' ' ')" \
	"444 creatable_vgpu_types 644 current_vgpu_type 644 gpu_instance_id 644 placement_id 644 vgpu_params 644 warm_update "

# ---- no type yet ----

is "no type reads 0 and a newline" "$(exactly "$type0")" '0\n'
is "a list cannot be written" "$(sysfs-write "$list0" 1)" "open EACCES"
for f in placement_id gpu_instance_id; do
	is "no type: $f is ENXIO" "$(cat "$(file 0 $f)" 2>&1 | sed 's/.*: //')" "No such device or address"
	refused "$(file 0 $f)" 0 ENXIO "$f: no vGPU type is selected; write one to current_vgpu_type"
done
for f in gsp_version max_vgpus fb_total fb_free quarantined; do
	is "$f cannot be written" "$(sysfs-write "$GPU/$f" 1)" "open EACCES"
done
writes 0 "$type0" 0
no_number "$type0" "current_vgpu_type takes the number of a type"
refused "$type0" 4711 ENODEV "type 4711 is not known; see creatable_vgpu_types"
refused "$type0" 4294967295 ENODEV "type 4294967295 is not known"

is "settings can come before the type" "$(sysfs-write "$(file 0 vgpu_params)" disable_vnc=1)
$(sysfs-write "$type0" "$q1") $(cat "$(file 0 vgpu_params)")" "ok
ok disable_vnc=1"
is "and go with it" "$(sysfs-write "$type0" 0) $(exactly "$(file 0 vgpu_params)")" 'ok \n'

# ---- the list, as each client parses it ----

list=$(cat "$list0")
is "the first line" "$(echo "$list" | head -n 1)" "$HEADING"
check "less than a page" [ "$(wc -c <"$list0")" -lt 4096 ]
like "ids are in five columns" "$(echo "$list" | grep "L40-1Q")" '^871   : NVIDIA L40-1Q$'
is "OpenNebula probe: a colon in each line, nothing empty" \
	"$(awk -F: '{ gsub(/^ +| +$/, "", $1); gsub(/^ +| +$/, "", $2) } NF < 2 || $1 == "" || $2 == ""' "$list0")" ""
is "OpenNebula create: the id of line 2 is a type" \
	"$(id=$(sed -n 2p "$list0" | cut -d: -f1 | tr -d ' '); sysfs-write --trunc "$type0" "$id\n"
	cat "$type0"; sysfs-write "$type0" "0\n")" \
	"ok
$(sed -n 2p "$list0" | cut -d: -f1 | tr -d ' ')
ok"
is "Harvester: two parts at the colon, without the key 'vGPU Name' all are types" \
	"$(awk -F: 'NF == 2 { gsub(/^ +| +$/, "", $1); gsub(/^ +| +$/, "", $2)
		if ($2 != "vGPU Name" && $1 !~ /^[0-9]+$/) print }' "$list0")" ""
is "Harvester: it loses no line" "$(awk -F: 'NF == 2' "$list0" | wc -l)" "$(wc -l <"$list0")"
is "hypeman: but for ID each line is a number and a name, with its FB" \
	"$(awk -F: '{ id = $1; gsub(/ /, "", id) } id == "ID" { next }
		id !~ /^[0-9]+$/ || $2 !~ /-[0-9]+[ABCQ]$/' "$list0")" ""
is "vdm#195: the last word is the config's name" \
	"$(awk '{ i = index($0, ":"); id = substr($0, 1, i - 1); gsub(/ /, "", id)
		n = split(substr($0, i + 1), w, " ") } id ~ /^[0-9]+$/ && w[n] == "L40-1Q" { print id }' "$list0")" "$q1"
is "plugin#192: number, colon, name" \
	"$(sed -nE 's/^[[:space:]]*([0-9]+)[[:space:]]*:[[:space:]]*(.+)$/\1 \2/p' "$list0" |
		sed -n 's/ /_/2p' | grep -c '^[0-9]* NVIDIA_L40-[^ ]*$')" "$(($(wc -l <"$list0") - 1))"
is "Proxmox 8: without ^ID, up to the first colon" \
	"$(sed '/^ID/d; s/ *:.*//; s/^/nvidia-/' "$list0" | grep -vc '^nvidia-[0-9]*$')" 0

# ---- current_vgpu_type ----

writes "$q1" "$type0" "$q1" 0
is "a client's mode 0600 changes nothing" "$(stat -c %a "$type0")" 644
for text in " $q1" "$q1 " "  $q1  \\n" "000$q1"; do
	is "'$text' is $q1" "$(sysfs-write "$type0" "$text") $(cat "$type0")" "ok $q1"
	is "and 0 gives it back" "$(sysfs-write "$type0" "0") $(cat "$type0")" "ok 0"
done
all1=$(cat "$list1")
is "DRA, hypeman: id, and it reads back" "$(sysfs-write --trunc "$type0" "$q1") $(exactly "$type0")" "ok $q1\\n"
is "the siblings' lists change at once" "$(sed 's/.*-//' "$list1" | tr '\n' ' ')" \
	"$HEADING 1B 1Q 1A "
is "a VF with a type lists that type" "$(cat "$list0")" "$HEADING
$q1   : NVIDIA L40-1Q"
refused "$type0" "$q1" EPERM "type $q1 is selected; write 0 first"
refused "$type0" "$b1" EPERM "write 0 first"
refused "$type0" "-1" EINVAL "takes the number"
refused "$type1" "$q4" EINVAL "type $q4 .*has another size than the vGPUs of this GPU"
is "vdm#195 assert: the active type is in a list of the card" \
	"$(cat "$PF_DIR"/virtfn*/nvidia/creatable_vgpu_types | grep "^$(cat "$type0") " | sort -u)" \
	"$q1   : NVIDIA L40-1Q"
is "KubeVirt: VFs with a type are offered, others are not" "$(for i in 0 1 2 3; do
	t=$(tr -d ' \n' <"$(file $i current_vgpu_type)")
	[ -z "$t" ] || [ "$t" = 0 ] || vf_bdf $i
done)" "$(vf_bdf 0)"
is "vdm: clear writes 0 only where it is not 0" "$(for i in 0 1 2 3; do
	[ "$(exactly "$(file $i current_vgpu_type)")" = '0\n' ] ||
		sysfs-write --trunc --sync "$(file $i current_vgpu_type)" 0
done)" ok
is "and the siblings have the whole list again" "$(cat "$list1")" "$all1"
sysfs-write "$type0" "$q24" >/dev/null
sysfs-write "$type1" "$q24" >/dev/null
refused "$(file 2 current_vgpu_type)" "$q24" ENOSPC "does not fit any more.* room for 2 of them"
is "a full GPU has the heading alone" "$(cat "$(file 2 creatable_vgpu_types)")" "$HEADING"
sysfs-write "$type1" 0 >/dev/null
like "and one more when one has gone" "$(cat "$(file 2 creatable_vgpu_types)")" "L40-24Q"
sysfs-write "$type0" 0 >/dev/null

# ---- settings ----

sysfs-write "$type0" "$q4" >/dev/null
sysfs-write "$type1" "$q4" >/dev/null
place=$(file 0 placement_id)
writes 8 "$place" 8 0
writes 0 "$place" 0
no_number "$place" "placement_id takes a number"
for id in 2 45 48 65535 4294967295; do
	refused "$place" $id EINVAL "type $q4 .*cannot be placed at $id in homogeneous mode"
done
refused "$place" 4 EBUSY "placement_id: 4 is taken by another vGPU"
gi=$(file 0 gpu_instance_id)
is "gpu_instance_id" "$(exactly "$gi")" '0\n'
no_number "$gi" "gpu_instance_id takes a number"
for id in 0 1; do
	refused "$gi" $id EOPNOTSUPP "this GPU has no MIG"
done
warm=$(file 0 warm_update)
writes 0 "$warm" 0
no_number "$warm" "warm_update takes 0 or 1" 2 4294967295
refused "$warm" 1 EOPNOTSUPP "warm_update: not supported; stop the VM"
params=$(file 0 vgpu_params)
is "no settings" "$(exactly "$params")" '\n'
for text in "disable_vnc=1" "frame_rate_limiter=0, enable_uvm=1" "future_key=some:value"; do
	writes "$text" "$params" "$text" " "
done
for text in " " "\\n" " \\n"; do
	sysfs-write "$params" "enable_uvm=1" >/dev/null
	is "vgpu_params: '$text' clears" "$(sysfs-write "$params" "$text") $(exactly "$params")" 'ok \n'
done
sysfs-write "$params" "enable_uvm=1" >/dev/null
is "vgpu_params: an empty write does nothing" "$(sysfs-write --trunc "$params" "") $(cat "$params")" \
	"ok enable_uvm=1"
for text in disable_vnc disable_vnc= =1 disable_vnc=2 disable_vnc=-1 disable_vnc=yes disable_vnc=0x1 \
	, disable_vnc=1, ,disable_vnc=1 "a b" "enable_uvm=0 1" 'a=\t' 'a=1\n\n' 'a=1\0' 'enable_uvm=1;a=1'; do
	refused "$params" "$text" EINVAL 'vgpu_params: .* is wrong; it is key=value'
done
is "vgpu_params: 1023 characters" "$(sysfs-write --times 341 "$params" "a=1" | tr -d '\n')" ok
for times in 1024 4096 5000; do
	refused "$params" " " E2BIG "vgpu_params: at most 1023 characters" $times
done
mark_dmesg
for text in frame_rate_limiter=0 enable_debugging=1 address64=0; do
	is "vgpu_params: $text is taken" "$(sysfs-write "$params" "$text")" ok
	like "and the log says that it has no effect" "$(dmesg_since)" "vgpu_params: $text is kept; "
done
sysfs-write "$params" " " >/dev/null

mixed=$GPU/heterogeneous
no_number "$mixed" "heterogeneous takes 0 or 1" 2 y on
refused "$mixed" 1 EBUSY "the mode can change only while no VF has a vGPU type"
writes 0 "$mixed" 0
sysfs-write "$type0" 0 >/dev/null
sysfs-write "$type1" 0 >/dev/null
qmp set fault mode-refuse=100
refused "$mixed" 1 EINVAL "GSP did not take the mixed-size mode"
qmp set fault none
is "GSP's mode is as before" "$(qmp get mixed-sizes)" false
writes 1 "$mixed" 1 0
qmp set fault rpc-delay=1:4000
echo 1 >"$mixed" &
change=$!
sleep 1
refused "$type0" "$q4" EBUSY "the GPU's mode is being changed; try again"
check "lists can be read meanwhile" grep -q "L40-4Q" "$list0"
check "the change is still under way" kill -0 $change
wait $change
qmp set fault none
is "now it is done" "$(cat "$mixed")" 1
sysfs-write "$type0" "$q4" >/dev/null
like "mixed sizes: the siblings' lists have other sizes, too" "$(cat "$list1")" "L40-1Q"
refused "$place" 4 EINVAL "type $q4 .*cannot be placed at 4 in mixed-size mode"
sysfs-write "$type0" 0 >/dev/null
sysfs-write "$mixed" 0 >/dev/null
sysfs-write "$type1" "$q4" >/dev/null
sysfs-write "$type0" "$q4" >/dev/null

# A guest boots in QEMU while the rest is tested.
check "a type for a guest in QEMU" set_type 2 "$q4"
run-guest k "$(vf_bdf 2)" --fb-mib,64

# ---- while it is open ----

check "a VM has the VF" hold 0
refused "$type0" 0 EBUSY "the vGPU is in use; stop its VM first"
refused "$type0" "$q4" EBUSY "the vGPU is in use"
refused "$place" 44 EPERM "the vGPU is in use"
refused "$params" "disable_vnc=1" EPERM "the vGPU is in use"
refused "$params" " " EPERM "the vGPU is in use"
refused "$gi" 0 EOPNOTSUPP "no MIG"
is "KubeVirt: the type can be read" "$(exactly "$type0")" "$q4\\n"
is "the list as well" "$(tail -n +2 "$list0")" "$q4   : NVIDIA L40-4Q"
is "the other VFs can be changed" "$(sysfs-write "$type1" 0) $(sysfs-write "$type1" "$q4")" "ok ok"
release
# Proxmox: ten tries, a second apart
check "Proxmox: after the VM has ended 0 is taken" \
	wait_for 10 sh -c "[ \"\$(sysfs-write --trunc $type0 0)\" = ok ] && [ \"\$(cat $type0)\" = 0 ]"

# ---- a VMM that is killed while the guest starts ----

start() {
	rm -f /tmp/start
	ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4 >/tmp/start 2>&1
}

sysfs-write "$type0" "$q4" >/dev/null
check "a guest starts" start
# milliseconds from open until its first copy is done
took=$(awk '{ gsub(/[(]/, ""); t += $(NF - 1) } $2 == "copy" { print t }' /tmp/start)
i=0
died=
while [ $i -lt 12 ]; do
	: >/tmp/start
	ovg-smoke --vfio "$(vf_bdf 0)" --fb-mib 4 >/tmp/start 2>&1 &
	pid=$!
	usleep $((took * i * 150))
	kill -9 $pid && died="$died $(awk '{ last = $2 } END { print last ? last : "open" }' /tmp/start)"
	wait $pid 2>/dev/null
	! grep -q FAIL /tmp/start || break
	i=$((i + 1))
done
is "twelve starts in a row, each killed later than the last ($took ms:$died)" "$i" 12
like "before and after the VFIO device was open" "$died" "open .*(identify|plugin|fill|verify|channel|copy|bar1)"
check "and then it works" start
is "with the type that it had" "$(exactly "$type0")" "$q4\\n"
check "the guest's driver starts" wait_for 120 grep -q "smoke: identify" /tmp/guest-k.log
kill -9 "$(cat /tmp/guest-k.pid)"
check "QEMU is killed before its guest has ended" sh -c "! grep -q PASS /tmp/guest-k.log"
check "gone" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
check "and that VF works, too" ovg-smoke --vfio "$(vf_bdf 2)" --fb-mib 4
set_type 2 0
is "nothing is left of them" "$(wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
	qmp get plugin-tasks; cat "$GPU/quarantined")" "0
0"

is "through all of that the VFIO devices and their nodes stayed" "$(registered)" "$registered0"

sysfs-write "$params" "disable_vnc=1" >/dev/null
echo 0 >"$PF_DIR/sriov_numvfs"
check "VFs anew" host_up 4
is "have no type and no settings" "$(cat "$type0" "$type1" "$params" | tr '\n' ' ')" "0 0  "
unload_modules
check "no warning in the kernel log" dmesg_clean
done_testing
