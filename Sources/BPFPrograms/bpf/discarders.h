/* Events that the filter stopped are remembered by all that it looked at, so that the next one like it is known without walking and
 * testing names again. Programs open the same files over and over. */
#ifndef SHRIKE_DISCARDERS_H
#define SHRIKE_DISCARDERS_H
#include "names.h"

#define TESTS_SOCKETS (1u << SHRIKE_BY_FAMILY | 1u << SHRIKE_BY_PORT | 1u << SHRIKE_BY_ADDRESS)
/* Deeper files, those behind more mounts, longer names are not remembered. */
#define CHAIN_STEPS 24
#define TEXT_WORDS 12
/* include/linux/dcache.h: the file system has a hash of its own, to which two names can be one (capitals). */
#define DCACHE_OP_HASH 1

/* One more word of what the filter looks at, in a place that is counted on. (From memory a word is a number; a pointer could not be
 * reckoned with.) Beyond the last place the event is not remembered. */
static __always_inline void look_at_next(struct scratch *scratch, u32 *at, u64 word) {
    *(volatile u64 *)&scratch->looked_at[MASKED(*at, DISCARDER_WORDS - 1)] = word;
    *at += 1;
}
static __always_inline void look_at(struct scratch *scratch, u64 word) {
    u32 at = *(volatile u32 *)&scratch->looked;
    look_at_next(scratch, &at, word);
    *(volatile u32 *)&scratch->looked = at;
}

/* Looks at where a directory entry is, as `walk_step` goes; whether that is known. An entry is its address with its name's hash and
 * length, since memory is used again: a renamed one has another hash, or another parent. */
static __noinline int look_at_chain(struct scratch *scratch, u64 dentry, u64 mount) {
    u64 root = LOAD_ADDRESS(vfsmount, mount, mnt_root);
    u32 at = *(volatile u32 *)&scratch->looked;
    for (u32 step = 0; step < CHAIN_STEPS; step++) {
        if (dentry == root) {
            u64 whole = mount - bpf_core_field_offset(struct mount, mnt);
            u64 parent = LOAD_ADDRESS(mount, whole, mnt_parent);
            look_at_next(scratch, &at, mount);
            if (parent == whole) {
                *(volatile u32 *)&scratch->looked = at;
                return 1;
            }
            dentry = LOAD_ADDRESS(mount, whole, mnt_mountpoint);
            mount = parent + bpf_core_field_offset(struct mount, mnt);
            root = LOAD_ADDRESS(vfsmount, mount, mnt_root);
            continue;
        }
        u64 parent = LOAD_ADDRESS(dentry, dentry, d_parent);
        if (parent == dentry) return 0; /* a pipe, a socket, memory: no path */
        if (LOAD(dentry, dentry, d_flags) & DCACHE_OP_HASH) return 0;
        look_at_next(scratch, &at, dentry);
        look_at_next(scratch, &at, LOAD(dentry, dentry, d_name.hash_len));
        dentry = parent;
    }
    return 0;
}

/* Looks at a name that was asked for, and where it begins if it is relative; false when it can't be. */
static __noinline int look_at_name(struct scratch *scratch, u32 area, s32 length, u32 base) {
    u32 start = AREA(area), end = start + length, at = *(volatile u32 *)&scratch->looked;
    if (area >= AREAS || length < 0 || length > TEXT_WORDS * 8) return 0;
    look_at_next(scratch, &at, length);
    *(volatile u32 *)&scratch->component = end; /* a register's range gets narrower in a loop until 6.1's verifier loses it */
    for (u32 index = 0; index < TEXT_WORDS; index++) {
        if (index * 8 >= length) break;
        look_at_next(scratch, &at, word_before(scratch, start, *(volatile u32 *)&scratch->component, index));
    }
    *(volatile u32 *)&scratch->looked = at;
    if (scratch->names[start] == '/') return 1;
    note_base(scratch, base);
    return scratch->base_dentry && look_at_chain(scratch, scratch->base_dentry, scratch->base_mount);
}

/* Looks at the two words of a task's command name, loaded as those of any structure of two. */
static __always_inline void look_at_command(struct scratch *scratch, u64 task) {
    u64 comm = ADDRESS_OF(task_struct, task, comm);
    look_at(scratch, LOAD_ADDRESS(list_head, comm, next));
    look_at(scratch, LOAD_ADDRESS(list_head, comm, prev));
}

/* Looks at what `filter_address` does: the address that was passed, and what the socket says. */
static __always_inline void look_at_socket(struct scratch *scratch) {
    u64 *address = (u64 *)scratch->address, *peer = (u64 *)scratch->socket.peer;
    gather_objects(scratch);
    describe_socket(scratch);
    u32 length = scratch->address_length, family = length >= 2 ? *(u16 *)scratch->address : 0;
    u32 words = family == AF_INET && length >= 8 ? 1 : family == AF_INET6 && length >= 24 ? 3 : 0;
    look_at(scratch, family | (u64)words << 16 | (u64)scratch->socket.peer_port << 32 | (u64)scratch->socket.family << 48);
    for (u32 index = 0; index < 3; index++)
        if (index < words) look_at(scratch, address[index]);
    for (u32 index = 0; index < 2; index++) look_at(scratch, peer[index]);
}

