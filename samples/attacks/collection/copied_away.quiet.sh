#!/bin/sh
# quiet: Files copied between machines by a script
# technique: T1048.002
# case: rsync on this machine
# needs: rsync

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir from && : > from/file && rsync -a from/ to/
