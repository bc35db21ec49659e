// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Reader of our catalogues (tools/catalogue, docs/types.md): lines of words, one
 * statement each, '#' begins a comment line.
 */
#include <errno.h>
#include <string.h>

#include "types_set.h"

#define MIB	20
#define MAX_WORDS	16

/* What a profile of some size costs, MiB */
struct memory {
	u32 profile, framebuffer, heap, reservation;
};

struct series {
	char letter;
	char class[32];
	struct ovg_type_extra extra;
	bool ecc;
	u32 bar1;
	char licenses[TYPES_LICENSES_SIZE];
};

struct reader {
	struct types_set *set;
	const char *path;
	unsigned int line;
	struct types_board *board;
	struct memory memory[32];
	unsigned int num_memory;
	struct series series[8];
	unsigned int num_series;
};

static int __attribute__((format(printf, 2, 3)))
bad(const struct reader *r, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	ctl_error(CTL_USAGE, "%s:%u: %s", r->path, r->line, text);
	g_free(text);
	return CTL_USAGE;
}

static bool number(const char *word, int base, u32 min, u32 max, u32 *out)
{
	const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "0123456789";
	unsigned long long v;

	if (!*word || strlen(word) > 10 || strspn(word, digits) != strlen(word))
		return false;
	v = strtoull(word, NULL, base);
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

static int read_board(struct reader *r, char **w, unsigned int n)
{
	u32 id;

	if (n != 2 || !number(w[0], 16, 1, 0xffff, &id))
		return bad(r, "board: PCI device id, name");
	if (r->board)
		return bad(r, "board: a catalogue is for one board, this one is for %04x",
			   r->board->device_id);
	/* "NVIDIA <board>-48Q" must fit into 31 characters. */
	if (strlen(w[1]) > 19)
		return bad(r, "board: the name '%s' has more than 19 characters", w[1]);
	if (!types_name_ok(w[1]))
		return bad(r, "board: the name has a colon in it, or what cannot be printed");
	if (types_board_find(r->set, id))
		return bad(r, "board: there is another catalogue for %04x already", id);
	r->board = types_board_add(r->set, id);
	strcpy(r->board->name, w[1]);
	return CTL_OK;
}

static int read_memory(struct reader *r, char **w, unsigned int n)
{
	struct memory *m = &r->memory[r->num_memory];
	unsigned int i;

	if (r->num_memory == OVG_ARRAY_SIZE(r->memory))
		return bad(r, "memory: more than %zu lines", OVG_ARRAY_SIZE(r->memory));
	/* A GPU has less than a TiB. */
	if (n != 4 || !number(w[0], 10, 1024, 1 << 20, &m->profile) || m->profile % 1024 ||
	    !number(w[1], 10, 256, m->profile, &m->framebuffer) ||
	    !number(w[2], 10, 1, m->profile, &m->heap) ||
	    !number(w[3], 10, 0, m->profile, &m->reservation))
		return bad(r, "memory: profile, framebuffer, heap, reservation, all MiB; the profile whole GiB and the largest");
	for (i = 0; i < r->num_memory; i++)
		if (r->memory[i].profile == m->profile)
			return bad(r, "memory: %u occurs twice", m->profile);
	r->num_memory++;
	return CTL_OK;
}

static bool read_flags(struct series *s, char *text)
{
	char *word, *state;

	if (!strcmp(text, "-"))
		return true;
	for (word = strtok_r(text, ",", &state); word; word = strtok_r(NULL, ",", &state)) {
		if (!strcmp(word, "ecc"))
			s->ecc = true;
		else if (!strcmp(word, "cuda"))
			s->extra.cuda = true;
		else if (!strcmp(word, "multi"))
			s->extra.multi_vgpu = true;
		else if (!strcmp(word, "exclusive"))
			s->extra.multi_vgpu_exclusive = true;
		else if (!strcmp(word, "gpudirect"))
			s->extra.gpu_direct = true;
		else
			return false;
	}
	return true;
}

static int read_series(struct reader *r, char **w, unsigned int n)
{
	struct series *s = &r->series[r->num_series];
	unsigned int i;

	if (r->num_series == OVG_ARRAY_SIZE(r->series))
		return bad(r, "series: more than %zu of them", OVG_ARRAY_SIZE(r->series));
	memset(s, 0, sizeof(*s));
	if (n != 6 || strlen(w[0]) != 1 || strlen(w[1]) >= sizeof(s->class) ||
	    !number(w[2], 10, 1, 1000, &s->extra.frame_limit) ||
	    !number(w[4], 10, 1, 1 << 20, &s->bar1) || (s->bar1 & (s->bar1 - 1)))
		return bad(r, "series: letter, class, frame limit, flags, BAR1 in MiB (a power of two), licences");
	if (!read_flags(s, w[3]))
		return bad(r, "series: flags are '-' or some of ecc,cuda,multi,exclusive,gpudirect");
	if (strlen(w[5]) >= sizeof(s->licenses))
		return bad(r, "series: licences have more than %zu characters",
			   sizeof(s->licenses) - 1);
	if (!types_name_ok(w[0]) || !types_name_ok(w[1]))
		return bad(r, "series: letter or class is a colon, or cannot be printed");
	for (i = 0; i < r->num_series; i++)
		if (r->series[i].letter == w[0][0])
			return bad(r, "series: %c occurs twice", w[0][0]);
	s->letter = w[0][0];
	strcpy(s->class, w[1]);
	strcpy(s->licenses, w[5]);
	s->extra.limiter = true;
	/* The same for all types that are public. */
	s->extra.mappable_video_size = 4 << MIB;
	s->extra.encoder_capacity = 100;
	r->num_series++;
	return CTL_OK;
}

/* "4Q": profile in GiB, series */
static int profile_of(struct reader *r, const char *word, const struct memory **m,
		      const struct series **s)
{
	size_t digits = strspn(word, "0123456789");
	unsigned int i;
	u32 gib;

	if (!digits || digits > 3 || strlen(word) != digits + 1)
		return bad(r, "type: '%s' is no profile such as 4Q", word);
	gib = strtoul(word, NULL, 10);
	for (i = 0; i < r->num_memory; i++)
		if (r->memory[i].profile == gib * 1024)
			*m = &r->memory[i];
	for (i = 0; i < r->num_series; i++)
		if (r->series[i].letter == word[digits])
			*s = &r->series[i];
	if (!*m)
		return bad(r, "type: %s: no memory line for %u MiB", word, gib * 1024);
	if (!*s)
		return bad(r, "type: %s: no series %c", word, word[digits]);
	return CTL_OK;
}

static int read_type(struct reader *r, char **w, unsigned int n)
{
	u32 id = 0, subsystem, max, heads, x, y, pixels;
	const struct memory *m = NULL;
	const struct series *s = NULL;
	struct types_type *t;
	unsigned int i;
	int ret;

	if (!r->board)
		return bad(r, "type: the board comes first");
	if (n != 8 || (strcmp(w[0], "-") && !number(w[0], 10, 1, 0xffffffff, &id)) ||
	    !number(w[1], 16, 1, 0xffff, &subsystem) || !number(w[3], 10, 1, 32, &max) ||
	    !number(w[4], 10, 1, 16, &heads) || !number(w[5], 10, 1, 65535, &x) ||
	    !number(w[6], 10, 1, 65535, &y) || !number(w[7], 10, 1, 0xffffffff, &pixels))
		return bad(r, "type: number or '-', subsystem id, profile, vGPUs at most, heads, X, Y, pixels");
	if (r->board->num_types == OVG_MAX_TYPES)
		return bad(r, "type: a board has at most %u types", OVG_MAX_TYPES);
	ret = profile_of(r, w[2], &m, &s);
	if (ret)
		return ret;
	for (i = 0; i < r->board->num_types; i++) {
		const struct ovg_vgpu_type *o = &r->board->type[i].type;

		if (id && o->id == id)
			return bad(r, "type: %u is %s already", id, o->name);
		if (o->subsystem_id == subsystem)
			return bad(r, "type: subsystem id %04x is that of %s already", subsystem,
				   o->name);
	}

	t = &r->board->type[r->board->num_types];
	memset(t, 0, sizeof(*t));
	snprintf(t->type.name, sizeof(t->type.name), "NVIDIA %.19s-%.4s", r->board->name, w[2]);
	for (i = 0; i < r->board->num_types; i++)
		if (!strcmp(r->board->type[i].type.name, t->type.name))
			return bad(r, "type: %s occurs twice", t->type.name);
	t->type.id = id;
	strcpy(t->type.class, s->class);
	t->type.max_instance = max;
	t->type.num_heads = heads;
	t->type.max_x = x;
	t->type.max_y = y;
	t->type.ecc = s->ecc;
	t->type.device_id = r->board->device_id;
	t->type.subsystem_id = subsystem;
	t->type.pdev_id = r->board->device_id;
	t->type.profile_size = (u64)m->profile << MIB;
	t->type.fb_length = (u64)m->framebuffer << MIB;
	t->type.gsp_heap_size = (u64)m->heap << MIB;
	t->type.fb_reservation = (u64)m->reservation << MIB;
	t->type.bar1_length = (u64)s->bar1 << MIB;
	t->extra = s->extra;
	t->extra.max_pixels = pixels;
	strcpy(t->licenses, s->licenses);
	t->extra.licenses = t->licenses;
	r->board->num_types++;
	return CTL_OK;
}

static int read_line(struct reader *r, char *line)
{
	static const struct {
		const char *word;
		int (*read)(struct reader *r, char **w, unsigned int n);
	} statements[] = {
		{ "board", read_board },
		{ "memory", read_memory },
		{ "series", read_series },
		{ "type", read_type },
	};
	char *w[MAX_WORDS], *state, *word;
	unsigned int n = 0, i;

	if (line[strspn(line, " \t")] == '#')
		return CTL_OK;
	for (word = strtok_r(line, " \t\r", &state); word; word = strtok_r(NULL, " \t\r", &state)) {
		if (n == MAX_WORDS)
			return bad(r, "more than %d words", MAX_WORDS);
		w[n++] = word;
	}
	if (!n)
		return CTL_OK;
	for (i = 0; i < OVG_ARRAY_SIZE(statements); i++)
		if (!strcmp(w[0], statements[i].word))
			return statements[i].read(r, w + 1, n - 1);
	return bad(r, "'%s' is none of board, memory, series, type", w[0]);
}

/* --first-id: number the types as their subsystem ids go. */
static int give_numbers(struct reader *r, struct types_first_id *first, unsigned int num_first)
{
	struct types_board *b = r->board;
	struct types_first_id *f = NULL;
	u16 lowest = 0xffff;
	unsigned int i;
	char id[8];

	snprintf(id, sizeof(id), "%04x", b->device_id);
	for (i = 0; i < num_first; i++)
		if (!g_ascii_strcasecmp(first[i].board, b->name) ||
		    !g_ascii_strcasecmp(first[i].board, id))
			f = &first[i];
	if (!f)
		return CTL_OK;
	f->used = true;
	for (i = 0; i < b->num_types; i++)
		lowest = ovg_min(lowest, b->type[i].type.subsystem_id);
	for (i = 0; i < b->num_types; i++) {
		struct ovg_vgpu_type *t = &b->type[i].type;

		if (t->id)
			return ctl_error(CTL_USAGE, "%s: --first-id %s: the types of this board have numbers already",
					 r->path, f->board);
		if (f->id > 0xffffffff - (u32)(t->subsystem_id - lowest))
			return ctl_error(CTL_USAGE, "--first-id %s=%u is too large", f->board, f->id);
		t->id = f->id + (t->subsystem_id - lowest);
	}
	return CTL_OK;
}

void types_drop_unnumbered(struct types_set *set)
{
	unsigned int i, k;

	for (i = 0; i < set->board->len; i++) {
		struct types_board *b = g_ptr_array_index(set->board, i);
		unsigned int kept = 0;

		for (k = 0; k < b->num_types; k++) {
			if (!b->type[k].type.id)
				continue;
			b->type[kept] = b->type[k];
			b->type[kept].extra.licenses = b->type[kept].licenses;
			kept++;
		}
		if (kept < b->num_types)
			types_note(set, "%u of %u types of the %s are left out: their numbers are not public; --first-id %s=NUMBER says that of the first",
				   b->num_types - kept, b->num_types, b->name, b->name);
		b->num_types = kept;
	}
}

int types_read_catalogue(struct types_set *set, const char *path, struct types_first_id *first,
			 unsigned int num_first)
{
	struct reader r = { .set = set, .path = path };
	char *text, *line, *next;
	int ret = CTL_OK;
	size_t size;

	text = types_slurp(path, 1 << 20, &size, &ret);
	if (!text)
		return ret;
	if (strlen(text) != size) {
		ret = ctl_error(CTL_USAGE, "%s: no text file", path);
		goto out;
	}
	for (line = text; line && !ret; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		r.line++;
		ret = read_line(&r, line);
	}
	if (!ret && (!r.board || !r.board->num_types))
		ret = ctl_error(CTL_USAGE, "%s: no %s", path, r.board ? "types" : "board");
	if (!ret)
		ret = give_numbers(&r, first, num_first);
out:
	g_free(text);
	return ret;
}
