/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * The guest smoke program: what its files share.
 */
#ifndef OVG_SMOKE_H
#define OVG_SMOKE_H

#include "common/ovg_types.h"

#define PAGE			0x1000ULL
#define MIB			(1ULL << 20)

/* What fills memory that nobody may write to */
#define CANARY			0x5a

/* Bytes of one copy; twice that much memory of the system is given to the GPU. */
#define COPY_PAGES		64
#define COPY_SIZE		(COPY_PAGES * PAGE)

/* Pages of system memory that the GPU may reach. */
enum {
	DMA_CTRL,
	DMA_RESPONSE,
	DMA_MSG,
	DMA_SHARED,
	DMA_EVENT,
	DMA_DEBUG,
	DMA_SEM,
	DMA_SRC,
	DMA_DST = DMA_SRC + COPY_PAGES,
	DMA_PAGES = DMA_DST + COPY_PAGES,
};

/**
 * struct device - the vGPU, as a back end found it
 * @bdf: its address, as sysfs writes it
 * @bar0: registers, NULL when they must go through @fd
 * @fd: VFIO device
 * @bar0_offset: of the registers in @fd
 * @bar1: the window into FB
 * @bar1_size: bytes of it
 * @dma: system memory for the GPU, DMA_PAGES pages
 * @dma_addr: how the GPU names each page
 * @outside: a DMA address that the GPU must not reach
 * @canary: what lies there when nothing is in the way, or NULL
 * @config: read 1, 2 or 4 bytes of config space
 * @irq_wait: wait for an MSI-X message, NULL when the back end gets none
 * @irq_drain: forget those that came
 * @stop: no DMA from here on
 */
struct device {
	char bdf[32];
	volatile u32 *bar0;
	int fd;
	u64 bar0_offset;
	u8 *bar1;
	u64 bar1_size;
	u8 *dma;
	u64 dma_addr[DMA_PAGES];
	u64 outside;
	u8 *canary;
	u32 (*config)(unsigned int off, unsigned int bytes);
	bool (*irq_wait)(unsigned int vector, int ms);
	void (*irq_drain)(void);
	void (*stop)(void);
};

extern struct device dev;

/* main.c */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
u64 now_ms(void);
u32 rd32(u32 off);
void wr32(u32 off, u32 val);
/* A short pause in a loop that polls; false when @end (now_ms()) has passed. */
bool poll_on(u64 end);

/* vfio.c, cdev.c, sysfs.c */
void vfio_open(const char *bdf, bool cdev);
/* The fd of the device, @size bytes at @dma mapped for it. */
int cdev_open(const char *bdf, u64 iova, void *dma, u64 size);
/* An eventfd that says that the host wants the device back. */
int vfio_request_fd(void);
void sysfs_open(const char *bdf);
/* Physical address of a page of our own, 0 when the kernel does not tell. */
u64 physical_address(const void *va);

/* rpc.c: the plugin task, and RM objects through it */
struct r535_guest_static_info;
struct r535_guest_event;
void rpc_setup(void);
void rpc_static_info(struct r535_guest_static_info *info);
/* Both answer with RM's status. */
u32 rm_alloc(u32 parent, u32 object, u32 class_id, const void *params, u32 size);
u32 rm_control(u32 object, u32 cmd, void *params, u32 size);
void rm_free(u32 object);
/* The next event of the plugin task; false when none comes in time. */
bool rpc_event(struct r535_guest_event *ev, int ms);
/* Does the host want to see the console, and does somebody look? */
bool rpc_console(void);
/* Both answer with RM's status. */
struct r535_surface_properties;
u32 rpc_set_surface(const struct r535_surface_properties *p);
u32 rpc_cleanup_surface(u32 head);
void rpc_close(void);

#define H_CLIENT		0xc1d00001
#define H_DEVICE		0xde1d0001
#define H_SUBDEVICE		0x5d1d0001
#define H_VASPACE		0x90f10001
#define H_CHANNEL(n)		(0xf1f00000 + (n))
#define H_COPY(n)		(0x0ce00000 + (n))

/* fb.c: all of FB through BAR1 */

/*
 * What the program keeps in FB for itself: page tables and channels below 2 MiB,
 * the target of copies above.
 */
#define FB_OWN			(4 * MIB)
#define FB_COPY			(2 * MIB)
/* Behind them, if there is one: the test card. */
#define FB_CARD			FB_OWN
#define FB_CARD_END		(FB_CARD + 4 * MIB)

