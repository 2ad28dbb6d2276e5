#!/bin/sh
# rule: Shell started out of a program that runs no shells
# technique: T1059.004
# case: awk starts a bare shell
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
awk 'BEGIN { system("/bin/sh") }' </dev/null
