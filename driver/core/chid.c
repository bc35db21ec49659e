// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Channel ids.
 *
 * A vGPU owns the same range of ids in every runlist, so one map serves all of
 * them.  The highest ids belong to the core's own channels, of which two cost no
 * more than one: a power of two range of another owner never reaches into them.
 */
#include <linux/slab.h>

#include "common/fifo.h"
#include "core.h"
#include "ovg_pure.h"
#include "range.h"
#include "resources.h"

/**
 * struct ovg_chids - the map of one PF
 * @lock: protects @range
 * @range: which ids are taken
 */
struct ovg_chids {
	struct mutex lock;	/* range */
	struct ovg_range range;
};

/**
 * ovg_chid_core - which ids does the core keep for its own channels?
 * @core: the PF
 * @index: which channel, below OVG_CORE_CHANNELS
 *
 * Return: the id, the same on any runlist.
 */
u32 ovg_chid_core(struct ovg_core *core, unsigned int index)
{
	return NV_CHIDS_PER_RUNLIST - 1 - index;
}

/**
 * ovg_chid_available - ids in each runlist that can be handed out
 * @core: the PF
 *
 * 2048 ids on Ampere and Ada (nouveau r535_fifo_runl_ctor(), OpenRM
 * kernel_fifo.c), less the core's own.
 *
 * Return: the number.
 */
u32 ovg_chid_available(struct ovg_core *core)
{
	return NV_CHIDS_PER_RUNLIST - OVG_CORE_CHANNELS;
}

/**
 * ovg_chid_used - ids that are handed out now
 * @core: the PF
 *
 * Return: the number, without the core's own.
 */
u32 ovg_chid_used(struct ovg_core *core)
{
	return READ_ONCE(core->chids->range.used) - OVG_CORE_CHANNELS;
}

/**
 * ovg_chid_reserve - take a range of ids in all runlists
 * @core: the PF
 * @first: first id
 * @count: ids from there
 *
 * Return: 0; -ERANGE when there are no such ids; -EBUSY when one is taken.
 */
int ovg_chid_reserve(struct ovg_core *core, u32 first, u32 count)
{
	struct ovg_chids *chids = core->chids;
	int ret;

	if (!count || !ovg_in_range(first, count, ovg_chid_available(core)))
		return -ERANGE;

	mutex_lock(&chids->lock);
	ret = ovg_range_take(&chids->range, first, count);
	mutex_unlock(&chids->lock);

	return ret;
}

/**
 * ovg_chid_free - give a range back
 * @core: the PF
 * @first: as ovg_chid_reserve() got it
 * @count: likewise
 *
 * A range that is not wholly taken is a bug of the caller; it is reported and
 * nothing is freed.
 */
void ovg_chid_free(struct ovg_core *core, u32 first, u32 count)
{
	struct ovg_chids *chids = core->chids;
	int ret = -EINVAL;

	mutex_lock(&chids->lock);
	if (ovg_in_range(first, count, ovg_chid_available(core)))
		ret = ovg_range_free(&chids->range, first, count);
	mutex_unlock(&chids->lock);

	WARN_ONCE(ret, "chids %u and %u more are not taken\n", first, count);
}

/**
 * ovg_chid_show - list what is taken, for debugfs
 * @core: the PF
 * @s: where to
 */
void ovg_chid_show(struct ovg_core *core, struct seq_file *s)
{
	struct ovg_chids *chids = core->chids;

	u32 i, first = U32_MAX;

	seq_printf(s, "available %u\n", ovg_chid_available(core));
	seq_printf(s, "core %u-%u\n", ovg_chid_core(core, OVG_CORE_CHANNELS - 1),
		   ovg_chid_core(core, 0));

	mutex_lock(&chids->lock);
	for (i = 0; i <= chids->range.count; i++) {
		bool taken = i < chids->range.count &&
			     chids->range.map[i / 8] & BIT(i % 8);

		if (taken && first == U32_MAX)
			first = i;
		if (!taken && first != U32_MAX) {
			seq_printf(s, "taken %u-%u\n", first, i - 1);
			first = U32_MAX;
		}
	}
	mutex_unlock(&chids->lock);
}

/**
 * ovg_chid_init - set the map up
 * @core: the PF
 *
 * Return: 0 or a negative errno.
 */
int ovg_chid_init(struct ovg_core *core)
{
	struct ovg_chids *chids;
	int ret;

	chids = kzalloc(sizeof(*chids), GFP_KERNEL);
	if (!chids)
		return -ENOMEM;

	mutex_init(&chids->lock);
	ret = ovg_range_init(&chids->range, NV_CHIDS_PER_RUNLIST);
	if (!ret)
		ret = ovg_range_take(&chids->range,
				     ovg_chid_core(core, OVG_CORE_CHANNELS - 1),
				     OVG_CORE_CHANNELS);
	if (ret) {
		kfree(chids);
		return ret;
	}
	core->chids = chids;

	return 0;
}

/**
 * ovg_chid_fini - undo ovg_chid_init()
 * @core: the PF
 */
void ovg_chid_fini(struct ovg_core *core)
{
	if (!core->chids)
		return;

	if (ovg_chid_used(core))
		dev_warn(&core->pdev->dev,
			 "chid: %u channel ids were never given back\n",
			 ovg_chid_used(core));
	kfree(core->chids);
	core->chids = NULL;
}
