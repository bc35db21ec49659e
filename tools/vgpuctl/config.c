// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Reading /etc/openvgpu/<name>.conf; see config.h.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "config.h"
#include "put.h"

/* The number as sysfs shows it: "010" is 10. */
static char *check_num(const char *value, long long max)
{
	long long n;

	return parse_num(value, max, &n) ? xasprintf("%lld", n) : NULL;
}

static char *check_vfs(const char *value)
{
	return strcmp(value, "max") ? check_num(value, 65535) : xstrdup(value);
}

static char *check_mode(const char *value)
{
	return !strcmp(value, "equal") || !strcmp(value, "mixed") ? xstrdup(value) : NULL;
}

static char *check_placement(const char *value)
{
	return check_num(value, 65534);
}

static char *check_type(const char *value)
{
	return *value ? xstrdup(value) : NULL;
}

static char *check_params(const char *value)
{
	return xstrdup(value);
}

static const struct key {
	const char *name;
	bool of_vf;
	/* the value as it is kept, NULL for a wrong one */
	char *(*check)(const char *value);
	/* a file of scheduler/, instead of @check */
	const char *sched;
	const char *values;
	const char *help;
} keys[] = {
	{ "vfs", false, check_vfs, NULL, "a number, or max",
	  "VFs to enable. Orchestrators want all of them: max." },
	{ "mode", false, check_mode, NULL, "equal or mixed",
	  "All vGPUs of the GPU of equal size, or of mixed sizes (GSP 570.144)." },
	{ "scheduler", false, NULL, "policy", "best_effort, equal_share or fixed_share",
	  "How vGPUs share the GPU's time. fixed_share is not for mixed sizes." },
	{ "timeslice_us", false, NULL, "timeslice_us", "microseconds; 0 is the firmware's default",
	  "Time slice of the scheduler; wants arr = disable." },
	{ "arr", false, NULL, "arr", "default, disable or enable", "Adaptive round robin; not with best_effort." },
	{ "averaging_factor", false, NULL, "averaging_factor", "a number; 0 is the firmware's default",
	  "Time slices over which adaptive round robin takes the average; wants arr = enable." },
	{ "frequency_hz", false, NULL, "frequency_hz", "hertz; 0 is the firmware's default",
	  "Frequency of adaptive round robin; wants arr = enable." },
	{ "type", true, check_type, NULL, "a name such as L40-4Q, a number, or none",
	  "vGPU type of the VF. none takes away what is there. When openvgpu-vfio-pci alone is unloaded types are lost: vgpuctl apply, after it is loaded again, gives them back." },
	{ "params", true, check_params, NULL, "key=value, separated by commas",
	  "Parameters of the vGPU; nothing behind the equals sign clears them." },
	{ "placement", true, check_placement, NULL, "a placement id",
	  "Where in FB; without it the lowest free place." },
};

#define NUM_KEYS (sizeof(keys) / sizeof(keys[0]))

void config_manual(void (*item)(const char *key, const char *value, const char *text))
{
	size_t i;

	for (i = 0; i < NUM_KEYS; i++)
		item(keys[i].name, keys[i].values, keys[i].help);
}

/**
 * struct parser - state while a file is read
 * @status: first error
 * @section: the section's header as rules get it; @have_section says whether there is one
 */
struct parser {
	struct config *c;
	const char *file;
	int line;
	int status;
	struct rule section;
	bool have_section;
};

