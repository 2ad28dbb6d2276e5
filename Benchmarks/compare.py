#!/usr/bin/env python3
"""Runs Shrike, laurel and ausearch on one log, and Shrike's start, and prints a table of ratios.

compare.py SHRIKE STAGES LOG RULES…: called by Benchmarks/run. CPU times are those of the processes (rusage), the best of
three runs each, so that other work on the machine counts little. Programs that are not there are left out.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

RUNS = 3


def run(command, stdin=None):
    """CPU seconds and peak memory in KiB of a command, which must succeed; ausearch's 1 means that it found nothing."""
    with open(stdin or os.devnull, "rb") as source:
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {code}\n{errors.decode(errors='replace')[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def best(command, stdin=None):
    results = [run(command, stdin) for _ in range(RUNS)]
    return min(r[0] for r in results), max(r[1] for r in results)


def laurel_command(work):
    """laurel as its Debian package sets it up, but for where it writes."""
    output = work / "laurel"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    configuration = pathlib.Path("/etc/laurel/config.toml").read_text()
    configuration = re.sub(r'(?m)^directory = .*$', f'directory = "{output}"', configuration)
    configuration = re.sub(r'(?m)^user = .*$', 'user = "root"', configuration)
    (work / "laurel.toml").write_text(configuration)
    return ["/usr/sbin/laurel", "-c", str(work / "laurel.toml")]


def armed(shrike, options):
    """Milliseconds from the start of the process until it says that it is armed; None where it can't watch."""
    start = time.monotonic()
    process = subprocess.Popen([shrike, *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    elapsed = None
    for line in process.stderr:
        if "armed in" in line:
            elapsed = (time.monotonic() - start) * 1000
            break
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.stderr.read()
    process.wait()
    return elapsed


def main():
    shrike, stages, log, *rules = sys.argv[1:]
    log = pathlib.Path(log).resolve()
    work = log.parent
    with open(log, "rb") as file:
        records = sum(1 for _ in file)
    options = [word for rule in rules for word in ("-r", rule)]
    print(f"{records} records, rules: {', '.join(os.path.basename(rule) for rule in rules)}\n")

    print("| stage, in one process | per | ratio to finding the lines |\n|---|---|---|")
    output = subprocess.run([stages, str(log), *rules], check=True, capture_output=True, text=True).stdout
    cost = {}
    filters = {}
    for line in output.splitlines():
        name, items, nanoseconds = line.split("\t")
        cost[name] = float(nanoseconds) * int(items)
        if "filter" in name:
            filters[name] = float(nanoseconds)
            continue
        print(f"| {name} | {'record' if name in ('lines', 'decode') else 'event'} | {cost[name] / cost['lines']:.1f} |")
    print(f"\n1000 distinct rules cost {cost['rules-1000'] / cost['rules-10']:.2f} times what 10 cost, on the whole way\n")
    print("| rules on files | an open that the kernel's filter stops | making the filter, a rule |\n|---|---|---|")
    for count in (10, 100, 1000, 10000):
        stop, make = (filters[f"{name}-{count}"] / filters[f"{name}-10"] for name in ("filter", "make-filter"))
        print(f"| {count} | {stop:.2f} | {make:.2f} |")
    print("\nIn Swift, the reference of what the kernel's programs do; ratios to 10 rules.\n")

    replay, memory = best([shrike, "replay", *options, "-o", "stdout_output.enabled=true", str(log)])
    decode_only, _ = best(["/sbin/ausearch", "-if", str(log), "-i", "-m", "SYSCALL"]) if os.path.exists(
        "/sbin/ausearch") else (None, 0)
    found, _ = best(["/sbin/ausearch", "-if", str(log), "-sc", "execve", "-m", "SYSCALL"]) if decode_only else (None, 0)
    laurel = best(laurel_command(work), str(log))[0] if os.path.exists("/usr/sbin/laurel") else None
    print("| the same log, CPU time | ratio to shrike replay |\n|---|---|")
    print("| shrike replay, all rules, alerts as text | 1 |")
    for name, seconds in (
        ("laurel, as packaged, to JSON", laurel),
        ("ausearch -i, interpreted text", decode_only),
        ("ausearch -sc execve, raw", found),
    ):
        print(f"| {name} | {'not installed' if seconds is None else f'{seconds / replay:.1f}'} |")
    print(f"\nPeak memory of the replay: {memory / 1024:.0f} MiB\n")

    if os.geteuid() == 0:
        for source in ("ebpf", "audit"):
            times = sorted(filter(None, (armed(shrike, ["--source", source, *options]) for _ in range(5))))
            if times:
                print(f"Start to armed on {source}, median of {len(times)}: {times[len(times) // 2]:.0f} ms")


if __name__ == "__main__":
    main()
