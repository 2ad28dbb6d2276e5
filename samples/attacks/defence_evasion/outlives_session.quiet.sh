#!/bin/sh
# quiet: Program started to outlive its session
# technique: T1564.011
# case: a person does so

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
timeout 1 true
