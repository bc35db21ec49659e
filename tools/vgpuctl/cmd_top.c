// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl top: GPUs and vGPUs, live, with a little history.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <ncurses.h>

#include "command.h"
#include "gpu.h"
#include "table.h"

#define HISTORY	24

static const char *const unicode[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const ascii[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
static const char *const *blocks = ascii;

/**
 * struct layout - how wide a picture is; a terminal gets the first that fits
 * @history: samples of a line of blocks
 * @dropped: columns that are left out
 */
struct layout {
	int history;
	const char *dropped;
};

static const struct layout layouts[] = {
	{ HISTORY, "" }, { HISTORY / 2, "" }, { HISTORY / 3, "" }, { 0, "" },
	{ 0, "ENC DEC" }, { 0, "ENC DEC VM" }, { 0, "ENC DEC VM STATE" },
};
static const struct layout *layout = layouts;

/**
 * struct series - samples of one value
 * @name: "0000:01:00.4 gpu"
 * @sample: percent, NA for none; the newest is last
 */
struct series {
	char name[48];
	int sample[HISTORY];
	int n;
};

/**
 * struct history - of all values
 */
struct history {
	struct series *series;
	int n;
};

static struct series *find_series(struct history *h, const char *device, const char *what)
{
	char name[48];
	int i;

	snprintf(name, sizeof(name), "%s %s", device, what);
	for (i = 0; i < h->n; i++)
		if (!strcmp(h->series[i].name, name))
			return &h->series[i];
	h->series = xrealloc(h->series, (h->n + 1) * sizeof(*h->series));
	memset(&h->series[h->n], 0, sizeof(*h->series));
	memcpy(h->series[h->n].name, name, sizeof(name));
	return &h->series[h->n++];
}

/* Add a sample; the series as JSON. */
static struct json_object *sample(struct history *h, const char *device, const char *what, int v)
{
	struct series *s = find_series(h, device, what);
	struct json_object *list = json_object_new_array();
	int i;

	if (s->n == HISTORY)
		memmove(s->sample, s->sample + 1, --s->n * sizeof(*s->sample));
	s->sample[s->n++] = v;
	for (i = 0; i < s->n; i++)
		json_object_array_add(list, s->sample[i] == NA ? NULL :
				      json_object_new_int(s->sample[i]));
	return list;
}

static struct json_object *frame_json(struct history *h, const struct gpus *g)
{
	struct json_object *doc = ctl_json_new(), *gpus = json_object_new_array();
	int i, k, used;

	for (i = 0; i < g->n; i++) {
		const struct gpu *gpu = &g->gpu[i];
		struct json_object *obj = gpu_json(gpu, false), *list = json_object_new_array();

		used = gpu->fb_total <= 0 || gpu->fb_free == NA ? NA :
		       (int)(100 * (gpu->fb_total - gpu->fb_free) / gpu->fb_total);
		json_object_object_add(obj, "fb_used_percent", sample(h, gpu->bdf, "fb", used));
		for (k = 0; k < gpu->num_vfs; k++) {
			const struct vf *vf = &gpu->vf[k];
			struct json_object *row;

			if (vf->type <= 0)
				continue;
			row = vf_json(vf);
			json_object_object_add(row, "gpu_percent",
					       sample(h, vf->bdf, "gpu", vf->util[UTIL_GPU]));
			json_object_object_add(row, "memory_percent",
					       sample(h, vf->bdf, "memory", vf->util[UTIL_MEMORY]));
			json_object_array_add(list, row);
		}
		json_object_object_add(obj, "vfs", list);
		json_object_array_add(gpus, obj);
	}
	json_object_object_add(doc, "gpus", gpus);
	return doc;
}

/* The newest on the right, and its number behind it. */
static char *sparkline(struct json_object *list)
{
	int num = json_object_array_length(list), first = num - layout->history, i, v = NA;
	char *text = xasprintf("%*s", first < 0 ? -first : 0, ""), *longer;

	for (i = 0; i < num; i++) {
		struct json_object *s = json_object_array_get_idx(list, i);

		v = s ? json_object_get_int(s) : NA;
		if (i < first)
			continue;
		longer = xasprintf("%s%s", text, v == NA ? " " : blocks[v >= 100 ? 7 : v * 8 / 100]);
		free(text);
		text = longer;
	}
	longer = v == NA ? xasprintf("%s%s N/A", text, layout->history ? " " : "") :
			   xasprintf("%s%s%3d%%", text, layout->history ? " " : "", v);
	free(text);
	return longer;
}

static char *gpu_cell(struct json_object *row)
{
	return sparkline(json_at(row, "gpu_percent"));
}

static char *memory_cell(struct json_object *row)
{
	return sparkline(json_at(row, "memory_percent"));
}

static char *vm_cell(struct json_object *row)
{
	long long pid = json_num(row, "vm_pid");

	if (pid > 0)
		return xasprintf("%lld %.20s", pid, json_text(row, "vm_name", "?"));
	return xstrdup(pid ? "N/A" : "-");
}

static const struct column columns[] = {
	{ .head = "VF", .key = "address" },
	{ .head = "TYPE", .key = "type_name" },
	{ .head = "STATE", .key = "state" },
	{ .head = "VM", .text = vm_cell },
	{ .head = "GPU", .text = gpu_cell },
	{ .head = "MEMORY", .text = memory_cell },
	{ .head = "ENC", .text = encoder_percent_cell, .right = true },
	{ .head = "DEC", .text = decoder_percent_cell, .right = true },
	{ .head = "XID", .key = "xid_count", .right = true },
	{ .head = NULL }
};

/* Columns of the layout; @out has room for all. */
static void choose_columns(struct column *out)
{
	const struct column *c;

	for (c = columns; c->head; c++)
		if (!strstr(layout->dropped, c->head))
			*out++ = *c;
	*out = *c;
}

static void print_frame(FILE *out, struct json_object *doc)
{
	struct column chosen[sizeof(columns) / sizeof(columns[0])];
	struct json_object *gpus = json_at(doc, "gpus");
	size_t i;

	choose_columns(chosen);
	if (!json_object_array_length(gpus))
		fputs("no GPU has OpenVGPU's core driver; vgpuctl doctor says what to do\n", out);
	for (i = 0; i < json_object_array_length(gpus); i++) {
		struct json_object *gpu = json_object_array_get_idx(gpus, i);
		struct json_object *vfs = json_at(gpu, "vfs");
		char *line = sparkline(json_at(gpu, "fb_used_percent"));
		char *total = bytes_text(json_num(gpu, "fb_total"));
		char *max = json_cell(gpu, "max_vgpus");

		fprintf(out, "%sGPU %s  %s  vGPUs %lld/%s  FB %s  %s\n", i ? "\n" : "",
			json_text(gpu, "address", ""), json_text(gpu, "board", ""),
			json_num(gpu, "vgpus"), max, total, line);
		free(line);
		free(total);
		free(max);
		if (json_object_array_length(vfs))
			table_print(out, vfs, chosen, "  ");
		else
			fputs("  no vGPU\n", out);
	}
}

static void load(struct ctl *ctl, struct gpus *g, bool first)
{
	int i, known = g->n;

	if (!first && known) {
		for (i = 0; i < g->n && file_exists(g->gpu[i].aux); i++)
			gpu_reload_quick(ctl, &g->gpu[i]);
		if (i == g->n)
			return;
	}
	/* a GPU has gone, or none was there */
	if (!first)
		gpus_free(g);
	gpus_load(ctl, g);
}

static void batch(struct ctl *ctl, struct gpus *g, struct history *h, long long count,
		  long long seconds)
{
	struct json_object *doc;
	long long i;

	for (i = 0; !count || i < count; i++) {
		if (i)
			nap(seconds);
		load(ctl, g, !i);
		doc = frame_json(h, g);
		if (ctl->json) {
			ctl_print_json_line(doc);
			continue;
		}
		if (i)
			putchar('\n');
		print_frame(stdout, doc);
		fflush(stdout);
		json_object_put(doc);
	}
}

/* A picture with the layout, and how wide it is; NULL: no memory. */
static char *frame_text(struct json_object *doc, int *width)
{
	char *text = NULL, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int w;

	if (!out)
		return NULL;
	print_frame(out, doc);
	fclose(out);
	*width = 0;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char *one = xasprintf("%.*s", (int)strcspn(line, "\n"), line);

		text_cut(one, INT_MAX, &w);
		free(one);
		if (w > *width)
			*width = w;
	}
	return text;
}

/* What no layout makes narrow enough is cut. */
static void draw(struct json_object *doc, int scroll, bool paused)
{
	char *text = NULL, *line, *save, *keys;
	size_t i;
	int row = 0, width = INT_MAX;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]) && width > COLS; i++) {
		layout = &layouts[i];
		free(text);
		text = frame_text(doc, &width);
		if (!text)
			return;
	}
	erase();
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), row++) {
		if (row < scroll || row - scroll >= LINES - 1)
			continue;
		if (!strncmp(line, "GPU ", 4))
			attron(A_BOLD);
		mvaddnstr(row - scroll, 0, line, text_cut(line, COLS, &width));
		attroff(A_BOLD);
	}
	keys = xasprintf(" q quit  p %s  up/down scroll ", paused ? "go on" : "pause");
	attron(A_REVERSE);
	mvaddnstr(LINES - 1, 0, keys, text_cut(keys, COLS - 1, &width));
	attroff(A_REVERSE);
	refresh();
	free(keys);
	free(text);
}

