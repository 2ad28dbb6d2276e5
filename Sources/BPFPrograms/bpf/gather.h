/* Reading what a call's registers point to, as the call table says. */
#ifndef SHRIKE_GATHER_H
#define SHRIKE_GATHER_H
#include "objects.h"

#define TASK_IS_COMPAT(scratch) ((scratch)->record.flags & (SHRIKE_FLAG_32BIT | SHRIKE_FLAG_X32))

static __always_inline u64 argument(struct scratch *scratch, u32 index) {
    return index < 6 ? scratch->record.arguments[index] : 0;
}

/* The open file in a register, or that is the result; 0 for none. */
static __always_inline u64 file_in(struct scratch *scratch, u32 index) {
    s64 result = scratch->record.result;
    if (index == SHRIKE_RESULT) return result < 0 ? 0 : file_of(scratch->task, result);
    return index < 6 ? file_of(scratch->task, scratch->record.arguments[index]) : 0;
}

/* Sets the directory that a relative path begins at. */
static __always_inline void note_base(struct scratch *scratch, u32 index) {
    s32 directory = argument(scratch, index);
    if (index < 6 && directory != AT_FDCWD) {
        u64 file = file_of(scratch->task, directory);
        scratch->base_dentry = file ? LOAD_ADDRESS(file, file, f_path.dentry) : 0;
        scratch->base_mount = file ? LOAD_ADDRESS(file, file, f_path.mnt) : 0;
        return;
    }
    u64 fs = LOAD_ADDRESS(task_struct, scratch->task, fs);
    scratch->base_dentry = LOAD_ADDRESS(fs_struct, fs, pwd.dentry);
    scratch->base_mount = LOAD_ADDRESS(fs_struct, fs, pwd.mnt);
}

/* The address that was passed, or that the call wrote. */
static __always_inline void read_address(struct scratch *scratch) {
    u64 address = 0, from = argument(scratch, scratch->call.address);
    u64 length = argument(scratch, scratch->call.address_length); /* 64 bits: the verifier keeps their range */
    scratch->address_length = 0;
    if (scratch->call.address >= 6 || !from) return;
    if (scratch->call.flags & SHRIKE_CALL_MESSAGE) { /* msg_name and msg_namelen lead struct msghdr */
        if (TASK_IS_COMPAT(scratch)) {
            u32 head[2] = {};
            bpf_probe_read_user(head, sizeof head, (void *)from);
            address = head[0];
            length = head[1];
        } else {
            u64 head[2] = {};
            bpf_probe_read_user(head, sizeof head, (void *)from);
            address = head[0];
            length = head[1] & 0xffffffff;
        }
    } else {
        address = from;
        if (scratch->call.flags & SHRIKE_CALL_LENGTH_POINTED) {
            u64 at = argument(scratch, scratch->call.address_length);
            u32 pointed = 0;
            bpf_probe_read_user(&pointed, sizeof pointed, (void *)at);
            length = pointed;
        }
    }
    length &= 0xffffffff;
    if (!address || length < 2) return;
    if (length > SHRIKE_ADDRESS_MAX) length = SHRIKE_ADDRESS_MAX;
    if (bpf_probe_read_user(scratch->address, length, (void *)address)) return;
    scratch->address_length = length;
}

/* The structure that a register points to. */
static __always_inline void read_block(struct scratch *scratch) {
    u64 length = scratch->call.block_length;
    __builtin_memset(scratch->block, 0, 24);
    if (scratch->call.block >= 6) return;
    if (length > sizeof scratch->block) length = sizeof scratch->block;
    if (bpf_probe_read_user(scratch->block, length, (void *)argument(scratch, scratch->call.block)))
        scratch->call.block_length = 0;
}

/* Finds files and addresses. */
__noinline int gather_objects(struct scratch *scratch) {
    if (!scratch) return 0;
    if (scratch->is_operation) {
        u64 request = scratch->request;
        if (scratch->call.object != SHRIKE_RESULT)
            scratch->file = LOAD_ADDRESS(io_kiocb, request, file);
        else if (scratch->record.flags & SHRIKE_FLAG_DIRECT)
            scratch->file = scratch->direct;
        else
            scratch->file = scratch->record.flags & SHRIKE_FLAG_NO_RESULT ? 0 : file_in(scratch, SHRIKE_RESULT);
        return 0;
    }
    read_address(scratch);
    if (scratch->call.flags & SHRIKE_CALL_PAIR) {
        s32 *pair = (s32 *)scratch->block;
        u32 made = scratch->record.result >= 0 && scratch->call.block_length;
        scratch->file = made ? file_of(scratch->task, pair[0]) : 0;
    } else {
        scratch->file = file_in(scratch, scratch->call.object);
    }
    return 0;
}

/* Reads the names that were asked for, once. */
__noinline int gather_names(struct scratch *scratch) {
    if (!scratch || scratch->asked >= -1) return 0;
    scratch->asked = scratch->asked2 = -1;
    if (scratch->call.path < 6)
        scratch->asked =
            read_name(scratch, AREA_ASKED, argument(scratch, scratch->call.path), &scratch->asked_flags);
    if (scratch->call.path2 < 6)
        scratch->asked2 =
            read_name(scratch, AREA_ASKED2, argument(scratch, scratch->call.path2), &scratch->asked2_flags);
    return 0;
}

#endif
