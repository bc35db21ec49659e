// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl apply: make GPUs and VFs what the configuration says.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "command.h"
#include "plan.h"
#include "table.h"

/* name of the core driver */
#define CORE_DRIVER	"openvgpu"

static const char *const kinds[] = {
	[STEP_CLEAR] = "destroy", [STEP_VFS] = "vfs", [STEP_MODE] = "mode",
	[STEP_SCHED] = "scheduler", [STEP_SCHED_FIRST] = "scheduler", [STEP_DESTROY] = "destroy", [STEP_CREATE] = "create",
	[STEP_PLACEMENT] = "placement", [STEP_PARAMS] = "params",
};

static const char *const results[] = {
	[RESULT_PLANNED] = "planned", [RESULT_DONE] = "done", [RESULT_FAILED] = "failed",
	[RESULT_SKIPPED] = "skipped",
};

static struct json_object *step_json(const struct step *s)
{
	struct json_object *obj = json_object_new_object();
	char *text;

	json_object_object_add(obj, "gpu", json_object_new_string(s->gpu->bdf));
	json_object_object_add(obj, "vf", s->vf == NA ? NULL : json_object_new_int(s->vf));
	json_object_object_add(obj, "what", json_object_new_string(kinds[s->kind]));
	json_object_object_add(obj, "file", s->file ? json_object_new_string(s->file) : NULL);
	json_object_object_add(obj, "from", json_object_new_string(s->from));
	json_object_object_add(obj, "to", json_object_new_string(s->to));
	if (s->kind == STEP_CREATE) {
		json_object_object_add(obj, "placement_id",
				       s->placement == NA ? NULL : json_object_new_int(s->placement));
		json_object_object_add(obj, "params", json_object_new_string(s->params ? s->params : ""));
	}
	text = s->rule ? xasprintf("%s:%d", s->rule->file, s->rule->line) : NULL;
	json_object_object_add(obj, "config", text ? json_object_new_string(text) : NULL);
	free(text);
	json_object_object_add(obj, "result", json_object_new_string(results[s->result]));
	return obj;
}

static void print_step(const struct step *s)
{
	char *who = s->vf == NA ? xstrdup(s->gpu->bdf) : xasprintf("%s/%d", s->gpu->bdf, s->vf);

	printf("%-16s %s%s%s ", who, kinds[s->kind], s->file ? " " : "", s->file ? s->file : "");
	if (s->kind == STEP_CREATE)
		fputs(s->to, stdout);
	else if (s->kind == STEP_DESTROY || s->kind == STEP_CLEAR)
		fputs(s->from, stdout);
	else
		printf("%s -> %s", s->from, s->to);
	if (s->kind == STEP_CREATE && s->placement != NA)
		printf(", placement %d", s->placement);
	if (s->kind == STEP_CREATE && s->params && *s->params)
		printf(", params \"%s\"", s->params);
	if (s->result != RESULT_PLANNED)
		printf(": %s", results[s->result]);
	putchar('\n');
	fflush(stdout);
	free(who);
}

static void after(struct ctl *ctl, const struct step *s)
{
	if (!ctl->json)
		print_step(s);
}

static void print_all(struct ctl *ctl, const struct plan *p, bool dry)
{
	struct json_object *doc, *list = json_object_new_array();
	int i;

	for (i = 0; i < p->n && ctl->json; i++)
		json_object_array_add(list, step_json(&p->step[i]));
	if (ctl->json) {
		doc = ctl_json_new();
		json_object_object_add(doc, "dry_run", json_object_new_boolean(dry));
		json_object_object_add(doc, "changes", list);
		ctl_print_json(doc);
		return;
	}
	json_object_put(list);
	for (i = 0; i < p->n; i++)
		print_step(&p->step[i]);
}

static bool up(const struct gpus *g, const struct rule *r)
{
	int i;

	for (i = 0; i < g->n; i++)
		if (g->gpu[i].gsp && (r->any_gpu || r->by_address ||
				      !strcmp(r->address, g->gpu[i].bdf)))
			return true;
	return false;
}

/* A GPU that our driver has, but that has not come up: its address, NULL. */
static const char *coming(const struct gpus *g)
{
	const char *bdf = NULL;
	int i;

	for (i = 0; i < g->n && !bdf; i++)
		if (!g->gpu[i].gsp && g->gpu[i].driver && !strcmp(g->gpu[i].driver, CORE_DRIVER))
			bdf = g->gpu[i].bdf;
	for (i = 0; i < g->others && !bdf; i++)
		if (g->other[i].driver && !strcmp(g->other[i].driver, CORE_DRIVER))
			bdf = g->other[i].bdf;
	return bdf;
}

/* By its address, or its auxiliary device's name, which is what udev knows; NULL. */
static const struct gpu *named(const struct gpus *g, const char *word)
{
	struct bdf bdf = { 0 };
	bool is_bdf = bdf_parse(word, &bdf) && bdf.vf < 0;
	int i;

	for (i = 0; i < g->n; i++)
		if (!strcmp(g->gpu[i].aux_name, word) || (is_bdf && !strcmp(g->gpu[i].bdf, bdf.text)))
			return &g->gpu[i];
	return NULL;
}

