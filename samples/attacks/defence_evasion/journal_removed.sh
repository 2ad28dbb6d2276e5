#!/bin/sh
# rule: System log tampered with
# technique: T1070.002
# case: a file of the journal removed
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# The directory of a journal that is not kept: where it is there, the journal goes on as before.
directory /run/log/journal
file /run/log/journal/shrike-selftest.journal
: > /run/log/journal/shrike-selftest.journal
rm -f /run/log/journal/shrike-selftest.journal
