#!/bin/sh
# quiet: Services stopped in bulk
# technique: T1489
# case: one service, and others started
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl
./systemctl stop one.service; for service in two three four five; do ./systemctl start $service.service; done
