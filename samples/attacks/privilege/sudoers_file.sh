#!/bin/sh
# rule: Rules of sudo or polkit written
# technique: T1548.003
# case: a file of sudo's rules, with nothing in it
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/sudoers.d
# sudo reads no file with a dot in its name.
file /etc/sudoers.d/shrike-selftest.none
echo '# none' > /etc/sudoers.d/shrike-selftest.none
