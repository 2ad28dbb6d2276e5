#!/bin/sh
# rule: SSH access changed
# technique: T1098.004
# case: authorized_keys by rename

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.ssh
echo '# shrike-selftest' > home/.ssh/new
mv home/.ssh/new home/.ssh/authorized_keys
