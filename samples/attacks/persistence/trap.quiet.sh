#!/bin/sh
# quiet: Trap of a shell on a command line
# technique: T1546.005
# case: a script cleans up

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'trap "rm -f x" EXIT; :'
