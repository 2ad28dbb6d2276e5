#!/usr/bin/env python3
"""Writes a synthetic audit log in auditd's raw format: make-audit-log.py EVENTS [--seed N] [--enriched] [--node NAME]

A busy node's mix: opens (most), execs with arguments, connects, renames, unlinks, chmods, bpf, exits. The same seed
makes the same log. Records, their order and their fields are those of a 6.x kernel; laurel, ausearch and auparse read
it as well.
"""
import argparse
import random
import sys

ARCH = "c000003e"
PROGRAMS = [
    ("bash", "/usr/bin/bash", 0), ("python3", "/usr/bin/python3.11", 1000), ("nginx", "/usr/sbin/nginx", 33),
    ("sshd", "/usr/sbin/sshd", 0), ("cron", "/usr/sbin/cron", 0), ("java", "/usr/lib/jvm/bin/java", 1001),
    ("cat", "/usr/bin/cat", 1000), ("curl", "/usr/bin/curl", 1000),
]
FILES = [
    "/etc/ld.so.cache", "/lib/x86_64-linux-gnu/libc.so.6", "/etc/passwd", "/proc/self/status", "/usr/share/zoneinfo/UTC",
    "/var/log/nginx/access.log", "/home/user/a file", "/tmp/session-1234", "/etc/hostname", "/usr/lib/locale/C.utf8/LC_ALL",
]
ARGUMENTS = ["-c", "ls -la /tmp", "--config=/etc/app.conf", "install", "http://10.0.0.7:8080/status", "-v", "x" * 60]


def text(value):
    """A string as the kernel writes it: quoted, or hexadecimal when a byte is no printable ASCII or a quote."""
    raw = value.encode()
    if all(0x21 <= byte <= 0x7E and byte != 0x22 for byte in raw):
        return f'"{value}"'
    return raw.hex().upper()


class Log:
    def __init__(self, options, out):
        self.out = out
        self.random = random.Random(options.seed)
        self.serial = 1000
        self.milliseconds = 1_795_000_000_000
        self.prefix = f"node={options.node} " if options.node else ""
        self.enriched = options.enriched

    def event(self):
        self.serial += 1
        if self.random.random() < 0.3:
            self.milliseconds += self.random.randrange(1, 5)
        self.header = f"msg=audit({self.milliseconds // 1000}.{self.milliseconds % 1000:03d}:{self.serial}):"
        self.comm, self.exe, self.uid = self.random.choice(PROGRAMS)
        self.pid = self.random.randrange(300, 40000)

    def record(self, kind, fields, names=""):
        half = f"\x1d{names}" if self.enriched and names else ""
        self.out.write(f"{self.prefix}type={kind} {self.header} {fields}{half}\n")

    def syscall(self, number, result, registers, items, name):
        success = "yes" if result >= 0 else "no"
        uid = self.uid
        a = " ".join(f"a{i}={value:x}" for i, value in enumerate(registers))
        self.record(
            "SYSCALL",
            f"arch={ARCH} syscall={number} success={success} exit={result} {a} items={items} ppid={self.pid - 1} "
            f"pid={self.pid} auid=4294967295 uid={uid} gid={uid} euid={uid} suid={uid} fsuid={uid} egid={uid} sgid={uid} "
            f'fsgid={uid} tty=(none) ses=4294967295 comm={text(self.comm)} exe={text(self.exe)} key="shrike"',
            f'ARCH=x86_64 SYSCALL={name} AUID="unset" UID="user" GID="user" EUID="user" SUID="user" FSUID="user" '
            f'EGID="user" SGID="user" FSGID="user"',
        )

    def cwd(self):
        self.record("CWD", 'cwd="/home/user"')

    def path(self, item, name, kind="NORMAL", mode="0100644"):
        self.record(
            "PATH",
            f"item={item} name={text(name)} inode={self.random.randrange(1, 10**7)} dev=fe:00 mode={mode} ouid=0 ogid=0 "
            f"rdev=00:00 nametype={kind} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
            'OUID="root" OGID="root"',
        )

    def title(self):
        self.record("PROCTITLE", f"proctitle={(self.exe + chr(0) + '-d').encode().hex().upper()}")

    def open(self):
        self.syscall(257, self.random.choice([3, 4, 5, -2]), [0xFFFFFF9C, 0x7FFC0FB2C460, 0x80000, 0], 1, "openat")
        self.cwd()
        self.path(0, self.random.choice(FILES))
        self.title()

    def exec(self):
        arguments = [self.exe] + self.random.choices(ARGUMENTS, k=self.random.randrange(0, 8))
        self.syscall(59, 0, [0x55D0A1, 0x55D0B2, 0x55D0C3, 8], 2, "execve")
        self.record(
            "BPRM_FCAPS",
            "fver=0 fp=0 fi=0 fe=0 old_pp=0 old_pi=0 old_pe=0 old_pa=0 pp=0 pi=0 pe=0 pa=0 frootid=0",
        )
        words = " ".join(f"a{i}={text(value)}" for i, value in enumerate(arguments))
        self.record("EXECVE", f"argc={len(arguments)} {words}")
        self.cwd()
        self.path(0, self.exe, mode="0100755")
        self.path(1, "/lib64/ld-linux-x86-64.so.2", mode="0100755")
        self.title()

    def connect(self):
        host, port = self.random.randrange(1, 2**24), self.random.choice([80, 443, 8080])
        self.syscall(42, self.random.choice([0, -115]), [3, 0x7FFC0FB2C460, 16, 0], 0, "connect")
        self.record(
            "SOCKADDR", f"saddr=0200{port:04X}0A{host:06X}0000000000000000", "SADDR={ saddr_fam=inet }"
        )
        self.title()

    def rename(self):
        self.syscall(82, 0, [0x55D0A1, 0x55D0B2, 0, 0], 4, "rename")
        self.cwd()
        self.path(0, "/home/user/", "PARENT", "040755")
        self.path(1, "/home/user/", "PARENT", "040755")
        self.path(2, "/home/user/a.tmp", "DELETE")
        self.path(3, "/home/user/a", "CREATE")
        self.title()

    def unlink(self):
        self.syscall(87, 0, [0x55D0A1, 0, 0, 0], 2, "unlink")
        self.cwd()
        self.path(0, "/tmp/", "PARENT", "041777")
        self.path(1, "/tmp/session-1234", "DELETE")
        self.title()

    def leave(self):
        self.syscall(231, 0, [0, 0xE7, 0x3C, 0], 0, "exit_group")
        self.title()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("events", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--enriched", action="store_true")
    parser.add_argument("--node")
    options = parser.parse_args()
    log = Log(options, sys.stdout)
    kinds = [log.open, log.exec, log.connect, log.rename, log.unlink, log.leave]
    for _ in range(options.events):
        log.event()
        log.random.choices(kinds, weights=[60, 12, 12, 3, 3, 10])[0]()


if __name__ == "__main__":
    main()
