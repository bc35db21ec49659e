// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The scrub of the core, from the same source, on memory that we allocated: does
 * it clear all of it and nothing else, and how fast?
 *
 * The core fills FB by physical address.  As root our channels are privileged,
 * so the very same push buffer can run here.  Before anything is written that
 * way, each 2 MiB are read by physical address and must show a tag that was
 * written to them by virtual address.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/ce.h"
#include "common/fifo.h"
#include "common/rm.h"
#include "hw.h"

#define PAGE		(2 * MIB)
#define POISON		0xa5c35a3cU
#define BOUNCE		(32 * MIB)
#define MAX_CES		20
#define REPEATS		5

/* One launch of the core (ovg_ce_scrub()). */
#define CORE_CHUNK	GIB

/*
 * struct ce - a copy engine
 * @engine: NV2080_ENGINE_TYPE_*
 * @pces: mask of the physical engines that do its work
 * @grce: it shares its runlist with graphics
 * @chan: on it
 */
struct ce {
	u32 engine;
	u32 pces;
	bool grce;
	struct chan chan;
};

/*
 * struct bench - all that the parts share
 * @fb: a guard page, what is filled, a guard page
 * @bounce: two buffers for reading FB
 * @ce: those with the most physical engines first
 * @count: how many
 * @core: the one that the core takes
 * @reader: the one that FB is read with
 * @physical: FB may be filled by physical address
 * @broken: a fence did not come; nothing is submitted until recover()
 */
static struct bench {
	struct classes classes;
	struct space space;
	struct mem fb;
	struct mem bounce[2];
	struct ce ce[MAX_CES];
	u32 count;
	u32 core;
	u32 reader;
	bool physical;
	bool broken;
} b;

/**
 * struct way - how a region is filled
 * @shape: of each launch
 * @ces: how many copy engines, from b.ce[@first] on
 * @first: see there
 * @chunk: bytes of a launch
 * @queued: all launches are submitted at once, else each waits for the one before
 * @physical: by FB address
 */
struct way {
	struct ovg_ce_shape shape;
	u32 ces;
	u32 first;
	u64 chunk;
	bool queued;
	bool physical;
};

static struct way core_way(void)
{
	struct way way = {
		/* no scrubber without a physical address */
		.shape = b.physical ? *ovg_ce_shape(b.classes.copy) : ovg_ce_shape_words,
		.ces = 1,
		.first = b.core,
		.chunk = CORE_CHUNK,
		.physical = b.physical,
	};

	return way;
}

static bool fence_lost(struct chan *chan)
{
	if (!b.broken)
		note("copy engine %u does not answer: fence %u of %u; see dmesg for its Xid",
		     chan->engine - NV2080_ENGINE_TYPE_COPY(0),
		     chan_fence(chan), chan->seq);
	b.broken = true;
	return false;
}

static bool wait(struct chan *chan, u64 bytes)
{
	return chan_wait(chan, bytes) || fence_lost(chan);
}

/* @offset: in b.fb */
static bool submit(struct chan *chan, const struct way *way, u64 offset, u64 size, u32 value)
{
	struct ovg_ce_fill fill = {
		.shape = &way->shape,
		.class_id = b.classes.copy,
		.physical = way->physical,
		.dst = (way->physical ? b.fb.pa : b.fb.va) + offset,
		.size = size,
		.value = value,
		.sem = chan_fence_va(chan),
		.payload = chan->seq + 1,
	};
	u32 words[OVG_CE_FILL_WORDS];
	u32 count = ovg_ce_push_fill(words, &fill);

	if (!count || (way->physical && !b.physical))
		return false;
	chan_submit(chan, words, count);
	return true;
}

static u32 pces(u32 i)
{
	return __builtin_popcount(b.ce[i].pces);
}

/* False when the shape cannot do it or a fence did not come. */
static bool fill(const struct way *way, u64 offset, u64 size, u32 value)
{
	u32 i, sum = 0;
	u64 at = 0;

	for (i = 0; i < way->ces; i++)
		sum += pces(way->first + i);
	for (i = 0; i < way->ces; i++) {
		struct chan *chan = &b.ce[way->first + i].chan;
		/* by its part of the physical engines; the last one takes the rest */
		u64 end = i + 1 == way->ces || !sum ? size :
			  at + size / sum * pces(way->first + i) / PAGE * PAGE;

		while (at < end) {
			u64 n = end - at < way->chunk ? end - at : way->chunk;

			if (b.broken || !submit(chan, way, offset + at, n, value))
				return false;
			if (!way->queued && way->ces == 1 && !wait(chan, n))
				return false;
			at += n;
		}
	}
	for (i = 0; i < way->ces; i++)
		if (!wait(&b.ce[way->first + i].chan, size))
			return false;
	return true;
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, c = *(const double *)y;

	return a < c ? -1 : a > c;
}

