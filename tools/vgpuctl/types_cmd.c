// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl types import, build, show: the command lines.
 */
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

#include "types_set.h"

/* Boards that the driver knows; their names are those in the types' names. */
static const struct {
	u16 device_id;
	const char *name;
} known_boards[] = {
	{ 0x26b1, "RTX6000-Ada" },
	{ 0x26b2, "RTX5000-Ada" },
	{ 0x26b5, "L40" },
	{ 0x26b9, "L40S" },
	{ 0x26ba, "L20" },
	{ 0x27b6, "L2" },
	{ 0x27b8, "L4" },
};

const char *types_board_name(u16 device_id)
{
	unsigned int i;

	for (i = 0; i < OVG_ARRAY_SIZE(known_boards); i++)
		if (known_boards[i].device_id == device_id)
			return known_boards[i].name;
	return "";
}

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
	g_ptr_array_add(set->board, b);
	return b;
}

void types_note(struct types_set *set, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(set->notes, g_strdup_vprintf(fmt, ap));
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

		json_object_object_add(o, "file", json_object_new_string(path));
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

static const char help_build[] =
	"usage: vgpuctl types build [--gsp VERSION]... --output PATH [--first-id BOARD=N]... CATALOGUE...\n"
	"\n"
	"Make the metadata file that the vGPU manager loads for a GSP release, from\n"
	"catalogues of vGPU types, one for each board.  PATH is a file, or a directory that\n"
	"gets a file for each release: /lib/firmware/openvgpu.  The types carry a test\n"
	"signature, which the emulated GPU takes; a real GSP may want NVIDIA's own.\n"
	"\n"
	"  --gsp VERSION        release of GSP firmware (default with a directory: all)\n"
	"  --output PATH        file or directory\n"
	"  --first-id BOARD=N   number of a board's first type, where it is not public\n"
	"  --json               say what was done in JSON\n";

static const char help_import[] =
	"usage: vgpuctl types import [--gsp VERSION]... --output PATH [--board ID]... vgpuConfig.xml\n"
	"\n"
	"Make the metadata file that the vGPU manager loads for a GSP release, from the\n"
	"vgpuConfig.xml of NVIDIA's vGPU package, with NVIDIA's signatures.  PATH is a file, or\n"
	"a directory that gets a file for each release: /lib/firmware/openvgpu.  What is left\n"
	"out, and why, is said in notes.\n"
	"\n"
	"  --gsp VERSION        release of GSP firmware (default with a directory: all)\n"
	"  --output PATH        file or directory\n"
	"  --board ID           PCI device id of a board, or all (default: those that the\n"
	"                       driver knows)\n"
	"  --license CODE=TEXT  what a licence code is that is not known here\n"
	"  --json               say what was done in JSON\n";

static const char help_show[] =
	"usage: vgpuctl types show FILE...\n"
	"\n"
	"Show the types of metadata files and catalogues, whatever they are.\n"
	"\n"
	"  --first-id BOARD=N   number of a board's first type in a catalogue\n"
	"  --json               as JSON\n";

enum { OPT_GSP = 256, OPT_OUTPUT, OPT_FIRST_ID, OPT_BOARD, OPT_LICENSE, OPT_JSON, OPT_HELP };

static const struct option options[] = {
	{ "gsp", required_argument, NULL, OPT_GSP },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "first-id", required_argument, NULL, OPT_FIRST_ID },
	{ "board", required_argument, NULL, OPT_BOARD },
	{ "license", required_argument, NULL, OPT_LICENSE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ }
};

struct command {
	const char *help;
	/* options that it takes; --json and --help go with all */
	const char *takes;
	bool help_wanted;
	struct output out;
	struct types_first_id first[16];
	unsigned int num_first;
	struct types_xml_options xml;
};

static int first_id(struct command *c, char *arg)
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

static int board(struct command *c, const char *arg)
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

static int license(struct command *c, const char *arg)
{
	const char *eq = strchr(arg, '=');

	if (!eq || eq == arg || !eq[1])
		return ctl_error(CTL_USAGE, "--license %s: CODE=PRODUCT,VERSION is wanted", arg);
	if (c->xml.num_licenses == OVG_ARRAY_SIZE(c->xml.license))
		return ctl_error(CTL_USAGE, "--license: too many");
	c->xml.license[c->xml.num_licenses++] = arg;
	return CTL_OK;
}

static int take_option(struct ctl *ctl, struct command *c, int opt, char *arg)
{
	switch (opt) {
	case OPT_GSP:
		return add_version(&c->out, arg);
	case OPT_OUTPUT:
		c->out.path = arg;
		return CTL_OK;
	case OPT_FIRST_ID:
		return first_id(c, arg);
	case OPT_BOARD:
		return board(c, arg);
	case OPT_LICENSE:
		return license(c, arg);
	case OPT_JSON:
		ctl->json = true;
		return CTL_OK;
	default:
		c->help_wanted = true;
		return CTL_OK;
	}
}

