#!/bin/sh
# rule: Systemd unit written
# technique: T1543.002
# case: a service in /etc/systemd/system
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/systemd/system
file /etc/systemd/system/shrike-selftest.service
printf '[Service]\nType=oneshot\nExecStart=/bin/true\n' > /etc/systemd/system/shrike-selftest.service
