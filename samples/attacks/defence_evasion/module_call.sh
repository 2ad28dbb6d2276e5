#!/bin/sh
# rule: Kernel module loaded or removed
# technique: T1547.006
# case: the system call itself, with nothing to load
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 << 'END'
import ctypes, os, sys
# init_module(2), whose number each processor has for itself (asm/unistd.h).
number = {"x86_64": 175, "aarch64": 105}.get(os.uname().machine) or sys.exit(77)
ctypes.CDLL(None).syscall(number, 0, 0, 0)
END
