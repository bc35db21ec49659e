# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Reads maps (their language is in README.md here) and prints what they say, a
# line for each statement: kind, ours, NVIDIA's or the reason, FILE:LINE.

function say(kind, ours, theirs) {
	gsub(/[ \t]+$/, "", ours)
	gsub(/^[ \t]+|[ \t]+$/, "", theirs)
	printf "%s\t%s\t%s\t%s\n", kind, ours, theirs, where
}

function bad(text) {
	say("error", "-", text)
}

# Statement "OURS <separator> THEIRS" in text, after its keyword
function pair(kind, text, separator,	i) {
	i = index(text, separator)
	if (i < 2) {
		bad("no \"" separator "\" in this line")
		return 0
	}
	say(kind, substr(text, 1, i - 1), substr(text, i + length(separator)))
	return 1
}

FNR == 1 { parent = "" }

{
	where = FILENAME
	sub(/.*\//, "", where)
	where = where ":" FNR
	rest = $0
	sub(/^[ \t]+/, "", rest)
	sub(/[ \t]+$/, "", rest)
}

rest == "" || rest ~ /^#/ { next }

/^[ \t]/ {
	if (parent == "")
		bad("a field outside a structure")
	else if (rest ~ / = /)
		pair("field", parent "." rest, " = ")
	else
		pair("without", parent "." rest, " - ")
	next
}

{
	word = $1
	sub(/^[^ \t]+[ \t]*/, "", rest)
	parent = ""
}

word == "struct" || word == "head" {
	if (pair(word, rest, " = "))
		parent = $2
	next
}
word == "const" || word == "string" { pair(word, rest, " = "); next }
word == "same" {
	for (i = 2; i <= NF; i++)
		say("const", $i, $i)
	next
}
word == "own" || word == "elsewhere" || word == "gone" { pair(word, rest, " "); next }
word == "replaced" { pair(word, rest, " by "); next }
{ bad("\"" word "\" is no statement") }
