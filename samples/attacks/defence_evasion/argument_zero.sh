#!/bin/sh
# rule: Program in disguise
# technique: T1036.005
# case: a program that is shown as a service
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless tool 1
bash -c "exec -a /usr/sbin/cron ./tool"
bash -c "exec -a '/usr/sbin/apache2 -k start' ./tool"
