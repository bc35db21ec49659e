// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Help, man pages and shell completion, all from the table of commands.
 */
#include <string.h>

#include "built_in.h"
#include "command.h"
#include "config.h"
#include "put.h"

static const char about[] =
	"vgpuctl shows and changes the vGPUs of NVIDIA GPUs that OpenVGPU's drivers have. It reads and writes the files of these drivers in sysfs, and keeps no state of its own.";

static const char addresses[] =
	"A GPU is named by the PCI address of its physical function, a VF by its own address, or by that of its GPU, a slash and its number, from 0 on. All usual spellings will do: 0000:01:00.4, 01:00.4, 00000000:01:00.0, 00:41:0000.0, pci_0000_01_00_4, pci@0000:01:00.4, 01:00.0/3, in upper or lower case.";

static const struct {
	enum ctl_exit status;
	const char *text;
} statuses[] = {
	{ CTL_OK, "done" },
	{ CTL_FAILED, "it did not work; stderr says why" },
	{ CTL_USAGE, "the command line or a configuration file is wrong" },
	{ CTL_NOT_FOUND, "no such GPU, VF, type or file" },
	{ CTL_REFUSED, "the driver refused it in its present state: in use, no room, a type is selected already" },
	{ CTL_PERMISSION, "root is needed" },
};

static const char *const environment[][2] = {
	{ "VGPUCTL_ROOT", "Prefix of all paths, for tests." },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct option_spec json_option = {
	"json", 'j', NULL, NULL, "JSON instead of text; may stand anywhere"
};

static const struct option_spec version_option = {
	"version", 0, NULL, NULL, "which vgpuctl this is"
};

/* ---- help ---- */

/* @text in lines of 80 columns, from column @indent on; the first one is there already. */
static void wrap(const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int len = strcspn(text, " \n");

		if (column > indent && column + 1 + len > 80) {
			printf("\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		printf("%.*s", len, text);
		column += len;
		text += len;
		if (!strncmp(text, "\n\n", 2)) {
			printf("\n\n%*s", indent, "");
			column = indent;
		}
		text += strspn(text, " \n");
	}
	putchar('\n');
}

static void help_option(const struct option_spec *o)
{
	char left[40];

	if (o->letter)
		snprintf(left, sizeof(left), "  -%c, --%s%s%s", o->letter, o->name, o->arg ? " " : "",
			 o->arg ? o->arg : "");
	else
		snprintf(left, sizeof(left), "      --%s%s%s", o->name, o->arg ? " " : "",
			 o->arg ? o->arg : "");
	printf("%-32s ", left);
	wrap(o->help, 33);
}

void help_all(void)
{
	int i;

	printf("usage: vgpuctl [--json] COMMAND ...\n\n");
	wrap(about, 0);
	putchar('\n');
	for (i = 0; commands[i]; i++)
		printf("  %-8s  %s\n", commands[i]->name, commands[i]->summary);
	printf("\nvgpuctl help COMMAND tells more, and so do vgpuctl(1) and openvgpu.conf(5).\n");
}

void help_command(const struct command *c)
{
	const struct option_spec *o;
	const char *line;
	int i;

	printf("usage: vgpuctl [--json] %s%s%s%s\n\n", c->name, c->options[0].name ? " [OPTION...]" : "",
	       *c->words ? " " : "", c->words);
	wrap(c->description, 0);
	printf("\noptions:\n");
	for (o = c->options; o->name; o++)
		help_option(o);
	help_option(&json_option);
	for (i = 0; c->sub && c->sub[i]; i++) {
		printf("%s  %-13s  ", i ? "" : "\nsubcommands, see vgpuctl help of each:\n",
		       c->sub[i]->name);
		wrap(c->sub[i]->summary, 17);
	}
	printf("\nexamples:\n");
	for (line = c->examples; *line; line += strcspn(line, "\n"), line += *line == '\n')
		printf("  %.*s\n", (int)strcspn(line, "\n"), line);
}

/* ---- man pages ---- */

/* Text for roff: no request at the start of a line, hyphens that can be copied. */
static void roff(const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '\n' && text[1] == '\n')
			fputs("\n.PP", stdout);
		else
			putchar(*text);
		start = *text == '\n';
	}
	putchar('\n');
}

