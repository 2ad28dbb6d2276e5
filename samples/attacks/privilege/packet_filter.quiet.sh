#!/bin/sh
# quiet: Kernel's seldom parts used by an unfit program
# technique: T1068
# case: routes by code of a user, and the packet filter by root
# needs: root, python3, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cd /
python=$(command -v /usr/bin/python3 || command -v python3)
setpriv --reuid 65534 --clear-groups "$python" -c "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"
"$python" -c "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)"
