# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# From what map.awk printed, the C statements that print constants:
#
#   awk -f consts.awk STATEMENTS              NVIDIA's side
#   awk -f consts.awk names=NAMES STATEMENTS  ours, where NAMES lists our macros
#
# On our side, lines about what we do not have are left out: compare.awk names
# them.

BEGIN { FS = "\t" }

names != "" && !read {
	while ((getline line < names) > 0) {
		split(line, part, "\t")
		macro[part[3]]
	}
	read = 1
}

function known(text,	n, i, word) {
	n = split(text, word, /[^A-Za-z0-9_]+/)
	for (i = 1; i <= n; i++)
		if (word[i] in macro)
			return 1
	return 0
}

$1 == "const" || $1 == "string" {
	text = names == "" ? $3 : $2
	if (names != "" && !known(text) || done[$1, text]++)
		next
	label = text
	gsub(/\\/, "\\\\", label)
	gsub(/"/, "\\\"", label)
	gsub(/%/, "%%", label)
	split($4, at, ":")
	printf "#line %d \"%s\"\n", at[2], at[1]
	if ($1 == "const")
		printf "\tprintf(\"const\\t%s\\t-\\t-\\t-\\t0x%%llx\\n\", (unsigned long long)(%s));\n", label, text
	else
		printf "\tprintf(\"string\\t%s\\t-\\t-\\t-\\t%%s\\n\", %s);\n", label, text
}