static void man_head(const char *name, const char *section, const char *summary)
{
	printf(".\\\" made by vgpuctl --generate\n.TH %s %s \"\" \"OpenVGPU %s\" \"OpenVGPU manual\"\n.SH NAME\n",
	       name, section, VGPUCTL_VERSION);
	printf("%s \\- ", name);
	roff(summary);
}

static void man_section(const char *name)
{
	printf(".SH %s\n", name);
}

static void man_item(const char *head, const char *text)
{
	printf(".TP\n.B ");
	roff(head);
	roff(text);
}

static void man_option(const struct option_spec *o)
{
	printf(".TP\n");
	if (o->letter)
		printf("\\fB\\-%c\\fR, ", o->letter);
	printf("\\fB\\-\\-");
	for (const char *c = o->name; *c; c++)
		printf(*c == '-' ? "\\-" : "%c", *c);
	printf("\\fR");
	if (o->arg)
		printf(" \\fI%s\\fR", o->arg);
	putchar('\n');
	roff(o->help);
}

static void man_status(void)
{
	char number[16];
	size_t i;

	man_section("EXIT STATUS");
	for (i = 0; i < COUNT(statuses); i++) {
		snprintf(number, sizeof(number), "%d", statuses[i].status);
		man_item(number, statuses[i].text);
	}
}

static void man_see_also(const char *but)
{
	int i;

	man_section("SEE ALSO");
	if (strcmp(but, "vgpuctl"))
		printf(".BR vgpuctl (1),\n");
	for (i = 0; commands[i]; i++)
		if (strcmp(but, commands[i]->name))
			printf(".BR vgpuctl\\-%s (1),\n", commands[i]->name);
	printf(".BR openvgpu.conf (5)\n");
}

static void man_all(void)
{
	size_t i;

	man_head("vgpuctl", "1", "vGPUs of this host");
	man_section("SYNOPSIS");
	printf(".B vgpuctl\n[\\fB\\-\\-json\\fR]\n.I COMMAND\n\\&...\n");
	man_section("DESCRIPTION");
	roff(about);
	man_section("COMMANDS");
	for (i = 0; commands[i]; i++)
		man_item(commands[i]->name, commands[i]->summary);
	man_section("OPTIONS");
	man_option(&json_option);
	man_option(&version_option);
	man_section("ADDRESSES");
	roff(addresses);
	man_section("ERRORS");
	roff("An error says what could not be done and why, which file said so, what the driver wrote to the kernel log where that can be read, and the way out. With --json the document has them in \"errors\", and they are on stderr, too.");
	man_status();
	man_section("ENVIRONMENT");
	for (i = 0; i < COUNT(environment); i++)
		man_item(environment[i][0], environment[i][1]);
	man_section("FILES");
	man_item(CONFIG_DIR "/*.conf", "what vgpuctl apply makes of the host's GPUs");
	man_item("/sys/bus/pci/devices/VF/nvidia/", "a VF's vGPU type and settings");
	man_item("/sys/bus/pci/devices/GPU/openvgpu_core.vgpu.N/", "a GPU's state");
	man_see_also("vgpuctl");
}

static void man_sub(const struct command *c)
{
	const struct option_spec *o;

	printf(".SS vgpuctl %s [OPTION...] ", c->name);
	roff(c->words);
	roff(c->description);
	for (o = c->options; o->name; o++)
		man_option(o);
}

