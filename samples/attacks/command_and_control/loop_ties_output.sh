#!/bin/sh
# rule: Standard input or output of a process tied to a network connection
# technique: T1059.004
# case: a loop of bash runs the lines that it reads from a connection, with their output and errors there
# needs: bash, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/listener.inc"
cat > loop <<'B'
exec 5<>"/dev/tcp/127.0.0.1/$(cat port)"
cat <&5 | while read -r line; do sleep 0.2; [ "$line" = exit ] && true 2>&5 >&5; break; done
B
timeout 5 bash loop
wait
