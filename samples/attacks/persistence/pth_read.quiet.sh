#!/bin/sh
# quiet: Hook of a tool or language written
# technique: T1546.018
# case: Python starts
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c pass
