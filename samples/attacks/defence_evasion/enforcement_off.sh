#!/bin/sh
# rule: Protection switched off by a command
# technique: T1562.001
# case: setenforce 0, by a script of that name

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
printf '#!/bin/sh\n' > setenforce
chmod +x setenforce
./setenforce 0
