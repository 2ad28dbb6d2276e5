"""The sensor that learns, what it tells, and what it knows."""
import datetime, json, os, re, signal, subprocess, sys, tempfile, threading, time

import pods

SETTINGS = ("quiet", "middle", "eager")
KINDS = "exec child arguments read write listen connect user syscall capability namespace".split()
# How the rules of anomaly.yaml are called in tables.
SHORT = {"Program new to the workload": "program", "User new to the workload": "user", "Port new to the workload": "port",
         "Kernel module new to the workload": "module", "Parent new to a program of the workload": "parent",
         "Destination new to the workload": "destination", "File newly written by the workload": "written",
         "Capability new to the workload": "capability", "Namespace new to the workload": "namespace", "Chain of odd acts": "chain",
         "Arguments new to a program of the workload": "arguments", "File newly read by the workload": "read",
         "System call new to the workload": "call"}


class Alert:
    def __init__(self, line):
        found = json.loads(line)
        self.rule, self.output, self.priority = found["rule"], found.get("output", ""), found.get("priority", "")
        fields = found.get("output_fields") or {}
        tags = found.get("tags") or []
        self.time = datetime.datetime.fromisoformat(found["time"][:19] + "+00:00").timestamp() + float("0" + found["time"][19:].rstrip("Z"))
        self.setting = next((setting for setting in SETTINGS if f"anomaly_{setting}" in tags), None)
        self.workload = fields.get("novel.workload") or ""
        if not self.setting and fields.get("k8s.ns.name") == pods.NAMESPACE:
            owner = fields.get("k8s.pod.label[app]") or re.sub(r"-(0|[a-z0-9]+-[a-z0-9]+)$", "", fields.get("k8s.pod.name") or "")
            self.workload = f"k8s/{pods.NAMESPACE}/{owner}/{fields.get('container.name') or 'main'}"
        self.news = fields.get("novel.news") or ""
        self.score = fields.get("novel.score")
        self.command = fields.get("proc.cmdline") or ""

    @property
    def short(self):
        return SHORT.get(self.rule, self.rule)


class Sensor:
    def __init__(self, chosen):
        self.program, self.directory = chosen.shrike, pods.PROFILES
        os.makedirs(self.directory, mode=0o700, exist_ok=True)
        self.keys = ["enabled=true", f"directory={pods.PROFILES}", f"window={chosen.window}", f"unseen_percent={chosen.unseen}",
                     "whole_day=false", "start_runs=2", "repeat=5", "save_interval=2", f"rules={chosen.setting}"]
        self.alerts, self.memory, self.settled, self.known = [], [], {}, {}
        self.peak = 0
        self.process = self.log = None
        self.begin = time.monotonic()
        self.source = chosen.source
        self.rules = chosen.rules

    def options(self):
        return [word for key in self.keys for word in ("-o", f"shrike.learning.{key}")]

    def start(self):
        words = [self.program, "--json", "-U", "--wait", "60", "-o", "rule_matching=all", *self.options()]
        # Of all rules' alerts it must be known whose they are, and of what.
        words += ["-p", "[%k8s.ns.name %k8s.pod.name %k8s.pod.label[app] %container.name %novel.workload %novel.news %proc.cmdline]"]
        for source in self.source:
            words += ["--source", source]
        for rules in self.rules:
            words += ["-r", rules]
        self.log = tempfile.NamedTemporaryFile("w+", prefix="workloads-log-")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        threading.Thread(target=self.read, daemon=True).start()
        end = time.monotonic() + 120
        while "armed in" not in open(self.log.name).read():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the sensor does not watch:\n" + open(self.log.name).read()[-2000:])
            time.sleep(0.2)
        self.begin = time.monotonic()

    def read(self):
        for line in self.process.stdout:
            try:
                self.alerts.append(Alert(line))
            except (ValueError, KeyError):
                pass

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.log:
            return open(self.log.name).read()

    def measure(self, phase):
        """Notes the memory of the sensor and its children, and the time it has used on processors."""
        resident = peak = 0
        ticks = 0
        try:
            children = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split()
            for process in [self.process.pid, *children]:
                text = open(f"/proc/{process}/status").read()
                resident += int(re.search(r"VmRSS:\s+(\d+)", text)[1])
                peak += int(re.search(r"VmHWM:\s+(\d+)", text)[1])
                parts = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
                ticks += int(parts[11]) + int(parts[12])
        except (OSError, TypeError):
            return
        self.memory.append((phase, time.monotonic() - self.begin, resident / 1024, peak / 1024, ticks / os.sysconf("SC_CLK_TCK")))

    def profile(self, *words):
        return subprocess.run(["nice", self.program, "profile", *words, *self.options()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60).stdout

    def look(self):
        """Notes which kinds are settled by now: since when, and how often one has begun to wait anew."""
        now = time.monotonic() - self.begin
        try:
            profiles = json.loads(self.profile("list", "--json"))["profiles"]
        except (ValueError, KeyError, subprocess.TimeoutExpired):
            return
        for profile in profiles:
            for kind, found in profile["kinds"].items():
                key = profile["workload"], kind
                self.known[key] = found["known"], found["left_out"]
                times = self.settled.setdefault(key, [])
                if found["settled"] != (len(times) % 2 == 1):
                    times.append(now)
