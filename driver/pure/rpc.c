// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What all releases have in common; see rpc.h.
 */
#include "ovg_pure.h"
#include "common/rm.h"
#include "releases.h"
#include "rpc.h"

static const struct ovg_rpc_codec *const codecs[] = OVG_RELEASE_CODECS(rpc);

const struct ovg_rpc_codec *ovg_rpc_codec_find(const char *version)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(codecs); i++)
		if (!strcmp(codecs[i]->version, version))
			return codecs[i];
	return NULL;
}

const struct ovg_rpc_codec *ovg_rpc_codec_nth(u32 n)
{
	return n < OVG_ARRAY_SIZE(codecs) ? codecs[n] : NULL;
}

/*
 * The registry table has the same shape in all releases: a head of two words,
 * entries of four, the names.
 */
#define REGISTRY_HEAD		8
#define REGISTRY_ENTRY		16
#define REGISTRY_TYPE_DWORD	1

u32 ovg_registry_size(const struct ovg_registry_key *keys, u32 count)
{
	u32 i, size = REGISTRY_HEAD + count * REGISTRY_ENTRY;

	for (i = 0; i < count; i++)
		size += strlen(keys[i].name) + 1;
	return size;
}

void ovg_registry_pack(void *buf, const struct ovg_registry_key *keys, u32 count)
{
	u32 size = ovg_registry_size(keys, count);
	u32 name = REGISTRY_HEAD + count * REGISTRY_ENTRY;
	u32 head[2] = { size, count };
	u8 *p = buf;
	u32 i;

	memset(p, 0, size);
	memcpy(p, head, sizeof(head));
	for (i = 0; i < count; i++) {
		u32 entry[4] = { name, REGISTRY_TYPE_DWORD, keys[i].value, sizeof(u32) };
		size_t len = strlen(keys[i].name) + 1;

		memcpy(p + REGISTRY_HEAD + i * REGISTRY_ENTRY, entry, sizeof(entry));
		memcpy(p + name, keys[i].name, len);
		name += len;
	}
}

static const struct {
	u32 status;
	int err;
	const char *name;
} rm_status[] = {
	{ NV_OK, 0, "NV_OK" },
	{ NV_ERR_BUFFER_TOO_SMALL, -ENOSPC, "NV_ERR_BUFFER_TOO_SMALL" },
	{ NV_ERR_BUSY_RETRY, -EAGAIN, "NV_ERR_BUSY_RETRY" },
	{ NV_ERR_GPU_IS_LOST, -ENODEV, "NV_ERR_GPU_IS_LOST" },
	{ NV_ERR_IN_USE, -EBUSY, "NV_ERR_IN_USE" },
	{ NV_ERR_INSERT_DUPLICATE_NAME, -EEXIST, "NV_ERR_INSERT_DUPLICATE_NAME" },
	{ NV_ERR_INSUFFICIENT_RESOURCES, -ENOSPC, "NV_ERR_INSUFFICIENT_RESOURCES" },
	{ NV_ERR_INSUFFICIENT_PERMISSIONS, -EPERM, "NV_ERR_INSUFFICIENT_PERMISSIONS" },
	{ NV_ERR_INVALID_ADDRESS, -EFAULT, "NV_ERR_INVALID_ADDRESS" },
	{ NV_ERR_INVALID_ARGUMENT, -EINVAL, "NV_ERR_INVALID_ARGUMENT" },
	{ NV_ERR_INVALID_CHANNEL, -EINVAL, "NV_ERR_INVALID_CHANNEL" },
	{ NV_ERR_INVALID_CLASS, -EINVAL, "NV_ERR_INVALID_CLASS" },
	{ NV_ERR_INVALID_CLIENT, -EINVAL, "NV_ERR_INVALID_CLIENT" },
	{ NV_ERR_INVALID_COMMAND, -EINVAL, "NV_ERR_INVALID_COMMAND" },
	{ NV_ERR_INVALID_DATA, -EINVAL, "NV_ERR_INVALID_DATA" },
	{ NV_ERR_INVALID_DEVICE, -EINVAL, "NV_ERR_INVALID_DEVICE" },
	{ NV_ERR_INVALID_FUNCTION, -EINVAL, "NV_ERR_INVALID_FUNCTION" },
	{ NV_ERR_INVALID_INDEX, -EINVAL, "NV_ERR_INVALID_INDEX" },
	{ NV_ERR_INVALID_OBJECT, -EINVAL, "NV_ERR_INVALID_OBJECT" },
	{ NV_ERR_INVALID_OBJECT_HANDLE, -EINVAL, "NV_ERR_INVALID_OBJECT_HANDLE" },
	{ NV_ERR_INVALID_OBJECT_PARENT, -EINVAL, "NV_ERR_INVALID_OBJECT_PARENT" },
	{ NV_ERR_INVALID_OFFSET, -EINVAL, "NV_ERR_INVALID_OFFSET" },
	{ NV_ERR_INVALID_OPERATION, -EPERM, "NV_ERR_INVALID_OPERATION" },
	{ NV_ERR_INVALID_PARAM_STRUCT, -EINVAL, "NV_ERR_INVALID_PARAM_STRUCT" },
	{ NV_ERR_INVALID_PARAMETER, -EINVAL, "NV_ERR_INVALID_PARAMETER" },
	{ NV_ERR_INVALID_REQUEST, -EINVAL, "NV_ERR_INVALID_REQUEST" },
	{ NV_ERR_INVALID_STATE, -EINVAL, "NV_ERR_INVALID_STATE" },
	{ NV_ERR_NO_MEMORY, -ENOMEM, "NV_ERR_NO_MEMORY" },
	{ NV_ERR_NOT_READY, -EAGAIN, "NV_ERR_NOT_READY" },
	{ NV_ERR_NOT_SUPPORTED, -EOPNOTSUPP, "NV_ERR_NOT_SUPPORTED" },
	{ NV_ERR_OBJECT_NOT_FOUND, -ENOENT, "NV_ERR_OBJECT_NOT_FOUND" },
	{ NV_ERR_OUT_OF_RANGE, -ERANGE, "NV_ERR_OUT_OF_RANGE" },
	{ NV_ERR_RESET_REQUIRED, -ENODEV, "NV_ERR_RESET_REQUIRED" },
	{ NV_ERR_STATE_IN_USE, -EBUSY, "NV_ERR_STATE_IN_USE" },
	{ NV_ERR_TIMEOUT, -ETIMEDOUT, "NV_ERR_TIMEOUT" },
	{ NV_ERR_TIMEOUT_RETRY, -EAGAIN, "NV_ERR_TIMEOUT_RETRY" },
	{ NV_ERR_INVALID_LICENSE, -EACCES, "NV_ERR_INVALID_LICENSE" },
	{ NV_ERR_GENERIC, -EIO, "NV_ERR_GENERIC" },
};

int ovg_rm_status_errno(u32 status)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(rm_status); i++)
		if (rm_status[i].status == status)
			return rm_status[i].err;
	return -EIO;
}

const char *ovg_rm_status_name(u32 status)
{
	size_t i;

	for (i = 0; i < OVG_ARRAY_SIZE(rm_status); i++)
		if (rm_status[i].status == status)
			return rm_status[i].name;
	return "unknown";
}
