// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * bdf-check: each spelling of an address.
 */
#include <stdio.h>
#include <string.h>

#include "bdf.h"

static const struct {
	const char *text;
	const char *want;	/* NULL: none */
	int vf;
} cases[] = {
	{ "0000:01:00.4", "0000:01:00.4", -1 },
	{ "01:00.4", "0000:01:00.4", -1 },
	{ "1:0.4", "0000:01:00.4", -1 },
	{ "00000000:01:00.0", "0000:01:00.0", -1 },
	{ "00010000:01:00.0", "10000:01:00.0", -1 },
	{ "00:41:0000.0", "0000:41:00.0", -1 },
	{ "0000:C1:1F.7", "0000:c1:1f.7", -1 },
	{ "pci_0000_01_00_4", "0000:01:00.4", -1 },
	{ "0000_01_00_4", "0000:01:00.4", -1 },
	{ "/sys/bus/pci/devices/0000:01:00.4", "0000:01:00.4", -1 },
	{ "/sys/bus/pci/devices/0000:01:00.0/", "0000:01:00.0", -1 },
	{ "/sys/bus/pci/devices/0000:01:00.0//", "0000:01:00.0", -1 },
	{ "/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.4/", "0000:01:00.4", -1 },
	{ "pci@0000:01:00.0", "0000:01:00.0", -1 },
	{ "pci@0000:01:00.0/2", "0000:01:00.0", 2 },
	{ "01:00.0/0", "0000:01:00.0", 0 },
	{ "0000:01:00.0/31", "0000:01:00.0", 31 },
	{ "", NULL, 0 }, { "/", NULL, 0 }, { "0", NULL, 0 }, { "01:00", NULL, 0 },
	{ "01:00.", NULL, 0 }, { ":00.0", NULL, 0 }, { "01::00.0", NULL, 0 },
	{ "01:00.8", NULL, 0 }, { "01:20.0", NULL, 0 }, { "100:00.0", NULL, 0 },
	{ "01:00.0x", NULL, 0 }, { "01:00.0 ", NULL, 0 }, { " 01:00.0", NULL, 0 },
	{ "01:00.00000000000000001", NULL, 0 }, { "000000000:01:00.0", NULL, 0 },
	{ "1:0:0:0.0", NULL, 0 }, { "01:00.0/", NULL, 0 }, { "01:00.0/x", NULL, 0 },
	{ "01:00.0/-1", NULL, 0 }, { "01:00.0/1x", NULL, 0 }, { "01:00.0/65536", NULL, 0 },
	{ "01:00.0/99999999999999999999", NULL, 0 }, { "gg:00.0", NULL, 0 },
	{ "____", NULL, 0 }, { "pci_", NULL, 0 }, { "pci@", NULL, 0 }, { "@01:00.0", NULL, 0 },
	{ "pci@pci@01:00.0", NULL, 0 }, { "pci:0000:01:00.0", NULL, 0 }, { "//", NULL, 0 },
	{ "/sys/bus/pci/devices/", NULL, 0 }, { "/0000:01:00.0/driver/", NULL, 0 },
	{ "0000:01:00.0//", NULL, 0 },
	{ "0000:01:00.0000:01:00.0000:01:00.0000:01:00.0000:01:00.0000:01:00.0", NULL, 0 },
};

#define COUNT ((int)(sizeof(cases) / sizeof(cases[0])))

int main(void)
{
	struct bdf bdf;
	int i, bad = 0;

	for (i = 0; i < COUNT; i++) {
		bool got = bdf_parse(cases[i].text, &bdf);
		bool ok = cases[i].want ? got && !strcmp(bdf.text, cases[i].want) &&
					  bdf.vf == cases[i].vf : !got;

		bad += !ok;
		printf("%sok %d - address \"%s\" is %s\n", ok ? "" : "not ", i + 1, cases[i].text,
		       cases[i].want ? cases[i].want : "none");
		if (!ok)
			printf("# got %s\n", got ? bdf.text : "none");
	}
	printf("1..%d\n", COUNT);
	return bad != 0;
}
