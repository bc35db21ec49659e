/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What must change for GPUs and VFs to be as the configuration has them.
 */
#ifndef VGPUCTL_PLAN_H
#define VGPUCTL_PLAN_H

#include "config.h"
#include "put.h"

/**
 * enum step_kind - in the order in which they are done
 */
enum step_kind {
	STEP_SCHED_FIRST,	/* mixed sizes do not come beside a fixed share */
	STEP_CLEAR,	/* destroy, so that the mode can change */
	STEP_VFS,
	STEP_MODE,
	STEP_SCHED,
	STEP_DESTROY,
	STEP_PLACEMENT,	/* what moves makes room for what is created */
	STEP_CREATE,
	STEP_PARAMS,
};

enum step_result { RESULT_PLANNED, RESULT_DONE, RESULT_FAILED, RESULT_SKIPPED };

/**
 * struct step - one change
 * @vf: number of the VF, NA for the GPU
 * @file: of scheduler/, for STEP_SCHED and STEP_SCHED_FIRST
 * @seq: order among steps of a kind
 * @from: as it is, in words
 * @to: as it shall be
 * @type: for STEP_CREATE
 * @placement: for STEP_CREATE and STEP_PLACEMENT
 * @params: for STEP_CREATE and STEP_PARAMS, NULL for none
 * @num: VFs, for STEP_VFS; 1 for mixed, for STEP_MODE
 * @fb: of the type, by which they are sorted
 * @rule: who wants it, NULL for --prune
 */
struct step {
	enum step_kind kind;
	struct gpu *gpu;
	int vf;
	const char *file;
	int seq;
	char *from;
	char *to;
	int type;
	int placement;
	char *params;
	int num;
	long long fb;
	const struct rule *rule;
	enum step_result result;
};

/**
 * struct lost - a vGPU that was destroyed for something that failed later, perhaps
 */
struct lost {
	struct gpu *gpu;
	int vf;
	int type;
	int placement;
	char *params;
};

struct plan {
	struct step *step;
	int n;
	struct lost *lost;
	int num_lost;
};

/**
 * struct plan_options - of "vgpuctl apply"
 * @only: address of the GPU to look at, NULL for all
 * @prune: destroy vGPUs that the configuration does not name
 * @force: destroy vGPUs where the number of VFs or the mode cannot change otherwise
 */
struct plan_options {
	const char *only;
	bool prune;
	bool force;
};

/* Compare; what cannot be is reported, and the rest is planned nevertheless. */
int plan_make(const struct ctl *ctl, const struct config *c, struct gpus *g,
	      const struct plan_options *o, struct plan *p);
void plan_free(struct plan *p);
/*
 * Do it, all that can be done; sets the results and calls @after for each step.  A vGPU
 * that was destroyed for a step that fails is created again.
 */
int plan_run(struct ctl *ctl, struct plan *p, void (*after)(struct ctl *ctl, const struct step *s));

#endif /* VGPUCTL_PLAN_H */
