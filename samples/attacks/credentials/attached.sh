#!/bin/sh
# rule: Process traced by another
# technique: T1055.008
# case: ptrace attaches to another process
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
cc -o attach "${0%/*}/attach.c"
./attach $!
