/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * GPUs, VFs and vGPU types as sysfs shows them.  What a kernel or a driver does
 * not have is NULL or NA.
 */
#ifndef VGPUCTL_GPU_H
#define VGPUCTL_GPU_H

#include "bdf.h"
#include "ctl.h"
#include "util.h"

#define NA		(-1)
#define PCI_DEVICES	"/sys/bus/pci/devices"
#define TYPE_NONE	0

/**
 * struct type - a vGPU type
 * @id: number
 * @name: without "NVIDIA "
 * @class: NULL when it is not known from the metadata
 * @creatable: a VF lists it as creatable now
 */
struct type {
	int id;
	char *name;
	char *class;
	long long fb;
	int heads;
	int max_x;
	int max_y;
	int max_instance;
	bool creatable;
};

/**
 * struct types - types of one GPU
 * @type: sorted by number
 * @n: how many
 * @metadata: path of the metadata file, NULL when it was not read
 * @why: why it was not
 */
struct types {
	struct type *type;
	int n;
	char *metadata;
	char *why;
};

/**
 * struct vf - a virtual function
 * @index: from 0 on
 * @path: its directory
 * @type: number, TYPE_NONE, or NA when no driver of ours is bound
 * @util: percent of gpu, memory, encoder, decoder
 */
struct vf {
	int index;
	char bdf[BDF_SIZE];
	path_t path;
	char *driver;
	int iommu_group;
	char *vfio;
	int type;
	char *type_name;
	int placement;
	char *params;
	char *state;
	char *uuid;
	int vm_pid;
	char *vm_name;
	char *guest_driver;
	char *license;
	int util[4];
	long long util_age;
	long long xid_count;
	long long xid_last;
};

enum util { UTIL_GPU, UTIL_MEMORY, UTIL_ENCODER, UTIL_DECODER };

/**
 * struct gpu - a physical function whose core driver has published it
 * @path: its directory
 * @aux: directory of the auxiliary device, where the manager's files are
 * @aux_name: name of that device, as the kernel log has it
 * @board: "L40"; the PCI ids when it is none that we know
 * @mixed: 1 in mixed-size mode, 0 in homogeneous
 * @vf: those that are enabled
 */
struct gpu {
	char bdf[BDF_SIZE];
	path_t path;
	path_t aux;
	char *aux_name;
	char board[32];
	int device;
	char *driver;
	int numa;
	char *gsp;
	int max_vgpus;
	long long fb_total;
	long long fb_free;
	int mixed;
	int quarantined;
	int vfs_enabled;
	int vfs_total;
	struct vf *vf;
	int num_vfs;
	struct types types;
};

/**
 * struct other - an NVIDIA GPU that no core driver of ours has
 * @driver: "" for none
 */
struct other {
	char bdf[BDF_SIZE];
	path_t path;
	int device;
	char *driver;
};

struct gpus {
	struct gpu *gpu;
	int n;
	struct other *other;
	int others;
};

/* Read all.  No GPU is no error. */
void gpus_load(const struct ctl *ctl, struct gpus *g);
void gpus_free(struct gpus *g);
/* Read a GPU's files and VFs again. */
void gpu_reload(const struct ctl *ctl, struct gpu *gpu);
/* The same with the types as they were.  For those that poll. */
void gpu_reload_quick(const struct ctl *ctl, struct gpu *gpu);

/**
 * struct target - what a word on the command line means
 * @gpu: the GPU
 * @vf: the VF, NULL when the GPU itself is meant
 */
struct target {
	struct gpu *gpu;
	struct vf *vf;
};

enum target_kind { TARGET_ANY, TARGET_GPU, TARGET_VF };

/* Find a GPU or VF; CTL_OK, or what was reported. */
int target_find(struct gpus *g, const char *word, enum target_kind kind, struct target *out);
/* The only GPU; without one, or with several, an error that says which. */
int target_only_gpu(struct gpus *g, struct target *out);
/* vGPUs that a GPU has: VFs with a type. */
int gpu_vgpus(const struct gpu *gpu);
/* The firmware did not let go of its last vGPU, so it can have no other. */
bool vf_stuck(const struct vf *vf);
/* Neither has a vGPU nor is stuck. */
bool vf_free(const struct vf *vf);
/* How many VFs of a GPU are stuck. */
int gpu_stuck(const struct gpu *gpu);

/* A type by number or name, with or without "NVIDIA ", in any case; NULL. */
const struct type *type_find(const struct gpu *gpu, const char *text);
const struct type *type_by_id(const struct gpu *gpu, int id);

/* types.c: what the metadata file and the VFs say */
void types_load(const struct ctl *ctl, struct gpu *gpu);
void types_free(struct types *t);
/* Where the firmware loader looks for files; NULL-terminated, dir_free(). */
char **firmware_dirs(const struct ctl *ctl);

/* vm.c: the process behind a vGPU */
/* Its VM's name as QEMU has it, else the program's; NULL. */
char *vm_name(const struct ctl *ctl, int pid);
/* Who has the VFIO device of the VF open: pid, 0 when nobody that we may see. */
int vf_holder(const struct ctl *ctl, const struct vf *vf);

/* json.c */
struct json_object *gpu_json(const struct gpu *gpu, bool vfs);
struct json_object *vf_json(const struct vf *vf);
struct json_object *type_json(const struct type *t);

#endif /* VGPUCTL_GPU_H */
