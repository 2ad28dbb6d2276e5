#!/bin/sh
# rule: Extension put into a browser or editor
# technique: T1176.001
# case: an extension copied into a profile

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p profile/extensions
echo x > profile/extensions/shrike@selftest.xpi
