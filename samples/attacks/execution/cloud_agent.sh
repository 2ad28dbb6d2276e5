#!/bin/sh
# rule: Command by the cloud's agent
# technique: T1651
# case: a document of the Systems Manager

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Such a path among the arguments, of a file that isn't there.
sh -c : /var/lib/waagent/run-command/download/1/script.sh
