#!/bin/sh
# quiet: Descriptor taken from another process
# case: there is no such descriptor
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
exec python3 -c '
import ctypes, os
ctypes.CDLL(None).syscall(438, os.pidfd_open(os.getpid()), 99999, 0)'
