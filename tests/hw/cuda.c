// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * What the GPU's own compute units reach: CUDA's memset, and a kernel that does
 * nothing but store.  CUDA's driver library is loaded when it is there.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "hw.h"

/* Of cuda.h: handles are pointers, device pointers are 64 bit. */
typedef int (*cu_init_fn)(unsigned int flags);
typedef int (*cu_device_fn)(int *device, const char *bus_id);
typedef int (*cu_retain_fn)(void **context, int device);
typedef int (*cu_release_fn)(int device);
typedef int (*cu_set_fn)(void *context);
typedef int (*cu_alloc_fn)(u64 *p, size_t size);
typedef int (*cu_free_fn)(u64 p);
typedef int (*cu_memset_fn)(u64 p, unsigned char value, size_t count, void *stream);
typedef int (*cu_event_create_fn)(void **event, unsigned int flags);
typedef int (*cu_event_record_fn)(void *event, void *stream);
typedef int (*cu_event_sync_fn)(void *event);
typedef int (*cu_event_time_fn)(float *ms, void *from, void *to);
typedef int (*cu_event_destroy_fn)(void *event);
typedef int (*cu_module_fn)(void **module, const void *image);
typedef int (*cu_function_fn)(void **function, void *module, const char *name);
typedef int (*cu_unload_fn)(void *module);
typedef int (*cu_launch_fn)(void *function, unsigned int gx, unsigned int gy, unsigned int gz,
			    unsigned int bx, unsigned int by, unsigned int bz,
			    unsigned int shared, void *stream, void **params, void **extra);
typedef int (*cu_error_fn)(int error, const char **name);
typedef int (*cu_copy_fn)(void *to, u64 from, size_t size);

static struct {
	cu_init_fn init;
	cu_device_fn device;
	cu_retain_fn retain;
	cu_release_fn release;
	cu_set_fn set;
	cu_alloc_fn alloc;
	cu_free_fn free;
	cu_memset_fn memset;
	cu_event_create_fn event_create;
	cu_event_record_fn event_record;
	cu_event_sync_fn event_sync;
	cu_event_time_fn event_time;
	cu_event_destroy_fn event_destroy;
	cu_module_fn module;
	cu_function_fn function;
	cu_unload_fn unload;
	cu_launch_fn launch;
	cu_error_fn error;
	cu_copy_fn copy;
} cu;

/* Each thread stores 16 bytes, and goes on where the grid ends. */
static const char store_ptx[] =
	".version 7.0\n"
	".target sm_70\n"
	".address_size 64\n"
	".visible .entry store(.param .u64 to, .param .u64 count, .param .u32 value)\n"
	"{\n"
	"	.reg .pred %p;\n"
	"	.reg .b32 %v, %cta, %threads, %thread, %ctas;\n"
	"	.reg .b64 %to, %count, %i, %step, %at;\n"
	"	ld.param.u64 %to, [to];\n"
	"	ld.param.u64 %count, [count];\n"
	"	ld.param.u32 %v, [value];\n"
	"	cvta.to.global.u64 %to, %to;\n"
	"	mov.u32 %cta, %ctaid.x;\n"
	"	mov.u32 %threads, %ntid.x;\n"
	"	mov.u32 %thread, %tid.x;\n"
	"	mov.u32 %ctas, %nctaid.x;\n"
	"	mul.wide.u32 %i, %cta, %threads;\n"
	"	cvt.u64.u32 %at, %thread;\n"
	"	add.u64 %i, %i, %at;\n"
	"	mul.wide.u32 %step, %ctas, %threads;\n"
	"loop:\n"
	"	setp.ge.u64 %p, %i, %count;\n"
	"	@%p bra done;\n"
	"	shl.b64 %at, %i, 4;\n"
	"	add.u64 %at, %at, %to;\n"
	"	st.global.v4.b32 [%at], {%v, %v, %v, %v};\n"
	"	add.u64 %i, %i, %step;\n"
	"	bra loop;\n"
	"done:\n"
	"	ret;\n"
	"}\n";

static void *symbol(void *lib, const char *name, char *why, size_t len)
{
	void *p = dlsym(lib, name);

	if (!p)
		snprintf(why, len, "libcuda.so.1 has no %s", name);
	return p;
}

static bool load(char *why, size_t len)
{
	void *lib = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);

	if (!lib) {
		snprintf(why, len, "no CUDA: %s", dlerror());
		return false;
	}
	return (cu.init = (cu_init_fn)symbol(lib, "cuInit", why, len)) &&
	       (cu.device = (cu_device_fn)symbol(lib, "cuDeviceGetByPCIBusId", why, len)) &&
	       (cu.retain = (cu_retain_fn)symbol(lib, "cuDevicePrimaryCtxRetain", why, len)) &&
	       (cu.release = (cu_release_fn)symbol(lib, "cuDevicePrimaryCtxRelease_v2", why, len)) &&
	       (cu.set = (cu_set_fn)symbol(lib, "cuCtxSetCurrent", why, len)) &&
	       (cu.alloc = (cu_alloc_fn)symbol(lib, "cuMemAlloc_v2", why, len)) &&
	       (cu.free = (cu_free_fn)symbol(lib, "cuMemFree_v2", why, len)) &&
	       (cu.memset = (cu_memset_fn)symbol(lib, "cuMemsetD8Async", why, len)) &&
	       (cu.event_create = (cu_event_create_fn)symbol(lib, "cuEventCreate", why, len)) &&
	       (cu.event_record = (cu_event_record_fn)symbol(lib, "cuEventRecord", why, len)) &&
	       (cu.event_sync = (cu_event_sync_fn)symbol(lib, "cuEventSynchronize", why, len)) &&
	       ((cu.event_time = (cu_event_time_fn)dlsym(lib, "cuEventElapsedTime_v2")) ||
		(cu.event_time =
			(cu_event_time_fn)symbol(lib, "cuEventElapsedTime", why, len))) &&
	       (cu.event_destroy =
			(cu_event_destroy_fn)symbol(lib, "cuEventDestroy_v2", why, len)) &&
	       (cu.module = (cu_module_fn)symbol(lib, "cuModuleLoadData", why, len)) &&
	       (cu.function = (cu_function_fn)symbol(lib, "cuModuleGetFunction", why, len)) &&
	       (cu.unload = (cu_unload_fn)symbol(lib, "cuModuleUnload", why, len)) &&
	       (cu.launch = (cu_launch_fn)symbol(lib, "cuLaunchKernel", why, len)) &&
	       (cu.error = (cu_error_fn)symbol(lib, "cuGetErrorName", why, len)) &&
	       (cu.copy = (cu_copy_fn)symbol(lib, "cuMemcpyDtoH_v2", why, len));
}

