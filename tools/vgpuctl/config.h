/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * /etc/openvgpu/<name>.conf: what GPUs and VFs shall be like.
 */
#ifndef VGPUCTL_CONFIG_H
#define VGPUCTL_CONFIG_H

#include "gpu.h"

#define CONFIG_DIR	"/etc/openvgpu"
#define VF_ALL		INT_MAX

/**
 * struct rule - one "key = value" line, with the section that it stands in
 * @file: where
 * @line: where
 * @any_gpu: "*" instead of an address
 * @address: of the GPU; of the VF when @by_address
 * @of_vf: in a section of VFs
 * @by_address: that section names a VF by its own address
 * @first: VFs of the section
 * @last: VFs of the section, VF_ALL for "*"
 * @key: name
 * @value: checked
 */
struct rule {
	const char *file;
	int line;
	bool any_gpu;
	char address[BDF_SIZE];
	bool of_vf;
	bool by_address;
	int first;
	int last;
	const char *key;
	char *value;
};

struct config {
	struct rule *rule;
	int n;
	char **files;
	int num_files;
};

/*
 * Read a file, or all *.conf of a folder; NULL for the default one.  CTL_OK, or what
 * was reported, every wrong line of it.  No file at all is an error.
 */
int config_load(const struct ctl *ctl, const char *path, struct config *c);
void config_free(struct config *c);
/*
 * The rule that holds for a GPU (@vf is NA) or one of its VFs: the section that says
 * more about whom it means wins.  NULL in @out when there is none; two that say equally
 * much are an error, and none of them holds.
 */
int config_lookup(const struct config *c, const struct gpu *gpu, int vf, const char *key,
		  const struct rule **out);
/* Address of a VF, enabled or not; false when sysfs does not say. */
bool vf_address(const struct gpu *gpu, int vf, char out[BDF_SIZE]);

#endif /* VGPUCTL_CONFIG_H */
