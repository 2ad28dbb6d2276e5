#!/bin/sh
# quiet: Command history cleared
# technique: T1070.003
# case: bash writes its history when it ends
# needs: root, bash, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
cat > session << 'END'
mount -t tmpfs none home
for i in 1 2; do printf 'true\nexit\n' | HOME=$PWD/home HISTFILE=$PWD/home/.bash_history bash -i; done
END
unshare -m sh ./session > /dev/null 2>&1
true
