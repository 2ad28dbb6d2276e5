#!/bin/sh
# rule: Firewall changed by hand
# technique: T1562.004
# case: a rule added, by a program that only bears iptables' name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless iptables
./iptables -A OUTPUT -p tcp --dport 9 -j ACCEPT
