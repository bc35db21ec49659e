// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What GSP tells by itself, and who hears of it: a tracepoint for each event, a
 * uevent where an operator would act, and the state that the VF's openvgpu/
 * shows.  docs/events.md lists them.
 *
 * Events come one at a time in process context and must not wait for GSP; what
 * has to ask GSP back, or needs a vGPU's lock, goes to a work item.
 */
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "mgr_priv.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* A guest can provoke most events: so many uevents in so much time, for each vGPU. */
#define TELL_INTERVAL	(5 * HZ)
#define TELL_BURST	20

/*
 * A guest that GSP does not know yet is asked for again, for half a minute; never
 * more often than once a second, however often it loads its driver: all tenants
 * share GSP.
 */
#define LICENSE_INTERVAL	HZ
#define LICENSE_RETRY		(2 * HZ)
#define LICENSE_TRIES		15

/* NVA084 notifiers (cla084_notification.h), the same in all releases. */
enum {
	PLUGIN_BOOTLOADED = 0,
	PLUGIN_CRASHED = 2,
	GUEST_DRIVER_LOADED = 3,
	GUEST_DRIVER_UNLOADED = 4,
	PRINT_ERROR = 5,
	LICENSE_STATE = 6,
};

static struct workqueue_struct *work_queue;

/* ---- uevents ---- */

static void tell(struct device *dev, const char *what, u32 gfid, u32 type, const char *more)
{
	char event[48], id[32], kind[32];
	char *envp[5] = { event, id, kind, (char *)more };

	snprintf(event, sizeof(event), "OPENVGPU_EVENT=%s", what);
	snprintf(id, sizeof(id), "OPENVGPU_GFID=%u", gfid);
	snprintf(kind, sizeof(kind), "OPENVGPU_TYPE=%u", type);
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, envp);
}

/* About a vGPU; what its guest can provoke is limited. */
static void tell_vgpu(struct ovg_vgpu *vgpu, const char *what, const char *more, bool limited)
{
	if (limited && !__ratelimit(&vgpu->ev.limit))
		return;
	tell(&vgpu->vf->dev, what, vgpu->gfid, READ_ONCE(vgpu->ev.type), more);
}

/* ---- life ---- */

/**
 * ovg_events_opening - forget what was said of the last vGPU of a VF, and whose it was
 * @vgpu: the VF, @mgr->lock held
 */
void ovg_events_opening(struct ovg_vgpu *vgpu)
{
	struct ovg_vgpu_events *ev = &vgpu->ev;

	lockdep_assert_held(&vgpu->mgr->lock);
	vgpu->vm_pid = 0;
	ev->type = vgpu->type->id;
	ev->guest_loaded = false;
	ev->license = OVG_LICENSE_UNKNOWN;
	ev->license_tries = 0;
	ev->asked = jiffies - LICENSE_INTERVAL;
	ev->guest++;
	ev->have_util = false;
	ev->xid_count = 0;
	ev->xid_last = 0;
	ev->dump_why = NULL;
}

/**
 * ovg_events_created - a vGPU is ready
 * @vgpu: the vGPU, @vgpu->lock held
 */
void ovg_events_created(struct ovg_vgpu *vgpu)
{
	vgpu->ev.told = true;
	trace_vgpu_created(&vgpu->vf->dev, vgpu->gfid, vgpu->ev.type, vgpu->vm_pid);
	tell_vgpu(vgpu, "created", NULL, false);
}

/**
 * ovg_events_closed - there is no vGPU any more
 * @vgpu: the VF, @vgpu->lock held; its state is closed
 */
void ovg_events_closed(struct ovg_vgpu *vgpu)
{
	struct ovg_vgpu_events *ev = &vgpu->ev;

	mutex_lock(&vgpu->mgr->lock);
	ev->guest_loaded = false;
	ev->license = OVG_LICENSE_UNKNOWN;
	ev->have_util = false;
	mutex_unlock(&vgpu->mgr->lock);
	/* What runs already sees that it is closed. */
	if (cancel_delayed_work(&ev->license_work))
		ovg_vgpu_put(vgpu);
	if (!ev->told)
		return;
	ev->told = false;
	trace_vgpu_destroyed(&vgpu->vf->dev, vgpu->gfid, ev->type, vgpu->vm_pid);
	tell_vgpu(vgpu, "destroyed", NULL, false);
}

