/* The maps, and what a program has of its CPU's memory. */
#ifndef SHRIKE_MAPS_H
#define SHRIKE_MAPS_H
#include "../../CBPFRecords/include/bpf_maps.h"
#include "load.h"

/* The only variable: so it is all of .bss, which user space maps. */
struct shrike_control control;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 16 << 20); /* user space says how large */
} shrike_ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SHRIKE_TABLES * SHRIKE_CALLS);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, struct shrike_call);
} shrike_calls SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SHRIKE_SLOTS);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, struct shrike_slot);
} shrike_slots SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 131072);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct shrike_value_key);
    __type(value, struct shrike_verdict);
} shrike_values SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 32768);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct shrike_prefix_key);
    __type(value, struct shrike_verdict);
} shrike_prefixes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct shrike_process_bits);
} shrike_processes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, u64);
    __type(value, struct shrike_group);
} shrike_groups SEC(".maps");

/* Control groups that were made from within another one, below it: they have its share. Key and value are ids of groups. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 65536);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, u64);
    __type(value, u64);
} shrike_inner_groups SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1); /* as many as CPUs: set at load */
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, struct shrike_counters);
} shrike_counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1); /* user space says how many */
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, struct shrike_call_set);
} shrike_call_sets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1); /* user space says how many */
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, u32);
    __type(value, struct shrike_set_place);
} shrike_set_places SEC(".maps");

/* Bytes of a name that an operation of io_uring keeps until its end. */
#define OPERATION_NAME 1024

/* Names of an operation in flight: at its end the kernel has freed them. */
struct operation {
    u32 length, length2;
    char name[OPERATION_NAME], name2[OPERATION_NAME];
};
/* None is pushed out by others: what finds no room is told at once. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384); /* user space says how many */
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, u64);
    __type(value, struct operation);
} shrike_operations SEC(".maps");

/* Operations in flight, for ends of which the kernel doesn't say the request: those of an accept that goes on, and those that the
 * completion queue has no room for. */
struct request_key {
    u64 ring, user_data;
};
struct request {
    u64 address;
    u32 code;
    /* How many in flight have that key: the program chooses `user_data`. */
    u32 count;
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384); /* user space says how many */
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct request_key);
    __type(value, struct request);
} shrike_requests SEC(".maps");
/* Those that are counted there, by their address. `is_told`: before their end, of which nothing is told then. */
struct counted_request {
    struct request_key key;
    u64 is_told;
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384); /* user space says how many */
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, u64);
    __type(value, struct counted_request);
} shrike_counted SEC(".maps");

/* Areas of `scratch.names`, each of SHRIKE_PATH_MAX. A path is written towards its area's end, so that a name read into the
 * next area continues it. */
enum area { AREA_REAL = 0, AREA_BASE, AREA_ASKED, AREA_BASE2, AREA_ASKED2, AREA_NORMAL, AREAS };
#define AREA(name) ((name) * SHRIKE_PATH_MAX)
/* What may be read behind the last area: a prefix key. */
#define NAMES_SLACK 512
/* Before a path there is room for the head of a prefix key and a word of the hash. */
#define AREA_MARGIN 24

/* Where a walk ended. */
struct walked {
    /* The path is names[offset ..< end of area - 1]; 0: no path. */
    u32 offset;
    /* Where the process' root and the directory of the asked name were passed; 0: not on the way. */
    u32 root, base;
    /* Where the last component begins; 0: that is not known. */
    u32 component;
    /* enum shrike_part_flag */
    u32 flags;
};

/* What the filter has stopped (discarders.h). */
#define DISCARDERS 4096
#define DISCARDER_WORDS 64
struct discarder {
    /* Odd while somebody writes. */
    u64 sequence;
    /* Which filter it was (`shrike_control.filter_epoch`). */
    u64 epoch;
    /* With these alternatives and no others. */
    struct shrike_bits left;
    /* All that the filter looked at. */
    u64 count;
    u64 looked_at[DISCARDER_WORDS];
};
#define DISCARDER_EPOCH (__builtin_offsetof(struct discarder, epoch) / 8)
#define DISCARDER_LEFT (__builtin_offsetof(struct discarder, left) / 8)
#define DISCARDER_COUNT (__builtin_offsetof(struct discarder, count) / 8)
#define DISCARDER_LOOKED_AT (__builtin_offsetof(struct discarder, looked_at) / 8)
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, DISCARDERS);
    __type(key, u32);
    __type(value, struct discarder);
} shrike_discarders SEC(".maps");

