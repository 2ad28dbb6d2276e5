#!/bin/sh
# quiet: Shell that keeps stolen rights
# technique: T1548.001
# case: shells of the usual kind
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
bash -c true
sh -e -c true
