#!/bin/sh
# rule: Systemd unit written
# technique: T1543.002
# case: a unit enabled by a symbolic link made by hand
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/systemd/system
file /etc/systemd/system/shrike-selftest.service
ln -s /nonexistent/shrike-selftest.service /etc/systemd/system/shrike-selftest.service
