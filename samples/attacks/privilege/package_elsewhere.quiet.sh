#!/bin/sh
# quiet: Package manager told to run a command
# technique: T1546.016
# case: a package that lies elsewhere, and what is in it

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
harmless dpkg && ./dpkg --contents x.deb
outside
harmless dpkg && ./dpkg -i x.deb
