#!/bin/sh
# rule: Shared files or directory service looked over
# technique: T1135
# case: programs with the names of those that ask
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless showmount && ./showmount -e 127.0.0.1
