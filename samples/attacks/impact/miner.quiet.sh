#!/bin/sh
# quiet: Cryptocurrency miner started
# technique: T1496.001
# case: a text about pools
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'stratum+tcp://127.0.0.1' > notes && grep -c stratum+tcp://127.0.0.1 notes >/dev/null
