#!/bin/sh
# rule: Scheduled job written
# technique: T1053.003
# case: a directory exchanged with one in /etc/cron.daily, which is called the source
# needs: root, python3
# blind: audit

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/cron.daily
# Nothing runs what is in a directory there.
outside
directory /etc/cron.daily/shrike-selftest.disabled
mkdir job
python3 -c 'import ctypes, sys
if ctypes.CDLL(None).renameat2(-100, b"/etc/cron.daily/shrike-selftest.disabled", -100, b"job", 2):
    print("the file system exchanges no names")
    sys.exit(77)'
