#!/bin/sh
# quiet: Hidden file or directory in a public place
# technique: T1564.001
# case: hidden directories of a home and of a service

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.config/x home/.cache service/.git
