#!/bin/sh
# rule: Security service stopped or removed
# technique: T1562.001
# case: a logger killed by name, under a name that nobody has
# needs: pkill

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
pkill -9 -x rsyslogd-none
true
