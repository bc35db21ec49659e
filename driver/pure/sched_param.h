/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The text of the core's module parameter vgpu_sched, and the number that GSP's
 * registry takes for it.
 */
#ifndef OVG_PURE_SCHED_PARAM_H
#define OVG_PURE_SCHED_PARAM_H

#include "ovg_pure.h"

/**
 * ovg_sched_param_parse - read the parameter
 * @text: "best_effort", "equal_share" or "fixed_share".  After the last two and a
 *	comma each: "arr=default|disable|enable"; "timeslice_us=N" of whole
 *	milliseconds, for arr=disable; "frequency_hz=N" and "averaging_factor=N",
 *	for the others.  0 is GSP's default.  A newline may end it
 * @value: number for key RmPVMRL; unchanged after an error
 * @why: after an error, a sentence that says what is wrong
 *
 * Return: 0; -EINVAL for what is no such text; -ERANGE for a number that GSP
 * would bend into its range.
 */
int ovg_sched_param_parse(const char *text, u32 *value, const char **why);

#endif /* OVG_PURE_SCHED_PARAM_H */
