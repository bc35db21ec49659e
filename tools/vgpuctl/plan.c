// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * From a configuration to changes; see plan.h.
 */
#include <stdint.h>
#include <string.h>

#include "plan.h"

/**
 * struct planner - state of plan_make() for one GPU
 * @vfs: VFs that there will be
 * @gone: what vGPUs there are will be gone when VFs get theirs
 * @conflict: a key that was looked up is set twice
 */
struct planner {
	const struct ctl *ctl;
	const struct config *c;
	const struct plan_options *o;
	struct plan *p;
	struct gpu *gpu;
	int vfs;
	bool gone;
	bool conflict;
	int status;
};

static struct step *add(struct planner *pl, enum step_kind kind, int vf, char *from, char *to,
			const struct rule *rule)
{
	struct plan *p = pl->p;
	struct step *s;

	p->step = xrealloc(p->step, (p->n + 1) * sizeof(*p->step));
	s = &p->step[p->n++];
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->gpu = pl->gpu;
	s->vf = vf;
	s->from = from;
	s->to = to;
	s->rule = rule;
	s->placement = NA;
	return s;
}

static const struct rule *lookup(struct planner *pl, int vf, const char *key)
{
	const struct rule *r;
	int ret = config_lookup(pl->c, pl->gpu, vf, key, &r);

	pl->status = ctl_first(pl->status, ret);
	pl->conflict = pl->conflict || ret;
	return r;
}

/* May all of the GPU's vGPUs go, so that @what can change? */
static bool may_clear(struct planner *pl, const struct rule *r, const char *what)
{
	int vgpus = gpu_vgpus(pl->gpu);

	if (!vgpus || pl->o->force)
		return true;
	pl->status = ctl_first(pl->status,
			       ctl_error(CTL_REFUSED,
					 "%s:%d: %s of %s can change only while it has no vGPU, and it has %d; destroy them first, or --force does it",
					 r->file, r->line, what, pl->gpu->bdf, vgpus));
	return false;
}

/* False when the rest of this GPU makes no sense. */
static bool plan_vfs(struct planner *pl)
{
	const struct rule *r = lookup(pl, NA, "vfs");
	struct gpu *gpu = pl->gpu;
	long long num;

	pl->vfs = gpu->num_vfs;
	if (!r)
		return true;
	if (!strcmp(r->value, "max"))
		num = gpu->vfs_total;
	else
		parse_num(r->value, INT_MAX, &num);
	if (num == NA || num > gpu->vfs_total) {
		pl->status = ctl_first(pl->status,
				       ctl_error(CTL_REFUSED, "%s:%d: vfs = %s: %s has %d", r->file,
						 r->line, r->value, gpu->bdf,
						 gpu->vfs_total == NA ? 0 : gpu->vfs_total));
		return false;
	}
	pl->vfs = num;
	if (num == gpu->vfs_enabled)
		return true;
	if (!may_clear(pl, r, "the number of VFs"))
		return false;
	pl->gone = true;
	add(pl, STEP_VFS, NA, xasprintf("%d", gpu->vfs_enabled), xasprintf("%lld", num), r)->num = num;
	return true;
}

static bool plan_mode(struct planner *pl)
{
	const struct rule *r = lookup(pl, NA, "mode");
	struct gpu *gpu = pl->gpu;
	bool mixed;
	int i;

	if (!r)
		return true;
	mixed = !strcmp(r->value, "mixed");
	if (gpu->mixed == mixed)
		return true;
	if (!may_clear(pl, r, "the mode"))
		return false;
	for (i = 0; i < gpu->num_vfs && !pl->gone; i++)
		if (gpu->vf[i].type > 0)
			add(pl, STEP_CLEAR, i, type_text(gpu, gpu->vf[i].type), xstrdup("none"), r);
	pl->gone = true;
	add(pl, STEP_MODE, NA, xstrdup(gpu->mixed == NA ? "unknown" : gpu->mixed ? "mixed" : "equal"),
	    xstrdup(r->value), r)->num = mixed;
	return true;
}

