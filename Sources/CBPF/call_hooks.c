#include "call_hooks.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

int shrike_bpf_each_function(
    void *context, void (*found)(void *context, const char *name, uint32_t function, uint32_t type)) {
    struct btf *types = btf__load_vmlinux_btf();
    if (!types) return -errno;
    uint32_t count = btf__type_cnt(types);
    for (uint32_t id = 1; id < count; id++) {
        const struct btf_type *type = btf__type_by_id(types, id);
        if (btf_is_func(type)) found(context, btf__name_by_offset(types, type->name_off), id, type->type);
    }
    btf__free(types);
    return 0;
}

int shrike_bpf_make_program_table(int program) {
    uint32_t first = 0;
    int table = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "shrike_hooked", sizeof first, sizeof program, 1, NULL);
    if (table < 0) return table;
    int status = bpf_map_update_elem(table, &first, &program, BPF_ANY);
    if (status == 0) status = bpf_map_freeze(table);
    if (status == 0) return table;
    close(table);
    return status;
}

static int load(uint32_t function, const struct bpf_insn *instructions, size_t count) {
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FEXIT, .attach_btf_id = function);
    return bpf_prog_load(BPF_PROG_TYPE_TRACING, "shrike_hook", "GPL", instructions, count, &options);
}

int shrike_bpf_load_hook(uint32_t function, int table) {
    // bpf_tail_call(context, table, 0); the context is in the first register already.
    const struct bpf_insn instructions[] = {
        {.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_2, .src_reg = BPF_PSEUDO_MAP_FD, .imm = table},
        {.code = 0},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = 0},
        {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_tail_call},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    return load(function, instructions, sizeof instructions / sizeof *instructions);
}

int shrike_bpf_try_hook(uint32_t function) {
    const struct bpf_insn instructions[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    int program = load(function, instructions, sizeof instructions / sizeof *instructions);
    if (program < 0) return program;
    int link = shrike_bpf_attach_hook(program);
    if (link >= 0) close(link);
    close(program);
    return link < 0 ? link : 0;
}

int shrike_bpf_attach_hook(int hook) {
    return bpf_raw_tracepoint_open(NULL, hook);
}
