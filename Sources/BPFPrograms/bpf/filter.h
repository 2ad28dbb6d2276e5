/* Which alternatives of a slot an event can match: cheap tests first, then names. */
#ifndef SHRIKE_FILTER_H
#define SHRIKE_FILTER_H
#include "names.h"

/* An event can have several values of a dimension (the asked port and the real one): it has the bits of any. */
static __always_inline void begin_values(struct scratch *scratch) {
    __builtin_memset(&scratch->by_name, 0, sizeof scratch->by_name);
}
static __always_inline void any_value(struct scratch *scratch, struct shrike_slot *slot, u32 dimension, u64 value) {
    if (dimension >= SHRIKE_DIMENSIONS) return;
    const struct shrike_bits *missing = &slot->missing[dimension];
    struct shrike_verdict *found;
    if (dimension == SHRIKE_BY_ADDRESS) {
        scratch->address_key.bits = (4 + 16) * 8;
        scratch->address_key.slot = scratch->slot;
        scratch->address_key.dimension = dimension;
        found = bpf_map_lookup_elem(&shrike_prefixes, &scratch->address_key);
    } else {
        scratch->key.slot = scratch->slot;
        scratch->key.dimension = dimension;
        scratch->key.reserved = 0;
        scratch->key.value = value;
        found = bpf_map_lookup_elem(&shrike_values, &scratch->key);
    }
    if (found) {
        EACH_WORD scratch->by_name.word[word] |=
            (missing->word[word] | found->set.word[word]) & found->keep.word[word];
    } else {
        EACH_WORD scratch->by_name.word[word] |= missing->word[word];
    }
}
static __always_inline void end_values(struct scratch *scratch) {
    narrow(&scratch->left, &scratch->by_name);
}

/* A command name as a value: its sixteen bytes, zeros behind the name. */
static __always_inline u64 command_value(const char *name) {
    const u64 *words = (const u64 *)name;
    return shrike_command_value(&control.hash_key, words[0], words[1]);
}

/* What is known without looking at objects: arguments, user, program. */
__noinline int filter_plain(struct scratch *memory) {
    struct scratch *scratch = as_value(memory);
    if (!scratch) return 0;
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return 0;
    u64 task = scratch->task;
    u32 knows_arguments = !(scratch->record.flags & SHRIKE_FLAG_NO_ARGUMENTS);
    for (u32 index = 0; index < 6; index++) {
        if (!knows_arguments || !matters(scratch, slot, SHRIKE_BY_ARGUMENT + index)) continue;
        begin_values(scratch);
        any_value(
            scratch, slot, SHRIKE_BY_ARGUMENT + index, scratch->record.arguments[index] & slot->argument_mask[index]);
        end_values(scratch);
    }
    if (matters(scratch, slot, SHRIKE_BY_USER)) {
        begin_values(scratch);
        u64 cred = LOAD_ADDRESS(task_struct, task, cred);
        any_value(scratch, slot, SHRIKE_BY_USER, LOAD(cred, cred, euid.val));
        end_values(scratch);
    }
    if (matters(scratch, slot, SHRIKE_BY_COMMAND)) {
        u64 leader = LOAD_ADDRESS(task_struct, task, group_leader);
        char *comm = scratch->record.comm;
        begin_values(scratch);
        bpf_probe_read_kernel(comm, 16, (void *)ADDRESS_OF(task_struct, task, comm));
        any_value(scratch, slot, SHRIKE_BY_COMMAND, command_value(comm));
        if (leader != task) {
            bpf_probe_read_kernel(comm, 16, (void *)ADDRESS_OF(task_struct, leader, comm));
            any_value(scratch, slot, SHRIKE_BY_COMMAND, command_value(comm));
        }
        end_values(scratch);
    }
    return !is_empty(&scratch->left);
}

/* Puts an address into the key as 16 bytes: an IPv4 one as IPv6 maps it. */
static __always_inline void address_key(struct scratch *scratch, const u8 *address, u32 family) {
    u8 *to = scratch->address_key.bytes;
    if (family == AF_INET6) {
        __builtin_memcpy(to, address, 16);
        return;
    }
    __builtin_memset(to, 0, 10);
    to[10] = to[11] = 0xff;
    __builtin_memcpy(to + 12, address, 4);
}