static void bad(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void bad(struct parser *p, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	p->status = ctl_error(CTL_USAGE, "%s:%d: %s", p->file, p->line, text);
	free(text);
}

/* "3", "0-3" or "*" */
static bool read_range(const char *text, int *first, int *last)
{
	char *copy, *dash;
	long long a = 0, b = VF_ALL;
	bool ok = true;

	if (strcmp(text, "*")) {
		copy = xstrdup(text);
		dash = strchr(copy, '-');
		if (dash)
			*dash++ = 0;
		ok = parse_num(copy, 65535, &a);
		b = a;
		if (ok && dash)
			ok = parse_num(dash, 65535, &b) && b >= a;
		free(copy);
	}
	*first = a;
	*last = b;
	return ok;
}

static bool read_address(const char *text, struct rule *r)
{
	struct bdf bdf;

	r->any_gpu = !strcmp(text, "*");
	if (r->any_gpu)
		return true;
	if (!bdf_parse(text, &bdf) || bdf.vf >= 0)
		return false;
	memcpy(r->address, bdf.text, sizeof(r->address));
	return true;
}

static void read_section(struct parser *p, char *text)
{
	struct rule *r = &p->section;
	char *who, *slash;

	memset(r, 0, sizeof(*r));
	p->have_section = false;
	text[strlen(text) - 1] = 0;
	text = trim(text + 1);
	who = text + strcspn(text, " \t");
	if (*who)
		*who++ = 0;
	who = trim(who);

	if (!strcmp(text, "gpu")) {
		if (!read_address(who, r)) {
			bad(p, "[gpu %s]: an address such as 0000:01:00.0, or *, is wanted", who);
			return;
		}
	} else if (!strcmp(text, "vf")) {
		r->of_vf = true;
		slash = strchr(who, '/');
		r->by_address = !slash;
		if (slash)
			*slash++ = 0;
		if (!read_address(who, r) || (r->by_address && r->any_gpu) ||
		    (slash && !read_range(slash, &r->first, &r->last))) {
			bad(p, "[vf %s%s%s]: a GPU with numbers of VFs, such as 0000:01:00.0/0, */0-3 or 0000:01:00.0/*, or the address of a VF is wanted",
			    who, slash ? "/" : "", slash ? slash : "");
			return;
		}
	} else {
		bad(p, "[%s]: sections are [gpu ADDRESS] and [vf ADDRESS/NUMBER]", text);
		return;
	}
	p->have_section = true;
}

static char *known_keys(bool of_vf)
{
	char *list = NULL;
	size_t i;

	for (i = 0; i < NUM_KEYS; i++)
		if (keys[i].of_vf == of_vf)
			list = list_add(list, keys[i].name);
	return list;
}

static char *checked(const struct key *key, const char *value)
{
	const struct sched_file *f;

	if (!key->sched)
		return key->check(value);
	for (f = sched_files; strcmp(f->name, key->sched); f++)
		;
	return sched_value(f, value);
}

static void add_rule(struct parser *p, const struct key *key, char *value)
{
	struct config *c = p->c;
	struct rule *r;

	c->rule = xrealloc(c->rule, (c->n + 1) * sizeof(*c->rule));
	r = &c->rule[c->n++];
	*r = p->section;
	r->file = p->file;
	r->line = p->line;
	r->key = key->name;
	r->value = value;
}

static void read_key(struct parser *p, char *text)
{
	const struct key *key = NULL;
	char *value = strchr(text, '='), *kept, *list;
	size_t i;

	if (!value) {
		bad(p, "\"%s\": key = value, or [section], is wanted", text);
		return;
	}
	*value++ = 0;
	text = trim(text);
	value = trim(value);
	if (!p->have_section) {
		/* a wrong section was reported; what stands in it is not wrong, too */
		if (!p->section.file)
			bad(p, "%s: it stands before the first section", text);
		return;
	}
	for (i = 0; i < NUM_KEYS; i++)
		if (!strcmp(keys[i].name, text) && keys[i].of_vf == p->section.of_vf)
			key = &keys[i];
	if (!key) {
		list = known_keys(p->section.of_vf);
		bad(p, "there is no key \"%s\" in a section of a %s; there are %s", text,
		    p->section.of_vf ? "VF" : "GPU", list);
		free(list);
		return;
	}
	kept = checked(key, value);
	if (kept)
		add_rule(p, key, kept);
	else
		bad(p, "%s = %s is wrong; wanted: %s", text, value, key->values);
}

static int read_file(struct config *c, const char *path)
{
	struct parser p = { .c = c };
	char *all, *line, *next;
	size_t len;

	all = file_read_all(path, &len);
	if (!all)
		return ctl_error(errno == EACCES ? CTL_PERMISSION : CTL_NOT_FOUND, "%s: %s", path,
				 strerror(errno));
	c->files = xrealloc(c->files, (c->num_files + 1) * sizeof(*c->files));
	p.file = c->files[c->num_files++] = xstrdup(path);
	if (strlen(all) != len) {
		for (p.line = 1, line = all; *line; line++)
			p.line += *line == '\n';
		bad(&p, "a byte 0; is it a text file?");
		p.line = 0;
	}
	for (line = all; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		p.line++;
		line = trim(line);
		if (!*line || *line == '#' || *line == ';')
			continue;
		if (line[0] == '[' && line[strlen(line) - 1] == ']') {
			read_section(&p, line);
			p.section.file = p.file;
		} else {
			read_key(&p, line);
		}
	}
	free(all);
	return p.status;
}

static bool is_conf(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".conf");
}

