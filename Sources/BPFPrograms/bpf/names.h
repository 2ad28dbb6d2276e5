/* Testing the names of an event: the real one, and the asked one where it says something else. */
#ifndef SHRIKE_NAMES_H
#define SHRIKE_NAMES_H
#include "bits.h"
#include "gather.h"
#include "texts.h"

static long slash_step(u32 index, struct name_loop *loop) {
    u32 at = loop->end - 1 - index;
    if (at > NAMES_END || loop->scratch->names[at] == '/') return 1;
    loop->scratch->component = at;
    return 0;
}

static __always_inline void take_verdict(struct scratch *scratch, struct shrike_verdict *found) {
    if (!found) return;
    for (u32 word = 0; word < SHRIKE_SLOT_WORDS; word++) {
        scratch->name.set.word[word] |= found->set.word[word];
        scratch->name.keep.word[word] &= found->keep.word[word];
    }
}

/* Four bytes of twelve, from the `place`th on, 0 to 7. */
static __always_inline u32 window_of(u64 low, u32 high, u32 place) {
    return place ? low >> place * 8 | (u64)high << (64 - place * 8) : low;
}

/* The windows that begin in the next eight bytes. Few of them are in the table, and the hint knows most of the others. */
static long four_bytes_step(u32 index, struct name_loop *loop) {
    struct scratch *scratch = loop->scratch;
    u32 at = loop->start + index * 8, last = loop->end - 3, hits = 0; /* the last one ends with the final zero */
    barrier_var(at);
    if (at > NAMES_END || last > NAMES_END || at > last) return 1;
    u64 low = *(u64 *)&scratch->names[at];
    u32 high = *(u32 *)&scratch->names[at + 8], count = last - at + 1;
#pragma clang loop unroll(full)
    for (u32 place = 0; place < 8; place++) {
        u32 hint = shrike_hint(window_of(low, high, place));
        hits |= (control.four_bytes_hint[hint >> 6 & (SHRIKE_HINT_BITS / 64 - 1)] >> (hint & 63) & 1) << place;
    }
    for (u32 place = 0; hits && place < 8; place++, hits >>= 1) {
        if (!(hits & 1) || place >= count) continue;
        scratch->key.value = window_of(low, high, place);
        take_verdict(scratch, bpf_map_lookup_elem(&shrike_values, &scratch->key));
    }
    return 0;
}

static __always_inline void begin_name(struct scratch *scratch, struct shrike_slot *slot) {
    scratch->name.set = slot->name_default;
    __builtin_memset(&scratch->name.keep, 0xff, sizeof scratch->name.keep);
}
static __always_inline void end_name(struct scratch *scratch) {
    for (u32 word = 0; word < SHRIKE_SLOT_WORDS; word++)
        scratch->by_name.word[word] |= scratch->name.set.word[word] & scratch->name.keep.word[word];
}

static __always_inline void look_up_name(struct scratch *scratch, u32 dimension, u64 value) {
    scratch->key.slot = scratch->slot;
    scratch->key.dimension = dimension;
    scratch->key.reserved = 0;
    scratch->key.value = value;
    take_verdict(scratch, bpf_map_lookup_elem(&shrike_values, &scratch->key));
}

/* Looks a prefix up. The key's head is put before the name, and what was there put back. */
static __always_inline void look_up_prefix(struct scratch *scratch, u32 start, u32 end) {
    barrier_var(start);
    if (start < 8 || start > NAMES_END) return;
    u32 count = end - start;
    if (count > SHRIKE_PREFIX_MAX) count = SHRIKE_PREFIX_MAX;
    char *at = &scratch->names[start - 8];
    u64 before = *(u64 *)at;
    *(u32 *)at = (4 + count) * 8;
    *(u16 *)(at + 4) = scratch->slot;
    *(u16 *)(at + 6) = SHRIKE_BY_PREFIX;
    take_verdict(scratch, bpf_map_lookup_elem(&shrike_prefixes, at));
    *(u64 *)at = before;
}

/* Whether the names so far decide that the event passes: only what they add to it is left to be found out. */
static __always_inline int is_decided(struct scratch *scratch) {
    return meets(&scratch->by_name, &scratch->left);
}

static __always_inline int has_length(const struct shrike_slot *slot, u32 dimension, u32 count) {
    return slot->lengths[dimension] >> (count & 63) & 1;
}

