# top on a terminal: what it draws, that it ends and leaves the terminal as it was.

# live NAME TREE COLUMNS KEYS ARGUMENT...
live() {
	local name=$1 columns=$3 keys=$4
	fresh "$2"
	[ -z "${prepare:-}" ] || { tree_is=; eval "$prepare"; }
	shift 4
	same "$name.screen" "$(VGPUCTL_ROOT=$root "$out/pty-check" "$columns" "$keys" "$out/vgpuctl" "$@" 2>&1
		echo "status $?")"$'\n'
}
long_name='printf "qemu\0-name\0a-machine-with-a-very-long-name\0" >"$root/proc/4242/cmdline"'
live top-200 two 200 q top -d 60
live top-100 two 100 q top -d 60
live top-80 two 80 q top -d 60
prepare=$long_name live top-80-long two 80 q top -d 60
live top-60 two 60 q top -d 60
live top-20 two 20 q top -d 60
live top-ascii-110 two 110 q top --ascii -d 60
live top-none-80 empty 80 q top -d 60
live top-pause one 80 "p pq" top -d 60
# nobody is there any more
live top-hangup one 80 "" top -d 60

# characters of two columns
prepare='printf "qemu\0-name\0\346\227\245\346\234\254\0" >"$root/proc/4242/cmdline"' t top-wide one top --once
