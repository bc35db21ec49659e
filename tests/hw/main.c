// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * ovg-hw-check: TAP and tables; see hw.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hw.h"
#include "releases.h"

static const struct ovg_objects_codec *const objects[] = OVG_RELEASE_CODECS(objects);
static const struct ovg_vgpu_codec *const vgpus[] = OVG_RELEASE_CODECS(vgpu);

static int usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [-g MINOR] [-a] [-x] [-m MIB] [-o FILE]\n"
		"  -g MINOR  the GPU behind /dev/nvidiaMINOR, 0 by default\n"
		"  -a        all releases that the driver speaks, not only the newest\n"
		"  -x        also other transfer shapes and several copy engines\n"
		"  -m MIB    largest fill, 65536 by default\n"
		"  -o FILE   write the tables as Markdown, too\n"
		"Changes no setting and resets nothing.  Root may do more: see docs/hardware.md.\n",
		program);
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int minor = 0, i, newest = 0;
	bool all = false, explore = false;
	u64 max = 64 * GIB;
	FILE *markdown = NULL;
	char why[256];
	struct rm rm;
	int opt;

	while ((opt = getopt(argc, argv, "g:axm:o:")) != -1) {
		switch (opt) {
		case 'g':
			minor = strtoul(optarg, NULL, 0);
			break;
		case 'a':
			all = true;
			break;
		case 'x':
			explore = true;
			break;
		case 'm':
			max = strtoull(optarg, NULL, 0) * MIB;
			break;
		case 'o':
			markdown = fopen(optarg, "w");
			if (!markdown) {
				perror(optarg);
				return 2;
			}
			break;
		default:
			return usage(argv[0]);
		}
	}
	if (optind != argc || max < 64 * MIB)
		return usage(argv[0]);

	if (!rm_open(&rm, minor, why, sizeof(why))) {
		printf("1..0 # SKIP %s\n", why);
		fprintf(stderr, "ovg-hw-check: %s\n", why);
		return 2;
	}
	report_to(markdown);
	note("driver %s, GPU %04x:%02x:%02x.0 [%04x:%04x], %s", rm.version, rm.card.domain,
	     rm.card.bus, rm.card.slot, rm.card.vendor, rm.card.device,
	     geteuid() ? "not root" : "root");

	for (i = 1; i < HW_ARRAY_SIZE(objects); i++)
		if (strcmp(objects[i]->version, objects[newest]->version) > 0)
			newest = i;
	for (i = 0; i < HW_ARRAY_SIZE(objects); i++) {
		if (!all && i != newest)
			continue;
		check_calls(&rm, objects[i], vgpus[i]);
		rm_client_free(&rm);
	}

	if (rm_client(&rm, objects[newest])) {
		u64 before = fb_free(&rm);

		check_values(&rm, vgpus[newest]);
		check_scrub(&rm, max, explore);
		note("FB that is free: %llu MiB before, %llu MiB after",
		     (unsigned long long)(before / MIB), (unsigned long long)(fb_free(&rm) / MIB));
	} else {
		tap(false, "values and scrub: there is no RM client");
	}
	rm_close(&rm);
	if (markdown)
		fclose(markdown);
	return report_end();
}
