// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Text from JSON objects; see table.h.
 */
#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "table.h"
#include "util.h"

#define MAX_COLUMNS	16

struct json_object *json_at(struct json_object *obj, const char *key)
{
	const char *dot = strchr(key, '.');
	struct json_object *v = NULL;
	char first[64];

	if (dot) {
		snprintf(first, sizeof(first), "%.*s", (int)(dot - key), key);
		v = json_at(obj, first);
		return v ? json_at(v, dot + 1) : NULL;
	}
	json_object_object_get_ex(obj, key, &v);
	return v;
}

const char *json_text(struct json_object *obj, const char *key, const char *otherwise)
{
	struct json_object *v = json_at(obj, key);

	return v ? json_object_get_string(v) : otherwise;
}

long long json_num(struct json_object *obj, const char *key)
{
	struct json_object *v = json_at(obj, key);

	return v ? json_object_get_int64(v) : -1;
}

char *json_cell(struct json_object *obj, const char *key)
{
	struct json_object *v = json_at(obj, key);
	const char *s;

	if (!v)
		return xstrdup("N/A");
	if (json_object_is_type(v, json_type_boolean))
		return xstrdup(json_object_get_boolean(v) ? "yes" : "no");
	s = json_object_get_string(v);
	return xstrdup(*s ? s : "-");
}

char *bytes_text(long long bytes)
{
	if (bytes < 0)
		return xstrdup("N/A");
	if (bytes < 1LL << 30)
		return xasprintf("%.0f MiB", bytes / 1048576.0);
	return xasprintf("%.1f GiB", bytes / 1073741824.0);
}

size_t text_cut(const char *s, int columns, int *width)
{
	mbstate_t state = { 0 };
	const char *at = s;
	wchar_t wc;

	*width = 0;
	while (*at) {
		size_t len = mbrtowc(&wc, at, MB_LEN_MAX, &state);
		int w;

		if (len == (size_t)-1 || len == (size_t)-2) {
			memset(&state, 0, sizeof(state));
			len = 1;
			w = -1;
		} else {
			w = wcwidth(wc);
		}
		/* where the locale is not of UTF-8: a character is as wide as its first byte */
		if (w < 0)
			w = len > 1 || (*at & 0xc0) != 0x80;
		if (*width + w > columns)
			break;
		*width += w;
		at += len;
	}
	return at - s;
}

static int text_width(const char *s)
{
	int width;

	text_cut(s, INT_MAX, &width);
	return width;
}

static void print_row(FILE *out, char **cell, const int *width, const struct column *cols, int n,
		      const char *indent)
{
	/* blanks that wait for something behind them */
	int blanks = 0, pad, i;

	fputs(indent, out);
	for (i = 0; i < n; i++) {
		pad = width[i] - text_width(cell[i]);
		if (cols[i].right)
			blanks += pad;
		fprintf(out, "%*s%s", blanks, "", cell[i]);
		blanks = (cols[i].right ? 0 : pad) + 2;
	}
	putc('\n', out);
}

void table_print(FILE *out, struct json_object *rows, const struct column *cols,
		 const char *indent)
{
	size_t num = json_object_array_length(rows), r;
	char **cell, *head[MAX_COLUMNS];
	int width[MAX_COLUMNS] = { 0 }, n, i;

	for (n = 0; n < MAX_COLUMNS && cols[n].head; n++) {
		head[n] = (char *)cols[n].head;
		width[n] = text_width(head[n]);
	}
	cell = xcalloc(num * n, sizeof(*cell));
	for (r = 0; r < num; r++) {
		struct json_object *row = json_object_array_get_idx(rows, r);

		for (i = 0; i < n; i++) {
			char *text = cols[i].text ? cols[i].text(row) :
						    json_cell(row, cols[i].key);

			cell[r * n + i] = text;
			if (text_width(text) > width[i])
				width[i] = text_width(text);
		}
	}
	print_row(out, head, width, cols, n, indent);
	for (r = 0; r < num; r++)
		print_row(out, cell + r * n, width, cols, n, indent);
	for (r = 0; r < num * n; r++)
		free(cell[r]);
	free(cell);
}

static char *percent(struct json_object *row, const char *key)
{
	long long v = json_num(row, key);

	return v < 0 ? xstrdup("N/A") : xasprintf("%lld%%", v);
}

char *gpu_percent_cell(struct json_object *row)
{
	return percent(row, "utilization.gpu");
}

char *memory_percent_cell(struct json_object *row)
{
	return percent(row, "utilization.memory");
}

char *encoder_percent_cell(struct json_object *row)
{
	return percent(row, "utilization.encoder");
}

char *decoder_percent_cell(struct json_object *row)
{
	return percent(row, "utilization.decoder");
}
