#!/bin/sh
# rule: Program started to outlive its session
# technique: T1564.011
# case: a program in /tmp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless tool
nohup "$PWD/tool" > /dev/null 2>&1
