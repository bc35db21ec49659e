// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The metadata file; see vgpu_type.h.  The CRC guards against damage only:
 * every length is checked where it is used, and no field of the file chooses
 * what is sent to GSP.
 */
#include "ovg_pure.h"
#include "vgpu_type.h"

u32 ovg_crc32_le(u32 crc, const void *buf, size_t len)
{
	const u8 *p = buf;
	int bit;

	while (len--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

static enum ovg_metadata_error bad(const char **why, enum ovg_metadata_error err,
				   const char *text)
{
	*why = text;
	return err;
}

static bool terminated(const char *s, size_t size)
{
	return memchr(s, 0, size);
}

/* A name becomes part of "id : name" lines, which clients take apart. */
static bool name_ok(const char *s, size_t size)
{
	if (!terminated(s, size) || !*s)
		return false;
	for (; *s; s++)
		if (*s < ' ' || *s > '~' || *s == ':')
			return false;
	return true;
}

static bool power_of_two(u64 v)
{
	return v && !(v & (v - 1));
}

/* Take over one type; false when a field is out of all reason. */
static bool read_type(const struct vgpu_mt_type *in, struct ovg_vgpu_type *out)
{
	const u64 tib = 1ULL << 40;

	if (!in->vgpu_type || !in->max_instance || in->max_instance > 64)
		return false;
	if (!name_ok(in->vgpu_name, sizeof(in->vgpu_name)) ||
	    !terminated(in->vgpu_class, sizeof(in->vgpu_class)))
		return false;
	if (!in->profile_size || in->profile_size > tib ||
	    !in->fb_length || in->fb_length > tib ||
	    !in->gsp_heap_size || in->gsp_heap_size > tib || in->gsp_heap_size % 4096 ||
	    in->fb_reservation > tib)
		return false;
	if (!power_of_two(in->bar1_length) || in->bar1_length > (tib >> 20))
		return false;
	if (in->vdev_id > 0xffffffff || in->pdev_id > 0xffff)
		return false;

	memset(out, 0, sizeof(*out));
	out->id = in->vgpu_type;
	memcpy(out->name, in->vgpu_name, sizeof(out->name));
	memcpy(out->class, in->vgpu_class, sizeof(out->class));
	out->max_instance = in->max_instance;
	out->num_heads = in->num_heads;
	out->max_x = in->max_resolution_x;
	out->max_y = in->max_resolution_y;
	out->ecc = in->ecc_supported;
	out->device_id = in->vdev_id >> 16;
	out->subsystem_id = in->vdev_id;
	out->pdev_id = in->pdev_id;
	out->profile_size = in->profile_size;
	out->fb_length = in->fb_length;
	out->gsp_heap_size = in->gsp_heap_size;
	out->fb_reservation = in->fb_reservation;
	out->bar1_length = in->bar1_length << 20;
	return true;
}

static enum ovg_metadata_error
read_types(const u8 *blob, u64 size, u16 device_id, u32 upload_cmd, u32 upload_size,
	   struct ovg_metadata *out, const char **why)
{
	struct vgpu_mt_type_blob head;
	struct vgpu_mt_type type;
	u64 i, k;

	if (size < sizeof(head))
		return bad(why, OVG_METADATA_MALFORMED, "a type blob is too small");
	memcpy(&head, blob, sizeof(head));
	blob += sizeof(head);
	size -= sizeof(head);

	if (head.device_id <= 0xffff && out->num_boards < OVG_MAX_BOARDS)
		out->board[out->num_boards++] = head.device_id;
	if (head.device_id != device_id)
		return OVG_METADATA_OK;
	if (head.gsp_rmctrl_cmd != upload_cmd)
		return bad(why, OVG_METADATA_MALFORMED, "it names another RM control");
	if (head.gsp_rmctrl_size != upload_size)
		return bad(why, OVG_METADATA_MALFORMED,
			   "its RM control has the size of another release");
	if (head.kernel_struct_size != sizeof(type) || !head.num_kernel_structs ||
	    head.num_kernel_structs > OVG_MAX_TYPES - out->num_types)
		return bad(why, OVG_METADATA_MALFORMED, "number or size of types is wrong");
	if (size != head.num_kernel_structs * sizeof(type) + upload_size)
		return bad(why, OVG_METADATA_MALFORMED, "a type blob has a wrong size");
	if (out->upload)
		return bad(why, OVG_METADATA_MALFORMED, "two type blobs for one board");

	for (i = 0; i < head.num_kernel_structs; i++) {
		struct ovg_vgpu_type *t = &out->type[out->num_types];

		memcpy(&type, blob + i * sizeof(type), sizeof(type));
		if (!read_type(&type, t))
			return bad(why, OVG_METADATA_MALFORMED, "a type is malformed");
		if (t->pdev_id != device_id)
			return bad(why, OVG_METADATA_MALFORMED, "a type is for another board");
		for (k = 0; k < out->num_types; k++)
			if (out->type[k].id == t->id)
				return bad(why, OVG_METADATA_MALFORMED, "a type occurs twice");
		out->num_types++;
	}
	out->upload = blob + head.num_kernel_structs * sizeof(type);
	out->upload_size = upload_size;
	return OVG_METADATA_OK;
}

enum ovg_metadata_error
ovg_metadata_parse(const void *file, size_t size, const char *version, u16 device_id,
		   u32 upload_cmd, u32 upload_size, struct ovg_metadata *out,
		   const char **why)
{
	const struct vgpu_mt_header *h = file;
	enum ovg_metadata_error err;
	struct vgpu_mt_blob blob;
	u64 at = sizeof(*h), i;

	memset(out, 0, sizeof(*out));
	if (size < sizeof(*h))
		return bad(why, OVG_METADATA_TRUNCATED, "shorter than its header");
	if (h->identifier != VGPU_MT_IDENTIFIER)
		return bad(why, OVG_METADATA_BAD_MAGIC, "no NVVGPUMT file");

	/* Lengths before the CRC: a cut file shall be called that. */
	for (i = 0; i < h->num_blobs; i++) {
		if (!ovg_in_range(at, sizeof(blob), size))
			return bad(why, OVG_METADATA_TRUNCATED, "truncated");
		memcpy(&blob, (const u8 *)file + at, sizeof(blob));
		if (blob.size < sizeof(blob))
			return bad(why, OVG_METADATA_MALFORMED, "a blob is too small");
		if (!ovg_in_range(at, blob.size, size))
			return bad(why, OVG_METADATA_TRUNCATED, "truncated");
		at += blob.size;
	}
	if (at != size)
		return bad(why, OVG_METADATA_MALFORMED, "bytes behind the last blob");
	if (ovg_crc32_le(VGPU_MT_CRC_SEED, (const u8 *)file + VGPU_MT_CRC_START,
			 size - VGPU_MT_CRC_START) != h->crc32)
		return bad(why, OVG_METADATA_BAD_CRC, "CRC mismatch, the file is damaged");
	if (!terminated(h->gsp_build_version, sizeof(h->gsp_build_version)))
		return bad(why, OVG_METADATA_MALFORMED, "its version is no string");
	out->version = h->gsp_build_version;
	if (strcmp(h->gsp_build_version, version))
		return bad(why, OVG_METADATA_OTHER_VERSION, "made for another GSP release");

	for (at = sizeof(*h), i = 0; i < h->num_blobs; i++, at += blob.size) {
		memcpy(&blob, (const u8 *)file + at, sizeof(blob));
		if (blob.type != VGPU_MT_BLOB_TYPES)
			continue;
		err = read_types((const u8 *)file + at + sizeof(blob),
				 blob.size - sizeof(blob), device_id, upload_cmd,
				 upload_size, out, why);
		if (err)
			return err;
	}
	if (!out->num_types)
		return bad(why, OVG_METADATA_NO_TYPES, "no types for this board");
	return OVG_METADATA_OK;
}

static u64 blob_size(const struct ovg_metadata_board *b, u32 upload_size)
{
	return sizeof(struct vgpu_mt_blob) + sizeof(struct vgpu_mt_type_blob) +
	       b->num_types * sizeof(struct vgpu_mt_type) + upload_size;
}

size_t ovg_metadata_size(const struct ovg_metadata_board *boards, u32 num_boards,
			 u32 upload_size)
{
	size_t size = sizeof(struct vgpu_mt_header);
	u32 i;

	for (i = 0; i < num_boards; i++)
		size += blob_size(&boards[i], upload_size);
	return size;
}

static void *put(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	return (u8 *)to + size;
}

static void *put_type(void *p, const struct ovg_vgpu_type *t)
{
	struct vgpu_mt_type k = {
		.vgpu_type = t->id,
		.max_instance = t->max_instance,
		.num_heads = t->num_heads,
		.max_resolution_x = t->max_x,
		.max_resolution_y = t->max_y,
		.ecc_supported = t->ecc,
		.vdev_id = ((u32)t->device_id << 16) | t->subsystem_id,
		.pdev_id = t->pdev_id,
		.profile_size = t->profile_size,
		.fb_length = t->fb_length,
		.gsp_heap_size = t->gsp_heap_size,
		.fb_reservation = t->fb_reservation,
		.bar1_length = t->bar1_length >> 20,
	};

	memcpy(k.vgpu_name, t->name, sizeof(k.vgpu_name));
	memcpy(k.vgpu_class, t->class, sizeof(k.vgpu_class));
	return put(p, &k, sizeof(k));
}

static void *put_board(void *p, u32 upload_cmd, u32 upload_size,
		       const struct ovg_metadata_board *b)
{
	struct vgpu_mt_blob blob = {
		.type = VGPU_MT_BLOB_TYPES,
		.size = blob_size(b, upload_size),
	};
	struct vgpu_mt_type_blob head = {
		.device_id = b->device_id,
		.rmctrl_vgpu_info_offset = 8,
		.rmctrl_vgpu_info_size = upload_size - 8,
		.kernel_struct_size = sizeof(struct vgpu_mt_type),
		.num_kernel_structs = b->num_types,
		.gsp_rmctrl_cmd = upload_cmd,
		.gsp_rmctrl_size = upload_size,
	};
	u32 i;

	p = put(p, &blob, sizeof(blob));
	p = put(p, &head, sizeof(head));
	for (i = 0; i < b->num_types; i++)
		p = put_type(p, &b->type[i]);
	return put(p, b->upload, upload_size);
}

void ovg_metadata_build(void *buf, const char *version, u64 major, u64 minor,
			u32 upload_cmd, u32 upload_size,
			const struct ovg_metadata_board *boards, u32 num_boards)
{
	size_t size = ovg_metadata_size(boards, num_boards, upload_size);
	struct vgpu_mt_header h = {
		.identifier = VGPU_MT_IDENTIFIER,
		.vgpu_major = major,
		.vgpu_minor = minor,
		.num_blobs = num_boards,
	};
	void *p = (u8 *)buf + sizeof(h);
	u32 i;

	memcpy(h.gsp_build_version, version,
	       ovg_min(strlen(version), sizeof(h.gsp_build_version) - 1));
	for (i = 0; i < num_boards; i++)
		p = put_board(p, upload_cmd, upload_size, &boards[i]);

	memcpy(buf, &h, sizeof(h));
	h.crc32 = ovg_crc32_le(VGPU_MT_CRC_SEED, (u8 *)buf + VGPU_MT_CRC_START,
			       size - VGPU_MT_CRC_START);
	memcpy(buf, &h, sizeof(h));
}
