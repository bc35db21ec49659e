// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Metadata files (NVVGPUMT): written from a set of types, and read back.  The
 * kernel's own parser judges what is written.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "types_set.h"
#include "r570/vgpu_ctrl.h"

/* What is read here of a VGPU_INFO is at the same place in all releases. */
#define SAME(field) \
	_Static_assert(offsetof(struct r535_vgpu_info, field) == \
		       offsetof(struct r570_vgpu_info, field), #field)
SAME(license);
SAME(max_pixels);
SAME(frl_enable);
SAME(multi_vgpu_exclusive);

char *types_slurp(const char *path, size_t limit, size_t *size, int *status)
{
	FILE *f = fopen(path, "rb");
	GByteArray *all;
	u8 chunk[65536];
	struct stat st;
	size_t n;

	if (!f || fstat(fileno(f), &st) || S_ISDIR(st.st_mode)) {
		int err = f && S_ISDIR(st.st_mode) ? EISDIR : errno;

		if (f)
			fclose(f);
		*status = ctl_error(err == ENOENT ? CTL_NOT_FOUND :
				    err == EACCES ? CTL_PERMISSION : CTL_FAILED, "%s: %s", path,
				    strerror(err));
		return NULL;
	}
	all = g_byte_array_new();
	while ((n = fread(chunk, 1, sizeof(chunk), f)) && all->len + n <= limit)
		g_byte_array_append(all, chunk, n);
	if (ferror(f) || n) {
		if (ferror(f))
			*status = ctl_error(CTL_FAILED, "%s: %s", path, strerror(errno));
		else
			*status = ctl_error(CTL_USAGE, "%s: larger than %zu MiB", path, limit >> 20);
		fclose(f);
		g_byte_array_unref(all);
		return NULL;
	}
	fclose(f);
	*size = all->len;
	g_byte_array_append(all, (const u8 *)"", 1);
	return (char *)g_byte_array_free(all, FALSE);
}

/* ---- signatures ---- */

static void test_signature(const struct ovg_vgpu_codec *codec, const u8 *info, u8 *out)
{
	GHmac *mac = g_hmac_new(G_CHECKSUM_SHA256, (const u8 *)VGPU_TEST_KEY, VGPU_TEST_KEY_LEN);
	u8 *copy = g_memdup2(info, codec->info_size);
	gsize len = VGPU_TEST_SIGNATURE_MAC_LEN;

	memset(copy + codec->info_signature_offset, 0, codec->info_signature_size);
	memset(out, 0, TYPES_SIGNATURE_SIZE);
	memcpy(out, VGPU_TEST_SIGNATURE_TAG, VGPU_TEST_SIGNATURE_TAG_LEN);
	g_hmac_update(mac, copy, codec->info_size);
	g_hmac_get_digest(mac, out + VGPU_TEST_SIGNATURE_TAG_LEN, &len);
	g_hmac_unref(mac);
	g_free(copy);
}

static enum types_signature whose(const struct ovg_vgpu_codec *codec, const u8 *info)
{
	static const u8 none[TYPES_SIGNATURE_SIZE];
	const u8 *sig = info + codec->info_signature_offset;
	u8 want[TYPES_SIGNATURE_SIZE];

	if (!memcmp(sig, none, sizeof(none)))
		return TYPES_UNSIGNED;
	test_signature(codec, info, want);
	return memcmp(sig, want, sizeof(want)) ? TYPES_SIGNED_OTHER : TYPES_SIGNED_TEST;
}

/* ---- writing ---- */

static int write_file(const char *path, const void *buf, size_t size)
{
	char *tmp = g_strconcat(path, ".new", NULL);
	FILE *f = fopen(tmp, "wb");
	int ret = CTL_OK, err = 0;

	if (!f) {
		err = errno;
	} else {
		if (fwrite(buf, 1, size, f) != size)
			err = errno;
		if (fclose(f) && !err)
			err = errno;
		if (!err && rename(tmp, path))
			err = errno;
		if (err)
			unlink(tmp);
	}
	if (err)
		ret = ctl_error(err == EACCES || err == EPERM ? CTL_PERMISSION : CTL_FAILED,
				"%s: %s", path, strerror(err));
	g_free(tmp);
	return ret;
}

/* GSP's view of a board's types; the kernel's goes to @types. */
static u8 *make_upload(const struct ovg_vgpu_codec *codec, const struct types_board *b,
		       struct ovg_vgpu_type *types)
{
	u8 *infos = g_malloc0((size_t)OVG_MAX_TYPES * codec->info_size);
	u8 *upload = g_malloc0(codec->add_types_size);
	unsigned int i;

	for (i = 0; i < b->num_types; i++) {
		const struct types_type *t = &b->type[i];
		u8 *info = infos + (size_t)i * codec->info_size;
		u8 sig[TYPES_SIGNATURE_SIZE];

		types[i] = t->type;
		codec->info(info, &t->type, &t->extra);
		if (t->signature == TYPES_SIGNED_OTHER)
			memcpy(sig, t->signature_bytes, sizeof(sig));
		else
			test_signature(codec, info, sig);
		memcpy(info + codec->info_signature_offset, sig, sizeof(sig));
	}
	codec->add_types(upload, infos, b->num_types);
	g_free(infos);
	return upload;
}

/* Would the manager take it? */
static int check(const void *file, size_t size, const struct ovg_vgpu_codec *codec,
		 const struct types_board *b)
{
	struct ovg_metadata *md = g_new0(struct ovg_metadata, 1);
	const char *why = "";
	int ret = CTL_OK;

	if (ovg_metadata_parse(file, size, codec->version, b->device_id, codec->cmd_add_types,
			       codec->add_types_size, md, &why))
		ret = ctl_error(CTL_FAILED, "board %04x: the driver would not take this: %s",
				b->device_id, why);
	g_free(md);
	return ret;
}

int types_write(const struct types_set *set, const char *version, const char *path)
{
	const struct ovg_vgpu_codec *codec = ovg_vgpu_codec_find(version);
	struct ovg_metadata_board *boards = g_new0(struct ovg_metadata_board, set->board->len);
	unsigned int i, n = 0;
	int ret = CTL_OK;
	size_t size;
	u8 *file;

	for (i = 0; i < set->board->len; i++) {
		const struct types_board *b = g_ptr_array_index(set->board, i);
		struct ovg_vgpu_type *types;

		if (!b->num_types)
			continue;
		types = g_new0(struct ovg_vgpu_type, OVG_MAX_TYPES);
		boards[n].device_id = b->device_id;
		boards[n].num_types = b->num_types;
		boards[n].upload = make_upload(codec, b, types);
		boards[n].type = types;
		n++;
	}
	size = ovg_metadata_size(boards, n, codec->add_types_size);
	file = g_malloc0(size);
	ovg_metadata_build(file, version, codec->vgpu_major, codec->vgpu_minor,
			   codec->cmd_add_types, codec->add_types_size, boards, n);
	for (i = 0; i < set->board->len && !ret; i++) {
		const struct types_board *b = g_ptr_array_index(set->board, i);

		if (b->num_types)
			ret = check(file, size, codec, b);
	}
	if (!ret)
		ret = write_file(path, file, size);

	g_free(file);
	for (i = 0; i < n; i++) {
		g_free((void *)boards[i].type);
		g_free((void *)boards[i].upload);
	}
	g_free(boards);
	return ret;
}

/* ---- reading ---- */

bool types_is_metadata(const char *path)
{
	FILE *f = fopen(path, "rb");
	u64 id = 0;
	bool is;

	is = f && fread(&id, 1, sizeof(id), f) == sizeof(id) && id == VGPU_MT_IDENTIFIER;
	if (f)
		fclose(f);
	return is;
}

static void take_info(struct types_type *t, const struct ovg_vgpu_codec *codec, const u8 *info)
{
	struct r535_vgpu_info v;

	memcpy(&v, info, ovg_min(sizeof(v), codec->info_size));
	memcpy(t->licenses, v.license, sizeof(t->licenses) - 1);
	t->extra = (struct ovg_type_extra){
		.licenses = t->licenses,
		.cuda = v.cuda_enabled,
		.frame_limit = v.frl_config,
		.limiter = v.frl_enable,
		.max_pixels = v.max_pixels,
		.mappable_video_size = v.mappable_video_size,
		.encoder_capacity = v.encoder_capacity,
		.multi_vgpu = v.multi_vgpu_supported,
		.multi_vgpu_exclusive = v.multi_vgpu_exclusive,
		.gpu_direct = v.gpu_direct_supported,
		.nvlink_p2p = v.nvlink_p2p_supported,
	};
	t->signature = whose(codec, info);
	memcpy(t->signature_bytes, info + codec->info_signature_offset, TYPES_SIGNATURE_SIZE);
}

static int take_board(struct types_set *set, const char *path, const void *file, size_t size,
		      const struct ovg_vgpu_codec *codec, u16 device_id)
{
	struct ovg_metadata *md = g_new0(struct ovg_metadata, 1);
	struct types_board *b;
	const char *why = "";
	int ret = CTL_OK;
	unsigned int i;

	if (ovg_metadata_parse(file, size, codec->version, device_id, codec->cmd_add_types,
			       codec->add_types_size, md, &why)) {
		ret = ctl_error(CTL_USAGE, "%s: board %04x: %s", path, device_id, why);
		goto out;
	}
	if (codec->add_types_count(md->upload) != (int)md->num_types) {
		ret = ctl_error(CTL_USAGE, "%s: board %04x: the driver gets %u types, GSP another number",
				path, device_id, md->num_types);
		goto out;
	}
	b = types_board_add(set, device_id);
	for (i = 0; i < md->num_types; i++) {
		const u8 *info = (const u8 *)md->upload + 8 + (size_t)i * codec->info_size;
		struct types_type *t = &b->type[b->num_types++];
		u32 id;

		memcpy(&id, info, sizeof(id));
		if (id != md->type[i].id) {
			ret = ctl_error(CTL_USAGE, "%s: board %04x: type %u of the driver is %u for GSP",
					path, device_id, md->type[i].id, id);
			goto out;
		}
		t->type = md->type[i];
		take_info(t, codec, info);
	}
out:
	g_free(md);
	return ret;
}

int types_read_metadata(struct types_set *set, const char *path, char **version)
{
	struct ovg_metadata *md = g_new0(struct ovg_metadata, 1);
	const struct ovg_vgpu_codec *codec;
	enum ovg_metadata_error err;
	const char *why = "";
	int ret = CTL_OK;
	unsigned int i;
	char *file;
	size_t size;

	file = types_slurp(path, 64 << 20, &size, &ret);
	if (!file)
		goto out;
	/* For no release and no board: what is it for? */
	err = ovg_metadata_parse(file, size, "", 0, 0, 0, md, &why);
	if (err != OVG_METADATA_OTHER_VERSION) {
		ret = ctl_error(CTL_USAGE, "%s: %s", path, why);
		goto out;
	}
	codec = ovg_vgpu_codec_find(md->version);
	if (!codec) {
		ret = ctl_error(CTL_USAGE, "%s: for GSP %s, which this vgpuctl does not know", path,
				md->version);
		goto out;
	}
	*version = g_strdup(md->version);
	ovg_metadata_parse(file, size, codec->version, 0, 0, 0, md, &why);
	for (i = 0; i < md->num_boards && !ret; i++)
		ret = take_board(set, path, file, size, codec, md->board[i]);
	if (!ret && !md->num_boards)
		ret = ctl_error(CTL_USAGE, "%s: no types", path);
out:
	g_free(file);
	g_free(md);
	return ret;
}