/* Puts all that the filter looks at into `scratch->looked_at`: so many words; 0: such events are not remembered. */
__noinline int look_at_event(struct scratch *memory) {
    struct scratch *scratch = as_value(memory);
    if (!scratch) return 0;
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return 0;
    u64 task = scratch->task, file = file_in(scratch, scratch->call.object);
    u32 arguments = slot->tested >> SHRIKE_BY_ARGUMENT;
    scratch->looked = 0;
    look_at(scratch, scratch->slot | (u64)(file != 0) << 32);
    for (u32 index = 0; arguments && index < 6; index++, arguments >>= 1)
        if (arguments & 1) look_at(scratch, scratch->record.arguments[index] & slot->argument_mask[index]);
    if (slot->tested >> SHRIKE_BY_USER & 1) {
        u64 cred = LOAD_ADDRESS(task_struct, task, cred);
        look_at(scratch, LOAD(cred, cred, euid.val));
    }
    if (slot->tested >> SHRIKE_BY_COMMAND & 1) {
        u64 leader = LOAD_ADDRESS(task_struct, task, group_leader);
        look_at_command(scratch, task);
        if (leader != task) look_at_command(scratch, leader);
    }
    if (slot->tested & TESTS_SOCKETS) look_at_socket(scratch);
    if (!(slot->tested & TESTS_NAMES) && !(scratch->call.flags & SHRIKE_CALL_OPEN_HOW)) return scratch->looked;
    if (scratch->call.path >= 6) return 0; /* a name of an open file alone */
    u64 fs = LOAD_ADDRESS(task_struct, task, fs);
    look_at(scratch, LOAD_ADDRESS(fs_struct, fs, root.dentry));
    look_at(scratch, LOAD_ADDRESS(fs_struct, fs, root.mnt));
    gather_names(scratch);
    if (!look_at_name(scratch, AREA_ASKED, scratch->asked, scratch->call.base)) return 0;
    if (scratch->call.path2 < 6 && !look_at_name(scratch, AREA_ASKED2, scratch->asked2, scratch->call.base2)) return 0;
    if (file) {
        u64 inode = LOAD_ADDRESS(file, file, f_inode);
        look_at(scratch, LOAD(file, file, f_flags));
        look_at(scratch, shrike_file_value(LOAD(inode, inode, i_ino), device_of(inode)));
        if (!look_at_chain(scratch, LOAD_ADDRESS(file, file, f_path.dentry), LOAD_ADDRESS(file, file, f_path.mnt)))
            return 0;
    }
    return *(volatile u32 *)&scratch->looked < DISCARDER_WORDS ? scratch->looked : 0;
}

/* `count` with a bound that the verifier knows, too. */
#define BOUNDED(count) MASKED(count, DISCARDER_WORDS - 1)

/* Where an event is remembered. */
static __always_inline struct discarder *discarder_of(struct scratch *scratch, u32 count) {
    u64 sum = 0;
    u32 words = BOUNDED(count);
    for (u32 at = 0; at < words; at++) sum += scratch->looked_at[at];
    u32 index = sum * 0x9e3779b97f4a7c15ull >> 32 & (DISCARDERS - 1);
    return bpf_map_lookup_elem(&shrike_discarders, &index);
}

/* Whether an event like this one, with these alternatives, was stopped by the filter that there is now. */
static __noinline int is_discarded(struct scratch *scratch, struct discarder *known, u32 count) {
    u64 before = *(volatile u64 *)&known->sequence, more = 0;
    u32 bound = BOUNDED(count);
    volatile u64 *words = (volatile u64 *)((char *)known + valid_after(before));
    if (before & 1 || words[DISCARDER_COUNT] != count) return 0;
    EACH_WORD more |= scratch->left.word[word] & ~words[DISCARDER_LEFT + word];
    for (u32 at = 0; at < bound; at++) more |= words[DISCARDER_LOOKED_AT + at] ^ scratch->looked_at[at];
    more |= words[DISCARDER_EPOCH] ^ *(volatile u64 *)&control.filter_epoch;
    return !more && *(volatile u64 *)((char *)known + valid_after(more)) == before;
}

/* Remembers that an event was stopped. `epoch` is that of before it was filtered. */
static __noinline int discard(
    struct scratch *scratch, struct discarder *known, u32 count, u64 epoch, const struct shrike_bits *left) {
    u64 before = *(volatile u64 *)&known->sequence, more = known->epoch ^ epoch;
    u32 words = BOUNDED(count);
    if (before & 1 || __sync_val_compare_and_swap(&known->sequence, before, before + 1) != before) return 0;
    for (u32 at = 0; at < words; at++) {
        more |= known->looked_at[at] ^ scratch->looked_at[at];
        known->looked_at[at] = scratch->looked_at[at];
    }
    u32 is_same = !more && known->count == count;
    EACH_WORD known->left.word[word] = (is_same ? known->left.word[word] : 0) | left->word[word];
    known->count = count;
    known->epoch = epoch;
    __sync_lock_test_and_set(&known->sequence, before + 2);
    return 0;
}

#endif
