// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * PCI addresses; see bdf.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdf.h"

/* A hexadecimal number of up to eight digits, ended by one of @ends. */
static bool number(const char **s, const char *ends, unsigned int max, unsigned int *out)
{
	unsigned long v = 0;
	int digits = 0;

	for (; isxdigit((unsigned char)**s); (*s)++) {
		if (++digits > 8)
			return false;
		v = v * 16 + (isdigit((unsigned char)**s) ? **s - '0' :
			      tolower((unsigned char)**s) - 'a' + 10);
	}
	*out = v;
	return digits && v <= max && (**s ? strchr(ends, **s) != NULL : ends[0] == 0);
}

static int colons(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == ':';
	return n;
}

/* Of a path its last component, whatever slashes are behind it; returns its length. */
static size_t base(const char **text)
{
	size_t end = strlen(*text), start;

	if (**text != '/')
		return end;
	while (end && (*text)[end - 1] == '/')
		end--;
	for (start = end; start && (*text)[start - 1] != '/'; start--)
		;
	*text += start;
	return end - start;
}

bool bdf_parse(const char *text, struct bdf *out)
{
	unsigned int domain = 0, bus, slot, function;
	char copy[64], *c;
	const char *s;
	size_t len;

	len = base(&text);
	if (!strncmp(text, "pci_", 4) || !strncmp(text, "pci@", 4)) {
		text += 4;
		len -= 4;
	}
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = 0;
	/* libvirt's form: underscores all the way, the last one for the dot */
	if (!strchr(copy, ':') && strchr(copy, '_')) {
		*strrchr(copy, '_') = '.';
		for (c = copy; *c; c++)
			if (*c == '_')
				*c = ':';
	}

	out->vf = -1;
	c = strchr(copy, '/');
	if (c) {
		char *end;
		long vf;

		*c++ = 0;
		vf = isdigit((unsigned char)*c) ? strtol(c, &end, 10) : -1;
		if (vf < 0 || vf > 0xffff || *end)
			return false;
		out->vf = vf;
	}

	s = copy;
	if (colons(copy) == 2) {
		if (!number(&s, ":", 0xffffffff, &domain))
			return false;
		s++;
	} else if (colons(copy) != 1) {
		return false;
	}
	if (!number(&s, ":", 0xff, &bus))
		return false;
	s++;
	if (!number(&s, ".", 0x1f, &slot))
		return false;
	s++;
	if (!number(&s, "", 7, &function))
		return false;
	snprintf(out->text, sizeof(out->text), "%04x:%02x:%02x.%x", domain, bus, slot, function);
	return true;
}
