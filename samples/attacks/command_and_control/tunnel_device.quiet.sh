#!/bin/sh
# quiet: Tunnel device opened by an unusual program
# technique: T1572
# case: the device is looked at
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ls -l /dev/net 2>/dev/null >/dev/null; stat /dev/net/tun >/dev/null 2>&1; true
