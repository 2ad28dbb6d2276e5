#!/bin/sh
# rule: Login policy written
# technique: T1556.003
# case: a service's PAM configuration
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/pam.d
file /etc/pam.d/shrike-selftest
echo '# none' > /etc/pam.d/shrike-selftest
