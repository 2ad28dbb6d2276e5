#ifndef SHRIKE_BPF_MAPS_H
#define SHRIKE_BPF_MAPS_H

// Layout of the maps through which user space tells the BPF programs what is wanted. All maps have their size at load; user
// space changes entries in place. The order of a change: slots and values that nothing refers to yet, then `shrike_call.slot`
// (one aligned store each), then what the former calls referred to is removed.

#include "bpf_records.h"

/// Numbers of system calls that the table has room for, by ABI.
#define SHRIKE_CALLS 1024
/// Tables of calls, in this order: own ABI (x32 numbers without their bit), 32-bit ABI (i386, arm), the calls of socketcall(2)
/// (linux/net.h), the operations of io_uring (linux/io_uring.h). A call is at `table * SHRIKE_CALLS + number`.
#define SHRIKE_TABLES 4
enum shrike_table { SHRIKE_OWN = 0, SHRIKE_COMPAT = 1, SHRIKE_SOCKETCALLS = 2, SHRIKE_OPERATIONS = 3 };
/// Filter slots. Slot 0 is nobody's.
#define SHRIKE_SLOTS 512
/// Words of 64 alternatives in a slot, and in a process' bit set.
#define SHRIKE_SLOT_WORDS 4
#define SHRIKE_PROCESS_WORDS 64
/// Bytes of a prefix that can be tested.
#define SHRIKE_PREFIX_MAX 252

/// "No register".
#define SHRIKE_NONE 0xff
/// The call's result, where a register is named.
#define SHRIKE_RESULT 6

/// Bits of `shrike_call.flags`.
enum shrike_call_flag {
    /// Can change what was evaluated for the process alone (set*id, capset, prctl, setns, ...): all its bits count again.
    SHRIKE_CALL_CHANGES_PROCESS = 1,
    /// Its success is told otherwise (execve).
    SHRIKE_CALL_ONLY_FAILURE = 2,
    /// `block` is a `struct open_how` and holds the open flags.
    SHRIKE_CALL_OPEN_HOW = 4,
    /// `address_length` is a register that points to the length (accept).
    SHRIKE_CALL_LENGTH_POINTED = 8,
    /// `address` is that of a `struct msghdr`, which holds the address.
    SHRIKE_CALL_MESSAGE = 16,
    /// `block` points to two descriptors, the first is `object` (pipe, socketpair).
    SHRIKE_CALL_PAIR = 32,
    /// socketcall(2): the real call is in the table SHRIKE_SOCKETCALLS.
    SHRIKE_CALL_SOCKETCALL = 64,
    /// The record has the current directory even if no path is relative.
    SHRIKE_CALL_CWD = 128,
};

/// How one system call is read, and whose filter it meets. Registers are 0 to 5, SHRIKE_RESULT or SHRIKE_NONE.
struct shrike_call {
    /// The filter slot; 0: not wanted.
    shrike_u16 slot;
    /// What `shrike_record.type` shall be.
    shrike_u16 type;
    /// `enum shrike_call_flag`.
    shrike_u16 flags;
    /// The register with the descriptor whose file is described.
    shrike_u8 object;
    /// Registers with paths.
    shrike_u8 path, path2;
    /// Registers with the descriptors of the directories that these are relative to; SHRIKE_NONE: the current directory.
    shrike_u8 base, base2;
    /// The register with a text that is no path.
    shrike_u8 text;
    /// Registers with a `struct sockaddr` and its length.
    shrike_u8 address, address_length;
    /// A register that points to a structure, and how many of its bytes are copied (at most 128).
    shrike_u8 block, block_length;
    /// The register with open flags; SHRIKE_NONE: not an open.
    shrike_u8 open_flags;
    shrike_u8 reserved[7];
};

