#!/usr/bin/env python3
"""What happens while a service is started anew is told: restart.py SHRIKE SIGNAL [SECONDS]

Stands in for systemd with FileDescriptorStoreMax (systemd.service(5)): keeps the descriptors that SHRIKE sends, ends it with SIGNAL,
starts it again after SECONDS with the descriptors, and lets them go at the end. All the while files are opened that a rule names, by
this process and by programs that live for a moment. Prints what was told how often; ends with 0 if each was told once, and nothing is
left in the kernel.
"""
import array
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

binary, ending = sys.argv[1], getattr(signal, "SIG" + sys.argv[2])
pause = float(sys.argv[3]) if len(sys.argv) > 3 else 0.5
home = tempfile.mkdtemp(prefix="shrike-restart-")
os.chmod(home, 0o755)
RULES = f"""
- rule: Marker
  desc: a file of this test was opened
  condition: evt.type in (open, openat, openat2) and fd.name startswith {home}/mark-
  output: "file=%fd.name program=%proc.name"
  priority: WARNING
"""
with open(f"{home}/rules.yaml", "w") as file:
    file.write(RULES)

name = f"\0shrike-restart-{os.getpid()}"
notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notifications.bind(name)
store = {}


def listen(until, seconds=30):
    """Does what the manager does with messages until one begins with a text."""
    notifications.settimeout(seconds)
    while True:
        data, control, _, _ = notifications.recvmsg(4096, socket.CMSG_SPACE(4 * 16))
        received = array.array("i")
        for level, kind, content in control:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received.frombytes(content[: len(content) - len(content) % 4])
        lines = dict(line.split("=", 1) for line in data.decode().split("\n"))
        if "FDSTORE" in lines:
            assert lines["FDPOLL"] == "0" and received
            store.setdefault(lines["FDNAME"], []).extend(received)
        if "FDSTOREREMOVE" in lines:
            for descriptor in store.pop(lines["FDNAME"], []):
                os.close(descriptor)
        if until in lines:
            return


def start(number):
    kept = [(key, descriptor) for key, descriptors in store.items() for descriptor in descriptors]
    environment = dict(os.environ, NOTIFY_SOCKET="@" + name[1:])
    script = 'exec "$@"'
    if kept:
        environment.update(LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=":".join(key for key, _ in kept))
        script = 'LISTEN_PID=$$ exec "$@"'

    def place():
        # Out of the way of the numbers that they get.
        high = [os.dup2(descriptor, 200 + index, inheritable=False) for index, (_, descriptor) in enumerate(kept)]
        for index, descriptor in enumerate(high):
            os.dup2(descriptor, 3 + index, inheritable=True)

    # Not by Popen's closing, which comes behind preexec_fn; what Python opens is not inherited anyway.
    process = subprocess.Popen(
        ["/bin/sh", "-c", script, "sh", binary, "-r", f"{home}/rules.yaml", "--source", "ebpf", "-o", "json_output=true"],
        env=environment, preexec_fn=place, close_fds=False, stdout=open(f"{home}/alerts-{number}", "w"),
        stderr=open(f"{home}/log-{number}", "w"))
    listen("READY")
    return process


def programs():
    """How many eBPF programs of Shrike's the kernel has (bpf(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
    attributes = ctypes.create_string_buffer(128)

    def call(command, *words):
        ctypes.memset(attributes, 0, 128)
        for index, word in enumerate(words):
            ctypes.c_uint32.from_buffer(attributes, 4 * index).value = word
        return libc.syscall(number, command, attributes, 128)

    found, last = 0, 0
    while call(11, last) == 0:  # BPF_PROG_GET_NEXT_ID, which says ENOENT at the end
        last = ctypes.c_uint32.from_buffer(attributes, 4).value
        descriptor = call(13, last)  # BPF_PROG_GET_FD_BY_ID
        if descriptor < 0:
            continue  # gone meanwhile
        information = ctypes.create_string_buffer(256)
        address = ctypes.addressof(information)
        if call(15, descriptor, 256, address & 0xFFFFFFFF, address >> 32) == 0:  # BPF_OBJ_GET_INFO_BY_FD
            found += information.raw[64:80].startswith(b"shrike_")  # struct bpf_prog_info, name
        os.close(descriptor)
    assert ctypes.get_errno() == 2, "programs can't be listed"
    return found


opened = []
is_over = False
before = programs()


def attack():
    number = 0
    while not is_over:
        path = f"{home}/mark-{number}"
        if number % 2:
            subprocess.run(["/bin/cat", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
        opened.append((time.monotonic(), path, "cat" if number % 2 else "python3"))
        number += 1
        time.sleep(0.01)


first = start(1)
attacker = threading.Thread(target=attack)
attacker.start()
time.sleep(0.5)
began = time.monotonic()
first.send_signal(ending)
first.wait()
gone = time.monotonic()
time.sleep(pause)
second = start(2)
back = time.monotonic()
time.sleep(0.5)
is_over = True
attacker.join()
time.sleep(1)
during = programs()
second.send_signal(signal.SIGTERM)
second.wait()

told = {}
internal = []
for number in 1, 2:
    with open(f"{home}/alerts-{number}") as file:
        for line in file:
            alert = json.loads(line)
            if alert["rule"] != "Marker":
                internal.append(f"{number}: {alert['output']}")
                continue
            fields = alert["output_fields"]
            key = (fields["fd.name"], fields["proc.name"])
            told[key] = told.get(key, 0) + 1

missing = [path for _, path, program in opened if (path, program) not in told]
doubled = [key for key, count in told.items() if count > 1]
between = sum(gone <= at < back for at, _, _ in opened)
for descriptors in store.values():
    for descriptor in descriptors:
        os.close(descriptor)
time.sleep(0.5)
left = programs()
print(f"{len(opened)} opened, {between} of them without a Shrike; missing {missing}, told twice {doubled}, programs {before} before, {during} while it ran, {left} left")
print("\n".join(internal))
print(open(f"{home}/log-1").read(), open(f"{home}/log-2").read())
# One that falls into the moment in which both programs run may be told by both.
is_good = not missing and len(doubled) <= 1 and between > 10 and during > before == left and not any("not watched" in text for text in internal)
subprocess.run(["rm", "-rf", home])
sys.exit(0 if is_good else 1)