/**
 * ovg_events_type - a type was selected, or given back
 * @vgpu: the VF
 * @id: the type, 0 for none
 */
void ovg_events_type(struct ovg_vgpu *vgpu, u32 id)
{
	trace_vgpu_type(&vgpu->vf->dev, vgpu->gfid, id, task_tgid_nr(current));
}

/**
 * ovg_events_call - a plugin task answered a message, or did not
 * @vgpu: the vGPU
 * @message: number of the message
 * @result: what the task said
 * @ret: what becomes of it
 * @us: how long it took
 */
void ovg_events_call(struct ovg_vgpu *vgpu, u32 message, u32 result, int ret, s64 us)
{
	trace_vgpu_plugin_call(&vgpu->vf->dev, vgpu->gfid, message, result, ret, us);
}

/**
 * ovg_events_crashed - a vGPU died while it was open
 * @vgpu: the vGPU
 *
 * Process context.
 */
void ovg_events_crashed(struct ovg_vgpu *vgpu)
{
	tell_vgpu(vgpu, "crashed", NULL, false);
}

/* ---- work that an event leaves behind ---- */

static void queue(struct ovg_vgpu *vgpu, struct work_struct *work)
{
	kref_get(&vgpu->ref);
	if (!queue_work(work_queue, work))
		ovg_vgpu_put(vgpu);
}

/* A close comes before it, and then nothing happens, or after it and cancels it. */
static void queue_license(struct ovg_vgpu *vgpu, bool retry)
{
	struct ovg_vgpu_events *ev = &vgpu->ev;
	unsigned long next = ev->asked + LICENSE_INTERVAL;
	bool queued;

	lockdep_assert_held(&vgpu->mgr->lock);
	if (vgpu->state != OVG_VGPU_READY)
		return;
	kref_get(&vgpu->ref);
	if (retry)	/* unless it happens sooner anyway */
		queued = queue_delayed_work(work_queue, &ev->license_work, LICENSE_RETRY);
	else
		queued = !mod_delayed_work(work_queue, &ev->license_work,
					   time_before(jiffies, next) ? next - jiffies : 0);
	if (!queued)
		ovg_vgpu_put(vgpu);
}

/* GSP may refuse: nobody has seen what a real one says of each guest. */
static int ask_guest(struct ovg_vgpu *vgpu, struct ovg_guest *guest)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	void *params;
	int ret;

	params = kzalloc(mgr->codec->guests_size, GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	ret = mgr->dev->ops->rm_ask(mgr->dev, mgr->client, mgr->codec->cmd_guests, params,
				    mgr->codec->guests_size, 0);
	if (!ret)
		ret = mgr->codec->guest(params, vgpu->gfid, guest);
	kfree(params);
	return ret;
}

/*
 * The event says that the licence changed, not to what; and a guest whose driver
 * was just loaded may not be known to GSP yet.  GSP is asked without the vGPU's
 * lock, which its owner needs; ovg_events_stop() waits for that.
 */
