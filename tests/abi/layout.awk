# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Layout of structures, from the debug information of an object file:
#
#   readelf --wide --debug-dump=info FILE.o | awk -v types="A B ..." -f layout.awk
#
# prints, for each type named (all tagged structures and unions, and the values of
# enumerations, when none is named):
#
#   struct  TYPE        -       SIZE   -       -
#   field   TYPE.PATH   OFFSET  SIZE   COUNT   -
#
# PATH goes into nested structures; of an array of structures it shows the first
# element.  SIZE is that of one element.  COUNT is "-" when it is no array.

# The value after the colon, without the form and string offset that readelf shows
function attribute(line) {
	sub(/^[^:]*: */, "", line)
	while (sub(/^\([^)]*\):? */, "", line))
		;
	sub(/[ \t]+$/, "", line)
	return line
}

/^ *<[0-9a-f]+><[0-9a-f]+>: Abbrev Number: 0/ { die = ""; next }

/^ *<[0-9a-f]+><[0-9a-f]+>: Abbrev Number/ {
	split($0, part, /[<>]/)
	# Depth is hexadecimal; ours is never above 9.
	depth = part[2]
	die = part[4]
	tag[die] = $0
	sub(/.*\(DW_TAG_/, "", tag[die])
	sub(/\).*/, "", tag[die])
	at[depth] = die
	if (depth > 0) {
		up = at[depth - 1]
		child[up, ++children[up]] = die
	}
	order[++dies] = die
	next
}

die == "" { next }
/ DW_AT_name / { name[die] = attribute($0); next }
/ DW_AT_byte_size / { size[die] = attribute($0) + 0; next }
/ DW_AT_data_member_location/ { offset[die] = attribute($0) + 0; next }
/ DW_AT_upper_bound / { count[die] = attribute($0) + 1; next }
/ DW_AT_count / { count[die] = attribute($0) + 0; next }
/ DW_AT_type / {
	type[die] = attribute($0)
	sub(/^[^<]*<0x/, "", type[die])
	sub(/>.*/, "", type[die])
	next
}

# Through typedef, const, volatile, to the type itself
function strip(t) {
	while (tag[t] ~ /^(typedef|const_type|volatile_type)$/)
		t = type[t]
	return t
}

function compound(t) {
	return tag[t] == "structure_type" || tag[t] == "union_type"
}

# Elements of an array of all its dimensions; 0 for a flexible one
function elements(t,	i, n) {
	n = 1
	for (i = 1; i <= children[t]; i++)
		n *= count[child[t, i]] + 0
	return n
}

function fields(top, path, t, base,	i, m, inner, n, p) {
	for (i = 1; i <= children[t]; i++) {
		m = child[t, i]
		if (tag[m] != "member")
			continue
		inner = strip(type[m])
		n = "-"
		while (tag[inner] == "array_type") {
			n = (n == "-" ? 1 : n) * elements(inner)
			inner = strip(type[inner])
		}
		p = path
		if (m in name)
			p = path (path == "" ? "" : ".") name[m]
		if (m in name)
			printf "field\t%s.%s\t%d\t%d\t%s\t-\n", top, p, base + offset[m], \
				size[inner], n
		if (compound(inner) && n != "0")
			fields(top, p, inner, base + offset[m])
	}
}

function show(label, t) {
	t = strip(t)
	if (!compound(t) || !(t in size))
		return 0
	printf "struct\t%s\t-\t%d\t-\t-\n", label, size[t]
	fields(label, "", t, 0)
	return 1
}

END {
	for (i = 1; i <= dies; i++) {
		d = order[i]
		if (!(d in name))
			continue
		if (tag[d] == "typedef")
			def[name[d]] = d
		else if (compound(d) && d in size) {
			known[name[d]] = d
			if (types == "")
				show(name[d], d)
		} else if (types == "" && tag[d] == "enumerator") {
			print "enum\t" name[d]
		}
	}
	n = split(types, want, /[ \n]+/)
	for (i = 1; i <= n; i++) {
		w = want[i]
		if (w == "" || done[w]++)
			continue
		if (!(w in def && show(w, def[w])) && !(w in known && show(w, known[w]))) {
			print "no structure " w > "/dev/stderr"
			bad = 1
		}
	}
	exit bad
}
