/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Samples of utilisation, release neutral, and what they say of one vGPU.
 */
#ifndef OVG_PURE_UTIL_H
#define OVG_PURE_UTIL_H

#include "common/ovg_types.h"

/* Samples of one event, at most */
#define OVG_UTIL_SAMPLES	72
/* Utilisation counts hundredths of a percent. */
#define OVG_UTIL_MAX		10000

/**
 * enum ovg_util_engine - what is measured
 * @OVG_UTIL_GPU: graphics and compute
 * @OVG_UTIL_MEMORY: bandwidth of the FB
 * @OVG_UTIL_ENCODER: video encoders
 * @OVG_UTIL_DECODER: video decoders
 */
enum ovg_util_engine {
	OVG_UTIL_GPU,
	OVG_UTIL_MEMORY,
	OVG_UTIL_ENCODER,
	OVG_UTIL_DECODER,
	OVG_UTIL_ENGINES,
};

/**
 * struct ovg_util_sample - one sample
 * @time: when, by GSP's clock; not 0
 * @util: of each engine, at most OVG_UTIL_MAX
 * @pid: process of the VM that each engine worked for, 0 when none
 */
struct ovg_util_sample {
	u64 time;
	u32 util[OVG_UTIL_ENGINES];
	u32 pid[OVG_UTIL_ENGINES];
};

/*
 * Average over the samples later than @since in percent, for one process.  How
 * many such samples there are: with 0 @percent is left alone.
 */
u32 ovg_util_average(const struct ovg_util_sample *s, u32 n, u64 since, u32 pid,
		     u32 percent[OVG_UTIL_ENGINES]);

/* The latest time among the samples, @since when none is later. */
u64 ovg_util_latest(const struct ovg_util_sample *s, u32 n, u64 since);

#endif /* OVG_PURE_UTIL_H */
