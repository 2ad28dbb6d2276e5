#!/bin/sh
# rule: Data packed or sent by code on a command line
# technique: T1560.002
# case: Python packs
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file
python3 -c "import tarfile; tarfile.open('file.tar', 'w').add('file')"
