#!/bin/sh
# rule: Protection switched off by a command
# technique: T1562.004
# case: the packet filter flushed, by a program that only bears iptables' name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless iptables
./iptables -F
