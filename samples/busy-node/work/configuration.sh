#!/bin/sh
# every: 8
# needs: python3
# Configuration management: facts, a step copied below the user's home and run there, files compared and written, services looked at.
set -e
step=/root/.ansible/tmp/ansible-tmp-busy-$$
trap 'rm -rf "$step" /etc/busy-node.conf /etc/busy-node.conf.tmp' EXIT
trap 'exit 143' HUP INT TERM
umask 77; mkdir -p "$step"
cat > "$step/AnsiballZ_setup.py" <<'P'
import os, platform, subprocess
platform.uname()
for command in (["uname", "-r"], ["hostname"], ["getent", "passwd", "root"], ["df", "-P"], ["lsblk", "-n"], ["mount"], ["id", "-u"], ["dpkg-query", "-W", "dpkg"]):
    try: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError: pass
open("/etc/os-release").read()
with open("/etc/busy-node.conf.tmp", "w") as out: out.write("key = value\n")
os.rename("/etc/busy-node.conf.tmp", "/etc/busy-node.conf")
os.chmod("/etc/busy-node.conf", 0o644)
P
/bin/sh -c "/bin/sh -c 'python3 $step/AnsiballZ_setup.py && sleep 0'"
/bin/sh -c 'systemctl is-active nginx >/dev/null 2>&1; systemctl show nginx -p MainPID >/dev/null 2>&1; stat /etc/hosts >/dev/null; sha1sum /etc/hosts >/dev/null; test -f /etc/busy-node.conf; true'
command -v visudo >/dev/null && visudo -c >/dev/null 2>&1
true