struct scratch {
    u32 busy, index;
    /* Bytes of `record` in use. */
    u32 length;

    /* What the event is about. */
    struct shrike_call call;
    u32 slot;
    /* An operation of io_uring: names and arguments are not in user memory, and this is the request. */
    u32 is_operation;
    u64 request;
    /* The file that an operation made in the ring's own table (a direct descriptor); 0: none. */
    u64 direct;
    /* Which file is opened will never be known: no name may stop the event. */
    u32 is_unproven;
    u64 task;
    /* Directories of the process, as addresses. */
    u64 root_dentry, root_mount, base_dentry, base_mount, mount_namespace;
    /* The object, and what is described: addresses of struct file. */
    u64 file, subject;
    /* Length of the asked names without final zero; -1: none, or not readable. */
    s32 asked, asked2;
    u32 asked_flags, asked2_flags;
    struct walked real;
    /* The state of a loop. A register's range narrows with each round, and the verifier never sees a state twice. */
    u64 dentry, mount;
    u32 at, component, depth, last;
    struct shrike_hash_state hash;
    u16 components[256];

    /* The filter. */
    struct shrike_bits left, by_name;
    /* Dimensions of names in which something is to be found for what is left, a bit each. */
    u32 deciding;
    /* What the filter looks at, so many words. */
    u32 looked;
    u64 looked_at[DISCARDER_WORDS];
    struct shrike_verdict name;
    struct shrike_value_key key;
    struct shrike_prefix_key address_key;

    u32 address_length;
    char address[SHRIKE_ADDRESS_MAX];
    char block[SHRIKE_ADDRESS_MAX];
    struct shrike_socket socket;
    struct shrike_file described;
    struct operation operation;

    char names[AREAS * SHRIKE_PATH_MAX + NAMES_SLACK];
    union {
        struct shrike_record record;
        char bytes[SHRIKE_RECORD_MAX + 2 * SHRIKE_PATH_MAX]; /* the verifier adds greatest offset and length */
    };
};

/* One for each CPU that runs, and some that all share, for programs that begin while another is under way there: set at load. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32);
    __type(value, struct scratch);
} shrike_scratch SEC(".maps");

static __always_inline struct shrike_counters *counters_here(void) {
    u32 cpu = bpf_get_smp_processor_id();
    return bpf_map_lookup_elem(&shrike_counters, &cpu);
}

/* Of the shared memory so many places are tried. */
#define SPARE_TRIES 8

static __always_inline struct scratch *try_scratch(u32 index) {
    struct scratch *scratch = bpf_map_lookup_elem(&shrike_scratch, &index);
    if (!scratch || __sync_val_compare_and_swap(&scratch->busy, 0, 1) != 0) return 0;
    scratch->index = index;
    return scratch;
}

/* Memory that no other program uses until `give_back`; null when all is taken. */
static __always_inline struct scratch *take_scratch(void) {
    u32 cpu = bpf_get_smp_processor_id(), own = control.processors, spare = control.spares;
    if (!own || !spare) return 0;
    struct scratch *scratch = try_scratch(cpu % own);
    for (u32 step = 0; !scratch && step < SPARE_TRIES; step++) scratch = try_scratch(own + (cpu + step) % spare);
    return scratch;
}

/* The same memory, as a map's value: to a function of its own it is mere memory, which old verifiers (6.1) don't let be a key. */
static __always_inline struct scratch *as_value(struct scratch *memory) {
    if (!memory) return 0;
    u32 index = memory->index;
    return bpf_map_lookup_elem(&shrike_scratch, &index);
}

static __always_inline void give_back(struct scratch *scratch) {
    __sync_lock_test_and_set(&scratch->busy, 0);
}

#endif
