/* Texts in `scratch->names`: hashed and compared, eight bytes at a time. */
#ifndef SHRIKE_TEXTS_H
#define SHRIKE_TEXTS_H
#include "maps.h"

/* A name is scratch->names[start ..< end], end is below the slack. */
struct name_loop {
    struct scratch *scratch;
    u32 start, end;
    u32 other_end;
};
#define NAMES_END AREA(AREAS)

/* The word that ends `index` words before `end`, with what is before `start` made zero. */
static __always_inline u64 word_before(struct scratch *scratch, u32 start, u32 end, u32 index) {
    u32 at = end - 8 - index * 8;
    barrier_var(at); /* or the compiler drops what it knows and the verifier doesn't */
    if (at > NAMES_END) return 0;
    const u64 *from = (const u64 *)&scratch->names[at];
    barrier_var(from); /* or it loads byte by byte, as it doesn't know where the word lies */
    u64 word = *from;
    if (at < start) {
        u32 shift = (start - at) * 8 & 63;
        word = word >> shift << shift;
    }
    return word;
}

static long hash_step(u32 index, struct name_loop *loop) {
    struct scratch *scratch = loop->scratch;
    struct shrike_hash_state state = scratch->hash;
    shrike_hash_step(&state, word_before(scratch, loop->start, loop->end, index));
    scratch->hash = state;
    return 0;
}

/* `shrike_hash` of a name. */
static __noinline u64 hash_name(struct scratch *scratch, u32 start, u32 end) {
    struct name_loop loop = {scratch, start, end, 0};
    shrike_hash_begin(&scratch->hash, &control.hash_key);
    u32 count = end - start;
    if (count > SHRIKE_PATH_MAX * 2) return 0;
    bpf_loop((count + 7) / 8, hash_step, &loop, 0);
    return shrike_hash_end(&scratch->hash, count);
}

static long equal_step(u32 index, struct name_loop *loop) {
    u32 count = loop->end - loop->start;
    u64 own = word_before(loop->scratch, loop->start, loop->end, index);
    u64 other = word_before(loop->scratch, loop->other_end - count, loop->other_end, index);
    if (own == other) return 0;
    loop->scratch->last = 0;
    return 1;
}

/* Whether two names of the same length are equal. */
static __noinline int is_equal(struct scratch *scratch, u32 start, u32 end, u32 other_end) {
    struct name_loop loop = {scratch, start, end, other_end};
    u32 count = end - start;
    if (count > SHRIKE_PATH_MAX) return 0;
    scratch->last = 1;
    bpf_loop((count + 7) / 8, equal_step, &loop, 0);
    return scratch->last;
}

#endif
