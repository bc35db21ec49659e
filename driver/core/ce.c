// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Two privileged channels on a copy engine.  The scrubber fills framebuffer with
 * zeroes, so that no owner ever reads what another one left.  The reader copies
 * framebuffer to the CPU's memory: through BAR1 that is word by word, uncached.
 * A failed launch is the end of its channel, not of the other: a page of FB that
 * cannot be read must not keep others from being scrubbed.
 *
 * A channel lives in FB, in the core's own part:
 *
 *   page  0      instance block (GSP writes the RAMFC in it)
 *   pages 1..5   page tables PD3, PD2, PD1, PD0 and one table of 4 KiB pages
 *   page  6      USERD
 *   page  7      GPFIFO
 *   page  8      semaphore
 *   pages 9..    push buffer
 *
 * The last four are mapped for the CPU through BAR1 and for the engine at
 * OVG_CE_VA.  What is filled is addressed physically, so it needs no mapping;
 * only a privileged channel may do that.
 *
 * One launch of a channel is in flight at a time.  The fence, not the interrupt,
 * tells that it is done.
 */
#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "common/ce.h"
#include "common/fifo.h"
#include "common/mmu.h"
#include "common/regs.h"
#include "common/rm.h"
#include "ce_push.h"
#include "core.h"
#include "objects.h"
#include "resources.h"

#define OVG_CE_PAGE		0x1000
#define OVG_CE_INST		0
#define OVG_CE_PD3		1
#define OVG_CE_PD2		2
#define OVG_CE_PD1		3
#define OVG_CE_PD0		4
#define OVG_CE_PT		5
#define OVG_CE_SHARED		6
#define OVG_CE_PAGES		14

/*
 * Offsets in the part that the CPU sees.  A USERD page serves 8 channels, in
 * the order of their ids (nouveau r535_chan_id_get_locked()).
 */
#define OVG_CE_USERD(chid)	((chid) % 8 * NVC56F_USERD_SIZE)
#define OVG_CE_GPFIFO		0x1000
#define OVG_CE_SEM		0x2000
#define OVG_CE_PUSH		0x3000
#define OVG_CE_SHARED_SIZE	((OVG_CE_PAGES - OVG_CE_SHARED) * OVG_CE_PAGE)

#define OVG_CE_ENTRIES		(OVG_CE_PAGE / NVC56F_GP_ENTRY_SIZE)
#define OVG_CE_SLOT_SIZE	0x100
#define OVG_CE_SLOTS		((OVG_CE_SHARED_SIZE - OVG_CE_PUSH) / OVG_CE_SLOT_SIZE)

/* GPU virtual addresses: our buffers, and the window that GSP fills */
#define OVG_CE_VA		0x100000ULL
#define OVG_CE_SERVER_VA	0x100000000ULL
#define OVG_CE_VA_LIMIT		((1ULL << NV_MMU_VA_BITS) - 1)

/* One launch; pure/ce_push.c can do it, as it is a multiple of 4 KiB. */
#define OVG_CE_CHUNK		SZ_1G
/* One launch of a read: what it lands in before it is copied on. */
#define OVG_CE_BOUNCE		SZ_64K
#define OVG_CE_TIMEOUT_MS	10000
#define OVG_CE_SPIN_US		50
#define OVG_CE_SLICE_MS		50

/* RM handles: of the address space and the copy object by index, of the channel by id */
#define OVG_CE_H_VASPACE(i)	(0x90f10000 + (i))
#define OVG_CE_H_CHANNEL	0xf1f00000
#define OVG_CE_H_OBJECT(i)	(0x0000c7b5 + ((i) << 16))

enum {
	OVG_CE_SCRUBBER,
	OVG_CE_READER,
	OVG_CE_CHANNELS,
};

static_assert(OVG_CE_CHANNELS == OVG_CORE_CHANNELS);

