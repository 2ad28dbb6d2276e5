#!/bin/sh
# quiet: Packed, then sent
# technique: T1041
# case: tar, then a question by curl
# needs: tar, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir tree && : > tree/file && tar czf tree.tgz tree
curl -s -m 1 http://127.0.0.1:9/
true
