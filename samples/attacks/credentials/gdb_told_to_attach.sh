#!/bin/sh
# rule: Memory of a process dumped
# technique: T1055.008
# case: an attachment by command, by a program that only bears gdb's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless gdb && ./gdb -batch -ex "attach 1" -ex detach && ./gdb /bin/sleep 4711 -batch
