// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * vgpuctl doctor: what concerns the whole host.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "config.h"
#include "doctor.h"

/**
 * struct kernel_option - an option of the kernel's configuration
 * @x86: only there
 * @needed: nothing goes without it
 * @why: what it is for
 */
static const struct kernel_option {
	const char *name;
	bool x86;
	bool needed;
	const char *why;
} options[] = {
	{ "CONFIG_PCI_IOV", false, true, "virtual functions" },
	{ "CONFIG_AUXILIARY_BUS", false, true, "openvgpu-mgr finds openvgpu-core by it" },
	{ "CONFIG_FW_LOADER", false, true, "GSP's firmware" },
	{ "CONFIG_IOMMU_SUPPORT", false, true, "isolation of guests" },
	{ "CONFIG_IRQ_REMAP", true, true, "interrupts of guests" },
	{ "CONFIG_VFIO", false, true, "VMs get VFs through it" },
	{ "CONFIG_VFIO_PCI_CORE", false, true, "openvgpu-vfio-pci is built on it" },
	{ "CONFIG_VFIO_GROUP", false, false, "/dev/vfio/GROUP, which libvirt and KubeVirt use" },
	{ "CONFIG_IOMMUFD", false, false, "dirty tracking for live migration" },
	{ "CONFIG_VFIO_DEVICE_CDEV", false, false, "/dev/vfio/devices, for VMMs with iommufd" },
};

/* Lines of the kernel's configuration, from /proc or /boot, plain or gzip; NULL. */
static char *kernel_config(const struct ctl *ctl, path_t path)
{
	char *text = NULL, *release;
	size_t at = 0, size = 1 << 18;
	gzFile f;
	int n;

	path_set(path, "%s/proc/config.gz", ctl->root);
	f = gzopen(path, "rb");
	if (!f) {
		path_t name;

		path_set(name, "%s/proc/sys/kernel/osrelease", ctl->root);
		release = file_read(name);
		path_set(path, "%s/boot/config-%s", ctl->root, release ? release : "");
		free(release);
		f = gzopen(path, "rb");
	}
	if (!f)
		return NULL;
	text = xrealloc(NULL, size + 1);
	while ((n = gzread(f, text + at, size - at)) > 0) {
		at += n;
		if (at == size) {
			size *= 2;
			text = xrealloc(text, size + 1);
		}
	}
	gzclose(f);
	text[at] = 0;
	if (!n && at)
		return text;
	free(text);
	return NULL;
}

static bool option_is_set(const char *config, const char *name)
{
	size_t len = strlen(name);
	const char *at = config;

	while ((at = strstr(at, name)) != NULL) {
		if ((at == config || at[-1] == '\n') && at[len] == '=' &&
		    (at[len + 1] == 'y' || at[len + 1] == 'm'))
			return true;
		at += len;
	}
	return false;
}

static bool kernel_has(const char *config, const struct kernel_option *o)
{
	/* older kernels have groups always, and the option not yet */
	if (!strcmp(o->name, "CONFIG_VFIO_GROUP") && !strstr(config, o->name))
		return true;
	return option_is_set(config, o->name);
}

static void check_kernel(const struct ctl *ctl, struct report *r)
{
	char *config, *missing = NULL, *optional = NULL, *hint;
	bool x86;
	path_t path;
	size_t i;

	config = kernel_config(ctl, path);
	if (!config) {
		finding(r, VERDICT_WARN, "kernel", NULL,
			"look by hand: PCI_IOV, VFIO_PCI_CORE and AUXILIARY_BUS are needed",
			"the kernel's options are neither in /proc/config.gz nor in /boot");
		return;
	}
	x86 = option_is_set(config, "CONFIG_X86");
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		char *item;

		if ((options[i].x86 && !x86) || kernel_has(config, &options[i]))
			continue;
		item = xasprintf("%s (%s)", options[i].name, options[i].why);
		if (options[i].needed)
			missing = list_add(missing, item);
		else
			optional = list_add(optional, item);
		free(item);
	}
	free(config);
	hint = xasprintf("boot a kernel that is built with them; %s says what this one has", path);
	if (missing)
		finding(r, VERDICT_FAIL, "kernel", NULL, hint, "it is built without %s", missing);
	else
		finding(r, VERDICT_OK, "kernel", NULL, NULL, "all options that are needed are on");
	if (optional)
		finding(r, VERDICT_WARN, "kernel", NULL,
			"vGPUs run without; take a kernel that has them when you need what they are for",
			"it is built without %s", optional);
	free(hint);
	free(missing);
	free(optional);
}