/* name, and what does not work without it */
static const char * const ovg_ce_name[][2] = {
	[OVG_CE_SCRUBBER] = { "scrubbing", "no vGPU can be created" },
	[OVG_CE_READER] = { "reading", "no console is shown" },
};

/**
 * struct ovg_ce_chan - one of the channels
 * @lock: one launch at a time; never taken on the way to @broken
 * @index: OVG_CE_SCRUBBER or OVG_CE_READER
 * @chid: channel id
 * @base: FB address of the whole
 * @map: CPU mapping of the shared part
 * @mthdbuf_dma: its DMA address
 * @mthdbuf_size: bytes
 * @h_channel: RM handle of the channel
 * @have_vaspace: the address space exists on GSP
 * @have_channel: the channel exists on GSP
 * @have_object: the copy object exists on GSP
 * @token: work submit token
 * @put: next GPFIFO entry
 * @seq: payload of the last fence
 * @wait: woken by the interrupt and by ovg_ce_break()
 * @broken: the channel is dead, nothing more is submitted
 */
struct ovg_ce_chan {
	struct mutex lock;	/* one launch at a time */
	unsigned int index;
	u32 chid;
	u64 base;
	struct vgpu_bar1_map map;
	dma_addr_t mthdbuf_dma;
	u32 mthdbuf_size;
	u32 h_channel;
	bool have_vaspace;
	bool have_channel;
	bool have_object;
	u32 token;
	u32 put;
	u32 seq;
	wait_queue_head_t wait;
	bool broken;
};

/**
 * struct ovg_ce - the channels of one PF
 * @chan: they
 * @engine: NV2080_ENGINE_TYPE_* of the copy engine
 * @runlist: of the engine
 * @vector: its non-stall interrupt, OVG_NO_VECTOR when it has none
 * @bounce: memory that reads land in (protected by the reader's lock)
 * @bounce_dma: its DMA address
 * @scrubbed: bytes filled since probe
 */
struct ovg_ce {
	struct ovg_ce_chan chan[OVG_CE_CHANNELS];
	u32 engine;
	u32 runlist;
	u32 vector;
	void *bounce;
	dma_addr_t bounce_dma;
	atomic64_t scrubbed;
};

static u64 ovg_ce_fb(struct ovg_ce_chan *ch, unsigned int page)
{
	return ch->base + page * OVG_CE_PAGE;
}

static void ovg_ce_break(struct ovg_ce_chan *ch)
{
	WRITE_ONCE(ch->broken, true);
	wake_up_all(&ch->wait);
}

/* Interrupt context. */
static void ovg_ce_irq(void *priv)
{
	struct ovg_ce *ce = priv;
	unsigned int i;

	for (i = 0; i < OVG_CE_CHANNELS; i++)
		wake_up_all(&ce->chan[i].wait);
}

static bool ovg_ce_fence_done(struct ovg_ce_chan *ch)
{
	return readl(ch->map.va + OVG_CE_SEM) == ch->seq;
}

static int ovg_ce_fence_wait(struct ovg_core *core, struct ovg_ce_chan *ch)
{
	ktime_t start = ktime_get();
	ktime_t spin = ktime_add_us(start, OVG_CE_SPIN_US);
	ktime_t end = ktime_add_ms(start, OVG_CE_TIMEOUT_MS);
	/* the interrupt wakes us; the slice only bounds the loss of one */
	unsigned int slice_ms = core->ce->vector == OVG_NO_VECTOR ?
				1 : OVG_CE_SLICE_MS;

	do {
		if (ovg_ce_fence_done(ch))
			return 0;
		cpu_relax();
	} while (ktime_before(ktime_get(), spin));

	do {
		if (wait_event_timeout(ch->wait, ovg_ce_fence_done(ch) ||
				       READ_ONCE(ch->broken),
				       msecs_to_jiffies(slice_ms)))
			break;
	} while (ktime_before(ktime_get(), end));

	if (ovg_ce_fence_done(ch))
		return 0;

	return READ_ONCE(ch->broken) ? -EIO : -ETIMEDOUT;
}

