#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Run the host VM: a q35 with an emulated Intel IOMMU and the emulated L40.
#   host.sh [options] --run SCRIPT [ARGUMENT...]   a script of tests/system, its
#                        output on stdout, its status as ours
#   host.sh [options] --interactive                a shell on the console
# options: --name NAME  --timeout SECONDS  --gpu-opt KEY=VALUE  --no-gpu
#          --gpu KEY=VALUE,... (one more GPU)  --mem MIB  --append WORDS  --qemu-arg ARG
# OVG_SLOW=N makes all timeouts N times as long, for a host kernel that is slow.
# Logs are kept in build/run/NAME: console.log, model.log, result.log.

. "$(dirname "$0")/lib.sh"
. "$OVG_BUILD/lab.env"

name=host
timeout=600
gpu=1
gpu_opts=
more_gpus=()
mem=${LAB_MEM:-6144}
slow=${OVG_SLOW:-1}
append=
run=
interactive=
extra=()
while (($#)); do
	case $1 in
	--name) name=$2; shift ;;
	--timeout) timeout=$2; shift ;;
	--gpu-opt) gpu_opts+=,$2; shift ;;
	--no-gpu) gpu= ;;
	--gpu) more_gpus+=("$2"); shift ;;
	--mem) mem=$2; shift ;;
	--append) append+=" $2"; shift ;;
	--qemu-arg) extra+=("$2"); shift ;;
	--interactive) interactive=1 ;;
	--run) run=$2; shift 2; break ;;
	*) die "host.sh: unknown option $1" ;;
	esac
	shift
done
timeout=$((timeout * slow))
script_args=$(IFS=,; echo "$*")
[ -n "$run$interactive" ] || die "host.sh: say --run SCRIPT or --interactive"

qemu=${OVG_QEMU:-$(cat "$OVG_BUILD/qemu.path")}
dir=$OVG_BUILD/run/$name
rm -rf "$dir"
mkdir -p "$dir"

# KVM where it works, else emulation of an AMD processor.
accel=(-accel tcg,thread=multi -cpu max,vendor=AuthenticAMD,-x2apic,-la57)
if [ "${OVG_ACCEL:-}" != tcg ] && kvm_works "$qemu" "$OVG_BUILD/initramfs/lab/guest-bzImage"; then
	accel=(-accel kvm -cpu host)
fi

# A short path: socket names have a limit of 107 bytes.
sock=$(mktemp -u "${TMPDIR:-/tmp}/ovg-qmp.XXXXXX")
cmdline="console=ttyS0 loglevel=4 intel_iommu=on panic=-1 mitigations=off${LAB_APPEND:-}$append"
[ "$slow" = 1 ] || cmdline+=" ovg.slow=$slow"
[ -z "$run" ] || cmdline+=" quiet ovg.run=/tests/$run ovg.args=$script_args"

args=(
	-L "$(dirname "$qemu")" -M q35,kernel-irqchip=split,smbus=off,sata=off,usb=off,hpet=off
	"${accel[@]}" -smp 2 -m "$mem" -nodefaults -no-user-config -display none -no-reboot
	-device intel-iommu,intremap=on,caching-mode=on,aw-bits=48
	-kernel "$LAB_KERNEL/boot/vmlinuz-$LAB_KREL"
	-initrd "$OVG_BUILD/host-$OVG_RELEASE.cpio"
	-append "$cmdline"
	-d guest_errors -D "$dir/model.log"
)
if [ -n "$gpu" ]; then
	args+=(
		-device pcie-root-port,id=rp0,chassis=1,slot=1,mem-reserve=64M,pref64-reserve=160G
		-device "ovg-l40,id=gpu0,bus=rp0,addr=0$gpu_opts"
	)
fi
for i in "${!more_gpus[@]}"; do
	n=$((i + 1))
	args+=(
		-device "pcie-root-port,id=rp$n,chassis=$((n + 1)),slot=$((n + 1)),mem-reserve=64M,pref64-reserve=16G"
		-device "ovg-l40,id=gpu$n,bus=rp$n,addr=0,${more_gpus[i]}"
	)
done
args+=(
	-chardev "socket,id=mon,path=$sock,server=on,wait=off"
	-mon chardev=mon,mode=control
)

