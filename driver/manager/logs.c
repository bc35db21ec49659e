// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Logs that GSP's tasks write into the communication area of a vGPU's plugin
 * heap: live in debugfs, and in a device coredump when a vGPU has died.
 *
 * A reader gets a copy, made under the vGPU's lock while the area is mapped, so
 * a close or the end of the PF at the same time waits for the copy and for
 * nothing else.  Records are told apart by pure/liboslog.c.
 */
#include <linux/debugfs.h>
#include <linux/devcoredump.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "common/liboslog.h"
#include "liboslog.h"
#include "mgr_priv.h"

/**
 * struct snapshot - the words of a log, the oldest first
 * @words: members of @word
 * @lost: words that were overwritten before
 * @ends: a bit for each word that ends a record
 * @line: one line of text
 * @word: the words
 */
struct snapshot {
	u32 words;
	u64 lost;
	u8 *ends;
	char line[OVG_LIBOSLOG_LINE];
	u64 word[];
};

static const struct {
	const char *name;
	size_t offset;
	size_t size;
} logs[OVG_LOGS] = {
	[OVG_LOG_INIT] = { "init_log", offsetof(struct ovg_plugin_layout, init_log),
			   offsetof(struct ovg_plugin_layout, init_log_size) },
	[OVG_LOG_TASK] = { "task_log", offsetof(struct ovg_plugin_layout, vgpu_log),
			   offsetof(struct ovg_plugin_layout, vgpu_log_size) },
	[OVG_LOG_KERNEL] = { "kernel_log", offsetof(struct ovg_plugin_layout, kernel_log),
			     offsetof(struct ovg_plugin_layout, kernel_log_size) },
};

static u32 layout(struct ovg_vgpu *vgpu, size_t field)
{
	return *(const u32 *)((const u8 *)&vgpu->mgr->codec->layout + field);
}

static void snapshot_free(struct snapshot *s)
{
	kvfree(s);
}

/* @vgpu->lock is held.  -ENODEV when there is no such log now, -ENOMEM. */
static struct snapshot *snapshot_take(struct ovg_vgpu *vgpu, enum ovg_log which)
{
	u32 size = layout(vgpu, logs[which].size), drop, i;
	void __iomem *base;
	struct ovg_liboslog log;
	struct snapshot *s;
	u64 put;

	lockdep_assert_held(&vgpu->lock);
	if (!vgpu->comm.va || !size)
		return ERR_PTR(-ENODEV);
	base = vgpu->comm.va + layout(vgpu, logs[which].offset);
	put = readq(base);
	ovg_liboslog_open(&log, put, size);

	s = kvzalloc(struct_size(s, word, log.count) + DIV_ROUND_UP(log.count, 8), GFP_KERNEL);
	if (!s)
		return ERR_PTR(-ENOMEM);
	s->ends = (u8 *)&s->word[log.count];
	for (i = 0; i < log.count; i++)
		s->word[i] = readq(base + ovg_liboslog_offset(&log, i));
	/* What the task wrote meanwhile has overwritten the oldest words. */
	put = readq(base) - put;
	drop = put > log.ring - log.count ? min_t(u64, put - (log.ring - log.count), log.count) : 0;
	s->words = log.count - drop;
	s->lost = log.lost + drop;
	memmove(s->word, &s->word[drop], s->words * sizeof(s->word[0]));
	ovg_liboslog_split(s->word, s->words, s->ends);
	return s;
}

/* The line for the record that begins at @from; words of it, 0 at the end. */
static u32 snapshot_line(struct snapshot *s, u32 from, size_t *len)
{
	bool whole;
	u32 n;

	if (from >= s->words)
		return 0;
	n = ovg_liboslog_length(s->ends, s->words, from, &whole);
	*len = ovg_liboslog_line(s->line, sizeof(s->line), &s->word[from], n, whole);
	return n;
}

/* ---- debugfs ---- */

