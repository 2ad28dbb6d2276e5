#!/bin/sh
# rule: Fetched or decoded text given as a command
# technique: T1140
# case: a shell is given what base64 decodes
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'bash -c "$(echo dHJ1ZTsgdHJ1ZQ== | base64 -d)"' > deliver.sh
bash deliver.sh
