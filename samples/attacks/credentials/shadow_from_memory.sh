#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: read by a copy of cat that is in memory only
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/cat sshd && ./sshd /dev/null || { echo "cat does not work under another name"; exit 77; }
python3 << 'END' > /dev/null
import os
memory = os.memfd_create("sshd")
os.write(memory, open("/bin/cat", "rb").read())
os.execv("/proc/self/fd/%d" % memory, ["sshd", "/etc/shadow"])
END
