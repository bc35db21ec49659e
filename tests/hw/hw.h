/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * ovg-hw-check: the core's view of RM and of copy engines against a real GPU,
 * through NVIDIA's own kernel driver.
 */
#ifndef OVG_HW_H
#define OVG_HW_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "ce_push.h"
#include "objects.h"
#include "vgpu_codec.h"

#include "nv.h"

#define HW_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MIB			((u64)1 << 20)
#define GIB			((u64)1 << 30)

/* ---- report.c: TAP, and tables as comments and as Markdown ---- */

/* One test point; @text is a format. */
void tap(bool ok, const char *text, ...) __attribute__((format(printf, 2, 3)));
/* A test point that could not be tried; @why ends up behind "# SKIP". */
void tap_skip(const char *why, const char *text, ...) __attribute__((format(printf, 2, 3)));
/* A line for the reader. */
void note(const char *text, ...) __attribute__((format(printf, 1, 2)));
/* Title and head of a table: cells separated by '|'. */
void table(const char *title, const char *head);
/* One row: cells separated by '|'. */
void row(const char *text, ...) __attribute__((format(printf, 1, 2)));
/* Tables also go here as Markdown; NULL for nowhere. */
void report_to(FILE *markdown);
/* The plan; returns the exit status. */
int report_end(void);

/* ---- transport.c: RM through /dev/nvidiactl ---- */

/* No status of RM: the ioctl itself failed; rm_error() says how. */
#define RM_NO_ANSWER		0xffffffffU
/* A handle that no object has. */
#define RM_H_NOTHING		0xdead0001U
/* Buffers for parameters have this size: more than any control takes. */
#define RM_PARAMS_MAX		(1U << 20)

/**
 * struct rm - a client of RM with a device and a subdevice
 * @codec: encodes what is allocated
 * @ctl: /dev/nvidiactl
 * @dev: /dev/nvidia<minor>
 * @minor: of the GPU
 * @version: of the driver
 * @release: its first number
 * @card: of the GPU, as the driver lists it
 * @instance: number of the device among RM's
 * @client: handle
 * @device: handle
 * @subdevice: handle
 * @status: what RM answered to the allocation of these three
 */
struct rm {
	const struct ovg_objects_codec *codec;
	int ctl;
	int dev;
	unsigned int minor;
	char version[64];
	unsigned int release;
	struct nv_card card;
	u32 instance;
	u32 client;
	u32 device;
	u32 subdevice;
	u32 status[3];
};

/* False when there is no such GPU or driver; a message says why and what to do. */
bool rm_open(struct rm *rm, unsigned int minor, char *why, size_t len);
/* Client, device and subdevice as the core makes them; false: see @status. */
bool rm_client(struct rm *rm, const struct ovg_objects_codec *codec);
/* Frees all that the client has. */
void rm_client_free(struct rm *rm);
void rm_close(struct rm *rm);
const char *rm_error(void);

/* @params may be NULL; else they are copied and padded with zeroes. */
u32 rm_alloc(struct rm *rm, u32 parent, u32 *object, u32 class_id, void *params, u32 size);
u32 rm_free(struct rm *rm, u32 object);
u32 rm_control(struct rm *rm, u32 object, u32 cmd, void *params, u32 size);
/*
 * With the size that this RM wants, which may be larger than @size, up to @room;
 * the caller has zeroed what is behind @size.  @unpadded: what RM answered to
 * @size bytes, may be NULL.
 */
u32 rm_control_padded(struct rm *rm, u32 object, u32 cmd, void *params, u32 size, u32 room,
		      u32 *unpadded);
/*
 * The size of a control's parameters that this RM wants; asked on a handle that
 * no object has, so nothing is carried out.  0 when RM does not know the control
 * or checks sizes only later.
 */
u32 rm_control_size(struct rm *rm, u32 cmd);
/* The same for a class: how many bytes RM reads.  0 when it reads none. */
u32 rm_class_size(struct rm *rm, u32 class_id);

/* CPU mapping of FB or registers; NULL when RM or the kernel refuses it. */
void *rm_map(struct rm *rm, u32 memory, u64 length);
/* Make @length bytes at @cpu (page aligned) an object of RM. */
u32 rm_wrap(struct rm *rm, void *cpu, u64 length, u32 *object);
u32 rm_map_dma(struct rm *rm, u32 dma, u32 memory, u64 length, u32 flags, u64 *va);

