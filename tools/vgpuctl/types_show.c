// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl types show: tables, and JSON.  docs/types.md has the schema.
 */
#include <stdlib.h>

#include "types_set.h"
#include "util.h"

static const char *signature_text(enum types_signature s)
{
	switch (s) {
	case TYPES_SIGNED_TEST:
		return "test";
	case TYPES_SIGNED_OTHER:
		return "other";
	default:
		return "none";
	}
}

void types_show_text(const struct types_set *set, const char *path, const char *version)
{
	unsigned int i, k;

	printf("%s: %s%s\n", path, version ? "GSP " : "a catalogue", version ? version : "");
	for (i = 0; i < set->board->len; i++) {
		const struct types_board *b = g_ptr_array_index(set->board, i);

		printf("\nboard %04x%s%s, %u types\n", b->device_id, *b->name ? " " : "", b->name,
		       b->num_types);
		printf("%-6s %-24s %-8s %6s %6s %5s %6s %4s %5s %-10s %5s %-3s %s\n", "ID", "NAME",
		       "CLASS", "SIZE", "FB", "HEAP", "RESERV", "MAX", "HEADS", "RESOLUTION", "BAR1",
		       "ECC", "SIGNED");
		for (k = 0; k < b->num_types; k++) {
			const struct ovg_vgpu_type *t = &b->type[k].type;
			char id[12] = "-", resolution[16];

			if (t->id)
				snprintf(id, sizeof(id), "%u", t->id);
			snprintf(resolution, sizeof(resolution), "%ux%u", t->max_x, t->max_y);
			printf("%-6s %-24s %-8s %6u %6u %5u %6u %4u %5u %-10s %5u %-3s %s\n", id,
			       t->name, t->class, (u32)(t->profile_size >> 20),
			       (u32)(t->fb_length >> 20), (u32)(t->gsp_heap_size >> 20),
			       (u32)(t->fb_reservation >> 20), t->max_instance, t->num_heads,
			       resolution, (u32)(t->bar1_length >> 20), t->ecc ? "yes" : "no",
			       signature_text(b->type[k].signature));
		}
	}
}

struct json_object *types_json_text(const char *text)
{
	char *copy = clean(xstrdup(text));
	struct json_object *o = json_object_new_string(copy);

	free(copy);
	return o;
}

static void put_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, text ? types_json_text(text) : NULL);
}

static void put_id(struct json_object *o, const char *key, u16 id)
{
	char text[8];

	snprintf(text, sizeof(text), "%04x", id);
	put_text(o, key, text);
}

static void put_number(struct json_object *o, const char *key, u64 v)
{
	json_object_object_add(o, key, json_object_new_int64(v));
}

static void put_bool(struct json_object *o, const char *key, bool v)
{
	json_object_object_add(o, key, json_object_new_boolean(v));
}

static struct json_object *type_json(const struct types_type *t)
{
	struct json_object *o = json_object_new_object();

	if (t->type.id)
		put_number(o, "id", t->type.id);
	else
		json_object_object_add(o, "id", NULL);
	put_text(o, "name", t->type.name);
	put_text(o, "class", t->type.class);
	put_id(o, "device", t->type.device_id);
	put_id(o, "subsystem", t->type.subsystem_id);
	put_number(o, "max_instances", t->type.max_instance);
	put_number(o, "profile_bytes", t->type.profile_size);
	put_number(o, "fb_bytes", t->type.fb_length);
	put_number(o, "heap_bytes", t->type.gsp_heap_size);
	put_number(o, "reservation_bytes", t->type.fb_reservation);
	put_number(o, "bar1_bytes", t->type.bar1_length);
	put_number(o, "heads", t->type.num_heads);
	put_number(o, "max_x", t->type.max_x);
	put_number(o, "max_y", t->type.max_y);
	put_number(o, "max_pixels", t->extra.max_pixels);
	put_number(o, "frame_limit", t->extra.frame_limit);
	put_bool(o, "frame_limiter", t->extra.limiter);
	put_bool(o, "ecc", t->type.ecc);
	put_bool(o, "cuda", t->extra.cuda);
	put_bool(o, "multi_vgpu", t->extra.multi_vgpu);
	put_bool(o, "multi_vgpu_exclusive", t->extra.multi_vgpu_exclusive);
	put_bool(o, "gpu_direct", t->extra.gpu_direct);
	put_bool(o, "nvlink_p2p", t->extra.nvlink_p2p);
	put_number(o, "encoder_capacity", t->extra.encoder_capacity);
	put_text(o, "licenses", t->licenses);
	put_text(o, "signature", signature_text(t->signature));
	return o;
}

struct json_object *types_show_json(const struct types_set *set, const char *path,
				    const char *version)
{
	struct json_object *o = json_object_new_object(), *boards = json_object_new_array();
	unsigned int i, k;

	put_text(o, "file", path);
	put_text(o, "gsp_version", version);
	json_object_object_add(o, "boards", boards);
	for (i = 0; i < set->board->len; i++) {
		const struct types_board *b = g_ptr_array_index(set->board, i);
		struct json_object *board = json_object_new_object();
		struct json_object *types = json_object_new_array();

		put_id(board, "device", b->device_id);
		put_text(board, "name", *b->name ? b->name : NULL);
		json_object_object_add(board, "types", types);
		for (k = 0; k < b->num_types; k++)
			json_object_array_add(types, type_json(&b->type[k]));
		json_object_array_add(boards, board);
	}
	return o;
}
