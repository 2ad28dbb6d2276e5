#!/bin/sh
# quiet: File sent by a tool
# technique: T1041
# case: a token, a digest, a signed address and a long path
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
long=$(head -c 300 /dev/zero | tr '\0' A | head -c 200)
curl -s -m 1 -H "Authorization: Bearer $long" http://127.0.0.1:9/
curl -s -m 1 "http://127.0.0.1:9/x?X-Amz-Security-Token=$long&a=b"
curl -s -m 1 "http://127.0.0.1:9/?sha512=$(echo | sha512sum | cut -d' ' -f1)"
curl -s -m 1 "http://127.0.0.1:9/api/v4/projects/repository/archive/some/longer/path/that/goes/on/and/on/until/it/is/longer/than/any/limit/would/be/thought/to/be"
true
