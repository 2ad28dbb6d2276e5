#!/bin/sh
# rule: Disk written by an unusual program
# technique: T1561.001
# case: a file with a disk's name is opened by creat(2)
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# A file of a disk's name: nothing of the machine's is touched.
file /dev/sdshrike-selftest
case $(uname -m) in x86_64) ;; *) echo "this processor has no creat"; exit 77 ;; esac
python3 -c 'import ctypes
ctypes.CDLL(None).syscall(85, b"/dev/sdshrike-selftest", 0o600)'
