"""Changes attributes, length and mode of a file in a directory, and acts upon processes of its own: calls.py DIRECTORY."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

FCHMODAT2 = 452  # asm-generic/unistd.h; the same on every architecture
AT_FDCWD = -100

directory = sys.argv[1]
libc = ctypes.CDLL(None, use_errno=True)
path = os.path.join(directory, "calls-file")
with open(path, "w") as file:
    file.write("content")
os.setxattr(path, "user.calls", b"1")
# It stays open, and keeps its name for a while: where no rule asks for opens, audit knows a descriptor's file from /proc alone, which
# is read afterwards.
kept = open(path)
os.setxattr(kept.fileno(), "user.calls", b"2")
time.sleep(0.3)
os.truncate(path, 3)
if libc.syscall(FCHMODAT2, AT_FDCWD, path.encode(), 0o4755, 0) != 0:
    sys.exit(f"fchmodat2: {os.strerror(ctypes.get_errno())}")
os.close(os.open(os.path.join(directory, "calls-new"), os.O_CREAT | os.O_RDWR, 0o600))
os.rename(path, os.path.join(directory, "calls-old"))
os.close(os.open(os.path.join(directory, "calls-old"), os.O_CREAT | os.O_RDWR, 0o600))

victim = os.path.join(directory, "calls-victim")
shutil.copy("/usr/bin/sleep", victim)
process = subprocess.Popen([victim, "60"])
# Its start is known to this process before the call that starts it has ended.
time.sleep(0.3)
os.kill(process.pid, signal.SIGKILL)
process.wait()

program = os.path.join(directory, "calls-setuid")
shutil.copy("/usr/bin/true", program)
os.chmod(program, 0o4755)
os.chmod(directory, 0o755)
user = os.fork()
if user == 0:
    os.setgid(65534)
    os.setuid(65534)
    os._exit(subprocess.call([program]))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(user, 0)[1]))
