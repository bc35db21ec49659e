// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * ovg-types: make the vGPU types' metadata file (NVVGPUMT) of a GSP release from
 * a catalogue in text; catalogue/l40.types shows the format.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "ovg_pure.h"
#include "vgpu_codec.h"
#include "vgpu_type.h"

/*
 * vGPU software release: 535.113.01 has none of its own, 16.1 (535.104) is the
 * last before it.  The manager goes by the GSP release, not by this.
 */
#define VGPU_MAJOR	16
#define VGPU_MINOR	1

struct series {
	char letter;
	char class[32];
	bool ecc;
	struct ovg_type_extra extra;
	char licenses[128];
};

struct catalogue {
	const char *path;
	unsigned int line;
	unsigned int board;
	unsigned int heap;
	unsigned int reservation;
	unsigned int bar1;
	struct series series[8];
	unsigned int num_series;
	struct ovg_vgpu_type type[OVG_MAX_TYPES];
	struct ovg_type_extra extra[OVG_MAX_TYPES];
	unsigned int num_types;
};

static void __attribute__((format(printf, 1, 2), noreturn)) die(const char *fmt, ...)
{
	va_list ap;

	fputs("ovg-types: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void __attribute__((noreturn)) bad_line(const struct catalogue *c, const char *why)
{
	die("%s:%u: %s", c->path, c->line, why);
}

static void read_series(struct catalogue *c, const char *text)
{
	struct series *s = &c->series[c->num_series];
	unsigned int ecc, cuda;

	if (c->num_series == OVG_ARRAY_SIZE(c->series))
		bad_line(c, "too many series");
	if (sscanf(text, " %c %31s %u %u %u %127s", &s->letter, s->class, &s->extra.frame_limit,
		   &ecc, &cuda, s->licenses) != 6 || ecc > 1 || cuda > 1)
		bad_line(c, "series: letter, class, frame limit, ECC 0|1, CUDA 0|1, licences");
	s->ecc = ecc;
	s->extra.cuda = cuda;
	s->extra.licenses = s->licenses;
	c->num_series++;
}

static void read_type(struct catalogue *c, const char *text)
{
	struct ovg_vgpu_type *t = &c->type[c->num_types];
	unsigned int id, subsystem, fb, max, heads, x, y, pixels, i;
	const struct series *s = NULL;
	char letter;
	int at = 0;

	if (c->num_types == OVG_MAX_TYPES)
		bad_line(c, "too many types");
	if (!c->board || !c->heap || !c->bar1)
		bad_line(c, "board, heap and bar1 come before the first type");
	if (sscanf(text, "%u %x %c %u %u %u %u %u %u %n", &id, &subsystem, &letter, &fb, &max,
		   &heads, &x, &y, &pixels, &at) != 9 || !at)
		bad_line(c, "type: id, subsystem, series, FB, max, heads, X, Y, pixels, name");
	for (i = 0; i < c->num_series; i++)
		if (c->series[i].letter == letter)
			s = &c->series[i];
	if (!s)
		bad_line(c, "unknown series");
	if (!id || !fb || !max || subsystem > 0xffff)
		bad_line(c, "a number is out of range");
	if (!text[at] || strlen(text + at) >= sizeof(t->name) || strchr(text + at, ':'))
		bad_line(c, "a name has 1 to 31 characters and no colon");
	for (i = 0; i < c->num_types; i++)
		if (c->type[i].id == id)
			bad_line(c, "this number occurs twice");

	t->id = id;
	strcpy(t->name, text + at);
	memcpy(t->class, s->class, sizeof(t->class));
	t->max_instance = max;
	t->num_heads = heads;
	t->max_x = x;
	t->max_y = y;
	t->ecc = s->ecc;
	t->device_id = c->board;
	t->subsystem_id = subsystem;
	t->pdev_id = c->board;
	t->profile_size = (u64)fb << 20;
	t->fb_length = (u64)fb << 20;
	t->gsp_heap_size = (u64)c->heap << 20;
	t->fb_reservation = (u64)c->reservation << 20;
	t->bar1_length = (u64)c->bar1 << 20;
	c->extra[c->num_types] = s->extra;
	c->extra[c->num_types].max_pixels = pixels;
	c->num_types++;
}

static void read_line(struct catalogue *c, char *line)
{
	char word[16];
	int at = 0;

	line[strcspn(line, "\n")] = 0;
	if (sscanf(line, " %15s %n", word, &at) != 1 || word[0] == '#')
		return;
	if (!strcmp(word, "series"))
		read_series(c, line + at);
	else if (!strcmp(word, "type"))
		read_type(c, line + at);
	else if (!strcmp(word, "board") && sscanf(line + at, "%x", &c->board) == 1 &&
		 c->board <= 0xffff)
		return;
	else if (!strcmp(word, "heap") && sscanf(line + at, "%u", &c->heap) == 1)
		return;
	else if (!strcmp(word, "reservation") && sscanf(line + at, "%u", &c->reservation) == 1)
		return;
	else if (!strcmp(word, "bar1") && sscanf(line + at, "%u", &c->bar1) == 1)
		return;
	else
		bad_line(c, "unknown or malformed line");
}

static void read_catalogue(struct catalogue *c, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		die("%s: %s", path, strerror(errno));
	c->path = path;
	while (getline(&line, &size, f) >= 0) {
		c->line++;
		read_line(c, line);
	}
	if (ferror(f))
		die("%s: %s", path, strerror(errno));
	free(line);
	fclose(f);
	if (!c->num_types)
		die("%s: no types", path);
}

/* The test signature; common/metadata.h says who takes it. */
static void sign(const struct ovg_vgpu_codec *codec, u8 *info)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	u8 *sig = info + codec->info_signature_offset;
	gsize len = VGPU_TEST_SIGNATURE_SHA_LEN;

	memset(sig, 0, codec->info_signature_size);
	g_checksum_update(sum, info, codec->info_size);
	g_checksum_get_digest(sum, sig + VGPU_TEST_SIGNATURE_TAG_LEN, &len);
	memcpy(sig, VGPU_TEST_SIGNATURE_TAG, VGPU_TEST_SIGNATURE_TAG_LEN);
	g_checksum_free(sum);
}

static void write_file(const char *path, const void *buf, size_t size)
{
	char *tmp = g_strconcat(path, ".new", NULL);
	FILE *f = fopen(tmp, "w");

	if (!f)
		die("%s: %s", tmp, strerror(errno));
	if (fwrite(buf, 1, size, f) != size || fclose(f)) {
		remove(tmp);
		die("%s: %s", tmp, strerror(errno));
	}
	if (rename(tmp, path))
		die("%s: %s", path, strerror(errno));
	g_free(tmp);
}

static void __attribute__((noreturn)) usage(FILE *to, int status)
{
	fputs("usage: ovg-types --gsp VERSION --output FILE CATALOGUE\n"
	      "\n"
	      "Make the metadata file that the vGPU manager loads for a GSP release, from a\n"
	      "catalogue of vGPU types.  Install it as\n"
	      "/lib/firmware/openvgpu/vgpu-types-VERSION.bin.  The types carry a test signature:\n"
	      "the emulated GPU takes them, a real GSP wants NVIDIA's own.\n", to);
	exit(status);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "gsp", required_argument, NULL, 'g' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *version = NULL, *output = NULL;
	const struct ovg_vgpu_codec *codec;
	struct catalogue *c;
	u8 *infos, *upload, *file;
	unsigned int i;
	size_t size;
	int opt;

	while ((opt = getopt_long(argc, argv, "g:o:h", options, NULL)) != -1) {
		switch (opt) {
		case 'g':
			version = optarg;
			break;
		case 'o':
			output = optarg;
			break;
		case 'h':
			usage(stdout, 0);
		default:
			usage(stderr, 2);
		}
	}
	if (!version || !output || optind != argc - 1)
		usage(stderr, 2);
	codec = ovg_vgpu_codec_find(version);
	if (!codec)
		die("GSP release %s is not known", version);

	c = g_new0(struct catalogue, 1);
	read_catalogue(c, argv[optind]);

	infos = g_malloc0((size_t)c->num_types * codec->info_size);
	for (i = 0; i < c->num_types; i++) {
		u8 *info = infos + (size_t)i * codec->info_size;

		codec->info(info, &c->type[i], &c->extra[i]);
		sign(codec, info);
	}
	upload = g_malloc0(codec->add_types_size);
	codec->add_types(upload, infos, c->num_types);

	size = ovg_metadata_size(c->num_types, codec->add_types_size);
	file = g_malloc0(size);
	ovg_metadata_build(file, version, VGPU_MAJOR, VGPU_MINOR, c->board, codec->cmd_add_types,
			   upload, codec->add_types_size, c->type, c->num_types);
	write_file(output, file, size);
	printf("%s: %u types, %zu bytes\n", output, c->num_types, size);

	g_free(file);
	g_free(upload);
	g_free(infos);
	g_free(c);
	return 0;
}
