#!/bin/sh
# rule: Memory of a process read or written
# technique: T1003.007
# case: another process read by process_vm_readv
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sleep 5 &
trap 'kill $!' EXIT
python3 - $! << 'END'
import ctypes, sys
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
pid = int(sys.argv[1])
with open("/proc/%d/maps" % pid) as maps: start = int(maps.readline().split("-")[0], 16)
buffer = ctypes.create_string_buffer(16)
local, remote = Part(ctypes.addressof(buffer), 16), Part(start, 16)
ctypes.CDLL(None).process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
END
