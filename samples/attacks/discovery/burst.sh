#!/bin/sh
# rule: Burst of discovery commands
# technique: T1082
# case: six commands that look around, each harmless alone
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for command in id uname hostname mount ps uptime env; do $command >/dev/null 2>&1; done
true
