#!/bin/sh
# quiet: Script carried to another machine by SSH
# technique: T1021.004
# case: a command for another machine, with no input or that of a pipe
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
ssh -o BatchMode=yes -p 9 127.0.0.1 uptime < /dev/null 2> /dev/null
echo text | ssh -o BatchMode=yes -p 9 127.0.0.1 sh -s 2> /dev/null
true
