#!/bin/sh
# quiet: Files found are gathered or sent
# technique: T1119
# case: what find finds is counted and removed
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > old.log
find . -name '*.log' -exec wc -l {} \; >/dev/null; find . -name '*.log' | xargs rm -f
