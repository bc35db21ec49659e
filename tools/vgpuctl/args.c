// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Reading a subcommand's options by its table.
 */
#include <assert.h>
#include <getopt.h>
#include <string.h>

#include "command.h"
#include "util.h"

static int find_option(const struct command *c, const char *name)
{
	int i;

	for (i = 0; c->options[i].name; i++)
		if (!strcmp(c->options[i].name, name))
			return i;
	return -1;
}

const char *arg_value(const struct args *args, const char *name)
{
	int i = find_option(args->command, name);

	assert(i >= 0);
	return args->value[i];
}

int arg_num(const struct args *args, const char *name, long long min, long long max,
	    long long *out)
{
	const char *value = arg_value(args, name);
	long long v;

	if (!value)
		return CTL_OK;
	if (!parse_num(value, max, &v) || v < min)
		return ctl_error(CTL_USAGE, "--%s %s: a number from %lld to %lld is wanted", name,
				 value, min, max);
	*out = v;
	return CTL_OK;
}

int args_parse(const struct command *c, int argc, char **argv, struct args *out)
{
	struct option options[MAX_OPTIONS] = { 0 };
	char letters[2 * MAX_OPTIONS + 2] = ":", *l = letters + 1;
	int i, opt, index;

	memset(out, 0, sizeof(*out));
	out->command = c;
	for (i = 0; c->options[i].name; i++) {
		options[i].name = c->options[i].name;
		options[i].has_arg = c->options[i].arg ? required_argument : no_argument;
		options[i].val = c->options[i].letter;
		if (c->options[i].letter) {
			*l++ = c->options[i].letter;
			if (c->options[i].arg)
				*l++ = ':';
		}
	}

	optind = 0;
	opterr = 0;
	while (index = -1, (opt = getopt_long(argc, argv, letters, options, &index)) != -1) {
		if (opt == ':')
			return ctl_error(CTL_USAGE, "%s: %s wants an argument; see vgpuctl help %s",
					 c->name, argv[optind - 1], c->name);
		if (opt == '?')
			return ctl_error(CTL_USAGE, "%s: there is no option %s; see vgpuctl help %s",
					 c->name, argv[optind - 1], c->name);
		if (index < 0)
			for (index = 0; c->options[index].letter != opt; index++)
				;
		out->value[index] = optarg ? optarg : "";
		if (out->num_given == MAX_GIVEN)
			return ctl_error(CTL_USAGE, "%s: more than %d options", c->name, MAX_GIVEN);
		out->given[out->num_given].name = c->options[index].name;
		out->given[out->num_given++].value = optarg;
	}
	out->word = argv + optind;
	out->words = argc - optind;
	if (c->max_words >= 0 && out->words > c->max_words)
		return ctl_error(CTL_USAGE, "%s: \"%s\" is too much; see vgpuctl help %s", c->name,
				 out->word[c->max_words], c->name);
	return CTL_OK;
}