/// What a filter looks up. One look-up each, however many alternatives there are.
enum shrike_dimension {
    /// Any of the event's names, whole; its last component; its last bytes (`shrike_slot.suffix_length`); its beginning.
    SHRIKE_BY_NAME = 0,
    SHRIKE_BY_LAST_COMPONENT = 1,
    SHRIKE_BY_SUFFIX = 2,
    SHRIKE_BY_PREFIX = 3,
    /// Four bytes anywhere in a name, the final zero included.
    SHRIKE_BY_FOUR_BYTES = 4,
    /// Inode and device of the object.
    SHRIKE_BY_FILE = 5,
    /// The command name of the thread or of its leader: `shrike_command_value`.
    SHRIKE_BY_COMMAND = 6,
    /// Effective user id.
    SHRIKE_BY_USER = 7,
    /// Address family; port and address that a connect asked for, and the peer's.
    SHRIKE_BY_FAMILY = 8,
    SHRIKE_BY_PORT = 9,
    SHRIKE_BY_ADDRESS = 10,
    /// An argument's bits under `shrike_slot.argument_mask`: dimensions 11 to 16.
    SHRIKE_BY_ARGUMENT = 11,
    SHRIKE_DIMENSIONS = 17,
    /// Those before are looked up for each name.
    SHRIKE_NAME_DIMENSIONS = 6,
};

/// A bit of `shrike_slot.tested` beside those of the dimensions: the name as it was passed is one of the event's names, too, with
/// repeated slashes made one and nothing else changed.
#define SHRIKE_TESTS_RAW (1u << 31)

/// Alternatives, a bit each.
struct shrike_bits {
    shrike_u64 word[SHRIKE_SLOT_WORDS];
};

/// What a found value does to the bits of its dimension: `(bits | set) & keep`. For a name all look-ups together make
/// `(name_default | every set) & every keep`, and an event has the bits of any of its names.
struct shrike_verdict {
    struct shrike_bits set, keep;
};

/// The filter of one event type.
struct shrike_slot {
    /// Where the slot's words are in a process' bit set, and how many; 0: none.
    shrike_u32 process_word, process_words;
    /// Which dimensions are tested, a bit each.
    shrike_u32 tested;
    /// For SHRIKE_BY_SUFFIX: how many bytes, 1 to 8.
    shrike_u32 suffix_length;
    /// The alternatives there are; an event that ends with none is not told.
    struct shrike_bits possible;
    /// Those that a successful and a failed call can match.
    struct shrike_bits success, failure;
    /// Those that an open for reading, one for writing and one for both can match.
    struct shrike_bits reading, writing, both;
    /// Those that a name can match for which no look-up finds anything.
    struct shrike_bits name_default;
    /// Those of them that no look-up takes away: any name can match them.
    struct shrike_bits any_name;
    /// By dimension: those for which a look-up matters. Of names, those that a found row can add or take away; else, those that
    /// some value takes away.
    struct shrike_bits cares[SHRIKE_DIMENSIONS];
    /// For SHRIKE_BY_NAME and SHRIKE_BY_LAST_COMPONENT: the lengths of the rows' texts, modulo 64, a bit each.
    shrike_u64 lengths[2];
    /// Bits for values that the table does not have, by dimension; those of names are in `name_default`.
    struct shrike_bits missing[SHRIKE_DIMENSIONS];
    shrike_u64 argument_mask[6];
};

/// Key of the table of values (hash map `shrike_values`, value `struct shrike_verdict`).
struct shrike_value_key {
    shrike_u16 slot;
    /// `enum shrike_dimension`.
    shrike_u16 dimension;
    shrike_u32 reserved;
    /// `shrike_hash` of a text, or the number: uid, family, port; four bytes as a little-endian number; `shrike_file_value`.
    shrike_u64 value;
};

/// Key of the prefixes (LPM trie `shrike_prefixes`): `bits` counts from `slot` on. The value of a longer prefix includes that of
/// a shorter one. Addresses are in it too: their dimension is SHRIKE_BY_ADDRESS and they have 16 bytes, IPv4 mapped into IPv6.
struct shrike_prefix_key {
    shrike_u32 bits;
    shrike_u16 slot;
    shrike_u16 dimension;
    shrike_u8 bytes[SHRIKE_PREFIX_MAX];
};

