// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl doctor: what stands between this host and a vGPU.
 */
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "doctor.h"
#include "table.h"

static const char *const verdicts[] = { "ok", "warn", "fail" };

void finding(struct report *r, enum verdict v, const char *check, const char *gpu,
	     const char *hint, const char *fmt, ...)
{
	struct json_object *obj = json_object_new_object();
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	json_object_object_add(obj, "check", json_object_new_string(check));
	json_object_object_add(obj, "gpu", gpu ? json_object_new_string(gpu) : NULL);
	json_object_object_add(obj, "verdict", json_object_new_string(verdicts[v]));
	json_object_object_add(obj, "message", json_object_new_string(text));
	json_object_object_add(obj, "hint", v != VERDICT_OK && hint ?
			       json_object_new_string(hint) : NULL);
	json_object_array_add(r->checks, obj);
	r->count[v]++;
	free(text);
}

static void print_text(const struct report *r)
{
	size_t i;

	for (i = 0; i < json_object_array_length(r->checks); i++) {
		struct json_object *obj = json_object_array_get_idx(r->checks, i);
		const char *gpu = json_text(obj, "gpu", NULL);

		printf("%-4s  %-10s  %s%s%s\n", json_text(obj, "verdict", ""),
		       json_text(obj, "check", ""), gpu ? gpu : "", gpu ? ": " : "",
		       json_text(obj, "message", ""));
		if (json_at(obj, "hint"))
			printf("%18s-> %s\n", "", json_text(obj, "hint", ""));
	}
	printf("%d ok, %d warnings, %d failures\n", r->count[VERDICT_OK], r->count[VERDICT_WARN],
	       r->count[VERDICT_FAIL]);
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct report r = { .checks = json_object_new_array() };
	struct json_object *doc;
	struct gpus g;
	int i;

	(void)args;
	gpus_load(ctl, &g);
	check_host(ctl, &g, &r);
	check_gpus(ctl, &g, &r);
	gpus_free(&g);
	if (ctl->json) {
		doc = ctl_json_new();
		for (i = VERDICT_OK; i <= VERDICT_FAIL; i++)
			json_object_object_add(doc, verdicts[i], json_object_new_int(r.count[i]));
		json_object_object_add(doc, "checks", r.checks);
		ctl_print_json(doc);
	} else {
		print_text(&r);
		json_object_put(r.checks);
	}
	return r.count[VERDICT_FAIL] ? CTL_FAILED : CTL_OK;
}

const struct command command_doctor = {
	.name = "doctor",
	.words = "",
	.max_words = 0,
	.summary = "check this host, and say what to do",
	.description =
		"Checks the kernel's options, the IOMMU, VFIO, other drivers that are in the way, the three modules, and of each GPU SR-IOV, address space, its driver, firmware, vGPU types and VFs. Each finding is ok, warn or fail; behind -> stands what to do. The exit status is 1 when something failed. Some checks see less without root.",
	.examples = "vgpuctl doctor\nvgpuctl --json doctor",
	.run = run,
};