/* Is a vGPU of the GPU open? */
static bool any_open(struct planner *pl)
{
	int i;

	for (i = 0; i < pl->gpu->num_vfs; i++)
		if (vgpu_open(pl->ctl, &pl->gpu->vf[i]))
			return true;
	return false;
}

/*
 * What is written as a default reads as what is in force: arr always, numbers while a
 * vGPU is open, when they cannot change anyway.
 */
static bool sched_differs(int file, const char *is, const char *want, bool open)
{
	if (!is)
		return true;
	if (!strcmp(is, want))
		return false;
	if (file == SCHED_ARR && !strcmp(want, "default"))
		return !strcmp(is, "disable");
	return strcmp(want, "0") || !open;
}

static void plan_sched_files(struct planner *pl, const struct rule *const rule[SCHED_FILES],
			     char *is[SCHED_FILES])
{
	const struct rule *mode = lookup(pl, NA, "mode");
	enum step_kind kind = mode && !strcmp(mode->value, "mixed") ? STEP_SCHED_FIRST : STEP_SCHED;
	bool open = any_open(pl), differs[SCHED_FILES];
	struct step *s;
	int i;

	for (i = 0; i < SCHED_FILES; i++)
		differs[i] = rule[i] && sched_differs(i, is[i], rule[i]->value, open);
	/* "enable" that reads so may be the firmware's default, to which no numbers belong */
	if (rule[SCHED_ARR] && !strcmp(rule[SCHED_ARR]->value, "enable"))
		for (i = SCHED_FACTOR; i <= SCHED_FREQUENCY; i++)
			differs[SCHED_ARR] |= differs[i] && strcmp(rule[i]->value, "0");
	for (i = 0; i < SCHED_FILES; i++) {
		if (!differs[i])
			continue;
		s = add(pl, kind, NA, xstrdup(is[i] ? is[i] : "unknown"), xstrdup(rule[i]->value),
			rule[i]);
		s->file = sched_files[i].name;
		s->seq = i;
	}
}

static void plan_sched(struct planner *pl)
{
	const char *want[SCHED_FILES] = { 0 }, *wrong;
	const struct rule *rule[SCHED_FILES], *last = NULL;
	char *is[SCHED_FILES];
	path_t dir;
	int i;

	path_set(dir, "%s/scheduler", pl->gpu->aux);
	for (i = 0; i < SCHED_FILES; i++) {
		rule[i] = lookup(pl, NA, i == SCHED_POLICY ? "scheduler" : sched_files[i].name);
		is[i] = file_read_in(dir, sched_files[i].name);
		if (rule[i]) {
			want[i] = rule[i]->value;
			last = rule[i];
		}
	}
	wrong = sched_wrong(want, is[SCHED_POLICY], NULL);
	if (wrong)
		pl->status = ctl_first(pl->status,
				       ctl_error(CTL_USAGE, "%s:%d: the scheduler of %s cannot be so: %s",
						 last->file, last->line, pl->gpu->bdf, wrong));
	else
		plan_sched_files(pl, rule, is);
	for (i = 0; i < SCHED_FILES; i++)
		free(is[i]);
}

/* Number of a configured type; NA when that was reported, TYPE_NONE for none. */
static int type_number(struct planner *pl, const struct rule *r)
{
	const struct type *t;
	long long id;

	if (!strcmp(r->value, "none"))
		return TYPE_NONE;
	t = type_find(pl->gpu, r->value);
	if (t)
		return t->id;
	if (parse_num(r->value, INT_MAX, &id))
		return id;
	pl->status = ctl_first(pl->status,
			       ctl_error(CTL_NOT_FOUND, "%s:%d: %s has no type \"%s\"%s%s; vgpuctl types %s lists them",
					 r->file, r->line, pl->gpu->bdf, r->value,
					 pl->gpu->types.why ? " that is known: " : "",
					 pl->gpu->types.why ? pl->gpu->types.why : "", pl->gpu->bdf));
	return NA;
}

