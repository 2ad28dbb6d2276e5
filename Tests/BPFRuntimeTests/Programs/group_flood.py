"""Makes control groups below argv[1], argv[3] of them by each of two processes, and in each a process that makes some of the calls
argv[4...]. Writes a line for each to argv[2]: the group's id and the numbers of the calls."""
import ctypes
import os
import sys

parent, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
numbers = [int(word) for word in sys.argv[4:]]
libc = ctypes.CDLL(None)
memory = ctypes.create_string_buffer(4096)
lines = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def act(worker, step):
    path = f"{parent}-{worker}-{step}"
    os.mkdir(path)
    group = os.stat(path).st_ino
    chosen = [number for index, number in enumerate(numbers) if (step * 2 + worker) * 2654435761 >> index & 1]
    child = os.fork()
    if child == 0:
        procs = os.open(path + "/cgroup.procs", os.O_WRONLY)
        os.write(procs, b"0")
        for number in chosen:
            # Arguments that none of them does any harm with.
            libc.syscall(number, 0, memory, memory)
        os._exit(0)
    os.waitpid(child, 0)
    os.write(lines, " ".join(map(str, [group] + chosen)).encode() + b"\n")
    for _ in range(100):
        try:
            os.rmdir(path)
            break
        except OSError:
            libc.usleep(1000)


second = os.fork()
for step in range(count):
    act(0 if second else 1, step)
if second == 0:
    os._exit(0)
sys.exit(os.waitpid(second, 0)[1])
