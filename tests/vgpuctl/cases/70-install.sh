# What "make install" brings: man pages, completion, units.

dest=$work/dest
install_to() {
	make -s -C "$top/tools" install O="$out/install" DESTDIR="$dest" PREFIX=/usr 2>&1 >/dev/null |
		grep -v '^note: '
	echo "status ${PIPESTATUS[0]}"
}
is "make install" "$(install_to)" "status 0"
is "what it brings" "$(cd "$dest" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2)" "$(
	LC_ALL=C sort -k 2 <<-EOF
	$(for r in 535.113.01 570.144; do
		echo "644 lib/firmware/openvgpu/vgpu-types-$r.bin"
	done)
	755 usr/bin/vgpuctl
	755 usr/lib/nvidia/sriov-manage
	644 usr/lib/modprobe.d/openvgpu.conf
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
	$(for b in l2 l20 l4 l40 l40s rtx5000-ada rtx6000-ada; do
		echo "644 usr/share/openvgpu/$b.types"
	done)
	EOF
)"

# Types with NVIDIA's signatures are not replaced by ours; ours are.
firmware=$dest/lib/firmware/openvgpu
"$dest/usr/bin/vgpuctl" types import --output "$firmware/vgpu-types-570.144.bin" --gsp 570.144 \
	"$top/tests/vgpuctl-types/sample.xml" >/dev/null 2>&1
imported=$(sha256sum <"$firmware/vgpu-types-570.144.bin")
: >"$firmware/vgpu-types-535.113.01.bin"
is "make install again" "$(install_to)" "status 0"
is "what was imported stays" "$(sha256sum <"$firmware/vgpu-types-570.144.bin")" "$imported"
like "what is ours is made anew" "$("$dest/usr/bin/vgpuctl" types show "$firmware/vgpu-types-535.113.01.bin")" "L40-4Q"

# The example says what can be said.
fresh one
closed_vgpus
mkdir "$root/example"
cp "$dest/usr/share/doc/openvgpu/examples/openvgpu.conf.example" "$root/example/a.conf"
sed 's/^#\([][a-z]\)/\1/' "$root/example/a.conf" | sed 's/0000:41:00.0/0000:01:00.0/' >"$root/example/all"
ctl apply --dry-run --force --config "$root/example"
like "the example can be applied" "$said" 'exit 0'
ctl apply --dry-run --force --config "$root/example/all"
like "and what is commented out in it, but for a type" "$said" 'no type "L40-16C"'
tree_is=

for page in "$dest"/usr/share/man/man?/*; do
	name="groff has nothing to say of ${page##*/}"
	if command -v groff >/dev/null; then
		is "$name" "$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)" ""
	else
		skip "$name" "there is no groff"
	fi
done

mkdir "$work/units"
for unit in openvgpu.service openvgpu-apply@.service; do
	name="systemd has nothing to say of $unit"
	# it looks for the program
	sed "s|=/usr/bin|=$dest/usr/bin|" "$dest/usr/lib/systemd/system/$unit" >"$work/units/$unit"
	if command -v systemd-analyze >/dev/null; then
		is "$name" "$(systemd-analyze verify --man=no "$work/units/$unit" 2>&1 | grep -F openvgpu)" ""
	else
		skip "$name" "there is no systemd-analyze"
	fi
done

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
is "subcommands" "$(complete_line "vgpuctl types im")" "import"
is "their options" "$(complete_line "vgpuctl --json types import --")" \
	"--json --help --gsp --output --board --license"
is "and their words" "$(complete_line "vgpuctl types build --gsp 5")" "535.113.01 570.144"
is "their files" "$(cd "$top/tools/catalogue" && complete_line "vgpuctl types build l20")" "l20.types"

# A name is never run, expanded or split.
mkdir "$work/names"
touch "$work/names/\$(touch pwned)" "$work/names/\`touch pwned\`" "$work/names/*.conf"
is "files, whatever they are called" \
	"$(cd "$work/names" && complete_line "vgpuctl apply --config " | wc -w)" 5
is "a file that was begun" "$(cd "$work/names" && complete_line "vgpuctl apply --config \$(")" "\$(touch pwned)"
is "none of them was run" "$(ls "$work/names")" "$(printf '%s\n' "\$(touch pwned)" '*.conf' "\`touch pwned\`")"
