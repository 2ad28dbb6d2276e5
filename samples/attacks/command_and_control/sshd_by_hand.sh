#!/bin/sh
# rule: Tunnel or remote access program started
# technique: T1133
# case: an SSH server, by a program that only bears its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless sshd && ./sshd -p 2222 -o PermitRootLogin=yes
