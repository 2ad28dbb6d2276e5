#!/bin/sh
# quiet: Burst of password attempts
# technique: T1110.001
# case: an ordinary user gives a wrong password once
# needs: root, setpriv, su

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Of an account that no password opens, so that none that matters is locked for it.
echo shrike-selftest | setpriv --reuid 65534 --regid 65534 --clear-groups su daemon -c true > /dev/null 2>&1
true
