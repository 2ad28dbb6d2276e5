#define _GNU_SOURCE
#include "bpf_library.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *captured;
static size_t capacity, used;

static int take(enum libbpf_print_level level, const char *format, va_list arguments) {
    if (level == LIBBPF_DEBUG || !captured || used + 1 >= capacity) return 0;
    int count = vsnprintf(captured + used, capacity - used, format, arguments);
    if (count < 0) return 0;
    used = (size_t)count >= capacity - used ? capacity - 1 : used + (size_t)count;
    return count;
}

void shrike_bpf_capture(char *buffer, size_t size) {
    captured = size > 0 ? buffer : NULL;
    capacity = size;
    used = 0;
    if (captured) captured[0] = 0;
    libbpf_set_print(take);
}

struct bpf_object *shrike_bpf_open(const void *bytes, size_t size, const char *name) {
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
    return bpf_object__open_mem(bytes, size, &options);
}

int shrike_bpf_run(int program, void *context, uint32_t size) {
    LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = context, .ctx_size_in = size);
    if (bpf_prog_test_run_opts(program, &options) < 0) return -errno;
    return (int)options.retval;
}

int shrike_bpf_has_tracepoint(const char *name) {
    return libbpf_find_vmlinux_btf_id(name, BPF_TRACE_RAW_TP) > 0;
}

int shrike_bpf_iterate(int link) {
    int descriptor = bpf_iter_create(link);
    if (descriptor < 0) return -errno;
    char nothing[64];
    ssize_t count;
    do count = read(descriptor, nothing, sizeof nothing);
    while (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)));
    int status = count < 0 ? -errno : 0;
    close(descriptor);
    return status;
}

int shrike_bpf_link_facts(int link, struct shrike_bpf_link_facts *facts) {
    struct bpf_link_info info;
    memset(&info, 0, sizeof info);
    uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(link, &info, &size) < 0) return -errno;
    *facts = (struct shrike_bpf_link_facts){.id = info.id, .program = info.prog_id};
    return 0;
}

int shrike_bpf_program_facts(int program, struct shrike_bpf_program_facts *facts) {
    struct bpf_prog_info info;
    memset(&info, 0, sizeof info);
    uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(program, &info, &size) < 0) return -errno;
    *facts = (struct shrike_bpf_program_facts){
        .id = info.id,
        .load_time = info.load_time,
        .recursion_misses = info.recursion_misses,
    };
    memcpy(&facts->tag, info.tag, sizeof facts->tag);
    return 0;
}

int64_t shrike_bpf_value_size(int map) {
    struct bpf_map_info info;
    memset(&info, 0, sizeof info);
    uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(map, &info, &size) < 0) return -errno;
    return info.value_size;
}

int64_t shrike_bpf_entry_count(int map) {
    struct bpf_map_info info;
    memset(&info, 0, sizeof info);
    uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(map, &info, &size) < 0) return -errno;
    return info.max_entries;
}

int shrike_bpf_has_io_uring(void) {
    return syscall(SYS_io_uring_setup, 0, NULL) >= 0 || errno != ENOSYS;
}

void shrike_bpf_reserve_page(volatile int32_t *asker) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    __atomic_store_n(asker, (int32_t)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    void *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    __atomic_store_n(asker, 0, __ATOMIC_SEQ_CST);
    if (memory != MAP_FAILED) munmap(memory, page);
}
