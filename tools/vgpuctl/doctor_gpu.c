// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl doctor: what concerns one GPU.
 */
#include <string.h>

#include "boards.h"
#include "built_in.h"
#include "doctor.h"

#define DRIVER_CORE	"openvgpu"
#define DRIVER_VFIO	"nvidia"

/* Lines of "resource" that are the VFs' BARs (PCI_IOV_RESOURCES and what follows). */
#define IOV_FIRST	7
#define IOV_LAST	12

#define BOARDS_HINT	"L40, L40S, L20, L4, L2, RTX 6000 Ada and RTX 5000 Ada are known"
#define REBIND_HINT	"when no VM runs on it, unbind and bind the core driver"
#define BIOS_HINT	"BIOS: Above 4G Decoding and SR-IOV on, MMIO High Size as large as it goes; else boot with pci=realloc"

/* Names as core/gsp.c asks for them; newest first. */
static const struct {
	const char *version;
	const char *files;
} releases[] = {
	{ "570.144", "gsp bootloader booter_load booter_unload scrubber" },
	{ "535.113.01", "gsp bootloader booter_load booter_unload" },
};

/* SR-IOV of a GPU that no core driver has; the same for one that has. */
static void check_sriov(const char *bdf, const char *path, struct report *r)
{
	long long total = file_num(path, "sriov_totalvfs");
	char *text, *line, *save;
	bool assigned = false;
	int i = 0;

	if (total <= 0) {
		finding(r, VERDICT_FAIL, "sriov", bdf,
			"BIOS: SR-IOV on; a board that shows displays may have to be switched to compute mode with NVIDIA's displaymodeselector",
			"it has no SR-IOV capability that the kernel can use");
		return;
	}
	text = file_read_in(path, "resource");
	for (line = strtok_r(text ? text : (char []){ 0 }, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), i++)
		if (i >= IOV_FIRST && i <= IOV_LAST && strtoull(line, NULL, 16))
			assigned = true;
	if (text && !assigned)
		finding(r, VERDICT_FAIL, "sriov", bdf, BIOS_HINT,
			"the BARs of its VFs have no address space");
	else if (total > 7 && file_num(path, "ari_enabled") == 0)
		finding(r, VERDICT_WARN, "sriov", bdf,
			"BIOS: ARI on; or another slot, one whose port has ARI Forwarding",
			"%lld VFs, but without ARI only those of the first 8 functions can be used", total);
	else
		finding(r, VERDICT_OK, "sriov", bdf, NULL, "%lld VFs possible", total);
	free(text);
}

static bool firmware_there(char **dirs, const char *chip, const char *file, const char *version)
{
	static const char *const ends[] = { "", ".xz", ".zst" };
	path_t path;
	size_t i;

	for (; *dirs; dirs++) {
		for (i = 0; i < 3; i++) {
			path_set(path, "%s/nvidia/%s/gsp/%s-%s.bin%s", *dirs, chip, file, version,
				 ends[i]);
			if (file_exists(path))
				return true;
		}
	}
	return false;
}

/* Files of a release that are missing, for freeing; NULL when all are there. */
static char *missing_firmware(char **dirs, const char *chip, size_t release)
{
	char *copy = xstrdup(releases[release].files), *word, *save, *missing = NULL;

	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (!firmware_there(dirs, chip, word, releases[release].version))
			missing = list_add(missing, word);
	free(copy);
	return missing;
}

static void check_firmware(const struct ctl *ctl, const char *bdf, int device, struct report *r)
{
	const char *chip = board_chip(device);
	char **dirs, *missing[2], *have = NULL;
	size_t i;

	if (!chip) {
		finding(r, VERDICT_WARN, "firmware", bdf, BOARDS_HINT,
			"10de:%04x is no board that this vgpuctl knows", device & 0xffff);
		return;
	}
	dirs = firmware_dirs(ctl);
	for (i = 0; i < 2; i++) {
		missing[i] = missing_firmware(dirs, chip, i);
		if (!missing[i])
			have = list_add(have, releases[i].version);
	}
	if (have)
		finding(r, VERDICT_OK, "firmware", bdf, NULL, "GSP %s", have);
	else
		finding(r, VERDICT_FAIL, "firmware", bdf,
			"install firmware-nvidia-graphics (trixie-backports has both releases), or copy the files of linux-firmware",
			"neither release is complete below /lib/firmware/nvidia/%s/gsp: of %s %s missing, of %s %s",
			chip, releases[0].version, missing[0], releases[1].version, missing[1]);
	for (i = 0; i < 2; i++)
		free(missing[i]);
	free(have);
	dir_free(dirs);
}

static void check_driver(const struct gpu *gpu, struct report *r)
{
	if (gpu->gsp && gpu->max_vgpus != NA)
		finding(r, VERDICT_OK, "driver", gpu->bdf, NULL, "GSP %s runs, room for %d vGPUs",
			gpu->gsp, gpu->max_vgpus);
	else if (gpu->gsp)
		finding(r, VERDICT_OK, "driver", gpu->bdf, NULL, "GSP %s runs", gpu->gsp);
	else
		finding(r, VERDICT_FAIL, "driver", gpu->bdf,
			"modprobe openvgpu-mgr; when it is loaded, the kernel log says why it did not take the GPU: vgpuctl logs GPU",
			"it has a core driver, but no manager");
	if (gpu->quarantined > 0)
		finding(r, VERDICT_WARN, "driver", gpu->bdf, REBIND_HINT,
			"the memory of %d vGPU%s is out of use (quarantined): the firmware did not let go of it, or it could not be scrubbed",
			gpu->quarantined, gpu->quarantined == 1 ? "" : "s");
}

