#!/bin/sh
# rule: Ports tried by a shell or a tool
# rule: Ports tried by curl
# technique: T1046
# case: a shell and curl try twelve ports of this machine
# needs: bash, curl
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > try.sh <<'END'
for port in 1 2 3 4 5 6 7 8 9 10 11 12; do { : < /dev/tcp/127.0.0.1/$port; } 2> /dev/null; done
for port in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -s -m 1 telnet://127.0.0.1:$port < /dev/null; done
END
bash try.sh
true
