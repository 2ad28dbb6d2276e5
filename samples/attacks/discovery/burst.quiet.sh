#!/bin/sh
# quiet: Burst of discovery commands
# technique: T1082
# case: a few such commands, again and again
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for i in 1 2 3 4 5; do id >/dev/null; uname >/dev/null; hostname >/dev/null; done
