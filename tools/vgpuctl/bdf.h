/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * PCI addresses in the forms that people and programs write.
 */
#ifndef VGPUCTL_BDF_H
#define VGPUCTL_BDF_H

#include <stdbool.h>

/* "0000:01:00.4"; room for a domain of eight digits */
#define BDF_SIZE	20

/**
 * struct bdf - a function, or one of its VFs
 * @text: as sysfs writes it
 * @vf: what stood behind a slash: number of a VF of that function, from 0 on; -1
 *	when there was none
 */
struct bdf {
	char text[BDF_SIZE];
	int vf;
};

/*
 * bdf_parse - read an address
 *
 * 0000:01:00.4, 01:00.4, 00000000:01:00.0, 00:41:0000.0 (as sriov-manage's users
 * write it), pci_0000_01_00_4 (libvirt), pci@0000:01:00.4 (lshw), a path that ends in
 * one, with or without a slash; upper or lower case; "/3" behind it for VF 3 of that
 * PF.  False when it is none of these.
 */
bool bdf_parse(const char *text, struct bdf *out);

#endif /* VGPUCTL_BDF_H */
