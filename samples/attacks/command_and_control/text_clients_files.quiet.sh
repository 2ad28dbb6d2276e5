#!/bin/sh
# quiet: Text client carries a session
# technique: T1048.002
# case: a certificate is asked for, and curl speaks the protocols of the web and of files
# needs: openssl, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo text > file
openssl s_client -connect 127.0.0.1:9 < /dev/null > /dev/null 2>&1
echo | openssl s_client -brief -connect 127.0.0.1:9 > /dev/null 2>&1
echo | openssl s_client -brief -connect 127.0.0.1:9 2>&1 | grep -q x
curl -s -m 1 ftp://127.0.0.1:9/file; curl -s "file://$PWD/file" > /dev/null
true
