// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vGPU types of a GPU: all that the metadata file has for the board, and those
 * that a VF lists as creatable.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "gpu.h"
#include "ovg_pure.h"
#include "vgpu_codec.h"
#include "vgpu_type.h"

static const char *without_vendor(const char *name)
{
	return strncmp(name, "NVIDIA ", 7) ? name : name + 7;
}

const struct type *type_by_id(const struct gpu *gpu, int id)
{
	int i;

	for (i = 0; i < gpu->types.n; i++)
		if (gpu->types.type[i].id == id)
			return &gpu->types.type[i];
	return NULL;
}

const struct type *type_find(const struct gpu *gpu, const char *text)
{
	long long id;
	int i;

	if (parse_num(text, INT_MAX, &id))
		return type_by_id(gpu, id);
	if (!strncasecmp(text, "NVIDIA ", 7))
		text += 7;
	for (i = 0; i < gpu->types.n; i++)
		if (!strcasecmp(gpu->types.type[i].name, text))
			return &gpu->types.type[i];
	return NULL;
}

static struct type *add_type(struct types *t, int id, const char *name)
{
	struct type *type;
	int i;

	for (i = 0; i < t->n; i++)
		if (t->type[i].id == id)
			return &t->type[i];
	t->type = xrealloc(t->type, (t->n + 1) * sizeof(*t->type));
	type = &t->type[t->n++];
	memset(type, 0, sizeof(*type));
	type->id = id;
	type->name = xstrdup(without_vendor(name));
	type->fb = type->heads = type->max_x = type->max_y = type->max_instance = NA;
	return type;
}

static void from_metadata(struct types *t, const struct ovg_metadata *md)
{
	u32 i;

	for (i = 0; i < md->num_types; i++) {
		const struct ovg_vgpu_type *in = &md->type[i];
		struct type *out = add_type(t, in->id, in->name);

		if (out->class)
			continue;
		out->class = xstrdup(in->class);
		out->fb = in->profile_size;
		out->heads = in->num_heads;
		out->max_x = in->max_x;
		out->max_y = in->max_y;
		out->max_instance = in->max_instance;
	}
}

/* "874   : NVIDIA L40-4Q" lines under a heading; other lines do not count. */
static void from_list(struct types *t, char *text, bool creatable)
{
	char *line, *save, *colon, *name;
	long long id;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct type *type;

		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = 0;
		name = trim(colon + 1);
		if (!parse_num(trim(line), INT_MAX, &id) || !id || !*name)
			continue;
		type = add_type(t, id, name);
		type->creatable = type->creatable || creatable;
	}
}

static int by_id(const void *a, const void *b)
{
	const struct type *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

char **firmware_dirs(const struct ctl *ctl)
{
	char **dirs = xcalloc(6, sizeof(*dirs)), *text;
	path_t path;
	int n = 0;

	/* the order of the kernel's loader */
	path_set(path, "%s/sys/module/firmware_class/parameters/path", ctl->root);
	text = file_read(path);
	if (text && *trim(text))
		dirs[n++] = xasprintf("%s%s", ctl->root, trim(text));
	free(text);
	path_set(path, "%s/proc/sys/kernel/osrelease", ctl->root);
	text = file_read(path);
	if (text)
		dirs[n++] = xasprintf("%s/lib/firmware/updates/%s", ctl->root, text);
	dirs[n++] = xasprintf("%s/lib/firmware/updates", ctl->root);
	if (text)
		dirs[n++] = xasprintf("%s/lib/firmware/%s", ctl->root, text);
	dirs[n++] = xasprintf("%s/lib/firmware", ctl->root);
	free(text);
	return dirs;
}

static char *find_metadata(const struct ctl *ctl, const char *gsp)
{
	char **dirs = firmware_dirs(ctl), **d, *found = NULL;
	path_t path;

	for (d = dirs; *d && !found; d++) {
		path_set(path, "%s/openvgpu/vgpu-types-%s.bin", *d, gsp);
		if (file_exists(path))
			found = xstrdup(path);
	}
	if (!found)
		found = xasprintf("%s/lib/firmware/openvgpu/vgpu-types-%s.bin", ctl->root, gsp);
	dir_free(dirs);
	return found;
}

static void read_metadata(const struct ctl *ctl, struct gpu *gpu)
{
	const struct ovg_vgpu_codec *codec;
	struct types *t = &gpu->types;
	struct ovg_metadata *md;
	const char *why = "";
	size_t size;
	char *path, *file;

	if (!gpu->gsp) {
		t->why = xstrdup("the GSP release is not known; is openvgpu-mgr loaded?");
		return;
	}
	codec = ovg_vgpu_codec_find(gpu->gsp);
	if (!codec) {
		t->why = xasprintf("GSP release %s is not known to this vgpuctl", gpu->gsp);
		return;
	}
	path = find_metadata(ctl, gpu->gsp);
	file = file_read_all(path, &size);
	if (!file) {
		t->why = xasprintf("%s: %s", path, strerror(errno));
		free(path);
		return;
	}
	md = xcalloc(1, sizeof(*md));
	if (ovg_metadata_parse(file, size, gpu->gsp, gpu->device, codec->cmd_add_types,
			       codec->add_types_size, md, &why)) {
		t->why = xasprintf("%s: %s", path, why);
		free(path);
	} else {
		from_metadata(t, md);
		t->metadata = path;
	}
	free(md);
	free(file);
}

void types_load(const struct ctl *ctl, struct gpu *gpu)
{
	struct types *t = &gpu->types;
	bool free_seen = false;
	char *text;
	int i;

	memset(t, 0, sizeof(*t));
	read_metadata(ctl, gpu);
	/*
	 * All free VFs of a GPU list the same; a VF with a type lists that one.  A VF
	 * that could not be read is no free one, nor is one that is out of use, which
	 * lists nothing.
	 */
	for (i = 0; i < gpu->num_vfs; i++) {
		bool typed = gpu->vf[i].type > 0;
		path_t dir;

		if (gpu->vf[i].type == NA || vf_stuck(&gpu->vf[i]) || (!typed && free_seen))
			continue;
		path_set(dir, "%s/nvidia", gpu->vf[i].path);
		text = file_read_in(dir, "creatable_vgpu_types");
		if (!text)
			continue;
		from_list(t, text, !typed);
		free_seen = free_seen || !typed;
		free(text);
	}
	if (t->n)
		qsort(t->type, t->n, sizeof(*t->type), by_id);
}

void types_free(struct types *t)
{
	int i;

	for (i = 0; i < t->n; i++) {
		free(t->type[i].name);
		free(t->type[i].class);
	}
	free(t->type);
	free(t->metadata);
	free(t->why);
	memset(t, 0, sizeof(*t));
}
