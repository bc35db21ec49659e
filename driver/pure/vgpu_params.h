/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The text of vgpu_params: settings of one vGPU, "key=value" separated by commas.
 */
#ifndef OVG_PURE_VGPU_PARAMS_H
#define OVG_PURE_VGPU_PARAMS_H

#include "ovg_pure.h"

/* The longest text, NUL included (configParams of NVIDIA's start data). */
#define OVG_PARAMS_SIZE		1024
/* The longest key that a message names. */
#define OVG_PARAMS_NAME_SIZE	32

/**
 * struct ovg_vgpu_params - what the known keys say
 * @frame_rate_limiter: 60 (or 45) frames per second at most
 * @disable_vnc: no console on the host
 * @enable_uvm: unified memory
 * @enable_debugging: CUDA debuggers in the guest
 * @enable_profiling: CUDA profilers in the guest
 * @override_bar1_size: the guest sees the whole BAR1 of the VF
 * @address64: BARs above BAR1 may lie above 4 GiB
 */
struct ovg_vgpu_params {
	bool frame_rate_limiter;
	bool disable_vnc;
	bool enable_uvm;
	bool enable_debugging;
	bool enable_profiling;
	bool override_bar1_size;
	bool address64;
};

/* What holds when nothing was written. */
void ovg_params_default(struct ovg_vgpu_params *out);

/**
 * ovg_params_parse - read settings
 * @buf: text; blanks around keys and values do not count; no text, or blanks
 *	alone, is no settings.  A newline may end it
 * @len: its bytes
 * @out: the known keys' values
 * @text: the text as it is kept: without newline and blanks around it
 * @name: first key that is wrong, after an error; else the first that is not
 *	known, empty when all are
 *
 * Return: 0; -E2BIG when longer than OVG_PARAMS_SIZE - 1; -EINVAL for what is no
 * "key=value", for a known key with a value other than 0 or 1, and for
 * characters that do not print.  After an error @out and @text are unchanged.
 */
int ovg_params_parse(const char *buf, size_t len, struct ovg_vgpu_params *out,
		     char text[OVG_PARAMS_SIZE], char name[OVG_PARAMS_NAME_SIZE]);

#endif /* OVG_PURE_VGPU_PARAMS_H */