static void plan_destroy(struct planner *pl, int vf, int type, const struct rule *r)
{
	add(pl, STEP_DESTROY, vf, type_text(pl->gpu, type), xstrdup("none"), r);
}

static void plan_create(struct planner *pl, int vf, int type, const struct rule *r,
			const struct rule *placement, const struct rule *params)
{
	const struct type *t = type_by_id(pl->gpu, type);
	char *name = type_text(pl->gpu, type);
	struct step *s;

	s = add(pl, STEP_CREATE, vf, xstrdup("none"), name, r);
	s->type = type;
	s->fb = t ? t->fb : 0;
	if (placement)
		s->placement = atoi(placement->value);
	if (params)
		s->params = xstrdup(params->value);
}

static void plan_settings(struct planner *pl, const struct vf *vf, const struct rule *placement,
			  const struct rule *params)
{
	struct step *s;

	if (placement && atoi(placement->value) != vf->placement) {
		s = add(pl, STEP_PLACEMENT, vf->index, vf->placement == NA ? xstrdup("unknown") :
			xasprintf("%d", vf->placement), xstrdup(placement->value), placement);
		s->placement = atoi(placement->value);
	}
	if (params && (!vf->params || strcmp(trim(vf->params), params->value))) {
		s = add(pl, STEP_PARAMS, vf->index, xasprintf("\"%s\"", vf->params ? vf->params : ""),
			xasprintf("\"%s\"", params->value), params);
		s->params = xstrdup(params->value);
	}
}

/* GiB of FB that a vGPU covers from its placement id on, as driver/pure/placement.c has it. */
static int places(const struct gpu *gpu, const struct vf *vf)
{
	const struct type *t = type_by_id(gpu, vf->type);

	return t && t->fb > 1 << 30 ? t->fb >> 30 : 1;
}

/* Does the move @s go where the vGPU of the other move is now? */
static bool waits_for(const struct step *s, const struct step *other)
{
	const struct vf *vf = &s->gpu->vf[s->vf], *there = &other->gpu->vf[other->vf];

	return s != other && there->placement != NA &&
	       s->placement < there->placement + places(s->gpu, there) &&
	       there->placement < s->placement + places(s->gpu, vf);
}

/* A move of the GPU that has no place in the order yet, and whose target nobody leaves later. */
static struct step *next_move(struct plan *p, const struct gpu *gpu, bool *left)
{
	int i, k;

	*left = false;
	for (i = 0; i < p->n; i++) {
		struct step *s = &p->step[i];
		bool free_now = true;

		if (s->gpu != gpu || s->kind != STEP_PLACEMENT || s->seq)
			continue;
		*left = true;
		for (k = 0; k < p->n && free_now; k++) {
			const struct step *o = &p->step[k];

			free_now = o->gpu != gpu || o->kind != STEP_PLACEMENT || o->seq ||
				   !waits_for(s, o);
		}
		if (free_now)
			return s;
	}
	return NULL;
}

static void step_clear(struct step *s)
{
	free(s->from);
	free(s->to);
	free(s->params);
}

/* Whose place is taken by another that moves goes after it; in a circle nobody can. */
static void order_moves(struct planner *pl)
{
	struct plan *p = pl->p;
	struct step *s;
	int i, n, seq = 0;
	bool left;

	while ((s = next_move(p, pl->gpu, &left)) != NULL)
		s->seq = ++seq;
	for (i = n = 0; i < p->n; i++) {
		s = &p->step[i];
		if (left && s->gpu == pl->gpu && s->kind == STEP_PLACEMENT && !s->seq) {
			pl->status = ctl_first(pl->status,
					       ctl_error(CTL_REFUSED, "%s:%d: %s/%d cannot move to %d, which is left only by a vGPU that waits for a place itself; destroy one of them, and apply creates it where it shall be",
							 s->rule->file, s->rule->line, s->gpu->bdf,
							 s->vf, s->placement));
			step_clear(s);
			continue;
		}
		p->step[n++] = *s;
	}
	p->n = n;
}

