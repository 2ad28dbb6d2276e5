#!/bin/sh
# quiet: User's private key read
# technique: T1552.004
# case: a tool that is installed as a command reads a key, and one a public key
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p home/.ssh bin
echo > home/.ssh/id_ed25519
echo > home/.ssh/id_rsa.pub
echo "open('home/.ssh/id_ed25519').read()" > bin/tool
echo "open('home/.ssh/id_rsa.pub').read()" > p.py
python=$(command -v /usr/bin/python3 || command -v python3)
"$python" bin/tool
"$python" p.py
