# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
#   make demo    two guests, each with a vGPU, on an emulated L40 with GSP firmware
#                570.144; RELEASE=r535 runs 535.113.01
#   make check   all tests
#   make check-abi   our wire ABI against the facts of NVIDIA's headers; NV_HEADERS="DIR ..."
#                makes the tables of facts again, see tests/abi/README.md
#   make check-nouveau   stock nouveau of two kernels on the emulated L40
#   make check-libvirt   Debian's libvirt gives VFs to guests, on the emulated L40
#   make check-debug   the system tests on a kernel with KASAN, lockdep and more
#   make hw-check   on a machine with an NVIDIA GPU and NVIDIA's open kernel driver:
#                what real hardware says, see docs/hardware.md; HWFLAGS=-h shows options
#   make check-vgpuctl   vgpuctl on fake hosts, against golden output
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

check-abi:
	@lab/check-abi.sh
	@tests/abi/selftest.sh

check-vgpuctl:
	@$(MAKE) -s -C tests/vgpuctl check O=$(CURDIR)/build/test-vgpuctl
	@$(MAKE) -s -C tests/vgpuctl-types check O=$(CURDIR)/build/test-vgpuctl-types

lab:
	@lab/prepare.sh
	@lab/host.sh --interactive

check-debug:
	@lab/check-debug.sh

check-nouveau:
	@lab/check-nouveau.sh

check-libvirt:
	@lab/check-libvirt.sh

hw-check:
	@$(MAKE) -s -C tests/hw all O=$(CURDIR)/build/hw
	@build/hw/ovg-hw-check $(HWFLAGS)

clean:
	rm -rf build

clean-cache: clean
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/openvgpu"

.PHONY: all help demo check check-abi check-vgpuctl check-nouveau check-libvirt check-debug hw-check lab \
	clean clean-cache