static void license_work(struct work_struct *work)
{
	struct ovg_vgpu *vgpu = container_of(to_delayed_work(work), struct ovg_vgpu,
					     ev.license_work);
	struct ovg_vgpu_events *ev = &vgpu->ev;
	struct ovg_mgr *mgr = vgpu->mgr;
	enum ovg_license license = OVG_LICENSE_UNKNOWN;
	struct ovg_guest guest;
	unsigned int generation;
	char more[40];
	bool ask;
	int ret;

	mutex_lock(&mgr->lock);
	ask = vgpu->state == OVG_VGPU_READY && ovg_mgr_usable(mgr);
	generation = ev->guest;
	ev->asked = jiffies;
	mutex_unlock(&mgr->lock);
	if (!ask)
		goto out;

	ret = ask_guest(vgpu, &guest);
	if (ret) {
		if (ret != -ENODEV)
			dev_warn_ratelimited(&vgpu->vf->dev,
					     "GSP does not say whether the guest is licensed: %pe\n",
					     ERR_PTR(ret));
		goto out;
	}
	trace_vgpu_license(&vgpu->vf->dev, vgpu->gfid, guest.known, guest.licensed,
			   guest.license_state);
	if (guest.known)
		license = guest.licensed ? OVG_LICENSE_LICENSED : OVG_LICENSE_UNLICENSED;

	mutex_lock(&mgr->lock);
	/* Is it still that guest?  Its end is told with the lock taken after this. */
	if (vgpu->state == OVG_VGPU_READY && ev->guest == generation) {
		if (guest.known && ev->license != license) {
			snprintf(more, sizeof(more), "OPENVGPU_LICENSE=%s",
				 guest.licensed ? "licensed" : "unlicensed");
			tell_vgpu(vgpu, "license", more, true);
		}
		ev->license = license;
		if (!guest.known && ev->guest_loaded && ev->license_tries) {
			ev->license_tries--;
			queue_license(vgpu, true);
		}
	}
	mutex_unlock(&mgr->lock);
out:
	ovg_vgpu_put(vgpu);
}

static void dump_work(struct work_struct *work)
{
	struct ovg_vgpu *vgpu = container_of(work, struct ovg_vgpu, ev.dump_work);

	mutex_lock(&vgpu->lock);
	ovg_logs_dump(vgpu);
	mutex_unlock(&vgpu->lock);
	ovg_vgpu_put(vgpu);
}

/**
 * ovg_events_want_dump - keep the logs of a vGPU that dies
 * @vgpu: the vGPU, not marked dead yet
 * @why: what happened, a constant string
 *
 * They are taken by ovg_logs_dump(), when the vGPU's lock is free or at the
 * latest when the vGPU is destroyed.
 */
void ovg_events_want_dump(struct ovg_vgpu *vgpu, const char *why)
{
	mutex_lock(&vgpu->mgr->lock);
	if (vgpu->state != OVG_VGPU_CLOSED && vgpu->state != OVG_VGPU_DEAD)
		vgpu->ev.dump_why = why;
	mutex_unlock(&vgpu->mgr->lock);
	queue(vgpu, &vgpu->ev.dump_work);
}

/**
 * ovg_events_stop - wait until GSP is not asked about a vGPU any more
 * @vgpu: the VF, closed, or its manager marked as removed
 *
 * Process context, no lock held.
 */
void ovg_events_stop(struct ovg_vgpu *vgpu)
{
	if (cancel_delayed_work_sync(&vgpu->ev.license_work))
		ovg_vgpu_put(vgpu);
}

/* ---- events of GSP ---- */

static void set_guest_loaded(struct ovg_vgpu *vgpu, bool loaded)
{
	struct ovg_vgpu_events *ev = &vgpu->ev;

	mutex_lock(&vgpu->mgr->lock);
	if (ev->guest_loaded != loaded && vgpu->state == OVG_VGPU_READY) {
		ev->guest_loaded = loaded;
		ev->guest++;
		ev->license = OVG_LICENSE_UNKNOWN;
		ev->license_tries = LICENSE_TRIES;
		tell_vgpu(vgpu, loaded ? "guest_loaded" : "guest_unloaded", NULL, true);
		if (loaded)
			queue_license(vgpu, false);
	}
	mutex_unlock(&vgpu->mgr->lock);
}

/**
 * ovg_events_reset - the guest was reset, its driver with it
 * @vgpu: the vGPU
 */
void ovg_events_reset(struct ovg_vgpu *vgpu)
{
	set_guest_loaded(vgpu, false);
}

