# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# A private apt: own sources, lists and archives below the cache, signatures
# checked with Debian's keyring, the system's apt left alone.  Sourced.

OVG_APT=$OVG_CACHE/apt
OVG_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that the system's apt takes bookworm's main from.
system_mirror() {
	local uri
	uri=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
		awk '$1 == "deb" {
			i = 2
			if ($i ~ /^\[/) { while ($i !~ /\]$/) i++; i++ }
			if ($(i + 1) == "bookworm") { if (!n++) print $i }
		}')
	[ -n "$uri" ] || uri=$({ cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
		awk '/^URIs:/ { uri = $2 }
		     /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == "bookworm") ok = 1 }
		     /^[ \t]*$/ { if (ok) exit; uri = "" }
		     END { if (ok) print uri }')
	[ -n "$uri" ] || die "no source for Debian bookworm in /etc/apt: this lab runs on Debian 12"
	echo "$uri"
}

apt_setup() {
	local mirror want
	mirror=$(system_mirror)
	[ -r "$OVG_KEYRING" ] || die "$OVG_KEYRING is missing: install debian-archive-keyring"
	mkdir -p "$OVG_APT"/{etc,none.d,lists/partial,archives/partial,state,dl}
	touch "$OVG_APT/state/status"
	want=$(cat <<-EOF
		deb [signed-by=$OVG_KEYRING] $mirror bookworm main
		deb [signed-by=$OVG_KEYRING] $mirror bookworm-backports main non-free-firmware
		deb [signed-by=$OVG_KEYRING] $mirror $OVG_FIRMWARE_SUITE main non-free-firmware
		deb-src [signed-by=$OVG_KEYRING] $mirror $OVG_QEMU_SUITE main contrib
		deb-src [signed-by=$OVG_KEYRING] $mirror bookworm contrib
		deb-src [signed-by=$OVG_KEYRING] $mirror $OVG_FIRMWARE_SUITE contrib
	EOF
	)
	cat >"$OVG_APT/apt.conf" <<-EOF
		Dir::Etc "$OVG_APT/etc";
		Dir::Etc::sourcelist "sources.list";
		Dir::Etc::sourceparts "none.d";
		Dir::Etc::preferencesparts "none.d";
		Dir::State "$OVG_APT/state";
		Dir::State::lists "$OVG_APT/lists";
		Dir::State::status "$OVG_APT/state/status";
		Dir::Cache "$OVG_APT";
		Dir::Cache::archives "$OVG_APT/archives";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
	EOF
	mkdir -p "$OVG_APT"/etc/{none.d,apt.conf.d}
	# Lists are good for a day; a new mirror wants new lists.
	if [ "$want" != "$(cat "$OVG_APT/etc/sources.list" 2>/dev/null)" ] ||
		[ -z "$(find "$OVG_APT/lists.stamp" -mmin -1440 2>/dev/null)" ]; then
		echo "$want" >"$OVG_APT/etc/sources.list"
		say "private apt: reading package lists"
		quietly "$OVG_CACHE/log/private-apt.log" "reading package lists" \
			private apt-get update
		touch "$OVG_APT/lists.stamp"
	fi
}

private() {
	APT_CONFIG=$OVG_APT/apt.conf "$@"
}

# newest_version PACKAGE [SUITE]
newest_version() {
	private apt-cache madison "$1" | awk -v s="${2:-}" -F' *[|] *' \
		'$3 ~ s && $3 !~ /Sources/ && !n++ { print $2 }'
}

# fetch_deb PACKAGE VERSION FOLDER: download and unpack once, keyed by version
fetch_deb() {
	local package=$1 version=$2 dir=$3 deb
	[ -e "$dir/.complete" ] && return 0
	[ -n "$version" ] || die "package $package is not to be had from the mirror $(system_mirror)"
	say "fetching $package $version"
	rm -rf "$dir"
	mkdir -p "$dir" "$OVG_APT/dl"
	(cd "$OVG_APT/dl" &&
		quietly "$OVG_CACHE/log/download-$package.log" "downloading $package" \
			private apt-get download "$package=$version")
	deb=$(ls -t "$OVG_APT/dl/${package}_"*.deb | sed -n 1p)
	quietly "$OVG_CACHE/log/unpack-$package.log" "unpacking $package" dpkg-deb -x "$deb" "$dir"
	rm -f "$deb"
	touch "$dir/.complete"
}
