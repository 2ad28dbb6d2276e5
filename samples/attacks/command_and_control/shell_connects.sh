#!/bin/sh
# rule: Outbound connection by a shell
# technique: T1059.004
# case: bash connects by redirections to an address that is not loopback's, in a network of its own
# needs: root, bash, ip

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v bash >/dev/null || exit 77
unshare -n bash -c 'ip link set lo up; ip address add 198.51.100.1/32 dev lo
echo "exec 5<>/dev/tcp/198.51.100.1/9" > script.sh; bash script.sh
echo text > /dev/udp/198.51.100.1/9' 2>/dev/null
true