static void ovg_ce_submit(struct ovg_core *core, struct ovg_ce_chan *ch,
			  const u32 *words, u32 count)
{
	void __iomem *userd = ch->map.va + OVG_CE_USERD(ch->chid);
	u32 slot = (ch->seq + 1) % OVG_CE_SLOTS * OVG_CE_SLOT_SIZE;
	void __iomem *push = ch->map.va + OVG_CE_PUSH + slot;
	void __iomem *gp = ch->map.va + OVG_CE_GPFIFO + ch->put * NVC56F_GP_ENTRY_SIZE;
	u32 entry[2];
	u32 i;

	ch->seq++;
	for (i = 0; i < count; i++)
		writel(words[i], push + i * 4);

	ovg_ce_gp_entry(entry, OVG_CE_VA + OVG_CE_PUSH + slot, count);
	writel(entry[0], gp);
	writel(entry[1], gp + 4);
	ch->put = (ch->put + 1) % OVG_CE_ENTRIES;

	/* the read back pushes all of the above into FB before the doorbell */
	writel(ch->put, userd + NVC56F_USERD_GP_PUT);
	readl(userd + NVC56F_USERD_GP_PUT);
	ovg_wr32(core, NV_PF_USERMODE + NV_USERMODE_DOORBELL, ch->token);
}

/*
 * Have the engine do the methods, whose fence has the payload seq + 1.  After a
 * failure the channel is not used again: what comes late could hit a later owner.
 */
static int ovg_ce_run(struct ovg_core *core, struct ovg_ce_chan *ch,
		      const u32 *words, u32 count, u64 addr, u64 size)
{
	int ret;

	lockdep_assert_held(&ch->lock);

	if (!count)
		return -EINVAL;
	if (ovg_gsp_dead(core))
		return -ENODEV;
	if (READ_ONCE(ch->broken))
		return -EIO;

	ovg_ce_submit(core, ch, words, count);
	ret = ovg_ce_fence_wait(core, ch);
	if (!ret)
		return 0;

	if (ovg_gsp_dead(core))
		ret = -ENODEV;
	ovg_ce_break(ch);
	dev_err(&core->pdev->dev,
		"ce: %s FB 0x%llx-0x%llx failed (%pe), fence 0x%x of 0x%x; %s until the driver is bound again\n",
		ovg_ce_name[ch->index][0], addr, addr + size - 1, ERR_PTR(ret),
		readl(ch->map.va + OVG_CE_SEM), ch->seq, ovg_ce_name[ch->index][1]);

	return ret;
}

/**
 * ovg_ce_scrub - fill FB with zeroes and wait until it is done
 * @core: the PF
 * @addr: FB address, a multiple of 4 KiB
 * @size: bytes, a multiple of 4 KiB
 *
 * May sleep for up to 10 s for each GiB, if the engine hangs.  After a timeout
 * the scrubber is not used again: a late fill could hit the FB of a later owner.
 *
 * Return: 0; -EINVAL when not aligned; -ERANGE when outside of what is handed
 * out; -ENODEV when GSP is dead; -EIO when the scrubber is broken; -ETIMEDOUT
 * when it just broke.
 */
int ovg_ce_scrub(struct ovg_core *core, u64 addr, u64 size)
{
	struct ovg_ce *ce = core->ce;
	struct ovg_ce_chan *ch = &ce->chan[OVG_CE_SCRUBBER];
	int ret = 0;

	if (!size || !IS_ALIGNED(addr | size, OVG_CE_PAGE))
		return -EINVAL;
	if (!ovg_fb_contains(core, addr, size))
		return -ERANGE;

	mutex_lock(&ch->lock);
	while (size && !ret) {
		struct ovg_ce_fill fill = {
			.shape = ovg_ce_shape(AMPERE_DMA_COPY_B),
			.class_id = AMPERE_DMA_COPY_B,
			.physical = true,
			.dst = addr,
			.size = min_t(u64, size, OVG_CE_CHUNK),
			.sem = OVG_CE_VA + OVG_CE_SEM,
			.payload = ch->seq + 1,
		};
		u32 words[OVG_CE_FILL_WORDS];

		ret = ovg_ce_run(core, ch, words, ovg_ce_push_fill(words, &fill),
				 addr, fill.size);
		if (!ret)
			atomic64_add(fill.size, &ce->scrubbed);
		addr += fill.size;
		size -= fill.size;
	}
	mutex_unlock(&ch->lock);

	return ret;
}

