/* Operations of io_uring: the name is known when one is submitted, the object when it is done. */
#ifndef SHRIKE_OPERATIONS_H
#define SHRIKE_OPERATIONS_H
#include "calls.h"

/* IORING_OP_… (linux/io_uring.h) */
enum {
    OP_OPENAT = 18,
    OP_OPENAT2 = 28,
    OP_ACCEPT = 13,
    OP_CONNECT = 16,
    OP_RENAMEAT = 35,
    OP_UNLINKAT = 36,
    OP_MKDIRAT = 37,
    OP_SYMLINKAT = 38,
    OP_LINKAT = 39,
    OP_FSETXATTR = 41,
    OP_SETXATTR = 42,
    OP_FGETXATTR = 43,
    OP_GETXATTR = 44,
    OP_SOCKET = 45,
};
/* REQ_F_CQE_SKIP, which is IOSQE_CQE_SKIP_SUCCESS: its success makes no completion. */
#define OPERATION_SKIPS_COMPLETION 0x40
/* IORING_CQE_F_MORE (linux/io_uring.h): the request goes on. */
#define COMPLETION_GOES_ON 2
/* IORING_FILE_INDEX_ALLOC (linux/io_uring.h): the kernel chooses the number, which is the result. */
#define DIRECT_ANY 0xffffffffu
/* -ECANCELED: it was not done. */
#define CANCELLED -125
/* -EINPROGRESS: what connect(2) says that doesn't wait. */
#define IN_PROGRESS -115
/* IORING_SETUP_DEFER_TASKRUN (linux/io_uring.h): ends are made when the program comes for them, which may be never. */
#define RING_DEFERS_ENDS 0x2000
/* Bits of io_rsrc_node.file_ptr that are no part of the address (io_uring/rsrc.h, FFS_MASK; three of them in older kernels). */
#define DIRECT_FLAGS 7ull

/* A text that the kernel has copied: nobody can change it any more. */
static __always_inline u32 kernel_text(char *to, u64 address) {
    long count = bpf_probe_read_kernel_str(to, OPERATION_NAME, (void *)address);
    return count > 0 ? count : 0; /* with the final zero */
}
static __always_inline u32 kernel_name(char *to, u64 filename) {
    return filename ? kernel_text(to, LOAD_ADDRESS(filename, filename, name)) : 0;
}

/* What an operation was submitted with, laid out as the arguments of the call that it is like; names go into
 * `scratch->operation` while they are there. Not 0 when it makes a direct descriptor: its number and one, or DIRECT_ANY. */