/* Returns an enum ctl_exit; optind is the first argument then. */
static int parse(struct ctl *ctl, struct command *c, int argc, char **argv)
{
	int opt, which, ret;

	opterr = 0;
	optind = 0;
	while ((opt = getopt_long(argc, argv, "", options, &which)) != -1) {
		if (opt == '?')
			return ctl_error(CTL_USAGE, "types %s: option %s is not known or wants a value; see vgpuctl types %s --help",
					 argv[0], argv[optind - 1], argv[0]);
		/* "g" of "gof" stands for --gsp. */
		if (opt < OPT_JSON && !strchr(c->takes, "gofbl"[opt - OPT_GSP]))
			return ctl_error(CTL_USAGE, "types %s does not take --%s; see vgpuctl types %s --help",
					 argv[0], options[which].name, argv[0]);
		ret = take_option(ctl, c, opt, optarg);
		if (ret || c->help_wanted)
			return ret;
	}
	return CTL_OK;
}

static int unused_first_ids(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->num_first; i++)
		if (!c->first[i].used)
			return ctl_error(CTL_USAGE, "--first-id %s: no catalogue is for this board",
					 c->first[i].board);
	return CTL_OK;
}

static int build(struct ctl *ctl, struct command *c, int argc, char **argv)
{
	struct types_set *set;
	unsigned int boards;
	int i, ret = CTL_OK;

	if (!c->out.path || optind >= argc) {
		fputs(help_build, stderr);
		return CTL_USAGE;
	}
	set = types_set_new();
	for (i = optind; i < argc && !ret; i++)
		ret = types_read_catalogue(set, argv[i], c->first, c->num_first);
	if (!ret)
		ret = unused_first_ids(c);
	types_drop_unnumbered(set);
	if (!ret && !count(set, &boards)) {
		print_notes(set);
		ret = ctl_error(CTL_USAGE, "no type has a number, nothing to build");
	}
	if (!ret)
		ret = write_all(ctl, set, &c->out);
	types_set_free(set);
	return ret;
}

static int import(struct ctl *ctl, struct command *c, int argc, char **argv)
{
	struct types_set *set;
	int ret;

	if (!c->out.path || optind != argc - 1) {
		fputs(help_import, stderr);
		return CTL_USAGE;
	}
	set = types_set_new();
	ret = types_read_xml(set, argv[optind], &c->xml);
	if (!ret)
		ret = write_all(ctl, set, &c->out);
	else
		print_notes(set);
	types_set_free(set);
	return ret;
}

static int show(struct ctl *ctl, struct command *c, int argc, char **argv)
{
	struct json_object *all = json_object_new_array();
	int i, ret = CTL_OK;

	if (optind >= argc) {
		fputs(help_show, stderr);
		json_object_put(all);
		return CTL_USAGE;
	}
	for (i = optind; i < argc && !ret; i++) {
		struct types_set *set = types_set_new();
		char *version = NULL;

		if (types_is_metadata(argv[i]))
			ret = types_read_metadata(set, argv[i], &version);
		else
			ret = types_read_catalogue(set, argv[i], c->first, c->num_first);
		if (!ret && ctl->json) {
			json_object_array_add(all, types_show_json(set, argv[i], version));
		} else if (!ret) {
			if (i > optind)
				putchar('\n');
			types_show_text(set, argv[i], version);
			fflush(stdout);
			print_notes(set);
		}
		g_free(version);
		types_set_free(set);
	}
	if (!ret)
		ret = unused_first_ids(c);
	if (!ret && ctl->json)
		ctl_print_json(all);
	else
		json_object_put(all);
	return ret;
}

int cmd_types(struct ctl *ctl, int argc, char **argv)
{
	static const struct {
		const char *name, *takes, *help;
		int (*run)(struct ctl *ctl, struct command *c, int argc, char **argv);
	} commands[] = {
		{ "build", "gof", help_build, build },
		{ "import", "gobl", help_import, import },
		{ "show", "f", help_show, show },
	};
	struct command c = { };
	unsigned int i;
	int ret;

	for (i = 0; argc && i < OVG_ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[0], commands[i].name))
			continue;
		c.takes = commands[i].takes;
		ret = parse(ctl, &c, argc, argv);
		if (ret)
			return ret;
		if (c.help_wanted) {
			fputs(commands[i].help, stdout);
			return CTL_OK;
		}
		return commands[i].run(ctl, &c, argc, argv);
	}
	return ctl_error(CTL_USAGE, "types: build, import or show is wanted");
}
