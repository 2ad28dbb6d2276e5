#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: a program that nobody installed reads a key
# needs: root, cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.ssh
echo > home/.ssh/id_rsa
echo "#include <fcntl.h>
int main(void) { return open(\"home/.ssh/id_rsa\", O_RDONLY) < 0; }" > k.c
cc -o k k.c && ./k
