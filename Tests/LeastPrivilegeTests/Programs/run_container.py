"""Runs busybox in a container of runc's under a seccomp profile; prints what it says.

  run_container.py PROFILE yes|no      whether the container has noNewPrivileges
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

bundle = tempfile.mkdtemp(prefix="shrike-runc-")
name = os.path.basename(bundle)
try:
    for directory in ("bin", "proc", "dev", "sys"):
        os.makedirs(f"{bundle}/rootfs/{directory}")
    shutil.copy("/bin/busybox", f"{bundle}/rootfs/bin/busybox")
    subprocess.run(["runc", "spec"], cwd=bundle, check=True)
    with open(f"{bundle}/config.json") as file:
        config = json.load(file)
    with open(sys.argv[1]) as file:
        config["linux"]["seccomp"] = json.load(file)
    config["process"].update(
        terminal=False, noNewPrivileges=sys.argv[2] == "yes", args=["/bin/busybox", "sh", "-c", "echo started"])
    with open(f"{bundle}/config.json", "w") as file:
        json.dump(config, file)
    subprocess.run(["runc", "run", name], cwd=bundle, stdin=subprocess.DEVNULL, timeout=30)
finally:
    subprocess.run(["runc", "delete", "--force", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(bundle)
