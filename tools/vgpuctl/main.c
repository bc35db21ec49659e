// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl: vGPUs of this host from the command line.
 */
#include <stdlib.h>
#include <string.h>

#include "built_in.h"
#include "command.h"
#include "util.h"

const struct command *const commands[] = {
	&command_list, &command_types, &command_create, &command_destroy, &command_set,
	&command_sched, &command_stats, &command_events, &command_logs, &command_top,
	&command_apply, &command_doctor, NULL
};

const struct command *command_find(const char *name)
{
	int i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

const struct command *command_sub(const struct command *c, const char *name)
{
	size_t len = strlen(c->name);
	int i;

	for (i = 0; c->sub && c->sub[i]; i++)
		if (!strcmp(c->sub[i]->name + len + 1, name))
			return c->sub[i];
	return NULL;
}

static int no_command(const char *name)
{
	return ctl_error(CTL_USAGE, "there is no subcommand \"%s\"; see vgpuctl --help", name);
}

static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

/* --json may stand anywhere; it is taken out. */
static int take_json(struct ctl *ctl, int argc, char **argv)
{
	int i, n = 0;

	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--"))
			break;
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "-j"))
			ctl->json = true;
		else
			argv[n++] = argv[i];
	}
	for (; i < argc; i++)
		argv[n++] = argv[i];
	argv[n] = NULL;
	return n;
}

static int help(int argc, char **argv)
{
	const struct command *c, *sub;

	if (!argc) {
		help_all();
		return CTL_OK;
	}
	c = command_find(argv[0]);
	if (!c)
		return no_command(argv[0]);
	sub = argc > 1 ? command_sub(c, argv[1]) : NULL;
	help_command(sub ? sub : c);
	return CTL_OK;
}

static int version(const struct ctl *ctl)
{
	struct json_object *doc;

	if (!ctl->json) {
		puts("vgpuctl " VGPUCTL_VERSION);
		return CTL_OK;
	}
	doc = ctl_json_new();
	json_object_object_add(doc, "version", json_object_new_string(VGPUCTL_VERSION));
	ctl_print_json(doc);
	return CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	const struct command *c, *sub;
	struct args args;
	int ret;

	if (!argc) {
		help_all();
		return CTL_OK;
	}
	if (!strcmp(argv[0], "help"))
		return help(argc - 1, argv + 1);
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"))
		return help(0, NULL);
	if (!strcmp(argv[0], "--version"))
		return version(ctl);
	if (!strcmp(argv[0], "--generate") && argc == 2)
		return generate(argv[1]);
	if (!strcmp(argv[0], "--complete") && argc == 2)
		return complete(ctl, argv[1]);
	if (argv[0][0] == '-')
		return ctl_error(CTL_USAGE, "there is no option %s; see vgpuctl --help", argv[0]);
	c = command_find(argv[0]);
	if (!c)
		return no_command(argv[0]);
	sub = argc > 1 ? command_sub(c, argv[1]) : NULL;
	if (sub) {
		c = sub;
		argc--;
		argv++;
	}
	if (wants_help(argc, argv)) {
		help_command(c);
		return CTL_OK;
	}
	ret = args_parse(c, argc, argv, &args);
	return ret ? ret : c->run(ctl, &args);
}

int main(int argc, char **argv)
{
	struct ctl ctl = { .root = getenv("VGPUCTL_ROOT") };

	if (!ctl.root)
		ctl.root = "";
	argc = take_json(&ctl, argc - 1, argv + 1);
	return ctl_finish(&ctl, run(&ctl, argc, argv + 1));
}
