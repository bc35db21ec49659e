/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Tracepoints of the core driver.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM openvgpu_core

#if !defined(OVG_CORE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define OVG_CORE_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

TRACE_EVENT(ovg_gsp_stage,
	TP_PROTO(const struct device *dev, const char *stage),
	TP_ARGS(dev, stage),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__string(stage, stage)
	),
	TP_fast_assign(
		__assign_str(dev);
		__assign_str(stage);
	),
	TP_printk("%s %s", __get_str(dev), __get_str(stage))
);

TRACE_EVENT(ovg_gsp_message,
	TP_PROTO(const struct device *dev, u32 function, u32 result, u32 length),
	TP_ARGS(dev, function, result, length),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, function)
		__field(u32, result)
		__field(u32, length)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->function = function;
		__entry->result = result;
		__entry->length = length;
	),
	TP_printk("%s function 0x%x result 0x%x length %u", __get_str(dev),
		  __entry->function, __entry->result, __entry->length)
);

TRACE_EVENT(ovg_rpc_call,
	TP_PROTO(const struct device *dev, u32 function, u32 size, int ret, s64 us),
	TP_ARGS(dev, function, size, ret, us),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, function)
		__field(u32, size)
		__field(int, ret)
		__field(s64, us)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->function = function;
		__entry->size = size;
		__entry->ret = ret;
		__entry->us = us;
	),
	TP_printk("%s function 0x%x size %u ret %d in %lld us", __get_str(dev),
		  __entry->function, __entry->size, __entry->ret, __entry->us)
);

#endif /* OVG_CORE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
