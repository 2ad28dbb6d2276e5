#ifndef SHRIKE_BPF_LIBRARY_H
#define SHRIKE_BPF_LIBRARY_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdint.h>

/// Makes libbpf write what it has to say into `buffer`, cut to `size` with a final zero, instead of to standard error; with a
/// null `buffer` it says nothing. For one thread at a time.
void shrike_bpf_capture(char *buffer, size_t size);

/// Opens an object in memory; null and errno on failure.
struct bpf_object *shrike_bpf_open(const void *bytes, size_t size, const char *name);

/// Whether the kernel has io_uring, allowed or not.
int shrike_bpf_has_io_uring(void);

/// Runs a program of type syscall with `context`, which it may change (BPF_PROG_RUN). The program's answer, or a negative
/// error number.
int shrike_bpf_run(int program, void *context, uint32_t size);

/// Reserves a page of memory that this process alone may write, and lets it go again; `asker` has the thread's id meanwhile.
void shrike_bpf_reserve_page(volatile int32_t *asker);

/// Whether the kernel has a tracepoint of that name that programs can be attached to.
int shrike_bpf_has_tracepoint(const char *name);

/// Runs an iterator's program over all that it iterates. 0, or a negative error number.
int shrike_bpf_iterate(int link);

/// Facts that tell whether somebody has altered what was loaded.
struct shrike_bpf_link_facts {
    uint32_t id, program;
};
/// 0, or a negative error number.
int shrike_bpf_link_facts(int link, struct shrike_bpf_link_facts *facts);

struct shrike_bpf_program_facts {
    uint32_t id;
    uint64_t tag, load_time, recursion_misses;
};
/// 0, or a negative error number.
int shrike_bpf_program_facts(int program, struct shrike_bpf_program_facts *facts);

/// The size of a map's value, or a negative error number.
int64_t shrike_bpf_value_size(int map);
/// How many entries a map has room for (of a ring: its bytes), or a negative error number.
int64_t shrike_bpf_entry_count(int map);

#endif
