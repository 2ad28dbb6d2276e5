"""Runs a program under a seccomp profile of the OCI form, as a container runtime would.

  run_filtered.py PROFILE PROGRAM [ARGUMENT]...
"""
import ctypes
import json
import os
import sys

library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_rule_add_array.argtypes = [
    ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
library.seccomp_load.argtypes = [ctypes.c_void_p]
library.seccomp_attr_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]
library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
library.seccomp_arch_resolve_name.argtypes = [ctypes.c_char_p]
library.seccomp_arch_resolve_name.restype = ctypes.c_uint32
library.seccomp_arch_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32]

SCMP_FLTATR_CTL_LOG = 6


def action(name, errno):
    return {
        "SCMP_ACT_ALLOW": 0x7FFF0000, "SCMP_ACT_LOG": 0x7FFC0000, "SCMP_ACT_ERRNO": 0x00050000 | (errno or 1),
        "SCMP_ACT_KILL_PROCESS": 0x80000000,
    }[name]


with open(sys.argv[1]) as file:
    profile = json.load(file)
context = library.seccomp_init(action(profile["defaultAction"], profile.get("defaultErrnoRet")))
for name in profile.get("architectures", []):
    token = library.seccomp_arch_resolve_name(name.removeprefix("SCMP_ARCH_").lower().encode())
    if token == 0:
        sys.exit(f"no architecture {name}")
    library.seccomp_arch_add(context, token)
if "SECCOMP_FILTER_FLAG_LOG" in profile.get("flags", []):
    library.seccomp_attr_set(context, SCMP_FLTATR_CTL_LOG, 1)
for rule in profile["syscalls"]:
    for name in rule["names"]:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number == -1:
            sys.exit(f"no system call {name}")
        library.seccomp_rule_add_array(context, action(rule["action"], rule.get("errnoRet")), number, 0, None)
result = library.seccomp_load(context)
if result != 0:
    sys.exit(f"seccomp_load: {result}")
os.execv(sys.argv[2], sys.argv[2:])
