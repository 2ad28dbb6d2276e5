#!/bin/sh
# quiet: Script run from a temporary directory
# technique: T1059.004
# case: an SSH client is given a configuration in /tmp, a shell a here-document, and busybox shows a file
# needs: ssh, bash, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
: > config; echo text > note
outside
ssh -F "$ATTACK_DIRECTORY/config" -G host > /dev/null
bash <<'END'
true
END
busybox cat "$ATTACK_DIRECTORY/note" > /dev/null
bash --norc -c 'cat "$1"' - "$ATTACK_DIRECTORY/note" > /dev/null
