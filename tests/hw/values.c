// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Values that the core relies on, read back and compared with what the driver's
 * own tool and the PCI core say.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/rm.h"
#include "hw.h"

/* What nvidia-smi says; @known is false where there is none. */
struct smi {
	bool known;
	char name[64];
	char driver[32];
	u64 memory_mib;
	char ecc[32];
	u64 bar1_mib;
};

static char *trim(char *s)
{
	size_t n;

	while (*s == ' ')
		s++;
	for (n = strlen(s); n && (s[n - 1] == ' ' || s[n - 1] == '\n'); n--)
		s[n - 1] = 0;
	return s;
}

static void smi_get(const struct nv_card *card, struct smi *smi)
{
	char command[256], line[256], *field[4], *p = line;
	bool bar1 = false;
	FILE *f;
	int i;

	memset(smi, 0, sizeof(*smi));
	snprintf(command, sizeof(command),
		 "nvidia-smi -i %08x:%02x:%02x.0 --query-gpu=name,driver_version,memory.total,ecc.mode.current --format=csv,noheader,nounits 2>/dev/null",
		 card->domain, card->bus, card->slot);
	f = popen(command, "r");
	if (!f)
		return;
	if (fgets(line, sizeof(line), f)) {
		for (i = 0; i < 4; i++) {
			field[i] = strsep(&p, ",");
			if (!field[i])
				break;
		}
		if (i == 4) {
			smi->known = true;
			snprintf(smi->name, sizeof(smi->name), "%s", trim(field[0]));
			snprintf(smi->driver, sizeof(smi->driver), "%s", trim(field[1]));
			smi->memory_mib = strtoull(trim(field[2]), NULL, 10);
			snprintf(smi->ecc, sizeof(smi->ecc), "%s", trim(field[3]));
		}
	}
	if (pclose(f))
		smi->known = false;

	snprintf(command, sizeof(command), "nvidia-smi -i %08x:%02x:%02x.0 -q -d MEMORY 2>/dev/null",
		 card->domain, card->bus, card->slot);
	f = popen(command, "r");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, "BAR1"))
			bar1 = true;
		p = strstr(line, "Total");
		if (bar1 && p && !smi->bar1_mib) {
			p = strchr(p, ':');
			smi->bar1_mib = p ? strtoull(p + 1, NULL, 10) : 0;
		}
	}
	pclose(f);
}

/* Length of the nth resource of the PCI device, 0 when it has none. */
static u64 pci_bar(const struct nv_card *card, unsigned int nth, u64 *address)
{
	u64 start, end, flags, length = 0;
	char path[128];
	unsigned int i;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%04x:%02x:%02x.0/resource",
		 card->domain, card->bus, card->slot);
	f = fopen(path, "r");
	if (!f)
		return 0;
	for (i = 0; i < 6; i++) {
		if (fscanf(f, "%" SCNx64 " %" SCNx64 " %" SCNx64, &start, &end, &flags) != 3)
			break;
		if (!end)
			continue;	/* the upper half of a 64 bit BAR, or none */
		if (nth--)
			continue;
		*address = start;
		length = end - start + 1;
		break;
	}
	fclose(f);
	return length;
}

static void value(bool ok, const char *name, const char *ours, const char *theirs)
{
	row("%s | %s | %s | %s", name, ours, theirs, ok ? "agrees" : "DIFFERS");
	tap(ok, "%s: %s, %s", name, ours, theirs);
}

static void check_vmmu(struct rm *rm)
{
	const struct ovg_objects_codec *codec = rm->codec;
	char text[64];
	u64 params[128] = { };
	u64 bytes = 0;
	u32 status;

	status = rm_control(rm, rm->subdevice, codec->vmmu_segment_cmd, params,
			    codec->vmmu_segment_size);
	if (status || codec->vmmu_segment(params, &bytes)) {
		snprintf(text, sizeof(text), "%s, 0x%" PRIx64, status_text(status), params[0]);
		value(false, "VMMU segment size", text, "a power of two that our codec accepts");
		return;
	}
	snprintf(text, sizeof(text), "0x%" PRIx64 " (%" PRIu64 " MiB)", bytes, bytes / MIB);
	value(true, "VMMU segment size", text, "a power of two that our codec accepts");
}