static void check_types(const struct gpu *gpu, struct report *r)
{
	if (gpu->types.metadata)
		finding(r, VERDICT_OK, "types", gpu->bdf, NULL, "%d vGPU types", gpu->types.n);
	else
		finding(r, VERDICT_FAIL, "types", gpu->bdf,
			"vgpuctl types build --output /lib/firmware/openvgpu " VGPUCTL_DATADIR "/*.types makes it from the catalogues, vgpuctl types import from NVIDIA's vgpuConfig.xml; then unbind and bind the core driver",
			"no vGPU types: %s", gpu->types.why);
}

static int group_size(const struct vf *vf)
{
	path_t path;
	char **names, **n;
	int count = 0;

	path_set(path, "%s/iommu_group/devices", vf->path);
	names = dir_list(path);
	for (n = names; *n; n++)
		count++;
	dir_free(names);
	return count;
}

static void check_vfs(const struct gpu *gpu, struct report *r)
{
	int i, unbound = 0, shared = 0, no_group = 0;
	char *hint, *stuck = NULL;

	if (!gpu->num_vfs) {
		hint = xasprintf("vgpuctl set %s --vfs max, or vfs = max in " "/etc/openvgpu", gpu->bdf);
		finding(r, VERDICT_WARN, "vfs", gpu->bdf, hint, "no VFs are enabled");
		free(hint);
		return;
	}
	for (i = 0; i < gpu->num_vfs; i++) {
		unbound += gpu->vf[i].type == NA;
		no_group += gpu->vf[i].iommu_group == NA;
		shared += group_size(&gpu->vf[i]) > 1;
		if (vf_stuck(&gpu->vf[i]))
			stuck = list_add(stuck, gpu->vf[i].bdf);
	}
	if (unbound)
		finding(r, VERDICT_FAIL, "vfs", gpu->bdf,
			"modprobe openvgpu-vfio-pci; a VF that vfio-pci has goes back with: echo VF >/sys/bus/pci/drivers/vfio-pci/unbind, echo VF >/sys/bus/pci/drivers/nvidia/bind",
			"%d of %d VFs are not bound to openvgpu-vfio-pci", unbound, gpu->num_vfs);
	if (no_group)
		finding(r, VERDICT_FAIL, "vfs", gpu->bdf, "switch the IOMMU on, see above",
			"%d of %d VFs have no IOMMU group", no_group, gpu->num_vfs);
	if (shared)
		finding(r, VERDICT_FAIL, "vfs", gpu->bdf,
			"BIOS: ACS on for the slot's root port; else another slot",
			"%d of %d VFs share their IOMMU group, so they cannot go to different VMs", shared,
			gpu->num_vfs);
	if (stuck)
		finding(r, VERDICT_WARN, "vfs", gpu->bdf, REBIND_HINT,
			"%d of %d VFs are stuck, as the firmware did not let go of their last vGPU: %s",
			gpu_stuck(gpu), gpu->num_vfs, stuck);
	if (!unbound && !no_group && !shared && !stuck)
		finding(r, VERDICT_OK, "vfs", gpu->bdf, NULL, "%d enabled, each bound and alone in its IOMMU group",
			gpu->num_vfs);
	free(stuck);
}

static void check_other(const struct ctl *ctl, const struct other *o, struct report *r)
{
	char *hint;

	if (!board_name(o->device)) {
		finding(r, VERDICT_WARN, "driver", o->bdf, BOARDS_HINT,
			"10de:%04x is no board that hosts vGPUs here", o->device & 0xffff);
		return;
	}
	check_sriov(o->bdf, o->path, r);
	check_firmware(ctl, o->bdf, o->device, r);
	if (o->driver && strcmp(o->driver, DRIVER_CORE))
		hint = xasprintf("echo %s >/sys/bus/pci/drivers/%s/unbind; echo %s >/sys/bus/pci/drivers/" DRIVER_CORE "/bind",
				 o->bdf, o->driver, o->bdf);
	else
		hint = xstrdup("modprobe openvgpu-core; when it is loaded, the kernel log says why it did not take the GPU");
	finding(r, VERDICT_FAIL, "driver", o->bdf, hint, "it is bound to %s, not to " DRIVER_CORE,
		o->driver ? o->driver : "no driver");
	free(hint);
}

void check_gpus(const struct ctl *ctl, const struct gpus *g, struct report *r)
{
	int i;

	for (i = 0; i < g->n; i++) {
		const struct gpu *gpu = &g->gpu[i];

		check_sriov(gpu->bdf, gpu->path, r);
		check_firmware(ctl, gpu->bdf, gpu->device, r);
		check_driver(gpu, r);
		if (gpu->gsp)
			check_types(gpu, r);
		check_vfs(gpu, r);
	}
	for (i = 0; i < g->others; i++)
		check_other(ctl, &g->other[i], r);
}
