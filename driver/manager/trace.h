/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Tracepoints of the vGPU manager.  dev is the VF's PCI device, or the PF's
 * when GFID is 0.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM openvgpu_mgr

#if !defined(OVG_MGR_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define OVG_MGR_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(vgpu_life,
	TP_PROTO(const struct device *dev, u32 gfid, u32 type, int pid),
	TP_ARGS(dev, gfid, type, pid),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, type)
		__field(int, pid)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->type = type;
		__entry->pid = pid;
	),
	TP_printk("%s gfid %u type %u pid %d", __get_str(dev), __entry->gfid,
		  __entry->type, __entry->pid)
);

/* The vGPU of a VF was created and is ready. */
DEFINE_EVENT(vgpu_life, vgpu_created,
	TP_PROTO(const struct device *dev, u32 gfid, u32 type, int pid),
	TP_ARGS(dev, gfid, type, pid));

/* It is gone; pid as when it was created. */
DEFINE_EVENT(vgpu_life, vgpu_destroyed,
	TP_PROTO(const struct device *dev, u32 gfid, u32 type, int pid),
	TP_ARGS(dev, gfid, type, pid));

/* A type was selected for a VF, or given back (0); pid is who did it. */
DEFINE_EVENT(vgpu_life, vgpu_type,
	TP_PROTO(const struct device *dev, u32 gfid, u32 type, int pid),
	TP_ARGS(dev, gfid, type, pid));

/* GSP said something about a plugin task or its guest: an NVA084 notifier. */
TRACE_EVENT(vgpu_plugin_event,
	TP_PROTO(const struct device *dev, u32 gfid, u32 index),
	TP_ARGS(dev, gfid, index),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, index)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->index = index;
	),
	TP_printk("%s gfid %u %s (%u)", __get_str(dev), __entry->gfid,
		  __print_symbolic(__entry->index,
				   { 0, "bootloaded" }, { 1, "unloaded" },
				   { 2, "crashed" }, { 3, "guest_loaded" },
				   { 4, "guest_unloaded" }, { 5, "print_error" },
				   { 6, "license" }, { 7, "guest_os_type" }),
		  __entry->index)
);

/* GSP logged an error.  gfid 0: of the GPU, or of nobody known. */
TRACE_EVENT(vgpu_xid,
	TP_PROTO(const struct device *dev, u32 gfid, u32 xid, u32 chid, const char *text),
	TP_ARGS(dev, gfid, xid, chid, text),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, xid)
		__field(s32, chid)
		__string(text, text)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->xid = xid;
		__entry->chid = chid;
		__assign_str(text);
	),
	TP_printk("%s gfid %u xid %u channel %d: %s", __get_str(dev), __entry->gfid,
		  __entry->xid, __entry->chid, __get_str(text))
);

/* A channel was killed. */
TRACE_EVENT(vgpu_rc,
	TP_PROTO(const struct device *dev, u32 gfid, u32 code, u32 chid),
	TP_ARGS(dev, gfid, code, chid),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, code)
		__field(s32, chid)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->code = code;
		__entry->chid = chid;
	),
	TP_printk("%s gfid %u code %u channel %d", __get_str(dev), __entry->gfid,
		  __entry->code, __entry->chid)
);

/* ECC error of the FB; address is 0 when GSP did not say where. */
TRACE_EVENT(vgpu_ecc,
	TP_PROTO(const struct device *dev, bool corrected, u64 address),
	TP_ARGS(dev, corrected, address),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(bool, corrected)
		__field(u64, address)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->corrected = corrected;
		__entry->address = address;
	),
	TP_printk("%s %s at 0x%llx", __get_str(dev),
		  __entry->corrected ? "corrected" : "uncorrected", __entry->address)
);

/* Utilisation of a vGPU in percent, averaged over the samples since the last. */
TRACE_EVENT(vgpu_util,
	TP_PROTO(const struct device *dev, u32 gfid, u32 samples, const u32 *percent),
	TP_ARGS(dev, gfid, samples, percent),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, samples)
		__field(u32, gpu)
		__field(u32, memory)
		__field(u32, encoder)
		__field(u32, decoder)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->samples = samples;
		__entry->gpu = percent[OVG_UTIL_GPU];
		__entry->memory = percent[OVG_UTIL_MEMORY];
		__entry->encoder = percent[OVG_UTIL_ENCODER];
		__entry->decoder = percent[OVG_UTIL_DECODER];
	),
	TP_printk("%s gfid %u samples %u gpu %u memory %u encoder %u decoder %u",
		  __get_str(dev), __entry->gfid, __entry->samples, __entry->gpu,
		  __entry->memory, __entry->encoder, __entry->decoder)
);

/* What GSP says of a guest's licence, if it knows the guest yet. */
TRACE_EVENT(vgpu_license,
	TP_PROTO(const struct device *dev, u32 gfid, bool known, bool licensed, u32 state),
	TP_ARGS(dev, gfid, known, licensed, state),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(bool, known)
		__field(bool, licensed)
		__field(u32, state)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->known = known;
		__entry->licensed = licensed;
		__entry->state = state;
	),
	TP_printk("%s gfid %u %s state %u", __get_str(dev), __entry->gfid,
		  !__entry->known ? "unknown" : __entry->licensed ? "licensed" : "unlicensed",
		  __entry->state)
);

/* A message to a plugin task and its answer. */
TRACE_EVENT(vgpu_plugin_call,
	TP_PROTO(const struct device *dev, u32 gfid, u32 message, u32 result, int ret, s64 us),
	TP_ARGS(dev, gfid, message, result, ret, us),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, gfid)
		__field(u32, message)
		__field(u32, result)
		__field(int, ret)
		__field(s64, us)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->gfid = gfid;
		__entry->message = message;
		__entry->result = result;
		__entry->ret = ret;
		__entry->us = us;
	),
	TP_printk("%s gfid %u message %u result 0x%x ret %d in %lld us", __get_str(dev),
		  __entry->gfid, __entry->message, __entry->result, __entry->ret,
		  __entry->us)
);

#endif /* OVG_MGR_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
