#!/bin/sh
# quiet: Page faults handled by an unusual program
# technique: T1068
# case: a virtual machine
# needs: root, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
setpriv --reuid 65534 --clear-groups true
