#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Install what building and running the lab needs, with plain apt-get; nothing
# happens when all of it is there.

. "$(dirname "$0")/lib.sh"

packages=(
	bc bison busybox-static ca-certificates cpio debian-archive-keyring
	dpkg-dev flex gcc git groff-base kmod libcmocka-dev libc6-dev libdrm-dev libelf-dev libfdt-dev
	libglib2.0-dev libjson-c-dev libncurses-dev libpixman-1-dev libpng-dev libssl-dev libxml2-dev
	make ninja-build pciutils
	perl pkg-config python3 python3-distutils python3-setuptools python3-venv
	rsync socat sparse systemd xz-utils zlib1g-dev
)

missing=()
for p in "${packages[@]}"; do
	dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null |
		grep -qx installed || missing+=("$p")
done
((${#missing[@]})) || exit 0

[ "$(id -u)" = 0 ] || die "missing packages: ${missing[*]}; run this as root, or install them"
say "installing ${#missing[@]} packages with apt-get"
export DEBIAN_FRONTEND=noninteractive
quietly "$OVG_CACHE/log/apt-update.log" "apt-get update" apt-get update
quietly "$OVG_CACHE/log/apt-install.log" "apt-get install" \
	apt-get install -y --no-install-recommends "${missing[@]}"
