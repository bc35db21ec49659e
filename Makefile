# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
#   make demo    two guests, each with a vGPU, on an emulated L40
#   make check   all tests
#   make lab     the same machine, with a shell, to play with
#   make clean   removes build/; downloads and QEMU stay in the cache
#   make clean-cache   removes them too

all: help

help:
	@sed -n 's/^#   //p' Makefile

demo:
	@lab/demo.sh

check:
	@lab/check.sh

lab:
	@lab/prepare.sh
	@lab/host.sh --interactive

clean:
	rm -rf build

clean-cache: clean
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/openvgpu"

.PHONY: all help demo check lab clean clean-cache
