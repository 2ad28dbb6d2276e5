#!/usr/bin/env python3
"""Compares what Shrike tells of live calls with what strace saw of them: names, paths, results and programs.

    compare_strace.py SHRIKE [PROCESSES]

Runs as root. A workload of short processes opens, makes, renames and removes files by absolute and relative names, also in
vain, and below directories given as descriptors; `strace -f -y` and `shrike run --source audit` watch it. Prints the
agreement and what differs, and fails below 99.5 %. Left out, and counted, is what audit does not tell anybody: of a name
that was to be removed, made or renamed in vain the kernel writes the directory alone, and Shrike says <NA>.
"""

import collections
import errno
import json
import os
import re
import subprocess
import sys
import tempfile
import time

UID = 54321
CALLS = ["openat", "unlinkat", "mkdir", "rename", "execve"]
RULES = """
- rule: Call
  desc: Every call of the workload.
  condition: evt.type in (openat, unlinkat, mkdir, rename, execve) and user.uid = %d
  output: >
    %%evt.type %%proc.pid %%evt.rawres %%proc.exepath %%evt.abspath.name %%evt.arg.name %%evt.arg.path %%evt.arg.oldpath
    %%evt.arg.newpath %%evt.arg.filename %%proc.cwd
  priority: INFO
""" % UID

WORKLOAD = """
import os, sys
directory, number = sys.argv[1], int(sys.argv[2])
os.chdir(directory)
for index in range(number):
    child = os.fork()
    if child == 0:
        name = "f%d" % index
        os.mkdir("d" + name)
        handle = os.open("d" + name, os.O_RDONLY)
        os.close(os.open("d" + name + "/" + name, os.O_CREAT | os.O_WRONLY))
        os.rename("d" + name + "/" + name, directory + "/d" + name + "/g")
        os.close(os.open("g", os.O_RDONLY, dir_fd=handle))
        for missing in ["/nonexistent/" + name, "../" + name, "d" + name + "/none"]:
            try: os.open(missing, os.O_RDONLY)
            except OSError: pass
        try: os.unlink("gone", dir_fd=handle)
        except OSError: pass
        os.unlink("g", dir_fd=handle)
        if index % 2: os.execv("/bin/true", ["true", name])
        os.execv("/bin/cat", ["cat", "/etc/hostname", "../" + os.path.basename(directory) + "/d" + name + "/none"])
    os.waitpid(child, 0)
"""

LINE = re.compile(r'^(\d+) +(\w+)\((.*)\) = (-?\d+)(?:<.*>)?(?: (E\w+).*)?$')
TEXT = re.compile(r'(?:(AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\\\]|\\\\.)*)"')


def normal(base, name):
    return os.path.normpath(name if name.startswith("/") else base + "/" + name)


def of_strace(path):
    """(call, pid, result, [(directory, name), …]) of each call."""
    calls, pending = [], {}
    for line in open(path, errors="replace"):
        line = line.rstrip("\n")
        if unfinished := re.match(r"^(\d+) +(\w+\(.*) <unfinished \.\.\.>$", line):
            pending[unfinished[1]] = unfinished[2]
            continue
        if resumed := re.match(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$", line):
            line = resumed[1] + " " + pending.pop(resumed[1], "") + resumed[2]
        found = LINE.match(line)
        if not found or found[2] not in CALLS: continue
        pid, call, arguments, result, error = found.groups()
        result = -getattr(errno, error) if error else int(result)
        names = [(base or None, name) for _, base, name in TEXT.findall(arguments)]
        if names: calls.append((call, int(pid), result, names))
    return calls


def main():
    shrike, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o755)
        work = directory + "/work"
        os.mkdir(work)
        os.chown(work, UID, UID)
        for name, text in [("rules.yaml", RULES), ("work.py", WORKLOAD)]:
            open(f"{directory}/{name}", "w").write(text)
        alerts = open(directory + "/alerts", "w")
        daemon = subprocess.Popen(
            [shrike, "run", "-r", directory + "/rules.yaml", "--source", "audit", "-o", "json_output=true", "-o",
             "shrike.repeats.window=0"], stdout=alerts, stderr=open(directory + "/log", "w"))
        time.sleep(5)
        subprocess.run(
            ["strace", "-f", "-y", "-s", "4096", "-e", "trace=" + ",".join(CALLS), "-o", directory + "/trace", "setpriv",
             f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "/usr/bin/python3", directory + "/work.py", work,
             str(number)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(3)
        daemon.terminate()
        daemon.wait(20)
        log = open(directory + "/log").read()
        told = collections.defaultdict(list)
        for line in open(directory + "/alerts"):
            fields = json.loads(line).get("output_fields", {})
            if "evt.type" in fields: told[(fields["evt.type"], fields["proc.pid"])].append(fields)
        theirs = of_strace(directory + "/trace")
        # What ran before the user changed is not the workload's: that user's first call is the second exec.
        started = [index for index, call in enumerate(theirs) if call[0] == "execve" and call[2] == 0][1]
        compared = agreed = 0
        untold = 0
        differences = collections.Counter()
        examples = {}
        for call, pid, result, names in theirs[started:]:
            compared += 1
            mine = told[(call, pid)]
            index = next((i for i, fields in enumerate(mine) if matches(call, result, names, fields)), None)
            if index is not None:
                agreed += 1
                mine.pop(index)
                continue
            index = next((i for i, fields in enumerate(mine) if is_untold(call, result, fields)), None)
            if index is not None:
                compared -= 1
                untold += 1
                mine.pop(index)
                continue
            kind = f"{call} {'failed' if result < 0 else 'done'}"
            differences[kind] += 1
            examples.setdefault(kind, (names, result, mine[:1]))
        print(f"{compared} calls of {number} processes, {agreed} agree: {100 * agreed / max(compared, 1):.2f} %; "
              f"{untold} names that the kernel does not tell")
        for kind, count in differences.most_common():
            names, result, mine = examples[kind]
            print(f"  {count} x {kind}: strace {names} = {result}, shrike {mine}")
        print(log[-600:])
        return 0 if compared and agreed >= 0.995 * compared else 1


def is_untold(call, result, fields):
    names = ["evt.arg.name", "evt.arg.path", "evt.arg.oldpath"]
    return (call != "openat" and call != "execve" and result < 0 and fields["evt.rawres"] == result
            and all(fields.get(name) in (None, "<NA>") for name in names))


def matches(call, result, names, fields):
    if fields["evt.rawres"] != result: return False
    values = {str(value) for value in fields.values()}
    base = fields.get("proc.cwd") or "/"
    # A name is right as it was given, and made absolute from where the call started.
    return all(name in values or normal(start or base, name) in values for start, name in names[:2 if call == "rename" else 1])


if __name__ == "__main__":
    sys.exit(main())