static void plan_vf(struct planner *pl, int i)
{
	const struct rule *r, *placement, *params;
	struct gpu *gpu = pl->gpu;
	struct vf *vf = !pl->gone && i < gpu->num_vfs ? &gpu->vf[i] : NULL;
	int is = vf && vf->type > 0 ? vf->type : TYPE_NONE, want;

	pl->conflict = false;
	r = lookup(pl, i, "type");
	placement = lookup(pl, i, "placement");
	params = lookup(pl, i, "params");
	if (pl->conflict)
		return;
	if (!r) {
		const struct rule *lone = placement ? placement : params;

		if (lone)
			pl->status = ctl_first(pl->status,
					       ctl_error(CTL_USAGE, "%s:%d: %s of %s/%d, which has no type in the configuration",
							 lone->file, lone->line, lone->key,
							 gpu->bdf, i));
		else if (is && pl->o->prune)
			plan_destroy(pl, i, is, NULL);
		return;
	}
	want = type_number(pl, r);
	if (want == NA)
		return;
	if (is && is == want) {
		plan_settings(pl, vf, placement, params);
		return;
	}
	if (is)
		plan_destroy(pl, i, is, r);
	if (want)
		plan_create(pl, i, want, r, placement, params);
}

/* A section that means nobody is a mistake, or a GPU that has not come up. */
static int check_sections(const struct config *c, const struct gpus *g)
{
	const struct rule *last = NULL;
	int i, k, v, status = CTL_OK;

	for (i = 0; i < c->n; i++) {
		const struct rule *r = &c->rule[i];
		char address[BDF_SIZE];
		bool found = r->any_gpu && g->n;

		if (last && !strcmp(last->address, r->address) && last->by_address == r->by_address)
			continue;
		for (k = 0; k < g->n && !found; k++) {
			found = !r->by_address && !strcmp(r->address, g->gpu[k].bdf);
			for (v = 0; r->by_address && v < g->gpu[k].vfs_total && !found; v++)
				found = vf_address(&g->gpu[k], v, address) &&
					!strcmp(address, r->address);
		}
		if (found)
			continue;
		last = r;
		status = ctl_first(status,
				   ctl_error(CTL_NOT_FOUND, "%s:%d: there is no %s %s of OpenVGPU; vgpuctl list shows what there is, vgpuctl doctor says why",
					     r->file, r->line, r->by_address ? "VF" : "GPU",
					     r->any_gpu ? "at all" : r->address));
	}
	return status;
}

/* VFs that are configured, but there will be fewer. */
static void check_vf_numbers(struct planner *pl)
{
	const struct rule *r;
	int i;

	for (i = 0; i < pl->c->n; i++) {
		r = &pl->c->rule[i];
		if (!r->of_vf || r->by_address || strcmp(r->key, "type") ||
		    (!r->any_gpu && strcmp(r->address, pl->gpu->bdf)))
			continue;
		if (r->last == VF_ALL ? !pl->vfs : r->last >= pl->vfs)
			pl->status = ctl_first(pl->status,
					       ctl_error(CTL_NOT_FOUND, "%s:%d: %s has %d VFs, so there is no VF %d; vfs = max in its section enables all",
							 r->file, r->line, pl->gpu->bdf, pl->vfs,
							 r->last == VF_ALL ? 0 : r->last));
	}
}

/* Of the GPU's steps the first of a kind, with that VF or file; NULL. */
static const struct step *find_step(struct planner *pl, enum step_kind kind, int vf,
				    const char *file)
{
	int i;

	for (i = 0; i < pl->p->n; i++) {
		const struct step *s = &pl->p->step[i];

		if (s->gpu == pl->gpu && s->kind == kind && s->vf == vf &&
		    (!file || !strcmp(s->file, file)))
			return s;
	}
	return NULL;
}

