#!/bin/sh
# rule: Script carried to another machine by SSH
# technique: T1021.004
# case: a script for a shell of another machine, which isn't there
# needs: ssh
# blind: audit

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo true > script
ssh -o BatchMode=yes -p 9 127.0.0.1 'bash -s' < script 2> /dev/null
true
