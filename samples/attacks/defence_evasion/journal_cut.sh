#!/bin/sh
# rule: Log cleared by its own tool
# technique: T1070.002
# case: the journal cut, of an empty directory
# needs: journalctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
journalctl -D . --vacuum-size=1K > /dev/null 2>&1
true
