#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a file without a name that is given one in /etc/cron.d
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.d
file /etc/cron.d/shrike-selftest.nameless
python3 << 'END'
import ctypes, os
file = os.open("/etc/cron.d", os.O_TMPFILE | os.O_WRONLY, 0o600)
name = b"/etc/cron.d/shrike-selftest.nameless"
assert ctypes.CDLL(None).linkat(-100, b"/proc/self/fd/%d" % file, -100, name, 0x400) == 0
END
