#!/bin/sh
# quiet: Security software looked for
# technique: T1518.001
# case: a product's name is part of another word
# needs: awk

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo '4 connection resets received' | awk '/connection resets/ { print $1 }' > /dev/null