/* Adds the bits of one name to `by_name`. Its last component begins at `component`; 0: it is to be looked for. */
__noinline int judge_name(struct scratch *memory, u32 start, u32 end, u32 component) {
    struct scratch *scratch = as_value(memory);
    if (!scratch) return 0;
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot || end < 8 || end > NAMES_END || start > end) return 0;
    u32 tested = scratch->deciding;
    struct name_loop loop = {scratch, start, end, 0};
    begin_name(scratch, slot);
    if (tested >> SHRIKE_BY_NAME & 1 && has_length(slot, SHRIKE_BY_NAME, end - start))
        look_up_name(scratch, SHRIKE_BY_NAME, hash_name(scratch, start, end));
    if (tested >> SHRIKE_BY_PREFIX & 1) look_up_prefix(scratch, start, end);
    if (tested >> SHRIKE_BY_LAST_COMPONENT & 1) {
        if (component < start || component > end) {
            scratch->component = end;
            bpf_loop((end - start) & (2 * SHRIKE_PATH_MAX - 1), slash_step, &loop, 0);
            component = scratch->component;
        }
        if (has_length(slot, SHRIKE_BY_LAST_COMPONENT, end - component))
            look_up_name(scratch, SHRIKE_BY_LAST_COMPONENT, hash_name(scratch, component, end));
    }
    if (tested >> SHRIKE_BY_SUFFIX & 1) {
        u32 shift = (8 - slot->suffix_length) * 8 & 63;
        look_up_name(scratch, SHRIKE_BY_SUFFIX, word_before(scratch, start, end, 0) >> shift);
    }
    if (tested >> SHRIKE_BY_FOUR_BYTES & 1) {
        scratch->key.slot = scratch->slot;
        scratch->key.dimension = SHRIKE_BY_FOUR_BYTES;
        scratch->key.reserved = 0;
        bpf_loop((end - start + 8) / 8 & (2 * SHRIKE_PATH_MAX - 1), four_bytes_step, &loop, 0);
    }
    end_name(scratch);
    return 0;
}

/* One byte of a name on its way into AREA_NORMAL, without `.`, `..` and empty components. */
static long normal_step(u32 index, struct name_loop *loop) {
    struct scratch *scratch = loop->scratch;
    u32 from = loop->start + index, to = MASKED(scratch->at, SHRIKE_PATH_MAX - 1);
    if (from > NAMES_END) return 1;
    char byte = from >= loop->end ? '/' : scratch->names[from];
    if (byte != '/') {
        scratch->names[AREA(AREA_NORMAL) + to] = byte;
        scratch->at = to + 1;
        return 0;
    }
    u32 begin = MASKED(scratch->component, SHRIKE_PATH_MAX - 1), count = to - begin;
    char *component = &scratch->names[AREA(AREA_NORMAL) + begin];
    if (count == 0) {
        scratch->at = begin;
        return 0;
    }
    if (loop->other_end) { /* as passed, but for repeated slashes */
        scratch->names[AREA(AREA_NORMAL) + to] = '/';
        scratch->at = scratch->component = to + 1;
        return 0;
    }
    if (count == 1 && component[0] == '.') {
        scratch->at = begin;
        return 0;
    }
    u32 depth = scratch->depth & 255;
    if (count == 2 && component[0] == '.' && component[1] == '.') {
        if (depth > 0) {
            depth--;
            begin = scratch->components[MASKED(depth, 255)];
        }
        scratch->depth = depth;
        scratch->at = scratch->component = begin;
        return 0;
    }
    if (depth >= 255) {
        scratch->last = 0;
        return 1;
    }
    scratch->components[MASKED(depth, 255)] = begin;
    scratch->depth = depth + 1;
    scratch->names[AREA(AREA_NORMAL) + to] = '/';
    scratch->at = scratch->component = to + 1;
    return 0;
}

/* Judges a name that may have `.` and `..` components. How many bytes the normal one has; 0 when it is too long or too deep to be
 * made normal. */
__noinline int judge_asked(struct scratch *scratch, u32 start, u32 end) {
    if (!scratch || start > end) return 0;
    u32 count = end - start;
    if (count > SHRIKE_PATH_MAX - 64) return 0;
    struct name_loop loop = {scratch, start, end, 0};
    char *normal = &scratch->names[AREA(AREA_NORMAL)];
    normal[AREA_MARGIN] = '/';
    scratch->at = scratch->component = AREA_MARGIN + 1;
    scratch->depth = 0;
    scratch->last = 1;
    bpf_loop(count + 1, normal_step, &loop, 0);
    u32 at = MASKED(scratch->at, SHRIKE_PATH_MAX - 1);
    if (!scratch->last) return 0;
    if (at > AREA_MARGIN + 1) at--; /* the slash behind the last component */
    normal[MASKED(at, SHRIKE_PATH_MAX - 1)] = 0;
    judge_name(scratch, AREA(AREA_NORMAL) + AREA_MARGIN, AREA(AREA_NORMAL) + at, 0);
    return at - AREA_MARGIN;
}

/* Judges a name as it was passed. */
__noinline int judge_raw(struct scratch *scratch, u32 start, u32 end) {
    if (!scratch || start > end || start > NAMES_END) return 0;
    u32 count = end - start;
    if (count > SHRIKE_PATH_MAX - 64) return 0;
    struct name_loop loop = {scratch, start, end, 1};
    char *normal = &scratch->names[AREA(AREA_NORMAL)];
    u32 absolute = scratch->names[start] == '/';
    normal[AREA_MARGIN] = '/';
    scratch->at = scratch->component = AREA_MARGIN + (absolute ? 1 : 0);
    bpf_loop(count, normal_step, &loop, 0);
    u32 at = MASKED(scratch->at, SHRIKE_PATH_MAX - 1);
    normal[at] = 0;
    judge_name(scratch, AREA(AREA_NORMAL) + AREA_MARGIN, AREA(AREA_NORMAL) + at, 0);
    return 1;
}

