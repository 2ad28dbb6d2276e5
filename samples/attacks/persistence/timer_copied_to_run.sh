#!/bin/sh
# rule: Systemd unit written
# technique: T1053.006
# case: a timer copied to /run/systemd/user
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# Not to /run/systemd/system: where that is, programs take systemd for the running init.
directory /run/systemd/user
file /run/systemd/user/shrike-selftest.timer
printf '[Timer]\nOnCalendar=2099-01-01\n' > timer
cp timer /run/systemd/user/shrike-selftest.timer