static void check_engines(struct rm *rm)
{
	u32 list[256] = { };
	char text[256] = "";
	unsigned int copies = 0;
	bool gr = false;
	u32 status, i;

	status = rm_control_padded(rm, rm->subdevice, NV2080_CTRL_CMD_GPU_GET_ENGINES_V2, list,
				   (1 + 84) * 4, sizeof(list), NULL);
	if (status || list[0] >= HW_ARRAY_SIZE(list)) {
		value(false, "engines", status_text(status), "a list");
		return;
	}
	for (i = 1; i <= list[0]; i++) {
		size_t at = strlen(text);

		gr |= list[i] == NV2080_ENGINE_TYPE_GR0;
		if (list[i] >= NV2080_ENGINE_TYPE_COPY(0) && list[i] < NV2080_ENGINE_TYPE_COPY(10))
			copies++;
		snprintf(text + at, sizeof(text) - at, "%s0x%x", i > 1 ? " " : "", list[i]);
	}
	note("engines: %s", text);
	snprintf(text, sizeof(text), "%u, of which %u copy engines", list[0], copies);
	value(gr && copies, "engines", text, "graphics and at least one copy engine");
}

u64 fb_free(struct rm *rm)
{
	static u8 info[4096];
	struct nv_fb_info fb = {
		.count = 1,
		.info = { { .index = NV2080_FB_INFO_HEAP_FREE } },
	};

	memset(info, 0, sizeof(info));
	memcpy(info, &fb, sizeof(fb));
	if (rm_control_padded(rm, rm->subdevice, NV2080_CTRL_CMD_FB_GET_INFO_V2, info, sizeof(fb),
			      sizeof(info), NULL))
		return 0;
	memcpy(&fb, info, sizeof(fb));
	return fb.info[0].data * 1024ULL;
}

static void check_fb(struct rm *rm, const struct smi *smi)
{
	static struct {
		u32 count;
		u32 pad;
		u8 region[4096];
	} regions;
	struct nv_fb_info fb = {
		.count = 4,
		.info = {
			{ .index = NV2080_FB_INFO_TOTAL_RAM_SIZE },
			{ .index = NV2080_FB_INFO_RAM_SIZE },
			{ .index = NV2080_FB_INFO_USABLE_RAM_SIZE },
			{ .index = NV2080_FB_INFO_HEAP_SIZE },
		},
	};
	static u8 info[4096];
	char text[128], theirs[64];
	u64 total, usable = 0, last = 0;
	u32 status, i, size;
	bool ok = true;

	memcpy(info, &fb, sizeof(fb));
	status = rm_control_padded(rm, rm->subdevice, NV2080_CTRL_CMD_FB_GET_INFO_V2, info,
				   sizeof(fb), sizeof(info), NULL);
	memcpy(&fb, info, sizeof(fb));
	if (status) {
		value(false, "FB size", status_text(status), "a size");
		return;
	}
	total = fb.info[0].data * 1024ULL;
	snprintf(text, sizeof(text), "%u MiB; RAM %u, usable %u, heap %u MiB",
		 fb.info[0].data / 1024, fb.info[1].data / 1024, fb.info[2].data / 1024,
		 fb.info[3].data / 1024);
	if (smi->known) {
		snprintf(theirs, sizeof(theirs), "nvidia-smi %" PRIu64 " MiB", smi->memory_mib);
		/* the tool leaves out what RM reserves */
		value(smi->memory_mib * MIB <= total && smi->memory_mib * MIB >= total / 100 * 95,
		      "FB size", text, theirs);
	} else {
		tap_skip("no nvidia-smi", "FB size: %s", text);
	}

	memset(&regions, 0, sizeof(regions));
	status = rm_control_padded(rm, rm->subdevice, NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO,
				   &regions, 8 + NV2080_FB_REGIONS * sizeof(struct nv_fb_region),
				   sizeof(regions), NULL);
	if (status || regions.count > NV2080_FB_REGIONS) {
		value(false, "FB regions", status_text(status), "at most 16");
		return;
	}
	/* the entry grew in r580; RM tells how long the whole is */
	size = rm_control_size(rm, NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO);
	size = size > 8 ? (size - 8) / NV2080_FB_REGIONS : sizeof(struct nv_fb_region);
	for (i = 0; i < regions.count; i++) {
		struct nv_fb_region r;

		memcpy(&r, regions.region + i * size, sizeof(r));
		note("FB region %u: 0x%" PRIx64 "-0x%" PRIx64 ", reserved 0x%" PRIx64 "%s", i,
		     r.base, r.limit, r.reserved, r.is_protected ? ", protected" : "");
		ok &= r.limit > r.base && (!i || r.base > last) && r.limit < total + GIB;
		if (!r.is_protected && !r.reserved)
			usable += r.limit - r.base + 1;
		last = r.limit;
	}
	snprintf(text, sizeof(text), "%u, of which %" PRIu64 " MiB are free to use", regions.count,
		 usable / MIB);
	value(ok && regions.count && usable <= total, "FB regions", text,
	      "ascending, within the FB size");
}

