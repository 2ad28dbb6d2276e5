#!/bin/sh
# quiet: Rights changed on many files at once
# technique: T1222.002
# case: one script is made executable

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
: > script
chmod +x script
chmod 755 script
