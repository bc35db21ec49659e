// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Which release has which object codec.
 */
#include "objects.h"
#include "ovg_pure.h"
#include "releases.h"

static const struct ovg_objects_codec *const codecs[] = OVG_RELEASE_CODECS(objects);

const struct ovg_objects_codec *ovg_objects_codec(const char *version)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(codecs); i++)
		if (!strcmp(codecs[i]->version, version))
			return codecs[i];

	return NULL;
}
