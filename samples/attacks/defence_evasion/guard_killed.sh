#!/bin/sh
# rule: Guard killed
# technique: T1562.001
# case: a process called auditd is killed

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless auditd 5
./auditd &
sleep 0.1
kill -9 $!
wait 2> /dev/null
true
