#!/bin/sh
# rule: Account file written by another program
# technique: T1098
# case: /etc/subgid replaced by a copy, in a mount namespace of its own where /etc is a copy, too
# needs: root, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
[ -e /etc/subgid ] || { echo "there is no /etc/subgid"; exit 77; }
mkdir etc
cp -a /etc/subgid etc/subgid
unshare -m sh -c 'mount --bind etc /etc && cp -a /etc/subgid /etc/copy && mv /etc/copy /etc/subgid'