/* Beyond here FB belongs to nobody or to somebody else. */
extern u64 fb_size;

/*
 * Before fb_bind() BAR1 is in physical mode: its offset is the FB address, and
 * only the first bar1_size bytes are in reach.  From then on page tables at FB
 * address @base lead a window of it to all of FB.
 */
void fb_bind(u64 base);
/* CPU pointer to FB address @addr, good for *@len bytes until the next call. */
u8 *fb_window(u64 addr, u64 *len);
/* Lead the first page of the window to any address, inside of FB or not. */
u8 *fb_window_raw(u64 addr);
/* FB address @off behind the base of the page tables, below 2 MiB. */
volatile u8 *fb_own(u32 off);
/* One page in @stride of [@from, @to).  The last two fail with the address. */
void fb_fill(u64 from, u64 to, u64 stride, u64 seed);
void fb_verify(u64 from, u64 to, u64 stride, u64 seed);
void fb_read_zero(u64 from, u64 to, u64 stride);
void pattern_fill(volatile void *page, u64 addr, u64 seed);
bool pattern_ok(const volatile void *page, u64 addr, u64 seed);
/* An invalidate of all that the page directory at @pdb maps. */
void mmu_invalidate(u64 pdb);

/* channel.c: an address space, channels, the copy engine */

#define VA_BASE			(2 * MIB)
#define VA_SRC			(VA_BASE + 0x40000)
#define VA_FB			(VA_BASE + 0x80000)
#define VA_DST			(VA_BASE + 0xc0000)
#define VA_BAD			(VA_BASE + 0x100000)
#define VA_NOTHING		(VA_BASE + 0x1ff000)
/* Above what vm_map_fb() and vm_map_sys() reach: pages of 2 MiB, up to 512 MiB */
#define VA_LARGE		(64 * MIB)

/**
 * struct channel - one channel
 * @chid: its id as the guest counts them
 * @slot: 0 to 3: memory and handles
 * @put: next entry of the ring
 * @payload: what the semaphore holds when the last copy is done
 */
struct channel {
	u32 chid;
	u32 slot;
	u32 put;
	u32 payload;
};

void vm_init(const struct r535_guest_static_info *info);
void vm_map_fb(u64 va, u64 addr);
void vm_map_sys(u64 va, u64 addr);
/* A page of 2 MiB from VA_LARGE on. */
void vm_map_large(u64 va, u64 addr);
void vm_update(void);
/* Answers with RM's status; 0: the channel takes work. */
u32 channel_open(struct channel *ch, bool privileged);
void channel_close(struct channel *ch);
/* Start a copy; @launch: bits of LAUNCH_DMA to add. */
void channel_copy(struct channel *ch, u64 src, u64 dst, u32 len, u32 launch);
/* BURST times the same one behind the other, behind one entry of the ring */
#define BURST			16
void channel_copy_burst(struct channel *ch, u64 src, u64 dst, u32 len);
/* Until the copy's semaphore; false when it does not come in time. */
bool channel_wait(struct channel *ch, int ms);
/* Copies that were started and have not ended; one channel at a time. */
u32 channel_pending(const struct channel *ch);
u32 channel_vector(void);
/* Channels that are opened from here on are on the runlist of graphics. */
void channel_use_graphics(const struct r535_guest_static_info *info);

/* testcard.c */

/**
 * struct card - the test card
 * @width: pixels
 * @height: pixels
 * @pitch: bytes from line to line in FB
 * @offset: FB address
 * @pixel: as it was drawn, 0xrrggbb
 */
struct card {
	u32 width;
	u32 height;
	u32 pitch;
	u64 offset;
	u32 *pixel;
};

extern struct card card;

/* @type: name of the vGPU type; @label: any text, '_' for a blank */
void card_draw(const char *type, const char *label);
/* Into FB. */
void card_write(void);
/* Tell the plugin task: from here on it is scanned out. */
void card_show(u32 format);
/* FB still holds it. */
void card_check(void);
/* CRC-32 of its pixels, three bytes each. */
u32 card_crc32(void);

/* plane.c: the host's side, on a VFIO fd; all fail with what is wrong */

/* The plane is the card, and the uAPI is kept to the letter. */
void plane_shows(u32 fourcc);
/* There is a console, and nothing on it. */
void plane_none(void);
/* There is no console. */
void plane_off(void);
/* A reset takes the picture away. */
void plane_reset(void);
/* Query and read until killed. */
void plane_loop(void) __attribute__((noreturn));

#endif /* OVG_SMOKE_H */
