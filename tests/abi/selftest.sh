#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The OpenVGPU authors
#
# Does the check of the wire ABI notice a fault?  Each test puts one into a copy of
# our headers, a map or a table, and wants lab/check-abi.sh to complain about that
# and nothing else.  Reports TAP.

. "$(cd "$(dirname "$0")" && pwd)/../../lab/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
bad=0

# run DIR RELEASE: what the check says about the copy in DIR, complaints only
run() {
	NV_HEADERS='' OVG_ABI=$1/abi OVG_ABI_MAPS=$1/maps OVG_BUILD=$1/build \
		"$OVG_TOP/lab/check-abi.sh" "$2" 2>&1 | grep '^# ' | grep -v 'NV_HEADERS=' || true
}

copy() {
	rm -rf "$1"
	mkdir -p "$1/maps"
	cp -r "$OVG_TOP/driver/abi" "$1/abi"
	cp "$OVG_TOP"/tests/abi/*.map "$OVG_TOP"/tests/abi/*.tsv "$1/maps"
}

# notices TEXT FILE SED COMPLAINT [LINES]: the sed script is the fault, FILE is below
# abi/ or maps/; COMPLAINT is a part of a line that the check must print, and LINES how
# many lines it prints (1, or "any")
notices() {
	local dir=$work/copy file=$work/copy/$2 lines=${5:-1} release=535.113.01
	[[ $2 != *570* ]] || release=570.144
	n=$((n + 1))
	copy "$dir"
	sed -i "$3" "$file"
	if cmp -s "$file" "$work/whole/$2"; then
		bad=1
		echo "not ok $n - $1"
		echo "# the fault does not fit into $2 any more: $3"
		return
	fi
	# What it says of the copy without a fault is none of our business here.
	run "$dir" "$release" | grep -vxF -f "$work/before.$release" >"$work/new" || true
	if { [ "$lines" = any ] || [ "$(wc -l <"$work/new")" = "$lines" ]; } &&
		grep -qF -- "$4" "$work/new"; then
		echo "ok $n - $1"
	else
		bad=1
		echo "not ok $n - $1"
		echo "# wanted $lines line(s), one with: $4"
		echo "# got:"
		sed 's/^/# /' "$work/new"
	fi
}

copy "$work/whole"
# A line that no complaint equals, so that the list is never empty
for release in 535.113.01 570.144; do
	{ run "$work/whole" "$release"; echo "-"; } >"$work/before.$release"
done

notices "two fields that changed places" abi/r535/vgpu_ctrl.h \
	'/^struct r535_bootload /,/^}/{s/gfid/tmp/; s/vgpu_type/gfid/; s/tmp/vgpu_type/}' \
	"r535_bootload.gfid is at offset 8, NV2080_CTRL_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK_PARAMS.gfid at 4" 2
notices "a field of an unknown name" abi/r535/vgpu_ctrl.h \
	'/^struct r535_bootload /,/^}/s/swizz_id/swizzle/' \
	"r535_bootload.swizzle: NV2080_CTRL_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK_PARAMS has no field of that name; at offset 16 it has swizzId (4)"
notices "a wrong size of a field" abi/r535/rpc.h \
	'/^struct r535_event_plugin_triggered /,/^}/s/u32 notify_index/u16 notify_index, pad/' \
	"r535_event_plugin_triggered.notify_index has size 2, rpc_vgpu_gsp_plugin_triggered_v17_00.notifyIndex has 4"
notices "a wrong number of elements" abi/r535/rpc.h \
	'/^struct r535_rpc_rm_alloc /,/^}/s/u8 reserved.4./u32 spare[1]/' \
	"r535_rpc_rm_alloc.spare: rpc_gsp_rm_alloc_v03_00 has no field of that name"
notices "a wrong size of a structure" abi/r535/ctrl.h \
	'/^struct r535_vmmu_segment_size /,/^}/s/segment_size;/segment_size; u64 pad;/' \
	"struct r535_vmmu_segment_size has 16 bytes, NV2080_CTRL_GPU_GET_VMMU_SEGMENT_SIZE_PARAMS has 8"
notices "a layout that our own assertions refuse" abi/r535/rpc.h \
	'/^struct r535_rpc_free /,/^}/s/u32 status;//' \
	'static assertion failed: "size of r535_rpc_free"' any
notices "a wrong control" abi/r535/vgpu_ctrl.h 's/0x20804002/0x20804012/' \
	"NV2080_CTRL_CMD_VGPU_MGR_SHUTDOWN is 0x20804012, NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SHUTDOWN_GSP_VGPU_PLUGIN_TASK is 0x20804002"
notices "a wrong RPC function" abi/r535/rpc.h 's/\(R535_RPC_GSP_RM_ALLOC[[:space:]]*\)103/\1104/' \
	"R535_RPC_GSP_RM_ALLOC is 0x68, NV_VGPU_MSG_FUNCTION_GSP_RM_ALLOC is 0x67"
notices "a wrong class" abi/common/rm.h 's/0xc7b5/0xc7b6/' \
	"AMPERE_DMA_COPY_B is 0xc7b6, AMPERE_DMA_COPY_B is 0xc7b5"
notices "a field of a register in the wrong place" abi/common/regs.h \
	's/\(NV_PMC_BOOT_1_VGPU(v).*\)>> 16/\1>> 17/' \
	"READS(NV_PMC_BOOT_1_VGPU) is 0x60000, MASK_OF(NV_PMC_BOOT_1_VGPU) is 0x30000"
notices "a wrong stride" abi/common/regs.h 's/(0x804 + 4 \* (i))/(0x804 + 8 * (i))/' \
	"NV_PGSP_MAILBOX(3) is 0x81c, NV_PGSP_MAILBOX(3) - LOW_OF(NV_PGSP) is 0x810"
notices "a wrong string" abi/r535/rpc.h 's/"RMSetSriovMode"/"RmSetSriovMode"/' \
	"R535_REGISTRY_SRIOV_MODE is RmSetSriovMode, NV_REG_STR_RM_SET_SRIOV_MODE is RMSetSriovMode"
notices "a macro that no map knows" abi/common/rm.h '/define NV_OK/i #define NV_NEW 1' \
	"NV_NEW: no map says which fact this is"
notices "a structure that no map knows" abi/common/mmu.h \
	'/define NV_RAMIN_SIZE/i struct nv_new {\n\tu32 a;\n};' \
	"nv_new: no map says which fact this is"
notices "a value of an enumeration that no map knows" abi/common/mmu.h \
	'/define NV_RAMIN_SIZE/i enum nv_kind { NV_KIND_NEW };' \
	"NV_KIND_NEW: no map says which fact this is"
notices "a map without a line for a structure" maps/common.map '/^struct r535_rpc_free /d' \
	"r535_rpc_free: no map says which fact this is" 2
notices "a map that names nothing of ours" maps/common.map '$a const NV_NEW = NV_OK' \
	"nothing of ours is named in NV_NEW"
notices "a map that names no structure of ours" maps/common.map '$a struct nv_new = GSP_VF_INFO' \
	"nothing of ours is named struct nv_new"
notices "a map that names no field of ours" maps/common.map \
	'/^struct r535_vf_info /a \\tnew_field = totalVFs' \
	"nothing of ours is named r535_vf_info.new_field"
notices "an exception that excepts nothing" maps/common.map '$a own NV_NEW a reason' \
	"nothing of ours is named NV_NEW"
notices "an exception without a reason" maps/common.map 's/^\(elsewhere NV_PSTRAPS\).*/\1/' \
	"no \" \" in this line" 2
notices "an exception for what is compared" maps/common.map '$a own NV_OK a reason' \
	"NV_OK is compared with a fact already"
notices "a line in no language" maps/common.map '$a konst NV_OK = NV_OK' '"konst" is no statement'
notices "a fact that the table lacks" maps/535.113.01.tsv '/^const\tNV_ERR_TIMEOUT\t/d' \
	"the table has no value of NV_ERR_TIMEOUT"
notices "a structure that the table lacks" maps/535.113.01.tsv \
	'/^[a-z]*\trpc_free_v03_00[.\t]/d' "the table has no struct rpc_free_v03_00"
notices "a fact that nobody asks for" maps/535.113.01.tsv '$a const\tNV_NEW\t-\t-\t-\t0x1' \
	"no map asks for const NV_NEW"
notices "a table with another value" maps/535.113.01.tsv \
	'/^field\tGSP_VF_INFO.firstVFOffset\t/s/\t4\t4\t/\t8\t4\t/' \
	"r535_vf_info.first_vf_offset is at offset 4, GSP_VF_INFO.firstVFOffset at 8"
notices "a replacement that there is not" maps/570.144.map \
	's/ by r570_bootload$/ by r570_boot/' "nothing of ours is named r570_boot"
notices "a fact that another release changed" maps/570.144.map \
	's/^replaced r535_get_engines_v2 .*/struct r535_get_engines_v2 = NV2080_CTRL_GPU_GET_ENGINES_V2_PARAMS/' \
	"struct r535_get_engines_v2 has 252 bytes, NV2080_CTRL_GPU_GET_ENGINES_V2_PARAMS has 340" 2

echo "1..$n"
exit $bad
