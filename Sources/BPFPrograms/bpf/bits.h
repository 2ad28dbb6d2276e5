/* Alternatives of a filter, as bits. */
#ifndef SHRIKE_BITS_H
#define SHRIKE_BITS_H
#include "maps.h"

#define EACH_WORD for (u32 word = 0; word < SHRIKE_SLOT_WORDS; word++)

/* 0. A load whose address has it added comes behind the load that `word` is from, also where processors read out of order (arm64). */
static __always_inline u64 valid_after(u64 word) {
    asm volatile("%0 &= 0" : "+r"(word));
    return word;
}

static __always_inline struct shrike_slot *slot_of(struct scratch *scratch) {
    u32 index = scratch->slot;
    return bpf_map_lookup_elem(&shrike_slots, &index);
}

static __always_inline int is_empty(const struct shrike_bits *bits) {
    return !(bits->word[0] | bits->word[1] | bits->word[2] | bits->word[3]);
}

static __always_inline int meets(const struct shrike_bits *bits, const struct shrike_bits *others) {
    return ((bits->word[0] & others->word[0]) | (bits->word[1] & others->word[1]) | (bits->word[2] & others->word[2]) |
            (bits->word[3] & others->word[3])) != 0;
}

static __always_inline void narrow(struct shrike_bits *bits, const struct shrike_bits *to) {
    EACH_WORD bits->word[word] &= to->word[word];
}

#define TESTS_NAMES                                                                                                            \
    (1u << SHRIKE_BY_NAME | 1u << SHRIKE_BY_LAST_COMPONENT | 1u << SHRIKE_BY_SUFFIX | 1u << SHRIKE_BY_PREFIX |                 \
     1u << SHRIKE_BY_FOUR_BYTES | 1u << SHRIKE_BY_FILE)

/* Whether a look-up in a dimension can matter for what is left. */
static __always_inline int matters(struct scratch *scratch, struct shrike_slot *slot, u32 dimension) {
    return slot->tested >> dimension & 1 && meets(&scratch->left, &slot->cares[dimension]);
}

static __always_inline void narrow_by_access(struct shrike_bits *left, struct shrike_slot *slot, u64 flags) {
    u32 way = flags & O_ACCMODE;
    narrow(left, way == O_WRONLY ? &slot->writing : way == 0 ? &slot->reading : &slot->both);
}

#endif
