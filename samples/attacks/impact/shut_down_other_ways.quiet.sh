#!/bin/sh
# quiet: Machine shut down or restarted
# technique: T1529
# case: other units are started, by a program that only bears systemctl's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl start reboot-notice.service; ./systemctl start multi-user.target
