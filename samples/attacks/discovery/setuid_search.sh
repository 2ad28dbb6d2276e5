#!/bin/sh
# rule: Search for ways to more rights
# technique: T1083
# case: find looks for setuid files
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -maxdepth 1 -perm -4000 -type f
find . -maxdepth 1 -perm /u=s -type f
