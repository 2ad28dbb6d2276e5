#ifndef SHRIKE_CALL_HOOKS_H
#define SHRIKE_CALL_HOOKS_H

#include <stdint.h>

/// Calls `found` for each function of this kernel that programs can hang on, with its name and the ids of itself and of its type in the
/// kernel's type information (BTF). 0, or a negative error number.
int shrike_bpf_each_function(
    void *context, void (*found)(void *context, const char *name, uint32_t function, uint32_t type));

/// Makes a table (BPF_MAP_TYPE_PROG_ARRAY) of one program, which nobody can change any more. Its descriptor, or a negative error number.
int shrike_bpf_make_program_table(int program);

/// Loads a program for the end of a kernel function (fexit) that goes on to the program in a table. Its descriptor, or a negative
/// error number.
int shrike_bpf_load_hook(uint32_t function, int table);

/// Whether the kernel takes such a hook: attaches one that does nothing, and takes it out again. 0, or a negative error number.
int shrike_bpf_try_hook(uint32_t function);

/// Attaches a hook; it stays as long as the descriptor that is given. A negative error number on failure.
int shrike_bpf_attach_hook(int hook);

#endif
