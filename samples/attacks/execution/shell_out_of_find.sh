#!/bin/sh
# rule: Shell started out of a program that runs no shells
# technique: T1548
# case: find starts a bare shell
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -maxdepth 0 -exec /bin/sh -p \; </dev/null