/**
 * ovg_ce_read - copy FB to kernel memory and wait until it is done
 * @core: the PF
 * @addr: FB address
 * @buf: destination
 * @size: bytes
 *
 * May sleep for up to 10 s for each 64 KiB, if the engine hangs.  A failure is the
 * end of reading, of which scrubbing knows nothing.
 *
 * Return: 0; -ERANGE when outside of what is handed out; -ENODEV when GSP is
 * dead; -EIO when the reader is broken; -ETIMEDOUT when it just broke.
 */
int ovg_ce_read(struct ovg_core *core, u64 addr, void *buf, size_t size)
{
	struct ovg_ce *ce = core->ce;
	struct ovg_ce_chan *ch = &ce->chan[OVG_CE_READER];
	int ret = 0;

	if (!size || !ovg_fb_contains(core, addr, size))
		return -ERANGE;

	/* Others may come in between: the console of another vGPU, say. */
	while (size && !ret) {
		struct ovg_ce_read read = {
			.class_id = AMPERE_DMA_COPY_B,
			.src = addr,
			.dst = ce->bounce_dma,
			.size = min_t(size_t, size, OVG_CE_BOUNCE),
			.sem = OVG_CE_VA + OVG_CE_SEM,
		};
		u32 words[OVG_CE_FILL_WORDS];

		mutex_lock(&ch->lock);
		read.payload = ch->seq + 1;
		ret = ovg_ce_run(core, ch, words, ovg_ce_push_read(words, &read),
				 addr, read.size);
		if (!ret)
			memcpy(buf, ce->bounce, read.size);
		mutex_unlock(&ch->lock);
		addr += read.size;
		buf += read.size;
		size -= read.size;
	}

	return ret;
}

/**
 * ovg_ce_gsp_dead - no fence will come any more
 * @core: the PF
 */
void ovg_ce_gsp_dead(struct ovg_core *core)
{
	unsigned int i;

	if (!core->ce)
		return;
	for (i = 0; i < OVG_CE_CHANNELS; i++)
		ovg_ce_break(&core->ce->chan[i]);
}

/**
 * ovg_ce_rc - GSP killed a channel: was it ours?
 * @core: the PF
 * @engine: NV2080_ENGINE_TYPE_*
 * @chid: channel id
 *
 * Return: true when it was one of the core's channels.
 */
bool ovg_ce_rc(struct ovg_core *core, u32 engine, u32 chid)
{
	struct ovg_ce *ce = core->ce;
	unsigned int i;

	for (i = 0; ce && i < OVG_CE_CHANNELS; i++) {
		if (chid != ce->chan[i].chid)
			continue;
		dev_err(&core->pdev->dev,
			"ce: GSP killed the %s channel (chid %u, engine %u)\n",
			ovg_ce_name[i][0], chid, engine);
		ovg_ce_break(&ce->chan[i]);
		return true;
	}

	return false;
}

/**
 * ovg_ce_broken - did the scrubber fail for good?
 * @core: the PF
 *
 * Return: true when nothing is scrubbed any more.
 */
bool ovg_ce_broken(struct ovg_core *core)
{
	return READ_ONCE(core->ce->chan[OVG_CE_SCRUBBER].broken);
}

/**
 * ovg_ce_read_broken - did the reader fail for good?
 * @core: the PF
 *
 * Return: true when nothing is read any more.
 */
