#!/bin/sh
# quiet: Shell started out of a program that runs no shells
# technique: T1059.004
# case: find starts a shell with commands
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -maxdepth 0 -exec sh -c 'true "$1"' sh {} \;
