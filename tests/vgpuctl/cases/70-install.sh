# What "make install" brings: man pages, completion, units.

dest=$work/dest
like "make install" "$(make -s -C "$top/tools/vgpuctl" install O="$out/install" PREFIX="$dest/usr" \
	SYSCONFDIR="$dest/etc" 2>&1; echo "status $?")" '^status 0$'
is "what it brings" "$(cd "$dest" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2)" "$(
	LC_ALL=C sort -k 2 <<-EOF
	755 usr/bin/vgpuctl
	755 usr/lib/nvidia/sriov-manage
	644 usr/lib/modules-load.d/openvgpu.conf
	644 usr/lib/systemd/system/openvgpu-apply@.service
	644 usr/lib/systemd/system/openvgpu.service
	644 usr/lib/udev/rules.d/70-openvgpu.rules
	644 usr/share/bash-completion/completions/vgpuctl
	644 usr/share/doc/openvgpu/examples/openvgpu.conf.example
	644 usr/share/man/man1/vgpuctl.1
	$(for c in apply create destroy doctor events list logs sched set stats top types; do
		echo "644 usr/share/man/man1/vgpuctl-$c.1"
	done)
	644 usr/share/man/man5/openvgpu.conf.5
	EOF
)"

# The example says what can be said.
fresh one
mkdir "$root/example"
cp "$dest/usr/share/doc/openvgpu/examples/openvgpu.conf.example" "$root/example/a.conf"
sed 's/^#\([][a-z]\)/\1/' "$root/example/a.conf" | sed 's/0000:41:00.0/0000:01:00.0/' >"$root/example/all"
ctl apply --dry-run --force --config "$root/example"
like "the example can be applied" "$said" 'exit 0'
ctl apply --dry-run --force --config "$root/example/all"
like "and what is commented out in it, but for a type" "$said" 'no type "L40-16C"'
tree_is=

if command -v groff >/dev/null; then
	for page in "$dest"/usr/share/man/man?/*; do
		is "groff has nothing to say of ${page##*/}" \
			"$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)" ""
	done
else
	echo "# no groff: man pages are not checked"
fi

if command -v systemd-analyze >/dev/null; then
	for unit in openvgpu.service openvgpu-apply@.service; do
		is "systemd has nothing to say of $unit" "$(systemd-analyze verify --man=no \
			"$dest/usr/lib/systemd/system/$unit" 2>&1 | grep -F openvgpu)" ""
	done
else
	echo "# no systemd: units are not checked"
fi

# complete LINE: candidates at its end
complete_line() {
	(
		PATH=$dest/usr/bin:$PATH
		export VGPUCTL_ROOT=$root
		. "$dest/usr/share/bash-completion/completions/vgpuctl"
		# shellcheck disable=SC2034
		COMP_WORDBREAKS=$' \t\n"'"'><=;|&(:" COMP_LINE=$1 COMP_POINT=${#1}
		COMPREPLY=()
		_vgpuctl
		echo "${COMPREPLY[*]}"
	)
}
fresh two
is "commands" "$(complete_line "vgpuctl d")" "destroy doctor"
is "after an option" "$(complete_line "vgpuctl --json ev")" "events"
is "options" "$(complete_line "vgpuctl set --p")" "--params --placement"
is "words of an option" "$(complete_line "vgpuctl sched --policy f")" "fixed_share"
is "types" "$(complete_line "vgpuctl create -t L40-4")" "L40-4Q L40-4C"
is "GPUs" "$(complete_line "vgpuctl sched 0000:4")" "41:00.0"
is "VFs, of which bash has the head already" "$(complete_line "vgpuctl destroy 0000:01:00.")" "00.4 00.5 00.6 00.7"
is "VFs from their start" "$(complete_line "vgpuctl destroy 0000")" \
	"0000:01:00.4 0000:01:00.5 0000:01:00.6 0000:01:00.7"
is "help" "$(complete_line "vgpuctl help to")" "top"

# A name is never run, expanded or split.
mkdir "$work/names"
touch "$work/names/\$(touch pwned)" "$work/names/\`touch pwned\`" "$work/names/*.conf"
is "files, whatever they are called" \
	"$(cd "$work/names" && complete_line "vgpuctl apply --config " | wc -w)" 5
is "a file that was begun" "$(cd "$work/names" && complete_line "vgpuctl apply --config \$(")" "\$(touch pwned)"
is "none of them was run" "$(ls "$work/names")" "$(printf '%s\n' "\$(touch pwned)" '*.conf' "\`touch pwned\`")"
