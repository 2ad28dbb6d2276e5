#!/bin/sh
# rule: Shell became root without sudo
# technique: T1548.001
# case: a user starts what bears a shell's name and is setuid
# needs: root, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
# Nobody gets anything by it: it does nothing.
outside
harmless sh
chmod 4711 sh
setpriv --reuid 65534 --regid 65534 --clear-groups /bin/sh -c "'$PWD/sh' -p -c true; true"
