"""What watches in Benchmarks/overhead: started, asked for what it used, and ended."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

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


class Auditd:
    """auditd as Debian configures its writing, with the rules that hardening guides ask for."""

    CONFIGURATION = """local_events = yes
write_logs = yes
log_file = {0}/audit.log
log_format = ENRICHED
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file_action = IGNORE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = {0}/plugins.d
"""
    CALLS = [
        "execve,execveat", "connect", "ptrace", "mount,umount2", "init_module,finit_module,delete_module",
        "setuid,setgid,setreuid,setregid,setresuid,setresgid", "sethostname,setdomainname", "adjtimex,settimeofday,clock_settime",
    ]
    DENIED = "open,openat,creat,truncate,ftruncate"
    CHANGED = "unlink,unlinkat,rename,renameat,chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown,setxattr,removexattr"
    FILES = ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh",
             "/etc/cron.d", "/etc/crontab", "/etc/pam.d", "/etc/ld.so.preload", "/etc/hosts", "/var/log/lastlog"]

    def __init__(self, directory):
        self.place = directory / "auditd"
        shutil.rmtree(self.place, ignore_errors=True)
        (self.place / "plugins.d").mkdir(parents=True, mode=0o750)
        configuration = self.place / "auditd.conf"
        configuration.write_text(self.CONFIGURATION.format(self.place))
        configuration.chmod(0o640)
        status = subprocess.run(["auditctl", "-s"], capture_output=True, text=True, check=True).stdout
        self.enabled = re.search(r"enabled (\d)", status)[1]
        self.lost = int(re.search(r"lost (\d+)", status)[1])
        self.process = subprocess.Popen(
            ["/sbin/auditd", "-n", "-c", self.place], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        if self.process.poll() is not None:
            raise SystemExit(f"auditd does not run: {self.process.stderr.read()}")
        subprocess.run(["auditctl", "-b", "8192"], check=True, capture_output=True)
        self.rules = []
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

    def add(self, *rule, is_needed=True):
        # Not every call is one of the 32-bit interface.
        added = subprocess.run(["auditctl", "-a", *rule], check=is_needed, capture_output=True)
        if added.returncode == 0:
            self.rules.append(rule)

    def figures(self):
        """Processor time, and lines in its log, so far."""
        with open(self.place / "audit.log", "rb") as log:
            lines = sum(1 for line in log if line.startswith(b"type=SYSCALL"))
        return cpu_seconds(self.process.pid), lines

    def memory(self):
        return resident_mebibytes(self.process.pid)

    def stop(self):
        """Ends it and puts audit back; gives what the kernel says of losses."""
        for rule in reversed(self.rules):
            subprocess.run(["auditctl", "-d", *rule], capture_output=True)
        status = subprocess.run(["auditctl", "-s"], capture_output=True, text=True, check=True).stdout
        lost = int(re.search(r"lost (\d+)", status)[1]) - self.lost
        self.process.terminate()
        self.process.wait()
        subprocess.run(["auditctl", "-e", self.enabled, "-b", "64"], capture_output=True)
        shutil.rmtree(self.place, ignore_errors=True)
        return f"{lost} records by the kernel" if lost else "nothing"
