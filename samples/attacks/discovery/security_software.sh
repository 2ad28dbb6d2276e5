#!/bin/sh
# rule: Security software looked for
# technique: T1518.001
# case: the processes are searched for the names of security software
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ps aux | grep -E 'falco|osqueryd|clamd|crowdstrike' >/dev/null
true
