// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Reader of NVIDIA's vgpuConfig.xml.  docs/types.md says which of its elements are
 * known from where.  Nothing is fetched, no entity is expanded, and what is not
 * understood is named.
 */
#include <errno.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "boards.h"
#include "types_set.h"

/* NVIDIA's has about one MiB. */
#define XML_LIMIT	(32 << 20)
#define VENDOR_NVIDIA	0x10de

/* Something that was ignored: how often, where first */
struct ignored {
	unsigned int line, count;
};

struct reader {
	struct types_set *set;
	const char *name;
	const struct types_xml_options *o;
	GHashTable *types;		/* id -> xmlNode * of the vgpuType */
	GHashTable *ignored;		/* "element <x> of <y>" -> struct ignored * */
	unsigned int other_boards;
};

static int __attribute__((format(printf, 3, 4)))
bad(const struct reader *r, const xmlNode *node, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	ctl_error(CTL_USAGE, "%s:%ld: %s", r->name, xmlGetLineNo(node), text);
	g_free(text);
	return CTL_USAGE;
}

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

static void ignore(struct reader *r, const xmlNode *node, char *what)
{
	struct ignored *i = g_hash_table_lookup(r->ignored, what);

	if (i) {
		i->count++;
		g_free(what);
		return;
	}
	i = g_new(struct ignored, 1);
	i->line = xmlGetLineNo(node);
	i->count = 1;
	g_hash_table_insert(r->ignored, what, i);
}

/* ---- values ---- */

/* Text of an element that has nothing but text; NULL, with a message, else. */
static char *text_of(const struct reader *r, const xmlNode *node)
{
	const xmlNode *c;
	GString *s;

	for (c = node->children; c; c = c->next) {
		if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE ||
		    c->type == XML_COMMENT_NODE)
			continue;
		bad(r, node, "<%s> has more in it than a text", node->name);
		return NULL;
	}
	s = g_string_new("");
	for (c = node->children; c; c = c->next)
		if (c->type != XML_COMMENT_NODE && c->content)
			g_string_append(s, (const char *)c->content);
	return g_strstrip(g_string_free(s, FALSE));
}

/* A decimal number, or one with 0x, from @min to @max */
static bool number(const char *text, u64 min, u64 max, u64 *out)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *p = hex ? text + 2 : text;
	u64 v = 0;

	if (!*p)
		return false;
	for (; *p; p++) {
		int digit = hex ? g_ascii_xdigit_value(*p) : g_ascii_digit_value(*p);
		u64 base = hex ? 16 : 10;

		if (digit < 0 || v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

static int number_of(const struct reader *r, const xmlNode *node, u64 min, u64 max, u64 *out)
{
	char *text = text_of(r, node);
	int ret = CTL_OK;

	if (!text)
		return CTL_USAGE;
	if (!number(text, min, max, out))
		ret = bad(r, node, "<%s>: '%.32s' is no number from %" G_GUINT64_FORMAT " to %"
			  G_GUINT64_FORMAT, node->name, text, (guint64)min, (guint64)max);
	g_free(text);
	return ret;
}

/* Attribute as text; for xmlFree().  NULL, with a message, when it is not there. */
static char *attr_of(const struct reader *r, const xmlNode *node, const char *name)
{
	char *v = (char *)xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)name);

	if (!v)
		bad(r, node, "<%s> has no attribute %s", node->name, name);
	return v;
}

static int attr_number(const struct reader *r, const xmlNode *node, const char *name, u64 min,
		       u64 max, u64 *out)
{
	char *v = attr_of(r, node, name);
	int ret = CTL_OK;

	if (!v)
		return CTL_USAGE;
	if (!number(v, min, max, out))
		ret = bad(r, node, "<%s %s=\"%.32s\">: no number from %" G_GUINT64_FORMAT " to %"
			  G_GUINT64_FORMAT, node->name, name, v, (guint64)min, (guint64)max);
	xmlFree(v);
	return ret;
}

