/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Writing to the driver's files, and why it refused.
 */
#ifndef VGPUCTL_PUT_H
#define VGPUCTL_PUT_H

#include "gpu.h"

/**
 * enum put_file - whose errors to look up
 * @PUT_TYPE: current_vgpu_type
 * @PUT_PLACEMENT: placement_id
 * @PUT_PARAMS: vgpu_params
 * @PUT_MODE: heterogeneous
 * @PUT_VFS: sriov_numvfs
 * @PUT_SCHED: files of scheduler/
 */
enum put_file { PUT_TYPE, PUT_PLACEMENT, PUT_PARAMS, PUT_MODE, PUT_VFS, PUT_SCHED };

/**
 * struct put - a write
 * @file: which
 * @path: of the file
 * @text: what to write
 * @gpu: the GPU
 * @vf: the VF, NULL for a file of the GPU
 * @what: what it does, in words: "select type 874 (L40-4Q)"
 */
struct put {
	enum put_file file;
	const char *path;
	const char *text;
	const struct gpu *gpu;
	const struct vf *vf;
	const char *what;
};

/* Write; CTL_OK, or what was reported: the errno's meaning, the driver's words, the way out. */
int put(const struct ctl *ctl, const struct put *p);
/* The write alone: 0 or -errno.  In a file of its own, so that tests can stand in for the driver. */
int put_raw(const struct ctl *ctl, const char *path, const char *text);

/* kmsg.c: the kernel log from now on */
int kmsg_open(const struct ctl *ctl);
/* Last line since then that speaks of one of the two devices, NULL; closes @fd. */
char *kmsg_last(int fd, const char *device, const char *other);
/* All lines that speak of the device, for freeing with dir_free(); NULL and errno. */
char **kmsg_all(const struct ctl *ctl, const char *device);

/* vgpu.c: what several subcommands do */
/* Type, then placement (NA: any) and params (NULL: as they are); undone when one of them fails. */
int vgpu_create(const struct ctl *ctl, struct gpu *gpu, struct vf *vf, int type, int placement,
		const char *params);
int vgpu_destroy(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf);
int vgpu_params(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf,
		const char *params);
int vgpu_placement(const struct ctl *ctl, const struct gpu *gpu, const struct vf *vf, int id);
int gpu_set_mode(const struct ctl *ctl, const struct gpu *gpu, bool mixed);
int gpu_set_sched(const struct ctl *ctl, const struct gpu *gpu, const char *file,
		  const char *value);
/* Takes the VFs away first when there are some; waits until each has nvidia/.  Reloads @gpu. */
int gpu_set_vfs(const struct ctl *ctl, struct gpu *gpu, int num);
/* "type 874 (L40-4Q)", for freeing */
char *type_text(const struct gpu *gpu, int id);

/**
 * struct sched_file - a file of scheduler/
 * @name: of the file
 * @option: of "vgpuctl sched"
 * @values: what can be written, NULL for a number
 */
struct sched_file {
	const char *name;
	const char *option;
	const char *values;
};

/* In the order in which the driver wants them: what does not belong to a new policy or arr goes. */
enum { SCHED_POLICY, SCHED_ARR, SCHED_TIMESLICE, SCHED_FACTOR, SCHED_FREQUENCY, SCHED_FILES };

extern const struct sched_file sched_files[SCHED_FILES + 1];
/* As the file wants it ("fixed-share" is "fixed_share"), for freeing; NULL when it cannot be. */
char *sched_value(const struct sched_file *f, const char *text);
/*
 * Why the driver would not take these values together (driver/pure/vgpu_sched.c), NULL
 * when it would.  In @want NULL is for what does not change; @policy and @arr are as it
 * is, NULL when that is not known.
 */
const char *sched_wrong(const char *const want[SCHED_FILES], const char *policy, const char *arr);
/* Is there a process that has the vGPU open, or has the driver not ended it yet? */
bool vgpu_open(const struct ctl *ctl, const struct vf *vf);

#endif /* VGPUCTL_PUT_H */
