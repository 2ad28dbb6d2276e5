#!/bin/sh
# rule: System services told to act over the bus
# technique: T1543.002
# case: a unit and an account over the bus, by programs that only bear the tools' names

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless busctl && ./busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit
harmless dbus-send && ./dbus-send --system --dest=org.freedesktop.Accounts /org/freedesktop/Accounts org.freedesktop.Accounts.CreateUser string:a
