#!/bin/sh
# quiet: Ports tried by a shell or a tool
# quiet: Ports tried by curl
# technique: T1046
# case: a shell waits for one service, and curl asks twelve
# needs: bash, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > try.sh <<'END'
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do { : < /dev/tcp/127.0.0.1/9; } 2> /dev/null; done
for port in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -s -m 1 http://127.0.0.1:$port/; done
END
bash try.sh
true