static void check_ecc(struct rm *rm, const struct smi *smi)
{
	static u8 params[8192];
	const char *ours;
	u32 status;

	memset(params, 0, sizeof(params));
	status = rm_control_padded(rm, rm->subdevice, rm->codec->ecc_cmd, params,
				   rm->codec->ecc_size, sizeof(params), NULL);
	if (status) {
		value(false, "ECC", status_text(status), "a state");
		return;
	}
	ours = rm->codec->ecc_enabled(params) ? "Enabled" : "Disabled";
	if (smi->known) {
		char theirs[64];

		snprintf(theirs, sizeof(theirs), "nvidia-smi %s", smi->ecc);
		value(!strcmp(ours, smi->ecc) ||
		      (!strcmp(ours, "Disabled") && strstr(smi->ecc, "N/A")), "ECC", ours, theirs);
	} else {
		tap_skip("no nvidia-smi", "ECC: %s", ours);
	}
}

static void check_bars(struct rm *rm, const struct smi *smi)
{
	struct nv_bar_info bars = { };
	char text[128], theirs[128], name[16];
	u32 status, i;

	status = rm_control(rm, rm->subdevice, NV2080_CTRL_CMD_BUS_GET_PCI_BAR_INFO, &bars,
			    sizeof(bars));
	if (status || bars.count < 2 || bars.count > 8) {
		value(false, "PCI BARs", status_text(status), "two or more");
		return;
	}
	for (i = 0; i < bars.count; i++) {
		u64 address = 0, length = pci_bar(&rm->card, i, &address);

		if (!bars.bar[i].bytes && !length)
			continue;

		snprintf(name, sizeof(name), "BAR%u", i);
		snprintf(text, sizeof(text), "%" PRIu64 " MiB at 0x%" PRIx64,
			 bars.bar[i].bytes / MIB, bars.bar[i].address);
		if (!length) {
			tap_skip("the PCI core lists no such BAR", "%s: %s", name, text);
			continue;
		}
		snprintf(theirs, sizeof(theirs), "PCI core %" PRIu64 " MiB at 0x%" PRIx64,
			 length / MIB, address);
		value(length == bars.bar[i].bytes && address == bars.bar[i].address, name, text,
		      theirs);
	}
	if (smi->bar1_mib) {
		snprintf(text, sizeof(text), "%" PRIu64 " MiB", bars.bar[1].bytes / MIB);
		snprintf(theirs, sizeof(theirs), "nvidia-smi %" PRIu64 " MiB", smi->bar1_mib);
		value(bars.bar[1].bytes / MIB == smi->bar1_mib, "BAR1 size", text, theirs);
	}
}