static int attr_text(const struct reader *r, const xmlNode *node, const char *name, char *out,
		     size_t size)
{
	char *v = attr_of(r, node, name);
	int ret = CTL_OK;

	if (!v)
		return CTL_USAGE;
	if (!*v || strlen(v) >= size)
		ret = bad(r, node, "<%s>: %s has not 1 to %zu characters", node->name, name,
			  size - 1);
	else if (!types_name_ok(v))
		ret = bad(r, node, "<%s>: %s has a colon in it, or what cannot be printed",
			  node->name, name);
	else
		g_strlcpy(out, v, size);
	xmlFree(v);
	return ret;
}

/* The child of this name; more than one is an error, none is NULL. */
static int child_of(const struct reader *r, const xmlNode *node, const char *name,
		    const xmlNode **out)
{
	const xmlNode *c;

	*out = NULL;
	for (c = node->children; c; c = c->next) {
		if (!is(c, name))
			continue;
		if (*out)
			return bad(r, c, "<%s> has a second <%s>", node->name, name);
		*out = c;
	}
	return CTL_OK;
}

static int must_have(const struct reader *r, const xmlNode *node, const char *name,
		     const xmlNode **out)
{
	int ret = child_of(r, node, name, out);

	if (!ret && !*out)
		ret = bad(r, node, "<%s> has no <%s>", node->name, name);
	return ret;
}

/* Elements of @node that nobody asks for */
static void look_over(struct reader *r, const xmlNode *node, const char *const *known)
{
	const xmlNode *c;

	for (c = node->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE && !g_strv_contains(known, (const char *)c->name))
			ignore(r, c, g_strdup_printf("element <%s> of <%s>", c->name, node->name));
}

static int dev_id(const struct reader *r, const xmlNode *node, u16 *device, u16 *subsystem)
{
	u64 vendor, sub_vendor, dev, sub;
	const xmlNode *id;
	int ret;

	ret = must_have(r, node, "devId", &id);
	if (!ret)
		ret = attr_number(r, id, "vendorId", 0, 0xffff, &vendor);
	if (!ret)
		ret = attr_number(r, id, "subsystemVendorId", 0, 0xffff, &sub_vendor);
	if (!ret)
		ret = attr_number(r, id, "deviceId", 1, 0xffff, &dev);
	if (!ret)
		ret = attr_number(r, id, "subsystemId", 0, 0xffff, &sub);
	if (!ret && (vendor != VENDOR_NVIDIA || sub_vendor != VENDOR_NVIDIA))
		ret = bad(r, id, "<devId>: vendor is not 0x10de");
	if (!ret) {
		*device = dev;
		*subsystem = sub;
	}
	return ret;
}

/* ---- a type ---- */

/*
 * Licences go to GSP as products with versions; the file has codes.  Each pair is
 * from the file and from what nvidia-vgpud logs of the same type.
 */
static const struct {
	const char *code, *product;
} licenses[] = {
	{ "QVDWS", "Quadro-Virtual-DWS,5.0" },
	{ "VWS", "GRID-Virtual-WS,2.0" },
	{ "VWSExt", "GRID-Virtual-WS-Ext,2.0" },
	{ "VApps", "GRID-Virtual-Apps,3.0" },
	{ "VCS", "NVIDIA-vComputeServer,9.0" },
};

static const char *product_of(const struct reader *r, const char *code)
{
	unsigned int i;

	for (i = 0; i < r->o->num_licenses; i++) {
		const char *is = strchr(r->o->license[i], '=');

		if ((size_t)(is - r->o->license[i]) == strlen(code) &&
		    g_str_has_prefix(r->o->license[i], code))
			return is + 1;
	}
	for (i = 0; i < OVG_ARRAY_SIZE(licenses); i++)
		if (!strcmp(code, licenses[i].code))
			return licenses[i].product;
	/* "Product,1.0" needs no translation. */
	return strchr(code, ',') ? code : NULL;
}

