#!/bin/sh
# rule: Cloud metadata service asked by a tool
# technique: T1552.005
# case: the address is not on the command line
# needs: root, python3, ip

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
unshare -n sh -c 'ip link set lo up; ip address add 169.254.169.254/32 dev lo
python3 -c "import urllib.request as r; r.urlopen(bytes([104,116,116,112,58,47,47,49,54,57,46,50,53,52,46,49,54,57,46,50,53,52,47]).decode())" 2>/dev/null'
true
