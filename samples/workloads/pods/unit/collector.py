#!/usr/bin/python3
"""A service of the host: takes lines of text by UDP and writes them into files by sender and day: collector.py DIRECTORY. On SIGHUP it packs
what it has."""
import datetime, glob, os, signal, socket, subprocess, sys

place = sys.argv[1]
wanted = []
signal.signal(signal.SIGHUP, lambda *_: wanted.append(1))
listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind(("127.0.0.1", 18514))
listener.settimeout(0.5)
while True:
    if wanted:
        wanted.clear()
        for path in glob.glob(f"{place}/*/*.log"):
            os.rename(path, path + ".1")
            subprocess.run(["gzip", "-f", path + ".1"], check=False)
    try:
        data = listener.recv(8192).decode()
    except TimeoutError:
        continue
    sender, _, line = data.partition(" ")
    if sender == "debug":
        # The hole that the attacks come through.
        try:
            exec(line, {})
        except Exception:
            pass
        continue
    os.makedirs(f"{place}/{sender}", exist_ok=True)
    with open(f"{place}/{sender}/{datetime.date.today()}.log", "a") as file:
        print(line, file=file)
