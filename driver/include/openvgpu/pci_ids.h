/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What core and VFIO driver bind to.
 */
#ifndef OPENVGPU_PCI_IDS_H
#define OPENVGPU_PCI_IDS_H

#include <linux/pci.h>

/*
 * A workstation board hosts vGPUs when its displays are off; with them it is a VGA
 * controller, and other drivers'.
 */
#define OVG_DISPLAYLESS(id) \
	.vendor = PCI_VENDOR_ID_NVIDIA, .device = (id), \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, \
	.class = PCI_CLASS_DISPLAY_3D << 8, .class_mask = 0xffff00

#endif /* OPENVGPU_PCI_IDS_H */
