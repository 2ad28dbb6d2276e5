#!/bin/sh
# rule: Sensitive file read by an untrusted program
# technique: T1003.008
# case: the hashes by way of getent
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
getent shadow root > /dev/null
