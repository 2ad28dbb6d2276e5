#!/bin/sh
# quiet: BPF program loaded
# technique: T1014
# case: the kernel's list of programs is asked for
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 << 'END'
import ctypes, os, sys
# BPF_PROG_GET_NEXT_ID by the number of bpf(2), which each processor has for itself (asm/unistd.h).
number = {"x86_64": 321, "aarch64": 280}.get(os.uname().machine) or sys.exit(77)
ctypes.CDLL(None).syscall(number, 11, 0, 0)
END
