#!/bin/sh
# rule: Program started through the dynamic linker
# technique: T1218
# case: a copy without the right to execute

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
linker=$(ls /lib64/ld-linux-*.so.2 /lib/ld-linux-*.so.1 2> /dev/null | head -n 1)
cp /bin/true true
chmod -x true
"$linker" ./true
