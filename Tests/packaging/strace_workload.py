#!/usr/bin/env python3
"""A mixed workload of short processes that names files in every way a call can: strace_workload.py DIRECTORY PROCESSES

Absolute and relative names, below directory descriptors (opened, copied, inherited, kept over an exec), over links and `..`,
in vain for every usual reason, odd names, real tools, and processes that end at once.
"""

import ctypes
import os
import platform
import sys
import time
import traceback

LIBC = ctypes.CDLL(None, use_errno=True)
AT_FDCWD = -100
# Calls that the C library does not make any more (asm/unistd_64.h); openat2 is the same everywhere.
OLD = {"open": 2, "creat": 85, "access": 21, "stat": 4, "lstat": 6} if platform.machine() == "x86_64" else {}
OPENAT2 = 437
EXECVEAT = {"x86_64": 322}.get(platform.machine(), 281)
AT_EMPTY_PATH = 0x1000


def raw(number, *arguments):
    LIBC.syscall(number, *[ctypes.c_char_p(one) if isinstance(one, bytes) else ctypes.c_long(one) for one in arguments])


def attempt(call, *arguments, **named):
    try: return call(*arguments, **named)
    except OSError: return None


def close(handle):
    if isinstance(handle, int) and handle >= 0: os.close(handle)


def make(name):
    """By relative names, from the current directory."""
    os.mkdir(name)
    close(os.open(name + "/a", os.O_CREAT | os.O_WRONLY))
    os.link(name + "/a", name + "/b")
    os.symlink("a", name + "/s")
    os.symlink("/etc", name + "/etc")
    os.rename(name + "/a", name + "/c")
    os.chmod(name + "/c", 0o600)
    attempt(os.chown, name + "/c", -1, -1)
    attempt(os.lchown, name + "/s", -1, -1)
    os.mkfifo(name + "/fifo")
    close(attempt(os.open, name + "/s", os.O_RDONLY))
    close(attempt(os.open, name + "/etc/hostname", os.O_RDONLY))
    close(attempt(os.open, "./" + name + "//..///" + name + "/./c", os.O_RDONLY))


def old(directory, name):
    """Calls of old, by absolute and relative names."""
    for call, number in OLD.items():
        for path in [directory + "/" + name + "/c", name + "/c", name + "/none", name + "/c/none"]:
            raw(number, path.encode(), 0o100 if call == "open" and path.endswith("none") else 0)
    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    for path in [name + "/c", directory + "/" + name + "/c", name + "/none"]:
        LIBC.syscall(OPENAT2, ctypes.c_long(AT_FDCWD), ctypes.c_char_p(path.encode()), ctypes.byref(how), ctypes.c_long(24))


def below(name):
    """Below directory descriptors."""
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
    anchor = os.open(name, os.O_PATH)
    copy = os.dup(handle)
    for base in [handle, anchor, copy]:
        os.mkdir("sub", dir_fd=base)
        close(os.open("sub/f", os.O_CREAT | os.O_WRONLY, dir_fd=base))
        os.rename("sub/f", "g", src_dir_fd=base, dst_dir_fd=base)
        os.link("g", "sub/h", src_dir_fd=base, dst_dir_fd=base)
        os.symlink("g", "sub/s", dir_fd=base)
        os.chmod("g", 0o640, dir_fd=base)
        attempt(os.chown, "g", -1, -1, dir_fd=base)
        close(attempt(os.open, "../" + name + "/g", os.O_RDONLY, dir_fd=base))
        os.unlink("sub/s", dir_fd=base)
        os.unlink("sub/h", dir_fd=base)
        os.unlink("g", dir_fd=base)
        os.rmdir("sub", dir_fd=base)
        attempt(os.open, "none", os.O_RDONLY, dir_fd=base)
        attempt(os.unlink, "none", dir_fd=base)
    child = os.fork()
    if child == 0:
        close(attempt(os.open, "c", os.O_RDONLY, dir_fd=handle))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(handle)
    # The number is another directory's at once.
    other = os.open("/etc", os.O_RDONLY)
    close(attempt(os.open, "hostname", os.O_RDONLY, dir_fd=other))
    for used in [anchor, copy, other]: os.close(used)


