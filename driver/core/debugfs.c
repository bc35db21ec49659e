// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * /sys/kernel/debug/openvgpu/<PCI address>/: what a person or a leak test asks
 * for.  Each line is a name and a value.
 */
#include <linux/debugfs.h>

#include "core.h"
#include "resources.h"

static DEFINE_MUTEX(ovg_debugfs_lock);
static struct dentry *ovg_debugfs_root;
static unsigned int ovg_debugfs_users;

static int state_show(struct seq_file *s, void *unused)
{
	struct ovg_core *core = s->private;

	seq_printf(s, "gsp_version %s\n", ovg_gsp_version(core));
	seq_printf(s, "gsp %s\n", ovg_gsp_dead(core) ? "dead" : "running");
	seq_printf(s, "scrubber %s\n",
		   ovg_ce_broken(core) ? "broken" : "working");
	seq_printf(s, "reader %s\n",
		   ovg_ce_read_broken(core) ? "broken" : "working");
	seq_printf(s, "manager %s\n",
		   ovg_aux_attached(core) ? "attached" : "none");
	seq_printf(s, "vfs %d\n", pci_num_vf(core->pdev));
	seq_printf(s, "total_vfs %d\n", pci_sriov_get_totalvfs(core->pdev));

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

static int counters_show(struct seq_file *s, void *unused)
{
	struct ovg_core *core = s->private;
	unsigned int ranges;
	u64 bytes;

	ovg_fb_get_usage(core, &ranges, &bytes);
	seq_printf(s, "fb_ranges %u\n", ranges);
	seq_printf(s, "fb_bytes %llu\n", bytes);
	seq_printf(s, "chids %u\n", ovg_chid_used(core));
	seq_printf(s, "rm_clients %d\n", atomic_read(&core->res->rm_count));
	seq_printf(s, "bar1_mappings %u\n", ovg_bar1_mappings(core));
	seq_printf(s, "rpcs %lld\n", atomic64_read(&core->stats.rpcs));
	seq_printf(s, "rpc_timeouts %lld\n",
		   atomic64_read(&core->stats.rpc_timeouts));
	seq_printf(s, "events %lld\n", atomic64_read(&core->stats.events));
	seq_printf(s, "scrubbed_bytes %llu\n", ovg_ce_scrubbed(core));

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static int fb_show(struct seq_file *s, void *unused)
{
	ovg_fb_show(s->private, s);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(fb);

static int chids_show(struct seq_file *s, void *unused)
{
	ovg_chid_show(s->private, s);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(chids);

/**
 * ovg_debugfs_init - the files of one PF
 * @core: the PF; all that the files show exists
 */
void ovg_debugfs_init(struct ovg_core *core)
{
	mutex_lock(&ovg_debugfs_lock);
	if (!ovg_debugfs_users++)
		ovg_debugfs_root = debugfs_create_dir("openvgpu", NULL);
	mutex_unlock(&ovg_debugfs_lock);

	core->debugfs = debugfs_create_dir(pci_name(core->pdev),
					   ovg_debugfs_root);
	debugfs_create_file("state", 0400, core->debugfs, core, &state_fops);
	debugfs_create_file("counters", 0400, core->debugfs, core,
			    &counters_fops);
	debugfs_create_file("fb", 0400, core->debugfs, core, &fb_fops);
	debugfs_create_file("chids", 0400, core->debugfs, core, &chids_fops);
}

/**
 * ovg_debugfs_fini - remove the files; nobody reads them afterwards
 * @core: the PF
 */
void ovg_debugfs_fini(struct ovg_core *core)
{
	debugfs_remove(core->debugfs);
	core->debugfs = NULL;

	mutex_lock(&ovg_debugfs_lock);
	if (!--ovg_debugfs_users) {
		debugfs_remove(ovg_debugfs_root);
		ovg_debugfs_root = NULL;
	}
	mutex_unlock(&ovg_debugfs_lock);
}
