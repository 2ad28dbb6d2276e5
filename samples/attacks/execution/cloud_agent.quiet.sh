#!/bin/sh
# quiet: Command by the cloud's agent
# technique: T1651
# case: another service

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c : /var/lib/waagent/x
