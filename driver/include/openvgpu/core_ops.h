/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The seam between a GPU core driver and the vGPU manager.
 *
 * A core driver (ours, nouveau, nova-core) publishes one auxiliary device for
 * each physical function that can host vGPUs.  The manager is an auxiliary
 * driver and reaches the hardware only through the table in this file.
 */
#ifndef OPENVGPU_CORE_OPS_H
#define OPENVGPU_CORE_OPS_H

#include <linux/auxiliary_bus.h>
#include <linux/bitmap.h>
#include <linux/types.h>

struct pci_dev;

/**
 * DOC: Rules of the seam
 *
 * Calls run from the manager down to the core.  What must run upward is one of
 * the callbacks in &struct vgpu_core_client_ops, or the removal of the
 * auxiliary device.  No structure of a GSP release crosses the seam except as
 * the opaque parameters of @rm_ctrl; the manager chooses their layout by
 * @vgpu_core_info.gsp_version.
 *
 * All operations may sleep.  They return -ENODEV once the GSP has crashed or
 * the function is going away, and never block for longer than their deadline.
 */

/* The auxiliary device is called "<module of the core>.vgpu". */
#define VGPU_CORE_AUX_NAME	"vgpu"

/*
 * A manager refuses a core whose major number differs from its own.  Whatever
 * changes the place or meaning of a member, in any structure of this file, takes
 * the next major number; a minor one is for members at the end that may be absent.
 */
#define VGPU_CORE_VERSION_MAJOR	2
#define VGPU_CORE_VERSION_MINOR	0
#define VGPU_CORE_VERSION	((VGPU_CORE_VERSION_MAJOR << 16) | VGPU_CORE_VERSION_MINOR)

/* A channel id that is none */
#define VGPU_CORE_CHID_NONE	0xffffffffU

/* Engine numbers are those of NV2080_ENGINE_TYPE_*; r570 knows 84. */
#define VGPU_CORE_MAX_ENGINES	128

struct vgpu_core_dev;

/**
 * struct vgpu_core_info - facts about the GPU, constant while it is published
 * @gsp_version: release string of the running GSP firmware, "535.113.01"
 * @device_id: PCI device id of the physical function
 * @subsystem_id: PCI subsystem id of the physical function
 * @total_vfs: VFs that SR-IOV offers; GFIDs are 1..@total_vfs
 * @fb_total: size of the framebuffer as the board has it, bytes
 * @fb_base: first FB address that @fb_reserve hands out
 * @fb_size: bytes from @fb_base on that can be handed out; the rest belongs to
 *	GSP or to the core
 * @vmmu_segment: size of a VMMU segment, bytes, a power of two
 * @num_chids: channel ids in each runlist that can be handed out
 * @engines: bitmap of the engine types a vGPU gets
 * @ecc_enabled: FB ECC is on
 * @max_vgpus: vGPUs that the GSP heap of this boot has room for
 * @sched_registry: registry key RmPVMRL that GSP was booted with, 0 when it was
 *	not sent
 */
struct vgpu_core_info {
	char gsp_version[64];
	u16 device_id;
	u16 subsystem_id;
	u16 total_vfs;
	u64 fb_total;
	u64 fb_base;
	u64 fb_size;
	u64 vmmu_segment;
	u32 num_chids;
	DECLARE_BITMAP(engines, VGPU_CORE_MAX_ENGINES);
	bool ecc_enabled;
	u16 max_vgpus;
	u32 sched_registry;
};

/**
 * enum vgpu_core_event_type - what GSP tells about a vGPU
 * @VGPU_CORE_EVENT_PLUGIN: a plugin task changed state, see @notify_index
 * @VGPU_CORE_EVENT_UTIL_SAMPLES: utilisation samples were posted, in @data
 * @VGPU_CORE_EVENT_RC: a channel was killed; the GFID is 0 before release 570
 * @VGPU_CORE_EVENT_XID: GSP logged an error
 * @VGPU_CORE_EVENT_ECC: an ECC error of the FB.  A core that cannot tell does
 *	not send it
 */
