#!/bin/sh
# rule: Package manager told to run a command
# technique: T1546.016
# case: a package of the directory, and a configuration in /opt, by programs that only bear the names

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../harmless.inc"
harmless dpkg && ./dpkg -i x.deb
harmless apt-get && ./apt-get -c /opt/apt.conf install x
