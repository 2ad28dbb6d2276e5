#!/bin/sh
# rule: Service's secret read
# technique: T1552.001
# case: a secret of a container, on the host, and a memory dump
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /run/secrets
file "/run/secrets/$ATTACK_TOKEN"
echo > "/run/secrets/$ATTACK_TOKEN"
cat "/run/secrets/$ATTACK_TOKEN" > /dev/null