/* Bytes per second, median; 0 when it does not work. */
static double rate(const struct way *way, u64 size)
{
	double rates[REPEATS];
	int i;

	for (i = -1; i < REPEATS; i++) {
		double start = now();

		if (!fill(way, PAGE, size, 0))
			return 0;
		if (i >= 0)
			rates[i] = size / (now() - start);
	}
	qsort(rates, REPEATS, sizeof(rates[0]), by_value);
	return rates[REPEATS / 2];
}

/* Until the clocks are up; an idle GPU begins at half the rate. */
static void warm_up(void)
{
	struct way way = core_way();
	double end = now() + 1;

	while (now() < end && fill(&way, PAGE, 64 * MIB, 0))
		;
}

/* ---- reading FB ---- */

/* Read @size bytes into a bounce buffer; by physical address when @physical. */
static void read_start(struct chan *chan, u64 offset, u64 size, u32 buffer, u64 to, bool physical)
{
	u64 from = (physical ? b.fb.pa : b.fb.va) + offset;
	u64 dst = b.bounce[buffer].va + to;
	const u32 pairs[][2] = {
		{ NVC56F_SET_OBJECT, b.classes.copy },
		{ NVC7B5_SET_SEMAPHORE_A, chan_fence_va(chan) >> 32 },
		{ NVC7B5_SET_SEMAPHORE_B, chan_fence_va(chan) },
		{ NVC7B5_SET_SEMAPHORE_PAYLOAD, chan->seq + 1 },
		/* a copy needs none of these: a fill must not rely on what was there */
		{ NVC7B5_SET_REMAP_CONST_A, POISON },
		{ NVC7B5_SET_REMAP_CONST_B, POISON },
		{ NVC7B5_SET_REMAP_COMPONENTS, 0 },
		{ NVC7B5_SET_SRC_PHYS_MODE, NVC7B5_PHYS_MODE_LOCAL_FB },
		{ NVC7B5_OFFSET_IN_UPPER, from >> 32 },
		{ NVC7B5_OFFSET_IN_LOWER, from },
		{ NVC7B5_OFFSET_OUT_UPPER, dst >> 32 },
		{ NVC7B5_OFFSET_OUT_LOWER, dst },
		{ NVC7B5_LINE_LENGTH_IN, size },
		{ NVC7B5_LINE_COUNT, 1 },
		{ NVC7B5_LAUNCH_DMA, NVC7B5_LAUNCH_TRANSFER_NON_PIPELINED | NVC7B5_LAUNCH_FLUSH |
		  NVC7B5_LAUNCH_SEMAPHORE_ONE_WORD | NVC7B5_LAUNCH_SRC_PITCH |
		  NVC7B5_LAUNCH_DST_PITCH | (physical ? NVC7B5_LAUNCH_SRC_PHYSICAL : 0) },
	};
	u32 words[2 * HW_ARRAY_SIZE(pairs)];
	u32 i;

	for (i = 0; i < HW_ARRAY_SIZE(pairs); i++) {
		words[2 * i] = NVC56F_DMA_INC(OVG_CE_SUBCH, pairs[i][0], 1);
		words[2 * i + 1] = pairs[i][1];
	}
	chan_submit(chan, words, HW_ARRAY_SIZE(words));
}

static u64 first_other(const u32 *p, u64 size, u32 value)
{
	const u64 *q = (const u64 *)p;
	u64 pattern = (u64)value << 32 | value;
	u64 i, j, other;

	for (i = 0; i < size / 8; i += 512) {
		other = 0;
		for (j = 0; j < 512; j++)
			other |= q[i + j] ^ pattern;
		if (other)
			break;
	}
	for (i = i * 2; i < size / 4; i++)
		if (p[i] != value)
			return i * 4;
	return size;
}

/*
 * Is all of [offset, offset + size), a multiple of 4 KiB, @value?  One buffer is
 * compared while the engine fills the other.
 */