static void man_command(const struct command *c)
{
	const struct option_spec *o;
	int i;
	char *name = xasprintf("vgpuctl-%s", c->name);

	man_head(name, "1", c->summary);
	free(name);
	man_section("SYNOPSIS");
	printf(".B vgpuctl\n[\\fB\\-\\-json\\fR]\n.B %s\n%s\n", c->name,
	       c->options[0].name ? "[\\fIOPTION\\fR...]" : "");
	roff(c->words);
	man_section("DESCRIPTION");
	roff(c->description);
	man_section("OPTIONS");
	for (o = c->options; o->name; o++)
		man_option(o);
	man_option(&json_option);
	if (c->sub)
		man_section("SUBCOMMANDS");
	for (i = 0; c->sub && c->sub[i]; i++)
		man_sub(c->sub[i]);
	man_status();
	man_section("EXAMPLES");
	printf(".nf\n");
	roff(c->examples);
	for (i = 0; c->sub && c->sub[i]; i++)
		roff(c->sub[i]->examples);
	printf(".fi\n");
	man_see_also(c->name);
}

static void man_key(const char *key, const char *value, const char *text)
{
	printf(".TP\n.BI \"%s = \" \"", key);
	for (; *value; value++)
		printf(*value == '-' ? "\\-" : "%c", *value);
	printf("\"\n");
	roff(text);
}

static void man_config(void)
{
	man_head("openvgpu.conf", "5", "GPUs and vGPUs as they shall be after boot");
	man_section("SYNOPSIS");
	roff(CONFIG_DIR "/*.conf");
	man_section("DESCRIPTION");
	roff("vgpuctl apply reads all files, in the order of their names, as if they were one. A line is a [section], key = value, or a comment behind # or ;. Blanks around words do not count.\n\nA section [gpu ADDRESS] is for a GPU; * is for all. A section [vf ADDRESS/NUMBER] is for a VF of a GPU, [vf ADDRESS/0-3] for several, [vf */0] for the first of each GPU, [vf ADDRESS/*] for all of one; [vf ADDRESS] names a VF by its own address. Where several sections set a key of a VF, the one that says more about whom it means wins: the GPU's address before *, one VF before several before *. Two that say equally much are an error, which names both.\n\nWhat is not named stays as it is.");
	man_section("KEYS");
	config_manual(man_key);
	man_section("EXAMPLE");
	printf(".nf\n");
	roff("[gpu *]\nvfs = max\nscheduler = equal_share\n\n[vf */0-1]\ntype = L40-8Q\n\n[vf 0000:01:00.0/2]\ntype = L40-8C\nparams = enable_uvm=1");
	printf(".fi\n");
	man_see_also("");
}

/* ---- completion ---- */

/*
 * words="FIRST...", and what @complete has: "@kind" is asked of vgpuctl itself,
 * "@file" is bash's.  Nothing of what comes back is expanded again: a file may have
 * any name.
 */
static void bash_words(const char *first, const char *complete)
{
	char *copy = xstrdup(complete ? complete : ""), *word, *save;
	bool files = false;

	printf("words=\"%s", first);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!strcmp(word, "@file"))
			files = true;
		else if (word[0] == '@')
			printf(" $(vgpuctl --complete %s 2>/dev/null)", word + 1);
		else
			printf(" %s", word);
	}
	printf("\"%s ;;\n", files ? " files=1" : "");
	free(copy);
}

static void bash_command(const struct command *c)
{
	const struct option_spec *o;
	char *names;
	int i;

	printf("\t'%s')\n\t\tcase $prev in\n", c->name);
	for (o = c->options; o->name; o++) {
		if (!o->arg)
			continue;
		printf("\t\t--%s", o->name);
		if (o->letter)
			printf(" | -%c", o->letter);
		printf(") ");
		bash_words("", o->complete);
	}
	names = xstrdup("--json --help");
	for (o = c->options; o->name; o++) {
		char *more = xasprintf("%s --%s", names, o->name);

		free(names);
		names = more;
	}
	printf("\t\t*) ");
	bash_words(names, c->complete);
	printf("\t\tesac\n\t\t;;\n");
	free(names);
	for (i = 0; c->sub && c->sub[i]; i++)
		bash_command(c->sub[i]);
}

