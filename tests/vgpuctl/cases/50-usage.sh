# Help, wrong command lines, users who are not root, completion, man pages.
no_json=1
t help one
t help-help one help
t help-list one help list
t help-types one types --help
for c in import build show; do
	t help-types-$c one types $c --help
done
t help-help-types-build one help types build
for c in create destroy set sched stats events logs top apply doctor; do
	t help-$c one $c --help
done
no_json=
t no-command one lst
t no-types-command one types imprt
t no-command-help one help lst
t no-option one --frob
t no-command-option one list --frob
t no-short-option one list -z
t no-argument one create --type
t too-much one apply now
t version one --version
# bytes that a terminal or JSON would not take
t bytes-command one $'l\033[31m\377\a'
t bytes-option one list $'--\300\200x'
t bytes-address one list $'01:00.\355\240\200'
t bytes-type one create -t $'\302\233L40'
t bytes-config one apply --config $'\033]0;title\a'
t json-behind one list --json 01:00.0/1
no_json=1
t complete-any one --complete any
t complete-gpu two --complete gpu
t complete-vf one --complete vf
t complete-type one --complete type
t complete-other one --complete x
no_json=

# Without root the files can be read, but not written.
# Who is not root is that user already.
as_user=
[ "$(id -u)" != 0 ] || as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
closed() {
	find "$root/sys" -name '*_numvfs' -o -name current_vgpu_type -o -name vgpu_params \
		-o -name heterogeneous -o -path '*/scheduler/*' | xargs chmod 444
	chmod 0 "$root/sys/kernel/debug" "$root/dev/kmsg"
}
if [ -z "$as_user" ] || $as_user true 2>/dev/null; then
	prepare=closed t user-list one list
	prepare=closed t user-types one types
	prepare=closed t user-stats one stats
	prepare=closed t user-top one top --once
	# who may write nothing may hear all of it
	prepare='closed; some_events' t user-events one events --count 2
	prepare=closed t user-create one create -t 874
	prepare=closed t user-destroy one destroy 01:00.5
	prepare=closed t user-set one set 01:00.5 -p a=1
	prepare=closed t user-sched one sched -p fixed_share
	prepare='closed; printf "[vf */2]\ntype = 874\n" >"$root/etc/openvgpu/a.conf"' t user-apply one apply
	prepare='closed; printf "[vf */2]\ntype = 874\n" >"$root/etc/openvgpu/a.conf"' t user-dry one apply -n
	prepare=closed t user-logs one logs 01:00.4
	prepare=closed t user-doctor one doctor
else
	skip "what another user may do" "there is no setpriv"
	keep "user-*"
fi
as_user=