static bool holds(u64 offset, u64 size, u32 value)
{
	struct chan *chan = &b.ce[b.reader].chan;
	u64 done = 0, n = size < BOUNCE ? size : BOUNCE;
	u32 buffer = 0;

	if (b.broken)
		return false;
	memset(b.bounce[0].cpu, 0x5a, n);
	read_start(chan, offset, n, 0, 0, false);
	while (done < size) {
		u64 next, at;

		if (!wait(chan, n))
			return false;
		next = size - done - n < BOUNCE ? size - done - n : BOUNCE;
		if (next)
			read_start(chan, offset + done + n, next, !buffer, 0, false);
		at = first_other(b.bounce[buffer].cpu, n, value);
		if (at < n) {
			note("FB at offset 0x%" PRIx64 " of 0x%" PRIx64 " holds 0x%08x, not 0x%08x",
			     done + at, size, ((u32 *)b.bounce[buffer].cpu)[at / 4], value);
			if (next)
				wait(chan, next);
			return false;
		}
		done += n;
		n = next;
		buffer = !buffer;
	}
	return true;
}

/* ---- set up ---- */

/* More physical engines first; among equals those that graphics does not share. */
static int by_width(const void *x, const void *y)
{
	const struct ce *a = x, *c = y;
	int wide = __builtin_popcount(c->pces) - __builtin_popcount(a->pces);

	if (wide)
		return wide;
	if (a->grce != c->grce)
		return a->grce - c->grce;
	return a->engine < c->engine ? -1 : 1;
}

static void find_engines(struct rm *rm)
{
	u32 list[MAX_CES];
	u32 n = copy_engines(rm, list, MAX_CES);
	u32 i;

	for (i = 0; i < n; i++) {
		struct ovg_ce_pce_mask mask = { .engine = list[i] };
		struct nv_ce_caps caps = { .engine = list[i] };

		rm_control(rm, rm->subdevice, NV2080_CTRL_CMD_CE_GET_CE_PCE_MASK, &mask,
			   sizeof(mask));
		rm_control(rm, rm->subdevice, NV2080_CTRL_CMD_CE_GET_CAPS_V2, &caps, sizeof(caps));
		b.ce[i].engine = list[i];
		b.ce[i].pces = mask.mask;
		b.ce[i].grce = caps.caps[0] & NV2080_CE_CAPS_GRCE;
	}
	b.count = n;
	qsort(b.ce, b.count, sizeof(b.ce[0]), by_width);
}

static bool open_channel(struct ce *ce)
{
	static u32 chid = 256;
	char why[256];

	if (chan_open(&b.space, &b.classes, ce->engine, chid++, &ce->chan, why, sizeof(why)))
		return true;
	note("copy engine %u is left out: %s", ce->engine - NV2080_ENGINE_TYPE_COPY(0), why);
	return false;
}

/* As ovg_ce_pick(): the widest that does not share its runlist with graphics. */
static u32 core_pick(void)
{
	u32 i;

	for (i = 0; i < b.count; i++)
		if (!b.ce[i].grce)
			return i;
	return 0;
}

static bool open_channels(void)
{
	u32 i, n = 0;

	for (i = 0; i < b.count; i++)
		if (open_channel(&b.ce[i]))
			b.ce[n++] = b.ce[i];
	b.count = n;
	b.core = core_pick();
	return n;
}

/* RM killed a channel: make all anew, for the next experiment. */
static void recover(void)
{
	u32 i;

	if (!b.broken)
		return;
	b.broken = false;
	for (i = 0; i < b.count; i++) {
		chan_close(&b.ce[i].chan);
		if (!open_channel(&b.ce[i]))
			b.broken = true;
	}
}

/* Is b.fb.pa what the engine sees at b.fb.va?  Only reads by physical address. */
static bool physical_is_ours(void)
{
	struct chan *chan = &b.ce[0].chan;
	struct way way = { .shape = ovg_ce_shape_words, .ces = 1, .chunk = PAGE };
	u32 *seen = b.bounce[0].cpu;
	u64 page, pages = b.fb.size / PAGE;

	memset(seen, 0, pages * 4);
	for (page = 0; page < pages; page++) {
		if (!submit(chan, &way, page * PAGE, 4, POISON ^ page) || !wait(chan, 0))
			return false;
	}
	for (page = 0; page < pages; page++) {
		read_start(chan, page * PAGE, 4, 0, page * 4, true);
		if (!wait(chan, 0))
			return false;
	}
	for (page = 0; page < pages; page++)
		if (seen[page] != (u32)(POISON ^ page))
			return false;
	return true;
}