static bool goes(struct planner *pl, int vf)
{
	return pl->gone || find_step(pl, STEP_CLEAR, vf, NULL) || find_step(pl, STEP_DESTROY, vf, NULL);
}

/* A vGPU that would go, but cannot. */
static bool vgpu_may_go(struct planner *pl, const struct vf *vf)
{
	int pid;
	char *name;

	if (!vgpu_open(pl->ctl, vf))
		return true;
	pid = vf_holder(pl->ctl, vf);
	name = pid > 0 ? vm_name(pl->ctl, pid) : NULL;
	if (pid > 0)
		ctl_error(CTL_REFUSED, "%s: the vGPU of %s/%d would be destroyed, but process %d (%s) has it open, so the GPU stays as it is; stop that VM first",
			  pl->gpu->bdf, pl->gpu->bdf, vf->index, pid, name ? name : "?");
	else
		ctl_error(CTL_REFUSED, "%s: the vGPU of %s/%d would be destroyed, but it is %s, so the GPU stays as it is; stop its VM first",
			  pl->gpu->bdf, pl->gpu->bdf, vf->index, vf->state ? vf->state : "in use");
	free(name);
	return false;
}

/* A VF whose last vGPU the firmware still has gets no other, unless all VFs go first. */
static bool vgpu_may_come(struct planner *pl, const struct vf *vf)
{
	if (pl->gone || !vf_stuck(vf) || !find_step(pl, STEP_CREATE, vf->index, NULL))
		return true;
	ctl_error(CTL_REFUSED, "%s: the firmware did not let go of the last vGPU of %s/%d, which would get another, so the GPU stays as it is; unbind and bind its core driver",
		  pl->gpu->bdf, pl->gpu->bdf, vf->index);
	return false;
}

/* What the driver would refuse a new mode for, when the vGPUs are gone already. */
static bool mode_may_change(struct planner *pl)
{
	const struct step *mode = find_step(pl, STEP_MODE, NA, NULL), *policy;
	struct gpu *gpu = pl->gpu;
	const char *why = NULL;
	path_t dir;
	char *is;

	if (!mode)
		return true;
	path_set(dir, "%s/scheduler", gpu->aux);
	policy = find_step(pl, STEP_SCHED_FIRST, NA, "policy");
	is = policy ? xstrdup(policy->to) : file_read_in(dir, "policy");
	if (mode->num && gpu->gsp && !strncmp(gpu->gsp, "535.", 4))
		why = "GSP 535.113.01 has no mixed sizes; 570.144 has";
	else if (mode->num && is && !strcmp(is, "fixed_share"))
		why = "vGPUs of mixed sizes have no fixed share; take another scheduler";
	else if (gpu->quarantined > 0)
		why = "memory is quarantined; it comes back when the core driver is unbound and bound";
	if (why)
		ctl_error(CTL_REFUSED, "%s:%d: the mode of %s cannot change, so the GPU stays as it is: %s",
			  mode->rule->file, mode->rule->line, gpu->bdf, why);
	free(is);
	return !why;
}

/* Nothing is destroyed for what is known to fail: all of the GPU's steps, or none. */
static void check_gpu(struct planner *pl, int first)
{
	struct gpu *gpu = pl->gpu;
	bool ok = mode_may_change(pl);
	int i;

	for (i = 0; i < gpu->num_vfs; i++) {
		if (gpu->vf[i].type > 0 && goes(pl, i))
			ok = vgpu_may_go(pl, &gpu->vf[i]) && ok;
		ok = vgpu_may_come(pl, &gpu->vf[i]) && ok;
	}
	if (ok)
		return;
	pl->status = ctl_first(pl->status, CTL_REFUSED);
	for (i = first; i < pl->p->n; i++)
		step_clear(&pl->p->step[i]);
	pl->p->n = first;
}