enum vgpu_core_event_type {
	VGPU_CORE_EVENT_PLUGIN,
	VGPU_CORE_EVENT_UTIL_SAMPLES,
	VGPU_CORE_EVENT_RC,
	VGPU_CORE_EVENT_XID,
	VGPU_CORE_EVENT_ECC,
};

/**
 * struct vgpu_core_event - one event
 * @type: kind
 * @gfid: the vGPU it is about, 0 when it is about the whole GPU or unknown
 * @notify_index: for PLUGIN: NVA084 notifier (0 bootloaded, 1 unloaded,
 *	2 crashed, 3/4 guest driver loaded/unloaded, ...)
 * @code: for RC and XID: the Xid, a number of nverror.h
 * @chid: for RC and XID: the channel, VGPU_CORE_CHID_NONE when none is named
 * @text: for XID: what GSP says about it, valid during the callback
 * @corrected: for ECC: nothing was lost
 * @have_address: for ECC: GSP said where it was
 * @address: for ECC: where, as GSP says it
 * @data: payload as GSP sent it, valid during the callback
 * @len: bytes of @data
 */
struct vgpu_core_event {
	enum vgpu_core_event_type type;
	u32 gfid;
	u32 notify_index;
	u32 code;
	u32 chid;
	const char *text;
	bool corrected;
	bool have_address;
	u64 address;
	const void *data;
	size_t len;
};

/**
 * struct vgpu_core_client_ops - what the manager offers to the core
 * @event: an event arrived; process context, no lock of the core held; must
 *	not call an operation that waits for GSP
 * @gone: the GSP crashed or stopped answering; every later operation that
 *	needs GSP returns -ENODEV.  Called once, process context
 * @vfs_freeze: the core wants to take the VFs away.  How many have an open
 *	vGPU; when none has, none can be opened until @vfs_thaw.  May be NULL;
 *	must not wait for GSP
 * @vfs_thaw: the VFs are gone, or stay
 */
struct vgpu_core_client_ops {
	void (*event)(void *priv, const struct vgpu_core_event *ev);
	void (*gone)(void *priv);
	unsigned int (*vfs_freeze)(void *priv);
	void (*vfs_thaw)(void *priv);
};

/**
 * struct vgpu_fb_mem - a range of framebuffer
 * @addr: first byte, system FB address
 * @size: bytes
 * @priv: the core's own
 */
struct vgpu_fb_mem {
	u64 addr;
	u64 size;
	void *priv;
};

/**
 * struct vgpu_bar1_map - a CPU mapping of framebuffer through BAR1
 * @va: kernel address; use the iomem accessors
 * @size: bytes
 * @priv: the core's own
 */
struct vgpu_bar1_map {
	void __iomem *va;
	u64 size;
	void *priv;
};

/* RM client with a device and a subdevice below it, opaque to the manager. */
struct vgpu_rm_client;