/* At boot GPUs come up while this runs already.  @only: one GPU, NULL for all */
static int wait_for_gpus(struct ctl *ctl, const struct config *c, const char *only,
			 long long seconds)
{
	const struct gpu *gpu;
	double end = now() + seconds;
	int i, ret = CTL_OK;
	const char *late;
	struct gpus g;
	bool all;

	for (;;) {
		gpus_load(ctl, &g);
		gpu = only ? named(&g, only) : NULL;
		late = only ? (gpu && !gpu->gsp ? gpu->bdf : NULL) : coming(&g);
		all = only ? gpu && gpu->gsp : !late;
		for (i = 0; i < c->n && !only; i++)
			all = all && up(&g, &c->rule[i]);
		if (all || now() >= end)
			break;
		gpus_free(&g);
		nap(0.5);
	}
	if (late && seconds)
		ret = ctl_error(CTL_FAILED, "%s has OpenVGPU's core driver, but has not come up in %lld s; the kernel log and vgpuctl doctor say why",
				late, seconds);
	gpus_free(&g);
	return ret;
}

/*
 * One at a time: boot and a GPU that comes up may ask for it both.  The lock is in @fd;
 * -1 there when a user who may not change anything has none.
 */
static int lock(const struct ctl *ctl, int *fd)
{
	path_t path;

	path_set(path, "%s/run/vgpuctl.lock", ctl->root);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0 && geteuid())
		return CTL_OK;
	if (*fd >= 0 && !flock(*fd, LOCK_EX | LOCK_NB))
		return CTL_OK;
	if (*fd >= 0 && errno == EWOULDBLOCK) {
		fputs("vgpuctl: waiting for another vgpuctl\n", stderr);
		if (!flock(*fd, LOCK_EX))
			return CTL_OK;
	}
	return ctl_error(CTL_FAILED, "%s: %s; without this lock two vgpuctl may change the same GPU",
			 path, strerror(errno));
}

static int apply(struct ctl *ctl, const struct config *c, struct gpus *g,
		 const struct plan_options *o, bool dry)
{
	struct plan p;
	int ret = plan_make(ctl, c, g, o, &p);

	if (!p.n || dry || ctl->json) {
		if (!dry && p.n)
			ret = ctl_first(ret, plan_run(ctl, &p, after));
		print_all(ctl, &p, dry);
		if (!ctl->json && !p.n)
			puts(ret ? "nothing was changed" : "nothing to change");
		else if (!ctl->json)
			printf("%d change%s; nothing was done (--dry-run)\n", p.n, p.n == 1 ? "" : "s");
	} else {
		printf("%d change%s:\n", p.n, p.n == 1 ? "" : "s");
		print_all(ctl, &p, true);
		puts("applying:");
		ret = ctl_first(ret, plan_run(ctl, &p, after));
	}
	plan_free(&p);
	return ret;
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct plan_options o = {
		.prune = arg_value(args, "prune"), .force = arg_value(args, "force")
	};
	const char *only = arg_value(args, "gpu");
	bool dry = arg_value(args, "dry-run");
	const struct gpu *gpu;
	long long seconds = 0;
	struct config c;
	struct gpus g;
	int fd = -1, locked, ret;

	ret = arg_num(args, "wait", 0, 3600, &seconds);
	if (ret)
		return ret;
	ret = config_load(ctl, arg_value(args, "config"), &c);
	if (!ret) {
		/* who waits does not keep others from what is up already */
		ret = wait_for_gpus(ctl, &c, only, seconds);
		locked = dry ? CTL_OK : lock(ctl, &fd);
		if (locked == CTL_OK) {
			gpus_load(ctl, &g);
			gpu = only ? named(&g, only) : NULL;
			o.only = gpu ? gpu->bdf : NULL;
			if (only && !gpu)
				ret = ctl_error(CTL_NOT_FOUND, "--gpu %s: there is no such GPU of OpenVGPU; vgpuctl list shows what there is, vgpuctl doctor says why",
						only);
			else
				ret = ctl_first(ret, apply(ctl, &c, &g, &o, dry));
			gpus_free(&g);
		}
		ret = ctl_first(ret, locked);
		if (fd >= 0)
			close(fd);
	}
	config_free(&c);
	return ret;
}

const struct command command_apply = {
	.name = "apply",
	.words = "",
	.max_words = 0,
	.summary = "make GPUs and VFs what the configuration says",
	.description =
		"Reads /etc/openvgpu/*.conf, shows what differs, and changes it: number of VFs, mode, scheduler, vGPU types and their settings. What the configuration does not name stays as it is. Applied twice, the second time changes nothing. openvgpu.service does it at boot, and where it is enabled udev does it again for a GPU that gets its drivers anew. When openvgpu-vfio-pci alone is unloaded VFs lose their vGPU types; vgpuctl apply gives them again.\n\nA configuration with a wrong line changes nothing. Where one GPU or VF cannot be made so, the others are, and the exit status tells of the first failure. vGPUs that a VM uses are never destroyed: a GPU where one would have to be stays as it is as a whole, and so does one whose mode is known not to change. A vGPU that was destroyed for a change that fails is created again.",
	.examples = "vgpuctl apply --dry-run\nvgpuctl apply\nvgpuctl apply --config ./two-guests.conf",
	.options = {
		{ "dry-run", 'n', NULL, NULL, "only show what would be changed; needs no root" },
		{ "config", 'c', "PATH", "@file", "another file, or folder with *.conf" },
		{ "gpu", 'g', "GPU", "@gpu", "only this GPU: its address, or its auxiliary device, such as openvgpu_core.vgpu.0" },
		{ "prune", 0, NULL, NULL, "destroy vGPUs that the configuration does not name" },
		{ "force", 'f', NULL, NULL, "destroy the GPU's vGPUs where its number of VFs or its mode can change only so" },
		{ "wait", 'w', "SECONDS", NULL, "wait for the GPUs of the configuration, and all others that the core driver has, to come up" },
	},
	.run = run,
};
