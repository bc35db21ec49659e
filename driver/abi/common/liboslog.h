/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Logs of LIBOS' tasks, the same in all releases.  Facts: libos_log.h,
 * liblogdecode.h, liblogdecode.c of NVIDIA's open kernel modules.
 *
 * A log is an array of 64-bit words.  Word 0 counts the words that were ever
 * written; the others are a ring of them.  A record is its arguments, the
 * address of its description, and a time stamp in nanoseconds, in this order.
 * A description says how many arguments there are; it lies in a section of an
 * ELF file that NVIDIA does not publish.
 */
#ifndef OVG_LIBOSLOG_H
#define OVG_LIBOSLOG_H

#include "ovg_types.h"

#define LIBOS_LOG_WORD			8
/* Most arguments of a record */
#define LIBOS_LOG_MAX_ARGS		20
/* Bytes of a description, and what its address is a multiple of */
#define LIBOS_LOG_METADATA_SIZE		24
#define LIBOS_LOG_METADATA_ALIGN	8

#endif /* OVG_LIBOSLOG_H */
