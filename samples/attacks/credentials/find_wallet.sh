#!/bin/sh
# rule: Search for credentials
# technique: T1083
# case: purses and settings of web sites are searched for
# needs: find

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
find . -name wallet.dat -o -name .env > /dev/null
