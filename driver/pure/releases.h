/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The releases of GSP firmware that this driver speaks.  This list is the only
 * place, outside of the folders named after a release, that knows them.
 */
#ifndef OVG_PURE_RELEASES_H
#define OVG_PURE_RELEASES_H

/*
 * Initialiser of an array of pointers to the codecs of one kind (rpc, objects,
 * vgpu).  The release that is tried first comes first.
 */
#define OVG_RELEASE_CODECS(kind) { &ovg_##kind##_r570, &ovg_##kind##_r535 }

#endif /* OVG_PURE_RELEASES_H */
