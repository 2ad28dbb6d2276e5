#!/bin/sh
# rule: Rules of sudo or polkit written
# technique: T1548
# case: a rule of polkit moved into place
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/polkit-1/rules.d
file /etc/polkit-1/rules.d/99-shrike-selftest.rules
echo '// none' > x
mv x /etc/polkit-1/rules.d/99-shrike-selftest.rules
