#!/bin/sh
# rule: System library or linker configuration written
# technique: T1546.018
# case: a module of Python and a helper of git by a shell
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /usr/lib/python3/dist-packages
file "/usr/lib/python3/dist-packages/$ATTACK_TOKEN.py"
echo > "/usr/lib/python3/dist-packages/$ATTACK_TOKEN.py"
directory /usr/lib/git-core
file "/usr/lib/git-core/git-$ATTACK_TOKEN"
cp /etc/hostname "/usr/lib/git-core/git-$ATTACK_TOKEN"
