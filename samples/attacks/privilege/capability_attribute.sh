#!/bin/sh
# rule: Capability given to a file
# technique: T1548.001
# case: a capability given past setcap, by the attribute
# blind: audit, connector
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > file
python3 -c 'import os, struct; os.setxattr("file", "security.capability", struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0))'