static void plugin_event(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	struct ovg_vgpu *vgpu = ovg_mgr_find(mgr, ev->gfid);

	trace_vgpu_plugin_event(vgpu ? &vgpu->vf->dev : &mgr->dev->pf->dev, ev->gfid,
				ev->notify_index);
	if (!vgpu)
		return;

	switch (ev->notify_index) {
	case PLUGIN_BOOTLOADED:
		complete_all(&vgpu->booted);
		tell_vgpu(vgpu, "bootloaded", NULL, false);
		break;
	case PLUGIN_CRASHED:
		pci_err(vgpu->vf, "the vGPU's plugin task crashed; close the VM and open the VF again; its logs are in /sys/class/devcoredump\n");
		/* Before the VMM hears of it and lets go. */
		ovg_events_want_dump(vgpu, "the plugin task crashed");
		if (ovg_vgpu_gone(vgpu))
			ovg_events_crashed(vgpu);
		break;
	case GUEST_DRIVER_LOADED:
		set_guest_loaded(vgpu, true);
		break;
	case GUEST_DRIVER_UNLOADED:
		set_guest_loaded(vgpu, false);
		break;
	case PRINT_ERROR:
		/* It is in the error ring, whose format is not public. */
		dev_warn_ratelimited(&vgpu->vf->dev,
				     "the plugin task has an error to report, see task_log in debugfs\n");
		break;
	case LICENSE_STATE:
		mutex_lock(&mgr->lock);
		queue_license(vgpu, false);
		mutex_unlock(&mgr->lock);
		break;
	}
	ovg_vgpu_put(vgpu);
}

/* Whose channel is it?  A vGPU has the same range of ids in all runlists. */
static struct ovg_vgpu *find_channel(struct ovg_mgr *mgr, u32 chid)
{
	struct ovg_vgpu *vgpu, *found = NULL;

	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link) {
		if (vgpu->state != OVG_VGPU_CLOSED && vgpu->type &&
		    chid >= vgpu->slot.chid && chid - vgpu->slot.chid < vgpu->slot.num_chids) {
			kref_get(&vgpu->ref);
			found = vgpu;
			break;
		}
	}
	mutex_unlock(&mgr->lock);
	return found;
}

static struct ovg_vgpu *find_owner(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	if (ev->gfid)
		return ovg_mgr_find(mgr, ev->gfid);
	return ev->chid == VGPU_CORE_CHID_NONE ? NULL : find_channel(mgr, ev->chid);
}

static void xid_event(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	struct ovg_vgpu *vgpu = find_owner(mgr, ev);
	char more[32];

	snprintf(more, sizeof(more), "OPENVGPU_XID=%u", ev->code);
	if (!vgpu) {
		trace_vgpu_xid(&mgr->dev->pf->dev, ev->gfid, ev->code, ev->chid, ev->text);
		if (__ratelimit(&mgr->tell_limit))
			tell(&mgr->dev->pf->dev, "xid", ev->gfid, 0, more);
		return;
	}
	trace_vgpu_xid(&vgpu->vf->dev, vgpu->gfid, ev->code, ev->chid, ev->text);
	mutex_lock(&mgr->lock);
	vgpu->ev.xid_count++;
	vgpu->ev.xid_last = ev->code;
	mutex_unlock(&mgr->lock);
	tell_vgpu(vgpu, "xid", more, true);
	ovg_vgpu_put(vgpu);
}

static void rc_event(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	struct ovg_vgpu *vgpu = find_owner(mgr, ev);

	/* The Xid says the same to an operator, and comes with a text. */
	trace_vgpu_rc(vgpu ? &vgpu->vf->dev : &mgr->dev->pf->dev,
		      vgpu ? vgpu->gfid : ev->gfid, ev->code, ev->chid);
	if (vgpu)
		ovg_vgpu_put(vgpu);
}

static void ecc_event(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	char more[32];

	trace_vgpu_ecc(&mgr->dev->pf->dev, ev->corrected, ev->have_address ? ev->address : 0);
	if (!ev->corrected)
		dev_err_ratelimited(&mgr->dev->pf->dev,
				    "ECC error of the FB that could not be corrected\n");
	snprintf(more, sizeof(more), "OPENVGPU_ECC=%s",
		 ev->corrected ? "corrected" : "uncorrected");
	/* A guest may read a bad page again and again.  Corrected ones hide no other. */
	if (__ratelimit(&mgr->ecc_limit[ev->corrected]))
		tell(&mgr->dev->pf->dev, "ecc", 0, 0, more);
}

