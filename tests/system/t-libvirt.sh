#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Debian's libvirt gives VFs to guests: that of bookworm-backports with managed='no'
# and managed='yes', that of bookworm not at all.  lab/check-libvirt.sh put both into
# this VM.
# kernel: libvirt
# timeout: 600
. /lab/lib.sh

export LC_ALL=C HOME=/root

# use new|old: the libvirt that virsh and libvirtd are from
use() {
	dir=/libvirt/$1
	mkdir -p /usr/share
	ln -sfn "$dir/usr/share/libvirt" /usr/share/libvirt
	rm -rf /etc/libvirt/qemu /var/lib/libvirt /var/cache/libvirt /run/libvirt
}

lv() {
	LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu \
		LIBVIRT_DRIVER_DIR=$dir/usr/lib/x86_64-linux-gnu/libvirt/connection-driver "$@"
}

virsh() {
	lv "$dir/usr/bin/virsh" -q "$@"
}

daemon() {
	(lv exec "$dir/usr/sbin/libvirtd") >"/tmp/libvirtd.$1" 2>&1 &
	daemon=$!
	wait_for 60 test -e /run/libvirt/libvirt-sock && return
	cat "/tmp/libvirtd.$1"
	false
}

daemon_end() {
	kill $daemon
	wait $daemon 2>/dev/null
}

# A host without systemd, polkit, AppArmor and cgroups.
mkdir -p /etc/libvirt /var /sbin
ln -sfn /run /var/run
ln -sfn /bin/modprobe /sbin/modprobe
for name in root libvirt-qemu; do
	echo "$name:x:0:0::/root:/bin/sh" >>/etc/passwd
	echo "$name:x:0:" >>/etc/group
done
cat >/etc/libvirt/libvirtd.conf <<-END
	auth_unix_ro = "none"
	auth_unix_rw = "none"
	unix_sock_group = "root"
	host_uuid = "00000000-0000-4000-8000-000000000001"
	log_outputs = "1:file:/tmp/libvirtd.log"
	log_filters = "1:util.pci 1:util.hostdev 3:*"
END
cat >/etc/libvirt/qemu.conf <<-END
	user = "root"
	group = "root"
	dynamic_ownership = 0
	remember_owner = 0
	security_driver = "none"
	cgroup_controllers = []
	namespaces = []
	seccomp_sandbox = 0
	stdio_handler = "file"
END

# domain NAME [SMOKE-ARGUMENTS,... WORDS]: as docs/orchestrators.md shows it
domain() {
	cat >"/tmp/$1.xml" <<-END
		<domain type='qemu'>
		  <name>$1</name>
		  <memory unit='MiB'>192</memory>
		  <vcpu>1</vcpu>
		  <os>
		    <type arch='x86_64' machine='q35'>hvm</type>
		    <kernel>/lab/guest-bzImage</kernel>
		    <initrd>/lab/guest-initramfs.gz</initrd>
		    <cmdline>console=ttyS0 quiet loglevel=3 panic=-1 tsc=reliable no_timer_check smoke=--fb-mib,16,--stride,16${2:+,$2}</cmdline>
		  </os>
		  <features><acpi/></features>
		  <cpu mode='maximum'/>
		  <on_reboot>destroy</on_reboot>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <controller type='usb' model='none'/>
		    <serial type='file'>
		      <source path='/tmp/guest-$1.log'/>
		    </serial>
		    <video><model type='none'/></video>
		    <memballoon model='none'/>
		  </devices>
		</domain>
	END
	virsh define "/tmp/$1.xml"
}

# hostdev VF MANAGED: the file with the VF's element
hostdev() {
	bdf=$(vf_bdf "$1")
	cat >"/tmp/hostdev$1.xml" <<-END
		<hostdev mode='subsystem' type='pci' managed='$2'>
		  <source>
		    <address domain='0x${bdf%%:*}' bus='0x$(echo "$bdf" | cut -d: -f2)' slot='0x$(echo "$bdf" |
		      cut -c9-10)' function='0x${bdf#*.}'/>
		  </source>
		</hostdev>
	END
	echo "/tmp/hostdev$1.xml"
}

node() {
	echo "pci_$(echo "$1" | tr ':.' '__')"
}

opened() {
	sed -n 's/^open //p' /sys/kernel/debug/openvgpu-mgr/"$PF"/state
}

state() {
	for i in 0 1; do
		echo "$(basename "$(readlink "$(vf $i)/driver")") $(cat "$(vf $i)/nvidia/current_vgpu_type")" \
			"$(ls -i "$(vf $i)/vfio-dev")" "$(cat "$(vf $i)/driver_override")"
	done
}

check "modules, 4 VFs" host_up 4
q=$(type_id L40-4Q)
set_type 0 "$q"
set_type 1 "$q"
state0=$(state)
like "two VFs with a type" "$state0" "^nvidia $q "

