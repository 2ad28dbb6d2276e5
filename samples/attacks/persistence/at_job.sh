#!/bin/sh
# rule: Scheduled job installed
# technique: T1053.002
# case: a job for at, taken back at once
# needs: root, at

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
undo 'for job in $(atq | cut -f 1); do ! at -c "$job" | grep -q "ATTACK_TOKEN=shrike-selftest-" || atrm "$job"; done'
echo true | at now + 1 year 2> /dev/null