static int count_entries(const struct ctl *ctl, const char *dir)
{
	path_t path;
	char **names, **n;
	int count = 0;

	path_set(path, "%s%s", ctl->root, dir);
	names = dir_list(path);
	for (n = names; *n; n++)
		count++;
	dir_free(names);
	return count;
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *at = text;

	while (text && (at = strstr(at, word)) != NULL) {
		if ((at == text || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
		at += len;
	}
	return false;
}

static void check_iommu(const struct ctl *ctl, struct report *r)
{
	int groups = count_entries(ctl, "/sys/kernel/iommu_groups");
	char *cmdline, *cpu;
	bool amd, units;
	path_t path;

	if (groups) {
		finding(r, VERDICT_OK, "iommu", NULL, NULL, "on, %d groups", groups);
		return;
	}
	path_set(path, "%s/proc/cmdline", ctl->root);
	cmdline = file_read(path);
	path_set(path, "%s/proc/cpuinfo", ctl->root);
	cpu = file_read(path);
	amd = cpu && strstr(cpu, "AuthenticAMD");
	units = count_entries(ctl, "/sys/class/iommu") > 0;
	if (has_word(cmdline, "intel_iommu=off") || has_word(cmdline, "amd_iommu=off") ||
	    has_word(cmdline, "iommu=off"))
		finding(r, VERDICT_FAIL, "iommu", NULL,
			"take intel_iommu=off, amd_iommu=off, iommu=off from the kernel's command line and boot",
			"off: the kernel's command line says so");
	else if (!amd && !has_word(cmdline, "intel_iommu=on"))
		finding(r, VERDICT_FAIL, "iommu", NULL,
			"boot with intel_iommu=on; and see that VT-d is on in the BIOS",
			"off: there are no IOMMU groups");
	else
		finding(r, VERDICT_FAIL, "iommu", NULL,
			amd ? "BIOS: switch IOMMU (AMD-Vi) and SVM on" : "BIOS: switch VT-d on",
			units ? "there are IOMMU units, but no groups" :
				"off: the BIOS tells of no IOMMU");
	free(cmdline);
	free(cpu);
}

static bool module_loaded(const struct ctl *ctl, const char *name)
{
	path_t path;

	path_set(path, "%s/sys/module/%s", ctl->root, name);
	return file_exists(path);
}

static void check_vfio(const struct ctl *ctl, struct report *r)
{
	bool type1 = module_loaded(ctl, "vfio_iommu_type1"), iommufd;
	path_t path;

	path_set(path, "%s/dev/iommu", ctl->root);
	iommufd = file_exists(path);
	if (type1 || iommufd)
		finding(r, VERDICT_OK, "vfio", NULL, NULL, "%s%s%s", type1 ? "vfio_iommu_type1" : "",
			type1 && iommufd ? " and " : "", iommufd ? "iommufd" : "");
	else
		finding(r, VERDICT_FAIL, "vfio", NULL,
			"modprobe vfio_iommu_type1, and put it into /etc/modules-load.d",
			"neither vfio_iommu_type1 nor iommufd is there, so no VM can map its memory");
}

static void check_modules(const struct ctl *ctl, struct report *r)
{
	static const char *const ours[] = { "openvgpu_core", "openvgpu_mgr", "openvgpu_vfio_pci" };
	static const char *const others[] = { "nouveau", "nova_core", "nvidia" };
	char *missing = NULL, *hint;
	size_t i;

	for (i = 0; i < 3; i++)
		if (!module_loaded(ctl, ours[i]))
			missing = list_add(missing, ours[i]);
	if (missing)
		finding(r, VERDICT_FAIL, "modules", NULL,
			"modprobe them; when modprobe does not know them, install the modules and run depmod",
			"%s not loaded", missing);
	else
		finding(r, VERDICT_OK, "modules", NULL, NULL, "all three are loaded");
	free(missing);

	for (i = 0; i < 3; i++) {
		if (!module_loaded(ctl, others[i]))
			continue;
		hint = xasprintf("modprobe -r %s, and keep it out: echo blacklist %s >/etc/modprobe.d/openvgpu-no-%s.conf, then update-initramfs -u",
				 others[i], others[i], others[i]);
		finding(r, VERDICT_WARN, "modules", NULL, hint,
			"%s is loaded, and takes GPUs when it comes before openvgpu-core", others[i]);
		free(hint);
	}
}

static void check_config(const struct ctl *ctl, struct report *r)
{
	static const char *const wants[] = { "multi-user.target.wants", "basic.target.wants" };
	char **names, **n;
	bool any = false, enabled = false;
	struct config c;
	path_t path;
	size_t i, len;

	path_set(path, "%s" CONFIG_DIR, ctl->root);
	names = dir_list(path);
	for (n = names; *n; n++) {
		len = strlen(*n);
		any = any || (len > 5 && !strcmp(*n + len - 5, ".conf"));
	}
	dir_free(names);
	for (i = 0; i < 2; i++) {
		path_t link;
		char target[1];

		path_set(link, "%s/etc/systemd/system/%s/openvgpu.service", ctl->root, wants[i]);
		enabled = enabled || readlink(link, target, sizeof(target)) > 0;
	}
	if (any && config_load(ctl, NULL, &c))
		finding(r, VERDICT_FAIL, "config", NULL, "vgpuctl apply --dry-run shows which",
			CONFIG_DIR " has wrong lines, so nothing of it is applied");
	else if (!any)
		finding(r, VERDICT_WARN, "config", NULL,
			"write what shall be there into " CONFIG_DIR "/openvgpu.conf: openvgpu.conf(5)",
			"nothing in " CONFIG_DIR ": VFs and vGPUs are gone after a boot");
	else if (!enabled)
		finding(r, VERDICT_WARN, "config", NULL, "systemctl enable openvgpu.service",
			CONFIG_DIR " is not applied at boot");
	else
		finding(r, VERDICT_OK, "config", NULL, NULL, CONFIG_DIR " is applied at boot");
	if (any)
		config_free(&c);
}

void check_host(const struct ctl *ctl, const struct gpus *g, struct report *r)
{
	check_kernel(ctl, r);
	check_iommu(ctl, r);
	check_vfio(ctl, r);
	check_modules(ctl, r);
	check_config(ctl, r);
	if (!g->n && !g->others)
		finding(r, VERDICT_FAIL, "gpu", NULL,
			"look at lspci -d 10de: ; when it is not there, the slot, power or the BIOS is to blame",
			"there is no NVIDIA GPU");
}