/* @missing gets a code that is not known; for g_free(). */
static int license_of(const struct reader *r, const xmlNode *node, struct types_type *t,
		      char **missing)
{
	GString *all = g_string_new("");
	char *text = text_of(r, node), **code;
	int ret = CTL_OK;
	unsigned int i;

	*missing = NULL;
	if (!text) {
		g_string_free(all, TRUE);
		return CTL_USAGE;
	}
	code = g_strsplit(text, ";", -1);
	for (i = 0; code[i] && !*missing; i++) {
		const char *product = product_of(r, code[i]);

		if (product)
			g_string_append_printf(all, "%s%s", i ? ";" : "", product);
		else
			*missing = g_strdup(code[i]);
	}
	if (all->len >= sizeof(t->licenses))
		ret = bad(r, node, "<license>: more than %zu characters", sizeof(t->licenses) - 1);
	else
		g_strlcpy(t->licenses, all->str, sizeof(t->licenses));
	t->extra.licenses = t->licenses;
	g_strfreev(code);
	g_free(text);
	g_string_free(all, TRUE);
	return ret;
}

static const char *const type_elements[] = {
	"devId", "display", "license", "gpuInstanceSize",
	/* and those of struct numbers */
	"profileSize", "framebuffer", "gspHeapSize", "fbReservation", "numHeads", "maxPixels",
	"mappableVideoSize", "frlConfig", "cudaEnabled", "eccSupported", "multiVgpuSupported",
	"multiVgpuExclusive", "encoderCapacity", "bar1Length", "frame_rate_limiter",
	"gpuDirectSupported", "nvlinkP2PSupported", NULL
};

/* The elements that are numbers: range, whether they must be there */
struct numbers {
	u64 profile, framebuffer, heap, reservation, heads, pixels, mappable, frl, cuda, ecc, multi,
	    exclusive, encoder, bar1, limiter, direct, nvlink, instance;
};

static int numbers_of(const struct reader *r, const xmlNode *node, struct numbers *n)
{
	const u64 tib = 1ULL << 40;
	const struct {
		const char *name;
		bool must;
		u64 min, max, *out;
	} fields[] = {
		{ "profileSize", true, 1, tib, &n->profile },
		{ "framebuffer", true, 1, tib, &n->framebuffer },
		{ "gspHeapSize", false, 1, tib, &n->heap },
		{ "fbReservation", true, 0, tib, &n->reservation },
		{ "numHeads", true, 1, 16, &n->heads },
		{ "maxPixels", true, 1, 0xffffffff, &n->pixels },
		{ "mappableVideoSize", true, 0, tib, &n->mappable },
		{ "frlConfig", true, 0, 1000, &n->frl },
		{ "cudaEnabled", true, 0, 1, &n->cuda },
		{ "eccSupported", true, 0, 1, &n->ecc },
		{ "multiVgpuSupported", false, 0, 1, &n->multi },
		{ "multiVgpuExclusive", false, 0, 1, &n->exclusive },
		{ "encoderCapacity", true, 0, 100, &n->encoder },
		{ "bar1Length", true, 1, 1 << 20, &n->bar1 },
		{ "frame_rate_limiter", true, 0, 1, &n->limiter },
		{ "gpuDirectSupported", false, 0, 1, &n->direct },
		{ "nvlinkP2PSupported", false, 0, 1, &n->nvlink },
		{ "gpuInstanceSize", false, 0, 16, &n->instance },
	};
	const xmlNode *c;
	unsigned int i;
	int ret;

	memset(n, 0, sizeof(*n));
	for (i = 0; i < OVG_ARRAY_SIZE(fields); i++) {
		ret = fields[i].must ? must_have(r, node, fields[i].name, &c) :
				       child_of(r, node, fields[i].name, &c);
		if (!ret && c)
			ret = number_of(r, c, fields[i].min, fields[i].max, fields[i].out);
		if (ret)
			return ret;
	}
	c = NULL;
	child_of(r, node, "gspHeapSize", &c);
	if (c && n->heap % 4096)
		return bad(r, c, "<gspHeapSize>: no multiple of 4096");
	child_of(r, node, "bar1Length", &c);
	if (n->bar1 & (n->bar1 - 1))
		return bad(r, c, "<bar1Length>: no power of two");
	return CTL_OK;
}

