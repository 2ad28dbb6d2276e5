#include "default_rules.h"

// Clang has #embed in every language mode, and tells of it in those before C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

// DefaultRules.yaml is a link to rules/shrike_rules.yaml. A Swift literal would be an array of 22,000 elements to type-check.
static const unsigned char rules[] = {
#embed "DefaultRules.yaml"
};

const unsigned char *shrike_default_rules(size_t *count) {
    *count = sizeof rules;
    return rules;
}
