#!/bin/sh
# rule: Program run from memory or a temporary directory
# technique: T1070.004
# case: a program in /tmp that has been removed before it is executed by its descriptor
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
cat > deleted.c <<'C'
#include <fcntl.h>
#include <unistd.h>
int main(int count, char **words) {
    int file = open(words[1], O_RDONLY | O_CLOEXEC);
    unlink(words[1]);
    char *arguments[] = {"true", 0}, *environment[] = {0};
    fexecve(file, arguments, environment);
    return 1;
}
C
cc -o deleted deleted.c && harmless copy && ./deleted "$ATTACK_DIRECTORY/copy"
