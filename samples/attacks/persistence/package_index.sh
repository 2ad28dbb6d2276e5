#!/bin/sh
# rule: Source of packages changed
# technique: T1195.001
# case: packages from anywhere, by a program that only bears pip's name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless pip && ./pip install --index-url http://packages.example.org/simple x