# ---- the libvirt of bookworm-backports ----

use new
version=$(cat /libvirt/new/version)
check "libvirtd $version" daemon new
like "it knows this QEMU" "$(virsh version)" "library: libvirt $version"
is "it lists the VFs" "$(virsh nodedev-list --cap pci | grep -cxF "$(node "$(vf_bdf 0)")
$(node "$(vf_bdf 1)")")" 2
dump=$(virsh nodedev-dumpxml "$(node "$(vf_bdf 0)")" | tr -d '\n')
like "with driver, PF and IOMMU group" "$dump" \
	"<name>nvidia</name>.*type='phys_function'.*<iommuGroup number='$(basename "$(readlink "$(vf 0)/iommu_group")")'>"
like "the PF with its VFs" "$(virsh nodedev-dumpxml "$(node "$PF")" | tr -d '\n')" \
	"<name>openvgpu</name>.*type='virt_functions'"

check "domain a" domain a
check "domain b" domain b "--hold rounds=2"
check "attach: managed='no'" virsh attach-device a "$(hostdev 0 no)" --config
check "attach: managed='yes'" virsh attach-device b "$(hostdev 1 yes)" --config
check "a starts" virsh start a
check "b starts" virsh start b
is "both vGPUs are open" "$(opened)" 2
is "the VFs stay with their driver" "$(state)" "$state0"
like "libvirt found it bound" "$(cat /tmp/libvirtd.log)" \
	"already bound to .*nvidia"
like "the running domain has the VF" "$(virsh dumpxml b | tr -d '\n')" \
	"<hostdev mode='subsystem' type='pci' managed='yes'>.*<driver name='vfio'/>.*<alias name='hostdev0'/>"
virsh destroy nothing 2>/dev/null
domain c >/dev/null
virsh attach-device c "$(hostdev 0 no)" --config >/dev/null
like "a VF is not given away twice" "$(virsh start c 2>&1)" "in use by driver QEMU, domain a"
virsh undefine c >/dev/null

# ended NAME: the guest has run to its end and libvirt has noticed
ended() {
	wait_for 200 sh -c "grep -q GUEST-EXIT /tmp/guest-$1.log" &&
		wait_for 20 eval "[ \"\$(virsh domstate $1)\" = 'shut off' ]"
}

log() {
	sed 's/\r$//; s/^/# /' "/tmp/guest-$1.log"
}

check "guest a ends" ended a
check "its workload was well" guest_ok a
log a

holds() {
	[ "$(grep -c 'smoke: holding' /tmp/guest-b.log)" = "$1" ]
}

# hot-plug: the guest lets go, and gets another
check "guest b is at work" wait_for 200 holds 1
is "one vGPU is open" "$(opened)" 1
check "detach while it runs: managed='yes'" virsh detach-device b /tmp/hostdev1.xml --live
check "the guest lets go" wait_for 60 eval '! virsh dumpxml b | grep -q hostdev'
is "no vGPU is open" "$(opened)" 0
is "the VF stays with its driver" "$(state)" "$state0"
check "attach while it runs" virsh attach-device b "$(hostdev 0 yes)" --live
check "guest b is at work on it" wait_for 60 holds 2
log b
check "destroy" virsh destroy b
check "its vGPU is gone" wait_for 20 sh -c "[ \"\$(qmp get plugin-tasks)\" = 0 ]"
check "detach: managed='no'" virsh detach-device a "$(hostdev 0 no)" --config
check "detach: managed='yes'" virsh detach-device b /tmp/hostdev1.xml --config
is "the domains have none any more" "$(virsh dumpxml a | grep -c hostdev) $(virsh dumpxml b | grep -c hostdev)" "0 0"
is "the VFs are still on driver nvidia, with their types" "$(state)" "$state0"
check "and work" ovg-smoke --vfio "$(vf_bdf 1)" --fb-mib 4 --pattern-only

daemon_end

# ---- the libvirt of bookworm ----

use old
version=$(cat /libvirt/old/version)
check "libvirtd $version" daemon old
like "it knows this QEMU" "$(virsh version)" "library: libvirt $version"
check "domain a" domain a
check "attach: managed='no'" virsh attach-device a "$(hostdev 0 no)" --config
like "it refuses a VF whose driver it does not know" "$(virsh start a 2>&1)" \
	"Unmanaged PCI device $(vf_bdf 0) must be manually detached from the host"
is "and leaves it alone" "$(state)" "$state0"
daemon_end

set_type 0 0
set_type 1 0
unload_modules
is "nothing is left in the model" "$(qmp get plugin-tasks) $(qmp get rm-objects) $(qmp get channels)" "0 0 0"
check "no warning in the kernel log" dmesg_clean
done_testing
