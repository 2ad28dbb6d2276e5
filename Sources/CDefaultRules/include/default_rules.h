#ifndef SHRIKE_DEFAULT_RULES_H
#define SHRIKE_DEFAULT_RULES_H

#include <stddef.h>

/// The bytes of rules/shrike_rules.yaml, which are part of the binary, and their number.
const unsigned char *shrike_default_rules(size_t *count);

#endif