static void plan_gpu(struct planner *pl)
{
	int i, first = pl->p->n;

	if (!plan_vfs(pl) || !plan_mode(pl)) {
		check_gpu(pl, first);
		return;
	}
	plan_sched(pl);
	check_vf_numbers(pl);
	for (i = 0; i < pl->vfs; i++)
		plan_vf(pl, i);
	order_moves(pl);
	check_gpu(pl, first);
}

/*
 * By GPU and kind; among the creations those with a place of their own come first,
 * then the larger: what is small finds room between them.
 */
static int compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->gpu != y->gpu)
		return (uintptr_t)x->gpu < (uintptr_t)y->gpu ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->kind == STEP_CREATE && (x->placement == NA) != (y->placement == NA))
		return x->placement == NA ? 1 : -1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	if (x->fb != y->fb)
		return x->fb > y->fb ? -1 : 1;
	return (x->vf > y->vf) - (x->vf < y->vf);
}

int plan_make(const struct ctl *ctl, const struct config *c, struct gpus *g,
	      const struct plan_options *o, struct plan *p)
{
	struct planner pl = { .ctl = ctl, .c = c, .o = o, .p = p };
	int i;

	memset(p, 0, sizeof(*p));
	pl.status = o->only ? CTL_OK : check_sections(c, g);
	for (i = 0; i < g->n; i++) {
		if (o->only && strcmp(o->only, g->gpu[i].bdf))
			continue;
		pl.gpu = &g->gpu[i];
		pl.gone = false;
		plan_gpu(&pl);
	}
	if (p->n)
		qsort(p->step, p->n, sizeof(*p->step), compare);
	return pl.status;
}

void plan_free(struct plan *p)
{
	int i;

	for (i = 0; i < p->n; i++)
		step_clear(&p->step[i]);
	for (i = 0; i < p->num_lost; i++)
		free(p->lost[i].params);
	free(p->lost);
	free(p->step);
	memset(p, 0, sizeof(*p));
}

static int do_vf_step(struct ctl *ctl, struct step *s)
{
	struct vf *vf;

	if (s->vf >= s->gpu->num_vfs)
		return ctl_error(CTL_FAILED, "%s: VF %d is not there any more", s->gpu->bdf, s->vf);
	vf = &s->gpu->vf[s->vf];
	switch (s->kind) {
	case STEP_CLEAR:
	case STEP_DESTROY:
		return vgpu_destroy(ctl, s->gpu, vf);
	case STEP_CREATE:
		return vgpu_create(ctl, s->gpu, vf, s->type, s->placement, s->params);
	case STEP_PLACEMENT:
		return vgpu_placement(ctl, s->gpu, vf, s->placement);
	default:
		return vgpu_params(ctl, s->gpu, vf, s->params);
	}
}

static int do_step(struct ctl *ctl, struct step *s)
{
	switch (s->kind) {
	case STEP_VFS:
		return gpu_set_vfs(ctl, s->gpu, s->num);
	case STEP_MODE:
		return gpu_set_mode(ctl, s->gpu, s->num);
	case STEP_SCHED_FIRST:
	case STEP_SCHED:
		return gpu_set_sched(ctl, s->gpu, s->file, s->to);
	default:
		return do_vf_step(ctl, s);
	}
}

/* Remember a vGPU that is about to go. */
static void lose(struct plan *p, struct gpu *gpu, int vf)
{
	struct lost *l;

	if (vf >= gpu->num_vfs || gpu->vf[vf].type <= 0)
		return;
	p->lost = xrealloc(p->lost, (p->num_lost + 1) * sizeof(*p->lost));
	l = &p->lost[p->num_lost++];
	*l = (struct lost){
		gpu, vf, gpu->vf[vf].type, gpu->vf[vf].placement,
		gpu->vf[vf].params ? xstrdup(gpu->vf[vf].params) : NULL
	};
}

