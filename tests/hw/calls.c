// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Each RM class and control that core and manager use, as our codecs encode them,
 * against a real RM: is the size right, is it accepted?
 *
 * A size is asked for without carrying anything out, see rm_control_size() and
 * rm_class_size().  Controls that only read are sent, too.  Those that change
 * something beyond what this program allocated are never sent.
 */
#include <stdlib.h>
#include <string.h>

#include "common/fifo.h"
#include "common/rm.h"
#include "rpc.h"
#include "hw.h"

/*
 * Sizes of the parameters in the headers of 535.113.01, 570.144 and 580.126.20
 * (580.95.05 has the same).
 */
static const struct header_size {
	u32 id;
	u32 size[3];
} header_sizes[] = {
	{ NV01_DEVICE_0,	{ 56, 56, 56 } },
	{ NV20_SUBDEVICE_0,	{ 4, 4, 4 } },
	{ FERMI_VASPACE_A,	{ 48, 48, 56 } },
	{ AMPERE_CHANNEL_GPFIFO_A, { 360, 368, 368 } },
	{ AMPERE_DMA_COPY_B,	{ 8, 8, 8 } },
	{ 0x90f10106,		{ 184, 184, 184 } },
	{ 0xa06f0103,		{ 2, 2, 3 } },
	{ 0xa06f0104,		{ 4, 4, 4 } },
	{ 0x20800301,		{ 20, 20, 20 } },
	{ 0x2080012f,		{ 984, 1464, 1464 } },
	{ 0x2080017e,		{ 8, 8, 8 } },
	{ 0x20800a5c,		{ 2068, 2068, 2112 } },
	{ 0x20801112,		{ 3212, 3212, 3212 } },
	{ 0x20801120,		{ 0, 20, 20 } },
	{ 0x20801121,		{ 0, 24, 24 } },
	{ 0x20801122,		{ 0, 44, 44 } },
	{ 0x20802a08,		{ 4, 4, 4 } },
	{ 0x20803601,		{ 72, 72, 72 } },
	{ 0x20804001,		{ 6496, 6616, 6616 } },
	{ 0x20804002,		{ 4, 4, 4 } },
	{ 0x20804003,		{ 316936, 334344, 694280 } },
	{ 0x20804004,		{ 4872, 4872, 10376 } },
	{ 0x20804008,		{ 4, 4, 4 } },
	{ 0x2080400e,		{ 0, 1, 1 } },
};

static u32 header_size(u32 id, unsigned int release)
{
	unsigned int i, column;

	if (release == 535)
		column = 0;
	else if (release == 570)
		column = 1;
	else if (release == 580)
		column = 2;
	else
		return 0;
	for (i = 0; i < HW_ARRAY_SIZE(header_sizes); i++)
		if (header_sizes[i].id == id)
			return header_sizes[i].size[column];
	return 0;
}

const char *status_text(u32 status)
{
	static char text[4][64];
	static unsigned int n;
	char *p = text[n++ % 4];

	if (!status)
		return "OK";
	if (status == RM_NO_ANSWER)
		return *rm_error() ? rm_error() : "not reached";
	snprintf(p, sizeof(text[0]), "%s (0x%x)", ovg_rm_status_name(status), status);
	return p;
}

/**
 * struct call - a class or a control
 * @id: of our table of sizes
 * @name: for the reader
 * @ours: bytes that the codec makes
 * @rm: bytes that this RM wants, 0 when it did not tell
 * @open: user space may use it, so it must be accepted
 * @control: its size is compared before anything else
 * @sent: it was carried out
 * @unpadded: what RM answered to a control in our size
 * @status: what RM answered in the end, in its own size
 * @why: it was not sent
 */
struct call {
	u32 id;
	const char *name;
	u32 ours;
	u32 rm;
	bool open;
	bool control;
	bool sent;
	u32 unpadded;
	u32 status;
	const char *why;
};

/* No process has got that far from the bottom. */
#define CHID	256

struct releases {
	unsigned int ours;
	unsigned int rm;
};

