#!/usr/bin/env python3
"""Times alerts from the system call to the receiver, and auditd's records to its log in the same run.

latency.py SHRIKE MARKERS ALERTS RATE: called by Benchmarks/latency. MARKERS opens files and prints when each open
returned. A receiver on the loopback interface notes when each alert came, a reader of auditd's log when each record
could be read; all clocks are CLOCK_REALTIME of this machine. What one sees of a system call, the other sees too: the same
kernel rule, the same rate.
"""
import asyncio
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from auditd import Auditd

ROUNDS = 3
MARKER = re.compile(rb"/marker-(\d+)")


class Receiver:
    """Answers every POST with 200 and notes when the body of each marker's alert was complete."""

    def __init__(self):
        self.received = {}
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(self.loop.create_server(lambda: Connection(self), "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()


class Connection(asyncio.Protocol):
    def __init__(self, receiver):
        self.receiver = receiver
        self.buffer = bytearray()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + length:
                return
            now = time.time_ns()
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            for number in set(MARKER.findall(body)):
                self.receiver.received.setdefault(int(number), now)
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class LogReader(threading.Thread):
    """Notes when a record with a marker's name could be read from a growing file."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.received, self.is_stopped = path, {}, False

    def run(self):
        while not os.path.exists(self.path):
            time.sleep(0.01)
        rest = b""
        with open(self.path, "rb", buffering=0) as log:
            while not self.is_stopped:
                data = log.read(1 << 20)
                if not data:
                    time.sleep(0.0001)
                    continue
                now = time.time_ns()
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    if number := MARKER.search(line):
                        self.received.setdefault(int(number[1]), now)


def open_markers(markers, directory, first, count, rate):
    """Opens them; when each open returned, by number."""
    output = subprocess.run(
        [markers, directory, str(first), str(count), str(rate)], env={"MARKER_TIMES": "1"}, check=True,
        capture_output=True, text=True).stdout
    return {int(number): int(moment) for number, moment in (line.split() for line in output.splitlines())}


def wait_for(count, received, seconds, first=0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if sum(1 for number in list(received) if number >= first) >= count:
            return
        time.sleep(0.02)


def quantiles(opened, received):
    """The times in milliseconds at 50 and 99 percent, and how many never came."""
    times = sorted((received[number] - moment) / 1e6 for number, moment in opened.items() if number in received)
    if not times:
        raise SystemExit("latency: nothing arrived")
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)], len(opened) - len(times)


def median(rounds):
    """The median of each column; what is missing adds up."""
    columns = list(zip(*rounds))
    return *(sorted(column)[len(column) // 2] for column in columns[:2]), sum(columns[2])


def start_shrike(shrike, directory, port, batch, source="audit"):
    rules = pathlib.Path(directory, "rules.yaml")
    rules.write_text(
        f"""- rule: Marker opened
  desc: x
  condition: evt.type in (open, openat) and fd.name startswith {directory}/marker
  output: marker opened (file=%fd.name process=%proc.name command=%proc.cmdline parent=%proc.pname user=%user.name
    user_uid=%user.uid terminal=%proc.tty exe=%proc.exepath container=%container.id)
  priority: WARNING
""")
    configuration = pathlib.Path(directory, "shrike.yaml")
    configuration.write_text(
        f"""json_output: true
stdout_output: {{enabled: false}}
shrike:
  spool: {{path: {directory}/spool/spool.db}}
  outputs: [{{name: bench, url: "http://127.0.0.1:{port}/", batch_size: {batch}}}]
""")
    process = subprocess.Popen(
        [shrike, "--source", source, "-c", configuration, "-r", rules], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "armed in" in line:
            break
    else:
        raise SystemExit(f"latency: shrike does not watch, exit code {process.wait()}")
    remarks = []
    threading.Thread(target=lambda: remarks.extend(process.stderr), daemon=True).start()
    return process, remarks


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)


def measure_shrike(shrike, markers, directory, count, rate, source="audit"):
    receiver = Receiver()
    process, _ = start_shrike(shrike, directory, receiver.port, 1, source)
    try:
        open_markers(markers, directory, 1, 50, rate)
        opened = open_markers(markers, directory, 1001, count, rate)
        wait_for(count, receiver.received, 10, first=1001)
    finally:
        stop(process)
    return quantiles(opened, receiver.received)


def measure_rates(shrike, markers, directory, batch):
    """The highest rate at which all alerts of five seconds have arrived one second later, and what ended the search."""
    receiver = Receiver()
    process, remarks = start_shrike(shrike, directory, receiver.port, batch)
    best, first, end = None, 1_000_000, ""
    try:
        for rate in (500, 1000, 2000, 3000, 4000, 6000, 8000, 12000, 16000):
            count = rate * 5
            opened = open_markers(markers, directory, first, count, rate)
            span = (max(opened.values()) - min(opened.values())) / 1e9
            wait_for(count, receiver.received, 1, first=first)
            arrived = sum(1 for number in list(receiver.received) if number >= first)
            reached = count / span
            if arrived < count:
                end = f"of {rate} a second {100 * arrived / count:.0f} % came in time"
                break
            best, first = reached, first + count
            if reached < 0.9 * rate:
                end = "no more files could be opened in a second"
                break
    finally:
        stop(process)
    return best, "; ".join([end] + [line.strip() for line in remarks if "lost" in line])


def measure_auditd(markers, directory, count, rate):
    """auditd as Debian configures its writing, with the rule that Shrike loads for the same condition."""
    daemon = Auditd(pathlib.Path(directory, "auditd"))
    reader = LogReader(str(daemon.log))
    reader.start()
    try:
        daemon.add("always,exit", "-F", "arch=b64", "-S", "open,openat", "-F", f"dir={directory}")
        open_markers(markers, directory, 1, 50, rate)
        opened = open_markers(markers, directory, 1001, count, rate)
        wait_for(count, reader.received, 10, first=1001)
    finally:
        daemon.stop()
        reader.is_stopped = True
    return quantiles(opened, reader.received)


def main():
    shrike, markers, count, rate = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), *map(int, sys.argv[3:5])
    # Not below /tmp: its directories can be written by others.
    base = pathlib.Path("/var/lib/shrike-benchmark")
    base.mkdir(mode=0o700, exist_ok=True)
    directory = tempfile.mkdtemp(dir=base)
    try:
        rounds = [
            (measure_auditd(markers, directory, count, rate), measure_shrike(shrike, markers, directory, count, rate))
            for _ in range(ROUNDS)
        ]
        baseline, delivery = (median([both[side] for both in rounds]) for side in (0, 1))
        print(f"{count} opens of a watched file, {rate} a second, from the return of open(2); median of {ROUNDS} rounds:\n")
        print("| until | p50 | p99 | missing |\n|---|---|---|---|")
        print(f"| auditd's record can be read from its log | 1 | 1 | {baseline[2]} |")
        print(
            f"| the webhook has Shrike's alert | {delivery[0] / baseline[0]:.1f} | {delivery[1] / baseline[1]:.1f} |"
            f" {delivery[2]} |")
        print(f"\nOn this machine: auditd {baseline[0]:.2f} and {baseline[1]:.2f} ms, "
              f"Shrike {delivery[0]:.2f} and {delivery[1]:.2f} ms.\n")
        print("| alerts a second that arrive, each within a second | | what ended the search |\n|---|---|---|")
        for batch, name in ((1, "one in a request"), (100, "up to 100 in a request")):
            best, end = measure_rates(shrike, markers, directory, batch)
            print(f"| {name} | {'below 500' if best is None else f'{best:.0f}'} | {end} |")
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