__noinline int read_operation(struct scratch *scratch, u64 request, u32 with_names) {
    if (!scratch) return 0;
    u64 *arguments = scratch->record.arguments, command = request, first = 0, second = 0;
    u32 code = LOAD(io_kiocb, request, opcode), slot = 0;
    command = ADDRESS_OF(io_kiocb, request, cmd);
    __builtin_memset(arguments, 0, sizeof scratch->record.arguments);
    if (with_names) scratch->operation.length2 = 0;
    if (code == OP_OPENAT || code == OP_OPENAT2) {
        arguments[0] = LOAD(io_open, command, dfd);
        u64 *how = (u64 *)scratch->block;
        how[0] = LOAD(io_open, command, how.flags);
        how[1] = LOAD(io_open, command, how.mode);
        how[2] = LOAD(io_open, command, how.resolve);
        if (code == OP_OPENAT) {
            arguments[2] = how[0];
            arguments[3] = how[1];
        }
        first = LOAD_ADDRESS(io_open, command, filename);
        slot = LOAD(io_open, command, file_slot);
    } else if (code == OP_RENAMEAT) {
        arguments[0] = LOAD(io_rename, command, old_dfd);
        arguments[2] = LOAD(io_rename, command, new_dfd);
        arguments[4] = LOAD(io_rename, command, flags);
        first = LOAD_ADDRESS(io_rename, command, oldpath);
        second = LOAD_ADDRESS(io_rename, command, newpath);
    } else if (code == OP_UNLINKAT) {
        arguments[0] = LOAD(io_unlink, command, dfd);
        arguments[2] = LOAD(io_unlink, command, flags);
        first = LOAD_ADDRESS(io_unlink, command, filename);
    } else if (code == OP_MKDIRAT) {
        arguments[0] = LOAD(io_mkdir, command, dfd);
        arguments[2] = LOAD(io_mkdir, command, mode);
        first = LOAD_ADDRESS(io_mkdir, command, filename);
    } else if (code == OP_SYMLINKAT || code == OP_LINKAT) {
        arguments[0] = LOAD(io_link, command, old_dfd);
        arguments[code == OP_LINKAT ? 2 : 1] = LOAD(io_link, command, new_dfd);
        arguments[4] = LOAD(io_link, command, flags);
        first = LOAD_ADDRESS(io_link, command, oldpath);
        second = LOAD_ADDRESS(io_link, command, newpath);
    } else if (code >= OP_FSETXATTR && code <= OP_GETXATTR) {
        u64 attribute = LOAD_ADDRESS(io_xattr, command, ctx.kname);
        arguments[3] = LOAD(io_xattr, command, ctx.size);
        arguments[4] = LOAD(io_xattr, command, ctx.flags);
        if (code == OP_SETXATTR || code == OP_GETXATTR) first = LOAD_ADDRESS(io_xattr, command, filename);
        if (with_names) scratch->operation.length2 = kernel_text(scratch->operation.name2, ADDRESS_OF(xattr_name, attribute, name));
    } else if (code == OP_SOCKET) {
        arguments[0] = LOAD(io_socket, command, domain);
        arguments[1] = LOAD(io_socket, command, type);
        arguments[2] = LOAD(io_socket, command, protocol);
        slot = LOAD(io_socket, command, file_slot);
    } else {
        if (code == OP_ACCEPT) slot = LOAD(io_accept, command, file_slot);
        scratch->record.flags |= SHRIKE_FLAG_NO_ARGUMENTS;
    }
    if (with_names) {
        scratch->operation.length = kernel_name(scratch->operation.name, first);
        if (second) scratch->operation.length2 = kernel_name(scratch->operation.name2, second);
    }
    return slot;
}

/* Whether the ring's table of direct descriptors is known in this kernel. */
static __always_inline int knows_direct(void) {
    return bpf_core_field_exists(struct io_rsrc_data, nodes) ||
           bpf_core_field_exists(struct io_file_table___before_6_13, files);
}

/* The file of a direct descriptor; 0 for none. */
static __always_inline u64 direct_file(u64 request, u32 number) {
    u64 ring = LOAD_ADDRESS(io_kiocb, request, ctx), entry = 0;
    u64 table = ADDRESS_OF(io_ring_ctx, ring, file_table);
    if (bpf_core_field_exists(struct io_rsrc_data, nodes)) {
        u64 data = ADDRESS_OF(io_file_table, table, data);
        if (number >= COPY(io_rsrc_data, data, nr)) return 0;
        u64 nodes = (u64)COPY(io_rsrc_data, data, nodes);
        bpf_probe_read_kernel(&entry, sizeof entry, (void *)(nodes + 8ull * number));
        entry = COPY(io_rsrc_node, entry, file_ptr);
    } else if (bpf_core_field_exists(struct io_file_table___before_6_13, files)) {
        if (number >= COPY(io_ring_ctx___before_6_13, ring, nr_user_files)) return 0;
        u64 files = (u64)COPY(io_file_table___before_6_13, table, files);
        bpf_probe_read_kernel(&entry, sizeof entry, (void *)(files + 8ull * number));
    }
    return entry & ~DIRECT_FLAGS;
}

/* What outcome and access leave possible. For system calls that is done before anything is copied. */
static __always_inline void narrow_operation(struct scratch *scratch) {
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return;
    if (!(scratch->record.flags & SHRIKE_FLAG_NO_RESULT))
        narrow(&scratch->left, scratch->record.result >= 0 ? &slot->success : &slot->failure);
    if (scratch->call.flags & SHRIKE_CALL_OPEN_HOW)
        narrow_by_access(&scratch->left, slot, *(u64 *)scratch->block);
    else if (scratch->call.open_flags < 6)
        narrow_by_access(&scratch->left, slot, scratch->record.arguments[scratch->call.open_flags]);
}

