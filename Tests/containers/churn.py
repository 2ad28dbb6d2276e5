#!/usr/bin/env python3
"""Containers that come and go, with an attack among them every second: is every attack told, and does nothing pile up?

  churn.py [--shrike BINARY] [--seconds 600] [--rate 10] [--named] [--longest-stall 0.05]

Needs root, runc, a static busybox (/bin/busybox) and overlayfs. Starts Shrike with one source, then RATE containers a
second, each with a root file system of its own. One of them a second does what the default rules look for as its very first
act: it reads /etc/shadow and writes below /bin. With `--named` containers have names for ids, as with `runc run NAME`. Prints what
it saw and ends with `ok` or `FAULT`: an attack that was not told, or not with its container; rules that are not what they were,
memory that grows; an event thread that stood still for longer than so many seconds (0: that is not judged).
"""
import argparse, collections, concurrent.futures, hashlib, json, os, shutil, signal, subprocess, sys, tempfile, threading, time, urllib.request

PORT = 18799
HOME = "/run/shrike-churn"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shrike", default=".build/release/shrike")
    parser.add_argument("--source", default="audit")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--named", action="store_true")
    parser.add_argument("--longest-stall", type=float, default=0.05)
    return parser.parse_args()


def quiet(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def make_image():
    """A root file system that all containers share as their lowest layer."""
    image = f"{HOME}/image"
    for name in ("bin", "etc", "proc", "dev", "sys", "tmp"):
        os.makedirs(f"{image}/{name}", exist_ok=True)
    shutil.copy("/bin/busybox", f"{image}/bin/busybox")
    for applet in ("sh", "cat", "true", "echo"):
        os.symlink("busybox", f"{image}/bin/{applet}")
    with open(f"{image}/etc/passwd", "w") as file:
        file.write("root:x:0:0:root:/:/bin/sh\n")
    with open(f"{image}/etc/shadow", "w") as file:
        file.write("root:!:19000:0:99999:7:::\n")
    subprocess.run(["runc", "spec", "-b", HOME], check=True)
    return image, json.load(open(f"{HOME}/config.json"))


def run_container(image, spec, name, command):
    """create, start, end, delete: as containerd does it, with a root file system that comes and goes."""
    bundle = f"{HOME}/bundles/{name}"
    for part in ("rootfs", "upper", "work"):
        os.makedirs(f"{bundle}/{part}")
    root = f"{bundle}/rootfs"
    subprocess.run(
        ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={image},upperdir={bundle}/upper,workdir={bundle}/work", root],
        check=True)
    own = json.loads(json.dumps(spec))
    own["process"].update(terminal=False, args=["/bin/sh", "-c", command], env=["PATH=/bin"])
    own["root"] = {"path": root, "readonly": False}
    own["linux"]["cgroupsPath"] = f"/kubepods/besteffort/podchurn/{name}"
    with open(f"{bundle}/config.json", "w") as file:
        json.dump(own, file)
    try:
        log = open(os.devnull, "w")
        subprocess.run(["runc", "create", "--bundle", bundle, name], check=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        subprocess.run(["runc", "start", name], check=True, stdout=log, stderr=log)
        for _ in range(200):
            state = subprocess.run(["runc", "state", name], capture_output=True, text=True).stdout
            if '"stopped"' in state:
                break
            time.sleep(0.02)
        return True
    except subprocess.CalledProcessError:
        return False
    finally:
        quiet("runc", "delete", "-f", name)
        quiet("umount", "-l", root)
        shutil.rmtree(bundle, ignore_errors=True)


class Shrike:
    """The program under test, its alerts and its metrics."""

    def __init__(self, binary, source, directory):
        self.output, self.log = f"{directory}/out", f"{directory}/err"
        command = [binary, "run", "--source", source, "-o", "json_output=true", "-o", "webserver.enabled=true", "-o",
                   f"webserver.listen_port={PORT}", "-o", "webserver.prometheus_metrics_enabled=true"]
        # As a service manager does it: where sessions share the processors, Shrike lets its own go before others.
        self.process = subprocess.Popen(
            command, stdout=open(self.output, "w"), stderr=open(self.log, "w"), start_new_session=True)
        for _ in range(600):
            if "armed" in open(self.log).read():
                return
            time.sleep(0.1)
        sys.exit("Shrike did not arm:\n" + open(self.log).read())

    def goes_before_other_sessions(self):
        """Whether its session has been raised, where there are groups of sessions (sched(7))."""
        path = f"/proc/{self.process.pid}/autogroup"
        return not os.path.exists(path) or open(path).read().strip().endswith(" nice -10")

    def memory(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1])

    def metric(self, name):
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=5).read().decode()
        except OSError:
            return None
        values = [float(line.split()[-1]) for line in text.splitlines() if line.startswith(name)]
        return max(values) if values else None

    def answer_seconds(self):
        begin = time.monotonic()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=30).read()
        except OSError:
            pass
        return time.monotonic() - begin

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        return [json.loads(line) for line in open(self.output) if line.strip()]


