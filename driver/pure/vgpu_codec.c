// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Choice of the release; see vgpu_codec.h.
 */
#include "ovg_pure.h"
#include "vgpu_codec.h"
#include "releases.h"

#include "common/regs.h"

static const struct ovg_vgpu_codec *const codecs[] = OVG_RELEASE_CODECS(vgpu);

const struct ovg_vgpu_codec *ovg_vgpu_codec_find(const char *version)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(codecs); i++)
		if (!strcmp(codecs[i]->version, version))
			return codecs[i];
	return NULL;
}

const struct ovg_vgpu_codec *ovg_vgpu_codec_nth(u32 n)
{
	return n < OVG_ARRAY_SIZE(codecs) ? codecs[n] : NULL;
}

int ovg_bootload_chids(const struct ovg_bootload *in, u32 *chid_offset, u32 count)
{
	u32 i;

	for (i = 0; i < OVG_CODEC_ENGINES; i++) {
		if (!(in->engines[i / 8] & (1u << (i % 8))))
			continue;
		if (i >= count)
			return -EINVAL;
		chid_offset[i] = in->chid_offset;
	}
	return 0;
}

u32 ovg_plugin_doorbell_value(u32 gfid)
{
	return gfid * NV_DOORBELL_VECTORS_PER_GFID + NV_DOORBELL_CPU_PLUGIN;
}
