#!/bin/sh
# rule: SSH access changed
# technique: T1098.004
# case: a line for authorized_keys

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo '# shrike-selftest' >> home/.ssh/authorized_keys
