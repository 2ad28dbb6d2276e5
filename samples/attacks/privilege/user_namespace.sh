#!/bin/sh
# rule: User namespace made by an unusual program
# technique: T1068
# case: an unprivileged user namespace
# needs: root, setpriv, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U true 2> /dev/null
true
