#!/bin/sh
# quiet: Program started through the dynamic linker
# technique: T1218
# case: ldd asks which libraries a program has

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ldd /bin/true > /dev/null
