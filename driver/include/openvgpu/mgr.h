/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the vGPU manager offers to the VFIO variant driver.
 */
#ifndef OPENVGPU_MGR_H
#define OPENVGPU_MGR_H

#include <linux/types.h>

struct ovg_console_plane;
struct pci_dev;
struct ovg_vgpu;

/**
 * struct ovg_mgr_vf_ops - what the VFIO driver offers to the manager
 * @gone: the vGPU died (plugin crash, GSP crash, PF going away).  Process
 *	context; the manager holds no lock that the driver's calls take, but
 *	the driver's own caller may (a reset that fails runs with memory_lock).
 *	ovg_mgr_vf_unregister() and ovg_mgr_close() still work after it, and
 *	wait for firmware only if GSP itself still answers
 */
struct ovg_mgr_vf_ops {
	void (*gone)(void *priv);
};

/**
 * struct ovg_vgpu_identity - what a guest sees that differs from the bare VF
 * @device_id: PCI device id
 * @subsystem_vendor: PCI subsystem vendor id
 * @subsystem_id: PCI subsystem id
 * @bar1_size: bytes of BAR1 the guest may see, a power of two
 */
struct ovg_vgpu_identity {
	u16 device_id;
	u16 subsystem_vendor;
	u16 subsystem_id;
	u64 bar1_size;
};

/* Register a VF that a driver has bound; -ENODEV when no manager owns its PF. */
struct ovg_vgpu *ovg_mgr_vf_register(struct pci_dev *vf,
				     const struct ovg_mgr_vf_ops *ops, void *priv);
/* Forget it: closes what is open, gives back the type. */
void ovg_mgr_vf_unregister(struct ovg_vgpu *vgpu);

/* Text of creatable_vgpu_types into @buf (PAGE_SIZE); no RPC, never blocks. */
ssize_t ovg_mgr_creatable_types(struct ovg_vgpu *vgpu, char *buf);
/* Current type id, 0 when none. */
u32 ovg_mgr_get_type(struct ovg_vgpu *vgpu);
/* Select or ("0") give back a type: EPERM, EBUSY, ENODEV, EINVAL, ENOSPC. */
int ovg_mgr_store_type(struct ovg_vgpu *vgpu, const char *buf, size_t len);

/* Text of vgpu_params, and new settings: EPERM, E2BIG, EINVAL. */
ssize_t ovg_mgr_show_params(struct ovg_vgpu *vgpu, char *buf);
int ovg_mgr_store_params(struct ovg_vgpu *vgpu, const char *buf, size_t len);
/* Placement id, and another: ENXIO without a type, EPERM, EINVAL, EBUSY. */
int ovg_mgr_get_placement(struct ovg_vgpu *vgpu);
int ovg_mgr_store_placement(struct ovg_vgpu *vgpu, const char *buf, size_t len);
/* MIG instance: ENXIO without a type; there is no other, EOPNOTSUPP. */
int ovg_mgr_get_gpu_instance(struct ovg_vgpu *vgpu);
int ovg_mgr_store_gpu_instance(struct ovg_vgpu *vgpu, const char *buf, size_t len);
/* Warm update: EOPNOTSUPP for anything but 0. */
int ovg_mgr_store_warm_update(struct ovg_vgpu *vgpu, const char *buf, size_t len);

/**
 * enum ovg_mgr_file - files in openvgpu/ of a VF
 * @OVG_MGR_FILE_STATE: none, typed, opening, ready, closing, dead, stuck
 * @OVG_MGR_FILE_UUID: of the vGPU while it is open, else an empty line
 * @OVG_MGR_FILE_VM_PID: who has it open, 0 when nobody
 * @OVG_MGR_FILE_GUEST_DRIVER: loaded, unloaded
 * @OVG_MGR_FILE_LICENSE: unknown, unlicensed, licensed
 * @OVG_MGR_FILE_UTIL_GPU: graphics and compute, percent of the GPU; ENODATA without
 *	a sample, as the next four
 * @OVG_MGR_FILE_UTIL_MEMORY: bandwidth of the FB, percent
 * @OVG_MGR_FILE_UTIL_ENCODER: percent
 * @OVG_MGR_FILE_UTIL_DECODER: percent
 * @OVG_MGR_FILE_UTIL_AGE_MS: how long ago that was sampled
 * @OVG_MGR_FILE_XID_COUNT: errors since the vGPU was opened
 * @OVG_MGR_FILE_XID_LAST: number of the last one, 0 when there was none
 */
enum ovg_mgr_file {
	OVG_MGR_FILE_STATE,
	OVG_MGR_FILE_UUID,
	OVG_MGR_FILE_VM_PID,
	OVG_MGR_FILE_GUEST_DRIVER,
	OVG_MGR_FILE_LICENSE,
	OVG_MGR_FILE_UTIL_GPU,
	OVG_MGR_FILE_UTIL_MEMORY,
	OVG_MGR_FILE_UTIL_ENCODER,
	OVG_MGR_FILE_UTIL_DECODER,
	OVG_MGR_FILE_UTIL_AGE_MS,
	OVG_MGR_FILE_XID_COUNT,
	OVG_MGR_FILE_XID_LAST,
};

/* Text of one of them into @buf (PAGE_SIZE); never waits for GSP. */
ssize_t ovg_mgr_show(struct ovg_vgpu *vgpu, enum ovg_mgr_file file, char *buf);

/* Claim the VF before it is opened: ENODEV without a type, EBUSY, EIO. */
int ovg_mgr_claim(struct ovg_vgpu *vgpu);
/* Create the vGPU on the claimed and reset VF. */
int ovg_mgr_open(struct ovg_vgpu *vgpu, pid_t vm_pid);
/* Before the VF is reset for the last time: no DMA of the guest any more. */
void ovg_mgr_quiesce(struct ovg_vgpu *vgpu);
/* Tell the plugin that the VF may or may not master the bus. */
int ovg_mgr_set_bus_master(struct ovg_vgpu *vgpu, bool enable);
/* Guest-visible reset: plugin RESET (the caller does the FLR) and scrub. */
int ovg_mgr_reset(struct ovg_vgpu *vgpu);
/* Destroy: shutdown, cleanup, scrub, free.  Always succeeds for the caller. */
void ovg_mgr_close(struct ovg_vgpu *vgpu);
/* Identity of the selected type; valid while open. */
int ovg_mgr_get_identity(struct ovg_vgpu *vgpu, struct ovg_vgpu_identity *id);

/* Bytes that the largest picture of the open vGPU takes, 0: it has no console. */
u64 ovg_mgr_console_room(struct ovg_vgpu *vgpu);
/* What the guest shows; ENODATA: nothing, or nothing that can be shown. */
int ovg_mgr_console_get(struct ovg_vgpu *vgpu, struct ovg_console_plane *plane);
/* Copy bytes of it. */
int ovg_mgr_console_read(struct ovg_vgpu *vgpu, const struct ovg_console_plane *plane, u64 pos,
			 void *buf, size_t size);

#endif /* OPENVGPU_MGR_H */