bool ovg_ce_read_broken(struct ovg_core *core)
{
	return READ_ONCE(core->ce->chan[OVG_CE_READER].broken);
}

/**
 * ovg_ce_scrubbed - what was filled since probe
 * @core: the PF
 *
 * Return: bytes.
 */
u64 ovg_ce_scrubbed(struct ovg_core *core)
{
	return atomic64_read(&core->ce->scrubbed);
}

/* How many physical engines do the work of a copy engine; 0 when GSP refused to say. */
static u32 ovg_ce_width(struct ovg_core *core, u32 engine)
{
	struct ovg_ce_pce_mask params = { .engine = engine };
	struct vgpu_rm_client *client = core->res->client;
	int ret;

	ret = ovg_rm_ctrl(core, client->h_client, client->h_subdevice,
			  NV2080_CTRL_CMD_CE_GET_CE_PCE_MASK, &params, sizeof(params), 0);

	return ret ? 0 : hweight32(params.mask);
}

/*
 * A copy engine whose runlist is not that of graphics is not delayed by guests'
 * graphics contexts; take any if there is none.  Among them the one with the most
 * physical engines is the fastest: each of those fills at the same rate.
 */
static const struct ovg_engine *ovg_ce_pick(struct ovg_core *core)
{
	const struct ovg_engine *best = NULL, *any = NULL;
	u32 width, best_width = 0, gr_runlist = U32_MAX;
	unsigned int i;

	for (i = 0; i < core->res->num_engines; i++)
		if (core->res->engine[i].type == NV2080_ENGINE_TYPE_GR0)
			gr_runlist = core->res->engine[i].runlist;

	for (i = 0; i < core->res->num_engines; i++) {
		const struct ovg_engine *e = &core->res->engine[i];

		if (e->type < NV2080_ENGINE_TYPE_COPY(0) ||
		    e->type >= NV2080_ENGINE_TYPE_COPY(NV2080_ENGINE_TYPE_COPY_COUNT))
			continue;
		if (!any)
			any = e;
		if (e->runlist == gr_runlist)
			continue;
		width = ovg_ce_width(core, e->type);
		if (!best || width > best_width) {
			best = e;
			best_width = width;
		}
	}

	return best ?: any;
}

/* Page tables for OVG_CE_VA and for the window of GSP, and the instance block. */
static void ovg_ce_write_tables(struct ovg_core *core, struct ovg_ce_chan *ch)
{
	u64 pd3 = ovg_ce_fb(ch, OVG_CE_PD3);
	u64 pd2 = ovg_ce_fb(ch, OVG_CE_PD2);
	u64 pd1 = ovg_ce_fb(ch, OVG_CE_PD1);
	u64 pd0 = ovg_ce_fb(ch, OVG_CE_PD0);
	u64 pt = ovg_ce_fb(ch, OVG_CE_PT);
	u64 inst = ovg_ce_fb(ch, OVG_CE_INST);
	u64 pdb = pd3 | NV_RAMIN_PDB_TARGET_VRAM | NV_RAMIN_PDB_VER2 |
		  NV_RAMIN_PDB_BIG_PAGE_64K;
	unsigned int i;

	ovg_pramin_zero(core, ch->base, OVG_CE_PAGES * OVG_CE_PAGE);

	for (i = OVG_CE_SHARED; i < OVG_CE_PAGES; i++) {
		u64 va = OVG_CE_VA + (i - OVG_CE_SHARED) * OVG_CE_PAGE;
		u64 idx = (va >> NV_MMU_SMALL_PT_SHIFT) %
			  NV_MMU_SMALL_PT_ENTRIES;

		ovg_pramin_wr64(core, pt + idx * 8,
				NV_MMU_PTE_VRAM(ovg_ce_fb(ch, i)));
	}
	/* entry 0 of every directory covers OVG_CE_VA; the high half of PD0's
	 * is the table of 4 KiB pages
	 */
	ovg_pramin_wr64(core, pd0 + 8, NV_MMU_PDE_VRAM(pt));
	ovg_pramin_wr64(core, pd1, NV_MMU_PDE_VRAM(pd0));
	ovg_pramin_wr64(core, pd2, NV_MMU_PDE_VRAM(pd1));
	ovg_pramin_wr64(core, pd3, NV_MMU_PDE_VRAM(pd2));

	/* nouveau gv100_vmm_join(): subcontext 0 has our tables, the rest none */
	ovg_pramin_wr64(core, inst + NV_RAMIN_PAGE_DIR_BASE, pdb);
	ovg_pramin_wr64(core, inst + NV_RAMIN_ADR_LIMIT, OVG_CE_VA_LIMIT);
	ovg_pramin_wr32(core, inst + NV_RAMIN_ENGINE_WFI_VEID, 0);
	ovg_pramin_wr64(core, inst + NV_RAMIN_SC_PDB_VALID, 1);
	for (i = 0; i < NV_RAMIN_SC_COUNT; i++)
		ovg_pramin_wr64(core, inst + NV_RAMIN_SC_PAGE_DIR_BASE(i),
				i ? 0x100000001ULL : pdb);
}

