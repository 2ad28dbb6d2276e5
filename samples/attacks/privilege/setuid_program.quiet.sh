#!/bin/sh
# quiet: Shell became root without sudo
# technique: T1548.001
# case: a user starts a setuid program of the system
# needs: root, setpriv, su

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
setpriv --reuid 65534 --regid 65534 --clear-groups /bin/sh -c 'su --version; true' > /dev/null 2>&1
true