/* Puts a kept name where names that were asked for are. */
static __always_inline s32 take_name(struct scratch *scratch, u32 area, const char *name, u32 length, u32 *flags) {
    if (!length || length > OPERATION_NAME) {
        *flags = SHRIKE_PART_UNREADABLE;
        return -1;
    }
    *flags = length == OPERATION_NAME ? SHRIKE_PART_CUT : 0;
    bpf_probe_read_kernel(&scratch->names[AREA(area)], length, name);
    return length - 1;
}
static __always_inline void take_names(struct scratch *scratch, const struct operation *kept) {
    scratch->asked = take_name(scratch, AREA_ASKED, kept->name, kept->length, &scratch->asked_flags);
    scratch->asked2 = take_name(scratch, AREA_ASKED2, kept->name2, kept->length2, &scratch->asked2_flags);
}

static __always_inline int is_wanted(u32 code) {
    return code < SHRIKE_CALLS && control.wanted[SHRIKE_OPERATIONS][code >> 6] >> (code & 63) & 1;
}
/* Whether something of such an operation may be kept: it was wanted at any time, perhaps when one in flight was submitted. */
static __always_inline int is_kept(u32 code) {
    return code < SHRIKE_CALLS && control.kept_operations[code >> 6] >> (code & 63) & 1;
}
/* The call table's entry of an operation if something is wanted of it and of this process. */
static __always_inline struct shrike_call *operation_wanted(u32 code, struct shrike_bits *left) {
    struct task_struct *task = bpf_get_current_task_btf();
    if (!is_wanted(code)) return 0;
    u32 index = SHRIKE_OPERATIONS * SHRIKE_CALLS + code;
    struct shrike_call *call = bpf_map_lookup_elem(&shrike_calls, &index);
    if (!call || !control.armed || is_ignored(task->tgid)) return 0;
    u32 slot_index = call->slot;
    struct shrike_slot *slot = bpf_map_lookup_elem(&shrike_slots, &slot_index);
    if (!slot_index || !slot) return 0;
    *left = slot->possible;
    if (slot->process_words) process_bits(task->group_leader, slot, left);
    return is_empty(left) ? 0 : call;
}

static __always_inline struct scratch *begin_operation(struct shrike_call *call, struct shrike_bits *left, u32 code) {
    struct scratch *scratch = take_scratch();
    if (!scratch) {
        struct shrike_counters *counters = counters_here();
        if (counters) counters->missing.lost_busy++;
        return 0;
    }
    begin_event(scratch, bpf_get_current_task_btf(), call, left);
    scratch->is_operation = 1;
    scratch->record.call = code;
    scratch->record.result = 0;
    scratch->record.flags = 0;
    return scratch;
}

/* Keeps a request to be found by what its completion has; whether there is room. */
static __always_inline int note_request(u64 request, u32 code) {
    struct request_key key = {LOAD_ADDRESS(io_kiocb, request, ctx), LOAD(io_kiocb, request, cqe.user_data)};
    struct counted_request counted = {key, 0};
    if (bpf_map_update_elem(&shrike_counted, &request, &counted, BPF_ANY)) return 0;
    struct request *known = bpf_map_lookup_elem(&shrike_requests, &key);
    if (known) {
        /* Of those with one number an accept is the one that will be looked for: it goes on. */
        if (known->code != OP_ACCEPT) {
            known->address = request;
            known->code = code;
        }
        __sync_fetch_and_add(&known->count, 1);
        return 1;
    }
    struct request first = {request, code, 1};
    if (!bpf_map_update_elem(&shrike_requests, &key, &first, BPF_ANY)) return 1;
    bpf_map_delete_elem(&shrike_counted, &request);
    return 0;
}
/* Only what was counted: one that was told at once can have the number of another that goes on. */
static __always_inline void forget_request(u64 request) {
    struct counted_request *counted = bpf_map_lookup_elem(&shrike_counted, &request);
    if (!counted) return;
    struct request_key key = counted->key;
    bpf_map_delete_elem(&shrike_counted, &request);
    struct request *known = bpf_map_lookup_elem(&shrike_requests, &key);
    if (known && __sync_fetch_and_add(&known->count, -1) <= 1) bpf_map_delete_elem(&shrike_requests, &key);
}

/* Tells of an operation before its end. `is_unproven`: any name can lead to any file, and nobody will say to which. */
static __always_inline void tell_submitted(
    struct scratch *scratch, struct shrike_counters *counters, u32 is_direct, u32 is_unproven, const struct operation *kept) {
    scratch->is_unproven = is_unproven && scratch->call.object == SHRIKE_RESULT && scratch->call.path != SHRIKE_NONE;
    scratch->record.flags |= SHRIKE_FLAG_SUBMITTED | SHRIKE_FLAG_NO_RESULT | (is_direct ? SHRIKE_FLAG_DIRECT : 0);
    take_names(scratch, kept);
    narrow_operation(scratch);
    if (tell(scratch, counters, SHRIKE_RECORD_RING) == TOLD && scratch->is_unproven && counters) counters->told_unproven++;
}

