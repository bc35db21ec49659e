// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The report: TAP on standard output, tables as comments in between, and the
 * same tables as Markdown in a file.
 */
#include <string.h>

#include "hw.h"

static unsigned int points;
static unsigned int failed;
static FILE *markdown;

void report_to(FILE *file)
{
	markdown = file;
}

/* In TAP, '#' starts a directive. */
static void clean(char *text)
{
	for (; *text; text++)
		if (*text == '#' || *text == '\n')
			*text = ' ';
}

void tap(bool ok, const char *text, ...)
{
	char line[512];
	va_list args;

	va_start(args, text);
	vsnprintf(line, sizeof(line), text, args);
	va_end(args);
	clean(line);
	printf("%sok %u - %s\n", ok ? "" : "not ", ++points, line);
	fflush(stdout);
	failed += !ok;
}

void tap_skip(const char *why, const char *text, ...)
{
	char line[512];
	va_list args;

	va_start(args, text);
	vsnprintf(line, sizeof(line), text, args);
	va_end(args);
	clean(line);
	printf("ok %u - %s # SKIP %s\n", ++points, line, why);
	fflush(stdout);
}

void note(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	printf("# ");
	vprintf(text, args);
	printf("\n");
	fflush(stdout);
	va_end(args);
}

void table(const char *title, const char *head)
{
	char line[512];
	size_t n = 0;
	const char *p;

	for (p = head; *p && n < sizeof(line) - 4; p++)
		n += snprintf(line + n, sizeof(line) - n, *p == '|' ? " %c " : "%c", *p);
	printf("#\n# %s\n# | %s |\n", title, line);
	if (!markdown)
		return;
	fprintf(markdown, "\n### %s\n\n| %s |\n|", title, line);
	for (p = head; p; p = strchr(p + 1, '|'))
		fprintf(markdown, "---|");
	fprintf(markdown, "\n");
}

void row(const char *text, ...)
{
	char line[512];
	va_list args;

	va_start(args, text);
	vsnprintf(line, sizeof(line), text, args);
	va_end(args);
	printf("# | %s |\n", line);
	fflush(stdout);
	if (markdown)
		fprintf(markdown, "| %s |\n", line);
}

int report_end(void)
{
	printf("1..%u\n", points);
	if (failed)
		printf("# %u of %u failed\n", failed, points);
	return failed ? 1 : 0;
}
