#!/bin/sh
# rule: Services stopped in bulk
# technique: T1489
# case: four services, by a program that only bears systemctl's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl
for service in one two three four five; do ./systemctl stop $service.service; done
