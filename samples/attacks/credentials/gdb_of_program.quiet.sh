#!/bin/sh
# quiet: Memory of a process dumped
# technique: T1055.008
# case: a program is looked at, by a program that only bears gdb's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless gdb && ./gdb -batch -ex "break main" -ex "list 10" /bin/sleep