/* @why, when not NULL: this type is left out; for g_free(). */
static int read_type(struct reader *r, const xmlNode *node, struct types_type *t, char **why)
{
	const xmlNode *display, *license;
	struct numbers n;
	char *code;
	u64 id, x, y;
	int ret;

	*why = NULL;
	memset(t, 0, sizeof(*t));
	look_over(r, node, type_elements);
	ret = attr_number(r, node, "id", 1, 0xffffffff, &id);
	if (!ret)
		ret = attr_text(r, node, "name", t->type.name, sizeof(t->type.name));
	if (!ret)
		ret = attr_text(r, node, "class", t->type.class, sizeof(t->type.class));
	if (!ret)
		ret = dev_id(r, node, &t->type.device_id, &t->type.subsystem_id);
	if (!ret)
		ret = numbers_of(r, node, &n);
	if (!ret)
		ret = must_have(r, node, "display", &display);
	if (!ret)
		ret = attr_number(r, display, "width", 1, 65535, &x);
	if (!ret)
		ret = attr_number(r, display, "height", 1, 65535, &y);
	if (!ret)
		ret = must_have(r, node, "license", &license);
	if (!ret)
		ret = license_of(r, license, t, &code);
	if (ret)
		return ret;

	t->type.id = id;
	t->type.num_heads = n.heads;
	t->type.max_x = x;
	t->type.max_y = y;
	t->type.ecc = n.ecc;
	t->type.profile_size = n.profile;
	t->type.fb_length = n.framebuffer;
	t->type.gsp_heap_size = n.heap;
	t->type.fb_reservation = n.reservation;
	t->type.bar1_length = n.bar1 << 20;
	t->extra.cuda = n.cuda;
	t->extra.frame_limit = n.frl;
	t->extra.limiter = n.limiter;
	t->extra.max_pixels = n.pixels;
	t->extra.mappable_video_size = n.mappable;
	t->extra.encoder_capacity = n.encoder;
	t->extra.multi_vgpu = n.multi;
	t->extra.multi_vgpu_exclusive = n.exclusive;
	t->extra.gpu_direct = n.direct;
	t->extra.nvlink_p2p = n.nvlink;
	if (code)
		*why = g_strdup_printf("its licence %s is not known; --license %s=PRODUCT,VERSION says what it is",
				       code, code);
	else if (n.instance)
		*why = g_strdup("it is backed by MIG, which the driver does not have");
	else if (!n.heap)
		*why = g_strdup("it has no <gspHeapSize>: its board does not run vGPUs on GSP");
	g_free(code);
	return CTL_OK;
}

/* ---- boards ---- */

static int signature_of(const struct reader *r, const xmlNode *node, struct types_type *t)
{
	const xmlNode *digest;
	char *text, *type;
	bool none = true;
	int ret, hi, lo;
	size_t i;

	ret = must_have(r, node, "digest", &digest);
	if (ret)
		return ret;
	type = attr_of(r, digest, "type");
	if (!type)
		return CTL_USAGE;
	if (strcmp(type, "signature"))
		ret = bad(r, digest, "<digest>: type '%.32s' is not 'signature'", type);
	xmlFree(type);
	if (ret)
		return ret;
	text = text_of(r, digest);
	if (!text)
		return CTL_USAGE;
	if (strlen(text) != 2 * TYPES_SIGNATURE_SIZE)
		ret = bad(r, digest, "<digest>: %zu digits, a signature has %d", strlen(text),
			  2 * TYPES_SIGNATURE_SIZE);
	for (i = 0; !ret && i < TYPES_SIGNATURE_SIZE; i++) {
		hi = g_ascii_xdigit_value(text[2 * i]);
		lo = g_ascii_xdigit_value(text[2 * i + 1]);
		if (hi < 0 || lo < 0) {
			ret = bad(r, digest, "<digest>: there is no hexadecimal number at %zu", 2 * i);
			break;
		}
		t->signature_bytes[i] = hi << 4 | lo;
		none = none && !t->signature_bytes[i];
	}
	if (!ret && none)
		ret = bad(r, digest, "<digest>: all zeroes are no signature");
	t->signature = TYPES_SIGNED_OTHER;
	g_free(text);
	return ret;
}