static __always_inline int submitted(u64 request) {
    struct shrike_bits left;
    u32 code = LOAD(io_kiocb, request, opcode);
    struct shrike_call *call = operation_wanted(code, &left);
    if (!call) return 0;
    struct scratch *scratch = begin_operation(call, &left, code);
    if (!scratch) return 0;
    *(volatile u64 *)&scratch->request = request; /* from memory it is a number */
    request = *(volatile u64 *)&scratch->request;
    u32 is_direct = read_operation(scratch, request, 1), is_now = 0;
    if (LOAD(io_kiocb, request, flags) & OPERATION_SKIPS_COMPLETION || (is_direct && !knows_direct())) is_now = 1;
    u32 is_unproven = is_now;
    struct shrike_counters *counters = counters_here();
    if (!is_now && (!note_request(request, code) ||
                    ((scratch->operation.length || scratch->operation.length2) &&
                     bpf_map_update_elem(&shrike_operations, &request, &scratch->operation, BPF_ANY)))) {
        /* Without its name its end would be told, too, but a failure would be of nothing. */
        is_now = 1;
        if (counters) counters->told_early++;
    }
    if (is_now) tell_submitted(scratch, counters, is_direct, is_unproven, &scratch->operation);
    give_back(scratch);
    return 0;
}

static __always_inline int defers_ends(u64 request) {
    u64 ring = LOAD_ADDRESS(io_kiocb, request, ctx);
    return (LOAD(io_ring_ctx, ring, flags) & RING_DEFERS_ENDS) != 0;
}

/* An operation goes on elsewhere. Where that may be told late, or by a thread of the kernel when its process is gone, it is told of now,
 * and at its end no more. */
static __always_inline int went_on(u64 request, u32 is_connecting) {
    struct shrike_bits left;
    u32 code = LOAD(io_kiocb, request, opcode);
    if (!is_wanted(code)) return 0;
    struct counted_request *counted = bpf_map_lookup_elem(&shrike_counted, &request);
    if (!counted || counted->is_told) return 0; /* told when it was submitted, or not wanted */
    struct shrike_call *call = operation_wanted(code, &left);
    struct scratch *scratch = call ? begin_operation(call, &left, code) : 0;
    if (!scratch) return 0;
    *(volatile u64 *)&scratch->request = request;
    request = *(volatile u64 *)&scratch->request;
    u32 is_direct = read_operation(scratch, request, 0);
    struct operation *kept = bpf_map_lookup_elem(&shrike_operations, &request);
    scratch->operation.length = scratch->operation.length2 = 0;
    if (is_connecting) {
        scratch->record.result = IN_PROGRESS;
        take_names(scratch, &scratch->operation);
        narrow_operation(scratch);
        tell(scratch, counters_here(), SHRIKE_RECORD_RING);
    } else {
        tell_submitted(scratch, counters_here(), is_direct, 1, kept ? kept : &scratch->operation);
    }
    /* What is accepted later is another connection. Whether one was made, other rings tell of at once. */
    counted->is_told = code != OP_ACCEPT && (!is_connecting || defers_ends(request));
    give_back(scratch);
    return 0;
}

/* Tells of an operation that has a result, if that is wanted. `kept`: the names that it was submitted with; null where there are none. */
static __always_inline void tell_result(u64 request, u32 code, s64 result, struct operation *kept) {
    struct shrike_bits left;
    struct shrike_call *call = operation_wanted(code, &left);
    if (!call) return;
    struct scratch *scratch = begin_operation(call, &left, code);
    if (!scratch) return;
    *(volatile u64 *)&scratch->request = request;
    request = *(volatile u64 *)&scratch->request;
    scratch->record.result = result;
    u32 direct = read_operation(scratch, request, 0);
    scratch->operation.length = scratch->operation.length2 = 0;
    take_names(scratch, kept ? kept : &scratch->operation);
    if (direct) {
        scratch->record.flags |= SHRIKE_FLAG_DIRECT;
        if (result >= 0) scratch->direct = direct_file(request, direct == DIRECT_ANY ? (u32)result : direct - 1);
    }
    narrow_operation(scratch);
    /* Told when it was submitted? */
    if (!(direct && !knows_direct()) && !(LOAD(io_kiocb, request, flags) & OPERATION_SKIPS_COMPLETION))
        tell(scratch, counters_here(), SHRIKE_RECORD_RING);
    give_back(scratch);
}

