/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Text from JSON objects: what a command prints is one set of objects, whichever
 * way it is printed.
 */
#ifndef VGPUCTL_TABLE_H
#define VGPUCTL_TABLE_H

#include "ctl.h"

/**
 * struct column - of a table
 * @head: heading
 * @key: of the row's objects, "utilization.gpu" for one inside
 * @text: makes the text of a cell from the row, for freeing; NULL for the value as
 *	it is
 * @right: numbers, aligned to the right
 */
struct column {
	const char *head;
	const char *key;
	char *(*text)(struct json_object *row);
	bool right;
};

/* @cols ends with one without heading.  Trailing blanks are not printed. */
void table_print(FILE *out, struct json_object *rows, const struct column *cols,
		 const char *indent);
/* How many bytes of @s fit into so many columns, and how many columns these take. */
size_t text_cut(const char *s, int columns, int *width);
/* Value of a key, NULL for null and for what is not there. */
struct json_object *json_at(struct json_object *obj, const char *key);
/* A string's text, or @otherwise. */
const char *json_text(struct json_object *obj, const char *key, const char *otherwise);
/* A number, -1 where there is none. */
long long json_num(struct json_object *obj, const char *key);
/* A value as a cell has it: N/A for null, - for an empty string.  For freeing. */
char *json_cell(struct json_object *obj, const char *key);
/* Cells of vGPUs' utilization: "45%", or N/A.  For freeing. */
char *gpu_percent_cell(struct json_object *row);
char *memory_percent_cell(struct json_object *row);
char *encoder_percent_cell(struct json_object *row);
char *decoder_percent_cell(struct json_object *row);
/* "12.5 GiB", "N/A" for -1.  For freeing. */
char *bytes_text(long long bytes);

#endif /* VGPUCTL_TABLE_H */
