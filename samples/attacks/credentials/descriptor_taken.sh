#!/bin/sh
# rule: Descriptor taken from another process
# technique: T1003
# case: Python takes an open file out of a process of its own
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
exec python3 -c '
import ctypes, os, subprocess
call = ctypes.CDLL(None, use_errno=True).syscall
child = subprocess.Popen(["sleep", "5"])
taken = call(438, os.pidfd_open(child.pid), 2, 0)  # pidfd_getfd
child.kill()
child.wait()
raise SystemExit(taken < 0)'
