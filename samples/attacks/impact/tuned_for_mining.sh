#!/bin/sh
# rule: Machine tuned as for mining
# technique: T1496.001
# case: huge pages are told, by a program that only bears sysctl's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless sysctl && ./sysctl -w vm.nr_hugepages=1280
