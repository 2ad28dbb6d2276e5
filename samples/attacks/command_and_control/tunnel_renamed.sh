#!/bin/sh
# rule: Tunnel or remote access program started
# technique: T1572
# case: a renamed tunnel with its arguments
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless updater && ./updater client 127.0.0.1:9 R:8443:socks
