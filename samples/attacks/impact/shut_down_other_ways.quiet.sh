#!/bin/sh
# quiet: Machine shut down or restarted
# technique: T1529
# case: a service is started, and the bus asked what may be done, by programs that only bear the names
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl start reboot-notice.service; ./systemctl start multi-user.target
harmless busctl && ./busctl call org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager CanPowerOff
