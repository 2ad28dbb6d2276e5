#!/bin/sh
# quiet: Service enabled
# technique: T1543.002
# case: systemctl asks whether a service is enabled
# needs: systemctl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
systemctl is-enabled shrike-selftest.service > /dev/null 2>&1
systemctl list-units > /dev/null 2>&1
true
