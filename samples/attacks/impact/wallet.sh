#!/bin/sh
# rule: Cryptocurrency miner started
# technique: T1496.001
# case: a wallet's address is told to a program that does nothing
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
wallet=4$(head -c 94 /dev/zero | tr '\0' A)
harmless worker && ./worker -o 192.0.2.1:3333 -u "$wallet.w1" -p x