/* What RM says to parameters of the right size; true when that is as it should be. */
static bool judge_status(const struct call *c, char *text, size_t len)
{
	if (!c->sent) {
		snprintf(text, len, "not sent: %s", c->why);
		return true;
	}
	switch (c->status) {
	case NV_OK:
		snprintf(text, len, "accepted");
		return true;
	case NV_ERR_INSUFFICIENT_PERMISSIONS:
		snprintf(text, len, "refused as not permitted (0x1b)");
		return !c->open;
	case NV_ERR_NOT_SUPPORTED:
		snprintf(text, len, "refused as internal to RM (0x56)");
		return !c->open;
	case NV_ERR_INVALID_ARGUMENT:
	case NV_ERR_INVALID_PARAM_STRUCT:
		snprintf(text, len, "MALFORMED: %s", status_text(c->status));
		return false;
	default:
		snprintf(text, len, "UNEXPECTED: %s", status_text(c->status));
		return false;
	}
}

/* True when this is as it should be. */
static bool judge(const struct call *c, const struct releases *rel, char *text, size_t len)
{
	u32 own = header_size(c->id, rel->ours);
	char rest[128];
	bool ok;

	if (own && c->ours != own) {
		snprintf(text, len, "WRONG: the headers of r%u have %u bytes", rel->ours, own);
		return false;
	}
	ok = judge_status(c, rest, sizeof(rest));
	if (c->rm && c->rm != c->ours) {
		if (c->rm != header_size(c->id, rel->rm)) {
			snprintf(text, len, "MALFORMED: RM wants %u bytes", c->rm);
			return false;
		}
		if (c->control && c->sent) {
			ok &= c->unpadded == NV_ERR_INVALID_ARGUMENT;
			snprintf(text, len, "changed in r%u: ours 0x%x; padded: %s", rel->rm,
				 c->unpadded, rest);
		} else {
			snprintf(text, len, "changed in r%u; %s%s", rel->rm,
				 c->sent ? "padded: " : "", rest);
		}
		return ok;
	}
	if (!c->sent && !c->rm) {
		/* 535 compares sizes only at the object */
		snprintf(text, len, "%s", rel->rm < 570 ? "not sent; this RM tells no sizes" :
							  "RM DOES NOT KNOW IT");
		return rel->rm < 570;
	}
	snprintf(text, len, "%s%s", c->sent && !c->status ? "" : "size right; ", rest);
	return ok;
}

static void report(const struct call *c, const struct releases *rel)
{
	char text[256], rm[16] = "-", theirs[16] = "-";
	u32 header = header_size(c->id, rel->rm);
	bool ok = judge(c, rel, text, sizeof(text));

	if (c->rm)
		snprintf(rm, sizeof(rm), "%u", c->rm);
	if (header)
		snprintf(theirs, sizeof(theirs), "%u", header);
	row("%s | 0x%08x | %u | %s | %s | %s", c->name, c->id, c->ours, theirs, rm, text);
	tap(ok, "r%u: %s: %s, ours %u bytes, headers of r%u %s, RM %s", rel->ours, c->name, text,
	    c->ours, rel->rm, theirs, rm);
}

static void report_class(struct rm *rm, const struct releases *rel, u32 id, u32 class_id,
			 const char *name, u32 size, u32 status)
{
	struct call c = {
		.id = id,
		.name = name,
		.ours = size,
		.rm = rm_class_size(rm, class_id),
		.open = true,
		.sent = true,
		.status = status,
	};

	report(&c, rel);
}

/* What a control is asked of an engine; NULL for those that are not. */
typedef void (*engine_fn)(void *params, u32 engine);

/* @object: 0 when it is not to be sent, for the reason @why */
static void report_question(struct rm *rm, const struct releases *rel, u32 cmd, const char *name,
			    u32 size, u32 object, bool open, const char *why, engine_fn ask)
{
	static u8 params[RM_PARAMS_MAX];
	struct call c = {
		.id = cmd,
		.name = name,
		.ours = size,
		.rm = rm_control_size(rm, cmd),
		.open = open,
		.control = true,
		.sent = object,
		.why = why,
	};

	if (object) {
		memset(params, 0, sizeof(params));
		if (cmd == rm->codec->devices_cmd)
			rm->codec->devices(params, 0);
		if (ask)
			ask(params, NV2080_ENGINE_TYPE_GR0);
		c.status = rm_control_padded(rm, object, cmd, params, size, sizeof(params),
					     &c.unpadded);
	}
	report(&c, rel);
}

