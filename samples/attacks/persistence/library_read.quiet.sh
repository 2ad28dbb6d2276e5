#!/bin/sh
# quiet: System library or linker configuration written
# technique: T1574.006
# case: ldconfig prints its cache

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
/sbin/ldconfig -p > /dev/null 2>&1
true