/* ---- chan.c: address space, memory, channels on copy engines ---- */

/**
 * struct space - an address space
 * @h_vaspace: handle
 * @h_virtual: handle of what is mapped into
 * @status: what RM answered to the allocation of @h_vaspace
 */
struct space {
	struct rm *rm;
	u32 h_vaspace;
	u32 h_virtual;
	u32 status;
};

/**
 * struct mem - memory that the engine sees
 * @handle: of RM
 * @cpu: NULL for FB
 * @size: bytes
 * @va: GPU virtual address
 * @pa: FB address; meaningful when @contiguous
 * @contiguous: one piece of FB
 */
struct mem {
	u32 handle;
	void *cpu;
	u64 size;
	u64 va;
	u64 pa;
	bool contiguous;
};

/**
 * struct chan - a channel on a copy engine
 * @engine: NV2080_ENGINE_TYPE_*
 * @handle: of the channel
 * @h_object: of the copy object
 * @shared: GPFIFO, fences and push buffers
 * @userd: FB with USERD in it
 * @userd_cpu: its mapping
 * @doorbell: mapping of the usermode registers
 * @token: work submit token
 * @put: next GPFIFO entry
 * @seq: payload of the last fence
 * @status: what RM answered to channel, bind, schedule, copy object
 * @unpadded: what it answered to bind and schedule in the size of our codec
 */
struct chan {
	struct space *space;
	u32 engine;
	u32 handle;
	u32 h_object;
	struct mem shared;
	struct mem userd;
	volatile u32 *userd_cpu;
	volatile u32 *doorbell;
	u32 token;
	u32 put;
	u32 seq;
	u32 status[4];
	u32 unpadded[4];
};

enum { CHAN_ALLOC, CHAN_BIND, CHAN_SCHEDULE, CHAN_OBJECT };

/* Classes of this GPU: the newest of each kind in its class list. */
struct classes {
	u32 channel;
	u32 copy;
	u32 usermode;
};

u32 classes_get(struct rm *rm, struct classes *classes);
/* NV2080_ENGINE_TYPE_* of the copy engines; returns how many. */
u32 copy_engines(struct rm *rm, u32 *engines, u32 max);

u32 space_open(struct rm *rm, struct space *space);
/* FB, huge pages, mapped; contiguous when RM has such a piece. */
u32 mem_fb(struct space *space, u64 size, struct mem *mem);
/* System memory, mapped for both. */
u32 mem_system(struct space *space, u64 size, struct mem *mem);
void mem_free(struct space *space, struct mem *mem);

/*
 * A channel as the core makes it, with the channel id @chid; a message when a
 * step fails.
 */
bool chan_open(struct space *space, const struct classes *classes, u32 engine, u32 chid,
	       struct chan *chan, char *why, size_t len);
void chan_close(struct chan *chan);
/* Where the engine writes its fence, and what is there. */
u64 chan_fence_va(struct chan *chan);
u32 chan_fence(struct chan *chan);
/* Submit words, the last of which make the engine write chan->seq + 1 there. */
void chan_submit(struct chan *chan, const u32 *words, u32 count);
/* Wait for what was submitted last; false after 2 seconds and one for each GiB. */
bool chan_wait(struct chan *chan, u64 bytes);

double now(void);

/* ---- the parts of the check ---- */

/* Each class and control of one release. */
void check_calls(struct rm *rm, const struct ovg_objects_codec *objects,
		 const struct ovg_vgpu_codec *vgpu);
void check_values(struct rm *rm, const struct ovg_vgpu_codec *vgpu);
/* Bytes of FB that nobody has; 0 when RM does not tell. */
u64 fb_free(struct rm *rm);
/* @max: largest fill, @explore: also other shapes and engines */
void check_scrub(struct rm *rm, u64 max, bool explore);

/* Name of a status for the reader. */
const char *status_text(u32 status);

/**
 * struct rates - what CUDA reaches on this GPU
 * @size: bytes
 * @memset: bytes per second of cuMemsetD8Async()
 * @store: bytes per second of a kernel that only stores
 */
struct rates {
	u64 size;
	double memset;
	double store;
};

/*
 * Measure for each size, as far as there is memory (0 for the others); false with
 * a message when CUDA cannot be used.
 */
bool cuda_rates(const struct nv_card *card, struct rates *rates, unsigned int count, char *why,
		size_t len);

#endif /* OVG_HW_H */
