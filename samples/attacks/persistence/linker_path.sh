#!/bin/sh
# rule: System library or linker configuration written
# technique: T1574.006
# case: a directory for the linker to look in
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/ld.so.conf.d
file /etc/ld.so.conf.d/shrike-selftest.conf
echo '# none' > /etc/ld.so.conf.d/shrike-selftest.conf