static bool set_up(struct rm *rm, u64 max)
{
	u32 status;

	status = classes_get(rm, &b.classes);
	if (!status)
		status = space_open(rm, &b.space);
	if (status) {
		tap(false, "scrub: address space: %s", status_text(status));
		return false;
	}
	find_engines(rm);
	if (!open_channels()) {
		tap(false, "scrub: no copy engine has a channel");
		return false;
	}
	status = mem_system(&b.space, BOUNCE, &b.bounce[0]);
	if (!status)
		status = mem_system(&b.space, BOUNCE, &b.bounce[1]);
	if (status) {
		tap(false, "scrub: system memory: %s", status_text(status));
		return false;
	}
	do {
		status = mem_fb(&b.space, max + 2 * PAGE, &b.fb);
	} while (status && (max /= 2) >= 64 * MIB);
	if (status) {
		tap(false, "scrub: FB: %s", status_text(status));
		return false;
	}
	note("%" PRIu64 " MiB of FB, %s", b.fb.size / MIB,
	     b.fb.contiguous ? "in one piece" : "in pieces");
	return true;
}

static void set_up_physical(void)
{
	if (geteuid())
		note("not root: filling by virtual address only");
	else if (!b.fb.contiguous)
		note("FB is not in one piece: filling by virtual address only");
	else if (physical_is_ours())
		b.physical = true;
	else
		note("the FB address that RM gave does not show our tags: filling by virtual address only");
	if (b.physical)
		note("FB at 0x%" PRIx64 ": each 2 MiB show our tag by physical address", b.fb.pa);
}

static void tear_down(struct rm *rm)
{
	u32 i;

	for (i = 0; i < b.count; i++)
		chan_close(&b.ce[i].chan);
	mem_free(&b.space, &b.fb);
	mem_free(&b.space, &b.bounce[0]);
	mem_free(&b.space, &b.bounce[1]);
	rm_free(rm, b.space.h_virtual);
	rm_free(rm, b.space.h_vaspace);
}

/* ---- what is shown ---- */

static u32 number(const struct ce *ce)
{
	return ce->engine - NV2080_ENGINE_TYPE_COPY(0);
}

static const char *gbs(double r)
{
	static char text[8][16];
	static unsigned int n;
	char *p = text[n++ % 8];

	if (r)
		snprintf(p, sizeof(text[0]), "%.1f", r / 1e9);
	else
		snprintf(p, sizeof(text[0]), "-");
	return p;
}

static void show_engines(void)
{
	static const struct ovg_ce_shape scrub = { .scrub = true };
	struct way way = core_way();
	u32 i;

	table("Copy engines, one at a time, 4 GiB",
	      "engine|of graphics|physical engines|GB/s, words|GB/s, memory scrubber");
	for (i = 0; i < b.count; i++) {
		double words, fast;

		way.first = i;
		way.shape = ovg_ce_shape_words;
		way.physical = b.physical;
		words = rate(&way, 4 * GIB);
		way.shape = scrub;
		way.physical = true;
		fast = rate(&way, 4 * GIB);
		row("CE%u%s | %s | %u (mask 0x%x) | %s | %s", number(&b.ce[i]),
		    i == b.core ? " (the core's)" : "", b.ce[i].grce ? "yes" : "no", pces(i),
		    b.ce[i].pces, gbs(words), gbs(fast));
		recover();
	}
}