def rules():
    lines = subprocess.run(["auditctl", "-l"], capture_output=True, text=True).stdout.splitlines()
    return sum(1 for line in lines if "shrike" in line)


def main():
    wanted = options()
    shutil.rmtree(HOME, ignore_errors=True)
    os.makedirs(f"{HOME}/bundles", mode=0o700)
    image, spec = make_image()
    directory = tempfile.mkdtemp()
    shrike = Shrike(wanted.shrike, wanted.source, directory)
    is_before_others = shrike.goes_before_other_sessions()
    run_container(image, spec, "warm", "true")
    time.sleep(3)
    before = (rules(), shrike.memory())
    attacks, failed, slowest, lock = set(), 0, 0.0, threading.Lock()

    def one(number, attacks_now):
        nonlocal failed
        # As containerd and CRI-O name them.
        name = f"churn-{number}" if wanted.named else hashlib.sha256(f"churn {number}".encode()).hexdigest()
        worked = run_container(image, spec, name, "cat /etc/shadow; echo x > /bin/y" if attacks_now else "true")
        with lock:
            if not worked:
                failed += 1
            elif attacks_now:
                attacks.add(name)

    memory, next_sample = [], 0.0
    number, next_attack, begin = 0, 0.0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=24) as pool:
        while (now := time.monotonic() - begin) < wanted.seconds:
            is_attack = now >= next_attack
            if is_attack:
                next_attack += 1
                slowest = max(slowest, shrike.answer_seconds())
            if now >= next_sample:
                next_sample += max(5, wanted.seconds / 20)
                memory.append(shrike.memory())
            pool.submit(one, number, is_attack)
            number += 1
            time.sleep(max(0, number / wanted.rate - (time.monotonic() - begin)))
    took = time.monotonic() - begin
    # That a process is gone is noticed after some ten seconds, and half a minute later it is forgotten.
    is_long = wanted.seconds >= 60
    time.sleep(90 if is_long else 5)
    after = (rules(), shrike.memory())
    stall = shrike.metric("shrike_event_thread_stall_seconds")
    arming = shrike.metric("shrike_container_arming_longest_seconds")
    late = shrike.metric("shrike_containers_late_total")
    alerts = shrike.end()
    told, named = collections.Counter(), set()
    for alert in alerts:
        fields = alert["output_fields"]
        if fields.get("fd.name") in ("/etc/shadow", "/bin/y"):
            told[fields["fd.name"]] += 1
            named.add((fields.get("container.id"), fields["fd.name"]))
    # The fields have the first 12 characters of an id.
    with_name = sum((name[:12], path) in named for name in attacks for path in ("/etc/shadow", "/bin/y"))
    internal = sorted({alert["rule"] + ": " + alert["output"][:160] for alert in alerts
                       if alert["rule"].startswith("Shrike internal") and "stopping" not in alert["rule"]})
    shutil.rmtree(HOME, ignore_errors=True)
    print(f"{number} containers in {took:.0f} s ({failed} failed), {len(attacks)} attacks of 2 acts each: "
          f"{told['/etc/shadow']} reads and {told['/bin/y']} writes told, {with_name} of {2 * len(attacks)} with their container")
    print(f"rules {before[0]} -> {after[0]}, memory {before[1]} -> {after[1]} KiB, slowest health answer {slowest:.3f} s, "
          f"longest standing still {stall} s, longest arming {arming} s, {late} late")
    print("memory in between:", *memory)
    for line in internal:
        print(" ", line)
    faults = [] if is_before_others else ["priority of its session"]
    if late is None and wanted.source == "audit":
        faults.append("no count of late containers")
    if not attacks or with_name < 2 * len(attacks):
        faults.append("attacks")
    if after[0] > before[0]:
        faults.append("rules")
    # The processes of half a minute are known, this machine's others too: what they take must not grow with the time.
    is_growing = wanted.seconds >= 180 and max(memory[len(memory) // 2:] + [after[1]]) > memory[len(memory) // 2] * 1.15
    if after[1] > before[1] * (2 if is_long else 1.5) or is_growing:
        faults.append("memory")
    if wanted.longest_stall and (stall is None or stall > wanted.longest_stall):
        faults.append("standing still")
    print("FAULT: " + ", ".join(faults) if faults else "ok")
    sys.exit(1 if faults else 0)


main()