/// Bits of a process (task storage `shrike_processes`). They count while `valid_for == generation` and that is greater than
/// `shrike_control.forgotten`.
struct shrike_process_bits {
    /// Set by the kernel alone: another number after each change of the process.
    shrike_u64 generation;
    /// Set by user space: the generation that `words` were evaluated for.
    shrike_u64 valid_for;
    shrike_u64 words[SHRIKE_PROCESS_WORDS];
};

/// Argument of the program `shrike_command`, which user space runs (BPF_PROG_RUN). The program returns 0 or a negative error
/// number: ESRCH no such process, EAGAIN it has changed since that generation.
struct shrike_command {
    /// 0: begin (sets `generation`), 1: set `words` for that generation.
    shrike_u32 what;
    shrike_s32 pid;
    shrike_u64 generation;
    shrike_u64 words[SHRIKE_PROCESS_WORDS];
};

/// The table of four-byte needles is asked only for those whose bit is set here (`shrike_hint`).
#define SHRIKE_HINT_BITS 4096

/// Most sets of calls that there can be.
#define SHRIKE_CALL_SETS_MAX 8192
/// Sets after its own place in which a control group's may be.
#define SHRIKE_CALL_SET_PROBES 16
/// ABIs of a set, in this order: own without x32, 32 bits, x32 (numbers without their bit).
#define SHRIKE_ABIS 3
enum shrike_abi { SHRIKE_ABI_OWN = 0, SHRIKE_ABI_COMPAT = 1, SHRIKE_ABI_X32 = 2 };
/// Words of an ABI's calls.
#define SHRIKE_CALL_WORDS (SHRIKE_CALLS / 64)
/// `shrike_call_set.group` of a set that is being given up: it is no group's, and not free yet.
#define SHRIKE_SET_LEAVING 1

/// Which calls the processes of a control group have made, and which capabilities these took (array map `shrike_call_sets`, mapped by
/// user space). A group's set is at its hash or one of the places after it. Bits are set by the kernel alone and taken by user space
/// when it frees a set. In the first 64 bytes is what nearly all calls look at.
struct shrike_call_set {
    /// Whose it is, as in `shrike_groups`; 0: free, SHRIKE_SET_LEAVING. 1 is no key: it is the root group's id.
    shrike_u64 group;
    /// Set by user space to see whether the group still makes calls: the next one clears it.
    shrike_u32 resting;
    /// The set's own number, set by user space at the start.
    shrike_u32 index;
    /// A bit for each number, ABI after ABI. The last number stands for all that no table has.
    shrike_u64 calls[SHRIKE_ABIS * SHRIKE_CALL_WORDS];
    /// Capabilities that were asked for, a bit each, and those of them that a process had.
    shrike_u64 asked, granted;
    /// The process that added something last, and the control group that it was in itself.
    shrike_s32 member;
    /// Programs that are adding something. Who adds counts itself here first, and looks then whether the set is still its group's:
    /// so a set that is being given up, and has none here, is written by nobody any more.
    shrike_u32 writers;
    shrike_u64 member_group;
    shrike_u32 reserved[4];
};

/// Places for control groups that each set has (array map `shrike_set_places`). More groups than sets can have one: those that were
/// made within a group share its set.
#define SHRIKE_PLACES_PER_SET 8
/// Places after its own one in which a control group's may be.
#define SHRIKE_PLACE_PROBES 4
/// `shrike_set_place.set` of a group that there is no room for.
#define SHRIKE_NO_SET 0xffffffffu

/// Where the set of a control group is (array map `shrike_set_places`, mapped by user space), so that a call looks at two places and
/// no more, whether there is a set or not. Set by the kernel, freed by user space.
struct shrike_set_place {
    /// The group itself, not the one whose share it has; 0: free, SHRIKE_SET_LEAVING.
    shrike_u64 group;
    /// Whose set it is: `shrike_call_set.group`.
    shrike_u64 key;
    /// The number of the set and 1; 0: not known; SHRIKE_NO_SET: there was no room, as long as `epoch` is that of `shrike_control`.
    shrike_u32 set;
    shrike_u32 epoch;
    /// Calls that were not noted, since there was no set.
    shrike_u32 without;
    /// As of a set.
    shrike_u32 writers;
};

