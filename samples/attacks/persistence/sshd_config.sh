#!/bin/sh
# rule: SSH access changed
# technique: T1098.004
# case: a drop-in of the SSH server
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/ssh/sshd_config.d
file /etc/ssh/sshd_config.d/shrike-selftest.conf
echo '# none' > /etc/ssh/sshd_config.d/shrike-selftest.conf
