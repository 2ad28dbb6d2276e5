#!/bin/sh
# quiet: Extension put into a browser or editor
# technique: T1176.001
# case: the browser itself

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir profile
echo x > profile/shrike.xpi