/// The secret that texts are hashed with, another one with each load.
struct shrike_hash_key {
    shrike_u64 first, second;
};

/// Events that did not come.
struct shrike_missing {
    /// Held back since the control group sent too much.
    shrike_u64 held;
    /// Lost: the ring was full; the processors' buffers were in use.
    shrike_u64 lost_full, lost_busy;
};

/// A record of so many bytes takes one event of a control group's share; a longer one takes one for each half of that.
#define SHRIKE_EVENT_BYTES 1024

/// What both sides share all the time (the variable `control`, all of .bss, mapped by user space).
struct shrike_control {
    /// 1: the reader sleeps; the next record wakes it.
    shrike_u32 sleeping;
    /// Not 0: environments are wanted with exec.
    shrike_u32 environment;
    /// 0: nothing is told (not armed yet).
    shrike_u32 armed;
    /// How many buffers processors have of their own, and how many they share (array map `shrike_scratch`).
    shrike_u32 processors, spares;
    shrike_u32 reserved;
    /// Events a second that one control group may send, and how many at once; 0: any number. Process records are never held back.
    shrike_u64 rate, burst;
    /// The process that is not told of: the sensor itself, by its tgid; 0: none.
    shrike_s32 ignored;
    /// What children of this process do passes every filter; 0: nobody. For canaries.
    shrike_s32 canary_parent;
    /// How many sets of calls there are: a power of two; 0: what control groups call is not noted.
    shrike_u32 call_sets;
    /// Not 0: this kernel has no sched_prepare_exec, and a successful exec is noted as execve, whichever call it was.
    shrike_u32 notes_exec_late;
    /// How many events did not come, by cause, up to what user space has told of.
    struct shrike_missing told;
    struct shrike_hash_key hash_key;
    /// The last generation that a process was given.
    shrike_u64 generation;
    /// What was evaluated for generations up to this one counts no more: the filter is another.
    shrike_u64 forgotten;
    /// Raised by user space after each change of calls, slots, values and prefixes: what was stopped before is tested again.
    shrike_u64 filter_epoch;
    /// Operations of io_uring that were wanted at any time: what is kept of them is to be forgotten with their end.
    shrike_u64 kept_operations[SHRIKE_CALLS / 64];
    /// Calls that are wanted or change the process, a bit each, by table; that of socketcall(2) itself, too.
    shrike_u64 wanted[SHRIKE_TABLES][SHRIKE_CALLS / 64];
    shrike_u64 four_bytes_hint[SHRIKE_HINT_BITS / 64];
    /// Where the kernel asks whether memory may be overcommitted: the return address in security_vm_enough_memory_mm (what that calls
    /// leaves none of its own); 0: not known. The thread that reserves memory so that it is found; 0: none.
    shrike_u64 memory_check;
    shrike_s32 memory_asker;
    /// Raised by user space when it has freed sets: who was refused one looks again.
    shrike_u32 set_epoch;
    /// Places for groups that were taken, and searches for a set, each of which takes some dozen look-ups.
    shrike_u64 places_taken, set_searches;
    /// Calls that were not noted, since there was no set for their control group.
    shrike_u64 calls_without_set;
    /// Sets to which something was added since user space last looked, a bit each.
    shrike_u64 changed_sets[SHRIKE_CALL_SETS_MAX / 64];
};

/// Counts of one CPU (array map `shrike_counters`, an entry for each CPU). Only that CPU writes it.
struct shrike_counters {
    /// Put into the ring.
    shrike_u64 delivered;
    struct shrike_missing missing;
    /// Operations of io_uring that were told when they were submitted, as there was no room to keep their names.
    shrike_u64 told_early;
    /// Opens through io_uring that were told when they were submitted, as nothing tells their end: which files they opened isn't known.
    shrike_u64 told_unproven;
    /// Programs of which only the beginning of the arguments was told, and no environment, as the control group sent too much.
    shrike_u64 told_short;
    /// Control groups made from within another one that there was no room to note, and that have shares of their own.
    shrike_u64 groups_apart;
};

