#!/usr/bin/env python3
"""Compares what Shrike tells of live calls with what strace saw of them: names, paths, results and programs.

    compare_strace.py SHRIKE [PROCESSES [SOURCE]]

Runs as root. The workload of strace_workload.py runs under `strace -f -y` while `shrike run --source SOURCE` (audit, unless said
otherwise) watches. Each call is compared whole: process id, result, each name as it was passed, each name made absolute,
program name and executable. Prints the agreement and what differs, and fails below 99.5 %. Left out, and counted, is what
audit tells nobody (docs/values.md): where the kernel has no name for Shrike, Shrike says <NA>.
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
# By call: the names among its arguments, each with its field, its place and its directory descriptor's place.
CALLS = {
    "access": [("name", 0, None)],
    "chdir": [("path", 0, None)],
    "chmod": [("filename", 0, None)],
    "chown": [("path", 0, None)],
    "chroot": [("path", 0, None)],
    "creat": [("name", 0, None)],
    "execve": [("filename", 0, None)],
    "execveat": [],
    "fchmodat": [("filename", 1, 0)],
    "fchownat": [("pathname", 1, 0)],
    "lchown": [("path", 0, None)],
    "link": [("oldpath", 0, None), ("newpath", 1, None)],
    "linkat": [("oldpath", 1, 0), ("newpath", 3, 2)],
    "lstat": [("path", 0, None)],
    "mkdir": [("path", 0, None)],
    "mkdirat": [("path", 1, 0)],
    "mknod": [("path", 0, None)],
    "mknodat": [("path", 1, 0)],
    "mount": [("dir", 1, None)],
    "newfstatat": [("path", 1, 0)],
    "open": [("name", 0, None)],
    "openat": [("name", 1, 0)],
    "openat2": [("name", 1, 0)],
    "rename": [("oldpath", 0, None), ("newpath", 1, None)],
    "renameat": [("oldpath", 1, 0), ("newpath", 3, 2)],
    "renameat2": [("oldpath", 1, 0), ("newpath", 3, 2)],
    "rmdir": [("path", 0, None)],
    "stat": [("path", 0, None)],
    "symlink": [("linkpath", 1, None)],
    "symlinkat": [("linkpath", 2, 1)],
    "umount2": [("name", 0, None)],
    "unlink": [("path", 0, None)],
    "unlinkat": [("name", 1, 0)],
}
OPENS = {"open", "openat", "openat2", "creat"}
# A failed call of these looks its names' directories up alone, and the kernel writes no more. Nor does it write an empty name.
NAMING = {call for call in CALLS if re.match("mkdir|mknod|rmdir|unlink|rename|link|symlink", call)} | OPENS
FORKS = {"clone", "clone3", "fork", "vfork"}
NAMES = sorted({name for names in CALLS.values() for name, _, _ in names})
RULES = f"""
- rule: Call
  desc: Every call of the workload.
  condition: evt.type in ({", ".join(CALLS)}) and user.uid = {UID}
  output: >
    %evt.type %proc.pid %evt.rawres %proc.name %proc.exepath %fd.name
    {" ".join(f"%evt.arg.{name} %evt.rawarg.{name}" for name in NAMES)}
  priority: INFO