/* A key within @seconds, ERR; 'q' when nobody can press one any more. */
static int next_key(double seconds)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int bytes, key;

	/* ncurses may have read one before */
	timeout(0);
	key = getch();
	if (key != ERR)
		return key;
	if (poll(&p, 1, seconds > 0 ? (int)(seconds * 1000) + 1 : 0) <= 0)
		return ERR;
	if (p.revents & (POLLHUP | POLLERR | POLLNVAL) ||
	    (!ioctl(STDIN_FILENO, FIONREAD, &bytes) && !bytes))
		return 'q';
	return getch();
}

static int live(struct ctl *ctl, struct gpus *g, struct history *h, long long seconds)
{
	SCREEN *screen = newterm(NULL, stdout, stdin);
	bool paused = false, first = true;
	struct json_object *doc = NULL;
	double next = 0;
	int key, scroll = 0;

	if (!screen)
		return ctl_error(CTL_FAILED, "top: there is no terminal of type \"%s\"; --batch prints text",
				 getenv("TERM") ? getenv("TERM") : "");
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	for (;;) {
		if (now() >= next && !paused) {
			load(ctl, g, first);
			first = false;
			json_object_put(doc);
			doc = frame_json(h, g);
			next = now() + seconds;
		}
		draw(doc, scroll, paused);
		key = next_key(paused ? 1 : next - now());
		if (key == 'q' || key == 'Q')
			break;
		if (key == 'p' || key == ' ')
			paused = !paused;
		if (key == KEY_DOWN)
			scroll++;
		if (key == KEY_UP && scroll)
			scroll--;
	}
	endwin();
	delscreen(screen);
	json_object_put(doc);
	return CTL_OK;
}

