#!/bin/sh
# quiet: Unexpected child process of a server
# technique: T1190
# case: a program that is no server starts another
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
id >/dev/null
