#!/bin/sh
# rule: Boot or device script written
# technique: T1037
# case: a script for when the network comes up
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/network/if-up.d
file /etc/network/if-up.d/shrike-selftest
echo '#!/bin/true' > script
install -m 644 script /etc/network/if-up.d/shrike-selftest
