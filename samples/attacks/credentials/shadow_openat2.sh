#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by openat2, from a descriptor of the directory
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 << 'END'
import ctypes, os, struct
how = ctypes.create_string_buffer(struct.pack("<3Q", 0, 0, 0))
directory = os.open("/etc", os.O_PATH)
descriptor = ctypes.CDLL(None).syscall(437, directory, b"shadow", how, 24)
assert descriptor >= 0
os.read(descriptor, 1)
END
