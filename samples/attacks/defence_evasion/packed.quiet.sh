#!/bin/sh
# quiet: Code or data packed or hidden by a tool
# technique: T1027.002
# case: an archive

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file && gzip file
