"""What runs: the pods and the service, how they are probed, and what happens to them now and then."""
import os, sys, threading, time

import load, pods

PROGRAM = f"{pods.HERE}/pods/unit/collector.py"
# What others need comes first.
ORDER = ["db", "cache", "app", "web", "node", "job", "unit"]
NAMES = {name: f"k8s/{pods.NAMESPACE}/{name}/main" for name in ORDER[:-1]} | {"unit": "unit/shrike-workloads.service"}
# What a kubelet runs in a pod every ten seconds.
PROBES = {
    "web": "curl -fs http://127.0.0.1:18080/health >/dev/null",
    "app": "test -f /run/app.pid && kill -0 $(cat /run/app.pid)",
    "db": "exec pg_isready -q -U postgres -h 127.0.0.1 -p 18432",
    "job": "find /data/heartbeat -mmin -1 | grep -q .",
}
PROBE_SECONDS = 10
ROTATE = "logrotate -s /var/lib/logrotate.state -f /workload/logrotate.conf"
# What comes for the first time when the profiles are settled.
LATE = {
    "web": [("rotation", ROTATE), ("reload", "kill -HUP 1"), ("maintenance", "/usr/lib/php/sessionclean")],
    "app": [("rotation", ROTATE), ("reload", "kill -HUP 1"), ("maintenance", "/usr/libexec/dpkg/dpkg-db-backup")],
    "node": [("rotation", "mv /var/log/node/access.log /var/log/node/access.log.1; kill -USR2 1; gzip -f /var/log/node/access.log.1"),
             ("reload", "kill -HUP 1"), ("new probe", "exec curl -fs -o /dev/null http://127.0.0.1:18082/")],
    "db": [("rotation", "psql -q -h 127.0.0.1 -p 18432 -U postgres -c 'SELECT pg_rotate_logfile()'"), ("reload", "kill -HUP 1"),
           ("maintenance", "vacuumdb -q -a -z -h 127.0.0.1 -p 18432 -U postgres")],
    "cache": [("rotation", ROTATE), ("maintenance", "redis-check-aof /var/lib/redis/appendonlydir/appendonly.aof.manifest"),
              ("new probe", "redis-cli -p 18379 ping")],
    "job": [("rotation", ROTATE), ("maintenance", "/usr/libexec/dpkg/dpkg-db-backup")],
    "unit": [("rotation", "kill -HUP")],
}


class Workloads:
    def __init__(self, runtime, chosen, stopped):
        self.runtime, self.chosen, self.stopped = runtime, [name for name in ORDER if name in chosen], stopped
        self.pods, self.containers, self.service, self.log = {}, {}, None, None
        self.chance = pods.seeded("names", "pods")
        self.paused = {name: threading.Lock() for name in self.chosen}
        self.problems = {}

    def mounts(self, name):
        found = {"db": [(f"{pods.HOME}/database", "/var/lib/postgresql")], "job": [(f"{pods.HOME}/inbox", "/inbox")]}.get(name, [])
        for host, _ in found:
            os.makedirs(host, exist_ok=True)
        return found

    def start(self, name):
        if name == "unit":
            os.makedirs(f"{pods.HOME}/collected", exist_ok=True)
            self.log = self.log or open(f"{pods.HOME}/unit.log", "a")
            self.service = pods.start_unit(["/usr/bin/python3", PROGRAM, f"{pods.HOME}/collected"], self.log)
            return
        self.pods[name], self.containers[name] = self.runtime.start(name, self.chance, self.mounts(name), stateful=name == "db")
        load.wait_up(name)

    def stop(self, name):
        if name == "unit":
            if self.service:
                self.service.terminate()
                self.service.wait(10)
            self.service = None
        elif name in self.pods:
            self.runtime.remove(self.pods.pop(name))
            self.containers.pop(name)

    def start_all(self):
        for name in self.chosen:
            self.start(name)

    def stop_all(self):
        for name in reversed(self.chosen):
            self.stop(name)

    def restart(self, name):
        """As a rollout does it; meanwhile it is not asked for anything."""
        with self.paused[name]:
            self.stop(name)
            self.start(name)

    def inside(self, name, line):
        """Runs a line of shell in a pod, or at the service."""
        if name == "unit":
            raise ValueError("the service is no pod")
        return self.runtime.execute(self.containers[name], ["sh", "-c", line])

    def late(self, name, act):
        """One of the acts that come late."""
        line = dict(LATE[name])[act]
        if name == "unit":
            self.service.send_signal(1)
            return
        with self.paused[name]:
            status, said = self.inside(name, line)
        if status:
            self.problems[f"{name}: {act}"] = f"status {status}: {said.strip()[-200:]}"

    def work(self, seed, end):
        """Loads all until a time; waits for none."""
        source = load.Load(seed, self.runtime, self.containers)
        threads = [threading.Thread(target=self.ask, args=(name, getattr(source, name), end), daemon=True) for name in self.chosen]
        threads += [threading.Thread(target=self.probe, args=(name, end), daemon=True) for name in self.chosen if name in PROBES]
        for thread in threads:
            thread.start()
        return threads

    def ask(self, name, act, end):
        run = 0
        while time.monotonic() < end() and not self.stopped.is_set():
            try:
                with self.paused[name]:
                    act(run)
            except Exception as problem:
                # A client whose server was just replaced, or too slow for it, asks again; all else is one of this program.
                if not self.stopped.is_set():
                    self.problems[f"{name}: load"] = f"{type(problem).__name__}: {str(problem)[:200]}"
            run += 1
            self.stopped.wait(load.PAUSES[name])

    def probe(self, name, end):
        while time.monotonic() < end() and not self.stopped.is_set():
            try:
                with self.paused[name]:
                    self.inside(name, PROBES[name])
            except Exception as problem:
                if not self.stopped.is_set():
                    self.problems[f"{name}: probe"] = f"{type(problem).__name__}: {str(problem)[:200]}"
            self.stopped.wait(PROBE_SECONDS)
