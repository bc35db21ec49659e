// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * mutate FILE ROUNDS: read FILE, a vgpuConfig.xml or a catalogue, in ROUNDS damaged
 * versions.  What is taken in spite of the damage must be a set from which a file can
 * be made that the driver takes.  The sanitizers judge the rest.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sanitizer/common_interface_defs.h>

#include "types_set.h"

static u32 rnd(void)
{
	static u32 x = 0x2545f491;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* Words that matter to the readers, put in anywhere */
static const char *const words[] = {
	"<", ">", "</", "\"", "&lt;", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "0x", "-1", "0",
	"18446744073709551616", "0xffffffffffffffff", "4294967296", "<pgpu>", "</pgpu>",
	"<vgpuType id=\"9001\"/>", "<devId/>", "sriov", "type", "memory", "series", "board", "-",
	"\n", ",", ";", "=",
};

static GString *mutate(const char *text, size_t size)
{
	GString *s = g_string_new_len(text, size);
	u32 n;

	for (n = 1 + rnd() % 4; n && s->len > 4; n--) {
		size_t at = rnd() % s->len, len = 1 + rnd() % 40;
		const char *word = words[rnd() % OVG_ARRAY_SIZE(words)];

		switch (rnd() % 5) {
		case 0:
			s->str[at] ^= 1 << rnd() % 8;
			break;
		case 1:
			g_string_erase(s, at, MIN(len, s->len - at));
			break;
		case 2:
			g_string_insert(s, at, word);
			break;
		case 3: {
			char *copy = g_strndup(s->str + at, MIN(len * 8, s->len - at));

			g_string_insert(s, rnd() % s->len, copy);
			g_free(copy);
			break;
		}
		default:
			g_string_truncate(s, at);
		}
	}
	return s;
}

static bool is_xml(const char *path)
{
	return g_str_has_suffix(path, ".xml");
}

static int read_set(struct types_set *set, const char *path, const GString *s, const char *tmp)
{
	struct types_xml_options o = { .all = rnd() % 2 };

	if (is_xml(path))
		return types_read_xml_buffer(set, path, s->str, s->len, &o);
	g_file_set_contents(tmp, s->str, s->len, NULL);
	return types_read_catalogue(set, tmp, NULL, 0);
}

int main(int argc, char **argv)
{
	u32 rounds = argc == 4 ? strtoul(argv[2], NULL, 10) : 0, i, taken = 0;
	int out = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	const char *tmp = argv[3];
	char *text, *bin;
	gsize size;

	if (!rounds || out < 0 || null < 0 ||
	    !g_file_get_contents(argv[1], &text, &size, NULL)) {
		fprintf(stderr, "usage: mutate FILE ROUNDS SCRATCH\n");
		return 2;
	}
	bin = g_strconcat(tmp, ".bin", NULL);
	/* They complain a lot; the sanitizers shall be heard. */
	dup2(null, STDERR_FILENO);
	__sanitizer_set_report_fd((void *)(intptr_t)out);
	for (i = 0; i < rounds; i++) {
		GString *s = mutate(text, size);
		struct types_set *set = types_set_new();
		int ret = read_set(set, argv[1], s, tmp);

		if (ret == CTL_OK) {
			types_drop_unnumbered(set);
			ret = types_write(set, ovg_vgpu_codec_nth(rnd() % 2)->version, bin);
			if (ret != CTL_OK) {
				g_file_set_contents(tmp, s->str, s->len, NULL);
				dprintf(out, "round %u: taken, but no good: see %s\n", i, tmp);
				return 1;
			}
			taken++;
		}
		types_set_free(set);
		g_string_free(s, TRUE);
	}
	g_free(text);
	g_free(bin);
	printf("%u of %u taken\n", taken, rounds);
	/* All or none would mean that nothing was tried. */
	return taken && taken < rounds ? 0 : 1;
}