static void remember(struct plan *p, const struct step *s)
{
	int i;

	if (s->kind == STEP_CLEAR || s->kind == STEP_DESTROY)
		lose(p, s->gpu, s->vf);
	else if (s->kind == STEP_VFS)
		for (i = 0; i < s->gpu->num_vfs; i++)
			lose(p, s->gpu, i);
}

/* Create again what was there; the old place may not be one any more. */
static void put_back(struct ctl *ctl, const struct lost *l)
{
	char *name = type_text(l->gpu, l->type);
	struct vf *vf;
	int ret = CTL_NOT_FOUND;
	path_t dir;

	if (l->vf < l->gpu->num_vfs) {
		vf = &l->gpu->vf[l->vf];
		path_set(dir, "%s/nvidia", vf->path);
		if (file_num(dir, "current_vgpu_type") > 0) {
			free(name);
			return;
		}
		ret = vgpu_create(ctl, l->gpu, vf, l->type, l->placement, l->params);
		if (ret && l->placement != NA)
			ret = vgpu_create(ctl, l->gpu, vf, l->type, NA, l->params);
	}
	if (ret)
		ctl_error(CTL_FAILED, "%s/%d: %s was destroyed for a change that failed, and could not be created again; vgpuctl create %s/%d --type %d does it when there is room",
			  l->gpu->bdf, l->vf, name, l->gpu->bdf, l->vf, l->type);
	else
		ctl_error(CTL_FAILED, "%s/%d: %s, which was destroyed for a change that failed, was created again",
			  l->gpu->bdf, l->vf, name);
	free(name);
}

/*
 * After a failed step: a VF that does not get its new vGPU has the old one again; where
 * the number of VFs or the mode could not change all of the GPU's have.
 */
static void undo(struct ctl *ctl, struct plan *p, const struct step *failed)
{
	bool all = failed->kind == STEP_CLEAR || failed->kind == STEP_VFS ||
		   failed->kind == STEP_MODE;
	int i;

	if (!all && failed->kind != STEP_CREATE)
		return;
	for (i = 0; i < p->num_lost; i++)
		if (p->lost[i].gpu == failed->gpu && (all || p->lost[i].vf == failed->vf))
			put_back(ctl, &p->lost[i]);
}

static bool is_sched(const struct step *s)
{
	return s->kind == STEP_SCHED || s->kind == STEP_SCHED_FIRST;
}

/*
 * What follows a failed step: of the GPU all VFs' steps, of the scheduler what comes
 * later, of a VF its other ones.
 */
static bool hangs_on(const struct step *s, const struct step *failed)
{
	if (s->gpu != failed->gpu)
		return false;
	/* nothing goes for a mode that fixed share will refuse */
	if (is_sched(failed) && !strcmp(failed->from, "fixed_share"))
		return failed->kind == STEP_SCHED_FIRST || is_sched(s);
	if (is_sched(failed))
		return is_sched(s);
	if (is_sched(s))
		return false;
	if (failed->kind == STEP_VFS || failed->kind == STEP_MODE || failed->kind == STEP_CLEAR)
		return true;
	return failed->vf != NA && s->vf == failed->vf;
}

int plan_run(struct ctl *ctl, struct plan *p, void (*after)(struct ctl *ctl, const struct step *s))
{
	int i, k, ret, status = CTL_OK;

	for (i = 0; i < p->n; i++) {
		struct step *s = &p->step[i];

		if (s->result != RESULT_SKIPPED) {
			remember(p, s);
			ret = do_step(ctl, s);
			status = ctl_first(status, ret);
			s->result = ret ? RESULT_FAILED : RESULT_DONE;
			for (k = i + 1; ret && k < p->n; k++)
				if (hangs_on(&p->step[k], s))
					p->step[k].result = RESULT_SKIPPED;
			if (ret)
				undo(ctl, p, s);
		}
		after(ctl, s);
	}
	return status;
}
