#!/usr/bin/env python3
"""Compares two builds of Shrike on one machine in one run, and prints the newer one's figures as ratios to the older one's.

versions.py OLDER NEWER LOG MARKERS RULES: called by Benchmarks/versions. OLDER and NEWER are scratch paths of release builds; both
use the older one's rules file. They take turns, so that what else the machine does meets both; figures are medians.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import compare
import latency

ROUNDS = 7


def median(values):
    values = sorted(value for value in values if value is not None)
    return values[len(values) // 2] if values else None


def stripped(program, directory):
    copy = pathlib.Path(directory, "stripped")
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy.stat().st_size


def libraries(program):
    return sum("=>" in line for line in subprocess.run(["ldd", program], capture_output=True, text=True).stdout.splitlines())


def resident(program, directory, rules, source="audit"):
    """KiB of the sensor two seconds after it was armed."""
    process = subprocess.Popen(
        [program, "--source", source, "-r", rules, "-o", f"shrike.state_directory={directory}"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "armed in" in line:
            break
    else:
        process.wait()
        return None
    time.sleep(2)
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    latency.stop(process)
    return int(status.split("VmRSS:")[1].split()[0])


def table(rows):
    print("| | older | newer | ratio |\n|---|---|---|---|")
    for name, unit, older, newer in rows:
        if older is None or newer is None:
            print(f"| {name} | not measured | | |")
        else:
            print(f"| {name} | {older:.4g} {unit} | {newer:.4g} {unit} | {newer / older:.2f} |")


def main():
    scratch, log, markers = sys.argv[1:3], os.path.abspath(sys.argv[3]), os.path.abspath(sys.argv[4])
    rules = os.path.abspath(sys.argv[5])
    programs = [f"{path}/release/shrike" for path in scratch]
    base = pathlib.Path("/var/lib/shrike-benchmark")
    base.mkdir(mode=0o700, exist_ok=True)
    directory = tempfile.mkdtemp(dir=base)

    def both(measure):
        """Medians of what `measure` gives for each program, taken in turn."""
        rounds = [[measure(program) for program in programs] for _ in range(ROUNDS)]
        return [median(column) for column in zip(*rounds)]

    rows = []

    def row(name, unit, values, factor=1.0):
        rows.append((name, unit, *(None if value is None else value * factor for value in values)))

    try:
        row("clean release build, CPU time", "s", [float(pathlib.Path(path + ".seconds").read_text()) for path in scratch])
        row("the program, stripped", "MB", [stripped(program, directory) for program in programs], 1e-6)
        row("libraries in root's process", "", [libraries(program) for program in programs])
        command = ["replay", "-r", rules, "-o", "stdout_output.enabled=true", log]
        replays = [[compare.run([program, *command]) for program in programs] for _ in range(ROUNDS)]
        for index, (name, unit, factor) in enumerate([("replay, CPU time", "s", 1), ("replay, peak memory", "MiB", 1 / 1024)]):
            row(name, unit, [median(turn[side][index] for turn in replays) for side in (0, 1)], factor)
        if os.geteuid() == 0:
            row("start to armed", "ms", both(lambda program: compare.armed(program, ["--source", "audit", "-r", rules])))
            row("memory once armed", "MiB", both(lambda program: resident(program, directory, rules)), 1 / 1024)
            rounds = [[latency.measure_shrike(program, markers, directory, 1000, 200) for program in programs] for _ in range(3)]
            for index, name in enumerate(["50", "99"]):
                row(f"open(2) to webhook, {name} percent", "ms", [median(turn[side][index] for turn in rounds) for side in (0, 1)])
            missing = [sum(turn[side][2] for turn in rounds) for side in (0, 1)]
        table(rows)
        if os.geteuid() == 0:
            print(f"\nAlerts that never came: {missing[0]} and {missing[1]} of 3000.")
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
