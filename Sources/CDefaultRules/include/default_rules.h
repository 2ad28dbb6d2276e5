#ifndef SHRIKE_DEFAULT_RULES_H
#define SHRIKE_DEFAULT_RULES_H

#include <stddef.h>

/// A file of rules/ that is part of the binary: its name, its bytes and their number.
struct shrike_default_rules_file {
    const char *name;
    const unsigned char *bytes;
    size_t size;
};

/// The files of rules/ in the order in which they are loaded, which is that of their names, and their number.
const struct shrike_default_rules_file *shrike_default_rules(size_t *count);

/// The file with the rules about what a workload never did before.
struct shrike_default_rules_file shrike_novelty_rules(void);

#endif