static int ovg_ce_alloc_object(struct ovg_core *core, u32 h_parent,
			       u32 h_object, u32 class_id, void *params,
			       size_t size)
{
	return ovg_rm_alloc(core, core->res->client->h_client, h_parent,
			    h_object, class_id, params, size);
}

static int ovg_ce_ctrl(struct ovg_core *core, u32 h_object, u32 cmd,
		       void *params, size_t size)
{
	return ovg_rm_ctrl(core, core->res->client->h_client, h_object, cmd,
			   params, size, 0);
}

static int ovg_ce_vaspace(struct ovg_core *core, struct ovg_ce_chan *ch, void *params)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct ovg_server_pdes pdes = {
		.va = OVG_CE_SERVER_VA,
		.pd3 = ovg_ce_fb(ch, OVG_CE_PD3),
		.pd2 = ovg_ce_fb(ch, OVG_CE_PD2),
		.pd1 = ovg_ce_fb(ch, OVG_CE_PD1),
	};
	int ret;

	memset(params, 0, codec->vaspace_size);
	codec->vaspace(params);
	ret = ovg_ce_alloc_object(core, core->res->client->h_device,
				  OVG_CE_H_VASPACE(ch->index), FERMI_VASPACE_A, params,
				  codec->vaspace_size);
	if (ret)
		return ret;
	ch->have_vaspace = true;

	memset(params, 0, codec->server_pdes_size);
	codec->server_pdes(params, &pdes);

	return ovg_ce_ctrl(core, OVG_CE_H_VASPACE(ch->index),
			   codec->server_pdes_cmd, params,
			   codec->server_pdes_size);
}

static int ovg_ce_channel(struct ovg_core *core, struct ovg_ce_chan *ch, void *params)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	struct ovg_channel_params chan = {
		.gpfifo_va = OVG_CE_VA + OVG_CE_GPFIFO,
		.gpfifo_entries = OVG_CE_ENTRIES,
		.chid = ch->chid,
		.h_vaspace = OVG_CE_H_VASPACE(ch->index),
		.engine = core->ce->engine,
		.inst = ovg_ce_fb(ch, OVG_CE_INST),
		.userd = ovg_ce_fb(ch, OVG_CE_SHARED) +
			 OVG_CE_USERD(ch->chid),
		.mthdbuf = ch->mthdbuf_dma,
		.mthdbuf_size = ch->mthdbuf_size,
		.privileged = true,
	};
	int ret;

	memset(params, 0, codec->channel_size);
	codec->channel(params, &chan);
	ret = ovg_ce_alloc_object(core, core->res->client->h_device,
				  ch->h_channel, AMPERE_CHANNEL_GPFIFO_A,
				  params, codec->channel_size);
	if (ret)
		return ret;
	ch->have_channel = true;

	memset(params, 0, codec->bind_size);
	codec->bind(params, core->ce->engine);
	ret = ovg_ce_ctrl(core, ch->h_channel, codec->bind_cmd, params,
			  codec->bind_size);
	if (ret)
		return ret;

	memset(params, 0, codec->schedule_size);
	codec->schedule(params, true);
	ret = ovg_ce_ctrl(core, ch->h_channel, codec->schedule_cmd, params,
			  codec->schedule_size);
	if (ret)
		return ret;

	memset(params, 0, codec->ce_size);
	codec->ce(params, core->ce->engine);
	ret = ovg_ce_alloc_object(core, ch->h_channel, OVG_CE_H_OBJECT(ch->index),
				  AMPERE_DMA_COPY_B, params, codec->ce_size);
	ch->have_object = !ret;

	return ret;
}

