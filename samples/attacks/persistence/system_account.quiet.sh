#!/bin/sh
# quiet: Root account added
# technique: T1136.001
# case: useradd explains itself
# needs: useradd

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
useradd --help > /dev/null