/**
 * struct vgpu_core_ops - what a core offers
 * @attach: become the one owner; the callbacks may come from now on.
 *	-EBUSY when there is an owner
 * @detach: give ownership back; returns after the last callback has ended
 * @get_info: copy the facts; works before @attach, the facts hold until the
 *	auxiliary device goes
 *
 * @dead: GSP crashed or stopped answering; true before @gone is called.  Any
 *	context
 * @flush_events: wait until the events that GSP has posted so far were handed
 *	over; not from a callback
 *
 * @rm_client_alloc: allocate client, device and subdevice on GSP-RM
 * @rm_client_free: free them; @client is invalid afterwards, whatever GSP said
 * @rm_client_handle: the client's RM handle
 * @rm_ctrl: one control on the client's subdevice.  @params goes out and comes
 *	back.  @timeout_ms 0 means the core's default.  -ETIMEDOUT when GSP did
 *	not answer, -ENODEV when it is dead, else the errno of the RM status, which
 *	the core logs
 * @rm_ask: as @rm_ctrl, for a control that GSP may refuse: nothing is logged then
 *
 * @fb_reserve: take exactly [@addr, @addr + @size); -EBUSY when any byte of it
 *	is taken, -ERANGE when outside the usable FB
 * @fb_free: give back
 * @chid_reserve: take the channel ids [@first, @first + @count) in all runlists;
 *	-EBUSY when one of them is taken, -ERANGE when there are none such
 * @chid_free: give back
 * @bar1_map: map [@offset, @offset + @size) of @mem for the CPU; both are
 *	multiples of 4 KiB
 * @bar1_unmap: undo
 * @fb_scrub: fill [@addr, @addr + @size) with zeroes by copy engine and wait
 *	for the fence; 4 KiB aligned
 * @fb_read: copy [@addr, @addr + @size) to kernel memory by copy engine; -EIO
 *	when it failed once, which @fb_scrub must survive.  Optional: NULL when the
 *	core cannot, and then no vGPU has a console
 * @plugin_doorbell: tell the plugin task of @gfid that a message is ready
 */
struct vgpu_core_ops {
	int (*attach)(struct vgpu_core_dev *dev,
		      const struct vgpu_core_client_ops *ops, void *priv);
	void (*detach)(struct vgpu_core_dev *dev);
	void (*get_info)(struct vgpu_core_dev *dev, struct vgpu_core_info *info);
	bool (*dead)(struct vgpu_core_dev *dev);
	void (*flush_events)(struct vgpu_core_dev *dev);

	int (*rm_client_alloc)(struct vgpu_core_dev *dev,
			       struct vgpu_rm_client **client);
	void (*rm_client_free)(struct vgpu_core_dev *dev,
			       struct vgpu_rm_client *client);
	u32 (*rm_client_handle)(struct vgpu_rm_client *client);
	int (*rm_ctrl)(struct vgpu_core_dev *dev, struct vgpu_rm_client *client,
		       u32 cmd, void *params, size_t size,
		       unsigned int timeout_ms);
	int (*rm_ask)(struct vgpu_core_dev *dev, struct vgpu_rm_client *client,
		      u32 cmd, void *params, size_t size,
		      unsigned int timeout_ms);

	int (*fb_reserve)(struct vgpu_core_dev *dev, u64 addr, u64 size,
			  struct vgpu_fb_mem *mem);
	void (*fb_free)(struct vgpu_core_dev *dev, struct vgpu_fb_mem *mem);
	int (*chid_reserve)(struct vgpu_core_dev *dev, u32 first, u32 count);
	void (*chid_free)(struct vgpu_core_dev *dev, u32 first, u32 count);
	int (*bar1_map)(struct vgpu_core_dev *dev, const struct vgpu_fb_mem *mem,
			u64 offset, u64 size, struct vgpu_bar1_map *map);
	void (*bar1_unmap)(struct vgpu_core_dev *dev, struct vgpu_bar1_map *map);
	int (*fb_scrub)(struct vgpu_core_dev *dev, u64 addr, u64 size);
	int (*fb_read)(struct vgpu_core_dev *dev, u64 addr, void *buf, size_t size);
	int (*plugin_doorbell)(struct vgpu_core_dev *dev, u32 gfid);
};

/**
 * struct vgpu_core_dev - the auxiliary device of one physical function
 * @adev: its place on the auxiliary bus; parent is the PCI device of the PF
 * @version: VGPU_CORE_VERSION that the core was built with
 * @ops: the table
 * @pf: the physical function
 */
struct vgpu_core_dev {
	struct auxiliary_device adev;
	u32 version;
	const struct vgpu_core_ops *ops;
	struct pci_dev *pf;
};

static inline struct vgpu_core_dev *to_vgpu_core_dev(struct auxiliary_device *adev)
{
	return container_of(adev, struct vgpu_core_dev, adev);
}

#endif /* OPENVGPU_CORE_OPS_H */
