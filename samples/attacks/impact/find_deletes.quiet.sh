#!/bin/sh
# quiet: Whole directory trees removed
# quiet: Backups or snapshots removed
# technique: T1485
# case: what is old or of one kind, by a program that only bears find's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless find
./find /home/user -name '*.pyc' -delete; ./find /srv/dumps -name '*.sql.gz' -mtime +14 -delete
./find . -type f -delete; ./find /var/lib/apt/lists -type f -delete; ./find src -name '*.bak' -delete
