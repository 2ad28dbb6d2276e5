#!/bin/sh
# quiet: Process renames itself
# technique: T1036.004
# case: a thread is named after its task
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import ctypes; ctypes.CDLL(None).prctl(15, b"pool-1", 0, 0, 0)'
