"""Makes getpid(2) by the i386 ABI, as any x86-64 program can, and says whether that went well."""
import ctypes
import mmap
import os

# mov eax, 20; int 0x80; ret (arch/x86/entry/syscalls/syscall_32.tbl).
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
print("made" if call() == os.getpid() else "failed", flush=True)
