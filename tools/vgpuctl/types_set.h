/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl types: what its parts share.  A source (a catalogue of ours, NVIDIA's
 * vgpuConfig.xml, a metadata file) becomes a struct types_set; the set becomes a
 * metadata file or text.
 */
#ifndef VGPUCTL_TYPES_SET_H
#define VGPUCTL_TYPES_SET_H

#include <glib.h>

#include "ctl.h"
#include "ovg_pure.h"
#include "vgpu_codec.h"
#include "vgpu_type.h"

#define TYPES_SIGNATURE_SIZE	128
#define TYPES_LICENSES_SIZE	128

/**
 * enum types_signature - who signed a type
 * @TYPES_UNSIGNED: nobody yet
 * @TYPES_SIGNED_TEST: we, with the test key (common/metadata.h)
 * @TYPES_SIGNED_OTHER: somebody else; NVIDIA, if the file is NVIDIA's
 */
enum types_signature {
	TYPES_UNSIGNED,
	TYPES_SIGNED_TEST,
	TYPES_SIGNED_OTHER,
};

/**
 * struct types_type - a type, whole
 * @type: what the kernel knows of it; @type.id is 0 when it has no public number
 * @extra: what only GSP must know; @extra.licenses is @licenses
 * @licenses: text
 * @signature: who signed
 * @signature_bytes: what goes to GSP when it is TYPES_SIGNED_OTHER
 */
struct types_type {
	struct ovg_vgpu_type type;
	struct ovg_type_extra extra;
	char licenses[TYPES_LICENSES_SIZE];
	enum types_signature signature;
	u8 signature_bytes[TYPES_SIGNATURE_SIZE];
};

/**
 * struct types_board - types of one board
 * @device_id: PCI device id
 * @name: as it is part of the types' names, "L40"; empty when not known
 * @num_types: how many
 * @type: them
 */
struct types_board {
	u16 device_id;
	char name[32];
	unsigned int num_types;
	struct types_type type[OVG_MAX_TYPES];
};

/**
 * struct types_set - what was read
 * @board: of &struct types_board *, in the source's order
 * @notes: of char *: what was left out and why
 */
struct types_set {
	GPtrArray *board;
	GPtrArray *notes;
};

struct types_set *types_set_new(void);
void types_set_free(struct types_set *set);
/* The board with this PCI id, NULL when there is none. */
struct types_board *types_board_find(const struct types_set *set, u16 device_id);
/* A board more, with its name where the driver knows it, else "". */
struct types_board *types_board_add(struct types_set *set, u16 device_id);
void types_note(struct types_set *set, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* May a type be called so?  Clients take "id : name" lines apart. */
bool types_name_ok(const char *name);

/**
 * struct types_first_id - --first-id BOARD=N
 * @board: its name or PCI id, as written
 * @id: number of its first type
 * @used: such a board was read
 */
struct types_first_id {
	const char *board;
	u32 id;
	bool used;
};

/* types_catalogue.c: add what a catalogue has.  Returns an enum ctl_exit. */
int types_read_catalogue(struct types_set *set, const char *path, struct types_first_id *first,
			 unsigned int num_first);
/* Leave out types without number, with a note. */
void types_drop_unnumbered(struct types_set *set);

/**
 * struct types_xml_options - of an import
 * @board: PCI ids that were asked for
 * @num_boards: how many; 0 for those that the driver knows
 * @all: each board that is in the file
 * @license: "CODE=TEXT" of codes that we do not know
 * @num_licenses: how many
 */
struct types_xml_options {
	u16 board[OVG_MAX_BOARDS];
	unsigned int num_boards;
	bool all;
	const char *license[16];
	unsigned int num_licenses;
};

/* types_xml.c: add what a vgpuConfig.xml has.  Returns an enum ctl_exit. */
int types_read_xml(struct types_set *set, const char *path, const struct types_xml_options *o);
/* The same from memory; @name is for messages. */
int types_read_xml_buffer(struct types_set *set, const char *name, const char *text, size_t size,
			  const struct types_xml_options *o);

/* types_file.c */
/* Write the metadata file for one release.  Returns an enum ctl_exit. */
int types_write(const struct types_set *set, const char *version, const char *path);
/* Is it a metadata file? */
bool types_is_metadata(const char *path);
/* Read one; @version gets the release it is for (free it). */
int types_read_metadata(struct types_set *set, const char *path, char **version);
/* A whole file; NULL, with a message and *@status set. */
char *types_slurp(const char *path, size_t limit, size_t *size, int *status);

/* types_show.c */
/* Text for JSON, whatever bytes it has. */
struct json_object *types_json_text(const char *text);
void types_show_text(const struct types_set *set, const char *path, const char *version);
struct json_object *types_show_json(const struct types_set *set, const char *path,
				    const char *version);

#endif /* VGPUCTL_TYPES_SET_H */
