#ifndef SHRIKE_CRE2_H
#define SHRIKE_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression. It never changes, and any number of threads may match with it at once (re2.h).
typedef struct shrike_regex shrike_regex;

/// Why a text is no regular expression.
typedef struct {
    /// What is wrong, in RE2's words; ends in a NUL, cut to the array.
    char message[160];
    /// Where the offending part of the pattern begins, in bytes.
    size_t offset;
    /// Its length in bytes; 0 when RE2 names no part.
    size_t length;
} shrike_regex_failure;

/// Compiles a pattern in RE2's POSIX mode, as the rule language's `regex` operator does. Returns NULL and fills `failure`
/// when it is none, or when its program would be larger than RE2's bound. Give the result to `shrike_regex_free`.
shrike_regex *shrike_regex_compile(const uint8_t *pattern, size_t length, shrike_regex_failure *failure);

/// Whether the whole text matches. The text is valid UTF-8. Allocates nothing but states of the automaton that no earlier
/// text has led to, and those within RE2's bound.
bool shrike_regex_matches(const shrike_regex *regex, const uint8_t *text, size_t length);

/// Frees an expression; NULL is allowed.
void shrike_regex_free(shrike_regex *regex);

#ifdef __cplusplus
}
#endif

#endif
