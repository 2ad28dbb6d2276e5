#!/bin/sh
# quiet: Machine looked over
# technique: T1057
# case: a few processes, and an address that is set

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
ps -ef > /dev/null
ps aux > /dev/null
ps -eo pid > /dev/null
outside
harmless ip && ./ip link set lo up && ./ip addr add 127.0.0.9/8 dev lo
