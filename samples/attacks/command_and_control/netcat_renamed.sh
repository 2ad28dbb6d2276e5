#!/bin/sh
# rule: Netcat carries data
# technique: T1036.003
# case: a link to netcat with another name
# needs: nc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
nc=$(command -v nc.openbsd || command -v nc) || exit 77
ln -s "$nc" helper && timeout 1 ./helper -w 1 127.0.0.1 9 </dev/null
true