/* Family, port and address: what was passed, and what the socket says. What is not known stops nothing. */
static __always_inline void filter_address(struct scratch *scratch, struct shrike_slot *slot) {
    u32 asked = 0;
    struct shrike_socket *socket = &scratch->socket;
    u32 family = scratch->address_length >= 2 ? *(u16 *)scratch->address : 0, peer = socket->peer_port != 0;
    if (!family && !scratch->file) return;
    if ((family == AF_INET && scratch->address_length >= 8) || (family == AF_INET6 && scratch->address_length >= 24))
        asked = 1;
    u32 is_internet = asked || socket->family == AF_INET || socket->family == AF_INET6;
    if (matters(scratch, slot, SHRIKE_BY_FAMILY)) {
        begin_values(scratch);
        if (family) any_value(scratch, slot, SHRIKE_BY_FAMILY, family);
        if (socket->family || !family) any_value(scratch, slot, SHRIKE_BY_FAMILY, socket->family);
        end_values(scratch);
    }
    if (is_internet && !asked && !peer) return; /* the address could not be read, and none is connected */
    if (matters(scratch, slot, SHRIKE_BY_PORT)) {
        begin_values(scratch);
        if (asked) any_value(scratch, slot, SHRIKE_BY_PORT, __builtin_bswap16(*(u16 *)(scratch->address + 2)));
        if (peer) any_value(scratch, slot, SHRIKE_BY_PORT, socket->peer_port);
        if (!is_internet) scratch->by_name = slot->missing[SHRIKE_BY_PORT];
        end_values(scratch);
    }
    if (matters(scratch, slot, SHRIKE_BY_ADDRESS)) {
        begin_values(scratch);
        if (asked) {
            address_key(scratch, (u8 *)scratch->address + (family == AF_INET ? 4 : 8), family);
            any_value(scratch, slot, SHRIKE_BY_ADDRESS, 0);
        }
        if (peer) {
            address_key(scratch, socket->peer, socket->family);
            any_value(scratch, slot, SHRIKE_BY_ADDRESS, 0);
        }
        if (!is_internet) scratch->by_name = slot->missing[SHRIKE_BY_ADDRESS];
        end_values(scratch);
    }
}

/* What the objects decide: access and addresses. */
__noinline int filter_objects(struct scratch *memory) {
    struct scratch *scratch = as_value(memory);
    if (!scratch) return 0;
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return 0;
    gather_objects(scratch);
    /* What openat2 was asked for can be another thing by now: the opened file tells how it is open. */
    u64 file = scratch->file;
    if (scratch->call.flags & SHRIKE_CALL_OPEN_HOW && !scratch->is_operation && file)
        narrow_by_access(&scratch->left, slot, LOAD(file, file, f_flags));
    if (matters(scratch, slot, SHRIKE_BY_FAMILY) || matters(scratch, slot, SHRIKE_BY_PORT) ||
        matters(scratch, slot, SHRIKE_BY_ADDRESS)) {
        describe_socket(scratch);
        filter_address(scratch, slot);
    }
    return !is_empty(&scratch->left);
}

/* What the names decide, which cost the most. (Inline: calls nest eight deep at most.) */
static __always_inline int filter_names(struct scratch *scratch) {
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return 0;
    if (!(slot->tested & TESTS_NAMES) || meets(&scratch->left, &slot->any_name)) return 1;
    u32 deciding = 0;
    for (u32 dimension = 0; dimension < SHRIKE_NAME_DIMENSIONS; dimension++)
        if (matters(scratch, slot, dimension)) deciding |= 1u << dimension;
    if (!deciding) return 0; /* what is left depends on no name, and none would do */
    if (scratch->is_unproven) return 1;
    scratch->deciding = deciding;
    scratch->by_name = (struct shrike_bits){};
    return !judge_names(scratch) || is_decided(scratch);
}

#endif