static int read_supported(struct reader *r, const xmlNode *node, struct types_board *b)
{
	static const char *const known[] = { "maxVgpus", "digest", NULL };
	struct types_type *t = &b->type[b->num_types];
	const xmlNode *max, *type;
	unsigned int i;
	u64 id, most;
	char *why;
	int ret;

	look_over(r, node, known);
	ret = attr_number(r, node, "vgpuId", 1, 0xffffffff, &id);
	if (!ret)
		ret = must_have(r, node, "maxVgpus", &max);
	if (!ret)
		ret = number_of(r, max, 1, 32, &most);
	if (ret)
		return ret;
	type = g_hash_table_lookup(r->types, GUINT_TO_POINTER(id));
	if (!type)
		return bad(r, node, "<supportedVgpu>: there is no <vgpuType id=\"%u\">", (u32)id);
	for (i = 0; i < b->num_types; i++)
		if (b->type[i].type.id == id)
			return bad(r, node, "<supportedVgpu>: %u occurs twice for board %04x", (u32)id,
				   b->device_id);
	if (b->num_types == OVG_MAX_TYPES)
		return bad(r, node, "board %04x has more than %u types, which GSP does not take",
			   b->device_id, OVG_MAX_TYPES);

	ret = read_type(r, type, t, &why);
	if (ret)
		return ret;
	if (why) {
		types_note(r->set, "%s:%ld: type %u (%s) is left out: %s", r->name,
			   xmlGetLineNo(type), (u32)id, t->type.name, why);
		g_free(why);
		return CTL_OK;
	}
	t->type.pdev_id = b->device_id;
	t->type.max_instance = most;
	ret = signature_of(r, node, t);
	if (!ret)
		b->num_types++;
	return ret;
}

static bool wanted(const struct types_xml_options *o, u16 device_id)
{
	unsigned int i;

	if (o->all)
		return true;
	for (i = 0; i < o->num_boards; i++)
		if (o->board[i] == device_id)
			return true;
	return !o->num_boards && board_name(device_id);
}

static int read_pgpu(struct reader *r, const xmlNode *node)
{
	static const char *const known[] = { "devId", "supportedVgpu", NULL };
	u16 device_id, subsystem_id;
	struct types_board *b;
	const xmlNode *c;
	char *mode;
	int ret;

	ret = dev_id(r, node, &device_id, &subsystem_id);
	if (ret)
		return ret;
	if (!wanted(r->o, device_id)) {
		r->other_boards++;
		return CTL_OK;
	}
	look_over(r, node, known);
	if (subsystem_id) {
		types_note(r->set, "%s:%ld: board %04x is left out: its list is for subsystem %04x only, and a metadata file has no place for that",
			   r->name, xmlGetLineNo(node), device_id, subsystem_id);
		return CTL_OK;
	}
	mode = (char *)xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)"hostVgpuMode");
	if (!mode || strcmp(mode, "sriov")) {
		types_note(r->set, "%s:%ld: board %04x is left out: hostVgpuMode is %s, not sriov",
			   r->name, xmlGetLineNo(node), device_id, mode ? mode : "not there");
		xmlFree(mode);
		return CTL_OK;
	}
	xmlFree(mode);
	if (types_board_find(r->set, device_id))
		return bad(r, node, "<pgpu>: board %04x occurs twice", device_id);

	b = types_board_add(r->set, device_id);
	for (c = node->children; c && !ret; c = c->next)
		if (is(c, "supportedVgpu"))
			ret = read_supported(r, c, b);
	return ret;
}

/* ---- the document ---- */

static int collect_types(struct reader *r, const xmlNode *root)
{
	const xmlNode *c;
	u64 id;
	int ret;

	for (c = root->children; c; c = c->next) {
		if (!is(c, "vgpuType"))
			continue;
		ret = attr_number(r, c, "id", 1, 0xffffffff, &id);
		if (ret)
			return ret;
		if (!g_hash_table_insert(r->types, GUINT_TO_POINTER(id), (void *)c))
			return bad(r, c, "<vgpuType>: %u occurs twice", (u32)id);
	}
	return CTL_OK;
}