/* An operation has a result, and is done or goes on (`is_last` 0). What is kept of one that is done goes, told or not: its address is
 * another's soon. `is_certain`: it is that one, no other of the same number. */
static __always_inline int completed(u64 request, u32 code, s64 result, u32 is_last, u32 is_certain) {
    struct operation *kept = bpf_map_lookup_elem(&shrike_operations, &request);
    struct counted_request *counted = bpf_map_lookup_elem(&shrike_counted, &request);
    u32 is_told = is_certain && counted && counted->is_told;
    /* Without a name there is nothing to say of what was not done. */
    if (!is_told && (kept || result != CANCELLED)) tell_result(request, code, result, kept);
    if (!is_last) return 0;
    forget_request(request);
    bpf_map_delete_elem(&shrike_operations, &request);
    return 0;
}

/* The end of a request. */
static __always_inline int ended(u64 request, s64 result) {
    u32 code = LOAD(io_kiocb, request, opcode);
    return is_kept(code) ? completed(request, code, result, 1, 1) : 0;
}

/* A completion without its request: one of several of an accept that goes on, or one that the queue has no room for. */
static __always_inline int found_end(u64 ring, u64 user_data, s64 result, u32 is_last) {
    struct request_key key = {ring, user_data};
    struct request *known = bpf_map_lookup_elem(&shrike_requests, &key);
    if (!known) return 0; /* nothing that is wanted, or a message of another ring */
    u64 request = known->address;
    u32 code = known->code;
    if (!is_last && code != OP_ACCEPT) return 0;
    return completed(request, code, result, is_last, known->count == 1);
}

SEC("tp_btf/io_uring_submit_req") int shrike_submitted(u64 *context) {
    return submitted(context[0]);
}
/* Linux 6.1: another name. */
SEC("?tp_btf/io_uring_submit_sqe") int shrike_submitted_6_1(u64 *context) {
    return submitted(context[0]);
}

/* To the kernel's workers: argument: the request. In other rings they tell of its end themselves, and at once. */
SEC("tp_btf/io_uring_queue_async_work") int shrike_handed_over(u64 *context) {
    return defers_ends(context[0]) ? went_on(context[0], 0) : 0;
}

/* It waits for its descriptor: argument: the request. A connection is made meanwhile, also where the request is given up. */
SEC("tp_btf/io_uring_poll_arm") int shrike_waits(u64 *context) {
    return LOAD(io_kiocb, context[0], opcode) == OP_CONNECT ? went_on(context[0], 1) : 0;
}

/* Arguments: the request that failed, one linked to it, which then is not done. Its end may never come (REQ_F_SKIP_LINK_CQES). */
SEC("tp_btf/io_uring_fail_link") int shrike_link_failed(u64 *context) {
    u64 request = context[1];
    forget_request(request);
    bpf_map_delete_elem(&shrike_operations, &request);
    return 0;
}

/* Arguments: the ring, the request (null where it goes on), the completion. The completion is loaded from as the argument that it is:
 * where it is none, the kernel doesn't take the program. */
SEC("tp_btf/io_uring_complete") int shrike_completed(u64 *context) {
    struct io_uring_cqe *completion = (void *)context[2];
    s64 result = completion->res;
    if (context[1]) return ended(context[1], result);
    return found_end(context[0], completion->user_data, result, 0);
}
/* The same before that (6.12 and 6.1): what the program gave the request, the result, flags. */
SEC("?tp_btf/io_uring_complete") int shrike_completed_6_12(u64 *context) {
    if (context[1]) return ended(context[1], (s32)context[3]);
    return found_end(context[0], context[2], (s32)context[3], 0);
}

/* Arguments: the ring, what the program gave the request, the result, the completion's flags. The other tracepoint is not passed
 * then, but for Linux 6.1. */
SEC("tp_btf/io_uring_cqe_overflow") int shrike_overflowed(u64 *context) {
    return found_end(context[0], context[1], (s32)context[2], !(context[3] & COMPLETION_GOES_ON));
}

#endif
