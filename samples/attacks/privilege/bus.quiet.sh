#!/bin/sh
# quiet: System services told to act over the bus
# technique: T1543.002
# case: the services of the bus are listed and asked

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless busctl && ./busctl list && ./busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager Version
