/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copyright (c) 2026 The OpenVGPU authors */
#include "trace/trace-hw_openvgpu.h"
