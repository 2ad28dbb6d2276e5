#!/bin/sh
# rule: Tunnel device opened by an unusual program
# technique: T1572
# case: Python opens the device for tunnels
# needs: root, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
[ -e /sys/class/misc/tun ] || { echo "the kernel has not loaded tun"; exit 77; }
python3 -c 'open("/dev/net/tun", "r+b", buffering=0)' 2>/dev/null
true