/* A sample names the process of the VM: one that has two vGPUs says nothing. */
static bool same_process(struct ovg_mgr *mgr, struct ovg_vgpu *vgpu)
{
	struct ovg_vgpu *other;

	list_for_each_entry(other, &mgr->vgpus, link)
		if (other != vgpu && other->state != OVG_VGPU_CLOSED &&
		    other->vm_pid == vgpu->vm_pid)
			return true;
	return false;
}

static void util_event(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	u32 percent[OVG_UTIL_ENGINES];
	struct ovg_vgpu *vgpu;
	ktime_t now = ktime_get();
	u32 seen;
	int n;

	n = mgr->codec->util(ev->data, ev->len, mgr->samples, ARRAY_SIZE(mgr->samples));
	if (n < 0) {
		dev_warn_ratelimited(&mgr->dev->pf->dev,
				     "samples of utilisation of %zu bytes are malformed\n",
				     ev->len);
		return;
	}
	mutex_lock(&mgr->lock);
	list_for_each_entry(vgpu, &mgr->vgpus, link) {
		if (vgpu->state != OVG_VGPU_READY || !vgpu->vm_pid || same_process(mgr, vgpu))
			continue;
		seen = ovg_util_average(mgr->samples, n, mgr->sampled, vgpu->vm_pid, percent);
		if (!seen)
			continue;
		memcpy(vgpu->ev.percent, percent, sizeof(percent));
		vgpu->ev.sampled_at = now;
		vgpu->ev.have_util = true;
		trace_vgpu_util(&vgpu->vf->dev, vgpu->gfid, seen, percent);
	}
	mgr->sampled = ovg_util_latest(mgr->samples, n, mgr->sampled);
	mutex_unlock(&mgr->lock);
}

/**
 * ovg_events_handle - GSP said something
 * @mgr: the manager
 * @ev: the event
 *
 * Process context, one at a time.
 */
void ovg_events_handle(struct ovg_mgr *mgr, const struct vgpu_core_event *ev)
{
	switch (ev->type) {
	case VGPU_CORE_EVENT_PLUGIN:
		plugin_event(mgr, ev);
		break;
	case VGPU_CORE_EVENT_UTIL_SAMPLES:
		util_event(mgr, ev);
		break;
	case VGPU_CORE_EVENT_RC:
		rc_event(mgr, ev);
		break;
	case VGPU_CORE_EVENT_XID:
		xid_event(mgr, ev);
		break;
	case VGPU_CORE_EVENT_ECC:
		ecc_event(mgr, ev);
		break;
	}
}

/* ---- what openvgpu/ of a VF shows ---- */

static const char *state_name(struct ovg_vgpu *vgpu)
{
	switch (vgpu->state) {
	case OVG_VGPU_OPENING:
		return "opening";
	case OVG_VGPU_READY:
		return "ready";
	case OVG_VGPU_CLOSING:
		return "closing";
	case OVG_VGPU_DEAD:
		return "dead";
	case OVG_VGPU_CLOSED:
		break;
	}
	if (vgpu->mgr->stuck[vgpu->gfid])
		return "stuck";
	return vgpu->type ? "typed" : "none";
}

static ssize_t show_util(struct ovg_vgpu *vgpu, enum ovg_util_engine engine, char *buf)
{
	if (!vgpu->ev.have_util)
		return -ENODATA;
	return sysfs_emit(buf, "%u\n", vgpu->ev.percent[engine]);
}

static ssize_t show_util_age(struct ovg_vgpu *vgpu, char *buf)
{
	if (!vgpu->ev.have_util)
		return -ENODATA;
	return sysfs_emit(buf, "%lld\n", ktime_ms_delta(ktime_get(), vgpu->ev.sampled_at));
}

