#!/bin/sh
# rule: Login script written
# technique: T1546.004
# case: a line for a .bashrc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir home
echo ': shrike-selftest' >> home/.bashrc