/* The position is the first word of a record, counted from 1; 0 is the head. */
static void *log_start(struct seq_file *m, loff_t *pos)
{
	struct snapshot *s = m->private;

	if (!*pos)
		return SEQ_START_TOKEN;
	return *pos - 1 < s->words ? &s->word[*pos - 1] : NULL;
}

static void *log_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct snapshot *s = m->private;
	bool whole;

	if (v == SEQ_START_TOKEN)
		*pos = 1;
	else
		*pos += ovg_liboslog_length(s->ends, s->words, *pos - 1, &whole);
	return *pos - 1 < s->words ? &s->word[*pos - 1] : NULL;
}

static void log_stop(struct seq_file *m, void *v)
{
}

static int log_show(struct seq_file *m, void *v)
{
	struct snapshot *s = m->private;
	size_t len;

	if (v == SEQ_START_TOKEN) {
		if (s->lost)
			seq_printf(m, "? %llu words were overwritten\n", s->lost);
		return 0;
	}
	if (snapshot_line(s, (u64 *)v - s->word, &len))
		seq_write(m, s->line, len);
	return 0;
}

static const struct seq_operations log_seq_ops = {
	.start = log_start,
	.next = log_next,
	.stop = log_stop,
	.show = log_show,
};

static int log_open(struct inode *inode, struct file *file)
{
	struct ovg_log_file *f = inode->i_private;
	struct ovg_vgpu *vgpu = f->vgpu;
	struct snapshot *s;
	int ret;

	ret = mutex_lock_killable(&vgpu->lock);
	if (ret)
		return ret;
	s = snapshot_take(vgpu, f->which);
	mutex_unlock(&vgpu->lock);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = seq_open(file, &log_seq_ops);
	if (ret) {
		snapshot_free(s);
		return ret;
	}
	((struct seq_file *)file->private_data)->private = s;
	return 0;
}

static int log_release(struct inode *inode, struct file *file)
{
	snapshot_free(((struct seq_file *)file->private_data)->private);
	return seq_release(inode, file);
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = log_release,
};

/**
 * ovg_logs_init - the logs of a VF in debugfs
 * @vgpu: the VF
 * @root: the manager's folder
 */
void ovg_logs_init(struct ovg_vgpu *vgpu, struct dentry *root)
{
	unsigned int i;

	vgpu->debugfs = debugfs_create_dir(pci_name(vgpu->vf), root);
	for (i = 0; i < OVG_LOGS; i++) {
		if (!layout(vgpu, logs[i].size))
			continue;
		vgpu->log[i].vgpu = vgpu;
		vgpu->log[i].which = i;
		debugfs_create_file(logs[i].name, 0400, vgpu->debugfs, &vgpu->log[i], &log_fops);
	}
}

/**
 * ovg_logs_fini - remove them; nobody reads them afterwards
 * @vgpu: the VF, @vgpu->lock not held
 */
void ovg_logs_fini(struct ovg_vgpu *vgpu)
{
	debugfs_remove(vgpu->debugfs);
	vgpu->debugfs = NULL;
}

/* ---- coredump ---- */

struct text {
	char *buf;
	size_t len;
	size_t size;
};

static __printf(2, 3) void add(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += vscnprintf(t->buf + t->len, t->size - t->len, fmt, args);
	va_end(args);
}

static void add_identity(struct text *t, struct ovg_vgpu *vgpu, const char *why)
{
	struct ovg_mgr *mgr = vgpu->mgr;
	const struct ovg_vgpu_type *type = vgpu->type;

	add(t, "openvgpu dump 1\n");
	add(t, "reason %s\n", why);
	add(t, "uptime_ms %lld\n", ktime_to_ms(ktime_get_boottime()));
	add(t, "gsp_version %s\n", mgr->info.gsp_version);
	add(t, "pf %s\n", pci_name(mgr->dev->pf));
	add(t, "vf %s\n", pci_name(vgpu->vf));
	add(t, "gfid %u\n", vgpu->gfid);
	add(t, "type %u %s\n", type ? type->id : 0, type ? type->name : "");
	add(t, "uuid %pUb\n", &vgpu->uuid);
	add(t, "vm_pid %d\n", vgpu->vm_pid);
	add(t, "fb 0x%llx 0x%llx\n", vgpu->fb.addr, vgpu->fb.size);
	add(t, "heap 0x%llx 0x%llx\n", vgpu->heap.addr, vgpu->heap.size);
	add(t, "channels %u %u\n", vgpu->slot.chid, vgpu->slot.num_chids);
	add(t, "messages %u\n", vgpu->seq);
}

