#!/bin/sh
# rule: Script's text given as a command
# technique: T1059.004
# case: a shell is given what a file holds
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
printf '#!/bin/sh\ntrue\ntrue\n' > program
echo 'bash -c "$(cat program)"' > deliver.sh
bash deliver.sh