static int read_folder(struct config *c, const char *dir)
{
	char **names = dir_list(dir), **n;
	int status = CTL_OK;
	path_t path;

	for (n = names; *n; n++) {
		if (!is_conf(*n))
			continue;
		path_set(path, "%s/%s", dir, *n);
		status = ctl_first(status, read_file(c, path));
	}
	dir_free(names);
	if (!c->num_files && !status)
		status = ctl_error(CTL_NOT_FOUND,
				   "%s: there is no *.conf; openvgpu.conf(5) says what goes into it", dir);
	return status;
}

int config_load(const struct ctl *ctl, const char *path, struct config *c)
{
	struct stat st;
	path_t dir;

	memset(c, 0, sizeof(*c));
	if (!path) {
		path_set(dir, "%s" CONFIG_DIR, ctl->root);
		path = dir;
	}
	if (stat(path, &st))
		return errno == ENOENT && path == dir ? read_folder(c, path) : read_file(c, path);
	return S_ISDIR(st.st_mode) ? read_folder(c, path) : read_file(c, path);
}

void config_free(struct config *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		free(c->rule[i].value);
	for (i = 0; i < c->num_files; i++)
		free(c->files[i]);
	free(c->rule);
	free(c->files);
	memset(c, 0, sizeof(*c));
}

bool vf_address(const struct gpu *gpu, int vf, char out[BDF_SIZE])
{
	long long offset, stride;
	unsigned int domain, bus, slot, function, rid;
	char name[32], *bdf;
	struct bdf parsed;

	snprintf(name, sizeof(name), "virtfn%d", vf);
	bdf = link_base(gpu->path, name);
	if (bdf && bdf_parse(bdf, &parsed)) {
		memcpy(out, parsed.text, BDF_SIZE);
		free(bdf);
		return true;
	}
	free(bdf);
	/* before they are enabled: by the SR-IOV capability's routing ids */
	offset = file_num(gpu->path, "sriov_offset");
	stride = file_num(gpu->path, "sriov_stride");
	if (offset < 0 || stride < 0 || vf >= gpu->vfs_total ||
	    sscanf(gpu->bdf, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return false;
	rid = (bus << 8 | slot << 3 | function) + offset + stride * vf;
	snprintf(out, BDF_SIZE, "%04x:%02x:%02x.%x", domain, rid >> 8 & 0xff, rid >> 3 & 0x1f,
		 rid & 7);
	return true;
}

/* How much a rule says about whom it means; 0 when that is somebody else. */
static int fits(const struct rule *r, const struct gpu *gpu, int vf)
{
	char address[BDF_SIZE];
	int score = 1;

	if (r->of_vf != (vf != NA))
		return 0;
	if (r->by_address)
		return vf_address(gpu, vf, address) && !strcmp(address, r->address) ? 7 : 0;
	if (!r->any_gpu && strcmp(r->address, gpu->bdf))
		return 0;
	if (!r->any_gpu)
		score += 4;
	if (!r->of_vf)
		return score;
	if (vf < r->first || vf > r->last)
		return 0;
	if (r->last != VF_ALL)
		score += r->first == r->last ? 2 : 1;
	return score;
}

int config_lookup(const struct config *c, const struct gpu *gpu, int vf, const char *key,
		  const struct rule **out)
{
	const struct rule *other = NULL, *first;
	int i, score, best = 0;

	*out = NULL;
	for (i = 0; i < c->n; i++) {
		if (strcmp(c->rule[i].key, key))
			continue;
		score = fits(&c->rule[i], gpu, vf);
		if (score > best) {
			best = score;
			*out = &c->rule[i];
			other = NULL;
		} else if (score && score == best) {
			other = &c->rule[i];
		}
	}
	if (!other)
		return CTL_OK;
	first = *out;
	*out = NULL;
	if (vf == NA)
		return ctl_error(CTL_USAGE, "%s:%d: %s of %s is set already, by %s:%d", other->file,
				 other->line, key, gpu->bdf, first->file, first->line);
	return ctl_error(CTL_USAGE, "%s:%d: %s of %s/%d is set already, by %s:%d", other->file,
			 other->line, key, gpu->bdf, vf, first->file, first->line);
}