static void show_shapes(u64 size)
{
	static const struct {
		const char *name;
		struct ovg_ce_shape shape;
	} list[] = {
		{ "4 bytes at a time", { .words = 1 } },
		{ "8 bytes at a time", { .words = 2 } },
		{ "16 bytes at a time", { .words = 4 } },
		{ "4 bytes, pipelined", { .words = 1, .pipelined = true } },
		{ "16 bytes, pipelined", { .words = 4, .pipelined = true } },
		{ "4 bytes, compression allowed", { .words = 1, .plc = true } },
		{ "16 bytes, compression allowed", { .words = 4, .plc = true } },
		{ "memory scrubber", { .scrub = true } },
		{ "memory scrubber, pipelined", { .scrub = true, .pipelined = true } },
	};
	struct way way = core_way();
	unsigned int i;

	way.first = 0;
	b.reader = 0;
	table("Shapes, on the copy engine with the most physical engines, launches of 1 GiB, one at a time",
	      "shape|GB/s by virtual address|GB/s by physical address|content");
	for (i = 0; i < HW_ARRAY_SIZE(list); i++) {
		struct way poison = way;
		double virt, phys;
		bool zero;

		poison.shape = ovg_ce_shape_words;
		poison.physical = false;
		way.shape = list[i].shape;
		way.physical = false;
		virt = rate(&way, size);
		recover();
		way.physical = true;
		phys = rate(&way, size);
		recover();
		if (!virt && !phys) {
			row("%s | - | - | not on this GPU", list[i].name);
			continue;
		}
		way.physical = phys;
		zero = holds(0, PAGE, POISON) && holds(PAGE + size, PAGE, POISON) &&
		       fill(&poison, PAGE, GIB, POISON) && holds(PAGE, GIB, POISON) &&
		       fill(&way, PAGE, GIB, 0) && holds(PAGE, GIB, 0);
		row("%s | %s | %s | %s", list[i].name, gbs(virt), gbs(phys),
		    zero ? "zero, verified" : "WRONG");
		tap(zero, "scrub: shape \"%s\" clears 1 GiB and nothing else", list[i].name);
	}
}

static void show_launches(u64 size)
{
	static const u64 chunks[] = { 2 * MIB, 16 * MIB, 64 * MIB, 256 * MIB, GIB, 4 * GIB - PAGE };
	struct way way = core_way();
	unsigned int i;

	way.first = 0;
	table("Size of a launch, on the same engine",
	      "bytes of a launch|GB/s, words, each waits for the one before|queued|GB/s, memory scrubber, each waits for the one before|queued");
	for (i = 0; i < HW_ARRAY_SIZE(chunks); i++) {
		double each[2] = { 0, 0 }, all[2] = { 0, 0 };
		unsigned int scrub;

		way.chunk = chunks[i];
		for (scrub = 0; scrub < 2; scrub++) {
			way.shape = ovg_ce_shape_words;
			way.shape.scrub = scrub;
			way.physical = b.physical || scrub;
			way.queued = false;
			each[scrub] = rate(&way, size);
			way.queued = true;
			/* as many as there are slots for push buffers */
			if (size / chunks[i] <= 250)
				all[scrub] = rate(&way, size);
			recover();
		}
		row("%" PRIu64 " MiB | %s | %s | %s | %s", chunks[i] / MIB, gbs(each[0]),
		    gbs(all[0]), gbs(each[1]), gbs(all[1]));
	}
}

static void show_parallel(u64 size)
{
	struct way way = core_way();
	char names[128] = "";
	u32 i;

	way.first = 0;
	way.queued = true;
	table("Copy engines together, 16 GiB shared by physical engines, launches of 1 GiB, queued",
	      "engines|GB/s, 4 bytes at a time|GB/s, 16 bytes at a time|GB/s, memory scrubber");
	for (i = 1; i <= b.count; i++) {
		size_t at = strlen(names);
		double four, sixteen, scrub;

		snprintf(names + at, sizeof(names) - at, "%sCE%u", at ? " + " : "",
			 number(&b.ce[i - 1]));
		way.ces = i;
		way.physical = b.physical;
		way.shape = (struct ovg_ce_shape){ .words = 1 };
		four = rate(&way, size);
		way.shape.words = 4;
		sixteen = rate(&way, size);
		way.shape = (struct ovg_ce_shape){ .scrub = true };
		way.physical = true;
		scrub = rate(&way, size);
		recover();
		row("%s | %s | %s | %s", names, gbs(four), gbs(sixteen), gbs(scrub));
	}
}