static void check_version(struct rm *rm, const struct ovg_vgpu_codec *vgpu)
{
	static u8 params[8192];
	const char *version = NULL;
	char theirs[96];
	u32 status;

	memset(params, 0, sizeof(params));
	status = rm_control_padded(rm, rm->subdevice, vgpu->cmd_features, params,
				   vgpu->features_size, sizeof(params), NULL);
	if (!status)
		version = vgpu->features_version(params);
	snprintf(theirs, sizeof(theirs), "driver %s", rm->version);
	value(version && !strcmp(version, rm->version), "GSP firmware",
	      version ? version : status_text(status), theirs);
}

/* What the vGPU scheduler of an engine can do, read through our codec; false: RM tells none. */
static bool scheduler(struct rm *rm, const struct ovg_vgpu_codec *vgpu, u32 engine,
		      struct ovg_sched_caps *caps, char *text, size_t len)
{
	struct ovg_sched state = { };
	u64 params[16] = { };
	u32 status;
	int ret;

	vgpu->sched_ask(params, engine);
	status = rm_control(rm, rm->subdevice, vgpu->cmd_sched_caps, params, vgpu->sched_caps_size);
	if (status) {
		snprintf(text, len, "0x%x: %s", engine, status_text(status));
		return false;
	}
	ret = vgpu->sched_caps(params, caps);
	memset(params, 0, sizeof(params));
	vgpu->sched_ask(params, engine);
	status = rm_control(rm, rm->subdevice, vgpu->cmd_sched_get, params, vgpu->sched_get_size);
	if (!status)
		vgpu->sched_get(params, &state);
	snprintf(text, len, "0x%x: policies 0x%x%s, arr %d, slice %u-%u ns, %u-%u Hz, factor %u-%u; state %s: policy %d, arr %d, slice %u ns, factor %u",
		 engine, caps->policies, ret ? " (a range is empty)" : "", caps->arr,
		 caps->timeslice_ns.min, caps->timeslice_ns.max, caps->frequency.min,
		 caps->frequency.max, caps->avg_factor.min, caps->avg_factor.max,
		 status_text(status), state.policy, state.arr, state.timeslice_ns,
		 state.avg_factor);
	return !ret && !status;
}

/* RM answers on a GPU that hosts no vGPUs, too: no policies then. */
static void check_schedulers(struct rm *rm, const struct ovg_vgpu_codec *vgpu)
{
	struct ovg_sched_caps caps = { };
	char text[256];
	u32 engines[32], n, i;
	bool ok;

	if (!vgpu->cmd_sched_caps)
		return;
	ok = scheduler(rm, vgpu, NV2080_ENGINE_TYPE_GR0, &caps, text, sizeof(text));
	value(ok, "vGPU scheduler of graphics", text, "an answer that our codec takes");
	n = copy_engines(rm, engines, HW_ARRAY_SIZE(engines));
	for (i = 0; i < n; i++) {
		scheduler(rm, vgpu, engines[i], &caps, text, sizeof(text));
		note("vGPU scheduler of copy engine %s", text);
	}
}

void check_values(struct rm *rm, const struct ovg_vgpu_codec *vgpu)
{
	struct smi smi;

	smi_get(&rm->card, &smi);
	if (smi.known)
		note("%s, driver %s", smi.name, smi.driver);
	table("Values", "value|read through our codec or RM|compared with|result");
	check_vmmu(rm);
	check_engines(rm);
	check_fb(rm, &smi);
	check_ecc(rm, &smi);
	check_bars(rm, &smi);
	check_version(rm, vgpu);
	check_schedulers(rm, vgpu);
}
