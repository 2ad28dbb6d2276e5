#!/bin/sh
# rule: System library or linker configuration written
# technique: T1556.003
# case: a PAM module copied to where PAM looks
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory=/usr/lib/$(uname -m)-linux-gnu/security
directory "$directory"
file "$directory/pam_shrike-selftest.so"
: > module
cp module "$directory/pam_shrike-selftest.so"
