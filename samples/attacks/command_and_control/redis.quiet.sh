#!/bin/sh
# quiet: Redis told to write files or load a module
# technique: T1210
# case: a client asks and sets other things
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless redis-cli && ./redis-cli config get dir; ./redis-cli config set maxmemory 1gb; ./redis-cli module list