static void ovg_ce_free_objects(struct ovg_core *core, struct ovg_ce_chan *ch)
{
	u32 h_client = core->res->client->h_client;

	if (ovg_gsp_dead(core))
		return;
	if (ch->have_object)
		ovg_rm_free(core, h_client, OVG_CE_H_OBJECT(ch->index));
	if (ch->have_channel)
		ovg_rm_free(core, h_client, ch->h_channel);
	if (ch->have_vaspace)
		ovg_rm_free(core, h_client, OVG_CE_H_VASPACE(ch->index));
}

static int ovg_ce_mthdbuf(struct ovg_core *core, struct ovg_ce_chan *ch, void *params)
{
	const struct ovg_objects_codec *codec = core->res->codec;
	int ret;

	memset(params, 0, codec->mthdbuf_size);
	ret = ovg_rm_internal_ctrl(core, codec->mthdbuf_cmd, params,
				   codec->mthdbuf_size);
	if (ret)
		return ret;
	ret = codec->mthdbuf(params, &ch->mthdbuf_size);
	if (ret)
		return ret;

	/* a channel that GSP did not free may still write to it */
	return ovg_gsp_dma_keep(core, ch->mthdbuf_size, &ch->mthdbuf_dma) ? 0 : -ENOMEM;
}

/* A channel that was built, in part or not at all. */
static void ovg_ce_chan_fini(struct ovg_core *core, struct ovg_ce_chan *ch)
{
	ovg_ce_free_objects(core, ch);
	ch->have_object = false;
	ch->have_channel = false;
	ch->have_vaspace = false;
	ovg_bar1_unmap(core, &ch->map);
}

/* On an error ovg_ce_chan_fini() undoes what there is. */
static int ovg_ce_chan_init(struct ovg_core *core, struct ovg_ce_chan *ch,
			    void *params, const char **step)
{
	struct vgpu_fb_mem mem = { };
	int ret;

	*step = "framebuffer";
	ret = ovg_fb_core_alloc(core, OVG_CE_PAGES * OVG_CE_PAGE, &ch->base);
	if (ret)
		return ret;
	ovg_ce_write_tables(core, ch);
	ret = ovg_tlb_invalidate(core, ovg_ce_fb(ch, OVG_CE_PD3), false);
	if (ret)
		return ret;

	*step = "BAR1 mapping";
	mem.addr = ovg_ce_fb(ch, OVG_CE_SHARED);
	mem.size = OVG_CE_SHARED_SIZE;
	ret = ovg_bar1_map(core, &mem, 0, mem.size, &ch->map);
	if (ret)
		return ret;

	*step = "method buffer";
	ret = ovg_ce_mthdbuf(core, ch, params);
	if (ret)
		return ret;

	*step = "address space";
	ret = ovg_ce_vaspace(core, ch, params);
	if (ret)
		return ret;

	*step = "channel";
	return ovg_ce_channel(core, ch, params);
}

/**
 * ovg_ce_init - build the channels
 * @core: the PF; RM client, FB, chids and BAR1 work
 *
 * Return: 0 or a negative errno, after a line that names the step.
 */
