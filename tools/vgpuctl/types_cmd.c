// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl types import, build, show.
 */
#include <string.h>
#include <sys/stat.h>

#include "boards.h"
#include "built_in.h"
#include "command.h"
#include "types_set.h"
#include "util.h"

bool types_name_ok(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!g_ascii_isprint(*name) || *name == ':')
			return false;
	return true;
}

/* ---- sets ---- */

struct types_set *types_set_new(void)
{
	struct types_set *set = g_new(struct types_set, 1);

	set->board = g_ptr_array_new_with_free_func(g_free);
	set->notes = g_ptr_array_new_with_free_func(g_free);
	return set;
}

void types_set_free(struct types_set *set)
{
	g_ptr_array_free(set->board, TRUE);
	g_ptr_array_free(set->notes, TRUE);
	g_free(set);
}

struct types_board *types_board_find(const struct types_set *set, u16 device_id)
{
	unsigned int i;

	for (i = 0; i < set->board->len; i++) {
		struct types_board *b = g_ptr_array_index(set->board, i);

		if (b->device_id == device_id)
			return b;
	}
	return NULL;
}

struct types_board *types_board_add(struct types_set *set, u16 device_id)
{
	struct types_board *b = g_new0(struct types_board, 1);

	b->device_id = device_id;
	if (board_name(device_id))
		g_strlcpy(b->name, board_name(device_id), sizeof(b->name));
	g_ptr_array_add(set->board, b);
	return b;
}

void types_note(struct types_set *set, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(set->notes, clean(g_strdup_vprintf(fmt, ap)));
	va_end(ap);
}

static void print_notes(const struct types_set *set)
{
	unsigned int i;

	for (i = 0; i < set->notes->len; i++)
		fprintf(stderr, "note: %s\n", (char *)set->notes->pdata[i]);
}

/* ---- output of build and import ---- */

struct output {
	const char *version[8];
	unsigned int num_versions;
	const char *path;
	struct json_object *files;	/* with --json, else NULL */
};

static unsigned int count(const struct types_set *set, unsigned int *boards)
{
	unsigned int i, n = 0;

	*boards = 0;
	for (i = 0; i < set->board->len; i++) {
		const struct types_board *b = g_ptr_array_index(set->board, i);

		n += b->num_types;
		*boards += b->num_types != 0;
	}
	return n;
}

static int write_one(const struct types_set *set, struct output *out, const char *version,
		     const char *path)
{
	unsigned int boards, types = count(set, &boards);
	int ret = types_write(set, version, path);

	if (ret)
		return ret;
	if (!out->files) {
		printf("%s: GSP %s, %u types for %u boards\n", path, version, types, boards);
	} else {
		struct json_object *o = json_object_new_object();

		json_object_object_add(o, "file", types_json_text(path));
		json_object_object_add(o, "gsp_version", json_object_new_string(version));
		json_object_object_add(o, "boards", json_object_new_int(boards));
		json_object_object_add(o, "types", json_object_new_int(types));
		json_object_array_add(out->files, o);
	}
	return CTL_OK;
}

/* A directory gets a file for each release, of the name that the manager looks for. */
static int write_all(struct ctl *ctl, const struct types_set *set, struct output *out)
{
	struct json_object *o = NULL, *notes;
	struct stat st;
	bool dir = !stat(out->path, &st) && S_ISDIR(st.st_mode);
	unsigned int i;
	int ret = CTL_OK;

	if (!dir && out->num_versions != 1)
		return ctl_error(CTL_USAGE, "%s is no directory: one file is for one release, say --gsp VERSION once",
				 out->path);
	for (i = 0; !out->num_versions && i < OVG_ARRAY_SIZE(out->version) &&
		    ovg_vgpu_codec_nth(i); i++)
		out->version[i] = ovg_vgpu_codec_nth(i)->version;
	if (!out->num_versions)
		out->num_versions = i;
	if (ctl->json) {
		o = ctl_json_new();
		out->files = json_object_new_array();
		notes = json_object_new_array();
		json_object_object_add(o, "files", out->files);
		json_object_object_add(o, "notes", notes);
		for (i = 0; i < set->notes->len; i++)
			json_object_array_add(notes, json_object_new_string(set->notes->pdata[i]));
	} else {
		print_notes(set);
	}
	for (i = 0; i < out->num_versions && !ret; i++) {
		char *path = dir ? g_strdup_printf("%s/vgpu-types-%s.bin", out->path,
						   out->version[i]) : g_strdup(out->path);

		ret = write_one(set, out, out->version[i], path);
		g_free(path);
	}
	if (o && !ret)
		ctl_print_json(o);
	else
		json_object_put(o);
	return ret;
}