# A second monitor, for what the VM cannot ask for while it sleeps.
wake=$sock.wake
args+=(
	-chardev "socket,id=wake,path=$wake,server=on,wait=off"
	-mon chardev=wake,mode=control
)

serial2=$sock.serial
ser2=(-chardev "socket,id=ser2,path=$serial2,server=on,wait=off" -serial chardev:ser2)
pid=
relay=
cleanup() {
	# shellcheck disable=SC2086
	kill $pid $relay 2>/dev/null || true
	rm -f "$sock" "$serial2" "$wake"
}
trap cleanup EXIT

# The relay between ttyS2 and the monitor: connected to itself, QEMU would wait
# for itself.
relay() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ -S "$serial2" ] && [ -S "$sock" ] && break
		sleep 0.1
	done
	exec socat "UNIX-CONNECT:$serial2" "UNIX-CONNECT:$sock" 2>/dev/null
}

if [ -n "$interactive" ]; then
	relay &
	relay=$!
	"$qemu" "${args[@]}" -serial mon:stdio -serial "file:$dir/result.log" "${ser2[@]}" \
		${extra[@]+"${extra[@]}"}
	exit
fi

"$qemu" "${args[@]}" -serial "file:$dir/console.log" -serial "file:$dir/result.log" \
	"${ser2[@]}" ${extra[@]+"${extra[@]}"} >"$dir/qemu.log" 2>&1 </dev/null &
pid=$!
trap 'exit 130' INT TERM

touch "$dir/result.log"
relay &
relay=$!

# Files that the script put into its output (put_file of lab/vm/lib.sh).
take_files() {
	local name bytes sum
	while read -r name bytes sum; do
		[[ $name =~ ^[a-z0-9][a-z0-9.-]*$ ]] || continue
		tr -d '\r' <"$dir/result.log" | sed -n "s/^# ovg-file $name //p" |
			base64 -d >"$dir/$name.new" 2>/dev/null || true
		if [ "$(sha256sum <"$dir/$name.new" | cut -c1-64)" = "$sum" ]; then
			mv "$dir/$name.new" "$dir/$name"
		else
			rm -f "$dir/$name.new"
			say "$name did not come out of the VM as it was ($bytes bytes)"
		fi
	done < <(tr -d '\r' <"$dir/result.log" | sed -n 's/^# ovg-file-end //p')
}

tail -n +1 --pid=$pid -s 0.2 -f "$dir/result.log" | sed -u '/^OVG-EXIT /d; /^# ovg-file/d' &
tail_pid=$!
end=$((SECONDS + timeout))
woken=
while kill -0 $pid 2>/dev/null; do
	# It says that it goes to sleep: press a key a little later.
	if [ -z "$woken" ] && grep -qx '# ovg-sleeps' "$dir/result.log"; then
		woken=1
		(
			sleep 5
			printf '%s\n' '{"execute":"qmp_capabilities"}' \
				'{"execute":"send-key","arguments":{"keys":[{"type":"qcode","data":"spc"}]}}' |
				socat -t 2 - "UNIX-CONNECT:$wake" >/dev/null 2>&1 || true
		) &
	fi
	if ((SECONDS >= end)); then
		kill $pid
		wait $tail_pid 2>/dev/null || true
		tail -n 20 "$dir/console.log" >&2
		die "$run did not end within $timeout s; see $dir"
	fi
	sleep 0.3
done
wait $tail_pid 2>/dev/null || true
status=$(sed -n 's/^OVG-EXIT \([0-9]*\).*/\1/p' "$dir/result.log" | tail -n 1)
if [ -z "$status" ]; then
	cat "$dir/qemu.log" >&2
	# From what the kernel reported first, else the end.
	awk '/WARNING: |BUG: |BUG [a-z]|Oops|UBSAN: |Kernel panic/ { on = 1 } on && n++ < 80' \
		"$dir/console.log" >"$dir/report"
	[ -s "$dir/report" ] || tail -n 30 "$dir/console.log" >"$dir/report"
	cat "$dir/report" >&2
	die "the host VM ended before $run did; see $dir/console.log"
fi
take_files
exit "$status"
