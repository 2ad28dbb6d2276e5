#!/bin/sh
# rule: Machine looked over from a temporary directory
# technique: T1033
# case: a script in /tmp looks around
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
printf 'hostname >/dev/null\nps >/dev/null\ntrue\n' > script && sh "$ATTACK_DIRECTORY/script"