int ovg_ce_init(struct ovg_core *core)
{
	struct device *dev = &core->pdev->dev;
	const struct ovg_engine *engine = ovg_ce_pick(core);
	const char *step = "copy engine";
	const char *name = ovg_ce_name[OVG_CE_SCRUBBER][0];
	struct ovg_ce *ce;
	unsigned int i;
	void *params;
	int ret;

	ce = kzalloc(sizeof(*ce), GFP_KERNEL);
	params = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!ce || !params) {
		kfree(params);
		kfree(ce);
		return -ENOMEM;
	}
	for (i = 0; i < OVG_CE_CHANNELS; i++) {
		mutex_init(&ce->chan[i].lock);
		init_waitqueue_head(&ce->chan[i].wait);
		ce->chan[i].index = i;
		ce->chan[i].chid = ovg_chid_core(core, i);
		ce->chan[i].h_channel = OVG_CE_H_CHANNEL | ce->chan[i].chid;
	}
	core->ce = ce;

	ret = -ENODEV;
	if (!engine)
		goto err_free;
	ce->engine = engine->type;
	ce->runlist = engine->runlist;
	ce->vector = engine->nonstall;

	step = "memory for reads";
	/* kept, as a read that comes late may still write to it */
	ce->bounce = ovg_gsp_dma_keep(core, OVG_CE_BOUNCE, &ce->bounce_dma);
	if (!ce->bounce) {
		ret = -ENOMEM;
		goto err_free;
	}

	step = "interrupt";
	if (ce->vector != OVG_NO_VECTOR) {
		ret = ovg_irq_register(core, ce->vector, ovg_ce_irq, ce);
		if (ret)
			goto err_free;
	}

	for (i = 0; i < OVG_CE_CHANNELS; i++) {
		struct ovg_ce_chan *ch = &ce->chan[i];

		ch->token = NV_WORK_SUBMIT_TOKEN(ce->runlist, ch->chid);
		ret = ovg_ce_chan_init(core, ch, params, &step);
		if (ret && i == OVG_CE_READER && !ovg_gsp_dead(core)) {
			/* vGPUs run without it */
			dev_warn(dev, "ce: no %s channel, %s failed (%pe): consoles cannot be shown\n",
				 ovg_ce_name[i][0], step, ERR_PTR(ret));
			ovg_ce_chan_fini(core, ch);
			ch->broken = true;
			continue;
		}
		if (ret) {
			name = ovg_ce_name[i][0];
			goto err_channels;
		}
		dev_dbg(dev, "ce: %s on engine %u, runlist %u, chid %u, vector %d\n",
			ovg_ce_name[i][0], ce->engine, ce->runlist, ch->chid,
			(int)ce->vector);
	}
	kfree(params);

	return 0;

err_channels:
	for (i = 0; i < OVG_CE_CHANNELS; i++)
		ovg_ce_chan_fini(core, &ce->chan[i]);
	if (ce->vector != OVG_NO_VECTOR)
		ovg_irq_unregister(core, ce->vector);
err_free:
	dev_err(dev, "ce: no %s channel, %s failed (%pe)\n", name, step,
		ERR_PTR(ret));
	core->ce = NULL;
	kfree(params);
	kfree(ce);
	return ret;
}

/**
 * ovg_ce_fini - undo ovg_ce_init()
 * @core: the PF; nobody scrubs or reads any more
 */
void ovg_ce_fini(struct ovg_core *core)
{
	struct ovg_ce *ce = core->ce;
	unsigned int i;

	if (!ce)
		return;

	for (i = 0; i < OVG_CE_CHANNELS; i++)
		ovg_ce_chan_fini(core, &ce->chan[i]);
	if (ce->vector != OVG_NO_VECTOR)
		ovg_irq_unregister(core, ce->vector);
	core->ce = NULL;
	kfree(ce);
}
