# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Compares our wire ABI with a table of facts:
#
#   awk -f compare.awk kind=names NAMES kind=map STATEMENTS kind=layout LAYOUT \
#	kind=consts CONSTS kind=table TABLE
#
# NAMES lists what our headers define (HEADER, kind, name), STATEMENTS is what
# map.awk printed, LAYOUT and CONSTS are ours.  Prints "bad HEADER TEXT" for each
# fault and "sum HEADER NAMES COMPARED" for each header, separated by tabs; what
# concerns a map or the table has "maps" or "table" for a header.

BEGIN { FS = "\t" }

function bad(header, text) {
	printf "bad\t%s\t%s\n", header, text
}

/^#/ && kind == "table" { next }

kind == "names" {
	headers[$1]++
	if (!($3 in header))
		name[++names] = $3
	header[$3] = $1
	macro[$3] = $2 != "struct"
	next
}

kind == "map" {
	statement[++statements] = $0
	next
}

kind == "layout" && $1 == "struct" {
	our_size[$2] = $4
	next
}
kind == "layout" && $1 == "field" {
	top = $2
	sub(/\..*/, "", top)
	our_field[top, ++our_fields[top]] = substr($2, length(top) + 2)
	our_at[$2] = $3
	our_bytes[$2] = $4
	our_count[$2] = $5
	next
}

kind == "consts" {
	our_value[$1, $2] = $6
	next
}

kind == "table" && $1 == "struct" {
	size[$2] = $4
	row[++rows] = "struct\t" $2
	next
}
kind == "table" && $1 == "field" {
	top = $2
	sub(/\..*/, "", top)
	field[top, ++fields[top]] = substr($2, length(top) + 2)
	at[$2] = $3
	bytes[$2] = $4
	count[$2] = $5
	next
}
kind == "table" {
	value[$1, $2] = $6
	row[++rows] = $1 "\t" $2
	next
}

function plain(text) {
	gsub(/_/, "", text)
	return tolower(text)
}

# Is NVIDIA's leaf of a path the same name as ours?  Theirs may begin with b,
# for a bool.
function alike(ours, theirs) {
	if (plain(ours) == plain(theirs))
		return 1
	return theirs ~ /^b[A-Z0-9]/ && plain(ours) == plain(substr(theirs, 2))
}

function leaf(path) {
	sub(/.*\./, "", path)
	return path
}

function parent(path) {
	return path ~ /\./ ? substr(path, 1, length(path) - length(leaf(path)) - 1) : ""
}

# NVIDIA's path for ours, "" when there is none
function find(ours, theirs, path,	i, p, up, found, n) {
	up = parent(path)
	if (up != "" && !((ours, up) in match_of))
		return ""
	for (i = 1; i <= fields[theirs]; i++) {
		p = field[theirs, i]
		if (up != "" && parent(p) != match_of[ours, up])
			continue
		if (!alike(leaf(path), leaf(p)))
			continue
		# On the first level names of nested structures count too,
		# when there is just one.
		if (up != "" || parent(p) == "")
			return p
		found = p
		n++
	}
	return n == 1 ? found : ""
}

# What NVIDIA has at an offset, to help who reads the complaint
function neighbours(theirs, offset,	i, p, text) {
	for (i = 1; i <= fields[theirs]; i++) {
		p = theirs "." field[theirs, i]
		if (at[p] == offset)
			text = text (text == "" ? "" : ", ") field[theirs, i] \
				" (" bytes[p] (count[p] == "-" ? "" : "*" count[p]) ")"
	}
	return text == "" ? "nothing" : text
}

function total(bytes, count) {
	return count == "-" ? bytes : bytes * count
}

function shape(bytes, count) {
	return count == "-" ? bytes : bytes "*" count
}

function nested(theirs, p,	i) {
	for (i = 1; i <= fields[theirs]; i++)
		if (index(field[theirs, i], p ".") == 1)
			return 1
	return 0
}

