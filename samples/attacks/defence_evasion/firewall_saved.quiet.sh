#!/bin/sh
# quiet: Firewall changed by hand
# technique: T1562.004
# case: the rules are shown, by a program that only bears iptables-save's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless iptables-save
./iptables-save
