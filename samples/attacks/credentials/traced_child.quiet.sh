#!/bin/sh
# quiet: Process traced by another
# technique: T1055.008
# case: a program lets itself be traced by its parent
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)'
