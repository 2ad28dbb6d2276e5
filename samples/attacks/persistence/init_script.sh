#!/bin/sh
# rule: Boot or device script written
# technique: T1037.004
# case: an init script
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/init.d
file /etc/init.d/shrike-selftest
echo '#!/bin/true' > /etc/init.d/shrike-selftest
