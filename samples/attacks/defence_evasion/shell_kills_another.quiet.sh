#!/bin/sh
# quiet: Shell kills itself
# case: a shell at a terminal ends its job
# needs: script

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
script -qec 'bash -c "sleep 5 & kill -9 \$!; wait"' /dev/null >/dev/null 2>&1 || :
