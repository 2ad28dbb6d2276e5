#!/bin/sh
# quiet: Network laid out by hand
# technique: T1572
# case: what is there is shown, and an interface of its own made for a bridge, by a program that only bears ip's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless ip
./ip tunnel show; ./ip neigh; ./ip link add br0 type bridge; ./ip link set br0 up; ./ip link show type vxlan
