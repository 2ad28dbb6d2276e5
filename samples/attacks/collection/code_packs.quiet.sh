#!/bin/sh
# quiet: Data packed or sent by code on a command line
# technique: T1560.002
# case: Python counts
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'print(1)' > /dev/null