function compare(ours, theirs, part,	i, f, p, o, t, h, open) {
	h = header[ours]
	compared[h]++
	if (!part && our_size[ours] != size[theirs])
		bad(h, sprintf("struct %s has %d bytes, %s has %d", ours, our_size[ours], theirs, size[theirs]))
	for (i = 1; i <= our_fields[ours]; i++) {
		f = our_field[ours, i]
		o = ours "." f
		if (leaf(f) ~ /^(pad|padding|reserved)[0-9]*$/ || o in without)
			continue
		open = 0
		if (o in override) {
			p = override[o]
			open = sub(/ *\.\.\.$/, "", p)
			if (!((theirs "." p) in at)) {
				bad("maps", override_at[o] ": " theirs " has no field " p)
				continue
			}
		} else {
			p = find(ours, theirs, f)
		}
		if (p == "") {
			bad(h, sprintf("%s: %s has no field of that name; at offset %d it has %s", o, theirs, our_at[o], neighbours(theirs, our_at[o])))
			continue
		}
		match_of[ours, f] = p
		t = theirs "." p
		if (our_at[o] != at[t])
			bad(h, sprintf("%s is at offset %d, %s at %d", o, our_at[o], t, at[t]))
		if (open)
			continue
		if (nested(theirs, p) ? total(our_bytes[o], our_count[o]) != total(bytes[t], count[t]) : shape(our_bytes[o], our_count[o]) != shape(bytes[t], count[t]))
			bad(h, sprintf("%s has size %s, %s has %s", o, shape(our_bytes[o], our_count[o]), t, shape(bytes[t], count[t])))
	}
}

# Marks the macros that an expression names as covered; their header, or "".
function cover(text, how,	n, i, word, h) {
	n = split(text, word, /[^A-Za-z0-9_]+/)
	for (i = 1; i <= n; i++)
		if (word[i] in header && macro[word[i]]) {
			covered[word[i]] = how
			if (h == "")
				h = header[word[i]]
		}
	return h
}

# Marks the names that a pattern with * and ? describes.
function cover_pattern(pattern, how, where,	i, re, n) {
	re = pattern
	gsub(/\*/, ".*", re)
	gsub(/\?/, ".", re)
	re = "^" re "$"
	for (i = 1; i <= names; i++)
		if (name[i] ~ re) {
			n++
			if (name[i] in covered && covered[name[i]] == "fact")
				bad("maps", where ": " name[i] " is compared with a fact already")
			else if (!(name[i] in covered))
				covered[name[i]] = how
		}
	if (!n)
		bad("maps", where ": nothing of ours is named " pattern)
}

END {
	for (i = 1; i <= statements; i++) {
		split(statement[i], s, FS)
		if (s[1] != "field" && s[1] != "without")
			continue
		top = s[2]
		sub(/\..*/, "", top)
		if (!(s[2] in our_at) && top in our_size)
			bad("maps", s[4] ": nothing of ours is named " s[2])
		if (s[1] == "field") {
			override[s[2]] = s[3]
			override_at[s[2]] = s[4]
		} else {
			without[s[2]]
		}
	}
	for (i = 1; i <= statements; i++) {
		split(statement[i], s, FS)
		if (s[1] == "error") {
			bad("maps", s[4] ": " s[3])
		} else if (s[1] == "struct" || s[1] == "head") {
			if (!(s[2] in our_size) || !(s[2] in header)) {
				bad("maps", s[4] ": nothing of ours is named struct " s[2])
				continue
			}
			covered[s[2]] = "fact"
			used["struct\t" s[3]]
			if (!(s[3] in size))
				bad("table", s[4] ": the table has no struct " s[3])
			else
				compare(s[2], s[3], s[1] == "head")
		} else if (s[1] == "const" || s[1] == "string") {
			h = cover(s[2], "fact")
			used[s[1] "\t" s[3]]
			if (h == "") {
				bad("maps", s[4] ": nothing of ours is named in " s[2])
				continue
			}
			compared[h]++
			if (!((s[1], s[3]) in value))
				bad("table", s[4] ": the table has no value of " s[3])
			else if (our_value[s[1], s[2]] != value[s[1], s[3]])
				bad(h, sprintf("%s is %s, %s is %s", s[2], our_value[s[1], s[2]], s[3], value[s[1], s[3]]))
		}
	}
	for (i = 1; i <= statements; i++) {
		split(statement[i], s, FS)
		if (s[1] == "own" || s[1] == "elsewhere" || s[1] == "gone") {
			if (s[3] == "")
				bad("maps", s[4] ": no reason given")
			cover_pattern(s[2], s[1], s[4])
		} else if (s[1] == "replaced") {
			cover_pattern(s[2], s[1], s[4])
			if (!(s[3] in header))
				bad("maps", s[4] ": nothing of ours is named " s[3])
		}
	}
	for (i = 1; i <= names; i++)
		if (!(name[i] in covered))
			bad(header[name[i]], name[i] ": no map says which fact this is")
	for (i = 1; i <= rows; i++)
		if (!(row[i] in used)) {
			split(row[i], s, FS)
			bad("table", "no map asks for " s[1] " " s[2])
		}
	for (h in headers)
		printf "sum\t%s\t%d\t%d\n", h, headers[h], compared[h]
}
