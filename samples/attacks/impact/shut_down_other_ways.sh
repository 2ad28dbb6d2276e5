#!/bin/sh
# rule: Machine shut down or restarted
# technique: T1529
# case: by a target and by the bus, by programs that only bear the names
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl isolate rescue.target
harmless dbus-send && ./dbus-send --system --dest=org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager.PowerOff boolean:true