static bool done(int error, const char *what, char *why, size_t len)
{
	const char *name = NULL;

	if (!error)
		return true;
	cu.error(error, &name);
	snprintf(why, len, "%s: %s", what, name ? name : "unknown error");
	return false;
}

struct run {
	u64 to;
	void *store;		/* NULL: memset */
	void *from;
	void *until;
};

static int once(struct run *run, u64 size)
{
	u64 count = size / 16;
	u32 value = 0;
	void *params[] = { &run->to, &count, &value };

	if (!run->store)
		return cu.memset(run->to, 0, size, NULL);
	/* more blocks than any GPU runs at a time */
	return cu.launch(run->store, 4096, 1, 1, 512, 1, 1, 0, NULL, params, NULL);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Bytes per second, the median of 9 after 2 that do not count; 0: an error. */
static double rate(struct run *run, u64 size, char *why, size_t len)
{
	double rates[9];
	float ms;
	int i;

	for (i = -2; i < 9; i++) {
		if (!done(cu.event_record(run->from, NULL), "cuEventRecord", why, len) ||
		    !done(once(run, size), run->store ? "cuLaunchKernel" : "cuMemsetD8Async",
			  why, len) ||
		    !done(cu.event_record(run->until, NULL), "cuEventRecord", why, len) ||
		    !done(cu.event_sync(run->until), "cuEventSynchronize", why, len) ||
		    !done(cu.event_time(&ms, run->from, run->until), "cuEventElapsedTime", why, len))
			return 0;
		if (i >= 0)
			rates[i] = size / (ms * 1e-3);
	}
	qsort(rates, 9, sizeof(rates[0]), by_value);
	return rates[4];
}

/* Does the kernel store all?  Its first and last words were not 0 before. */
static bool stores(struct run *run, u64 size, char *why, size_t len)
{
	u32 first = 1, last = 1;

	if (!done(cu.memset(run->to, 0xa5, size, NULL), "cuMemsetD8Async", why, len) ||
	    !done(once(run, size), "cuLaunchKernel", why, len) ||
	    !done(cu.copy(&first, run->to, 4), "cuMemcpyDtoH", why, len) ||
	    !done(cu.copy(&last, run->to + size - 4, 4), "cuMemcpyDtoH", why, len))
		return false;
	if (first || last)
		snprintf(why, len, "the kernel that stores does not store");
	return !first && !last;
}

bool cuda_rates(const struct nv_card *card, struct rates *rates, unsigned int count, char *why,
		size_t len)
{
	struct run run = { };
	void *context = NULL, *module = NULL, *store = NULL;
	char bus_id[32];
	unsigned int i;
	bool ok = false;
	int device;
	u64 size;

	snprintf(bus_id, sizeof(bus_id), "%04x:%02x:%02x.0", card->domain, card->bus, card->slot);
	if (!load(why, len) || !done(cu.init(0), "cuInit", why, len) ||
	    !done(cu.device(&device, bus_id), "cuDeviceGetByPCIBusId", why, len) ||
	    !done(cu.retain(&context, device), "cuDevicePrimaryCtxRetain", why, len))
		return false;
	if (!done(cu.set(context), "cuCtxSetCurrent", why, len) ||
	    !done(cu.module(&module, store_ptx), "cuModuleLoadData", why, len) ||
	    !done(cu.function(&store, module, "store"), "cuModuleGetFunction", why, len) ||
	    !done(cu.event_create(&run.from, 0), "cuEventCreate", why, len) ||
	    !done(cu.event_create(&run.until, 0), "cuEventCreate", why, len))
		goto out;

	/* sizes ascend; take the largest that there is memory for */
	for (i = count; i; i--)
		if (!cu.alloc(&run.to, rates[i - 1].size))
			break;
	if (!i) {
		snprintf(why, len, "cuMemAlloc: there is no FB left for %llu MiB",
			 (unsigned long long)(rates[0].size / MIB));
		goto out;
	}
	size = rates[i - 1].size;
	run.store = store;
	ok = stores(&run, size, why, len);
	for (; ok && i; i--) {
		run.store = NULL;
		rates[i - 1].memset = rate(&run, rates[i - 1].size, why, len);
		run.store = store;
		rates[i - 1].store = rate(&run, rates[i - 1].size, why, len);
		ok = rates[i - 1].memset && rates[i - 1].store;
	}
	cu.free(run.to);
out:
	if (run.from)
		cu.event_destroy(run.from);
	if (run.until)
		cu.event_destroy(run.until);
	if (module)
		cu.unload(module);
	cu.set(NULL);
	cu.release(device);
	return ok;
}