static int add_version(struct output *out, const char *version)
{
	GString *all;
	unsigned int i;
	int ret;

	if (!ovg_vgpu_codec_find(version)) {
		all = g_string_new("");
		for (i = 0; ovg_vgpu_codec_nth(i); i++)
			g_string_append_printf(all, "%s%s", i ? ", " : "",
					       ovg_vgpu_codec_nth(i)->version);
		ret = ctl_error(CTL_USAGE, "GSP release %s is not known; there are %s", version,
				all->str);
		g_string_free(all, TRUE);
		return ret;
	}
	for (i = 0; i < out->num_versions; i++)
		if (!strcmp(out->version[i], version))
			return CTL_OK;
	if (out->num_versions == OVG_ARRAY_SIZE(out->version))
		return ctl_error(CTL_USAGE, "--gsp: too many releases");
	out->version[out->num_versions++] = version;
	return CTL_OK;
}

/* ---- command lines ---- */

/* A command line, read. */
struct call {
	const struct args *args;
	struct output out;
	struct types_first_id first[16];
	unsigned int num_first;
	struct types_xml_options xml;
};

static int first_id(struct call *c, char *arg)
{
	struct types_first_id *f = &c->first[c->num_first];
	char *eq = strchr(arg, '='), *end;
	unsigned long long v;

	if (c->num_first == OVG_ARRAY_SIZE(c->first))
		return ctl_error(CTL_USAGE, "--first-id: too many");
	if (eq) {
		v = g_ascii_isdigit(eq[1]) ? strtoull(eq + 1, &end, 10) : 0;
		if (eq > arg && v && v <= 0xffffffff && !*end) {
			*eq = 0;
			f->board = arg;
			f->id = v;
			c->num_first++;
			return CTL_OK;
		}
	}
	return ctl_error(CTL_USAGE, "--first-id %s: BOARD=NUMBER is wanted, from 1 on", arg);
}

static int board(struct call *c, const char *arg)
{
	char *end;
	unsigned long v;

	if (!strcmp(arg, "all")) {
		c->xml.all = true;
		return CTL_OK;
	}
	v = strtoul(arg, &end, 16);
	if (!g_ascii_isxdigit(*arg) || *end || !v || v > 0xffff)
		return ctl_error(CTL_USAGE, "--board %s: a PCI device id such as 26b5, or all", arg);
	if (c->xml.num_boards == OVG_ARRAY_SIZE(c->xml.board))
		return ctl_error(CTL_USAGE, "--board: too many");
	c->xml.board[c->xml.num_boards++] = v;
	return CTL_OK;
}

static int license(struct call *c, const char *arg)
{
	const char *eq = strchr(arg, '=');

	if (!eq || eq == arg || !eq[1])
		return ctl_error(CTL_USAGE, "--license %s: CODE=PRODUCT,VERSION is wanted", arg);
	if (c->xml.num_licenses == OVG_ARRAY_SIZE(c->xml.license))
		return ctl_error(CTL_USAGE, "--license: too many");
	c->xml.license[c->xml.num_licenses++] = arg;
	return CTL_OK;
}

static int read_call(const struct args *args, struct call *c)
{
	int i, ret = CTL_OK;

	memset(c, 0, sizeof(*c));
	c->args = args;
	for (i = 0; i < args->num_given && !ret; i++) {
		const char *name = args->given[i].name;
		char *value = args->given[i].value;

		if (!strcmp(name, "gsp"))
			ret = add_version(&c->out, value);
		else if (!strcmp(name, "output"))
			c->out.path = value;
		else if (!strcmp(name, "first-id"))
			ret = first_id(c, value);
		else if (!strcmp(name, "board"))
			ret = board(c, value);
		else
			ret = license(c, value);
	}
	return ret;
}

static int wanted(const struct args *args, const char *what)
{
	return ctl_error(CTL_USAGE, "%s: %s; see vgpuctl help %s", args->command->name, what,
			 args->command->name);
}

static int unused_first_ids(const struct call *c)
{
	unsigned int i;

	for (i = 0; i < c->num_first; i++)
		if (!c->first[i].used)
			return ctl_error(CTL_USAGE, "--first-id %s: no catalogue is for this board",
					 c->first[i].board);
	return CTL_OK;
}

static int build(struct ctl *ctl, const struct args *args)
{
	struct types_set *set;
	unsigned int boards;
	struct call c;
	int i, ret = read_call(args, &c);

	if (ret)
		return ret;
	if (!c.out.path || !args->words)
		return wanted(args, "--output PATH and at least one CATALOGUE are wanted");
	set = types_set_new();
	for (i = 0; i < args->words && !ret; i++)
		ret = types_read_catalogue(set, args->word[i], c.first, c.num_first);
	if (!ret)
		ret = unused_first_ids(&c);
	types_drop_unnumbered(set);
	if (!ret && !count(set, &boards)) {
		print_notes(set);
		ret = ctl_error(CTL_USAGE, "no type has a number, nothing to build");
	}
	if (!ret)
		ret = write_all(ctl, set, &c.out);
	types_set_free(set);
	return ret;
}

