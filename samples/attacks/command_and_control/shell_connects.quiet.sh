#!/bin/sh
# quiet: Outbound connection by a shell
# technique: T1059.004
# case: a shell starts a program that connects
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 http://127.0.0.1:9/ || true