static void report_control(struct rm *rm, const struct releases *rel, u32 cmd, const char *name,
			   u32 size, u32 object, bool open, const char *why)
{
	report_question(rm, rel, cmd, name, size, object, open, why, NULL);
}

/* The vGPU scheduler: RM answers where GSP hosts vGPUs only. */
static void scheduler_calls(struct rm *rm, const struct releases *rel,
			    const struct ovg_vgpu_codec *vgpu)
{
	if (!vgpu->cmd_sched_caps)
		return;
	report_question(rm, rel, vgpu->cmd_sched_caps, "scheduler: what it can do",
			vgpu->sched_caps_size, rm->subdevice, false, NULL, vgpu->sched_ask);
	report_question(rm, rel, vgpu->cmd_sched_get, "scheduler: its state",
			vgpu->sched_get_size, rm->subdevice, false, NULL, vgpu->sched_ask);
	report_control(rm, rel, vgpu->cmd_sched_set, "set the scheduler", vgpu->sched_set_size, 0,
		       false, "it changes the scheduler");
}

static void report_done(struct rm *rm, const struct releases *rel, u32 cmd, const char *name,
			u32 size, u32 unpadded, u32 status)
{
	struct call c = {
		.id = cmd,
		.name = name,
		.ours = size,
		.rm = rm_control_size(rm, cmd),
		.open = true,
		.control = true,
		.sent = true,
		.unpadded = unpadded,
		.status = status,
	};

	report(&c, rel);
}

static void channel_calls(struct rm *rm, const struct releases *rel)
{
	const struct ovg_objects_codec *codec = rm->codec;
	struct classes classes;
	struct space space;
	struct chan chan;
	char name[64], why[256];
	u32 engines[32];
	u32 status, n;
	bool up;

	status = classes_get(rm, &classes);
	if (status) {
		tap(false, "r%u: class list: %s", rel->ours, status_text(status));
		return;
	}
	status = space_open(rm, &space);
	report_class(rm, rel, FERMI_VASPACE_A, FERMI_VASPACE_A, "address space (FERMI_VASPACE_A)",
		     codec->vaspace_size, space.status);
	if (status) {
		tap(false, "r%u: address space: %s", rel->ours, status_text(status));
		return;
	}

	/* the last is none of graphics */
	n = copy_engines(rm, engines, HW_ARRAY_SIZE(engines));
	if (!n) {
		tap(false, "r%u: there is no copy engine", rel->ours);
		return;
	}
	up = chan_open(&space, &classes, engines[n - 1], CHID, &chan, why, sizeof(why));
	if (!up)
		note("channel: %s", why);
	snprintf(name, sizeof(name), "channel (here 0x%04x)", classes.channel);
	report_class(rm, rel, AMPERE_CHANNEL_GPFIFO_A, classes.channel, name, codec->channel_size,
		     chan.status[CHAN_ALLOC]);
	snprintf(name, sizeof(name), "copy engine (here 0x%04x)", classes.copy);
	report_class(rm, rel, AMPERE_DMA_COPY_B, classes.copy, name, codec->ce_size,
		     chan.status[CHAN_OBJECT]);
	report_done(rm, rel, codec->bind_cmd, "bind a channel", codec->bind_size,
		    chan.unpadded[CHAN_BIND], chan.status[CHAN_BIND]);
	report_done(rm, rel, codec->schedule_cmd, "schedule a channel", codec->schedule_size,
		    chan.unpadded[CHAN_SCHEDULE], chan.status[CHAN_SCHEDULE]);
	/* the codec asks for an id by the place of USERD, as the core does */
	if (up && !chan.status[CHAN_ALLOC])
		tap(NV_WORK_SUBMIT_CHID(chan.token) == CHID,
		    "r%u: the channel has the id that we asked for: %u, token 0x%08x", rel->ours,
		    CHID, chan.token);
	chan_close(&chan);
	rm_free(rm, space.h_virtual);
	rm_free(rm, space.h_vaspace);
}

