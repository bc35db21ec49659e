// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * A vGPU's console: what its guest scans out.  The guest tells its plugin task of
 * the surface, the task publishes it in the response buffer, and its pixels are
 * read from the guest's FB.
 *
 * Of the four surfaces only the first is used: where the others lie in 570.144
 * is not certain (abi/r535/vgpu_surface.h).
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ratelimit.h>

#include "console.h"
#include "mgr_priv.h"

#include "r535/vgpu_surface.h"

/* A task changes a surface within microseconds; one that never ends is no surface. */
#define SURFACE_TRIES	16

/* A guest can provoke them: so many lines in so much time, for each vGPU. */
#define LOG_INTERVAL	(60 * HZ)
#define LOG_BURST	20

/**
 * ovg_console_init - once, when the VF is found
 * @vgpu: the VF
 */
void ovg_console_init(struct ovg_vgpu *vgpu)
{
	ratelimit_state_init(&vgpu->console_limit, LOG_INTERVAL, LOG_BURST);
	/* silent about what it suppressed: that would be a line more */
	ratelimit_set_flags(&vgpu->console_limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * ovg_console_enabled - is the guest's console to be shown?
 * @vgpu: a vGPU whose type and settings do not change any more
 *
 * The plugin task is told the same when it is configured.  Return: false without
 * heads, with disable_vnc, or when the core cannot read FB.
 */
bool ovg_console_enabled(const struct ovg_vgpu *vgpu)
{
	return vgpu->type->num_heads && !vgpu->params.disable_vnc && vgpu->mgr->dev->ops->fb_read;
}

struct update {
	u64 start;
	u64 end;
};

static struct update read_update(void __iomem *surface)
{
	struct update u;

	memcpy_fromio(&u, surface, sizeof(u));
	/* not before what is read after it, nor after what was read before it */
	mb();
	return u;
}

/*
 * A copy that the task did not change meanwhile: whichever of the two numbers it
 * writes first, all are equal before and after.
 */
static bool read_surface(struct ovg_vgpu *vgpu, struct r535_plugin_surface *s)
{
	const struct ovg_plugin_layout *l = &vgpu->mgr->codec->layout;
	void __iomem *from = vgpu->comm.va + l->surface;
	unsigned int try;

	memset(s, 0, sizeof(*s));
	for (try = 0; try < SURFACE_TRIES; try++) {
		struct update before, after;

		before = read_update(from);
		memcpy_fromio(s, from, min_t(size_t, l->surface_size, sizeof(*s)));
		mb(); /* as in read_update() */
		after = read_update(from);
		if (before.start == before.end && before.end == after.start &&
		    after.start == after.end)
			return true;
		usleep_range(20, 50);
	}
	return false;
}

/*
 * One line for each reason, not for each picture; and a guest that goes from one
 * reason to another gets no more than so many.
 */
static void log_refused(struct ovg_vgpu *vgpu, const char *why)
{
	if (why && why != vgpu->console_why && __ratelimit(&vgpu->console_limit))
		pci_notice(vgpu->vf, "console: the guest's surface is not shown: %s\n", why);
	vgpu->console_why = why;
}

/**
 * ovg_mgr_console_room - how large can a picture of this vGPU be?
 * @vgpu: handle
 *
 * Return: bytes; 0 when the vGPU is not open, has no display (heads), its console
 * is off (disable_vnc), or the core cannot read FB.
 */
u64 ovg_mgr_console_room(struct ovg_vgpu *vgpu)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	u64 room = 0;

	mutex_lock(&vgpu->lock);
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY && ovg_mgr_usable(mgr) &&
	    ovg_console_enabled(vgpu))
		room = ovg_console_room(vgpu->type->max_x, vgpu->type->max_y);
	mutex_unlock(&vgpu->lock);
	return room;
}
EXPORT_SYMBOL_GPL(ovg_mgr_console_room);

/**
 * ovg_mgr_console_get - what does the guest show?
 * @vgpu: handle; ovg_mgr_console_room() was not 0 since it was opened
 * @plane: out: the picture; it lies in the guest's FB and fits the room
 *
 * Return: 0; -ENODATA when the guest shows nothing, or nothing that can be shown,
 * of which the reason is logged, 20 in a minute at most; -ENODEV when the vGPU is not
 * ready; -EINTR when the caller is killed while he waits for it.
 */
int ovg_mgr_console_get(struct ovg_vgpu *vgpu, struct ovg_console_plane *plane)
{
	struct r535_plugin_surface surface;
	const char *why = NULL;
	int ret = -ENODEV;

	if (mutex_lock_killable(&vgpu->lock))
		return -EINTR;
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY && !ovg_mgr_dead(vgpu->mgr)) {
		struct ovg_console_limits limits = {
			.fb_size = vgpu->fb.size,
			.max_x = vgpu->type->max_x,
			.max_y = vgpu->type->max_y,
		};

		if (read_surface(vgpu, &surface)) {
			ret = ovg_console_decode(&surface, &limits, plane, &why);
		} else {
			ret = -EINVAL;
			why = "it is never complete";
		}
		log_refused(vgpu, why);
		if (ret == -EINVAL)
			ret = -ENODATA;
	}
	mutex_unlock(&vgpu->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_console_get);

/**
 * ovg_mgr_console_read - copy bytes of a picture
 * @vgpu: handle
 * @plane: of ovg_mgr_console_get()
 * @pos: first byte in it
 * @buf: destination
 * @size: bytes, not beyond the picture's end
 *
 * May sleep until the copy engine has done it, ten seconds at most if it hangs.
 * What the guest has changed meanwhile is as it is in FB.
 *
 * Return: 0; -ENODEV when the vGPU is not ready; -EINTR when the caller is killed
 * while he waits for it; -EINVAL when beyond its end; the errno of the copy.
 */
int ovg_mgr_console_read(struct ovg_vgpu *vgpu, const struct ovg_console_plane *plane, u64 pos,
			 void *buf, size_t size)
{
	struct vgpu_core_dev *dev = vgpu->mgr->dev;
	int ret = -ENODEV;

	if (mutex_lock_killable(&vgpu->lock))
		return -EINTR;
	if (READ_ONCE(vgpu->state) == OVG_VGPU_READY && ovg_mgr_usable(vgpu->mgr)) {
		/* Opened anew it may have another FB than the plane was made for. */
		if (pos > plane->size || size > plane->size - pos ||
		    plane->offset > vgpu->fb.size ||
		    plane->size > vgpu->fb.size - plane->offset)
			ret = -EINVAL;
		else
			ret = dev->ops->fb_read(dev, vgpu->fb.addr + plane->offset + pos, buf,
						size);
	}
	mutex_unlock(&vgpu->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ovg_mgr_console_read);
