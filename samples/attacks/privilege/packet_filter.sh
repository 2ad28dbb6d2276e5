#!/bin/sh
# rule: Kernel's seldom parts used by an unfit program
# technique: T1068
# case: the packet filter by code of a user
# needs: root, python3, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cd /
setpriv --reuid 65534 --clear-groups "$(command -v /usr/bin/python3 || command -v python3)" -c "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)"