/* What the core submits: everywhere zero, nothing else touched. */
static void check_content(const struct way *way, u64 size)
{
	struct way poison = *way;
	double start = now();
	bool before, zero, guards;

	poison.shape = ovg_ce_shape_words;
	poison.physical = false;
	/* all on one channel: what is left of one launch is there for the next */
	b.reader = way->first;
	before = fill(&poison, 0, size + 2 * PAGE, POISON) && holds(0, size + 2 * PAGE, POISON);
	tap(before, "scrub: %" PRIu64 " MiB hold a pattern before", size / MIB);
	zero = before && fill(way, PAGE, size, 0) && holds(PAGE, size, 0);
	guards = before && holds(0, PAGE, POISON) && holds(PAGE + size, PAGE, POISON);
	tap(zero && guards, "scrub: %" PRIu64 " MiB by %s address%s: each byte is zero, the 2 MiB on both sides are as before (%.1f s)",
	    size / MIB, way->physical ? "physical" : "virtual",
	    way->shape.scrub ? ", memory scrubber" : "", now() - start);
}

/* @part: of what the GPU can do, as text */
static const char *part(double rate, double of)
{
	static char text[8][16];
	static unsigned int n;
	char *p = text[n++ % 8];

	if (rate && of)
		snprintf(p, sizeof(text[0]), "%.2f", rate / of);
	else
		snprintf(p, sizeof(text[0]), "-");
	return p;
}

/* The core's fill beside CUDA, on the core's engine and on the widest. */
static void show_rates(const struct rates *rates, unsigned int count, const char *no_cuda)
{
	bool reached = true, compared = false;
	char head[256];
	unsigned int i;

	snprintf(head, sizeof(head),
		 "size|GB/s, CE%u, which the core takes|GB/s, CE%u, the widest|GB/s, cudaMemset|GB/s, stores|core of cudaMemset|widest of cudaMemset|widest of stores",
		 number(&b.ce[b.core]), number(&b.ce[0]));
	table("The core's scrub beside cudaMemset and a kernel that only stores", head);
	for (i = 0; i < count && rates[i].size + 2 * PAGE <= b.fb.size; i++) {
		struct way way = core_way();
		double core, widest;

		core = rate(&way, rates[i].size);
		way.first = 0;
		widest = rate(&way, rates[i].size);
		row("%" PRIu64 " MiB | %s | %s | %s | %s | %s | %s | %s", rates[i].size / MIB,
		    gbs(core), gbs(widest), gbs(rates[i].memset), gbs(rates[i].store),
		    part(core, rates[i].memset), part(widest, rates[i].memset),
		    part(widest, rates[i].store));
		tap(core > 0 && widest >= core * 0.95,
		    "scrub: %" PRIu64 " MiB at %s GB/s, at %s on the widest engine",
		    rates[i].size / MIB, gbs(core), gbs(widest));
		if (!rates[i].memset) {
			tap_skip(no_cuda, "scrub: %" PRIu64 " MiB beside cudaMemset",
				 rates[i].size / MIB);
		} else if (rates[i].size >= GIB) {
			compared = true;
			reached &= core >= rates[i].memset && core >= 0.9 * rates[i].store;
		}
	}
	if (compared)
		note("goal, 1.0 of cudaMemset and 0.9 of stores from 1 GiB on: %s",
		     reached ? "reached" : "not reached");
}

void check_scrub(struct rm *rm, u64 max, bool explore)
{
	static const u64 sizes[] = { 64 * MIB, 256 * MIB, GIB, 4 * GIB, 16 * GIB, 64 * GIB };
	struct rates rates[HW_ARRAY_SIZE(sizes)];
	struct way way;
	unsigned int i, count = 0;
	char why[256] = "no FB left for CUDA";

	memset(rates, 0, sizeof(rates));
	for (i = 0; i < HW_ARRAY_SIZE(sizes) && sizes[i] <= max; i++)
		rates[count++].size = sizes[i];
	if (!cuda_rates(&rm->card, rates, count, why, sizeof(why)))
		note("CUDA: %s", why);

	memset(&b, 0, sizeof(b));
	if (!set_up(rm, max)) {
		tear_down(rm);
		return;
	}
	set_up_physical();
	way = core_way();

	for (i = 0; i < count && sizes[i] + 2 * PAGE <= b.fb.size; i++)
		check_content(&way, sizes[i]);
	warm_up();
	show_rates(rates, count, why);

	if (explore && b.fb.size >= 16 * GIB + 2 * PAGE) {
		show_engines();
		check_content(&way, 4 * GIB);
		show_shapes(4 * GIB);
		show_launches(4 * GIB);
		show_parallel(16 * GIB);
	} else if (explore) {
		note("other shapes and engines need 16 GiB of FB");
	}
	tear_down(rm);
}
