#!/bin/sh
# rule: Configuration that names commands written
# technique: T1037
# case: the variables of a service by a shell, and a tunnel that runs a command
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/default
file "/etc/default/$ATTACK_TOKEN"
echo A=1 > "/etc/default/$ATTACK_TOKEN"
directory /etc/wireguard
file "/etc/wireguard/$ATTACK_TOKEN.conf"
echo "PostUp = true" > "/etc/wireguard/$ATTACK_TOKEN.conf"
