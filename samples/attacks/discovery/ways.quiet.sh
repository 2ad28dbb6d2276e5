#!/bin/sh
# quiet: Search for ways to more rights
# technique: T1083
# case: find looks for old files and such of a mode
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -maxdepth 1 -mtime +7 -name '*.log'
find . -maxdepth 1 -perm 644 -name notes