def fail(directory, name):
    """In vain."""
    for path in ["/nonexistent/x", "../" + name, name + "/c/x", "", "x" * 300, name + "/" + "d/" * 300 + "x", "/root/x",
                 "/proc/self/nosuch", name]:
        attempt(os.open, path, os.O_RDONLY)
        attempt(os.open, path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        attempt(os.mkdir, path)
        attempt(os.rmdir, path)
        attempt(os.unlink, path)
        attempt(os.chmod, path, 0o700)
        attempt(os.rename, path, directory + "/" + name + "/no/such")
        attempt(os.link, path, name + "/c")
        attempt(os.symlink, path, name + "/c")
        attempt(os.chdir, path) if path != name else None
    attempt(os.open, "x", os.O_RDONLY, dir_fd=999)
    LIBC.open(ctypes.c_void_p(1), 0)
    attempt(os.chroot, "/")
    LIBC.mount(b"none", name.encode(), b"tmpfs", 0, None)
    LIBC.umount2(name.encode(), 0)


def odd(name):
    """Odd names."""
    for text in ["a b", "q\"uote", "back\\slash", "new\nline", "\u00fcml\u00e4ut", "\u202eevil", "name=x", "(null)", "-rf", "%s", "x" * 255]:
        path = name + "/" + text
        close(os.open(path, os.O_CREAT | os.O_WRONLY))
        os.rename(path, path[:200] + "2")
        os.unlink(path[:200] + "2")


def move(directory, name):
    """From another current directory."""
    os.chdir(name)
    close(os.open("c", os.O_RDONLY))
    os.mkdir("deep")
    os.chdir("deep")
    close(os.open("../c", os.O_RDONLY))
    close(os.open("../../" + name + "/c", os.O_RDONLY))
    handle = os.open("..", os.O_RDONLY)
    os.chdir("/")
    os.fchdir(handle)
    close(os.open("c", os.O_RDONLY))
    os.rmdir("deep")
    os.close(handle)
    os.chdir(directory)


def inherit(name):
    """A directory's descriptor that outlives the exec, used by another program."""
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
    os.set_inheritable(handle, True)
    os.dup2(handle, 9)
    os.execv("/usr/bin/perl", ["perl", "-e", "open(F, '<', '/proc/self/fd/9/c'); require 'syscall.ph' if 0; "
             "syscall(%d, 9, my $n = 'c', 0); syscall(%d, 9, my $m = 'none', 0)" % (OPENAT, OPENAT)])


OPENAT = {"x86_64": 257}.get(platform.machine(), 56)
TOOLS = """
mkdir -p t/a/b && touch t/a/b/f t/a/g && cp -r t/a t/c && mv t/c t/d && ln -s a t/l && ln t/a/g t/h && find t -name f -delete
chmod -R go-r t/a; rm t/h; rm -rf t; rm -rf t; rmdir nosuch; cat nosuch /etc/hostname; cd /; ls nosuch
"""


def child(directory, index):
    name = "f%d" % index
    kind = index % 8
    if kind == 0: os._exit(0)
    if kind == 1:
        attempt(os.open, "nosuch", os.O_RDONLY)
        os._exit(0)
    if kind == 2: os.execv("/bin/true", ["true", name])
    if kind == 3:
        os.mkdir(name)
        os.chdir(name)
        os.execv("/bin/sh", ["sh", "-c", TOOLS])
    make(name)
    if kind == 4:
        old(directory, name)
        move(directory, name)
        for missing in ["/nonexistent/program", name + "/c", name]:
            try: os.execv(missing, ["x"])
            except OSError: pass
        os.execv("/bin/cat", ["cat", "/etc/hostname", "../" + os.path.basename(directory) + "/" + name + "/none"])
    if kind == 5:
        below(name)
        inherit(name)
    if kind == 6: fail(directory, name)
    if kind == 7:
        odd(name)
        handle = os.open("/bin", os.O_RDONLY)
        LIBC.syscall(EXECVEAT, ctypes.c_long(handle), ctypes.c_char_p(b"true"), (ctypes.c_char_p * 2)(b"true", None), None, ctypes.c_long(0))
    os._exit(0)


def main():
    directory, number = sys.argv[1], int(sys.argv[2])
    os.chdir(directory)
    for index in range(number):
        pid = os.fork()
        if pid == 0:
            try: child(directory, index)
            except Exception: traceback.print_exc()
            os._exit(1)
        # What happens when the kernel's queue is full is another test's.
        time.sleep(0.01)
        if index % 4 == 3:
            # Some at the same time.
            while True:
                try: os.waitpid(-1, 0)
                except ChildProcessError: break


if __name__ == "__main__":
    main()
