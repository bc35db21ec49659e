// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * ovg-smoke: what a guest does with a vGPU, without a driver.  Identify it, use
 * all of its FB, talk to its plugin task, copy with the copy engine, and try to
 * reach what is not its own.
 */
#include <getopt.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/ce.h"
#include "common/regs.h"
#include "r535/vgpu_guest.h"
#include "r535/vgpu_surface.h"
#include "smoke.h"

#define COPY_MS			10000
/* A copy that must not happen: so long is waited for it to happen all the same. */
#define REFUSED_MS		1000
#define EVENT_MS		5000
/*
 * Copies that keep the engine busy: from here in FB to behind it.  So many wait
 * that it does not matter when this program gets no time for a while.
 */
#define BUSY_FB			FB_OWN
#define BUSY_SIZE		(8 * MIB)
#define BUSY_DEPTH		(24 * BURST)
#define START_MS		120000
/* Others may begin a little later: what is done so long is not counted. */
#define WARM_UP_MS		700
#define DRAIN_MS		60000
#define POISON			0xa5

struct device dev = { .fd = -1 };

static struct options {
	const char *vfio;
	bool cdev;
	bool guest;
	u64 seed;
	u64 fb_mib;
	u64 stride;
	u64 loop_s;
	bool read_zero;
	bool pattern_only;
	u64 busy_s;
	const char *start;
	bool other_runlist;
	bool hold;
	bool let_go;
	const char *card;
	const char *expect;
	bool reset;
	bool query_loop;
} opt = { .stride = 1, .expect = "card" };

/* DRM's names of two of the formats */
#define FOURCC_XRGB8888		0x34325258
#define FOURCC_XBGR8888		0x34324258

static struct r535_guest_static_info info;
static u64 step_start;

u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);

	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

bool poll_on(u64 end)
{
	static const struct timespec pause = { .tv_nsec = 50000 };

	nanosleep(&pause, NULL);

	return now_ms() < end;
}