static int import(struct ctl *ctl, const struct args *args)
{
	struct types_set *set;
	struct call c;
	int ret = read_call(args, &c);

	if (ret)
		return ret;
	if (!c.out.path || args->words != 1)
		return wanted(args, "--output PATH and a vgpuConfig.xml are wanted");
	set = types_set_new();
	ret = types_read_xml(set, args->word[0], &c.xml);
	if (!ret)
		ret = write_all(ctl, set, &c.out);
	else
		print_notes(set);
	types_set_free(set);
	return ret;
}

static int show(struct ctl *ctl, const struct args *args)
{
	struct json_object *all;
	struct call c;
	int i, ret = read_call(args, &c);

	if (ret)
		return ret;
	if (!args->words)
		return wanted(args, "at least one FILE is wanted");
	all = json_object_new_array();
	for (i = 0; i < args->words && !ret; i++) {
		struct types_set *set = types_set_new();
		const char *path = args->word[i];
		char *version = NULL;

		if (types_is_metadata(path))
			ret = types_read_metadata(set, path, &version);
		else
			ret = types_read_catalogue(set, path, c.first, c.num_first);
		if (!ret && ctl->json) {
			json_object_array_add(all, types_show_json(set, path, version));
		} else if (!ret) {
			if (i)
				putchar('\n');
			types_show_text(set, path, version);
			fflush(stdout);
			print_notes(set);
		}
		g_free(version);
		types_set_free(set);
	}
	if (!ret)
		ret = unused_first_ids(&c);
	ctl_end_list(ctl, !ret, "files", all);
	return ret;
}

#define OPTION_GSP	{ "gsp", 0, "VERSION", "535.113.01 570.144", \
			  "release of GSP firmware; may be given again. With a directory: all, if not given" }
#define OPTION_OUTPUT	{ "output", 0, "PATH", "@file", "file or directory" }
#define OPTION_FIRST_ID	{ "first-id", 0, "BOARD=N", NULL, \
			  "number of a board's first type, where it is not public; may be given again" }

static const struct command types_import = {
	.name = "types import",
	.words = "vgpuConfig.xml",
	.max_words = -1,
	.summary = "make metadata files from NVIDIA's vgpuConfig.xml",
	.description =
		"Makes the metadata file that the vGPU manager loads for a GSP release, from the vgpuConfig.xml of NVIDIA's vGPU package, with NVIDIA's signatures. --output is a file, or a directory that gets a file for each release: /lib/firmware/openvgpu. What is left out, and why, is said in notes.",
	.complete = "@file",
	.examples = "vgpuctl types import --output /lib/firmware/openvgpu /usr/share/nvidia/vgpu/vgpuConfig.xml",
	.options = {
		OPTION_GSP,
		OPTION_OUTPUT,
		{ "board", 0, "ID", "all", "PCI device id of a board, or all; may be given again. Those that the driver knows, if not given" },
		{ "license", 0, "CODE=TEXT", NULL, "what a licence code is that is not known here; may be given again" },
	},
	.run = import,
};

static const struct command types_build = {
	.name = "types build",
	.words = "CATALOGUE...",
	.max_words = -1,
	.summary = "make metadata files from catalogues",
	.description =
		"Makes the metadata file that the vGPU manager loads for a GSP release, from catalogues of vGPU types, one for each board. --output is a file, or a directory that gets a file for each release: /lib/firmware/openvgpu. The types carry a test signature, which the emulated GPU takes; a real GSP may want NVIDIA's own.",
	.complete = "@file",
	.examples = "vgpuctl types build --output /lib/firmware/openvgpu " VGPUCTL_DATADIR "/*.types",
	.options = { OPTION_GSP, OPTION_OUTPUT, OPTION_FIRST_ID },
	.run = build,
};

static const struct command types_show = {
	.name = "types show",
	.words = "FILE...",
	.max_words = -1,
	.summary = "show what is in metadata files and catalogues",
	.description = "Shows the types of metadata files and catalogues, whatever they are.",
	.complete = "@file",
	.examples = "vgpuctl types show /lib/firmware/openvgpu/*.bin\nvgpuctl types show " VGPUCTL_DATADIR "/l40.types",
	.options = { OPTION_FIRST_ID },
	.run = show,
};

const struct command *const types_commands[] = { &types_import, &types_build, &types_show, NULL };