void check_calls(struct rm *rm, const struct ovg_objects_codec *objects,
		 const struct ovg_vgpu_codec *vgpu)
{
	struct releases rel = { .rm = rm->release };
	char title[128], head[128];
	bool up;

	rel.ours = strtoul(objects->version, NULL, 10);
	up = rm_client(rm, objects);
	snprintf(title, sizeof(title), "Classes and controls of our release %s, asked of %s",
		 objects->version, rm->version);
	snprintf(head, sizeof(head), "call|id|ours, bytes|headers of r%u|RM wants|result", rel.rm);
	table(title, head);

	/* RM takes four bytes from user space; GSP takes the whole from the core */
	row("client (NV01_ROOT) | 0x%08x | %u | 4 | - | %s", NV01_ROOT, objects->client_size,
	    rm->status[0] ? status_text(rm->status[0]) :
			    "accepted; user space gives the handle only");
	tap(!rm->status[0], "r%u: client (NV01_ROOT): %s", rel.ours, status_text(rm->status[0]));
	report_class(rm, &rel, NV01_DEVICE_0, NV01_DEVICE_0, "device (NV01_DEVICE_0)",
		     objects->device_size, rm->status[1]);
	report_class(rm, &rel, NV20_SUBDEVICE_0, NV20_SUBDEVICE_0, "subdevice (NV20_SUBDEVICE_0)",
		     objects->subdevice_size, rm->status[2]);
	if (!up)
		return;
	channel_calls(rm, &rel);

	report_control(rm, &rel, objects->server_pdes_cmd, "page directories for GSP",
		       objects->server_pdes_size, 0, false, "it changes page tables");
	report_control(rm, &rel, objects->vmmu_segment_cmd, "VMMU segment size",
		       objects->vmmu_segment_size, rm->subdevice, true, NULL);
	report_control(rm, &rel, objects->ecc_cmd, "ECC status", objects->ecc_size, rm->subdevice,
		       true, NULL);
	report_control(rm, &rel, objects->devices_cmd, "FIFO device table", objects->devices_size,
		       rm->subdevice, false, NULL);
	report_control(rm, &rel, objects->intr_cmd, "interrupt table", objects->intr_size,
		       rm->subdevice, false, NULL);
	report_control(rm, &rel, objects->mthdbuf_cmd, "size of the fault method buffer",
		       objects->mthdbuf_size, rm->subdevice, false, NULL);

	report_control(rm, &rel, objects->notify_cmd, "ask for an event", objects->notify_size, 0,
		       false, "it changes what RM tells us");

	report_control(rm, &rel, vgpu->cmd_features, "GSP features", vgpu->features_size,
		       rm->subdevice, true, NULL);
	report_control(rm, &rel, vgpu->cmd_add_types, "upload vGPU types", vgpu->add_types_size, 0,
		       false, "it changes GSP's types");
	report_control(rm, &rel, vgpu->cmd_bootload, "start a plugin task", vgpu->bootload_size, 0,
		       false, "it starts a vGPU");
	report_control(rm, &rel, vgpu->cmd_shutdown, "stop a plugin task", vgpu->gfid_size, 0,
		       false, "it stops a vGPU");
	report_control(rm, &rel, vgpu->cmd_cleanup, "clean up a plugin task", vgpu->gfid_size, 0,
		       false, "it ends a vGPU");
	report_control(rm, &rel, vgpu->cmd_guests, "the guests of all vGPUs", vgpu->guests_size,
		       rm->subdevice, false, NULL);
	if (vgpu->cmd_heterogeneous)
		report_control(rm, &rel, vgpu->cmd_heterogeneous, "mixed-size mode", 1, 0, false,
			       "it changes the mode");
	scheduler_calls(rm, &rel, vgpu);
}