static void add_log(struct text *t, const char *name, struct snapshot *s)
{
	u32 from = 0, n;
	size_t len;

	add(t, "\n[%s] words %u overwritten %llu\n", name, s->words, s->lost);
	while ((n = snapshot_line(s, from, &len))) {
		add(t, "%.*s", (int)len, s->line);
		from += n;
	}
}

/* A page of the communication area; lines of zeroes are left out. */
static void add_page(struct text *t, struct ovg_vgpu *vgpu, const char *name, u32 offset,
		     u32 size)
{
	u32 word[8], i, j;

	add(t, "\n[%s] bytes %u\n", name, size);
	for (i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy_fromio(word, vgpu->comm.va + offset + i, sizeof(word));
		if (!memchr_inv(word, 0, sizeof(word)))
			continue;
		add(t, "%04x:", i);
		for (j = 0; j < ARRAY_SIZE(word); j++)
			add(t, " %08x", word[j]);
		add(t, "\n");
	}
}

/* Bytes that a page or a log becomes, at most: "0000:" and " 01234567" each; " 0x" and
 * 16 digits for a word and what a line has besides.
 */
#define PAGE_TEXT(size)		((size) / 32 * (6 + 8 * 9) + 64)
#define LOG_TEXT(words)		((words) * 48 + 128)
#define IDENTITY_TEXT		1024

/**
 * ovg_logs_dump - leave a device coredump of a vGPU that died
 * @vgpu: the vGPU, @vgpu->lock held; nothing happens when no dump is wanted, or
 *	when it is too late for one
 *
 * The kernel keeps one for each VF, for five minutes or until it was read and
 * written to.
 */
void ovg_logs_dump(struct ovg_vgpu *vgpu)
{
	const struct ovg_plugin_layout *l = &vgpu->mgr->codec->layout;
	struct snapshot *s[OVG_LOGS] = {};
	struct text t = { .size = IDENTITY_TEXT };
	const char *why;
	unsigned int i;

	lockdep_assert_held(&vgpu->lock);
	mutex_lock(&vgpu->mgr->lock);
	why = vgpu->ev.dump_why;
	vgpu->ev.dump_why = NULL;
	mutex_unlock(&vgpu->mgr->lock);
	if (!why || !vgpu->comm.va)
		return;

	t.size += PAGE_TEXT(l->response_size) + PAGE_TEXT(l->error_log_size);
	for (i = 0; i < OVG_LOGS; i++) {
		s[i] = snapshot_take(vgpu, i);
		if (!IS_ERR(s[i]))
			t.size += LOG_TEXT((size_t)s[i]->words);
	}
	t.buf = vmalloc(t.size);
	if (t.buf) {
		add_identity(&t, vgpu, why);
		for (i = 0; i < OVG_LOGS; i++)
			if (!IS_ERR(s[i]))
				add_log(&t, logs[i].name, s[i]);
		add_page(&t, vgpu, "response", l->response, l->response_size);
		add_page(&t, vgpu, "error", l->error_log, l->error_log_size);
		/* takes the buffer, also where the kernel has no coredumps */
		dev_coredumpv(&vgpu->vf->dev, t.buf, t.len, GFP_KERNEL);
	} else {
		pci_warn(vgpu->vf, "no memory for a dump of the vGPU\n");
	}
	for (i = 0; i < OVG_LOGS; i++)
		if (!IS_ERR(s[i]))
			snapshot_free(s[i]);
}
