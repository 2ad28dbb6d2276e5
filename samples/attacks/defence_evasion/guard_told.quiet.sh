#!/bin/sh
# quiet: Guard killed
# quiet: Security service stopped or removed
# technique: T1562.001
# case: a process called auditd is told to begin its logs anew, as rotations do

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless auditd 5
harmless killall
./auditd &
sleep 0.1
./killall -s HUP auditd
kill -HUP $!
wait 2> /dev/null
true
