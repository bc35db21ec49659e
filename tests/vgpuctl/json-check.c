// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * json-check: is stdin JSON documents, one or more, each with "schema": 1?
 */
#include <stdio.h>

#include <json-c/json.h>

int main(void)
{
	struct json_tokener *tok = json_tokener_new();
	static char buf[1 << 20];
	size_t len = fread(buf, 1, sizeof(buf), stdin), at = 0;
	struct json_object *doc, *schema;
	int n = 0;

	while (at < len && (buf[at] == '\n' || buf[at] == ' '))
		at++;
	while (at < len) {
		json_tokener_reset(tok);
		doc = json_tokener_parse_ex(tok, buf + at, len - at);
		if (!doc) {
			fprintf(stderr, "no JSON at byte %zu: %s\n", at,
				json_tokener_error_desc(json_tokener_get_error(tok)));
			return 1;
		}
		at += json_tokener_get_parse_end(tok);
		if (!json_object_object_get_ex(doc, "schema", &schema) ||
		    json_object_get_int(schema) != 1) {
			fprintf(stderr, "document %d has no \"schema\": 1\n", n);
			return 1;
		}
		json_object_put(doc);
		n++;
		while (at < len && (buf[at] == '\n' || buf[at] == ' '))
			at++;
	}
	json_tokener_free(tok);
	if (!n)
		fprintf(stderr, "no document\n");
	return !n;
}
