#!/bin/sh
# quiet: Fetched or decoded text given as a command
# quiet: Script's text given as a command
# technique: T1140
# case: what is decoded is kept, and a script and a command are run
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'true' > tool.sh
echo 'echo dGV4dA== | base64 -d > text; bash tool.sh; bash -c "true; true"' > deliver.sh
bash deliver.sh
