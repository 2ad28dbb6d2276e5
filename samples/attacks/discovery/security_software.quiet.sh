#!/bin/sh
# quiet: Security software looked for
# technique: T1518.001
# case: the processes are searched for another name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ps aux | grep -E 'nginx|postgres' >/dev/null
true
