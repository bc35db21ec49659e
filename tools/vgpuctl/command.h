/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Subcommands and their options.  What is declared here is the only source of
 * help, man pages and shell completion.
 */
#ifndef VGPUCTL_COMMAND_H
#define VGPUCTL_COMMAND_H

#include "ctl.h"

#define MAX_OPTIONS	16
#define MAX_GIVEN	64

/**
 * struct option_spec - an option of a subcommand
 * @name: without "--"
 * @letter: of its short form, 0 for none
 * @arg: name of its argument, NULL for a flag
 * @complete: what completion offers for the argument: words, or "@type", "@file"
 * @help: what it does
 */
struct option_spec {
	const char *name;
	char letter;
	const char *arg;
	const char *complete;
	const char *help;
};

struct args;

/**
 * struct command - a subcommand
 * @name: its word, or its two: "types build"
 * @words: what follows, in the words of a synopsis
 * @max_words: how many may follow, -1 for any number
 * @summary: one line
 * @description: paragraphs, separated by empty lines
 * @complete: what completion offers for words: "@gpu", "@vf", "@any", or words
 * @examples: lines
 * @options: ends with one without name
 * @run: does it
 * @sub: commands of the second word, NULL, or ends with NULL
 */
struct command {
	const char *name;
	const char *words;
	int max_words;
	const char *summary;
	const char *description;
	const char *complete;
	const char *examples;
	struct option_spec options[MAX_OPTIONS];
	int (*run)(struct ctl *ctl, const struct args *args);
	const struct command *const *sub;
};

/**
 * struct args - a command line
 * @command: whose
 * @value: of the options, by their position in @command; a flag has ""
 * @given: all options as they came, for those that may come more than once
 * @num_given: how many
 * @word: what is no option
 * @words: how many
 */
struct args {
	const struct command *command;
	const char *value[MAX_OPTIONS];
	struct {
		const char *name;
		char *value;
	} given[MAX_GIVEN];
	int num_given;
	char **word;
	int words;
};

/* Value of an option, NULL when it was not given. */
const char *arg_value(const struct args *args, const char *name);
/* Number of an option from @min to @max; @out stays as it is when it was not given. */
int arg_num(const struct args *args, const char *name, long long min, long long max,
	    long long *out);
/* Read argv, argv[0] being the subcommand's word; CTL_OK, or a usage error. */
int args_parse(const struct command *command, int argc, char **argv, struct args *out);

/* All subcommands, in the order of the manual; ends with NULL. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);
/* The one of the second word, NULL when it has none such. */
const struct command *command_sub(const struct command *command, const char *name);

/* manual.c: help on stdout; man pages, completion for "make" */
void help_all(void);
void help_command(const struct command *command);
/* --generate: names of the pages; "vgpuctl", "vgpuctl-list", ..., "bash" */
int generate(const char *what);
/* --complete KIND: candidates, one a line */
int complete(struct ctl *ctl, const char *kind);

/* config.c: the manual's list of keys, in the roff of a page or as text */
void config_manual(void (*item)(const char *key, const char *value, const char *text));

extern const struct command command_list, command_types, command_create, command_destroy,
	command_set, command_sched, command_stats, command_events, command_logs, command_top,
	command_apply, command_doctor;

/* types_cmd.c: types import, build, show */
extern const struct command *const types_commands[];

#endif /* VGPUCTL_COMMAND_H */
