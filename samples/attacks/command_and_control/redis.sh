#!/bin/sh
# rule: Redis told to write files or load a module
# technique: T1210
# case: a client tells a place, by a program that only bears its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless redis-cli && ./redis-cli -h 127.0.0.1 config set dir /root/.ssh
