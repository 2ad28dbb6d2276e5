#!/bin/sh
# rule: Network laid out by hand
# technique: T1572
# case: a tunnel, and an address's hardware, by a program that only bears ip's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless ip
./ip link add shrike0 type gre remote 192.0.2.1 local 192.0.2.2 ttl 64
./ip neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev lo
./ip link set lo promisc on
