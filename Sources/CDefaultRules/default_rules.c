#include "default_rules.h"

// Clang has #embed in every language mode, and tells of it in those before C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

// The directory is a link to rules/. A Swift literal would be an array of as many elements to type-check as there are bytes.
static const unsigned char base[] = {
#embed "rules/base.yaml"
};
static const unsigned char cluster[] = {
#embed "rules/cluster.yaml"
};
static const unsigned char collection[] = {
#embed "rules/collection.yaml"
};
static const unsigned char command_and_control[] = {
#embed "rules/command_and_control.yaml"
};
static const unsigned char containers[] = {
#embed "rules/containers.yaml"
};
static const unsigned char credentials[] = {
#embed "rules/credentials.yaml"
};
static const unsigned char defence_evasion[] = {
#embed "rules/defence_evasion.yaml"
};
static const unsigned char discovery[] = {
#embed "rules/discovery.yaml"
};
static const unsigned char execution[] = {
#embed "rules/execution.yaml"
};
static const unsigned char impact[] = {
#embed "rules/impact.yaml"
};
static const unsigned char persistence[] = {
#embed "rules/persistence.yaml"
};
static const unsigned char privilege[] = {
#embed "rules/privilege.yaml"
};
static const unsigned char anomaly[] = {
#embed "rules/anomaly.yaml"
};

#define FILE_OF(layer) {#layer ".yaml", layer, sizeof layer}

static const struct shrike_default_rules_file files[] = {
    FILE_OF(base),
    FILE_OF(cluster),
    FILE_OF(collection),
    FILE_OF(command_and_control),
    FILE_OF(containers),
    FILE_OF(credentials),
    FILE_OF(defence_evasion),
    FILE_OF(discovery),
    FILE_OF(execution),
    FILE_OF(impact),
    FILE_OF(persistence),
    FILE_OF(privilege),
};

const struct shrike_default_rules_file *shrike_default_rules(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}

struct shrike_default_rules_file shrike_novelty_rules(void) {
    return (struct shrike_default_rules_file)FILE_OF(anomaly);
}