/* Judges an asked name: `real` is the walk of the object that it led to, if any. False when it can't be tested. */
static __always_inline int judge_path(
    struct scratch *scratch, u32 base_area, s32 asked, u32 flags, struct walked *real, u32 raw) {
    u32 start = (base_area + 1) * SHRIKE_PATH_MAX;
    if (asked < 0 || asked >= SHRIKE_PATH_MAX || (flags & SHRIKE_PART_CUT)) return 0;
    u32 end = start + asked, real_end = AREA(AREA_REAL) + SHRIKE_PATH_MAX - 1;
    if (start > NAMES_END || end > NAMES_END) return 0;
    u32 absolute = scratch->names[start] == '/';
    if (real->offset && asked > 0) { /* the usual: what was asked for is what was opened */
        u32 from = absolute ? (real->root ? real->root : real->offset) : real->base;
        if (!absolute && from) from++;
        if (from && real_end - from == (u32)asked && is_equal(scratch, start, end, real_end)) {
            if (!absolute && raw) judge_name(scratch, start, end, 0);
            return 1;
        }
    }
    if (absolute) {
        s32 count = judge_asked(scratch, start, end);
        if (!count || !raw || is_decided(scratch)) return count != 0;
        return count == asked ? 1 : judge_raw(scratch, start, end); /* as long as before: nothing was changed */
    }
    if (raw && !judge_raw(scratch, start, end)) return 0;
    if (!scratch->base_dentry) return 0; /* the directory was closed meanwhile */
    struct walked base = {};
    walk_path(scratch, scratch->base_dentry, scratch->base_mount, base_area, &base);
    if (base.flags & SHRIKE_PART_CUT) return 0;
    scratch->names[start - 1] = '/';
    int tested = judge_asked(scratch, base.offset, end);
    if (tested && base.root > base.offset) tested = judge_asked(scratch, base.root, end);
    scratch->names[start - 1] = 0;
    return tested;
}

/* A file that rules name, under whatever name: adds what they say of that one. Any other file has its own names alone. */
static __always_inline void judge_file(struct scratch *scratch, struct shrike_slot *slot, u64 file) {
    u64 inode = LOAD_ADDRESS(file, file, f_inode);
    scratch->key.slot = scratch->slot;
    scratch->key.dimension = SHRIKE_BY_FILE;
    scratch->key.reserved = 0;
    scratch->key.value = shrike_file_value(LOAD(inode, inode, i_ino), device_of(inode));
    struct shrike_verdict *found = bpf_map_lookup_elem(&shrike_values, &scratch->key);
    if (!found) return;
    begin_name(scratch, slot);
    take_verdict(scratch, found);
    end_name(scratch);
}

/* Judges the names of the event until they decide. False when one can't be tested: then the event passes. */
__noinline int judge_names(struct scratch *memory) {
    struct scratch *scratch = as_value(memory);
    if (!scratch) return 0;
    struct shrike_slot *slot = slot_of(scratch);
    if (!slot) return 0;
    struct walked *real = &scratch->real;
    u32 names = 0, raw = slot->tested & SHRIKE_TESTS_RAW;
    u64 file = scratch->file;
    if (file) {
        note_base(scratch, scratch->call.base);
        walk_file(scratch, file, AREA_REAL, real);
        if (real->flags & SHRIKE_PART_CUT) return 0;
        u32 nameless = real->flags & SHRIKE_PART_NAMELESS;
        if (nameless) describe_file(scratch, file);
        if (nameless && !(scratch->described.flags & SHRIKE_FILE_MEMORY)) {
            /* A pipe, a socket: what rules call its name is not known here. */
            if (scratch->call.path == SHRIKE_NONE) return 0;
        } else {
            u32 end = AREA(AREA_REAL) + SHRIKE_PATH_MAX - 1;
            judge_name(scratch, real->offset, end, real->component);
            if (real->root > real->offset) judge_name(scratch, real->root, end, real->component);
            if (scratch->deciding >> SHRIKE_BY_FILE & 1) judge_file(scratch, slot, file);
            if (is_decided(scratch)) return 1;
            names++;
        }
    }
    gather_names(scratch);
    if (scratch->call.path != SHRIKE_NONE) {
        if (!scratch->file) note_base(scratch, scratch->call.base);
        if (!judge_path(scratch, AREA_BASE, scratch->asked, scratch->asked_flags, real, raw)) return 0;
        if (is_decided(scratch)) return 1;
        names++;
    }
    if (scratch->call.path2 != SHRIKE_NONE) {
        struct walked none = {};
        note_base(scratch, scratch->call.base2);
        if (!judge_path(scratch, AREA_BASE2, scratch->asked2, scratch->asked2_flags, &none, raw)) return 0;
        names++;
    }
    if (!names) { /* no name, no condition on one */
        begin_name(scratch, slot);
        end_name(scratch);
    }
    return 1;
}

#endif
