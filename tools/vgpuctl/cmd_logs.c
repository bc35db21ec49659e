// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl logs: what driver, plugin task and guest said of a vGPU.
 */
#include <errno.h>
#include <string.h>

#include "command.h"
#include "put.h"

static const struct {
	const char *name;
	const char *file;
	const char *title;
} logs[] = {
	{ "driver", NULL, "driver, in the kernel log" },
	{ "init", "init_log", "init task, in GSP" },
	{ "task", "task_log", "plugin task, in GSP" },
	{ "kernel", "kernel_log", "kernel of the plugin task, in GSP" },
};

#define NUM_LOGS (sizeof(logs) / sizeof(logs[0]))

static char **split(char *text)
{
	char **lines = xcalloc(1, sizeof(*lines)), *line, *save;
	int n = 0;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		lines = xrealloc(lines, (n + 2) * sizeof(*lines));
		lines[n++] = xstrdup(line);
		lines[n] = NULL;
	}
	return lines;
}

/* Lines of one log; NULL and @why, for freeing, when it is not to be had. */
static char **read_log(const struct ctl *ctl, const char *device, size_t i, char **why,
		       bool *denied)
{
	path_t dir, path;
	char **lines, *text;

	if (!logs[i].file) {
		lines = kmsg_all(ctl, device);
		*denied = !lines && (errno == EACCES || errno == EPERM);
		if (!lines)
			*why = xasprintf("%s/dev/kmsg: %s", ctl->root, strerror(errno));
		return lines;
	}
	path_set(dir, "%s/sys/kernel/debug", ctl->root);
	path_set(path, "%s/openvgpu-mgr/%s/%s", dir, device, logs[i].file);
	text = file_read(path);
	if (!text) {
		int err = errno;

		*denied = err == EACCES;
		if (err == ENOENT && !file_exists_in(dir, "openvgpu-mgr"))
			*why = xasprintf("%s/openvgpu-mgr is not there: is debugfs mounted (mount -t debugfs none /sys/kernel/debug), the manager loaded, and this root?",
					 dir);
		else
			*why = xasprintf("%s: %s%s", path, strerror(err),
					 *denied ? "; root is needed" : "");
		return NULL;
	}
	lines = split(text);
	free(text);
	return lines;
}

static struct json_object *log_json(char **lines, const char *why)
{
	struct json_object *obj = json_object_new_object(), *list = NULL;
	char **l;

	if (lines) {
		list = json_object_new_array();
		for (l = lines; *l; l++)
			json_object_array_add(list, json_object_new_string(*l));
	}
	json_object_object_add(obj, "lines", list);
	json_object_object_add(obj, "missing", why ? json_object_new_string(why) : NULL);
	return obj;
}

static void print_log(const char *title, char **lines, const char *why)
{
	char **l;

	printf("== %s ==\n", title);
	if (why)
		printf("N/A: %s\n", why);
	for (l = lines; l && *l; l++)
		puts(*l);
}

/* Does --log, or no --log, mean this one?  A GPU has no plugin task. */
static bool wanted(size_t i, const char *only, const struct target *t)
{
	if (only)
		return !strcmp(only, logs[i].name);
	return t->vf || !logs[i].file;
}

static int show(struct ctl *ctl, const struct target *t, const char *only)
{
	const char *device = t->vf ? t->vf->bdf : t->gpu->bdf;
	struct json_object *all = json_object_new_object(), *doc;
	bool got = false, root_needed = false;
	int ret = CTL_OK;
	size_t i;

	for (i = 0; i < NUM_LOGS; i++) {
		char **lines, *why = NULL;
		bool denied = false;

		if (!wanted(i, only, t))
			continue;
		lines = read_log(ctl, device, i, &why, &denied);
		got = got || lines;
		root_needed = root_needed || denied;
		json_object_object_add(all, logs[i].name, log_json(lines, why));
		if (!ctl->json)
			print_log(logs[i].title, lines, why);
		free(why);
		if (lines)
			dir_free(lines);
	}
	if (!got)
		ret = ctl_error(root_needed ? CTL_PERMISSION : CTL_NOT_FOUND,
				"%s: none of its logs can be read%s", device,
				root_needed ? "; root is needed" : "");
	if (ctl->json) {
		doc = ctl_json_new();
		json_object_object_add(doc, "address", json_object_new_string(device));
		json_object_object_add(doc, "logs", all);
		ctl_print_json(doc);
	} else {
		json_object_put(all);
	}
	return ret;
}

static bool known(const char *name)
{
	size_t i;

	for (i = 0; i < NUM_LOGS; i++)
		if (!strcmp(name, logs[i].name))
			return true;
	return false;
}

static int run(struct ctl *ctl, const struct args *args)
{
	const char *only = arg_value(args, "log");
	struct target t;
	struct gpus g;
	int ret;

	if (only && !known(only))
		return ctl_error(CTL_USAGE, "--log %s: driver, init, task or kernel", only);
	if (!args->words)
		return ctl_error(CTL_USAGE, "logs: of which VF or GPU? vgpuctl list shows them");
	gpus_load(ctl, &g);
	ret = target_find(&g, args->word[0], TARGET_ANY, &t);
	if (!ret)
		ret = show(ctl, &t, only);
	gpus_free(&g);
	return ret;
}

const struct command command_logs = {
	.name = "logs",
	.words = "VF|GPU",
	.max_words = 1,
	.summary = "show logs of a vGPU",
	.description =
		"What the driver wrote to the kernel log about the device, and the logs that init task, plugin task and its kernel keep in GSP while the vGPU is open, decoded as far as public knowledge goes. Root is needed.",
	.complete = "@any",
	.examples = "vgpuctl logs 01:00.0/3\nvgpuctl logs 01:00.0/3 --log task",
	.options = {
		{ "log", 'L', "LOG", "driver init task kernel", "only this one: driver, init, task or kernel" },
	},
	.run = run,
};
