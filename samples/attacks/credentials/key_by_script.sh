#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: a script in a file reads a key
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.ssh
echo > home/.ssh/id_ed25519
echo "open('home/.ssh/id_ed25519').read()" > k.py
"$(command -v /usr/bin/python3 || command -v python3)" k.py
