"""What watches in Benchmarks/overhead: started, asked for what it used, and ended."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

from auditd import Auditd

TICK = os.sysconf("SC_CLK_TCK")


def without_audit(is_off):
    """Lets programs that are started from now on have nothing to do with audit."""
    subprocess.run(["auditctl", "-a" if is_off else "-d", "never,task"], check=True, capture_output=True)


def cpu_seconds(pid):
    """Processor time of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mebibytes(pid):
    return int(re.search(r"VmRSS:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Shrike:
    """A Shrike that watches with one source, or with eBPF that notes calls, too."""

    def __init__(self, binary, variant, rules, directory):
        self.errors = directory / f"{variant}.err"
        self.port = free_port()
        command = [binary, "run", "--source", variant.removesuffix("+sets"), "-o", "webserver.enabled=true",
                   "-o", f"webserver.listen_port={self.port}", "-o", "webserver.prometheus_metrics_enabled=true"]
        if variant.endswith("+sets"):
            command += ["-o", "shrike.learning.enabled=true", "-o", f"shrike.learning.directory={directory}/profiles"]
        for path in rules:
            command += ["-r", path]
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        end = time.monotonic() + 60
        while "armed" not in self.errors.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise SystemExit(f"{variant}: not armed:\n{self.errors.read_text()}")
            time.sleep(0.05)
        time.sleep(1)

    def figures(self):
        """Processor time and events handed over, so far."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        events = sum(float(n) for n in re.findall(r"^shrike_events_total(?:\{.*\})? (\S+)$", text, re.M))
        return cpu_seconds(self.process.pid), events

    def memory(self):
        return resident_mebibytes(self.process.pid)

    def stop(self):
        """Ends it; gives what it says of losses."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        dropped = re.search(r"Dropped:\s*(.+)", self.errors.read_text())
        return dropped[1] if dropped else "?"


class HardenedNode(Auditd):
    """auditd with the rules that hardening guides ask for."""

    CALLS = [
        "execve,execveat", "connect", "ptrace", "mount,umount2", "init_module,finit_module,delete_module",
        "setuid,setgid,setreuid,setregid,setresuid,setresgid", "sethostname,setdomainname", "adjtimex,settimeofday,clock_settime",
    ]
    DENIED = "open,openat,creat,truncate,ftruncate"
    CHANGED = "unlink,unlinkat,rename,renameat,chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown,setxattr,removexattr"
    FILES = ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh",
             "/etc/cron.d", "/etc/crontab", "/etc/pam.d", "/etc/ld.so.preload", "/etc/hosts", "/var/log/lastlog"]

    def __init__(self, directory):
        super().__init__(directory / "auditd", "ENRICHED")
        subprocess.run(["/sbin/auditctl", "-b", "8192"], check=True, capture_output=True)
        for abi in ("b64", "b32"):
            for calls in self.CALLS:
                self.add("always,exit", "-F", f"arch={abi}", "-S", calls, is_needed=abi == "b64")
            for code in ("EACCES", "EPERM"):
                self.add("always,exit", "-F", f"arch={abi}", "-S", self.DENIED, "-F", f"exit=-{code}")
            self.add("always,exit", "-F", f"arch={abi}", "-S", self.CHANGED, "-F", "auid>=1000", "-F", "auid!=unset")
        for path in self.FILES:
            if os.path.exists(path):
                kind = "dir" if os.path.isdir(path) else "path"
                self.add("always,exit", "-F", f"{kind}={path}", "-F", "perm=wa")

    def figures(self):
        """Processor time, and events in its log, so far."""
        with open(self.log, "rb") as log:
            events = sum(1 for line in log if line.startswith(b"type=SYSCALL"))
        return cpu_seconds(self.process.pid), events

    def memory(self):
        return resident_mebibytes(self.process.pid)

    def stop(self):
        """Ends it and puts audit back; gives what the kernel says of losses."""
        lost = super().stop()
        return f"{lost} records by the kernel" if lost else "nothing"