"""
ESCAPES = {"n": 10, "t": 9, "r": 13, "v": 11, "f": 12, "\\": 92, '"': 34, ">": 62, "<": 60}


def text_of(quoted):
    """A string as strace writes it."""
    made = re.sub(r"\\([0-7]{1,3}|.)",
                  lambda one: chr(int(one[1], 8) if one[1][0] in "01234567" else ESCAPES[one[1]]), quoted)
    return made.encode("latin-1", "replace").decode("utf-8", "replace")


def split(arguments):
    """The arguments of a call, each as it is written."""
    parts, start, depth, index = [], 0, 0, 0
    while index < len(arguments):
        letter = arguments[index]
        if letter == '"':
            index += 1
            while arguments[index] != '"': index += 2 if arguments[index] == "\\" else 1
        elif letter == "<" and index and (arguments[index - 1].isdigit() or arguments[index - 1] == "D"):
            index = arguments.index(">", index)
        elif letter in "([{": depth += 1
        elif letter in ")]}": depth -= 1
        elif letter == "," and depth == 0:
            parts.append(arguments[start:index])
            start = index + 2
        index += 1
    return parts + [arguments[start:]]


def string(part):
    """The text of an argument; None where strace could not read it either."""
    return text_of(part[1:part.rindex('"')]) if part.startswith('"') else None


class Trace:
    """What strace wrote, as calls; each process's directory and program are followed."""

    def __init__(self, path):
        self.parents, self.directories, self.programs, self.calls = {}, {}, {}, []
        lines = list(self.whole(path))
        for pid, call, _, result, _ in lines:
            if call in FORKS and result > 0: self.parents[result] = pid
        for pid, call, parts, result, opened in lines:
            if call in CALLS: self.take(pid, call, parts, result, opened)
            elif call == "fchdir" and result == 0: self.directories[pid] = parts[0].split("<")[1][:-1]

    @staticmethod
    def whole(path):
        """The lines, those that were interrupted put together."""
        pending = {}
        for line in open(path, errors="surrogateescape"):
            line = line.rstrip("\n")
            if begun := re.match(r"^(\d+) +(\w+\(.*?),? ?<unfinished \.\.\.>$", line):
                pending[begun[1]] = begun[2]
                continue
            if resumed := re.match(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$", line):
                begun = pending.pop(resumed[1], "")
                separator = "" if resumed[2].startswith((")", " ", ",")) or begun.endswith("(") else ", "
                line = resumed[1] + " " + begun + separator + resumed[2]
            found = re.match(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?(?: (E\w+).*)?$", line)
            if found:
                pid, call, arguments, result, opened, error = found.groups()
                yield int(pid), call, split(arguments), -getattr(errno, error) if error else int(result), opened

    def inherited(self, table, pid):
        while pid is not None and pid not in table: pid = self.parents.get(pid)
        return table.get(pid)

    def take(self, pid, call, parts, result, opened):
        for table in [self.directories, self.programs]:
            if pid not in table: table[pid] = self.inherited(table, pid)
        names = []
        for field, place, base in CALLS[call]:
            directory = self.directories[pid]
            if base is not None:
                known = re.match(r"^(AT_FDCWD|\d+)<(.*)>$", parts[base])
                directory = known[2] if known else None
                if known and known[1] == "AT_FDCWD": self.directories[pid] = directory
            names.append((field, string(parts[place]), directory))
        if call in ("execve", "execveat") and result == 0:
            path = string(parts[0]) if call == "execve" else parts[0].split("<")[1][:-1] + "/" + string(parts[1])
            self.programs[pid] = (os.path.basename(path)[:15], os.path.realpath(path))
        if call == "chdir" and result == 0:
            self.directories[pid] = os.path.realpath(os.path.join(self.directories[pid] or "/", names[0][1]))
        self.calls.append((pid, call, result, names, self.programs[pid], opened))


def absolute(directory, name):
    """The normal form; None where nobody knows the directory."""
    if not name.startswith("/") and directory is None: return None
    return re.sub("^//", "/", os.path.normpath(os.path.join(directory or "/", name)))


def differences(call, result, names, program, opened, fields):
    """What Shrike says otherwise of a call; `untold` where it says that it does not know. Of a file that was opened audit tells the
    name that was asked for, eBPF the path that it has, which strace reads from /proc."""
    found = []
    if fields["evt.rawres"] != result: found.append("result")
    if program and fields["proc.name"] != program[0]: found.append("proc.name")
    if program and fields["proc.exepath"] != program[1]: found.append("proc.exepath")
    for field, name, directory in names:
        raw, shown = fields.get("evt.rawarg." + field), fields.get("evt.arg." + field)
        if raw in (None, "<NA>"):
            if name is not None: found.append("untold")
            continue
        if raw != name: found.append("raw " + field)
        elif name.startswith("/") or field == "path" and call == "chdir" or not name:
            if shown != name: found.append(field)
        elif (whole := absolute(directory, name)) and shown != whole: found.append(field)
        if call in OPENS and result >= 0 and fields["fd.name"] not in (absolute(directory, name), opened): found.append("fd.name")
    return found


def main():
    shrike, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    source = sys.argv[3] if len(sys.argv) > 3 else "audit"
    workload = os.path.join(os.path.dirname(os.path.abspath(__file__)), "strace_workload.py")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o755)
        work = directory + "/work"
        os.mkdir(work)
        os.chown(work, UID, UID)
        open(f"{directory}/rules.yaml", "w").write(RULES)
        open(f"{directory}/work.py", "w").write(open(workload).read())
        daemon = subprocess.Popen(
            [shrike, "run", "-r", directory + "/rules.yaml", "--source", source, "-o", "json_output=true", "-o",
             "shrike.repeats.window=0"], stdout=open(directory + "/alerts", "w"), stderr=open(directory + "/log", "w"))
        wait(lambda: "armed in" in open(directory + "/log").read())
        subprocess.run(
            ["strace", "-f", "-y", "-s", "8192", "-e", "trace=" + ",".join(["?" + call for call in [*CALLS, *FORKS, "fchdir"]]),
             "-o", directory + "/trace", "setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "/usr/bin/python3",
             directory + "/work.py", work, str(number)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        daemon.terminate()
        daemon.wait(30)
        if keep := os.environ.get("SHRIKE_KEEP"): subprocess.run(["cp", "-r", directory, keep])
        return compare(directory, number)


def wait(condition):
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline: raise SystemExit("Shrike did not start")
        time.sleep(0.1)


def compare(directory, number):
    told = collections.defaultdict(list)
    for line in open(directory + "/alerts"):
        fields = json.loads(line).get("output_fields", {})
        if "evt.type" in fields: told[(fields["evt.type"], fields["proc.pid"])].append(fields)
    trace = Trace(directory + "/trace")
    # What ran before the user changed is not the workload's: that user's first call is the second exec.
    started = [index for index, call in enumerate(trace.calls) if call[1] == "execve" and call[2] == 0][1]
    compared = agreed = 0
    kinds, untold, examples = collections.Counter(), collections.Counter(), {}
    for pid, call, result, names, program, opened in trace.calls[started:]:
        mine = told[(call, pid)]
        looks = [differences(call, result, names, program, opened, fields) for fields in mine]
        outcome = "done" if result >= 0 else errno.errorcode[-result]
        if [] in looks:
            compared += 1
            agreed += 1
            mine.pop(looks.index([]))
            continue
        # A name that the kernel does not write is no disagreement, unless Shrike has another one.
        only = next((index for index, look in enumerate(looks) if set(look) == {"untold"}), None)
        is_empty = all(name == "" for _, name, _ in names)
        if only is not None and (is_empty or result < 0 and call in NAMING):
            untold[f"{call} {'of an empty name' if is_empty else outcome}"] += 1
            mine.pop(only)
            continue
        compared += 1
        what = min(looks, key=len) if looks else ["not told"]
        kind = f"{call} {outcome}: {', '.join(what)}"
        kinds[kind] += 1
        examples.setdefault(kind, (pid, names, program, mine[looks.index(what)] if looks else None))
    print(f"{compared} calls of {number} processes, {agreed} agree: {100 * agreed / max(compared, 1):.2f} %; "
          f"{sum(untold.values())} with a name that the kernel does not tell")
    for kind, count in untold.most_common(): print(f"  untold: {count} x {kind}")
    for kind, count in kinds.most_common():
        pid, names, program, fields = examples[kind]
        fields = {key: value for key, value in (fields or {}).items() if value not in (None, "<NA>")}
        print(f"  {count} x {kind}\n      strace {pid} {names} {program}\n      shrike {fields}")
    log = open(directory + "/log").read()
    print(log[-600:])
    if "Dropped: nothing" not in log: print("Shrike lost events: this run proves nothing; let nothing else run beside it")
    return 0 if compared and agreed >= 0.995 * compared else 1


if __name__ == "__main__":
    sys.exit(main())