/// What became of a control group's events (LRU hash `shrike_groups`, key: `shrike_record.cgroup`, or, where control groups
/// of version 2 don't tell processes apart, 1 << 63 | mount namespace << 32 | pid namespace).
struct shrike_group {
    /// Thousandths of an event that it may send now (fewer than none after long records), and when that was counted
    /// (CLOCK_MONOTONIC).
    shrike_s64 tokens;
    shrike_u64 at;
    shrike_u64 held, lost;
};

/// The hint of four bytes: a bit of `shrike_control.four_bytes_hint`.
static inline shrike_u32 shrike_hint(shrike_u32 bytes) {
    return bytes * 0x9e3779b1u >> 20;
}

/// A whole number that stands for a file in the table of values.
static inline shrike_u64 shrike_file_value(shrike_u64 inode, shrike_u32 device) {
    return inode * 0x9e3779b97f4a7c15ull ^ (shrike_u64)device * 0xc2b2ae3d27d4eb4full;
}

/// The state of `shrike_hash`: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) over words of eight bytes.
/// Rows deny by hash, so nobody who chooses names may be able to find two with the same one: hence the key.
struct shrike_hash_state {
    shrike_u64 a, b, c, d;
};

static inline shrike_u64 shrike_rotate(shrike_u64 word, shrike_u32 bits) {
    return word << bits | word >> (64 - bits);
}

static inline void shrike_hash_round(struct shrike_hash_state *state) {
    state->a += state->b;
    state->c += state->d;
    state->b = shrike_rotate(state->b, 13) ^ state->a;
    state->d = shrike_rotate(state->d, 16) ^ state->c;
    state->a = shrike_rotate(state->a, 32) + state->d;
    state->c += state->b;
    state->d = shrike_rotate(state->d, 21) ^ state->a;
    state->b = shrike_rotate(state->b, 17) ^ state->c;
    state->c = shrike_rotate(state->c, 32);
}

static inline void shrike_hash_begin(struct shrike_hash_state *state, const struct shrike_hash_key *key) {
    state->a = key->first ^ 0x736f6d6570736575ull;
    state->b = key->second ^ 0x646f72616e646f6dull;
    state->c = key->first ^ 0x6c7967656e657261ull;
    state->d = key->second ^ 0x7465646279746573ull;
}

/// One step: the next eight bytes, the first the least.
static inline void shrike_hash_step(struct shrike_hash_state *state, shrike_u64 word) {
    state->d ^= word;
    shrike_hash_round(state);
    state->a ^= word;
}

/// The last step, with the number of bytes.
static inline shrike_u64 shrike_hash_end(struct shrike_hash_state *state, shrike_u32 count) {
    shrike_hash_step(state, count);
    state->c ^= 0xff;
    shrike_hash_round(state);
    shrike_hash_round(state);
    shrike_hash_round(state);
    return state->a ^ state->b ^ state->c ^ state->d;
}

/// A command name in the table of values: its 16 bytes as two little-endian numbers, zeros behind the name.
static inline shrike_u64 shrike_command_value(const struct shrike_hash_key *key, shrike_u64 first, shrike_u64 second) {
    struct shrike_hash_state state;
    shrike_hash_begin(&state, key);
    shrike_hash_step(&state, first);
    shrike_hash_step(&state, second);
    return shrike_hash_end(&state, 16);
}

#ifndef __bpf__
/// The hash of a text in the table of values: from its end, eight bytes at a time, the first ones filled up with zeros below.
static inline shrike_u64 shrike_hash(const struct shrike_hash_key *key, const unsigned char *bytes, shrike_u32 count) {
    struct shrike_hash_state state;
    shrike_hash_begin(&state, key);
    shrike_u32 left = count;
    while (left > 0) {
        shrike_u64 word = 0;
        for (shrike_u32 index = 0; index < 8 && index < left; index++)
            word |= (shrike_u64)bytes[left - 1 - index] << (56 - 8 * index);
        shrike_hash_step(&state, word);
        left = left < 8 ? 0 : left - 8;
    }
    return shrike_hash_end(&state, count);
}
#endif

#endif
