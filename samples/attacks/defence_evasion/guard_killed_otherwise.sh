#!/bin/sh
# rule: Guard killed
# technique: T1562.001
# case: a process called auditd is ended by a signal with a value, and one that seldom ends a program
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless auditd 5
./auditd &
sleep 0.1
python3 -c 'import ctypes, os, struct, sys
# siginfo_t: number, error, SI_QUEUE, padding, who sends it.
signal = ctypes.create_string_buffer(struct.pack("4i2i", 7, 0, -1, 0, os.getpid(), os.getuid()), 128)
call = {"x86_64": 129}.get(os.uname().machine, 138)
sys.exit(ctypes.CDLL(None).syscall(call, int(sys.argv[1]), 7, signal) != 0)' $!
status=$?
wait 2> /dev/null
exit $status