static int run(struct ctl *ctl, const struct args *args)
{
	bool once = arg_value(args, "once"), in_batch = arg_value(args, "batch") || once;
	long long count = once ? 1 : 0, seconds = 1;
	struct history h = { 0 };
	struct gpus g = { 0 };
	int ret;

	ret = arg_num(args, "count", 1, INT_MAX, &count);
	if (!ret)
		ret = arg_num(args, "interval", 1, 3600, &seconds);
	if (ret)
		return ret;
	setlocale(LC_CTYPE, "");
	if (!arg_value(args, "ascii") && !strcmp(nl_langinfo(CODESET), "UTF-8"))
		blocks = unicode;
	/* a pipe is no terminal: one frame of text */
	if (!in_batch && !ctl->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		ret = live(ctl, &g, &h, seconds);
	else
		batch(ctl, &g, &h, !in_batch && !count ? 1 : count, seconds);
	gpus_free(&g);
	free(h.series);
	return ret;
}

const struct command command_top = {
	.name = "top",
	.words = "",
	.max_words = 0,
	.summary = "watch GPUs and vGPUs",
	.description =
		"Use of FB of each GPU and use of each vGPU, with the last samples as a line of blocks; on a terminal it goes on until q is pressed. Into a pipe, and with --once, it is printed once as text. \"N/A\" stands for what the firmware has not sampled.",
	.examples = "vgpuctl top\nvgpuctl top --once\nvgpuctl --json top --batch --interval 5",
	.options = {
		{ "once", '1', NULL, NULL, "print one picture as text" },
		{ "batch", 'b', NULL, NULL, "print text, again and again" },
		{ "count", 'n', "N", NULL, "so many pictures, with --batch" },
		{ "interval", 'd', "SECONDS", NULL, "time between pictures, 1 second if not given" },
		{ "ascii", 'a', NULL, NULL, "no Unicode block characters" },
	},
	.run = run,
};
