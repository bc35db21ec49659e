// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl events: what happens to vGPUs, as it happens.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "bdf.h"
#include "command.h"
#include "table.h"
#include "uevent.h"
#include "util.h"

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void put_num(struct json_object *obj, const char *name, const struct uevent *e,
		    const char *key)
{
	const char *text = uevent_value(e, key);
	long long num;

	if (text)
		json_object_object_add(obj, name, parse_num(text, LLONG_MAX, &num) ?
				       json_object_new_int64(num) : NULL);
}

static void put_text(struct json_object *obj, const char *name, const struct uevent *e,
		     const char *key)
{
	const char *value = uevent_value(e, key);
	char *text;

	if (!value)
		return;
	text = clean(xstrdup(value));
	json_object_object_add(obj, name, json_object_new_string(text));
	free(text);
}

static void put_time(struct json_object *obj)
{
	struct timeval tv;
	struct tm tm;
	char text[40], *all;

	gettimeofday(&tv, NULL);
	gmtime_r(&tv.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	all = xasprintf("%s.%03dZ", text, (int)(tv.tv_usec / 1000));
	json_object_object_add(obj, "time", json_object_new_string(all));
	free(all);
}

/* The GPU's auxiliary device is bound to the manager, or let go. */
static const char *gpu_event(const struct uevent *e)
{
	if (strncmp(base(e->devpath), "openvgpu_core.vgpu.", 19))
		return NULL;
	if (!strcmp(e->action, "bind"))
		return "gpu_up";
	return strcmp(e->action, "unbind") ? NULL : "gpu_down";
}

/* The PCI function that it is about: of an auxiliary device its parent. */
static void put_address(struct json_object *obj, const struct uevent *e, bool parent)
{
	char *path = xstrdup(e->devpath), *slash = strrchr(path, '/');
	struct bdf bdf;

	if (parent && slash)
		*slash = 0;
	if (bdf_parse(base(path), &bdf))
		json_object_object_add(obj, "address", json_object_new_string(bdf.text));
	else
		json_object_object_add(obj, "address", NULL);
	free(path);
}

/* NULL for what is none of ours. */
static struct json_object *event_json(const struct uevent *e)
{
	const char *name = uevent_value(e, "OPENVGPU_EVENT");
	const char *gpu = name ? NULL : gpu_event(e);
	struct json_object *obj;
	char *text;

	if (!name && !gpu)
		return NULL;
	obj = ctl_json_new();
	put_time(obj);
	text = clean(xstrdup(name ? name : gpu));
	json_object_object_add(obj, "event", json_object_new_string(text));
	free(text);
	put_address(obj, e, gpu);
	put_num(obj, "gfid", e, "OPENVGPU_GFID");
	put_num(obj, "type_id", e, "OPENVGPU_TYPE");
	put_num(obj, "xid", e, "OPENVGPU_XID");
	put_text(obj, "license", e, "OPENVGPU_LICENSE");
	put_text(obj, "ecc", e, "OPENVGPU_ECC");
	put_num(obj, "sequence", e, "SEQNUM");
	return obj;
}

static void print_event(struct json_object *obj)
{
	printf("%s  %-14s  %s", json_text(obj, "time", ""), json_text(obj, "event", ""),
	       json_text(obj, "address", "-"));
	if (json_num(obj, "type_id") > 0)
		printf("  type %lld", json_num(obj, "type_id"));
	if (json_at(obj, "gfid"))
		printf("  gfid %lld", json_num(obj, "gfid"));
	if (json_at(obj, "xid"))
		printf("  xid %lld", json_num(obj, "xid"));
	if (json_at(obj, "license"))
		printf("  %s", json_text(obj, "license", ""));
	if (json_at(obj, "ecc"))
		printf("  %s", json_text(obj, "ecc", ""));
	putchar('\n');
	fflush(stdout);
}

static void show(struct ctl *ctl, struct json_object *obj)
{
	if (ctl->json) {
		ctl_print_json_line(obj);
		return;
	}
	print_event(obj);
	json_object_put(obj);
}

static void show_loss(struct ctl *ctl)
{
	struct json_object *obj = ctl_json_new();

	put_time(obj);
	json_object_object_add(obj, "event", json_object_new_string("lost"));
	json_object_object_add(obj, "address", NULL);
	show(ctl, obj);
}

/* Where events never end, ppoll() never waits, and no signal would come. */
static bool is_stopped(void)
{
	sigset_t pending;

	sigpending(&pending);
	return stopped || sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM);
}

static int listen_for(struct ctl *ctl, struct uevents *u, long long count, long long seconds)
{
	double end = now() + seconds;
	struct uevent e;
	int ret;

	while (!is_stopped()) {
		int ms = seconds ? (int)((end - now()) * 1000) : -1;
		struct json_object *obj;

		if (seconds && ms <= 0)
			break;
		ret = uevents_next(u, ms, &e);
		if (!ret)
			break;
		if (ret == -EINTR)
			continue;
		if (ret == -ENOBUFS) {
			show_loss(ctl);
			continue;
		}
		if (ret < 0)
			return ctl_error(CTL_FAILED, "uevents: %s", strerror(-ret));
		obj = event_json(&e);
		if (!obj)
			continue;
		show(ctl, obj);
		if (count && !--count)
			return CTL_OK;
	}
	return count ? CTL_NOT_FOUND : CTL_OK;
}

static int run(struct ctl *ctl, const struct args *args)
{
	struct sigaction sa = { .sa_handler = stop };
	long long count = 0, seconds = 0;
	sigset_t blocked, before;
	struct uevents *u;
	int ret;

	ret = arg_num(args, "count", 1, INT_MAX, &count);
	if (!ret)
		ret = arg_num(args, "timeout", 1, 86400, &seconds);
	if (ret)
		return ret;
	u = uevents_open(ctl, &ret);
	if (!u)
		return ret;
	/* they come while it waits, and at no other time */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	uevents_mask(u, &before);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	ret = listen_for(ctl, u, count, seconds);
	uevents_close(u);
	if (ret == CTL_NOT_FOUND)
		ctl_error(ret, "events: %s before --count was reached",
			  is_stopped() ? "stopped" : "the time was over");
	return ret;
}

const struct command command_events = {
	.name = "events",
	.words = "",
	.max_words = 0,
	.summary = "follow what happens to vGPUs",
	.description =
		"One line for each event, until it is interrupted: created, destroyed, bootloaded, crashed, guest_loaded, guest_unloaded, xid, license, ecc of vGPUs; gpu_up and gpu_down when the manager gets and loses a GPU; lost when more happened than could be read. With --json each line is an object. Needs no root. The times are UTC.\n\nWith --count the exit status is 3 when the time was over before.",
	.examples = "vgpuctl events\nvgpuctl --json events --count 1 --timeout 60",
	.options = {
		{ "count", 'n', "N", NULL, "end after so many events" },
		{ "timeout", 't', "SECONDS", NULL, "end after so many seconds" },
	},
	.run = run,
};
