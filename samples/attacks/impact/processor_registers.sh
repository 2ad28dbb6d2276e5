#!/bin/sh
# rule: Processor prepared for mining
# technique: T1496.001
# case: the processor's registers are opened for writing
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# Without the kernel's module a file stands for them.
[ -e /dev/cpu/0/msr ] || { directory /dev/cpu/0 && file /dev/cpu/0/msr && : > /dev/cpu/0/msr; }
sh -c ': <> /dev/cpu/0/msr'