void fail(const char *fmt, ...)
{
	va_list ap;

	printf("smoke: FAIL: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	if (dev.stop)
		dev.stop();
	exit(1);
}

u32 rd32(u32 off)
{
	u32 val;

	if (dev.bar0)
		return dev.bar0[off / 4];
	if (pread(dev.fd, &val, sizeof(val), dev.bar0_offset + off) != sizeof(val))
		fail("read of BAR0 at 0x%x", off);

	return val;
}

void wr32(u32 off, u32 val)
{
	if (dev.bar0)
		dev.bar0[off / 4] = val;
	else if (pwrite(dev.fd, &val, sizeof(val), dev.bar0_offset + off) != sizeof(val))
		fail("write of BAR0 at 0x%x", off);
}

/* One line for each step that went well. */
static void __attribute__((format(printf, 2, 3))) done(const char *step, const char *fmt, ...)
{
	u64 now = now_ms();
	va_list ap;

	printf("smoke: %-9s ", step);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(" (%llu ms)\n", (unsigned long long)(now - step_start));
	fflush(stdout);
	step_start = now_ms();
}

static void identify(void)
{
	u32 boot0 = rd32(NV_PMC_BOOT_0), boot1 = rd32(NV_PMC_BOOT_1);
	u32 vendor = dev.config(PCI_VENDOR_ID, 2), device = dev.config(PCI_DEVICE_ID, 2);
	u32 sub = dev.config(PCI_SUBSYSTEM_ID, 2);

	if (vendor != 0x10de)
		fail("%s is no device of NVIDIA's (0x%04x)", dev.bdf, vendor);
	if (boot0 == 0xffffffff)
		fail("%s does not answer on BAR0", dev.bdf);
	if (NV_PMC_BOOT_1_VGPU(boot1) != NV_PMC_BOOT_1_VGPU_VF)
		fail("%s does not say that it is a vGPU (BOOT_1 0x%08x)", dev.bdf, boot1);
	done("identify", "%s 10de:%04x subsystem %04x, chip 0x%03x", dev.bdf, device, sub,
	     NV_PMC_BOOT_0_CHIP(boot0));
}

static void ask_plugin(void)
{
	rpc_setup();
	rpc_static_info(&info);
	fb_size = info.fb_length;
	if (fb_size < 2 * FB_OWN || fb_size % (2 * MIB))
		fail("an FB of 0x%llx bytes", (unsigned long long)fb_size);
	done("plugin", "%s, FB %llu MiB, BAR1 %llu MiB, %u channels", info.vgpu_name,
	     (unsigned long long)(fb_size / MIB), (unsigned long long)(dev.bar1_size / MIB),
	     info.num_channels);
}

/* How far FB is filled; the end of it always is. */
static u64 fb_end(void)
{
	u64 end = opt.fb_mib * MIB;

	if (!end || end > fb_size)
		return fb_size;

	return end < FB_OWN ? FB_OWN : end;
}

/* Where it begins: the test card is on the display meanwhile. */
static u64 fb_begin(void)
{
	return opt.card ? FB_CARD_END : FB_OWN;
}

static void verify_all(u64 seed)
{
	fb_verify(fb_begin(), fb_end(), opt.stride, seed);
	fb_verify(fb_size - PAGE, fb_size, 1, seed);
}

static void fill_all(u64 seed)
{
	fb_fill(fb_begin(), fb_end(), opt.stride, seed);
	fb_fill(fb_size - PAGE, fb_size, 1, seed);
}

/* What the host sees of the card. */
static void judge_plane(void)
{
	const struct card large = card;

	if (!strcmp(opt.expect, "off")) {
		plane_off();
	} else if (!strcmp(opt.expect, "none")) {
		plane_none();
	} else {
		plane_shows(FOURCC_XRGB8888);
		/* it follows the guest to another surface, and back */
		card.width = 321;
		card.height = 200;
		card.pitch = 1536;
		card.offset = FB_CARD_END - 0x100000 + 0x404;
		card_write();
		card_show(R535_SURFACE_FORMAT_A8B8G8R8);
		plane_shows(FOURCC_XBGR8888);
		if (rpc_cleanup_surface(0))
			fail("CLEANUP_SURFACE is refused");
		plane_none();
		card = large;
		card_show(R535_SURFACE_FORMAT_A8R8G8B8);
		plane_shows(FOURCC_XRGB8888);
	}
	done("plane", "what the host sees is as expected: %s", opt.expect);
}

static void show_card(void)
{
	if (!opt.card)
		return;
	card_draw(info.vgpu_name, opt.card);
	card_write();
	if (rpc_console()) {
		if (opt.vfio)
			plane_none();
		card_show(R535_SURFACE_FORMAT_A8R8G8B8);
		done("card", "%u x %u on the display, crc32 %08x", card.width, card.height,
		     card_crc32());
	} else {
		done("card", "the host wants no console");
	}
	if (opt.vfio)
		judge_plane();
}

static void hide_card(void)
{
	if (!opt.card)
		return;
	card_check();
	if (rpc_console() && rpc_cleanup_surface(0))
		fail("CLEANUP_SURFACE is refused");
	done("card", "still there, taken off the display");
}

static void use_fb(void)
{
	u64 end, round;

	if (opt.read_zero)
		fb_read_zero(0, FB_OWN, 1);
	/* in physical mode what will hold our page tables, by them the rest */
	fb_fill(0, FB_OWN, 1, opt.seed);
	fb_verify(0, FB_OWN, 1, opt.seed);
	fb_bind(0);
	if (opt.read_zero) {
		fb_read_zero(FB_OWN, fb_end(), opt.stride);
		done("zero", "%llu MiB of FB read zero, one page in %llu",
		     (unsigned long long)(fb_end() / MIB), (unsigned long long)opt.stride);
	}
	show_card();
	fill_all(opt.seed);
	done("fill", "%llu MiB of FB, one page in %llu", (unsigned long long)(fb_end() / MIB),
	     (unsigned long long)opt.stride);
	verify_all(opt.seed);
	done("verify", "all is there");

	if (!opt.loop_s)
		return;
	end = now_ms() + opt.loop_s * 1000;
	for (round = 0; now_ms() < end; round++) {
		opt.seed += 0x10000;
		fill_all(opt.seed);
		verify_all(opt.seed);
	}
	done("loop", "filled and verified %llu times more", (unsigned long long)round);
}

static void vector_enable(u32 v)
{
	wr32(NV_VF_PRIV_CPU_INTR_LEAF(v / 32), 1U << v % 32);
	wr32(NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(v / 32), 1U << v % 32);
	wr32(NV_VF_PRIV_CPU_INTR_TOP_EN_SET, 1U << v / 64);
}

static bool vector_pending(u32 v)
{
	return rd32(NV_VF_PRIV_CPU_INTR_LEAF(v / 32)) & 1U << v % 32;
}

static void copy(void)
{
	struct channel ch = { .chid = 0, .slot = 0 };
	u32 v = channel_vector(), i, status;
	u64 start;

	status = channel_open(&ch, false);
	if (status)
		fail("RM refuses a channel: 0x%x", status);
	done("channel", "on engine type %u, vector %u", info.engine_type, v);

	for (i = 0; i < COPY_PAGES; i++)
		pattern_fill(dev.dma + (DMA_SRC + i) * PAGE, i * PAGE, opt.seed + 1);
	memset(dev.dma + DMA_DST * PAGE, POISON, COPY_SIZE);
	if (dev.irq_drain)
		dev.irq_drain();
	vector_enable(v);

	start = now_ms();
	channel_copy(&ch, VA_SRC, VA_FB, COPY_SIZE, 0);
	if (!channel_wait(&ch, COPY_MS))
		fail("the copy to FB does not end");
	for (i = 0; i < COPY_PAGES; i++) {
		u64 len = PAGE;

		if (!pattern_ok(fb_window(FB_COPY + i * PAGE, &len), i * PAGE, opt.seed + 1))
			fail("page %u did not arrive in FB", i);
	}
	channel_copy(&ch, VA_FB, VA_DST, COPY_SIZE, NVC7B5_LAUNCH_INTERRUPT_NON_BLOCKING);
	if (dev.irq_wait && !dev.irq_wait(v / 64, COPY_MS))
		fail("no interrupt comes");
	if (!channel_wait(&ch, COPY_MS))
		fail("the copy from FB does not end");
	while (!vector_pending(v))
		if (!poll_on(start + COPY_MS))
			fail("vector %u is not pending", v);
	wr32(NV_VF_PRIV_CPU_INTR_LEAF(v / 32), 1U << v % 32);
	for (i = 0; i < COPY_PAGES; i++)
		if (!pattern_ok(dev.dma + (DMA_DST + i) * PAGE, i * PAGE, opt.seed + 1))
			fail("page %u came back other than it went", i);
	channel_close(&ch);
	done("copy", "%llu KiB to FB and back, %s", COPY_SIZE / 1024,
	     dev.irq_wait ? "by interrupt" : "interrupt polled");
}

/* A copy that must fail: it moves nothing, and the plugin task says so. */
static void must_fail(const char *what, u64 src, u64 dst)
{
	struct channel ch = { .chid = 0, .slot = 0 };
	struct r535_guest_event ev;
	u32 status;

	status = channel_open(&ch, false);
	if (status)
		fail("%s: RM refuses a channel: 0x%x", what, status);
	channel_copy(&ch, src, dst, PAGE, 0);
	if (channel_wait(&ch, REFUSED_MS))
		fail("%s: the copy was done", what);
	if (!rpc_event(&ev, EVENT_MS))
		fail("%s: no event tells of the failed channel", what);
	if (R535_GUEST_EVENT_TYPE(ev.flags) != R535_GUEST_EVENT_TYPE_RC || ev.rc_chid != ch.chid)
		fail("%s: an event of type %u for channel %u", what,
		     R535_GUEST_EVENT_TYPE(ev.flags), ev.rc_chid);
	channel_close(&ch);
}

static bool all_poison(const u8 *page)
{
	u32 i;

	for (i = 0; i < PAGE; i++)
		if (page[i] != POISON)
			return false;

	return true;
}

static void reach_out(void)
{
	struct channel ch = { .chid = 0, .slot = 1 };
	volatile u64 *beyond;
	const u64 mark = 0x0123456789abcdefULL;
	u32 status, i;

	/* by the CPU: the first page behind FB */
	beyond = (void *)fb_window_raw(fb_size);
	*beyond = mark;
	if (*beyond == mark)
		fail("BAR1 reaches beyond FB");
	done("bar1", "no way beyond FB");

	/* by the copy engine: the same page, memory outside of the map, nothing */
	memset(dev.dma + DMA_DST * PAGE, POISON, PAGE);
	vm_map_fb(VA_BAD, fb_size);
	vm_update();
	must_fail("copy from beyond FB", VA_BAD, VA_DST);
	must_fail("copy to beyond FB", VA_SRC, VA_BAD);
	vm_map_sys(VA_BAD, dev.outside);
	vm_update();
	must_fail("copy from outside of the DMA map", VA_BAD, VA_DST);
	must_fail("copy to outside of the DMA map", VA_SRC, VA_BAD);
	for (i = 0; dev.canary && i < PAGE; i++)
		if (dev.canary[i] != CANARY)
			fail("memory outside of the DMA map was written");
	must_fail("copy from no page", VA_NOTHING, VA_DST);
	if (!all_poison(dev.dma + DMA_DST * PAGE))
		fail("a refused copy moved data");
	done("outside", "no way beyond FB and the DMA map");

	status = channel_open(&ch, true);
	if (!status)
		fail("RM gives a guest a privileged channel");
	done("privilege", "a privileged channel is refused (0x%x)", status);

	/* and nothing of that has done harm */
	status = channel_open(&ch, false);
	if (status)
		fail("RM refuses a channel after all that: 0x%x", status);
	channel_copy(&ch, VA_SRC, VA_DST, PAGE, 0);
	if (!channel_wait(&ch, COPY_MS))
		fail("a copy after all that does not end");
	if (memcmp(dev.dma + DMA_SRC * PAGE, dev.dma + DMA_DST * PAGE, PAGE))
		fail("a copy after all that is wrong");
	channel_close(&ch);
	verify_all(opt.seed);
	done("after", "a new channel works, FB is intact");
}

static bool told_to_go(void)
{
	return !opt.start || !access(opt.start, F_OK);
}

/* Keep a channel full; how many copies have ended since the first one. */
static u64 copy_until(struct channel *ch, u64 end, u64 *started)
{
	while (now_ms() < end && told_to_go()) {
		for (; channel_pending(ch) <= BUSY_DEPTH - BURST; *started += BURST)
			channel_copy_burst(ch, VA_LARGE, VA_LARGE + BUSY_SIZE, BUSY_SIZE);
		usleep(2000);
	}
	return *started - channel_pending(ch);
}

static void busy(void)
{
	struct channel ch = { .chid = 0, .slot = 0 };
	u64 off, start, end, copies, started = 0;
	u32 status;

	if (fb_size < BUSY_FB + 2 * BUSY_SIZE)
		fail("FB is too small for copies of %llu MiB", BUSY_SIZE / MIB);
	for (off = 0; off < 2 * BUSY_SIZE; off += 2 * MIB)
		vm_map_large(VA_LARGE + off, BUSY_FB + off);
	vm_update();
	fb_fill(BUSY_FB, BUSY_FB + BUSY_SIZE, 1, opt.seed);
	status = channel_open(&ch, false);
	if (status)
		fail("RM refuses a channel: 0x%x", status);
	printf("smoke: ready to be busy\n");
	fflush(stdout);
	end = now_ms() + START_MS;
	while (!told_to_go())
		if (!poll_on(end))
			fail("%s does not appear", opt.start);

	copies = copy_until(&ch, now_ms() + WARM_UP_MS, &started);
	start = now_ms();
	copies = copy_until(&ch, start + opt.busy_s * 1000, &started) - copies;
	end = now_ms();
	if (!copies)
		fail("no copy of %llu MiB has ended", BUSY_SIZE / MIB);
	if (!channel_wait(&ch, DRAIN_MS))
		fail("%u copies of %llu MiB do not end", channel_pending(&ch), BUSY_SIZE / MIB);
	channel_close(&ch);
	for (off = 0; off < BUSY_SIZE; off += PAGE) {
		u64 len = PAGE;

		if (!pattern_ok(fb_window(BUSY_FB + BUSY_SIZE + off, &len), BUSY_FB + off,
				opt.seed))
			fail("the copy is wrong at 0x%llx", (unsigned long long)off);
	}
	done("busy", "%llu MiB copied in %llu ms, %llu MiB in all", copies * (BUSY_SIZE / MIB),
	     (unsigned long long)(end - start), started * (BUSY_SIZE / MIB));
}

static void usage(FILE *to, int status)
{
	fputs("usage: ovg-smoke --vfio BDF | --guest [BDF]  [options]\n"
	      "\n"
	      "Use a vGPU: on a VFIO fd on its host, or inside a guest through sysfs.\n"
	      "  --cdev           the VFIO fd is of the VF's own node, with iommufd\n"
	      "  --seed N         of the pattern in FB\n"
	      "  --fb-mib N       fill the first N MiB of FB only (and its last page)\n"
	      "  --stride N       one page in N\n"
	      "  --read-zero      FB must read zero first\n"
	      "  --verify-loop S  fill and verify for S seconds more\n"
	      "  --pattern-only   leave the pattern and end, without channels\n"
	      "  --busy S         instead of all else, copy in FB for S seconds\n"
	      "                   (by a copy engine on the runlist of graphics)\n"
	      "  --other-runlist  by one on another runlist\n"
	      "  --start FILE     begin with that when FILE is there, end when it is gone\n"
	      "  --hold           at the end verify the pattern until killed\n"
	      "  --let-go         on a VFIO fd: as --hold, until the host wants it back\n"
	      "  --test-card TEXT show a test card with this text ('_' for a blank)\n"
	      "  --expect WHAT    on a VFIO fd: the host sees the card, none, or\n"
	      "                   there is no console (off)\n"
	      "  --reset          on a VFIO fd: at the end reset it, nothing is seen then\n"
	      "  --query-loop     on a VFIO fd: at the end look at it until killed\n", to);
	exit(status);
}

static u64 number(const char *text)
{
	char *end;
	u64 val = strtoull(text, &end, 0);

	if (!*text || *end)
		usage(stderr, 2);

	return val;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "vfio", required_argument, NULL, 'v' },
		{ "cdev", no_argument, NULL, 'd' },
		{ "guest", no_argument, NULL, 'g' },
		{ "seed", required_argument, NULL, 's' },
		{ "fb-mib", required_argument, NULL, 'f' },
		{ "stride", required_argument, NULL, 't' },
		{ "verify-loop", required_argument, NULL, 'l' },
		{ "read-zero", no_argument, NULL, 'z' },
		{ "pattern-only", no_argument, NULL, 'p' },
		{ "busy", required_argument, NULL, 'b' },
		{ "start", required_argument, NULL, 'a' },
		{ "other-runlist", no_argument, NULL, 'u' },
		{ "hold", no_argument, NULL, 'o' },
		{ "let-go", no_argument, NULL, 'w' },
		{ "test-card", required_argument, NULL, 'c' },
		{ "expect", required_argument, NULL, 'e' },
		{ "reset", no_argument, NULL, 'r' },
		{ "query-loop", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'v':
			opt.vfio = optarg;
			break;
		case 'd':
			opt.cdev = true;
			break;
		case 'g':
			opt.guest = true;
			break;
		case 's':
			opt.seed = number(optarg);
			break;
		case 'f':
			opt.fb_mib = number(optarg);
			break;
		case 't':
			opt.stride = number(optarg);
			break;
		case 'l':
			opt.loop_s = number(optarg);
			break;
		case 'z':
			opt.read_zero = true;
			break;
		case 'p':
			opt.pattern_only = true;
			break;
		case 'b':
			opt.busy_s = number(optarg);
			break;
		case 'a':
			opt.start = optarg;
			break;
		case 'u':
			opt.other_runlist = true;
			break;
		case 'o':
			opt.hold = true;
			break;
		case 'w':
			opt.hold = true;
			opt.let_go = true;
			break;
		case 'c':
			opt.card = optarg;
			break;
		case 'e':
			opt.expect = optarg;
			break;
		case 'r':
			opt.reset = true;
			break;
		case 'q':
			opt.query_loop = true;
			break;
		case 'h':
			usage(stdout, 0);
			break;
		default:
			usage(stderr, 2);
		}
	}
	if (!opt.vfio == !opt.guest || !opt.stride || optind < argc - opt.guest ||
	    (opt.busy_s && opt.hold) || (opt.other_runlist && !opt.busy_s))
		usage(stderr, 2);
	if (strcmp(opt.expect, "card") && strcmp(opt.expect, "none") && strcmp(opt.expect, "off"))
		usage(stderr, 2);
	if ((opt.reset || opt.query_loop) && (!opt.card || !opt.vfio))
		usage(stderr, 2);
	if ((opt.cdev || opt.let_go) && !opt.vfio)
		usage(stderr, 2);
}

/* Until killed, or with --let-go until the host asks. */
static void hold(void)
{
	struct pollfd request = { .fd = opt.let_go ? vfio_request_fd() : -1, .events = POLLIN };

	printf("smoke: holding\n");
	fflush(stdout);
	while (!poll(&request, 1, 1000))
		verify_all(opt.seed);
	done("hold", "the host wants the vGPU back");
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	step_start = now_ms();
	if (opt.vfio)
		vfio_open(opt.vfio, opt.cdev);
	else
		sysfs_open(optind < argc ? argv[optind] : NULL);
	identify();
	ask_plugin();
	if (opt.busy_s) {
		fb_bind(0);
		vm_init(&info);
		if (!opt.other_runlist)
			channel_use_graphics(&info);
		busy();
	} else {
		use_fb();
	}
	if (!opt.pattern_only && !opt.busy_s) {
		vm_init(&info);
		copy();
		reach_out();
	}
	if (opt.hold)
		hold();
	if (opt.query_loop)
		plane_loop();
	if (opt.reset) {
		plane_reset();
		done("reset", "nothing is on the display any more");
	} else {
		hide_card();
		rpc_close();
	}
	dev.stop();
	printf("smoke: PASS\n");
	return 0;
}
