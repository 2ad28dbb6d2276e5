#include "bpf_maps.h"

#include <stddef.h>

// What both sides count on.
_Static_assert(sizeof(struct shrike_record) % 8 == 0, "parts begin at multiples of 8");
_Static_assert(sizeof(struct shrike_part) == 8, "parts begin at multiples of 8");
_Static_assert(sizeof(struct shrike_file) % 8 == 0, "structures are copied whole");
_Static_assert(sizeof(struct shrike_socket) % 8 == 0, "structures are copied whole");
_Static_assert(sizeof(struct shrike_call) == 24, "three words a call");
_Static_assert(sizeof(struct shrike_prefix_key) == 8 + SHRIKE_PREFIX_MAX, "no padding in a key");
_Static_assert(offsetof(struct shrike_control, rate) % 8 == 0, "no padding before words");
_Static_assert(SHRIKE_PREFIX_MAX + 4 <= 256, "LPM tries take 256 bytes (kernel/bpf/lpm_trie.c)");
_Static_assert(sizeof(struct shrike_call_set) == 448, "sets begin at lines of the processor's cache");
_Static_assert(SHRIKE_CALL_SETS_MAX % 64 == 0, "a bit for each set in whole words");