/* References are not expanded, so a document that has some is not understood. */
static int no_entities(const struct reader *r, const xmlDoc *doc, const xmlNode *node)
{
	const xmlNode *c;
	int ret = CTL_OK;

	if (doc->intSubset && doc->intSubset->children)
		return ctl_error(CTL_USAGE, "%s: declarations in the DOCTYPE are not taken", r->name);
	for (c = node->children; c && !ret; c = c->next) {
		if (c->type == XML_ENTITY_REF_NODE)
			ret = bad(r, node, "entity &%s; is not taken", c->name);
		else if (c->type == XML_ELEMENT_NODE)
			ret = no_entities(r, doc, c);
	}
	return ret;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void note_ignored(struct reader *r)
{
	GPtrArray *keys = g_ptr_array_new();
	GHashTableIter iter;
	unsigned int i;
	void *key, *v;

	g_hash_table_iter_init(&iter, r->ignored);
	while (g_hash_table_iter_next(&iter, &key, &v))
		g_ptr_array_add(keys, key);
	g_ptr_array_sort(keys, by_text);
	for (i = 0; i < keys->len; i++) {
		const struct ignored *x = g_hash_table_lookup(r->ignored, keys->pdata[i]);

		types_note(r->set, "%s:%u: %s is not known and was ignored (%u in all)",
			   r->name, x->line, (char *)keys->pdata[i], x->count);
	}
	g_ptr_array_free(keys, TRUE);
	if (r->other_boards)
		types_note(r->set, "%s: boards left out: %u; --board ID takes one of them, --board all takes all",
			   r->name, r->other_boards);
}

static int read_document(struct reader *r, const xmlDoc *doc)
{
	static const char *const known[] = {
		"version", "globalSettings", "vgpuType", "pgpu", NULL
	};
	const xmlNode *root = xmlDocGetRootElement((xmlDoc *)doc), *c;
	unsigned int i, types = 0;
	int ret;

	if (!root || !is(root, "vgpuconfig"))
		return ctl_error(CTL_USAGE, "%s: no vgpuConfig.xml: its root is <%s>, not <vgpuconfig>",
				 r->name, root ? (const char *)root->name : "");
	ret = no_entities(r, doc, root);
	if (ret)
		return ret;
	look_over(r, root, known);
	ret = collect_types(r, root);
	for (c = root->children; c && !ret; c = c->next)
		if (is(c, "pgpu"))
			ret = read_pgpu(r, c);
	if (ret)
		return ret;
	note_ignored(r);
	for (i = 0; i < r->set->board->len; i++)
		types += ((struct types_board *)r->set->board->pdata[i])->num_types;
	return types ? CTL_OK : ctl_error(CTL_NOT_FOUND, "%s: no type that could be imported", r->name);
}

/* libxml2 says what is wrong by itself, on stderr; once, in our form, is enough. */
static void silent(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

int types_read_xml_buffer(struct types_set *set, const char *name, const char *text, size_t size,
			  const struct types_xml_options *o)
{
	struct reader r = { .set = set, .name = name, .o = o };
	xmlParserCtxt *ctxt;
	const xmlError *err;
	xmlDoc *doc;
	int ret;

	if (size > XML_LIMIT)
		return ctl_error(CTL_USAGE, "%s: larger than %d MiB", name, XML_LIMIT >> 20);
	xmlSetGenericErrorFunc(NULL, silent);
	ctxt = xmlNewParserCtxt();
	if (!ctxt)
		return ctl_error(CTL_FAILED, "no memory");
	doc = xmlCtxtReadMemory(ctxt, text, size, name, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
				XML_PARSE_BIG_LINES);
	if (!doc) {
		char *why;

		err = xmlCtxtGetLastError(ctxt);
		why = g_strstrip(g_strdup(err && err->message ? err->message : "malformed"));
		ret = ctl_error(CTL_USAGE, "%s:%d: no XML: %s", name, err ? err->line : 0, why);
		g_free(why);
		xmlFreeParserCtxt(ctxt);
		return ret;
	}
	r.types = g_hash_table_new(NULL, NULL);
	r.ignored = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	ret = read_document(&r, doc);
	g_hash_table_destroy(r.types);
	g_hash_table_destroy(r.ignored);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	return ret;
}

int types_read_xml(struct types_set *set, const char *path, const struct types_xml_options *o)
{
	int ret = CTL_OK;
	size_t size;
	char *text;

	text = types_slurp(path, XML_LIMIT, &size, &ret);
	if (!text)
		return ret;
	ret = types_read_xml_buffer(set, path, text, size, o);
	g_free(text);
	return ret;
}