/**
 * ovg_mgr_show - text of one of the files in openvgpu/
 * @vgpu: handle
 * @file: which
 * @buf: a page
 *
 * Never waits for GSP, nor for somebody who does.
 *
 * Return: bytes; -ENODATA without a sample; -EINVAL for a file that there is not.
 */
ssize_t ovg_mgr_show(struct ovg_vgpu *vgpu, enum ovg_mgr_file file, char *buf)
{
	static const char *const license[] = {
		[OVG_LICENSE_UNKNOWN] = "unknown",
		[OVG_LICENSE_UNLICENSED] = "unlicensed",
		[OVG_LICENSE_LICENSED] = "licensed",
	};
	bool open;
	ssize_t len = -EINVAL;

	mutex_lock(&vgpu->mgr->lock);
	open = vgpu->state != OVG_VGPU_CLOSED;
	switch (file) {
	case OVG_MGR_FILE_STATE:
		len = sysfs_emit(buf, "%s\n", state_name(vgpu));
		break;
	case OVG_MGR_FILE_UUID:
		if (open && !uuid_is_null(&vgpu->uuid))
			len = sysfs_emit(buf, "%pUb\n", &vgpu->uuid);
		else
			len = sysfs_emit(buf, "\n");
		break;
	case OVG_MGR_FILE_VM_PID:
		len = sysfs_emit(buf, "%d\n", open ? vgpu->vm_pid : 0);
		break;
	case OVG_MGR_FILE_GUEST_DRIVER:
		len = sysfs_emit(buf, "%s\n", vgpu->ev.guest_loaded ? "loaded" : "unloaded");
		break;
	case OVG_MGR_FILE_LICENSE:
		len = sysfs_emit(buf, "%s\n", license[vgpu->ev.license]);
		break;
	case OVG_MGR_FILE_UTIL_GPU:
		len = show_util(vgpu, OVG_UTIL_GPU, buf);
		break;
	case OVG_MGR_FILE_UTIL_MEMORY:
		len = show_util(vgpu, OVG_UTIL_MEMORY, buf);
		break;
	case OVG_MGR_FILE_UTIL_ENCODER:
		len = show_util(vgpu, OVG_UTIL_ENCODER, buf);
		break;
	case OVG_MGR_FILE_UTIL_DECODER:
		len = show_util(vgpu, OVG_UTIL_DECODER, buf);
		break;
	case OVG_MGR_FILE_UTIL_AGE_MS:
		len = show_util_age(vgpu, buf);
		break;
	case OVG_MGR_FILE_XID_COUNT:
		len = sysfs_emit(buf, "%llu\n", vgpu->ev.xid_count);
		break;
	case OVG_MGR_FILE_XID_LAST:
		len = sysfs_emit(buf, "%u\n", vgpu->ev.xid_last);
		break;
	}
	mutex_unlock(&vgpu->mgr->lock);
	return len;
}
EXPORT_SYMBOL_GPL(ovg_mgr_show);

/* ---- set-up ---- */

static void limit_init(struct ratelimit_state *limit)
{
	ratelimit_state_init(limit, TELL_INTERVAL, TELL_BURST);
	/* silent: tracepoints and counters have all of them */
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

void ovg_events_mgr_init(struct ovg_mgr *mgr)
{
	limit_init(&mgr->tell_limit);
	limit_init(&mgr->ecc_limit[false]);
	limit_init(&mgr->ecc_limit[true]);
}

void ovg_events_vgpu_init(struct ovg_vgpu *vgpu)
{
	limit_init(&vgpu->ev.limit);
	INIT_DELAYED_WORK(&vgpu->ev.license_work, license_work);
	INIT_WORK(&vgpu->ev.dump_work, dump_work);
}

/**
 * ovg_events_module_init - once, before a manager is there
 *
 * Return: 0 or -ENOMEM.
 */
int ovg_events_module_init(void)
{
	work_queue = alloc_workqueue("openvgpu-mgr", WQ_UNBOUND, 0);
	return work_queue ? 0 : -ENOMEM;
}

/* After the last manager: waits for the work that is left. */
void ovg_events_module_exit(void)
{
	destroy_workqueue(work_queue);
}