static void bash(void)
{
	int i, k;

	printf("# bash completion for vgpuctl; made by vgpuctl --generate\n"
	       "_vgpuctl()\n{\n"
	       "\tlocal cur prev command='' second='' words='' files='' list word typed line=$COMP_LINE\n"
	       "\t# addresses have colons, at which bash breaks words\n"
	       "\tline=${line:0:COMP_POINT}\n"
	       "\tcur=${line##*[[:space:]]}\n"
	       "\tline=${line%%\"$cur\"}\n"
	       "\tread -ra typed <<<\"$line\"\n"
	       "\tprev=${typed[-1]}\n"
	       "\tfor word in \"${typed[@]:1}\"; do\n"
	       "\t\t[[ $word != -* ]] || continue\n"
	       "\t\tif [[ ! $command ]]; then\n"
	       "\t\t\tcommand=$word\n"
	       "\t\telse\n"
	       "\t\t\tsecond=$word\n"
	       "\t\t\tbreak\n"
	       "\t\tfi\n"
	       "\tdone\n");
	for (i = 0; commands[i]; i++)
		for (k = 0; commands[i]->sub && commands[i]->sub[k]; k++)
			printf("\t[[ \"$command $second\" != '%s' ]] || command='%s'\n",
			       commands[i]->sub[k]->name, commands[i]->sub[k]->name);
	printf("\tcase $command in\n"
	       "\t'') words=\"--json --help --version help");
	for (i = 0; commands[i]; i++)
		printf(" %s", commands[i]->name);
	printf("\" ;;\n\thelp) words=\"");
	for (i = 0; commands[i]; i++)
		printf(" %s", commands[i]->name);
	printf("\" ;;\n");
	for (i = 0; commands[i]; i++)
		bash_command(commands[i]);
	printf("\tesac\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [[ $files && $cur != -* ]]; then\n"
	       "\t\tcompopt -o filenames 2>/dev/null\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	       "\tfi\n"
	       "\tread -rd '' -a list <<<\"$words\"\n"
	       "\tfor word in \"${list[@]}\"; do\n"
	       "\t\t[[ $word != \"$cur\"* ]] || COMPREPLY+=(\"$word\")\n"
	       "\tdone\n"
	       "\t# what bash takes for the word begins behind the last colon\n"
	       "\t[[ $cur != *:* || $COMP_WORDBREAKS != *:* ]] ||\n"
	       "\t\tCOMPREPLY=(\"${COMPREPLY[@]#\"${cur%%\"${cur##*:}\"}\"}\")\n"
	       "}\n"
	       "complete -F _vgpuctl vgpuctl\n");
}

int generate(const char *what)
{
	const struct command *c;
	int i;

	if (!strcmp(what, "pages")) {
		printf("vgpuctl.1\n");
		for (i = 0; commands[i]; i++)
			printf("vgpuctl-%s.1\n", commands[i]->name);
		printf("openvgpu.conf.5\n");
		return CTL_OK;
	}
	if (!strcmp(what, "bash")) {
		bash();
		return CTL_OK;
	}
	if (!strcmp(what, "vgpuctl.1")) {
		man_all();
		return CTL_OK;
	}
	if (!strcmp(what, "openvgpu.conf.5")) {
		man_config();
		return CTL_OK;
	}
	for (i = 0; commands[i]; i++) {
		char *name = xasprintf("vgpuctl-%s.1", commands[i]->name);
		bool found = !strcmp(name, what);

		free(name);
		c = commands[i];
		if (found) {
			man_command(c);
			return CTL_OK;
		}
	}
	return ctl_error(CTL_USAGE, "--generate %s: pages, bash, or one of the pages", what);
}

int complete(struct ctl *ctl, const char *kind)
{
	bool gpus = !strcmp(kind, "gpu") || !strcmp(kind, "any");
	bool vfs = !strcmp(kind, "vf") || !strcmp(kind, "any");
	struct gpus g;
	int i, k;

	gpus_load(ctl, &g);
	for (i = 0; i < g.n; i++) {
		if (gpus)
			puts(g.gpu[i].bdf);
		for (k = 0; k < g.gpu[i].num_vfs && vfs; k++)
			puts(g.gpu[i].vf[k].bdf);
		for (k = 0; k < g.gpu[i].types.n && !strcmp(kind, "type"); k++)
			puts(g.gpu[i].types.type[k].name);
	}
	gpus_free(&g);
	return CTL_OK;
}
